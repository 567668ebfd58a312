"""What came of a season beside what was expected, day by day on the same hours.

A day is judged where its hours were those in force before or those of the plan: then its
expectation is known. Days with other hours, and days of which the till tells nothing, are left out
of both sides.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoursopt.errors import DataError
from hoursopt.flow import Loaded
from hoursopt.observations import Channel, State
from hoursopt.report.expected import classes_of, unpack_expected
from hoursopt.report.plan.staff import pay_of
from hoursopt.report.reading import PlannedSeason
from hoursopt.report.review.choosing import Chosen, season_dates
from hoursopt.shop import Shop

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

TODAY, PLAN, OTHER = 0, 1, -1


@dataclass(frozen=True)
class Outcome:
    """N dates of a season; arrays of days (N,), of classes (3, N), of draws (3, R, N).

    way: `TODAY`, `PLAN` or `OTHER` (not judged). customers, sales: as the till has them;
    expected_*: of the way that was lived, draws; before_*: of the hours in force before, draws.
    staff: (N,) hours on duty by the rota, NaN without; staff_expected: (2, N) of each way. pay:
    (N,) as it was, by the rota where there is one; pay_expected, opening: (2, N) cost of each way.
    margin: of a unit of sales. slots: (N, H) customers by slot, opened: (2, N, H).
    """

    season: PlannedSeason
    shop: Shop
    dates: tuple[dt.date, ...]
    way: Ints
    customers: Floats
    sales: Floats
    expected_customers: Floats
    expected_sales: Floats
    before_customers: Floats
    before_sales: Floats
    staff: Floats
    staff_expected: Floats
    pay: Floats
    pay_expected: Floats
    opening: Floats
    margin: float
    slots: Floats
    slot_sales: Floats
    opened: NDArray[np.bool_]

    @property
    def judged(self) -> int:
        """Days that are judged."""
        return int((self.way != OTHER).sum())

    @cached_property
    def weeks(self) -> tuple[tuple[dt.date, NDArray[np.bool_]], ...]:
        """Monday of each week with a judged open day, and (N,) which judged days lie in it."""
        mondays = [date - dt.timedelta(days=date.weekday()) for date in self.dates]
        found = []
        for monday in dict.fromkeys(mondays):
            within = np.array([one == monday for one in mondays]) & (self.way != OTHER)
            if self.expected_customers[:, :, within].any():
                found.append((monday, within))
        return tuple(found)

    def cost(self, within: NDArray[np.bool_]) -> tuple[float, float]:
        """Pay and cost of being open on days, as it was and as expected of the way lived."""
        days = np.flatnonzero(within)
        ways = self.way[days]
        opening = float(self.opening[ways, days].sum())
        actual = float(self.pay[days].sum()) + opening
        return actual, float(self.pay_expected[ways, days].sum()) + opening


def outcome_of(chosen: Chosen, loaded: Loaded) -> Outcome:
    """Expected and actual days of the season that is reviewed.

    Raises DataError `review.no_days` where no day can be compared.
    """
    shop, season = loaded.shop, chosen.season
    expected = unpack_expected(chosen.kept.expected or b"")
    seen = loaded.observations
    dates = season_dates(season, shop, seen.dates[-1])
    at = np.array([(date - expected.first).days for date in dates])
    here = np.array([(date - seen.dates[0]).days for date in dates])
    opened = expected.opened[:, at]
    lived = seen.opened[here] > 0.5
    channel = _till(loaded)
    way = _ways(opened, lived, channel.state[here], chosen)
    if not (way != OTHER).any():
        raise DataError("review.no_days", first=dates[0], last=dates[-1])
    counts, money = channel.counts[here], _money(loaded, channel)[here]
    lived_way = np.where(way == OTHER, PLAN, way)
    days = np.arange(len(dates))
    # The classes of the hours that were lived: (3, N, H).
    within = np.moveaxis(classes_of(opened, shop.grid)[lived_way, :, days], 1, 0)
    staff = _rota_hours(loaded, here)
    staff_expected, pay_expected = _planned_work(shop, season, dates, opened)
    return Outcome(
        season=season,
        shop=shop,
        dates=dates,
        way=way,
        customers=(counts * within).sum(axis=2),
        sales=(money * within).sum(axis=2),
        expected_customers=_of_way(expected.customers, lived_way, at),
        expected_sales=_of_way(expected.sales, lived_way, at),
        before_customers=expected.customers[TODAY][:, :, at],
        before_sales=expected.sales[TODAY][:, :, at],
        staff=staff,
        staff_expected=staff_expected,
        pay=_pay(staff, staff_expected, pay_expected, lived_way),
        pay_expected=pay_expected,
        opening=_opening(shop, opened),
        margin=shop.economics.net_share * shop.economics.margin_rate,
        slots=counts,
        slot_sales=money,
        opened=opened,
    )


def _ways(
    opened: NDArray[np.bool_], lived: NDArray[np.bool_], state: NDArray[np.int8], chosen: Chosen
) -> Ints:
    """Whose hours each day had: the plan's where both are the same."""
    blind = ((state == State.UNKNOWN) & lived).any(axis=1)
    same = (opened == lived).all(axis=2)
    way = np.where(same[PLAN], PLAN, np.where(same[TODAY], TODAY, OTHER))
    return np.where(blind, OTHER, way)


def _till(loaded: Loaded) -> Channel:
    channels = loaded.observations.channels
    return channels["receipts"] if "receipts" in channels else channels["footfall"]


def _money(loaded: Loaded, channel: Channel) -> Floats:
    """(D, H) sales; by the basket of shop.toml where the files carry no amounts."""
    if np.isfinite(channel.values).any():
        return np.nan_to_num(channel.values)
    return channel.counts * (loaded.shop.economics.basket_value or 0.0)


def _of_way(draws: Floats, way: Ints, at: Ints) -> Floats:
    """(3, R, N) draws of the way that each day had."""
    picked = draws[way, :, :, at]  # (N, 3, R)
    return np.moveaxis(picked, 0, 2)


def _rota_hours(loaded: Loaded, here: Ints) -> Floats:
    """(N,) hours on duty by the rota, NaN where it tells nothing."""
    staff = loaded.observations.staff
    if staff is None:
        return np.full(here.size, np.nan)
    hours: Floats = staff[here].sum(axis=1) * loaded.shop.grid.slot_hours
    return hours


def _planned_work(
    shop: Shop, season: PlannedSeason, dates: tuple[dt.date, ...], opened: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """(2, N) paid hours and pay: by the plan's shifts, and before it by the hours it was open.

    The shifts of today's week are not kept, so its work is spread over its open hours. A day that
    is shut has none.
    """
    shifts = {day: [one for one in season.shifts if one.weekday == day] for day in range(7)}
    planned = {day: pay_of(shop, shifts[day]) for day in range(7)}
    open_hours = opened.sum(axis=2) * shop.grid.slot_hours
    week = season.today.week_hours or 1.0
    hours, pay = np.zeros(open_hours.shape), np.zeros(open_hours.shape)
    for way, (name, total) in enumerate((("staff_hours", hours), ("wages", pay))):
        total[TODAY] = season.before[name] * open_hours[TODAY] / week
        total[PLAN] = [
            (planned[date.weekday()].hours if way == 0 else planned[date.weekday()].total) * is_open
            for date, is_open in zip(dates, open_hours[PLAN] > 0, strict=True)
        ]
    return hours, pay


def _pay(staff: Floats, hours: Floats, pay: Floats, way: Ints) -> Floats:
    """(N,) pay by the rota's hours at the planned pay of an hour; as planned without a rota."""
    days = np.arange(way.size)
    planned_hours, planned_pay = hours[way, days], pay[way, days]
    hourly = np.divide(
        planned_pay, planned_hours, out=np.zeros_like(planned_pay), where=planned_hours > 0
    )
    return np.where(np.isfinite(staff), np.nan_to_num(staff) * hourly, planned_pay)


def _opening(shop: Shop, opened: NDArray[np.bool_]) -> Floats:
    """(2, N) cost of being open."""
    hours = opened.sum(axis=2) * shop.grid.slot_hours
    days = opened.any(axis=2)
    cost: Floats = hours * shop.economics.open_hour_cost + days * shop.economics.open_day_cost
    return cost
