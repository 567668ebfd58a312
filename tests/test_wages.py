"""Pay by the clock, against Finnish cases worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hoursopt.errors import DataError
from hoursopt.hours import Grid, Span, parse_hours
from hoursopt.shop import Economics, HoursInForce, Shop, StaffGroup, Supplement
from hoursopt.wages import staff_costs

HALF_HOURS = Grid(30, 6 * 60, 28 * 60)
SELLER = StaffGroup(
    "seller",
    2,
    hourly_wage=14.0,
    on_cost_rate=0.25,
    supplements=True,
    shift_hours=(4, 9),
    week_hours=37.5,
    break_after_hours=6,
    break_minutes=30,
)
EVENING = Supplement("evening", tuple(range(5)), span=Span(18 * 60, 24 * 60), per_hour=4.0)
NIGHT = Supplement("night", tuple(range(6)), span=Span(22 * 60, 30 * 60), per_hour=6.0)
SUNDAY = Supplement("Sunday", (6,), holidays=True, share=1.0)


def shop(*supplements: Supplement, staff: StaffGroup = SELLER, grid: Grid = HALF_HOURS) -> Shop:
    return Shop(
        name="Shop",
        country="FI",
        timezone="Europe/Helsinki",
        currency="EUR",
        grid=grid,
        hours=(HoursInForce(parse_hours("Mo-Fr 10:00-17:00")),),
        economics=Economics(margin_rate=0.4),
        staff=(staff,),
        supplements=supplements,
    )


def pay_at(cost, day: int, time: str) -> float:
    hour, minute = map(int, time.split(":"))
    return float(cost.pay[day, HALF_HOURS.index(hour * 60 + minute)])


def test_a_plain_half_hour_costs_wage_and_side_costs() -> None:
    (cost,) = staff_costs(shop(EVENING), range(7))
    assert pay_at(cost, 0, "12:00") == pytest.approx(14.0 * 1.25 / 2)


def test_the_evening_adds_its_supplement_on_weekdays_only() -> None:
    (cost,) = staff_costs(shop(EVENING), range(7))
    assert pay_at(cost, 4, "18:00") == pytest.approx((14 + 4) * 1.25 / 2)
    assert pay_at(cost, 4, "17:30") == pytest.approx(14 * 1.25 / 2)
    assert pay_at(cost, 5, "18:00") == pytest.approx(14 * 1.25 / 2)


def test_sunday_doubles_the_base_wage_only() -> None:
    (cost,) = staff_costs(
        shop(SUNDAY, Supplement("eve", (6,), span=Span(1080, 1440), per_hour=4.0)), range(7)
    )
    assert pay_at(cost, 6, "19:00") == pytest.approx((14 + 14 + 4) * 1.25 / 2)


def test_after_midnight_saturdays_trading_day_is_paid_as_sunday() -> None:
    (cost,) = staff_costs(shop(SUNDAY), range(7))
    assert pay_at(cost, 5, "23:30") == pytest.approx(14 * 1.25 / 2)
    assert pay_at(cost, 5, "25:00") == pytest.approx(28 * 1.25 / 2)
    assert pay_at(cost, 6, "25:00") == pytest.approx(14 * 1.25 / 2)  # already Monday


def test_a_night_supplement_belongs_to_the_day_on_which_it_starts() -> None:
    grid = Grid(60, 0, 24 * 60)
    (cost,) = staff_costs(shop(NIGHT, grid=grid), range(7))
    assert cost.pay[0, 5] == pytest.approx(14 * 1.25)  # Sunday's night is not paid
    assert cost.pay[1, 5] == pytest.approx(20 * 1.25)  # Monday's runs into Tuesday morning
    assert cost.pay[6, 5] == pytest.approx(20 * 1.25)  # Saturday's into Sunday


def test_a_public_holiday_is_paid_as_such_on_its_date_alone() -> None:
    (plain,) = staff_costs(shop(SUNDAY), (2,))
    (holiday,) = staff_costs(shop(SUNDAY), (2,), frozenset({0}))
    (before,) = staff_costs(shop(SUNDAY), (2,), frozenset({1}))
    assert pay_at(plain, 0, "12:00") == pytest.approx(8.75)
    assert pay_at(holiday, 0, "12:00") == pytest.approx(17.5)
    assert pay_at(before, 0, "23:00") == pytest.approx(8.75)
    assert pay_at(before, 0, "24:30") == pytest.approx(17.5)


def test_a_holiday_on_a_sunday_is_paid_once() -> None:
    (cost,) = staff_costs(shop(SUNDAY), (6,), frozenset({0}))
    assert pay_at(cost, 0, "12:00") == pytest.approx(17.5)


def test_part_of_a_slot_is_paid_pro_rata() -> None:
    late = Supplement("late", (0,), span=Span(18 * 60 + 15, 24 * 60), per_hour=4.0)
    (cost,) = staff_costs(shop(late), range(7))
    assert pay_at(cost, 0, "18:00") == pytest.approx((14 + 2) * 1.25 / 2)


def test_the_owner_has_no_supplements() -> None:
    owner = StaffGroup("owner", 1, hourly_cost=12.0, shift_hours=(0, 12))
    (cost,) = staff_costs(shop(SUNDAY, EVENING, staff=owner), range(7))
    np.testing.assert_allclose(cost.pay, 6.0)
    assert (cost.shortest, cost.longest, cost.break_after) == (1, 24, None)


def test_shifts_and_breaks_are_counted_in_slots() -> None:
    (cost,) = staff_costs(shop(), range(7))
    assert (cost.shortest, cost.longest) == (8, 18)
    assert (cost.break_after, cost.break_slots, cost.break_unpaid) == (12, 1, 1.0)
    (coarse,) = staff_costs(shop(grid=Grid(60, 360, 1440)), range(7))
    assert (coarse.break_slots, coarse.break_unpaid) == (1, 0.5)


@pytest.mark.parametrize("hours", [(4.2, 4.4), (0.0, 0.5), (10.0, 12.0)])
def test_a_shift_that_no_whole_slots_make_is_told(hours: tuple[float, float]) -> None:
    shop_of_hours = shop(staff=replace(SELLER, shift_hours=hours), grid=Grid(60, 600, 1080))
    with pytest.raises(DataError, match=r"wages\.no_shift.*seller"):
        staff_costs(shop_of_hours, range(7))
