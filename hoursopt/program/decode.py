"""From the solver's numbers to hours and shifts."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping

from pulp import LpVariable

from hoursopt.errors import SolverError
from hoursopt.evaluate import Shift, StaffedWeek
from hoursopt.program.making import shift_kinds
from hoursopt.program.variables import Program, ShiftVariables
from hoursopt.scenario import Scenario

WHOLE = 1e-4
"""How far a number that must be whole may be from one; solvers allow themselves 1e-6 a variable."""


def decode(program: Program) -> StaffedWeek:
    """The staffed week of a solved program; `SolverError program.fractional` where it is none.

    Shifts of a kind are paired first in, first out, which the families of `constraints.staff` make
    valid.
    """
    grid = program.scenario.grid
    hours = tuple(grid.spans([whole(state) > 0 for state in day.open]) for day in program.days)
    shifts = [shift for kind in program.shifts for shift in _paired(kind)]
    return StaffedWeek(program.task.hours or hours, merged(program.scenario, shifts))


def encode(program: Program, week: StaffedWeek) -> dict[LpVariable, float]:
    """The values of a week's openings and shifts in a program, from which a solver may start.

    Empty where the program does not hold the week.
    """
    values: dict[LpVariable, float] = {}
    for number, day in enumerate(program.days):
        edges = [*day.opens.values(), *day.closes.values(), *day.spells.values()]
        values |= dict.fromkeys(edges, 0.0)
        spans, grid = week.hours[number], program.scenario.grid
        values[day.is_open] = float(bool(spans))
        if program.task.hours is None and spans:
            first, last = grid.index(spans[0].start), grid.index(spans[-1].end)
            gap = tuple(grid.index(t) for t in (spans[0].end, spans[-1].start))
            taken = [day.opens.get(first), day.closes.get(last)]
            taken += [day.spells.get((gap[0], gap[1]))] if len(spans) == 2 else []
            for edge in taken:
                if edge is None:
                    return {}
                values[edge] = 1.0
    for shifts in program.shifts:
        for counts, times in zip(
            (shifts.started, shifts.ended, shifts.rested), _events(shifts, week), strict=True
        ):
            for border, count in counts.items():
                values[count] = float(sum(many for time, many in times if time <= border))
    return values


def _events(shifts: ShiftVariables, week: StaffedWeek) -> list[list[tuple[int, int]]]:
    """When shifts of a kind start, end and break in a week, with how many."""
    mine = [
        shift
        for shift in week.shifts
        if (shift.day, shift.staff) == (shifts.day, shifts.kind.staff.name)
        and (shift.break_first is not None) == shifts.kind.has_break
    ]
    starts = [(shift.first, shift.count) for shift in mine]
    ends = [(shift.last, shift.count) for shift in mine]
    breaks = [(shift.break_first or 0, shift.count) for shift in mine]
    return [starts, ends, breaks]


def merged(scenario: Scenario, shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """Shifts of one person each as a reader wants them, in the order of days, groups and times.

    Those that follow on one another are one where that is a legal shift, and equal ones become one
    with a count.
    """
    order = {group.name: number for number, group in enumerate(scenario.staff)}
    unbroken = {k.staff.name: k.longest for k in shift_kinds(scenario) if not k.has_break}
    by_group: dict[tuple[int, str, bool], list[Shift]] = {}
    for shift in shifts:
        key = (shift.day, shift.staff, shift.break_first is not None)
        by_group.setdefault(key, []).append(shift)
    found: Counter[Shift] = Counter()
    for (_, name, has_break), group in by_group.items():
        found.update(group if has_break else _joined(group, unbroken[name]))
    kinds = sorted(
        found, key=lambda s: (s.day, order[s.staff], s.first, s.last, s.break_first or 0)
    )
    return tuple(Shift(s.day, s.staff, found[s], s.first, s.last, s.break_first) for s in kinds)


def whole(variable: LpVariable) -> int:
    """The whole value of a variable, 0 for one that no row holds."""
    value = variable.varValue or 0.0
    if not abs(value - round(value)) <= WHOLE:
        raise SolverError("program.fractional", variable=variable.name, value=value)
    return round(value)


def open_days(program: Program) -> tuple[bool, ...]:
    """The days that a solved program opens."""
    return tuple(whole(day.is_open) > 0 for day in program.days)


def _paired(shifts: ShiftVariables) -> Iterable[Shift]:
    starts, ends, breaks = (
        _times(counts) for counts in (shifts.started, shifts.ended, shifts.rested)
    )
    if len(starts) != len(ends) or len(breaks) != (len(starts) if shifts.kind.has_break else 0):
        raise SolverError("program.fractional", variable=shifts.kind.label, value=len(starts))
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        pause = breaks[number] if shifts.kind.has_break else None
        yield Shift(shifts.day, shifts.kind.staff.name, 1, start, end, pause)


def _joined(shifts: list[Shift], longest: int) -> list[Shift]:
    """Shifts without a break, with those that follow on one another made one of legal length.

    The program does not tell a person who stays from two who take turns: pay and heads are equal.
    """
    joined: list[Shift] = []
    for shift in shifts:
        for place, earlier in enumerate(joined):
            length = shift.last - earlier.first
            if earlier.last == shift.first and length <= longest:
                joined[place] = dataclasses.replace(earlier, last=shift.last)
                break
        else:
            joined.append(shift)
    return joined


def _times(counts: Mapping[int, LpVariable]) -> list[int]:
    """The borders at which a count so far rises, each as often as it does."""
    times: list[int] = []
    for border, count in sorted(counts.items()):
        times += [border] * (whole(count) - len(times))
    return times
