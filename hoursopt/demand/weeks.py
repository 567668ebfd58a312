"""Totals by week, and the weeks in which the level of trade broke."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_WEEK = 3  # days seen in a week that may tell of the level
# A break is a step of the level, and no mood: both sides of it last, and it is large. Less strict a
# rule made forecasts worse (measured: a step of .25 harmed, one of .5 helped).
LEAST_STEP, LEAST_SIDE, NEAR_SIDE = 0.5, 3, 8
MOST_BREAKS = 4
HOLDS, CLEAR = 0.85, 2.5  # share of weeks on their side; step against the spread of weeks


@dataclass(frozen=True)
class Weekly:
    """Totals by week, arrays (W,): log of counts over expected on ordinary days, their noise.

    days: ordinary days seen. noise: sd of the log by chance. stray: (W,) sd of the log by what each
    day brings, from the days around their own week.
    """

    level: Floats
    noise: Floats
    stray: Floats
    days: NDArray[np.intp]

    @property
    def usual(self) -> NDArray[np.bool_]:
        """(W,) weeks with days enough to tell of the level."""
        return self.days >= LEAST_WEEK


def weekly_totals(
    week: NDArray[np.intp], plain: NDArray[np.bool_], counts: Floats, expected: Floats
) -> Weekly:
    """Add up counts (N,) over `expected` (N,) of the `plain` days of each week; `week` (N,)."""
    size = int(week[-1]) + 1
    seen = np.bincount(week, np.where(plain, counts, 0.0), size)
    hoped = np.bincount(week, np.where(plain, expected, 0.0), size)
    days = np.bincount(week, plain, size).astype(int)
    level = np.log((seen + 0.5) / (hoped + 0.5))
    mean = np.where(plain, expected * np.exp(level[week]), 1.0)
    excess = np.where(plain, (counts - mean) ** 2 - mean, 0.0).sum()
    freedom = max(1 - np.count_nonzero(days) / max(days.sum(), 1), 0.1)
    alpha = max(excess / max((mean[plain] ** 2).sum(), 1e-9) / freedom, 0.0)
    return Weekly(level, 1 / np.sqrt(hoped + 0.5), np.sqrt(alpha / np.maximum(days, 1)), days)


def find_steps(weekly: Weekly) -> tuple[int, ...]:
    """Weeks in which the level broke for good or for some weeks, found one after the other.

    A break must part two runs of weeks by more than `LEAST_STEP` in the log of their medians, hold
    in (nearly) every week of both runs, and be no chance of small counts.
    """
    level, noise, usual = weekly.level, weekly.noise, weekly.usual
    size = level.size
    steps: list[int] = []
    while len(steps) < MOST_BREAKS:
        edges = [0, *sorted(steps), size]
        best, gain = -1, 0.0
        for start, end in pairwise(edges):
            for at in range(start + LEAST_SIDE, end - LEAST_SIDE + 1):
                clear = _clearness(level, noise, usual, start, at, end)
                if clear > gain:
                    best, gain = at, clear
        if best < 0:
            break
        steps.append(best)
    return tuple(sorted(steps))


def _clearness(
    level: Floats, noise: Floats, usual: NDArray[np.bool_], start: int, at: int, end: int
) -> float:
    """How clearly the level broke at a week, within the weeks [start, end); 0 for not at all."""
    before = np.flatnonzero(usual[max(start, at - NEAR_SIDE) : at]) + max(start, at - NEAR_SIDE)
    after = np.flatnonzero(usual[at : min(end, at + NEAR_SIDE)]) + at
    if min(before.size, after.size) < LEAST_SIDE:
        return 0.0
    low, high = np.median(level[before]), np.median(level[after])
    step = float(high - low)
    # What each side's own weeks stray from their median, and what chance alone would make of them.
    stray = np.concatenate([level[before] - low, level[after] - high])
    spread = float(np.sqrt(np.mean(stray**2) + np.median(noise[[*before, *after]]) ** 2))
    middle = (low + high) / 2
    sides = np.concatenate([(middle - level[before]) * step, (level[after] - middle) * step]) > 0
    if abs(step) <= LEAST_STEP or not sides.mean() >= HOLDS or abs(step) < CLEAR * spread:
        return 0.0
    return abs(step) / spread
