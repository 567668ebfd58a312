"""Step 3: the figures, by theme; each shows its present values in a line until it is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from hoursopt.i18n import Texts
from hoursopt.pages import shop_hours
from hoursopt.pages.bench import Bench, alert, notice
from hoursopt.pages.forms import box_of, day_text, free_name, go_on, many_tables, section_form
from hoursopt.pages.markup import paragraph, plain, tag
from hoursopt.pages.session import show
from hoursopt.pages.shop_year import days_summary, seasons_summary, show_days, show_seasons
from hoursopt.shop import Shop
from hoursopt.workspace.entries import show_clock
from hoursopt.workspace.forms import Entry, days_of, entries
from hoursopt.workspace.founding import sources_of
from hoursopt.workspace.starting import unchecked
from hoursopt.workspace.wording import THEMES as SECTIONS_OF


@dataclass(frozen=True)
class Theme:
    """What belongs together, and how it is shown open."""

    name: str
    icon: str
    show: Callable[[Bench], None]
    summary: Callable[[Shop, Texts], str]


MONEY = entries(
    *("economics", "margin_rate", "online_margin_rate", "prices_include_vat", "vat_rate"),
    *("open_hour_cost", "open_day_cost", "goodwill_cost"),
    *("conversion", "basket_value", "online_basket_value"),
)
STAFF = entries("staff")
SUPPLEMENT = entries("supplement")
USUAL_SPAN = {"from": "00:00", "to": "24:00"}
SERVICE = entries("service")
HABITS = entries("diversion")
LIMITS = entries("limits")
RULE = entries("rule")
GRID = entries("grid", "slot_minutes", "earliest", "latest")
HORIZON = entries("horizon")
DECISION = entries("decision")


def step(here: Bench) -> None:
    """All themes, closed; what still stands as it was proposed is said."""
    t = here.t
    show(tag("h2", t("setup.figures_title")), paragraph(t("setup.figures_words")))
    shop = here.draft.unfinished_shop if here.draft else None
    if here.draft and here.draft.faults:
        show(alert(*map(t.describe, here.draft.faults)))
    tell_starting(here)
    left = unchecked(here.timeline)
    for theme in THEMES:
        told = theme.summary(shop, t) if shop else ""
        mark = (
            f" :material/flag: {t('setup.check_these')}"
            if left & set(SECTIONS_OF[theme.name])
            else ""
        )
        title = f"**{t(f'setup.theme_{theme.name}')}** · {plain(told)}{mark}"
        box = box_of(f"theme_{theme.name}", title, f":material/{theme.icon}:")
        if box.open:
            with box:
                show(paragraph(t(f"setup.theme_{theme.name}_words"), "quiet"))
                theme.show(here)
    go_on("ready", t("setup.next_ready"))


def tell_starting(here: Bench) -> None:
    """Where the figures of a new shop come from, and that they must be checked."""
    t, trade = here.t, here.timeline.trade
    country = str(here.draft.tables.get("shop", {}).get("country", "")) if here.draft else ""
    if trade is None or not unchecked(here.timeline):
        return
    sources = sources_of(country, trade)
    show(paragraph(t("setup.starting_words", trade=t(f"setup.trade_{trade}")), ""))
    if sources[0][0] == "unverified":
        show(notice(t("setup.starting_unverified")))
    with st.expander(t("setup.starting_sources"), icon=":material/info:"):
        items = [
            tag("li", t(f"setup.status_{status}"), ": ", tag("span", source, lang="en"))
            for status, source in sources
        ]
        show(tag("ul", *items, class_="ho-text"))


def one_table(section: str, form: tuple[Entry, ...]) -> Callable[[Bench], None]:
    """A theme of one table."""
    return lambda here: section_form(here, section, form)


def new_staff(here: Bench) -> dict[str, Any]:
    """One more group, paid as the one before."""
    given = here.draft.tables.get("staff", []) if here.draft else []
    last = dict(given[-1]) if given else {"people": 1, "hourly_wage": 15.0, "shift_hours": [4, 9]}
    return last | {"name": free_name(here.t("setup.employee"), given), "people": 1}


def new_supplement(here: Bench) -> dict[str, Any]:
    """One more supplement, to be filled in."""
    given = here.draft.tables.get("supplement", []) if here.draft else []
    name = free_name(here.t("setup.supplement_evening"), given)
    return {"name": name, "days": "Mo-Fr", "from": "18:00", "to": "24:00", "share": 0.25}


def new_rule(here: Bench) -> dict[str, Any]:
    """One more rule: closed on Sundays, to be changed."""
    given = here.draft.tables.get("rule", []) if here.draft else []
    return {"name": free_name(here.t("setup.new_rule"), given), "kind": "closed", "days": "Su"}


def show_service(here: Bench) -> None:
    """Time for customers."""
    section_form(here, "service", SERVICE)


def show_people(here: Bench) -> None:
    """Groups of staff, and what the clock adds to their pay."""
    many_tables("staff", STAFF, new_staff, staff_told)(here)
    show(tag("h3", here.t("setup.supplements_title")))
    show(paragraph(here.t("setup.supplements_words"), "quiet"))
    many_tables("supplement", SUPPLEMENT, new_supplement, supplement_told)(here)


def staff_told(table: Mapping[str, Any], here: Bench) -> str:
    """People and pay of a group in a line."""
    pay = table.get("hourly_wage") or table.get("hourly_cost") or 0.0
    currency = here.draft.tables["shop"]["currency"] if here.draft else ""
    return here.t(
        "setup.summary_pay",
        people=table.get("people", ""),
        pay=here.t.money(pay, currency),
    )


def supplement_told(table: Mapping[str, Any], here: Bench) -> str:
    """Days and hours of a supplement in a line."""
    days = [day_text(day, here.t) for day in days_of(table.get("days"))]
    ends = [show_clock(table.get(key, usual), here.t) for key, usual in USUAL_SPAN.items()]
    return here.t("setup.summary_supplement", days=days, span="–".join(ends))


def rule_told(table: Mapping[str, Any], here: Bench) -> str:
    """Kind and days of a rule in a line."""
    days = [day_text(day, here.t) for day in days_of(table.get("days"))]
    at = f" {show_clock(table['at'], here.t)}" if "at" in table else ""
    kind = f"setup.choice.rule.kind.{table.get('kind')}"
    return f"{here.t(kind)}{at}, {', '.join(days)}" if kind in here.t else ""


def show_rules(here: Bench) -> None:
    """The owner's principles."""
    many_tables("rule", RULE, new_rule, rule_told)(here)


def show_search(here: Bench) -> None:
    """The grid, the time planned for, and the certainty asked for."""
    section_form(here, "grid", GRID)
    section_form(here, "horizon", HORIZON)
    section_form(here, "decision", DECISION)


def money_summary(shop: Shop, t: Texts) -> str:
    """Margin, tax and the cost of an hour."""
    own = shop.economics
    return t(
        "setup.summary_money",
        margin=t.percent(own.margin_rate, digits=1),
        vat=t.percent(own.vat_rate, digits=1),
        cost=t.money(own.open_hour_cost, shop.currency),
    )


def people_summary(shop: Shop, t: Texts) -> str:
    """Groups with their number and pay."""
    return ", ".join(
        t(
            "setup.summary_staff",
            name=group.name,
            people=group.people,
            pay=t.money(group.hourly_wage or group.hourly_cost or 0.0, shop.currency),
        )
        for group in shop.staff
    )


def service_summary(shop: Shop, t: Texts) -> str:
    """Minutes for a customer, and of her patience."""
    own = shop.service
    return t(
        "setup.summary_service",
        minutes=own.minutes_per_customer,
        patience=own.patience_minutes,
    )


def habits_summary(shop: Shop, t: Texts) -> str:
    """Who comes at another hour, who buys online."""
    own = shop.diversion
    low, high = (t.percent(end) for end in (own.recaptured.low, own.recaptured.high))
    return t("setup.summary_habits", low=low, high=high)


def limits_summary(shop: Shop, t: Texts) -> str:
    """People on duty and the shortest opening."""
    own = shop.limits
    return t(
        "setup.summary_limits", low=own.min_staff, high=own.max_staff, hours=own.min_open_hours
    )


def rules_summary(shop: Shop, t: Texts) -> str:
    """The names of the rules."""
    return ", ".join(rule.name for rule in shop.rules) or t("setup.none")


def search_summary(shop: Shop, t: Texts) -> str:
    """Weeks, certainty and slots."""
    return t(
        "setup.summary_search",
        weeks=shop.horizon.weeks,
        chance=t.percent(shop.decision.chance),
        minutes=shop.grid.slot_minutes,
    )


THEMES = (
    Theme("hours", "schedule", shop_hours.show_hours, shop_hours.summary),
    Theme("money", "payments", one_table("economics", MONEY), money_summary),
    Theme("people", "groups", show_people, people_summary),
    Theme("service", "timer", show_service, service_summary),
    Theme("habits", "alt_route", one_table("diversion", HABITS), habits_summary),
    Theme("limits", "tune", one_table("limits", LIMITS), limits_summary),
    Theme("rules", "gavel", many_tables("rule", RULE, new_rule, rule_told), rules_summary),
    Theme("seasons", "calendar_month", show_seasons, seasons_summary),
    Theme("days", "event", show_days, days_summary),
    Theme("search", "manage_search", show_search, search_summary),
)
