"""The fitted demand of a shop: curves for people, draws for the program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import Season, season_of
from hoursopt.demand.days import DayModel, Mark
from hoursopt.demand.joint import PARAMETERS, JointFit
from hoursopt.demand.model import Band, Curves, DemandDraws, Diagnostic, Learned
from hoursopt.diversion import DiversionDraws
from hoursopt.errors import DataError
from hoursopt.hours import Grid

Floats = NDArray[np.float64]

CURVE_DRAWS = 400


@dataclass(frozen=True)
class DemandModel:
    """Latent demand of a shop, with its uncertainty; made by `fit_demand`.

    `days` maps `shop` and each witness to its day model; `order_scale` is web orders round the
    clock per web order on the grid.
    """

    grid: Grid
    seasons: tuple[Season, ...]
    start: dt.date
    weeks: int
    last_date: dt.date
    joint: JointFit
    days: Mapping[str, DayModel]
    marks: Mapping[dt.date, Mark]
    event_factors: Mapping[str, float]
    evidence: NDArray[np.str_]
    baskets: Floats
    online_basket: float
    order_scale: float
    diversion: Mapping[str, Learned]
    parameters: Mapping[str, float]
    diagnostics: tuple[Diagnostic, ...]

    def draws(self, season: str, count: int, seed: int) -> DemandDraws:
        """Draws of a season's average week within the horizon, without its special days.

        The same `count` and `seed` give the same parameters in every season.
        """
        number = self._number(season)
        return self._draws(number, np.arange(7), self.season_dates(season), count, seed)

    def date_draws(self, date: dt.date, count: int, seed: int) -> DemandDraws:
        """Draws of one date; a public holiday follows the Sunday curve."""
        number = self.seasons.index(season_of(date, self.seasons))
        mark = self.marks.get(date)
        weekday = 6 if mark is not None and mark.kind == "holiday" else date.weekday()
        return self._draws(number, np.array([weekday]), (date,), count, seed)

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
        walk_in *= self._factor("shop", dates, count, seed)[:, None, None]
        online = np.zeros_like(walk_in)
        if "orders" in self.days:
            online = np.exp(self.joint.log_witness("orders", coefficients)[:, season, weekdays])
            online *= self._factor("orders", dates, count, seed)[:, None, None]
        diverted = self.joint.diversion(coefficients)
        if "orders" not in self.days:
            diverted[:, PARAMETERS.index("online")] = 0.0
        return DemandDraws(
            walk_in,
            online,
            np.tile(self.baskets, (weekdays.size, 1)),
            self.online_basket,
            online.sum(axis=2).mean(axis=0) * self.order_scale,
            DiversionDraws(*diverted.T),
        )

    def _factor(self, name: str, dates: Sequence[dt.date], count: int, seed: int) -> Floats:
        """(R,) mean factor of dates."""
        model = self.days[name]
        stream = 1 + list(self.days).index(name)
        noise = np.random.default_rng([seed, stream]).standard_normal(
            (count, model.coefficients.size + 1)
        )
        known = np.array(
            [
                self.event_factors.get(self.marks[date].name, 1.0) if date in self.marks else 1.0
                for date in dates
            ]
        )
        mean: Floats = (model.draws(dates, noise) * known).mean(axis=1)
        return mean
