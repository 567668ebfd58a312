"""`shop.toml`: every field is read, every fault is told with its file, key and remedy."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoursopt.calendar import Season
from hoursopt.errors import DataError
from hoursopt.hours import DAY, Grid, OpeningHours, Span, parse_hours
from hoursopt.i18n import Texts
from hoursopt.shop import (
    LANGUAGES,
    Decision,
    Diversion,
    Economics,
    Event,
    Exceptions,
    Horizon,
    HoursInForce,
    Limits,
    Range,
    Rule,
    Service,
    Shop,
    SourceOptions,
    Sources,
    StaffGroup,
    Supplement,
)
from hoursopt.shop.file import format_shop, parse_shop, read_shop, update_shop, write_shop

FULL = """\
schema_version = 1

[shop]
name = "Old Rauma Crafts"
country = "FI"
subdivision = "17"
timezone = "Europe/Helsinki"
currency = "EUR"
language = "fi"

[grid]
slot_minutes = 30
earliest = "06:00"
latest = "24:00"

[[hours]]
hours = "Mo-Fr 10:00-17:00; Sa 10:00-15:00"
[[hours]]
from = 2025-06-09
hours = "Mo-Fr 10:00-18:00; Sa 10:00-16:00"

[sources]
receipts = "receipts.csv"
footfall = ["door.csv", "side.csv"]
orders = "orders.csv"
street = "street.csv"
rota = "rota.csv"
peers = ["raahe", "pori/shop.toml"]
[sources.options.receipts]
columns = { time = "Aika", id = "Kuittinro", amount = "Summa" }
date_order = "dmy"
decimal = ","
delimiter = ";"
encoding = "cp1252"
[sources.options.street]
kind = "near"
timezone = "UTC"

[exceptions]
closed = ["2025-07-12", 2025-07-13]
hours = { "2025-12-23" = "10:00-20:00", 2025-12-24 = "09:00-11:00,12:00-13:00" }

[economics]
conversion = 0.25
basket_value = 21.0
online_basket_value = 30
prices_include_vat = true
vat_rate = 0.255
margin_rate = 0.45
online_margin_rate = 0.30
open_hour_cost = 5.0
open_day_cost = 12.0
goodwill_cost = 0.5

[diversion]
recaptured = [0.20, 0.50]
reach_hours = 1.5
next_day = [0.0, 0.15]
online = 0

[service]
minutes_per_customer = 4.0
patience_minutes = 8.0
minutes_per_order = 6.0

[[staff]]
name = "owner"
people = 1
hourly_cost = 12.0
supplements = false
shift_hours = [0, 12]
week_hours = 45
[[staff]]
name = "employee"
people = 3
hourly_wage = 14.6
on_cost_rate = 0.28
supplements = true
shift_hours = [4, 9]
break_after_hours = 6
break_minutes = 30

[[supplement]]
name = "evening"
days = "Mo-Fr"
from = "18:00"
to = 06:00:00
per_hour = 4.0
[[supplement]]
name = "Sunday"
days = "Su,PH"
share = 1.0

[limits]
min_staff = 1
max_staff = 4
intervals_per_day = 1
min_open_hours = 2
week_open_hours = [0, 168]
patterns = 7
change_cost = 0.0

[[rule]]
name = "home by five"
kind = "closed_after"
days = "Mo-Fr"
at = "17:00"
season = "winter"
[[rule]]
name = "lunch"
kind = "closed"
days = "Sa,Su"
at = "12:00-13:00"

[[season]]
name = "summer"
from = "06-01"
to = "08-31"
[[season]]
name = "winter"
from = "09-01"
to = "05-31"

[[event]]
name = "Lace week"
dates = [["2025-07-26", "2025-08-03"], 2026-08-02]
factor = 1.4

[horizon]
from = 2026-03-02
weeks = 26

[decision]
chance = 0.9
robust = 0.25
"""

SMALL = """\
[shop]
name = "Small"
country = "FI"
timezone = "Europe/Helsinki"
currency = "EUR"
[[hours]]
hours = "Mo-Fr 10:00-17:00"
[sources]
receipts = "receipts.csv"
[economics]
margin_rate = 0.4
[[staff]]
name = "owner"
people = 2
hourly_cost = 12.0
"""


def edited(old: str, new: str, text: str = FULL) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def without(line: str, text: str = FULL) -> str:
    return edited(f"{line}\n", "", text)


def error_of(text: str) -> DataError:
    with pytest.raises(DataError) as caught:
        parse_shop(text, Path("corner"))
    return caught.value


def test_every_field_of_the_contract_is_read() -> None:
    shop = parse_shop(FULL, Path("corner"))
    evening = Supplement("evening", (0, 1, 2, 3, 4), span=Span(18 * 60, 30 * 60), per_hour=4.0)
    assert shop == Shop(
        name="Old Rauma Crafts",
        country="FI",
        subdivision="17",
        timezone="Europe/Helsinki",
        currency="EUR",
        language="fi",
        grid=Grid(30, 360, DAY),
        hours=(
            HoursInForce(parse_hours("Mo-Fr 10:00-17:00; Sa 10:00-15:00")),
            HoursInForce(parse_hours("Mo-Fr 10:00-18:00; Sa 10:00-16:00"), dt.date(2025, 6, 9)),
        ),
        sources=Sources(
            ("receipts.csv",),
            ("door.csv", "side.csv"),
            ("orders.csv",),
            ("street.csv",),
            ("rota.csv",),
            {
                "receipts": SourceOptions(
                    {"time": "Aika", "id": "Kuittinro", "amount": "Summa"},
                    date_order="dmy",
                    decimal=",",
                    encoding="cp1252",
                    delimiter=";",
                ),
                "street": SourceOptions(timezone="UTC", kind="near"),
            },
            ("raahe", "pori/shop.toml"),
        ),
        exceptions=Exceptions(
            (dt.date(2025, 7, 12), dt.date(2025, 7, 13)),
            {
                dt.date(2025, 12, 23): (Span(600, 1200),),
                dt.date(2025, 12, 24): (Span(540, 660), Span(720, 780)),
            },
        ),
        economics=Economics(0.45, 0.3, 0.25, 21.0, 30.0, True, 0.255, 5.0, 12.0, 0.5),
        diversion=Diversion(Range(0.2, 0.5), Range(1.5, 1.5), Range(0.0, 0.15), Range(0.0, 0.0)),
        service=Service(4.0, 8.0, 6.0),
        staff=(
            StaffGroup("owner", 1, hourly_cost=12.0, week_hours=45.0),
            StaffGroup(
                "employee",
                3,
                hourly_wage=14.6,
                on_cost_rate=0.28,
                supplements=True,
                shift_hours=(4.0, 9.0),
                break_after_hours=6.0,
                break_minutes=30.0,
            ),
        ),
        supplements=(evening, Supplement("Sunday", (6,), holidays=True, share=1.0)),
        limits=Limits(1, 4, 1, 2.0, (0.0, 168.0), 7, 0.0),
        rules=(
            Rule("home by five", "closed_after", (0, 1, 2, 3, 4), at=1020, season="winter"),
            Rule("lunch", "closed", (5, 6), span=Span(720, 780)),
        ),
        seasons=(Season("summer", (6, 1), (8, 31)), Season("winter", (9, 1), (5, 31))),
        events=(
            Event(
                "Lace week",
                (
                    (dt.date(2025, 7, 26), dt.date(2025, 8, 3)),
                    (dt.date(2026, 8, 2), dt.date(2026, 8, 2)),
                ),
                1.4,
            ),
        ),
        horizon=Horizon(dt.date(2026, 3, 2), 26),
        decision=Decision(0.9, 0.25),
        folder=Path("corner"),
    )


def test_what_may_be_left_out_has_its_default() -> None:
    shop = parse_shop(SMALL, Path("corner"))
    assert shop == Shop(
        name="Small",
        country="FI",
        timezone="Europe/Helsinki",
        currency="EUR",
        grid=Grid(30, 360, DAY),
        hours=(HoursInForce(parse_hours("Mo-Fr 10:00-17:00")),),
        economics=Economics(0.4),
        staff=(StaffGroup("owner", 2, hourly_cost=12.0),),
        sources=Sources(receipts=("receipts.csv",)),
        limits=Limits(max_staff=2),
        folder=Path("corner"),
    )


@pytest.mark.parametrize("text", [FULL, SMALL])
def test_a_written_shop_reads_back(text: str, tmp_path: Path) -> None:
    shop = parse_shop(text, tmp_path)
    write_shop(shop, tmp_path)
    for name in (name for source in shop.sources.options for name in shop.sources.files(source)):
        (tmp_path / name).touch()
    for name in ("receipts.csv", "door.csv", "side.csv", "orders.csv", "rota.csv"):
        (tmp_path / name).touch()
    for name in shop.sources.peers:
        folder = tmp_path / name.removesuffix("/shop.toml")
        folder.mkdir()
        (folder / "shop.toml").touch()
    assert read_shop(tmp_path) == shop
    assert read_shop(tmp_path / "shop.toml") == shop
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".new"] == []


shares = st.floats(0, 1, allow_subnormal=False)
money = st.floats(0, 1e6)
above_zero = st.floats(1e-3, 1e4)
names = st.text(min_size=1, max_size=12).filter(str.strip)
weekday_sets = st.sets(st.integers(0, 6), min_size=2).map(lambda days: tuple(sorted(days)))
days_open = st.sets(st.integers(0, 6)).map(
    lambda days: OpeningHours(tuple((Span(600, 1020),) if day in days else () for day in range(7)))
)
year_days = st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    ends = st.tuples(shares, shares).map(lambda pair: Range(*sorted(pair)))
    seasons = (
        Season(draw(names) + "1", (3, 1), (9, 30)),
        Season(draw(names) + "2", (10, 1), (2, 28)),
    )
    people = draw(st.integers(1, 20))
    rules = [
        Rule(f"{number}{draw(names)}", kind, draw(weekday_sets), at=at, span=span, season=season)  # type: ignore[arg-type]
        for number, (kind, at, span, season) in enumerate(
            draw(
                st.lists(
                    st.sampled_from(
                        [
                            ("closed", None, None, None),
                            ("closed", None, Span(720, 780), seasons[0].name),
                            ("closed_before", 600, None, None),
                            ("closed_after", 1020, None, seasons[1].name),
                            ("same_hours", None, None, None),
                        ]
                    ),
                    max_size=3,
                )
            )
        )
    ]
    days = sorted(draw(st.lists(year_days, min_size=3, max_size=6, unique=True)))
    return Shop(
        name=draw(names),
        country="SE",
        timezone="Europe/Stockholm",
        currency="SEK",
        language=draw(st.sampled_from(LANGUAGES)),
        grid=Grid(draw(st.sampled_from([15, 30, 60])), 360, 26 * 60),
        hours=(HoursInForce(draw(days_open)), HoursInForce(draw(days_open), days[0])),
        economics=Economics(
            draw(st.floats(-1, 1)),
            basket_value=draw(st.none() | above_zero),
            prices_include_vat=draw(st.booleans()),
            vat_rate=draw(shares),
            open_hour_cost=draw(money),
        ),
        staff=(
            StaffGroup(
                "a", people, hourly_wage=draw(above_zero), shift_hours=(draw(st.floats(0, 4)), 8.5)
            ),
        ),
        sources=Sources(
            receipts=tuple(draw(st.lists(names, min_size=1, max_size=2))),
            options={"receipts": SourceOptions(draw(st.dictionaries(names, names, max_size=2)))},
        ),
        exceptions=Exceptions(tuple(days[1:2]), {days[2]: (Span(600, 660), Span(720, 1500))}),
        diversion=Diversion(draw(ends), Range(0.5, 0.5), draw(ends), draw(ends)),
        supplements=(
            Supplement(
                "x", (), holidays=True, span=Span(draw(st.integers(0, 1380)), 1440), share=0.5
            ),
        ),
        limits=Limits(max_staff=draw(st.integers(1, people))),
        rules=tuple(rules),
        seasons=seasons,
        events=tuple(
            Event(f"{number}", ((first, last),), draw(st.none() | above_zero))
            for number, (first, last) in enumerate(pairwise(days))
        ),
        horizon=Horizon(draw(st.none() | st.just(days[-1])), draw(st.integers(1, 520))),
        folder=Path("corner"),
    )


@settings(max_examples=60, deadline=None)
@given(shops())
def test_any_shop_reads_back_as_it_was_written(shop: Shop) -> None:
    assert parse_shop(format_shop(shop), shop.folder) == shop


COUNTED = edited("receipts =", "footfall =", SMALL)
CLOSED_ON = '[[rule]]\nname = "free"\nkind = "closed"\ndays = "We"\n'


def open_on(days: str, at: str = "") -> str:
    return f'[[rule]]\nname = "service"\nkind = "open"\ndays = "{days}"\n{at}\n'


# (text, key of the error, key in the file, key of the cause where another room refuses the value)
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "unknown key": (
        edited("margin_rate = 0.45\n", "margin_rat = 0.45\nmargin_rate = 0.45\n"),
        "shop.unknown_key", "economics.margin_rat", "",
    ),
    "unknown section": (FULL + "[economy]\n", "shop.unknown_key", "economy", ""),
    "unknown option": (
        edited('kind = "near"', 'kin = "near"'),
        "shop.unknown_key", "sources.options.street.kin", "",
    ),
    "options of an unknown source": (
        edited("[sources.options.street]", "[sources.options.stret]"),
        "shop.unknown_key", "sources.options.stret", "",
    ),
    "options of no file": (
        without('street = "street.csv"'), "shop.option_unused", "sources.options.street", "",
    ),
    "missing key": (without("margin_rate = 0.45"), "shop.missing", "economics.margin_rate", ""),
    "missing section": (
        SMALL.replace("[economics]\nmargin_rate = 0.4\n", ""),
        "shop.missing", "economics.margin_rate", "",
    ),
    "later version": (edited("schema_version = 1", "schema_version = 2"), "shop.schema", "", ""),
    "empty name": (edited('"Old Rauma Crafts"', '" "'), "shop.text", "shop.name", ""),
    "number for a name": (edited('"Old Rauma Crafts"', "7"), "shop.text", "shop.name", ""),
    "text for a number": (edited("0.45", '"0,45"'), "shop.number", "economics.margin_rate", ""),
    "no number": (edited("0.45", "nan"), "shop.number", "economics.margin_rate", ""),
    "true for a number": (edited("0.45", "true"), "shop.number", "economics.margin_rate", ""),
    "per cent for a rate": (edited("0.255", "25.5"), "shop.share", "economics.vat_rate", ""),
    "margin above the price": (edited("0.45", "1.2"), "shop.share", "economics.margin_rate", ""),
    "negative cost": (
        edited("open_hour_cost = 5.0", "open_hour_cost = -5.0"),
        "shop.at_least", "economics.open_hour_cost", "",
    ),
    "no conversion at all": (
        edited("conversion = 0.25", "conversion = 0"), "shop.share", "economics.conversion", "",
    ),
    "text for true": (
        edited("prices_include_vat = true", 'prices_include_vat = "yes"'),
        "shop.boolean", "economics.prices_include_vat", "",
    ),
    "no wage": (edited("14.6", "0"), "shop.positive", "staff[2].hourly_wage", ""),
    "negative wage": (edited("14.6", "-14.6"), "shop.positive", "staff[2].hourly_wage", ""),
    "no cost": (
        edited("hourly_cost = 12.0", "hourly_cost = 0"),
        "shop.positive", "staff[1].hourly_cost", "",
    ),
    "neither cost nor wage": (
        without("hourly_wage = 14.6"), "shop.cost_or_wage", "staff[2].hourly_wage", "",
    ),
    "cost and wage": (
        edited("hourly_wage = 14.6", "hourly_wage = 14.6\nhourly_cost = 12.0"),
        "shop.cost_or_wage", "staff[2].hourly_wage", "",
    ),
    "half a person": (edited("people = 3", "people = 2.5"), "shop.whole", "staff[2].people", ""),
    "nobody": (edited("people = 3", "people = 0"), "shop.between", "staff[2].people", ""),
    "no staff": (
        SMALL.replace('[[staff]]\nname = "owner"\npeople = 2\nhourly_cost = 12.0\n', ""),
        "shop.no_staff", "staff", "",
    ),
    "shift upside down": (
        edited("[4, 9]", "[9, 4]"), "shop.order", "staff[2].shift_hours", "",
    ),
    "shift of one number": (edited("[4, 9]", "9"), "shop.pair", "staff[2].shift_hours", ""),
    "shift longer than a day": (
        edited("[4, 9]", "[4, 25]"), "shop.between", "staff[2].shift_hours", "",
    ),
    "shift of nothing": (edited("[4, 9]", "[0, 0]"), "shop.no_shift", "staff[2].shift_hours", ""),
    "break without length": (
        without("break_minutes = 30"), "shop.break", "staff[2].break_after_hours", "",
    ),
    "break without time": (
        without("break_after_hours = 6"), "shop.break", "staff[2].break_after_hours", "",
    ),
    "two of a name": (
        edited('name = "employee"', 'name = "owner"'), "shop.same_name", "staff[2].name", "",
    ),
    "two rules of a name": (
        edited('name = "lunch"', 'name = "home by five"'), "shop.same_name", "rule[2].name", "",
    ),
    "latest before earliest": (
        edited('earliest = "06:00"', 'earliest = "25:00"').replace('"24:00"', '"10:00"', 1),
        "shop.too_late", "grid.earliest", "",
    ),
    "grid upside down": (
        edited('latest = "24:00"', 'latest = "05:00"'), "shop.value", "grid", "grid.order",
    ),
    "a day that ends too late": (
        edited('latest = "24:00"', 'latest = "30:30"'), "shop.too_late", "grid.latest", "",
    ),
    "a day of 24 hours and a half": (
        edited('latest = "24:00"', 'latest = "30:00"').replace('"06:00"', '"05:30"', 1),
        "shop.value", "grid", "grid.too_long",
    ),
    "slot of 20 minutes": (
        edited("slot_minutes = 30", "slot_minutes = 20"),
        "shop.choice", "grid.slot_minutes", "",
    ),
    "earliest off the slots": (
        edited('earliest = "06:00"', 'earliest = "06:10"'), "shop.value", "grid", "grid.off_slot",
    ),
    "no time": (edited('"06:00"', '"6.00"'), "shop.value", "grid.earliest", "hours.time"),
    "two tables for one": (
        edited("[decision]", "[[decision]]"), "shop.one_table", "decision", "",
    ),
    "one table for many": (edited("[[event]]", "[event]"), "shop.many_tables", "event", ""),
    "unknown time zone": (
        edited("Europe/Helsinki", "Europe/Helsingfors"), "shop.timezone", "shop.timezone", "",
    ),
    "a continent for a time zone": (
        edited("Europe/Helsinki", "Europe"), "shop.timezone", "shop.timezone", "",
    ),
    "currency by its sign": (edited('"EUR"', '"€"'), "shop.currency", "shop.currency", ""),
    "language that we do not speak": (
        edited('language = "fi"', 'language = "de"'), "shop.choice", "shop.language", "",
    ),
    "unknown country": (
        edited('"FI"', '"Finland"'), "shop.value", "shop.country", "calendar.country",
    ),
    "unknown part of the country": (
        edited('"17"', '"99"'), "shop.value", "shop.subdivision", "calendar.subdivision",
    ),
    "no hours": (
        SMALL.replace('[[hours]]\nhours = "Mo-Fr 10:00-17:00"\n', ""), "shop.no_hours", "hours", "",
    ),
    "hours that are none": (
        edited("Mo-Fr 10:00-18:00; Sa 10:00-16:00", "Ma-Pe 10-18"),
        "shop.value", "hours[2].hours", "hours.days",
    ),
    "second hours without a day": (
        without("from = 2025-06-09"), "shop.hours_from", "hours[2].from", "",
    ),
    "newest hours first": (
        edited("[[hours]]\nhours =", "[[hours]]\nfrom = 2025-12-01\nhours ="),
        "shop.hours_order", "hours[2].from", "",
    ),
    "hours before the earliest": (
        edited("Mo-Fr 10:00-18:00;", "Mo-Fr 05:00-18:00;"),
        "shop.outside_grid", "hours[2].hours", "",
    ),
    "hours after the latest": (
        edited("Mo-Fr 10:00-17:00;", "Mo-Fr 10:00-01:00;"),
        "shop.outside_grid", "hours[1].hours", "",
    ),
    "no source": (
        SMALL.replace('receipts = "receipts.csv"', 'orders = "orders.csv"'),
        "shop.no_source", "sources", "",
    ),
    "number for a file": (edited('"orders.csv"', "3"), "shop.text", "sources.orders", ""),
    "visitors without conversion": (
        edited("margin_rate", "basket_value = 9\nmargin_rate", COUNTED),
        "shop.needs_conversion", "economics.conversion", "",
    ),
    "visitors without a basket": (
        edited("margin_rate", "conversion = 0.2\nmargin_rate", COUNTED),
        "shop.needs_basket_value", "economics.basket_value", "",
    ),
    "more staff than people": (
        edited("max_staff = 4", "max_staff = 5"), "shop.too_few_people", "limits.max_staff", "",
    ),
    "fewest above most": (
        edited("min_staff = 1\nmax_staff = 4", "min_staff = 3\nmax_staff = 2"),
        "shop.min_staff", "limits.min_staff", "",
    ),
    "fewest above all people": (
        edited("min_staff = 1\nmax_staff = 4", "min_staff = 5"),
        "shop.too_few_ever", "limits.min_staff", "",
    ),
    "opening longer than the day": (
        edited("min_open_hours = 2", "min_open_hours = 19"),
        "shop.opening_too_long", "limits.min_open_hours", "",
    ),
    "week hours upside down": (
        edited("[0, 168]", "[60, 40]"), "shop.order", "limits.week_open_hours", "",
    ),
    "three openings a day": (
        edited("intervals_per_day = 1", "intervals_per_day = 3"),
        "shop.choice", "limits.intervals_per_day", "",
    ),
    "eight patterns": (
        edited("patterns = 7", "patterns = 8"),
        "shop.between", "limits.patterns", "",
    ),
    "share above one": (
        edited("recaptured = [0.20, 0.50]", "recaptured = [0.20, 50]"),
        "shop.share", "diversion.recaptured", "",
    ),
    "range upside down": (
        edited("recaptured = [0.20, 0.50]", "recaptured = [0.50, 0.20]"),
        "shop.order", "diversion.recaptured", "",
    ),
    "no reach": (
        edited("reach_hours = 1.5", "reach_hours = 0"),
        "shop.positive", "diversion.reach_hours", "",
    ),
    "unknown rule": (edited('"closed_after"', '"shut_after"'), "shop.choice", "rule[1].kind", ""),
    "rule without days": (
        edited('days = "Mo-Fr"\nat', "at"), "shop.missing", "rule[1].days", "",
    ),
    "rule on holidays": (
        edited('days = "Sa,Su"', 'days = "Sa,PH"'), "shop.value", "rule[2].days", "hours.days",
    ),
    "rule without its hour": (without('at = "17:00"'), "shop.rule_time", "rule[1].at", ""),
    "rule with a span for an hour": (
        edited('at = "17:00"', 'at = "17:00-18:00"'), "shop.rule_time", "rule[1].at", "",
    ),
    "rule with an hour for a span": (
        edited('at = "12:00-13:00"', 'at = "12:00"'), "shop.rule_span", "rule[2].at", "",
    ),
    "rule that has no hour": (
        edited('kind = "closed"', 'kind = "keep_today"'), "shop.rule_no_time", "rule[2].at", "",
    ),
    "the same hours on one day": (
        SMALL + '[[rule]]\nname = "same"\nkind = "same_hours"\ndays = "We"\n',
        "shop.rule_days", "rule[1].days", "",
    ),
    "rule of an unknown season": (
        edited('season = "winter"', 'season = "wintr"'),
        "shop.unknown_season", "rule[1].season", "",
    ),
    "open and closed on a day": (
        SMALL + CLOSED_ON + open_on("Mo-Fr"), "shop.rules_leave_no_time", "rule[2]", "",
    ),
    "open when shut": (
        SMALL + '[[rule]]\nname = "five"\nkind = "closed_after"\ndays = "Mo-Fr"\nat = "17:00"\n'
        + open_on("Fr", 'at = "16:00-18:00"'),
        "shop.rules_clash", "rule[2]", "",
    ),
    "shut before an opening fits": (
        SMALL + '[[rule]]\nname = "early"\nkind = "closed_after"\ndays = "Mo-Fr"\nat = "07:30"\n'
        + open_on("Fr"),
        "shop.rules_leave_no_time", "rule[2]", "",
    ),
    "kept as today but shut": (
        SMALL + CLOSED_ON + '[[rule]]\nname = "keep"\nkind = "keep_today"\ndays = "Mo-Su"\n',
        "shop.rules_clash", "rule[2]", "",
    ),
    "open outside the grid": (
        SMALL + open_on("Fr", 'at = "04:00-08:00"'), "shop.outside_grid", "rule[1]", "",
    ),
    "open longer than the week may be": (
        SMALL + '[limits]\nweek_open_hours = [0, 40]\n' + open_on("Mo-Fr", 'at = "09:00-18:00"'),
        "shop.rules_too_long", "limits.week_open_hours", "",
    ),
    "shut more than the week may be": (
        SMALL + "[limits]\nweek_open_hours = [120, 168]\n" + CLOSED_ON,
        "shop.rules_too_short", "limits.week_open_hours", "",
    ),
    "supplement without pay": (
        without("share = 1.0"), "shop.supplement", "supplement[2].per_hour", "",
    ),
    "supplement with two pays": (
        edited("share = 1.0", "share = 1.0\nper_hour = 2"),
        "shop.supplement", "supplement[2].per_hour", "",
    ),
    "supplement on unknown days": (
        edited('days = "Su,PH"', 'days = "Su,XX"'),
        "shop.value", "supplement[2].days", "hours.days",
    ),
    "closed and open on a date": (
        edited('closed = ["2025-07-12"', 'closed = ["2025-12-23"'),
        "shop.closed_and_open", "exceptions.hours", "",
    ),
    "exception outside the grid": (
        edited('"10:00-20:00"', '"05:00-20:00"'), "shop.outside_grid", "exceptions.hours", "",
    ),
    "date that is none": (
        edited('"2025-07-12"', '"12.7.2025"'), "shop.date", "exceptions.closed", "",
    ),
    "date for a list": (
        edited('closed = ["2025-07-12", 2025-07-13]', "closed = 2025-07-12"),
        "shop.list", "exceptions.closed", "",
    ),
    "columns as a list": (
        edited('{ time = "Aika", id = "Kuittinro", amount = "Summa" }', '["Aika"]'),
        "shop.table", "sources.options.receipts.columns", "",
    ),
    "gap between seasons": (
        edited('from = "09-01"', 'from = "09-15"'),
        "shop.value", "season", "calendar.gap",
    ),
    "seasons that overlap": (
        edited('from = "09-01"', 'from = "08-15"'), "shop.value", "season", "calendar.overlap",
    ),
    "day that no year has": (edited('"06-01"', '"06-31"'), "shop.month_day", "season[1].from", ""),
    "event upside down": (
        edited('["2025-07-26", "2025-08-03"]', '["2025-08-03", "2025-07-26"]'),
        "shop.order", "event[1].dates", "",
    ),
    "event without factor": (
        edited("factor = 1.4", "factor = 0"),
        "shop.positive", "event[1].factor", "",
    ),
    "no weeks": (edited("weeks = 26", "weeks = 0"), "shop.between", "horizon.weeks", ""),
    "weight of the worst": (
        edited("robust = 0.25", "robust = 25"), "shop.share", "decision.robust", "",
    ),
    "certainty": (edited("chance = 0.9", "chance = 1"), "shop.share", "decision.chance", ""),
    "list that is not closed": (edited("[4, 9]", "[4, 9"), "shop.syntax", "", ""),
    "decimal comma": (edited("14.6", "14,6"), "shop.syntax", "", ""),
    "key twice": (
        edited("margin_rate = 0.45\n", "margin_rate = 0.45\nmargin_rate = 0.4\n"),
        "shop.twice", "", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_file_and_key_in_three_languages(name: str) -> None:
    text, key, where, cause = FAULTS[name]
    error = error_of(text)
    assert error.key == key, str(error)
    assert error.values.get("where", "") == where
    assert [found.key for found in error.causes] == ([cause] if cause else [])
    for language in LANGUAGES:
        told = Texts(language).describe(error)
        assert "shop.toml" in told and where in told
        assert not told.startswith(key), "the text is missing or lacks a value"
        assert not cause or f"- {cause}" not in told


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = edited("margin_rate = 0.45", "margin_rate = 45")
    text = edited("hourly_wage = 14.6", "hourly_wage = 0", text)
    text = edited('season = "winter"', 'season = "wintr"', text)
    text = edited("[4, 9]", "[9, 4]", text)
    text = edited("max_staff = 4", "max_staf = 4", text)
    error = error_of(text)
    assert error.key == "shop.faults" and error.values["count"] == 5
    assert {cause.values["where"] for cause in error.causes} == {
        "economics.margin_rate",
        "staff[2].hourly_wage",
        "staff[2].shift_hours",
        "limits.max_staf",
        "rule[1].season",
    }
    told = Texts("fi").describe(error).splitlines()
    assert len(told) == 6 and "5" in told[0]


def test_the_nearest_known_name_is_offered() -> None:
    assert error_of(FAULTS["unknown key"][0]).values["known"] == ("margin_rate",)
    assert error_of(FAULTS["unknown section"][0]).values["known"] == ("economics",)
    zone = error_of(FAULTS["unknown time zone"][0]).values["known"]
    assert "Europe/Helsinki" in zone  # type: ignore[operator]


def test_a_mistake_of_syntax_has_its_line_and_column() -> None:
    error = error_of(FAULTS["decimal comma"][0])
    line = FULL.splitlines().index("hourly_wage = 14.6") + 1
    assert (error.values["line"], error.values["text"]) == (line, "hourly_wage = 14,6")
    assert error.values["column"] == len("hourly_wage = 14,")
    assert error_of("[shop").values["line"] == 1


def test_a_break_and_a_shift_may_be_told_in_whole_or_half_hours() -> None:
    text = edited("[4, 9]", "[3.5, 7.5]")
    assert parse_shop(text, Path()).staff[1].shift_hours == (3.5, 7.5)


def test_margins_may_be_negative_and_a_day_may_end_at_six_in_the_morning() -> None:
    text = edited("margin_rate = 0.45", "margin_rate = -0.1")
    text = edited('latest = "24:00"', 'latest = "30:00"', text)
    shop = parse_shop(text, Path())
    assert shop.economics.margin_rate == -0.1 and shop.grid.latest == 30 * 60


def test_rules_of_different_seasons_do_not_clash() -> None:
    text = FULL + CLOSED_ON + 'season = "summer"\n' + open_on("We", 'season = "winter"')
    assert len(parse_shop(text, Path()).rules) == 4


def test_a_promise_up_to_the_closing_hour_can_be_kept() -> None:
    shut = '[[rule]]\nname = "five"\nkind = "closed_after"\ndays = "Fr"\nat = "17:00"\n'
    early = '[[rule]]\nname = "nine"\nkind = "closed_before"\ndays = "Fr"\nat = "09:00"\n'
    text = SMALL + shut + early + open_on("Fr", 'at = "09:00-17:00"')
    assert len(parse_shop(text, Path()).rules) == 3


def test_missing_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(FULL, "utf-8")
    (tmp_path / "receipts.csv").touch()
    with pytest.raises(DataError) as caught:
        read_shop(tmp_path)
    assert [cause.key for cause in caught.value.causes] == [
        *["shop.no_data_file"] * 5,
        *["shop.no_peer"] * 2,
    ]
    told = Texts("sv").describe(caught.value)
    assert "side.csv" in told and "sources.footfall" in told and "receipts.csv" not in told


def test_a_file_that_is_not_there_or_not_utf8_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"shop\.no_file"):
        read_shop(tmp_path)
    (tmp_path / "shop.toml").write_bytes('[shop]\nname = "Käsityö"'.encode("cp1252"))
    with pytest.raises(DataError, match=r"shop\.encoding"):
        read_shop(tmp_path)


def test_a_file_of_windows_notepad_is_read(tmp_path: Path) -> None:
    text = edited('name = "Small"', 'name = "Käsityö"', SMALL).replace("\n", "\r\n")
    (tmp_path / "shop.toml").write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    (tmp_path / "receipts.csv").touch()
    assert read_shop(tmp_path).name == "Käsityö"


@pytest.fixture
def shop_toml(tmp_path: Path) -> Path:
    file = tmp_path / "shop.toml"
    file.write_text(edited("0.45", "0.45   # without the gift cards"), "utf-8")
    return file


def test_a_change_leaves_comments_and_order(shop_toml: Path) -> None:
    before = shop_toml.read_text("utf-8")
    shop = update_shop(
        shop_toml, {"economics.margin_rate": 0.4, "rule[1].at": "18:00", "staff[2].people": 4}
    )
    assert shop.economics.margin_rate == 0.4
    assert shop.rules[0].at == 18 * 60 and shop.staff[1].people == 4
    expected = before.replace("margin_rate = 0.45 ", "margin_rate = 0.4 ")
    expected = expected.replace('at = "17:00"', 'at = "18:00"').replace("people = 3", "people = 4")
    assert shop_toml.read_text("utf-8") == expected


def test_keys_come_and_go(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(SMALL, "utf-8")
    shop = update_shop(
        file,
        {
            "limits.min_open_hours": 4,
            "diversion.recaptured": (0.1, 0.3),
            "exceptions.closed": ["2026-07-01"],
            "sources.options.receipts.decimal": ",",
            "rule": [{"name": "free", "kind": "closed", "days": "Su"}],
        },
    )
    assert shop.limits.min_open_hours == 4 and shop.diversion.recaptured == Range(0.1, 0.3)
    assert shop.exceptions.closed == (dt.date(2026, 7, 1),)
    assert shop.sources.option("receipts").decimal == ","
    assert shop.rules == (Rule("free", "closed", (6,)),)
    assert update_shop(file, {"limits.min_open_hours": None, "rule[1]": None}) == (
        dataclasses.replace(
            shop, limits=dataclasses.replace(shop.limits, min_open_hours=2.0), rules=()
        )
    )


def test_a_new_key_may_stand_before_tables_below_it(shop_toml: Path) -> None:
    shop_toml.write_text(without('rota = "rota.csv"'), "utf-8")
    shop = update_shop(shop_toml, {"sources.rota": "shifts.csv", "sources.receipts": ["a", "b"]})
    assert shop.sources.rota == ("shifts.csv",) and shop.sources.receipts == ("a", "b")
    assert shop.sources.option("street").kind == "near"
    again = update_shop(shop_toml, {"sources.rota": None})
    assert again.sources.rota == ()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"economics.margin_rate": 45}, "shop.share"),
        ({"economics.margin": 0.4}, "shop.unknown_key"),
        ({"rule[7].at": "18:00"}, "shop.no_item"),
        ({"staff[1].people": 1, "limits.max_staff": 40}, "shop.too_few_people"),
    ],
)
def test_a_change_that_cannot_be_leaves_the_file_as_it_was(
    shop_toml: Path, changes: dict[str, object], key: str
) -> None:
    before = shop_toml.read_bytes()
    with pytest.raises(DataError) as caught:
        update_shop(shop_toml, changes)
    assert caught.value.key == key
    assert shop_toml.read_bytes() == before


def test_a_key_that_is_no_key_is_a_mistake_of_the_program(shop_toml: Path) -> None:
    with pytest.raises(ValueError, match=r"rule\[x\]"):
        update_shop(shop_toml, {"rule[x]": 1})


def test_a_crash_in_the_middle_leaves_the_old_file(
    shop_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shop_toml.read_bytes()

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(DataError, match=r"shop\.unwritable.*No space"):
        update_shop(shop_toml, {"economics.margin_rate": 0.4})
    assert shop_toml.read_bytes() == before
    assert list(shop_toml.parent.iterdir()) == [shop_toml]
