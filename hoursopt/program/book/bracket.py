"""Where the best week lies: between a week that stands and a bound, and at which openings.

Weekly hours (of a staff group, or open) tie the days together. A price on each such hour unties
them: at any prices the best week of the tables, its priced hours paid back, is worth at least as
much as the best week there is. Prices are sought that make this bound least; each round staffs
the days at the prices of a linear program over all days staffed so far (Dantzig and Wolfe 1960).
The same program in whole days gives a week that keeps the hours. What no week that beats it can
have is left out; the integer program then looks at the few openings that are left.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from hoursopt.evaluate import Shift, StaffedWeek
from hoursopt.program.book.book import DayBook
from hoursopt.program.book.choice import Choice, Chooser
from hoursopt.program.book.frame import Opening, spans_of
from hoursopt.program.book.pages import Days, Pages, Senders
from hoursopt.program.book.staffing import Staffed
from hoursopt.program.decode import merged
from hoursopt.program.dense import dense_program
from hoursopt.program.solve import GAP
from hoursopt.program.variables import Openings

Floats = NDArray[np.float64]

ROUNDS = 20
CLOSE = 2e-5
"""Share of profit between bound and linear program at which prices are good enough."""

CENT = 0.01
NEAR = 0.5 * GAP
"""Of profit, what may lie between a whole week and the bound: the rest is for rounding."""

VARIANTS = 8
NUDGE = 2e-3
"""Share of pay by which other staffings of the same worth are found."""


@dataclass(frozen=True)
class Bracket:
    """No week is worth more than `bound`; `week` is a good one, if it stands the check.

    Packing does not bind here, so that the week may lack the minutes for it.
    """

    bound: float
    week: StaffedWeek | None
    book: DayBook
    pages: Pages
    prices: Floats

    def candidates(self, threshold: float) -> tuple[Openings, ...]:
        """Of each day the openings that a week worth more than the threshold can have."""
        opened, shut = self._chooser.forced(threshold - self._paid_back)
        found = []
        for upper, closed in zip(opened + self._paid_back, shut + self._paid_back, strict=True):
            first, last = np.nonzero(upper >= threshold)
            found.append(
                Openings(
                    frozenset(first.tolist()), frozenset(last.tolist()), bool(closed >= threshold)
                )
            )
        return tuple(found)

    def day_sets(self, threshold: float) -> tuple[tuple[Days, float], ...]:
        """Sets of open days of which a week can be worth more, with bounds, the greatest first."""
        bounds = self._chooser.set_bounds(threshold - self._paid_back)
        told = [(days, bound + self._paid_back) for days, bound in bounds.items()]
        return tuple(sorted(told, key=lambda one: -one[1]))

    def at_prices(self) -> tuple[DayBook, float]:
        """The book in which days pay for hours of staff, and the most that a week is paid back.

        A week in it, paid back, is worth at least as much as with the weekly hours of staff kept.
        Bounds on open hours cost nothing in it.
        """
        count = len(_Ties(self.book).groups)
        paid_back = float(_Ties(self.book).bounds[:count] @ self.prices[:count])
        return dataclasses.replace(self.book, pages=self.pages), paid_back

    @property
    def _paid_back(self) -> float:
        return _Ties(self.book).paid_back(self.prices)

    @property
    def _chooser(self) -> Chooser:
        slot_price = _Ties(self.book).slot_price(self.prices)
        return Chooser(self.pages, self.book.frame, slot_price)


@dataclass(frozen=True)
class _Column:
    """A staffed day: its money, and what it takes of each tie."""

    day: int
    opening: Opening | None
    senders: Senders
    worth: float
    takes: Floats
    shifts: tuple[Shift, ...] | None


class _Ties:
    """Weekly hours: `bounds` of each (a least one counts negative), in hours."""

    def __init__(self, book: DayBook) -> None:
        scenario = book.scenario
        self._scenario = scenario
        self._slot_hours = scenario.grid.slot_hours
        # No hour is worth more than all customers of the busiest slot.
        busiest = float((scenario.mean(scenario.walk_in) * scenario.margin).max(initial=0.0))
        self.highest = max(1.0, 2 * busiest / self._slot_hours)
        self.groups = [n for n, g in enumerate(scenario.staff) if g.week_hours is not None]
        least, most = book.frame.open_slots
        self._signs = [s for s, slots in ((-1.0, least), (1.0, most)) if slots is not None]
        slots = [s * n for s, n in ((-1.0, least), (1.0, most)) if n is not None]
        hours = [float(scenario.staff[n].week_hours or 0.0) for n in self.groups]
        self.bounds = np.array([*hours, *(n * self._slot_hours for n in slots)])

    def takes(self, opening: Opening | None, paid: Floats | None) -> Floats:
        """What a day takes of each tie, from the paid hours of all groups."""
        taken = [0.0 if paid is None else float(paid[number]) for number in self.groups]
        hours = 0.0 if opening is None else (opening[1] - opening[0]) * self._slot_hours
        return np.array([*taken, *(sign * hours for sign in self._signs)])

    def guess(self, over: NDArray[np.bool_]) -> Floats:
        """Prices to begin with: what the work of another group costs more; else little."""
        pay = np.array([group.pay.mean() for group in self._scenario.staff]) / self._slot_hours
        prices = np.zeros(self.bounds.size)
        for number in np.flatnonzero(over):
            prices[number] = self.highest / 100
            if number < len(self.groups):
                mine = pay[self.groups[number]]
                prices[number] = pay.max() - mine if pay.max() > mine else mine / 4
        return prices

    def hour_prices(self, prices: Floats) -> tuple[float, ...]:
        """Prices of the hours of all staff groups."""
        all_groups = [0.0] * len(self._scenario.staff)
        for number, price in zip(self.groups, prices.tolist(), strict=False):
            all_groups[number] = price
        return tuple(all_groups)

    def slot_price(self, prices: Floats) -> float:
        """The price of an open slot."""
        hour = sum(s * p for s, p in zip(self._signs, prices[len(self.groups) :], strict=True))
        return float(hour) * self._slot_hours

    def paid_back(self, prices: Floats) -> float:
        """All that the weekly hours may cost at these prices."""
        return float(prices @ self.bounds)


def bracket(book: DayBook, deadline: float = math.inf) -> Bracket | None:
    """Bound and candidates of a book's best week; None where its tables allow no week at all.

    No further prices are tried after the deadline, in seconds of the monotonic clock.
    """
    search = _Search(book)
    if not search.look(np.zeros(search.ties.bounds.size)):
        return None
    over = search.over()
    if over.any():
        search.look(search.ties.guess(over))
        for _ in range(ROUNDS):
            prices, reachable = search.next_prices()
            if time.monotonic() > deadline or search.is_close():
                break
            if search.best.bound - reachable <= CLOSE * abs(search.best.bound):
                break
            search.look(prices)
        search.vary()
    best = search.best
    return Bracket(best.bound, search.whole_week(), book, best.pages, best.prices)


@dataclass(frozen=True)
class _Round:
    """The best week at some prices: its days as columns, and the bound that it gives."""

    prices: Floats
    pages: Pages
    choice: Choice
    bound: float
    columns: tuple[_Column, ...]

    @property
    def worth(self) -> float:
        """Money of the week before prices."""
        return sum(column.worth for column in self.columns)

    @property
    def takes(self) -> Floats:
        """What the week takes of each tie."""
        taken: Floats = np.sum([column.takes for column in self.columns], axis=0)
        return taken


class _Search:
    """The rounds so far, and the days that were staffed in them."""

    def __init__(self, book: DayBook) -> None:
        self.book = book
        self.ties = _Ties(book)
        self.rounds: list[_Round] = []
        self.columns: list[_Column] = []
        self._chosen: tuple[tuple[int, int], list[_Column] | None] = ((0, 0), None)

    @property
    def best(self) -> _Round:
        """The round of the least bound."""
        return min(self.rounds, key=lambda one: one.bound)

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
        self.rounds.append(_Round(prices, pages, choice, bound, columns))
        self.columns += columns
        return True

    def over(self) -> NDArray[np.bool_]:
        """The ties that the last round's week does not keep."""
        kept: NDArray[np.bool_] = self.rounds[-1].takes > self.ties.bounds + 1e-6
        return kept

    def next_prices(self) -> tuple[Floats, float]:
        """Prices at which what was staffed so far is worth least, and how much that is.

        Days stand by themselves; where patterns or rules make them alike, only whole weeks do.
        """
        frame, days = self.book.frame, self.book.scenario.days
        free = frame.patterns >= days and len(frame.alike) == days
        if free:
            cuts = [(column.day, column.worth, column.takes) for column in self.columns]
        else:
            cuts = [(0, one.worth, one.takes) for one in self.rounds]
        parts, count = (days if free else 1), self.ties.bounds.size
        rows = np.zeros((len(cuts), parts + count))
        for row, (part, _, takes) in zip(rows, cuts, strict=True):
            row[part] = 1.0
            row[parts:] = takes
        inf = highspy.kHighsInf
        solver = dense_program(
            np.concatenate((np.ones(parts), self.ties.bounds)),
            np.concatenate((np.full(parts, -inf), np.zeros(count))),
            np.concatenate((np.full(parts, inf), np.full(count, self.ties.highest))),
            rows,
            np.array([worth for _, worth, _ in cuts]),
            np.full(len(cuts), inf),
        )
        solver.run()
        values = np.array(solver.getSolution().col_value)
        return values[parts:].clip(0.0), float(solver.getInfo().objective_function_value)

    def vary(self) -> None:
        """Other staffings of the best hours: at a price where staffings change many are alike.

        Each takes other hours of the groups, so that some of them fill the weekly hours together.
        No more than it takes for a week that is good enough.
        """
        best, scenario = self.best, self.book.scenario
        noise = np.random.default_rng(0)
        pay = np.array([group.pay for group in scenario.staff])
        for _ in range(VARIANTS):
            if self.is_close():
                return
            for day, opening in enumerate(best.choice.week):
                if opening is None:
                    continue
                nudge = NUDGE * pay[:, day] * noise.standard_normal(pay[:, day].shape)
                days = best.choice.open_days
                found = best.pages.sheet(day, days).another(opening, nudge)
                if found is not None:
                    senders = best.pages.customers.senders(day, days)
                    column = self._staffed_column(best.pages, day, opening, *found, senders)
                    self.columns.append(column)

    def is_close(self) -> bool:
        """Whether a week of whole staffed days is known that is as good as the best, or nearly."""
        bound, chosen = self.best.bound, self.whole_days()
        if chosen is None:
            return False
        missing = bound - sum(column.worth for column in chosen)
        return missing <= max(CENT / 2, NEAR * abs(bound))

    def whole_week(self) -> StaffedWeek | None:
        """The best week that can be made of whole staffed days, if the ties allow one."""
        chosen = self.whole_days()
        if chosen is None:
            return None
        hours = tuple(spans_of(self.book.scenario, column.opening) for column in chosen)
        shifts = [shift for column in chosen for shift in column.shifts or ()]
        return StaffedWeek(hours, merged(self.book.scenario, shifts))

    def whole_days(self) -> list[_Column] | None:
        """The days of that week; chosen again only when more is known."""
        known = len(self.rounds), len(self.columns)
        if self._chosen[0] != known:
            self._chosen = known, self._choose_days()
        return self._chosen[1]

    def _choose_days(self) -> list[_Column] | None:
        first = self.rounds[0].columns
        whole = all(column.shifts is not None for column in first)
        if whole and len(self.rounds) == 1 and not self.over().any():
            return list(first)  # nothing ties the days: each has its best
        days = self.best.choice.open_days
        customers = self.book.pages.customers
        usable = [
            column
            for column in self.columns
            if (column.opening is not None) == days[column.day]
            and column.senders == customers.senders(column.day, days)
            and column.shifts is not None
        ]
        return _choose(self.book, usable, self.ties, days)

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

    def _column(self, pages: Pages, day: int, opening: Opening | None, days: Days) -> _Column:
        """A day of a week as a column, with its money before prices."""
        customers, frame = pages.customers, self.book.frame
        senders = customers.senders(day, days)
        if opening is None:
            worth = customers.closed_worth(day, days) + frame.worth_of_closing(day)
            return _Column(day, None, senders, worth, self.ties.takes(None, None), ())
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
    ) -> _Column:
        # The sheet has the prices of work in it, not those of open slots.
        work = float(staffed.hours @ np.array(pages.hour_prices))
        change = float(self.book.frame.worth_of_hours(day)[opening])
        takes = self.ties.takes(opening, staffed.hours)
        return _Column(day, opening, senders, worth + work + change, takes, staffed.shifts)


def _choose(
    book: DayBook, columns: Sequence[_Column], ties: _Ties, days: Days
) -> list[_Column] | None:
    """One column a day, worth most within ties, days alike and patterns: an integer program."""
    openings = sorted({c.opening for c in columns if c.opening is not None})
    count, total = len(columns), len(columns) + len(openings)
    rows: list[Floats] = []
    lows: list[float] = []
    highs: list[float] = []

    def add(row: Floats, low: float, high: float) -> None:
        rows.append(row)
        lows.append(low)
        highs.append(high)

    day_of = np.array([column.day for column in columns])
    for day in range(book.scenario.days):
        row = np.zeros(total)
        row[:count] = day_of == day
        add(row, 1.0, 1.0)
    for number, bound in enumerate(ties.bounds.tolist()):
        row = np.zeros(total)
        row[:count] = [column.takes[number] for column in columns]
        add(row, -highspy.kHighsInf, bound)
    uses = np.array([[c.opening == opening for c in columns] for opening in openings], dtype=float)
    if book.frame.patterns < sum(days):
        for number in range(len(openings)):
            for day in range(book.scenario.days):
                row = np.zeros(total)
                row[:count] = -uses[number] * (day_of == day)
                row[count + number] = 1.0
                add(row, 0.0, highspy.kHighsInf)
        row = np.zeros(total)
        row[count:] = 1.0
        add(row, 0.0, float(book.frame.patterns))
    for unit in book.frame.alike:
        for day in unit[1:]:
            for number in range(len(openings)):
                row = np.zeros(total)
                row[:count] = uses[number] * ((day_of == day) * 1.0 - (day_of == unit[0]))
                add(row, 0.0, 0.0)
    costs = np.zeros(total)
    costs[:count] = [-column.worth for column in columns]
    matrix = np.array(rows)
    solver = dense_program(
        costs, np.zeros(total), np.ones(total), matrix, np.array(lows), np.array(highs)
    )
    whole = np.arange(total, dtype=np.int32)
    kinds = np.full(total, highspy.HighsVarType.kInteger.value, dtype=np.uint8)
    solver.changeColsIntegrality(total, whole, kinds)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    values = np.array(solver.getSolution().col_value)[:count]
    chosen = [column for column, value in zip(columns, values, strict=True) if value > 0.5]
    return sorted(chosen, key=lambda column: column.day)
