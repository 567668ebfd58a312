"""What else counts in the small town of `town`: several street counters, other shops of a chain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from town import PARAMETERS, Town

from hoursopt.calendar import season_of
from hoursopt.diversion import DiversionDraws, divert
from hoursopt.hours import parse_hours
from hoursopt.observations import Channel, Observations, Peer, State
from hoursopt.observations.chain import chain_channel
from hoursopt.observations.exposure import join_sensors
from hoursopt.shop import HoursInForce, Shop, SourceOptions, Sources

# Locals, tourists and a late crowd whom no shop sees: each place has its own mix.
MIXES = ((1.0, 0.1, 0.3), (0.2, 1.5, 0.0), (0.9, 0.9, 0.6), (0.5, 0.4, 0.1))


def day_kinds(town: Town) -> tuple[np.ndarray, np.ndarray]:
    """Season and weekday of each day."""
    dates, seasons = town.observations.dates, town.shop.seasons
    season = np.array([seasons.index(season_of(date, seasons)) for date in dates])
    return season, town.observations.weekdays


def with_counters(town: Town, mixes: tuple[tuple[float, ...], ...], seed: int = 0) -> Town:
    """The town with street counters, each of which counts its own mix of people."""
    rng = np.random.default_rng([seed, 77])
    summer, rest = town.latent
    tourists = (summer - rest) / 1.2
    locals_ = (rest - 0.2 * tourists) / 0.8
    clock = np.array([town.shop.grid.start(slot) / 60 for slot in range(summer.shape[1])])
    late = np.broadcast_to(np.exp(-(((clock - 20.5) / 2.0) ** 2)), summer.shape) * locals_.max()
    season, weekday = day_kinds(town)
    share = np.array([1.4, 0.2])[season][:, None]
    rates = [
        8 * (a * locals_[weekday] + b * share * tourists[weekday] + c * late[weekday])
        for a, b, c in mixes
    ]
    counts = rng.poisson(np.array(rates)).astype(float)
    return put_street(town, counts, np.ones_like(counts))


def put_street(town: Town, counts: np.ndarray, exposure: np.ndarray, kind: str = "unknown") -> Town:
    """The town with these counters (S, N, H) in its street."""
    joined, share = join_sensors(counts, exposure)
    channel = Channel(
        joined,
        np.full_like(joined, np.nan),
        (share >= 0.5) * 1.0,
        np.where(share >= 0.5, State.OPEN, State.UNKNOWN).astype(np.int8),
        np.zeros(len(joined)),
    )
    if len(counts) > 1:
        channel = replace(channel, sensor_counts=counts, sensor_exposure=exposure)
    sources = Sources(
        receipts=("receipts.csv",),
        street=("street.csv",),
        options={"street": SourceOptions(kind=kind)},
    )
    shop = town.shop.replace(sources=sources)
    return replace(town, shop=shop, observations=with_channels(town, street=channel))


def with_channels(town: Town, **channels: Channel) -> Observations:
    """Observations with more channels."""
    seen = town.observations
    return replace(seen, channels={**seen.channels, **channels})


def peer_of(town: Town, hours: str, seed: int = 0, size: float = 1.0, drift: float = 0.15) -> Peer:
    """Another shop of the same trade in the same town, under its own hours, as its till tells it.

    Its customers' clock differs from this shop's by a smooth drift of so many logs.
    """
    rng = np.random.default_rng([seed, 99])
    grid, dates = town.shop.grid, town.observations.dates
    shop: Shop = town.shop.replace(
        name=f"Peer {seed}",
        hours=(HoursInForce(parse_hours(hours)),),
        sources=Sources(receipts=("receipts.csv",)),
    )
    season, weekday = day_kinds(town)
    clock = np.arange(grid.size) * grid.slot_hours
    apart = drift * np.sin(clock / 2.2 + rng.uniform(0, 6))
    luck = rng.lognormal(0.0, 0.1, len(dates))
    demand = size * town.latent[season, weekday] * np.exp(apart) * luck[:, None]
    opened = np.array([grid.shares(shop.hours_on(date)) for date in dates])
    known = DiversionDraws(*(np.array([PARAMETERS[name]]) for name in PARAMETERS))
    seen = rng.poisson(divert(demand[None], opened > 0.5, known, grid.slot_hours).arrivals[0])
    day, slot = np.nonzero(seen)
    day, slot = (np.repeat(which, seen[day, slot]) for which in (day, slot))
    minutes = grid.earliest + (slot + rng.uniform(size=slot.size)) * grid.slot_minutes
    times = np.array(dates, dtype="datetime64[m]")[day] + minutes.astype("timedelta64[m]")
    return Peer(shop, pd.DataFrame({"time": times.astype("datetime64[s]"), "amount": 20.0}))


def with_peers(town: Town, *peers: Peer) -> Town:
    """The town in which these shops of the chain are read."""
    channel, silent = chain_channel(peers, town.shop.grid, town.observations.dates)
    assert channel is not None and not silent
    return replace(town, observations=with_channels(town, peers=channel))
