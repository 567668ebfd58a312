"""What an hour of work costs: wages, side costs, supplements by the clock, on the shop's grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.errors import DataError
from hoursopt.hours import DAY, Grid, Span, format_time
from hoursopt.shop import Shop, StaffGroup, Supplement

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StaffCost:
    """A staff group on the grid.

    pay: (N, H) money for one person on duty in a slot, with supplements and side costs. shortest
    and longest shift, and `break_after`, in slots (`break_after` None: no breaks); a break takes
    `break_slots` whole slots off duty, and of their pay the share `break_unpaid` is not paid.
    week_hours: paid hours of the whole group in a week, None without bound.
    """

    name: str
    people: int
    pay: Floats
    shortest: int
    longest: int
    break_after: int | None = None
    break_slots: int = 0
    break_unpaid: float = 1.0
    week_hours: float | None = None


def staff_costs(
    shop: Shop, weekdays: Sequence[int], holidays: frozenset[int] = frozenset()
) -> tuple[StaffCost, ...]:
    """Each staff group's pay for N days in a row.

    holidays: numbers of the days that are public holidays, counted from the first of `weekdays`; -1
    and N name the days around, into which a trading day may reach. DataError `wages.no_shift` where
    no shift of a group fits into the grid.
    """
    return tuple(_staff_cost(group, shop, weekdays, holidays) for group in shop.staff)


def _staff_cost(
    group: StaffGroup, shop: Shop, weekdays: Sequence[int], holidays: frozenset[int]
) -> StaffCost:
    grid = shop.grid
    base = group.hourly_cost if group.hourly_cost is not None else group.hourly_wage or 0.0
    hourly = np.full((len(weekdays), grid.size), base)
    if group.supplements:
        for supplement in shop.supplements:
            extra = supplement.per_hour + supplement.share * base
            hourly += extra * covered(supplement, grid, weekdays, holidays)
    longest = min(math.floor(group.shift_hours[1] / grid.slot_hours), grid.size)
    shortest = max(math.ceil(group.shift_hours[0] / grid.slot_hours), 1)
    if shortest > longest:
        raise DataError(
            "wages.no_shift",
            name=group.name,
            shortest=group.shift_hours[0],
            longest=group.shift_hours[1],
            minutes=grid.slot_minutes,
            earliest=format_time(grid.earliest),
            latest=format_time(grid.latest),
        )
    break_slots = math.ceil(group.break_minutes / grid.slot_minutes)
    has_break = group.break_after_hours is not None and break_slots > 0
    return StaffCost(
        group.name,
        group.people,
        hourly * (1 + group.on_cost_rate) * grid.slot_hours,
        shortest,
        longest,
        math.floor((group.break_after_hours or 0) / grid.slot_hours) if has_break else None,
        break_slots if has_break else 0,
        group.break_minutes / (break_slots * grid.slot_minutes) if has_break else 1.0,
        group.week_hours,
    )


def covered(
    supplement: Supplement, grid: Grid, weekdays: Sequence[int], holidays: frozenset[int]
) -> Floats:
    """(N, H) share of each slot in which a supplement is paid.

    It goes by the clock of the calendar day: 25:30 of Friday's trading day is Saturday 01:30. A
    supplement past midnight belongs to the day on which it starts.
    """
    share = np.zeros((len(weekdays), grid.size))
    for number, weekday in enumerate(weekdays):
        for shift in (-1, 0, 1):
            is_holiday = supplement.holidays and number + shift in holidays
            if (weekday + shift) % 7 in supplement.weekdays or is_holiday:
                start = supplement.span.start + shift * DAY
                end = supplement.span.end + shift * DAY
                share[number] += [
                    _overlap(grid.slot(slot), start, end) / grid.slot_minutes
                    for slot in range(grid.size)
                ]
    return np.minimum(share, 1.0)


def _overlap(slot: Span, start: int, end: int) -> int:
    return max(0, min(slot.end, end) - max(slot.start, start))
