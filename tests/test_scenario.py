"""From the demand model to the program's arrays."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from town import Town, make_town

from hoursopt.calendar import holiday_dates
from hoursopt.demand import DemandModel, fit_demand
from hoursopt.hours import Span
from hoursopt.scenario import date_scenario, season_scenario
from hoursopt.shop import Limits, Rule, Supplement


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town(days=120)


@pytest.fixture(scope="module")
def model(town: Town) -> DemandModel:
    return fit_demand(town.observations, town.shop)


def test_a_season_is_a_week_of_draws(town: Town, model: DemandModel) -> None:
    week = season_scenario(town.shop, model, "summer", count=30, seed=4)
    assert week.walk_in.shape == (30, 7, town.shop.grid.size)
    assert week.weekdays == tuple(range(7))
    assert week.today[0] == (Span(600, 1020),)
    np.testing.assert_allclose(week.margin, 20.0 * 0.45, rtol=0.02)
    assert np.all(week.own_orders > 0)


def test_prices_with_vat_are_taken_net(town: Town, model: DemandModel) -> None:
    taxed = town.shop.replace(economics=replace(town.shop.economics, vat_rate=0.255))
    plain = season_scenario(town.shop, model, "rest", count=5)
    net = season_scenario(taxed, model, "rest", count=5)
    np.testing.assert_allclose(net.margin * 1.255, plain.margin)
    assert net.online_margin * 1.255 == pytest.approx(plain.online_margin)


def test_rules_of_another_season_do_not_bind(town: Town, model: DemandModel) -> None:
    rules = (Rule("a", "closed", (6,)), Rule("b", "closed", (0,), season="summer"))
    shop = town.shop.replace(rules=rules)
    assert season_scenario(shop, model, "rest", count=5).rules == rules[:1]


def test_today_off_the_grid_is_counted_by_the_nearest_slots(town: Town, model: DemandModel) -> None:
    force = replace(
        town.shop.hours[-1], hours=town.shop.today.replace(0, [Span(9 * 60 + 45, 17 * 60 + 20)])
    )
    odd = town.shop.replace(hours=(force,))
    assert season_scenario(odd, model, "rest", count=5).today[0] == (Span(600, 1020),)


def test_a_holiday_is_one_day_paid_as_a_holiday(town: Town, model: DemandModel) -> None:
    owner = replace(town.shop.staff[0], hourly_cost=None, hourly_wage=10.0, supplements=True)
    shop = town.shop.replace(
        staff=(owner,),
        supplements=(Supplement("Sunday", (6,), holidays=True, share=1.0),),
        limits=Limits(week_open_hours=(20.0, 60.0), change_cost=3.0),
    )
    epiphany = dt.date(2027, 1, 6)
    assert epiphany in holiday_dates("FI", "", epiphany, epiphany)
    day = date_scenario(shop, model, epiphany, count=5)
    ordinary = date_scenario(shop, model, epiphany + dt.timedelta(days=1), count=5)
    assert day.days == 1
    assert day.limits.week_open_hours == (0.0, 168.0)
    assert day.limits.change_cost == 0.0
    np.testing.assert_allclose(day.staff[0].pay, 2 * ordinary.staff[0].pay)


@pytest.mark.parametrize("name", ["margin", "own_orders", "today"])
def test_arrays_of_another_week_are_refused(town: Town, model: DemandModel, name: str) -> None:
    week = season_scenario(town.shop, model, "summer", count=5)
    with pytest.raises(ValueError, match="Expected"):
        week.replace(**{name: getattr(week, name)[:-1]})


def test_draws_of_demand_and_diversion_are_as_many(town: Town, model: DemandModel) -> None:
    week = season_scenario(town.shop, model, "summer", count=5)
    with pytest.raises(ValueError, match="diversion"):
        week.replace(walk_in=week.walk_in[:3])
