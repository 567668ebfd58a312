"""Today's and the best week, and the money and customers of each."""

from __future__ import annotations

from typing import Any

from hoursopt.hours import parse_hours
from hoursopt.report.nouns import Block, Column, Kind, Look, Row, Section, Table, Words
from hoursopt.report.plan.bad_times import bad_times
from hoursopt.report.reading import Json, PlannedSeason
from hoursopt.report.subject import Subject

EARNED = ("sales_margin", "online_margin")
SPENT = ("wages", "opening_cost", "goodwill")
CUSTOMERS = ("served", "recaptured", "online", "abandoned", "lost")


def weeks(subject: Subject) -> Section:
    """A table of hours, one of money and one of customers for each season; all weeks together."""
    t = subject.t
    blocks: list[Block] = [Words((t("report.weeks_words"), t("report.ledger_words")))]
    for season in subject.seasons:
        blocks += [hours_table(subject, season), money_table(subject, season)]
        blocks.append(customers_table(subject, season))
        others = subject.of_season("alternatives", season)
        if others:
            blocks.append(_alternatives(subject, season, others))
        blocks += bad_times(subject, season)
    if subject.whole and len(subject.seasons) > 1:
        blocks.append(year_table(subject))
    return Section(t("report.weeks"), tuple(blocks), "hours")


def hours_table(subject: Subject, season: PlannedSeason) -> Table:
    """Weekdays with both hours, and how long the door is open."""
    t = subject.t
    columns = (
        Column(t("plan.day"), broad=1.2),
        Column(t("plan.today")),
        Column(t("plan.best")),
        Column(t("report.hours_today"), "number"),
        Column(t("report.hours_best"), "number"),
        Column(t("plan.difference"), "number", signed=True),
    )
    rows = []
    for day in range(7):
        today, best = season.today[day], season.best[day]
        lengths = [sum(span.hours for span in spans) for spans in (today, best)]
        look: Look = "changed" if day in season.changed else ""
        cells = (t.weekday(day), t.spans(today), t.spans(best), *lengths, lengths[1] - lengths[0])
        rows.append(Row(cells, look))
    totals = (season.today.week_hours, season.best.week_hours)
    cells = (t("report.in_all"), "", "", *totals, totals[1] - totals[0])
    rows.append(Row(cells, "sum", tuple(range(7)), f"{season.name}/open"))
    note = t("report.changed_note") if season.changed else ""
    return Table(subject.title(season), columns, tuple(rows), note)


def money_table(subject: Subject, season: PlannedSeason) -> Table:
    """The money of a week; what goes out has a minus, so that the columns add up."""
    title = subject.t("report.money_title", season=season.name)
    return _money(subject, title, season.before, season.after, season.name)


def year_table(subject: Subject) -> Table:
    """The money of all weeks together."""
    year = subject.plan["year"]
    title = subject.t("report.year_title", count=subject.plan["horizon"]["weeks"])
    return _money(subject, title, year["today"], year["best"], "year")


def _money(subject: Subject, title: str, before: Json, after: Json, name: str) -> Table:
    t = subject.t
    rows: list[Row] = []
    for part in (*EARNED, *SPENT):
        sign = -1 if part in SPENT else 1
        first, second = sign * before[part], sign * after[part]
        if first or second:
            cells = (t(f"ledger.{part}"), first, second, round(second - first, 2))
            rows.append(Row(cells, name=f"{name}/{part}"))
    first, second = before["profit"], after["profit"]
    cells = (t("ledger.profit"), first, second, round(second - first, 2))
    rows.append(Row(cells, "sum", tuple(range(len(rows))), f"{name}/profit"))
    return Table(title, _columns(subject, "cents"), tuple(rows))


def customers_table(subject: Subject, season: PlannedSeason) -> Table:
    """What becomes of those who want to come in a week."""
    t = subject.t
    rows: list[Row] = []
    summed = []
    for part in CUSTOMERS:
        first, second = season.before[part], season.after[part]
        if first or second:
            is_part = part == "recaptured"
            if not is_part:
                summed.append(len(rows))
            cells = (t(f"ledger.{part}"), first, second, round(second - first, 2))
            rows.append(Row(cells, "part" if is_part else ""))
    first, second = season.before["wanted"], season.after["wanted"]
    cells = (t("ledger.wanted"), first, second, round(second - first, 2))
    rows.append(Row(cells, "sum", tuple(summed), f"{season.name}/wanted"))
    title = t("report.customers_title", season=season.name)
    return Table(title, _columns(subject, "number"), tuple(rows))


def _columns(subject: Subject, kind: Kind) -> tuple[Column, ...]:
    t = subject.t
    return (
        Column("", broad=2.2),
        Column(t("plan.today"), kind),
        Column(t("plan.best"), kind),
        Column(t("plan.difference"), kind, signed=True),
    )


def _alternatives(subject: Subject, season: PlannedSeason, others: list[dict[str, Any]]) -> Table:
    t = subject.t
    columns = (
        Column(t("report.hours"), broad=3.2),
        Column(t("report.profit_week"), "money"),
        Column(t("report.less"), "money"),
    )
    rows = []
    for other in others:
        profit = other["profit_per_week"]
        cells = (t.hours(parse_hours(other["hours"])), profit, season.after["profit"] - profit)
        rows.append(Row(cells))
    title = t("report.alternatives_title", season=season.name)
    return Table(title, columns, tuple(rows), t("report.alternatives_note"))
