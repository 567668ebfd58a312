"""Which rules and limits clash: a smallest set without which there would be a plan.

A deletion filter: each rule and limit is left out in turn, and stays out when there is still no
plan. What is left clashes, and every part of it is needed for the clash. These programs have no
objective and no gains, so each takes milliseconds. Then each part is dropped alone, and the best
week says which is the cheapest to give up.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hoursopt.errors import DataError, RulesConflict, SolverError
from hoursopt.program.model import formulate
from hoursopt.program.session import Session
from hoursopt.program.solve import run, settings
from hoursopt.program.tables import hours_tables, week_tables
from hoursopt.program.variables import Task
from hoursopt.scenario import Scenario, StaffCost
from hoursopt.shop import Limits, Rule

Change = Callable[[Scenario], Scenario]


@dataclass(frozen=True)
class Ask:
    """One thing that the owner asks for: how a reader is told of it, and a shop without it."""

    cause: DataError
    drop: Change


def conflict(
    session: Session, task: Task, worth: Callable[[Scenario], float | None]
) -> RulesConflict:
    """The clash of a task that has no plan; its causes are a smallest set of rules and limits.

    `worth` of a scenario: what its best week earns, None where it has none. The cheapest to give
    up is named with it: the one without which the best week earns most (`bend`, `profit`); none
    where another clash remains without any of them. Raises SolverError `program.no_answer` where
    the solver finds no plan for a shop that asks for nothing.
    """
    asks = list(_asks(session.scenario, task))
    scenario = _one_draw(session.scenario)
    for ask in tuple(asks):
        without = ask.drop(scenario)
        if not _has_plan(session, without, task):
            asks.remove(ask)
            scenario = without
    if not asks:
        # Who asks for nothing always has a plan: the solver is wrong.
        raise SolverError("program.no_answer", attempts="; ".join(session.attempts))
    causes = [ask.cause for ask in asks]
    bent = [(worth(ask.drop(session.scenario)), ask.cause) for ask in asks]
    found = [(profit, cause) for profit, cause in bent if profit is not None]
    if len(found) < 2:
        return RulesConflict("program.conflict", causes=causes, count=len(causes))
    profit, bend = max(found, key=lambda one: one[0])
    return RulesConflict(
        "program.conflict_bend", causes=causes, count=len(causes), bend=bend, profit=profit
    )


def _has_plan(session: Session, scenario: Scenario, task: Task) -> bool:
    everywhere = frozenset(range(scenario.days))
    question = dataclasses.replace(task, exact_packing=everywhere, any_plan=True)
    hours = task.hours
    tables = week_tables(scenario) if hours is None else hours_tables(scenario, hours)
    setting = next(iter(settings(session.solver, session.seed)))
    seconds = max(1.0, session.seconds_left)
    return run(formulate(scenario, tables, question), setting, seconds).status != "infeasible"


def _one_draw(scenario: Scenario) -> Scenario:
    """Demand matters to a clash only through packing: without it one draw will do."""
    if scenario.service.minutes_per_order > 0:
        return scenario
    draws = scenario.diversion
    first = draws.replace(
        recaptured=draws.recaptured[:1],
        reach_hours=draws.reach_hours[:1],
        next_day=draws.next_day[:1],
        online=draws.online[:1],
    )
    return scenario.replace(walk_in=scenario.walk_in[:1], diversion=first, weights=None)


def _asks(scenario: Scenario, task: Task) -> Iterator[Ask]:
    """Limits first: what is left out first is blamed last, and a rule says more than a limit."""
    yield from _staff_asks(scenario)
    if scenario.service.minutes_per_order > 0:
        minutes = scenario.service.minutes_per_order
        idle = dataclasses.replace(scenario.service, minutes_per_order=0.0)
        yield Ask(_limit("minutes_per_order", minutes), lambda s: s.replace(service=idle))
    if task.hours is None:
        yield from _hours_asks(scenario.limits)
        for rule in scenario.rules:
            cause = DataError("program.rule_clashes", name=rule.name, kind=rule.kind)
            yield Ask(cause, _without_rule(rule))


def _hours_asks(limits: Limits) -> Iterator[Ask]:
    least, most = limits.week_open_hours
    free: dict[str, object] = {"patterns": 7, "intervals_per_day": 2, "min_open_hours": 0.0}
    for key, value in free.items():
        if getattr(limits, key) != value:
            yield Ask(_limit(key, getattr(limits, key)), _changed_limits({key: value}))
    if least > 0:
        yield Ask(_limit("week_open_hours", f">= {least:g}"), _changed_week(least=0.0))
    if most < 168:
        yield Ask(_limit("week_open_hours", f"<= {most:g}"), _changed_week(most=168.0))


def _staff_asks(scenario: Scenario) -> Iterator[Ask]:
    limits, slot_hours = scenario.limits, scenario.grid.slot_hours
    yield Ask(_limit("min_staff", limits.min_staff), _changed_limits({"min_staff": 0}))
    heads = sum(group.people for group in scenario.staff)
    yield Ask(_limit("max_staff", limits.max_staff), _changed_limits({"max_staff": 99 + heads}))
    for number, group in enumerate(scenario.staff):
        shift = (group.shortest * slot_hours, group.longest * slot_hours)
        more = {"people": group.people + 2 * max(1, limits.min_staff)}
        any_length = {"shortest": 1, "longest": scenario.grid.size, "break_after": None}
        parts: dict[str, tuple[object, Mapping[str, object]]] = {
            "people": (group.people, more),
            "shift_hours": (f"{shift[0]:g}-{shift[1]:g}", any_length),
        }
        if group.week_hours is not None:
            parts["week_hours"] = (group.week_hours, {"week_hours": None})
        for key, (value, changes) in parts.items():
            cause = DataError("program.staff_clashes", group=group.name, limit=key, value=value)
            yield Ask(cause, _changed_staff(number, changes))


def _changed_limits(changes: Mapping[str, object]) -> Change:
    return lambda s: s.replace(limits=dataclasses.replace(s.limits, **changes))  # type: ignore[arg-type]


def _changed_week(least: float | None = None, most: float | None = None) -> Change:
    def changed(scenario: Scenario) -> Scenario:
        low, high = scenario.limits.week_open_hours
        week = (low if least is None else least, high if most is None else most)
        return _changed_limits({"week_open_hours": week})(scenario)

    return changed


def _changed_staff(number: int, changes: Mapping[str, object]) -> Change:
    def changed(scenario: Scenario) -> Scenario:
        staff: list[StaffCost] = list(scenario.staff)
        staff[number] = dataclasses.replace(staff[number], **changes)  # type: ignore[arg-type]
        return scenario.replace(staff=tuple(staff))

    return changed


def _without_rule(rule: Rule) -> Change:
    return lambda s: s.replace(rules=tuple(other for other in s.rules if other is not rule))


def _limit(key: str, value: object) -> DataError:
    return DataError("program.limit_clashes", limit=key, value=value)
