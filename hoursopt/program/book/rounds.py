"""Prices of weekly hours at which the best week of the tables is the least bound of all weeks.

Kelley's method (1960) within a reach that is trusted: see `narrow`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from hoursopt.evaluate import StaffedWeek, paid_hours
from hoursopt.program.book.book import DayBook
from hoursopt.program.book.choice import Choice, Chooser
from hoursopt.program.book.column import Column
from hoursopt.program.book.frame import Opening, spans_of
from hoursopt.program.book.pages import Days, Pages, Senders
from hoursopt.program.book.staffing import Staffed
from hoursopt.program.book.start import Trail
from hoursopt.program.book.ties import Ties
from hoursopt.program.book.whole import near_days, whole_days
from hoursopt.program.decode import merged
from hoursopt.program.dense import dense_program
from hoursopt.program.solve import GAP

Floats = NDArray[np.float64]

ROUNDS = 20
CLOSE = 2e-5
"""Share of profit between bound and linear program at which prices are good enough."""

CENT = 0.01
NEAR = 0.5 * GAP
"""Of profit, what may lie between a whole week and the bound: the rest is for rounding."""

FAR = 20
"""Times as much as is near enough: with more between them, a week is hardly near the bound."""

KEPT = 6
"""Weeks of a search that others like it take up."""

VARIANTS = 8
NUDGE = 2e-3
"""Share of pay by which other staffings of the same worth are found."""


@dataclass(frozen=True)
class Round:
    """The best week at some prices: its days as columns, and the bound that it gives."""

    prices: Floats
    pages: Pages
    choice: Choice
    bound: float
    columns: tuple[Column, ...]


class Rounds:
    """The rounds so far, and the days that were staffed in them."""

    def __init__(self, book: DayBook) -> None:
        self.book = book
        self.ties = Ties(book)
        self.rounds: list[Round] = []
        self.columns: list[Column] = []
        self._others: list[Column] = []
        self._weeks: list[tuple[Column, ...]] = []
        self._reach = self.ties.stride
        self._close: list[Column] | None = None

    @property
    def best(self) -> Round:
        """The round of the least bound."""
        return min(self.rounds, key=lambda one: one.bound)

    def follow(self, trail: Trail) -> Floats:
        """Take up what a search like this one found, for what it is worth now; prices to begin at.

        Where weekly hours cost nothing then, they cost nothing to begin with.
        """
        centre = np.array([trail.prices.get(name, 0.0) for name in self.ties.names])
        if not centre.any():
            return centre
        for week in trail.weeks:
            days = tuple(column.opening is not None for column in week)
            again = [self._again(column, days) for column in week]
            found = [column for column in again if column is not None]
            self.columns += found
            if len(found) == len(week):
                self._weeks.append(tuple(found))
        days = tuple(column.opening is not None for column in trail.weeks[0])
        self._others += filter(None, (self._again(column, days) for column in trail.days))
        self.columns += self._others
        known = {column.day for column in self.columns} if self._free else set()
        if self._weeks or len(known) == len(days):
            return self._ahead(centre)[0]
        return centre

    def trail(self) -> Trail:
        """What this search found."""
        best = sorted(self.rounds, key=lambda one: one.bound)[:KEPT]
        prices = dict(zip(self.ties.names, best[0].prices.tolist(), strict=True))
        weeks = tuple(one.columns for one in best)
        return Trail(self.book.frame, prices, weeks, tuple(self._others))

    def _again(self, column: Column, days: Days) -> Column | None:
        """A staffed day of another search, None where the frame forbids it or it is of parts."""
        day, opening, shifts = column.day, column.opening, column.shifts
        frame, pages = self.book.frame, self.book.pages
        if opening is None:
            return self._column(pages, day, None, days) if frame.may_close[day] else None
        if shifts is None or not frame.openings[day][opening]:
            return None
        scenario, customers = self.book.scenario, pages.customers
        hours = np.zeros(len(scenario.staff))
        names = [group.name for group in scenario.staff]
        for shift in shifts:
            hours[names.index(shift.staff)] += paid_hours(scenario, shift) * shift.count
        worth = pages.sheet(day, days).with_shifts(opening, shifts)
        worth += float(frame.worth_of_hours(day)[opening])
        takes = self.ties.takes(opening, hours)
        return Column(day, opening, customers.senders(day, days), worth, takes, shifts)

    def look(self, prices: Floats) -> bool:
        """The best week at these prices; False where there is none."""
        ties, frame = self.ties, self.book.frame
        pages = self._pages(prices)
        choice = Chooser(pages, frame, ties.slot_price(prices)).best()
        if choice is None:
            return False
        days = choice.open_days
        columns = tuple(
            self._column(pages, day, opening, days) for day, opening in enumerate(choice.week)
        )
        bound = choice.worth + ties.paid_back(prices)
        self.rounds.append(Round(prices, pages, choice, bound, columns))
        self._close = None
        self.columns += columns
        return True

    def over(self) -> bool:
        """Whether the last round's week breaks a tie."""
        return bool(self._broken().any())

    def narrow(self, deadline: float) -> None:
        """Look at prices of lower bounds, until a week is near enough or no bound is much lower.

        A linear program says where what was staffed so far is worth least; further from it than
        `_reach` it is not believed, for it knows nothing of weeks that are good there. Where it was
        right the reach grows, where the bound rose it shrinks.
        """
        if not self.best.prices.any():
            self.look(self.ties.guess(self._broken()))
        for _ in range(ROUNDS):
            prices, reachable, at_edge = self._ahead(self.best.prices)
            bound = self.best.bound
            hoped = bound - reachable
            if time.monotonic() > deadline or (self._may_be_close(hoped) and self.is_close()):
                return
            if hoped > CLOSE * abs(bound):
                self.look(prices)
                gained = bound - self.best.bound
                if gained >= hoped / 2:
                    self._reach = self._reach * 2
                elif gained <= 0:
                    self._reach = self._reach / 2
            elif at_edge:
                self._reach = self._reach * 2
            else:
                return

    def _broken(self) -> NDArray[np.bool_]:
        """The ties that the last round's week does not keep."""
        broken: NDArray[np.bool_] = _takes(self.rounds[-1].columns) > self.ties.bounds + 1e-6
        return broken

    def _ahead(self, centre: Floats) -> tuple[Floats, float, bool]:
        """Prices within reach at which what was staffed so far is worth least, how much that is.

        And whether the reach holds them back. Days stand by themselves; where patterns or rules
        make them alike, only whole weeks do.
        """
        if self._free:
            cuts = [(column.day, column.worth, column.takes) for column in self.columns]
        else:
            weeks = [*self._weeks, *(one.columns for one in self.rounds)]
            cuts = [(0, _worth(week), _takes(week)) for week in weeks]
        parts, count = (self.book.scenario.days if self._free else 1), self.ties.bounds.size
        rows = np.zeros((len(cuts), parts + count))
        for row, (part, _, takes) in zip(rows, cuts, strict=True):
            row[part] = 1.0
            row[parts:] = takes
        inf = highspy.kHighsInf
        low = np.maximum(centre - self._reach, 0.0)
        high = np.minimum(centre + self._reach, self.ties.highest)
        solver = dense_program(
            np.concatenate((np.ones(parts), self.ties.bounds)),
            np.concatenate((np.full(parts, -inf), low)),
            np.concatenate((np.full(parts, inf), high)),
            rows,
            np.array([worth for _, worth, _ in cuts]),
            np.full(len(cuts), inf),
        )
        solver.run()
        prices = np.array(solver.getSolution().col_value)[parts:].clip(low, high)
        held = ((prices == low) & (low > 0)) | ((prices == high) & (high < self.ties.highest))
        return prices, float(solver.getInfo().objective_function_value), bool(held.any())

    @property
    def _free(self) -> bool:
        """Whether days choose their hours by themselves."""
        frame, days = self.book.frame, self.book.scenario.days
        return frame.patterns >= days and len(frame.alike) == days

    def _may_be_close(self, hoped: float) -> bool:
        """Whether it is worth seeing if a whole week is near, where the bound may fall so much.

        Days by themselves are not worth more together than the linear program says.
        """
        return hoped <= (1 if self._free else FAR) * self._close_enough

    @property
    def _close_enough(self) -> float:
        """Money between a whole week and the bound for which no more is looked for."""
        return max(CENT / 2, NEAR * abs(self.best.bound))

    def vary(self) -> None:
        """Other staffings of the best hours: at a price where staffings change many are alike.

        Each takes other hours of the groups, so that some of them fill the weekly hours together.
        No more than it takes for a week that is good enough.
        """
        if self.is_close():
            return
        best, scenario = self.best, self.book.scenario
        days, customers = best.choice.open_days, best.pages.customers
        self._others.clear()
        noise = np.random.default_rng(0)
        pay = np.array([group.pay for group in scenario.staff])
        opened = [(day, opening) for day, opening in enumerate(best.choice.week) if opening]
        for day, opening in opened * VARIANTS:
            nudge = NUDGE * pay[:, day] * noise.standard_normal(pay[:, day].shape)
            found = best.pages.sheet(day, days).another(opening, nudge)
            if found is not None:
                senders = customers.senders(day, days)
                column = self._staffed_column(best.pages, day, opening, *found, senders)
                self.columns.append(column)
                self._others.append(column)
                if self.is_close():
                    return

    def is_close(self) -> bool:
        """Whether a week of whole staffed days is known that is as good as the best, or nearly.

        Where hours hang together, only those of the best round's week are looked at.
        """
        best = self.best
        if self._close is None:
            self._close = near_days(
                best.columns,
                [
                    column
                    for column in self._usable()
                    if self._free or column.opening == best.choice.week[column.day]
                ],
                self.ties.bounds,
                best.prices,
                self._close_enough,
            )
        return self._close is not None

    def whole_week(self) -> StaffedWeek | None:
        """The best week that can be made of whole staffed days, if the ties allow one."""
        chosen = self._close if self.is_close() else None
        if chosen is None:
            chosen = whole_days(self.book, self._usable(), self.ties, self.best.choice.open_days)
        if chosen is None:
            return None
        hours = tuple(spans_of(self.book.scenario, column.opening) for column in chosen)
        shifts = [shift for column in chosen for shift in column.shifts or ()]
        return StaffedWeek(hours, merged(self.book.scenario, shifts))

    def _usable(self) -> list[Column]:
        """Whole staffed days of a week that opens on the days on which the best one does."""
        days, customers = self.best.choice.open_days, self.book.pages.customers
        return [
            column
            for column in self.columns
            if (column.opening is not None) == days[column.day]
            and column.senders == customers.senders(column.day, days)
            and column.shifts is not None
        ]

    def _pages(self, prices: Floats) -> Pages:
        """Pages at these prices, begun with the opening of each day that is best so far.

        The prices of its people bound all other openings well. Without prices on people they are
        the book's own, which serve other questions too.
        """
        if not any(self.ties.hour_prices(prices)):
            return self.book.pages
        customers = self.book.pages.customers
        pages = Pages(customers, self.ties.hour_prices(prices), whole=False)
        everyone = (True,) * self.book.scenario.days
        likely: dict[int, tuple[float, Opening]] = {}
        for column in self.columns:
            if column.opening is not None:
                worth = column.worth - float(prices @ column.takes)
                likely[column.day] = max(
                    likely.get(column.day, (worth, column.opening)), (worth, column.opening)
                )
        for day, (_, opening) in likely.items():
            pages.refine(day, everyone, opening)
        return pages

    def _column(self, pages: Pages, day: int, opening: Opening | None, days: Days) -> Column:
        """A day of a week as a column, with its money before prices."""
        customers, frame = pages.customers, self.book.frame
        senders = customers.senders(day, days)
        if opening is None:
            worth = customers.closed_worth(day, days) + frame.worth_of_closing(day)
            return Column(day, None, senders, worth, self.ties.takes(None, None), ())
        sheet = pages.sheet(day, days)
        staffed, worth = sheet.staffed[opening], float(sheet.upper[opening])
        return self._staffed_column(pages, day, opening, staffed, worth, senders)

    def _staffed_column(
        self,
        pages: Pages,
        day: int,
        opening: Opening,
        staffed: Staffed,
        worth: float,
        senders: Senders,
    ) -> Column:
        # The sheet has the prices of work in it, not those of open slots.
        work = float(staffed.hours @ np.array(pages.hour_prices))
        change = float(self.book.frame.worth_of_hours(day)[opening])
        takes = self.ties.takes(opening, staffed.hours)
        return Column(day, opening, senders, worth + work + change, takes, staffed.shifts)


def _worth(week: Sequence[Column]) -> float:
    """Money of a week before prices."""
    return sum(column.worth for column in week)


def _takes(week: Sequence[Column]) -> Floats:
    """What a week takes of each tie."""
    taken: Floats = np.sum([column.takes for column in week], axis=0)
    return taken
