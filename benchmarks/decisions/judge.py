"""A shop's plan, and rules of thumb, weighed under the truth: one row a season."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.decisions.shops import DecisionShop
from benchmarks.decisions.thumb import (
    Week,
    break_even,
    break_even_both_ways,
    past_sales,
    twenty_per_cent,
)
from benchmarks.truth import under_truth
from hoursopt.demand import fit_demand
from hoursopt.errors import HoursoptError
from hoursopt.evaluate import StaffedWeek, evaluate
from hoursopt.observations import observe
from hoursopt.plan import Estimate, Options, Study
from hoursopt.planning import advise, study_shop
from hoursopt.program import best_staffing, best_week
from hoursopt.program.answer import Answer
from hoursopt.program.book import day_book
from hoursopt.scenario import Scenario

THUMBS = {
    "break-even": break_even,
    "break-even, longer too": break_even_both_ways,
    "20 % rule": twenty_per_cent,
}
OPTIONS = Options(draws=40, fresh=400, time_limit=60.0, explain=False)
ORACLE_SECONDS = 60.0


def judged(one: DecisionShop) -> Iterator[dict[str, Any]]:
    """Fit, plan and judge one shop."""
    began = time.process_time()
    observations = observe(one.shop, one.trade.tables)
    model = fit_demand(observations, one.shop)
    fitted = time.process_time()
    studies = study_shop(one.shop, model, OPTIONS)
    planned = time.process_time()
    for study in studies:
        true = truth_scenario(study.scenario, one)
        sales = past_sales(one.shop, observations, study.scenario)
        oracle = best_under(true, study.best.week)
        hours = {"today": true.today, "plan": study.best.week.hours}
        hours |= {name: rule(study.scenario, sales) for name, rule in THUMBS.items()}
        yield {
            "shop": one.number,
            "seed": one.seed,
            "kind": one.kind,
            "witnesses": " + ".join(one.witnesses) or "none",
            "change": one.change,
            "season": study.scenario.name,
            "weeks": study.weeks,
            "fit_seconds": fitted - began,
            "plan_seconds": planned - fitted,
            **said(study, one),
            "true_gain": true_gain(true, study),
            "oracle": oracle.ledger.profit,
            "oracle_gap": oracle.proof.gap,
            "plan_gap": study.best.proof.gap,
            "hours": {name: worded(week) for name, week in hours.items()}
            | {"oracle": worded(oracle.week.hours)},
            "profit": {name: profit(true, week) for name, week in hours.items()},
        }


def said(study: Study, one: DecisionShop) -> dict[str, Any]:
    """What the plan tells of its gain."""
    gain = Estimate.of(study.gain)
    return {
        "mean": gain.mean,
        "low": gain.low,
        "high": gain.high,
        "probability": float((study.gain > 0).mean()),
        "certainty": study.certainty,
        "advice": advise(study, (), one.shop.decision.chance),
    }


def true_gain(true: Scenario, study: Study) -> float:
    """The gain that the plan speaks of, hours and shifts fixed, under the truth."""
    best, today = (evaluate(true, each.week).profit for each in (study.best, study.today))
    return best - today


def best_under(true: Scenario, known: StaffedWeek) -> Answer:
    """The best week under the truth, by day tables where they are exact."""
    book = day_book(true)
    found = None if book is None else book.best()
    return found or best_week(true, incumbent=known, time_limit=ORACLE_SECONDS)


def profit(true: Scenario, hours: Week) -> float:
    """Profit of hours with the best staff under the truth; NaN where nobody can staff them."""
    try:
        return best_staffing(true, hours, time_limit=ORACLE_SECONDS).ledger.profit
    except HoursoptError:
        return float("nan")


def truth_scenario(scenario: Scenario, one: DecisionShop) -> Scenario:
    """The season under the truth, the web basket included."""
    economics = one.shop.economics
    true = under_truth(scenario, one.trade.truth, economics)
    basket = float(one.trade.truth["online_basket"])
    return dataclasses.replace(
        true, online_margin=basket * economics.net_share * economics.online_margin_rate
    )


def worded(hours: Week) -> str:
    """Hours of the week in short."""
    return "; ".join(
        ",".join(f"{span.start / 60:g}-{span.end / 60:g}" for span in spans) or "-"
        for spans in hours
    )
