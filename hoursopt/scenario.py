"""Everything that the program needs for one week or one special day: arrays and rules only."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.diversion import DiversionDraws
from hoursopt.hours import Grid, Spans
from hoursopt.shop import Limits, Rule, Service

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StaffCost:
    """A staff group on the grid.

    pay: (N, H) money for one person on duty in a slot, with supplements and side costs. shortest
    and longest shift, and `break_after`, in slots (`break_after` None: no breaks); a break takes
    `break_slots` whole slots off duty, and of their pay the share `break_unpaid` is not paid.
    week_hours: paid hours of the whole group in a week, None without bound.
    """

    name: str
    people: int
    pay: Floats
    shortest: int
    longest: int
    break_after: int | None = None
    break_slots: int = 0
    break_unpaid: float = 1.0
    week_hours: float | None = None


@dataclass(frozen=True)
class Scenario:
    """One season's average week (N = 7 days, Monday first, repeating) or one date (N = 1).

    walk_in: (R, N, H) draws of latent customers. margin: (N, H) gross margin of a served customer.
    online_margin: of a web order. goodwill: cost of a customer abandoned or lost. own_orders: (N,)
    web orders a day apart from diverted ones, to be packed. today: hours in force, on the grid.
    """

    name: str
    grid: Grid
    weekdays: tuple[int, ...]
    walk_in: Floats
    margin: Floats
    online_margin: float
    goodwill: float
    own_orders: Floats
    diversion: DiversionDraws
    service: Service
    staff: tuple[StaffCost, ...]
    open_slot_cost: float
    open_day_cost: float
    limits: Limits
    rules: tuple[Rule, ...]
    today: tuple[Spans, ...]

    @property
    def days(self) -> int:
        """Days N."""
        return len(self.weekdays)

    @property
    def draws(self) -> int:
        """Draws R."""
        return int(self.walk_in.shape[0])

    def replace(self, **changes: object) -> Scenario:
        """A copy with other parts: every what-if is one."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]
