"""Who would like to come, and when: kinds of visitors with clocks, seasons and moods of their own.

Nothing here has the form of the fit: demand is a sum of kinds, each with its own day, week and
year, under weather that lasts for days. The axis of hours is the trading day from 00:00 to 30:00.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import WEEKDAYS, Grid, Span, parse_days, parse_span
from hoursopt.simulate.chance import Chance

Floats = NDArray[np.float64]
Peaks = tuple[tuple[float, float, float], ...]

AXIS_HOURS = 30
DAY_NOISE = 0.10
HOUR_NOISE = 0.12
MID_MONTHS = np.array([(30.4375 * month) - 15.2 for month in range(1, 13)])


@dataclass(frozen=True)
class Visitors:
    """One kind of visitors.

    buyers: customers a day who would want to come to the shop, `passers` the people of this kind in
    the street, on a day on which all factors are 1. clock: peaks (hour, width in hours, share);
    `clock_on` has other peaks for some weekdays. week: seven factors, Monday first. year: a factor
    for the middle of each month. weather: log effect of weather better by one sd. holiday, eve and
    event: factors of such days.
    """

    name: str
    buyers: float
    passers: float
    basket: float
    clock: Peaks
    clock_on: Mapping[int, Peaks]
    week: tuple[float, ...]
    year: tuple[float, ...]
    weather: float = 0.0
    holiday: float = 1.0
    eve: float = 1.0
    event: float = 1.0

    def day_shape(self, weekday: int, slot_minutes: int) -> Floats:
        """Share of the day's visitors in each slot of the axis; sums to 1."""
        edges = np.arange(0, AXIS_HOURS * 60 + 1, slot_minutes) / 60
        shape = np.zeros(edges.size - 1)
        for hour, width, share in self.clock_on.get(weekday, self.clock):
            below = [math.erf((edge - hour) / (width * math.sqrt(2))) for edge in edges]
            shape += share * np.diff(below)
        return np.round(shape / shape.sum(), 12)

    def daily(self, dates: Sequence[dt.date], trend: float, since: dt.date) -> Floats:
        """(N,) factors of ordinary days: week, year and trend."""
        days = np.array([date.timetuple().tm_yday for date in dates], dtype=np.float64)
        year = np.interp(days, MID_MONTHS, self.year, period=365.25)
        week = np.array([self.week[date.weekday()] for date in dates])
        years = np.array([(date - since).days / 365.25 for date in dates])
        return year * week * (1 + trend * years)


@dataclass(frozen=True)
class Diverted:
    """The true diversion parameters; DESIGN part 3."""

    recaptured: float
    reach_hours: float
    next_day: float
    online: float


@dataclass(frozen=True)
class Duty:
    """One shift of the week's rota: weekdays, span and people."""

    weekdays: tuple[int, ...]
    span: Span
    people: int


@dataclass(frozen=True)
class Town:
    """The world around one shop.

    visitors want to come to the shop, web are the customers of the web shop's own level. trend:
    growth a year. persistence: of the weather from day to day. holidays and eves as dates. shut:
    days on which the shop was closed although its hours say otherwise. dead and missing: spells
    [from, to) of the street counter without counts, or without rows. rota: who serves; without
    one nobody waits.
    """

    first: dt.date
    last: dt.date
    trend: float
    persistence: float
    basket_spread: float
    diversion: Diverted
    visitors: tuple[Visitors, ...]
    web: tuple[Visitors, ...]
    holidays: frozenset[dt.date]
    eves: frozenset[dt.date]
    shut: frozenset[dt.date]
    dead: tuple[tuple[dt.datetime, dt.datetime], ...]
    missing: tuple[tuple[dt.datetime, dt.datetime], ...]
    flavour: Mapping[str, str]
    rota: tuple[Duty, ...] = ()

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The days that the files cover."""
        return tuple(days_between(self.first, self.last))

    def replace(self, **changes: object) -> Town:
        """A copy with other parts."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Moods:
    """What makes each day unlike the mean one: arrays over days (N,), same for all visitors."""

    weather: Floats
    special: tuple[str, ...]


def moods(town: Town, events: frozenset[dt.date], chance: Chance) -> Moods:
    """Weather as AR(1) of sd 1, and what kind of special day each date is."""
    shocks = chance.normal(len(town.dates))
    weather = np.empty(shocks.size)
    weather[0] = shocks[0]
    for day in range(1, shocks.size):
        fresh = math.sqrt(1 - town.persistence**2) * shocks[day]
        weather[day] = town.persistence * weather[day - 1] + fresh
    special = tuple(
        "holiday"
        if date in town.holidays
        else "eve"
        if date in town.eves
        else "event"
        if date in events
        else ""
        for date in town.dates
    )
    return Moods(weather, special)


def intensity(
    town: Town, kinds: Sequence[Visitors], mood: Moods, slot_minutes: int, chance: Chance
) -> Floats:
    """(K, N, A) expected visitors of each kind per day and slot of the axis, one a day at factor 1.

    Times `buyers` they want to come to the shop, times `passers` they pass in the street.
    """
    dates = town.dates
    weekdays = np.array([date.weekday() for date in dates])
    slots = AXIS_HOURS * 60 // slot_minutes
    result = np.zeros((len(kinds), len(dates), slots))
    # Showers and other people's plans: shared by all who are out in the same two hours.
    blocks = np.arange(slots) * slot_minutes // 120
    hours = chance.lognormal(HOUR_NOISE, len(dates), int(blocks[-1]) + 1)[:, blocks]
    for number, kind in enumerate(kinds):
        shapes = np.array([kind.day_shape(weekday, slot_minutes) for weekday in range(7)])
        factors = {"": 1.0, "holiday": kind.holiday, "eve": kind.eve, "event": kind.event}
        day = kind.daily(dates, town.trend, town.first)
        day = day * np.array([factors[name] for name in mood.special])
        day = day * np.exp(kind.weather * mood.weather - kind.weather**2 / 2)
        day = day * chance.lognormal(DAY_NOISE, len(dates))
        result[number] = day[:, None] * shapes[weekdays] * hours
    return result


def mean_week(town: Town, kind: Visitors, dates: Sequence[dt.date], slot_minutes: int) -> Floats:
    """(7, A) expected visitors of one kind on ordinary days of `dates`, as a mean week."""
    daily = kind.daily(dates, town.trend, town.first)
    weekdays = np.array([date.weekday() for date in dates])
    week = np.zeros((7, AXIS_HOURS * 60 // slot_minutes))
    for weekday in range(7):
        of_day = daily[weekdays == weekday]
        level = of_day.sum() / max(of_day.size, 1)
        week[weekday] = kind.buyers * level * kind.day_shape(weekday, slot_minutes)
    return week


def slots_of(grid: Grid) -> slice:
    """The slots of a grid on the axis."""
    first = grid.earliest // grid.slot_minutes
    return slice(first, first + grid.size)


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """All dates from `first` to `last`, both with them."""
    return [first + dt.timedelta(days=day) for day in range((last - first).days + 1)]


def read_town(data: Mapping[str, Any]) -> Town:
    """A town from the tables of its TOML file."""
    special = data.get("special", {})
    street = data.get("street", {})
    return Town(
        first=data["first"],
        last=data["last"],
        trend=data["trend"],
        persistence=data["persistence"],
        basket_spread=data["basket_spread"],
        diversion=Diverted(**data["diversion"]),
        visitors=tuple(_visitors(table) for table in data["visitors"]),
        web=tuple(_visitors(table) for table in data.get("web", ())),
        holidays=frozenset(special.get("holidays", ())),
        eves=frozenset(special.get("eves", ())),
        shut=frozenset(_days(special.get("shut", ()))),
        dead=tuple((start, end) for start, end in street.get("dead", ())),
        missing=tuple((start, end) for start, end in street.get("missing", ())),
        flavour=data.get("flavour", {}),
        rota=tuple(
            Duty(parse_days(duty["days"]), parse_span(duty["span"]), duty["people"])
            for duty in data.get("rota", ())
        ),
    )


def _visitors(table: Mapping[str, Any]) -> Visitors:
    clock_on = {
        WEEKDAYS.index(day): tuple(map(tuple, peaks))
        for day, peaks in table.get("clock_on", {}).items()
    }
    named = {key: value for key, value in table.items() if key not in ("clock", "clock_on")}
    named["week"] = tuple(table.get("week", (1.0,) * 7))
    named["year"] = tuple(table.get("year", (1.0,) * 12))
    return Visitors(clock=tuple(map(tuple, table["clock"])), clock_on=clock_on, **named)


def _days(spells: Sequence[Any]) -> list[dt.date]:
    """Dates and [first, last] pairs of dates as single days."""
    days: list[dt.date] = []
    for spell in spells:
        first, last = spell if isinstance(spell, list) else (spell, spell)
        days += days_between(first, last)
    return days
