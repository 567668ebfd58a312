"""The best week that can be made of days staffed before: an integer program over whole days."""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from hoursopt.program.book.book import DayBook
from hoursopt.program.book.pages import Days
from hoursopt.program.book.ties import Column, Ties
from hoursopt.program.dense import dense_program

Floats = NDArray[np.float64]


def whole_days(
    book: DayBook, columns: Sequence[Column], ties: Ties, days: Days
) -> list[Column] | None:
    """One column a day, worth most within ties, days alike and patterns: an integer program."""
    openings = sorted({c.opening for c in columns if c.opening is not None})
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
