"""Special days of the seasons by date."""

from __future__ import annotations

import datetime as dt

from hoursopt.calendar import special_days as calendar_days
from hoursopt.report.nouns import Block, Column, Row, Section, Table, Words
from hoursopt.report.reading import PlannedSeason, one_line, spans_of
from hoursopt.report.subject import Subject


def special_days(subject: Subject) -> Section:
    """Dates with hours of their own, beside the hours that the weekday has in the plan."""
    t = subject.t
    told = {dt.date.fromisoformat(day["date"]): day for day in subject.plan["special_days"]}
    rows = []
    names = _names(subject, list(told))
    for date in sorted(told):
        season = _season(subject, date)
        if season is None:
            continue
        own, usual = spans_of(told[date]["hours"]), season.best[date.weekday()]
        cells = (
            date,
            t.weekday(date.weekday()),
            names.get(date) or one_line(told[date]["name"]),
            t.spans(own),
            t.spans(usual),
        )
        rows.append(Row(cells, "changed" if own != usual else ""))
    if not rows:
        return Section(t("report.days"), (Words((t("report.days_none"),)),), "days")
    columns = (
        Column(t("report.date"), "date"),
        Column(t("plan.day")),
        Column(t("report.occasion"), broad=1.6),
        Column(t("report.hours")),
        Column(t("report.hours_usual")),
    )
    note = t("report.days_note")
    blocks: list[Block] = [Words((t("report.days_words"),)), Table("", columns, tuple(rows), note)]
    return Section(t("report.days"), tuple(blocks), "days")


def _season(subject: Subject, date: dt.date) -> PlannedSeason | None:
    """The season of the report that holds a date; those of the shop say which days are in it."""
    holding = {season.name for season in subject.shop.seasons if season.holds(date)}
    return next((season for season in subject.seasons if season.name in holding), None)


def _names(subject: Subject, dates: list[dt.date]) -> dict[dt.date, str]:
    """Names of the public holidays in the language of the report."""
    if not dates:
        return {}
    shop = subject.shop
    days = calendar_days(shop.country, shop.subdivision, min(dates), max(dates), subject.t.language)
    return {day.date: day.name for day in days if day.kind == "holiday"}
