"""The recipe: scenario, today's week, best week, gain on fresh draws, advice; season by season."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import Season, special_days
from hoursopt.demand import DemandModel
from hoursopt.errors import DataError, RulesConflict
from hoursopt.evaluate import Ledger, open_slots, profit_draws
from hoursopt.hours import OpeningHours, Spans, format_time
from hoursopt.plan import (
    Advice,
    Estimate,
    Explanation,
    Floats,
    Options,
    Outlook,
    Plan,
    RobustWeek,
    SeasonPlan,
    SpecialDay,
    Study,
    Trial,
    Value,
)
from hoursopt.program import Way, best_staffing, best_week
from hoursopt.program.answer import Answer
from hoursopt.program.check import changes_cost, hours_faults
from hoursopt.program.robust import best_robust, worst_mean
from hoursopt.program.year import OneSeason, best_year
from hoursopt.scenario import Scenario, date_scenario, season_scenario
from hoursopt.shop import Rule, Shop
from hoursopt.worth import explain, wanted_hours

CENT = 0.01
LOW_END = 0.1
UNCOUNTED = ("none", "neighbour")
UNSEEN = "hours that nobody has seen"
SUNDAY = 6
EVENT_DATES = 20
SPECIAL_DAY_DRAWS = 100


def plan_shop(shop: Shop, model: DemandModel, options: Options | None = None) -> Plan:
    """Plan every season of the horizon, or those that `options.seasons` names.

    Raises DataError `plan.season` for a name that the shop does not have, `plan.season_outside`
    for one without a date in the horizon, RulesConflict and SolverError of the program.
    """
    options = options or Options()
    return plan_of(shop, model, study_shop(shop, model, options), options)


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


def ties_seasons(shop: Shop) -> bool:
    """Whether changes of hours between the seasons are bounded or cost anything."""
    return shop.limits.season_changes is not None or shop.limits.season_change_cost > 0


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


def known_hours(scenario: Scenario, evidence: NDArray[np.str_]) -> Scenario:
    """The scenario in which hours of evidence `none` (7, H) stay shut.

    A prior is no ground to open by: such hours are worth a trial, which `worth.trials` names. Hours
    open today stay free, and so do days that the owner wants open or alike.
    """
    shut = (evidence == "none") & ~open_slots(scenario, scenario.today)
    wanted = {
        weekday
        for rule in scenario.rules
        if rule.kind in ("open", "same_hours")
        for weekday in rule.weekdays
    }
    doubts = tuple(
        Rule(UNSEEN, "closed", (weekday,), span=span)
        for weekday in sorted(set(range(7)) - wanted)
        for span in scenario.grid.spans(shut[weekday].tolist())
    )
    return scenario.replace(rules=scenario.rules + doubts)


def disappointed(scenario: Scenario, evidence: NDArray[np.str_]) -> Scenario:
    """The scenario in which cells (7, H) that nobody has counted hold the low end of their range.

    Neither the shop nor a witness: what is believed of them is a prior, and however firm it is, it
    is no count. A change that hangs on it is to be tried first.
    """
    low = np.quantile(scenario.walk_in, LOW_END, axis=0)
    uncounted = np.isin(evidence, UNCOUNTED)
    return scenario.replace(walk_in=np.where(uncounted, low, scenario.walk_in))


def cautious_gain(
    fresh: Scenario, evidence: NDArray[np.str_], today: Answer, best: Answer
) -> NDArray[np.float64]:
    """(R,) gain of the best week over today's where what nobody has seen disappoints."""
    cautious = disappointed(fresh, evidence)
    return profit_draws(cautious, best.week) - profit_draws(cautious, today.week)


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


def advise(study: Study, trials: Sequence[Trial], chance: float) -> Advice:
    """`change` where it is likely enough to pay, `try` where a trial could tell, else `keep`."""
    if study.net_gain.mean() > 0 and study.certainty >= chance:
        return "change"
    return "try" if trials else "keep"


def horizon_dates(shop: Shop, model: DemandModel) -> tuple[dt.date, ...]:
    """All dates of the horizon; it starts the day after the last observation if not told."""
    start = shop.horizon.start or model.last_date + dt.timedelta(days=1)
    return tuple(start + dt.timedelta(days=day) for day in range(7 * shop.horizon.weeks))


def planned_seasons(shop: Shop, horizon: Sequence[dt.date], options: Options) -> tuple[Season, ...]:
    """Seasons with a date in the horizon, in the order of their first one."""
    known = {season.name: season for season in shop.seasons}
    for name in options.seasons:
        if name not in known:
            raise DataError("plan.season", name=name, known=", ".join(known))
    firsts = {
        season.name: next((date for date in horizon if season.holds(date)), None)
        for season in shop.seasons
    }
    for name in options.seasons:
        if firsts[name] is None:
            raise DataError("plan.season_outside", name=name, first=horizon[0], last=horizon[-1])
    within = [
        (first, known[name])
        for name, first in firsts.items()
        if first is not None and name in (options.seasons or known)
    ]
    return tuple(season for _, season in sorted(within, key=lambda pair: pair[0]))


def plan_special_days(
    shop: Shop, model: DemandModel, horizon: Sequence[dt.date], options: Options
) -> tuple[SpecialDay, ...]:
    """Hours of the public holidays in the horizon and of the first twenty dates of events.

    Dates that the owner has set stand as set. On a weekday on which the shop is shut today, and on
    public holidays of a shop that is shut on Sundays, it stays shut. Else the best hours of the
    date alone: no customer moves to another day.
    """
    holidays, events = holiday_names(shop, horizon), event_names(shop, horizon)
    first_events = dict(list(events.items())[:EVENT_DATES])
    return tuple(
        SpecialDay(date, name, special_hours(shop, model, date, date in holidays, options))
        for date, name in sorted((holidays | first_events).items())
    )


def special_dates(shop: Shop, horizon: Sequence[dt.date]) -> frozenset[dt.date]:
    """Dates that are unlike their weekday: holidays, events, and those that the owner has set."""
    own = (*shop.exceptions.closed, *shop.exceptions.hours)
    return frozenset((*holiday_names(shop, horizon), *event_names(shop, horizon), *own))


def holiday_names(shop: Shop, horizon: Sequence[dt.date]) -> dict[dt.date, str]:
    """The public holidays of the horizon."""
    calendar = special_days(shop.country, shop.subdivision, horizon[0], horizon[-1], shop.language)
    return {day.date: day.name for day in calendar if day.kind == "holiday"}


def event_names(shop: Shop, horizon: Sequence[dt.date]) -> dict[dt.date, str]:
    """The dates of events in the horizon."""
    return {
        date: event.name
        for date in horizon
        for event in shop.events
        if any(first <= date <= last for first, last in event.dates)
    }


def special_hours(
    shop: Shop, model: DemandModel, date: dt.date, is_holiday: bool, options: Options
) -> Spans:
    """The best hours of one date; see `plan_special_days`."""
    if date in shop.exceptions.closed or date in shop.exceptions.hours:
        return shop.hours_on(date)
    if not shop.hours_on(date) or (is_holiday and not shop.today[SUNDAY]):
        return ()
    scenario = date_scenario(shop, model, date, SPECIAL_DAY_DRAWS, options.seed)
    return best_week(scenario, **options.solving).week.hours[0]


def _year_gain(studies: Sequence[Study]) -> Floats:
    """(R,) gain of all weeks: seasons' draws come from the same parameters, so they add up."""
    gains = np.array([study.gain * study.weeks for study in studies])
    total: Floats = gains.sum(axis=0)
    return total


def _total(ledgers: Iterable[Ledger]) -> Ledger:
    return reduce(Ledger.__add__, ledgers, Ledger())
