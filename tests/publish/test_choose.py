"""Which hours are published, and what is told of them."""

from __future__ import annotations

import datetime as dt

import pytest
from tiny_shop import REST, SUMMER, tiny_shop

from hoursopt.calendar import WHOLE_YEAR
from hoursopt.errors import DataError
from hoursopt.hours import WEEKDAYS, OpeningHours, parse_hours, parse_span
from hoursopt.i18n import Texts
from hoursopt.observations import tell
from hoursopt.publish import choose
from hoursopt.publish.choose import Chosen
from hoursopt.shop import Event, Exceptions, HoursInForce, Shop

TODAY = dt.date(2026, 3, 10)
NOW = "Mo-Fr 10:00-14:00"


def a_plan(seasons: dict[str, tuple[str, str]], special: dict[str, list] | None = None) -> dict:
    """What the store keeps of a plan (DESIGN 2.4), as far as it is published."""
    return {
        "horizon": {"from": "2026-03-02", "weeks": 52},
        "seasons": [
            {
                "name": name,
                "advice": advice,
                "days": [
                    {"weekday": day, "hours": [str(span).split("-") for span in spans]}
                    for day, spans in zip(WEEKDAYS, parse_hours(hours).days, strict=True)
                ],
            }
            for name, (hours, advice) in seasons.items()
        ],
        "special_days": [
            {"date": date, "name": name, "hours": spans}
            for date, (name, spans) in (special or {}).items()
        ],
    }


def seasonal(**changes: object) -> Shop:
    return tiny_shop(seasons=(SUMMER, REST), **changes)


LONG, LONGER = "Mo-Fr 10:00-17:00", "Mo-Sa 09:00-20:00"
PLAN = a_plan(
    {"summer": (LONGER, "change"), "rest": (LONG, "keep")},
    {"2026-04-03": ("Pitkäperjantai", []), "2026-12-24": ("aatto", [["10:00", "13:00"]])},
)


def keys(found: Chosen) -> list[str]:
    return [note.key for note in found.notes]


def test_a_plan_is_published_as_it_was_kept() -> None:
    found = choose(seasonal(), "plan", PLAN, TODAY)
    hours = found.hours
    assert (hours.first, hours.last) == (dt.date(2026, 3, 2), dt.date(2027, 2, 28))
    assert hours.on(dt.date(2026, 6, 1)) == parse_hours(LONGER)[0]
    assert hours.on(dt.date(2026, 9, 1)) == parse_hours(LONG)[0]
    assert hours.on(dt.date(2026, 4, 3)) == () and not hours.on(dt.date(2026, 6, 7))
    assert hours.on(dt.date(2026, 12, 24)) == (parse_span("10:00-13:00"),)
    assert keys(found) == ["publish.advice_keep"] and found.planned
    assert found.before == parse_hours(NOW)
    weeks = [(str(week.first), str(week.last)) for week in hours.weeks()]
    assert weeks == [
        ("2026-03-02", "2026-05-31"),
        ("2026-06-01", "2026-08-31"),
        ("2026-09-01", "2027-02-28"),
    ]


def test_what_is_advised_keeps_the_hours_in_force_where_no_change_is() -> None:
    hours = choose(seasonal(), "advised", PLAN, TODAY).hours
    assert hours.week(dt.date(2026, 6, 1)) == parse_hours(LONGER)
    assert hours.week(dt.date(2026, 9, 1)) == parse_hours(NOW)


def test_a_season_outside_the_plan_keeps_the_hours_in_force() -> None:
    found = choose(seasonal(), "plan", a_plan({"summer": (LONGER, "change")}), TODAY)
    assert found.hours.week(dt.date(2026, 9, 1)) == parse_hours(NOW)
    assert keys(found) == ["publish.not_planned"]


def test_the_owners_own_dates_stand_above_the_plan() -> None:
    exceptions = Exceptions(
        closed=(dt.date(2026, 12, 24),),
        hours={dt.date(2026, 4, 3): (parse_span("12:00-15:00"),)},
    )
    hours = choose(seasonal(exceptions=exceptions), "plan", PLAN, TODAY).hours
    assert hours.on(dt.date(2026, 12, 24)) == ()
    assert hours.on(dt.date(2026, 4, 3)) == (parse_span("12:00-15:00"),)


def test_days_have_names_in_each_language_where_there_are_any() -> None:
    event = Event("Pitsi\nviikko", ((dt.date(2026, 7, 1), dt.date(2026, 7, 2)),))
    exceptions = Exceptions(closed=(dt.date(2026, 7, 2), dt.date(2026, 7, 9)))
    shop = seasonal(exceptions=exceptions, events=(event,), language="fi", name=" Höyhen\n& co ")
    hours = choose(shop, "plan", PLAN, TODAY).hours
    names = {day.date: day for day in hours.own_days}
    friday = names[dt.date(2026, 4, 3)]
    told = [friday.name(language) for language in ("fi", "sv", "en")]
    assert told == ["Pitkäperjantai", "Långfredagen", "Good Friday"]
    assert names[dt.date(2026, 7, 2)].name("en") == "Pitsi viikko"
    assert names[dt.date(2026, 7, 9)].name("en") == ""
    assert hours.shop == "Höyhen & co"


def test_without_a_plan_the_error_says_what_to_do() -> None:
    for wanted in ("plan", "advised"):
        with pytest.raises(DataError) as caught:
            choose(seasonal(), wanted, None, TODAY)
        assert caught.value.key == "publish.no_plan"
        told = Texts("en").describe(caught.value)
        assert "hoursopt plan" in told and "--hours today" in told


def test_a_plan_of_other_seasons_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        choose(tiny_shop(seasons=(WHOLE_YEAR,)), "plan", PLAN, TODAY)
    assert caught.value.key == "publish.other_seasons"
    assert caught.value.values["known"] == ("year",)


def test_todays_hours_hold_from_today_until_others_are_known_to_begin() -> None:
    change = dt.date(2026, 9, 1)
    force = (HoursInForce(parse_hours(NOW)), HoursInForce(parse_hours(LONG), change))
    found = choose(tiny_shop(hours=force), "today", None, TODAY)
    assert (found.hours.first, found.hours.last) == (TODAY, dt.date(2026, 8, 31))
    assert found.hours.week(TODAY) == parse_hours(NOW) and not found.planned
    assert keys(found) == ["publish.until_change", "publish.holidays_open"]
    later = choose(tiny_shop(hours=force), "today", None, TODAY, first=change)
    assert later.hours.week(change) == parse_hours(LONG)
    assert later.hours.last == change + dt.timedelta(weeks=52, days=-1)


def test_holidays_of_which_nothing_is_said_are_told() -> None:
    found = choose(tiny_shop(), "today", None, dt.date(2026, 12, 20))
    (note,) = found.notes
    dates = note.values["dates"]
    assert dt.date(2026, 12, 25) in dates  # type: ignore[operator]
    assert dt.date(2026, 12, 26) not in dates  # type: ignore[operator]  # a Saturday: shut anyhow
    assert "25 Dec 2026" in tell(note, Texts("en"))


def test_given_hours_are_published_as_given() -> None:
    night = "Fr 18:00-02:00"
    found = choose(tiny_shop(), night, None, TODAY, last=dt.date(2026, 4, 30))
    assert found.hours.week(TODAY) == parse_hours(night)
    assert found.hours.last == dt.date(2026, 4, 30)
    assert found.before == parse_hours(NOW)
    with pytest.raises(DataError, match=r"hours\."):
        choose(tiny_shop(), "whenever", None, TODAY)


def test_a_part_of_the_plan_can_be_published() -> None:
    first, last = dt.date(2026, 6, 1), dt.date(2026, 8, 31)
    found = choose(seasonal(), "plan", PLAN, TODAY, first, last)
    assert [week.hours for week in found.hours.weeks()] == [parse_hours(LONGER)]
    assert found.hours.own_days == ()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-02-01", None),
        ("2026-06-01", "2026-05-01"),
        (None, "2026-03-01"),
        (None, "2050-01-01"),
    ],
)
def test_dates_that_make_no_sense_are_refused(first: str | None, last: str | None) -> None:
    ends = [date and dt.date.fromisoformat(date) for date in (first, last)]
    with pytest.raises(DataError, match=r"publish\.period"):
        choose(seasonal(), "plan", PLAN, TODAY, *ends)  # type: ignore[arg-type]


def test_hours_whose_time_is_over_are_told_of() -> None:
    assert "publish.over" in keys(choose(seasonal(), "plan", PLAN, dt.date(2027, 3, 1)))


def test_a_closed_year_is_published_too() -> None:
    closed = choose(tiny_shop(), "off", None, TODAY)
    assert closed.hours.week(TODAY) == OpeningHours(((),) * 7)
    assert closed.notes == ()
