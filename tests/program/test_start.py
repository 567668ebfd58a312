"""A search that starts where one like it ended finds what it would find by itself."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from kinds import KINDS
from oracle import best_by_hand, best_staffing_by_hand

from hoursopt.evaluate import evaluate
from hoursopt.program import best_staffing, day_book, quick_way
from hoursopt.program.book.column import Column
from hoursopt.program.book.frame import opening_of
from hoursopt.program.book.whole import near_days
from hoursopt.program.check import hours_faults, staff_faults

MONEY = 1e-3
TIED = ["few hours of staff", "few hours of two groups", "few open hours", "many open hours"]


@pytest.mark.parametrize("kind", [*TIED, "two patterns", "next day", "same hours", "breaks"])
@pytest.mark.parametrize("factor", [0.7, 1.0, 1.6])
def test_a_week_found_from_a_start_is_the_best_of_all_weeks(kind: str, factor: float) -> None:
    scenario = KINDS[kind](1)
    first = quick_way()
    hours = first.week(scenario).week.hours
    first.staffing(scenario, hours)
    other = scenario.replace(margin=factor * scenario.margin)
    way = quick_way(first.start())

    told = way.week(other)
    staffed = way.staffing(other, hours)

    expected, _ = best_by_hand(other)
    assert told.ledger.profit - told.changes == pytest.approx(expected, abs=0.011, rel=1e-4)
    assert told.proof.bound - told.changes >= expected - 1e-6
    assert not hours_faults(other, told.week.hours)
    assert not staff_faults(other, told.week)
    given, _ = best_staffing_by_hand(other, hours)
    assert staffed.ledger.profit - staffed.changes == pytest.approx(given, abs=0.011, rel=1e-4)


@pytest.mark.parametrize(
    "changes", [{"shortest": 2}, {"longest": 2}, {"people": 2}, {"break_after": 1}]
)
def test_a_start_serves_only_who_may_work_the_same_shifts(changes: dict[str, int]) -> None:
    scenario = KINDS["few hours of staff"](0)
    way = quick_way()
    way.week(scenario)
    start = way.start()
    assert start is not None
    (group,) = scenario.staff

    dearer = dataclasses.replace(group, pay=2 * group.pay, week_hours=2.0)
    other = dataclasses.replace(group, **changes)  # type: ignore[arg-type]

    assert start.serves(scenario.replace(staff=(dearer,)))
    assert not start.serves(scenario.replace(staff=(other,)))


@pytest.mark.parametrize("kind", ["breaks", "short shifts", "two groups", "long shifts"])
@pytest.mark.parametrize("seed", range(4))
def test_known_shifts_are_worth_what_they_earn_now(kind: str, seed: int) -> None:
    scenario = KINDS[kind](seed)
    week = best_staffing(scenario, scenario.today).week
    dear = scenario.replace(margin=1.3 * scenario.margin, open_slot_cost=0.7)
    book = day_book(dear)
    assert book is not None
    opening = opening_of(dear, week.hours[0])
    assert isinstance(opening, tuple)

    worth = book.pages.sheet(0, (True,)).with_shifts(opening, week.shifts)

    assert worth == pytest.approx(evaluate(dear, week).profit)


@pytest.mark.parametrize("seed", range(20))
def test_a_week_near_the_bound_is_the_best_of_all_combinations(seed: int) -> None:
    rng = np.random.default_rng(seed)
    prices, bounds = np.array([1.5, 0.5]), np.array([9.0, 14.0])
    columns = [
        Column(day, (0, 1), (), float(1.5 * takes[0] + rng.uniform(0, 3)), takes, ())
        for day in range(4)
        for takes in rng.integers(0, 6, (5, 2)).astype(float)
    ]
    days = [[column for column in columns if column.day == day] for day in range(4)]
    best = [max(day, key=lambda one: one.worth - float(prices @ one.takes)) for day in days]
    most = sum(one.worth - float(prices @ one.takes) for one in best) + float(prices @ bounds)
    kept = [
        sum(one.worth for one in week)
        for week in itertools.product(*days)
        if np.all(np.sum([one.takes for one in week], axis=0) <= bounds)
    ]
    lost = most - max(kept)

    found = near_days(best, columns, bounds, prices, lost + MONEY)
    none = near_days(best, columns, bounds, prices, lost - MONEY)

    assert found is not None
    assert sum(one.worth for one in found) == pytest.approx(max(kept))
    assert [one.day for one in found] == [0, 1, 2, 3]
    assert np.all(np.sum([one.takes for one in found], axis=0) <= bounds)
    assert none is None
