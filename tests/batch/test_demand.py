"""The demand of what-if runs: what it hangs on, and that it is kept to the last bit."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from tiny_shop import SUMMER, closed_after_one, write_tiny_shop

from hoursopt.batch.demand import Demand, changed, drawn, fit_digest, pack, unpack
from hoursopt.batch.nouns import ScaleDemand
from hoursopt.demand import fit_demand
from hoursopt.flow import Loaded, load
from hoursopt.hours import Grid, Span, parse_hours
from hoursopt.plan import Options
from hoursopt.shop import (
    Decision,
    Event,
    Exceptions,
    HoursInForce,
    Limits,
    Range,
    Service,
    Sources,
    StaffGroup,
    Supplement,
)

QUICK = Options(draws=20, fresh=30)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load(write_tiny_shop(tmp_path_factory.mktemp("tiny"), days=28))


@pytest.fixture(scope="module")
def demand(loaded: Loaded) -> Demand:
    return drawn(fit_demand(loaded.observations, loaded.shop), loaded.shop, QUICK)


def arrays(demand: Demand) -> list[np.ndarray]:
    (season,) = demand.seasons.values()
    parts = [season.evidence]
    for draws in (season.planned, season.fresh):
        parts += [draws.walk_in, draws.basket, draws.own_orders, *vars(draws.diversion).values()]
    return parts


def same(one: Demand, other: Demand) -> bool:
    return all(map(np.array_equal, arrays(one), arrays(other)))


def test_a_kept_demand_is_the_same_to_the_last_bit(demand: Demand) -> None:
    again = unpack(pack(demand))
    assert again is not None and same(demand, again)
    assert (again.last_date, again.seed) == (demand.last_date, demand.seed)


@pytest.mark.parametrize("content", [b"", b"rubbish", b"PK\x03\x04 half a file"])
def test_a_damaged_kept_demand_is_fitted_again(content: bytes) -> None:
    assert unpack(content) is None


def test_money_staff_limits_and_rules_share_one_fit(loaded: Loaded, demand: Demand) -> None:
    shop = loaded.shop
    money = dataclasses.replace(
        shop.economics, margin_rate=0.1, vat_rate=0.2, open_hour_cost=9.0, goodwill_cost=1.0
    )
    other = shop.replace(
        economics=dataclasses.replace(money, prices_include_vat=True, online_margin_rate=0.2),
        staff=(StaffGroup("many", 5, hourly_wage=20.0, supplements=True),),
        supplements=(Supplement("night", (0, 1), share=0.5),),
        limits=Limits(max_staff=5, patterns=2, week_open_hours=(0, 40)),
        rules=(closed_after_one(),),
        service=Service(minutes_per_customer=5.0),
        decision=Decision(0.5),
        name="Other",
        language="fi",
        web="https://example.com",
    )
    assert fit_digest(other, "data", QUICK) == fit_digest(shop, "data", QUICK)
    assert same(drawn(fit_demand(loaded.observations, other), other, QUICK), demand)


def test_what_a_fit_depends_on_has_a_digest_of_its_own(loaded: Loaded) -> None:
    shop = loaded.shop
    day = dt.date(2026, 1, 7)
    others = [
        shop.replace(country="SE"),
        shop.replace(timezone="Europe/Stockholm"),
        shop.replace(grid=Grid(30, 8 * 60, 20 * 60)),
        shop.replace(hours=(HoursInForce(parse_hours("Mo-Fr 10:00-15:00")),)),
        shop.replace(sources=Sources(receipts=("other.csv",))),
        shop.replace(exceptions=Exceptions(closed=(day,))),
        shop.replace(diversion=dataclasses.replace(shop.diversion, online=Range(0.1, 0.1))),
        shop.replace(seasons=(SUMMER,)),
        shop.replace(events=(Event("fair", ((day, day),)),)),
        shop.replace(horizon=dataclasses.replace(shop.horizon, weeks=4)),
        shop.replace(economics=dataclasses.replace(shop.economics, basket_value=3.0)),
        shop.replace(economics=dataclasses.replace(shop.economics, conversion=0.3)),
    ]
    digests = {fit_digest(other, "data", QUICK) for other in [shop, *others]}
    digests |= {fit_digest(shop, "other data", QUICK)}
    digests |= {fit_digest(shop, "data", dataclasses.replace(QUICK, seed=1))}
    assert len(digests) == len(others) + 3


def test_demand_is_scaled_in_its_band_its_days_and_its_season(demand: Demand) -> None:
    grid = Grid(60, 8 * 60, 20 * 60)
    (name,) = demand.seasons
    band = ScaleDemand("walk_in", 2.0, name, (0, 2), Span(10 * 60, 12 * 60 + 30))
    (season,) = changed(demand, grid, [band]).seasons.values()
    ratio = season.fresh.walk_in / demand.seasons[name].fresh.walk_in
    expected = np.ones((7, 12))
    expected[[[0], [2]], [2, 3]] = 2.0
    expected[[0, 2], 4] = 1.5
    assert np.allclose(ratio, expected)
    other = changed(demand, grid, [dataclasses.replace(band, season="another")])
    assert same(other, demand)


def test_diverted_demand_scales_the_share_and_stays_a_share(demand: Demand) -> None:
    (season,) = demand.seasons.values()
    web = dataclasses.replace(
        season.planned, diversion=season.planned.diversion.replace(online=np.full(20, 0.4))
    )
    own = Demand(demand.last_date, 0, {"year": dataclasses.replace(season, planned=web)})
    for factor, share in ((0.5, 0.2), (2.0, 0.8), (9.0, 1.0)):
        after = changed(own, Grid(60, 480, 1200), [ScaleDemand("diverted", factor)])
        assert np.allclose(after.seasons["year"].planned.diversion.online, share)
