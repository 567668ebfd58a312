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
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.evaluate import StaffedWeek
from hoursopt.program.book.book import DayBook
from hoursopt.program.book.choice import Chooser
from hoursopt.program.book.pages import Days, Pages
from hoursopt.program.book.rounds import Rounds
from hoursopt.program.book.start import likest
from hoursopt.program.book.ties import Ties
from hoursopt.program.variables import Openings

Floats = NDArray[np.float64]


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
        count = len(Ties(self.book).groups)
        paid_back = float(Ties(self.book).bounds[:count] @ self.prices[:count])
        return dataclasses.replace(self.book, pages=self.pages), paid_back

    @property
    def _paid_back(self) -> float:
        return Ties(self.book).paid_back(self.prices)

    @property
    def _chooser(self) -> Chooser:
        slot_price = Ties(self.book).slot_price(self.prices)
        return Chooser(self.pages, self.book.frame, slot_price)


def bracket(book: DayBook, deadline: float = math.inf) -> Bracket | None:
    """Bound and candidates of a book's best week; None where its tables allow no week at all.

    No further prices are tried after the deadline, in seconds of the monotonic clock.
    """
    rounds = Rounds(book)
    trail = likest(book.trails, book.frame)
    prices = rounds.follow(trail) if trail else np.zeros(rounds.ties.bounds.size)
    if not rounds.look(prices):
        return None
    if prices.any() or rounds.over():
        rounds.narrow(deadline)
        rounds.vary()
    book.trails.append(rounds.trail())
    best = rounds.best
    return Bracket(best.bound, rounds.whole_week(), book, best.pages, best.prices)
