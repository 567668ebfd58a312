"""The week for bad times beside the best one, where bad weeks weigh anything."""

from __future__ import annotations

from collections.abc import Iterator

from hoursopt.report.nouns import Block, Column, Look, Row, Table, Words
from hoursopt.report.reading import Json, PlannedSeason, spans_of
from hoursopt.report.subject import Subject
from hoursopt.tables.plans import robust_lines

WEEKS = ("best", "robust")


def bad_times(subject: Subject, season: PlannedSeason) -> Iterator[Block]:
    """Its hours, what it costs on average and saves in the worst tenth; nothing without one."""
    told = season.told.get("robust")
    if told is None:
        return
    t = subject.t
    same = all(spans_of(day["hours"]) == season.best[n] for n, day in enumerate(told["days"]))
    lines = robust_lines(told, t, subject.shop.currency, same=same)
    yield Words((t("robust.words"), *lines))
    yield _hours(subject, season, told)
    yield _money(subject, season, told)


def _hours(subject: Subject, season: PlannedSeason, told: Json) -> Table:
    t = subject.t
    columns = (
        Column(t("plan.day"), broad=1.2),
        Column(t("plan.best")),
        Column(t("robust.week")),
    )
    rows = []
    for day, one in enumerate(told["days"]):
        spans = spans_of(one["hours"])
        look: Look = "" if spans == season.best[day] else "changed"
        rows.append(Row((t.weekday(day), t.spans(season.best[day]), t.spans(spans)), look))
    return Table(t("robust.table", season=season.name), columns, tuple(rows))


def _money(subject: Subject, season: PlannedSeason, told: Json) -> Table:
    t = subject.t
    columns = (
        Column("", broad=2.2),
        Column(t("plan.best"), "cents"),
        Column(t("robust.week"), "cents"),
        Column(t("plan.difference"), "cents", signed=True),
    )
    rows = []
    for name, measure in (("mean", "mean"), ("worst", "worst_tenth")):
        both = [told["profit_per_week"][week][measure] for week in WEEKS]
        rows.append(Row((t(f"robust.{name}"), *both, round(both[1] - both[0], 2))))
    return Table("", columns, tuple(rows))
