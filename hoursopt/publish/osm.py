"""The `opening_hours` tag of OpenStreetMap: seasons that come back, then single dates.

Source: the `opening_hours` specification 0.7, in the part that both opening-hours-py and
opening_hours.js read alike: a range of dates stands before every rule that it is meant for; public
holidays are dates, for the two do not agree on what `PH` is; a rule after `;` replaces what others
say of its dates, also what runs over from the night before, and one after `,` adds.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Iterator

from hoursopt.calendar import LEAP_YEAR, Season
from hoursopt.hours import DAY, OpeningHours, Span, Spans, by_clock, format_days, format_spans
from hoursopt.publish.hours import (
    ONE_DAY,
    PublishedHours,
    days_between,
    runs_of_dates,
    united,
)

MOST_SIGNS = 255
"""What a value in OpenStreetMap may hold."""
LEAP_DAY = (2, 29)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def osm_text(hours: PublishedHours) -> str:
    """The tag's value: it says of every date from `first` to `last` what the hours say of it.

    Beyond them the seasons come back. One night a year is not exact there: that after the last
    date of a season, where hours run past midnight.
    """
    weeks = _by_length(hours)
    late = any(span.end > DAY for _, week in weeks for spans in week.days for span in spans)
    rules = list(_adding(weeks) if late else _replacing(weeks))
    seasons = (", " if late else "; ").join(rules) or "off"
    dates = list(_dates(hours, weeks, late))
    if seasons == "Mo-Su 00:00-24:00" and not dates:
        return "24/7"
    return "; ".join([seasons, *dates])


def _by_length(hours: PublishedHours) -> list[tuple[tuple[Season, ...], OpeningHours]]:
    """Each week with its seasons, the one that can stand without dates first: the longest.

    A season of other than whole months that ends in February holds the leap day, which its dates
    cannot say: it goes first.
    """
    found: dict[OpeningHours, list[Season]] = {}
    for week in hours.seasons:
        found.setdefault(by_clock(week.hours), []).append(week.season)
    year = list(days_between(dt.date(LEAP_YEAR, 1, 1), dt.date(LEAP_YEAR, 12, 31)))

    def rank(seasons: list[Season]) -> tuple[bool, int]:
        held = sum(season.holds(date) for season in seasons for date in year)
        return any(map(_lacks_leap_day, seasons)), held

    ranked = sorted(found.items(), key=lambda item: rank(item[1]), reverse=True)
    return [(tuple(seasons), week) for week, seasons in ranked]


def _lacks_leap_day(season: Season) -> bool:
    """Whether the season holds 29 February, but its dates as they are written do not."""
    return season.last == (2, 28) and not _is_months(season)


def _replacing(weeks: list[tuple[tuple[Season, ...], OpeningHours]]) -> Iterator[str]:
    """The first week plain, the others with their dates for each day that differs from it."""
    _, plain = weeks[0]
    yield from _rules("", plain.days, range(7))
    for seasons, week in weeks[1:]:
        differs = [day for day in range(7) if week[day] != plain[day]]
        yield from _rules(_ranges(seasons), week.days, differs, closed=True)


def _adding(weeks: list[tuple[tuple[Season, ...], OpeningHours]]) -> Iterator[str]:
    """Every week with its dates: nothing replaces, so each night runs on into any next day."""
    for seasons, week in weeks:
        yield from _rules(_ranges(seasons) if len(weeks) > 1 else "", week.days, range(7))


def _rules(
    dates: str, days: tuple[Spans, ...], weekdays: Iterable[int], closed: bool = False
) -> Iterator[str]:
    groups: dict[Spans, list[int]] = {}
    for weekday in weekdays:
        if days[weekday] or closed:
            groups.setdefault(days[weekday], []).append(weekday)
    for spans, named in groups.items():
        yield f"{dates}{format_days(named)} {format_spans(spans)}"


def _ranges(seasons: tuple[Season, ...]) -> str:
    return f"{','.join(map(_season, seasons))} "


def _season(season: Season) -> str:
    """`Jun-Aug` for whole months, which is shorter and holds the leap day; else `Jun 10-Aug 15`."""
    if not _is_months(season):
        return f"{_month_day(*season.first)}-{_month_day(*season.last)}"
    return "-".join(dict.fromkeys(MONTHS[month - 1] for month, _ in (season.first, season.last)))


def _is_months(season: Season) -> bool:
    month, day = season.last
    return season.first[1] == 1 and day >= (28 if month == 2 else monthrange(LEAP_YEAR, month)[1])


def _month_day(month: int, day: int) -> str:
    return f"{MONTHS[month - 1]} {day:02d}"


def _dates(
    hours: PublishedHours, weeks: list[tuple[tuple[Season, ...], OpeningHours]], late: bool
) -> Iterator[str]:
    """Rules for single dates on which the rules of the seasons would say something else."""
    of_season = {season: week for seasons, week in weeks for season in seasons}

    def begun(date: dt.date) -> Spans:
        """What evaluators let begin on a date by the rules of the seasons."""
        season = hours.season(date)
        unsaid = late and len(weeks) > 1 and _lacks_leap_day(season)
        if unsaid and (date.month, date.day) == LEAP_DAY:
            return ()
        return of_season[season][date.weekday()]

    def said(date: dt.date) -> Spans:
        own = (Span(span.start, min(span.end, DAY)) for span in begun(date))
        over = (Span(0, span.end - DAY) for span in begun(date - ONE_DAY) if span.end > DAY)
        return united([*own, *over])

    groups: dict[Spans, list[dt.date]] = {}
    for date in days_between(hours.first, hours.last):
        spans = hours.by_clock(date)
        if spans != said(date):
            groups.setdefault(spans, []).append(date)
    for spans, dates in groups.items():
        named = ",".join(_run(first, last) for first, last in runs_of_dates(dates))
        yield f"{named} {format_spans(spans)}"


def _run(first: dt.date, last: dt.date) -> str:
    start = f"{first.year} {_month_day(first.month, first.day)}"
    if first == last:
        return start
    if (first.year, first.month) == (last.year, last.month):
        return f"{start}-{last.day:02d}"
    return f"{start}-{last.year} {_month_day(last.month, last.day)}"
