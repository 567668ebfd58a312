"""The two questions to the program: the best week, and the best staffing of given hours.

The day book (`hoursopt.program.book`) comes first: it bounds what a week can be worth with each
opening of each day, and finds a good week. The program is then asked only for openings that could
beat that week, and starts from it. Where the book does not apply (two openings a day, a solver
other than HiGHS) or is not wanted, the program is asked for everything.

Customers of a closed day may come on the days near it, so each day's demand hangs on the set of
open days. Where nobody moves, one program answers. Else one is solved for each set of open days
that the book leaves; without the book a master program, in which closed days carry a bonus that is
never too small (`hoursopt.program.recapture`), proposes a set; that set is solved exactly; the
master leaves it out and proposes the next, until its bound is no better than the best week found.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Sequence

from hoursopt.errors import SolverError
from hoursopt.evaluate import StaffedWeek, evaluate
from hoursopt.hours import Spans
from hoursopt.program.answer import Answer, Proof
from hoursopt.program.book import Books, Bracket, bracket
from hoursopt.program.book.book import WAY
from hoursopt.program.check import changes_cost, hours_faults
from hoursopt.program.conflict import conflict
from hoursopt.program.recapture import customers_move
from hoursopt.program.session import Outcome, Session, solve_task, stands
from hoursopt.program.solve import GAP, NAMES, available
from hoursopt.program.tables import hours_tables, week_tables
from hoursopt.program.variables import Task
from hoursopt.scenario import Scenario

ROUNDING = 0.01
"""Money below which a gap is none: the coefficients of the program are rounded."""

BOOK_SHARE = 0.5
"""Share of the time after which the day book stops looking for better bounds."""

ENOUGH = 0.5
"""Of the gap that may remain, what may lie between a week and the book's bound."""

MANY_SETS = 8
"""Sets of open days up to which each is solved by itself."""

DROPPED_SECONDS = 5.0
"""Time for the best week without one of the rules that clash."""

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
    bound_first: bool = True,
    by_tables: bool = False,
    books: Books | None = None,
) -> Answer:
    """The hours and shifts of greatest profit less `change_cost`, under all limits and rules.

    `incumbent` is a week that is known; without one it is today's hours with their best staffing.
    Where it keeps the limits and rules the answer is never worse. `forbidden` weeks of hours are
    left out. Status `optimal` says that the gap is at most `gap` of profit. `bound_first`
    False asks the program alone, without the day book; with `by_tables` the program is not asked
    where the book proves a week to that gap. `books`: what is known from other questions.

    Raises RulesConflict `program.conflict` naming a smallest set of rules and limits that clash,
    SolverError `program.no_solver`, `program.unknown_solver` or `program.no_answer`.
    """
    began = time.monotonic()
    session = Session(scenario, solver, seed, began + time_limit, gap, books or Books(), by_tables)
    task = Task(forbidden=tuple(tuple(hours) for hours in forbidden))
    best, sets = _best(session, task, incumbent, bound_first)
    if best.week is None:
        if best.infeasible:
            raise conflict(session, task, _worth_without(session, task, bound_first))
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
    bound_first: bool = True,
    books: Books | None = None,
) -> Answer:
    """The shifts of greatest profit for given hours; limits and rules on hours do not bind.

    `books`: what is known from other questions. Raises as `best_week`; RulesConflict where the
    staff cannot keep the hours.
    """
    began = time.monotonic()
    session = Session(scenario, solver, seed, began + time_limit, gap, books or Books())
    best = _staffing(session, tuple(hours), bound_first)
    if best.week is None:
        if best.infeasible:
            task = Task(hours=tuple(hours))
            raise conflict(session, task, _worth_without(session, task, bound_first))
        raise SolverError("program.no_answer", attempts="; ".join(session.attempts))
    return _answer(session, best, began, 1)


def _best(
    session: Session, task: Task, incumbent: StaffedWeek | None, bound_first: bool
) -> tuple[Outcome, int]:
    """The best week of a task, and how many sets of open days were solved for it."""
    scenario = session.scenario
    known = _outcome(
        session, incumbent if incumbent and stands(scenario, task, incumbent) else None
    )
    bounds = _bounds(session) if bound_first else None
    if bounds is not None:
        known = _better(known, _of_book(session, task, bounds), known.bound)
    if known.week is None:
        today = _today(session, bound_first)
        known = _outcome(session, today if today and today.hours not in task.forbidden else None)
    if bounds is None:
        search = _search_sets if customers_move(scenario) else _solve_once
        return search(session, task, known)
    known = dataclasses.replace(known, bound=min(known.bound, bounds.bound))
    # A week with packing is worth no more than one without, and the program takes long for it.
    enough = session.by_tables or _packing_moves(scenario)
    if enough and _closed_gap(session, known):
        session.attempts.append(WAY)
        return known, 1
    return _search_candidates(session, task, known, bounds)


def _worth_without(
    session: Session, task: Task, bound_first: bool
) -> Callable[[Scenario], float | None]:
    """What the best week is worth once something is dropped; None where there still is none."""

    def worth(scenario: Scenario) -> float | None:
        soon = time.monotonic() + min(DROPPED_SECONDS, max(1.0, session.seconds_left))
        other = dataclasses.replace(session, scenario=scenario, deadline=soon, attempts=[])
        if task.hours is not None:
            found = _staffing(other, task.hours, bound_first)
        else:
            found, _ = _best(other, task, None, bound_first)
        return None if found.week is None else found.worth

    return worth


def _enough(session: Session, bound: float) -> float:
    """Worth at which the program need not look for a better week."""
    return bound - max(ROUNDING, ENOUGH * session.gap * abs(bound))


def _bounds(session: Session, hours: tuple[Spans, ...] | None = None) -> Bracket | None:
    """What the day book knows, None where it does not apply or knows of no week.

    `hours`: those given, whatever the limits and rules on hours say.
    """
    if session.solver != "highs" or "highs" not in available() or session.seconds_left <= 0:
        return None
    book = session.books.of(session.scenario)
    if book is not None and hours is not None:
        book = book.given(hours)
    soon = time.monotonic() + BOOK_SHARE * session.seconds_left
    return None if book is None else bracket(book, soon)


def _packing_moves(scenario: Scenario) -> bool:
    """Whether orders to pack move with the customers of closed days."""
    return scenario.service.minutes_per_order > 0 and customers_move(scenario)


def _of_book(session: Session, task: Task, bounds: Bracket) -> Outcome:
    """The week that the day book found; staffed anew where its people lack minutes for packing."""
    week = bounds.week
    if week is None or stands(session.scenario, task, week):
        return _outcome(session, week)
    if week.hours in task.forbidden or hours_faults(session.scenario, week.hours):
        return Outcome()
    soon = time.monotonic() + TODAY_SHARE * session.seconds_left
    return _staffing(dataclasses.replace(session, deadline=soon), week.hours)


def _search_candidates(
    session: Session, task: Task, known: Outcome, bounds: Bracket
) -> tuple[Outcome, int]:
    """The program for the openings that can beat the known week, by sets of open days."""
    scenario = session.scenario
    # What is left out is worth less than the known week; the known one itself must stay in.
    threshold = known.worth - ROUNDING
    ask = dataclasses.replace(task, candidates=bounds.candidates(threshold))
    enough = _enough(session, bounds.bound)
    if not customers_move(scenario):
        tables = week_tables(scenario)
        found = solve_task(session, tables, ask, known.worth, known.week, enough)
        return _better(known, found, min(bounds.bound, max(found.bound, known.worth))), 1
    sets = bounds.day_sets(threshold)
    if len(sets) > MANY_SETS:
        return _search_sets(session, ask, known)
    best, reached = known, known.worth
    never = True
    for days, bound in sets:
        if bound < best.worth - ROUNDING:
            break
        mine = days == (best.week and tuple(map(bool, best.week.hours)))
        found = solve_task(
            session,
            week_tables(scenario, days),
            dataclasses.replace(ask, open_days=days),
            best.worth if mine else -math.inf,
            best.week if mine else None,
            enough,
        )
        reached = max(reached, min(found.bound, bound))
        never = never and found.infeasible
        best = _better(best, found, best.bound)
    best = dataclasses.replace(best, bound=min(bounds.bound, max(reached, best.worth)))
    return dataclasses.replace(best, infeasible=never), max(1, len(sets))


def _staffing(session: Session, hours: tuple[Spans, ...], bound_first: bool = True) -> Outcome:
    """The best staffing of given hours; the day book finds where to start, and a bound."""
    scenario, task = session.scenario, Task(hours=hours)
    bounds = _bounds(session, hours) if bound_first else None
    if bounds is None:
        return solve_task(session, hours_tables(scenario, hours), task)
    bound, known = bounds.bound - changes_cost(scenario, hours), Outcome()
    if bounds.week is not None and stands(scenario, task, bounds.week):
        known = dataclasses.replace(_outcome(session, bounds.week), bound=bound)
    if _closed_gap(session, known):
        session.attempts.append(WAY)
        return known
    tables = hours_tables(scenario, hours)
    enough = _enough(session, bound)
    found = solve_task(session, tables, task, known.worth, known.week, enough)
    return _better(known, found, min(bound, max(found.bound, known.worth)))


def _today(session: Session, bound_first: bool) -> StaffedWeek | None:
    """Today's hours with their best staffing, where the limits and rules allow them."""
    if hours_faults(session.scenario, session.scenario.today):
        return None
    soon = time.monotonic() + TODAY_SHARE * session.seconds_left
    brief = dataclasses.replace(session, deadline=soon)
    return _staffing(brief, session.scenario.today, bound_first).week


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
    customers = float(scenario.mean(scenario.walk_in).sum())
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
