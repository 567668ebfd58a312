"""What-ifs at the desk: each is the plan of the shop that would be, on the same draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tiny_shop import (
    BUSY_UNTIL_FIVE,
    QUICK,
    closed_after_one,
    known_demand,
    quick,
    tiny_shop,
    write_tiny_shop,
)

from hoursopt.demand import DemandModel, fit_demand
from hoursopt.errors import DataError
from hoursopt.flow import load
from hoursopt.hours import OpeningHours, parse_hours
from hoursopt.planning import study_season
from hoursopt.suppose import Desk, Supposition, check_hours, suppose, weigh_wish
from hoursopt.worth.prices import price_rules

SHOP = tiny_shop(rules=(closed_after_one(),))


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.of(SHOP, known_demand(*BUSY_UNTIL_FIVE), "year", QUICK)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> DemandModel:
    loaded = load(write_tiny_shop(tmp_path_factory.mktemp("suppose") / "shop"))
    return fit_demand(loaded.observations, loaded.shop)


def test_nothing_supposed_is_the_plan(desk: Desk) -> None:
    supposed = suppose(desk, Supposition())
    planned = study_season(SHOP, desk.model, SHOP.seasons[0], QUICK)
    assert supposed.best.week == planned.best.week
    assert np.array_equal(supposed.gain, planned.gain)


def test_a_rule_turned_off_gains(desk: Desk) -> None:
    free = suppose(desk, Supposition(without=frozenset({"home by one"})))
    bound = suppose(desk, Supposition())
    assert free.best.ledger.profit > bound.best.ledger.profit
    assert free.scenario.rules == ()


def test_a_rule_turned_off_gains_its_price_though_it_hid_the_hours(desk: Desk) -> None:
    hidden = np.array(desk.evidence)
    hidden[:, [desk.shop.grid.start(slot) >= 13 * 60 for slot in range(desk.shop.grid.size)]] = (
        "none"
    )
    doubtful = replace(desk, evidence=hidden)
    bound = suppose(doubtful, Supposition())
    free = suppose(doubtful, Supposition(without=frozenset({"home by one"})))
    (price,) = price_rules(bound, quick())
    assert price.price.mean > 0
    assert free.best.week.hours == price.hours
    assert free.gain.mean() - bound.gain.mean() == pytest.approx(price.price.mean)


def test_money_supposed_is_the_shop_with_that_money(desk: Desk) -> None:
    what = Supposition(margin_rate=0.3, pay=1.5, open_hour_cost=4.0)
    there = SHOP.replace(
        economics=replace(SHOP.economics, margin_rate=0.3, open_hour_cost=4.0),
        staff=(replace(SHOP.staff[0], hourly_cost=18.0),),
    )
    planned = study_season(there, desk.model, there.seasons[0], QUICK)
    assert suppose(desk, what).best.ledger == planned.best.ledger


def test_days_alike_have_the_same_hours(desk: Desk) -> None:
    hours = suppose(desk, Supposition(alike=True)).best.week.hours
    assert len(set(hours[:5])) == 1


def test_todays_hours_as_a_wish_gain_nothing(desk: Desk) -> None:
    study = suppose(desk, Supposition())
    wish = weigh_wish(desk, SHOP.today.days, study.today.week)
    assert wish.gain.mean == pytest.approx(0.0, abs=0.01)
    assert wish.faults != ()  # they run past one, against the rule
    best = weigh_wish(desk, study.best.week.hours, study.today.week)
    assert best.gain.mean == pytest.approx(study.gain.mean())
    assert best.faults == ()


def test_hours_between_the_slots_are_refused() -> None:
    check_hours(parse_hours("Mo 10:00-14:00")[0], SHOP, "10-14")
    with pytest.raises(DataError, match="off_grid"):
        check_hours(parse_hours("Mo 10:15-14:00")[0], SHOP, "10.15-14")
    assert OpeningHours(SHOP.today.days) == SHOP.today


def test_more_customers_recaptured_were_fewer_who_wanted_to_come(fitted: DemandModel) -> None:
    drawn = fitted.draws("year", 60, 0)
    few, many = (fitted.given(drawn, "year", 0, {"recaptured": share}) for share in (0.1, 0.8))
    assert set(many.diversion.recaptured) == {0.8}
    assert many.walk_in[:, :5].sum() < few.walk_in[:, :5].sum()
    # What is seen stays explained: of all that is believed the plain draws lie between.
    assert np.array_equal(fitted.given(drawn, "year", 0, {}).walk_in, drawn.walk_in)


def test_the_conditioned_posterior_is_the_textbook_one(fitted: DemandModel) -> None:
    joint = fitted.joint
    place = joint.coefficients.size - 4
    rng = np.random.default_rng(1)
    drawn = rng.multivariate_normal(joint.coefficients, joint.covariance, 4000)
    draws = joint.given(drawn, {"recaptured": 0.5})
    own = joint.covariance[place, place]
    follows = joint.covariance[:, place] / own
    mean = joint.coefficients + follows * (0.5 - joint.coefficients[place])
    variance = np.diag(joint.covariance) - follows**2 * own
    spread = np.sqrt(np.maximum(np.diag(joint.covariance), 1e-12))
    assert np.abs((draws.mean(axis=0) - mean) / spread).max() < 0.1
    free = variance > 1e-4
    assert np.allclose(draws.var(axis=0)[free], variance[free], rtol=0.2)
