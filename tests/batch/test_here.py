"""What-ifs of one shop in this process."""

from __future__ import annotations

import pytest
from tiny_shop import write_tiny_shop

from hoursopt.batch import Answered, answers, shop_grid
from hoursopt.batch.nouns import WhatIf
from hoursopt.batch.sweep import Sweep
from hoursopt.contract import plan_json
from hoursopt.demand import DemandModel, fit_demand
from hoursopt.errors import DataError
from hoursopt.flow import Loaded, load
from hoursopt.plan import Options
from hoursopt.planning import plan_shop, value_hours

QUICK = Options(draws=30, fresh=60, explain=False)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load(write_tiny_shop(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="module")
def model(loaded: Loaded) -> DemandModel:
    return fit_demand(loaded.observations, loaded.shop)


def run(loaded: Loaded, model: DemandModel, **values: list) -> list[Answered]:
    keys = {key.replace("__", "."): given for key, given in values.items()}
    return list(answers(loaded.shop, model, shop_grid(loaded.shop, keys), QUICK))


def test_a_what_if_that_changes_nothing_is_the_plan(loaded: Loaded, model: DemandModel) -> None:
    (same,) = answers(loaded.shop, model, Sweep(scenarios=(WhatIf("as it is"),)), QUICK)
    year = plan_json(plan_shop(loaded.shop, model, QUICK))["year"]
    assert same.result.today == year["today"]
    assert same.result.best == year["best"]
    assert (same.result.gain, same.result.gain_low, same.result.gain_high) == tuple(
        year["gain"].values()
    )
    assert same.result.status == "optimal"


def test_a_what_if_is_the_plan_of_the_changed_shop(loaded: Loaded, model: DemandModel) -> None:
    _, low = run(loaded, model, economics__margin_rate=[0.5, 0.2])
    assert low.shop.economics.margin_rate == 0.2
    assert low.result.best == plan_json(plan_shop(low.shop, model, QUICK))["year"]["best"]


def test_what_a_fit_depends_on_is_fitted_anew(loaded: Loaded, model: DemandModel) -> None:
    (other,) = run(loaded, model, diversion__recaptured=[0.9])
    refitted = fit_demand(loaded.observations, other.shop)
    assert other.result.best == plan_json(plan_shop(other.shop, refitted, QUICK))["year"]["best"]
    assert other.result.best != plan_json(plan_shop(other.shop, model, QUICK))["year"]["best"]


def test_fixed_hours_are_valued_and_not_improved(loaded: Loaded, model: DemandModel) -> None:
    (fixed,) = run(loaded, model, fixed_hours=["Mo-Fr 11:00-16:00"])
    assert fixed.result.hours == "Mo-Fr 11:00-16:00"
    hours = fixed.whatif.fixed_hours
    assert hours is not None
    (value,) = value_hours(loaded.shop, model, hours, QUICK)
    assert fixed.result.best_profit == pytest.approx(value.ledger.profit * 52, abs=0.5)


def test_more_demand_earns_more_and_stands_in_its_column(
    loaded: Loaded, model: DemandModel
) -> None:
    plain, double = run(loaded, model, demand__walk_in=[1, 2])
    assert double.result.today["wanted"] == pytest.approx(2 * plain.result.today["wanted"])
    assert double.result.best_profit > plain.result.best_profit
    assert [one.values for one in (plain, double)] == [
        {"demand.walk_in": 1.0},
        {"demand.walk_in": 2.0},
    ]


def test_a_key_left_alone_tells_the_shops_own_value(loaded: Loaded, model: DemandModel) -> None:
    runs = run(loaded, model, economics__margin_rate=[0.4], scale__staff__owner__hourly_cost=[1.5])
    assert runs[0].values == {"economics.margin_rate": 0.4, "scale.staff.owner.hourly_cost": 1.5}
    assert runs[0].shop.staff[0].hourly_cost == 18.0


def test_all_faults_are_told_before_the_first_run(loaded: Loaded, model: DemandModel) -> None:
    with pytest.raises(DataError) as told:
        shop_grid(
            loaded.shop,
            {
                "economics.margn_rate": [0.4],
                "staff.ownr.hourly_cost": [3],
                "economics.vat_rate": [],
                "economics.margin_rate": [3],
            },
        )
    assert len(told.value.causes) == 4
    assert "economics.margin_rate" in str(told.value.causes[0])
    sweep = shop_grid(loaded.shop, {"limits.max_staff": [1, 4, 5]})
    with pytest.raises(DataError) as told:
        answers(loaded.shop, model, sweep, QUICK)
    assert len(told.value.causes) == 2


def test_the_runs_can_be_stopped(loaded: Loaded, model: DemandModel) -> None:
    runs = answers(loaded.shop, model, shop_grid(loaded.shop, {"demand.walk_in": [1, 2, 3]}), QUICK)
    assert next(iter(runs)).result.error == ""
    runs.close()  # type: ignore[attr-defined]
    assert list(runs) == []
