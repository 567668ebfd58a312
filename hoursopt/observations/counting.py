"""Rows of stamps and intervals onto trading days and slots: arrays in, arrays out.

Days are whole numbers since 1970-01-01, minutes count from 00:00 of the trading day. Arrays of the
result are (N, H): N days from `first` on, H slots of the grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import DAY, Grid, Spans

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BEFORE_OPENING = 15
AFTER_CLOSING = 30


@dataclass(frozen=True)
class Tally:
    """What fell where: counts and values (N, H), and (N,) counts that found no slot."""

    counts: Floats
    values: Floats
    outside: Floats


@dataclass(frozen=True)
class Stamps:
    """Receipts or orders: minutes of the local clock since 1970, and amounts (NaN: none told)."""

    clock: Ints
    amounts: Floats


@dataclass(frozen=True)
class Intervals:
    """Rows of counters: start on the local clock, minutes, count, and number of the sensor."""

    clock: Ints
    minutes: Ints
    counts: Floats
    sensors: Ints

    def of_sensor(self, sensor: int) -> Intervals:
        """The rows of one sensor."""
        return self.where(self.sensors == sensor)

    def where(self, kept: NDArray[np.bool_]) -> Intervals:
        """The rows marked."""
        return Intervals(
            self.clock[kept], self.minutes[kept], self.counts[kept], self.sensors[kept]
        )


def clock_minutes(times: NDArray[np.datetime64]) -> Ints:
    """Whole minutes of the local clock since 1970-01-01 00:00."""
    return times.astype("datetime64[m]").astype(np.int64)


def trading_minutes(grid: Grid, clock: Ints, late: int = 0) -> tuple[Ints, Ints]:
    """Day and minute of the trading day: `Grid.trading_day` for arrays.

    `late` minutes after the end of the grid still belong to the day before: a receipt at 00:05 of a
    shop that closes at midnight.
    """
    days, minutes = clock // DAY, clock % DAY
    night = (minutes < grid.earliest) & (minutes + DAY < grid.latest + late)
    return days - night, minutes + DAY * night


def places(grid: Grid, spans: Spans) -> Ints:
    """For each minute of a trading day the slot that a receipt of that minute belongs to, or -1.

    The customer of a receipt up to half an hour after closing came before closing, and one up to a
    quarter of an hour before opening was let in early.
    """
    slots = np.full(2 * DAY + AFTER_CLOSING, -1, dtype=np.int64)
    for span in spans:
        slots[max(span.start - BEFORE_OPENING, 0) : span.start] = grid.index(span.start)
    for span in spans:
        slots[span.end : span.end + AFTER_CLOSING] = grid.index(span.end - 1)
    for span in spans:
        inside = np.arange(span.start, span.end)
        slots[inside] = (inside - grid.earliest) // grid.slot_minutes
    return np.where(slots < grid.size, slots, -1)


def count_receipts(grid: Grid, first: int, spans: Sequence[Spans], receipts: Stamps) -> Tally:
    """Tally of receipts under the hours of each day; those of closed slots fall outside."""
    patterns = {pattern: number for number, pattern in enumerate(dict.fromkeys(spans))}
    slot_of_minute = np.array([places(grid, pattern) for pattern in patterns])
    pattern_of_day = np.array([patterns[pattern] for pattern in spans])
    days, minutes = trading_minutes(grid, receipts.clock, AFTER_CLOSING)
    known = (days >= first) & (days < first + len(spans))
    days, minutes = days[known] - first, minutes[known]
    slots = slot_of_minute[pattern_of_day[days], minutes]
    return _tally(grid, len(spans), days, slots, np.ones(days.size), receipts.amounts[known])


def count_orders(grid: Grid, first: int, days: int, orders: Stamps) -> Tally:
    """Tally of stamps that may come at any hour; those outside the grid fall outside."""
    day, minutes = trading_minutes(grid, orders.clock)
    known = (day >= first) & (day < first + days)
    slots = (minutes[known] - grid.earliest) // grid.slot_minutes
    return _tally(grid, days, day[known] - first, slots, np.ones(slots.size), orders.amounts[known])


def spread_intervals(
    grid: Grid, first: int, opened: Floats, rows: Intervals, *, open_only: bool
) -> tuple[Tally, Floats]:
    """Tally of interval counts, and the minutes (N, H) for which intervals were delivered.

    A short interval lies in its slot whole; a longer one is spread over its minutes, or, where
    `open_only`, over its open minutes as far as it has any (`opened`: (N, H) open shares).
    """
    clock, minutes = rows.clock, rows.minutes
    step = grid.slot_minutes
    begins = clock // step
    pieces = np.maximum((clock + minutes - 1) // step - begins + 1, 1)
    row = np.repeat(np.arange(clock.size), pieces)
    piece = np.arange(row.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    starts = np.maximum((begins[row] + piece) * step, clock[row])
    ends = np.minimum((begins[row] + piece + 1) * step, (clock + minutes)[row])
    days, minute = trading_minutes(grid, starts)
    slots = (minute - grid.earliest) // step
    known = (days >= first) & (days < first + len(opened))
    inside = known & (slots >= 0) & (slots < grid.size)

    weights = (ends - starts).astype(np.float64)
    if open_only:
        weights_open = np.zeros(weights.size)
        weights_open[inside] = weights[inside] * opened[days[inside] - first, slots[inside]]
        has_open = np.bincount(row, weights_open, clock.size) > 0
        weights = np.where(has_open[row], weights_open, weights)
    whole = np.bincount(row, weights, clock.size)
    shares = weights / np.maximum(whole, 1e-9)[row]

    tally = _tally(
        grid,
        len(opened),
        days[known] - first,
        slots[known],
        (rows.counts[row] * shares)[known],
        (ends - starts).astype(np.float64)[known],
    )
    return Tally(tally.counts, np.full_like(tally.counts, np.nan), tally.outside), tally.values


def _tally(grid: Grid, days: int, day: Ints, slots: Ints, counts: Floats, values: Floats) -> Tally:
    inside = (slots >= 0) & (slots < grid.size)
    cells = day[inside] * grid.size + slots[inside]
    shape = (days, grid.size)

    def total(weights: Floats) -> Floats:
        return np.bincount(cells, weights[inside], days * grid.size).reshape(shape).astype(float)

    outside = np.bincount(day[~inside], counts[~inside], days).astype(float)
    return Tally(total(counts), total(values), outside)
