"""The program finds what looking at every week finds, and says what it proved."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from kinds import KINDS, seeds
from oracle import best_by_hand, best_staffing_by_hand, tiny

from hoursopt.errors import RulesConflict
from hoursopt.evaluate import evaluate
from hoursopt.program import best_staffing, best_week
from hoursopt.program.check import hours_faults, staff_faults

MONEY = 0.02


@cache
def by_hand(kind: str, seed: int) -> float:
    return best_by_hand(KINDS[kind](seed))[0]


@pytest.mark.parametrize(("kind", "seed"), seeds())
def test_the_best_week_is_the_best_of_all_weeks(kind: str, seed: int) -> None:
    scenario = KINDS[kind](seed)
    if by_hand(kind, seed) == -np.inf:
        with pytest.raises(RulesConflict):
            best_week(scenario)
        return

    answer = best_week(scenario)

    worth = answer.ledger.profit - answer.changes
    assert worth == pytest.approx(by_hand(kind, seed), abs=MONEY)
    assert answer.proof.status == "optimal"
    assert answer.proof.bound >= answer.ledger.profit - 1e-9
    assert answer.proof.bound - answer.changes == pytest.approx(worth, abs=MONEY, rel=1e-4)
    assert answer.ledger == evaluate(scenario, answer.week)
    assert not hours_faults(scenario, answer.week.hours)
    assert not staff_faults(scenario, answer.week)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_the_program_alone_finds_the_same(kind: str, seed: int) -> None:
    if by_hand(kind, seed) == -np.inf:
        with pytest.raises(RulesConflict):
            best_week(KINDS[kind](seed), bound_first=False)
        return

    answer = best_week(KINDS[kind](seed), bound_first=False)

    worth = answer.ledger.profit - answer.changes
    assert worth == pytest.approx(by_hand(kind, seed), abs=MONEY)
    assert answer.proof.status == "optimal"


@pytest.mark.parametrize("kind", ["two groups", "closed spell", "one pattern", "next day"])
def test_cbc_finds_the_same(kind: str) -> None:
    answer = best_week(KINDS[kind](1), solver="cbc")

    assert answer.proof.solver == "CBC"
    assert answer.ledger.profit - answer.changes == pytest.approx(by_hand(kind, 1), abs=MONEY)
    assert answer.proof.gap <= 1e-4


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["breaks", "two groups", "packing", "next day", "closed spell"])
def test_given_hours_get_their_best_staffing(kind: str, seed: int) -> None:
    scenario = KINDS[kind](seed)
    hours = scenario.today

    expected, _ = best_staffing_by_hand(scenario, hours)
    for alone in (True, False):
        answer = best_staffing(scenario, hours, bound_first=not alone)

        assert answer.week.hours == hours
        assert answer.ledger.profit == pytest.approx(expected, abs=MONEY)


def test_given_hours_are_proven_also_where_a_change_has_a_price() -> None:
    scenario = KINDS["cost of change"](1)
    other = (scenario.today[0], ())

    for alone in (True, False):
        answer = best_staffing(scenario, other, bound_first=not alone)

        expected, _ = best_staffing_by_hand(scenario, other)
        assert answer.ledger.profit == pytest.approx(expected, abs=MONEY)
        assert answer.proof.status == "optimal"
        assert answer.changes == 6.0


def test_given_hours_may_break_the_owner_s_rules_but_not_the_heads() -> None:
    scenario = KINDS["closed"](0)
    assert hours_faults(scenario, scenario.today)

    answer = best_staffing(scenario, scenario.today)

    assert answer.week.hours == scenario.today
    assert not staff_faults(scenario, answer.week)


def test_a_week_of_many_families_at_once_is_the_best() -> None:
    scenario = tiny(
        5,
        2,
        4,
        demand=1.6,
        next_day=0.3,
        intervals_per_day=2,
        patterns=1,
        change_cost=2.0,
        minutes_per_order=10.0,
        orders=2.0,
        week_open_hours=(0, 6),
        staff=({"people": 1, "week_hours": 7.0},),
    )
    expected, _ = best_by_hand(scenario)

    answer = best_week(scenario)

    assert answer.ledger.profit - answer.changes == pytest.approx(expected, abs=MONEY)
    assert np.isfinite(answer.proof.bound)
