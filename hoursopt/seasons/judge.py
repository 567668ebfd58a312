"""What seasons are worth against one season the year round, by the real fit and the real program.

The demand of the seasons is fitted anew, each season's best week solved as `plan` does it, and set
against the best hours for the whole year, which have the best staff of each season too: what counts
is what other hours earn, not that more people are on duty in a busy month. Both are weighed on
draws that neither was planned on.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import Season
from hoursopt.demand import DemandModel, fit_demand
from hoursopt.errors import RulesConflict, SolverError
from hoursopt.evaluate import profit_draws
from hoursopt.observations import Observations
from hoursopt.plan import Options, Study
from hoursopt.planning import study_season
from hoursopt.program import best_staffing
from hoursopt.program.check import changes_cost, hours_faults
from hoursopt.seasons.parts import YEAR_WEEKS, Week, rules_within
from hoursopt.shop import Shop

Floats = NDArray[np.float64]

JUDGED_GAP = 5e-4


@dataclass(frozen=True)
class Judged:
    """Seasons with the best hours of each, and what they are worth a year.

    single: the best hours for the whole year. earned: (R,) money a year more than with those, the
    price of hours that differ from today's taken off, the changes within the year not.
    """

    seasons: tuple[Season, ...]
    weeks: tuple[float, ...]
    hours: tuple[Week, ...]
    single: Week
    earned: Floats

    @property
    def count(self) -> int:
        """How many seasons."""
        return len(self.seasons)

    def net(self, change: float) -> Floats:
        """(R,) what is left of `earned` when each change within the year costs `change`."""
        return self.earned - change * self.changes

    @property
    def changes(self) -> int:
        """Changes of hours within a year."""
        if len(self.hours) == 1:
            return 0
        return sum(one != other for one, other in pairwise((*self.hours, self.hours[0])))


def for_seasons(shop: Shop, seasons: Sequence[Season]) -> Shop:
    """The shop with other seasons, its rules with them, planned for a year."""
    return shop.replace(
        seasons=tuple(seasons),
        rules=rules_within(shop, seasons),
        horizon=dataclasses.replace(shop.horizon, weeks=YEAR_WEEKS),
    )


def judge_seasons(
    shop: Shop,
    observations: Observations,
    seasons: Sequence[Season],
    others: Sequence[Week],
    options: Options,
    model: DemandModel | None = None,
) -> Judged | None:
    """Judge seasons; `model`: a fit with these seasons, where there is one.

    `others`: hours that may be the best for the whole year, beside those of the seasons. None where
    no hours may stay all year. Raises RulesConflict and SolverError as the program, errors of the
    fit as `fit_demand`.
    """
    year = for_seasons(shop, seasons)
    model = model or fit_demand(observations, year)
    model = dataclasses.replace(model, weeks=YEAR_WEEKS)
    studies = [study_season(year, model, season, options) for season in seasons]
    planned = [
        study.weeks * (study.best_profit - changes_cost(study.scenario, study.best.week.hours))
        for study in studies
    ]
    own = [study.best.week.hours for study in studies]
    total: Floats = np.sum(planned, axis=0)
    found = {
        hours: money
        for hours in dict.fromkeys((*own, *others))
        if (money := _all_year(studies, hours, options)) is not None
    }
    if not found:
        return None
    single = max(found, key=lambda hours: float(found[hours].mean()))
    return Judged(
        tuple(seasons),
        tuple(study.weeks for study in studies),
        tuple(own),
        single,
        total - found[single],
    )


def _all_year(studies: Sequence[Study], hours: Week, options: Options) -> Floats | None:
    """(R,) money that hours earn when they stay all year; None where they may not or cannot."""
    money = []
    for study in studies:
        week = study.best.week
        if week.hours != hours:
            if hours_faults(study.firm, hours):
                return None
            try:
                week = best_staffing(study.scenario, hours, gap=JUDGED_GAP, **options.solving).week
            except (RulesConflict, SolverError):
                return None
        profit = profit_draws(study.fresh, week) - changes_cost(study.scenario, hours)
        money.append(study.weeks * profit)
    total: Floats = np.sum(money, axis=0)
    return total
