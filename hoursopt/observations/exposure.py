"""What a channel could see: open shares, real minutes, and the silence of a dead counter.

Arrays are days x slots (N, H); `expected` counts come from the neighbouring weeks, so that a quiet
season is no silence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import elapsed_minutes
from hoursopt.hours import Grid, Spans

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SILENCE = 20.0
"""Customers expected in a run of empty slots from which on the run is no chance."""
SILENT_END = 5.0
"""The same for the run at either end: a file that begins or ends in the middle of a day."""
WEAK_DAY = 0.12
"""Share of a usual day below which a counter is taken for dead; measured: 0.10-0.15."""
BUSY_DAY = 30.0
"""People a usual day must have for that."""
NEIGHBOUR_WEEKS = 4
DAYS_TOGETHER = 14
"""Days on which all sensors must have counted in a slot for these days to tell their shares."""


def open_shares(grid: Grid, spans: Sequence[Spans]) -> Floats:
    """(N, H) open share of each slot under the spans of each day."""
    shares = {pattern: grid.shares(pattern) for pattern in set(spans)}
    return np.array([shares[pattern] for pattern in spans], dtype=np.float64)


def real_shares(grid: Grid, dates: Sequence[dt.date], timezone: str) -> Floats:
    """(N, H) real minutes of each slot per slot length: 1, but 0 and 2 at the clock changes."""
    shares = np.ones((len(dates), grid.size))
    zone = ZoneInfo(timezone)
    noons = [dt.datetime.combine(date, dt.time(12), zone).utcoffset() for date in dates]
    after = dt.datetime.combine(dates[-1] + dt.timedelta(days=1), dt.time(12), zone).utcoffset()
    before = dt.datetime.combine(dates[0] - dt.timedelta(days=1), dt.time(12), zone).utcoffset()
    offsets = [before, *noons, after]
    for day, date in enumerate(dates):
        # A trading day may run into the morning on which the clock changes.
        if len(set(offsets[day : day + 3])) > 1:
            minutes = [
                elapsed_minutes(date, grid.slot(slot), timezone) for slot in range(grid.size)
            ]
            shares[day] = np.array(minutes) / grid.slot_minutes
    return shares


def expected_counts(counts: Floats, exposure: Floats) -> Floats:
    """Counts to expect (N, H): the same weekday of four weeks before and after, days seen alive.

    Where those weeks show nothing, the weekday's mean over all time; without that, zero.
    """
    alive = counts.sum(axis=1, keepdims=True) > 0
    seen = np.where(alive, counts, 0.0)
    could = np.where(alive, exposure, 0.0)
    days = len(counts)
    near_seen, near_could = np.zeros_like(seen), np.zeros_like(could)
    for step in range(7, 7 * NEIGHBOUR_WEEKS + 1, 7):
        if step < days:
            for total, part in ((near_seen, seen), (near_could, could)):
                total[step:] += part[:-step]
                total[:-step] += part[step:]
    all_seen, all_could = np.zeros_like(seen), np.zeros_like(could)
    for weekday in range(7):
        all_seen[weekday::7] = seen[weekday::7].sum(axis=0)
        all_could[weekday::7] = could[weekday::7].sum(axis=0)
    near = np.divide(near_seen, near_could, out=np.full_like(seen, np.nan), where=near_could > 0)
    always = np.divide(all_seen, all_could, out=np.zeros_like(seen), where=all_could > 0)
    rates: Floats = np.where(np.isnan(near), always, near)
    return rates * exposure


def silent(counts: Floats, exposure: Floats, expected: Floats) -> Flags:
    """(N, H) slots of runs without a count that are too long to be chance.

    A run may go over several days; of a day it touches only at the edge, a quiet evening before or
    a quiet morning after, it does not take what may well be chance.
    """
    watched = np.flatnonzero(exposure.ravel() > 0)
    found = np.zeros(counts.size, dtype=bool)
    if watched.size == 0:
        return found.reshape(counts.shape)
    empty = counts.ravel()[watched] == 0
    weights = expected.ravel()[watched]
    day = watched // counts.shape[1]
    run = np.concatenate(([0], np.cumsum(empty[1:] != empty[:-1])))
    limits = np.full(run[-1] + 1, SILENCE)
    limits[[0, -1]] = SILENT_END
    long_run = np.bincount(run, weights) >= limits

    new_part = (run[1:] != run[:-1]) | (day[1:] != day[:-1])
    part = np.concatenate(([0], np.cumsum(new_part)))
    slots_of_day = np.bincount(day, minlength=len(counts))[day]
    whole_day = np.bincount(part)[part] == slots_of_day
    long_part = (np.bincount(part, weights) >= SILENT_END)[part]
    found[watched] = empty & long_run[run] & (whole_day | long_part)
    return found.reshape(counts.shape)


def weak_days(counts: Floats, expected: Floats) -> Flags:
    """(N,) days on which a counter saw less than an eighth of what is usual on a busy day."""
    usual = expected.sum(axis=1)
    return (usual >= BUSY_DAY) & (counts.sum(axis=1) < WEAK_DAY * usual)


def alive_share(counts: Floats, delivered: Floats, could: Floats, ordinary: Flags) -> Floats:
    """(N, H) share of each slot that one sensor saw: 0 where it was dead or sent nothing.

    delivered: minutes for which intervals came, as a share of the slot. could: what a counter
    could see. ordinary: (N,) days that are no holidays or eves; the others are quiet in their own
    way, and only their own level tells what to expect of them.
    """
    seen = np.minimum(delivered, 1.0) * (could > 0)
    expected = expected_counts(counts, seen * could)
    usual = expected.sum(axis=1)
    level = np.divide(counts.sum(axis=1), usual, out=np.ones_like(usual), where=usual > 0)
    level = np.where(ordinary, 1.0, np.minimum(level, 1.0))
    dead = silent(counts, seen, expected * level[:, None])
    dead |= (weak_days(counts, expected) & (ordinary | (level == 0)))[:, None]
    return np.where(dead, 0.0, seen)


def join_sensors(counts: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """One counter of several (S, N, H): the sum, and the share (N, H) of it that was seen.

    `seen` holds the share of each slot that a sensor delivered. A sensor that is missing is put
    back by its usual share of the sum in that slot of the day, so the sum never drops silently.
    """
    whole = (seen > 0.99).all(axis=0)
    together = whole.sum(axis=0)
    own = (seen > 0).sum(axis=1)
    usual_together = (counts * whole).sum(axis=1) / np.maximum(together, 1)
    usual_own = (counts * (seen > 0)).sum(axis=1) / np.maximum(own, 1)
    usual = np.where(together >= DAYS_TOGETHER, usual_together, usual_own)  # (S, H)
    total = usual.sum(axis=0)
    weights = np.divide(usual, total, out=np.full_like(usual, 1 / len(counts)), where=total > 0)
    share = (weights[:, None, :] * seen).sum(axis=0)
    summed = (counts * (seen > 0)).sum(axis=0)
    return np.divide(summed, share, out=np.zeros_like(summed), where=share > 0), share
