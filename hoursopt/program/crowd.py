"""Who comes to each slot of a day, and who stays away: customers only, no money.

Demand of an open slot is its own latent demand, and, where the day opens, closes or reopens at it,
the customers whom the closed slots beside it send. Under the rule of `hoursopt.diversion` what an
edge sends depends on that edge alone (on both ends for a closed spell within the day), so two
recursions per draw give all of it. Draws enter here and nowhere else: the program has the same
size for one draw and for ten thousand.

This is most of the work of a plan's tables, and a week is planned again and again with other
margins, wages, costs and rules. So the latest crowds are kept, by the content of all that they hang
on, with what was asked of them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from hoursopt.diversion import DiversionDraws, between_days, day_shares
from hoursopt.response import served
from hoursopt.scenario import mean_of
from hoursopt.shop import Service

Floats = NDArray[np.float64]
Days = tuple[bool, ...]

KEPT = 8
"""Crowds kept: the seasons of a shop or two."""


@dataclass(frozen=True)
class Coming:
    """Means over draws of those who come (...), and of those served by n people (..., n)."""

    arrivals: Floats
    served: Floats


@dataclass(frozen=True)
class Staying:
    """Means over draws of those who find the shop closed and do not come later, and their orders.

    orders: in the web shop.
    """

    customers: Floats
    orders: Floats


@dataclass(frozen=True)
class DayCrowd:
    """One day by what borders on its slots; kinds and axes as in `tables.DayTables`."""

    coming: Mapping[str, Coming]
    staying: Mapping[str, Staying]


@dataclass(frozen=True)
class Crowd:
    """The customers of a week, (R, N, H) draws; tables of its days are made once asked for.

    most: people on duty up to whom the served are told. single: whether an opening of one slot is
    told, spells: whether closed spells within the day are. weights: as in `Scenario`.
    """

    walk_in: Floats
    diversion: DiversionDraws
    service: Service
    slot_hours: float
    most: int
    single: bool
    spells: bool
    weights: Floats | None = None
    _days: dict[tuple[int, bool, tuple[float, ...]], DayCrowd] = field(default_factory=dict)
    _sent: dict[int, DayCrowd] = field(default_factory=dict)

    def day(self, day: int, open_days: Days) -> DayCrowd:
        """A day's customers when these days are open."""
        shares = day_shares(np.array(open_days))
        # Who sends to an open day, and to whom a closed one sends, is all that changes it.
        near = shares[:, day] if open_days[day] else shares[day]
        key = day, open_days[day], tuple(near.tolist())
        if key not in self._days:
            present = between_days(self.walk_in, np.array(open_days), self.diversion)[0]
            self._days[key] = self._of_places(present[:, day])
        return self._days[key]

    def sent(self, day: int) -> DayCrowd:
        """What comes to a day, and stays away from it, if all of `next_day` of another moved there.

        Leading axis: the other day. Everyone is served: a queue only takes from them, so `served`
        is empty. Kinds of one opening a day.
        """
        if day not in self._sent:
            totals = self.walk_in.sum(axis=2)  # (R, N)
            mine = totals[:, day, None]
            growth = np.divide(totals, mine, out=np.zeros_like(totals), where=mine > 0)
            growth = growth * self.diversion.next_day[:, None]
            plain = dataclasses.replace(self, spells=False)
            coming, staying = plain._places(self.walk_in[:, day])

            if self.weights is None:
                growth = growth / len(growth)
            else:
                growth = growth * self.weights[:, None]

            def mean(customers: Floats, weight: Floats = growth) -> Floats:
                found: Floats = np.tensordot(weight, customers, axes=(0, 0))
                return found

            online = growth * self.diversion.online[:, None]
            nobody = np.zeros(0)
            self._sent[day] = DayCrowd(
                {kind: Coming(mean(customers), nobody) for kind, customers in coming.items()},
                {
                    kind: Staying(mean(customers), mean(customers, online))
                    for kind, customers in staying.items()
                },
            )
        return self._sent[day]

    def _of_places(self, present: Floats) -> DayCrowd:
        """Means for a day whose latent customers are `present` (R, H)."""
        coming, staying = self._places(present)
        people = np.arange(self.most + 1)

        def served_of(arrivals: Floats) -> Floats:
            by_people = served(arrivals[..., None], people, self.service, self.slot_hours)
            return mean_of(by_people, self.weights)

        return DayCrowd(
            {
                kind: Coming(mean_of(arrivals, self.weights), served_of(arrivals))
                for kind, arrivals in coming.items()
            },
            {
                kind: staying_means(away, self.diversion, self.weights)
                for kind, away in staying.items()
            },
        )

    def _places(self, present: Floats) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Draws of those who come to a slot, and of those who stay away, by kind."""
        first = opening_edge(present, self.diversion, self.slot_hours)
        last = closing_edge(present, self.diversion, self.slot_hours)
        coming = {"plain": present, "first": present + first, "last": present + last}
        if self.single:
            coming["only"] = present + first + last
        passed = np.concatenate((np.zeros((len(present), 1)), present.cumsum(axis=1)), axis=1)
        every = passed[:, -1:]
        staying = {
            "opens": passed[:, :-1] - first,
            "closes": np.concatenate((every, every - passed[:, 1:] - last), axis=1),
            "closed": every[:, 0],
        }
        if not self.spells:
            return coming, staying
        before, after = spell_edges(present, self.diversion, self.slot_hours)
        coming["before"] = present[:, :, None] + before
        coming["after"] = present[:, :, None] + after
        if self.single:
            coming["first before"] = coming["before"] + first[:, :, None]
            coming["last after"] = coming["after"] + last[:, :, None]
        size = present.shape[1]
        away = np.zeros((len(present), size, size))
        for start, end in itertools.combinations(range(1, size), 2):
            nearer, later = halves(start, end)
            recaptured = before[:, start - 1, nearer] + after[:, end, later]
            away[:, start, end] = passed[:, end] - passed[:, start] - recaptured
        staying["spell"] = away
        return coming, staying


def staying_means(
    customers: Floats, diversion: DiversionDraws, weights: Floats | None = None
) -> Staying:
    """Means of `customers` (R, ...) who find the shop closed."""
    online = diversion.online.reshape(-1, *[1] * (customers.ndim - 1))
    return Staying(mean_of(customers, weights), mean_of(online * customers, weights))


def opening_edge(present: Floats, diversion: DiversionDraws, slot_hours: float) -> Floats:
    """(R, H) customers of earlier slots who come at slot a when the day opens there."""
    fade = np.exp(-slot_hours / diversion.reach_hours)
    edge = np.zeros_like(present)
    for slot in range(1, present.shape[1]):
        earlier = edge[:, slot - 1] + diversion.recaptured * present[:, slot - 1]
        edge[:, slot] = fade * earlier
    return edge


def closing_edge(present: Floats, diversion: DiversionDraws, slot_hours: float) -> Floats:
    """(R, H) customers of later slots who come at slot h when it is the last before closing."""
    return opening_edge(present[:, ::-1], diversion, slot_hours)[:, ::-1]


def spell_edges(
    present: Floats, diversion: DiversionDraws, slot_hours: float
) -> tuple[Floats, Floats]:
    """(R, H, M) customers of a closed spell who come at slot h: those of the m slots next to it.

    The first array is for spells that begin after h, the second for spells that end before it; m
    runs from 0 to half a day.
    """
    count = present.shape[1]
    reach = count // 2 + 1
    fade = np.exp(-slot_hours / diversion.reach_hours)
    before = np.zeros((*present.shape, reach))
    after = np.zeros_like(before)
    for m in range(1, reach):
        share = (diversion.recaptured * fade**m)[:, None]
        before[:, :, m] = before[:, :, m - 1]
        before[:, : count - m, m] += share * present[:, m:]
        after[:, :, m] = after[:, :, m - 1]
        after[:, m:, m] += share * present[:, : count - m]
    return before, after


def halves(start: int, end: int) -> tuple[int, int]:
    """Slots of a closed spell nearer to what lies before it, and the others (a tie goes later)."""
    length = end - start
    return length // 2, length - length // 2


_kept: OrderedDict[tuple[object, ...], Crowd] = OrderedDict()
_turn = Lock()


def kept_crowd(crowd: Crowd) -> Crowd:
    """The crowd itself, or one of the same content that is kept."""
    key = _content(crowd)
    with _turn:
        found = _kept.setdefault(key, crowd)
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _content(crowd: Crowd) -> tuple[object, ...]:
    """What a crowd is made of, arrays by their digests."""
    draws = crowd.diversion
    arrays = (crowd.walk_in, *(getattr(draws, part.name) for part in dataclasses.fields(draws)))
    return (
        *(_digest(array) for array in arrays),
        crowd.walk_in.shape,
        crowd.service.minutes_per_customer,
        crowd.service.patience_minutes,
        crowd.slot_hours,
        crowd.most,
        crowd.single,
        crowd.spells,
        None if crowd.weights is None else _digest(crowd.weights),
    )


def _digest(array: Floats) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(array).data).digest()
