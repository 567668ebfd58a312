"""Today's and the best week of a season, and both on draws that the plan has not seen."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import Season
from hoursopt.demand import DemandModel
from hoursopt.errors import RulesConflict
from hoursopt.evaluate import profit_draws
from hoursopt.hours import Spans
from hoursopt.plan import (
    Options,
    Study,
)
from hoursopt.planning.caution import cautious_gain, known_hours
from hoursopt.planning.horizon import horizon_dates, planned_seasons, ties_seasons
from hoursopt.program import Way
from hoursopt.program.answer import Answer
from hoursopt.program.check import hours_faults
from hoursopt.program.year import OneSeason, best_year
from hoursopt.scenario import Scenario, season_scenario
from hoursopt.shop import Shop

CENT = 0.01


def study_shop(shop: Shop, model: DemandModel, options: Options) -> tuple[Study, ...]:
    """Today's and the best week of every season, in the order of their dates: the long part.

    Where the shop bounds or prices changes between seasons, all seasons of the horizon are studied,
    whichever are asked for: the hours of each hang on the others'. Errors of `best_year` then too.
    """
    horizon = horizon_dates(shop, model)
    asked = planned_seasons(shop, horizon, options)
    seasons = asked
    if ties_seasons(shop):
        seasons = planned_seasons(shop, horizon, dataclasses.replace(options, seasons=()))
    studies = over_the_year(
        shop, [study_season(shop, model, season, options) for season in seasons], options
    )
    return tuple(study for study, season in zip(studies, seasons, strict=True) if season in asked)


def over_the_year(shop: Shop, studies: Sequence[Study], options: Options) -> tuple[Study, ...]:
    """The studies of all seasons, in the order of the year, with the weeks that are best together.

    As they are where nothing ties the seasons, or there is only one. A season weighs what it lasts
    in a year, not in the horizon. Errors of `best_year`.
    """
    if not ties_seasons(shop) or len(studies) < 2:
        return tuple(studies)
    weeks = {season.name: season.weeks for season in shop.seasons}
    year = best_year(
        [OneSeason(study.firm, weeks[study.scenario.name], study.best) for study in studies],
        changes=shop.limits.season_changes,
        cost=shop.limits.season_change_cost,
        **options.solving,
    )
    together = []
    for study, best in zip(studies, year.seasons, strict=True):
        together.append(
            dataclasses.replace(
                study,
                best=best,
                best_profit=profit_draws(study.fresh, best.week),
                cautious_gain=cautious_gain(study.fresh, study.evidence, study.today, best),
                alone=study,
                over_year=year,
            )
        )
    return tuple(together)


def study_season(shop: Shop, model: DemandModel, season: Season, options: Options) -> Study:
    """Today's week, the best week, and both on draws that the plan has not seen."""
    scenario = season_scenario(shop, model, season.name, options.draws, options.seed)
    fresh = season_scenario(shop, model, season.name, options.fresh, options.seed + 1)
    evidence = model.curves(season.name).evidence
    dates = tuple(date for date in horizon_dates(shop, model) if season.holds(date))
    return study_week(scenario, fresh, evidence, dates, options)


def study_week(
    scenario: Scenario,
    fresh: Scenario,
    evidence: NDArray[np.str_],
    dates: tuple[dt.date, ...],
    options: Options,
    hours: Sequence[Spans] | None = None,
    way: Way | None = None,
) -> Study:
    """What `study_season` finds, from a season's arrays; the parts of a `Study` say which.

    With `hours` these and their best staffing stand in the place of the best week.
    """
    way = way or Way()
    today = way.staffing(scenario, scenario.today, **options.solving)
    if hours is None:
        firm, best = _best(scenario, evidence, today, options, way)
    else:
        firm, best = scenario, way.staffing(scenario, hours, **options.solving)
    return Study(
        scenario=scenario,
        firm=firm,
        fresh=fresh,
        evidence=evidence,
        dates=dates,
        today=today,
        best=best,
        today_profit=profit_draws(fresh, today.week),
        best_profit=profit_draws(fresh, best.week),
        cautious_gain=cautious_gain(fresh, evidence, today, best),
    )


def _best(
    scenario: Scenario, evidence: NDArray[np.str_], today: Answer, options: Options, way: Way
) -> tuple[Scenario, Answer]:
    """The best week, never worse than today's, and the scenario in which it was looked for."""
    firm = known_hours(scenario, evidence)
    try:
        best = way.week(firm, incumbent=today.week, **options.solving)
    except RulesConflict:
        # The owner's rules want hours that nobody has seen: her word stands above our doubt.
        firm = scenario
        best = way.week(firm, incumbent=today.week, **options.solving)
    gained = best.ledger.profit - best.changes - today.ledger.profit
    if gained < CENT and not hours_faults(scenario, scenario.today):
        best = dataclasses.replace(today, proof=best.proof)
    return firm, best
