"""What became of those who wanted to come in each hour: the ledger of wanted customers.

`evaluate.SlotLedger` counts people where they came; here each stands in the hour in which he wanted
to come, so every hour tells by itself who was served, went elsewhere or was lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.diversion import day_shares, nearest_open
from hoursopt.evaluate import Assessment, StaffedWeek, open_slots
from hoursopt.plan import Floats, WantedHours
from hoursopt.scenario import Scenario


@dataclass(frozen=True)
class _Fate:
    """Of one who wants to come in a slot, the share that ends up so; arrays (R, N, H)."""

    served: Floats
    recaptured: Floats
    online: Floats
    abandoned: Floats


def wanted_hours(scenario: Scenario, week: StaffedWeek) -> WantedHours:
    """The ledger of each hour of a staffed week, by the rule of `diversion.divert`."""
    is_open = open_slots(scenario, week.hours)
    fate = _on_open_days(scenario, week, is_open)
    _of_closed_days(scenario, is_open, fate)
    wanted = scenario.walk_in
    served, recaptured, online, abandoned = (
        (wanted * share).mean(axis=0)
        for share in (fate.served, fate.recaptured, fate.online, fate.abandoned)
    )
    everyone: Floats = wanted.mean(axis=0)
    lost: Floats = np.maximum(everyone - served - online - abandoned, 0.0)
    return WantedHours(everyone, served, recaptured, online, abandoned, lost)


def _on_open_days(scenario: Scenario, week: StaffedWeek, is_open: NDArray[np.bool_]) -> _Fate:
    """Fates on days that open; those of closed days are still 0."""
    found = Assessment(scenario, week)
    arrivals, zero = found.flow.arrivals, np.zeros_like(scenario.walk_in)
    share = np.divide(found.served, arrivals, out=np.ones_like(arrivals), where=arrivals > 0)
    fate = _Fate(zero.copy(), zero.copy(), zero.copy(), zero.copy())
    parameters = scenario.diversion
    for day in np.flatnonzero(is_open.any(axis=1)):
        here, there = np.flatnonzero(is_open[day]), np.flatnonzero(~is_open[day])
        fate.served[:, day, here] = share[:, day, here]
        fate.abandoned[:, day, here] = 1 - share[:, day, here]
        target, distance = nearest_open(is_open[day])
        hours = distance[there] * scenario.grid.slot_hours
        moved = parameters.recaptured[:, None] * np.exp(-hours / parameters.reach_hours[:, None])
        then = share[:, day, target[there]]
        fate.served[:, day, there] = moved * then
        fate.recaptured[:, day, there] = moved * then
        fate.abandoned[:, day, there] = moved * (1 - then)
        fate.online[:, day, there] = (1 - moved) * parameters.online[:, None]
    return fate


def _of_closed_days(scenario: Scenario, is_open: NDArray[np.bool_], fate: _Fate) -> None:
    """Fates of those who wanted a closed day: of the day to which they go, in its own shape."""
    open_days: NDArray[np.bool_] = np.any(is_open, axis=1)
    totals = scenario.walk_in.sum(axis=2)
    parts = day_shares(open_days)[None] * np.where(totals > 0, 1.0, 0.0)[:, None, :]
    going = scenario.diversion.next_day[:, None, None] * parts  # (R, from, to)
    weights = np.divide(
        scenario.walk_in,
        totals[:, :, None],
        out=np.zeros_like(scenario.walk_in),
        where=totals[:, :, None] > 0,
    )
    there = {
        name: np.einsum("rde,re->rd", going, (weights * getattr(fate, name)).sum(axis=2))
        for name in ("served", "online", "abandoned")
    }
    staying = 1 - going.sum(axis=2)
    for day in np.flatnonzero(~open_days):
        fate.served[:, day] = there["served"][:, day, None]
        fate.recaptured[:, day] = there["served"][:, day, None]
        fate.abandoned[:, day] = there["abandoned"][:, day, None]
        online = there["online"][:, day] + staying[:, day] * scenario.diversion.online
        fate.online[:, day] = online[:, None]
