"""What each slot of a day earns, for every place that it can have in the day's opening.

Customers come from `hoursopt.program.crowd`; here their money is put on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.diversion import between_days, divert
from hoursopt.evaluate import open_slots
from hoursopt.hours import Spans
from hoursopt.program.crowd import Coming, Crowd, DayCrowd, Staying, kept_crowd, staying_means
from hoursopt.response import served
from hoursopt.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Earnings:
    """Means over draws by number on duty n = 0..most (last axis): money, and customers served."""

    gain: Floats
    served: Floats

    def __getitem__(self, place: int | tuple[int, ...]) -> Earnings:
        return Earnings(self.gain[place], self.served[place])


@dataclass(frozen=True)
class Away:
    """Customers of closed slots who are not recaptured: money, and orders in the web shop."""

    value: Floats
    orders: Floats


@dataclass(frozen=True)
class DayTables:
    """One day's slots as `Earnings` and its closed slots as `Away`, by what borders on them.

    earned: "plain" an open slot between open ones, "first" and "last" of the day, with axes
    (slot, n); "before" a closed spell of which m slots are nearer to this one than to what follows,
    "after" one of which m are, with axes (slot, m, n). Where one slot is a legal opening, so are
    "only" (first and last at once), "first before" and "last after".

    away: of the day when it "opens" at slot [a], "closes" at border [b], has a closed "spell"
    [p, q], or is "closed" [()].
    """

    earned: Mapping[str, Earnings]
    away: Mapping[str, Away]

    def outcome(self, kind: str, slot: int, nearer: int = 0) -> Earnings:
        """Earnings of a slot, (n,)."""
        earned = self.earned[kind]
        return earned[slot] if earned.gain.ndim == 2 else earned[slot, nearer]


def most_on_duty(scenario: Scenario) -> int:
    """The greatest number on duty that heads and limits allow, at least `min_staff`."""
    heads = sum(group.people for group in scenario.staff)
    return max(min(scenario.limits.max_staff, heads), scenario.limits.min_staff)


def shortest_opening(scenario: Scenario) -> int:
    """`min_open_hours` in slots, at least one."""
    slots = scenario.limits.min_open_hours / scenario.grid.slot_hours
    return max(1, int(np.ceil(slots - 1e-9)))


def present_customers(scenario: Scenario, open_days: Sequence[bool]) -> Floats:
    """(R, N, H) latent customers of each day once those of closed days have gone elsewhere."""
    return between_days(scenario.walk_in, np.asarray(open_days, bool), scenario.diversion)[0]


def crowd_of(scenario: Scenario) -> Crowd:
    """The customers of a scenario, or those of another in which the same come."""
    return kept_crowd(
        Crowd(
            scenario.walk_in,
            scenario.diversion,
            scenario.service,
            scenario.grid.slot_hours,
            most_on_duty(scenario),
            single=shortest_opening(scenario) == 1,
            spells=scenario.limits.intervals_per_day > 1,
            weights=scenario.weights,
        )
    )


def day_tables(scenario: Scenario, day: int, crowd: DayCrowd) -> DayTables:
    """Tables of one day with these customers."""
    margin = scenario.margin[day]
    return DayTables(
        {kind: _earnings(scenario, coming, margin) for kind, coming in crowd.coming.items()},
        {kind: away_of(scenario, staying) for kind, staying in crowd.staying.items()},
    )


def _earnings(scenario: Scenario, coming: Coming, margin: Floats) -> Earnings:
    """Earnings of slots (H, ...) with so many customers; margin (H,)."""
    worth = (margin + scenario.goodwill).reshape(-1, *[1] * (coming.served.ndim - 1))
    missed = scenario.goodwill * coming.arrivals[..., None]
    return Earnings(worth * coming.served - missed, coming.served)


def away_of(scenario: Scenario, staying: Staying) -> Away:
    """Money and web orders of those who find the shop closed."""
    worth = scenario.online_margin + scenario.goodwill
    return Away(worth * staying.orders - scenario.goodwill * staying.customers, staying.orders)


def hours_tables(scenario: Scenario, hours: Sequence[Spans]) -> tuple[DayTables, ...]:
    """Tables of given hours: `plain` slots, and as `closed` all who stay away from the day."""
    slots = open_slots(scenario, tuple(hours))
    slot_hours = scenario.grid.slot_hours
    flow = divert(scenario.walk_in, slots, scenario.diversion, slot_hours)
    staying_away = (flow.online + flow.lost).sum(axis=2)
    people = np.arange(most_on_duty(scenario) + 1)
    by_people = served(flow.arrivals[..., None], people, scenario.service, slot_hours)
    arrivals, kept = scenario.mean(flow.arrivals), scenario.mean(by_people)
    return tuple(
        day_tables(
            scenario,
            day,
            DayCrowd(
                {"plain": Coming(arrivals[day], kept[day])},
                {
                    "closed": staying_means(
                        staying_away[:, day], scenario.diversion, scenario.weights
                    )
                },
            ),
        )
        for day in range(scenario.days)
    )


def week_tables(
    scenario: Scenario, open_days: Sequence[bool] | None = None
) -> tuple[DayTables, ...]:
    """Tables of each day when these days are open; None: when nobody goes to another day."""
    crowd, days = crowd_of(scenario), tuple(open_days or (True,) * scenario.days)
    return tuple(day_tables(scenario, day, crowd.day(day, days)) for day in range(scenario.days))
