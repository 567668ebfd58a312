"""The week for bad seasons is the best of all weeks by its measure, or says how far it may be."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from kinds import KINDS
from oracle import covers, day_hours, day_staffings, tiny

from hoursopt.evaluate import StaffedWeek, evaluate, profit_draws
from hoursopt.program import best_week
from hoursopt.program.check import changes_cost, hours_faults, staff_faults
from hoursopt.program.robust import best_robust, measure, worst_mean, worst_weights
from hoursopt.scenario import Scenario

KINDS_TRIED = (
    "one day",
    "one person",
    "two groups",
    "breaks",
    "closed spell",
    "same hours",
    "cost of change",
    "few hours of staff",
    "packing",
    "next day",
)


def many_draws(kind: str, seed: int) -> Scenario:
    """A tiny scenario in twelve draws that differ more in some hours than in others."""
    scenario = KINDS[kind](seed)
    rng = np.random.default_rng(seed)
    shape = scenario.walk_in.shape[1:]
    walk_in = scenario.walk_in.mean(axis=0) * rng.gamma(2, 1 / 2, (12, *shape))
    draws = scenario.diversion
    again = np.arange(12) % scenario.draws
    return scenario.replace(
        walk_in=walk_in,
        diversion=draws.replace(
            recaptured=draws.recaptured[again],
            reach_hours=draws.reach_hours[again],
            next_day=draws.next_day[again],
            online=draws.online[again],
        ),
    )


def best_measure_by_hand(scenario: Scenario, share: float, tail: float) -> float:
    """The greatest measure of all weeks: every hours with every staffing."""
    staffings = [list(day_staffings(scenario, day)) for day in range(scenario.days)]
    best = -np.inf
    for hours in itertools.product(list(day_hours(scenario)), repeat=scenario.days):
        if hours_faults(scenario, hours):
            continue
        nobody = StaffedWeek(hours, ())
        idle = profit_draws(scenario, nobody)
        # Given the hours, a day's people change that day's profit alone.
        days = [
            [
                (profit_draws(scenario, StaffedWeek(hours, shifts)) - idle, shifts)
                for shifts in (staffings[day] if spans else [()])
                if covers(scenario, day, spans, shifts)
            ]
            for day, spans in enumerate(hours)
        ]
        for choice in itertools.product(*days):
            profits = idle + sum(gained for gained, _ in choice) - changes_cost(scenario, hours)
            worth = measure(profits, share, tail)
            if worth <= best:
                continue
            week = StaffedWeek(hours, tuple(shift for _, shifts in choice for shift in shifts))
            if not staff_faults(scenario, week):
                best = worth
    return best


@pytest.mark.parametrize("share", [0.4, 1.0])
@pytest.mark.parametrize("kind", KINDS_TRIED)
@pytest.mark.parametrize("seed", range(3))
def test_no_week_has_more_than_the_bound_and_a_proven_one_is_the_best(
    kind: str, seed: int, share: float
) -> None:
    scenario = many_draws(kind, seed)
    first = best_week(scenario)
    expected = best_measure_by_hand(scenario, share, tail=0.25)

    found = best_robust(scenario, share, first, tail=0.25)

    near = max(0.02, 1e-4 * abs(expected))
    assert found.worth <= expected + 1e-6
    assert found.bound >= expected - 0.02
    assert found.bound - found.worth == pytest.approx(
        found.gap * max(abs(found.worth), 0.01), abs=0.011
    )
    if found.status == "optimal":
        assert found.worth == pytest.approx(expected, abs=near)
    profits = profit_draws(scenario, found.week) - changes_cost(scenario, found.week.hours)
    assert found.worth == pytest.approx(measure(profits, share, 0.25))
    mean_week = profit_draws(scenario, first.week) - first.changes
    assert found.worth >= measure(mean_week, share, 0.25) - 1e-9
    assert not hours_faults(scenario, found.week.hours)
    assert not staff_faults(scenario, found.week)


def test_most_are_proven() -> None:
    told = []
    for kind, seed in itertools.product(KINDS_TRIED, range(3)):
        scenario = many_draws(kind, seed)
        told.append(best_robust(scenario, 0.5, best_week(scenario), tail=0.25))
    assert np.mean([one.status == "optimal" for one in told]) >= 0.5


def test_a_share_of_nothing_is_the_week_by_the_mean() -> None:
    scenario = many_draws("two groups", 1)
    first = best_week(scenario)

    found = best_robust(scenario, 0.0, first)

    assert found.week == first.week
    assert found.rounds == 1
    assert found.status == "optimal"


def test_the_worst_are_a_tenth_of_the_draws_of_which_one_counts_in_part() -> None:
    profits = np.array([5.0, 1.0, 3.0, 2.0, 9.0])

    assert worst_mean(profits, 0.4) == pytest.approx(1.5)
    assert worst_mean(profits, 0.3) == pytest.approx((1.0 + 0.5 * 2.0) / 1.5)
    assert worst_weights(profits, 0.3).sum() == pytest.approx(1.0)
    assert worst_mean(profits, 1.0) == pytest.approx(profits.mean())


def test_weights_of_draws_are_those_of_draws_that_stand_more_than_once() -> None:
    scenario = tiny(3, 3, 4, next_day=0.4, draws=3)
    again = np.array([0, 1, 1, 2, 2, 2])
    draws = scenario.diversion
    often = scenario.replace(
        walk_in=scenario.walk_in[again],
        diversion=draws.replace(
            recaptured=draws.recaptured[again],
            reach_hours=draws.reach_hours[again],
            next_day=draws.next_day[again],
            online=draws.online[again],
        ),
    )
    weighted = scenario.replace(weights=np.array([1, 2, 3]) / 6)

    for bound_first in (True, False):
        one = best_week(often, bound_first=bound_first)
        other = best_week(weighted, bound_first=bound_first)
        assert other.ledger.profit == pytest.approx(one.ledger.profit, abs=1e-6)
        assert evaluate(weighted, one.week).profit == pytest.approx(one.ledger.profit)
