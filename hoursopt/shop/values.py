"""How single values of `shop.toml` are read and written.

A reader takes the TOML value and gives ours, or raises a DataError without place: the caller knows
the file and the key. A writer goes the other way.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from hoursopt.calendar import LEAP_YEAR, MonthDay
from hoursopt.errors import DataError
from hoursopt.hours import (
    LONGEST_DAY_END,
    Span,
    Spans,
    format_days,
    format_time,
    join_spans,
    parse_days,
    parse_span,
    parse_time,
)
from hoursopt.shop import Range

Reader = Callable[[Any], Any]

LONGEST_WEB = 200
"""A longer address makes a QR code that no telephone reads off a door."""
_WEB = re.compile(r"https?://[^\s/?#@<>\"\\]+\.[^\s/?#@<>\"\\]+([/?#][^\s<>\"\\]*)?")


def shown(value: object) -> str:
    """A faulty value as the file has it."""
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower() if isinstance(value, bool) else str(value)


def text(value: Any) -> str:
    """A text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise DataError("shop.text", value=shown(value))
    return value


def any_text(value: Any) -> str:
    """A text, empty as well."""
    return value if value == "" else text(value)


def web_address(value: Any) -> str:
    """The address of a web shop, with `https://` and a host; empty for none."""
    if value == "":
        return ""
    given = text(value)
    if not (_WEB.fullmatch(given) and len(given) <= LONGEST_WEB):
        raise DataError("shop.web", value=shown(value), longest=LONGEST_WEB)
    return given


def boolean(value: Any) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise DataError("shop.boolean", value=shown(value))
    return value


@dataclass(frozen=True)
class Choice:
    """One of `options`."""

    options: tuple[object, ...]

    def __call__(self, value: Any) -> Any:
        """The value, if it is one of them."""
        if isinstance(value, bool) or value not in self.options:
            raise DataError("shop.choice", value=shown(value), known=self.options)
        return value


def choice(*options: object) -> Choice:
    """One of `options`."""
    return Choice(options)


def _finite(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value):
        raise DataError("shop.number", value=shown(value))
    return float(value)


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`, both allowed; up to 1 it is a share."""

    low: float
    high: float

    def __call__(self, value: Any) -> float:
        """The number, if it is one and within the bounds."""
        given = _finite(value)
        if given < self.low and math.isinf(self.high):
            raise DataError("shop.at_least", value=shown(value), low=f"{self.low:g}")
        if not self.low <= given <= self.high:
            key = "shop.share" if self.is_share else "shop.between"
            raise DataError(key, value=shown(value), low=f"{self.low:g}", high=f"{self.high:g}")
        return given

    @property
    def is_share(self) -> bool:
        """Whether it is a share of something, which people write in per cent."""
        return self.high <= 1


def number(low: float = 0.0, high: float = math.inf) -> Number:
    """A number from `low` to `high`, both allowed."""
    return Number(low, high)


def positive(value: Any) -> float:
    """A number above zero."""
    given = _finite(value)
    if given <= 0:
        raise DataError("shop.positive", value=shown(value))
    return given


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def __call__(self, value: Any) -> int:
        """The number, if it is one and within the bounds."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise DataError("shop.whole", value=shown(value))
        if not self.low <= value <= self.high:
            raise DataError("shop.between", value=value, low=self.low, high=self.high)
        return value


def whole(low: int, high: int) -> Whole:
    """A whole number from `low` to `high`."""
    return Whole(low, high)


@dataclass(frozen=True)
class Pair:
    """`[low, high]`, each as `read` has it."""

    read: Reader

    def __call__(self, value: Any) -> tuple[Any, Any]:
        """Both, in order."""
        if not isinstance(value, list) or len(value) != 2:
            raise DataError("shop.pair", value=shown(value))
        low, high = (self.read(part) for part in value)
        if low > high:
            raise DataError("shop.order", low=shown(value[0]), high=shown(value[1]))
        return low, high


def pair(read: Reader) -> Pair:
    """`[low, high]`."""
    return Pair(read)


@dataclass(frozen=True)
class RangeOf:
    """A number that is known, or its 80 % range `[low, high]`, as `read` has numbers."""

    read: Reader

    def __call__(self, value: Any) -> Range:
        """The range; of one number where that is known."""
        ends = pair(self.read)(value) if isinstance(value, list) else [self.read(value)] * 2
        return Range(*ends)


def range_of(read: Reader) -> RangeOf:
    """A number that is known, or its 80 % range `[low, high]`."""
    return RangeOf(read)


@dataclass(frozen=True)
class Clock:
    """Minutes of `"HH:MM"` or a TOML time, up to `latest`."""

    latest: int

    def __call__(self, value: Any) -> int:
        """The minutes."""
        if isinstance(value, dt.time):
            return value.hour * 60 + value.minute
        minutes = parse_time(text(value))
        if minutes > self.latest:
            raise DataError("shop.too_late", value=shown(value), limit=format_time(self.latest))
        return minutes


def clock(latest: int) -> Clock:
    """Minutes of `"HH:MM"` or a TOML time, up to `latest`."""
    return Clock(latest)


def hour_or_span(value: Any) -> int | Span:
    """`"17:00"` or `"12:00-13:00"`."""
    if isinstance(value, str) and "-" in value:
        return parse_span(value)
    minutes: int = clock(LONGEST_DAY_END)(value)
    return minutes


def date(value: Any) -> dt.date:
    """A TOML date, or the same as text."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise DataError("shop.date", value=shown(value)) from None


def dates(value: Any) -> tuple[dt.date, ...]:
    """A list of dates."""
    return tuple(date(part) for part in _list(value))


def stretches(value: Any) -> tuple[tuple[dt.date, dt.date], ...]:
    """A list of dates and of pairs `[first, last]`."""
    ends = pair(date)
    found = [ends(part) if isinstance(part, list) else [date(part)] * 2 for part in _list(value)]
    return tuple((first, last) for first, last in found)


def month_day(value: Any) -> MonthDay:
    """`"MM-DD"`; 29 February is one."""
    found = re.fullmatch(r"(\d{2})-(\d{2})", value) if isinstance(value, str) else None
    try:
        if found:
            day = dt.date(LEAP_YEAR, int(found[1]), int(found[2]))
            return day.month, day.day
    except ValueError:
        pass
    raise DataError("shop.month_day", value=shown(value))


def spans(value: Any) -> Spans:
    """`"10:00-12:00,13:00-17:00"`, or `"off"`."""
    if value in ("off", "closed"):
        return ()
    return join_spans(parse_span(part) for part in text(value).split(","))


def hours_by_date(value: Any) -> dict[dt.date, Spans]:
    """Hours of single dates."""
    return {date(day): spans(given) for day, given in _table(value).items()}


def texts(value: Any) -> tuple[str, ...]:
    """A text or a list of texts."""
    return tuple(text(part) for part in (_list(value) if isinstance(value, list) else [value]))


def text_by_name(value: Any) -> dict[str, str]:
    """A table of texts."""
    return {name: text(given) for name, given in _table(value).items()}


def days_and_holidays(value: Any) -> tuple[tuple[int, ...], bool]:
    """Weekdays, and whether public holidays (`PH`) are among the days."""
    parts = [part.strip() for part in text(value).split(",")]
    weekdays = ",".join(part for part in parts if part != "PH")
    return (parse_days(weekdays) if weekdays else ()), "PH" in parts


def timezone(value: Any) -> str:
    """A name of the IANA time zone data."""
    try:
        ZoneInfo(text(value))
    except (KeyError, ValueError, OSError):
        known = get_close_matches(value, sorted(available_timezones()), n=3, cutoff=0.0)
        raise DataError("shop.timezone", value=shown(value), known=tuple(known)) from None
    return str(value)


def currency(value: Any) -> str:
    """Three capital letters (ISO 4217)."""
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{3}", value):
        raise DataError("shop.currency", value=shown(value))
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise DataError("shop.list", value=shown(value))
    return value


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DataError("shop.table", value=shown(value))
    return value


def write_range(given: Range) -> Any:
    """A number, or `[low, high]`."""
    return given.low if given.known else [given.low, given.high]


def write_days_and_holidays(days: tuple[tuple[int, ...], bool]) -> str:
    """`"Mo-Fr,PH"`."""
    weekdays, on_holidays = days
    return ",".join([*filter(None, [format_days(weekdays)]), *(["PH"] if on_holidays else [])])


def write_month_day(day: MonthDay) -> str:
    """`"MM-DD"`."""
    return f"{day[0]:02d}-{day[1]:02d}"


def write_hour_or_span(at: int | Span) -> str:
    """`"17:00"` or `"12:00-13:00"`."""
    return str(at) if isinstance(at, Span) else format_time(at)
