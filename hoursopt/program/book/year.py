"""The best weeks of all seasons at once, where hours that change between seasons are few or dear.

Given which days each season opens, a year is a sum over weekdays: a weekday's hours are the same
along stretches of seasons, each stretch has one best opening for the sum of its seasons, and the
changes left over are dealt out among the weekdays (a knapsack). Sets of open days are searched
best first: what each season is worth alone, less the changes that the sets themselves make, is a
bound. Bounds of openings are made exact only where the best year uses them, as in `choice`.
"""

from __future__ import annotations

import heapq
import itertools
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.program.book.book import DayBook
from hoursopt.program.book.choice import Choice, Chooser
from hoursopt.program.book.frame import Opening
from hoursopt.program.book.pages import Days
from hoursopt.program.recapture import customers_move

Floats = NDArray[np.float64]
Sets = tuple[Days | None, ...]
Row = tuple[int, ...]
"""A place among a day's openings for each season, the last place for a closed day."""


@dataclass(frozen=True)
class YearChoice:
    """A week of each season, None where time ran out; `bound`: money a year that none exceeds.

    The bound is -inf where no weeks are allowed.
    """

    weeks: tuple[Choice, ...] | None
    bound: float


class YearChooser:
    """Chooses weeks of the books' frames, in which patterns and hours of a week do not bind.

    weights: weeks of each season, in the order of the year, the last before the first. changes: so
    many weekdays at most differ at the borders between seasons, None without bound; `cost`: money a
    year for each.
    """

    def __init__(
        self, books: Sequence[DayBook], weights: Sequence[float], changes: int | None, cost: float
    ) -> None:
        self.books = tuple(books)
        self.weights = tuple(weights)
        self.changes = changes
        self.cost = cost
        self._moves = [customers_move(book.scenario) for book in books]
        self._units = _common_units([book.frame.alike for book in books])

    def best(self, deadline: float) -> YearChoice:
        """The best weeks; `deadline` as of `time.monotonic`."""
        sets = [self._season_sets(number) for number in range(len(self.books))]
        if not all(sets):
            return YearChoice(None, -math.inf)
        rest = [0.0]
        for mine in reversed(sets):
            rest.append(rest[-1] + max(mine.values()))
        rest.reverse()
        order = itertools.count()
        heap: list[tuple[float, int, Sets, tuple[Choice, ...] | None]] = [
            (-rest[0], next(order), (), None)
        ]
        while heap:
            if time.monotonic() > deadline:
                return YearChoice(None, -heap[0][0])
            bound, _, chosen, weeks = heapq.heappop(heap)
            if weeks is not None and not self._refine(weeks):
                return YearChoice(weeks, -bound)
            if len(chosen) == len(sets):
                worth, weeks = self._of_sets(chosen)
                if worth > -math.inf:
                    heapq.heappush(heap, (-min(worth, -bound), next(order), chosen, weeks))
                continue
            known = sum(one[days] for one, days in zip(sets, chosen, strict=False))
            for days, worth in sets[len(chosen)].items():
                longer = (*chosen, days)
                flips = _flips(longer, whole=len(longer) == len(sets))
                if self.changes is None or flips <= self.changes:
                    most = known + worth + rest[len(longer)] - self.cost * flips
                    heapq.heappush(heap, (-most, next(order), longer, None))
        return YearChoice(None, -math.inf)

    def _season_sets(self, number: int) -> dict[Days | None, float]:
        """Sets of open days with the most that the season is worth, money a year.

        One entry for all sets (None) where no customer changes the day.
        """
        book, weight = self.books[number], self.weights[number]
        chooser = Chooser(book.pages, book.frame)
        alone = chooser.best()
        if alone is None:
            return {}
        if not self._moves[number]:
            return {None: weight * alone.worth}
        return {days: weight * one for days, one in chooser.set_bounds(-1e300).items()}

    def _of_sets(self, sets: Sets) -> tuple[float, tuple[Choice, ...]]:
        """The best weeks with these days open, by the bounds of their openings."""
        tables = []
        for unit in self._units:
            values = np.array(
                [
                    weight * sum(self._day_values(book, day, days) for day in unit)
                    for book, weight, days in zip(self.books, self.weights, sets, strict=True)
                ]
            )
            tables.append({count * len(unit): row for count, row in _rows(values)})
        worth, rows = self._dealt(tables)
        if worth == -math.inf:
            return worth, ()
        weeks = []
        for number, book in enumerate(self.books):
            week: list[Opening | None] = [None] * book.scenario.days
            for unit, row in zip(self._units, rows, strict=True):
                for day in unit:
                    week[day] = _opening(row[number], book.scenario.grid.size)
            weeks.append(Choice(tuple(week), worth))
        return worth, tuple(weeks)

    def _day_values(self, book: DayBook, day: int, days: Days | None) -> Floats:
        """Money a week of each opening of a day, by place; the last place: closed."""
        everyone = (True,) * book.scenario.days
        size = book.scenario.grid.size
        values = np.full(size * (size + 1) + 1, -np.inf)
        if days is None or days[day]:
            worth = book.pages.upper(day, days or everyone) + book.frame.worth_of_hours(day)
            values[:-1] = worth.ravel()
        if days is None or not days[day]:
            shut = book.pages.customers.closed_worth(day, days or everyone)
            values[-1] = shut + book.frame.worth_of_closing(day)
        return values

    def _dealt(self, tables: list[dict[int, tuple[float, Row]]]) -> tuple[float, list[Row]]:
        """The changes dealt out among the units: the greatest worth, and each unit's row."""
        known: dict[int, tuple[float, list[Row]]] = {0: (0.0, [])}
        for table in tables:
            grown: dict[int, tuple[float, list[Row]]] = {}
            for used, (worth, rows) in known.items():
                for more, (value, row) in table.items():
                    total, sum_ = used + more, worth + value - self.cost * more
                    if self.changes is not None and total > self.changes:
                        continue
                    if total not in grown or sum_ > grown[total][0]:
                        grown[total] = (sum_, [*rows, row])
            known = grown
        return max(known.values(), key=lambda one: one[0], default=(-math.inf, []))

    def _refine(self, weeks: tuple[Choice, ...]) -> bool:
        """Staff the openings that are not exact yet; False where all are."""
        inexact = False
        for book, choice in zip(self.books, weeks, strict=True):
            days = choice.open_days
            for day, opening in enumerate(choice.week):
                if opening is not None and not book.pages.is_exact(day, days, opening):
                    book.pages.refine(day, days, opening)
                    inexact = True
        return inexact


def _rows(values: Floats) -> Iterator[tuple[int, tuple[float, Row]]]:
    """For each number of borders with a change the best places of a unit, (S, P) values.

    Hours change at no border, or at two and more: the year is a circle.
    """
    seasons = len(values)
    arcs: dict[tuple[int, int], tuple[float, int]] = {}
    for first in range(seasons):
        total = np.zeros(values.shape[1])
        for length in range(1, seasons + 1):
            total = total + values[(first + length - 1) % seasons]
            place = int(total.argmax())
            arcs[first, length] = (float(total[place]), place)
    for count in (0, *range(2, seasons + 1)):
        best = -math.inf
        row: Row = ()
        # Where hours change: before these seasons.
        for starts in itertools.combinations(range(seasons), count):
            ends = (*starts[1:], starts[0] + seasons) if starts else (seasons,)
            runs = [(first, end - first) for first, end in zip(starts or (0,), ends, strict=True)]
            worth = sum(arcs[run][0] for run in runs)
            if worth > best:
                places = [0] * seasons
                for first, length in runs:
                    for step in range(length):
                        places[(first + step) % seasons] = arcs[first, length][1]
                best, row = worth, tuple(places)
        if best > -math.inf:
            yield count, (best, row)


def _flips(sets: Sets, *, whole: bool) -> int:
    """Days that are open in one season and closed in the next; `whole`: round the year."""
    pairs = list(itertools.pairwise(sets))
    if whole:
        pairs.append((sets[-1], sets[0]))
    return sum(
        mine != other
        for one, two in pairs
        if one is not None and two is not None
        for mine, other in zip(one, two, strict=True)
    )


def _common_units(alike: Sequence[tuple[tuple[int, ...], ...]]) -> tuple[tuple[int, ...], ...]:
    """Groups of days that are alike in every season."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for day in range(sum(map(len, alike[0]))):
        own = tuple(next(n for n, unit in enumerate(units) if day in unit) for units in alike)
        groups.setdefault(own, []).append(day)
    return tuple(map(tuple, groups.values()))


def _opening(place: int, size: int) -> Opening | None:
    first, last = divmod(place, size + 1)
    return None if first == size else (first, last)
