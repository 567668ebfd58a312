"""Opening hours: half-open spans of minutes, the grid of slots, and the OSM notation in and out.

A trading day belongs to the date on which it starts; a span may run past midnight, and then its end
is above 24:00 (`25:30` is half past one in the night). Minutes count from 00:00 of that date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hoursopt.errors import DataError

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY = 24 * 60
LONGEST_DAY_END = 30 * 60

_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})")
_DAYS = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_RULE = re.compile(r"(?P<days>.*?)\s*(?P<times>off|closed|\d.*)?", re.S)
_ADDED_RULE = re.compile(rf"(?<=[0-9fd])\s*,\s*(?={_DAYS}\b)")


@dataclass(frozen=True, order=True)
class Span:
    """A half-open stretch of a trading day, [start, end) in minutes from its midnight."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < self.end <= 2 * DAY and self.end - self.start <= DAY):
            raise DataError("hours.span", start=format_time(self.start), end=format_time(self.end))

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end - self.start) / 60

    def overlap(self, other: Span) -> int:
        """Minutes that both spans hold."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def __contains__(self, minute: int) -> bool:
        return self.start <= minute < self.end

    def __str__(self) -> str:
        return f"{format_time(self.start)}-{format_time(self.end)}"


Spans = tuple[Span, ...]


def parse_time(text: str) -> int:
    """Minutes of `"HH:MM"`, up to `"48:00"`; DataError `hours.time` for anything else."""
    found = _TIME.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or minutes > 2 * DAY:
        raise DataError("hours.time", text=text)
    return minutes


def format_time(minutes: int) -> str:
    """`HH:MM`; above midnight the hours run on (`25:30`)."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def join_spans(spans: Iterable[Span]) -> Spans:
    """Sorted spans of one day with those that touch made one; DataError where two overlap."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start < joined[-1].end:
            raise DataError("hours.overlap", first=str(joined[-1]), second=str(span))
        if joined and span.start == joined[-1].end:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


@dataclass(frozen=True)
class OpeningHours:
    """The open spans of each weekday, Monday first; an empty tuple is a closed day."""

    days: tuple[Spans, ...]

    def __post_init__(self) -> None:
        if len(self.days) != 7:
            raise ValueError(f"Expected 7 weekdays, got {len(self.days)}.")
        object.__setattr__(self, "days", tuple(join_spans(spans) for spans in self.days))
        for weekday, spans in enumerate(self.days):
            following = self.days[(weekday + 1) % 7]
            if spans and following and spans[-1].end - DAY > following[0].start:
                raise DataError(
                    "hours.next_day",
                    day=WEEKDAYS[weekday],
                    first=str(spans[-1]),
                    next_day=WEEKDAYS[(weekday + 1) % 7],
                    second=str(following[0]),
                )

    def __getitem__(self, weekday: int) -> Spans:
        return self.days[weekday]

    def __str__(self) -> str:
        return format_hours(self)

    @property
    def week_hours(self) -> float:
        """Open hours of the week."""
        return sum(span.hours for spans in self.days for span in spans)

    @property
    def open_days(self) -> tuple[int, ...]:
        """Weekdays with any opening, Monday 0."""
        return tuple(weekday for weekday, spans in enumerate(self.days) if spans)

    def replace(self, weekday: int, spans: Iterable[Span]) -> OpeningHours:
        """The same week with other hours on one weekday."""
        days = list(self.days)
        days[weekday] = tuple(spans)
        return OpeningHours(tuple(days))


CLOSED = OpeningHours(((),) * 7)


@dataclass(frozen=True)
class PartOfWeek:
    """Some hours of a week of which something is said; the other days are not named."""

    hours: OpeningHours

    def __str__(self) -> str:
        return str(self.hours)


def parse_days(text: str, within: str = "") -> tuple[int, ...]:
    """Weekdays of `"Mo-Fr,Su"` in order, Monday 0; ranges may run over Sunday (`Fr-Mo`).

    Raises DataError `hours.days`, which tells `within`: the text of which these days are part.
    """
    days: set[int] = set()
    for part in text.split(","):
        ends = [end.strip() for end in part.split("-")]
        if len(ends) > 2 or any(end not in WEEKDAYS for end in ends):
            raise DataError("hours.days", text=within or text, part=part.strip())
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return tuple(sorted(days))


def parse_span(text: str) -> Span:
    """`"18:00-02:00"` or `"18:00-26:00"`; an end not after its start is on the next morning."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise DataError("hours.syntax", text=text, part=text.strip())
    start, end = parse_time(found[1]), parse_time(found[2])
    return Span(start, end if end > start else end + DAY)


def parse_hours(text: str) -> OpeningHours:
    """Read the OSM notation: `"Mo-Fr 10:00-17:00; Sa 10:00-14:00,15:00-18:00; Su off"`.

    `;` sets the days named anew, `,` before a weekday adds to them, `24/7` is always open, days
    not named are closed. A day set anew keeps what runs over from the night before, as shopkeepers
    mean it; strict evaluators end Friday at 24:00 in `Fr 18:00-26:00; Sa 10:00-14:00`.
    Public holidays (`PH`) are no part of a week: DataError `hours.holidays`.

    Source: OSM `opening_hours` specification 0.7, the part that has no dates.
    """
    days: list[Spans] = [()] * 7
    groups = [group.strip() for group in text.replace("–", "-").split(";") if group.strip()]
    if not groups:
        raise DataError("hours.syntax", text=text, part=text)
    for group in groups:
        for position, rule in enumerate(_ADDED_RULE.split(group)):
            named, spans = _parse_rule(text, rule.strip())
            for weekday in named:
                days[weekday] = (*days[weekday], *spans) if position and spans else spans
    return OpeningHours(tuple(days))


def _parse_rule(text: str, rule: str) -> tuple[tuple[int, ...], Spans]:
    if re.search(r"\b[PS]H\b", rule):
        raise DataError("hours.holidays", text=text)
    found = _RULE.fullmatch(rule)
    named, times = (found["days"], found["times"]) if found else (rule, None)
    weekdays = parse_days(named, text) if named else tuple(range(7))
    if times is None:
        raise DataError("hours.syntax", text=text, part=rule)
    if times in ("off", "closed"):
        return weekdays, ()
    if times == "24/7":
        return weekdays, (Span(0, DAY),)
    return weekdays, tuple(parse_span(part) for part in times.split(","))


def format_hours(hours: OpeningHours) -> str:
    """The OSM notation, weekdays of equal hours together; `"off"` for a week without opening.

    Where hours run past midnight the rules are joined by `,`: for strict evaluators `;` would cut
    what runs over into a day with a rule of its own.
    """
    groups: dict[Spans, list[int]] = {}
    for weekday, spans in enumerate(hours.days):
        if spans:
            groups.setdefault(spans, []).append(weekday)
    rules = [f"{format_days(days)} {format_spans(spans)}" for spans, days in groups.items()]
    past_midnight = any(span.end > DAY for spans in groups for span in spans)
    return (", " if past_midnight else "; ").join(rules) or "off"


def by_clock(hours: OpeningHours) -> OpeningHours:
    """The same openings with each span on the weekday on which the clock starts it.

    `Fr 25:00-28:00`, the night of a trading day, becomes `Sa 01:00-04:00`, as others read hours.
    """
    days: list[list[Span]] = [[] for _ in WEEKDAYS]
    for weekday, spans in enumerate(hours.days):
        for span in spans:
            late = span.start >= DAY
            moved = Span(span.start - DAY, span.end - DAY) if late else span
            days[(weekday + late) % 7].append(moved)
    return OpeningHours(tuple(map(tuple, days)))


def format_spans(spans: Sequence[Span]) -> str:
    """`"10:00-12:00,13:00-17:00"`, or `"off"`."""
    return ",".join(map(str, spans)) or "off"


def format_days(days: Sequence[int]) -> str:
    """`"Mo-Fr"`, `"Mo,We"`: runs of three or more as a range."""
    runs: list[list[int]] = []
    for weekday in sorted(days):
        if runs and weekday == runs[-1][-1] + 1:
            runs[-1].append(weekday)
        else:
            runs.append([weekday])
    parts: list[str] = []
    for run in runs:
        names = [WEEKDAYS[weekday] for weekday in run]
        parts += [f"{names[0]}-{names[-1]}"] if len(run) > 2 else names
    return ",".join(parts)


@dataclass(frozen=True)
class Grid:
    """The slots of a trading day: `slot_minutes` (15, 30, 60) from `earliest` to `latest`, minutes.

    Slots are numbered from 0; slot h is [start(h), start(h) + slot_minutes).
    """

    slot_minutes: int
    earliest: int
    latest: int

    def __post_init__(self) -> None:
        if self.slot_minutes not in (15, 30, 60):
            raise DataError("grid.slot_minutes", value=self.slot_minutes)
        if not 0 <= self.earliest < self.latest:
            raise DataError(
                "grid.order",
                earliest=format_time(self.earliest),
                latest=format_time(self.latest),
            )
        if self.latest > LONGEST_DAY_END or self.latest - self.earliest > DAY:
            raise DataError(
                "grid.too_long",
                earliest=format_time(self.earliest),
                latest=format_time(self.latest),
            )
        for name, minute in (("earliest", self.earliest), ("latest", self.latest)):
            if minute % self.slot_minutes:
                raise DataError(
                    "grid.off_slot",
                    name=name,
                    time=format_time(minute),
                    minutes=self.slot_minutes,
                )

    @property
    def size(self) -> int:
        """Slots of a trading day."""
        return (self.latest - self.earliest) // self.slot_minutes

    @property
    def slot_hours(self) -> float:
        """Length of a slot in hours."""
        return self.slot_minutes / 60

    def start(self, slot: int) -> int:
        """Minute at which a slot starts; `start(size)` is `latest`."""
        return self.earliest + slot * self.slot_minutes

    def slot(self, slot: int) -> Span:
        """The span of a slot."""
        return Span(self.start(slot), self.start(slot + 1))

    def index(self, minute: int) -> int:
        """The slot in which a minute lies; below 0 or `size` and above for minutes outside."""
        return (minute - self.earliest) // self.slot_minutes

    def holds(self, spans: Iterable[Span]) -> bool:
        """Whether all spans lie between `earliest` and `latest`."""
        return all(self.earliest <= span.start and span.end <= self.latest for span in spans)

    def fits(self, spans: Iterable[Span]) -> bool:
        """Whether all spans start and end on slot borders of this grid."""
        spans = tuple(spans)
        return self.holds(spans) and not any(
            (minute - self.earliest) % self.slot_minutes
            for span in spans
            for minute in (span.start, span.end)
        )

    def snap(self, spans: Iterable[Span]) -> Spans:
        """The slots of which at least half is open, as spans."""
        return self.spans([share >= 0.5 for share in self.shares(spans)])

    def shares(self, spans: Iterable[Span]) -> list[float]:
        """Open share of each slot, 0 to 1."""
        return list(_shares(self, tuple(spans)))

    def spans(self, open_slots: Sequence[bool]) -> Spans:
        """Spans of the slots marked open."""
        return join_spans(self.slot(slot) for slot, is_open in enumerate(open_slots) if is_open)

    def trading_day(self, moment: dt.datetime) -> tuple[dt.date, int]:
        """Date and minute of the trading day to which a local moment belongs.

        A moment after midnight belongs to the day before where the grid still runs then.
        """
        minute = moment.hour * 60 + moment.minute
        if minute + DAY < self.latest:
            return moment.date() - dt.timedelta(days=1), minute + DAY
        return moment.date(), minute


@lru_cache(maxsize=4096)
def _shares(grid: Grid, spans: Spans) -> tuple[float, ...]:
    """Asked for the same few days' hours again and again while a week is looked for."""
    minutes = grid.slot_minutes
    return tuple(
        sum(max(0, min(start + minutes, span.end) - max(start, span.start)) for span in spans)
        / minutes
        for start in range(grid.earliest, grid.latest, minutes)
    )
