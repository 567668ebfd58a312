"""The demand picture: who wants to come when, and how that is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.model import EVIDENCE
from hoursopt.hours import OpeningHours
from hoursopt.report.nouns import Block, Column, Picture, Row, Section, Table, Words
from hoursopt.report.picture import week_picture
from hoursopt.report.reading import Json, PlannedSeason
from hoursopt.report.subject import Subject

Floats = NDArray[np.float64]

FATES = ("wanted", "served", "recaptured", "online", "abandoned", "lost")
MARKS = {"open": "", "witness": "≈ ", "neighbour": "? ", "none": "? "}


def demand(subject: Subject) -> Section:
    """For each season the week as a picture, and the same in figures hour by hour."""
    t = subject.t
    blocks: list[Block] = [Words((t("report.demand_words"),))]
    for season in subject.seasons:
        told = subject.basis["demand"][season.name]
        mean, evidence = np.array(told["mean"]), np.array(told["evidence"])
        blocks.append(Words((_season_words(subject, season, mean),)))
        blocks += [_picture(subject, season, mean, evidence), _table(subject, mean, evidence)]
        if "wanted_by_hour" in season.told:
            blocks.append(_fates(subject, season, season.told["wanted_by_hour"]["best"]))
    return Section(t("report.demand"), tuple(blocks), "week")


def _fates(subject: Subject, season: PlannedSeason, told: Json) -> Table:
    """What becomes in the best week of those who want to come, by the hour in which they want."""
    t, grid = subject.t, subject.shop.grid
    slots = max(1, 60 // grid.slot_minutes)
    by_slot = {name: np.array(told[name]).sum(axis=0) for name in FATES}
    columns = (
        Column(t("report.hour_from")),
        *(Column(t(f"report.fate_{name}"), "number") for name in FATES),
    )
    rows = [
        Row(
            (
                t.time(grid.start(first)),
                *(float(by_slot[name][first : first + slots].sum()) for name in FATES),
            )
        )
        for first in range(0, grid.size, slots)
    ]
    totals = (float(by_slot[name].sum()) for name in FATES)
    rows.append(Row((t("report.in_all"), *totals), "sum", tuple(range(len(rows)))))
    title = t("report.fates_title", season=season.name)
    return Table(title, columns, tuple(rows), t("report.fates_note"), small=True)


def _season_words(subject: Subject, season: PlannedSeason, mean: Floats) -> str:
    t, grid = subject.t, subject.shop.grid
    shares = [_shut(season.today, mean, subject), _shut(season.best, mean, subject)]
    slots = max(1, 60 // grid.slot_minutes)
    hours = np.lib.stride_tricks.sliding_window_view(mean, slots, axis=1).sum(axis=2)
    weekday, first = np.unravel_index(int(hours.argmax()), hours.shape)
    start = grid.start(int(first))
    return t(
        "report.demand_season",
        season=season.name,
        wanted=t.number(float(mean.sum()), 0),
        today=t.percent(shares[0]),
        best=t.percent(shares[1]),
        weekday=t.weekday(int(weekday)),
        time=t.time(start),
        rate=t.number(float(hours.max()), 0),
    )


def _shut(hours: OpeningHours, mean: Floats, subject: Subject) -> float:
    """Share of those who want to come that find the door shut."""
    opened = np.array([subject.shop.grid.shares(spans) for spans in hours.days])
    return float((mean * (1 - opened)).sum() / mean.sum()) if mean.sum() else 0.0


def _picture(
    subject: Subject, season: PlannedSeason, mean: Floats, evidence: NDArray[np.str_]
) -> Picture:
    grid, t = subject.shop.grid, subject.t
    rates = mean / grid.slot_hours
    title = t("report.demand_title", season=season.name)
    return week_picture(title, rates, evidence, grid, (season.today, season.best), t)


def _table(subject: Subject, mean: Floats, evidence: NDArray[np.str_]) -> Table:
    t, grid = subject.t, subject.shop.grid
    slots = max(1, 60 // grid.slot_minutes)
    columns = (
        Column(t("report.hour_from"), broad=1.1),
        *(Column(t.weekday(day, short=True), "text") for day in range(7)),
    )
    rows = []
    for first in range(0, grid.size, slots):
        inside = slice(first, first + slots)
        cells = [t.time(grid.start(first))]
        for day in range(7):
            rate = float(mean[day, inside].mean()) / grid.slot_hours
            weakest = max(map(str, evidence[day, inside]), key=EVIDENCE.index)
            cells.append(MARKS[weakest] + t.number(rate, fixed=True))
        rows.append(Row(tuple(cells)))
    return Table(
        t("report.demand_table"), columns, tuple(rows), t("report.demand_note"), small=True
    )
