"""The tag of the map, read by two evaluators that others wrote, against our own table."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path

import opening_hours as strict
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published_cases import CASES, REST, STAMP, SUMMER, chosen, moments, published, table

from hoursopt.calendar import WHOLE_YEAR
from hoursopt.hours import DAY, OpeningHours, Span
from hoursopt.publish import make
from hoursopt.publish.hours import OwnDay, PublishedHours
from hoursopt.publish.osm import MOST_SIGNS, osm_text

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / "build" / "node" / "node_modules"


def strict_table(hours: PublishedHours) -> list[bool]:
    """What opening-hours-py makes of the text."""
    evaluator = strict.OpeningHours(osm_text(hours))
    return [evaluator.is_open(moment) for moment in moments(hours)]


def first_difference(hours: PublishedHours, other: list[bool]) -> str:
    pairs = zip(moments(hours), table(hours), other, strict=True)
    return next((f"{moment}: ours {ours}" for moment, ours, theirs in pairs if ours != theirs), "")


@pytest.mark.parametrize("name", CASES)
def test_the_strict_evaluator_opens_every_half_hour_of_two_years_as_we_do(name: str) -> None:
    hours = CASES[name]
    assert len(table(hours)) == 48 * 731
    assert not first_difference(hours, strict_table(hours)), osm_text(hours)


@pytest.fixture(scope="module")
def in_javascript() -> dict[str, dict]:
    """What the npm package opening_hours makes of all cases."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not (MODULES / "opening_hours").is_dir():
        pytest.skip("the npm package opening_hours is not in build/node; .ci/run puts it there")
    asked = {
        name: (osm_text(hours), hours.first.isoformat(), hours.last.isoformat())
        for name, hours in CASES.items()
    }
    answer = subprocess.run(
        [node, str(HERE / "evaluate.cjs")],
        input=json.dumps(asked),
        env={**os.environ, "NODE_PATH": str(MODULES), "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(answer.stdout)


@pytest.mark.parametrize("name", CASES)
def test_the_evaluator_of_the_map_opens_them_too_and_warns_of_nothing(
    name: str, in_javascript: dict[str, dict]
) -> None:
    told = in_javascript[name]
    # That a date lies in the past is true of every case some day, and dates are meant to replace.
    fine = ("in the past", "overwriting can also be desirable")
    assert [text for text in told["warnings"] if not any(part in text for part in fine)] == []
    assert not first_difference(CASES[name], [sign == "1" for sign in told["open"]])


@st.composite
def days(draw: st.DrawFn) -> tuple[Span, ...]:
    """Up to two spans from six on, till six at most, half hours."""
    times = sorted(draw(st.lists(st.integers(12, 60), max_size=4, unique=True)))
    pairs = zip(times[::2], times[1::2], strict=False)
    return tuple(Span(30 * a, 30 * b) for a, b in pairs if 30 * (b - a) <= DAY)


weeks = st.lists(days(), min_size=7, max_size=7).map(lambda week: OpeningHours(tuple(week)))
# Dates around the ends of the seasons, New Year and the leap day, where rules meet.
dates = st.sampled_from(
    [
        day + dt.timedelta(days=step)
        for day in (
            dt.date(2027, 5, 31),
            dt.date(2027, 8, 31),
            dt.date(2027, 12, 30),
            dt.date(2028, 2, 28),
        )
        for step in range(4)
    ]
)


@settings(max_examples=40, deadline=None)
@given(weeks, weeks, st.dictionaries(dates, days(), max_size=5))
def test_any_hours_in_any_season_are_read_back(
    summer: OpeningHours, rest: OpeningHours, own: dict[dt.date, tuple[Span, ...]]
) -> None:
    hours = published([(SUMMER, summer), (REST, rest)], first=dt.date(2027, 5, 1))
    hours = dataclasses.replace(
        hours,
        last=dt.date(2028, 4, 30),
        own_days=tuple(OwnDay(date, spans) for date, spans in sorted(own.items())),
    )
    assert not first_difference(hours, strict_table(hours)), osm_text(hours)


def test_holidays_are_dates_and_seasons_come_back() -> None:
    text = osm_text(CASES["sample"])
    assert text == (
        "Mo-Fr 10:00-17:00; Sa 10:00-15:00; Jun-Aug Mo-Fr 10:00-20:00; "
        "Jun-Aug Sa 10:00-17:00; Jun-Aug Su 12:00-16:00; "
        "2027 Apr 02,2027 Dec 25,2028 Dec 25 off; 2027 Jun 25,2027 Dec 24 10:00-13:00; "
        "2027 Jul 24-26 09:00-21:00"
    )
    assert osm_text(CASES["always open"]) == "24/7"
    assert all("PH" not in osm_text(hours) for hours in CASES.values())
    years = dataclasses.replace(CASES["sample"], last=dt.date(2036, 12, 31))
    assert not first_difference(years, strict_table(years))


def test_a_day_like_its_week_is_not_told() -> None:
    like = published([(WHOLE_YEAR, "Mo-Fr 10:00-17:00")], {"2027-12-23": "10:00-17:00"})
    assert osm_text(like) == "Mo-Fr 10:00-17:00"


def test_a_text_too_long_for_the_map_is_told_with_the_date_up_to_which_it_fits() -> None:
    own = {f"2027-{month:02d}-{day:02d}": "off" for month in range(4, 12) for day in (6, 15, 24)}
    hours = published([(WHOLE_YEAR, "Mo-Su 10:00-17:00")], own)
    made = make(chosen(hours), "osm", ("en",), STAMP)
    assert len(made.content.decode().strip()) > MOST_SIGNS
    (note,) = made.notes
    assert note.key == "publish.osm_long" and note.values["count"] == len(osm_text(hours))
    last = dt.date.fromisoformat(str(note.values["last"]))

    def until(date: dt.date) -> str:
        days = tuple(day for day in hours.own_days if day.date <= date)
        return osm_text(dataclasses.replace(hours, last=date, own_days=days))

    assert len(until(last)) <= MOST_SIGNS < len(until(last + dt.timedelta(days=1)))
    short = make(chosen(CASES["one week"]), "osm", ("en",), STAMP)
    assert short.notes == () and short.content == b"Mo-Fr 10:00-17:00; Sa 10:00-15:00\n"
