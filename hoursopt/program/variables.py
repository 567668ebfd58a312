"""What a program holds: the task, the variables of each day and of each kind of shift.

Only openings, closings, closed spells, shifts and breaks are declared whole (in a master program
only the open days); the open state, the number on duty and all counts follow from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pulp

from hoursopt.hours import Spans
from hoursopt.program.tables import DayTables
from hoursopt.scenario import Scenario, StaffCost

# PuLP 3.3 announces version 4 at many calls; variables are already made through the problem.
pulp.v4_migration.set_v4_migration_warnings(False)

Terms = list[tuple[pulp.LpVariable, float]]
Mark = tuple[str, int | None]


@dataclass(frozen=True)
class Openings:
    """Openings of a day that may be the best: at which slots it may open, at which borders close.

    may_close: whether it may be closed. No other hours of one span need a look.
    """

    opens: frozenset[int]
    closes: frozenset[int]
    may_close: bool

    def always(self, slot: int) -> bool:
        """Whether a slot is open under all of them."""
        return not self.may_close and max(self.opens) <= slot < min(self.closes)

    def never(self, slot: int) -> bool:
        """Whether a slot is closed under all of them."""
        return not self.opens or not min(self.opens) <= slot < max(self.closes)


@dataclass(frozen=True)
class Task:
    """What is asked of a program.

    hours: given, or None where the program chooses them. open_days: the set of open days, where
    given. forbidden: weeks of hours left out. exact_packing: days whose packing is exact. any_plan:
    money does not matter. master: only the open days are whole, and customers of closed ones move,
    within bounds; solved: sets of open days left out. candidates: of each day the openings to look
    at, where the others are known not to be the best.
    """

    hours: tuple[Spans, ...] | None = None
    open_days: tuple[bool, ...] | None = None
    forbidden: tuple[tuple[Spans, ...], ...] = ()
    exact_packing: frozenset[int] = frozenset()
    any_plan: bool = False
    master: bool = False
    solved: tuple[tuple[bool, ...], ...] = ()
    candidates: tuple[Openings, ...] | None = None


@dataclass(frozen=True, eq=False)
class Edge:
    """An end of opening at a slot: its kind in `DayTables.earned`; at most one variable is 1."""

    kind: str
    nearer: int
    variables: tuple[pulp.LpVariable, ...]

    @property
    def terms(self) -> Terms:
        """1 where the slot has this edge."""
        return [(variable, 1.0) for variable in self.variables]


@dataclass(frozen=True, eq=False)
class BothEdges:
    """Two edges at one slot (an opening of a single slot); `variable` is their product."""

    kind: str
    nearer: int
    first: Edge
    second: Edge
    variable: pulp.LpVariable


@dataclass(frozen=True)
class DayVariables:
    """One day: `is_open`, the open state and people on duty by slot, gain of each slot, edges.

    opens[a], closes[b], spells[p, q] are whole; empty where the hours are given. edges and pairs
    by slot.
    """

    label: str
    tables: DayTables
    is_open: pulp.LpVariable
    open: tuple[pulp.LpVariable, ...]
    gain: tuple[pulp.LpVariable, ...]
    duty: tuple[pulp.LpVariable, ...]
    opens: Mapping[int, pulp.LpVariable]
    closes: Mapping[int, pulp.LpVariable]
    spells: Mapping[tuple[int, int], pulp.LpVariable]
    edges: tuple[tuple[Edge, ...], ...]
    pairs: tuple[tuple[BothEdges, ...], ...]
    unchanged: pulp.LpVariable | None

    def marks(self) -> dict[Mark, Terms]:
        """What tells two days' hours apart: each mark is 1 for an open day that has it, else 0."""
        marks: dict[Mark, Terms] = {("opens", a): [(x, 1.0)] for a, x in self.opens.items()}
        marks |= {("closes", b): [(x, 1.0)] for b, x in self.closes.items()}
        if self.spells:
            without = [(self.is_open, 1.0), *less((x, 1.0) for x in self.spells.values())]
            marks |= {("pauses", None): without, ("resumes", None): without}
            for (start, end), x in self.spells.items():
                marks.setdefault(("pauses", start), []).append((x, 1.0))
                marks.setdefault(("resumes", end), []).append((x, 1.0))
        return marks

    def stays_away(self, kind: str) -> Terms:
        """Customers of an open day's closed slots, by its edges: their "value" or "orders"."""
        away = self.tables.away
        edges: dict[str, Mapping[int, pulp.LpVariable] | Mapping[tuple[int, int], pulp.LpVariable]]
        edges = {"opens": self.opens, "closes": self.closes, "spell": self.spells}
        return [
            (variable, float(getattr(away[edge], kind)[place]))
            for edge, variables in edges.items()
            for place, variable in variables.items()
        ]


@dataclass(frozen=True)
class ShiftKind:
    """Shifts of one staff group with or without a break; lengths in slots."""

    group: int
    staff: StaffCost
    has_break: bool
    shortest: int
    longest: int

    @property
    def label(self) -> str:
        """Its name in the LP file."""
        return f"g{self.group}{'b' if self.has_break else ''}"

    @property
    def most_duty(self) -> int:
        """Slots on duty of its longest shift."""
        return self.longest - (self.staff.break_slots if self.has_break else 0)


@dataclass(frozen=True)
class ShiftVariables:
    """Shifts of one kind on one day: how many have started, ended, and gone to their break so far.

    By slot border, each from the first at which that can happen to the last; whole.
    """

    kind: ShiftKind
    day: int
    started: Mapping[int, pulp.LpVariable]
    ended: Mapping[int, pulp.LpVariable]
    rested: Mapping[int, pulp.LpVariable]

    def present(self, slot: int) -> Terms:
        """People at work or on a break in a slot."""
        return [*so_far(self.started, slot), *less(so_far(self.ended, slot))]

    def resting(self, slot: int) -> Terms:
        """People on a break in a slot."""
        if not self.kind.has_break:
            return []
        over = so_far(self.rested, slot - self.kind.staff.break_slots)
        return [*so_far(self.rested, slot), *less(over)]


@dataclass(frozen=True)
class Program:
    """A scenario and a task as an integer program.

    fewest and most people on duty while open, and the shortest opening in slots. `extra` holds the
    variables that single families add.
    """

    scenario: Scenario
    task: Task
    problem: pulp.LpProblem
    days: tuple[DayVariables, ...]
    shifts: tuple[ShiftVariables, ...]
    fewest: int
    most: int
    shortest: int
    extra: dict[str, pulp.LpVariable] = field(default_factory=dict)

    def variable(
        self, name: str, low: float | None = 0.0, up: float | None = None, whole: bool = False
    ) -> pulp.LpVariable:
        """A variable that a family adds; the same name gives the same variable."""
        if name not in self.extra:
            self.extra[name] = add(self.problem, name, low, up, whole and not self.task.master)
        return self.extra[name]

    def marks_of(self, day: int, spans: Spans) -> dict[Mark, Terms] | None:
        """The marks of given hours of a day: none if closed, None where it cannot have them."""
        grid = self.scenario.grid
        if not grid.fits(spans):
            return None
        marks: list[Mark] = []
        if spans:
            marks = [("opens", grid.index(spans[0].start)), ("closes", grid.index(spans[-1].end))]
        if len(spans) == 2:
            marks.append(("pauses", grid.index(spans[0].end)))
            marks.append(("resumes", grid.index(spans[1].start)))
        elif spans and self.days[day].spells:
            marks += [("pauses", None), ("resumes", None)]
        known = self.days[day].marks()
        if len(spans) > 2 or any(mark not in known for mark in marks):
            return None
        return {mark: known[mark] for mark in marks}

    def shifts_on(self, day: int) -> list[ShiftVariables]:
        """The kinds of shift of a day."""
        return [shifts for shifts in self.shifts if shifts.day == day]

    def at(self, day: int, slot: int) -> str:
        """Name of a slot in the LP file."""
        return f"{self.days[day].label}_{clock(self.scenario, slot)}"


def add(
    problem: pulp.LpProblem,
    name: str,
    low: float | None = 0.0,
    up: float | None = None,
    whole: bool = False,
) -> pulp.LpVariable:
    """A variable of the problem."""
    return problem.add_variable(name, low, up, pulp.LpInteger if whole else pulp.LpContinuous)


def total(terms: Iterable[tuple[pulp.LpVariable, float]]) -> pulp.LpAffineExpression:
    """The sum of the terms; a variable may stand in several."""
    weights: dict[pulp.LpVariable, float] = {}
    for variable, weight in terms:
        weights[variable] = weights.get(variable, 0.0) + weight
    return pulp.LpAffineExpression(weights)


def less(terms: Iterable[tuple[pulp.LpVariable, float]], factor: float = 1.0) -> Terms:
    """The terms taken off `factor` times."""
    return [(variable, -factor * weight) for variable, weight in terms]


def so_far(counts: Mapping[int, pulp.LpVariable], border: int) -> Terms:
    """The cumulated count up to and with a slot border, which may lie outside the day."""
    if not counts or border < min(counts):
        return []
    return [(counts[min(border, max(counts))], 1.0)]


def clock(scenario: Scenario, slot: int) -> str:
    """`HHMM` at which a slot starts."""
    minute = scenario.grid.start(slot)
    return f"{minute // 60:02d}{minute % 60:02d}"
