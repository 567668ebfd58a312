"""Makes the variables, in a fixed order and with names that read (`opens_Mo_1000`).

So two builds of one program write the same LP file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulp

from hoursopt.evaluate import open_slots
from hoursopt.hours import WEEKDAYS
from hoursopt.program.crowd import halves
from hoursopt.program.tables import DayTables, most_on_duty, shortest_opening
from hoursopt.program.variables import (
    BothEdges,
    DayVariables,
    Edge,
    Openings,
    Program,
    ShiftKind,
    ShiftVariables,
    Task,
    add,
    clock,
)
from hoursopt.scenario import Scenario


def make_program(scenario: Scenario, tables: tuple[DayTables, ...], task: Task) -> Program:
    """The variables of a task, without objective and constraints."""
    problem = pulp.LpProblem("opening_hours", pulp.LpMaximize)
    # In a master program only the open days are whole: all else is solved for each set of them.
    whole = not task.master
    given = None if task.hours is None else open_slots(scenario, task.hours).tolist()
    days = []
    for day, label in enumerate(day_labels(scenario)):
        if given is None:
            only = None if task.candidates is None else task.candidates[day]
            days.append(_day_to_choose(scenario, problem, tables[day], label, whole, only))
        else:
            days.append(_given_day(scenario, problem, tables[day], label, given[day]))
    return Program(
        scenario,
        task,
        problem,
        tuple(days),
        _shifts(scenario, problem, whole, days),
        scenario.limits.min_staff,
        most_on_duty(scenario),
        shortest_opening(scenario),
    )


def day_labels(scenario: Scenario) -> list[str]:
    """OSM names of the days, numbered where a weekday stands twice."""
    labels = [WEEKDAYS[weekday] for weekday in scenario.weekdays]
    once = len(set(labels)) == len(labels)
    return labels if once else [f"{label}{day}" for day, label in enumerate(labels)]


def shift_kinds(scenario: Scenario) -> tuple[ShiftKind, ...]:
    """The kinds of shift: a group whose longer shifts have a break makes two."""
    kinds = []
    for number, staff in enumerate(scenario.staff):
        shortest = max(1, staff.shortest)
        longest = min(staff.longest, scenario.grid.size)
        unbroken = longest
        if staff.break_after is not None and staff.break_slots > 0:
            unbroken = min(longest, staff.break_after)
            # One slot of work at each side of the break.
            least = max(shortest, staff.break_after + 1, staff.break_slots + 2)
            kinds.append(ShiftKind(number, staff, True, least, longest))
        kinds.append(ShiftKind(number, staff, False, shortest, unbroken))
    return tuple(kind for kind in kinds if kind.shortest <= kind.longest and kind.staff.people)


def _given_day(
    scenario: Scenario, problem: pulp.LpProblem, tables: DayTables, label: str, given: list[bool]
) -> DayVariables:
    """A day whose open state is fixed; it has no edges."""
    slots = range(scenario.grid.size)
    is_open = add(problem, f"open_{label}", float(any(given)), float(any(given)))
    names = [f"{label}_{clock(scenario, h)}" for h in slots]
    state = [add(problem, f"is_open_{names[h]}", float(given[h]), float(given[h])) for h in slots]
    gain, duty = _slot_variables(problem, names)
    nothing = tuple(() for _ in slots)
    return DayVariables(
        label, tables, is_open, tuple(state), gain, duty, {}, {}, {}, nothing, nothing, None
    )


def _day_to_choose(
    scenario: Scenario,
    problem: pulp.LpProblem,
    tables: DayTables,
    label: str,
    whole: bool,
    only: Openings | None,
) -> DayVariables:
    """A day with all openings, or `only` some."""
    size, shortest = scenario.grid.size, shortest_opening(scenario)
    names = [f"{label}_{clock(scenario, h)}" for h in range(size + 1)]
    first, last = range(size - shortest + 1), range(shortest, size + 1)
    may_open = only is None or bool(only.opens)
    must_open = only is not None and not only.may_close
    is_open = add(problem, f"open_{label}", float(must_open), float(may_open), not whole)
    opens, closes = (
        {
            t: add(problem, f"{what}_{names[t]}", 0, 1, whole)
            for t in times
            if known is None or t in known
        }
        for what, times, known in (
            ("opens", first, None if only is None else only.opens),
            ("closes", last, None if only is None else only.closes),
        )
    )
    spells = {}
    if scenario.limits.intervals_per_day > 1:
        spells = {
            (p, q): add(problem, f"spell_{names[p]}_{clock(scenario, q)}", 0, 1, whole)
            for p in range(shortest, size - shortest)
            for q in range(p + 1, size - shortest + 1)
        }
    state = tuple(
        add(
            problem,
            f"is_open_{name}",
            float(only is not None and only.always(slot)),
            float(only is None or not only.never(slot)),
        )
        for slot, name in enumerate(names[:-1])
    )
    gain, duty = _slot_variables(problem, names[:-1])
    edges = tuple(_edges(h, opens, closes, spells) for h in range(size))
    pairs = tuple(_pairs(problem, names[h], edges[h]) if shortest == 1 else () for h in range(size))
    changes = scenario.limits.change_cost > 0
    unchanged = add(problem, f"unchanged_{label}", 0, 1) if changes else None
    return DayVariables(
        label, tables, is_open, state, gain, duty, opens, closes, spells, edges, pairs, unchanged
    )


def _slot_variables(
    problem: pulp.LpProblem, names: list[str]
) -> tuple[tuple[pulp.LpVariable, ...], tuple[pulp.LpVariable, ...]]:
    """Gain and people on duty of each slot."""
    gain = tuple(add(problem, f"gain_{name}", None) for name in names)
    return gain, tuple(add(problem, f"on_duty_{name}") for name in names)


def _edges(
    slot: int,
    opens: Mapping[int, pulp.LpVariable],
    closes: Mapping[int, pulp.LpVariable],
    spells: Mapping[tuple[int, int], pulp.LpVariable],
) -> tuple[Edge, ...]:
    """The edges that a slot can have; spells with as many slots nearer to it make one edge."""
    edges = []
    if slot in opens:
        edges.append(Edge("first", 0, (opens[slot],)))
    if slot + 1 in closes:
        edges.append(Edge("last", 0, (closes[slot + 1],)))
    before: dict[int, list[pulp.LpVariable]] = {}
    after: dict[int, list[pulp.LpVariable]] = {}
    for (start, end), variable in spells.items():
        nearer, later = halves(start, end)
        if start == slot + 1:
            before.setdefault(nearer, []).append(variable)
        if end == slot:
            after.setdefault(later, []).append(variable)
    edges += [Edge("before", count, tuple(x)) for count, x in before.items()]
    edges += [Edge("after", count, tuple(x)) for count, x in after.items()]
    return tuple(edges)


def _pairs(problem: pulp.LpProblem, name: str, edges: tuple[Edge, ...]) -> tuple[BothEdges, ...]:
    """Openings of this slot alone: of the day, before its closed spell, after it."""
    pairs: list[BothEdges] = []
    kinds = {("first", "last"): "only", ("first", "before"): "first before"}
    kinds["last", "after"] = "last after"
    for first in edges:
        for second in edges:
            kind = kinds.get((first.kind, second.kind))
            if kind is not None:
                product = add(problem, f"single_{name}_{len(pairs)}", 0, 1)
                pairs.append(BothEdges(kind, second.nearer, first, second, product))
    return tuple(pairs)


def _shifts(
    scenario: Scenario, problem: pulp.LpProblem, whole: bool, days: Sequence[DayVariables]
) -> tuple[ShiftVariables, ...]:
    """The counts so far of each kind of shift on each day."""
    made = []
    kinds = shift_kinds(scenario)
    for day, label in enumerate(day_labels(scenario)):
        # Nobody works on a day that is closed.
        for kind in kinds if days[day].is_open.upBound else ():
            size = scenario.grid.size
            most = kind.staff.people * (size // kind.shortest)
            borders = {
                "started": range(size - kind.shortest + 1),
                "ended": range(kind.shortest, size + 1),
                "rested": range(1, size - kind.staff.break_slots) if kind.has_break else range(0),
            }
            counts = []
            for what, at in borders.items():
                name = f"{what}_{kind.label}_{label}"
                counts.append(
                    {t: add(problem, f"{name}_{clock(scenario, t)}", 0, most, whole) for t in at}
                )
            made.append(ShiftVariables(kind, day, *counts))
    return tuple(made)
