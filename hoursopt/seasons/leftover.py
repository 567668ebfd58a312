"""What the fit's waves of the year leave of each part of it: the shape of its days, by the counts.

The fit without seasons knows the time of year by two waves, so a step, as when the tourists come,
is smeared over two months and would be cut in the wrong place. The counts of each part, set against
what was expected of it, tell the rest: a Gaussian process over the clock shrinks them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import Season
from hoursopt.demand import DemandModel
from hoursopt.demand.terms import matern
from hoursopt.observations import Channel, Observations

Floats = NDArray[np.float64]

LEFT_SD = 0.15
LENGTH_HOURS = 3.5
DRAWS = 40
OVERDISPERSION = 0.002  # of a slot's sum over a part: days are not independent of one another
LEAST_EXPECTED = 1e-6


def leftover(observations: Observations, model: DemandModel, seasons: Sequence[Season]) -> Floats:
    """(P, H) factor on the demand of each part `seasons`; 1 on average over its expected counts.

    Only the shape of the day is told: the level of each part the fit knows well. `model` knows one
    season; ordinary dates alone are looked at.
    """
    channel = _door(observations)
    dates, exposure = observations.dates, np.where(channel.exposure > 0, channel.exposure, 0.0)
    hoped = model.forecast(dates, observations.opened, DRAWS).mean * (exposure > 0)
    counts = np.where(exposure > 0, channel.counts, 0.0)
    plain = np.array([date not in model.marks for date in dates])
    inside = np.array([[season.holds(date) for date in dates] for season in seasons]) & plain
    seen, expected = inside @ counts, inside @ hoped  # (P, H)
    # What is wrong with a slot in all parts (a queue, people without a receipt) is no season.
    expected = expected * _ratio(seen.sum(axis=0), expected.sum(axis=0))
    expected = expected * _ratio(seen.sum(axis=1), expected.sum(axis=1))[:, None]
    hours = np.array([model.grid.start(slot) for slot in range(model.grid.size)]) / 60
    prior = matern(hours, LEFT_SD, LENGTH_HOURS)
    factors = np.ones_like(expected)
    for number, (count, mean) in enumerate(zip(seen, expected, strict=True)):
        known = mean > LEAST_EXPECTED
        if not known.any():
            continue
        noise = np.diag(1 / (mean[known] + 1) + OVERDISPERSION)
        gain = prior[:, known] @ np.linalg.inv(prior[np.ix_(known, known)] + noise)
        log = gain @ np.log((count[known] + 1) / (mean[known] + 1))
        factor = np.exp(log)
        factors[number] = factor / (factor @ mean / mean.sum())
    return factors


def _door(observations: Observations) -> Channel:
    """Who came into the shop: receipts, else people through the door."""
    return observations.channels.get("receipts") or observations.channels["footfall"]


def _ratio(seen: Floats, expected: Floats) -> Floats:
    ratio: Floats = np.divide(
        seen, expected, out=np.ones_like(expected), where=expected > LEAST_EXPECTED
    )
    return ratio
