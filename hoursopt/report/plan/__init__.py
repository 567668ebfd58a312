"""The plan's report: what to do, why, what it rests on, in the order in which it is read."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hoursopt.i18n import Texts
from hoursopt.report.nouns import Report
from hoursopt.report.plan.assumptions import assumptions
from hoursopt.report.plan.checks import aside, checks
from hoursopt.report.plan.days import special_days
from hoursopt.report.plan.decision import decision
from hoursopt.report.plan.demand import demand
from hoursopt.report.plan.doubts import doubts
from hoursopt.report.plan.gain import gain
from hoursopt.report.plan.house import house_rules
from hoursopt.report.plan.method import method
from hoursopt.report.plan.principles import principles
from hoursopt.report.plan.staff import staff
from hoursopt.report.plan.weeks import weeks
from hoursopt.report.plan.worth import worth
from hoursopt.report.reading import horizon_of, one_line, seasons_of
from hoursopt.report.subject import Subject
from hoursopt.shop import Shop
from hoursopt.store import KeptPlan

SECTIONS = (
    *(decision, weeks, gain, demand, worth, staff, special_days, principles),
    *(doubts, assumptions, method, house_rules),
)


def plan_report(
    kept: KeptPlan, shop: Shop, language: str | None = None, season: str | None = None
) -> Report:
    """The report of a plan: of all its seasons, or of the one named.

    kept: of `keeping.plan_to_keep` or from the store; shop: the one that it was made for. language:
    `fi`, `sv` or `en`, the shop's own if None.

    Raises DataErrors `report.no_season`, `report.old_plan`, `i18n.language`.
    """
    t = Texts(language or shop.language)
    subject = Subject(kept, shop, seasons_of(kept, season), t)
    first, last = horizon_of(kept.plan)
    if season is not None:
        first, last = subject.seasons[0].first, subject.seasons[0].last
    day = kept.at.astimezone(ZoneInfo(shop.timezone)).date()
    data = subject.basis["data"]
    seen = (dt.date.fromisoformat(data[name]) for name in ("first", "last"))
    title = "report.plan_title" if season is None else "report.season_title"
    return Report(
        language=t.language,
        currency=shop.currency,
        title=t(title, season=one_line(season or "")),
        shop=one_line(shop.name),
        facts=(
            (t("report.fact_time"), t.days(first, last)),
            (t("report.fact_data"), t.days(*seen)),
            (t("report.fact_made"), t.date(day)),
        ),
        sections=tuple(section(subject) for section in SECTIONS),
        checks=checks(subject),
        aside=aside(subject),
        stamp=kept.at,
    )
