"""A shop answers what was in force, and what-ifs are copies."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pickle

import pytest

from hoursopt.hours import DAY, Grid, Span, parse_hours
from hoursopt.shop import (
    Economics,
    Exceptions,
    HoursInForce,
    Range,
    Rule,
    Shop,
    SourceOptions,
    Sources,
    StaffGroup,
)

OLD, NEW = parse_hours("Mo-Fr 10:00-17:00"), parse_hours("Mo-Sa 09:00-18:00")
SHOP = Shop(
    name="Corner",
    country="FI",
    timezone="Europe/Helsinki",
    currency="EUR",
    grid=Grid(30, 360, DAY),
    hours=(HoursInForce(OLD), HoursInForce(NEW, dt.date(2026, 3, 1))),
    economics=Economics(0.4, vat_rate=0.25),
    staff=(StaffGroup("owner", 1, hourly_cost=12.0),),
    sources=Sources(receipts=("a.csv",), options={"receipts": SourceOptions(decimal=",")}),
    exceptions=Exceptions(
        closed=(dt.date(2026, 3, 3),), hours={dt.date(2026, 3, 8): (Span(720, 960),)}
    ),
    rules=(
        Rule("free", "closed", (6,)),
        Rule("winter", "closed_after", (0,), at=960, season="winter"),
    ),
)


def test_hours_on_a_date_are_those_that_had_begun() -> None:
    assert SHOP.hours_on(dt.date(2026, 2, 27)) == OLD[4]
    assert SHOP.hours_on(dt.date(2026, 2, 28)) == ()
    assert SHOP.hours_on(dt.date(2026, 3, 2)) == NEW[0]
    assert SHOP.today == NEW


def test_a_single_date_can_be_different() -> None:
    assert SHOP.hours_on(dt.date(2026, 3, 3)) == ()
    assert SHOP.hours_on(dt.date(2026, 3, 8)) == (Span(720, 960),)


def test_before_the_first_hours_the_shop_was_closed() -> None:
    young = SHOP.replace(hours=(HoursInForce(OLD, dt.date(2026, 1, 5)),))
    assert young.hours_on(dt.date(2026, 1, 2)) == ()
    assert young.hours_on(dt.date(2026, 1, 5)) == OLD[0]


def test_rules_hold_in_their_season_or_always() -> None:
    assert [rule.name for rule in SHOP.rules_of("winter")] == ["free", "winter"]
    assert [rule.name for rule in SHOP.rules_of("summer")] == ["free"]


def test_prices_with_vat_are_worth_less() -> None:
    assert SHOP.economics.net_share == pytest.approx(0.8)
    assert dataclasses.replace(SHOP.economics, prices_include_vat=False).net_share == 1.0


def test_sources_have_files_and_options() -> None:
    assert SHOP.sources.files("receipts") == ("a.csv",) and SHOP.sources.files("street") == ()
    assert SHOP.sources.option("receipts").decimal == ","
    assert SHOP.sources.option("street") == SourceOptions()


def test_a_range_may_be_a_known_number() -> None:
    assert Range(0.3, 0.3).known and not Range(0.2, 0.4).known
    assert Range(0.2, 0.4).middle == pytest.approx(0.3)


def test_a_what_if_leaves_the_shop_as_it_is() -> None:
    other = SHOP.replace(economics=dataclasses.replace(SHOP.economics, margin_rate=0.5))
    assert (SHOP.economics.margin_rate, other.economics.margin_rate) == (0.4, 0.5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        SHOP.name = "Other"  # type: ignore[misc]


def test_a_shop_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(SHOP)) == SHOP
