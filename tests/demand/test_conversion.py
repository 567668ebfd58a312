"""Footfall and receipts together: the share who buy, and counts made of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from town import Town, make_town, today_mask

from hoursopt.demand import DemandModel, fit_demand
from hoursopt.demand.assemble import joint_problem
from hoursopt.demand.channels import (
    conversion_of,
    conversion_told,
    information,
    shop_channel,
    witnesses_of,
)
from hoursopt.demand.conversion import (
    Conversion,
    fill_from_footfall,
    fillable,
    learn_conversion,
    made_weights,
)
from hoursopt.demand.days import day_terms
from hoursopt.demand.marks import marks_of
from hoursopt.demand.prepare import Prepared
from hoursopt.i18n import Texts
from hoursopt.observations import Channel, Observations, State
from hoursopt.shop import Shop

MORNING, AFTERNOON = 0.15, 0.35


def shares(town: Town) -> np.ndarray:
    """(H,) true share who buy: more than twice as many from 13 o'clock on."""
    return np.where(np.arange(town.shop.grid.size) < 6, MORNING, AFTERNOON)


def with_door(seed: int = 0, till_from: int = 0, lose: tuple[int, ...] = (), **kwargs) -> Town:
    """The town's counts are people through the door; the till sees buyers from `till_from` on."""
    town = make_town(seed=seed, orders=False, rate=24.0, **kwargs)
    seen = town.observations
    people = seen.channels["receipts"]
    rng = np.random.default_rng([seed, 7])
    bought = rng.binomial(people.counts.astype(int), shares(town)).astype(float)
    unknown = np.zeros(len(seen.dates), dtype=bool)
    unknown[:till_from] = True
    unknown[list(lose)] = True
    could = np.where(unknown[:, None], 0.0, people.exposure)
    state = np.where((could <= 0) & (people.exposure > 0), State.UNKNOWN, people.state)
    bought = np.where(could > 0, bought, 0.0)
    till = Channel(bought, bought * 20.0, could, state.astype(np.int8), people.outside)
    door = replace(people, values=np.full_like(people.values, np.nan))
    channels = dict(seen.channels) | {"receipts": till, "footfall": door}
    observed = Observations(seen.grid, seen.dates, seen.opened, channels)
    return Town(town.shop, observed, town.latent * shares(town), town.online)


def without(town: Town, *names: str) -> Observations:
    seen = town.observations
    kept = {name: channel for name, channel in seen.channels.items() if name not in names}
    return replace(seen, channels=kept)


def stating(shop: Shop, conversion: float | None, basket: float | None = None) -> Shop:
    return shop.replace(
        economics=replace(shop.economics, conversion=conversion, basket_value=basket)
    )


def keys(model: DemandModel) -> dict[str, dict]:
    return {found.key: dict(found.values) for found in model.diagnostics}


@cache
def short_till() -> Town:
    """A year at the door, the till only in its last six weeks."""
    return with_door(seed=3, days=364, till_from=322, street=False)


def conversion(town: Town) -> Conversion:
    found = conversion_of(town.observations)
    assert found is not None
    return found


def test_the_share_who_buy_is_found_by_the_hour() -> None:
    town = with_door(days=120)
    found, mask = conversion(town), today_mask(town.shop).any(axis=0)
    assert np.all(np.abs(found.per_slot / shares(town) - 1)[mask] < 0.12)
    assert np.array_equal(found.seen, mask)
    assert found.days == int((town.observations.opened.sum(axis=1) > 0).sum())
    receipts = town.observations.channels["receipts"].counts.sum()
    people = town.observations.channels["footfall"].counts.sum()
    assert found.overall == pytest.approx(receipts / people)


def test_hours_of_few_people_are_drawn_to_the_whole() -> None:
    """One slot of ten people, of whom none bought, does not become a slot without buyers."""
    people, bought = np.full((10, 4), 50.0), np.full((10, 4), 10.0)
    people[:, 1], bought[:, 1] = 50, 20
    people[:, 3], bought[:, 3] = 1, 0
    ones = np.ones_like(people)
    state, nothing = ones.astype(np.int8), np.zeros(10)
    found = learn_conversion(
        Channel(bought, bought, ones, state, nothing), Channel(people, people, ones, state, nothing)
    )
    assert found is not None
    assert found.per_slot[1] == pytest.approx(0.4, abs=0.02)
    assert 0.1 < found.per_slot[3] < found.overall
    assert found.per_slot_sd[3] > 2 * found.per_slot_sd[0]


def test_the_truth_lies_within_two_deviations_about_as_often_as_it_should() -> None:
    overall, slots = [], []
    for seed in range(30):
        town = with_door(seed=seed, days=42, street=False)
        found, mask = conversion(town), today_mask(town.shop).any(axis=0)
        people = town.observations.channels["footfall"].counts.sum(axis=0)
        truth = float(shares(town) @ people / people.sum())
        overall.append(abs(found.overall - truth) < 1.28 * found.overall_sd)
        within = np.abs(found.per_slot - shares(town)) < 1.28 * found.per_slot_sd
        slots.append(within[mask].mean())
    assert 0.6 < np.mean(overall) < 0.98
    assert 0.65 < np.mean(slots) < 0.95


def test_little_in_common_is_no_conversion() -> None:
    assert conversion_of(with_door(days=60, till_from=58).observations) is None
    town = with_door(days=60)
    nobody = replace(
        town.observations.channels["footfall"],
        counts=np.zeros_like(town.observations.opened),
    )
    channels = dict(town.observations.channels) | {"footfall": nobody}
    assert conversion_of(replace(town.observations, channels=channels)) is None


def test_where_the_till_is_known_footfall_changes_nothing() -> None:
    town = with_door(days=100)
    both = fit_demand(town.observations, town.shop)
    till = fit_demand(without(town, "footfall"), town.shop)
    np.testing.assert_array_equal(
        both.curves("rest").walk_in.mean, till.curves("rest").walk_in.mean
    )
    assert "conversion" in both.parameters and "conversion" not in till.parameters


def test_a_short_till_beside_a_long_counter_knows_the_summer() -> None:
    town = short_till()
    mask = today_mask(town.shop)
    true = town.latent[0][mask]
    errors, widths = [], []
    for observations in (town.observations, without(town, "footfall")):
        band = fit_demand(observations, town.shop).curves("summer").walk_in
        errors.append(float(np.sqrt(np.mean(np.log(band.mean[mask] / true) ** 2))))
        widths.append(float(np.log(band.high / band.low)[mask].mean()))
    assert errors[0] < 0.21
    assert errors[0] < 0.6 * errors[1]
    assert widths[0] < 0.8 * widths[1]


def test_made_counts_tell_of_days_what_receipts_would() -> None:
    """Their weight is no scale: how days and hours scatter is found as from a whole till."""
    made, whole = (
        fit_demand(town.observations, town.shop).courses["shop"]
        for town in (short_till(), with_door(seed=3, days=364, street=False))
    )
    assert made.days.noise_sd == pytest.approx(whole.days.noise_sd, abs=0.03)
    assert made.overdispersion.mean() == pytest.approx(whole.overdispersion.mean(), abs=0.02)


def test_the_weight_of_made_counts_is_that_of_the_surface_and_of_the_days() -> None:
    town = short_till()
    seen, shop = town.observations, town.shop
    marks = marks_of(shop, seen.dates[0], seen.dates[-1])
    counted, weight = shop_channel(seen, shop), information(seen, shop)["shop"]
    prepared = Prepared(seen, shop, counted, {}, marks)
    by_age = prepared.weight[:, None] * prepared.ordinary[:, None]
    cells = joint_problem(prepared, {}).shop
    assert cells.counts.sum() == pytest.approx((counted.counts * weight * by_age).sum())
    assert cells.exposure.sum() == pytest.approx((counted.exposure * weight * by_age).sum())
    terms = day_terms(seen.dates, marks)
    days = prepared.calendar(terms, "shop").weight / prepared.weight
    open_days = counted.exposure.sum(axis=1) > 0
    assert (days[open_days][-30:] == pytest.approx(1)) and (days[open_days][:200] < 0.3).all()


def test_the_weight_of_made_counts_reaches_the_fit() -> None:
    """An unsure conversion makes an unsure curve."""
    town, widths = short_till(), []
    for keep in (1.0, 0.1):
        till = town.observations.channels["receipts"]
        few = np.random.default_rng(1).random(till.counts.shape[0]) < keep
        seen = replace(till, exposure=np.where(few[:, None], till.exposure, 0.0))
        channels = dict(town.observations.channels) | {"receipts": seen}
        model = fit_demand(replace(town.observations, channels=channels), town.shop)
        band = model.curves("rest").walk_in
        widths.append(float(np.log(band.high / band.low)[today_mask(town.shop)].mean()))
    assert widths[1] > 1.15 * widths[0]


def test_what_was_filled_is_counted_and_told() -> None:
    town = short_till()
    model = fit_demand(town.observations, town.shop)
    told = keys(model)["demand.converted"]
    lost = fillable(
        town.observations.channels["receipts"],
        town.observations.channels["footfall"],
        town.observations.opened,
    )
    assert told["count"] == int(lost.any(axis=1).sum()) > 250
    people = np.where(lost, town.observations.channels["footfall"].counts, 0.0)
    assert told["customers"] == pytest.approx((people * shares(town)).sum(), rel=0.06)
    assert model.parameters["conversion"] == pytest.approx(conversion(town).overall)
    assert model.parameters["conversion_10:00"] == pytest.approx(MORNING, rel=0.15)
    assert model.parameters["conversion_14:00"] == pytest.approx(AFTERNOON, rel=0.15)
    assert "conversion_20:00" not in model.parameters
    assert set(model.curves("summer").evidence[2, 3:10]) == {"open"}


def test_lost_days_come_back_and_the_till_keeps_its_own() -> None:
    town = with_door(seed=5, days=120, lose=tuple(range(40, 61)))
    seen = town.observations
    receipts, footfall = seen.channels["receipts"], seen.channels["footfall"]
    channel = shop_channel(seen, town.shop)
    lost = fillable(receipts, footfall, seen.opened)
    np.testing.assert_array_equal(channel.counts[~lost], receipts.counts[~lost])
    np.testing.assert_array_equal(channel.exposure[~lost], receipts.exposure[~lost])
    assert (channel.state[lost] == State.OPEN).all()
    made = footfall.counts * conversion(town).per_slot
    np.testing.assert_allclose(
        (channel.counts / np.maximum(channel.exposure, 1e-9))[lost], made[lost]
    )
    weight = information(seen, town.shop)["shop"]
    share = np.broadcast_to(conversion(town).per_slot, weight.shape)
    np.testing.assert_array_equal(weight[~lost], 1.0)
    assert (weight[lost] < share[lost]).all() and (weight[lost] > 0.2 * share[lost]).all()


@pytest.mark.parametrize("days", [100, 400, 1600])
def test_made_counts_never_tell_more_than_the_conversion_is_sure(days: int) -> None:
    """However long the counter's file: S / (1 + S v) stays below 1 / v, and grows with S."""
    people = np.full((days, 3), 100.0)
    ones = np.ones_like(people)
    zeros, state = np.zeros_like(people), np.ones(people.shape, dtype=np.int8)
    till = Channel(zeros, zeros, zeros, state * State.UNKNOWN, np.zeros(days))
    door = Channel(people, np.full_like(people, np.nan), ones, state, np.zeros(days))
    share, sd = np.array([0.1, 0.2, 0.4]), np.array([0.01, 0.04, 1e-9])
    known = Conversion(0.2, 0.01, share, sd, np.ones(3, dtype=bool), 50, 500.0)
    filled = fill_from_footfall(till, door, ones, known)
    weights = made_weights(fillable(till, door, ones), door, known)
    customers = (people * share).sum(axis=0)
    rate = filled.counts / filled.exposure
    np.testing.assert_allclose(rate, people * share)
    total = (weights * filled.counts).sum(axis=0)
    relative = (sd / share) ** 2
    np.testing.assert_allclose(total, customers / (1 + customers * relative))
    assert total[0] < 1 / relative[0] and total[1] < 1 / relative[1]
    assert total[2] == pytest.approx(customers[2], rel=1e-6)  # a share known for sure costs nothing


def test_money_comes_from_the_till_alone() -> None:
    town = short_till()
    with_footfall = fit_demand(town.observations, town.shop).baskets
    till_alone = fit_demand(without(town, "footfall"), town.shop).baskets
    np.testing.assert_array_equal(with_footfall, till_alone)
    np.testing.assert_allclose(with_footfall, 20.0)


def test_a_stated_conversion_far_from_the_data_is_told() -> None:
    town = with_door(days=60, street=False)
    near, far = conversion(town).overall * 1.1, conversion(town).overall * 1.6
    for stated, doubted in ((near, False), (far, True), (None, False)):
        told = conversion_told(town.observations, stating(town.shop, stated))
        assert ("demand.conversion_differs" in {one.key for one in told}) == doubted
    differs = fit_demand(town.observations, stating(town.shop, far))
    values = keys(differs)["demand.conversion_differs"]
    assert values["stated"] == round(100 * far, 1)
    assert values["percent"] == round(100 * conversion(town).overall, 1)


def test_more_receipts_than_people_is_told() -> None:
    town = with_door(days=60, street=False)
    door = town.observations.channels["footfall"]
    fewer = replace(door, counts=np.floor(door.counts / 8))
    channels = dict(town.observations.channels) | {"footfall": fewer}
    model = fit_demand(replace(town.observations, channels=channels), town.shop)
    assert "demand.conversion_above_one" in keys(model)
    assert np.isfinite(model.curves("rest").walk_in.mean).all()


def test_footfall_alone_takes_the_owners_word_and_says_so() -> None:
    town = with_door(days=120, street=False)
    shop = stating(town.shop, 0.25, 20.0)
    model = fit_demand(without(town, "receipts"), shop)
    assert model.parameters["conversion"] == 0.25
    assert keys(model)["demand.conversion_stated"] == {"percent": 25.0}
    mask = today_mask(shop)
    people = without(town, "receipts").channels["footfall"]
    weekday = np.flatnonzero(town.observations.weekdays < 5)
    rate = people.counts[weekday].sum() / len(weekday)
    told = model.curves("rest").walk_in.mean[:5][mask[:5]].sum() / 5
    assert told == pytest.approx(0.25 * rate, rel=0.3)


def round_the_clock(town: Town) -> Town:
    """A door in a mall: people pass the counter also while the shop is shut."""
    seen, rng = town.observations, np.random.default_rng(11)
    door = seen.channels["footfall"]
    passing = rng.poisson(5.0, door.counts.shape).astype(float)
    counts = np.where(seen.opened > 0, door.counts, passing)
    always = replace(
        door,
        counts=counts,
        exposure=np.ones_like(counts),
        state=np.full(counts.shape, State.OPEN, dtype=np.int8),
    )
    return replace(
        town, observations=replace(seen, channels=dict(seen.channels) | {"footfall": always})
    )


def test_a_counter_that_is_shop_and_witness_at_once_counts_once() -> None:
    """In each slot the weights of what the same people tell add up to one."""
    alone = round_the_clock(with_door(days=60, street=False))
    seen = without(alone, "receipts")
    shop = stating(alone.shop, 0.25, 20.0)
    own, (witness, kind) = shop_channel(seen, shop), witnesses_of(seen, shop)["footfall"]
    assert kind == "near"
    door = seen.channels["footfall"]
    np.testing.assert_array_equal(witness.counts, door.counts)
    weights, opened = information(seen, shop), seen.opened > 0
    np.testing.assert_array_equal(own.counts[opened], door.counts[opened])
    np.testing.assert_array_equal(own.exposure[opened], 4 * door.exposure[opened])
    # A person weighs a quarter of a customer: half of that here, half of the count there.
    np.testing.assert_array_equal((4 * weights["shop"] + weights["footfall"])[opened], 2 * 0.5)
    np.testing.assert_array_equal(weights["footfall"][~opened], 1.0)

    both = round_the_clock(with_door(days=120, lose=tuple(range(40, 61)), street=False))
    seen = both.observations
    lost = fillable(seen.channels["receipts"], seen.channels["footfall"], seen.opened)
    assert lost.any()
    weights = information(seen, both.shop)
    np.testing.assert_array_equal(weights["footfall"], np.where(lost, 0.5, 1.0))
    assert (weights["shop"][lost] < 0.5 * AFTERNOON * 1.2).all() and (
        weights["shop"][~lost] == 1
    ).all()


def test_a_counter_round_the_clock_tells_the_same_open_hours_as_the_till() -> None:
    town = round_the_clock(with_door(seed=2, days=120, street=False))
    mask = today_mask(town.shop)
    model = fit_demand(town.observations, town.shop)
    till = fit_demand(without(town, "footfall"), town.shop)
    told, alone = (one.curves("rest").walk_in.mean[mask].sum() for one in (model, till))
    assert told == pytest.approx(alone, rel=0.06)
    assert "demand.witness_footfall_near" in keys(model)
    assert set(model.curves("rest").evidence[6]) == {"witness"}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_is_told_is_a_sentence(language: str) -> None:
    town = short_till()
    told = conversion_told(town.observations, stating(town.shop, 0.9))
    told += conversion_told(without(town, "receipts"), stating(town.shop, 0.25))
    assert {one.key for one in told} == {
        "demand.converted",
        "demand.conversion_differs",
        "demand.conversion_stated",
    }
    for one in told:
        sentence = Texts(language)(one.key, **dict(one.values))
        assert sentence.endswith(".") and "{" not in sentence
