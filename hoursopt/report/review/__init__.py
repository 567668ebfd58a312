"""The review after the season: the plan that was kept when it began, and what came of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hoursopt.demand import DemandModel
from hoursopt.flow import Loaded
from hoursopt.i18n import Texts
from hoursopt.report.nouns import Report
from hoursopt.report.reading import one_line
from hoursopt.report.review.choosing import Chosen as Chosen
from hoursopt.report.review.choosing import choose_plan as choose_plan
from hoursopt.report.review.comparison import compare
from hoursopt.report.review.outcome import outcome_of
from hoursopt.report.review.sections import SECTIONS
from hoursopt.report.review.subject import ReviewSubject


def review_report(
    chosen: Chosen, loaded: Loaded, model: DemandModel, language: str | None = None
) -> Report:
    """The review of a season.

    chosen: of `choose_plan`, the plan and its season; loaded: the shop with the data since; model:
    the demand fitted to all of them.

    Raises DataErrors `review.no_days` where no day can be compared, `i18n.language`.
    """
    t = Texts(language or loaded.shop.language)
    outcome = outcome_of(chosen, loaded)
    compared = compare(outcome, (chosen.kept.basis or {})["flows"][chosen.season.name])
    subject = ReviewSubject(chosen, loaded, outcome, compared, model, t)
    kept, shop = chosen.kept, loaded.shop
    day = kept.at.astimezone(ZoneInfo(shop.timezone)).date()
    return Report(
        language=t.language,
        currency=shop.currency,
        title=t("review.title", season=one_line(chosen.season.name))
        if len(shop.seasons) > 1
        else t("review.title_plain"),
        shop=one_line(shop.name),
        facts=(
            (t("review.fact_time"), t.days(outcome.dates[0], outcome.dates[-1])),
            (t("review.fact_days"), t("review.of", part=outcome.judged, whole=len(outcome.dates))),
            (t("report.fact_made"), t.date(day)),
        ),
        sections=tuple(section(subject) for section in SECTIONS),
        checks=(),
        aside=(),
        stamp=kept.at,
    )
