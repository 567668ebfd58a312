"""Other weeks that earn almost as much and look different: the owner's choice among equals.

Candidates are made without a solver, from what is known already: days taken back to today's hours
as long as that is cheap, an hour less or more where it is worth little, and the weeks of simpler
hours that were priced. Each is then staffed at its best. Those within 1 % count as equals, and of
equals the one nearest to today is shown first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from hoursopt.errors import HoursoptError
from hoursopt.evaluate import open_slots, profit_draws
from hoursopt.hours import OpeningHours, Span, format_hours
from hoursopt.plan import Alternative, Estimate, Stability, Study, Week, WishPrice
from hoursopt.program import Way
from hoursopt.program.check import changes_cost, hours_faults
from hoursopt.scenario import Scenario
from hoursopt.worth.edges import Weighed, toggle

CLOSE_ENOUGH = 0.01
ALTERNATIVES = 4
STAFFED = 10
VISIBLE_MINUTES = 60
STAFFED_GAP = 0.1 * CLOSE_ENOUGH
"""Of profit, what better staff could still bring: little beside what counts as equal."""


def find_alternatives(
    study: Study,
    edges: Sequence[Weighed],
    wishes: Sequence[WishPrice],
    changes: Stability | None,
    way: Way,
) -> tuple[Alternative, ...]:
    """At most four other weeks within 1 % of the best, the nearest to today first.

    Each differs by an hour or more on some weekday from the best week and from every other.
    """
    best = study.best.week.hours
    allowance = CLOSE_ENOUGH * abs(study.best.ledger.profit)
    found: list[tuple[Week, Alternative]] = []
    seen: set[Week] = {best}
    staffed = 0
    for _, hours in sorted(
        candidates(study, edges, wishes, changes, allowance),
        key=lambda each: (minutes_apart(study.scenario, each[1], study.scenario.today), each[0]),
    ):
        others = [best, *(week for week, _ in found)]
        if hours in seen or not all(visible(study.scenario, hours, week) for week in others):
            continue
        seen.add(hours)
        if hours_faults(study.firm, hours) or staffed == STAFFED or len(found) == ALTERNATIVES:
            continue
        staffed += 1
        alternative = weigh_alternative(study, hours, allowance, way)
        if alternative is not None:
            found.append((hours, alternative))
    return tuple(alternative for _, alternative in found)


def weigh_alternative(study: Study, hours: Week, allowance: float, way: Way) -> Alternative | None:
    """The week with its best staff; None where nobody can be found, or it earns too little."""
    scenario, best = study.scenario, study.best
    try:
        answer = way.staffing(scenario, hours, gap=STAFFED_GAP)
    except HoursoptError:
        return None
    cost = changes_cost(scenario, hours)
    if best.ledger.profit - best.changes - (answer.ledger.profit - cost) > allowance:
        return None
    return Alternative(
        season=scenario.name,
        hours=format_hours(OpeningHours(hours)),
        profit=answer.ledger.profit,
        less=Estimate.of(study.best_profit - profit_draws(study.fresh, answer.week)),
        days_unlike_best=_days_unlike(hours, best.week.hours),
        days_unlike_today=_days_unlike(hours, scenario.today),
    )


def candidates(
    study: Study,
    edges: Sequence[Weighed],
    wishes: Sequence[WishPrice],
    changes: Stability | None,
    allowance: float,
) -> Iterator[tuple[float, Week]]:
    """Other weeks and what they should lose, never much more than the allowance."""
    for wish in wishes:
        if wish.price.mean <= allowance:
            yield wish.price.mean, wish.hours
    yield from _towards_today(study, changes, allowance)
    yield from _steps(study, edges, allowance)


def visible(scenario: Scenario, one: Week, other: Week) -> bool:
    """Whether somebody would see the difference: an hour or more on one day, not a slot."""
    apart = open_slots(scenario, one) != open_slots(scenario, other)
    return bool((apart.sum(axis=1) * scenario.grid.slot_minutes >= VISIBLE_MINUTES).any())


def minutes_apart(scenario: Scenario, one: Week, other: Week) -> int:
    """Minutes of the week at which one is open and the other shut."""
    apart = open_slots(scenario, one) != open_slots(scenario, other)
    return int(apart.sum()) * scenario.grid.slot_minutes


def _towards_today(
    study: Study, changes: Stability | None, allowance: float
) -> Iterator[tuple[float, Week]]:
    """Days back at today's hours, one by one and the cheapest of them together."""
    if changes is None:
        return
    by_day = sorted((one.gain.mean, one.weekdays[0]) for one in changes.one_day)
    together, lost = study.best.week.hours, 0.0
    for gain, day in by_day:
        alone = _with_day(study.best.week.hours, day, study.scenario.today)
        if gain <= allowance:
            yield max(gain, 0.0), alone
        together, lost = _with_day(together, day, study.scenario.today), lost + max(gain, 0.0)
        if lost <= allowance:
            yield lost, together


def _steps(
    study: Study, edges: Sequence[Weighed], allowance: float
) -> Iterator[tuple[float, Week]]:
    """An edge taken back: on all weekdays at once, on the cheapest of them, on each by itself."""
    best = study.best.week.hours
    groups: dict[tuple[bool, Span], list[tuple[float, int]]] = {}
    for edge in edges:
        worth = float(np.mean(edge.worth))
        loss = worth if edge.is_open else -worth
        groups.setdefault((edge.is_open, edge.span), []).append((loss, edge.weekday))
        if loss <= allowance:
            yield loss, toggle(study.scenario, best, edge.weekday, edge.span)
    for (_, span), members in groups.items():
        hours, lost = best, 0.0
        for loss, weekday in sorted(members):
            hours, lost = toggle(study.scenario, hours, weekday, span), lost + loss
            if lost <= allowance:
                yield lost, hours


def _with_day(hours: Week, day: int, other: Week) -> Week:
    return (*hours[:day], other[day], *hours[day + 1 :])


def _days_unlike(one: Week, other: Week) -> int:
    return sum(spans != others for spans, others in zip(one, other, strict=True))
