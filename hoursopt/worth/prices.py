"""What each rule and limit costs, one by one and together.

A price is the best week without the rule less the best week with it, both on draws that neither was
planned on. Of limits those are priced that the best week reaches: a limit that it stays clear of
holds it back from nothing near. Where a limit bounds a number of people, the price is what one
more would bring.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.evaluate import Shift, StaffedWeek, on_duty, open_slots, paid_hours, profit_draws
from hoursopt.plan import (
    Estimate,
    Floats,
    LimitPrice,
    RulePrice,
    Study,
    Together,
    Week,
)
from hoursopt.program import Way
from hoursopt.program.answer import Answer
from hoursopt.program.check import changes_cost
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule

CENT = 0.01
NO_BOUND = 168.0

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Reached:
    """A limit that the best week reaches, and the shop without it, or with one more of it."""

    limit: str
    group: str
    value: str
    without: Scenario


def price_rules(study: Study, way: Way) -> tuple[RulePrice, ...]:
    """What each rule costs a week; hours that only the rule kept from being looked at are free."""
    prices = []
    for rule in study.scenario.rules:
        price, hours = _price(study, without_rules(study, (rule,)), way)
        prices.append(RulePrice(rule.name, study.scenario.name, price, hours))
    return tuple(prices)


def price_limits(study: Study, way: Way) -> tuple[LimitPrice, ...]:
    """What each limit costs a week that the best week reaches; those that cost nothing are left."""
    prices = []
    for reached in limits_reached(study):
        price, hours = _price(study, reached.without, way)
        if price.mean > 0:
            prices.append(
                LimitPrice(
                    reached.limit, reached.group, reached.value, study.scenario.name, price, hours
                )
            )
    return tuple(prices)


def price_together(study: Study, way: Way) -> tuple[Together, ...]:
    """What all rules cost together, and all rules and limits that bind; where there are several."""
    name, rules = study.scenario.name, study.scenario.rules
    reached = list(limits_reached(study))
    found = []
    free = without_rules(study, rules)
    if len(rules) > 1:
        found.append(Together("rules", name, *_price(study, free, way)))
    if reached and len(rules) + len(reached) > 1:
        for one in reached:
            free = _merged(study.firm, free, one.without)
        found.append(Together("rules_and_limits", name, *_price(study, free, way)))
    return tuple(found)


def without_rules(study: Study, rules: Sequence[Rule]) -> Scenario:
    """The scenario without some rules of the owner.

    Hours that nobody has seen stay shut in a plan; where a rule is what shuts them, its price
    without them would be a false nothing, so they are looked at, and the range says the rest.
    """
    doubted = still_doubted(unseen(study), study.scenario, rules)
    kept = (rule for rule in study.scenario.rules if rule not in rules)
    return study.firm.replace(rules=(*kept, *doubts(study, doubted)))


def still_doubted(doubted: Flags, scenario: Scenario, rules: Sequence[Rule]) -> Flags:
    """(7, H) hours that stay in doubt, of those that are, less those that only the rules shut."""
    doubted = doubted.copy()
    for rule in rules:
        shut = shut_by(scenario, rule)
        for day in rule.weekdays:
            # Of a day that nobody has seen at all a rule about some of its hours shuts nothing.
            if shut.all() or not doubted[day, ~shut].all():
                doubted[day] &= ~shut
    return doubted


def unseen(study: Study) -> Flags:
    """(7, H) hours that the plan keeps shut because nobody has seen them."""
    grid = study.scenario.grid
    doubted = np.zeros((7, grid.size), dtype=bool)
    for doubt in study.firm.rules:
        if doubt not in study.scenario.rules and doubt.span is not None:
            for day in doubt.weekdays:
                doubted[day] |= np.array(grid.shares([doubt.span])) > 0
    return doubted


def doubts(study: Study, doubted: Flags) -> Iterator[Rule]:
    """Rules that keep hours (7, H) shut, named as those of the plan."""
    known = [rule for rule in study.firm.rules if rule not in study.scenario.rules]
    for day in range(7):
        for span in study.scenario.grid.spans(doubted[day].tolist()):
            yield dataclasses.replace(known[0], weekdays=(day,), span=span)


def shut_by(scenario: Scenario, rule: Rule) -> Flags:
    """(H,) hours of its days that a rule shuts, or keeps as they are."""
    grid = scenario.grid
    starts = np.array([grid.start(slot) for slot in range(grid.size)])
    if rule.kind == "closed_after":
        return starts + grid.slot_minutes > (rule.at or 0)
    if rule.kind == "closed_before":
        return starts < (rule.at or 0)
    if rule.kind == "closed" and rule.span is not None:
        return np.array(grid.shares([rule.span])) > 0
    return np.full(grid.size, rule.kind in ("closed", "keep_today"))


def limits_reached(study: Study) -> Iterator[Reached]:
    """Limits that the best week stands at, each with the scenario in which it does not bind."""
    firm, week = study.firm, study.best.week
    yield from _hours_reached(firm, week)
    duty, is_open = on_duty(firm, week), open_slots(firm, week.hours)
    limits = firm.limits
    if duty.max(initial=0) == limits.max_staff:
        yield Reached(
            "max_staff", "", str(limits.max_staff), _limited(firm, max_staff=limits.max_staff + 1)
        )
    if limits.min_staff > 1 and (duty[is_open] == limits.min_staff).any():
        yield Reached("min_staff", "", str(limits.min_staff), _limited(firm, min_staff=1))
    for number, group in enumerate(firm.staff):
        shifts = [shift for shift in week.shifts if shift.staff == group.name]
        paid = sum(paid_hours(firm, shift) * shift.count for shift in shifts)
        if group.week_hours is not None and paid > group.week_hours - firm.grid.slot_hours:
            free = _grouped(firm, number, week_hours=None)
            yield Reached("week_hours", group.name, f"{group.week_hours:g}", free)
        if shifts and _present(firm, shifts) == group.people:
            more = _grouped(firm, number, people=group.people + 1)
            yield Reached("people", group.name, str(group.people), more)
        lengths = [shift.last - shift.first for shift in shifts]
        slot_hours = firm.grid.slot_hours
        told = f"{group.shortest * slot_hours:g}-{group.longest * slot_hours:g}"
        if group.shortest > 1 and group.shortest in lengths:
            free = _grouped(firm, number, shortest=1)
            yield Reached("shift_hours", group.name, told, free)


def _hours_reached(firm: Scenario, week: StaffedWeek) -> Iterator[Reached]:
    """Limits on hours that the week stands at."""
    limits, slot = firm.limits, firm.grid.slot_hours
    spans = [span for day in week.hours for span in day]
    total = sum(span.hours for span in spans)
    least, most = limits.week_open_hours
    if most < NO_BOUND and total > most - slot:
        free = _limited(firm, week_open_hours=(least, NO_BOUND))
        yield Reached("week_open_hours", "", f"<= {most:g}", free)
    if least > 0 and total < least + slot:
        yield Reached(
            "week_open_hours", "", f">= {least:g}", _limited(firm, week_open_hours=(0.0, most))
        )
    if limits.min_open_hours > slot and any(
        span.hours < limits.min_open_hours + slot for span in spans
    ):
        yield Reached(
            "min_open_hours", "", f"{limits.min_open_hours:g}", _limited(firm, min_open_hours=slot)
        )
    if limits.patterns < 7 and len({day for day in week.hours if day}) == limits.patterns:
        yield Reached("patterns", "", str(limits.patterns), _limited(firm, patterns=7))


def _price(study: Study, free: Scenario, way: Way) -> tuple[Estimate, Week]:
    """What the best week of a freer scenario earns more; its hours where they are others."""
    answer = best_near(free, way, study.best.week)
    gained = answer.ledger.profit - answer.changes - _planned(study)
    if gained < CENT:
        return Estimate(0.0, 0.0, 0.0), ()
    hours = () if answer.week.hours == study.best.week.hours else answer.week.hours
    return Estimate.of(net_profit(study, answer) - study.best_net), hours


def best_near(scenario: Scenario, way: Way, known: StaffedWeek | None = None) -> Answer:
    """The best week, or where orders are packed one that is as good or nearly so, much sooner.

    Packing ties days together by minutes, and that is what takes the program long. Without it the
    best hours are soon known; staffed anew with all orders packed they are a week that stands, and
    a price made of it is at least so high (of a wish, at most). `known`: a week that is allowed.
    Raises as `best_week`.
    """
    if scenario.service.minutes_per_order <= 0:
        return way.week(scenario, incumbent=known)
    idle = dataclasses.replace(scenario.service, minutes_per_order=0.0)
    hours = way.week(scenario.replace(service=idle), incumbent=known).week.hours
    return way.staffing(scenario, hours)


def _planned(study: Study) -> float:
    return study.best.ledger.profit - study.best.changes


def net_profit(study: Study, answer: Answer) -> Floats:
    """(R,) profit of an answer on the fresh draws, its price of change taken off."""
    cost = changes_cost(study.scenario, answer.week.hours)
    profit: Floats = profit_draws(study.fresh, answer.week) - cost
    return profit


def _merged(firm: Scenario, free: Scenario, other: Scenario) -> Scenario:
    """`free` with what `other` frees too."""
    limits = {
        field.name: getattr(other.limits, field.name)
        for field in dataclasses.fields(firm.limits)
        if getattr(other.limits, field.name) != getattr(firm.limits, field.name)
    }
    if "week_open_hours" in limits:
        pairs = (free.limits.week_open_hours, other.limits.week_open_hours)
        limits["week_open_hours"] = (
            min(low for low, _ in pairs),
            max(high for _, high in pairs),
        )
    staff = []
    for own, freed, changed in zip(firm.staff, free.staff, other.staff, strict=True):
        changes = {
            name: getattr(changed, name)
            for name in ("people", "week_hours", "shortest")
            if getattr(changed, name) != getattr(own, name)
        }
        staff.append(dataclasses.replace(freed, **changes))
    return free.replace(limits=dataclasses.replace(free.limits, **limits), staff=tuple(staff))


def _limited(scenario: Scenario, **changes: object) -> Scenario:
    limits = dataclasses.replace(scenario.limits, **changes)  # type: ignore[arg-type]
    return scenario.replace(limits=limits)


def _grouped(scenario: Scenario, number: int, **changes: object) -> Scenario:
    staff = list(scenario.staff)
    staff[number] = dataclasses.replace(staff[number], **changes)  # type: ignore[arg-type]
    return scenario.replace(staff=tuple(staff))


def _present(scenario: Scenario, shifts: Sequence[Shift]) -> int:
    """Most people of these shifts who are there at once, breaks included."""
    present = np.zeros((scenario.days, scenario.grid.size), dtype=int)
    for shift in shifts:
        present[shift.day, shift.first : shift.last] += shift.count
    return int(present.max(initial=0))
