"""The fitted demand of a shop: curves for people, draws for the program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import Season, season_of
from hoursopt.demand.course import Course
from hoursopt.demand.joint import JointFit
from hoursopt.demand.marks import Mark, curve_weekday
from hoursopt.demand.model import Band, Curves, DemandDraws, Diagnostic, Forecast, Learned
from hoursopt.demand.problem import PARAMETERS
from hoursopt.demand.regimes import OPEN_SHARE
from hoursopt.diversion import DiversionDraws, divert
from hoursopt.errors import DataError
from hoursopt.hours import Grid

Floats = NDArray[np.float64]

CURVE_DRAWS = 400
FORECAST_STREAM = 99
LEAST_SPREAD = 1e-6


@dataclass(frozen=True)
class DemandModel:
    """Latent demand of a shop, with its uncertainty; made by `fit_demand`.

    `courses` maps `shop` and each witness to its course through time; `order_scale` is web orders
    round the clock per web order on the grid. open_marks: names of the `marks` on whose dates the
    shop was ever open; of the others nothing but experience is known.
    """

    grid: Grid
    seasons: tuple[Season, ...]
    start: dt.date
    weeks: int
    last_date: dt.date
    joint: JointFit
    courses: Mapping[str, Course]
    marks: Mapping[dt.date, Mark]
    weekday_holidays: frozenset[str]
    event_factors: Mapping[str, float]
    evidence: NDArray[np.str_]
    baskets: Floats
    online_basket: float
    order_scale: float
    diversion: Mapping[str, Learned]
    parameters: Mapping[str, float]
    diagnostics: tuple[Diagnostic, ...]
    open_marks: frozenset[str] = frozenset()

    def draws(self, season: str, count: int, seed: int) -> DemandDraws:
        """Draws of a season's average week within the horizon, without its special days.

        The same `count` and `seed` give the same parameters in every season.
        """
        number = self._number(season)
        return self._draws(number, np.arange(7), self.season_dates(season), count, seed)

    def date_draws(self, date: dt.date, count: int, seed: int) -> DemandDraws:
        """Draws of one date; most public holidays follow the Sunday curve."""
        number = self.seasons.index(season_of(date, self.seasons))
        return self._draws(number, np.array([self._weekday(date)]), (date,), count, seed)

    def given(
        self, drawn: DemandDraws, season: str, seed: int, shares: Mapping[str, float]
    ) -> DemandDraws:
        """The season's `draws` of this seed if some diversion parameters were known, by name.

        Nothing is fitted anew, see `JointFit.given`; days and their shape stay as drawn.
        """
        number, week = self._number(season), np.arange(7)
        count = drawn.walk_in.shape[0]
        before = self.joint.draws(count, np.random.default_rng([seed, 0]))
        after = self.joint.given(before, shares)
        surfaces = (self.joint.log_surface(those)[:, number, week] for those in (after, before))
        walk_in = drawn.walk_in * np.exp(np.subtract(*surfaces))
        online = drawn.online
        if "orders" in self.courses:
            own = (
                self.joint.log_witness("orders", those)[:, number, week]
                for those in (after, before)
            )
            online = online * np.exp(np.subtract(*own))
        diverted = self.joint.diversion(after)
        if "orders" not in self.courses:
            diverted[:, PARAMETERS.index("online")] = 0.0
        return replace(
            drawn,
            walk_in=walk_in,
            online=online,
            own_orders=online.sum(axis=2).mean(axis=0) * self.order_scale,
            diversion=DiversionDraws(*diverted.T),
        )

    def forecast(
        self, dates: Sequence[dt.date], opened: Floats, count: int = 400, seed: int = 0
    ) -> Forecast:
        """What the shop will count on consecutive `dates` when `opened` (N, H), shares of slots."""
        seasons = np.array([self.seasons.index(season_of(day, self.seasons)) for day in dates])
        weekdays = np.array([self._weekday(day) for day in dates])
        coefficients = self.joint.draws(count, np.random.default_rng([seed, 0]))
        walk_in = np.exp(self.joint.log_surface(coefficients)[:, seasons, weekdays])
        walk_in *= self._factors("shop", dates, count, seed)
        diverted = DiversionDraws(*self.joint.diversion(coefficients).T)
        arrivals = divert(walk_in, opened >= OPEN_SHARE, diverted, self.grid.slot_hours).arrivals
        arrivals = arrivals * opened
        rng = np.random.default_rng([seed, FORECAST_STREAM])
        course = self.courses["shop"]
        day = course.days.noise_sd
        noise = np.exp(day * rng.standard_normal((count, len(dates), 1)) - day**2 / 2)
        spread = np.maximum(course.overdispersion, LEAST_SPREAD)
        noise = noise * rng.gamma(1 / spread, spread, arrivals.shape)
        counts = rng.poisson(arrivals * noise).astype(float)
        return Forecast(arrivals.mean(axis=0), counts)

    def curves(self, season: str) -> Curves:
        """Mean and 80 % range of a season's average week."""
        return self._curves[self._number(season)]

    def season_dates(self, season: str) -> tuple[dt.date, ...]:
        """Ordinary dates of a season within the horizon, or within a year from its start."""
        chosen = self.seasons[self._number(season)]
        for span in (7 * self.weeks, 366):
            days = [self.start + dt.timedelta(days=day) for day in range(span)]
            dates = [day for day in days if chosen.holds(day) and day not in self.marks]
            if dates:
                break
        return tuple(dates)

    @cached_property
    def _curves(self) -> tuple[Curves, ...]:
        curves = []
        for number, season in enumerate(self.seasons):
            draws = self.draws(season.name, CURVE_DRAWS, seed=0)
            curves.append(
                Curves(
                    season.name,
                    self.grid,
                    Band.of(draws.walk_in),
                    Band.of(draws.online),
                    self.evidence[number],
                    draws.basket,
                )
            )
        return tuple(curves)

    def _weekday(self, date: dt.date) -> int:
        """The weekday whose curve a date follows."""
        return curve_weekday(date, self.marks, self.weekday_holidays)

    def _number(self, season: str) -> int:
        names = [known.name for known in self.seasons]
        if season not in names:
            raise DataError("demand.season", season=season, known=", ".join(names))
        return names.index(season)

    def _draws(
        self,
        season: int,
        weekdays: NDArray[np.intp],
        dates: Sequence[dt.date],
        count: int,
        seed: int,
    ) -> DemandDraws:
        coefficients = self.joint.draws(count, np.random.default_rng([seed, 0]))
        walk_in = np.exp(self.joint.log_surface(coefficients)[:, season, weekdays])
        walk_in *= self._factors("shop", dates, count, seed).mean(axis=1)[:, None, :]
        online = np.zeros_like(walk_in)
        if "orders" in self.courses:
            online = np.exp(self.joint.log_witness("orders", coefficients)[:, season, weekdays])
            online *= self._factors("orders", dates, count, seed).mean(axis=1)[:, None, :]
        diverted = self.joint.diversion(coefficients)
        if "orders" not in self.courses:
            diverted[:, PARAMETERS.index("online")] = 0.0
        return DemandDraws(
            walk_in,
            online,
            np.tile(self.baskets, (weekdays.size, 1)),
            self.online_basket,
            online.sum(axis=2).mean(axis=0) * self.order_scale,
            DiversionDraws(*diverted.T),
        )

    def _factors(self, name: str, dates: Sequence[dt.date], count: int, seed: int) -> Floats:
        """(R, n, H) factors of dates and slots."""
        course = self.courses[name]
        stream = 1 + list(self.courses).index(name)
        known = np.array(
            [
                self.event_factors.get(self.marks[date].name, 1.0) if date in self.marks else 1.0
                for date in dates
            ]
        )
        days = course.days.draws(dates, count, np.random.default_rng([seed, stream]))
        rng = np.random.default_rng([seed, stream, 1])
        shapes = course.shape.draws(dates, count, rng)
        factors: Floats = shapes * (days * known)[:, :, None]
        return factors
