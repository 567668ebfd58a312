"""Days that looked alike to the customer: same season, weekday and opening, put together.

Given each day's own factor, the counts of such days add up without loss: the fit of the hourly
surface sees some hundred regimes instead of some ten thousand rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.diversion import nearest_open, nearest_open_days
from hoursopt.observations import Channel, Observations

Floats = NDArray[np.float64]

# A slot counts as open to the customer when at least this share of it was.
OPEN_SHARE = 0.25
CHANGED_DAYS = 20  # days under other hours from which on a change can be seen


@dataclass(frozen=True)
class Regimes:
    """G kinds of days, and which kind each of N days is.

    of_day: (N,) regime of each day. season, weekday: (G,). open_slots: (G, H). target, distance:
    (G, H) nearest open slot and its distance in slots, -1 on closed days. received: (G, 7) mean
    share of the next-day customers of each closed weekday that come on such a day. leaving: (G,)
    mean share of a closed day's next-day customers who find an open day near.
    """

    of_day: NDArray[np.intp]
    season: NDArray[np.intp]
    weekday: NDArray[np.intp]
    open_slots: NDArray[np.bool_]
    target: NDArray[np.intp]
    distance: NDArray[np.intp]
    received: Floats
    leaving: Floats

    @property
    def count(self) -> int:
        """Number of regimes G."""
        return self.season.size

    def changes(self) -> tuple[bool, bool]:
        """Whether hours, and whether whole days of opening, changed for long enough to teach.

        Only days of one weekday and season are compared: else the curve differs anyway.
        """
        size = np.bincount(self.of_day, minlength=self.count)
        any_open = self.open_slots.any(axis=1)
        edges = whole = 0
        for key in {(int(s), int(w)) for s, w in zip(self.season, self.weekday, strict=True)}:
            alike = (self.season == key[0]) & (self.weekday == key[1])
            opened = np.sort(size[alike & any_open])
            edges += int(opened[:-1].sum())
            whole += min(int(opened.sum()), int(size[alike & ~any_open].sum()))
        return edges >= CHANGED_DAYS, whole >= CHANGED_DAYS

    def sums(self, values: Floats, days: NDArray[np.bool_]) -> Floats:
        """(G, H) sums over the days marked, of values (N, H)."""
        totals = np.zeros((self.count, values.shape[1]))
        np.add.at(totals, self.of_day[days], values[days])
        return totals


def find_regimes(
    observations: Observations, season: NDArray[np.intp], weekday: NDArray[np.intp]
) -> Regimes:
    """Group the days; `season` (N,) and the `weekday` (N,) whose curve each day follows."""
    open_slots = observations.opened >= OPEN_SHARE
    keys = [
        (int(s), int(w), row.tobytes())
        for s, w, row in zip(season, weekday, open_slots, strict=True)
    ]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    of_day = np.array([numbers[key] for key in keys])
    first = np.array([keys.index(key) for key in numbers])
    near = [nearest_open(open_slots[day]) for day in first]
    received, leaving = _next_day(np.any(open_slots, axis=1), observations.weekdays)
    size = np.bincount(of_day).astype(float)
    mean_received = np.zeros((first.size, 7))
    np.add.at(mean_received, of_day, received)
    return Regimes(
        of_day,
        season[first],
        weekday[first],
        open_slots[first],
        np.array([target for target, _ in near]),
        np.array([distance for _, distance in near]),
        mean_received / size[:, None],
        np.bincount(of_day, leaving) / size,
    )


def _next_day(open_days: NDArray[np.bool_], weekday: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Per day: shares received from each closed weekday (N, 7); whether a closed day can send."""
    count = open_days.size
    received, leaving = np.zeros((count, 7)), np.zeros(count)
    for day in np.flatnonzero(~open_days):
        found = nearest_open_days(open_days, int(day), repeats=False)
        for other in found:
            received[other, weekday[day]] += 1 / len(found)
        leaving[day] = float(bool(found))
    return received, leaving


@dataclass(frozen=True)
class CellCounts:
    """Counts of one channel by regime and slot (G, H), and the exposure they came from.

    `exposure` is in days of the cell's mean rate; `shop_exposure`, for the web shop, the same in
    days of the shop's latent demand (its diverted customers follow the shop's day factors).
    spread: overdispersion of the count for each unit of the cell's mean rate, so that
    Var = mean (1 + spread rate). together: slots counted as one.
    """

    counts: Floats
    exposure: Floats
    shop_exposure: Floats
    spread: Floats
    together: int = 1


def count_cells(
    channel: Channel,
    regimes: Regimes,
    days: NDArray[np.bool_],
    weight: Floats,
    factor: Floats,
    shop_factor: Floats,
    overdispersion: Floats,
) -> CellCounts:
    """Add up a channel over `days` (N,), each slot with its `weight` and factors (N, H).

    overdispersion: (H,) of a slot's count on a day.
    """
    weighted = channel.exposure * weight
    exposure = regimes.sums(weighted * factor, days)
    squared = regimes.sums(weighted * channel.exposure * factor**2, days)
    return CellCounts(
        regimes.sums(np.where(channel.exposure > 0, channel.counts, 0.0) * weight, days),
        exposure,
        regimes.sums(weighted * shop_factor, days),
        overdispersion * squared / np.where(exposure > 0, exposure, 1.0),
        channel.together,
    )
