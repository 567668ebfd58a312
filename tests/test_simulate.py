"""Simulated shops: the same bytes for a seed, and a truth that their files bear out."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from hoursopt.errors import DataError
from hoursopt.hours import OpeningHours, Span
from hoursopt.importers import read_sources
from hoursopt.observations import observe
from hoursopt.shop import Exceptions, HoursInForce
from hoursopt.shop.file import read_shop
from hoursopt.simulate import (
    KINDS,
    random_shop,
    simulate,
    simulate_command,
    write_shop_folder,
)
from hoursopt.simulate.chance import Chance
from hoursopt.simulate.trade import TILL_MINUTES, trade

DATA = Path(__file__).parents[1] / "data"
SAMPLE_SEED = 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_is_made_again_byte_for_byte(kind: str, tmp_path: Path) -> None:
    write_shop_folder(simulate(kind, SAMPLE_SEED), tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in (DATA / kind).iterdir() if path.name[0] != "."}
    assert sorted(made) == sorted(kept)
    for name, content in made.items():
        assert content == kept[name], name


def test_the_samples_are_small() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*.*")) < 6_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_every_customer_goes_somewhere(kind: str) -> None:
    simulated = simulate(kind)
    told = simulated.truth["expected"]
    sent = told["own"] + told["moved"] + told["online"] + told["lost"]
    assert told["wanted"] == pytest.approx(sent, abs=0.3)
    drawn = simulated.truth["drawn"]
    arrived = told["own"] + told["moved"] - told["abandoned"]
    assert drawn["receipts"] == pytest.approx(arrived, abs=4 * arrived**0.5)
    orders = told["own_orders"] + told["online"]
    assert drawn.get("orders", 0) == pytest.approx(orders, abs=4 * orders**0.5 + 1e-9)
    assert (told["online"] > 0) == ("orders" in drawn)


@pytest.mark.parametrize("kind", KINDS)
def test_the_till_only_rings_in_opening_hours(kind: str) -> None:
    simulated = simulate(kind)
    shop, grid = simulated.shop, simulated.shop.grid
    for stamp in simulated.tables["receipts"]["time"].iloc[::37]:
        date, minute = grid.trading_day(stamp.to_pydatetime())
        spans = shop.hours_on(date)
        assert date not in simulated.town.shut
        assert any(span.start <= minute < span.end + TILL_MINUTES for span in spans)


def test_other_seeds_give_other_days_of_the_same_town() -> None:
    one, two = simulate("lunch-cafe", 1), simulate("lunch-cafe", 2)
    assert one.truth["curves"] == two.truth["curves"]
    assert len(one.tables["receipts"]) != len(two.tables["receipts"])


def test_the_truth_is_what_an_always_open_shop_sees() -> None:
    simulated = simulate("old-rauma-crafts")
    grid = simulated.shop.grid
    always = OpeningHours(((Span(grid.earliest, grid.latest),),) * 7)
    shop = simulated.shop.replace(hours=(HoursInForce(always),), events=(), exceptions=Exceptions())
    calm = tuple(
        dataclasses.replace(kind, weather=0.0, holiday=1.0, eve=1.0)
        for kind in simulated.town.visitors
    )
    town = simulated.town.replace(trend=0.0, visitors=calm, shut=frozenset())
    traded = trade(town, shop, 3)
    seen = observe(shop, traded.tables)
    till = seen.channels["receipts"]
    months = np.array([date.month for date in seen.dates])
    for season, chosen in (("summer", np.isin(months, (6, 7, 8))), ("rest of the year", None)):
        days = chosen if chosen is not None else ~np.isin(months, (6, 7, 8))
        for weekday in (1, 5, 6):
            rows = till.counts[days & (seen.weekdays == weekday)]
            curve = next(
                curve["walk_in"]
                for curve in traded.truth["curves"]
                if curve["season"] == season
                and curve["weekday"] == "MoTuWeThFrSaSu"[2 * weekday :][:2]
            )
            assert rows.sum(axis=1).mean() == pytest.approx(sum(curve), rel=0.06)
            # Till stamps lag the door by some minutes: compare the day's course within that.
            course = np.cumsum(rows.mean(axis=0)) / rows.mean(axis=0).sum()
            error = np.abs(course - np.cumsum(curve) / sum(curve)).max()
            assert error < 0.04


def test_diverted_customers_buy_in_the_web_shop() -> None:
    simulated = simulate("old-rauma-crafts")
    true = simulated.town.diversion
    without = trade(
        simulated.town.replace(diversion=dataclasses.replace(true, online=0.0)), simulated.shop, 1
    )
    more = len(simulated.tables["orders"]) - len(without.tables["orders"])
    expected = simulated.truth["expected"]["online"]
    assert more == pytest.approx(expected, abs=4 * (2 * expected) ** 0.5)


def test_a_thin_rota_loses_customers_in_the_queue() -> None:
    simulated = simulate("night-bar")
    told = simulated.truth["expected"]
    assert 0.01 < told["abandoned"] / told["own"] < 0.08
    without = trade(simulated.town.replace(rota=()), simulated.shop, 1)
    assert without.truth["expected"]["abandoned"] == 0
    assert "rota" not in without.tables
    staff = observe(simulated.shop, simulated.tables).staff
    assert staff is not None
    friday = (dt.date(2024, 3, 8) - dt.date(2024, 1, 4)).days
    assert staff[friday, 11:].tolist()[:20:6] == [1.0, 2.0, 3.0, 3.0]


def test_longer_hours_catch_more_and_move_fewer() -> None:
    simulated = simulate("lunch-cafe")
    hours = simulated.shop.today
    longer = OpeningHours(
        tuple(tuple(Span(s.start - 60, s.end + 60) for s in day) for day in hours.days)
    )
    after = trade(simulated.town, simulated.shop.replace(hours=(HoursInForce(longer),)), 1).truth
    before = simulated.truth
    assert after["expected"]["wanted"] == before["expected"]["wanted"]
    assert after["expected"]["own"] > before["expected"]["own"]
    assert after["expected"]["lost"] < before["expected"]["lost"]


def test_the_street_counter_has_its_dead_spells_and_clock_changes() -> None:
    simulated = simulate("old-rauma-crafts")
    street = simulated.tables["street"].set_index("time")["count"]
    assert (street["2024-11-13"] == 0).all()
    assert len(street["2025-07-03"]) == 24 - 13
    assert "2024-03-31 03:00" not in street.index.strftime("%Y-%m-%d %H:%M")
    assert street.index.is_unique
    seen = observe(simulated.shop, simulated.tables).channels["street"]
    day = (dt.date(2024, 11, 13) - dt.date(2024, 1, 2)).days
    assert seen.exposure[day].sum() == 0


def test_the_street_mixes_the_visitors_unlike_the_shop() -> None:
    simulated = simulate("old-rauma-crafts")
    shares = {kind.name: kind.passers / max(kind.buyers, 1) for kind in simulated.town.visitors}
    assert shares["commuters"] > 2 * shares["tourists"]


def test_draws_are_those_of_pcg64() -> None:
    sequence = np.random.SeedSequence([7, zlib.crc32(b"x")])
    generator = np.random.Generator(np.random.PCG64(sequence))
    np.testing.assert_array_equal(Chance(7, "x").uniform(50), generator.random(50))


def test_draws_have_their_moments() -> None:
    chance = Chance(1, "moments")
    normal = chance.normal(200_000)
    assert normal.mean() == pytest.approx(0, abs=0.01)
    assert normal.std() == pytest.approx(1, abs=0.01)
    assert chance.lognormal(0.6, 200_000).mean() == pytest.approx(1, abs=0.01)
    for mean in (0.0, 0.3, 7.0, 450.0):
        counts = chance.poisson(np.full(100_000, mean))
        assert counts.mean() == pytest.approx(mean, abs=5 * (mean / 100_000) ** 0.5 + 1e-12)
        assert counts.var() == pytest.approx(mean, rel=0.03, abs=1e-12)


def test_random_shops_differ_and_can_be_observed() -> None:
    shops = [random_shop(seed) for seed in range(8)]
    assert len({str(simulated.shop.today) for simulated in shops}) > 3
    assert len({tuple(simulated.tables) for simulated in shops}) > 1
    for simulated in shops:
        assert simulated.shop.grid.fits(span for day in simulated.shop.today.days for span in day)
        seen = observe(simulated.shop, simulated.tables)
        assert set(seen.channels) == set(simulated.tables)
        assert seen.channels["receipts"].counts.sum() > 1000
    again = random_shop(3)
    assert again.truth == shops[3].truth


def test_unknown_kinds_and_real_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as unknown:
        simulate("kiosk")
    assert unknown.value.key == "simulate.kind"
    (tmp_path / "receipts.csv").write_text("a real shop")
    with pytest.raises(DataError) as real:
        simulate_command("lunch-cafe", tmp_path)
    assert real.value.key == "simulate.folder"
    assert (tmp_path / "receipts.csv").read_text() == "a real shop"


def test_the_command_writes_a_folder_and_may_write_it_again(tmp_path: Path) -> None:
    out = tmp_path / "cafe"
    simulate_command("lunch-cafe", out, 5)
    first = (out / "receipts.csv").read_bytes()
    simulate_command("lunch-cafe", out, 6)
    assert (out / "receipts.csv").read_bytes() != first
    assert json.loads((out / "truth.json").read_text())["seed"] == 6


@pytest.mark.parametrize("kind", KINDS)
def test_a_written_folder_reads_back_as_it_was_simulated(kind: str, tmp_path: Path) -> None:
    simulated = simulate(kind)
    write_shop_folder(simulated, tmp_path)
    shop = read_shop(tmp_path)
    assert shop.replace(folder=Path()) == simulated.shop.replace(folder=Path())
    before = observe(simulated.shop, simulated.tables)
    imported = read_sources(shop)
    assert all(receipt.used == receipt.rows for receipt in imported.receipts)
    after = observe(shop, imported.tables)
    assert before.dates == after.dates
    for source, channel in before.channels.items():
        np.testing.assert_array_equal(after.channels[source].counts, channel.counts)
        np.testing.assert_allclose(after.channels[source].values, channel.values, rtol=1e-9)


def test_a_random_shop_folder_reads_back(tmp_path: Path) -> None:
    simulated = simulate_command("random", tmp_path / "shop", 11)
    shop = read_shop(tmp_path / "shop")
    assert shop.today == simulated.shop.today
    assert shop.economics == simulated.shop.economics
