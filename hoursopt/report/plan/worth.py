"""What each edge hour is worth."""

from __future__ import annotations

from typing import Any

from hoursopt.hours import WEEKDAYS, Span, parse_time
from hoursopt.report.nouns import Block, Column, Row, Section, Table, Words
from hoursopt.report.reading import PlannedSeason, stretch
from hoursopt.report.subject import Subject


def worth(subject: Subject) -> Section:
    """The first and last hour of each day and those beyond, the most valuable first."""
    t = subject.t
    blocks: list[Block] = [Words((t("report.worth_words"),))]
    for season in subject.seasons:
        edges = subject.of_season("edges", season)
        if edges:
            blocks.append(_edges(subject, season, edges))
    if len(blocks) == 1:
        blocks.append(Words((t("report.worth_none"),)))
    return Section(t("report.worth"), tuple(blocks), "worth")


def _edges(subject: Subject, season: PlannedSeason, edges: list[dict[str, Any]]) -> Table:
    t = subject.t
    columns = (
        Column(t("plan.hour"), broad=1.5),
        Column(t("plan.now")),
        Column(t("report.worth_week"), "money", signed=True),
        Column(t("report.low"), "money"),
        Column(t("report.high"), "money"),
        Column(t("plan.new"), "number"),
        Column(t("plan.moved"), "number"),
        Column(t("plan.from_online"), "number"),
        Column(t("plan.evidence"), broad=1.5),
    )
    rows = []
    for edge in sorted(edges, key=_worth, reverse=True):
        told = edge["worth_per_week"]
        span = Span(parse_time(str(edge["from"])), parse_time(str(edge["to"])))
        cells = (
            stretch(WEEKDAYS.index(str(edge["weekday"])), span, t),
            t("plan.edge_open" if edge["open"] else "plan.edge_closed"),
            *(told[name] for name in ("mean", "low", "high")),
            *(edge[name] for name in ("new", "moved", "from_online")),
            t(f"plan.evidence_{edge['evidence']}"),
        )
        rows.append(Row(cells))
    return Table(subject.title(season), columns, tuple(rows), t("report.worth_note"))


def _worth(edge: dict[str, Any]) -> float:
    return float(edge["worth_per_week"]["mean"])
