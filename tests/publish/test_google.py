"""The sheet for Google, read back as a sheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from published_cases import CASES, STAMP, chosen, published

from hoursopt.calendar import WHOLE_YEAR
from hoursopt.errors import DataError
from hoursopt.hours import DAY, Span
from hoursopt.publish import Made, make
from hoursopt.publish.google import slug

CLOCK = r"(?:[01]\d|2[0-3]|24(?=:00)):[0-5]\d"
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def sheet(made: Made) -> dict[str, str]:
    head, row, *rest = csv.reader(io.StringIO(made.content.decode()))
    assert not rest and len(head) == len(row)
    return dict(zip(head, row, strict=True))


def spans(told: list[str]) -> tuple[Span, ...]:
    if told == ["x"]:
        return ()
    found = []
    for times in told:
        start, end = (int(time[:2]) * 60 + int(time[3:]) for time in times.split("-"))
        found.append(Span(start, end if end > start else end + DAY))
    return tuple(found)


@pytest.mark.parametrize("name", CASES)
def test_the_week_and_every_date_read_back(name: str) -> None:
    hours = CASES[name]
    row = sheet(make(chosen(hours), "google", ("en",), STAMP))
    assert list(row)[:3] == ["Store code", "Sunday hours", "Monday hours"]
    week = hours.clock_week(hours.first)
    for day, english in enumerate(NAMES):
        told = row[f"{english} hours"].split(", ")
        assert all(re.fullmatch(f"x|{CLOCK}-{CLOCK}", part) for part in told)
        assert spans(told) == week[day]
    dates: dict[dt.date, list[str]] = {}
    for part in filter(None, row["Special hours"].split(", ")):
        date, times = part.split(": ")
        dates.setdefault(dt.date.fromisoformat(date), []).append(times)
    assert {day.date for day in hours.own_days} <= set(dates)
    assert all(spans(told) == hours.beginning(date) for date, told in dates.items())


def test_no_cell_is_a_formula() -> None:
    for name in ("=cmd|' /C calc'!A0", "@sum", "+1", "-1", "\t=1", "===", "店"):
        hours = published([(WHOLE_YEAR, "Mo-Fr 10:00-17:00")], shop=name)
        row = sheet(make(chosen(hours), "google", ("en",), STAMP))
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
        assert row["Store code"]
    assert slug("Höyhen & Pitsi Oy") == "hoyhen-pitsi-oy" and slug("店") == "shop"


def test_the_owners_code_stands_unless_google_or_a_spreadsheet_minds_it() -> None:
    hours = chosen(CASES["one week"])
    made = make(hours, "google", ("en",), STAMP, store_code="RAUMA 1")
    assert sheet(made)["Store code"] == "RAUMA 1" and made.notes == ()
    for code in ("=cmd", " x", "x ", "a<b", "x" * 61, "-1"):
        with pytest.raises(DataError, match=r"publish\.store_code"):
            make(hours, "google", ("en",), STAMP, store_code=code)


def test_what_google_does_not_take_is_told() -> None:
    own = {f"2027-07-{day}": "10:00-22:00" for day in range(20, 28)}
    keys = {
        note.key: note.values
        for note in make(
            chosen(published([(WHOLE_YEAR, "Mo-Su 10:00-17:00")], own)), "google", ("en",), STAMP
        ).notes
    }
    assert keys["publish.google_run"]["last"] == dt.date(2027, 7, 27)
    notes = make(chosen(CASES["sample"]), "google", ("en",), STAMP).notes
    season = next(note for note in notes if note.key == "publish.google_season")
    assert season.values["next"] == dt.date(2027, 6, 1)
