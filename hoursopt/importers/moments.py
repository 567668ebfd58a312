"""Dates and times as tills write them: one date order per column, decided from all its values.

`pd.to_datetime("1.6.2025")` is silently the 6th of January; here nothing is guessed per value. A
text is cut into date, clock and offset by shape; `d.m.y` with points is day first (no country
writes month first with points), other three-part dates are proved by a part above 12 or asked.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hoursopt.importers.coded import Coded, Flags

DATE_ORDERS = ("dmy", "mdy", "ymd")
FIRST_YEAR, LAST_YEAR = 1980, 2100

Moments = NDArray[np.datetime64]
Seconds = NDArray[np.float64]

_CUT = re.compile(
    r"(?:[^\W\d_]{2,}\.?,?\s+)?([0-9][0-9./-]*)(?:(?:\s*[T,]\s*|\s+)(?:klo|kl\.?|at)?\s*(.*))?",
    re.I,
)
_PARTS = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})\.?")
_PACKED = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"\s*(?:(?P<half>[ap])\.?\s?m\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+\u2212-][0-9]{2}:?(?:[0-9]{2})?)?",
    re.I,
)
_HOUR = re.compile(r"(?P<hour>[0-9]{1,2})\s*(?:h|(?P<half>[ap])\.?\s?m\.?)?", re.I)
_PACKED_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?")
_RANGE = re.compile(r"\s*[-\u2013]\s*[0-9]{1,2}(?:[:.][0-9]{2}){0,2}$")
_KLO = re.compile(r"^(?:klo|kl\.?)\s*", re.I)


_QUICK = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}")
_QUICK_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]([0-5][0-9]))?", re.A)
_NAMED = re.compile(
    r"(?:[^\W\d_]{2,}\.?,?\s+)??(?:(?P<day>[0-9]{1,2})\.?[\s-]+(?:of\s+|de\s+)?(?P<month>[^\W\d_]{3,})"
    r"|(?P<month_first>[^\W\d_]{3,})\.?\s+(?P<day_second>[0-9]{1,2})(?:st|nd|rd|th)?)"
    r"\.?,?[\s-]+(?P<year>[0-9]{4})(?:(?:\s*,\s*|\s+)(?:klo|kl\.?|at)?\s*(?P<clock>.*))?",
    re.I,
)
_QUICK_PAIR = "^[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4} [0-9]"
_SERIAL = re.compile(r"(?P<day>[2-7][0-9]{4})(?:[.,](?P<share>[0-9]+))?")
_FRACTION = re.compile(r"0?[.,]([0-9]{4,})")
SERIAL_ZERO = dt.date(1899, 12, 30)  # of spreadsheets' day numbers, after their 29 February 1900


@dataclass(frozen=True)
class DateParts:
    """A date's three parts as written; `pointed` where points stand between them."""

    parts: tuple[int, int, int]
    lengths: tuple[int, int, int]
    pointed: bool

    def read(self, order: str) -> dt.date | None:
        """The date under an order, None if there is none; a year of four digits in front is ymd."""
        if self.lengths[0] == 4 or order == "ymd":
            year, month, day = self.parts
            length = self.lengths[0]
        elif order == "dmy":
            day, month, year = self.parts
            length = self.lengths[2]
        else:
            month, day, year = self.parts
            length = self.lengths[2]
        if length not in (2, 4):
            return None
        year += 0 if length == 4 else 2000 if year < 70 else 1900
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        try:
            return dt.date(year, month, day)
        except ValueError:
            return None

    @property
    def orders(self) -> frozenset[str]:
        """The orders under which this is a date; a shape that speaks for itself has one."""
        if self.lengths[0] == 4:
            return frozenset(["ymd"] if self.read("ymd") else [])
        candidates = ["dmy"] if self.pointed else ["dmy", "mdy"]
        return frozenset(order for order in candidates if self.read(order))


@dataclass(frozen=True)
class OrderEvidence:
    """What a column's dates say of their order: the first text that proves each, or leaves it."""

    proofs: tuple[tuple[str, str], ...]
    open: str | None

    @property
    def order(self) -> str | None:
        """The order proved, None if nothing or several are."""
        return self.proofs[0][0] if len(self.proofs) == 1 else None


def cut(text: str) -> tuple[str, str]:
    """Date text and clock text of a cell, `("", "")` for a cell without a date in front.

    `June 1, 2025 10:37` and a spreadsheet's day number are put as `2025-06-01`.
    """
    head, _, tail = text.partition(" ")
    if tail[:1].isdigit() and _QUICK.fullmatch(head):
        return head, tail
    text = text.strip()
    found = _CUT.fullmatch(text)
    if found and _PARTS.fullmatch(found[1]):
        return found[1], found[2] or ""
    return _serial(text) or _named(text) or ((found[1], found[2] or "") if found else ("", ""))


def cut_all(cells: Coded) -> tuple[Coded, Coded]:
    """Date texts and clock texts of a column, as `cut` has them."""
    texts = cells.arrow
    # One search through all texts at once; most columns hold nothing but `1.6.2025 10.37`.
    if pc.all(pc.match_substring_regex(texts, _QUICK_PAIR)).as_py():
        halves = pc.split_pattern(texts, " ", max_splits=1).flatten()
        return _half(cells, halves[0::2]), _half(cells, halves[1::2])
    pairs = [cut(text) for text in cells.values]
    return (
        Coded.of(cells.codes, [date for date, _ in pairs]),
        Coded.of(cells.codes, [clock for _, clock in pairs]),
    )


def _half(cells: Coded, texts: pa.StringArray) -> Coded:
    distinct = texts.dictionary_encode()
    codes = distinct.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    return Coded(codes[cells.codes], distinct.dictionary.to_pylist())


def _named(text: str) -> tuple[str, str] | None:
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    month = month_names().get((found["month"] or found["month_first"]).casefold())
    if month is None:
        return None
    day = int(found["day"] or found["day_second"])
    return f"{found['year']}-{month:02d}-{day:02d}", found["clock"] or ""


def _serial(text: str) -> tuple[str, str] | None:
    """A day number as spreadsheets keep dates: 45809.4424 is 1 June 2025, 10:37:03.

    A whole number is midnight, as `holds` has it, so that a column of them is one of days.
    """
    found = _SERIAL.fullmatch(text)
    if found is None:
        return None
    seconds = round(float(f"0.{found['share'] or 0}") * 86400)
    day = SERIAL_ZERO + dt.timedelta(days=int(found["day"]))
    if seconds == 86400:
        day, seconds = day + dt.timedelta(days=1), 0
    return day.isoformat(), _spelled(seconds)


def _spelled(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@cache
def month_names() -> dict[str, int]:
    """Names and short names of months in the languages of the profiles, casefolded."""
    text = files("hoursopt.importers").joinpath("profiles", "months.toml").read_text("utf-8")
    names = tomllib.loads(text)["months"]
    return {name.casefold(): month for month, row in enumerate(names, 1) for name in row}


def date_parts(text: str) -> DateParts | None:
    """The parts of `1.6.2025`, `06/01/25`, `2025-06-01`, `20250601`; None for other texts."""
    packed = _PACKED.fullmatch(text)
    if packed:
        year, month, day = map(int, packed.groups())
        return DateParts((year, month, day), (4, 2, 2), False)
    found = _PARTS.fullmatch(text)
    if found is None:
        return None
    first, sign, second, third = found.groups()
    lengths = (len(first), len(second), len(third))
    return DateParts((int(first), int(second), int(third)), lengths, sign == ".")


def date_order(texts: Iterable[str]) -> OrderEvidence:
    """What distinct date texts say of their order."""
    proofs: dict[str, str] = {}
    undecided = None
    for text in texts:
        parts = date_parts(text)
        orders = parts.orders if parts else frozenset()
        if len(orders) == 1:
            proofs.setdefault(next(iter(orders)), text)
        elif orders and parts and parts.read("dmy") != parts.read("mdy"):
            undecided = undecided or text
    return OrderEvidence(tuple(sorted(proofs.items())), undecided)


def clock(text: str, *, alone: bool = False) -> tuple[float, float] | None:
    """Seconds from midnight and the offset from UTC in seconds (NaN: none); None for no clock.

    Of a range the start counts: `14:00 - 15:00`; where the clock is `alone` in its column also
    `14:00-15:00`, which after a date would be an offset. 24:00 is the end of the day.
    """
    quick = _QUICK_CLOCK.fullmatch(text)
    if quick:
        return float(int(quick[1]) * 3600 + int(quick[2]) * 60 + int(quick[3] or 0)), np.nan
    text = _KLO.sub("", text.strip())
    fraction = _FRACTION.fullmatch(text) if alone else None
    if fraction:
        return float(round(float(f"0.{fraction[1]}") * 86400)), np.nan
    start = _RANGE.sub("", text)
    for shape, candidate in (
        (_CLOCK, start if alone else text),
        (_CLOCK, start),
        (_PACKED_CLOCK, start),
        (_HOUR, start),
    ):
        found = shape.fullmatch(candidate)
        if found:
            break
    else:
        return None
    groups = found.groupdict()
    hour, minute = int(groups["hour"]), int(groups.get("minute") or 0)
    second, half = int(groups.get("second") or 0), (groups.get("half") or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    seconds = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or seconds > 86400:
        return None
    return float(seconds), _offset(groups.get("zone"))


def _offset(zone: str | None) -> float:
    if not zone:
        return np.nan
    digits = re.sub(r"[^0-9]", "", zone)
    if not digits:
        return 0.0
    seconds = int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60
    return -float(seconds) if "-" in zone or "\u2212" in zone else float(seconds)


def read_dates(texts: Coded, order: str) -> Moments:
    """(rows,) midnight of each date text, NaT for what is none."""

    def read(text: str) -> dt.date | None:
        parts = date_parts(text)
        return parts.read(order) if parts else None

    return texts.each(read, "datetime64[D]").astype("datetime64[s]")


def read_clocks(texts: Coded, *, alone: bool = False) -> tuple[Seconds, Seconds]:
    """(rows,) seconds from midnight and offsets in seconds, NaN where there is none."""
    read = [clock(text, alone=alone) or (np.nan, np.nan) for text in texts.values]
    seconds, offsets = np.array(read, dtype=float).reshape(-1, 2).T
    return seconds[texts.codes], offsets[texts.codes]


def to_local(times: Moments, zone: str, shop_zone: str) -> Moments:
    """Naive moments of `zone` on the clock of the shop; NaT stays.

    A doubled hour is taken as its first, a missing one an hour later: never an error.
    """
    index = pd.DatetimeIndex(times)
    if zone == shop_zone:
        return np.asarray(index.to_numpy())
    local = index.tz_localize(
        ZoneInfo(zone),
        ambiguous=np.ones(len(index), dtype=bool),
        nonexistent=pd.Timedelta(hours=1),
    )
    return np.asarray(local.tz_convert(ZoneInfo(shop_zone)).tz_localize(None).to_numpy())


def missing_hour(times: Moments, zone: str) -> NDArray[np.bool_]:
    """(rows,) whether a naive moment falls into an hour that a clock change left out."""
    return _odd(times, zone, ambiguous=True, nonexistent="NaT")


def doubled_hour(times: Moments, zone: str) -> NDArray[np.bool_]:
    """(rows,) whether a naive moment falls into an hour that a clock change gave twice."""
    return _odd(times, zone, ambiguous="NaT", nonexistent=pd.Timedelta(hours=1))


def _odd(times: Moments, zone: str, *, ambiguous: Any, nonexistent: Any) -> Flags:
    """(rows,) moments that localising leaves without a time; only days of a change count."""
    found = np.zeros(len(times), dtype=bool)
    days = times.astype("datetime64[D]")
    changed = np.zeros(len(times), dtype=bool)
    for day in _changes(days, zone):
        changed |= days == day
    if changed.any():
        index = pd.DatetimeIndex(times[changed])
        doubt = np.ones(len(index), dtype=bool) if ambiguous is True else ambiguous
        local = index.tz_localize(ZoneInfo(zone), ambiguous=doubt, nonexistent=nonexistent)
        found[changed] = local.isna()
    return found


def _changes(days: NDArray[np.datetime64], zone: str) -> NDArray[np.datetime64]:
    """The days from the first to the last of some that are longer or shorter than 24 hours."""
    known = days[~np.isnat(days)]
    if not len(known):
        return known
    every = np.arange(known.min(), known.max() + 2)
    starts = pd.DatetimeIndex(every).tz_localize(
        ZoneInfo(zone), ambiguous=np.ones(len(every), dtype=bool), nonexistent="shift_forward"
    )
    return every[:-1][np.diff(starts.asi8) != np.diff(pd.DatetimeIndex(every).asi8)]
