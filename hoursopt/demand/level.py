"""How the level of trade moves from week to week.

The log level is a sum of four parts that forget at different speeds: a walk that never ends, a
trend that persists for some weeks, spells that pass, and what each week brings of its own. How
large each is decides how far a forecast follows the last weeks; the weeks seen tell it, by marginal
likelihood over a grid with a prior (empirical Bayes; Rasmussen & Williams 2006, chapter 5).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SPELL_WEEKS = 4.0
TREND_WEEKS = 6.0
ANY_LEVEL = 1.0  # variance of the level's constant
MOST_WEEKS = 156
_NUGGET = 1e-6


@dataclass(frozen=True)
class LevelPrior:
    """Standard deviations of the parts: walk and trend per week, spell and own of a week."""

    walk: float = 0.015
    trend: float = 0.005
    spell: float = 0.10
    own: float = 0.03

    def covariance(self, weeks: Floats) -> Floats:
        """(n, n) prior covariance of the log level in `weeks` (n,), counted from the first."""
        parts = zip(_kernels(weeks), (self.walk, self.trend, self.spell, self.own), strict=True)
        covariance: Floats = sum(
            (sd**2 * kernel for kernel, sd in parts), ANY_LEVEL + _NUGGET * np.eye(weeks.size)
        )
        return covariance


USUAL_LEVEL = LevelPrior()

# The grid, and how far from its middle each part may be: log of a factor of about 2.5.
_GRID = {
    "walk": (0.003, 0.008, 0.02, 0.05),
    "trend": (0.0005, 0.005, 0.015, 0.04),
    "spell": (0.02, 0.06, 0.12, 0.25),
    "own": (0.01, 0.03, 0.08, 0.2),
}
_PRIOR_SD = 0.9
_TURNS = 4


def choose_level(weeks: Floats, level: Floats, variance: Floats, known: Floats) -> LevelPrior:
    """The prior that makes the weekly log levels seen most likely.

    weeks: (n,) weeks seen. level: (n,) log of counts over expected. variance: (n,) of their noise.
    known: (n, n) covariance of what else may move them (time of year, steps).
    """
    kept = slice(-MOST_WEEKS, None)
    weeks, level, variance = weeks[kept] - weeks[kept][0], level[kept], variance[kept]
    kernels = _kernels(weeks)
    base = known[kept, kept] + ANY_LEVEL + np.diag(variance + _NUGGET)

    def evidence(told: LevelPrior) -> float:
        sds = [getattr(told, name) for name in _GRID]
        covariance = base + sum(sd**2 * kernel for sd, kernel in zip(sds, kernels, strict=True))
        root = np.linalg.cholesky(covariance)
        white = np.linalg.solve(root, level)
        usual = [getattr(USUAL_LEVEL, name) for name in _GRID]
        far = float(np.sum(np.log(np.array(sds) / np.array(usual)) ** 2)) / _PRIOR_SD**2
        return -float(np.log(np.diag(root)).sum() + (white @ white + far) / 2)

    best, highest = USUAL_LEVEL, evidence(USUAL_LEVEL)
    for _ in range(_TURNS):  # one part after the other, until none gets better
        before = best
        for name, sds in _GRID.items():
            for sd in sds:
                tried = replace(best, **{name: sd})
                if tried != best and (found := evidence(tried)) > highest:
                    best, highest = tried, found
        if best == before:
            break
    return best


def _kernels(weeks: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Covariances at sd 1: walk, trend (an integrated Ornstein-Uhlenbeck process), spell, own."""
    one, two = weeks[:, None], weeks[None, :]
    both, apart = np.minimum(one, two), np.abs(one - two)
    start, tau = np.exp(-one / TREND_WEEKS) + np.exp(-two / TREND_WEEKS), TREND_WEEKS
    trend = 2 * tau * both + tau**2 * (start - np.exp(-apart / tau) - 1)
    return both, trend, np.exp(-apart / SPELL_WEEKS), np.eye(weeks.size)
