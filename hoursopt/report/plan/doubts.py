"""What we do not know, and the trial that would tell."""

from __future__ import annotations

import datetime as dt

import numpy as np

from hoursopt.demand.model import EVIDENCE
from hoursopt.demand.problem import PARAMETERS
from hoursopt.hours import WEEKDAYS, Span, parse_time
from hoursopt.report.nouns import Block, Column, Row, Section, Table, Words
from hoursopt.report.reading import PlannedSeason, stretch
from hoursopt.report.subject import Subject

SHARES = ("recaptured", "next_day", "online")


def doubts(subject: Subject) -> Section:
    """How well the plan's hours are known, where customers of closed hours go, and the trials."""
    t = subject.t
    blocks: list[Block] = [Words((t("report.doubts_words"),)), _known(subject)]
    blocks += [Words((t("report.diversion_words"),)), _diversion(subject)]
    rows = [row for season in subject.seasons for row in _trials(subject, season)]
    if rows:
        columns = (
            Column(t("report.trial_hours"), broad=1.2),
            Column(t("report.season_head")),
            Column(t("report.trial_weeks"), "count", broad=0.6),
            Column(t("report.trial_dates"), broad=2.4),
            Column(t("report.trial_keep"), "number"),
            Column(t("report.trial_drop"), "number"),
            Column(t("report.trial_value"), "money"),
        )
        blocks += [
            Words((t("report.trials_words"),)),
            Table(t("report.trials_title"), columns, tuple(rows), t("report.trials_note")),
        ]
    else:
        blocks.append(Words((t("report.trials_none"),)))
    return Section(t("report.doubts"), tuple(blocks), "worth")


def _known(subject: Subject) -> Table:
    """Open hours a week of the plan by how demand in them is known."""
    t, grid = subject.t, subject.shop.grid
    rows = []
    for season in subject.seasons:
        evidence = np.array(subject.basis["demand"][season.name]["evidence"])
        opened = np.array([grid.shares(spans) for spans in season.best.days])
        hours = [float(opened[evidence == kind].sum() * grid.slot_hours) for kind in EVIDENCE]
        rows.append(Row((season.name, *hours, sum(hours))))
    columns = (
        Column(t("report.season_head"), broad=1.5),
        *(Column(t(f"report.known_{kind}"), "number") for kind in EVIDENCE),
        Column(t("report.in_all"), "number"),
    )
    return Table(t("report.known_title"), columns, tuple(rows))


def _diversion(subject: Subject) -> Table:
    t = subject.t
    rows = []
    told_of = subject.basis["diversion"]
    for name in (name for name in PARAMETERS if name in told_of):
        learned = told_of[name]
        ends = [learned[end] for end in ("mean", "low", "high")]
        if name in SHARES:
            told = [t.percent(value) for value in ends]
        else:
            told = [t("report.in_hours", hours=t.number(value)) for value in ends]
        origin = t("cli.learned" if learned["learned"] else "cli.assumed")
        rows.append(Row((t(f"cli.{name}"), *told, origin)))
    columns = (
        Column(t("report.diversion_head"), broad=2.6),
        *(Column(t(f"report.{name}")) for name in ("likely", "low", "high")),
        Column(t("report.origin"), broad=1.3),
    )
    return Table(t("cli.diversion_title"), columns, tuple(rows))


def _trials(subject: Subject, season: PlannedSeason) -> list[Row]:
    """What to open, when, from which count on to keep or to drop it, and what knowing is worth."""
    t = subject.t
    rows = []
    for trial in subject.of_season("trials", season):
        span = Span(parse_time(trial["from"]), parse_time(trial["to"]))
        dates = [dt.date.fromisoformat(date) for date in trial.get("dates", ())]
        cells = (
            stretch(WEEKDAYS.index(trial["weekday"]), span, t),
            season.name,
            trial["weeks"],
            ", ".join(t.day(date) for date in dates),
            trial.get("keep_from"),
            trial.get("drop_below"),
            trial.get("worth_of_trial"),
        )
        rows.append(Row(cells))
    return rows
