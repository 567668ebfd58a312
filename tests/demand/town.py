"""A small shop with a known truth, written down as observations: what the fit is tested on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from hoursopt.calendar import Season, season_of
from hoursopt.diversion import DiversionDraws, divert
from hoursopt.hours import Grid, OpeningHours, parse_hours
from hoursopt.observations import Channel, Observations, State
from hoursopt.response import served
from hoursopt.shop import (
    Diversion,
    Economics,
    HoursInForce,
    Range,
    Service,
    Shop,
    SourceOptions,
    Sources,
    StaffGroup,
)

SUMMER = Season("summer", (6, 1), (8, 31))
REST = Season("rest", (9, 1), (5, 31))
PARAMETERS = {"recaptured": 0.35, "reach_hours": 1.3, "next_day": 0.08, "online": 0.2}


@dataclass(frozen=True)
class Town:
    """Observations, the shop that goes with them, and latent demand (2 seasons, 7, H)."""

    shop: Shop
    observations: Observations
    latent: np.ndarray
    online: np.ndarray


def make_town(
    hours: str = "Mo-Fr 10:00-17:00; Sa 10:00-15:00",
    before: str | None = None,
    days: int = 728,
    seed: int = 0,
    street: bool = True,
    orders: bool = True,
    slot_minutes: int = 60,
    rate: float = 6.0,
    diversion: Diversion | None = None,
    minutes_per_customer: float | None = None,
) -> Town:
    """`before`: hours of the first half, where they changed. The truth has its own form.

    `minutes_per_customer`: one person serves, who leaves the queue is not seen, and a rota tells.
    """
    rng = np.random.default_rng(seed)
    grid = Grid(slot_minutes, 7 * 60, 22 * 60)
    first = dt.date(2024, 1, 1)
    dates = tuple(first + dt.timedelta(days=n) for n in range(days))
    now = parse_hours(hours)
    change = first + dt.timedelta(days=days // 2)
    force = (
        (HoursInForce(parse_hours(before)), HoursInForce(now, change))
        if before
        else (HoursInForce(now),)
    )
    shop = _shop(grid, force, street, orders, diversion)
    latent, own, passers = _truth(grid, rate)
    opened = np.array([grid.shares(shop.hours_on(date)) for date in dates])
    season = np.array(
        [0 if season_of(date, shop.seasons).name == "summer" else 1 for date in dates]
    )
    weekday = np.array([date.weekday() for date in dates])
    weather = np.exp(0.12 * _autoregressive(rng, days) + 0.1 * np.sin(np.arange(days) / 58.0))
    demand = latent[season, weekday] * weather[:, None]
    known = DiversionDraws(*(np.array([PARAMETERS[name]]) for name in PARAMETERS))
    flow = divert(demand[None], opened > 0.5, known, grid.slot_hours)
    shape = (days, grid.size)
    arrivals, staff = flow.arrivals[0], None
    if minutes_per_customer is not None:
        shop = shop.replace(service=Service(minutes_per_customer, 8.0))
        staff = np.where(opened > 0, 1.0, 0.0)
        arrivals = served(arrivals, staff.astype(int), shop.service, grid.slot_hours)
    seen = rng.poisson(arrivals)
    channels = {"receipts": _channel(seen, seen * 20.0, opened, np.where(opened > 0, 1, 0))}
    round_the_clock = np.ones(shape)
    if orders:
        bought = rng.poisson(own[weekday] * weather[:, None] ** 0.5 + flow.online[0])
        channels["orders"] = _channel(bought, bought * 30.0, round_the_clock, round_the_clock)
    if street:
        walked = rng.poisson(passers[season, weekday] * weather[:, None])
        channels["street"] = _channel(walked, np.nan * walked, round_the_clock, round_the_clock)
    observed = Observations(grid, dates, opened, channels, staff=staff)
    return Town(shop, observed, latent, own)


def _channel(counts, values, exposure, state) -> Channel:
    return Channel(
        counts.astype(float),
        values.astype(float),
        exposure.astype(float),
        np.where(state > 0, State.OPEN, State.CLOSED).astype(np.int8),
        np.zeros(counts.shape[0]),
    )


def _autoregressive(rng: np.random.Generator, days: int) -> np.ndarray:
    series = np.zeros(days)
    for day in range(1, days):
        series[day] = 0.6 * series[day - 1] + 0.8 * rng.standard_normal()
    return series


def _truth(grid: Grid, rate: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Visitors of two kinds, each with a bell over the clock, in other shares by season."""
    clock = np.array([grid.start(slot) for slot in range(grid.size)]) / 60 + grid.slot_hours / 2
    locals_ = np.exp(-(((clock - 13.5) / 3.4) ** 2))
    tourists = np.exp(-(((clock - 16.5) / 2.6) ** 2))
    week = np.array([0.9, 0.9, 0.95, 1.0, 1.2, 1.3, 0.9])
    latent = np.stack(
        [
            week[:, None] * (0.8 * locals_ + share * tourists)[None] * rate * grid.slot_hours
            for share in (1.4, 0.2)
        ]
    )
    passers = np.stack(
        [
            week[:, None] * (locals_ + share * tourists + 0.05)[None] * 40 * grid.slot_hours
            for share in (1.4, 0.2)
        ]
    )
    evening = np.exp(-(((clock - 20.0) / 3.5) ** 2))
    own = np.tile((0.3 * locals_ + 0.6 * evening) * grid.slot_hours, (7, 1))
    return latent, own, passers


def _shop(
    grid: Grid,
    force: tuple[HoursInForce, ...],
    street: bool,
    orders: bool,
    diversion: Diversion | None,
) -> Shop:
    return Shop(
        name="Town shop",
        country="FI",
        timezone="Europe/Helsinki",
        currency="EUR",
        grid=grid,
        hours=force,
        economics=Economics(margin_rate=0.45, online_margin_rate=0.3),
        staff=(StaffGroup("owner", 1, hourly_cost=12.0),),
        sources=Sources(
            receipts=("receipts.csv",),
            orders=("orders.csv",) if orders else (),
            street=("street.csv",) if street else (),
            options={"street": SourceOptions(kind="near")},
        ),
        diversion=diversion
        or Diversion(Range(0.2, 0.5), Range(0.7, 2.0), Range(0.0, 0.15), Range(0.05, 0.3)),
        seasons=(SUMMER, REST),
    )


def today_mask(shop: Shop, hours: OpeningHours | None = None) -> np.ndarray:
    """(7, H) open slots of today's hours."""
    week = hours or shop.today
    return np.array([shop.grid.shares(week[weekday]) for weekday in range(7)]) > 0.5
