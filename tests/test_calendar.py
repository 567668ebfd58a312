"""Seasons, holidays and clock changes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoursopt.calendar import (
    WHOLE_YEAR,
    Season,
    check_country,
    check_seasons,
    elapsed_minutes,
    holiday_dates,
    iso_week,
    season_of,
    special_days,
)
from hoursopt.errors import DataError
from hoursopt.hours import DAY, Span

SUMMER, REST = Season("summer", (6, 1), (8, 31)), Season("rest", (9, 1), (5, 31))
YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def days_of(country: str, language: str, subdivision: str = "") -> dict[str, tuple[str, str, str]]:
    return {
        f"{day.date:%m-%d}": (day.id, day.name, day.kind)
        for day in special_days(country, subdivision, *YEAR, language)
    }


def test_a_season_may_run_over_new_year() -> None:
    assert REST.holds(dt.date(2026, 12, 31)) and REST.holds(dt.date(2026, 1, 1))
    assert REST.holds(dt.date(2026, 5, 31)) and not REST.holds(dt.date(2026, 6, 1))
    assert season_of(dt.date(2026, 7, 1), (REST, SUMMER)) is SUMMER


def test_the_end_of_february_is_the_29th_in_a_leap_year() -> None:
    winter, other = Season("winter", (12, 1), (2, 28)), Season("other", (3, 1), (11, 30))
    check_seasons((winter, other))
    assert winter.holds(dt.date(2028, 2, 29)) and not other.holds(dt.date(2028, 2, 29))
    leap = Season("leap", (2, 29), (11, 30))
    check_seasons((Season("a", (12, 1), (2, 27)), Season("b", (2, 28), (2, 28)), other))
    with pytest.raises(DataError, match=r"calendar\.overlap.*02-29"):
        check_seasons((winter, leap))


@given(st.lists(st.dates(dt.date(2025, 1, 1), dt.date(2025, 12, 31)), min_size=2, unique=True))
def test_seasons_that_follow_each_other_cover_the_year_once(starts: list[dt.date]) -> None:
    starts.sort()
    day = dt.timedelta(days=1)
    ends = [start - day for start in (*starts[1:], starts[0])]
    seasons = tuple(
        Season(str(number), (start.month, start.day), (end.month, end.day))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    )
    # 29 February belongs to nobody in 2025: a season from 1 March leaves it to the one before.
    check_seasons(seasons)
    for start, season in zip(starts, seasons, strict=True):
        assert season_of(start, seasons) is season


def test_the_first_day_without_season_or_with_two_is_named() -> None:
    check_seasons((WHOLE_YEAR,))
    with pytest.raises(DataError) as gap:
        check_seasons((SUMMER, Season("rest", (9, 15), (5, 31))))
    assert (gap.value.key, gap.value.values) == ("calendar.gap", {"date": "09-01"})
    with pytest.raises(DataError) as overlap:
        check_seasons((SUMMER, Season("rest", (8, 20), (5, 31))))
    assert overlap.value.key == "calendar.overlap"
    assert overlap.value.values == {"date": "08-20", "first": "summer", "second": "rest"}


def test_finnish_eves_are_no_holidays() -> None:
    days = days_of("FI", "fi")
    assert days["06-19"] == ("Midsummer Eve", "Juhannusaatto", "eve")
    assert days["06-20"] == ("Midsummer Day", "Juhannuspäivä", "holiday")
    assert days["12-24"] == ("Christmas Eve", "Jouluaatto", "eve")
    assert days["12-31"][2] == days["04-30"][2] == days["04-02"][2] == days["04-04"][2] == "eve"
    paid = holiday_dates("FI", "", *YEAR)
    assert len(paid) == 13
    assert dt.date(2026, 12, 6) in paid and dt.date(2026, 12, 24) not in paid


@pytest.mark.parametrize("year", range(2024, 2031))
def test_a_finnish_year_has_thirteen_holidays_and_six_eves(year: int) -> None:
    days = special_days("FI", "", dt.date(year, 1, 1), dt.date(year, 12, 31), "fi")
    kinds = [day.kind for day in days]
    # Ascension Day never meets May Day in these years, nor an eve a holiday.
    assert (kinds.count("holiday"), kinds.count("eve")) == (13, 6)
    assert [day.date for day in days] == sorted({day.date for day in days})


def test_names_speak_the_readers_language_and_ids_stay() -> None:
    finnish, swedish, english = (days_of("FI", language) for language in ("fi", "sv", "en"))
    assert [day[0] for day in finnish.values()] == [day[0] for day in swedish.values()]
    assert finnish["05-01"][1] == "Vappu" and swedish["05-01"][1] == "Första maj"
    assert swedish["12-26"][1] == "Annandag jul" and swedish["04-30"][1] == "Valborgsmässoafton"
    assert all(english_id == name for english_id, name, _ in english.values())
    assert days_of("SE", "sv")["06-06"][1] == "Nationaldagen"
    assert days_of("SE", "fi")["06-06"][1] == "Nationaldagen"


def test_other_countries_have_at_least_the_last_eves_of_the_year() -> None:
    british = days_of("GB", "en")
    assert british["12-24"][2] == british["12-31"][2] == "eve"
    assert days_of("EE", "en")["12-24"] == ("Christmas Eve", "Christmas Eve", "holiday")
    assert days_of("DE", "en", "BY")["06-04"][0] == "Corpus Christi"
    assert "06-04" not in days_of("DE", "en")


def test_years_and_ends_are_kept() -> None:
    days = special_days("FI", "", dt.date(2026, 12, 25), dt.date(2027, 1, 1), "en")
    assert [day.id for day in days] == [
        "Christmas Day",
        "Second Day of Christmas",
        "New Year's Eve",
        "New Year's Day",
    ]
    assert special_days("FI", "", dt.date(2026, 7, 1), dt.date(2026, 7, 31), "en") == ()


@pytest.mark.parametrize(
    ("country", "subdivision", "key", "known"),
    [
        ("Finland", "", "calendar.country", "FI"),
        ("fi", "", "calendar.country", "FI"),
        ("UK", "", "calendar.country", "US"),
        ("", "", "calendar.country", None),
        ("FI", "FI-19", "calendar.subdivision", "19"),
        ("FI", "Satakunda", "calendar.subdivision", "17"),
        ("SE", "AB", "calendar.no_subdivisions", None),
    ],
)
def test_an_unknown_place_names_the_nearest_known(
    country: str, subdivision: str, key: str, known: str | None
) -> None:
    with pytest.raises(DataError) as caught:
        check_country(country, subdivision)
    assert caught.value.key == key
    assert known is None or known in caught.value.values["known"]  # type: ignore[operator]


def test_known_places_pass() -> None:
    for place in (("FI", ""), ("FI", "19"), ("FI", "Satakunta"), ("DE", "BY"), ("GB", "SCT")):
        check_country(*place)


def test_weeks_are_those_of_iso_8601() -> None:
    assert iso_week(dt.date(2026, 12, 31)) == (2026, 53)
    assert iso_week(dt.date(2027, 1, 3)) == (2026, 53)
    assert iso_week(dt.date(2025, 12, 29)) == (2026, 1)


def test_the_clock_leaps_in_spring_and_shows_an_hour_twice_in_autumn() -> None:
    spring, autumn = dt.date(2026, 3, 29), dt.date(2026, 10, 25)
    hours = [Span(hour * 60, hour * 60 + 60) for hour in range(24)]

    def minutes(date: dt.date) -> list[int]:
        return [elapsed_minutes(date, span, "Europe/Helsinki") for span in hours]

    assert minutes(spring)[2:5] == [60, 0, 60] and sum(minutes(spring)) == 23 * 60
    assert minutes(autumn)[2:5] == [60, 120, 60] and sum(minutes(autumn)) == 25 * 60
    assert minutes(dt.date(2026, 7, 1)) == [60] * 24
    half_hours = [Span(180, 210), Span(210, 240)]
    assert [elapsed_minutes(autumn, span, "Europe/Helsinki") for span in half_hours] == [60, 60]


def test_the_night_of_a_trading_day_meets_the_clock_change_of_the_next_date() -> None:
    night = Span(DAY + 180, DAY + 240)
    assert elapsed_minutes(dt.date(2026, 3, 28), night, "Europe/Helsinki") == 0
    assert elapsed_minutes(dt.date(2026, 10, 24), night, "Europe/Helsinki") == 120
    assert elapsed_minutes(dt.date(2026, 10, 24), night, "Europe/Stockholm") == 60
