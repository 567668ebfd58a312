"""Hours to publish of every awkward kind, and a table of them made by definition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hoursopt.calendar import WHOLE_YEAR, Season
from hoursopt.hours import CLOSED, DAY, OpeningHours, Span, parse_hours
from hoursopt.publish.choose import Chosen
from hoursopt.publish.hours import OwnDay, PublishedHours, SeasonHours

FIRST, LAST = dt.date(2027, 3, 1), dt.date(2029, 2, 28)
STAMP = dt.datetime(2027, 2, 20, 9, 30, tzinfo=dt.UTC)
HALF_HOUR = dt.timedelta(minutes=30)
SUMMER, REST = Season("summer", (6, 1), (8, 31)), Season("rest of the year", (9, 1), (5, 31))
WINTER, NOT_WINTER = Season("winter", (12, 1), (2, 28)), Season("other", (3, 1), (11, 30))

Weeks = Sequence[tuple[Season, str | OpeningHours]]


def published(
    weeks: Weeks,
    own: dict[str, str | tuple[Span, ...]] | None = None,
    first: dt.date = FIRST,
    last: dt.date = LAST,
    **changes: object,
) -> PublishedHours:
    """Hours of seasons and of dates, in OSM notation."""
    values = {
        "shop": "Old Rauma Crafts",
        "country": "FI",
        "timezone": "Europe/Helsinki",
        "web": "",
        **changes,
    }
    return PublishedHours(
        **values,  # type: ignore[arg-type]
        seasons=tuple(SeasonHours(season, of_text(week)) for season, week in weeks),
        own_days=tuple(
            OwnDay(dt.date.fromisoformat(date), of_text(f"Mo {told}")[0], names_of(date))
            if isinstance(told, str)
            else OwnDay(dt.date.fromisoformat(date), told, names_of(date))
            for date, told in sorted((own or {}).items())
        ),
        first=first,
        last=last,
    )


def of_text(week: str | OpeningHours) -> OpeningHours:
    return parse_hours(week) if isinstance(week, str) else week


def names_of(date: str) -> dict[str, str]:
    if date.endswith("-12-25"):
        return {"fi": "joulupäivä", "sv": "juldagen", "en": "Christmas Day"}
    return {}


def chosen(
    hours: PublishedHours, before: str = "Mo-Fr 10:00-17:00", planned: bool = True
) -> Chosen:
    return Chosen(hours, parse_hours(before), planned, ())


def table(hours: PublishedHours) -> list[bool]:
    """Open or not at every half hour from `first` to `last`, by the seasons' and the days' own."""
    own = {day.date: day.hours for day in hours.own_days}

    def spans(date: dt.date) -> tuple[Span, ...]:
        (week,) = (one for one in hours.seasons if holds(one.season, date))
        return own.get(date, week.hours.days[date.weekday()])

    opened = []
    date = hours.first
    while date <= hours.last:
        today, before = spans(date), spans(date - dt.timedelta(days=1))
        for minute in range(0, DAY, 30):
            opened.append(
                any(span.start <= minute < span.end for span in today)
                or any(span.start <= minute + DAY < span.end for span in before)
            )
        date += dt.timedelta(days=1)
    return opened


def holds(season: Season, date: dt.date) -> bool:
    """Month and day within the season, the leap day with the end of February."""
    day = (2, 28) if (date.month, date.day) == (2, 29) else (date.month, date.day)
    if season.first <= season.last:
        return season.first <= day <= season.last
    return day >= season.first or day <= season.last


def moments(hours: PublishedHours) -> list[dt.datetime]:
    """The half hours of `table`, naive."""
    start = dt.datetime.combine(hours.first, dt.time())
    return [start + HALF_HOUR * step for step in range(48 * ((hours.last - hours.first).days + 1))]


CASES = {
    "one week": published([(WHOLE_YEAR, "Mo-Fr 10:00-17:00; Sa 10:00-15:00")]),
    "sample": published(
        [
            (SUMMER, "Mo-Fr 10:00-20:00; Sa 10:00-17:00; Su 12:00-16:00"),
            (REST, "Mo-Fr 10:00-17:00; Sa 10:00-15:00"),
        ],
        {
            "2027-04-02": "off",
            "2027-06-25": "10:00-13:00",
            "2027-07-24": "09:00-21:00",
            "2027-07-25": "09:00-21:00",
            "2027-07-26": "09:00-21:00",
            "2027-12-24": "10:00-13:00",
            "2027-12-25": "off",
            "2028-12-25": "off",
        },
    ),
    "two intervals and closed days": published(
        [(WHOLE_YEAR, "Tu-Fr 10:00-12:00,13:00-17:30; Sa 09:30-14:00")],
        {"2027-05-13": "10:00-11:00,12:00-14:00", "2027-05-14": "off"},
    ),
    "closed in summer": published([(SUMMER, CLOSED), (REST, "Mo-Sa 10:00-17:00")]),
    "always closed": published([(WHOLE_YEAR, CLOSED)], {"2027-11-20": "10:00-16:00"}),
    "always open": published([(WHOLE_YEAR, "24/7")]),
    "always open but for a day": published([(WHOLE_YEAR, "24/7")], {"2027-12-25": "off"}),
    "a season without a change": published(
        [(SUMMER, "Mo-Fr 10:00-17:00"), (REST, "Mo-Fr 10:00-17:00")]
    ),
    "a season over New Year": published(
        [(WINTER, "Mo-Fr 11:00-16:00"), (NOT_WINTER, "Mo-Fr 10:00-18:00; Sa 10:00-14:00")],
        {"2028-02-29": "10:00-12:00", "2027-12-31": "10:00-12:00", "2028-01-01": "off"},
    ),
    "seasons within months": published(
        [
            (Season("high", (6, 10), (8, 15)), "Mo-Su 10:00-20:00"),
            (Season("low", (8, 16), (2, 28)), "Mo-Fr 10:00-16:00"),
            (Season("March", (3, 1), (3, 31)), "Mo-Su 10:00-20:00"),
            (Season("spring", (4, 1), (6, 9)), "Mo-Sa 10:00-18:00"),
        ],
        {"2027-12-25": "off"},
    ),
    "nights within months": published(
        [
            (Season("high", (3, 1), (12, 9)), "Mo-Th 18:00-26:00, Fr-Su 18:00-28:00"),
            (Season("low", (12, 10), (2, 28)), "Tu-Sa 18:00-25:00"),
        ]
    ),
    "two pieces of one season's hours": published(
        [
            (Season("spring", (3, 1), (5, 31)), "Mo-Sa 10:00-18:00"),
            (SUMMER, "Mo-Su 10:00-20:00"),
            (Season("autumn", (9, 1), (11, 30)), "Mo-Sa 10:00-18:00"),
            (WINTER, "Tu-Sa 11:00-16:00"),
        ]
    ),
    "past midnight": published(
        [(WHOLE_YEAR, "Tu-Th 18:00-25:00, Fr-Sa 18:00-27:00, Su 18:00-24:00")],
        {"2027-12-24": "off", "2027-12-31": "18:00-30:00", "2027-10-14": "10:00-12:00"},
        timezone="Europe/Dublin",
    ),
    "past midnight in seasons": published(
        [
            (SUMMER, "Mo-Th 18:00-26:00, Fr-Su 18:00-28:00"),
            (REST, "Mo-Th 18:00-25:00, Fr-Sa 18:00-27:00"),
        ],
        {"2027-05-31": "off", "2027-08-31": "20:00-29:00", "2027-12-24": "off"},
    ),
    "past midnight in a winter": published(
        [(WINTER, "Mo-Su 18:00-26:00"), (NOT_WINTER, "Fr-Sa 18:00-28:00")]
    ),
    "a piece of the next day": published(
        [
            (SUMMER, OpeningHours((*((),) * 4, (Span(1080, 1380), Span(1500, 1680)), (), ()))),
            (REST, "Fr 18:00-23:00"),
        ],
        {"2027-06-18": "off", "2027-06-26": (Span(60, 600),)},
    ),
    "evenings far in the west": published(
        [(WHOLE_YEAR, "Mo-Su 20:00-23:30")], country="US", timezone="America/Los_Angeles"
    ),
    "a whole day before a usual one": published(
        [(WHOLE_YEAR, "Mo-Su 14:00-20:00")], {"2027-06-16": "12:00-36:00"}
    ),
    "a whole day from six": published(
        [(WHOLE_YEAR, "Fr 06:00-30:00")], {"2027-06-16": "12:00-36:00"}
    ),
}
