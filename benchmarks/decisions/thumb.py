"""The rules by which shopkeepers set hours without a model, from the sales of the past year.

They look at what was sold while open; what was wanted while shut nobody sees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import season_of
from hoursopt.evaluate import open_slots
from hoursopt.hours import Spans
from hoursopt.observations import Observations
from hoursopt.scenario import Scenario
from hoursopt.shop import Shop

Floats = NDArray[np.float64]
Week = tuple[Spans, ...]

LAST_DAYS = 365
LOW_SHARE = 0.2


@dataclass(frozen=True)
class Sales:
    """What a shopkeeper reads off the till for a season: margin (7, H) and cost of an open hour."""

    margin: Floats
    cost: Floats
    day_cost: float


def past_sales(shop: Shop, observations: Observations, scenario: Scenario) -> Sales:
    """Mean margin of each weekday and slot in the season's dates of the past year."""
    channel = observations.channels["receipts"]
    recent = [
        number >= len(observations.dates) - LAST_DAYS
        and season_of(date, shop.seasons).name == scenario.name
        for number, date in enumerate(observations.dates)
    ]
    counts, exposure = np.zeros((2, 7, shop.grid.size))
    for number in np.flatnonzero(recent):
        counts[observations.weekdays[number]] += channel.counts[number]
        exposure[observations.weekdays[number]] += channel.exposure[number]
    mean = np.divide(counts, exposure, out=np.zeros_like(counts), where=exposure > 0)
    cheapest = np.min([group.pay for group in scenario.staff], axis=0)
    cost = scenario.open_slot_cost + scenario.limits.min_staff * cheapest
    return Sales(mean * scenario.margin, cost, scenario.open_day_cost)


def break_even(scenario: Scenario, sales: Sales) -> Week:
    """Shut the first and the last hour as long as it sells less than it costs; shut bad days."""
    return _trimmed(scenario, sales.margin >= sales.cost, sales)


def break_even_both_ways(scenario: Scenario, sales: Sales) -> Week:
    """The same, and where the first or the last hour pays twice its cost, one hour more."""
    hours = break_even(scenario, sales)
    is_open = open_slots(scenario, hours)
    more = is_open.copy()
    for day in range(scenario.days):
        slots = np.flatnonzero(is_open[day])
        if slots.size == 0:
            continue
        pays = sales.margin[day] >= 2 * sales.cost[day]
        if pays[slots[0]] and slots[0] > 0:
            more[day, slots[0] - 1] = True
        if pays[slots[-1]] and slots[-1] + 1 < more.shape[1]:
            more[day, slots[-1] + 1] = True
    return tuple(scenario.grid.spans(day.tolist()) for day in more)


def twenty_per_cent(scenario: Scenario, sales: Sales) -> Week:
    """Shut the first and the last hour as long as it sells less than 20 % of the mean hour."""
    is_open = open_slots(scenario, scenario.today)
    mean = sales.margin[is_open].mean() if is_open.any() else 0.0
    return _trimmed(scenario, sales.margin >= LOW_SHARE * mean, None)


def _trimmed(scenario: Scenario, keep: NDArray[np.bool_], sales: Sales | None) -> Week:
    """Today's hours from the first to the last slot worth keeping of each day."""
    is_open = open_slots(scenario, scenario.today)
    kept = np.zeros_like(is_open)
    for day in range(scenario.days):
        good = np.flatnonzero(is_open[day] & keep[day])
        if good.size == 0:
            continue
        kept[day, good[0] : good[-1] + 1] = is_open[day, good[0] : good[-1] + 1]
        if sales is not None:
            earned = (sales.margin - sales.cost)[day, kept[day]].sum()
            kept[day] &= earned >= sales.day_cost
    return tuple(scenario.grid.spans(day.tolist()) for day in kept)
