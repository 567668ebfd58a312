"""How the plan was computed: solver, proof, data, versions and digests, and what was checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hoursopt.report.nouns import Block, Column, Row, Section, Table, Words
from hoursopt.report.subject import Subject
from hoursopt.shop import SOURCES

SHORT = 12


def method(subject: Subject) -> Section:
    """In words, the solver's answer for each season, the files, and the program."""
    t = subject.t
    blocks: list[Block] = [
        Words((t("report.method_demand"), t("report.method_program"), t("report.method_range"))),
        _solver(subject),
        Table(
            t("report.sources_title"),
            (
                Column(t("report.source"), broad=1.2),
                Column(t("report.rows"), "count", broad=0.8),
                Column(t("report.sum"), "number", broad=1.1),
                Column(t("report.until"), broad=1.4),
                Column(t("report.digest"), broad=1.3),
            ),
            tuple(_sources(subject)),
            t("report.sources_note"),
        ),
        Table(
            t("report.program_title"),
            (Column("", broad=1.2), Column("", broad=2.2)),
            tuple(_program(subject)),
        ),
    ]
    return Section(t("report.method"), tuple(blocks), "assumptions")


def _solver(subject: Subject) -> Table:
    t = subject.t
    rows = []
    for season in subject.seasons:
        solver = season.told["solver"]
        proven = solver["status"] == "optimal"
        gap = solver["gap"]
        cells = (
            t.season(season.name),
            solver["name"],
            t("report.proven" if proven else "report.not_proven"),
            "" if gap is None else t.percent(gap, 3),
            solver["bound"],
            solver["seconds"],
        )
        rows.append(Row(cells))
    columns = (
        Column(t("report.season_head"), broad=1.5),
        Column(t("report.solver")),
        Column(t("report.status"), broad=1.2),
        Column(t("report.gap")),
        Column(t("report.bound"), "money", broad=1.3),
        Column(t("report.seconds"), "number"),
    )
    return Table(t("report.solver_title"), columns, tuple(rows), t("report.solver_note"))


def _sources(subject: Subject) -> Iterator[Row]:
    sources = subject.basis["data"]["sources"]
    for source in (source for source in SOURCES if source in sources):
        told = sources[source]
        yield Row(
            (
                subject.t(f"observe.source.{source}"),
                told["rows"],
                told["sum"],
                (told["until"] or "")[:10],
                told["sha256"][:SHORT],
            )
        )


def _program(subject: Subject) -> Iterator[Row]:
    t = subject.t
    solving: dict[str, Any] = subject.basis["solving"]
    inputs = subject.kept.inputs or {}
    yield Row((t("report.version"), f"hoursopt {inputs.get('program', '')}".strip()))
    yield Row((t("report.shop_digest"), str(inputs.get("shop", ""))[:SHORT]))
    yield Row(
        (
            t("report.draws"),
            t("report.draws_value", planned=solving["draws"], fresh=solving["fresh"]),
        )
    )
    yield Row((t("report.seed"), str(solving["seed"])))
    limit = t.number(solving["time_limit"], 0)
    yield Row((t("report.time_limit"), t("report.in_seconds", seconds=limit)))
