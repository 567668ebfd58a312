"""The two questions to the program: the best week, and the best staffing of given hours.

Customers of a closed day may come on the days near it, so each day's demand hangs on the set of
open days. Where nobody moves, one program answers. Else a master program, in which closed days
carry a bonus that is never too small (`hoursopt.program.recapture`), proposes a set; that set is
solved exactly; the master leaves it out and proposes the next, until its bound is no better than
the best week found. All 2^7 sets in turn would be exact too; the master needs a handful, and its
bound says why the others need no look.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Sequence

from hoursopt.errors import SolverError
from hoursopt.evaluate import StaffedWeek, evaluate
from hoursopt.hours import Spans
from hoursopt.program.answer import Answer, Proof
from hoursopt.program.check import changes_cost, hours_faults
from hoursopt.program.conflict import conflict
from hoursopt.program.recapture import customers_move
from hoursopt.program.session import Outcome, Session, solve_task, stands
from hoursopt.program.solve import GAP, NAMES
from hoursopt.program.tables import hours_tables, week_tables
from hoursopt.program.variables import Task
from hoursopt.scenario import Scenario

ROUNDING = 0.01
"""Money below which a gap is none: the coefficients of the program are rounded."""

TODAY_SHARE = 0.2
"""Share of the time for today's hours, which are only where the search starts."""


def best_week(
    scenario: Scenario,
    *,
    solver: str = "highs",
    time_limit: float = 60.0,
    seed: int = 0,
    incumbent: StaffedWeek | None = None,
    forbidden: Sequence[Sequence[Spans]] = (),
    gap: float = GAP,
) -> Answer:
    """The hours and shifts of greatest profit less `change_cost`, under all limits and rules.

    `incumbent` is a week that is known; without one it is today's hours with their best staffing.
    Where it keeps the limits and rules the answer is never worse. `forbidden` weeks of hours are
    left out. Status `optimal` says that the gap is at most `gap` of profit.

    Raises RulesConflict `program.conflict` naming a smallest set of rules and limits that clash,
    SolverError `program.no_solver`, `program.unknown_solver` or `program.no_answer`.
    """
    began = time.monotonic()
    session = Session(scenario, solver, seed, began + time_limit, gap)
    task = Task(forbidden=tuple(tuple(hours) for hours in forbidden))
    known = incumbent if incumbent and stands(scenario, task, incumbent) else _today(session)
    if known is not None and known.hours in task.forbidden:
        known = None
    search = _search_sets if customers_move(scenario) else _solve_once
    best, sets = search(session, task, _outcome(session, known))
    if best.week is None:
        if best.infeasible:
            raise conflict(session, task)
        raise SolverError("program.no_answer", attempts="; ".join(session.attempts))
    return _answer(session, best, began, sets)


def best_staffing(
    scenario: Scenario,
    hours: Sequence[Spans],
    *,
    solver: str = "highs",
    time_limit: float = 60.0,
    seed: int = 0,
    gap: float = GAP,
) -> Answer:
    """The shifts of greatest profit for given hours; limits and rules on hours do not bind.

    Raises as `best_week`; RulesConflict where the staff cannot keep the hours.
    """
    began = time.monotonic()
    session = Session(scenario, solver, seed, began + time_limit, gap)
    best = _staffing(session, tuple(hours))
    if best.week is None:
        if best.infeasible:
            raise conflict(session, Task(hours=tuple(hours)))
        raise SolverError("program.no_answer", attempts="; ".join(session.attempts))
    return _answer(session, best, began, 1)


def _staffing(session: Session, hours: tuple[Spans, ...]) -> Outcome:
    return solve_task(session, hours_tables(session.scenario, hours), Task(hours=hours))


def _today(session: Session) -> StaffedWeek | None:
    """Today's hours with their best staffing, where the limits and rules allow them."""
    if hours_faults(session.scenario, session.scenario.today):
        return None
    soon = time.monotonic() + TODAY_SHARE * session.seconds_left
    return _staffing(dataclasses.replace(session, deadline=soon), session.scenario.today).week


def _outcome(session: Session, week: StaffedWeek | None) -> Outcome:
    return Outcome() if week is None else Outcome(week, session.worth(week))


def _solve_once(session: Session, task: Task, known: Outcome) -> tuple[Outcome, int]:
    """One program, where no customer changes the day."""
    found = solve_task(session, week_tables(session.scenario), task, known.worth)
    return _better(known, found, found.bound), 1


def _search_sets(session: Session, task: Task, known: Outcome) -> tuple[Outcome, int]:
    """Master and exact programs in turn; every bound on the way holds for the whole question."""
    scenario, best = session.scenario, known
    tables = week_tables(scenario)
    known_days = None if known.week is None else tuple(map(bool, known.week.hours))
    bounds: dict[tuple[bool, ...], float] = {}
    while True:
        ask = dataclasses.replace(task, master=True, solved=tuple(bounds))
        unseen = known_days is not None and known_days not in bounds
        master = solve_task(session, tables, ask, known.worth if unseen else -math.inf)
        bound = max([master.bound, *bounds.values()])
        best = dataclasses.replace(best, bound=min(best.bound, bound))
        days = master.open_days
        if _closed_gap(session, best) or days is None or days in bounds:
            never = master.infeasible and all(bound == -math.inf for bound in bounds.values())
            return dataclasses.replace(best, infeasible=never), max(1, len(bounds))
        exact = solve_task(
            session,
            week_tables(scenario, days),
            dataclasses.replace(task, open_days=days),
            known.worth if days == known_days else -math.inf,
        )
        bounds[days] = exact.bound
        best = _better(best, exact, best.bound)
        if _closed_gap(session, best):
            return best, len(bounds)


def _better(one: Outcome, other: Outcome, bound: float) -> Outcome:
    """The better week of two, with a bound."""
    best = other if other.worth > one.worth else one
    return dataclasses.replace(best, bound=bound, infeasible=other.infeasible)


def _closed_gap(session: Session, best: Outcome) -> bool:
    # Without a week both sides would be infinite, and that compares as closed.
    near = max(ROUNDING, session.gap * abs(best.worth))
    return best.week is not None and best.bound - best.worth <= near


def _answer(session: Session, best: Outcome, began: float, sets: int) -> Answer:
    scenario, week = session.scenario, best.week
    if week is None:
        raise ValueError("An answer needs a week.")
    # No customer brings more than the greatest margin: a bound where no solver gave one.
    customers = float(scenario.walk_in.mean(axis=0).sum())
    highest = max(float(scenario.margin.max()), scenario.online_margin, 0.0) * customers
    bound = max(best.worth, min(best.bound, highest))
    missing = bound - best.worth
    changes = changes_cost(scenario, week.hours)
    proof = Proof(
        solver=session.last_solver or NAMES[session.solver],
        status="optimal" if _closed_gap(session, best) else "feasible",
        gap=0.0 if missing <= ROUNDING else missing / max(abs(best.worth), ROUNDING),
        bound=bound + changes,
        seconds=time.monotonic() - began,
        attempts=tuple(session.attempts),
        day_sets=sets,
    )
    return Answer(week, evaluate(scenario, week), proof, changes)
