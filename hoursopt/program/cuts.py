"""Integer-conjugate cuts: the value of a slot, exact at every whole number of staff.

For a slope b >= 0 let height(x) = max over whole n of gain(x, n) - b n, for each outcome x of a
slot (plain, first, last, ...). Then gain(x, n) <= height(x) + b n for every whole n, with equality
where b lies between the gain of one more person and the gain of the last one. Tangents to the
continuous curve would lie above it between whole numbers, and the solver would sit there: they
overstate profit by about one per cent; these cuts do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MONEY_STEP = 1e-4
"""Coefficients are whole multiples of this: smaller ones make HiGHS claim wrong optima."""

SAME_SLOPE = 1e-3


def rounded(money: float) -> float:
    """A coefficient on the money step."""
    return round(float(money) / MONEY_STEP) * MONEY_STEP


def rounded_up(money: Floats) -> Floats:
    """Coefficients on the money step, none below what it was."""
    return np.ceil(money / MONEY_STEP - 1e-6) * MONEY_STEP


def conjugate_cuts(gains: Floats, fewest: int) -> tuple[Floats, Floats]:
    """Slopes (B,) and heights (B, C) of the cuts of a slot with outcomes `gains` (C, n = 0..most).

    The first outcome is the plain slot, whose increments are tried as slopes first. Heights are
    rounded up, so that a bound of the program is a bound of the truth. Where a gain is not concave
    in n the cuts lie above it (its concave hull): then the claim exceeds the ledger, and the check
    outside the solver shows the gap.
    """
    gains = gains[:, fewest:]
    people = np.arange(fewest, fewest + gains.shape[1])
    steps = np.maximum(np.diff(gains, axis=1), 0.0)  # (C, n - 1) gain of one more person
    slopes = [0.0]
    for slope in steps[0]:
        _add(slopes, slope)
    none = np.zeros((len(gains), 1))
    lower = np.concatenate((steps, none), axis=1)
    upper = np.concatenate((none + np.inf, steps), axis=1)
    # Intervals that no slope hits yet, by their upper end: a least set of stabbing points.
    for low, high in sorted(
        zip(lower.ravel().tolist(), upper.ravel().tolist(), strict=True), key=lambda ends: ends[1]
    ):
        if not any(low - MONEY_STEP <= slope <= high + MONEY_STEP for slope in slopes):
            _add(slopes, low if high == np.inf else (low + high) / 2)
    found = np.array(sorted(slopes))
    heights = (gains[None] - found[:, None, None] * people).max(axis=2)
    return found, rounded_up(heights)


def _add(slopes: list[float], slope: float) -> None:
    slope = rounded(slope)
    if all(abs(slope - other) >= SAME_SLOPE for other in slopes):
        slopes.append(slope)
