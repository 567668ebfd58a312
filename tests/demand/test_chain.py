"""Other shops of the chain as witnesses: of the hours in which they are open, and of no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from chains import peer_of, with_channels, with_peers
from town import Town, make_town

from hoursopt.demand import DemandModel, fit_demand
from hoursopt.hours import parse_hours
from hoursopt.i18n import Texts
from hoursopt.observations import Peer, observe
from hoursopt.shop import LANGUAGES, HoursInForce, Sources
from hoursopt.simulate import simulate
from hoursopt.simulate.trade import trade

LATE = "Mo-Sa 10:00-20:00"


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town(seed=2, street=False, orders=False)


@pytest.fixture(scope="module")
def alone(town: Town) -> DemandModel:
    return fit_demand(town.observations, town.shop)


@pytest.fixture(scope="module")
def chain(town: Town) -> Town:
    return with_peers(town, *(peer_of(town, LATE, seed, 1.0 + seed) for seed in range(3)))


@pytest.fixture(scope="module")
def model(chain: Town) -> DemandModel:
    return fit_demand(chain.observations, chain.shop)


def evening(town: Town, model: DemandModel, season: str) -> tuple[np.ndarray, ...]:
    """Low, mean, high and truth of 17 to 20 o'clock, Monday to Friday: (5, 3) each."""
    at = town.shop.grid.index(17 * 60)
    band = model.curves(season).walk_in
    true = town.latent[("summer", "rest").index(season)]
    return tuple(each[:5, at : at + 3] for each in (band.low, band.mean, band.high, true))


@pytest.mark.parametrize("season", ["summer", "rest"])
def test_peers_open_in_the_evening_tell_it_better_than_the_shops_own_edge(
    town: Town, alone: DemandModel, model: DemandModel, season: str
) -> None:
    low, mean, high, true = evening(town, model, season)
    lone_low, lone_mean, lone_high, _ = evening(town, alone, season)
    error, before = (np.sqrt(np.mean(np.log(each / true) ** 2)) for each in (mean, lone_mean))
    assert error < 0.75 * before
    assert np.log(high / low).mean() < 0.9 * np.log(lone_high / lone_low).mean()
    assert ((low <= true) & (true <= high)).mean() >= 0.8


def test_hours_that_peers_saw_are_witnessed_and_others_are_not(
    town: Town, alone: DemandModel, model: DemandModel
) -> None:
    slot = town.shop.grid.index
    evidence = model.curves("rest").evidence
    assert set(evidence[2, slot(17 * 60) : slot(20 * 60)]) == {"witness"}
    lone = alone.curves("rest").evidence
    np.testing.assert_array_equal(evidence[:, slot(20 * 60) :], lone[:, slot(20 * 60) :])
    np.testing.assert_array_equal(evidence[6], lone[6])


def test_where_peers_are_shut_they_move_nothing(
    town: Town, alone: DemandModel, model: DemandModel
) -> None:
    """Before opening nobody looked: the shop's own morning decides, as if there were no peers."""
    morning = slice(0, town.shop.grid.index(10 * 60))
    for season in ("summer", "rest"):
        one, two = (each.curves(season).walk_in for each in (alone, model))
        moved = np.log(two.mean / one.mean)[:6, morning]
        assert np.abs(moved).max() < 0.3
        widths = [np.log(band.high / band.low)[:6, morning].mean() for band in (one, two)]
        assert widths[1] == pytest.approx(widths[0], rel=0.15)


def test_what_stands_in_a_shut_hour_of_the_peers_is_never_read(
    town: Town, chain: Town, model: DemandModel
) -> None:
    peers = chain.observations.channels["peers"]
    noisy = replace(
        peers,
        counts=np.where(peers.exposure > 0, peers.counts, 99.0),
        sensor_counts=np.where(peers.sensor_exposure > 0, peers.sensor_counts, 99.0),
    )
    again = fit_demand(with_channels(town, peers=noisy), chain.shop)
    np.testing.assert_array_equal(
        again.curves("rest").walk_in.mean, model.curves("rest").walk_in.mean
    )


def test_peers_open_at_the_same_hours_change_nothing_and_it_is_told(
    town: Town, alone: DemandModel
) -> None:
    same = with_peers(town, peer_of(town, "Mo-Fr 10:00-17:00; Sa 10:00-15:00", 5))
    model = fit_demand(same.observations, same.shop)
    np.testing.assert_array_equal(
        model.curves("rest").walk_in.mean, alone.curves("rest").walk_in.mean
    )
    keys = {found.key for found in model.diagnostics}
    assert "demand.peers_blind" in keys and "demand.no_witness" in keys


def test_the_diagnostics_name_the_hours_that_peers_tell_of(model: DemandModel) -> None:
    (told,) = [found for found in model.diagnostics if found.key == "demand.witness_peers"]
    assert told.values["count"] == 3
    assert str(told.values["hours"]) == "Mo-Fr 17:00-20:00; Sa 15:00-20:00"
    for language in LANGUAGES:
        sentence = Texts(language)(told.key, **told.values)
        assert "3" in sentence and "20" in sentence


def test_one_peer_is_a_witness_too(town: Town, alone: DemandModel) -> None:
    one = with_peers(town, peer_of(town, LATE, 7))
    model = fit_demand(one.observations, one.shop)
    _, mean, _, true = evening(town, model, "rest")
    _, before, _, _ = evening(town, alone, "rest")
    assert np.abs(np.log(mean / true)).mean() < 0.75 * np.abs(np.log(before / true)).mean()
    (told,) = [found for found in model.diagnostics if found.key == "demand.witness_peers"]
    assert told.values["count"] == 1


def test_a_simulated_shop_learns_its_evening_from_one_that_stays_open() -> None:
    """Its town has a form of its own; only the tills are read, no counter and no web shop."""
    made = simulate("old-rauma-crafts", 3)
    own = made.shop.replace(sources=Sources(receipts=("receipts.csv",)))
    late = own.replace(
        name="Late", hours=(HoursInForce(parse_hours("Mo-Fr 10:00-20:00; Sa 10:00-18:00")),)
    )
    peer = Peer(late, trade(made.town, late, 4).tables["receipts"])
    tables = {"receipts": made.tables["receipts"]}
    errors = []
    for peers in ([], [peer]):
        model = fit_demand(observe(own, tables, peers), own)
        for season in own.seasons:
            true = np.array(
                [
                    curve["walk_in"]
                    for curve in made.truth["curves"]
                    if curve["season"] == season.name
                ]
            )[:5]
            told = model.curves(season.name).walk_in.mean[:5]
            evening = slice(own.grid.index(18 * 60), own.grid.index(20 * 60))
            errors.append(np.log(told[:, evening].sum(axis=1) / true[:, evening].sum(axis=1)))
    seasons = len(own.seasons)
    alone, chain = (
        np.sqrt(np.mean(np.square(part))) for part in (errors[:seasons], errors[seasons:])
    )
    assert chain < 0.65 * alone
