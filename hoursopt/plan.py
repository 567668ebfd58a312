"""The plan of a horizon: today's and the best week of each season, as people and programs read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hoursopt.evaluate import Ledger, StaffedWeek
from hoursopt.hours import Grid, Spans
from hoursopt.program.answer import Proof


@dataclass(frozen=True)
class Estimate:
    """A mean with its 80 % range."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class SeasonPlan:
    """One season: the dates within the horizon, the two weeks, and what the change is worth."""

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
    advice: str
    proof: Proof


@dataclass(frozen=True)
class SpecialDay:
    """Hours of one date that is unlike its weekday."""

    date: dt.date
    name: str
    hours: Spans


@dataclass(frozen=True)
class Edge:
    """What a stretch of opening is worth a week; `is_open` in the best plan."""

    season: str
    weekday: int
    start: int
    end: int
    is_open: bool
    worth: Estimate
    new: float
    moved: float
    from_online: float
    evidence: str


@dataclass(frozen=True)
class RulePrice:
    """What a rule costs a week in a season."""

    name: str
    season: str
    price: Estimate


@dataclass(frozen=True)
class Alternative:
    """Other hours within 1 % of the best."""

    season: str
    hours: str
    profit: float


@dataclass(frozen=True)
class Trial:
    """Hours to try, for how many weeks, and the receipts per opening that decide."""

    season: str
    weekday: int
    start: int
    end: int
    weeks: int
    threshold: float


@dataclass(frozen=True)
class Plan:
    """All seasons of a horizon."""

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
