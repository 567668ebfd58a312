"""The week as a whole: open hours, patterns, changes against today, hours that are ruled out."""

from __future__ import annotations

from collections.abc import Iterator

from pulp import LpConstraint, LpVariable

from hoursopt.program.variables import Program, Terms, less, total

Row = tuple[str, LpConstraint]


def the_week_has_its_open_hours(program: Program) -> Iterator[Row]:
    """The open hours of the week lie within `week_open_hours`; a single date has no least."""
    if program.task.hours is not None:
        return
    scenario = program.scenario
    least, most = scenario.limits.week_open_hours
    hours = [(state, scenario.grid.slot_hours) for day in program.days for state in day.open]
    if most < scenario.days * scenario.grid.size * scenario.grid.slot_hours:
        yield "week_open_hours_most", total(hours) <= most
    if scenario.days == 7 and least > 0:
        yield "week_open_hours_least", total(hours) >= least


def the_week_has_few_patterns(program: Program) -> Iterator[Row]:
    """The open days share at most `patterns` different daily hours; each has one of each edge."""
    patterns = program.scenario.limits.patterns
    if program.task.hours is not None or patterns >= len(program.days):
        return
    edges: dict[tuple[int, str], dict[str, LpVariable]] = {}
    for number, day in enumerate(program.days):
        # Pattern k is first used on day k or later: no two numberings of the same plan.
        mine = range(min(patterns, number + 1))
        follows = {k: program.variable(f"follows_{day.label}_{k}", 0, 1, True) for k in mine}
        terms: Terms = [(x, 1.0) for x in follows.values()]
        yield f"one_pattern_{day.label}", total([*terms, (day.is_open, -1.0)]) == 0
        copies: dict[tuple[int, str], Terms] = {}
        for (kind, slot), mark in day.marks().items():
            at = f"{kind}_{'never' if slot is None else slot}"
            shares: Terms = []
            for k in mine:
                copy = program.variable(f"{at}_{day.label}_as_{k}")
                pattern = program.variable(f"pattern_{k}_{at}", 0, 1, True)
                edges.setdefault((k, kind), {})[at] = pattern
                yield f"as_pattern_{at}_{day.label}_{k}", total([(copy, 1), (pattern, -1)]) <= 0
                copies.setdefault((k, kind), []).append((copy, 1.0))
                shares.append((copy, 1.0))
            yield f"pattern_{at}_{day.label}", total([*shares, *less(mark)]) == 0
        for (k, kind), terms in copies.items():
            name = f"follows_{kind}_{day.label}_{k}"
            yield name, total([*terms, (follows[k], -1.0)]) == 0
    for (k, kind), pattern_edges in edges.items():
        yield f"one_{kind}_{k}", total([(x, 1.0) for x in pattern_edges.values()]) <= 1


def an_unchanged_day_has_today_s_hours(program: Program) -> Iterator[Row]:
    """A weekday counts as unchanged only with the edges of today's hours."""
    for number, day in enumerate(program.days):
        if day.unchanged is None:
            continue
        marks = program.marks_of(number, program.scenario.today[number])
        name = f"unchanged_{day.label}"
        if marks is None:
            yield f"{name}_never", total([(day.unchanged, 1.0)]) <= 0
        elif not marks:
            yield f"{name}_closed", total([(day.unchanged, 1.0), (day.is_open, 1.0)]) <= 1
        else:
            for (kind, _), terms in marks.items():
                yield f"{name}_{kind}", total([(day.unchanged, 1.0), *less(terms)]) <= 0


def ruled_out_hours_are_not_taken(program: Program) -> Iterator[Row]:
    """At least one day differs from each week of hours that the caller ruled out."""
    for count, hours in enumerate(program.task.forbidden):
        terms: Terms = []
        agreements = 0
        for number, day in enumerate(program.days):
            marks = program.marks_of(number, hours[number])
            if marks is None:
                break
            for mark in marks.values():
                terms += mark
                agreements += 1
            if not marks:
                terms.append((day.is_open, -1.0))
        else:
            yield f"ruled_out_{count}", total(terms) <= agreements - 1


def the_open_days_are_those_given(program: Program) -> Iterator[Row]:
    """Where the set of open days is given, exactly those are open."""
    if program.task.open_days is not None:
        for day, is_open in zip(program.days, program.task.open_days, strict=True):
            yield f"given_{day.label}", total([(day.is_open, 1.0)]) == int(is_open)


def solved_sets_of_open_days_are_left_out(program: Program) -> Iterator[Row]:
    """A set of open days that was solved exactly is not looked at again."""
    for count, solved in enumerate(program.task.solved):
        terms = [
            (day.is_open, 1.0 if is_open else -1.0)
            for day, is_open in zip(program.days, solved, strict=True)
        ]
        yield f"solved_set_{count}", total(terms) <= sum(solved) - 1
