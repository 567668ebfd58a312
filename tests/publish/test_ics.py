"""The calendar, parsed back and unrolled by others' code, against our own table."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr
from published_cases import (
    CASES,
    FIRST,
    LAST,
    REST,
    STAMP,
    SUMMER,
    chosen,
    moments,
    published,
    table,
)

from hoursopt.publish import make
from hoursopt.publish.hours import PublishedHours


def calendar(hours: PublishedHours, language: str = "en") -> icalendar.Calendar:
    content = make(chosen(hours), "ics", (language,), STAMP).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    return icalendar.Calendar.from_ical(content)


def openings(hours: PublishedHours) -> list[tuple[dt.datetime, dt.datetime]]:
    """Start and end of every opening, on the wall clock of the shop."""
    zone = ZoneInfo(hours.timezone)
    found = []
    for event in calendar(hours).walk("VEVENT"):
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        if not isinstance(start, dt.datetime):
            continue
        assert event["DTSTART"].params["TZID"] == hours.timezone
        start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
        if "RRULE" not in event:
            found.append((start, end))
            continue
        (until,) = event["RRULE"]["UNTIL"]
        assert until.utcoffset() == dt.timedelta(0)  # as RFC 5545 has it where the start has a zone
        rule = (
            event["RRULE"]
            .to_ical()
            .decode()
            .replace(
                until.strftime("%Y%m%dT%H%M%SZ"),
                until.astimezone(zone).strftime("%Y%m%dT%H%M%S"),
            )
        )
        given = event.get("EXDATE", [])
        lists = given if isinstance(given, list) else [given]
        but = {moment.dt.replace(tzinfo=None) for one in lists for moment in one.dts}
        starts = list(rrulestr(rule, dtstart=start))
        assert but <= set(starts)
        found += [(at, at + (end - start)) for at in starts if at not in but]
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_half_hour_of_two_years_is_open_as_in_our_table(name: str) -> None:
    hours = CASES[name]
    edges: dict[dt.datetime, int] = {}
    for start, end in openings(hours):
        edges[start] = edges.get(start, 0) + 1
        edges[end] = edges.get(end, 0) - 1
    open_now, opened = 0, []
    for moment in moments(hours):
        open_now += edges.get(moment, 0)
        opened.append(open_now > 0)
    # What ran over from the day before the first is outside the time of validity.
    assert opened[12:] == table(hours)[12:]


def test_closed_days_say_so_and_why() -> None:
    events = calendar(CASES["sample"], "sv").walk("VEVENT")
    closed = {
        event["DTSTART"].dt: str(event["SUMMARY"])
        for event in events
        if not isinstance(event["DTSTART"].dt, dt.datetime)
    }
    assert closed[dt.date(2027, 12, 25)] == "Old Rauma Crafts stängt (juldagen)"
    assert all(event["TRANSP"] == "TRANSPARENT" for event in events)


def test_the_zone_stands_in_the_file_with_its_changes_of_the_clock() -> None:
    (zone,) = calendar(CASES["sample"]).walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/Helsinki"
    assert {"STANDARD", "DAYLIGHT"} <= {part.name for part in zone.subcomponents}
    summer = openings(CASES["sample"])
    assert (dt.datetime(2027, 6, 1, 10), dt.datetime(2027, 6, 1, 20)) in summer


def test_events_keep_their_names_when_hours_change_or_are_published_from_later() -> None:
    def names(hours: PublishedHours) -> dict[str, str]:
        return {
            str(event["UID"]): event["DTSTART"].to_ical().decode()[-6:]
            for event in calendar(hours).walk("VEVENT")
        }

    before = CASES["sample"]
    other = published(
        [(SUMMER, "Mo-Sa 09:00-21:00; Su 12:00-16:00"), (REST, "Mo-Fr 11:00-17:00; Sa 10:00-15:00")]
    )
    weekly = {uid for uid in names(dataclasses.replace(before, own_days=()))}
    assert weekly == set(names(other)) and names(before) != names(other)
    later = dataclasses.replace(before, first=FIRST + dt.timedelta(days=9), last=LAST)
    assert set(names(later)) == set(names(before))
    assert len(names(before)) == len(calendar(before).walk("VEVENT"))
    renamed = dataclasses.replace(before, shop="Other")
    assert not set(names(renamed)) & set(names(before))


def test_names_cannot_break_the_lines() -> None:
    hours = dataclasses.replace(CASES["one week"], shop="A;B,C\\ BEGIN:VEVENT ääkköset " * 5)
    (first, *_) = calendar(hours).walk("VEVENT")
    assert str(first["SUMMARY"]) == f"{hours.shop} open"
