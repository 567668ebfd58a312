"""Several street counters: each is a witness, weighed by how like its curve is to the shop's."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from chains import MIXES, put_street, with_counters
from town import Town, make_town

from hoursopt.demand import fit_demand
from hoursopt.demand.counters import joined, own_curves
from hoursopt.demand.witness import CLASSES, class_of
from hoursopt.observations import Channel

WEEKDAYS = np.arange(140) % 7
CLOCK = np.arange(12.0)
MORNING = np.exp(-(((CLOCK - 3) / 3) ** 2))
EVENING = np.exp(-(((CLOCK - 9) / 3) ** 2))


def channel_of(*curves: np.ndarray, seen: np.ndarray | None = None) -> Channel:
    """A channel of sensors with these curves (12,) on each of 140 days, without any noise."""
    counts = np.array([np.tile(curve, (140, 1)) for curve in curves])
    exposure = np.ones_like(counts) if seen is None else np.broadcast_to(seen, counts.shape)
    total = (counts * exposure).sum(axis=0)
    return Channel(
        total,
        np.full_like(total, np.nan),
        np.ones_like(total),
        np.ones(total.shape, dtype=np.int8),
        np.zeros(140),
        sensor_counts=counts * exposure,
        sensor_exposure=exposure * 1.0,
    )


def shop_like(curve: np.ndarray, opened: slice) -> Channel:
    """A shop that sees this curve in its open slots."""
    seen = np.zeros((140, 12))
    seen[:, opened] = 1.0
    return replace(channel_of(curve), counts=np.tile(curve, (140, 1)) * seen, exposure=seen)


def curve_of(channel: Channel) -> np.ndarray:
    """(12,) log rate, centred."""
    log = np.log(channel.counts.sum(axis=0) / channel.exposure.sum(axis=0))
    return log - log.mean()


def test_a_witness_of_one_counter_stays_as_it_is() -> None:
    one = channel_of(100 * MORNING + 1)
    alone = replace(one, sensor_counts=np.zeros((0, 0, 0)), sensor_exposure=np.zeros((0, 0, 0)))
    shop = shop_like(MORNING + 1, slice(2, 8))
    assert joined(alone, shop, WEEKDAYS) is alone
    assert own_curves(alone, WEEKDAYS).shape == (0, 7, 12)
    np.testing.assert_array_equal(joined(one, shop, WEEKDAYS).exposure, one.exposure)


def test_the_loudest_counter_does_not_decide() -> None:
    shop = shop_like(20 * MORNING + 20 * EVENING + 5, slice(2, 8))
    quiet, busy = 200 * MORNING + 50, 200 * EVENING + 50
    same = joined(channel_of(quiet, busy), shop, WEEKDAYS)
    louder = joined(channel_of(quiet, 50 * busy), shop, WEEKDAYS)
    np.testing.assert_allclose(curve_of(same), curve_of(louder), atol=0.02)
    plain = channel_of(quiet, 50 * busy)
    assert np.abs(curve_of(plain) - curve_of(louder)).max() > 0.2
    np.testing.assert_array_equal(louder.counts, plain.counts)


def test_the_counter_that_is_like_the_shop_weighs_most() -> None:
    like, unlike = 2000 * MORNING + 200, 2000 * EVENING + 200
    shop = shop_like(200 * MORNING + 20, slice(1, 9))
    told = curve_of(joined(channel_of(like, unlike), shop, WEEKDAYS))
    centred = np.log(like) - np.log(like).mean()
    assert np.abs(told - centred).max() < 0.1
    other = curve_of(joined(channel_of(unlike, like), shop, WEEKDAYS))
    np.testing.assert_allclose(told, other, atol=1e-9)


def test_a_counter_that_sees_some_hours_makes_no_step_where_it_begins() -> None:
    """Of two alike, one three times as large, the large one sees only a part of the day."""
    curve = 300 * MORNING + 300
    seen = np.ones((2, 140, 12))
    seen[1, :, :6] = 0.0
    channel = channel_of(curve, 3 * curve, seen=seen)
    told = curve_of(joined(channel, shop_like(curve, slice(0, 12)), WEEKDAYS))
    np.testing.assert_allclose(told, np.log(curve) - np.log(curve).mean(), atol=0.02)
    assert np.abs(curve_of(channel) - told).max() > 0.5


def test_what_each_has_of_its_own_is_its_log_ratio_to_the_witness() -> None:
    like, unlike = 2000 * MORNING + 200, 2000 * EVENING + 200
    witness = joined(channel_of(like, unlike), shop_like(like / 10, slice(1, 9)), WEEKDAYS)
    own = own_curves(witness, WEEKDAYS)
    assert own.shape == (2, 7, 12)
    apart = np.log(unlike) - np.log(unlike).mean() - curve_of(witness)
    np.testing.assert_allclose(own[1, 3], np.clip(apart, -2, 2), atol=0.05)
    assert np.abs(own[0]).max() < 0.1


def test_hours_unseen_by_the_channel_tell_nothing() -> None:
    like, unlike = 2000 * MORNING + 200, 2000 * EVENING + 200
    channel, shop = channel_of(like, unlike), shop_like(like / 10, slice(1, 9))
    exposure = channel.exposure.copy()
    exposure[10:60] = 0.0
    one = replace(channel, exposure=exposure)
    counts = channel.sensor_counts.copy()
    counts[:, 10:60] = 1e6
    two = replace(one, sensor_counts=counts)
    np.testing.assert_array_equal(
        joined(one, shop, WEEKDAYS).exposure, joined(two, shop, WEEKDAYS).exposure
    )
    np.testing.assert_array_equal(own_curves(one, WEEKDAYS), own_curves(two, WEEKDAYS))


@pytest.mark.parametrize("kind", ["near", "area", "unknown", "chain"])
def test_more_counters_make_no_wider_class_and_none_narrower_than_near(kind: str) -> None:
    classes = [class_of(kind, number) for number in (1, 2, 3, 4, 6, 20)]
    assert classes[0] == CLASSES[kind]
    for wide, narrow in pairwise(classes):
        for part in ("clock", "weekday", "weekend"):
            assert getattr(narrow, part) <= getattr(wide, part)
            assert getattr(narrow, part) >= getattr(CLASSES["near"], part)


def _errors(town: Town) -> np.ndarray:
    """Errors of the first two hours after closing, Monday to Friday, by season."""
    model = fit_demand(town.observations, town.shop)
    at = town.shop.grid.index(17 * 60)
    told = [model.curves(name).walk_in.mean for name in ("summer", "rest")]
    return np.log(np.array(told) / town.latent)[:, :5, at : at + 2].mean(axis=1)


def test_several_counters_tell_more_than_each_of_them() -> None:
    lone, together = [], []
    for seed in range(2):
        town = make_town(seed=seed, street=False, orders=False, days=364)
        lone += [_errors(with_counters(town, (mix,), seed)) for mix in MIXES]
        together.append(_errors(with_counters(town, MIXES, seed)))
    alone, joint = (np.sqrt(np.mean(np.square(errors))) for errors in (lone, together))
    assert joint < 0.9 * alone


def test_several_counters_narrow_the_range_cost_little_and_are_named() -> None:
    town = make_town(seed=3, street=False, orders=False, days=364)
    one = with_counters(town, MIXES[:1], 3)
    all_ = with_counters(town, MIXES, 3)
    models = [fit_demand(each.observations, each.shop) for each in (one, all_)]
    sizes = [model.parameters["coefficients"] for model in models]
    assert sizes[1] - sizes[0] == len(MIXES)
    at = town.shop.grid.index(18 * 60)
    widths = [
        np.log(band.high / band.low)[:5, at].mean()
        for band in (model.curves("summer").walk_in for model in models)
    ]
    assert widths[1] < 0.8 * widths[0]
    told = {found.key: found.values for found in models[1].diagnostics}
    assert told["demand.witness_streets_several"]["count"] == len(MIXES)
    assert "demand.witness_street_unknown" in {found.key for found in models[0].diagnostics}


def test_a_counter_that_died_halfway_does_not_move_the_witness() -> None:
    town = make_town(seed=4, street=False, orders=False, days=364)
    whole = with_counters(town, MIXES, 4).observations.channels["street"]
    exposure = whole.sensor_exposure.copy()
    exposure[2, 180:] = 0.0
    broken = put_street(town, np.where(exposure > 0, whole.sensor_counts, 0.0), exposure)
    before, after = (
        _errors(put_street(town, whole.sensor_counts, whole.sensor_exposure)),
        _errors(broken),
    )
    assert np.abs(before - after).max() < 0.12
