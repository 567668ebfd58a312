"""The hours notation, checked against an evaluator that others wrote."""

from __future__ import annotations

import datetime as dt

import opening_hours as strict
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoursopt.errors import DataError
from hoursopt.hours import (
    CLOSED,
    DAY,
    Grid,
    OpeningHours,
    Span,
    by_clock,
    format_days,
    format_hours,
    format_time,
    join_spans,
    parse_days,
    parse_hours,
    parse_span,
    parse_time,
)

MONDAY = dt.datetime(2027, 5, 3)
HALF_HOURS = range(0, 7 * DAY, 30)


@st.composite
def spans_of_a_day(draw: st.DrawFn, step: int = 30, latest: int = 30 * 60) -> tuple[Span, ...]:
    """Up to three spans between 06:00 and `latest`, which leave the next morning free."""
    cuts = st.integers(6 * 60 // step, latest // step)
    times = sorted(draw(st.lists(cuts, min_size=0, max_size=6, unique=True)))
    return tuple(
        Span(start * step, end * step)
        for start, end in zip(times[::2], times[1::2], strict=False)
        if (end - start) * step <= DAY
    )


def weeks(step: int = 30) -> st.SearchStrategy[OpeningHours]:
    days = st.lists(spans_of_a_day(step), min_size=7, max_size=7)
    return days.map(lambda week: OpeningHours(tuple(week)))


def open_at(hours: OpeningHours, minute: int) -> bool:
    """Whether the week is open at a minute from Monday 00:00, by definition."""
    day, clock = divmod(minute, DAY)
    before = (day - 1) % 7
    return any(clock in span for span in hours[day]) or any(
        clock + DAY in span for span in hours[before]
    )


def strict_week(text: str) -> list[bool]:
    evaluator = strict.OpeningHours(text)
    return [evaluator.is_open(MONDAY + dt.timedelta(minutes=minute)) for minute in HALF_HOURS]


@given(weeks(step=5))
def test_what_is_written_reads_back(hours: OpeningHours) -> None:
    assert parse_hours(format_hours(hours)) == hours


@settings(max_examples=60, deadline=None)
@given(weeks())
def test_a_strict_evaluator_opens_the_same_half_hours(hours: OpeningHours) -> None:
    expected = [open_at(hours, minute) for minute in HALF_HOURS]
    assert strict_week(format_hours(by_clock(hours))) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 10:00-17:00",
        "Mo,We,Fr 09:30-12:00; Tu,Th 12:00-20:00",
        "Mo-Fr 10:00-17:00; We off",
        "Mo-Fr 10:00-17:00, We off",
        "Fr-Mo 10:00-12:00",
        "Mo-Sa 10:00-12:00,13:00-17:00; Su closed",
        "Mo-Fr 10:00-12:00, Mo-We 13:00-14:00",
        "Mo 10:00-12:00; Mo 13:00-14:00",
        "24/7",
        "10:00-18:00",
        "Fr,Sa 18:00-02:00",
        "Fr 18:00-26:00, Sa 10:00-14:00",
        "off",
    ],
)
def test_our_reading_is_the_strict_one(text: str) -> None:
    hours = parse_hours(text)
    assert [open_at(hours, minute) for minute in HALF_HOURS] == strict_week(text)


def test_the_night_before_survives_a_day_with_its_own_rule() -> None:
    hours = parse_hours("Fr 18:00-02:00; Sa 10:00-14:00")
    assert hours[4] == (Span(18 * 60, 26 * 60),)
    assert format_hours(hours) == "Fr 18:00-26:00, Sa 10:00-14:00"
    saturday_at_one = 5 * DAY + 60
    assert open_at(hours, saturday_at_one)
    assert strict_week(format_hours(hours))[saturday_at_one // 30]
    assert not strict_week("Fr 18:00-26:00; Sa 10:00-14:00")[saturday_at_one // 30]


def test_hours_are_written_in_groups() -> None:
    same = "10:00-17:00"
    assert format_hours(parse_hours(f"Mo {same}; Tu {same}; We {same}; Sa {same}")) == (
        f"Mo-We,Sa {same}"
    )
    assert format_hours(parse_hours("Mo-Fr 10:00–17:00")) == "Mo-Fr 10:00-17:00"
    assert format_hours(CLOSED) == "off" and parse_hours("off") == CLOSED


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("10-25", "hours.syntax", {"part": "10-25"}),
        ("Ma-Pe 10:00-17:00", "hours.days", {"part": "Ma-Pe"}),
        ("Mo-Pe 10:00-17:00", "hours.days", {"part": "Mo-Pe"}),
        ("Mo-We-Fr 10:00-17:00", "hours.days", {"part": "Mo-We-Fr"}),
        ("Mo-Fr", "hours.syntax", {"part": "Mo-Fr"}),
        ("", "hours.syntax", {}),
        (";", "hours.syntax", {}),
        ("Mo 10:00-10:99", "hours.time", {"text": "10:99"}),
        ("Mo 10:00-49:00", "hours.time", {"text": "49:00"}),
        ("Mo 10:00-", "hours.syntax", {"part": "10:00-"}),
        ("Mo-Fr 10:00-17:00; PH off", "hours.holidays", {}),
        ("Mo-Fr,PH 10:00-17:00", "hours.holidays", {}),
        ("Mo 10:00-13:00,12:00-15:00", "hours.overlap", {"second": "12:00-15:00"}),
        ("Fr 18:00-26:00; Sa 01:00-14:00", "hours.next_day", {"day": "Fr", "next_day": "Sa"}),
        ("Su 18:00-26:00; Mo 01:00-14:00", "hours.next_day", {"day": "Su", "next_day": "Mo"}),
        ("Mo 10:00-40:00", "hours.span", {"start": "10:00", "end": "40:00"}),
    ],
)
def test_faults_name_the_part_that_is_wrong(text: str, key: str, values: dict[str, object]) -> None:
    with pytest.raises(DataError) as caught:
        parse_hours(text)
    assert caught.value.key == key
    assert values.items() <= caught.value.values.items()


@given(st.text(alphabet="MoTuWeSaoff0123456789:-,; /+PH", max_size=30))
def test_any_text_is_hours_or_a_data_error(text: str) -> None:
    try:
        hours = parse_hours(text)
    except DataError as error:
        assert error.key.startswith("hours.")
    else:
        assert parse_hours(format_hours(hours)) == hours


def test_times_and_days_read_back() -> None:
    assert [parse_time(text) for text in ("00:00", "9:05", "24:00", "25:30")] == [
        0,
        545,
        1440,
        1530,
    ]
    assert all(parse_time(format_time(minute)) == minute for minute in range(0, 2 * DAY + 1, 7))
    assert parse_days("Fr-Mo") == (0, 4, 5, 6)
    assert format_days((0, 1, 2, 4, 6)) == "Mo-We,Fr,Su"
    assert str(parse_span("18:00-02:00")) == "18:00-26:00"
    with pytest.raises(DataError, match=r"hours\.time"):
        parse_time("10.00")


def test_spans_that_touch_become_one() -> None:
    assert join_spans([Span(720, 780), Span(600, 720)]) == (Span(600, 780),)
    hours = OpeningHours(((Span(600, 660), Span(660, 720)), *((),) * 6))
    assert hours.week_hours == 2 and hours.open_days == (0,)
    with pytest.raises(DataError, match=r"hours\.overlap"):
        join_spans([Span(600, 700), Span(690, 720)])


def test_one_weekday_can_be_replaced() -> None:
    hours = parse_hours("Mo-Fr 10:00-17:00").replace(5, [Span(600, 900)])
    assert str(hours) == "Mo-Fr 10:00-17:00; Sa 10:00-15:00"


@given(st.sampled_from([15, 30, 60]), st.data())
def test_the_grid_gives_back_its_own_spans(minutes: int, data: st.DataObject) -> None:
    grid = Grid(minutes, 6 * 60, 28 * 60)
    slots = data.draw(st.lists(st.booleans(), min_size=grid.size, max_size=grid.size))
    spans = grid.spans(slots)
    assert grid.fits(spans)
    assert [share == 1 for share in grid.shares(spans)] == slots
    assert grid.snap(spans) == spans
    assert sum(span.hours for span in spans) == pytest.approx(sum(slots) * grid.slot_hours)


def test_the_grid_knows_slots_and_minutes() -> None:
    grid = Grid(30, 360, 1560)
    assert grid.size == 40
    assert grid.slot(0) == Span(360, 390) and grid.start(grid.size) == 1560
    assert [grid.index(minute) for minute in (359, 360, 389, 390, 1559, 1560)] == [
        -1, 0, 0, 1, 39, 40,
    ]  # fmt: skip
    assert grid.snap([Span(605, 1000)]) == (Span(600, 990),)
    assert not grid.fits([Span(605, 660)]) and not grid.holds([Span(300, 400)])


def test_a_moment_after_midnight_belongs_to_the_day_before_while_the_grid_runs() -> None:
    grid = Grid(30, 360, 26 * 60)
    assert grid.trading_day(dt.datetime(2026, 5, 2, 1, 59)) == (dt.date(2026, 5, 1), 25 * 60 + 59)
    assert grid.trading_day(dt.datetime(2026, 5, 2, 2, 0)) == (dt.date(2026, 5, 2), 120)
    assert Grid(30, 0, DAY).trading_day(dt.datetime(2026, 5, 2)) == (dt.date(2026, 5, 2), 0)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ((20, 360, 1440), "grid.slot_minutes"),
        ((30, 600, 600), "grid.order"),
        ((30, 360, 31 * 60), "grid.too_long"),
        ((30, 0, 25 * 60), "grid.too_long"),
        ((30, 375, 1440), "grid.off_slot"),
    ],
)
def test_a_grid_that_cannot_be_is_refused(values: tuple[int, int, int], key: str) -> None:
    with pytest.raises(DataError) as caught:
        Grid(*values)
    assert caught.value.key == key
