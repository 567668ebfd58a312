"""Stamps of another clock than the shop's: UTC, no summer time, a witness of another time zone.

People keep to the local clock. Where stamps are UTC the day's profile seems to move by an hour when
the clocks change; where a street counter's clock is set wrongly its night is not at night.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import DAY
from hoursopt.observations.channels import Note
from hoursopt.observations.suggest import FoundHours, SuggestedHours
from hoursopt.shop import Shop

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EPOCH = dt.date(1970, 1, 1)
WEEKS_AROUND = 3
FEW_COUNTS = 40
"""Counts on each side of a clock change below which nothing is said."""
MOVED = 8.0
"""Difference of deviances, in units of their own scatter, from which on the profile has moved."""
PROBABLE_NIGHT = 3.75
"""Hour at the middle of the six quietest: 3.0 to 4.5 at 16 street counters, to 5.0 online."""
NIGHT_TOLERANCE = 2.25
NIGHT_SHARE = 0.10
"""Share of the counts in the six quietest hours up to which a place has a night."""
NIGHT_COUNTS = 500
LIVELY_HOURS = 20
ALIKE = 3
"""Weekdays that must be shifted alike for the whole clock to be wrong."""
SHIFT_SLACK = 30


@dataclass(frozen=True)
class Counted:
    """Stamps or interval starts of a source: minutes of the local clock since 1970, and counts."""

    clock: Ints
    counts: Floats


@dataclass(frozen=True)
class ClockChange:
    """The first day on a new offset, and how many hours the clock was put on."""

    date: dt.date
    hours: int


def clock_changes(timezone: str, first: dt.date, last: dt.date) -> list[ClockChange]:
    """The clock changes after the first day, up to the last, by whole hours."""
    zone = ZoneInfo(timezone)
    days = [first + dt.timedelta(days=step) for step in range((last - first).days + 1)]
    offsets = [_offset(zone, day) for day in days]
    steps = zip(days[1:], offsets, offsets[1:], strict=False)
    return [
        ClockChange(day, (after - before) // 60)
        for day, before, after in steps
        if after != before and (after - before) % 60 == 0
    ]


@dataclass(frozen=True)
class Movement:
    """How stamps behave at the clock changes `told`.

    against: evidence that the day's profile moves against the clock, as UTC does. along: that it
    moves with it, as local times do that were taken for UTC. Both count from `MOVED` on.
    """

    against: float
    along: float
    told: tuple[ClockChange, ...]


def movement(
    counted: Counted, changes: list[ClockChange], unlike: Container[dt.date] = ()
) -> Movement:
    """Whether stamps follow the clock changes; days of `unlike` are left out.

    For each change the hourly profiles of three weeks before and after are compared as they are and
    moved by an hour either way, by the Poisson deviance from one common profile in units of what
    the best of the three leaves over per degree of freedom.
    """
    told, against, along = [], 0.0, 0.0
    days = counted.clock // DAY
    for change in changes:
        number = (change.date - EPOCH).days
        near = np.flatnonzero(np.abs(days - number + 0.5) < 7 * WEEKS_AROUND)
        plain = {day for day in np.unique(days[near]) if _date(day) not in unlike}
        near = near[np.isin(days[near], list(plain))]
        late = days[near] >= number
        hours = counted.clock[near] % DAY // 60
        counts = counted.counts[near]
        before, after = _by_hour(hours[~late], counts[~late]), _by_hour(hours[late], counts[late])
        if min(before.sum(), after.sum()) < FEW_COUNTS:
            continue
        still, back, on = (
            _deviance(np.roll(before, move), after) for move in (0, -change.hours, change.hours)
        )
        freedom = max(int((before + after > 0).sum()) - 1, 1)
        scatter = max(1.0, min(still, back, on) / freedom)
        told.append(change)
        against += (min(still, on) - back) / scatter
        along += (min(still, back) - on) / scatter
    return Movement(against, along, tuple(told))


def utc_notes(
    shop: Shop, sources: Mapping[str, Counted], special: Container[dt.date]
) -> list[Note]:
    """Sources whose stamps do not follow the clock changes.

    That they follow them twice is only said of times that were put on the shop's clock: people in
    the street go by the sun as well, and stay out later once the clock is put on.
    """
    notes = []
    for source, counted in sources.items():
        days = counted.clock // DAY
        changes = clock_changes(shop.timezone, _date(days.min()), _date(days.max()))
        found = movement(counted, changes, special)
        values: dict[str, object] = {
            "source": source,
            "dates": tuple(change.date for change in found.told),
            "table": f"[sources.options.{source}]",
        }
        zone = shop.sources.option(source).timezone
        if found.against >= MOVED:
            fixed = _fixed_zone(_winter_offset(shop.timezone, found.told))
            notes.append(Note("observe.utc_stamps", {**values, "fixed": fixed}))
        elif found.along >= MOVED and zone is not None and zone != shop.timezone:
            notes.append(Note("observe.moves_with_clock", {**values, "zone": zone}))
    return notes


def night_notes(shop: Shop, sources: Mapping[str, Counted]) -> list[Note]:
    """Round-the-clock witnesses whose quietest hours are not at night."""
    notes = []
    for source in ("street", "orders"):
        if source not in sources:
            continue
        counted = sources[source]
        middle = quietest(_by_hour(counted.clock % DAY // 60, counted.counts))
        if middle is None:
            continue
        off = (middle - PROBABLE_NIGHT + 12) % 24 - 12
        if abs(off) > NIGHT_TOLERANCE:
            start = round(middle - 3) % 24
            values = {
                "source": source,
                "hours": f"{start:02d}:00-{(start + 6) % 24:02d}:00",
                "shift": f"{round(off):+d}",
                "table": f"[sources.options.{source}]",
            }
            notes.append(Note("observe.night_by_day", values))
    return notes


def shift_notes(shop: Shop, found: SuggestedHours) -> tuple[list[Note], tuple[FoundHours, ...]]:
    """The whole week earlier or later than stated, and the periods of which that is said."""
    shifted = {period: hours for period in found.periods if (hours := _shift(shop, period))}
    if not shifted:
        return [], ()
    values: dict[str, object] = {
        "source": found.source,
        "table": f"[sources.options.{found.source}]",
        "shift": ", ".join(dict.fromkeys(f"{hours:+d}" for hours in shifted.values())),
    }
    zone = ZoneInfo(shop.timezone)
    utc = all(
        hours == -round(_offset(zone, _middle(period)) / 60) for period, hours in shifted.items()
    )
    key = "observe.shifted_as_utc" if utc else "observe.shifted"
    return [Note(key, values)], tuple(shifted)


def quietest(profile: Floats) -> float | None:
    """Hour in the middle of the six quietest hours of a profile (24,); None without a night."""
    if profile.sum() < NIGHT_COUNTS or (profile > 0).sum() < LIVELY_HOURS:
        return None
    around = np.array([np.roll(profile, 3 - hour)[:6].sum() for hour in range(24)])
    if around.min() > NIGHT_SHARE * profile.sum():
        return None
    least = np.flatnonzero(around <= 1.1 * around.min())
    turn = np.angle(np.exp(2j * np.pi * least / 24).sum())
    return float(turn * 12 / np.pi % 24)


def _shift(shop: Shop, period: FoundHours) -> int:
    """Whole hours by which all weekdays are later than stated; 0 where they are not alike."""
    moves: list[int] = []
    edges = []
    for difference in period.differences:
        if len(difference.stated) != 1 or len(difference.found) != 1:
            continue
        (stated,), (found,) = difference.stated, difference.found
        edges += [found.start - stated.start, found.end - stated.end] * len(difference.weekdays)
        moves += [round((found.start + found.end - stated.start - stated.end) / 120)] * len(
            difference.weekdays
        )
    if len(moves) < ALIKE:
        return 0
    hours = max(set(moves), key=moves.count)
    alike = all(abs(edge - 60 * hours) <= SHIFT_SLACK for edge in edges)
    others = sum(len(one.weekdays) for one in period.differences) - len(moves)
    return hours if alike and not others else 0


def _by_hour(hours: Ints, counts: Floats) -> Floats:
    return np.bincount(hours, counts, 24).astype(np.float64)


def _deviance(one: Floats, other: Floats) -> float:
    """Poisson deviance of two profiles from a common one."""
    common = (one + other) / (one.sum() + other.sum())
    total = 0.0
    for counts in (one, other):
        seen = counts > 0
        total += float(
            2 * (counts[seen] * np.log(counts[seen] / (counts.sum() * common[seen]))).sum()
        )
    return total


def _date(day: int) -> dt.date:
    return EPOCH + dt.timedelta(days=int(day))


def _winter_offset(timezone: str, changes: Sequence[ClockChange]) -> int:
    """Minutes east of UTC without summer time, the least on either side of the changes."""
    zone, step = ZoneInfo(timezone), dt.timedelta(days=2)
    sides = [change.date + move for change in changes for move in (-step, step)]
    return min(_offset(zone, day) for day in sides)


def _middle(period: FoundHours) -> dt.date:
    return period.first + (period.last - period.first) / 2


def _offset(zone: ZoneInfo, day: dt.date) -> int:
    """Minutes east of UTC at noon."""
    offset = dt.datetime.combine(day, dt.time(12), zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds() // 60)


def _fixed_zone(offset: int) -> str:
    """The zone that always is `offset` minutes east: its sign is the other way round."""
    hours = round(offset / 60)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"
