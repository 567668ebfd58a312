"""The plan of a horizon: today's and the best week of each season, and why; nouns only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hoursopt.evaluate import Ledger, StaffedWeek
from hoursopt.hours import Grid, Spans
from hoursopt.program.answer import Answer, Proof
from hoursopt.scenario import Scenario

Floats = NDArray[np.float64]

Advice = Literal["change", "try", "keep"]


@dataclass(frozen=True)
class Options:
    """How to plan: which seasons (none: all), with what solver, and on how many draws.

    `draws` are planned on, `fresh` others judge the plan; `time_limit` in seconds for each week.
    `explain` False leaves out edges, prices, alternatives, trials and special days.
    """

    seasons: tuple[str, ...] = ()
    solver: str = "highs"
    time_limit: float = 60.0
    seed: int = 0
    draws: int = 200
    fresh: int = 400
    explain: bool = True

    @property
    def solving(self) -> dict[str, Any]:
        """The keywords of `best_week` and `best_staffing`."""
        return {"solver": self.solver, "time_limit": self.time_limit, "seed": self.seed}


@dataclass(frozen=True)
class Estimate:
    """A mean with its 80 % range."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, draws: Floats) -> Estimate:
        """Mean and range of draws (R,)."""
        low, high = np.quantile(draws, (0.1, 0.9))
        return cls(float(draws.mean()), float(low), float(high))


@dataclass(frozen=True)
class SeasonPlan:
    """One season: the dates within the horizon, the two weeks, and what the change is worth.

    breaks: slots that a break of each staff group takes.
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


@dataclass(frozen=True)
class Study:
    """What a season's plan was made of, for those who explain it.

    The weeks were planned on `scenario`, the best one as `firm`, in which hours that nobody has
    ever seen stay shut; `fresh` has other draws, for on its own the winner looks
    too good. today_profit and best_profit: (R,) on the fresh draws, hours and shifts fixed.
    cautious_gain: (R,) the gain if hours of which nothing is known (evidence `none`) disappoint.
    evidence: (7, H) members of `demand.model.EVIDENCE`. dates: those of the season in the horizon.
    """

    scenario: Scenario
    firm: Scenario
    fresh: Scenario
    evidence: NDArray[np.str_]
    dates: tuple[dt.date, ...]
    today: Answer
    best: Answer
    today_profit: Floats
    best_profit: Floats
    cautious_gain: Floats

    @property
    def gain(self) -> Floats:
        """(R,) what the best week earns more than today's."""
        return self.best_profit - self.today_profit

    @property
    def net_gain(self) -> Floats:
        """(R,) the gain less the price of change, which is no part of the ledger."""
        return self.gain - self.best.changes

    @property
    def certainty(self) -> float:
        """Chance that the change pays, also if hours that nobody has ever seen disappoint.

        A prior is no evidence: hours known by it alone are worth a trial, never a firm advice.
        """
        gains = (self.gain, self.cautious_gain)
        return min(float((gain > self.best.changes).mean()) for gain in gains)

    @property
    def weeks(self) -> float:
        """Length of the season within the horizon."""
        return len(self.dates) / 7


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
class Value:
    """What given hours are worth in a season, with their best staffing."""

    season: str
    week: StaffedWeek
    ledger: Ledger
    proof: Proof
    breaks: Mapping[str, int]


@dataclass(frozen=True)
class Explanation:
    """Why a season's best week is as it is, and what would be worth knowing."""

    edges: tuple[Edge, ...] = ()
    rules: tuple[RulePrice, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    trials: tuple[Trial, ...] = ()


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
