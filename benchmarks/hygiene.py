"""Opening hours, their changes and wrong clocks found in counts: simulated, and on real sets.

`python -m benchmarks hygiene` prints the tables; the real sets are left out where they are absent
(`HOURSOPT_DATA`, or `../shared/data` beside the checkout). The reference figures of the first table
are those measured for the rule by share of days with a sale, at the same rates and weeks.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hoursopt.hours import Grid, OpeningHours, format_hours, parse_hours
from hoursopt.observations import suggest_hours
from hoursopt.observations.changes import find_periods
from hoursopt.observations.clocks import EPOCH, MOVED, Counted, clock_changes, movement
from hoursopt.observations.opened import find_week, weigh
from hoursopt.shop import Economics, HoursInForce, Shop, StaffGroup

Floats = NDArray[np.float64]

FOLDER = Path(os.environ.get("HOURSOPT_DATA", Path(__file__).parents[2] / "shared" / "data"))
TRUTH = parse_hours("Mo-Fr 09:00-17:00; Sa 10:00-15:00")
LATER = parse_hours("Mo-Fr 09:00-18:00; Sa 10:00-16:00")
SUNDAYS = parse_hours("Mo-Fr 09:00-17:00; Sa 10:00-15:00; Su 12:00-16:00")
STRAY = 0.001
SURE = 0.9
REPEATS = 60
RATES = (0.5, 2.0, 5.0)
REFERENCE = {  # open right, closed right, cannot tell
    (0.5, 4): "0.93 0.83 0.13",
    (0.5, 8): "0.97 0.82 0.12",
    (0.5, 26): "0.99 0.88 0.05",
    (2.0, 4): "0.99 0.89 0.07",
    (2.0, 8): "1.00 0.94 0.03",
    (2.0, 26): "1.00 0.97 0.00",
    (5.0, 4): "1.00 0.97 0.02",
    (5.0, 8): "1.00 0.99 0.00",
    (5.0, 26): "1.00 0.97 0.00",
}


def counts_of(
    hours: list[OpeningHours], grid: Grid, rate: float, chance: np.random.Generator
) -> Floats:
    """Days x slots of a shop of `rate` customers an hour under the hours of each day."""
    shares = np.array([grid.shares(week[day % 7]) for day, week in enumerate(hours)])
    moods = chance.gamma(20, 1 / 20, (len(hours), 1))
    sold = chance.poisson(rate * grid.slot_hours * shares * moods)
    return sold + (chance.random(shares.shape) < STRAY * grid.slot_hours)


def hours_table() -> None:
    """Share of slots called right, wrong and undecided, at slots of an hour and less."""
    print("slots: open right, closed right, cannot tell | closed called open, open called closed |")
    print("weekdays found to the slot | the rule by shares: open, closed right, cannot tell")
    for minutes in (60, 30, 15):
        for rate in RATES:
            for weeks in (2, 4, 8, 26):
                row = _slots_right(Grid(minutes, 0, 1440), rate, weeks)
                other = REFERENCE.get((rate, weeks), "") if minutes == 60 else ""
                print(f"{minutes:3d} min {rate:3.1f}/h {weeks:2d} weeks  {row}  | {other}")


def _slots_right(grid: Grid, rate: float, weeks: int) -> str:
    chance = np.random.default_rng(7)
    opened = np.array([grid.shares(spans) for spans in TRUTH.days]) > 0
    weekdays = np.arange(7 * weeks) % 7
    rows = []
    for _ in range(REPEATS if grid.slot_minutes == 60 else REPEATS // 3):
        counts = counts_of([TRUTH] * 7 * weeks, grid, rate, chance)
        found = find_week(grid, weigh(weekdays, counts))
        yes, no = found.chance >= SURE, found.chance <= 1 - SURE
        exact = np.mean([found.hours[day] == TRUTH[day] for day in range(7)])
        parts = (yes[opened], no[~opened], ~yes & ~no, yes[~opened], no[opened])
        rows.append([*(part.mean() for part in parts), exact])
    told = np.mean(rows, axis=0)
    return "{:.2f} {:.2f} {:.2f} | {:.3f} {:.3f} | {:.2f}".format(*told)


def changes_table() -> None:
    """Changes of hours found, their dates, and false ones; hours change in the middle."""
    print("\nchanges: found once, none, several of runs | error of date, median and 90 %, days")
    cases = {"+1 h": LATER, "Sundays": SUNDAYS, "none": TRUTH}
    for rate in (0.5, 1.0, 3.0, 8.0):
        for weeks in (12, 26, 104):
            for name, after in cases.items():
                print(f"{rate:3.1f}/h {weeks:3d} weeks {name:8s} {_change(rate, weeks, after)}")


def _change(rate: float, weeks: int, after: OpeningHours) -> str:
    chance, grid = np.random.default_rng(11), Grid(30, 0, 1440)
    days, middle = 7 * weeks, 7 * (weeks // 2)
    year = np.exp(0.5 * np.sin(2 * np.pi * np.arange(days) / 365))[:, None]
    kept = year / year.max() if weeks >= 52 else np.ones((days, 1))
    numbers, errors = [], []
    for _ in range(REPEATS // 3):
        hours = [TRUTH] * middle + [after] * (days - middle)
        counts = counts_of(hours, grid, rate / float(kept.mean()), chance)
        counts = chance.binomial(counts.astype(int), np.broadcast_to(kept, counts.shape))
        periods = find_periods(grid, np.arange(days) % 7, counts.astype(float))
        numbers.append(len(periods) - 1)
        errors += [abs(periods[1].first - middle)] if len(periods) == 2 else []
    told = np.bincount(np.minimum(numbers, 2), minlength=3)
    dates = f"{np.median(errors):.0f} {np.quantile(errors, 0.9):.0f}" if errors else ""
    return f"{told[1]:2d} {told[0]:2d} {told[2]:2d} of {len(numbers)} | {dates}"


def clocks_table() -> None:
    """Stamps kept in UTC found by one clock change, and local ones taken for UTC."""
    print("\none clock change (Helsinki, spring): called UTC though local | found where UTC")
    for rate in (1, 3, 10, 30):
        for drift in (0.0, 0.5):
            told = [
                np.mean([_moves(rate, drift, utc, seed) >= MOVED for seed in range(REPEATS)])
                for utc in (False, True)
            ]
            print(f"{rate:3d}/h drift {drift:.1f}  {told[0]:.3f} | {told[1]:.3f}")


def _moves(rate: float, drift: float, utc: bool, seed: int) -> float:
    """Evidence of UTC in six weeks of a shop open 9-18; drift: of the profile, log per 5 hours."""
    chance = np.random.default_rng(seed)
    first, zone, days = dt.date(2025, 3, 9), "Europe/Helsinki", 42
    hours = np.arange(9, 18)
    shape = np.exp(
        0.4 * np.sin((hours - 9) / 9 * np.pi * chance.uniform(1, 3) + 6 * chance.random())
    )
    stamps = []
    for day in range(days):
        tilt = np.exp(drift * (day / days - 0.5) * (hours - 13) / 5)
        mean = rate * shape / shape.mean() * tilt * chance.gamma(20, 1 / 20)
        sold = chance.poisson(mean * chance.gamma(30, 1 / 30, 9))
        minute = np.repeat(hours, sold) * 60 + chance.integers(0, 60, sold.sum())
        stamps.append(((first - EPOCH).days + day) * 1440 + minute)
    clock = np.concatenate(stamps)
    clock = to_utc(clock, zone) if utc else clock
    changes = clock_changes(zone, first, first + dt.timedelta(days=days))
    return movement(Counted(clock, np.ones(clock.size)), changes).against


def to_utc(clock: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """Minutes of the local clock as minutes of UTC."""
    local = pd.DatetimeIndex(clock.astype("datetime64[m]").astype("datetime64[s]")).tz_localize(
        ZoneInfo(zone), ambiguous=np.ones(clock.size, dtype=bool), nonexistent=pd.Timedelta(hours=1)
    )
    moved = local.tz_convert("UTC").tz_localize(None).to_numpy()
    return moved.astype("datetime64[m]").astype(np.int64)


@dataclass(frozen=True)
class Known:
    """A real set whose hours are known."""

    folder: str
    country: str
    timezone: str
    hours: str
    read: Callable[[], tuple[str, pd.DataFrame]]


def _receipts(path: str, **chosen: object) -> Callable[[], tuple[str, pd.DataFrame]]:
    def read() -> tuple[str, pd.DataFrame]:
        rows = pd.read_csv(FOLDER / path)
        for name, value in chosen.items():
            rows = rows[rows[name] == value]
        rows = rows.drop_duplicates("transaction_id") if "transaction_id" in rows else rows
        times = pd.to_datetime(rows["ts_local"]).sort_values(ignore_index=True)
        return "receipts", pd.DataFrame({"time": times, "amount": 1.0})

    return read


def _calls(path: str, minutes: int) -> Callable[[], tuple[str, pd.DataFrame]]:
    def read() -> tuple[str, pd.DataFrame]:
        rows = pd.read_csv(FOLDER / path)
        table = pd.DataFrame(
            {
                "time": pd.to_datetime(rows["ts_local"]),
                "minutes": minutes,
                "count": rows["calls"].astype(float),
                "sensor": "calls",
            }
        )
        return "footfall", table

    return read


LONDON, NEW_YORK = ("GB", "Europe/London"), ("US", "America/New_York")
KNOWN = (
    Known(
        "bakery_edinburgh",
        *LONDON,
        "Mo-Sa 08:00-17:00; Su 09:00-16:00",
        _receipts("bakery_edinburgh/receipts.csv.gz"),
    ),
    Known(
        "takeaway_london",
        *LONDON,
        "Mo-Su 17:00-22:30",
        _receipts("takeaway_london/orders.csv.gz"),
    ),
    Known(
        "bank_calls_1999",
        "IL",
        "Asia/Jerusalem",
        "Su-Th 07:00-24:00; Fr 07:00-14:00; Sa 19:00-24:00",
        _calls("bank_calls_1999/six_minute_counts_h1.csv.gz", 6),
    ),
    Known(
        "bank_calls_2003",
        *NEW_YORK,
        "Mo-Fr 07:00-21:00",
        _calls("bank_calls_2003/five_minute_counts.csv.gz", 5),
    ),
    Known(
        "pizza_fictional",
        *NEW_YORK,
        "Mo-Su 11:00-23:00",
        _receipts("pizza_fictional/orders.csv.gz"),
    ),
    Known(
        "coffee_vending",
        "UA",
        "Europe/Kyiv",
        "Mo-Su 06:00-23:00",
        _receipts("coffee_vending/sales.csv"),
    ),
    Known(
        "coffee_chain_fictional",
        *NEW_YORK,
        "Mo-Su 07:00-20:00",
        _receipts("coffee_chain_fictional/lines.csv.gz", store_id=3),
    ),
    Known(
        "online_retail_uk",
        *LONDON,
        "Mo-Fr 08:00-18:00; Su 10:00-16:00",
        _receipts("online_retail_uk/invoices.csv.gz", cancel=0),
    ),
)


def real_table() -> None:
    """What is found in real sets beside the hours that their description gives."""
    print("\nreal sets: hours by their description, then as found (s sure, l likely, u unsure)")
    for known in KNOWN:
        if not (FOLDER / known.folder).is_dir():
            print(f"{known.folder}: not there")
            continue
        source, table = known.read()
        shop = Shop(
            name=known.folder,
            country=known.country,
            timezone=known.timezone,
            currency="EUR",
            grid=Grid(30, 6 * 60, 24 * 60),
            hours=(HoursInForce(parse_hours(known.hours)),),
            economics=Economics(margin_rate=0.4),
            staff=(StaffGroup("owner", 1, hourly_cost=12.0),),
        )
        found = suggest_hours(shop, {source: table})
        clock = table["time"].to_numpy().astype("datetime64[m]").astype(np.int64)
        counts = np.ones(len(table)) if source == "receipts" else table["count"].to_numpy(float)
        first, last = (EPOCH + dt.timedelta(days=int(clock[at] // 1440)) for at in (0, -1))
        changes = clock_changes(known.timezone, first, last)
        local = movement(Counted(clock, counts), changes).against
        utc = movement(Counted(to_utc(clock, known.timezone), counts), changes).against
        print(f"{known.folder} {known.hours}; UTC evidence as it is {local:.0f}, if UTC {utc:.0f}")
        for period in found.periods:
            sure = "".join(word[0] for word in period.certainty)
            print(f"    {period.first} to {period.last}  {format_hours(period.hours)}  [{sure}]")


def main() -> None:
    """Print the tables."""
    hours_table()
    changes_table()
    clocks_table()
    real_table()


if __name__ == "__main__":
    main()
