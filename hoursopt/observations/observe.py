"""From tables of receipts and counts to observations: what every later step reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hoursopt.calendar import special_days
from hoursopt.errors import DataError
from hoursopt.hours import WEEKDAYS, Grid, Spans, format_days, format_spans
from hoursopt.i18n import Texts
from hoursopt.observations.chain import Peer, chain_channel
from hoursopt.observations.channels import Channel, Judged, Note, channel_notes, counter, till
from hoursopt.observations.clocks import Counted, night_notes, shift_notes, utc_notes
from hoursopt.observations.counting import (
    Intervals,
    Stamps,
    Tally,
    clock_minutes,
    count_orders,
    count_receipts,
    spread_intervals,
    trading_minutes,
)
from hoursopt.observations.exposure import (
    Flags,
    expected_counts,
    open_shares,
    real_shares,
)
from hoursopt.observations.suggest import Difference, FoundHours, contradicted, suggest_hours
from hoursopt.shop import Shop

Floats = NDArray[np.float64]
Dates = tuple[dt.date, ...]
Tables = Mapping[str, pd.DataFrame]

EPOCH = dt.date(1970, 1, 1)
NORMAL_HOLIDAY = 1.0
"""Receipts expected on a holiday or eve from which on a day without one was a closed day."""
MOST_RUNS = 12
MANY_OUTSIDE = 0.05
"""Share of receipts in closed slots from which on the stated hours are doubted."""


@dataclass(frozen=True)
class Observations:
    """All that was counted, on the shop's grid.

    dates: N trading days without a gap. opened: (N, H) open share of each slot under the hours in
    force, zero on days judged closed. channels: by source name (`receipts`, `footfall`, `orders`,
    `street`, `peers`). notes: what was judged closed, unknown or out of place. staff: (N, H) people
    on duty by the rota, NaN on days of which it tells nothing; None without a rota.
    """

    grid: Grid
    dates: Dates
    opened: Floats
    channels: Mapping[str, Channel]
    notes: tuple[Note, ...] = ()
    staff: Floats | None = None

    @property
    def weekdays(self) -> NDArray[np.intp]:
        """Weekday of each day, Monday 0."""
        return np.array([date.weekday() for date in self.dates], dtype=np.intp)


def observe(shop: Shop, tables: Tables, peers: Sequence[Peer] = ()) -> Observations:
    """Count the rows of all sources on the shop's grid, with what each channel could see.

    The days are those from the first to the last seen in receipts or footfall: what a witness
    counted before or after says nothing about this shop, because what is learnt from it is its
    ratio to the shop. So it is with the receipts of `peers`, the other shops of the chain.

    Raises DataError `observe.none` (no receipts and no footfall), `observe.few_days` (one day
    only), `observe.never_open` (all of it outside the stated hours), `observe.too_coarse`,
    `observe.bad_count` (below zero, or no number).
    """
    grid = shop.grid
    sources = {source for source, table in tables.items() if len(table)}
    stamps = {name: _stamps(tables[name]) for name in sources & {"receipts", "orders"}}
    rows = {name: _intervals(tables[name], name) for name in sources & {"footfall", "street"}}
    dates = _dates(grid, stamps, rows)
    first = _number(dates[0])
    spans = [shop.hours_on(date) for date in dates]
    opened, real = open_shares(grid, spans), real_shares(grid, dates, shop.timezone)

    sold = _sold(grid, first, spans, opened, stamps, rows)
    days = special_days(shop.country, shop.subdivision, dates[0], dates[-1], shop.language)
    special = {day.date for day in days}
    source = "receipts" if "receipts" in stamps else "footfall"
    notes = _check_hours(shop, tables, sold, source)
    counted = _counted(stamps, rows)
    by_clock = utc_notes(shop, counted, special)
    explained = {note.values["source"] for note in by_clock}
    others = {name: one for name, one in counted.items() if name not in explained}
    notes += by_clock + night_notes(shop, others)
    ordinary = ~_among(dates, special)
    shut = _sold_nothing(sold.counts, opened) & ~ordinary & ~_among(dates, shop.exceptions.hours)
    opened[shut] = 0.0
    notes += _shut_notes(dates, shut)

    judged: dict[str, Judged] = {}
    if "receipts" in stamps:
        judged["receipts"] = till(sold, opened * real, grid.slot_minutes, trades=True)
    if "orders" in stamps:
        orders = count_orders(grid, first, len(dates), stamps["orders"])
        judged["orders"] = till(orders, real, grid.slot_minutes, trades=False)
    for source in sorted(rows):
        could = opened * real if source == "footfall" else real
        judged[source] = counter(grid, first, could, real, ordinary, rows[source], source)
    for source, one in judged.items():
        notes += channel_notes(source, one, dates)
    channels = {source: one.channel for source, one in judged.items()}
    chain, silent = chain_channel(peers, grid, dates)
    if chain is not None:
        channels["peers"] = chain
    notes += [Note("observe.peer_apart", {"name": peer.shop.name}) for peer in silent]
    staff = _staff(grid, first, opened, tables["rota"]) if "rota" in sources else None
    return Observations(grid, dates, opened, MappingProxyType(channels), tuple(notes), staff)


def tell(note: Note, texts: Texts) -> str:
    """A note as a sentence; days in a row as one stretch, and not more than a dozen."""
    values = dict(note.values)
    if "source" in values:
        values["source"] = texts(f"observe.source.{values['source']}")
    if "dates" in values:
        runs = _runs(values["dates"])  # type: ignore[arg-type]
        told = [" – ".join(texts.say(date) for date in dict.fromkeys(run)) for run in runs]
        values["dates"] = [*told[:MOST_RUNS], *(["…"] if len(told) > MOST_RUNS else [])]
    if "days" in values:
        values["days"] = spoken_days(str(values["days"]), texts)
    for name in ("stated", "found"):
        if values.get(name) == format_spans(()):
            values[name] = texts("common.closed")
    return texts(note.key, **values)


def spoken_days(days: str, texts: Texts) -> str:
    """`Mo-Fr,Su` in the reader's language."""
    parts = (part.split("-") for part in days.split(","))
    return ", ".join(
        "–".join(texts.weekday(WEEKDAYS.index(day), short=True) for day in ends) for ends in parts
    )


def _runs(dates: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """First and last date of each run of dates, three or more in it."""
    runs: list[list[dt.date]] = []
    for date in dates:
        if runs and (date - runs[-1][-1]).days == 1:
            runs[-1].append(date)
        else:
            runs.append([date])
    return [
        pair
        for run in runs
        for pair in ([(run[0], run[-1])] if len(run) > 2 else [(date, date) for date in run])
    ]


def _stamps(table: pd.DataFrame) -> Stamps:
    """A single missing amount counts as the mean one, so that baskets stand."""
    amounts = table["amount"].to_numpy(dtype=np.float64)
    missing = np.isnan(amounts)
    if missing.any() and not missing.all():
        amounts = np.where(missing, amounts[~missing].mean(), amounts)
    return Stamps(clock_minutes(table["time"].to_numpy()), amounts)


def _intervals(table: pd.DataFrame, source: str) -> Intervals:
    counts = table["count"].to_numpy(dtype=np.float64)
    bad = np.flatnonzero(~(np.isfinite(counts) & (counts >= 0)))
    if bad.size:
        time = str(table["time"].iloc[bad[0]])
        raise DataError("observe.bad_count", source=source, count=str(counts[bad[0]]), time=time)
    return Intervals(
        clock_minutes(table["time"].to_numpy()),
        table["minutes"].to_numpy(dtype=np.int64),
        counts,
        pd.factorize(table["sensor"], use_na_sentinel=False)[0].astype(np.int64),
    )


def _staff(grid: Grid, first: int, opened: Floats, rota: pd.DataFrame) -> Floats:
    """Mean people on duty: a shift is an interval whose count are its people's minutes."""
    starts, ends = (clock_minutes(rota[name].to_numpy()) for name in ("start", "end"))
    people = rota["people"].to_numpy(dtype=np.float64)
    minutes = ends - starts
    shifts = Intervals(starts, minutes, people * minutes, np.zeros(len(rota), dtype=np.int64))
    tally, _ = spread_intervals(grid, first, opened, shifts, open_only=False)
    told = tally.counts.any(axis=1, keepdims=True)
    return np.where(told, tally.counts / grid.slot_minutes, np.nan)


def _counted(stamps: Mapping[str, Stamps], rows: Mapping[str, Intervals]) -> dict[str, Counted]:
    """When each source counted how many."""
    of_stamps = {name: Counted(one.clock, np.ones(one.clock.size)) for name, one in stamps.items()}
    return of_stamps | {name: Counted(one.clock, one.counts) for name, one in rows.items()}


def _number(date: dt.date) -> int:
    return (date - EPOCH).days


def _among(dates: Dates, chosen: Container[dt.date]) -> Flags:
    return np.array([date in chosen for date in dates])


def _dates(grid: Grid, stamps: Mapping[str, Stamps], rows: Mapping[str, Intervals]) -> Dates:
    clocks = [stamps["receipts"].clock] if "receipts" in stamps else []
    clocks += [rows["footfall"].clock] if "footfall" in rows else []
    if not clocks:
        raise DataError("observe.none")
    days, _ = trading_minutes(grid, np.concatenate(clocks))
    first, last = int(days.min()), int(days.max())
    if first == last:
        raise DataError("observe.few_days", date=EPOCH + dt.timedelta(days=first))
    return tuple(EPOCH + dt.timedelta(days=day) for day in range(first, last + 1))


def _sold(
    grid: Grid,
    first: int,
    spans: list[Spans],
    opened: Floats,
    stamps: Mapping[str, Stamps],
    rows: Mapping[str, Intervals],
) -> Tally:
    """What tells whether the shop traded: receipts, or footfall where there are none."""
    if "receipts" in stamps:
        return count_receipts(grid, first, spans, stamps["receipts"])
    tally, _ = spread_intervals(grid, first, opened, rows["footfall"], open_only=True)
    within = opened > 0
    stray = tally.outside + (tally.counts * ~within).sum(axis=1)
    return Tally(tally.counts * within, tally.values, stray)


def _check_hours(shop: Shop, tables: Tables, sold: Tally, source: str) -> list[Note]:
    """Tell, or refuse, hours that the counts contradict."""
    inside, outside = float(sold.counts.sum()), float(sold.outside.sum())
    found = suggest_hours(shop, tables)
    hours = str(found.periods[-1].hours)
    if inside == 0:
        raise DataError("observe.never_open", count=round(outside), hours=hours)
    notes, explained = shift_notes(shop, found)
    share = outside / max(inside + outside, 1.0)
    if share > MANY_OUTSIDE:
        told = {"source": source, "count": round(outside), "percent": round(100 * share)}
        notes.append(Note("observe.outside", {**told, "hours": hours}))
    for period in contradicted(found):
        if period not in explained:
            notes += [_difference(source, period, one) for one in period.differences]
    return notes


def _difference(source: str, period: FoundHours, one: Difference) -> Note:
    return Note(
        "observe.other_hours",
        {
            "source": source,
            "start": period.first,
            "end": period.last,
            "days": format_days(one.weekdays),
            "stated": format_spans(one.stated),
            "found": format_spans(one.found),
        },
    )


def _sold_nothing(counts: Floats, opened: Floats) -> Flags:
    usual = expected_counts(counts, opened).sum(axis=1)
    return (counts.sum(axis=1) == 0) & (usual >= NORMAL_HOLIDAY)


def _shut_notes(dates: Dates, shut: Flags) -> list[Note]:
    told = tuple(dates[day] for day in np.flatnonzero(shut))
    return [Note("observe.holidays_shut", {"count": len(told), "dates": told})] if told else []
