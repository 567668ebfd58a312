"""How well the fit foretells days that it has not seen: the last weeks are held back, and come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.model import Band
from hoursopt.shop import Shop

if TYPE_CHECKING:
    from hoursopt.observations import Channel, Observations

Floats = NDArray[np.float64]

HELD_BACK_DAYS = 28
LEAST_PAST_DAYS = 56


@dataclass(frozen=True)
class PastTest:
    """Open days that the fit had not seen, each as it was foretold and as it came.

    dates: (N,) days on which the shop could count. counted: (N,) customers of its open hours.
    foretold: their 80 % range. usual: (N,) the mean of the same weekday in the eight weeks before.
    total: of all days together, foretold.
    """

    dates: tuple[dt.date, ...]
    counted: Floats
    foretold: Band
    usual: Floats
    total: Band

    @property
    def within(self) -> float:
        """Share of the days that came within their range; 0.8 is meant."""
        inside = (self.foretold.low <= self.counted) & (self.counted <= self.foretold.high)
        return float(inside.mean())

    @property
    def error(self) -> float:
        """Mean distance of a day from what was foretold, as a share of a mean day."""
        return self._distance(self.foretold.mean)

    @property
    def usual_error(self) -> float:
        """The same of the mean of the weeks before."""
        return self._distance(self.usual)

    @property
    def total_error(self) -> float:
        """What was foretold for all days together over what came, less one."""
        return float(self.total.mean) / float(self.counted.sum()) - 1

    def _distance(self, of: Floats) -> float:
        return float(np.abs(of - self.counted).mean() / self.counted.mean())


def held_back(observations: Observations, shop: Shop) -> PastTest | None:
    """Fit without the last four weeks, foretell them, and set them against what came.

    None where fewer than eight weeks are left to learn from, or nothing was counted since. The
    hours of the four weeks are taken as known: it is demand that is put to the test. Errors of
    `fit_demand`.
    """
    # A test that is kept is shown without what makes one.
    from hoursopt.demand.channels import shop_channel
    from hoursopt.demand.fit import fit_demand

    count = len(observations.dates) - HELD_BACK_DAYS
    if count < LEAST_PAST_DAYS:
        return None
    channel = shop_channel(observations, shop)
    seen = channel.exposure[count:] > 0
    days = np.asarray(seen.any(axis=1))
    counted = np.where(seen, channel.counts[count:], 0.0).sum(axis=1)[days]
    if counted.sum() <= 0:
        return None
    # A day counts at what could be seen of it; a conversion is part of the exposure.
    opened = np.minimum(channel.exposure[count:], 1.0) * seen
    model = fit_demand(_until(observations, count), shop)
    forecast = model.forecast(observations.dates[count:], opened)
    drawn = forecast.counts.sum(axis=2)[:, days]
    return PastTest(
        dates=tuple(
            date for date, own in zip(observations.dates[count:], days, strict=True) if own
        ),
        counted=counted,
        foretold=Band.of(drawn),
        usual=_usual(channel, observations.weekdays, count)[days],
        total=Band.of(drawn.sum(axis=1)),
    )


def _until(observations: Observations, count: int) -> Observations:
    """The first `count` days."""
    channels = {name: _first(channel, count) for name, channel in observations.channels.items()}
    return replace(
        observations,
        dates=observations.dates[:count],
        opened=observations.opened[:count],
        channels=channels,
        notes=(),
        staff=None if observations.staff is None else observations.staff[:count],
    )


def _first(channel: Channel, count: int) -> Channel:
    return replace(
        channel,
        counts=channel.counts[:count],
        values=channel.values[:count],
        exposure=channel.exposure[:count],
        state=channel.state[:count],
        outside=channel.outside[:count],
        sensor_counts=channel.sensor_counts[:, :count],
        sensor_exposure=channel.sensor_exposure[:, :count],
    )


def _usual(channel: Channel, weekdays: NDArray[np.intp], count: int) -> Floats:
    """(N,) mean of the weekday's last eight days that were counted, for the days from `count`."""
    totals = np.where(channel.exposure > 0, channel.counts, 0.0).sum(axis=1)
    told = np.arange(len(totals)) < count
    told &= (channel.exposure > 0).any(axis=1)
    overall = totals[told].mean()
    means = np.full(7, overall)
    for day in range(7):
        own = totals[told & (weekdays == day)]
        if own.size:
            means[day] = own[-8:].mean()
    usual: Floats = means[weekdays[count:]]
    return usual
