"""Everything that the program needs for one week or one special day: arrays and rules only."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import holiday_dates, season_of
from hoursopt.demand.model import DemandDraws
from hoursopt.diversion import DiversionDraws
from hoursopt.hours import Grid, Spans
from hoursopt.shop import Limits, Rule, Service, Shop
from hoursopt.wages import StaffCost, staff_costs

if TYPE_CHECKING:
    from hoursopt.demand import DemandModel

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scenario:
    """One season's average week (N = 7 days, Monday first, repeating) or one date (N = 1).

    walk_in: (R, N, H) draws of latent customers. margin: (N, H) gross margin of a served customer.
    online_margin: of a web order. goodwill: cost of a customer abandoned or lost. own_orders: (N,)
    web orders a day apart from diverted ones, to be packed. today: hours in force, on the grid.
    weights: (R,) of the draws in every mean, adding up to 1; None: all draws alike.
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
    weights: Floats | None = None

    def __post_init__(self) -> None:
        draws, days, slots = self.draws, self.days, self.grid.size
        shapes: dict[str, tuple[Floats, tuple[int, ...]]] = {
            "walk_in": (self.walk_in, (draws, days, slots)),
            "margin": (self.margin, (days, slots)),
            "own_orders": (self.own_orders, (days,)),
            "diversion.recaptured": (self.diversion.recaptured, (draws,)),
            "diversion.reach_hours": (self.diversion.reach_hours, (draws,)),
            "diversion.next_day": (self.diversion.next_day, (draws,)),
            "diversion.online": (self.diversion.online, (draws,)),
        }
        shapes |= {f"pay of {group.name}": (group.pay, (days, slots)) for group in self.staff}
        if self.weights is not None:
            shapes["weights"] = self.weights, (draws,)
        for name, (array, shape) in shapes.items():
            if array.shape != shape:
                raise ValueError(f"Expected {name} of shape {shape}, got {array.shape}.")
        if len(self.today) != days:
            raise ValueError(f"Expected today's hours of {days} days, got {len(self.today)}.")

    @property
    def days(self) -> int:
        """Days N."""
        return len(self.weekdays)

    @property
    def draws(self) -> int:
        """Draws R."""
        return int(self.walk_in.shape[0])

    def mean(self, by_draw: Floats) -> Floats:
        """The mean over draws of (R, ...), by their weights."""
        return mean_of(by_draw, self.weights)

    def replace(self, **changes: object) -> Scenario:
        """A copy with other parts: every what-if is one."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


def mean_of(by_draw: Floats, weights: Floats | None) -> Floats:
    """The mean of (R, ...) over draws, (R,) weights that add up to 1; None: all alike."""
    if weights is None:
        plain: Floats = by_draw.mean(axis=0)
        return plain
    weighted: Floats = np.tensordot(weights, by_draw, axes=(0, 0))
    return weighted


def season_scenario(
    shop: Shop, model: DemandModel, season: str, count: int = 200, seed: int = 0
) -> Scenario:
    """A season's average week in `count` draws of demand and diversion."""
    return drawn_scenario(shop, season, model.draws(season, count, seed))


def drawn_scenario(shop: Shop, season: str, draws: DemandDraws) -> Scenario:
    """A season's average week in given draws: for shops that differ in money and rules alone."""
    today = tuple(shop.grid.snap(spans) for spans in shop.today.days)
    week = tuple(range(7))
    staff = staff_costs(shop, week)
    return _scenario(season, shop, week, draws, staff, shop.limits, shop.rules_of(season), today)


def date_scenario(
    shop: Shop, model: DemandModel, date: dt.date, count: int = 200, seed: int = 0
) -> Scenario:
    """One date by itself: bounds of the week do not bind it, a change of hours costs nothing.

    Rules hold by the date's weekday; `keep_today` and `same_hours` speak of ordinary weeks.
    """
    day = dt.timedelta(days=1)
    around = holiday_dates(shop.country, shop.subdivision, date - day, date + day)
    holidays = frozenset((holiday - date).days for holiday in around)
    staff = tuple(
        dataclasses.replace(group, week_hours=None)
        for group in staff_costs(shop, (date.weekday(),), holidays)
    )
    limits = dataclasses.replace(
        shop.limits, week_open_hours=(0.0, 168.0), patterns=7, change_cost=0.0
    )
    season = season_of(date, shop.seasons).name
    rules = tuple(
        rule for rule in shop.rules_of(season) if rule.kind not in ("keep_today", "same_hours")
    )
    today = (shop.grid.snap(shop.hours_on(date)),)
    draws = model.date_draws(date, count, seed)
    name = date.isoformat()
    return _scenario(name, shop, (date.weekday(),), draws, staff, limits, rules, today)


def _scenario(
    name: str,
    shop: Shop,
    weekdays: tuple[int, ...],
    draws: DemandDraws,
    staff: tuple[StaffCost, ...],
    limits: Limits,
    rules: tuple[Rule, ...],
    today: tuple[Spans, ...],
) -> Scenario:
    economics = shop.economics
    return Scenario(
        name=name,
        grid=shop.grid,
        weekdays=weekdays,
        walk_in=draws.walk_in,
        margin=draws.basket * economics.net_share * economics.margin_rate,
        online_margin=draws.online_basket * economics.net_share * economics.online_margin_rate,
        goodwill=economics.goodwill_cost,
        own_orders=draws.own_orders,
        diversion=draws.diversion,
        service=shop.service,
        staff=staff,
        open_slot_cost=economics.open_hour_cost * shop.grid.slot_hours,
        open_day_cost=economics.open_day_cost,
        limits=limits,
        rules=rules,
        today=today,
    )
