"""The best cuts of the year, by what the weeks of hours earn in each part of it.

A small set of weeks of hours is enough: the best of the year, of its sixths, and then of the
seasons found, until nothing better comes. What each earns in each part of the year `evaluate` says,
without a solver; with these sums every way to cut the year in two or three is tried.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.errors import RulesConflict, SolverError
from hoursopt.evaluate import StaffedWeek, profit_draws
from hoursopt.plan import Options
from hoursopt.program import best_staffing, best_week
from hoursopt.program.check import changes_cost
from hoursopt.scenario import Scenario
from hoursopt.seasons.parts import Part, Week, blend

Floats = NDArray[np.float64]

BLOCKS = 6
LEVELS = 2
ROUNDS = 2
LEAST_DAYS = 28  # shorter is an event, and customers take weeks to learn new hours
MOST_SEASONS = 3
PLANNED_DRAWS = 30
GAP = 2e-3


@dataclass(frozen=True)
class Cut:
    """A way to cut the year: the numbers of the parts with which seasons begin, and their hours.

    worth: (R,) money of a year, the price of hours that differ from today's taken off.
    """

    starts: tuple[int, ...]
    weeks: tuple[Week, ...]
    worth: Floats

    @property
    def seasons(self) -> int:
        """How many seasons it has."""
        return len(self.starts)


@dataclass(frozen=True)
class Table:
    """(W, P, R) money that W weeks of hours earn in P parts of the year; -inf where not allowed."""

    hours: tuple[Week, ...]
    money: Floats


def search_cuts(parts: Sequence[Part], options: Options, change: float) -> dict[int, Cut]:
    """The best cut of each number of seasons; those that no season's own hours make are not there.

    `change`: the cost of each change of hours within the year. Raises RulesConflict where no week
    keeps the rules of the whole year.
    """
    whole = tuple(range(len(parts)))
    blocks = np.array_split(np.arange(len(parts)), BLOCKS)
    groups = [whole, *(tuple(map(int, block)) for block in blocks)]
    levels = _levels(parts)
    asked: set[tuple[int, ...]] = set()
    rows: dict[Week, Floats] = {}
    best: dict[int, Cut] = {}
    for _ in range(ROUNDS):
        for group in groups:
            scenario = _brief([parts[number] for number in group])
            if scenario is None or group in asked:
                continue
            asked.add(group)
            try:
                found = best_week(scenario, gap=GAP, **options.solving).week
            except (RulesConflict, SolverError):
                if group == whole:
                    raise
                continue  # no hours keep the rules of this stretch: others will be tried
            if found.hours not in rows:
                rows[found.hours] = earnings(parts, [found, *_staffed(found, levels, options)])
        best = best_cuts(parts, Table(tuple(rows), np.array(list(rows.values()))), change)
        groups = [group for cut in best.values() for group in _groups(cut.starts, len(parts))]
    return best


def earnings(parts: Sequence[Part], staffings: Sequence[StaffedWeek]) -> Floats:
    """(P, R) what a week of hours earns in each part of the year, under the best staffing there."""
    hours = staffings[0].hours
    money = np.full((len(parts), parts[0].scenario.draws), -np.inf)
    for number, part in enumerate(parts):
        if part.weeks == 0:
            money[number] = 0.0
        elif part.allows(hours):
            found = [profit_draws(part.scenario, week) for week in staffings]
            best = max(found, key=lambda profit: float(profit.mean()))
            money[number] = part.weeks * (best - changes_cost(part.scenario, hours))
    return money


def best_cuts(parts: Sequence[Part], table: Table, change: float) -> dict[int, Cut]:
    """The best way to have one, two and three seasons; all ways are tried.

    Seasons in a row have different hours, or they are one.
    """
    count = len(parts)
    days = np.array([part.days for part in parts], dtype=float)
    mean = table.money.mean(axis=2)
    worth, whose = _arcs(mean)
    long_enough = _arcs(days[None])[0] >= LEAST_DAYS
    found = {}
    for seasons in range(1, MOST_SEASONS + 1):
        best, chosen = -np.inf, None
        for starts in itertools.combinations(range(count), seasons) if seasons > 1 else [(0,)]:
            arcs = _pairs(starts)
            hours = {int(whose[arc]) for arc in arcs}
            if len(hours) < seasons or not all(long_enough[arc] for arc in arcs):
                continue
            total = sum(float(worth[arc]) for arc in arcs)
            if total > best:
                best, chosen = total, starts
        if chosen is None or not np.isfinite(best):
            continue
        rows = [int(whose[arc]) for arc in _pairs(chosen)]
        money = [
            table.money[row, list(group)].sum(axis=0)
            for row, group in zip(rows, _groups(chosen, count), strict=True)
        ]
        total_draws: Floats = np.sum(money, axis=0) - (change * seasons if seasons > 1 else 0.0)
        found[seasons] = Cut(chosen, tuple(table.hours[row] for row in rows), total_draws)
    return found


def _arcs(values: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """(P, P) greatest sum of a row of `values` (W, P) over the parts from i to before j, and whose.

    j at or before i runs over New Year; i to i is the whole year.
    """
    count = values.shape[1]
    sums = np.zeros((values.shape[0], count, count))
    for first in range(count):
        turned = np.roll(values, -first, axis=1).cumsum(axis=1)  # of 1, 2, ... parts
        sums[:, first, (first + 1 + np.arange(count)) % count] = turned
    return sums.max(axis=0), sums.argmax(axis=0)


def _pairs(starts: Sequence[int]) -> list[tuple[int, int]]:
    return list(zip(starts, (*starts[1:], starts[0]), strict=True))


def _groups(starts: Sequence[int], count: int) -> list[tuple[int, ...]]:
    """Numbers of the parts of each season, in the order of the year."""
    return [
        tuple((first + step) % count for step in range((following - first - 1) % count + 1))
        for first, following in _pairs(starts)
    ]


def _levels(parts: Sequence[Part]) -> list[Scenario | None]:
    """The quiet half of the year and the busy half."""
    order = sorted(
        (part for part in parts if part.weeks), key=lambda p: float(p.scenario.walk_in.sum())
    )
    halves = np.array_split(np.arange(len(order)), LEVELS)
    return [_brief([order[number] for number in half]) for half in halves]


def _brief(parts: Sequence[Part]) -> Scenario | None:
    """The average week of parts in few draws, nobody changing the day: quick to solve.

    It only makes the weeks that are then weighed with all draws and all that customers do.
    """
    if not any(part.weeks for part in parts):
        return None
    scenario = blend(parts)
    kept = slice(PLANNED_DRAWS)
    moved = {
        field.name: getattr(scenario.diversion, field.name)[kept]
        for field in dataclasses.fields(scenario.diversion)
    }
    moved["next_day"] = np.zeros_like(moved["next_day"])
    diversion = scenario.diversion.replace(**moved)
    return scenario.replace(walk_in=scenario.walk_in[kept], diversion=diversion)


def _staffed(
    found: StaffedWeek, levels: Sequence[Scenario | None], options: Options
) -> list[StaffedWeek]:
    """The same hours staffed for quiet and for busy times."""
    staffed = []
    for level in levels:
        try:
            if level is not None:
                answer = best_staffing(level, found.hours, gap=GAP, **options.solving)
                staffed.append(answer.week)
        except (RulesConflict, SolverError):
            continue  # nobody can keep these hours in such a time; the week found stands
    return staffed
