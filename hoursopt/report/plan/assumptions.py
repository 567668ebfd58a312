"""Everything that was assumed, with its value and unit, as shop.toml states it."""

from __future__ import annotations

from collections.abc import Iterator

from hoursopt.hours import format_days
from hoursopt.i18n import Texts
from hoursopt.observations import spoken_days
from hoursopt.report.nouns import Column, Row, Section, Table, Words
from hoursopt.report.subject import Subject
from hoursopt.shop import Economics, Shop, StaffGroup

Line = tuple[str, str]


def assumptions(subject: Subject) -> Section:
    """One table: money, service, staff with supplements, limits."""
    t = subject.t
    groups: tuple[tuple[str, Iterator[Line]], ...] = (
        ("money", _money(subject)),
        ("service", _service(subject)),
        ("staff", _staff(subject)),
        ("limits", _limits(subject)),
    )
    rows = []
    for name, lines in groups:
        told = [Row(line) for line in lines]
        if told:
            rows += [Row((t(f"report.assume_{name}"), ""), "group"), *told]
    columns = (Column(t("report.assumption"), broad=2.4), Column(t("report.value"), broad=1.6))
    words = Words((t("report.assumptions_words"),))
    return Section(t("report.assumptions"), (words, Table("", columns, tuple(rows))), "assumptions")


def _money(subject: Subject) -> Iterator[Line]:
    t, shop = subject.t, subject.shop
    economics = shop.economics
    yield t("report.margin_rate"), t.percent(economics.margin_rate, 1)
    if shop.sources.orders:
        yield t("report.online_margin_rate"), t.percent(economics.online_margin_rate, 1)
    vat = "report.vat_in" if economics.prices_include_vat else "report.vat_out"
    yield t("report.vat"), t(vat, rate=t.percent(economics.vat_rate, 1))
    yield from _baskets(economics, subject)
    per_hour, per_day, lost = (
        subject.money(cost, 2)
        for cost in (economics.open_hour_cost, economics.open_day_cost, economics.goodwill_cost)
    )
    yield t("report.open_hour_cost"), t("report.per_hour", amount=per_hour)
    yield t("report.open_day_cost"), t("report.per_day", amount=per_day)
    yield t("report.goodwill_cost"), t("report.per_customer", amount=lost)


def _baskets(economics: Economics, subject: Subject) -> Iterator[Line]:
    t = subject.t
    if economics.conversion is not None:
        yield t("report.conversion"), t.percent(economics.conversion, 1)
    if economics.basket_value is not None:
        yield t("report.basket_value"), subject.money(economics.basket_value, 2)
    if economics.online_basket_value is not None:
        yield t("report.online_basket_value"), subject.money(economics.online_basket_value, 2)


def _service(subject: Subject) -> Iterator[Line]:
    t, service = subject.t, subject.shop.service
    for name in ("minutes_per_customer", "patience_minutes", "minutes_per_order"):
        value = getattr(service, name)
        if value:
            yield t(f"report.{name}"), t("report.in_minutes", minutes=t.number(value))


def _staff(subject: Subject) -> Iterator[Line]:
    t, shop = subject.t, subject.shop
    for group in shop.staff:
        yield group.name, _group(group, subject)
    for one in shop.supplements:
        days = [spoken_days(format_days(one.weekdays), t)] if one.weekdays else []
        days += [t("report.holidays")] if one.holidays else []
        amount = (
            t("report.share_of_base", share=t.percent(one.share))
            if one.share
            else t("report.per_hour", amount=subject.money(one.per_hour, 2))
        )
        when = t("report.when", days=", ".join(days), span=t.span(one.span))
        yield t("report.supplement", name=one.name, when=when), amount


def _group(group: StaffGroup, subject: Subject) -> str:
    t = subject.t
    own = group.hourly_cost is not None
    pay = subject.money((group.hourly_cost if own else group.hourly_wage) or 0.0, 2)
    told = [
        t("report.group_people", count=group.people),
        t("report.per_hour", amount=pay),
    ]
    if group.on_cost_rate:
        told.append(t("report.group_side", share=t.percent(group.on_cost_rate, 1)))
    low, high = (t.number(hours) for hours in group.shift_hours)
    told.append(t("report.group_shift", low=low, high=high))
    if group.week_hours is not None:
        told.append(t("report.group_week", hours=t.number(group.week_hours)))
    if group.break_after_hours is not None and group.break_minutes:
        told.append(
            t(
                "report.group_break",
                minutes=t.number(group.break_minutes, 0),
                hours=t.number(group.break_after_hours),
            )
        )
    return "; ".join(told)


def _limits(subject: Subject) -> Iterator[Line]:
    t, shop = subject.t, subject.shop
    limits = shop.limits
    grid = t("report.grid_value", minutes=shop.grid.slot_minutes, span=_window(shop, t))
    yield t("report.grid"), grid
    people = t("report.people_value", low=limits.min_staff, high=limits.max_staff)
    yield t("report.people_limit"), people
    shortest = t.number(limits.min_open_hours)
    yield t("report.min_open_hours"), t("report.in_hours", hours=shortest)
    low, high = limits.week_open_hours
    if low > 0 or high < 168:
        told = t("report.week_open_value", low=t.number(low), high=t.number(high))
        yield t("report.week_open_hours"), told
    if limits.change_cost:
        amount = subject.money(limits.change_cost, 2)
        yield t("report.change_cost"), t("report.per_weekday", amount=amount)
    if limits.season_changes is not None:
        yield t("report.season_changes"), t.number(limits.season_changes, 0)
    if limits.season_change_cost:
        yield t("report.season_change_cost"), subject.money(limits.season_change_cost, 2)
    yield t("report.chance"), t.percent(shop.decision.chance)
    if shop.decision.robust:
        yield t("report.robust"), t.percent(shop.decision.robust)


def _window(shop: Shop, t: Texts) -> str:
    return f"{t.time(shop.grid.earliest)}–{t.time(shop.grid.latest)}"
