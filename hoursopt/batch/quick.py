"""The best week by day tables where they are exact, by the integer program where they are not.

Both prove the same optimum; the tables do it in a tenth of the time, the program also where weekly
hours, packing or two openings a day bind. Which way is taken hangs on the scenario alone, so a run
gives the same answer whatever ran before it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from hoursopt.evaluate import StaffedWeek, evaluate
from hoursopt.hours import Spans
from hoursopt.planning import Way
from hoursopt.program import Answer, DayBook, Proof, best_staffing, best_week, day_book
from hoursopt.program.book.book import WAY
from hoursopt.program.check import changes_cost, staff_faults
from hoursopt.program.decode import merged
from hoursopt.scenario import Scenario


def quick_way() -> Way:
    """A way to find the weeks of one season; what it works out for today's serves the best week."""
    books: list[DayBook] = []

    def staffing(scenario: Scenario, hours: Sequence[Spans], **solving: object) -> Answer:
        if not books or books[-1].scenario is not scenario:
            book = day_book(scenario)
            books[:] = [] if book is None else [book]
        found = _staffed(books[-1], tuple(hours)) if books else None
        return found or best_staffing(scenario, hours, **solving)  # type: ignore[arg-type]

    def week(scenario: Scenario, *, incumbent: StaffedWeek | None, **solving: object) -> Answer:
        book = books[-1] if books and books[-1].scenario.walk_in is scenario.walk_in else None
        under = book.under(rules=scenario.rules, limits=scenario.limits) if book else None
        found = under.best() if under else None
        return found or best_week(scenario, incumbent=incumbent, **solving)  # type: ignore[arg-type]

    return Way(staffing, week)


def _staffed(book: DayBook, hours: tuple[Spans, ...]) -> Answer | None:
    """Given hours with their best staffing; None where a day's value is not the week's."""
    began = time.monotonic()
    scenario = book.scenario
    if any(len(spans) > 1 for spans in hours):
        return None
    open_days = tuple(map(bool, hours))
    values = [book.value(day, spans, open_days) for day, spans in enumerate(hours)]
    shifts = [shift for value in values if value is not None for shift in value.shifts]
    week = StaffedWeek(hours, merged(scenario, shifts))
    if None in values or staff_faults(scenario, week):
        return None
    ledger, changes = evaluate(scenario, week), changes_cost(scenario, hours)
    seconds = time.monotonic() - began
    proof = Proof("HiGHS", "optimal", 0.0, ledger.profit, seconds, (WAY,))
    return Answer(week, ledger, proof, changes)
