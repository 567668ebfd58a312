"""The day book finds what looking at every week finds, and says so where it cannot."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pytest
from kinds import KINDS, seeds
from oracle import OPENS, best_by_hand, best_staffing_by_hand, tiny

from hoursopt.errors import RulesConflict
from hoursopt.evaluate import StaffedWeek, evaluate
from hoursopt.hours import Span
from hoursopt.program import best_week, quick_way
from hoursopt.program.book import bracket, day_book
from hoursopt.program.book.frame import opening_of, spans_of
from hoursopt.program.check import hours_faults, staff_faults
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule

MONEY = 1e-3

# Ties that the tables of days do not hold; there the book may have no answer.
TIED = ("spell", "few hours", "few open hours", "many open hours", "packing")


@cache
def by_hand(kind: str, seed: int) -> float:
    return best_by_hand(KINDS[kind](seed))[0]


@pytest.mark.parametrize(("kind", "seed"), seeds())
def test_the_best_week_is_the_best_of_all_weeks(kind: str, seed: int) -> None:
    scenario = KINDS[kind](seed)
    book = day_book(scenario)
    answer = None if book is None else book.best()
    if answer is None:
        assert any(tie in kind for tie in TIED)
        return

    expected = by_hand(kind, seed)
    assert answer.ledger.profit - answer.changes == pytest.approx(expected, abs=MONEY)
    assert answer.ledger == evaluate(scenario, answer.week)
    assert not hours_faults(scenario, answer.week.hours)
    assert not staff_faults(scenario, answer.week)


@pytest.mark.parametrize(("kind", "seed"), seeds())
def test_a_week_proven_by_prices_is_the_best_of_all_weeks(kind: str, seed: int) -> None:
    scenario = KINDS[kind](seed)
    try:
        answer = best_week(scenario, by_tables=True)
    except RulesConflict:
        assert by_hand(kind, seed) == -np.inf
        return

    expected = by_hand(kind, seed)
    assert answer.ledger.profit - answer.changes == pytest.approx(expected, abs=0.011, rel=1e-4)
    assert answer.proof.bound - answer.changes >= expected - 1e-6
    assert not hours_faults(scenario, answer.week.hours)
    assert not staff_faults(scenario, answer.week)


@pytest.mark.parametrize("seed", range(5))
def test_no_week_that_beats_a_threshold_is_left_out(seed: int) -> None:
    scenario = KINDS["few hours of staff"](seed)
    book = day_book(scenario)
    assert book is not None
    bounds = bracket(book)
    assert bounds is not None
    expected, week = best_by_hand(scenario)
    assert week is not None

    assert bounds.bound >= expected - 1e-6
    for candidates, spans in zip(bounds.candidates(expected - 1e-6), week.hours, strict=True):
        opening = opening_of(scenario, spans)
        if opening is None:
            assert candidates.may_close
        else:
            assert opening[0] in candidates.opens
            assert opening[1] in candidates.closes


@pytest.mark.parametrize("kind", ["breaks", "paid breaks of two", "two groups", "next day"])
@pytest.mark.parametrize("seed", range(4))
def test_the_values_of_the_days_are_the_profit_of_the_week(kind: str, seed: int) -> None:
    scenario = KINDS[kind](seed)
    book = day_book(scenario)
    assert book is not None
    hours = (((), *scenario.today) if kind == "next day" else scenario.today)[: scenario.days]
    open_days = tuple(map(bool, hours))

    values = [book.value(day, spans, open_days) for day, spans in enumerate(hours)]

    expected, _ = best_staffing_by_hand(scenario, hours)
    if expected == -np.inf:
        assert None in values
    else:
        assert sum(value.worth for value in values if value) == pytest.approx(expected, abs=MONEY)


@pytest.mark.parametrize("kind", ["one person", "two groups", "breaks", "long opening"])
@pytest.mark.parametrize("seed", range(3))
def test_no_opening_is_worth_more_than_its_bound(kind: str, seed: int) -> None:
    scenario = KINDS[kind](seed)
    book = day_book(scenario)
    assert book is not None
    assert book.best() is not None
    bounds = book.pages.sheet(0, (True,)).upper.copy()

    for opening in zip(*np.nonzero(book.frame.openings[0]), strict=True):
        value = book.value(0, spans_of(scenario, opening))
        worth = -np.inf if value is None else value.worth
        assert worth <= bounds[opening] + 1e-6


def test_other_rules_and_limits_need_no_new_staffings_of_the_same_hours() -> None:
    scenario = tiny(2, 2, 5, demand=1.5, change_cost=2.0, staff=({"people": 1},))
    book = day_book(scenario)
    assert book is not None
    best = book.best()
    assert best is not None
    solved = book.pages.customers.solves
    rules = (Rule("late", "closed_before", (0, 1), at=OPENS + 60),)

    again = book.under(scenario.replace(limits=dataclasses.replace(scenario.limits)))
    bound = book.under(scenario.replace(rules=rules))

    assert again is not None
    same = again.best()
    assert same is not None
    assert same.week == best.week
    assert book.pages.customers.solves == solved
    assert bound is not None
    answer = bound.best()
    assert answer is not None
    expected, _ = best_by_hand(scenario.replace(rules=rules))
    assert answer.ledger.profit - answer.changes == pytest.approx(expected, abs=MONEY)


def test_limits_on_staff_need_a_book_of_their_own() -> None:
    book = day_book(tiny(1))
    assert book is not None

    for changes in ({"max_staff": 1}, {"min_staff": 2}, {"intervals_per_day": 2}):
        limits = dataclasses.replace(book.scenario.limits, **changes)
        assert book.under(book.scenario.replace(limits=limits)) is None


def test_sales_that_lose_money_have_no_book() -> None:
    scenario = tiny(1)

    assert day_book(scenario.replace(margin=scenario.margin - 20.0, goodwill=0.0)) is None


def test_nobody_can_keep_hours_beyond_the_heads() -> None:
    book = day_book(tiny(1, min_staff=3))
    assert book is not None

    assert book.value(0, (Span(OPENS, OPENS + 120),)) is None
    closed = book.value(0, ())
    assert closed is not None
    assert closed.worth == pytest.approx(_closed(book.scenario))


def _closed(scenario: Scenario) -> float:
    return evaluate(scenario, StaffedWeek(((),), ())).profit


@pytest.mark.parametrize("kind", ["few hours of staff", "next day", "closed after", "packing"])
@pytest.mark.parametrize("seed", range(3))
def test_the_quick_way_answers_as_if_nothing_had_been_asked_before(kind: str, seed: int) -> None:
    scenario = KINDS[kind](seed)
    way = quick_way()
    free = scenario.replace(
        rules=(),
        staff=tuple(dataclasses.replace(group, week_hours=None) for group in scenario.staff),
    )
    dear = scenario.replace(margin=scenario.margin * 1.5)
    alone = scenario.replace(limits=dataclasses.replace(scenario.limits, max_staff=1))

    for other in (free, dear, scenario, alone):
        told = way.week(other)
        expected = best_by_hand(other)[0]
        near = pytest.approx(expected, abs=0.011, rel=1e-4)
        assert told.ledger.profit - told.changes == near
        week = way.staffing(other, told.week.hours)
        assert week.ledger.profit - week.changes == near
