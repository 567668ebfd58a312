"""The ledger: identities, a week worked by hand, packing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import linprog

from hoursopt.diversion import DiversionDraws
from hoursopt.evaluate import (
    Assessment,
    Ledger,
    Shift,
    StaffedWeek,
    evaluate,
    on_duty,
    packing_shortfall,
    profit_draws,
    slot_ledger,
)
from hoursopt.hours import Grid, Span
from hoursopt.response import served
from hoursopt.scenario import Scenario
from hoursopt.shop import Limits, Service
from hoursopt.wages import StaffCost

GRID = Grid(60, 9 * 60, 15 * 60)


def scenario(days: int = 7, draws: int = 3, seed: int = 0, **changes: object) -> Scenario:
    rng = np.random.default_rng(seed)
    owner = StaffCost("owner", 1, np.full((days, 6), 12.0), 1, 6)
    seller = StaffCost("seller", 2, np.full((days, 6), 18.0), 2, 6, 3, 1, 0.5)
    plain = Scenario(
        name="tiny",
        grid=GRID,
        weekdays=tuple(range(days)),
        walk_in=rng.gamma(2, 3, (draws, days, 6)),
        margin=rng.uniform(5, 9, (days, 6)),
        online_margin=4.0,
        goodwill=0.5,
        own_orders=np.full(days, 2.0),
        diversion=DiversionDraws(
            rng.uniform(0.2, 0.5, draws),
            rng.uniform(0.7, 2, draws),
            rng.uniform(0, 0.2, draws),
            rng.uniform(0, 0.3, draws),
        ),
        service=Service(6.0, 8.0, 0.0),
        staff=(owner, seller),
        open_slot_cost=3.0,
        open_day_cost=7.0,
        limits=Limits(),
        rules=(),
        today=((Span(600, 840),),) * days,
    )
    return plain.replace(**changes)


WEEK = StaffedWeek(
    hours=(*((Span(600, 840),),) * 6, ()),
    shifts=tuple(
        shift
        for day in range(6)
        for shift in (Shift(day, "owner", 1, 1, 5), Shift(day, "seller", 1, 0, 5, break_first=2))
    ),
)


def test_every_wanted_customer_is_somewhere() -> None:
    ledger = evaluate(scenario(), WEEK)
    assert ledger.wanted == pytest.approx(
        ledger.served + ledger.online + ledger.abandoned + ledger.lost
    )
    assert 0 < ledger.recaptured < ledger.served


def test_profit_is_the_mean_of_the_draws() -> None:
    tiny = scenario(draws=20)
    assert evaluate(tiny, WEEK).profit == pytest.approx(profit_draws(tiny, WEEK).mean())


def test_slots_add_up_to_the_week() -> None:
    slots, ledger = slot_ledger(scenario(), WEEK), evaluate(scenario(), WEEK)
    for name in ("wanted", "served", "recaptured", "online", "abandoned", "lost"):
        assert getattr(slots, name).sum() == pytest.approx(getattr(ledger, name))


def test_a_day_worked_by_hand() -> None:
    """Open 10-12 of 9-15, one person, 4 customers an hour wanting each hour, half come back."""
    given = DiversionDraws(*(np.array([value]) for value in (0.5, 1e9, 0.0, 0.25)))
    tiny = scenario(
        days=1, draws=1, walk_in=np.full((1, 1, 6), 4.0), margin=np.full((1, 6), 10.0)
    ).replace(diversion=given)
    week = StaffedWeek(((Span(600, 720),),), (Shift(0, "owner", 1, 1, 3),))
    ledger = evaluate(tiny, week)
    first = float(served(4 + 2, 1, tiny.service, 1.0))  # its own and half of 9-10
    last = float(served(4 + 6, 1, tiny.service, 1.0))  # its own and half of 12-15
    assert ledger.served == pytest.approx(first + last)
    assert ledger.online == pytest.approx(8 * 0.25)
    assert ledger.lost == pytest.approx(8 * 0.75)
    assert ledger.recaptured == pytest.approx(first * 2 / 6 + last * 6 / 10)
    assert ledger.wages == 24.0
    assert ledger.opening_cost == 2 * 3 + 7
    missed = 24 - first - last - 2
    assert ledger.goodwill == pytest.approx(0.5 * missed)
    assert ledger.profit == pytest.approx(10 * (first + last) + 4 * 2 - 24 - 13 - 0.5 * missed)


def test_who_is_on_a_break_is_off_duty_and_half_paid() -> None:
    tiny = scenario()
    np.testing.assert_array_equal(on_duty(tiny, WEEK)[0], [1, 2, 1, 2, 2, 0])
    ledger = evaluate(tiny, WEEK)
    assert ledger.wages == pytest.approx(6 * (4 * 12 + 5 * 18 - 0.5 * 18))
    assert ledger.staff_hours == pytest.approx(6 * (4 + 4.5))


def test_ledgers_subtract_to_a_difference() -> None:
    one, two = Ledger(sales_margin=10, wages=4, served=3), Ledger(sales_margin=7, wages=2, served=1)
    difference = one - two
    assert (difference.sales_margin, difference.wages, difference.served) == (3, 2, 2)
    assert difference.profit == pytest.approx(one.profit - two.profit)


def test_orders_are_packed_in_quiet_minutes_or_not_at_all() -> None:
    calm = scenario(service=Service(6.0, 8.0, 5.0))
    assert packing_shortfall(calm, WEEK) == 0.0
    swamped = scenario(service=Service(6.0, 8.0, 5.0), own_orders=np.full(7, 60.0))
    assert packing_shortfall(swamped, WEEK) > 0.0


def test_sundays_orders_wait_for_monday() -> None:
    """A closed day's orders need slack on the next open day, and not on a later one."""
    service = Service(6.0, 8.0, 10.0)
    only_sunday = np.zeros(7)
    only_sunday[6] = 12.0
    quiet = scenario(service=service, own_orders=only_sunday).replace(walk_in=np.zeros((3, 7, 6)))
    lean = StaffedWeek(WEEK.hours, tuple(Shift(day, "owner", 1, 1, 3) for day in range(6)))
    assert packing_shortfall(quiet, lean) == pytest.approx(0.0)  # 120 minutes on Monday suffice
    short = StaffedWeek(WEEK.hours, (Shift(0, "owner", 1, 1, 2), *lean.shifts[1:]))
    assert packing_shortfall(quiet, short) == pytest.approx(60.0)


def test_a_week_without_opening_has_nobody_to_pack() -> None:
    closed = StaffedWeek(((),) * 7, ())
    tiny = scenario(service=Service(6.0, 8.0, 5.0))
    assert Assessment(tiny, closed).packing_shortfall > 0


def least_unpacked(need: np.ndarray, slack: np.ndarray) -> float:
    """The same by a linear program; days without slack are closed here."""
    is_open = slack > 0
    later = [next((at % 7 for at in range(d + 1, d + 7) if is_open[at % 7]), d) for d in range(7)]
    into = np.zeros((7, 21))  # packed the same day, the next open day, not at all
    for day in range(7):
        into[day, day] = 1
        into[later[day], 7 + day] = 1
    done = np.hstack([np.eye(7)] * 3)
    cost = np.repeat([0.0, 0.0, 1.0], 7)
    return linprog(cost, A_ub=into, b_ub=slack, A_eq=done, b_eq=need).fun


@pytest.mark.parametrize("seed", range(60))
def test_the_packing_shortfall_is_the_least_that_any_packing_leaves(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hours = rng.integers(0, 7, 7) * (rng.random(7) < rng.choice([0.4, 0.7, 1.0]))
    opened = tuple((Span(540, 540 + 60 * int(n)),) if n else () for n in hours)
    shifts = tuple(Shift(d, "owner", 1, 0, int(n)) for d, n in enumerate(hours) if n)
    # Every other week needs hardly more or less than it has: there a carry grows or dies slowly.
    need = rng.integers(0, 300, 7).astype(float)
    if seed % 2 and hours.sum():
        need *= 60 * hours.sum() / need.sum() * rng.choice([0.99, 1.01])
    idle = scenario(own_orders=need, service=Service(6.0, 8.0, 1.0), walk_in=np.zeros((3, 7, 6)))
    short = packing_shortfall(idle, StaffedWeek(opened, shifts))
    assert short == pytest.approx(least_unpacked(need, hours * 60.0), abs=1e-5)


def test_a_week_with_less_slack_than_orders_is_never_called_feasible() -> None:
    """Put off from day to day for weeks before it shows: 5 minutes too many, 2 open days."""
    need = np.array([45.0, 135.0, 125.0, 135.0, 90.0, 90.0, 45.0])
    hours = [0, 0, 6, 0, 0, 5, 0]
    opened = tuple((Span(540, 540 + 60 * n),) if n else () for n in hours)
    shifts = tuple(Shift(d, "owner", 1, 0, n) for d, n in enumerate(hours) if n)
    idle = scenario(own_orders=need, service=Service(6.0, 8.0, 1.0), walk_in=np.zeros((3, 7, 6)))
    assert packing_shortfall(idle, StaffedWeek(opened, shifts)) == pytest.approx(5.0)


def test_a_single_date_may_leave_orders_for_the_day_after() -> None:
    date = scenario(days=1, own_orders=np.array([500.0]), service=Service(6.0, 8.0, 5.0))
    assert packing_shortfall(date, StaffedWeek(((),), ())) == 0.0


CHANGES: dict[str, Callable[[Scenario], dict[str, object]]] = {
    "money": lambda one: {"margin": 2 * one.margin, "online_margin": 1.0, "goodwill": 3.0},
    "demand": lambda one: {"walk_in": 1.5 * one.walk_in},
    "habits": lambda one: {"diversion": one.diversion.replace(recaptured=np.full(3, 0.9))},
    "next day": lambda one: {"diversion": one.diversion.replace(next_day=np.full(3, 0.4))},
    "web": lambda one: {"diversion": one.diversion.replace(online=np.full(3, 0.9))},
    "reach": lambda one: {"diversion": one.diversion.replace(reach_hours=np.full(3, 0.2))},
    "slow service": lambda one: {"service": Service(12.0, 8.0, 0.0)},
    "no patience": lambda one: {"service": Service(6.0, 0.0, 0.0)},
    "weights": lambda one: {"weights": np.array([0.8, 0.1, 0.1])},
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_week_looked_at_before_is_looked_at_anew_where_it_differs(what: str) -> None:
    known = scenario()
    evaluate(known, WEEK)
    profit_draws(known, WEEK)

    changed = known.replace(**CHANGES[what](known))

    # Nothing is known of arrays that nobody has seen.
    unseen = changed.replace(walk_in=changed.walk_in.copy())
    assert evaluate(changed, WEEK) == evaluate(unseen, WEEK) != evaluate(known, WEEK)
    assert np.array_equal(profit_draws(changed, WEEK), profit_draws(unseen, WEEK))


def test_other_hours_and_people_are_looked_at_anew() -> None:
    known = scenario()
    evaluate(known, WEEK)
    unseen = known.replace(walk_in=known.walk_in.copy())
    fewer = dataclasses.replace(WEEK, shifts=WEEK.shifts[::2])
    longer = dataclasses.replace(WEEK, hours=((Span(540, 900),), *WEEK.hours[1:]))

    for week in (fewer, longer):
        assert evaluate(known, week) == evaluate(unseen, week) != evaluate(known, WEEK)
