"""What people write into a field, and the TOML value that it means; and back.

A text that means nothing is handed on as it is: the shop's own readers refuse it, with the same
words as on the command line. Only what they could take for something else is refused here.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from hoursopt.calendar import LEAP_YEAR
from hoursopt.errors import DataError
from hoursopt.hours import DAY, Span, Spans, format_spans, format_time, join_spans, parse_span
from hoursopt.i18n import Texts, catalogue
from hoursopt.importers.moments import cut, date_parts
from hoursopt.shop import LANGUAGES

_DASH = re.compile(r"\s*(?:-|–|—|−|\bto\b|\.\.\.?|…)\s*")
_AND = re.compile(r"\s*(?:[,;&+]|\bja\b|\boch\b|\band\b)\s*")
_CLOCK = re.compile(r"(?:klo|kl)?\.?\s*(\d{1,2})(?:[.:](\d{2}))?\s*(?:h|([ap])\.?m\.?)?", re.I)
_BOTH_WAYS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_DATED = re.compile(r"(\d{4}-\d\d?-\d\d?|\d\d?[./]\d\d?[./]\d{4}|\d\d? \w+ \d{4})[\s:]*(.*)")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?|-?[.,]\d+")


@dataclass(frozen=True)
class Kind:
    """How a field's TOML value is shown in a language, and read from what was written."""

    show: Callable[[Any, Texts], str]
    read: Callable[[str], Any]


def read_number(text: str) -> Any:
    """A number with decimal comma or point and any spaces; the text itself where it is none.

    Raises DataError `workspace.which_number` for `1,000`, which is one here and a thousand there.
    """
    told = text.strip()
    if _BOTH_WAYS.fullmatch(told):
        whole, part = re.split("[.,]", told)
        raise DataError("workspace.which_number", text=told, first=f"{whole}{part}", second=whole)
    return _number(text)


def _number(text: str) -> Any:
    bare = re.sub(r"[\s'’]", "", text).replace("−", "-")
    if "," in bare and "." in bare:  # the last sign is that of the decimals
        thousands = min(",.", key=bare.rfind)
        bare = bare.replace(thousands, "")
    if not _NUMBER.fullmatch(bare):
        return text.strip()
    value = float(bare.replace(",", "."))
    return int(value) if value.is_integer() and abs(value) < 1e12 else value


def read_share(text: str) -> Any:
    """Per cent as a share of 1; DataError `workspace.tiny_share` for a share that was written."""
    value = _number(text.replace("%", ""))
    if isinstance(value, str):
        return text.strip()
    if 0 < abs(value) < 1 and "%" not in text:
        raise DataError("workspace.tiny_share", value=text.strip(), percent=float(value * 100))
    return round(value / 100, 6)


def read_range(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """One value, or two with a dash between them as a list."""

    def ends(text: str) -> Any:
        unit = " %" if "%" in text else ""
        parts = _DASH.split(text.replace("%", "").strip())
        if len(parts) == 2 and all(parts):
            values = [read(part + unit) for part in parts]
            return text.strip() if any(isinstance(value, str) for value in values) else values
        return read(text)

    return ends


def read_pair(text: str) -> Any:
    """Two numbers with a dash between them."""
    value = read_range(read_number)(text)
    return [value, value] if isinstance(value, int | float) else value


def read_clock(text: str) -> Any:
    """`17`, `17.30`, `5 pm` as `"17:30"`; DataError `workspace.clock` for an hour there is not."""
    told = text.strip()
    if re.fullmatch(r"(2[4-9]|3\d|4[0-8]):\d\d", told):  # after midnight, as the file has it
        return told
    return format_time(_minutes(told)) if _CLOCK.fullmatch(told) else told


def read_hour_or_span(text: str) -> Any:
    """An hour, or two with a dash between them."""
    if len(_DASH.split(text.strip())) == 2:
        return str(read_span(text))
    return read_clock(text)


def read_day(text: str) -> Spans:
    """The hours of a day as they stand on a door: `10-17`, `10–12, 13–17.30`, `closed`, nothing.

    Raises DataErrors `workspace.hours`, `workspace.clock`, `hours.overlap`.
    """
    told = text.strip().casefold()
    if told in _closed_words():
        return ()
    return join_spans(read_span(part) for part in _AND.split(told) if part)


def read_span(text: str) -> Span:
    """`10-17.30`; an end that is not after its start is on the next morning."""
    parts = _DASH.split(text.strip())
    if len(parts) != 2 or not all(_CLOCK.fullmatch(part.strip()) for part in parts):
        raise DataError("workspace.hours", text=text.strip())
    start, end = map(_minutes, parts)
    if start == end:
        raise DataError("workspace.no_time_between", text=text.strip())
    return Span(start % DAY, end if end > start % DAY else end + DAY)


def read_date(text: str) -> Any:
    """A date, day before month unless the year comes first; as TOML writes it."""
    parts = date_parts(cut(text.strip())[0])
    found = parts.read("ymd" if re.match(r"\d{4}", text.strip()) else "dmy") if parts else None
    return found or text.strip()


def read_month_day(text: str) -> Any:
    """`1.6.`, `1 Jun` or `06-01` as `"06-01"`."""
    told = text.strip()
    if re.fullmatch(r"\d{2}-\d{2}", told):
        return told
    found = read_date(f"{told.rstrip('.')}.{LEAP_YEAR}" if "." in told else f"{told} {LEAP_YEAR}")
    return f"{found:%m-%d}" if isinstance(found, dt.date) else told


def read_dates(text: str) -> Any:
    """Dates, and stretches of them with a dash between, one a line or with commas."""
    found: list[Any] = []
    for part in filter(None, re.split(r"\s*[,;\n]\s*", text.strip())):
        # The dashes of 2026-03-02 stand without space; they part no two dates.
        ends = re.split(r"\s*–\s*|\s+-\s+", part)
        if len(ends) == 1 and not re.match(r"\d{4}-", part):
            ends = _DASH.split(part)
        if len(ends) == 2 and isinstance(last := read_date(ends[1]), dt.date):
            found.append([_same_year(ends[0], last), last])
        else:
            found.append(read_date(part))
    return found


def _same_year(text: str, last: dt.date) -> Any:
    """The first date of a stretch, which may leave its year to the last: `25.7.–2.8.2026`."""
    first = read_date(text)
    if isinstance(first, dt.date):
        return first
    day = read_month_day(text)
    if re.fullmatch(r"\d{2}-\d{2}", day):
        year = last.year - (day > f"{last:%m-%d}")
        try:
            return dt.date(year, int(day[:2]), int(day[3:]))
        except ValueError:
            return first
    return first


def read_exceptions(text: str) -> tuple[list[dt.date], dict[str, str]]:
    """Lines of a date and its hours: the dates that are closed, and the hours of the others.

    Raises DataError `workspace.exception` for a line without a date, and those of `read_day`.
    """
    closed: list[dt.date] = []
    hours: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _DATED.fullmatch(line)
        date = read_date(found[1]) if found else None
        if found is None or not isinstance(date, dt.date):
            raise DataError("workspace.exception", text=line)
        spans = read_day(found[2])
        if spans:
            hours[date.isoformat()] = format_spans(spans)
        else:
            closed.append(date)
    return closed, hours


def show_day(spans: Spans, t: Texts) -> str:
    """The hours of a day as they are written into a field; nothing for a closed day."""
    return ", ".join(t.span(span) for span in spans)


def show_number(value: Any, t: Texts) -> str:
    """A number in the reader's form, never one that may be read both ways; a text as it is."""
    if not _is_number(value):
        return _text(value)
    told = t.number(value, digits=6, grouped=False)
    return f"{told}0" if _BOTH_WAYS.fullmatch(told) else told


def show_share(value: Any, t: Texts) -> str:
    """A share in per cent, without the sign, which stands in the label."""
    return t.number(100 * value, digits=4, grouped=False) if _is_number(value) else _text(value)


def show_range(show: Callable[[Any, Texts], str]) -> Callable[[Any, Texts], str]:
    """One value, or two with a dash between them."""

    def ends(value: Any, t: Texts) -> str:
        if isinstance(value, Sequence) and not isinstance(value, str):
            return "–".join(show(part, t) for part in value)
        return show(value, t)

    return ends


def show_clock(value: Any, t: Texts) -> str:
    """A clock time, or two, as on a door."""
    if isinstance(value, dt.time):
        return t.time(value.hour * 60 + value.minute)
    if not isinstance(value, str):
        return _text(value)
    try:
        if "-" in value:
            return t.span(parse_span(value))
        return value if _toml_minutes(value) > DAY else t.time(_toml_minutes(value))
    except (DataError, ValueError):
        return value


def show_date(value: Any, t: Texts) -> str:
    """A date."""
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            return value
    return t.date(value) if isinstance(value, dt.date) else _text(value)


def show_month_day(value: Any, t: Texts) -> str:
    """A day of the year."""
    try:
        return t.day(dt.date(LEAP_YEAR, int(value[:2]), int(value[3:])))
    except (TypeError, ValueError):
        return _text(value)


def show_dates(value: Any, t: Texts) -> str:
    """Dates and stretches, one a line."""
    if not isinstance(value, list):
        return _text(value)
    return "\n".join(
        "–".join(show_date(end, t) for end in part)
        if isinstance(part, list)
        else show_date(part, t)
        for part in value
    )


def show_exceptions(closed: Any, hours: Any, t: Texts) -> str:
    """A line for each date, in their order."""
    lines = {show_key(date): t("common.closed") for date in closed or ()}
    for date, given in (hours or {}).items():
        spans = [parse_span(part) for part in str(given).split(",")] if "-" in str(given) else []
        lines[date] = show_day(tuple(spans), t) or t("common.closed")
    return "\n".join(f"{show_date(date, t)}: {told}" for date, told in sorted(lines.items()))


def show_key(date: Any) -> str:
    """A date as it stands as a key in the file."""
    return date.isoformat() if isinstance(date, dt.date) else str(date)


KINDS = {
    "text": Kind(lambda value, t: _text(value), str.strip),
    "number": Kind(show_number, read_number),
    "share": Kind(show_share, read_share),
    "share_range": Kind(show_range(show_share), read_range(read_share)),
    "number_range": Kind(show_range(show_number), read_range(read_number)),
    "pair": Kind(show_range(show_number), read_pair),
    "clock": Kind(show_clock, read_clock),
    "hour_or_span": Kind(show_clock, read_hour_or_span),
    "date": Kind(show_date, read_date),
    "month_day": Kind(show_month_day, read_month_day),
    "dates": Kind(show_dates, read_dates),
}
"""The kinds of fields into which people write; an empty field is no value."""


def _minutes(text: str) -> int:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise DataError("workspace.hours", text=text.strip())
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            raise DataError("workspace.clock", text=text.strip())
        hour = hour % 12 + (12 if found[3].casefold() == "p" else 0)
    if minute > 59 or hour * 60 + minute > DAY:
        raise DataError("workspace.clock", text=text.strip())
    return hour * 60 + minute


def _toml_minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


@cache
def _closed_words() -> frozenset[str]:
    said = (str(catalogue(language)["setup.closed_words"]) for language in LANGUAGES)
    words = (word.casefold() for text in said for word in text.split(", "))
    return frozenset({"", "-", "–", "off", *words})


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
