"""What looks wrong in rows that could be read: sales while shut, dead counters, days without data.

Warnings, never errors: the owner knows why, the program can only see that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hoursopt.hours import DAY, format_time
from hoursopt.importers.moments import Moments
from hoursopt.importers.receipt import ImportReceipt, Warning_
from hoursopt.shop import Shop

TOLERANCE = 15  # minutes before opening and after closing in which a sale is nothing strange
OUTSIDE = 0.02
FEW_DAYS = 28
BUSY_DAY = 20  # people of a usual day from which a day of zeros is a dead counter
ROUND_THE_CLOCK = 20  # hours of the day with orders that a round-the-clock witness shows
SHOWN_DAYS = 5


def doubts(
    shop: Shop, tables: Mapping[str, pd.DataFrame], receipts: Sequence[ImportReceipt]
) -> tuple[Warning_, ...]:
    """All warnings on what was read."""
    found: list[Warning_] = []
    for source, table in tables.items():
        if source == "rota":
            continue
        found += few_days(source, table)
        found += days_without_data(shop, source, table)
        if source == "receipts":
            found += outside_hours(shop, table)
        elif source == "orders":
            found += sleeping_orders(table)
        else:
            found += dead_counters(shop, source, table)
            found += long_steps(source, table)
    files = (overlaps, duplicates, failures, unverified)
    return (*found, *(warning for check in files for warning in check(receipts)))


def few_days(source: str, table: pd.DataFrame) -> Iterator[Warning_]:
    """A period too short for weekdays to be told apart."""
    days = (table["time"].max().normalize() - table["time"].min().normalize()).days + 1
    if days < FEW_DAYS:
        yield Warning_("check.few_days", {"source": source, "count": days})


def outside_hours(shop: Shop, table: pd.DataFrame) -> Iterator[Warning_]:
    """Sales outside the stated hours: wrong hours, or times of another zone."""
    times: Moments = table["time"].to_numpy().astype("datetime64[m]")
    share = 1 - _open(shop, times).mean()
    if share <= OUTSIDE:
        return
    shifted = {
        hours: 1 - _open(shop, np.add(times, np.timedelta64(60 * hours, "m"))).mean()
        for hours in range(-12, 13)
        if hours
    }
    best = min(shifted, key=lambda hours: (shifted[hours], abs(hours)))
    outside = times[~_open(shop, times)]
    hour = np.bincount((outside - outside.astype("datetime64[D]")).astype(int) // 60).argmax()
    values = {
        "count": len(outside),
        "share": float(share),
        "hours": f"{format_time(60 * int(hour))}-{format_time(60 * int(hour) + 60)}",
    }
    if shifted[best] < share / 4:
        yield Warning_("check.shifted_times", {**values, "shift": f"{best:+d}"})
    else:
        yield Warning_("check.outside_hours", values)


def _open(shop: Shop, times: Moments) -> NDArray[np.bool_]:
    """(moments,) whether the shop was open by its hours, within `TOLERANCE`."""
    days, codes = np.unique(times.astype("datetime64[D]"), return_inverse=True)
    minutes = (times - times.astype("datetime64[D]")).astype(int)
    found = np.zeros(len(times), dtype=bool)
    # Hours of the day before may run past midnight.
    for back in (0, 1):
        rows = [shop.hours_on(day - dt.timedelta(days=back)) for day in days.tolist()]
        for turn in range(max(map(len, rows), default=0)):
            spans = [(r[turn].start, r[turn].end) if turn < len(r) else (0, -DAY) for r in rows]
            starts, ends = (np.array(spans) - back * DAY).T
            found |= (minutes >= starts[codes] - TOLERANCE) & (minutes < ends[codes] + TOLERANCE)
    return found


def days_without_data(shop: Shop, source: str, table: pd.DataFrame) -> Iterator[Warning_]:
    """Days in the period that should have rows and have none."""
    seen = set(table["time"].dt.normalize().drop_duplicates().dt.date)
    first, last = min(seen), max(seen)
    every = [first + dt.timedelta(days=step) for step in range((last - first).days + 1)]
    in_hours = source in ("receipts", "footfall")
    empty = [day for day in every if day not in seen and (not in_hours or shop.hours_on(day))]
    if empty and source != "orders":
        yield Warning_(
            "check.empty_days",
            {"source": source, "count": len(empty), "days": tuple(empty[:SHOWN_DAYS])},
        )


def dead_counters(shop: Shop, source: str, table: pd.DataFrame) -> Iterator[Warning_]:
    """Days on which a counter that sees people on other days reported nothing but zeros."""
    days = table.groupby(["sensor", table["time"].dt.date])["count"].sum()
    for sensor, totals in days.groupby(level=0):
        dates = [day for _, day in totals.index[totals == 0]]
        if source == "footfall":
            dates = [day for day in dates if shop.hours_on(day)]
        if dates and totals.median() >= BUSY_DAY:
            yield Warning_(
                "check.dead_counter",
                {
                    "source": source,
                    "sensor": sensor,
                    "count": len(dates),
                    "days": tuple(dates[:SHOWN_DAYS]),
                },
            )


def long_steps(source: str, table: pd.DataFrame) -> Iterator[Warning_]:
    """Counts over more than an hour, which say little about when people come."""
    longest = int(table["minutes"].max())
    if longest > 60:
        yield Warning_("check.long_steps", {"source": source, "minutes": longest})


def sleeping_orders(table: pd.DataFrame) -> Iterator[Warning_]:
    """A web shop whose orders keep office hours: no witness of closed hours."""
    hours = table["time"].dt.hour.nunique()
    if len(table) >= 500 and hours < ROUND_THE_CLOCK:
        yield Warning_("check.sleeping_orders", {"count": int(hours)})


def overlaps(receipts: Sequence[ImportReceipt]) -> Iterator[Warning_]:
    """Files of sales that count on the same days: two tills, or one till given twice in part."""
    for position, second in enumerate(receipts):
        for first in receipts[:position]:
            if first.source != second.source or first.source not in ("receipts", "orders"):
                continue
            if not (first.first_day and first.last_day and second.first_day and second.last_day):
                continue
            start = max(first.first_day, second.first_day)
            end = min(first.last_day, second.last_day)
            if start < end:
                span = {"start": start, "end": end}
                yield Warning_(
                    "check.overlap", {"first": first.file, "second": second.file, **span}
                )


def duplicates(receipts: Sequence[ImportReceipt]) -> Iterator[Warning_]:
    """Files with rows that were counted already."""
    for receipt in receipts:
        if receipt.duplicates:
            yield Warning_("check.duplicates", {"file": receipt.file, "count": receipt.duplicates})


def failures(receipts: Sequence[ImportReceipt]) -> Iterator[Warning_]:
    """Files with rows that could not be read."""
    for receipt in receipts:
        if receipt.failed:
            yield Warning_(
                "check.failed",
                {"file": receipt.file, "count": receipt.failed, "rows": receipt.rows},
            )


def unverified(receipts: Sequence[ImportReceipt]) -> Iterator[Warning_]:
    """Files of exports that this program knows from descriptions only."""
    told = [
        (receipt, note.values["export"])
        for receipt in receipts
        for note in receipt.notes
        if note.key == "import.unverified"
    ]
    for receipt, export in told:
        yield Warning_("check.unverified", {"file": receipt.file, "export": export})
