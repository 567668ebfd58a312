"""The plan of a horizon: today's and the best week of each season; nouns only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hoursopt.evaluate import Ledger, StaffedWeek
from hoursopt.hours import Grid, Spans
from hoursopt.plan.estimate import Estimate
from hoursopt.plan.robust import RobustWeek
from hoursopt.plan.why import (
    Alternative,
    Edge,
    LimitPrice,
    RulePrice,
    Stability,
    Steering,
    Together,
    Trial,
    WantedHours,
    WishPrice,
)
from hoursopt.program.answer import Proof, YearAnswer

Advice = Literal["change", "try", "keep"]


@dataclass(frozen=True)
class SeasonPlan:
    """One season: the dates within the horizon, the two weeks, and what the change is worth.

    breaks: slots that a break of each staff group takes. today_wanted and best_wanted: what became
    of those who wanted each hour. steering and stability: None where the plan was not explained.
    robust: the week for bad times, None where it was not asked for. uncounted: whether the change
    would be sure enough, did it not hang on hours in which nobody has counted.
    """

    name: str
    first: dt.date
    last: dt.date
    weeks: float
    today: StaffedWeek
    today_ledger: Ledger
    best: StaffedWeek
    best_ledger: Ledger
    gain: Estimate
    probability_better: float
    advice: Advice
    proof: Proof
    breaks: Mapping[str, int]
    today_wanted: WantedHours | None = None
    best_wanted: WantedHours | None = None
    steering: Steering | None = None
    stability: Stability | None = None
    robust: RobustWeek | None = None
    uncounted: bool = False


@dataclass(frozen=True)
class SpecialDay:
    """Hours of one date that is unlike its weekday."""

    date: dt.date
    name: str
    hours: Spans


@dataclass(frozen=True)
class Value:
    """What given hours are worth in a season, with their best staffing."""

    season: str
    week: StaffedWeek
    ledger: Ledger
    proof: Proof
    breaks: Mapping[str, int]


@dataclass(frozen=True)
class Plan:
    """All seasons of a horizon.

    over_year: what was decided of all seasons together, None where nothing ties them.
    """

    shop: str
    currency: str
    grid: Grid
    start: dt.date
    weeks: int
    seasons: tuple[SeasonPlan, ...]
    special_days: tuple[SpecialDay, ...]
    edges: tuple[Edge, ...]
    rules: tuple[RulePrice, ...]
    alternatives: tuple[Alternative, ...]
    trials: tuple[Trial, ...]
    year_today: Ledger
    year_best: Ledger
    year_gain: Estimate
    limits: tuple[LimitPrice, ...] = ()
    wishes: tuple[WishPrice, ...] = ()
    together: tuple[Together, ...] = ()
    over_year: YearAnswer | None = None
