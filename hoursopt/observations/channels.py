"""One channel's table of counts with exposure, and how a till or a counter becomes one.

A closed slot is never a zero: it has exposure 0 and state CLOSED, and nobody may read its count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from hoursopt.errors import DataError
from hoursopt.hours import Grid
from hoursopt.observations.counting import Intervals, Tally, spread_intervals
from hoursopt.observations.exposure import Flags, alive_share, expected_counts, join_sensors, silent
from hoursopt.observations.outliers import stuck_rows, wild_slots

Floats = NDArray[np.float64]

NORMAL_DAY = 5.0
"""Receipts expected on a day from which on a day without one was no day of trade."""
SENSORS_SEEN = 0.5
"""Share of a counter that must have been seen for its count to be put right."""
GAP_DAYS = 28
"""Days in a row without a count that are told as one gap."""
COARSEST = 120
"""Minutes of the longest interval that still tells one hour from another."""


class State(IntEnum):
    """What a channel could see in a slot."""

    CLOSED = 0
    OPEN = 1
    UNKNOWN = 2


def no_sensors() -> Floats:
    """What stands for the sensors of a channel of one."""
    return np.zeros((0, 0, 0))


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
    together: slots that were counted as one (2: an hour spread over half hours): only their sum is
    known, their parts are equal because nothing tells more.
    sensor_counts, sensor_exposure: (S, N, H) of each sensor by itself where several were added up
    to this channel and each tells something of its own; S is 0 elsewhere.
    """

    counts: Floats
    values: Floats
    exposure: Floats
    state: NDArray[np.int8]
    outside: Floats
    together: int = 1
    sensor_counts: Floats = field(default_factory=no_sensors)
    sensor_exposure: Floats = field(default_factory=no_sensors)


@dataclass(frozen=True)
class Note:
    """Something that was judged and must be told: a text key and its values."""

    key: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Judged:
    """A channel, and the slots (N, H) that were taken out of it as slips.

    wild: counts far beyond any other. stuck: the same figure for too long.
    """

    channel: Channel
    wild: Flags
    stuck: Flags


def till(tally: Tally, could: Floats, slot_minutes: int, *, trades: bool) -> Judged:
    """Channel of stamps: each is a count, and a silence too long for chance is unknown.

    trades: a day without a stamp is no day of trade (receipts; a web shop may well sell nothing).
    """
    wild = wild_slots(tally.counts, could, slot_minutes)
    # What was expected must not come from slips of the weeks around.
    counts, seen = np.where(wild, 0.0, tally.counts), np.where(wild, 0.0, could)
    expected = expected_counts(counts, seen)
    lost = silent(counts, seen, expected)
    if trades:
        nothing = (counts.sum(axis=1) == 0) & (expected.sum(axis=1) >= NORMAL_DAY)
        lost |= nothing[:, None]
    channel = _channel(tally, could, (lost | wild) & (could > 0))
    return Judged(channel, wild, np.zeros_like(wild))


def counter(
    grid: Grid,
    first: int,
    could: Floats,
    real: Floats,
    ordinary: Flags,
    rows: Intervals,
    source: str,
) -> Judged:
    """Channel of a counter: the sum of its sensors, each judged dead or alive by itself.

    could: (N, H) what the counter could see; real: (N, H) real minutes per slot length; ordinary:
    (N,) days that are no holidays or eves. Raises DataError `observe.too_coarse`.
    """
    step = int(np.median(rows.minutes))
    if step > COARSEST:
        raise DataError("observe.too_coarse", source=source, minutes=step, limit=COARSEST)
    counts, seen, outside = [], [], np.zeros(len(could))
    wild, stuck = np.zeros(could.shape, dtype=bool), np.zeros(could.shape, dtype=bool)
    open_only = source == "footfall"
    for sensor in range(int(rows.sensors.max()) + 1):
        own = rows.of_sensor(sensor)
        same = stuck_rows(own)
        if same.any():
            _, minutes = spread_intervals(grid, first, could, own.where(same), open_only=False)
            stuck |= (minutes > 0) & (could > 0)
        tally, delivered = spread_intervals(
            grid, first, could, own.where(~same), open_only=open_only
        )
        # Two rows for one real hour (a clock told wrongly) are two halves of it, not twice as many.
        spare = real * grid.slot_minutes / np.maximum(delivered, 1.0)
        twice = delivered > grid.slot_minutes
        count = tally.counts * np.where(twice, np.minimum(spare, 1.0), 1.0)
        stray = count * (could == 0)
        outside += tally.outside + stray.sum(axis=1)
        count = count - stray
        slips = wild_slots(count, could, grid.slot_minutes)
        wild |= slips
        count, delivered = np.where(slips, 0.0, count), np.where(slips, 0.0, delivered)
        seen.append(alive_share(count, delivered / grid.slot_minutes, could, ordinary))
        counts.append(np.where(seen[-1] > 0, count, 0.0))
    joined, share = join_sensors(np.array(counts), np.array(seen))
    lost = (could > 0) & (share < SENSORS_SEEN)
    channel = _channel(Tally(joined, np.full_like(joined, np.nan), outside), could, lost)
    channel = replace(channel, together=max(1, step // grid.slot_minutes))
    if len(counts) > 1 and not open_only:
        # Doors of one shop are one counter; places along a street are witnesses of their own.
        channel = replace(
            channel, sensor_counts=np.array(counts), sensor_exposure=np.array(seen) * could
        )
    return Judged(channel, wild, stuck)


def channel_notes(source: str, judged: Judged, dates: Sequence[dt.date]) -> list[Note]:
    """Slips; gaps of weeks; other days of which a channel knows nothing, or only a part."""
    channel = judged.channel
    unknown = channel.state == State.UNKNOWN
    known = (channel.state == State.OPEN).any(axis=1)
    notes = []
    for key, slips in (("observe.wild_counts", judged.wild), ("observe.stuck", judged.stuck)):
        days = tuple(date for date, among in zip(dates, slips.max(axis=1), strict=True) if among)
        if days:
            notes.append(Note(key, {"source": source, "count": len(days), "dates": days}))
    slips = judged.wild | judged.stuck
    lost = (unknown & ~slips).any(axis=1)
    for first, last in _gaps(lost & ~known, (channel.state == State.CLOSED).all(axis=1)):
        lost[first : last + 1] = False
        values = {"source": source, "start": dates[first], "end": dates[last]}
        notes.append(Note("observe.gap", {**values, "count": round((last - first + 1) / 7)}))
    for key, days in (
        ("observe.unknown_days", lost & ~known),
        ("observe.unknown_parts", lost & known),
    ):
        told = tuple(date for date, among in zip(dates, days, strict=True) if among)
        if told:
            notes.append(Note(key, {"source": source, "count": len(told), "dates": told}))
    return notes


def _gaps(lost: Flags, closed: Flags) -> list[tuple[int, int]]:
    """First and last day of each long run of lost days, closed days within it or not."""
    runs: list[list[int]] = []
    for day in np.flatnonzero(lost):
        if runs and closed[runs[-1][1] + 1 : day].all():
            runs[-1][1] = int(day)
        else:
            runs.append([int(day), int(day)])
    return [(first, last) for first, last in runs if last - first + 1 >= GAP_DAYS]


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
