"""What a shop and its counters see of their town: diversion, chance, and the truth written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hoursopt.diversion import DiversionDraws, Flow, divert
from hoursopt.hours import DAY, Grid, Spans
from hoursopt.observations.exposure import open_shares, real_shares
from hoursopt.response import served
from hoursopt.shop import Shop
from hoursopt.simulate.chance import Chance
from hoursopt.simulate.town import AXIS_HOURS, Town, days_between, intensity, moods, slots_of
from hoursopt.simulate.truth import truth_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TILL_MINUTES = 6
"""Longest time from the door to the receipt; the mean is a third of it."""
STREET_NOISE = 0.08


@dataclass(frozen=True)
class Trade:
    """The tables that the shop's files hold, as importers give them, and the truth behind them."""

    tables: Mapping[str, pd.DataFrame]
    truth: dict[str, Any]


def trade(town: Town, shop: Shop, seed: int) -> Trade:
    """Two years or so of a shop under its hours; the same for the same seed on every machine."""
    grid, dates = shop.grid, town.dates
    events = frozenset(
        day
        for event in shop.events
        for first, last in event.dates
        for day in days_between(first, last)
    )
    mood = moods(town, events, Chance(seed, "weather"))
    out = intensity(town, town.visitors, mood, grid.slot_minutes, Chance(seed, "visitors"))
    wanted = out * _column(kind.buyers for kind in town.visitors)
    on_grid = slots_of(grid)
    spans = [() if date in town.shut else shop.hours_on(date) for date in dates]
    real = real_shares(grid, dates, shop.timezone)
    latent = wanted[:, :, on_grid].sum(axis=0) * real
    flow = divert(
        latent[None],
        open_shares(grid, spans) >= 0.5,
        _draws(town, web=bool(town.web)),
        grid.slot_hours,
    )
    arrivals = flow.arrivals[0]
    buyers = arrivals
    if town.rota:
        staff = _on_duty(town, grid)
        buyers = served(arrivals, staff, shop.service, grid.slot_hours)
    tables = {"receipts": _receipts(town, shop, wanted[:, :, on_grid], buyers, seed)}
    if town.rota:
        tables["rota"] = _rota(town, spans)
    own_orders = np.zeros((len(dates), AXIS_HOURS * 60 // grid.slot_minutes))
    if town.web:
        own = intensity(town, town.web, mood, grid.slot_minutes, Chance(seed, "web"))
        own_orders = (own * _column(kind.buyers for kind in town.web)).sum(axis=0)
        tables["orders"] = _orders(town, shop, own_orders, flow, seed)
    if any(kind.passers for kind in town.visitors):
        passing = out * _column(kind.passers for kind in town.visitors)
        tables["street"] = _street(town, shop, passing.sum(axis=0), seed)
    totals = {
        "wanted": latent.sum(),
        "own": flow.own.sum(),
        "moved": flow.moved.sum(),
        "abandoned": (arrivals - buyers).sum(),
        "online": flow.online.sum(),
        "lost": flow.lost.sum(),
        "own_orders": own_orders.sum(),
    }
    return Trade(tables, truth_of(town, shop, totals, tables))


def _draws(town: Town, *, web: bool) -> DiversionDraws:
    true = town.diversion
    values = (true.recaptured, true.reach_hours, true.next_day, true.online if web else 0.0)
    return DiversionDraws(*(np.array([value]) for value in values))


def _on_duty(town: Town, grid: Grid) -> Ints:
    """(N, H) people on duty; a shift that covers a part of a slot does not serve in it."""
    week = np.zeros((7, grid.size), dtype=np.int64)
    for duty in town.rota:
        covers = np.array(grid.shares([duty.span])) == 1
        week[list(duty.weekdays)] += duty.people * covers
    return week[[date.weekday() for date in town.dates]]


def _rota(town: Town, spans: Sequence[Spans]) -> pd.DataFrame:
    """One row a shift, on the days on which the shop was open."""
    rows = []
    for date, hours in zip(town.dates, spans, strict=True):
        midnight = np.datetime64(date, "s")
        for duty in town.rota if hours else ():
            if date.weekday() in duty.weekdays:
                start, end = (
                    midnight + np.timedelta64(minute, "m")
                    for minute in (duty.span.start, duty.span.end)
                )
                rows.append((start, end, duty.people))
    return pd.DataFrame(sorted(rows), columns=["start", "end", "people"])


def _receipts(town: Town, shop: Shop, wanted: Floats, buyers: Floats, seed: int) -> pd.DataFrame:
    """One row a customer; he buys as the kinds of visitors do that come in that slot."""
    grid, chance = shop.grid, Chance(seed, "receipts")
    counts = chance.poisson(buyers)
    day, slot = _cells(counts)
    within = chance.uniform(day.size)
    late = TILL_MINUTES * 60 * chance.uniform(day.size) ** 2
    seconds = (grid.earliest + (slot + within) * grid.slot_minutes) * 60 + late

    shares = np.cumsum(wanted, axis=0)[:, day, slot]
    kind = (chance.uniform(day.size) * shares[-1] >= shares).sum(axis=0)
    baskets = np.array([visitors.basket for visitors in town.visitors])
    amounts = baskets[np.minimum(kind, baskets.size - 1)]
    amounts = amounts * chance.lognormal(town.basket_spread, day.size)
    return _stamped(town, shop, day, seconds, amounts)


def _orders(town: Town, shop: Shop, own: Floats, flow: Flow, seed: int) -> pd.DataFrame:
    """The web shop's own level round the clock, and on top those who found the door shut."""
    grid, chance = shop.grid, Chance(seed, "orders")
    means = own.copy()
    means[:, slots_of(grid)] += flow.online[0]
    day, slot = _cells(chance.poisson(means))
    seconds = (slot + chance.uniform(day.size)) * grid.slot_minutes * 60
    amounts = town.web[0].basket * chance.lognormal(town.basket_spread, day.size)
    return _stamped(town, shop, day, seconds, amounts)


def _stamped(town: Town, shop: Shop, day: Ints, seconds: Floats, amounts: Floats) -> pd.DataFrame:
    """Rows in order of time; a stamp of the hour that the clock leaps over reads an hour later."""
    start = np.datetime64(town.first, "s").astype(np.int64) + day * DAY * 60
    stamps = (start + np.floor(seconds).astype(np.int64)).astype("datetime64[s]")
    shown = pd.DatetimeIndex(stamps).tz_localize(
        shop.timezone, ambiguous=np.ones(stamps.size, bool), nonexistent=pd.Timedelta(hours=1)
    )
    table = pd.DataFrame(
        {"time": shown.tz_localize(None), "amount": np.maximum(np.round(amounts, 1), 0.5)}
    )
    return table.sort_values("time", kind="stable", ignore_index=True)


def _street(town: Town, shop: Shop, passing: Floats, seed: int) -> pd.DataFrame:
    """Hourly rows of a counter that sees the kinds in other proportions than the shop."""
    chance = Chance(seed, "street")
    hourly = passing.reshape(len(passing), AXIS_HOURS, -1).sum(axis=2)
    clock = hourly[:, :24].copy()
    clock[1:, : AXIS_HOURS - 24] += hourly[:-1, 24:]
    real = real_shares(Grid(60, 0, DAY), town.dates, shop.timezone)
    clock *= real * chance.lognormal(STREET_NOISE, *clock.shape)
    counts = chance.poisson(clock).ravel()

    hours = np.datetime64(town.first, "h") + np.arange(counts.size)
    there = real.ravel() > 0
    for start, end in town.dead:
        counts[(hours >= np.datetime64(start)) & (hours < np.datetime64(end))] = 0
    for start, end in town.missing:
        there &= ~((hours >= np.datetime64(start)) & (hours < np.datetime64(end)))
    return pd.DataFrame(
        {
            "time": hours[there].astype("datetime64[s]"),
            "minutes": 60,
            "count": counts[there].astype(np.float64),
            "sensor": "street",
        }
    )


def _column(values: Iterable[float]) -> Floats:
    return np.array(list(values))[:, None, None]


def _cells(counts: Ints) -> tuple[Ints, Ints]:
    """Day and slot of every single count."""
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    return cells // counts.shape[1], cells % counts.shape[1]
