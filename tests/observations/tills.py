"""Receipts and counts of shops whose true hours, clocks and faults are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from hoursopt.hours import Grid, OpeningHours, parse_hours
from hoursopt.shop import Economics, HoursInForce, Shop, SourceOptions, Sources, StaffGroup

MONDAY = dt.date(2025, 1, 13)  # twelve weeks without a holiday but Easter follow


def a_shop(hours: str = "Mo-Su 08:00-20:00", **changes: object) -> Shop:
    shop = Shop(
        name="Till",
        country="FI",
        timezone="Europe/Helsinki",
        currency="EUR",
        grid=Grid(30, 6 * 60, 24 * 60),
        hours=(HoursInForce(parse_hours(hours)),),
        economics=Economics(margin_rate=0.4),
        staff=(StaffGroup("owner", 1, hourly_cost=12.0),),
    )
    return shop.replace(**changes)


def with_zone(shop: Shop, source: str, zone: str) -> Shop:
    return shop.replace(sources=Sources(options={source: SourceOptions(timezone=zone)}))


def sold(
    spells: Sequence[tuple[str, int]],
    per_hour: float,
    seed: int = 1,
    first: dt.date = MONDAY,
    stray: float = 0.0,
) -> pd.DataFrame:
    """Receipts at a Poisson rate under hours that each hold for some weeks, one after another.

    stray: receipts an hour at any time of the day besides.
    """
    chance = np.random.default_rng(seed)
    stamps: list[np.ndarray] = []
    day = pd.Timestamp(first)
    for text, weeks in spells:
        week: OpeningHours = parse_hours(text)
        for _ in range(7 * weeks):
            spans = [(span.start, span.end, per_hour) for span in week[day.weekday()]]
            for start, end, rate in [*spans, (0, 1440, stray)]:
                number = chance.poisson(rate * (end - start) / 60)
                minutes = chance.uniform(start, end, number)
                stamps.append(day.to_datetime64() + (minutes * 60e6).astype("timedelta64[us]"))
            day += pd.Timedelta(days=1)
    times = np.sort(np.concatenate(stamps))
    return pd.DataFrame({"time": times, "amount": 10.0})


def in_utc(table: pd.DataFrame, zone: str = "Europe/Helsinki") -> pd.DataFrame:
    """The same rows with times of UTC."""
    local = table["time"].dt.tz_localize(
        zone, ambiguous=np.ones(len(table), dtype=bool), nonexistent="shift_forward"
    )
    return table.assign(time=local.dt.tz_convert("UTC").dt.tz_localize(None))


def street(first: dt.date, days: int, seed: int = 2, sensor: str = "a") -> pd.DataFrame:
    """Hourly passers-by round the clock, quietest at four, a Gaussian day around 14."""
    chance = np.random.default_rng(seed)
    hours = np.arange(24)
    mean = 3 + 120 * np.exp(-(((hours - 14) / 4.5) ** 2)) + 2 * np.abs((hours - 4 + 12) % 24 - 12)
    counts = chance.poisson(mean * chance.gamma(40, 1 / 40, (days, 1)))
    times = pd.Timestamp(first) + pd.to_timedelta(np.arange(24 * days), unit="h")
    return pd.DataFrame(
        {"time": times, "minutes": 60, "count": counts.ravel().astype(float), "sensor": sensor}
    )
