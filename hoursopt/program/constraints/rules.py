"""The owner's rules, one family for each kind. They bind the hours that the program chooses."""

from __future__ import annotations

from collections.abc import Iterator

from pulp import LpConstraint

from hoursopt.hours import LONGEST_DAY_END
from hoursopt.program.variables import Program, less, total
from hoursopt.shop import Rule, RuleKind

Row = tuple[str, LpConstraint]


def shut_on_closed_days_and_hours(program: Program) -> Iterator[Row]:
    """`closed`: shut on the days, or within the span on them."""
    for name, rule, day in _ruled(program, "closed"):
        if rule.span is None:
            yield f"{name}_day", total([(program.days[day].is_open, 1.0)]) <= 0
        else:
            yield from _shut(program, name, day, rule.span.start, rule.span.end)


def open_when_promised(program: Program) -> Iterator[Row]:
    """`open`: open at some time on the days, or all through the span on them."""
    for name, rule, day in _ruled(program, "open"):
        yield f"{name}_day", total([(program.days[day].is_open, 1.0)]) >= 1
        if rule.span is None:
            continue
        grid = program.scenario.grid
        if not grid.holds([rule.span]):
            # The promise runs outside the hours that are considered: no day can keep it.
            yield f"{name}_outside", total([(program.days[day].is_open, 1.0)]) <= 0
        for slot, state in enumerate(program.days[day].open):
            if grid.slot(slot).overlap(rule.span):
                yield f"{name}_{program.at(day, slot)}", total([(state, 1.0)]) >= 1


def shut_before_the_hour(program: Program) -> Iterator[Row]:
    """`closed_before`: shut until the hour."""
    for name, rule, day in _ruled(program, "closed_before"):
        yield from _shut(program, name, day, 0, rule.at or 0)


def shut_after_the_hour(program: Program) -> Iterator[Row]:
    """`closed_after`: shut from the hour on."""
    for name, rule, day in _ruled(program, "closed_after"):
        yield from _shut(program, name, day, rule.at or 0, LONGEST_DAY_END)


def same_hours_on_the_days(program: Program) -> Iterator[Row]:
    """`same_hours`: all the days open and close alike, or are all closed."""
    first: dict[str, int] = {}
    for name, _, day in _ruled(program, "same_hours"):
        rule_name = name.rsplit("_", 1)[0]
        model = first.setdefault(rule_name, day)
        if model != day:
            mine, other = program.days[day].marks(), program.days[model].marks()
            for kind, slot in dict.fromkeys((*other, *mine)):
                terms = [*other.get((kind, slot), []), *less(mine.get((kind, slot), []))]
                yield f"{name}_{kind}_{'never' if slot is None else slot}", total(terms) == 0


def hours_stay_as_today(program: Program) -> Iterator[Row]:
    """`keep_today`: the days have today's hours."""
    grid = program.scenario.grid
    for name, _, day in _ruled(program, "keep_today"):
        shares = grid.shares(program.scenario.today[day])
        for slot, (state, share) in enumerate(zip(program.days[day].open, shares, strict=True)):
            yield f"{name}_{program.at(day, slot)}", total([(state, 1.0)]) == round(share)


def _ruled(program: Program, kind: RuleKind) -> Iterator[tuple[str, Rule, int]]:
    """The rules of a kind with each of their days in the scenario."""
    if program.task.hours is not None:
        return
    for number, rule in enumerate(program.scenario.rules):
        for day, weekday in enumerate(program.scenario.weekdays):
            if rule.kind == kind and weekday in rule.weekdays:
                yield f"rule_{number}_{program.days[day].label}", rule, day


def _shut(program: Program, name: str, day: int, start: int, end: int) -> Iterator[Row]:
    """No slot that touches the minutes from `start` to `end` is open."""
    for number, state in enumerate(program.days[day].open):
        slot = program.scenario.grid.slot(number)
        if slot.start < end and slot.end > start:
            yield f"{name}_{program.at(day, number)}", total([(state, 1.0)]) <= 0
