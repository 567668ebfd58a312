"""Claims about what people write into fields, and that what is shown reads back as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoursopt.errors import DataError
from hoursopt.hours import DAY, Span, Spans, join_spans
from hoursopt.i18n import Texts
from hoursopt.workspace import entries
from hoursopt.workspace.entries import KINDS, read_day, show_day

LANGUAGES = st.sampled_from(["fi", "sv", "en"])


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        ("10-17", ((600, 1020),)),
        ("10–17.30", ((600, 1050),)),
        ("10:00-17:30", ((600, 1050),)),
        ("klo 10 - 12 ja 13 - 17", ((600, 720), (780, 1020))),
        ("kl. 10-12, 13-17", ((600, 720), (780, 1020))),
        ("10am-5pm", ((600, 1020),)),
        ("12 pm – 12 am", ((720, 1440),)),
        ("18-02", ((1080, 1560),)),
        ("0-24", ((0, 1440),)),
        ("", ()),
        (" – ", ()),
        ("Suljettu", ()),
        ("stängt", ()),
        ("closed", ()),
    ],
)
def test_hours_are_read_as_on_a_door(written: str, spans: tuple[tuple[int, int], ...]) -> None:
    assert read_day(written) == tuple(Span(*span) for span in spans)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("10-25", "workspace.clock"),
        ("10.75-12", "workspace.clock"),
        ("14pm-15pm", "workspace.clock"),
        ("10", "workspace.hours"),
        ("10-12-14", "workspace.hours"),
        ("open", "workspace.hours"),
        ("<b>10</b>-17", "workspace.hours"),
        ("10-10", "workspace.no_time_between"),
        ("10-13, 12-17", "hours.overlap"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_their_text(written: str, key: str) -> None:
    with pytest.raises(DataError) as fault:
        read_day(written)
    assert fault.value.key == key
    assert Texts("en").describe(fault.value) != key


@given(
    st.lists(
        st.tuples(st.integers(0, 95), st.integers(1, 60)).map(
            lambda ends: (ends[0] * 15, min(ends[0] * 15 + ends[1] * 15, 2 * DAY))
        ),
        max_size=2,
    ),
    LANGUAGES,
)
def test_hours_shown_read_back(ends: list[tuple[int, int]], language: str) -> None:
    try:
        spans: Spans = join_spans(Span(*one) for one in ends if one[1] - one[0] < DAY)
    except DataError:
        return
    assert read_day(show_day(spans, Texts(language))) == spans


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("number", "1 234,5", 1234.5),
        ("number", "1.234,50", 1234.5),
        ("number", "1,234.50", 1234.5),
        ("number", "7", 7),
        ("number", "−3", -3),
        ("number", "many", "many"),
        ("number", "1e5", "1e5"),
        ("number", "nan", "nan"),
        ("share", "45", 0.45),
        ("share", "25,5 %", 0.255),
        ("share", "0,5 %", 0.005),
        ("share", "0", 0.0),
        ("share", "half", "half"),
        ("share_range", "20–50", [0.2, 0.5]),
        ("share_range", "20 - 50 %", [0.2, 0.5]),
        ("share_range", "30", 0.3),
        ("share_range", "a–b", "a–b"),
        ("number_range", "0,7-2", [0.7, 2]),
        ("pair", "4-9", [4, 9]),
        ("pair", "4", [4, 4]),
        ("pair", "four", "four"),
        ("clock", "17", "17:00"),
        ("clock", "17.30", "17:30"),
        ("clock", "25:30", "25:30"),
        ("clock", "late", "late"),
        ("hour_or_span", "12-13", "12:00-13:00"),
        ("hour_or_span", "17", "17:00"),
        ("date", "2.6.2026", dt.date(2026, 6, 2)),
        ("date", "2026-06-02", dt.date(2026, 6, 2)),
        ("date", "2 Jun 2026", dt.date(2026, 6, 2)),
        ("date", "31.2.2026", "31.2.2026"),
        ("month_day", "1.6.", "06-01"),
        ("month_day", "1 Jun", "06-01"),
        ("month_day", "29.2.", "02-29"),
        ("month_day", "06-01", "06-01"),
        ("month_day", "summer", "summer"),
        ("dates", "6.1.2026", [dt.date(2026, 1, 6)]),
        ("dates", "25.7.–2.8.2026", [[dt.date(2026, 7, 25), dt.date(2026, 8, 2)]]),
        ("dates", "28.12.–2.1.2027", [[dt.date(2026, 12, 28), dt.date(2027, 1, 2)]]),
        ("dates", "2026-01-06", [dt.date(2026, 1, 6)]),
        ("dates", "soon", ["soon"]),
    ],
)
def test_fields_are_read_as_they_are_meant(kind: str, written: str, value: Any) -> None:
    assert KINDS[kind].read(written) == value


@pytest.mark.parametrize("written", ["0,45", "0.5", "-0,1"])
def test_a_share_where_per_cent_is_asked_for_is_not_guessed_at(written: str) -> None:
    with pytest.raises(DataError, match=r"workspace\.tiny_share"):
        KINDS["share"].read(written)


@given(st.floats(-1000, 1000).map(lambda value: round(value, 4)), LANGUAGES)
def test_numbers_shown_read_back(value: float, language: str) -> None:
    assert KINDS["number"].read(KINDS["number"].show(value, Texts(language))) == value


@given(st.floats(0.01, 1).map(lambda value: round(value, 4)), LANGUAGES)
def test_shares_shown_read_back(value: float, language: str) -> None:
    assert KINDS["share"].read(KINDS["share"].show(value, Texts(language))) == pytest.approx(value)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), LANGUAGES)
def test_dates_shown_read_back(date: dt.date, language: str) -> None:
    t = Texts(language)
    assert KINDS["date"].read(KINDS["date"].show(date, t)) == date
    day = f"{date:%m-%d}"
    assert KINDS["month_day"].read(KINDS["month_day"].show(day, t)) == day
    stretch = [[date, date + dt.timedelta(days=3)]]
    assert KINDS["dates"].read(KINDS["dates"].show(stretch, t)) == stretch


@given(st.integers(0, 2 * DAY).map(lambda minute: minute - minute % 15), LANGUAGES)
def test_clock_times_shown_read_back(minute: int, language: str) -> None:
    told = entries.format_time(minute)
    assert KINDS["clock"].read(KINDS["clock"].show(told, Texts(language))) == told


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_single_dates_shown_read_back(language: str) -> None:
    closed = [dt.date(2026, 12, 25)]
    hours = {"2026-12-24": "10:00-13:00", "2026-12-31": "18:00-26:00"}
    told = entries.show_exceptions(closed, hours, Texts(language))
    assert len(told.splitlines()) == 3
    assert entries.read_exceptions(told) == (closed, hours)


@pytest.mark.parametrize("written", ["10-13", "next week: 10-13", "31.2.2026: 10-13"])
def test_a_line_without_a_date_is_refused(written: str) -> None:
    with pytest.raises(DataError, match=r"workspace\.exception"):
        entries.read_exceptions(written)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_text_is_more_than_refused(text: str) -> None:
    readers = [kind.read for kind in KINDS.values()]
    for read in (*readers, read_day, entries.read_exceptions):
        try:
            read(text)
        except DataError as error:
            assert Texts("fi").describe(error) != error.key


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", ["odd", 7, True, [1, "x"], {"a": 1}, dt.date(2026, 1, 1), 0.5])
def test_whatever_a_file_says_can_be_shown(kind: str, value: Any) -> None:
    assert isinstance(KINDS[kind].show(value, Texts("sv")), str)
