"""Witnesses of closed hours: channels that count round the clock, and how far each may be trusted.

A witness's log rate is the shop's log latent demand plus a log ratio. The ratio drifts over the
clock with a standard deviation by class of witness, which is never shrunk because the overlap fits
well: over all pairs of street counters the fit inside the open hours hardly told the error outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.terms import (
    Cells,
    Term,
    by_group,
    constant,
    matern,
    smooth,
    smooth_by_group,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WitnessClass:
    """Standard deviations of the log ratio: over the clock, and between weekdays."""

    clock: float
    weekday: float


# Rms drift of the log ratio of street counters (Melbourne, confirmed on Dublin): a counter of the
# same street and kind, the sum of several, any one. Online orders have no measured pair: between.
CLASSES = {
    "near": WitnessClass(0.40, 0.15),
    "area": WitnessClass(0.70, 0.25),
    "unknown": WitnessClass(0.90, 0.30),
    "online": WitnessClass(0.80, 0.25),
}
RATIO_HOURS = 3.0  # length of the kernel; 3.5 is no better (Melbourne)
WEEKEND_PART = 0.6
WEEKDAY_CLOCK_SD = 0.12
SEASON_SD = 0.3
SEASON_CLOCK_PART = 0.4
ELASTICITY_SD = 0.2


def log_ratio(name: str, cells: Cells, kind: WitnessClass, profile: Floats) -> list[Term]:
    """Terms of the log ratio witness : shop.

    `profile` (cells,): the witness's own centred log rate; its coefficient is the elasticity, for a
    shop whose peaks are steeper or flatter than the street's.
    """
    at, weights = cells.knots()
    season, weekday = cells.season_of(), cells.weekday_of()
    weekend = weights * (weekday >= 5)[:, None]
    terms = [
        constant(f"{name} level", cells.count, 5.0),
        smooth(f"{name} clock", weights, _drift(at, kind.clock)),
        by_group(f"{name} weekday", weekday, 7, kind.weekday, tuned=False),
        smooth(f"{name} weekend clock", weekend, _drift(at, WEEKEND_PART * kind.clock)),
        smooth_by_group(f"{name} weekday clock", weekday, 7, weights, _drift(at, WEEKDAY_CLOCK_SD)),
        Term(f"{name} elasticity", profile[:, None], np.eye(1) / ELASTICITY_SD**2),
    ]
    if cells.seasons > 1:
        drift = _drift(at, SEASON_CLOCK_PART * kind.clock)
        terms += [
            by_group(f"{name} season", season, cells.seasons, SEASON_SD, tuned=False),
            smooth_by_group(f"{name} season clock", season, cells.seasons, weights, drift),
        ]
    return terms


def _drift(at: Floats, sd: float) -> Floats:
    """Covariance of the ratio's drift over the clock."""
    return matern(at, sd, RATIO_HOURS)
