"""What makes one day differ from another of its kind: level, time of year, holidays, events.

A penalised negative-binomial GLM on day totals, with the hourly surface's expectation as offset.
The weekly level runs through the horizon, so a forecast carries its uncertainty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.level import USUAL_LEVEL, LevelPrior, choose_level
from hoursopt.demand.marks import Mark
from hoursopt.demand.terms import inverse, tuned_scale
from hoursopt.demand.weeks import Weekly, find_steps, weekly_totals

Floats = NDArray[np.float64]

YEAR_SD, YEAR_LENGTH = 0.25, 0.6  # of the periodic kernel: features of about five weeks
YEAR_WEEKS = 53
YEAR_DAYS = 300  # a shorter history cannot tell the time of year from the level
UNSEEN_YEAR_SD = 0.15
KIND_SD = {"holiday": 0.5, "eve": 0.3, "event": 0.5, "near": 0.15}
NAME_SD = 0.25
STEP_SD = 1.0
MONTH_DAYS, MONTH_SD, MONTH_LENGTH = 31, 0.05, 0.6  # paydays; features of about three days
LEAST_WEEKS = 4  # weeks from which on they tell how the level moves
LEAST_FREE = 0.2
_STEPS, _LAST_STEP = 25, 1e-4
_NUGGET = 1e-9
LOOSEST = 0.02


@dataclass(frozen=True)
class Break:
    """A step of the level: from the Monday `date` on, `factor` times as many as before."""

    date: dt.date
    factor: float


@dataclass(frozen=True)
class DayTerms:
    """Columns of the day model for any date; `steps` are weeks at which the level broke."""

    monday: dt.date
    weeks: int
    yearly: bool
    marks: Mapping[dt.date, Mark]
    names: tuple[Mark, ...]
    steps: tuple[int, ...] = ()
    level: LevelPrior = USUAL_LEVEL

    def design(self, dates: Sequence[dt.date]) -> Floats:
        """(n, p): a column a week, week of the year, step, day of the month, kind, name."""
        week = self.week_of(dates)
        level = self.ahead(week)[0]
        of_year = np.array([_week_of_year(date) for date in dates])
        year = np.eye(YEAR_WEEKS)[of_year][:, : YEAR_WEEKS if self.yearly else 0]
        marked = np.zeros((len(dates), len(KIND_SD) + len(self.names)))
        for row, mark in enumerate(map(self.marks.get, dates)):
            if mark is not None:
                marked[row, list(KIND_SD).index(mark.kind)] = 1.0
                marked[row, len(KIND_SD) + self.places[mark]] = 1.0
        month = np.eye(MONTH_DAYS)[[date.day - 1 for date in dates]]
        step = (week[:, None] >= np.array(self.steps, dtype=int)[None, :]).astype(float)
        return np.hstack([level, year, step, month, marked])

    @cached_property
    def places(self) -> dict[Mark, int]:
        """Where each name stands among `names`."""
        return {mark: number for number, mark in enumerate(self.names)}

    def week_of(self, dates: Sequence[dt.date]) -> NDArray[np.intp]:
        """(n,) weeks of dates, the first one observed being 0."""
        return np.array([(date - self.monday).days // 7 for date in dates], dtype=np.intp)

    def ahead(self, week: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Weights (n, weeks) of the levels seen in each week, and what is left open (n, n).

        A week seen is itself; of one to come the level's prior tells what the weeks seen say.
        """
        known = np.arange(self.weeks, dtype=float)
        inside = (week >= 0) & (week < self.weeks)
        weights = np.eye(self.weeks)[np.clip(week, 0, self.weeks - 1)]
        left = np.zeros((week.size, week.size))
        if not inside.all():
            beyond = np.flatnonzero(~inside)
            asked, which = np.unique(week[beyond], return_inverse=True)
            both = self.level.covariance(np.concatenate([known, asked]))
            cross = both[: self.weeks, self.weeks :]
            gain = np.linalg.solve(both[: self.weeks, : self.weeks], cross)
            weights[beyond] = gain.T[which]
            open_ = both[self.weeks :, self.weeks :] - cross.T @ gain
            left[np.ix_(beyond, beyond)] = open_[np.ix_(which, which)]
        return weights, left

    def blocks(self) -> list[tuple[Floats, bool]]:
        """Prior precision of each group of columns, and whether its scale is learnt."""
        level = inverse(self.level.covariance(np.arange(self.weeks, dtype=float)))
        year = inverse(_year_covariance(np.arange(YEAR_WEEKS)))
        kinds = np.diag([1 / sd**2 for sd in KIND_SD.values()])
        names = np.eye(len(self.names)) / NAME_SD**2
        steps = np.eye(len(self.steps)) / STEP_SD**2
        apart = np.sin(np.pi * np.subtract.outer(range(MONTH_DAYS), range(MONTH_DAYS)) / MONTH_DAYS)
        cycle = MONTH_SD**2 * np.exp(-2 * (apart / MONTH_LENGTH) ** 2) + 1e-5 * np.eye(MONTH_DAYS)
        rest = [(steps, False), (inverse(cycle), True), (kinds, False), (names, False)]
        return [(level, False), (year, True), *rest] if self.yearly else [(level, False), *rest]


@dataclass(frozen=True)
class DayModel:
    """Posterior of the day factors' log."""

    terms: DayTerms
    coefficients: Floats
    covariance: Floats
    overdispersion: float
    scales: Floats

    @property
    def breaks(self) -> tuple[Break, ...]:
        """The steps of the level, with what they changed."""
        first = self.terms.weeks + (YEAR_WEEKS if self.terms.yearly else 0)
        return tuple(
            Break(
                self.terms.monday + dt.timedelta(weeks=week),
                float(np.exp(self.coefficients[first + number])),
            )
            for number, week in enumerate(self.terms.steps)
        )

    @property
    def noise_sd(self) -> float:
        """Standard deviation of the log of what is left of a day: weather, chance meetings."""
        return float(np.sqrt(np.log1p(self.overdispersion)))

    def effects(self, counts: Floats, expected: Floats, dates: Sequence[dt.date]) -> Floats:
        """(N,) expected own factor of each day given its count: the conjugate gamma's mean."""
        mean = expected * self.factors(dates)
        shape = 1 / self.overdispersion
        return (shape + counts) / (shape + mean)

    def factors(self, dates: Sequence[dt.date]) -> Floats:
        """(n,) factor of each date at the mode."""
        factors: Floats = np.exp(self.terms.design(dates) @ self.coefficients)
        return factors

    def draws(self, dates: Sequence[dt.date], count: int, rng: np.random.Generator) -> Floats:
        """(count, n) draws of the factors; their mean is the factor at the mode.

        The level is expected to stay where it is: that it may wander widens the range, and lifts
        nobody's expectation.
        """
        week, which = np.unique(self.terms.week_of(dates), return_inverse=True)
        size = self.coefficients.size
        noise = np.clip(rng.standard_normal((count, size + week.size + 1)), -3, 3)
        design = self.terms.design(dates)
        root = design @ np.linalg.cholesky(self.covariance)
        left = self.terms.ahead(week)[1]
        beyond = np.linalg.cholesky(left + _NUGGET * np.eye(week.size))[which]
        log = noise[:, :size] @ root.T + noise[:, size:-1] @ beyond.T
        variance = (root**2).sum(axis=1) + (beyond**2).sum(axis=1)
        if not self.terms.yearly:
            log = log + UNSEEN_YEAR_SD * noise[:, -1:]
            variance = variance + UNSEEN_YEAR_SD**2
        factors: Floats = np.exp(design @ self.coefficients + log - variance / 2)
        return factors


def day_terms(dates: Sequence[dt.date], marks: Mapping[dt.date, Mark]) -> DayTerms:
    """The columns for the `dates` observed; marks: also those of days to come."""
    monday = dates[0] - dt.timedelta(days=dates[0].weekday())
    weeks = (dates[-1] - monday).days // 7 + 1
    names = tuple(dict.fromkeys(mark for date, mark in sorted(marks.items(), key=lambda m: m[0])))
    return DayTerms(monday, weeks, len(dates) >= YEAR_DAYS, marks, names)


def fit_days(
    terms: DayTerms,
    dates: Sequence[dt.date],
    counts: Floats,
    expected: Floats,
    weight: Floats,
    former: DayModel | None = None,
    settled: bool = False,
) -> DayModel:
    """Fit day totals `counts` (N,) around `expected` (N,); days with expected 0 tell nothing.

    Fisher scoring; overdispersion by moments; scales of level and year by Fellner-Schall. A level
    that broke gets a step of its own in that week. former: a fit to nearly the same counts, from
    which to start; `settled`: its steps and its level's prior stand.
    """
    seen = expected > 0
    if former is not None and settled:
        terms = former.terms
    else:
        plain = np.array([date not in terms.marks for date in dates]) & seen
        weekly = weekly_totals(terms.week_of(dates), plain, counts, expected)
        terms = replace(terms, steps=find_steps(weekly))
        terms = replace(terms, level=_level_prior(terms, weekly))
    design = terms.design([date for date, is_seen in zip(dates, seen, strict=True) if is_seen])
    offset, y, w = np.log(expected[seen]), counts[seen], weight[seen]
    blocks = terms.blocks()
    edges = np.cumsum([0, *(block.shape[0] for block, _ in blocks)])
    places = [slice(a, b) for a, b in pairwise(edges)]
    if former is not None and former.terms.steps == terms.steps:
        scales, alpha = former.scales.copy(), former.overdispersion
        beta = former.coefficients
    else:
        scales, alpha, beta = np.ones(len(blocks)), 0.05, np.zeros(design.shape[1])
    covariance = np.eye(beta.size)
    for _ in range(_STEPS):
        mean = np.exp(np.clip(offset + design @ beta, -12, 16))
        weights = w * mean / (1 + alpha * mean)
        penalty = np.zeros_like(covariance)
        for place, (block, _), scale in zip(places, blocks, scales, strict=True):
            penalty[place, place] = scale * block
        information = (design.T * weights) @ design
        covariance = inverse(information + penalty)
        covariance = (covariance + covariance.T) / 2
        score = design.T @ (weights * (y - mean) / mean) - penalty @ beta
        step = np.clip(covariance @ score, -1, 1)
        beta = beta + step
        used = float(np.sum(covariance * information))
        alpha = _overdispersion(y, mean, w, alpha, 1 - used / max(y.size, 1.0))
        for number, (place, (block, tuned)) in enumerate(zip(places, blocks, strict=True)):
            if tuned:
                scales[number] = tuned_scale(
                    scales[number], beta[place], block, covariance[place, place], LOOSEST
                )
        if np.abs(step).max() < _LAST_STEP:
            break
    return DayModel(terms, beta, covariance, alpha, scales)


def _level_prior(terms: DayTerms, weekly: Weekly) -> LevelPrior:
    """How the level moves, by the weeks seen; the time of year and steps are let be."""
    weeks = np.flatnonzero(weekly.usual)
    if weeks.size < LEAST_WEEKS:
        return USUAL_LEVEL
    after = (weeks[:, None] >= np.array(terms.steps, dtype=int)[None, :]).astype(float)
    known = STEP_SD**2 * after @ after.T
    if terms.yearly:
        middles = [terms.monday + dt.timedelta(days=7 * int(week) + 3) for week in weeks]
        known = known + _year_covariance(np.array([_week_of_year(date) for date in middles]))
    variance = weekly.noise[weeks] ** 2 + weekly.stray[weeks] ** 2
    return choose_level(weeks.astype(float), weekly.level[weeks], variance, known)


def _week_of_year(date: dt.date) -> int:
    return (date.timetuple().tm_yday - 1) // 7


def _year_covariance(week: NDArray[np.intp]) -> Floats:
    """Prior covariance of the time of year in weeks of the year; features of about five weeks."""
    turn = np.pi * week / YEAR_WEEKS
    apart = np.sin(turn[:, None] - turn[None, :]) / YEAR_LENGTH
    covariance: Floats = YEAR_SD**2 * np.exp(-2 * apart**2) + 1e-4 * np.eye(week.size)
    return covariance


def _overdispersion(y: Floats, mean: Floats, w: Floats, alpha: float, free: float) -> float:
    """One Newton step of the moment equation sum w (y - m)^2 / (m + alpha m^2) = free sum w.

    free: share of the degrees of freedom that the coefficients left.
    """
    variance = mean + alpha * mean**2
    residual = w * (y - mean) ** 2
    gap = float(np.sum(residual / variance) - max(free, LEAST_FREE) * np.sum(w))
    slope = float(np.sum(residual * mean**2 / variance**2))
    return float(np.clip(alpha + gap / max(slope, 1e-9), 1e-4, 5.0))
