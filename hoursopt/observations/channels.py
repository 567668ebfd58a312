"""One channel's table of counts with exposure, and how a till or a counter becomes one.

A closed slot is never a zero: it has exposure 0 and state CLOSED, and nobody may read its count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from hoursopt.errors import DataError
from hoursopt.hours import Grid
from hoursopt.observations.counting import Intervals, Tally, spread_intervals
from hoursopt.observations.exposure import Flags, alive_share, expected_counts, join_sensors, silent

Floats = NDArray[np.float64]

NORMAL_DAY = 5.0
"""Receipts expected on a day from which on a day without one was no day of trade."""
SENSORS_SEEN = 0.5
"""Share of a counter that must have been seen for its count to be put right."""
COARSEST = 120
"""Minutes of the longest interval that still tells one hour from another."""


class State(IntEnum):
    """What a channel could see in a slot."""

    CLOSED = 0
    OPEN = 1
    UNKNOWN = 2


@dataclass(frozen=True)
class Channel:
    """One channel's table, days x slots (N, H).

    counts: customers (receipts), people (footfall, street) or orders; 0 where nothing was seen.
    values: money as in the file, refunds out of it; NaN everywhere if the files carry no amounts.
    exposure: share of the slot's minutes in which a count could have been made, 0 to 1 (2 in the
    doubled hour of a clock change, 0 in the missing one).
    state: `State` of each slot; OPEN exactly where exposure is above 0.
    outside: (N,) counts of each day that fall outside the grid or, for receipts and footfall, into
    closed slots: told by `check`, in no curve.
    """

    counts: Floats
    values: Floats
    exposure: Floats
    state: NDArray[np.int8]
    outside: Floats


@dataclass(frozen=True)
class Note:
    """Something that was judged and must be told: a text key and its values."""

    key: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


def till(tally: Tally, could: Floats, *, trades: bool) -> Channel:
    """Channel of stamps: each is a count, and a silence too long for chance is unknown.

    trades: a day without a stamp is no day of trade (receipts; a web shop may well sell nothing).
    """
    expected = expected_counts(tally.counts, could)
    lost = silent(tally.counts, could, expected)
    if trades:
        nothing = (tally.counts.sum(axis=1) == 0) & (expected.sum(axis=1) >= NORMAL_DAY)
        lost |= nothing[:, None]
    return _channel(tally, could, lost & (could > 0))


def counter(
    grid: Grid,
    first: int,
    could: Floats,
    real: Floats,
    ordinary: Flags,
    rows: Intervals,
    source: str,
) -> Channel:
    """Channel of a counter: the sum of its sensors, each judged dead or alive by itself.

    could: (N, H) what the counter could see; real: (N, H) real minutes per slot length; ordinary:
    (N,) days that are no holidays or eves. Raises DataError `observe.too_coarse`.
    """
    step = int(np.median(rows.minutes))
    if step > COARSEST:
        raise DataError("observe.too_coarse", source=source, minutes=step, limit=COARSEST)
    counts, seen, outside = [], [], np.zeros(len(could))
    for sensor in range(int(rows.sensors.max()) + 1):
        tally, delivered = spread_intervals(
            grid, first, could, rows.of_sensor(sensor), open_only=source == "footfall"
        )
        # Two rows for one real hour (a clock told wrongly) are two halves of it, not twice as many.
        spare = real * grid.slot_minutes / np.maximum(delivered, 1.0)
        twice = delivered > grid.slot_minutes
        count = tally.counts * np.where(twice, np.minimum(spare, 1.0), 1.0)
        stray = count * (could == 0)
        outside += tally.outside + stray.sum(axis=1)
        count = count - stray
        seen.append(alive_share(count, delivered / grid.slot_minutes, could, ordinary))
        counts.append(np.where(seen[-1] > 0, count, 0.0))
    joined, share = join_sensors(np.array(counts), np.array(seen))
    lost = (could > 0) & (share < SENSORS_SEEN)
    return _channel(Tally(joined, np.full_like(joined, np.nan), outside), could, lost)


def channel_notes(source: str, channel: Channel, dates: Sequence[dt.date]) -> list[Note]:
    """The days of which a channel knows nothing, and those of which it knows a part."""
    lost = (channel.state == State.UNKNOWN).any(axis=1)
    known = (channel.state == State.OPEN).any(axis=1)
    notes = []
    for key, days in (
        ("observe.unknown_days", lost & ~known),
        ("observe.unknown_parts", lost & known),
    ):
        told = tuple(date for date, among in zip(dates, days, strict=True) if among)
        if told:
            notes.append(Note(key, {"source": source, "count": len(told), "dates": told}))
    return notes


def _channel(tally: Tally, could: Floats, lost: Flags) -> Channel:
    exposure = np.where(lost, 0.0, could)
    seen = exposure > 0
    state = np.where(lost, State.UNKNOWN, np.where(seen, State.OPEN, State.CLOSED))
    without_money = not np.nansum(np.abs(tally.values))
    return Channel(
        counts=np.where(seen, tally.counts, 0.0),
        values=np.where(without_money, np.nan, np.where(seen, tally.values, 0.0)),
        exposure=exposure,
        state=state.astype(np.int8),
        outside=tally.outside,
    )
