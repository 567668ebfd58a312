"""Receipts of other shops of the chain on this shop's slots: exposure only while they are open."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from hoursopt.hours import Grid, parse_hours
from hoursopt.observations import Peer, State, observe
from hoursopt.observations.chain import chain_channel
from hoursopt.shop import Economics, HoursInForce, Shop, Sources, StaffGroup

FIRST = dt.date(2025, 3, 3)
DATES = tuple(FIRST + dt.timedelta(days=day) for day in range(28))
GRID = Grid(60, 8 * 60, 22 * 60)


def shop_of(hours: str, grid: Grid = GRID, name: str = "Shop", since: str = "") -> Shop:
    """A shop with these hours; `since`: those of its last two weeks."""
    force = [HoursInForce(parse_hours(hours))]
    if since:
        force.append(HoursInForce(parse_hours(since), DATES[14]))
    return Shop(
        name=name,
        country="FI",
        timezone="Europe/Helsinki",
        currency="EUR",
        grid=grid,
        hours=tuple(force),
        economics=Economics(margin_rate=0.4, basket_value=10.0),
        staff=(StaffGroup("owner", 1, hourly_cost=12.0),),
        sources=Sources(receipts=("receipts.csv",)),
    )


def receipts(shop: Shop, per_hour: int, dates=DATES, at=lambda hour: 1.0) -> pd.DataFrame:
    """So many receipts in each open hour of each day, evenly spread."""
    times = []
    for date in dates:
        midnight = dt.datetime.combine(date, dt.time())
        for span in shop.hours_on(date):
            for hour in range(span.start, span.end, 60):
                number = round(per_hour * at(hour // 60))
                times += [
                    midnight + dt.timedelta(minutes=hour + 60 * (part + 0.5) / number)
                    for part in range(number)
                ]
    stamps = np.array(times, dtype="datetime64[s]")
    return pd.DataFrame({"time": stamps, "amount": np.full(stamps.size, 10.0)})


def test_a_peer_has_exposure_while_it_is_open_and_never_else() -> None:
    peer = shop_of("Mo-Fr 10:00-20:00")
    channel, silent = chain_channel([Peer(peer, receipts(peer, 4))], GRID, DATES)
    assert channel is not None and not silent
    expected = np.array([GRID.shares(peer.hours_on(date)) for date in DATES])
    np.testing.assert_array_equal(channel.exposure, expected)
    np.testing.assert_array_equal(channel.counts, 4 * expected)
    np.testing.assert_array_equal(channel.state == State.OPEN, expected > 0)
    assert np.isnan(channel.values).all()


def test_receipts_outside_the_peers_own_hours_are_not_counted() -> None:
    peer = shop_of("Mo-Fr 10:00-18:00")
    late = shop_of("Mo-Fr 10:00-20:00")
    channel, _ = chain_channel([Peer(peer, receipts(late, 4))], GRID, DATES)
    assert channel is not None
    assert (channel.exposure[:, GRID.index(18 * 60) :] == 0).all()
    assert (channel.counts[:, GRID.index(18 * 60) :] == 0).all()


def test_before_and_after_the_peers_files_nothing_was_seen() -> None:
    peer = shop_of("Mo-Su 10:00-20:00")
    channel, _ = chain_channel([Peer(peer, receipts(peer, 4, DATES[7:21]))], GRID, DATES)
    assert channel is not None
    assert not channel.exposure[:7].any() and not channel.exposure[21:].any()
    assert channel.exposure[7:21].any(axis=1).all()
    # One customer a day: four days without him would be no silence.
    quiet = shop_of("Mo-Su 12:00-13:00")
    channel, _ = chain_channel([Peer(quiet, receipts(quiet, 1, DATES[4:24]))], GRID, DATES)
    assert channel is not None
    assert not channel.exposure[:4].any() and not channel.exposure[24:].any()
    assert channel.exposure[4:24].any(axis=1).all()


def test_a_day_without_a_sale_is_no_day_of_trade() -> None:
    peer = shop_of("Mo-Su 10:00-20:00")
    kept = tuple(date for date in DATES if date != DATES[9])
    channel, _ = chain_channel([Peer(peer, receipts(peer, 4, kept))], GRID, DATES)
    assert channel is not None
    assert not channel.exposure[9].any()


def test_a_public_holiday_on_which_a_small_peer_sold_nothing_is_shut() -> None:
    dates = tuple(dt.date(2025, 4, 1) + dt.timedelta(days=day) for day in range(40))
    peer = shop_of("Mo-Su 12:00-15:00")
    kept = tuple(date for date in dates if date != dt.date(2025, 4, 18))
    channel, _ = chain_channel([Peer(peer, receipts(peer, 1, kept))], GRID, dates)
    assert channel is not None
    assert not channel.exposure[dates.index(dt.date(2025, 4, 18))].any()
    assert channel.exposure.any(axis=1).sum() == 39


def test_sizes_keep_the_rate_level_where_only_one_is_open() -> None:
    """Two alike, one thrice the other: the smaller alone after 18 makes no step down."""

    def falling(hour: int) -> float:
        return 2.0 - hour / 20

    large, small = shop_of("Mo-Su 10:00-18:00"), shop_of("Mo-Su 10:00-21:00")
    peers = [
        Peer(large, receipts(large, 60, at=falling)),
        Peer(small, receipts(small, 20, at=falling)),
    ]
    channel, _ = chain_channel(peers, GRID, DATES)
    assert channel is not None
    seen = channel.exposure > 0
    rate = np.where(seen, channel.counts, 0).sum(axis=0) / np.maximum(
        channel.exposure.sum(axis=0), 1e-9
    )
    hours = np.arange(10, 21)
    told = rate[GRID.index(600) : GRID.index(21 * 60)]
    np.testing.assert_allclose(told, 80 * (2.0 - hours / 20), rtol=0.05)
    assert channel.sensor_counts.shape == (2, len(DATES), GRID.size)


@pytest.mark.parametrize("step", [15, 30, 60])
def test_a_peers_own_grid_and_longer_day_do_not_matter(step: int) -> None:
    """It opens before this shop's first slot and shuts at two in the morning."""
    peer = shop_of("Mo-Su 06:00-26:00", Grid(step, 6 * 60, 26 * 60))
    channel, _ = chain_channel([Peer(peer, receipts(peer, 4))], GRID, DATES)
    assert channel is not None
    np.testing.assert_array_equal(channel.exposure, np.ones((28, GRID.size)))
    np.testing.assert_array_equal(channel.counts, np.full((28, GRID.size), 4.0))


def test_a_day_that_does_not_fit_beside_this_shops_is_cut() -> None:
    grid = Grid(60, 18 * 60, 30 * 60)
    peer = shop_of("Mo-Su 04:00-20:00", Grid(60, 4 * 60, 24 * 60))
    channel, _ = chain_channel([Peer(peer, receipts(peer, 4))], grid, DATES)
    assert channel is not None
    assert channel.exposure[:, :2].min() == 1 and not channel.exposure[:, 2:].any()


def test_a_change_of_the_peers_hours_changes_its_exposure() -> None:
    peer = shop_of("Mo-Su 10:00-18:00", since="Mo-Su 10:00-20:00")
    channel, _ = chain_channel([Peer(peer, receipts(peer, 4))], GRID, DATES)
    assert channel is not None
    evening = slice(GRID.index(18 * 60), GRID.index(20 * 60))
    assert not channel.exposure[:14, evening].any()
    assert channel.exposure[14:, evening].min() == 1


def test_observe_reads_peers_and_tells_of_one_who_tells_nothing() -> None:
    shop, peer = shop_of("Mo-Fr 10:00-17:00"), shop_of("Mo-Fr 10:00-20:00", name="Late shop")
    tables = {"receipts": receipts(shop, 5)}
    alone = observe(shop, tables)
    seen = observe(shop, tables, [Peer(peer, receipts(peer, 4))])
    assert set(seen.channels) == {"receipts", "peers"} and set(alone.channels) == {"receipts"}
    np.testing.assert_array_equal(
        seen.channels["receipts"].counts, alone.channels["receipts"].counts
    )
    years_ago = tuple(date - dt.timedelta(days=728) for date in DATES)
    silent = observe(shop, tables, [Peer(peer, receipts(peer, 4, years_ago))])
    assert "peers" not in silent.channels
    (note,) = [note for note in silent.notes if note.key == "observe.peer_apart"]
    assert note.values["name"] == "Late shop"
