"""Draws that stay the same on every machine and with every numpy: own transforms of raw PCG64."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LARGEST_MEAN = 200.0


class Chance:
    """A stream of random numbers, named so that one more draw elsewhere does not shift it."""

    def __init__(self, seed: int, stream: str) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(stream.encode())]))

    def uniform(self, *shape: int) -> Floats:
        """Uniform in [0, 1)."""
        raw = self._bits.random_raw(int(np.prod(shape)))
        return (raw >> np.uint64(11)).astype(np.float64).reshape(shape) * 2.0**-53

    def normal(self, *shape: int) -> Floats:
        """Standard normal (Box and Muller)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(*shape)))
        return radius * np.cos(2.0 * np.pi * self.uniform(*shape))

    def lognormal(self, spread: float, *shape: int) -> Floats:
        """Lognormal factors of mean 1."""
        factors: Floats = np.exp(spread * self.normal(*shape) - spread**2 / 2)
        return factors

    def poisson(self, mean: Floats) -> Ints:
        """Poisson counts by search along the distribution function; large means in parts.

        Means are rounded to nine digits, so that the last bit of an `exp`, which differs between
        processors, cannot turn a draw.
        """
        mean = np.round(mean, 9)
        parts = max(1, int(np.ceil(mean.max(initial=0.0) / LARGEST_MEAN)))
        total = np.zeros(mean.shape, dtype=np.int64)
        for _ in range(parts):
            total += self._search(mean / parts)
        return total

    def _search(self, mean: Floats) -> Ints:
        left = self.uniform(mean.size)
        flat = mean.ravel()
        counts = np.zeros(flat.size, dtype=np.int64)
        term = np.exp(-flat)
        below = term.copy()
        active = np.flatnonzero(left >= below)
        step = 0
        # Beyond mean + 40 sd nothing is left but rounding of the distribution function.
        while active.size and step < flat.max() + 40 * np.sqrt(flat.max()) + 40:
            step += 1
            counts[active] = step
            term[active] *= flat[active] / step
            below[active] += term[active]
            active = active[left[active] >= below[active]]
        return counts.reshape(mean.shape)
