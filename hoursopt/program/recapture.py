"""What a closed day's customers may bring on the open days near it: a bound for the master program.

`next_day` of a closed day's customers come on the nearest open days. Given the set of open days
each day's latent demand is a number and all tables are exact, so the search over sets solves one
program per set. A master program chooses the next set: its tables let nobody move between days,
and each closed day adds a bonus that is never less than what its customers truly add.

The bonus is tight for three reasons. Who receives is known: nine indicators per closed day (nearest
open day one, two or no days before, and after) follow from the open days. A moved customer is
worth the margin of his slot only where the receiving day is open in that slot; in its closed slots
he is worth at most what recapture and the web shop bring. And what he would have brought in the
web shop on the closed day is taken off. Queues are left out, and where a closed slot sends.
Gains of several senders add up to no more than this, because a further customer in a slot never
brings more than the margin.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.diversion import FURTHEST_DAY
from hoursopt.program.cuts import rounded_up
from hoursopt.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bonus:
    """Customers of a closed day on one receiving day, if all of `next_day` came there.

    open_worth and closed_worth: (H,) money of those whose slot is open (closed) there; forgone:
    money that they would bring in the web shop on the closed day.
    """

    open_worth: Floats
    closed_worth: Floats
    forgone: float

    @property
    def most(self) -> float:
        """Money if the receiving day were open in just the slots where that is worth most."""
        return float(np.maximum(self.open_worth, self.closed_worth).sum())


@dataclass(frozen=True)
class Receivers:
    """Nearest open days of a closed day, None where the nearest is too far."""

    before: int | None
    after: int | None

    @property
    def shares(self) -> tuple[tuple[int, float], ...]:
        """Receiving days with the share of the moved customers that each takes."""
        found = [day for day in (self.before, self.after) if day is not None]
        return tuple((day, 1 / len(found)) for day in found)


def near_days(days: int, day: int, step: int) -> list[int]:
    """The days within reach before (step -1) or after (step 1) a day, nearest first."""
    near = [day + step * distance for distance in range(1, FURTHEST_DAY + 1)]
    return [other % 7 for other in near] if days == 7 else [d for d in near if 0 <= d < days]


def receivers(days: int, day: int) -> Iterator[Receivers]:
    """All that a closed day's nearest open days can be."""
    before, after = near_days(days, day, -1), near_days(days, day, 1)
    for pair in itertools.product((*before, None), (*after, None)):
        yield Receivers(*pair)


def customers_move(scenario: Scenario) -> bool:
    """Whether the open days change other days' demand at all."""
    return scenario.days > 1 and bool(scenario.diversion.next_day.max() > 0)


def bonus(scenario: Scenario, closed_day: int, receiver: int) -> Bonus:
    """The greatest worth of the customers of a closed day on one receiving day."""
    diversion = scenario.diversion
    totals = scenario.walk_in.sum(axis=2)  # (R, N)
    takes = totals[:, receiver] > 0
    moved = np.where(takes, diversion.next_day * totals[:, closed_day], 0.0)
    shape = scenario.walk_in[:, receiver] / np.where(takes, totals[:, receiver], 1.0)[:, None]
    margin = scenario.margin[receiver]
    online, goodwill = diversion.online, scenario.goodwill
    web = scenario.online_margin * online - goodwill * (1 - online)
    fade = np.exp(-scenario.grid.slot_hours / diversion.reach_hours)
    # A closed slot is at least one slot away from an open one.
    share = diversion.recaptured * fade
    elsewhere = np.maximum(web, share * margin.max() + (1 - share) * web)
    return Bonus(
        open_worth=rounded_up(scenario.mean(moved[:, None] * shape) * margin),
        closed_worth=rounded_up(
            scenario.mean(np.maximum((moved * elsewhere)[:, None] * shape, 0.0))
        ),
        forgone=float(scenario.mean(moved * web)),
    )
