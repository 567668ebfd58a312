"""A figure that is not known for certain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A mean with its 80 % range."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, draws: Floats) -> Estimate:
        """Mean and range of draws (R,)."""
        low, high = np.quantile(draws, (0.1, 0.9))
        return cls(float(draws.mean()), float(low), float(high))
