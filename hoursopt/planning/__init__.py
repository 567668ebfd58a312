"""The recipe: scenario, today's week, best week, gain on fresh draws, advice; season by season."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np

from hoursopt.demand import DemandModel
from hoursopt.errors import DataError
from hoursopt.evaluate import Ledger, profit_draws
from hoursopt.hours import OpeningHours, format_time
from hoursopt.plan import (
    Estimate,
    Explanation,
    Floats,
    Options,
    Outlook,
    Plan,
    RobustWeek,
    SeasonPlan,
    Study,
    Value,
)
from hoursopt.planning.caution import advise, cautious_gain, disappointed, known_hours
from hoursopt.planning.horizon import horizon_dates, planned_seasons, ties_seasons
from hoursopt.planning.special import plan_special_days, special_dates
from hoursopt.planning.studying import over_the_year, study_season, study_shop, study_week
from hoursopt.program import best_staffing
from hoursopt.program.check import changes_cost
from hoursopt.program.robust import best_robust, worst_mean
from hoursopt.scenario import Scenario, season_scenario
from hoursopt.shop import Shop
from hoursopt.worth import explain, wanted_hours

__all__ = [
    "advise",
    "break_slots",
    "cautious_gain",
    "disappointed",
    "explained",
    "horizon_dates",
    "known_hours",
    "over_the_year",
    "plan_of",
    "plan_season",
    "plan_shop",
    "plan_special_days",
    "planned_seasons",
    "robust_week",
    "season_plan",
    "study_season",
    "study_shop",
    "study_week",
    "ties_seasons",
    "value_hours",
]


def plan_shop(shop: Shop, model: DemandModel, options: Options | None = None) -> Plan:
    """Plan every season of the horizon, or those that `options.seasons` names.

    Raises DataError `plan.season` for a name that the shop does not have, `plan.season_outside`
    for one without a date in the horizon, RulesConflict and SolverError of the program.
    """
    options = options or Options()
    return plan_of(shop, model, study_shop(shop, model, options), options)


def plan_of(
    shop: Shop,
    model: DemandModel,
    studies: Sequence[Study],
    options: Options,
    told: Sequence[Explanation] | None = None,
) -> Plan:
    """The plan that studies of the seasons make, explained where `options.explain` asks for it.

    `told`: the explanations of the seasons, where they were made before.
    """
    horizon = horizon_dates(shop, model)
    told = told or [explained(shop, study, horizon, options) for study in studies]
    return Plan(
        shop=shop.name,
        currency=shop.currency,
        grid=shop.grid,
        start=horizon[0],
        weeks=shop.horizon.weeks,
        seasons=tuple(
            season_plan(study, why, shop, robust_week(study, shop, options))
            for study, why in zip(studies, told, strict=True)
        ),
        special_days=plan_special_days(shop, model, horizon, options) if options.explain else (),
        edges=tuple(edge for why in told for edge in why.edges),
        rules=tuple(price for why in told for price in why.rules),
        alternatives=tuple(other for why in told for other in why.alternatives),
        trials=tuple(trial for why in told for trial in why.trials),
        limits=tuple(price for why in told for price in why.limits),
        wishes=tuple(price for why in told for price in why.wishes),
        together=tuple(price for why in told for price in why.together),
        year_today=_total(study.today.ledger * study.weeks for study in studies),
        year_best=_total(study.best.ledger * study.weeks for study in studies),
        year_gain=Estimate.of(_year_gain(studies)),
        over_year=studies[0].over_year if studies else None,
    )


def plan_season(
    shop: Shop, model: DemandModel, season: str, options: Options | None = None
) -> SeasonPlan:
    """Plan one season; errors as in `plan_shop`."""
    options = dataclasses.replace(options or Options(), seasons=(season,))
    horizon = horizon_dates(shop, model)
    (study,) = study_shop(shop, model, options)
    why = explained(shop, study, horizon, options)
    return season_plan(study, why, shop, robust_week(study, shop, options))


def explained(
    shop: Shop, study: Study, horizon: Sequence[dt.date], options: Options
) -> Explanation:
    """Why the season's week is best, where `options.explain` asks for it."""
    if not options.explain:
        return Explanation()
    special = special_dates(shop, horizon)
    return explain(study, shop.decision.chance, options, special)


def robust_week(study: Study, shop: Shop, options: Options) -> RobustWeek | None:
    """The week for bad times of a season, by the share that the options or the shop give them.

    None where they count for nothing, and where the season's hours hang on other seasons'.
    """
    share = shop.decision.robust if options.robust is None else options.robust
    if share <= 0 or study.alone is not None:
        return None
    found = best_robust(study.firm, share, study.best, **options.solving)
    profits = profit_draws(study.fresh, found.week) - changes_cost(study.scenario, found.week.hours)
    return RobustWeek(
        share=share,
        week=found.week,
        robust=Outlook(float(profits.mean()), worst_mean(profits)),
        best=Outlook(float(study.best_net.mean()), worst_mean(study.best_net)),
        status=found.status,
        gap=found.gap,
    )


def season_plan(
    study: Study, why: Explanation, shop: Shop, robust: RobustWeek | None = None
) -> SeasonPlan:
    """What the plan says of a season."""
    return SeasonPlan(
        name=study.scenario.name,
        first=study.dates[0],
        last=study.dates[-1],
        weeks=study.weeks,
        today=study.today.week,
        today_ledger=study.today.ledger,
        best=study.best.week,
        best_ledger=study.best.ledger,
        gain=Estimate.of(study.gain),
        probability_better=float((study.gain > 0).mean()),
        advice=advise(study, why.trials, shop.decision.chance),
        proof=study.best.proof,
        breaks=break_slots(study.scenario),
        today_wanted=wanted_hours(study.scenario, study.today.week),
        best_wanted=wanted_hours(study.scenario, study.best.week),
        steering=why.steering,
        stability=why.stability,
        robust=robust,
        uncounted=study.likely >= shop.decision.chance > study.certainty,
    )


def value_hours(
    shop: Shop, model: DemandModel, hours: OpeningHours, options: Options | None = None
) -> tuple[Value, ...]:
    """What any hours are worth in each season, with their best staffing.

    Raises DataError `plan.off_grid` for hours outside the grid or between its slots, errors of
    seasons as `plan_shop`.
    """
    options = options or Options()
    if not all(shop.grid.fits(spans) for spans in hours.days):
        raise DataError(
            "plan.off_grid",
            hours=str(hours),
            minutes=shop.grid.slot_minutes,
            earliest=format_time(shop.grid.earliest),
            latest=format_time(shop.grid.latest),
        )
    values = []
    for season in planned_seasons(shop, horizon_dates(shop, model), options):
        scenario = season_scenario(shop, model, season.name, options.draws, options.seed)
        answer = best_staffing(scenario, hours.days, **options.solving)
        values.append(
            Value(season.name, answer.week, answer.ledger, answer.proof, break_slots(scenario))
        )
    return tuple(values)


def break_slots(scenario: Scenario) -> dict[str, int]:
    """Slots that a break of each staff group takes."""
    return {group.name: group.break_slots for group in scenario.staff}


def _year_gain(studies: Sequence[Study]) -> Floats:
    """(R,) gain of all weeks: seasons' draws come from the same parameters, so they add up."""
    gains = np.array([study.gain * study.weeks for study in studies])
    total: Floats = gains.sum(axis=0)
    return total


def _total(ledgers: Iterable[Ledger]) -> Ledger:
    return reduce(Ledger.__add__, ledgers, Ledger())
