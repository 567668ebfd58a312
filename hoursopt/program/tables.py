"""What each slot of a day earns, for every place that it can have in the day's opening.

Demand of an open slot is its own latent demand, and, where the day opens, closes or reopens at it,
the customers whom the closed slots beside it send. Under the rule of `hoursopt.diversion` what an
edge sends depends on that edge alone (on both ends for a closed spell within the day), so two
recursions per draw give all of it. Draws enter here and nowhere else: the program has the same
size for one draw and for ten thousand.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.diversion import DiversionDraws, divert
from hoursopt.evaluate import open_slots
from hoursopt.hours import Spans
from hoursopt.program.means import mean_served
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
    everywhere = np.repeat(np.asarray(open_days, dtype=bool)[:, None], scenario.grid.size, axis=1)
    flow = divert(scenario.walk_in, everywhere, scenario.diversion, scenario.grid.slot_hours)
    return flow.arrivals + flow.online + flow.lost


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


def _earnings(scenario: Scenario, arrivals: Floats, margin: Floats) -> Earnings:
    """Earnings of slots with `arrivals` (R, ...); margin broadcasts to (...)."""
    most, slot_hours = most_on_duty(scenario), scenario.grid.slot_hours
    customers = mean_served(arrivals, most, scenario.service, slot_hours)
    worth = np.asarray(margin)[..., None] + scenario.goodwill
    return Earnings(
        worth * customers - scenario.goodwill * arrivals.mean(axis=0)[..., None], customers
    )


def _away(scenario: Scenario, customers: Floats) -> Away:
    """Value and web orders of `customers` (R, ...) who find the shop closed."""
    online = scenario.diversion.online.reshape(-1, *[1] * (customers.ndim - 1))
    worth = scenario.online_margin * online - scenario.goodwill * (1 - online)
    return Away((worth * customers).mean(axis=0), (online * customers).mean(axis=0))


def day_tables(scenario: Scenario, day: int, present: Floats) -> DayTables:
    """Tables of one day whose latent customers are `present` (R, H)."""
    diversion, slot_hours = scenario.diversion, scenario.grid.slot_hours
    margin = scenario.margin[day]
    first = opening_edge(present, diversion, slot_hours)
    last = closing_edge(present, diversion, slot_hours)
    places = {"plain": present, "first": present + first, "last": present + last}
    if shortest_opening(scenario) == 1:
        places["only"] = present + first + last

    passed = np.concatenate((np.zeros((len(present), 1)), present.cumsum(axis=1)), axis=1)
    every = passed[:, -1:]
    shut_after = np.concatenate((every, every - passed[:, 1:] - last), axis=1)
    tables = DayTables(
        {kind: _earnings(scenario, arrivals, margin) for kind, arrivals in places.items()},
        {
            "opens": _away(scenario, passed[:, :-1] - first),
            "closes": _away(scenario, shut_after),
            "closed": _away(scenario, every[:, 0]),
        },
    )
    if scenario.limits.intervals_per_day == 1:
        return tables
    return _with_spells(scenario, tables, day, present, {"first": first, "last": last})


def _with_spells(
    scenario: Scenario, tables: DayTables, day: int, present: Floats, ends: Mapping[str, Floats]
) -> DayTables:
    """The tables with those of a closed spell within the day."""
    before, after = spell_edges(present, scenario.diversion, scenario.grid.slot_hours)
    places = {
        "before": present[:, :, None] + before,
        "after": present[:, :, None] + after,
    }
    if shortest_opening(scenario) == 1:
        places["first before"] = places["before"] + ends["first"][:, :, None]
        places["last after"] = places["after"] + ends["last"][:, :, None]
    margin = scenario.margin[day][:, None]
    earned = {kind: _earnings(scenario, arrivals, margin) for kind, arrivals in places.items()}
    size = scenario.grid.size
    staying_away = np.zeros((scenario.draws, size, size))
    passed = np.concatenate((np.zeros((len(present), 1)), present.cumsum(axis=1)), axis=1)
    for start, end in itertools.combinations(range(1, size), 2):
        nearer, later = halves(start, end)
        recaptured = before[:, start - 1, nearer] + after[:, end, later]
        staying_away[:, start, end] = passed[:, end] - passed[:, start] - recaptured
    away = {"spell": _away(scenario, staying_away)}
    return DayTables({**tables.earned, **earned}, {**tables.away, **away})


def hours_tables(scenario: Scenario, hours: Sequence[Spans]) -> tuple[DayTables, ...]:
    """Tables of given hours: `plain` slots, and as `closed` all who stay away from the day."""
    slots = open_slots(scenario, tuple(hours))
    flow = divert(scenario.walk_in, slots, scenario.diversion, scenario.grid.slot_hours)
    staying_away = (flow.online + flow.lost).sum(axis=2)
    return tuple(
        DayTables(
            {"plain": _earnings(scenario, flow.arrivals[:, day], scenario.margin[day])},
            {"closed": _away(scenario, staying_away[:, day])},
        )
        for day in range(scenario.days)
    )


def week_tables(
    scenario: Scenario, open_days: Sequence[bool] | None = None
) -> tuple[DayTables, ...]:
    """Tables of each day when these days are open; None: when nobody goes to another day."""
    present = present_customers(scenario, open_days or (True,) * scenario.days)
    return tuple(day_tables(scenario, day, present[:, day]) for day in range(scenario.days))


def halves(start: int, end: int) -> tuple[int, int]:
    """Slots of a closed spell nearer to what lies before it, and the others (a tie goes later)."""
    length = end - start
    return length // 2, length - length // 2
