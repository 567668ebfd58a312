"""The owner's why: edges, prices of rules, other weeks that are almost as good, and trials."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from hoursopt.errors import HoursoptError
from hoursopt.evaluate import profit_draws
from hoursopt.hours import OpeningHours, Span, Spans, format_hours
from hoursopt.plan import Alternative, Estimate, Explanation, Options, RulePrice, Study
from hoursopt.program import best_staffing, best_week
from hoursopt.program.check import hours_faults
from hoursopt.worth.edges import (
    Weighed,
    bench,
    edge_of,
    toggle,
    weigh_additions,
    weigh_closed_days,
    weigh_edges,
)
from hoursopt.worth.trials import find_trials

Week = tuple[Spans, ...]

EXPLAIN_SECONDS = 20.0
CLOSE_ENOUGH = 0.01
ALTERNATIVES = 3


def explain(study: Study, chance: float, options: Options) -> Explanation:
    """Edges, prices of rules, alternatives and trials of a season; `chance` as in `Decision`."""
    brief = dataclasses.replace(options, time_limit=min(options.time_limit, EXPLAIN_SECONDS))
    against = bench(study, brief)
    edges = [*weigh_edges(against), *weigh_closed_days(against)]
    edges.sort(key=lambda weighed: (weighed.weekday, weighed.span))
    undecided = bool(study.gain.any()) and study.certainty < chance
    additions = list(weigh_additions(against)) if undecided else []
    return Explanation(
        edges=tuple(edge_of(study, weighed) for weighed in edges),
        rules=price_rules(study, brief),
        alternatives=find_alternatives(study, edges, brief),
        trials=find_trials(study, additions, edges),
    )


def price_rules(study: Study, options: Options) -> tuple[RulePrice, ...]:
    """What each rule costs a week: the best week without it less the best week with it."""
    scenario = study.firm
    prices = []
    for rule in study.scenario.rules:
        others = tuple(other for other in scenario.rules if other is not rule)
        free = best_week(
            scenario.replace(rules=others), incumbent=study.best.week, **options.solving
        ).week
        same = free.hours == study.best.week.hours
        gained = profit_draws(study.fresh, study.best.week if same else free) - study.best_profit
        prices.append(RulePrice(rule.name, scenario.name, Estimate.of(gained)))
    return tuple(prices)


def find_alternatives(
    study: Study, edges: Sequence[Weighed], options: Options
) -> tuple[Alternative, ...]:
    """At most three other weeks within 1 % of the best, the nearest in profit first.

    Each has an hour more or less than the best week, on all weekdays of which that is cheap.
    """
    scenario, best = study.scenario, study.best
    allowance = CLOSE_ENOUGH * abs(best.ledger.profit)
    found: list[Alternative] = []
    for loss, hours in sorted(_steps(study, edges, allowance), key=lambda step: step[0]):
        if loss > allowance or len(found) == ALTERNATIVES:
            break
        if hours_faults(study.firm, hours):
            continue
        try:
            profit = best_staffing(scenario, hours, **options.solving).ledger.profit
        except HoursoptError:
            continue  # nobody can be found for these hours
        if best.ledger.profit - profit <= allowance:
            found.append(Alternative(scenario.name, format_hours(OpeningHours(hours)), profit))
    return tuple(found)


def _steps(
    study: Study, edges: Sequence[Weighed], allowance: float
) -> Iterator[tuple[float, Week]]:
    """Other weeks and what they lose: an edge taken back on all weekdays, or on the cheapest."""
    groups: dict[tuple[bool, Span], list[tuple[float, int]]] = {}
    for edge in edges:
        worth = float(edge.worth.mean())
        loss = worth if edge.is_open else -worth
        groups.setdefault((edge.is_open, edge.span), []).append((loss, edge.weekday))
    for (_, span), members in groups.items():
        affordable = sum(loss for loss, _ in members) <= allowance
        taken = members if affordable else [min(members)]
        hours = study.best.week.hours
        for _, weekday in taken:
            hours = toggle(study.scenario, hours, weekday, span)
        yield sum(loss for loss, _ in taken), hours
