"""Prices of rules, limits and simpler hours: each is two best weeks apart."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tiny_shop import (
    BUSY_UNTIL_FIVE,
    QUICK,
    a_study,
    closed_after_one,
    known_demand,
    quick,
    tiny_shop,
)

from hoursopt.evaluate import profit_draws
from hoursopt.hours import Grid, Span
from hoursopt.plan import Study
from hoursopt.planning import study_season
from hoursopt.program import best_staffing, best_week
from hoursopt.scenario import Scenario
from hoursopt.shop import Limits, Rule, StaffGroup
from hoursopt.worth.prices import limits_reached, price_limits, price_rules, price_together
from hoursopt.worth.wishes import alike, price_wishes


def uneven(study: Study) -> Study:
    """A week whose days differ: Tuesday's afternoon and Thursday's morning are dead."""
    scenarios = {}
    for name in ("scenario", "firm", "fresh"):
        scenario = getattr(study, name)
        walk_in = scenario.walk_in.copy()
        walk_in[:, 1, 5:] *= 0.05
        walk_in[:, 3, :4] *= 0.05
        scenarios[name] = scenario.replace(walk_in=walk_in)
    best = best_week(scenarios["firm"], **QUICK.solving)
    return dataclasses.replace(
        study, **scenarios, best=best, best_profit=profit_draws(scenarios["fresh"], best.week)
    )


def test_the_price_of_a_limit_is_the_gain_without_it() -> None:
    bound = a_study(limits=Limits(max_staff=1, week_open_hours=(0.0, 20.0)))
    free = a_study()
    (price,) = price_limits(bound, quick())
    assert (price.limit, price.value) == ("week_open_hours", "<= 20")
    twice = (free.best_profit - bound.best_profit).mean()
    assert price.price.mean == pytest.approx(twice, abs=0.1)
    assert price.price.mean > 10


def test_a_limit_that_the_best_week_stays_clear_of_is_not_told() -> None:
    clear = Limits(max_staff=4, week_open_hours=(5.0, 100.0), min_open_hours=2.0)
    study = a_study(limits=clear, staff=(StaffGroup("owner", 9, hourly_cost=12.0),))
    assert not list(limits_reached(study))
    assert price_limits(study, quick()) == ()


def test_two_limits_that_hide_each_other_cost_nothing_alone_and_much_together() -> None:
    """One person by the limit and one by the head count: neither alone brings a second."""
    demand = known_demand(*(6 * value for value in BUSY_UNTIL_FIVE))
    shop = tiny_shop(limits=Limits(max_staff=1))
    study = study_season(shop, demand, shop.seasons[0], QUICK)  # type: ignore[arg-type]
    assert {reached.limit for reached in limits_reached(study)} == {"max_staff", "people"}
    assert price_limits(study, quick()) == ()
    (together,) = price_together(study, quick())
    assert together.freed == "rules_and_limits"
    assert together.price.mean > 10


def test_all_rules_together_cost_at_least_what_each_costs() -> None:
    rules = (closed_after_one(), Rule("late start", "closed_before", (0, 1), at=12 * 60))
    study = a_study(rules=rules)
    each = price_rules(study, quick())
    together = next(one for one in price_together(study, quick()) if one.freed == "rules")
    assert together.price.mean >= max(price.price.mean for price in each) - 0.01
    assert together.hours


def test_a_rule_that_hides_an_unseen_day_is_not_told_to_be_free() -> None:
    """Nobody has seen the weekend, and the owner shuts it: what it may cost is in the range."""
    study = a_study(rules=(Rule("weekend", "closed", (5, 6)),))
    (price,) = price_rules(study, quick())
    assert price.price.mean > 10
    assert all(price.hours[day] for day in (5, 6))


def test_simpler_hours_cost_what_planning_with_the_wish_says() -> None:
    study = uneven(a_study())
    told = price_wishes(study, quick())
    assert len({price.hours for price in told}) == len(told) >= 2
    for price in told:
        if price.wish == "same_weekdays":
            assert len(set(price.hours[:5])) == 1
            wish = alike(study)
        else:
            assert len({spans for spans in price.hours if spans}) <= price.patterns
            limits = dataclasses.replace(study.firm.limits, patterns=price.patterns)
            wish = study.firm.replace(limits=limits)
        again = best_week(wish, **QUICK.solving).week
        twice = (study.best_profit - profit_draws(study.fresh, again)).mean()
        assert price.price.mean == pytest.approx(twice, abs=0.1)
        assert price.price.mean > 0


def test_nothing_is_told_of_a_wish_that_the_best_week_has_already() -> None:
    assert price_wishes(a_study(), quick()) == ()


def halved(scenario: Scenario) -> Scenario:
    """The scenario in half hours, with nobody in the first and the last half hour of the rush."""
    walk_in = np.repeat(scenario.walk_in / 2, 2, axis=2)
    walk_in[:, :, [4, 17]] = 0.0
    return scenario.replace(
        grid=Grid(30, scenario.grid.earliest, scenario.grid.latest),
        walk_in=walk_in,
        margin=np.repeat(scenario.margin, 2, axis=1),
        open_slot_cost=scenario.open_slot_cost / 2,
        staff=tuple(
            dataclasses.replace(
                group, pay=np.repeat(group.pay / 2, 2, axis=1), longest=2 * group.longest
            )
            for group in scenario.staff
        ),
        rules=(),
    )


def test_the_full_hour_costs_the_half_hours_in_which_nobody_comes() -> None:
    study = a_study()
    names = ("scenario", "firm", "fresh")
    scenarios = {name: halved(getattr(study, name)) for name in names}
    best = best_week(scenarios["firm"], **QUICK.solving)
    assert best.week.hours[0] == (Span(10 * 60 + 30, 16 * 60 + 30),)
    fine = dataclasses.replace(
        study, **scenarios, best=best, best_profit=profit_draws(scenarios["fresh"], best.week)
    )
    (price,) = price_wishes(fine, quick())
    assert price.wish == "full_hours"
    assert {
        edge % 60 for day in price.hours for span in day for edge in (span.start, span.end)
    } == {0}
    week = best_staffing(scenarios["scenario"], price.hours, **QUICK.solving).week
    twice = (fine.best_profit - profit_draws(scenarios["fresh"], week)).mean()
    assert price.price.mean == pytest.approx(twice, abs=0.05)
    # Every choice of a full hour near by earns less.
    for start, end in ((10, 16), (10, 17), (11, 16), (11, 17)):
        hours = (((Span(start * 60, end * 60),),) * 5) + ((), ())
        if all(best.week.hours[day] for day in (5, 6)):
            hours = ((Span(start * 60, end * 60),),) * 7
        other = best_staffing(scenarios["scenario"], hours, **QUICK.solving)
        assert other.ledger.profit <= best.ledger.profit - price.price.mean + 2.0
