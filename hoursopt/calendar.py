"""Seasons, public holidays, eves, weeks and clock changes; the only user of `holidays`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

import holidays
from holidays.registry import COUNTRIES

from hoursopt.errors import DataError
from hoursopt.hours import Span
from hoursopt.i18n import Texts

MonthDay = tuple[int, int]

LEAP_YEAR = 2024
ENGLISH = ("en_US", "en_GB")
# `holidays` answers an unknown language in English without a word: ask only for those it has.
_LANGUAGES = {"fi": ("fi",), "sv": ("sv_FI", "sv"), "en": ENGLISH}


@dataclass(frozen=True)
class Season:
    """Part of the year from month and day `first` to `last`, both in it; may run over New Year.

    A season that ends on 28 February holds 29 February too.
    """

    name: str
    first: MonthDay
    last: MonthDay

    def holds(self, date: dt.date) -> bool:
        """Whether a date lies in the season."""
        day = (date.month, date.day)
        last = (2, 29) if self.last == (2, 28) else self.last
        if self.first <= last:
            return self.first <= day <= last
        return day >= self.first or day <= last

    @property
    def weeks(self) -> float:
        """Length in an ordinary year."""
        start = dt.date(LEAP_YEAR + 1, 1, 1)
        return sum(self.holds(start + dt.timedelta(days=day)) for day in range(365)) / 7


WHOLE_YEAR = Season("year", (1, 1), (12, 31))


def season_of(date: dt.date, seasons: Sequence[Season]) -> Season:
    """The season of a date; ValueError if none holds it (see `check_seasons`)."""
    for season in seasons:
        if season.holds(date):
            return season
    raise ValueError(f"Expected seasons that cover the year, found none for {date}.")


def check_seasons(seasons: Sequence[Season]) -> None:
    """Refuse seasons that leave a day out or share one.

    Raises DataError `calendar.gap` or `calendar.overlap` with the first such day (`MM-DD`).
    """
    new_year = dt.date(LEAP_YEAR, 1, 1)
    for date in (new_year + dt.timedelta(days=day) for day in range(366)):
        found = [season.name for season in seasons if season.holds(date)]
        if not found:
            raise DataError("calendar.gap", date=f"{date:%m-%d}")
        if len(found) > 1:
            raise DataError(
                "calendar.overlap", date=f"{date:%m-%d}", first=found[0], second=found[1]
            )


@dataclass(frozen=True)
class CalendarDay:
    """A date unlike others: `id` its stable English name, `name` in the reader's language."""

    date: dt.date
    id: str
    name: str
    kind: Literal["holiday", "eve"]


@dataclass(frozen=True)
class _Eve:
    """The day before a holiday, or a day of the year; `key` of its text."""

    key: str
    id: str
    before: str | None = None
    day: MonthDay | None = None


_YEAR_END = (
    _Eve("christmas_eve", "Christmas Eve", day=(12, 24)),
    _Eve("new_years_eve", "New Year's Eve", day=(12, 31)),
)
_NORDIC = (
    _Eve("maundy_thursday", "Maundy Thursday", before="Good Friday"),
    _Eve("easter_saturday", "Easter Saturday", before="Easter Sunday"),
    _Eve("may_day_eve", "May Day Eve", day=(4, 30)),
    _Eve("midsummer_eve", "Midsummer Eve", before="Midsummer Day"),
    *_YEAR_END,
)
_EVES: Mapping[str, tuple[_Eve, ...]] = MappingProxyType(
    {"FI": _NORDIC, "AX": _NORDIC, "SE": _NORDIC}
)


def check_country(country: str, subdivision: str = "") -> None:
    """Refuse a country (ISO 3166-1) or part of it (ISO 3166-2) that `holidays` does not know.

    Raises DataError `calendar.country` or `calendar.subdivision`, with the nearest known ones.
    """
    codes = {name.replace("_", " "): entity[1] for name, entity in COUNTRIES.items()}
    if country not in codes.values():
        known = _nearest(country.lower(), codes) if len(country) > 2 else ()
        if country.upper() in codes.values():
            known = (country.upper(),)
        known = known or tuple(sorted(code for code in codes.values() if country[:1] == code[:1]))
        raise DataError("calendar.country", country=country, known=known)
    entity = getattr(holidays, country)
    parts = {part: part for part in entity.subdivisions} | dict(entity.subdivisions_aliases)
    if subdivision and subdivision not in parts:
        found = _nearest(subdivision, parts) or tuple(entity.subdivisions)
        raise DataError(
            "calendar.subdivision" if parts else "calendar.no_subdivisions",
            country=country,
            subdivision=subdivision,
            known=found,
        )


def _nearest(word: str, codes: Mapping[str, str]) -> tuple[str, ...]:
    found = get_close_matches(word, codes, n=3, cutoff=0.5)
    return tuple(dict.fromkeys(codes[name] for name in found))


def special_days(
    country: str, subdivision: str, first: dt.date, last: dt.date, language: str
) -> tuple[CalendarDay, ...]:
    """Public holidays and eves from `first` to `last`, both in it, one for a date, in order.

    Eves are days before a feast on which shops are open for other hours. In Finland Midsummer Eve
    and Christmas Eve are eves, for the law has them as working days whatever `holidays` says.

    Raises DataError as `check_country`.
    """
    check_country(country, subdivision)
    return tuple(
        day
        for year in range(first.year, last.year + 1)
        for day in _days_of(country, subdivision, year, language)
        if first <= day.date <= last
    )


def holiday_dates(
    country: str, subdivision: str, first: dt.date, last: dt.date
) -> frozenset[dt.date]:
    """Public holidays proper, which are paid as such; no eves."""
    days = special_days(country, subdivision, first, last, "en")
    return frozenset(day.date for day in days if day.kind == "holiday")


@cache
def _days_of(country: str, subdivision: str, year: int, language: str) -> tuple[CalendarDay, ...]:
    english = _public(country, subdivision, year, ENGLISH)
    names = _public(country, subdivision, year, _LANGUAGES[language])
    # Two feasts on one date: the first gives the id, so that it has met that day before.
    ids = {date: english.get_list(date)[0].removesuffix(" (estimated)") for date in english}
    days = {date: CalendarDay(date, name, names[date], "holiday") for date, name in ids.items()}
    own = _EVES.get(country)
    for date, eve in _eves(own or _YEAR_END, year, ids):
        # What is a public holiday elsewhere stays one; our own lists know better than the library.
        if own or date not in days:
            name = Texts(language)(f"eve.{eve.key}")
            days[date] = CalendarDay(date, eve.id, name, "eve")
    return tuple(sorted(days.values(), key=lambda day: day.date))


def _public(
    country: str, subdivision: str, year: int, wanted: Sequence[str]
) -> holidays.HolidayBase:
    """Public holidays in the first language of `wanted` that there is, else the country's own."""
    entity = getattr(holidays, country)
    supported = [language for language in wanted if language in entity.supported_languages]
    language = next(iter(supported), entity.default_language)
    return holidays.country_holidays(
        country, subdiv=subdivision or None, years=year, language=language
    )


def _eves(
    eves: Sequence[_Eve], year: int, ids: Mapping[dt.date, str]
) -> Iterator[tuple[dt.date, _Eve]]:
    for eve in eves:
        if eve.day is not None:
            yield dt.date(year, *eve.day), eve
        else:
            feasts = (date for date, name in ids.items() if name == eve.before)
            yield from ((feast - dt.timedelta(days=1), eve) for feast in feasts)


def iso_week(date: dt.date) -> tuple[int, int]:
    """Year and week by ISO 8601: weeks begin on Monday, week 1 holds the year's first Thursday."""
    year, week, _ = date.isocalendar()
    return year, week


def elapsed_minutes(date: dt.date, span: Span, timezone: str) -> int:
    """Real minutes during which the local clock shows a time within `span` of a trading day.

    A slot of 60 minutes has 0 where the clock leaps over it and 120 where it is shown twice.
    """
    zone = ZoneInfo(timezone)
    midnight = dt.datetime.combine(date, dt.time())
    clock = (midnight + dt.timedelta(minutes=minute) for minute in range(span.start, span.end))
    return sum(_times_shown(moment, zone) for moment in clock)


def _times_shown(moment: dt.datetime, zone: ZoneInfo) -> int:
    """How often the local clock shows a moment: 0, 1 or 2 times (PEP 495)."""
    first = moment.replace(tzinfo=zone, fold=0).utcoffset()
    second = moment.replace(tzinfo=zone, fold=1).utcoffset()
    if first is None or second is None or first == second:
        return 1
    return 2 if first > second else 0
