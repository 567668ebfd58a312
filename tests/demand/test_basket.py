"""What a customer spends by the hour: shrunk by its own noise, and not bent by one feast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from town import make_town

from hoursopt.demand import fit_demand
from hoursopt.demand.basket import BASKET_VARIATION, basket_variation, shrunk_baskets
from hoursopt.demand.shrink import shrunk_rates
from hoursopt.errors import DataError

HOURS = 12


def till(seed: int, days: int, spread: float, rate: float, variation: float):
    """Sums (N, H) of log-normal baskets of mean 20 whose hour differs by `spread`; the truth."""
    rng = np.random.default_rng(seed)
    truth = 20 * (1 + spread * np.sin(np.arange(HOURS)))
    counts = rng.poisson(rate * np.linspace(0.1, 1.5, HOURS), (days, HOURS))
    sd = np.sqrt(np.log1p(variation))
    values = np.zeros(counts.shape)
    for cell in np.ndindex(*counts.shape):
        single = rng.lognormal(-(sd**2) / 2, sd, counts[cell])
        values[cell] = truth[cell[1]] * single.sum()
    return counts.astype(float), values, truth


def error(baskets: np.ndarray, truth: np.ndarray) -> float:
    return float(np.sqrt(np.mean((baskets / truth - 1) ** 2)))


@pytest.mark.parametrize("variation", [0.05, 0.3])
def test_the_variance_of_single_baskets_is_found_from_sums(variation: float) -> None:
    counts, values, _ = till(1, 200, 0.1, 4.0, variation)
    assert basket_variation(counts, values) == pytest.approx(variation, rel=0.15)


def test_with_few_sums_the_usual_variance_stands() -> None:
    counts, values, _ = till(2, 3, 0.1, 4.0, 0.3)
    assert basket_variation(counts, values) == BASKET_VARIATION


def test_shrinking_beats_the_constant_and_the_raw_mean() -> None:
    errors = {"constant": [], "raw": [], "shrunk": []}
    for seed in range(20):
        counts, values, truth = till(seed, 200, 0.05, 2.0, 0.4)
        overall = values.sum() / counts.sum()
        errors["constant"].append(error(np.full(HOURS, overall), truth))
        raw = values.sum(axis=0) / np.maximum(counts.sum(axis=0), 1)
        errors["raw"].append(error(raw, truth))
        errors["shrunk"].append(error(shrunk_baskets(counts, values), truth))
    means = {name: np.mean(found) for name, found in errors.items()}
    assert means["shrunk"] < 0.85 * means["constant"]
    assert means["shrunk"] < 0.85 * means["raw"]


def test_hours_that_do_not_differ_are_told_alike() -> None:
    counts, values, _ = till(3, 100, 0.0, 4.0, 0.4)
    baskets = shrunk_baskets(counts, values)
    assert baskets.max() / baskets.min() < 1.03


def test_one_catering_order_is_in_the_mean_and_not_in_its_hour() -> None:
    """Nor does it blur what the other hours tell: the shape over the day stays as it was."""
    counts, values, truth = till(4, 100, 0.15, 4.0, 0.3)
    feast = values.copy()
    hour = 2  # a quiet one
    day = int(np.flatnonzero(counts[:, hour] == 1)[0])
    feast[day, hour] += 150 * truth.mean()
    raw = feast.sum(axis=0) / counts.sum(axis=0)
    assert raw[hour] / raw.mean() > 1.5
    baskets, plain = shrunk_baskets(counts, feast), shrunk_baskets(counts, values)
    shape, before = baskets / baskets.mean(), plain / plain.mean()
    assert np.abs(shape / before - 1).max() < 0.04
    told = (baskets * counts.sum(axis=0)).sum()
    assert told == pytest.approx(feast.sum(), rel=0.01)


def test_a_slot_without_sales_gets_the_mean_and_all_the_doubt() -> None:
    shrunk = shrunk_rates(np.array([20.0, 60.0, 0.0]), np.array([100.0, 200.0, 0.0]), 0.5)
    assert shrunk.overall == pytest.approx(80 / 300)
    assert shrunk.rates[2] == pytest.approx(shrunk.overall)
    assert shrunk.relative_sd[2] == pytest.approx(np.sqrt(shrunk.between))
    assert shrunk.relative_sd[1] < shrunk.relative_sd[0] < shrunk.relative_sd[2]


def test_given_back_money_never_makes_a_basket_negative() -> None:
    counts, values, _ = till(5, 50, 0.05, 4.0, 0.3)
    values[:, 0] = -5.0 * counts[:, 0]
    assert (shrunk_baskets(counts, values) >= 0).all()


def test_web_orders_have_their_own_basket() -> None:
    town = make_town(days=60)
    model = fit_demand(town.observations, town.shop)
    np.testing.assert_allclose(model.baskets, 20.0)
    assert model.online_basket == pytest.approx(30.0)


def test_files_without_money_need_the_owners_word_for_each() -> None:
    town = make_town(days=60)
    channels = {
        name: replace(channel, values=np.full_like(channel.values, np.nan))
        for name, channel in town.observations.channels.items()
    }
    bare = replace(town.observations, channels=channels)
    with pytest.raises(DataError) as caught:
        fit_demand(bare, town.shop)
    assert caught.value.values["field"] == "economics.basket_value"
    shop = town.shop.replace(economics=replace(town.shop.economics, basket_value=21.0))
    with pytest.raises(DataError) as caught:
        fit_demand(bare, shop)
    assert caught.value.values["field"] == "economics.online_basket_value"
    shop = shop.replace(economics=replace(shop.economics, online_basket_value=33.0))
    model = fit_demand(bare, shop)
    assert set(model.baskets) == {21.0} and model.online_basket == 33.0
