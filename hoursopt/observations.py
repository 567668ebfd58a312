"""Counts per slot and channel with exposure: what every later step reads.

A closed slot is never a zero: it has exposure 0 and state CLOSED, and nobody may read its count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import Grid

Floats = NDArray[np.float64]


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
    doubled hour of a round-the-clock channel, 0 in the missing one).
    state: `State` of each slot.
    outside: (N,) counts of each day that fall outside the grid or, for receipts, into closed slots:
    told by `check`, in no curve.
    """

    counts: Floats
    values: Floats
    exposure: Floats
    state: NDArray[np.int8]
    outside: Floats


@dataclass(frozen=True)
class Observations:
    """All that was counted, on the shop's grid.

    dates: N trading days without a gap. opened: (N, H) open share of each slot under the hours in
    force. channels: by source name (`receipts`, `footfall`, `orders`, `street`).
    """

    grid: Grid
    dates: tuple[dt.date, ...]
    opened: Floats
    channels: Mapping[str, Channel]

    @property
    def weekdays(self) -> NDArray[np.intp]:
        """Weekday of each day, Monday 0."""
        return np.array([date.weekday() for date in self.dates], dtype=np.intp)
