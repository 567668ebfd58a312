"""The day book of a scenario: what each day is worth by its hours, and the best week of them."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from hoursopt.evaluate import Shift, StaffedWeek, evaluate
from hoursopt.hours import Spans
from hoursopt.program.answer import Answer, Proof
from hoursopt.program.book.choice import Choice, Chooser
from hoursopt.program.book.frame import Frame, frame_of, opening_of, spans_of
from hoursopt.program.book.likeness import same_days
from hoursopt.program.book.pages import Customers, Days, Pages
from hoursopt.program.book.start import Start, Trail
from hoursopt.program.check import changes_cost, hours_faults, staff_faults
from hoursopt.program.decode import merged
from hoursopt.scenario import Scenario

WAY = "day tables"


@dataclass(frozen=True)
class DayValue:
    """A day with given hours: money of the day, and its best shifts."""

    worth: float
    shifts: tuple[Shift, ...]


@dataclass(frozen=True)
class DayBook:
    """The exact worth of every day under every hours, made as it is asked for and then kept.

    Books made by `under` share all they have worked out. What ties days together through staff
    (weekly hours of a group) or orders (packing) does not bind a day's value. trails: what searches
    for weeks found; the next one starts there.
    """

    scenario: Scenario
    frame: Frame
    pages: Pages
    trails: list[Trail] = field(default_factory=list)

    def start(self) -> Start:
        """Where the search in a scenario with other money may start."""
        customers = self.pages.customers
        return Start(customers.scenario, tuple(self.trails), customers.bases())

    def value(self, day: int, spans: Spans, open_days: Days | None = None) -> DayValue | None:
        """The day's money with these hours and their best staffing; None if nobody can keep them.

        `open_days`: the days open in that week, for customers of closed days come on others; None:
        all others are open. The values of a week's days add up to the profit of the week. Rules do
        not bind. ValueError for hours of two spans, or off the grid.
        """
        opening = opening_of(self.scenario, spans)
        days = list(open_days or (True,) * self.scenario.days)
        days[day] = opening is not None
        if opening is None:
            return DayValue(self.pages.customers.closed_worth(day, tuple(days)), ())
        if isinstance(opening, str):
            raise ValueError(f"Expected one span on the grid, got {spans}.")
        sheet = self.pages.sheet(day, tuple(days))
        if not sheet.exact[opening] and np.isfinite(sheet.upper[opening]):
            sheet.refine(opening)
        if not sheet.exact[opening]:
            return None
        return DayValue(float(sheet.upper[opening]), sheet.staffed[opening].shifts or ())

    def best(self) -> Answer | None:
        """The best week, checked as the program's answers are; None where this way is not exact.

        That is where weekly hours of staff or open, or packing, bind, and where no week is allowed.
        """
        began = time.monotonic()
        choice = Chooser(self.pages, self.frame).best()
        week = None if choice is None else self._stands(choice)
        if week is None or choice is None:
            return None
        changes = changes_cost(self.scenario, week.hours)
        ledger = evaluate(self.scenario, week)
        seconds = time.monotonic() - began
        proof = Proof(
            "HiGHS", "optimal", 0.0, max(choice.worth + changes, ledger.profit), seconds, (WAY,)
        )
        return Answer(week, ledger, proof, changes)

    def under(self, scenario: Scenario) -> DayBook | None:
        """The book of a scenario with other rules, limits and the like, sharing what is known.

        None where days are worth something else by their hours (see `same_days`): that needs a
        book of its own.
        """
        if not same_days(self.pages.customers.scenario, scenario):
            return None
        return dataclasses.replace(self, scenario=scenario, frame=frame_of(scenario))

    def given(self, hours: Sequence[Spans]) -> DayBook | None:
        """The book in which the week has these hours, whatever rules and limits on hours say.

        None for two spans a day, and for openings shorter than any that the limits allow.
        """
        limits = dataclasses.replace(
            self.scenario.limits, week_open_hours=(0.0, 168.0), patterns=7, change_cost=0.0
        )
        free = self.under(self.scenario.replace(rules=(), limits=limits))
        openings = [opening_of(self.scenario, spans) for spans in hours]
        if free is None or any(isinstance(opening, str) for opening in openings):
            return None
        frame = free.frame
        for day, opening in enumerate(openings):
            if isinstance(opening, tuple) and not frame.openings[day][opening]:
                return None
            frame = frame.with_only(day, None if isinstance(opening, str) else opening)
        return dataclasses.replace(free, frame=frame)

    def _stands(self, choice: Choice) -> StaffedWeek | None:
        """The staffed week of a choice, None where it breaks what binds the week as a whole."""
        week = self.staffed(choice)
        if hours_faults(self.scenario, week.hours) or staff_faults(self.scenario, week):
            return None
        return week

    def staffed(self, choice: Choice) -> StaffedWeek:
        """The week of a choice with the shifts that were found for its days."""
        shifts: list[Shift] = []
        for day, opening in enumerate(choice.week):
            if opening is not None:
                shifts += self.pages.sheet(day, choice.open_days).staffed[opening].shifts or ()
        hours = tuple(spans_of(self.scenario, opening) for opening in choice.week)
        return StaffedWeek(hours, merged(self.scenario, shifts))


def day_book(scenario: Scenario, start: Start | None = None) -> DayBook | None:
    """The book of a scenario; None where a day's worth cannot be read from its hours this way.

    That is with two openings a day, and where a sale may lose money (then more people on duty may
    earn less, and gains are not concave). `start`: of a scenario that differs in money or demand.
    """
    gaining = scenario.margin.min(initial=0.0) + scenario.goodwill >= 0
    if scenario.limits.intervals_per_day != 1 or not gaining:
        return None
    known = start if start is not None and start.serves(scenario) else None
    customers = Customers(scenario, known.bases if known else None)
    pages = Pages(customers, (0.0,) * len(scenario.staff))
    return DayBook(scenario, frame_of(scenario), pages, list(known.trails) if known else [])
