"""The ledger of any hours and staff, without a solver."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from threading import Lock
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from hoursopt.diversion import Flow, divert
from hoursopt.hours import Spans
from hoursopt.response import served
from hoursopt.scenario import Scenario
from hoursopt.wages import StaffCost

Floats = NDArray[np.float64]
T = TypeVar("T")

# Minutes of packing that may be missing before a week counts as short of time: rounding only.
PACKING_TOLERANCE = 1e-6

KEPT = 24
"""Weeks of which is kept who came and who was served."""

LARGEST = 4_000_000
"""Bytes of a demand of which something is kept."""


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


@dataclass(frozen=True)
class SlotLedger:
    """Customers of the week by slot, each array (N, H), means over the draws.

    wanted, online and lost stand in the slot in which customers wanted to come; served, recaptured
    and abandoned in the slot in which they came. The sums are those of the `Ledger`.
    """

    wanted: Floats
    served: Floats
    recaptured: Floats
    online: Floats
    abandoned: Floats
    lost: Floats


@dataclass(frozen=True)
class Assessment:
    """A staffed week under all draws of a scenario; what is asked for is computed once."""

    scenario: Scenario
    week: StaffedWeek

    @cached_property
    def flow(self) -> Flow:
        """Where customers go, (R, N, H)."""
        scenario = self.scenario
        return divert(
            scenario.walk_in, self._open_slots, scenario.diversion, scenario.grid.slot_hours
        )

    @cached_property
    def served(self) -> Floats:
        """(R, N, H) customers served."""
        grid, service = self.scenario.grid, self.scenario.service
        return served(self.flow.arrivals, self._on_duty, service, grid.slot_hours)

    @cached_property
    def fixed_cost(self) -> float:
        """Wages and the cost of being open: the same in every draw."""
        return self._wages + self._opening_cost

    @cached_property
    def profit_draws(self) -> Floats:
        """(R,) profit of the week."""
        scenario = self.scenario
        served, online, unhappy = _kept(self, "draws", Assessment._by_draw)
        sales = np.einsum("rdh,dh->r", served, scenario.margin)
        earned = sales + online * scenario.online_margin
        profit: Floats = earned - unhappy * scenario.goodwill - self.fixed_cost
        return profit

    def _by_draw(self) -> tuple[Floats, Floats, Floats]:
        """(R, N, H) served; (R,) who buy online, and who are unhappy."""
        flow = self.flow
        abandoned = (flow.arrivals - self.served).sum(axis=(1, 2))
        return self.served, flow.online.sum(axis=(1, 2)), abandoned + flow.lost.sum(axis=(1, 2))

    @cached_property
    def slots(self) -> SlotLedger:
        """Customers by slot."""
        return _kept(self, "slots", Assessment._by_slot)

    def _by_slot(self) -> SlotLedger:
        flow, arrivals, mean = self.flow, self.flow.arrivals, self.scenario.mean
        share = np.divide(self.served, arrivals, out=np.zeros_like(arrivals), where=arrivals > 0)
        return SlotLedger(
            mean(self.scenario.walk_in),
            mean(self.served),
            mean(flow.moved * share),
            mean(flow.online),
            mean(arrivals - self.served),
            mean(flow.lost),
        )

    @cached_property
    def ledger(self) -> Ledger:
        """Means over the draws."""
        scenario, slots = self.scenario, self.slots
        online, lost = float(slots.online.sum()), float(slots.lost.sum())
        abandoned = float(slots.abandoned.sum())
        return Ledger(
            sales_margin=float((slots.served * scenario.margin).sum()),
            online_margin=online * scenario.online_margin,
            wages=self._wages,
            opening_cost=self._opening_cost,
            goodwill=(abandoned + lost) * scenario.goodwill,
            open_hours=sum(span.hours for spans in self.week.hours for span in spans),
            staff_hours=sum(
                paid_hours(scenario, shift) * shift.count for shift in self.week.shifts
            ),
            wanted=float(slots.wanted.sum()),
            served=float(slots.served.sum()),
            recaptured=float(slots.recaptured.sum()),
            online=online,
            abandoned=abandoned,
            lost=lost,
        )

    @cached_property
    def packing_shortfall(self) -> float:
        """Minutes of packing a week for which there is no slack; 0: all orders can be packed.

        Orders of a day are packed that day or on the next open day; the shortfall is what is still
        unpacked then. What Sunday hands to Monday is the least fixed point of one
        round of the week. A round puts off `carried` plus a constant, cut off below and above, so
        that point is the lower end, reached from nothing in one round, or else the upper end.
        A single date hands what is left to a day that the scenario does not hold.
        """
        scenario = self.scenario
        per_order = scenario.service.minutes_per_order
        if per_order <= 0:
            return 0.0
        need = (scenario.own_orders + self.slots.online.sum(axis=1)) * per_order
        if need.sum() <= PACKING_TOLERANCE:
            return 0.0
        busy = self.slots.served * scenario.service.minutes_per_customer
        slack = (self._on_duty * scenario.grid.slot_minutes - busy).sum(axis=1)
        is_open = np.array([bool(spans) for spans in self.week.hours])
        return _shortfall(need, np.where(is_open, slack, 0.0), is_open)

    @cached_property
    def _open_slots(self) -> NDArray[np.bool_]:
        return open_slots(self.scenario, self.week.hours)

    @cached_property
    def _on_duty(self) -> NDArray[np.int_]:
        return on_duty(self.scenario, self.week)

    @cached_property
    def _wages(self) -> float:
        return sum(shift_pay(self.scenario, shift) * shift.count for shift in self.week.shifts)

    @cached_property
    def _opening_cost(self) -> float:
        slots = self._open_slots
        days = int(slots.any(axis=1).sum())
        return float(
            slots.sum() * self.scenario.open_slot_cost + days * self.scenario.open_day_cost
        )


_latest: OrderedDict[tuple[object, ...], tuple[object, object]] = OrderedDict()
_turn = Lock()


def _kept(one: Assessment, what: str, work: Callable[[Assessment], T]) -> T:
    """What is worked out of a week's customers, or was of late: a week's money often changes alone.

    Customers are the same where their arrays are: a what-if copies what it changes and no more.
    """
    scenario, diversion = one.scenario, one.scenario.diversion
    arrays = (
        scenario.walk_in,
        scenario.weights,
        diversion.recaptured,
        diversion.reach_hours,
        diversion.next_day,
        diversion.online,
    )
    if scenario.walk_in.nbytes > LARGEST:
        return work(one)
    key = (
        what,
        *map(id, arrays),
        scenario.grid,
        scenario.service.minutes_per_customer,
        scenario.service.patience_minutes,
        one._open_slots.tobytes(),
        one._on_duty.tobytes(),
    )
    with _turn:
        known = _latest.get(key)
        if known is not None:
            _latest.move_to_end(key)
            return cast("T", known[1])
    found = work(one)
    with _turn:
        # With the arrays, so that their names stay theirs.
        _latest[key] = arrays, found
        while len(_latest) > KEPT:
            _latest.popitem(last=False)
    return found


def evaluate(scenario: Scenario, week: StaffedWeek) -> Ledger:
    """The ledger of a staffed week, means over the scenario's draws."""
    return Assessment(scenario, week).ledger


def profit_draws(scenario: Scenario, week: StaffedWeek) -> Floats:
    """(R,) profit of a staffed week in each draw."""
    return Assessment(scenario, week).profit_draws


def slot_ledger(scenario: Scenario, week: StaffedWeek) -> SlotLedger:
    """Customers of a staffed week by slot."""
    return Assessment(scenario, week).slots


def packing_shortfall(scenario: Scenario, week: StaffedWeek) -> float:
    """Minutes of packing for which a staffed week has no slack."""
    return Assessment(scenario, week).packing_shortfall


def open_slots(scenario: Scenario, hours: Sequence[Spans]) -> NDArray[np.bool_]:
    """(N, H) open slots of hours that lie on the grid."""
    return np.array([scenario.grid.shares(spans) for spans in hours]) > 0.5


def on_duty(scenario: Scenario, week: StaffedWeek) -> NDArray[np.int_]:
    """(N, H) people on duty: shifts that cover a slot, less those on a break."""
    people = np.zeros((scenario.days, scenario.grid.size), dtype=int)
    for shift in week.shifts:
        people[shift.day, shift.first : shift.last] += shift.count
        if shift.break_first is not None:
            off = shift.break_first + group_of(scenario, shift).break_slots
            people[shift.day, shift.break_first : off] -= shift.count
    return people


def group_of(scenario: Scenario, shift: Shift) -> StaffCost:
    """The staff group of a shift."""
    return next(group for group in scenario.staff if group.name == shift.staff)


def shift_pay(scenario: Scenario, shift: Shift) -> float:
    """Pay of one person of a shift, the unpaid part of a break taken off."""
    group = group_of(scenario, shift)
    pay = float(group.pay[shift.day, shift.first : shift.last].sum())
    if shift.break_first is not None:
        off = slice(shift.break_first, shift.break_first + group.break_slots)
        pay -= float(group.pay[shift.day, off].sum()) * group.break_unpaid
    return pay


def paid_hours(scenario: Scenario, shift: Shift) -> float:
    """Paid hours of one person of a shift."""
    group = group_of(scenario, shift)
    unpaid = 0.0 if shift.break_first is None else group.break_slots * group.break_unpaid
    return (shift.last - shift.first - unpaid) * scenario.grid.slot_hours


def _shortfall(need: Floats, slack: Floats, is_open: NDArray[np.bool_]) -> float:
    """Minutes a week for which there is no slack, from each day's need and slack (N,)."""
    repeats = need.size == 7
    if repeats and not is_open.any():
        return float(need.sum())
    carried, short = _pass_along(0.0, need, slack, is_open)
    if repeats:
        again, short = _pass_along(carried, need, slack, is_open)
        if again > carried + PACKING_TOLERANCE:
            # Each week would put off more than the one before, up to all that may be put off.
            most, _ = _pass_along(float("inf"), need, slack, is_open)
            _, short = _pass_along(most, need, slack, is_open)
    return short if short > PACKING_TOLERANCE else 0.0


def _pass_along(
    carried: float, need: Floats, slack: Floats, is_open: NDArray[np.bool_]
) -> tuple[float, float]:
    """What days in a row put off beyond the last, and what they leave unpacked, in minutes.

    `carried` is what the days before put off; it is due on the first open day, so it goes first.
    """
    short = 0.0
    for day_need, day_slack, day_open in zip(need, slack, is_open, strict=True):
        if not day_open:
            carried += float(day_need)
            continue
        short += max(carried - float(day_slack), 0.0)
        left = max(float(day_slack) - carried, 0.0)
        carried = max(float(day_need) - left, 0.0)
    return carried, short
