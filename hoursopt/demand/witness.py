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
    by_distance,
    by_group,
    constant,
    correlation,
    matern,
    smooth,
    smooth_by_group,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WitnessClass:
    """Standard deviations of the log ratio: over the clock, by weekday, of the weekend's level."""

    clock: float
    weekday: float
    weekend: float


# Rms drift of the log ratio of street counters (Melbourne, confirmed on Dublin): a counter of the
# same street and kind, the sum of several, any one; of Sundays against working days .33 and .88 for
# a counter alike and the sum. Counters alike have .40 between them, but a till has its own
# customers: those of a bakery, a takeaway and a machine drift from the street most like each by
# .35, .45, .50 over 1, 2, 3 hours, which is .55: `near` stands between. The orders of three web
# shops drift from those tills as far as these drift by themselves (.44, .69, .81): that a till
# stays short of what is usual, its web shop hardly tells. For a ratio is taken to know nothing of
# the till's own curve, the drift that leaves them so little to tell is twice as large; so it is
# over the days of the week (.19 between working days, .42 of the weekend).
CLASSES = {
    "near": WitnessClass(0.50, 0.15, 0.10),
    "area": WitnessClass(0.70, 0.25, 0.70),
    "unknown": WitnessClass(0.90, 0.30, 0.80),
    "online": WitnessClass(1.50, 0.40, 0.90),
    "chain": WitnessClass(0.70, 0.25, 0.50),  # the same trade in another street; no pair to measure
}
RATIO_HOURS = 3.0  # length of the kernel; 3.5 is no better (Melbourne)
# Web orders by clock hour against people in the street on working days: log of the mean ratio of a
# marketplace open round the clock to twelve street counters of two cities, those around 0 at noon.
# People buy online later in the day than they walk; without this an evening's orders would make a
# crowd of the street.
LATER_ONLINE = np.array(
    (
        *(2.5, 2.3, 2.0, 1.4, 1.0, 0.0, -1.0, -0.8, -0.7, 0.0, 0.3, 0.2),
        *(-0.1, -0.1, -0.1, -0.1, -0.2, -0.3, -0.2, 0.2, 0.6, 1.1, 1.4, 1.8),
    )
)
# People pass on their way to work before a shop opens, and few of them buy: what a street has more
# than the shop by hours before the shop's own first hour, and for each further one. Real trades cut
# in their morning stayed behind the street most like them by .40, .71, 1.06 at 1, 2, 3 hours
# (`benchmarks demand --only tills`), streets that stood for shops by nothing at 1 and 2, and by up
# to .3 and .6 at 3 and 4. This stands between them.
EARLY = np.array((0.0, 0.1, 0.2, 0.4, 0.65))
FURTHER_EARLY = 0.25
WEEKEND_PART = 0.6
WEEKDAY_CLOCK_SD = 0.12
SEASON_SD = 0.3
SEASON_CLOCK_PART = 0.4
ELASTICITY_SD = 0.2
OWN_CURVE_SD = 0.4  # how far the shop may lean towards one of several counters (Melbourne)


def class_of(kind: str, counters: int) -> WitnessClass:
    """The class of a witness made of so many counters, each of which may be any.

    Those most alike weigh most, and their drifts average out: with 2, 3, 4 and 6 counters of a city
    drawn by lot ranges of this width held the truth about as often as they said (Melbourne).
    """
    own, near, lone = CLASSES[kind], CLASSES["near"], CLASSES["unknown"]
    if counters < 2:
        return own
    shrink = np.sqrt(counters)
    return WitnessClass(
        min(own.clock, max(near.clock, lone.clock / shrink)),
        min(own.weekday, max(near.weekday, lone.weekday / shrink)),
        min(own.weekend, max(near.weekend, lone.weekend / shrink)),
    )


def log_ratio(
    name: str, cells: Cells, kind: WitnessClass, profile: Floats, others: Floats
) -> list[Term]:
    """Terms of the log ratio witness : shop.

    `profile` (cells,): the witness's own centred log rate; its coefficient is the elasticity, for a
    shop whose peaks are steeper or flatter than the street's. `others` (cells, S): what each of
    several counters has of its own, S 0 where the witness is one.
    """
    at, weights = cells.knots()
    season, weekday = cells.season_of(), cells.weekday_of()
    weekend = weights * (weekday >= 5)[:, None]
    terms = [
        constant(f"{name} level", cells.count, 5.0),
        smooth(f"{name} clock", weights, _drift(at, kind.clock)),
        by_group(f"{name} weekend", (weekday >= 5).astype(int), 2, kind.weekend, tuned=False),
        by_group(f"{name} weekday", weekday, 7, kind.weekday, tuned=False),
        smooth(f"{name} weekend clock", weekend, _drift(at, WEEKEND_PART * kind.clock)),
        smooth_by_group(f"{name} weekday clock", weekday, 7, weights, _drift(at, WEEKDAY_CLOCK_SD)),
        Term(f"{name} elasticity", profile[:, None], np.eye(1) / ELASTICITY_SD**2),
    ]
    if others.shape[1]:
        precision = np.eye(others.shape[1]) / OWN_CURVE_SD**2
        terms.append(Term(f"{name} counters", others, precision))
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


def later_online(cells: Cells) -> Floats:
    """(cells,) prior mean of the log ratio of web orders to the shop, beside its level."""
    middle = cells.hours + (cells.hours[1] - cells.hours[0]) / 2 - 0.5
    day = np.interp(middle, np.arange(24), LATER_ONLINE, period=24)
    return np.tile(day, cells.seasons * 7)


def fewer_buy_early(cells: Cells, own: NDArray[np.bool_]) -> Floats:
    """(cells,) what is added to a street's log ratio before the first slot ever open, `own` (H,).

    An owner opens when hers begin to come; whom the street has before is mostly passing.
    """
    first = np.flatnonzero(own)[0]
    distance = np.maximum(cells.hours[first] - cells.hours, 0.0)
    return np.tile(by_distance(distance, EARLY, FURTHER_EARLY), cells.seasons * 7)


def fewer_buy_late(cells: Cells, own: NDArray[np.bool_], clock_sd: float) -> Floats:
    """(cells,) what is added to a street's log ratio after the last slot ever open, `own` (H,).

    Half the variance that the drift leaves open there, so that the expectation of demand, and not
    its median, keeps to the street. After closing the counters of Melbourne had 1.00, 1.00 and .95
    times the median on average at 1, 2 and 3 hours, and the expectation stood 6, 16 and 31 % above
    the usual one; before opening they had 1.08, 1.18 and 1.16 times the median, which stays.
    """
    last = np.flatnonzero(own)[-1]
    distance = np.maximum(cells.hours - cells.hours[last], 0.0)
    left = clock_sd**2 * (1 - correlation(distance, RATIO_HOURS) ** 2)
    return np.tile(left / 2, cells.seasons * 7)
