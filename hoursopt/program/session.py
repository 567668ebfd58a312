"""One task solved until an answer stands the check outside the solver, or time is up."""

from __future__ import annotations

import dataclasses
import math
import time
from dataclasses import dataclass, field

from hoursopt.errors import SolverError
from hoursopt.evaluate import StaffedWeek, evaluate
from hoursopt.program.book import Books
from hoursopt.program.check import changes_cost, hours_faults, staff_faults
from hoursopt.program.decode import decode, encode, open_days
from hoursopt.program.model import formulate
from hoursopt.program.solve import NAMES, Setting, Solved, available, run, settings
from hoursopt.program.tables import DayTables
from hoursopt.program.variables import Program, Task
from hoursopt.scenario import Scenario

CLAIM = 0.05
"""Money by which the program's claim may differ from the ledger: its coefficients are rounded."""

CLAIM_SHARE = 1e-6


@dataclass
class Session:
    """The solver, the clock and the log of one question to the program.

    books: where day books are looked up. by_tables: whether a week that a book proves will do.
    """

    scenario: Scenario
    solver: str
    seed: int
    deadline: float
    gap: float
    books: Books = field(default_factory=Books)
    by_tables: bool = False
    attempts: list[str] = field(default_factory=list)
    last_solver: str = ""

    @property
    def seconds_left(self) -> float:
        """Until the time limit."""
        return self.deadline - time.monotonic()

    def worth(self, week: StaffedWeek) -> float:
        """Profit by the ledger less the cost of changes: what the program maximises."""
        profit = evaluate(self.scenario, week).profit
        return profit - changes_cost(self.scenario, week.hours)


@dataclass(frozen=True)
class Outcome:
    """What is known after a task: a week that stands, its worth, a bound; whether none exists."""

    week: StaffedWeek | None = None
    worth: float = -math.inf
    bound: float = math.inf
    open_days: tuple[bool, ...] | None = None
    infeasible: bool = False


def solve_task(
    session: Session,
    tables: tuple[DayTables, ...],
    task: Task,
    known: float = -math.inf,
    start: StaffedWeek | None = None,
    enough: float = math.inf,
) -> Outcome:
    """The best week of a task. `known`: worth of a week that the task allows, -inf if none is.

    `start`: a week from which the solver may go on; `enough`: worth at which it may stop.

    An attempt is thrown away when it is infeasible although a week is known, bounds lower than
    that week, gives no whole numbers, breaks a limit, or claims what the ledger does not show.
    Then comes the next setting of the ladder, as long as there is time. That there is no plan is
    believed when a run without presolve says so too, of CBC when HiGHS does. In the end the best
    week that stands is given, without a bound.
    """
    program = formulate(session.scenario, tables, task)
    first = {} if start is None else encode(program, start)
    fallback = Outcome()
    doubted = False
    for setting in settings(session.solver, session.seed):
        if session.seconds_left <= 0:
            break
        if doubted and not _confirms(session, setting):
            continue
        solved = run(program, setting, session.seconds_left, session.gap, first, enough)
        session.attempts.append(str(setting))
        if solved.bound < known - _tolerance(known):
            continue
        if solved.status == "infeasible" and doubted:
            return Outcome(bound=-math.inf, infeasible=True)
        doubted = doubted or solved.status == "infeasible"
        if solved.status in ("none", "infeasible"):
            continue
        try:
            outcome = _read(session, program, solved)
        except SolverError:
            continue
        if outcome is None and _lacks_packing(session, program):
            everywhere = frozenset(range(session.scenario.days))
            exact = dataclasses.replace(task, exact_packing=everywhere)
            found = solve_task(session, tables, exact, known, start, enough)
            return dataclasses.replace(found, bound=min(found.bound, solved.bound))
        if outcome is not None and abs(solved.claim - outcome.worth) <= _tolerance(outcome.worth):
            session.last_solver = NAMES[setting.solver]
            return outcome
        if outcome is not None and outcome.worth > fallback.worth:
            session.last_solver = NAMES[setting.solver]
            fallback = dataclasses.replace(outcome, bound=math.inf)
    return fallback


def _confirms(session: Session, setting: Setting) -> bool:
    """Whether a run is unlike enough the one that found no plan to be believed after it."""
    if setting.solver != session.solver:
        return True
    return not setting.presolve and (session.solver == "highs" or "highs" not in available())


def stands(scenario: Scenario, task: Task, week: StaffedWeek) -> bool:
    """Whether a week keeps every limit and rule that binds in a task."""
    if task.hours is None and hours_faults(scenario, week.hours):
        return False
    return week.hours not in task.forbidden and not staff_faults(scenario, week)


def _read(session: Session, program: Program, solved: Solved) -> Outcome | None:
    """The outcome of a run, None where its week does not stand; of a master only the open days."""
    if program.task.master:
        return Outcome(worth=solved.claim, bound=solved.bound, open_days=open_days(program))
    week = decode(program)
    if not stands(session.scenario, program.task, week):
        return None
    return Outcome(week, session.worth(week), solved.bound)


def _lacks_packing(session: Session, program: Program) -> bool:
    """Whether the minutes for packing are the only thing that a solved week lacks."""
    if program.task.exact_packing or session.scenario.service.minutes_per_order <= 0:
        return False
    week = decode(program)
    faults = staff_faults(session.scenario, week)
    if program.task.hours is None:
        faults += hours_faults(session.scenario, week.hours)
    return {fault.values["limit"] for fault in faults} == {"minutes_per_order"}


def _tolerance(worth: float) -> float:
    return max(CLAIM, CLAIM_SHARE * abs(worth)) if math.isfinite(worth) else 0.0
