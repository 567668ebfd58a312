"""What ties the days of a week together: weekly hours, of staff groups and open ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoursopt.program.book.book import DayBook
from hoursopt.program.book.frame import Opening

Floats = NDArray[np.float64]


class Ties:
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

    @property
    def names(self) -> tuple[str, ...]:
        """What each tie is of."""
        scenario = self._scenario
        groups = [f"staff {scenario.staff[number].name}" for number in self.groups]
        return (*groups, *("least" if sign < 0 else "most" for sign in self._signs))

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

    @property
    def stride(self) -> Floats:
        """How far prices may go at once to begin with."""
        every = np.ones(self.bounds.size, dtype=bool)
        return np.maximum(self.guess(every), self.highest / 100) / 2

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
