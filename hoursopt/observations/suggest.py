"""Opening hours proposed from receipts or the door counter, with the dates on which they changed.

Stated hours are not looked at while hours are found, so that wrong ones cannot spoil it; they only
say where the trading day may begin, and how many openings a day may have.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hoursopt.calendar import special_days
from hoursopt.errors import DataError
from hoursopt.hours import (
    DAY,
    WEEKDAYS,
    Grid,
    OpeningHours,
    Span,
    Spans,
    format_days,
    format_time,
)
from hoursopt.observations.changes import Look, Period, find_periods
from hoursopt.observations.counting import (
    AFTER_CLOSING,
    BEFORE_OPENING,
    Intervals,
    Stamps,
    count_orders,
    spread_intervals,
)
from hoursopt.observations.opened import FoundWeek
from hoursopt.shop import Shop

Floats = NDArray[np.float64]
Certainty = Literal["sure", "likely", "unsure"]

FINEST = 30
"""Minutes of the slots in which receipts are looked at, finer only where the shop's grid is."""
LATEST_START = 6
"""Hour up to which a trading day may still be that of the day before."""
QUIET = 0.002
"""Share of customers around the start of the trading day that still is the quiet of the night."""
SURE, LIKELY = 0.9, 0.5
CONTRADICTED = 3.0
"""Log odds of the hours found to those stated from which on the counts contradict these."""
FEW_WEEKS = 4.0
QUARTER = 15
QUEUE_SEEN, QUEUE_LESS, QUEUE_ENDS = 4.0, 0.75, 0.15
"""Receipts in a quarter before closing that tell, and shares of them in the next two quarters."""
TELLING, HARDLY_TELLING = 25.0, 8.0
"""Customers of a weekday's dates together: from the first on 97 % of the weekdays called sure were
right in simulations, below the second half of what looked likely was wrong."""
LEAST_DATES = 3
"""Dates of a weekday below which nothing is sure."""


@dataclass(frozen=True)
class Stretch:
    """Hours on some weekdays of which something must be said; share: of days with a customer."""

    weekdays: tuple[int, ...]
    span: Span
    share: float


@dataclass(frozen=True)
class Difference:
    """Weekdays on which other hours are stated than the counts show."""

    weekdays: tuple[int, ...]
    stated: Spans
    found: Spans


@dataclass(frozen=True)
class FoundHours:
    """Hours of a period, as counts show them.

    start: the day on which they began, None for the first ones. between: the days between which
    they began, as far as counts can tell. certainty: by weekday. unsure: open or closed, nobody can
    tell. irregular: closed as a rule, and yet somebody buys now and then. differences: from the
    hours stated for that time, where counts contradict these.
    """

    start: dt.date | None
    between: tuple[dt.date, dt.date] | None
    first: dt.date
    last: dt.date
    hours: OpeningHours
    certainty: tuple[Certainty, ...]
    unsure: tuple[Stretch, ...] = ()
    irregular: tuple[Stretch, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def weeks(self) -> float:
        """Length of the period."""
        return ((self.last - self.first).days + 1) / 7


@dataclass(frozen=True)
class SuggestedHours:
    """What `[[hours]]` could be, oldest first; `source` is what was counted."""

    source: str
    periods: tuple[FoundHours, ...]

    @property
    def toml(self) -> str:
        """`[[hours]]` blocks to paste into shop.toml."""
        return "\n".join(hours_block(period) for period in self.periods)


def suggest_hours(shop: Shop, tables: Mapping[str, pd.DataFrame]) -> SuggestedHours:
    """Hours from receipts, or from the door counter where there are none.

    Public holidays and eves are left out of the counts. Raises DataError `observe.none`.
    """
    source = next((name for name in ("receipts", "footfall") if len(tables.get(name, ()))), None)
    if source is None:
        raise DataError("observe.none")
    table = tables[source]
    clock = table["time"].to_numpy().astype("datetime64[m]").astype(np.int64)
    weights = np.ones(len(table)) if source == "receipts" else table["count"].to_numpy(np.float64)
    grid = _axis(shop, source, table, clock, weights)
    first, counts = _counted(grid, source, table, clock, weights)
    epoch = dt.date(1970, 1, 1) + dt.timedelta(days=first)
    dates = [epoch + dt.timedelta(days=day) for day in range(len(counts))]
    special = special_days(shop.country, shop.subdivision, dates[0], dates[-1], shop.language)
    own = {*shop.exceptions.closed, *shop.exceptions.hours, *(day.date for day in special)}
    plain = np.array([date not in own for date in dates])
    if not counts[plain].any():
        plain[:] = True
    dates = [date for date, kept in zip(dates, plain, strict=True) if kept]
    weekdays = np.array([date.weekday() for date in dates], dtype=np.intp)
    periods = find_periods(
        grid, weekdays, counts[plain], Look(_openings(shop), source == "receipts")
    )
    if source == "receipts":
        periods = _joined([_without_queue(grid, dates, period, clock) for period in periods])
    return SuggestedHours(source, tuple(_told(shop, dates, period) for period in periods))


def contradicted(found: SuggestedHours) -> Iterator[FoundHours]:
    """Periods of many weeks in which counts contradict the stated hours."""
    for period in found.periods:
        if period.differences and period.weeks >= FEW_WEEKS:
            yield period


def hours_block(period: FoundHours) -> str:
    """One `[[hours]]` block."""
    lines = ["[[hours]]"]
    if period.start is not None:
        lines.append(f"from = {period.start.isoformat()}")
    return "\n".join([*lines, f'hours = "{period.hours}"', ""])


def suggested_json(found: SuggestedHours) -> dict[str, object]:
    """The machine form: `suggested_hours` of `check --json`."""
    return {"source": found.source, "toml": found.toml, "periods": [*map(_json, found.periods)]}


def _openings(shop: Shop) -> int:
    """Two openings a day only where the owner has, or allows, two."""
    stated = max(len(spans) for force in shop.hours for spans in force.hours.days)
    return 2 if max(stated, shop.limits.intervals_per_day) > 1 else 1


def _axis(
    shop: Shop, source: str, table: pd.DataFrame, clock: NDArray[np.int64], weights: Floats
) -> Grid:
    """24 hours from the quiet of the night on, in slots as fine as the source can tell."""
    step = min(FINEST, shop.grid.slot_minutes)
    if source == "footfall":
        step = max(step, int(np.median(table["minutes"])))
        step = next((slot for slot in (15, 30, 60) if slot >= step), 60)
    hourly = np.bincount(clock % DAY // 60, weights, 24)
    around = np.array([hourly[hour - 1] + hourly[hour] for hour in range(LATEST_START + 1)])
    own = min(max(shop.grid.latest - DAY, 0) // 60, LATEST_START)
    quiet = around[own] <= around.min() + QUIET * hourly.sum()
    start = own if quiet else int(around.argmin())
    return Grid(step, 60 * start, 60 * start + DAY)


def _counted(
    grid: Grid, source: str, table: pd.DataFrame, clock: NDArray[np.int64], weights: Floats
) -> tuple[int, Floats]:
    """The first day, and counts (N, H) on the axis."""
    days = (clock - grid.earliest) // DAY
    first, number = int(days.min()), int(days.max() - days.min()) + 1
    if source == "receipts":
        return first, count_orders(grid, first, number, Stamps(clock, weights)).counts
    minutes = table["minutes"].to_numpy(dtype=np.int64)
    rows = Intervals(clock, minutes, weights, np.zeros(len(table), dtype=np.int64))
    opened = np.ones((number, grid.size))
    return first, spread_intervals(grid, first, opened, rows, open_only=False)[0].counts


def _told(shop: Shop, dates: Sequence[dt.date], period: Period) -> FoundHours:
    week = period.week
    first, last = dates[period.first], dates[period.last - 1]
    began = None if period.first == 0 else first
    between = None
    if began is not None:
        early, late = period.begins
        between = (dates[early], dates[min(late, len(dates) - 1)])
    few = ((last - first).days + 1) / 7 < 2
    return FoundHours(
        start=began,
        between=between,
        first=first,
        last=last,
        hours=week.hours,
        certainty=tuple(_certainty(week, weekday, few) for weekday in range(7)),
        unsure=_stretches(week, _unsure(week)),
        irregular=_stretches(week, _irregular(week)),
        differences=_differences(shop, dates[period.first : period.last], week),
    )


def _certainty(week: FoundWeek, weekday: int, few: bool) -> Certainty:
    """From the slot that is least sure, but for the queue at closing time."""
    chance = week.chance[weekday]
    opened = np.array(week.grid.shares(week.hours[weekday])) > 0
    right = np.where(opened, chance, 1 - chance)[~_beside(week.grid, week.hours[weekday])]
    least = float(right.min())
    trading = [day for day in range(7) if week.hours[day]]
    customers = float(week.evidence.customers[trading].mean()) if trading else 0.0
    told = not few and week.evidence.days[weekday] >= LEAST_DATES and customers >= TELLING
    if least >= SURE and told:
        return "sure"
    return "likely" if least >= LIKELY and customers >= HARDLY_TELLING else "unsure"


def _stretches(week: FoundWeek, marked: NDArray[np.bool_]) -> tuple[Stretch, ...]:
    """Marked slots (7, H) as stretches of hours, weekdays with the same stretch together."""
    found: dict[Span, list[int]] = {}
    for weekday in range(7):
        for span in week.grid.spans(marked[weekday].tolist()):
            found.setdefault(span, []).append(weekday)
    told = []
    for span, weekdays in found.items():
        slots = slice(week.grid.index(span.start), week.grid.index(span.end))
        share = float(week.evidence.seen[weekdays, slots].max(axis=1).mean())
        told.append(Stretch(tuple(weekdays), span, share))
    return tuple(told)


def _differences(shop: Shop, dates: Sequence[dt.date], week: FoundWeek) -> tuple[Difference, ...]:
    """Weekdays whose stated hours the counts of these dates contradict."""
    alike: dict[tuple[Spans, Spans], list[int]] = {}
    for weekday in range(7):
        days = [date for date in dates if date.weekday() == weekday and not _single(shop, date)]
        stated = [shop.hours_on(date) for date in days]
        if stated:
            usual = max(stated, key=stated.count)
            alike.setdefault((usual, week.hours[weekday]), []).append(weekday)
    told = []
    for (stated_spans, found), weekdays in alike.items():
        odds = sum(
            week.odds_against(weekday, _excused(week, weekday, stated_spans))
            for weekday in weekdays
        )
        if stated_spans != found and odds >= CONTRADICTED:
            told.append(Difference(tuple(weekdays), stated_spans, found))
    return tuple(told)


def _unsure(week: FoundWeek) -> NDArray[np.bool_]:
    """(7, H) slots of which counts cannot tell, not those of the queue at closing time."""
    queue = np.array([_beside(week.grid, week.hours[weekday]) for weekday in range(7)])
    return (week.chance > 1 - SURE) & (week.chance < SURE) & ~queue


def _without_queue(
    grid: Grid, dates: Sequence[dt.date], period: Period, clock: NDArray[np.int64]
) -> Period:
    """The period with closing times before the receipts of those who were already inside.

    A last quarter of an hour or two that sells less and less after a half or full hour is a queue.
    """
    first, last = dates[period.first].toordinal(), dates[period.last - 1].toordinal()
    day = (clock - grid.earliest) // DAY + dt.date(1970, 1, 1).toordinal()
    within = (day >= first) & (day <= last)
    quarter = ((clock[within] - grid.earliest) % DAY) // QUARTER
    cells = (day[within] - 1) % 7 * (DAY // QUARTER) + quarter
    counts = np.bincount(cells, minlength=7 * DAY // QUARTER).reshape(7, -1)
    hours = period.week.hours
    for spans in {spans for spans in hours.days if spans}:
        alike = [weekday for weekday in range(7) if hours[weekday] == spans]
        closing = spans[-1].end - (spans[-1].end % 30 or 30)
        at = (closing - grid.earliest) // QUARTER
        together = np.append(counts[alike].sum(axis=0), [0, 0])
        before = together[max(at - 2, 0) : at].mean()
        queue, empty = together[at], together[at + 1]
        few = empty < QUEUE_ENDS * before and queue < QUEUE_LESS * before
        if before >= QUEUE_SEEN and few and closing > spans[-1].start:
            shorter = (*spans[:-1], Span(spans[-1].start, closing))
            for weekday in alike:
                hours = hours.replace(weekday, shorter)
    return replace(period, week=period.week.with_hours(hours))


def _joined(periods: Sequence[Period]) -> list[Period]:
    """Periods of equal hours that follow one another as one, with what the longer one tells."""
    joined: list[Period] = []
    for period in periods:
        if joined and joined[-1].week.hours == period.week.hours:
            before = joined.pop()
            longer = max(before, period, key=lambda one: one.last - one.first)
            period = replace(before, last=period.last, week=longer.week)
        joined.append(period)
    return joined


def _irregular(week: FoundWeek) -> NDArray[np.bool_]:
    """(7, H) slots with a customer now and then, not those of the queue at closing time."""
    queue = np.array([_beside(week.grid, week.hours[weekday]) for weekday in range(7)])
    return week.irregular & (week.chance <= 1 - SURE) & ~queue


def _excused(week: FoundWeek, weekday: int, stated: Spans) -> Spans:
    """The stated hours, as found where counts do not contradict them.

    That is where receipts are early or late, and where an hour stated as open sells now and then.
    """
    grid = week.grid
    inside = np.array(grid.shares(stated)) >= 0.5
    found = np.array(grid.shares(week.hours[weekday])) > 0
    queue = _beside(grid, stated) & found
    missing = inside & ~found
    # Of a stretch in which some come nobody can say that it is shut; in a long one they must come
    # later than those who only pay late.
    late = _beside(grid, week.hours[weekday])
    for span in grid.spans(missing.tolist()):
        stretch = slice(grid.index(span.start), grid.index(span.end))
        some = week.irregular[weekday, stretch]
        if (some & ~late[stretch]).any() or (some.any() and late[stretch].all()):
            missing[stretch] = False
    return grid.spans(((inside & found) | missing | queue).tolist())


def _beside(grid: Grid, spans: Spans) -> NDArray[np.bool_]:
    """(H,) slots in the minutes whose receipts `counting.places` gives to the edge slots."""
    beside = np.zeros(grid.size, dtype=bool)
    for number in range(grid.size):
        slot = grid.slot(number)
        beside[number] = any(
            span.end <= slot.start < slot.end <= span.end + AFTER_CLOSING
            or span.start - BEFORE_OPENING <= slot.start < slot.end <= span.start
            for span in spans
        )
    return beside


def _single(shop: Shop, date: dt.date) -> bool:
    return date in shop.exceptions.closed or date in shop.exceptions.hours


def _json(period: FoundHours) -> dict[str, object]:
    return {
        "from": period.start and period.start.isoformat(),
        "began_between": period.between and [day.isoformat() for day in period.between],
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        "hours": str(period.hours),
        "certainty": dict(zip(WEEKDAYS, period.certainty, strict=True)),
        "unsure": [*map(_stretch_json, period.unsure)],
        "irregular": [*map(_stretch_json, period.irregular)],
        "differences": [
            {
                "days": format_days(one.weekdays),
                "stated": _spans_json(one.stated),
                "found": _spans_json(one.found),
            }
            for one in period.differences
        ],
    }


def _stretch_json(stretch: Stretch) -> dict[str, object]:
    return {
        "days": format_days(stretch.weekdays),
        "from": format_time(stretch.span.start),
        "to": format_time(stretch.span.end),
        "share_of_days": round(stretch.share, 3),
    }


def _spans_json(spans: Spans) -> list[list[str]]:
    return [[format_time(span.start), format_time(span.end)] for span in spans]
