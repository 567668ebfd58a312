"""Dates unlike their weekday: holidays, eves, events, days beside them; whose curve they follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import special_days
from hoursopt.observations import Channel
from hoursopt.shop import Shop

Floats = NDArray[np.float64]

BETWEEN_YEARS = {(12, 27), (12, 28), (12, 29), (12, 30), (12, 31), (1, 2), (1, 3)}
NEAR_DAYS = 28
SMOOTHED_COUNT = 0.5
SUNDAY = 6


@dataclass(frozen=True)
class Mark:
    """Why a date is unlike its weekday, and its stable name.

    kind: `holiday`, `eve` or `event`; `near` for a day beside one, on which only the level differs.
    """

    kind: str
    name: str


def marks_of(shop: Shop, first: dt.date, last: dt.date) -> dict[dt.date, Mark]:
    """Dates unlike their weekday, events over holidays over eves."""
    found = special_days(shop.country, shop.subdivision, first, last, shop.language)
    marks = {day.date: Mark(day.kind, day.id) for day in found if day.kind == "eve"}
    marks |= {day.date: Mark(day.kind, day.id) for day in found if day.kind == "holiday"}
    for event in shop.events:
        for start, end in event.dates:
            for number in range((end - start).days + 1):
                marks[start + dt.timedelta(days=number)] = Mark("event", event.name)
    return marks


def near_marks(marks: Mapping[dt.date, Mark], first: dt.date, last: dt.date) -> dict[dt.date, Mark]:
    """Days beside a public holiday, and those between the years, that are not marked themselves.

    They keep their weekday's curve; only their level differs.
    """
    found: dict[dt.date, Mark] = {}
    holidays = {date: mark.name for date, mark in marks.items() if mark.kind == "holiday"}
    for date, name in sorted(holidays.items()):
        found[date + dt.timedelta(days=1)] = Mark("near", f"after {name}")
    for date, name in sorted(holidays.items()):
        found[date - dt.timedelta(days=1)] = Mark("near", f"before {name}")
    for date in (first + dt.timedelta(days=day) for day in range((last - first).days + 1)):
        christmas = dt.date(date.year - (date.month == 1), 12, 25)
        if christmas in holidays and (date.month, date.day) in BETWEEN_YEARS:
            found[date] = Mark("near", "between the years")
    return {date: mark for date, mark in found.items() if date not in marks}


def open_marks(
    dates: Sequence[dt.date], channel: Channel, marks: Mapping[dt.date, Mark]
) -> frozenset[str]:
    """Names of the marks on whose dates a channel was ever exposed."""
    found = (marks.get(date) for day, date in enumerate(dates) if channel.exposure[day].any())
    return frozenset(mark.name for mark in found if mark is not None)


def weekday_holidays(
    dates: Sequence[dt.date],
    weekday: NDArray[np.intp],
    channel: Channel,
    marks: Mapping[dt.date, Mark],
) -> frozenset[str]:
    """Names of the public holidays that trade like their own weekday rather than like a Sunday.

    Chosen by name, by Poisson deviance against the mean days of the weeks around, for the
    weekday's curve of commuters on a holiday is the worst guess, and the Sunday's is wrong where a
    holiday is none for shops. One never seen open follows the Sunday; where no Sunday was ever
    open, all follow their weekday, for of the Sunday less is known.
    """
    if channel.exposure[weekday == SUNDAY].sum() <= 0:
        return frozenset(mark.name for mark in marks.values() if mark.kind == "holiday")
    counts = np.where(channel.exposure > 0, channel.counts, 0.0)
    plain = np.array([date not in marks for date in dates])
    number = np.array([date.toordinal() for date in dates])
    worse: dict[str, float] = {}
    for day, date in enumerate(dates):
        mark = marks.get(date)
        open_slots = channel.exposure[day] > 0
        if mark is None or mark.kind != "holiday" or weekday[day] == SUNDAY or not open_slots.any():
            continue
        near = plain & (np.abs(number - number[day]) <= NEAR_DAYS)
        told = [
            _deviance(counts, channel.exposure, near & (weekday == kind), day, open_slots)
            for kind in (SUNDAY, int(weekday[day]))
        ]
        worse[mark.name] = worse.get(mark.name, 0.0) + told[0] - told[1]
    return frozenset(name for name, excess in worse.items() if excess > 0)


def curve_weekday(
    date: dt.date, marks: Mapping[dt.date, Mark], like_weekdays: frozenset[str]
) -> int:
    """The weekday whose curve a date follows."""
    mark = marks.get(date)
    holiday = mark is not None and mark.kind == "holiday" and mark.name not in like_weekdays
    return SUNDAY if holiday else date.weekday()


def _deviance(
    counts: Floats,
    exposure: Floats,
    like: NDArray[np.bool_],
    day: int,
    open_slots: NDArray[np.bool_],
) -> float:
    """Poisson deviance of a day's counts around the mean of the days alike; slots open then."""
    seen, could = counts[like][:, open_slots].sum(axis=0), exposure[like][:, open_slots].sum(axis=0)
    if not (could > 0).all():
        return np.inf  # of a weekday on which the shop is shut nothing can follow
    mean = (seen + SMOOTHED_COUNT) / could * exposure[day, open_slots]
    count = counts[day, open_slots]
    logs = count * np.log(np.where(count > 0, count, 1.0) / mean)
    return float(2 * np.sum(np.where(count > 0, logs, 0.0) - (count - mean)))
