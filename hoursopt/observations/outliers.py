"""Counts that cannot be: far beyond any other, or the same figure hour after hour.

Such slots are unknown, and told; the other slots of the day stand unless the day is unusable.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoursopt.observations.counting import Intervals

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WILD_TIMES = 20.0
"""Times a usual busy slot, or a usual day. The greatest day at 17 real counters was 12 usual ones;
a slot of New Year's fireworks was 66 busy ones, but the hours around it were lively too."""
WILD_ANYHOW = 100.0
HOURS_AROUND = 2
LEAST_WILD = 30.0
BUSY_SLOT = 0.9
UNUSABLE = 0.5
"""Share of wild slots among a day's slots with a count from which on the day is not believed."""
STUCK_ROWS = 24
STUCK_COUNT = 3.0
"""Smallest count that does not stay the same for `STUCK_ROWS` intervals by chance."""


def wild_slots(counts: Floats, exposure: Floats, slot_minutes: int) -> Flags:
    """(N, H) slots whose count is a slip of a counter, a till or a file."""
    seen = np.where(exposure > 0, counts, 0.0)
    some = seen > 0
    if not some.any():
        return some
    usual = np.array([np.median(slot[slot > 0]) for slot in seen.T if (slot > 0).any()])
    busy = float(np.quantile(usual, BUSY_SLOT))
    wild = seen > max(WILD_ANYHOW * busy, LEAST_WILD)
    reach = HOURS_AROUND * 60 // slot_minutes
    for day, slot in np.argwhere(~wild & (seen > max(WILD_TIMES * busy, LEAST_WILD))):
        around = np.median(seen[day, max(slot - reach, 0) : slot + reach + 1])
        wild[day, slot] = seen[day, slot] > WILD_TIMES * around
    totals = np.where(wild, 0.0, seen).sum(axis=1)
    day = float(np.median(totals[totals > 0])) if (totals > 0).any() else 0.0
    unusable = totals > max(WILD_TIMES * day, LEAST_WILD)
    unusable |= wild.sum(axis=1) > UNUSABLE * np.maximum(some.sum(axis=1), 2)
    wild |= unusable[:, None] & (exposure > 0)
    return wild


def stuck_rows(rows: Intervals) -> Flags:
    """(rows,) intervals of one sensor that repeat one figure for too long to be people."""
    order = np.argsort(rows.clock, kind="stable")
    counts = rows.counts[order]
    run = np.concatenate(([0], np.cumsum(np.diff(counts) != 0)))
    long_run = np.bincount(run)[run] >= STUCK_ROWS
    found = long_run & (counts >= STUCK_COUNT)
    stuck = np.zeros(counts.size, dtype=bool)
    # A counter that never says anything else is an example, not a defect.
    if found.mean() < 0.5:
        stuck[order] = found
    return stuck
