"""The best week of the sheets: sets of open days, days alike, and at most so many patterns.

Best first: the set of open days with the greatest bound is looked at, the openings that give the
bound are staffed, and so on until a set stands first with exact worths only. No integer program
is needed: at most 2^7 sets, and patterns are a dynamic program over the subsets of a set.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hoursopt.program.book.frame import Frame, Opening, Week
from hoursopt.program.book.pages import Days, Pages, Senders

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Choice:
    """A week and the most that it can be worth, in money after the prices of all weekly hours."""

    week: Week
    worth: float

    @property
    def open_days(self) -> Days:
        """The days that it opens."""
        return tuple(opening is not None for opening in self.week)


class Chooser:
    """Chooses weeks of the pages within a frame; `slot_price`: money taken off for an open slot."""

    def __init__(self, pages: Pages, frame: Frame, slot_price: float = 0.0) -> None:
        self.pages = pages
        self.frame = frame
        days, size = len(frame.may_close), frame.openings.shape[1]
        self._places = np.nonzero(frame.openings.any(axis=0))
        length = (np.arange(size + 1)[None] - np.arange(size)[:, None])[self._places]
        self._fixed = [
            frame.worth_of_hours(day)[self._places] - slot_price * length for day in range(days)
        ]
        self._closing = [frame.worth_of_closing(day) for day in range(days)]

    def best(self) -> Choice | None:
        """The best week with its exact worth, None where there is none."""
        bounds = self._loose_bounds()
        heap = [(-bound, days) for days, bound in bounds.items() if bound > -np.inf]
        heapq.heapify(heap)
        while heap:
            _, days = heapq.heappop(heap)
            choice = self.of_days(days)
            while choice.worth > -np.inf and (not heap or choice.worth >= -heap[0][0]):
                if not self._refine(choice):
                    return choice
                choice = self.of_days(days)
            if choice.worth > -np.inf:
                heapq.heappush(heap, (-choice.worth, days))
        return None

    def of_days(self, days: Days) -> Choice:
        """The week with exactly these days open that has the greatest bound."""
        units = self._units(days)
        closed = self._closed_worth(days)
        if closed == -np.inf:
            return Choice(tuple(None for _ in days), -np.inf)
        values = [self._unit_values(unit, days) for unit in units]
        week: list[Opening | None] = [None for _ in days]
        worth = closed
        for block, place, value in self._patterns(values):
            worth += value
            for number in block:
                for day in units[number]:
                    week[day] = (int(self._places[0][place]), int(self._places[1][place]))
        return Choice(tuple(week), worth)

    def forced(self, threshold: float) -> tuple[Floats, Floats]:
        """(N, H, H + 1) the most that any week with a day's opening is worth, (N,) with it closed.

        Sets of open days whose bound is below the threshold are left out.
        """
        opened = np.full(self.frame.openings.shape, -np.inf)
        shut = np.full(len(self.frame.may_close), -np.inf)
        for days, bound in self.set_bounds(threshold).items():
            closed_days = ~np.array(days)
            shut[closed_days] = np.maximum(shut[closed_days], bound)
            for unit, values in self._forced_units(days):
                for day in unit:
                    mine = opened[day]
                    mine[self._places] = np.maximum(mine[self._places], values)
        return opened, shut

    def set_bounds(self, threshold: float) -> dict[Days, float]:
        """The most that a week with just these days open is worth, where the threshold is met."""
        bounds = {}
        for days, loose in self._loose_bounds().items():
            if loose >= threshold:
                bound = self.of_days(days).worth
                if bound >= threshold:
                    bounds[days] = bound
        return bounds

    def _refine(self, choice: Choice) -> bool:
        """Staff the openings of a choice that are not exact yet; False where all are."""
        days, inexact = choice.open_days, False
        for day, opening in enumerate(choice.week):
            if opening is not None and not self.pages.is_exact(day, days, opening):
                self.pages.refine(day, days, opening)
                inexact = True
        return inexact

    def _sets(self) -> Iterator[Days]:
        """Sets of open days that the frame allows."""
        count = len(self._closing)
        for days in itertools.product((True, False), repeat=count):
            alike = all(len({days[day] for day in unit}) == 1 for unit in self.frame.alike)
            if alike and all(
                is_open or self._closing[d] > -np.inf for d, is_open in enumerate(days)
            ):
                yield days

    def _loose_bounds(self) -> dict[Days, float]:
        """Bounds of all sets that leave out days alike and patterns."""
        most: dict[tuple[int, Senders], float] = {}
        bounds = {}
        for days in self._sets():
            bound = self._closed_worth(days)
            for day, is_open in enumerate(days):
                if is_open:
                    mine = day, self.pages.customers.senders(day, days)
                    if mine not in most:
                        values = self._unit_values((day,), days)
                        most[mine] = float(values.max(initial=-np.inf))
                    bound += most[mine]
            bounds[days] = bound
        return bounds

    def _closed_worth(self, days: Days) -> float:
        customers = self.pages.customers
        return sum(
            customers.closed_worth(day, days) + self._closing[day]
            for day, is_open in enumerate(days)
            if not is_open
        )

    def _units(self, days: Days) -> list[tuple[int, ...]]:
        return [unit for unit in self.frame.alike if days[unit[0]]]

    def _unit_values(self, unit: tuple[int, ...], days: Days) -> Floats:
        """Bounds of the openings that a group of days can share."""
        values: Floats = sum(
            (self.pages.upper(day, days)[self._places] + self._fixed[day] for day in unit),
            np.zeros(len(self._places[0])),
        )
        return values

    def _patterns(self, values: list[Floats]) -> list[tuple[tuple[int, ...], int, float]]:
        """Groups of units that share an opening, its place, and its worth: the best partition."""
        count = len(values)
        if count <= self.frame.patterns:
            places = [int(one.argmax()) for one in values]
            return [((n,), p, float(values[n][p])) for n, p in enumerate(places)]
        sums = _subset_sums(values)
        alone = {mask: int(total.argmax()) for mask, total in sums.items()}
        worth = {mask: float(sums[mask][place]) for mask, place in alone.items()}
        parts = _partition(count, worth, self.frame.patterns)
        return [(_members(mask), alone[mask], worth[mask]) for mask in parts]

    def _forced_units(self, days: Days) -> Iterator[tuple[tuple[int, ...], Floats]]:
        """Each open unit with the bound of the week by the opening that the unit has."""
        units, closed = self._units(days), self._closed_worth(days)
        values = [self._unit_values(unit, days) for unit in units]
        count = len(values)
        if count <= self.frame.patterns:
            best = [float(one.max()) for one in values]
            for number, unit in enumerate(units):
                rest = sum(best[:number]) + sum(best[number + 1 :])
                yield unit, values[number] + closed + rest
            return
        sums = _subset_sums(values)
        worth = {mask: float(total.max()) for mask, total in sums.items()}
        rest_worth = _levels(count, worth, self.frame.patterns - 1)[-1]
        found = [np.full(len(self._places[0]), -np.inf) for _ in units]
        everyone = (1 << count) - 1
        for mask, total in sums.items():
            bound = total + rest_worth[everyone & ~mask] + closed
            for number in _members(mask):
                np.maximum(found[number], bound, out=found[number])
        yield from zip(units, found, strict=True)


def _subset_sums(values: list[Floats]) -> dict[int, Floats]:
    """The sum of the values of each set of units but the empty one, by bit mask."""
    sums: dict[int, Floats] = {}
    for mask in range(1, 1 << len(values)):
        lowest = (mask & -mask).bit_length() - 1
        rest = mask & (mask - 1)
        sums[mask] = values[lowest] + sums[rest] if rest else values[lowest]
    return sums


def _levels(count: int, worth: dict[int, float], parts: int) -> list[Floats]:
    """(sets,) the greatest worth of each set of units in at most 0, 1, ... `parts` blocks."""
    blocks, rests, starts = _splits(count)
    each = np.array([worth[block] for block in blocks.tolist()])
    levels = [np.full(1 << count, -np.inf)]
    levels[0][0] = 0.0
    for _ in range(parts):
        best = levels[-1]
        grown = np.maximum.reduceat(each + best[rests], starts)
        levels.append(np.maximum(best, np.concatenate(([-np.inf], grown))))
    return levels


@lru_cache(maxsize=8)
def _splits(count: int) -> tuple[Places, Places, Places]:
    """Of each set of units but the empty one its blocks, what they leave, and where its own start.

    The blocks of all sets stand in a row.
    """
    splits = [[(b, mask & ~b) for b in _blocks(mask)] for mask in range(1, 1 << count)]
    every = np.array([split for mine in splits for split in mine])
    starts = np.cumsum([0, *(len(mine) for mine in splits[:-1])])
    return every[:, 0], every[:, 1], starts


def _partition(count: int, worth: dict[int, float], parts: int) -> Iterator[int]:
    """The blocks of the best partition of all units into at most so many."""
    levels = _levels(count, worth, parts)
    mask = (1 << count) - 1
    for number in range(parts, 0, -1):
        if mask:
            before = levels[number - 1].tolist()
            block = max(_blocks(mask), key=lambda b: worth[b] + before[mask & ~b])
            yield block
            mask &= ~block


def _blocks(mask: int) -> Iterator[int]:
    """The subsets of a set of units that hold its first one."""
    first = mask & -mask
    rest = mask & ~first
    block = rest
    while True:
        yield block | first
        if not block:
            return
        block = (block - 1) & rest


def _members(mask: int) -> tuple[int, ...]:
    return tuple(number for number in range(mask.bit_length()) if mask >> number & 1)
