"""The real data sets, each as days x hours of counts with the hours in which it traded.

They stand beside the project for development only (`HOURSOPT_DATA`, or `../shared/data` beside the
checkout); a set that is absent is left out, and the benchmark says so.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.curves.shops import observed, shop_of
from hoursopt.calendar import special_days
from hoursopt.hours import Grid, OpeningHours, parse_hours
from hoursopt.observations import Observations
from hoursopt.shop import Shop

Floats = NDArray[np.float64]

FOLDER = Path(os.environ.get("HOURSOPT_DATA", Path(__file__).parents[3] / "shared" / "data"))


@dataclass(frozen=True)
class Place:
    """Where a series was counted: its public holidays and its clock."""

    country: str
    timezone: str
    subdivision: str = ""


@dataclass(frozen=True)
class Series:
    """Hourly counts (N, H) of consecutive dates; `opened` (N, H) is 1 where it traded.

    NaN is an hour that the counter missed. shop_sized: small counts, as a till has them. classic:
    one of the development series on which the method was chosen.
    """

    folder: str
    name: str
    place: Place
    grid: Grid
    dates: tuple[dt.date, ...]
    counts: Floats
    opened: Floats
    shop_sized: bool = False
    classic: bool = False

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(N, H) hours of which the count is known."""
        return (self.opened > 0) & np.isfinite(self.counts)

    @cached_property
    def weekdays(self) -> NDArray[np.intp]:
        """(N,) Monday 0."""
        return np.array([date.weekday() for date in self.dates])

    @cached_property
    def clock(self) -> NDArray[np.intp]:
        """(H,) hour at which each slot starts."""
        return np.array([self.grid.start(slot) // 60 for slot in range(self.grid.size)])

    def between(self, first: int, last: int) -> Series:
        """Days first <= n < last of it."""
        return replace(
            self,
            dates=self.dates[first:last],
            counts=self.counts[first:last],
            opened=self.opened[first:last],
        )

    def blank(self) -> Series:
        """The same days and hours without a count: what a forecaster may know beforehand."""
        return replace(self, counts=np.full_like(self.counts, np.nan))

    def holidays(self, dates: Sequence[dt.date]) -> dict[dt.date, str]:
        """Public holidays of its place among dates."""
        place = self.place
        days = special_days(place.country, place.subdivision, dates[0], dates[-1], "en")
        return {day.date: day.id for day in days if day.kind == "holiday"}

    def shop(self, street: str | None = None) -> Shop:
        """The shop of which nothing is known but its hours, its place and its class of witness."""
        made = shop_of(
            self.name,
            self.grid,
            self.opened,
            self.dates,
            country=self.place.country,
            timezone=self.place.timezone,
            street=street,
        )
        return replace(made, subdivision=self.place.subdivision)

    def observations(self) -> Observations:
        """What a till would have told."""
        return observed(self.grid, self.dates, self.opened, {"receipts": self.counts})


ROUND_THE_CLOCK = "Mo-Su 00:00-24:00"


def load(names: Sequence[str] = ()) -> list[Series]:
    """All series of the sets named, or of all sets, that stand beside the project."""
    unknown = set(names) - set(SETS)
    if unknown:
        raise ValueError(f"Expected sets among {', '.join(SETS)}, got {', '.join(unknown)}.")
    chosen = [name for name in SETS if not names or name in names]
    return [one for name in chosen if (FOLDER / name).is_dir() for one in SETS[name]()]


def absent() -> tuple[str, ...]:
    """Sets that do not stand beside the project."""
    return tuple(name for name in SETS if not (FOLDER / name).is_dir())


def working_day(name: str) -> Floats:
    """(24,) counts of a trade by hour, Monday to Friday together, those out of its hours too."""
    if name == "bank_calls_1999":
        rows = _read("bank_calls_1999/six_minute_counts_h1.csv.gz")
        table = _table(rows["ts_local"], rows["calls"])
        table = table[table.index.weekday != 4]  # it closes at two on Fridays
    else:
        table = _table(_read(STAMPS[name])["ts_local"])
    counts: Floats = table[table.index.weekday < 5].sum().to_numpy(dtype=float)
    return counts


def _bakery() -> list[Series]:
    stamps = _read(STAMPS["bakery_edinburgh"])["ts_local"]
    place = Place("GB", "Europe/London", "SCT")
    hours = "Mo-Sa 08:00-17:00; Su 09:00-16:00"
    return [_till("bakery_edinburgh", "bakery", place, hours, stamps, classic=True)]


def _takeaway() -> list[Series]:
    stamps = _read(STAMPS["takeaway_london"])["ts_local"]
    place = Place("GB", "Europe/London", "ENG")
    hours = "Mo-Su 16:00-23:00"
    return [_till("takeaway_london", "takeaway", place, hours, stamps, classic=True)]


def _vending() -> list[Series]:
    stamps = _read("coffee_vending/sales.csv")["ts_local"]
    place = Place("UA", "Europe/Kyiv")
    hours = "Mo-Su 06:00-23:00"
    return [_till("coffee_vending", "vending", place, hours, stamps, classic=True)]


def _pizza() -> list[Series]:
    stamps = _read("pizza_fictional/orders.csv.gz")["ts_local"]
    place = Place("US", "America/New_York")
    hours = "Mo-Su 11:00-23:00"
    return [_till("pizza_fictional", "pizza (fictional)", place, hours, stamps, classic=True)]


def _coffee() -> list[Series]:
    lines = _read("coffee_chain_fictional/lines.csv.gz")
    receipts = lines.drop_duplicates("transaction_id")
    place = Place("US", "America/New_York", "NY")
    hours = {8: "Mo-Su 06:00-21:00", 3: "Mo-Su 07:00-20:00"}
    return [
        _till(
            "coffee_chain_fictional",
            f"coffee shop {number} (fictional)",
            place,
            text,
            receipts.loc[receipts["store_id"] == number, "ts_local"],
        )
        for number, text in hours.items()
    ]


def _supermarket() -> list[Series]:
    stamps = _read("supermarket_synthetic/invoices.csv")["ts_local"]
    place = Place("MM", "Asia/Yangon")
    hours = "Mo-Su 10:00-21:00"
    return [_till("supermarket_synthetic", "supermarket (synthetic)", place, hours, stamps)]


def _olist() -> list[Series]:
    stamps = _read("olist_online/orders_2017.csv.gz")["ts_local"]
    place = Place("BR", "America/Sao_Paulo")
    return [_till("olist_online", "marketplace", place, ROUND_THE_CLOCK, stamps)]


def _retail() -> list[Series]:
    rows = _read(STAMPS["online_retail_uk"])
    stamps = rows.loc[(rows["cancel"] == 0) & (rows["value_gbp"] > 0), "ts_local"]
    place = Place("GB", "Europe/London", "ENG")
    hours = "Mo-We 08:00-18:00; Th 08:00-20:00; Fr 08:00-18:00; Su 10:00-16:00"
    return [_till("online_retail_uk", "trade web shop", place, hours, stamps)]


def _bank_1999() -> list[Series]:
    rows = _read("bank_calls_1999/six_minute_counts_h1.csv.gz")
    place = Place("IL", "Asia/Jerusalem")
    hours = "Su-Th 07:00-24:00; Fr 07:00-14:00; Sa 19:00-24:00"
    table = _table(rows["ts_local"], rows["calls"])
    return [_trading("bank_calls_1999", "bank calls 1999", place, hours, table)]


def _bank_2003() -> list[Series]:
    rows = _read("bank_calls_2003/five_minute_counts.csv.gz")
    place = Place("US", "America/New_York")
    table = _table(rows["ts_local"], rows["calls"])
    hours = "Mo-Fr 07:00-21:00"
    return [_trading("bank_calls_2003", "bank calls 2003", place, hours, table)]


def _melbourne() -> list[Series]:
    rows = _read("melbourne_footfall/hourly_2012_2013.csv.gz")
    place = Place("AU", "Australia/Melbourne", "VIC")
    return [
        _counter("melbourne_footfall", str(name), place, sensor["ts_local"], sensor["count"], True)
        for name, sensor in rows.groupby("sensor")
    ]


def _dunlaoghaire() -> list[Series]:
    rows = _read("dunlaoghaire_footfall/hourly_2025h1_wide.csv")
    place = Place("IE", "Europe/Dublin")
    return [
        _counter("dunlaoghaire_footfall", name, place, rows["ts_local"], rows[name], False)
        for name in rows.columns.drop("ts_local")
    ]


SETS: Mapping[str, Callable[[], list[Series]]] = {
    "bakery_edinburgh": _bakery,
    "takeaway_london": _takeaway,
    "coffee_vending": _vending,
    "pizza_fictional": _pizza,
    "coffee_chain_fictional": _coffee,
    "supermarket_synthetic": _supermarket,
    "olist_online": _olist,
    "online_retail_uk": _retail,
    "bank_calls_1999": _bank_1999,
    "bank_calls_2003": _bank_2003,
    "melbourne_footfall": _melbourne,
    "dunlaoghaire_footfall": _dunlaoghaire,
}


STAMPS = {
    "bakery_edinburgh": "bakery_edinburgh/receipts.csv.gz",
    "takeaway_london": "takeaway_london/orders.csv.gz",
    "online_retail_uk": "online_retail_uk/invoices.csv.gz",
}
"""Where the stamps of a till stand."""


def _read(path: str) -> pd.DataFrame:
    frame = pd.read_csv(FOLDER / path)
    frame["ts_local"] = pd.to_datetime(frame["ts_local"])
    return frame


def _table(stamps: pd.Series, counts: pd.Series | None = None) -> pd.DataFrame:
    """Counts by date and hour 0-23, every date there; NaN where no row tells of the hour."""
    of = pd.Series(1.0, stamps.index) if counts is None else counts.astype(float)
    table = of.groupby([stamps.dt.normalize(), stamps.dt.hour]).sum(min_count=1).unstack()
    every = pd.date_range(table.index.min(), table.index.max())
    return table.reindex(index=every, columns=range(24))


def _till(
    folder: str,
    name: str,
    place: Place,
    hours: str,
    stamps: pd.Series,
    classic: bool = False,
) -> Series:
    """A till: an open hour without a stamp is a zero."""
    table = _table(stamps).fillna(0.0)
    made = _trading(folder, name, place, hours, table)
    return replace(made, shop_sized=True, classic=classic)


def _trading(folder: str, name: str, place: Place, hours: str, table: pd.DataFrame) -> Series:
    """A trade with opening hours; a day on which nothing came within them was no day of trade."""
    week = parse_hours(hours)
    grid = _grid(week)
    dates = tuple(stamp.date() for stamp in table.index)
    first = grid.earliest // 60
    counts = table.to_numpy()[:, first : first + grid.size]
    shares = np.array([grid.shares(spans) for spans in week.days])
    opened = shares[[date.weekday() for date in dates]]
    traded = np.nansum(counts * opened, axis=1) > 0
    return Series(folder, name, place, grid, dates, counts, opened * traded[:, None])


def _counter(
    folder: str, name: str, place: Place, stamps: pd.Series, counts: pd.Series, classic: bool
) -> Series:
    """A counter of people round the clock, from the first to the last row that tells of any."""
    table = _table(stamps, counts)
    told = np.flatnonzero((table.to_numpy() > 0).any(axis=1))
    table = table.iloc[told[0] : told[-1] + 1]
    grid = Grid(60, 0, 24 * 60)
    dates = tuple(stamp.date() for stamp in table.index)
    opened = np.ones(table.shape)
    return Series(folder, name, place, grid, dates, table.to_numpy(), opened, classic=classic)


def _grid(week: OpeningHours) -> Grid:
    """Whole hours from the first opening to the last closing."""
    spans = [span for spans in week.days for span in spans]
    return Grid(60, min(span.start for span in spans), max(span.end for span in spans))
