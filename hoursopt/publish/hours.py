"""What is published: a week for each season, days unlike others, and from when until when it holds.

Nouns and what can be read off them; `hoursopt.publish.choose` makes them. A trading day belongs to
the date on which it starts; readers outside think by the clock, and `ClockDay` is their view.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from types import MappingProxyType

from hoursopt.calendar import Season, season_of
from hoursopt.hours import DAY, OpeningHours, Span, Spans, by_clock

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class SeasonHours:
    """The week of a season, which comes back every year."""

    season: Season
    hours: OpeningHours


@dataclass(frozen=True)
class OwnDay:
    """A date with hours of its own; `names` by language, empty where it has none."""

    date: dt.date
    hours: Spans
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def name(self, language: str) -> str:
        """Its name in a language, else in whichever there is."""
        return self.names.get(language) or next(iter(self.names.values()), "")


@dataclass(frozen=True)
class Stretch:
    """Dates in a row, both ends in it, on which one week holds.

    `key` names the season and the year in which it ends: the same every time that it is published.
    """

    key: str
    first: dt.date
    last: dt.date
    hours: OpeningHours

    def dates(self) -> Iterator[dt.date]:
        """Every date of it."""
        return days_between(self.first, self.last)


@dataclass(frozen=True)
class ClockDay:
    """A calendar date and the openings that begin on it by the clock, unlike its week's."""

    date: dt.date
    spans: Spans
    name: OwnDay | None


@dataclass(frozen=True)
class PublishedHours:
    """The hours of a shop from `first` to `last`, both in it; `seasons` cover the year."""

    shop: str
    country: str
    timezone: str
    web: str
    seasons: tuple[SeasonHours, ...]
    own_days: tuple[OwnDay, ...]
    first: dt.date
    last: dt.date

    @cached_property
    def _own(self) -> Mapping[dt.date, OwnDay]:
        return {day.date: day for day in self.own_days}

    @cached_property
    def _season_hours(self) -> Mapping[Season, OpeningHours]:
        return {week.season: week.hours for week in self.seasons}

    @cached_property
    def _clock_hours(self) -> Mapping[Season, OpeningHours]:
        return {season: by_clock(hours) for season, hours in self._season_hours.items()}

    def season(self, date: dt.date) -> Season:
        """The season of a date."""
        return season_of(date, tuple(self._season_hours))

    def week(self, date: dt.date) -> OpeningHours:
        """The week of a date's season."""
        return self._season_hours[self.season(date)]

    def on(self, date: dt.date) -> Spans:
        """The spans of a trading day."""
        own = self._own.get(date)
        return own.hours if own else self.week(date)[date.weekday()]

    def clock_week(self, date: dt.date) -> OpeningHours:
        """The week of a date's season, each span on the weekday on which the clock starts it."""
        return self._clock_hours[self.season(date)]

    def beginning(self, date: dt.date) -> Spans:
        """The openings that begin on a calendar date by the clock; they may run past midnight."""
        late = (span for span in self.on(date - ONE_DAY) if span.start >= DAY)
        early = (span for span in self.on(date) if span.start < DAY)
        return united([*(Span(span.start - DAY, span.end - DAY) for span in late), *early])

    def by_clock(self, date: dt.date) -> Spans:
        """All that is open on a calendar date, 00:00 to 24:00, what runs over midnight cut."""
        over = (span for span in self.on(date - ONE_DAY) if span.end > DAY)
        own = (span for span in self.on(date) if span.start < DAY)
        return united(
            [
                *(Span(max(span.start - DAY, 0), span.end - DAY) for span in over),
                *(Span(span.start, min(span.end, DAY)) for span in own),
            ]
        )

    def unlike(self) -> tuple[ClockDay, ...]:
        """Dates on which by the clock other openings begin than their week says, in order."""
        days = ((date, self.beginning(date)) for date in days_between(self.first, self.last))
        return tuple(
            ClockDay(date, spans, self._own.get(date))
            for date, spans in days
            if spans != self.clock_week(date)[date.weekday()]
        )

    def stretches(self) -> tuple[Stretch, ...]:
        """Runs of dates with one season each."""
        dates = days_between(self.first, self.last)
        found = []
        for key, run in groupby(dates, key=lambda date: _instance(self.season(date), date)):
            days = list(run)
            found.append(Stretch(key, days[0], days[-1], self.week(days[0])))
        return tuple(found)

    def weeks(self) -> tuple[Stretch, ...]:
        """Runs of dates with one week each: seasons without a change are one."""
        found: list[Stretch] = []
        for stretch in self.stretches():
            if found and found[-1].hours == stretch.hours:
                before = found.pop()
                stretch = Stretch(before.key, before.first, stretch.last, stretch.hours)
            found.append(stretch)
        return tuple(found)

    def unlike_own(self, stretch: Stretch) -> tuple[OwnDay, ...]:
        """The days of a stretch whose own hours differ from its week's."""
        return tuple(
            day
            for day in self.own_days
            if stretch.first <= day.date <= stretch.last
            and day.hours != stretch.hours[day.date.weekday()]
        )


def _instance(season: Season, date: dt.date) -> str:
    """Name of a season and the year in which it ends when it holds a date."""
    over_new_year = season.first > season.last and (date.month, date.day) >= season.first
    return f"{season.name} {date.year + over_new_year}"


def days_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Dates from first to last, both in it."""
    return (first + ONE_DAY * step for step in range((last - first).days + 1))


def runs_of_dates(dates: list[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Dates in order as runs without a gap: first and last of each."""
    runs: list[tuple[dt.date, dt.date]] = []
    for date in dates:
        if runs and date == runs[-1][1] + ONE_DAY:
            runs[-1] = (runs[-1][0], date)
        else:
            runs.append((date, date))
    return runs


def united(spans: Iterable[Span]) -> Spans:
    """Sorted spans with those that touch or overlap made one: a night may run into a day's own."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            before = found.pop()
            span = Span(before.start, max(before.end, span.end))
        found.append(span)
    return tuple(found)
