"""The worth of every opening of a day: exact where it was asked for, a bound everywhere else.

One solved staffing prices the people on duty in each slot, and these prices bound all other
openings of the day at once: whatever the hours, shifts bring at most `rest` when each person on
duty is paid the price, and each slot at most what its best number on duty earns beyond the price.
Each further staffing lowers the bounds. So a few staffings say which of some hundred openings is
the best, and how much less the others are worth at the least.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hoursopt.evaluate import Shift, group_of, shift_pay
from hoursopt.program.book.frame import Opening
from hoursopt.program.book.staffing import DayStaffing, Staffed
from hoursopt.program.tables import DayTables
from hoursopt.scenario import Scenario

Floats = NDArray[np.float64]
SLACK = 1e-6
"""Money added to a bound: the solver's prices are exact to a little less."""


class Sheet:
    """One day under given customers; openings are [first slot, closing border), (H, H + 1).

    upper: money of the day that no staffing of the opening exceeds, -inf where nobody can keep it;
    exact: where that is also reached, by people in whole shifts (`whole`), or else by parts of
    them. Bounds fall as openings are staffed, so this is no value.
    """

    def __init__(
        self,
        scenario: Scenario,
        tables: DayTables,
        staffing: DayStaffing,
        hour_prices: tuple[float, ...],
        *,
        whole: bool,
    ) -> None:
        self._scenario = scenario
        self._staffing = staffing
        self._hour_prices = hour_prices
        self._whole = whole
        self._gains = {kind: earned.gain for kind, earned in tables.earned.items()}
        size = scenario.grid.size
        first, last = np.arange(size)[:, None], np.arange(size + 1)[None]
        away, cost = tables.away, scenario.open_slot_cost
        self._fixed = away["opens"].value[:, None] + away["closes"].value[None]
        self._fixed = self._fixed - cost * (last - first) - scenario.open_day_cost
        self.upper: Floats = np.where(last > first, np.inf, -np.inf)
        self.exact = np.zeros((size, size + 1), dtype=bool)
        self.staffed: dict[Opening, Staffed] = {}
        self.version = 0
        self._tighten(np.zeros(size), 0.0)

    def refine(self, opening: Opening) -> None:
        """Staff one opening: its worth becomes exact, and all bounds fall to what it shows."""
        first, last = opening
        self.version += 1
        found = self._staff(opening, None)
        if found is None:
            # Who cannot keep these hours cannot keep longer ones either.
            self.upper[: first + 1, last:] = -np.inf
            return
        self._tighten(found.prices, found.rest)
        self.staffed[opening] = found
        self.upper[opening] = found.worth + self._fixed[opening]
        self.exact[opening] = True

    def another(self, opening: Opening, nudge: Floats) -> tuple[Staffed, float] | None:
        """Another staffing of an opening, and the day's money with it; `nudge` as in `staff`.

        None where its counts are not whole.
        """
        found = self._staff(opening, nudge)
        if found is None or found.shifts is None:
            return None
        return found, found.worth + float(self._fixed[opening])

    def with_shifts(self, opening: Opening, shifts: Sequence[Shift]) -> float:
        """The day's money with this opening and these shifts, which must cover it."""
        duty = np.zeros(self.exact.shape[0], dtype=int)
        for shift in shifts:
            duty[shift.first : shift.last] += shift.count
            if shift.break_first is not None:
                away = group_of(self._scenario, shift).break_slots
                duty[shift.break_first : shift.break_first + away] -= shift.count
        slots = np.arange(*opening)
        pay = sum(shift_pay(self._scenario, shift) * shift.count for shift in shifts)
        earned = self._gains_of(opening)[slots, duty[slots]].sum()
        return float(earned - pay + self._fixed[opening])

    def _staff(self, opening: Opening, nudge: Floats | None) -> Staffed | None:
        is_open = np.zeros(self.exact.shape[0], dtype=bool)
        is_open[slice(*opening)] = True
        return self._staffing.staff(
            self._gains_of(opening),
            is_open,
            self._hour_prices,
            whole=self._whole and nudge is None,
            nudge=nudge,
        )

    def _gains_of(self, opening: Opening) -> Floats:
        first, last = opening
        gains = self._gains["plain"].copy()
        if last - first == 1:
            gains[first] = self._gains["only"][first]
        else:
            gains[first] = self._gains["first"][first]
            gains[last - 1] = self._gains["last"][last - 1]
        return gains

    def _tighten(self, prices: Floats, rest: float) -> None:
        """Bounds of all openings from prices of the people on duty."""
        fewest, limit = self._staffing.fewest, self._staffing.limit
        if limit < fewest:
            self.upper[:] = -np.inf
            return
        people = np.arange(fewest, limit + 1)
        shut = np.maximum(0.0, -prices * limit)
        best: dict[str, Floats] = {
            kind: (gain[:, fewest : limit + 1] - prices[:, None] * people).max(axis=1) - shut
            for kind, gain in self._gains.items()
        }
        inside = np.concatenate(([0.0], best["plain"].cumsum()))
        upper = inside[None] - inside[:-1, None]
        upper = upper + (best["first"] - best["plain"])[:, None]
        upper[:, 1:] += (best["last"] - best["plain"])[None]
        slots = np.arange(len(shut))
        upper[slots, slots + 1] = best.get("only", -np.inf)
        bound = upper + self._fixed + float(shut.sum()) + rest + SLACK
        self.upper = np.where(self.exact, self.upper, np.minimum(self.upper, bound))
