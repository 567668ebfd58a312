"""Rates of slots shrunk towards their common mean, each by its own noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shrunk:
    """Rates (H,) around `overall`, and the relative standard deviation (H,) of what is left open.

    `between`: relative variance of true rates between slots, as the data tell it.
    """

    overall: float
    rates: Floats
    relative_sd: Floats
    between: float


def shrunk_rates(amounts: Floats, sizes: Floats, variation: float) -> Shrunk:
    """Rates amount : size of each slot, from sums (H,); the sums of sizes must be above 0.

    variation: relative variance of a rate of size 1, so that a slot of size n has the noise
    variation / n. James-Stein with the spread between slots by the method of moments; a slot
    without size gets the common rate and the whole spread as its uncertainty.
    """
    total = float(sizes.sum())
    overall = float(amounts.sum()) / total
    seen = sizes > 0
    deviation = np.zeros(sizes.size)
    deviation[seen] = amounts[seen] / sizes[seen] / overall - 1
    freedom = max(int(seen.sum()) - 1, 0)
    between = max(float(sizes @ deviation**2 - variation * freedom) / total, 0.0)
    noise = np.divide(variation, sizes, out=np.full(sizes.size, np.inf), where=seen)
    # `between` + `noise` is infinite, never zero, in a slot without size.
    keep = between / np.maximum(between + noise, 1e-12)
    rates: Floats = overall * np.maximum(1 + keep * deviation, 0.0)
    return Shrunk(overall, rates, np.sqrt(between * (1 - keep)), between)
