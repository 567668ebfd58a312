"""The best week that can be made of days staffed before.

Near the bound it is found by dealing out what may be lost, day by day; any other by an integer
program.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from hoursopt.program.book.book import DayBook
from hoursopt.program.book.column import Column
from hoursopt.program.book.pages import Days
from hoursopt.program.book.ties import Ties
from hoursopt.program.dense import dense_program

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

KEPT = 1000
"""Ways to begin a week that are followed at most: those that lost least so far."""

MICRO = 1e-6


def near_days(
    best: Sequence[Column], columns: Sequence[Column], bounds: Floats, prices: Floats, lost: float
) -> list[Column] | None:
    """The best week of columns, one a day, that loses at most so much money; None where none does.

    Lost is what a week is worth less than the `best` at these prices, which breaks ties maybe, with
    all priced hours paid back: where a day is worth less, and where priced hours are left over.
    `bounds` of what all days take of each tie.
    """
    if not bounds.size:
        return list(best) if all(column.shifts is not None for column in best) else None
    reduced = [column.worth - float(prices @ column.takes) for column in best]
    days: list[list[Column]] = [[] for _ in best]
    for column in columns:
        after_prices = column.worth - float(prices @ column.takes)
        if column.shifts is not None and reduced[column.day] - after_prices <= lost:
            days[column.day].append(column)
    if not all(days):
        return None
    takes = [np.array([column.takes for column in day]) for day in days]
    least = _after([day.min(axis=0) for day in takes])
    most = _after([day.max(axis=0) for day in takes])
    taken, missed = np.zeros((1, bounds.size)), np.zeros(1)
    steps: list[tuple[Places, Places]] = []
    for day, mine in enumerate(takes):
        worth = np.array([column.worth for column in days[day]])
        total = (taken[:, None] + mine).reshape(-1, bounds.size)
        less = (missed[:, None] + (reduced[day] - (worth - mine @ prices))).ravel()
        left = bounds - total
        unused = np.maximum(left - most[day], 0.0) @ prices
        fits = (less + unused <= lost) & np.all(left >= least[day] - MICRO, axis=1)
        order = np.flatnonzero(fits)[np.argsort(less[fits], kind="stable")]
        # Of those that take the same only the best need be followed.
        _, first = np.unique(total[order].round(4), axis=0, return_index=True)
        order = order[np.sort(first)[:KEPT]]
        steps.append((order // len(worth), order % len(worth)))
        taken, missed = total[order], less[order]
    if not missed.size:
        return None
    place = int(np.argmin(missed + (bounds - taken) @ prices))
    chosen = []
    for among, (before, which) in zip(reversed(days), reversed(steps), strict=True):
        chosen.append(among[int(which[place])])
        place = int(before[place])
    return chosen[::-1]


def _after(takes: Sequence[Floats]) -> Floats:
    """(N, ties) the sum of what the days after each take."""
    every = np.array(takes)
    after: Floats = every.sum(axis=0) - every.cumsum(axis=0)
    return after


def whole_days(
    book: DayBook, columns: Sequence[Column], ties: Ties, days: Days
) -> list[Column] | None:
    """One column a day, worth most within ties, days alike and patterns: an integer program."""
    bound_by_hours = book.frame.patterns < sum(days) or len(book.frame.alike) < len(days)
    openings = sorted({c.opening for c in columns if c.opening is not None and bound_by_hours})
    count, total = len(columns), len(columns) + len(openings)
    rows: list[Floats] = []
    lows: list[float] = []
    highs: list[float] = []

    def add(row: Floats, low: float, high: float) -> None:
        rows.append(row)
        lows.append(low)
        highs.append(high)

    day_of = np.array([column.day for column in columns])
    for day in range(book.scenario.days):
        row = np.zeros(total)
        row[:count] = day_of == day
        add(row, 1.0, 1.0)
    for number, bound in enumerate(ties.bounds.tolist()):
        row = np.zeros(total)
        row[:count] = [column.takes[number] for column in columns]
        add(row, -highspy.kHighsInf, bound)
    uses = np.array([[c.opening == opening for c in columns] for opening in openings], dtype=float)
    if book.frame.patterns < sum(days):
        for number in range(len(openings)):
            for day in range(book.scenario.days):
                row = np.zeros(total)
                row[:count] = -uses[number] * (day_of == day)
                row[count + number] = 1.0
                add(row, 0.0, highspy.kHighsInf)
        row = np.zeros(total)
        row[count:] = 1.0
        add(row, 0.0, float(book.frame.patterns))
    for unit in book.frame.alike:
        for day in unit[1:]:
            for number in range(len(openings)):
                row = np.zeros(total)
                row[:count] = uses[number] * ((day_of == day) * 1.0 - (day_of == unit[0]))
                add(row, 0.0, 0.0)
    costs = np.zeros(total)
    costs[:count] = [-column.worth for column in columns]
    matrix = np.array(rows)
    solver = dense_program(
        costs, np.zeros(total), np.ones(total), matrix, np.array(lows), np.array(highs)
    )
    whole = np.arange(total, dtype=np.int32)
    kinds = np.full(total, highspy.HighsVarType.kInteger.value, dtype=np.uint8)
    solver.changeColsIntegrality(total, whole, kinds)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    values = np.array(solver.getSolution().col_value)[:count]
    chosen = [column for column, value in zip(columns, values, strict=True) if value > 0.5]
    return sorted(chosen, key=lambda column: column.day)
