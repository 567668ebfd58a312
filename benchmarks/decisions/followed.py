"""What comes of advice that is followed for a year: trials that are run, and a second plan.

A first plan knows a year of the shop's data. Its hours are kept for a second year, once with the
trials that it names and once without; then the shop plans anew from both years. All hours are
weighed under the same truth.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from benchmarks.decisions.judge import OPTIONS, best_under, profit, truth_scenario
from benchmarks.decisions.shops import DecisionShop
from hoursopt.calendar import season_of
from hoursopt.demand import fit_demand
from hoursopt.hours import OpeningHours, Span, Spans
from hoursopt.observations import observe
from hoursopt.plan import Study, Trial
from hoursopt.planning import advise, study_shop
from hoursopt.program import quick_way
from hoursopt.shop import Horizon, HoursInForce, Shop
from hoursopt.simulate.trade import Trade, trade
from hoursopt.worth.edges import bench, weigh_closed_days, weigh_edges
from hoursopt.worth.reasons import undecided
from hoursopt.worth.trials import find_trials

YEAR = dt.timedelta(days=364)
DAY = dt.timedelta(days=1)


def followed(one: DecisionShop) -> Iterator[dict[str, Any]]:
    """A row a season: today's hours, the first plan's, and those of the second with and without."""
    town, shop = one.town, one.shop
    first_year = town.replace(last=town.first + YEAR - DAY)
    shop = shop.replace(hours=(HoursInForce(shop.today),), horizon=Horizon(None, 52))
    studies = studied(shop, trade(first_year, shop, one.seed))
    trials = {study.scenario.name: named_trials(study, shop) for study in studies}
    second_year = town.replace(last=town.first + 2 * YEAR - DAY)
    later = {}
    for name, tried in (("plan kept a year", False), ("plan and its trials", True)):
        hours = {
            study.scenario.name: kept_hours(study, shop, trials[study.scenario.name] * tried)
            for study in studies
        }
        changed = shop.replace(hours=in_force(shop, hours, first_year.last + DAY, second_year.last))
        again = studied(changed, trade(second_year, changed, one.seed))
        later[name] = {study.scenario.name: study.best.week.hours for study in again}
    for study in studies:
        true = truth_scenario(study.scenario, one)
        weeks = {"today": true.today, "plan": study.best.week.hours}
        weeks |= {name: hours[study.scenario.name] for name, hours in later.items()}
        yield {
            "shop": one.number,
            "seed": one.seed,
            "kind": one.kind,
            "witnesses": " + ".join(one.witnesses) or "none",
            "season": study.scenario.name,
            "weeks": study.weeks,
            "trials": len(trials[study.scenario.name]),
            "oracle": best_under(true, study.best.week).ledger.profit,
            "profit": {name: profit(true, week) for name, week in weeks.items()},
        }


def studied(shop: Shop, made: Trade) -> tuple[Study, ...]:
    """The seasons of a shop as planned from what its files hold."""
    return study_shop(shop, fit_demand(observe(shop, made.tables), shop), OPTIONS)


def named_trials(study: Study, shop: Shop) -> tuple[Trial, ...]:
    """The trials that the plan names, as `worth.explain` finds them."""
    against = bench(study, quick_way(**OPTIONS.solving))
    edges = [*weigh_edges(against), *weigh_closed_days(against)]
    return find_trials(study, undecided(against, shop.decision.chance), edges)


def kept_hours(study: Study, shop: Shop, trials: Sequence[Trial]) -> OpeningHours:
    """The hours that the plan advises for the time being, longer by its trials."""
    change = advise(study, trials, shop.decision.chance) == "change"
    days = list(study.best.week.hours if change else study.scenario.today)
    for trial in trials:
        days[trial.weekday] = joined(days[trial.weekday], Span(trial.start, trial.end))
    return OpeningHours(tuple(days))


def joined(spans: Spans, more: Span) -> Spans:
    """The spans of a day with one more, in one stretch: nobody goes home between."""
    both = (*spans, more)
    return (Span(min(span.start for span in both), max(span.end for span in both)),)


def in_force(
    shop: Shop, hours: dict[str, OpeningHours], first: dt.date, last: dt.date
) -> tuple[HoursInForce, ...]:
    """Today's hours until `first`, then those of each season as it comes."""
    days = [first + day * DAY for day in range((last - first).days + 1)]
    seasons = groupby(days, lambda date: season_of(date, shop.seasons).name)
    return (*shop.hours, *(HoursInForce(hours[name], next(dates)) for name, dates in seasons))
