"""The ledger of any hours and staff, without a solver."""

from __future__ import annotations

from dataclasses import dataclass, fields

from hoursopt.hours import Spans


@dataclass(frozen=True)
class Shift:
    """`count` people of one staff group on one day of the scenario, slots [first, last).

    `break_first` is the first slot of the break, None without one.
    """

    day: int
    staff: str
    count: int
    first: int
    last: int
    break_first: int | None = None


@dataclass(frozen=True)
class StaffedWeek:
    """Open spans of each day of a scenario (N days), on its grid, and the shifts."""

    hours: tuple[Spans, ...]
    shifts: tuple[Shift, ...]


@dataclass(frozen=True)
class Ledger:
    """Money and people of a week, as DESIGN part 3 counts them.

    wanted = served + online + abandoned + lost; recaptured is part of served; online counts the
    customers of closed hours who bought in the web shop: its own level is the same under any hours
    and stands outside. profit is a property, so it cannot disagree.
    """

    sales_margin: float = 0.0
    online_margin: float = 0.0
    wages: float = 0.0
    opening_cost: float = 0.0
    goodwill: float = 0.0
    open_hours: float = 0.0
    staff_hours: float = 0.0
    wanted: float = 0.0
    served: float = 0.0
    recaptured: float = 0.0
    online: float = 0.0
    abandoned: float = 0.0
    lost: float = 0.0

    @property
    def profit(self) -> float:
        """What is left."""
        earned = self.sales_margin + self.online_margin
        return earned - self.wages - self.opening_cost - self.goodwill

    def __add__(self, other: Ledger) -> Ledger:
        return Ledger(*(a + b for a, b in zip(self._values(), other._values(), strict=True)))

    def __sub__(self, other: Ledger) -> Ledger:
        return self + other * -1.0

    def __mul__(self, factor: float) -> Ledger:
        return Ledger(*(factor * value for value in self._values()))

    def _values(self) -> tuple[float, ...]:
        return tuple(getattr(self, field.name) for field in fields(self))
