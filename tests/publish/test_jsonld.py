"""The JSON-LD, read by schema.org's rules as they are written, against our own table."""

from __future__ import annotations

import datetime as dt
import json
import re
from html.parser import HTMLParser

import pytest
from published_cases import CASES, STAMP, chosen, published, table

from hoursopt.calendar import WHOLE_YEAR
from hoursopt.hours import DAY
from hoursopt.publish import make
from hoursopt.publish.hours import PublishedHours

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SPECIAL = "specialOpeningHoursSpecification"
KEYS = {"@type", "dayOfWeek", "opens", "closes", "validFrom", "validThrough"}


def jsonld(hours: PublishedHours) -> dict:
    return json.loads(make(chosen(hours), "schema.org", ("en",), STAMP).content)


def minute(text: str) -> int:
    assert re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text), text  # an xsd:time has no 24:00
    return int(text[:2]) * 60 + int(text[3:])


def applies(one: dict, date: dt.date) -> bool:
    valid = one["validFrom"] <= date.isoformat() <= one["validThrough"]
    days = one.get("dayOfWeek", [f"https://schema.org/{name}" for name in NAMES])
    return valid and f"https://schema.org/{NAMES[date.weekday()]}" in days


def ranges(place: dict, date: dt.date) -> list[tuple[int, int]]:
    """Openings that begin on a date: special ones override, `closes` before `opens` runs over."""
    special = [
        one for one in place.get("specialOpeningHoursSpecification", []) if applies(one, date)
    ]
    general = [one for one in place["openingHoursSpecification"] if applies(one, date)]
    found = []
    for one in special or general:
        assert ("opens" in one) == ("closes" in one)
        if "opens" in one:  # open if and only if `opens` is given
            opens, closes = minute(one["opens"]), minute(one["closes"])
            assert opens != closes
            closes = DAY if one["closes"] == "23:59" else closes
            found.append((opens, closes if closes > opens else closes + DAY))
    return found


def read(hours: PublishedHours) -> list[bool]:
    place = jsonld(hours)
    opened = []
    before = ranges(place, hours.first - dt.timedelta(days=1))
    date = hours.first
    while date <= hours.last:
        today = ranges(place, date)
        for now in range(0, DAY, 30):
            own = any(start <= now < end for start, end in today)
            over = any(start <= now + DAY < end for start, end in before)
            opened.append(own or over)
        before = today
        date += dt.timedelta(days=1)
    return opened


@pytest.mark.parametrize("name", CASES)
def test_the_rules_of_schema_org_open_every_half_hour_of_two_years_as_we_do(name: str) -> None:
    hours = CASES[name]
    found, expected = read(hours), table(hours)
    # What ran over from the day before the first is outside the time of validity.
    assert found[12:] == expected[12:]


@pytest.mark.parametrize("name", CASES)
def test_every_specification_is_one_of_schema_org(name: str) -> None:
    place = jsonld(CASES[name])
    assert place["@context"] == "https://schema.org" and place["@type"] == "Store"
    for one in place["openingHoursSpecification"] + place.get(
        "specialOpeningHoursSpecification", []
    ):
        assert one["@type"] == "OpeningHoursSpecification" and one.keys() <= KEYS
        assert dt.date.fromisoformat(one["validFrom"]) <= dt.date.fromisoformat(one["validThrough"])


def test_a_closed_day_has_no_opens() -> None:
    special = jsonld(CASES["sample"])[SPECIAL]
    christmas = [one for one in special if one["validFrom"] == "2027-12-25"]
    assert christmas == [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": "2027-12-25",
            "validThrough": "2027-12-25",
        }
    ]


def test_a_day_of_its_own_is_told_though_it_is_like_its_week() -> None:
    hours = published([(WHOLE_YEAR, "Mo-Fr 10:00-17:00")], {"2027-12-23": "10:00-17:00"})
    (special,) = jsonld(hours)[SPECIAL]
    assert (special["validFrom"], special["opens"]) == ("2027-12-23", "10:00")


class Scripts(HTMLParser):
    """What a browser takes for scripts, and what for other elements."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_no_name_gets_out_of_its_script() -> None:
    name = '</script><script>alert(1)</script><!-- & "Höyhen"'
    hours = published(
        [(WHOLE_YEAR, "Mo-Fr 10:00-17:00")], shop=name, web="https://höyhen.example/?a=1&b=2"
    )
    page = make(chosen(hours), "schema.org", ("en",), STAMP, ending=".html").content.decode()
    scripts = Scripts()
    scripts.feed(page)
    assert scripts.tags == ["script"]
    place = json.loads("".join(scripts.texts))
    assert place["name"] == name and place["url"] == "https://höyhen.example/?a=1&b=2"
    assert "<" not in make(chosen(hours), "schema.org", ("en",), STAMP).content.decode()
