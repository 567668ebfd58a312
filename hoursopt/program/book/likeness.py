"""Whether days are worth the same in two scenarios, whatever binds their weeks."""

from __future__ import annotations

import dataclasses

import numpy as np

from hoursopt.program.tables import shortest_opening
from hoursopt.scenario import Scenario

OF_THE_WEEK = ("name", "rules", "limits", "today", "own_orders")
"""Parts of a scenario on which no day's worth hangs; of the limits, those on staff."""


def same_days(known: Scenario, asked: Scenario) -> bool:
    """Whether the pages of one scenario hold for another: each day is worth the same by its hours.

    Rules, bounds of the week, weekly hours of staff and packing may differ. Arrays are the same
    only if they are one: a what-if copies what it changes and no more.
    """
    old, new = known.limits, asked.limits
    if (old.min_staff, old.max_staff) != (new.min_staff, new.max_staff):
        return False
    if new.intervals_per_day != 1 or shortest_opening(asked) == 1 < shortest_opening(known):
        # An opening of one slot, and two openings a day, need tables of their own.
        return False
    return _same(_days_of(known), _days_of(asked))


def _days_of(scenario: Scenario) -> dict[str, object]:
    """What a day's worth hangs on, limits apart."""
    fields = {field.name for field in dataclasses.fields(Scenario)} - set(OF_THE_WEEK)
    staff = tuple(dataclasses.replace(group, week_hours=None) for group in scenario.staff)
    service = dataclasses.replace(scenario.service, minutes_per_order=0.0)
    return {name: getattr(scenario, name) for name in fields} | {"staff": staff, "service": service}


def _same(one: object, other: object) -> bool:
    if one is other:
        return True
    if type(one) is not type(other) or isinstance(one, np.ndarray):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return all(_same(getattr(one, name), getattr(other, name)) for name in names)
    return one == other
