"""Seconds of one fit, beside Prophet and LightGBM on the same rows in the same process.

One thread each (`benchmarks/__init__.py`), the least of three turns. Only the fit is timed; the
features of LightGBM are ready made. LightGBM is that of the forecasts: it looks for its number of
trees, as our fit does for its smoothness; the last training alone is told beside it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.curves import peers
from benchmarks.curves.rows import Row
from benchmarks.curves.sets import Place, Series
from benchmarks.curves.shops import observed, shop_of
from hoursopt.demand import fit_demand
from hoursopt.hours import Grid, Span
from hoursopt.shop import Diversion

Floats = NDArray[np.float64]

TURNS = 3
FIRST = dt.date(2023, 1, 2)
LONDON = Place("GB", "Europe/London", "ENG")


def seconds_of(tasks: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Least seconds of each task; they take turns, so that a busy moment hits them alike."""
    least = dict.fromkeys(tasks, np.inf)
    for _ in range(TURNS):
        for name, task in tasks.items():
            started = time.perf_counter()
            task()
            least[name] = min(least[name], time.perf_counter() - started)
    return least


def one_channel(days: int = 834) -> Series:
    """Hourly counts round the clock, 20,016 rows: the most cells that hours can give."""
    grid = Grid(60, 0, 24 * 60)
    counts = _counts(grid, days, 6.0, np.random.default_rng(1))
    return Series("", "one channel", LONDON, grid, _dates(days), counts, np.ones_like(counts))


def two_channels() -> tuple[int, Callable[[], object]]:
    """Rows and fit of a shop and a street beside it, half hours of two years."""
    grid, days = Grid(30, 0, 24 * 60), 731
    dates = _dates(days)
    hours = [(Span(600, 1080),)] * 5 + [(Span(600, 900),), ()]
    opened = np.array([grid.shares(hours[date.weekday()]) for date in dates], dtype=float)
    rng = np.random.default_rng(2)
    channels = {"receipts": _counts(grid, days, 3.0, rng), "street": _counts(grid, days, 60.0, rng)}
    shop = shop_of("two", grid, opened, dates, street="near", diversion=Diversion())
    observations = observed(grid, dates, opened, channels)
    rows = int(opened.sum()) + opened.size
    return rows, lambda: fit_demand(observations, shop)


def main_rows() -> list[Row]:
    """The targets of speed."""
    series = one_channel()
    shop, observations = series.shop(), series.observations()
    last = series.dates[-1]
    ahead = series.between(0, peers.LEAST_LAG).blank()
    features = peers.features_of(series, ahead)[: len(series.dates)]
    trees = peers.best_trees(features, series)
    found = seconds_of(
        {
            "ours": lambda: fit_demand(observations, shop),
            "prophet": lambda: peers.fit_prophet(series),
            "lightgbm": lambda: _tuned(features, series),
            "training": lambda: peers.boost(features, series, trees),
        }
    )
    rows, fit = two_channels()
    two = seconds_of({"ours": fit})["ours"]
    ours, prophet, lightgbm = found["ours"], found["prophet"], found["lightgbm"]
    return [
        Row(
            f"one channel, {int(series.seen.sum()):,} rows to {last}: time of the fit against"
            " Prophet's and LightGBM's in the same run",
            "1/10, 1/2",
            "1/50, 1/5",
            f"1/{prophet / ours:.1f}, 1/{lightgbm / ours:.1f}: {ours:.2f} s to {prophet:.2f} s and"
            f" {lightgbm:.2f} s (of it {found['training']:.2f} s the last training, {trees} trees)",
        ),
        Row(
            f"two channels, two years of half hours ({rows:,} rows): time of the fit",
            "3 s",
            "1 s",
            f"{two:.2f} s",
        ),
    ]


def _tuned(features: Floats, series: Series) -> object:
    return peers.boost(features, series, peers.best_trees(features, series))


def _dates(days: int) -> tuple[dt.date, ...]:
    return tuple(FIRST + dt.timedelta(days=day) for day in range(days))


def _counts(grid: Grid, days: int, level: float, rng: np.random.Generator) -> Floats:
    """(N, H) counts: two humps a day, busier weekends, a year's course, each day's own luck."""
    clock = np.array([grid.start(slot) / 60 for slot in range(grid.size)])
    hour = np.exp(-(((clock - 12) / 3) ** 2)) + np.exp(-(((clock - 18) / 2) ** 2)) + 0.05
    day = np.arange(days)
    week = np.array([0.8, 0.8, 0.9, 1.0, 1.3, 1.6, 0.9])[day % 7]
    year = np.exp(0.2 * np.sin(2 * np.pi * day / 365.25) + 0.1 * day / 365.25)
    luck = rng.gamma(25, 1 / 25, days)
    mean = level * (week * year * luck)[:, None] * hour
    return rng.poisson(mean * rng.gamma(10, 1 / 10, mean.shape)).astype(float)


if __name__ == "__main__":
    for row in main_rows():
        print(row.what, row.measured, sep="\n    ")
