"""Where customers of closed slots go: the one place that says it, for fit, program and simulator.

Arrays only. R draws, N days in a row (7: a week that repeats), H slots a day. Customers choose; the
rule is DESIGN part 3: the nearest open slot of the same trading day with probability
`recaptured * exp(-distance / reach_hours)` (a tie goes to the later slot), of the others `online`
buys in the web shop, the rest are lost; `next_day` of a closed day's customers come on the nearest
open days.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FURTHEST_DAY = 2


@dataclass(frozen=True)
class DiversionDraws:
    """Draws of the diversion's parameters, each of shape (R,); `reach_hours` in hours."""

    recaptured: Floats
    reach_hours: Floats
    next_day: Floats
    online: Floats

    def replace(self, **changes: Floats) -> DiversionDraws:
        """A copy with other draws."""
        return dataclasses.replace(self, **changes)


@dataclass(frozen=True)
class Flow:
    """What becomes of latent demand under given hours; customers, each array (R, N, H).

    `own` and `moved` stand in the slot in which they arrive (zero in closed slots), `online` and
    `lost` in the slot in which they wanted to come. `moved` holds those of closed slots and closed
    days. Over the days: sum of latent demand = own + moved + online + lost.
    """

    own: Floats
    moved: Floats
    online: Floats
    lost: Floats

    @property
    def arrivals(self) -> Floats:
        """Customers who come through the door."""
        return self.own + self.moved


def nearest_open(open_slots: Flags) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each slot of a day (H,) the nearest open slot and its distance in slots.

    An open slot is its own nearest. Where no slot is open both arrays hold -1.
    """
    slots = np.arange(open_slots.size)
    open_at = np.flatnonzero(open_slots)
    if open_at.size == 0:
        return np.full(slots.size, -1), np.full(slots.size, -1)
    after = np.searchsorted(open_at, slots)
    later = open_at[np.minimum(after, open_at.size - 1)]
    earlier = open_at[np.maximum(after - 1, 0)]
    to_later, to_earlier = np.abs(later - slots), np.abs(slots - earlier)
    take_later = to_later <= to_earlier
    # A slot after the last opening has no later one: its "later" is the last opening itself.
    return np.where(take_later, later, earlier), np.where(take_later, to_later, to_earlier)


def day_shares(open_days: Flags) -> Floats:
    """(N, N) shares in which a closed day's next-day customers go to open days; rows sum to 1 or 0.

    Half to the nearest open day before and half to the one after; all to one where the other is
    further than two days; nobody where both are. Seven days repeat as a week, others do not.
    """
    count = open_days.size
    shares = np.zeros((count, count))
    for day in np.flatnonzero(~open_days):
        found = nearest_open_days(open_days, int(day), repeats=count == 7)
        for other in found:
            shares[day, other] += 1 / len(found)
    return shares


def nearest_open_days(open_days: Flags, day: int, *, repeats: bool) -> list[int]:
    """The nearest open day before and after a day, those within `FURTHEST_DAY` days.

    `repeats`: the days are a week that follows itself.
    """
    found = []
    for step in (-1, 1):
        reach = [day + step * distance for distance in range(1, FURTHEST_DAY + 1)]
        if repeats:
            reach = [other % open_days.size for other in reach]
        inside = [other for other in reach if 0 <= other < open_days.size and open_days[other]]
        found += inside[:1]
    return found


def between_days(
    walk_in: Floats, open_days: Flags, diversion: DiversionDraws
) -> tuple[Floats, Floats]:
    """Latent customers (R, N, H) once those of closed days have gone to open ones.

    With it (R, N) what came to each open day from others, as a share of its own.
    """
    shares = day_shares(open_days)
    totals = walk_in.sum(axis=2)  # (R, N)
    # A day without demand has no shape in which to take others in: nobody goes there.
    takes = np.where(totals > 0, 1.0, 0.0)
    reachable = shares[None] * takes[:, None, :]
    leaving = diversion.next_day[:, None] * totals * reachable.sum(axis=2)
    coming = np.einsum("rd,rde->re", diversion.next_day[:, None] * totals, reachable)
    growth = np.divide(coming, totals, out=np.zeros_like(totals), where=totals > 0)  # phi (R, N)
    staying = 1 - np.divide(leaving, totals, out=np.zeros_like(totals), where=totals > 0)
    return walk_in * np.where(open_days, 1 + growth, staying)[:, :, None], growth


def divert(
    walk_in: Floats, open_slots: Flags, diversion: DiversionDraws, slot_hours: float
) -> Flow:
    """Flow of latent demand `walk_in` (R, N, H) when `open_slots` (N, H) are open."""
    open_days: Flags = np.any(open_slots, axis=1)
    present, growth = between_days(walk_in, open_days, diversion)

    own = walk_in * open_slots
    moved = walk_in * open_slots * growth[:, :, None]
    recaptured = np.zeros_like(walk_in)
    for day in np.flatnonzero(open_days):
        target, distance = nearest_open(open_slots[day])
        closed = np.flatnonzero(~open_slots[day])
        fade = np.exp(-distance[closed] * slot_hours / diversion.reach_hours[:, None])
        share = diversion.recaptured[:, None] * fade
        recaptured[:, day, closed] = present[:, day, closed] * share
        for slot in np.unique(target[closed]):
            from_slots = closed[target[closed] == slot]
            moved[:, day, slot] += recaptured[:, day, from_slots].sum(axis=1)
    left = np.where(open_slots, 0.0, present - recaptured)
    online = left * diversion.online[:, None, None]
    return Flow(own, moved, online, left - online)
