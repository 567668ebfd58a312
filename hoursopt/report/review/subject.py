"""What every section of a review is made from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand import DemandModel
from hoursopt.flow import Loaded
from hoursopt.i18n import Texts
from hoursopt.plan import Estimate
from hoursopt.report.review.choosing import Chosen
from hoursopt.report.review.comparison import Comparison
from hoursopt.report.review.outcome import Outcome

Floats = NDArray[np.float64]

STATED = 0.8


@dataclass(frozen=True)
class Measured:
    """What came beside what was expected, a mean with the 80 % range of this very week."""

    actual: float
    expected: Estimate

    @property
    def held(self) -> bool:
        """Whether it came within the range; ends and rounding count as within."""
        return self.expected.low - 0.5 <= self.actual <= self.expected.high + 0.5


@dataclass(frozen=True)
class ReviewSubject:
    """The plan chosen, the data since, what came of it, the new fit, and the language."""

    chosen: Chosen
    loaded: Loaded
    outcome: Outcome
    comparison: Comparison
    model: DemandModel
    t: Texts

    def money(self, amount: float) -> str:
        """An amount in whole units."""
        shop = self.loaded.shop
        return self.t.money(round(amount) + 0.0, shop.currency, 0).replace("-", "−")

    def estimate(self, estimate: Estimate) -> dict[str, str]:
        """Mean, low and high in words."""
        return {name: self.money(getattr(estimate, name)) for name in ("mean", "low", "high")}

    def customers(self, within: NDArray[np.bool_], classes: tuple[int, ...]) -> Measured:
        """Customers of days in classes of hours."""
        outcome = self.outcome
        actual = outcome.customers[list(classes)][:, within].sum()
        draws = outcome.expected_customers[list(classes)][:, :, within].sum(axis=(0, 2))
        return Measured(float(actual), Estimate.of(draws))

    def sales(self, within: NDArray[np.bool_], classes: tuple[int, ...]) -> Measured:
        """Sales of days in classes of hours, as priced in the shop."""
        outcome = self.outcome
        actual = outcome.sales[list(classes)][:, within].sum()
        draws = outcome.expected_sales[list(classes)][:, :, within].sum(axis=(0, 2))
        return Measured(float(actual), Estimate.of(draws))

    def profit(self, within: NDArray[np.bool_]) -> Measured:
        """Margin of the shop's sales less pay and cost of being open."""
        outcome = self.outcome
        cost, planned = outcome.cost(within)
        actual = outcome.margin * outcome.sales[:, within].sum() - cost
        draws = outcome.margin * outcome.expected_sales[:, :, within].sum(axis=(0, 2)) - planned
        return Measured(float(actual), Estimate.of(draws))

    def staff(self, within: NDArray[np.bool_]) -> tuple[float | None, float]:
        """Hours on duty by the rota, None where it does not tell of all days, and as planned."""
        outcome = self.outcome
        days = np.flatnonzero(within)
        planned = float(outcome.staff_expected[outcome.way[days], days].sum())
        actual = float(outcome.staff[days].sum())
        return (actual if math.isfinite(actual) else None), planned


def chance_between(weeks: int, share: float = STATED) -> tuple[int, int]:
    """How many of so many weeks chance alone puts within the range, in 9 cases of 10."""
    chances = [
        math.comb(weeks, inside) * share**inside * (1 - share) ** (weeks - inside)
        for inside in range(weeks + 1)
    ]
    below = np.cumsum(chances)
    low = int(np.searchsorted(below, 0.05))
    high = int(np.searchsorted(below, 0.95))
    return low, min(high, weeks)
