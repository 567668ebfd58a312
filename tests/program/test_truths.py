"""What must hold of any best week: dearer work, fewer rules, no customers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from kinds import KINDS
from oracle import OPENS, best_by_hand, tiny

from hoursopt.hours import Span
from hoursopt.program import best_week
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule


def worth(scenario: Scenario) -> float:
    answer = best_week(scenario)
    return answer.ledger.profit - answer.changes


def dearer(scenario: Scenario, factor: float) -> Scenario:
    staff = tuple(dataclasses.replace(g, pay=g.pay * factor) for g in scenario.staff)
    return scenario.replace(staff=staff)


@pytest.mark.parametrize("kind", ["two groups", "one pattern", "next day", "closed spell"])
@pytest.mark.parametrize("seed", range(3))
def test_dearer_work_never_raises_the_optimum(kind: str, seed: int) -> None:
    scenario = KINDS[kind](seed)

    assert worth(dearer(scenario, 1.3)) <= worth(scenario) + 0.02


@pytest.mark.parametrize("kind", ["closed", "open", "closed before", "same hours", "keep today"])
@pytest.mark.parametrize("seed", range(3))
def test_a_dropped_rule_never_lowers_profit(kind: str, seed: int) -> None:
    scenario = KINDS[kind](seed)

    assert worth(scenario.replace(rules=())) >= worth(scenario) - 0.02


@pytest.mark.parametrize("seed", range(3))
def test_more_freedom_never_lowers_profit(seed: int) -> None:
    scenario = tiny(seed, 2, 4, demand=1.4, min_open_hours=2, staff=({"people": 1},))
    freer = [
        {"intervals_per_day": 2},
        {"min_open_hours": 1.0},
        {"max_staff": 4},
    ]

    for changes in freer:
        limits = dataclasses.replace(scenario.limits, **changes)
        assert worth(scenario.replace(limits=limits)) >= worth(scenario) - 0.02


def test_without_customers_the_shop_is_closed_all_week() -> None:
    scenario = tiny(1, 7, 4)
    nobody = scenario.replace(walk_in=scenario.walk_in * 0)

    answer = best_week(nobody)

    assert answer.week.hours == ((),) * 7
    assert answer.week.shifts == ()
    assert answer.ledger.profit == 0.0
    assert answer.proof.status == "optimal"
    assert answer.proof.gap == 0.0


def test_a_slot_of_gold_opens_a_day_and_no_other() -> None:
    scenario = tiny(1, 2, 4, demand=0.05, staff=({"people": 1},))
    margin = scenario.margin.copy()
    margin[1, 2] = 5000.0

    answer = best_week(scenario.replace(margin=margin))

    assert answer.week.hours == ((), (Span(OPENS + 120, OPENS + 180),))


def test_with_free_hours_and_no_service_time_every_customer_is_served() -> None:
    scenario = dearer(tiny(2, 2, 4), 0.0).replace(open_slot_cost=0.0, open_day_cost=0.0)
    service = dataclasses.replace(scenario.service, minutes_per_customer=0.0)
    shop = scenario.replace(service=service, online_margin=0.0)

    answer = best_week(shop)

    assert answer.ledger.open_hours == 8.0
    assert answer.ledger.served == pytest.approx(answer.ledger.wanted)


def test_a_change_must_be_worth_its_cost() -> None:
    free = tiny(3, 2, 3, staff=({"people": 1},))
    changed = best_week(free)
    assert changed.week.hours != free.today

    limits = dataclasses.replace(free.limits, change_cost=1000.0)
    kept = best_week(free.replace(limits=limits))

    assert kept.week.hours == free.today
    assert kept.changes == 0.0


def test_a_rule_for_another_weekday_does_not_bind() -> None:
    scenario = tiny(0, 2, 4, staff=({"people": 1},))
    rule = Rule("Sunday rest", "closed", (6,))

    assert worth(scenario.replace(rules=(rule,))) == pytest.approx(worth(scenario), abs=0.01)


ODD = {
    "wages of 0": dearer(tiny(4, 1, 4), 0.0),
    "every sale loses money": tiny(4, 1, 4).replace(margin=np.full((1, 4), -3.0), goodwill=0.0),
    "some sales lose money": tiny(4, 1, 4).replace(margin=np.array([[9.0, -2.0, 9.0, -1.0]])),
    "ten thousand an hour": tiny(4, 1, 4, demand=4000.0).replace(online_margin=0.0),
    "a shift longer than the day": tiny(4, 1, 4, staff=({"shortest": 6, "longest": 8},)),
}


@pytest.mark.parametrize("bound_first", [True, False])
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_shop_gets_its_best_week_too(odd: str, bound_first: bool) -> None:
    scenario = ODD[odd]
    most = best_by_hand(scenario)[0]

    answer = best_week(scenario, bound_first=bound_first)

    assert answer.proof.status == "optimal"
    assert answer.ledger.profit == pytest.approx(most, abs=0.02 + 1e-4 * abs(most))
    loses = odd in ("every sale loses money", "a shift longer than the day")
    assert bool(answer.week.hours[0]) is not loses
