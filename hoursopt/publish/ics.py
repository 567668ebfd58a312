"""A calendar of the openings, by iCalendar (RFC 5545): one event for each weekday and interval.

An event's name (UID) is made of shop, season, year, weekday and interval, not of its hours: who
takes the calendar in again gets them changed, not doubled.
"""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from hoursopt.hours import DAY, Span, by_clock
from hoursopt.i18n import Texts
from hoursopt.publish.hours import ONE_DAY, ClockDay, PublishedHours, Stretch

OURS = uuid.uuid5(uuid.NAMESPACE_DNS, "hoursopt")


def ics_bytes(hours: PublishedHours, t: Texts, stamp: dt.datetime) -> bytes:
    """The calendar; `stamp` (UTC) is the moment at which it is made."""
    calendar = Calendar()
    calendar.add("prodid", "-//hoursopt//opening hours//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", hours.shop)
    calendar.add("x-wr-timezone", hours.timezone)
    unlike = hours.unlike()
    for stretch in hours.stretches():
        for event in _weekly(hours, stretch, {day.date for day in unlike}, t):
            calendar.add_component(_finished(event, hours, stamp))
    for day in unlike:
        for event in _single(hours, day, t):
            calendar.add_component(_finished(event, hours, stamp))
    calendar.add_missing_timezones(first_date=hours.first - ONE_DAY, last_date=hours.last + ONE_DAY)
    return calendar.to_ical()


def _weekly(hours: PublishedHours, stretch: Stretch, but: set[dt.date], t: Texts) -> list[Event]:
    events = []
    zone = ZoneInfo(hours.timezone)
    for weekday, spans in enumerate(by_clock(stretch.hours).days):
        dates = [date for date in stretch.dates() if date.weekday() == weekday]
        for number, span in enumerate(spans if dates else ()):
            event = Event()
            event.add("uid", _uid(hours, stretch.key, weekday, number))
            event.add("summary", t("publish.open_event", shop=hours.shop))
            _times(event, dates[0], span, zone)
            end = dt.datetime.combine(dates[-1], dt.time(23, 59, 59), zone).astimezone(dt.UTC)
            event.add("rrule", {"freq": "weekly", "until": end})
            skipped = [_moment(date, span.start, zone) for date in dates if date in but]
            if skipped:
                event.add("exdate", skipped)
            events.append(event)
    return events


def _single(hours: PublishedHours, day: ClockDay, t: Texts) -> list[Event]:
    zone = ZoneInfo(hours.timezone)
    name = day.name.name(t.language) if day.name else ""
    events = []
    for number, span in enumerate(day.spans):
        event = Event()
        event.add("uid", _uid(hours, day.date, number))
        told = t("publish.open_event", shop=hours.shop)
        event.add("summary", f"{told} ({name})" if name else told)
        _times(event, day.date, span, zone)
        events.append(event)
    if not events:
        event = Event()
        event.add("uid", _uid(hours, day.date, 0))
        told = t("publish.closed_event", shop=hours.shop)
        event.add("summary", f"{told} ({name})" if name else told)
        event.add("dtstart", day.date)
        event.add("dtend", day.date + ONE_DAY)
        events.append(event)
    return events


def _finished(event: Event, hours: PublishedHours, stamp: dt.datetime) -> Event:
    """With what all events have; none of them makes its reader busy."""
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("transp", "TRANSPARENT")
    if hours.web:
        event.add("url", hours.web)
    return event


def _times(event: Event, date: dt.date, span: Span, zone: ZoneInfo) -> None:
    event.add("dtstart", _moment(date, span.start, zone))
    event.add("dtend", _moment(date, span.end, zone))


def _moment(date: dt.date, minute: int, zone: ZoneInfo) -> dt.datetime:
    days, rest = divmod(minute, DAY)
    return dt.datetime.combine(date + ONE_DAY * days, dt.time(rest // 60, rest % 60), zone)


def _uid(hours: PublishedHours, *what: object) -> str:
    return str(uuid.uuid5(OURS, "/".join(map(str, (hours.country, hours.shop, *what)))))
