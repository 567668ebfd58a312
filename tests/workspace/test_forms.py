"""Claims about forms: they know every field of shop.toml, and save what was changed and no more."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tiny_shop import TOML

from hoursopt.calendar import WHOLE_YEAR, Season, check_seasons
from hoursopt.errors import DataError
from hoursopt.hours import WEEKDAYS, parse_hours
from hoursopt.i18n import Texts
from hoursopt.shop.draft import changed, draft_of
from hoursopt.shop.fields import SECTIONS
from hoursopt.shop.tables import default_of
from hoursopt.workspace.entries import KINDS
from hoursopt.workspace.forms import (
    days_of,
    entries,
    faults_by_place,
    read_days,
    read_entries,
    read_week,
    several,
    show_value,
    table_at,
)
from hoursopt.workspace.wording import PageTexts, said
from hoursopt.workspace.yearly import season_tables, with_season, without_season

EN = PageTexts("en")
WIDGETS = {"choice", "switch", "days", "days_and_holidays", "season"}
IN_FORMS = [one.name for one in SECTIONS if one.name not in ("sources", "exceptions", "hours")]


@pytest.mark.parametrize("section", IN_FORMS)
def test_every_field_has_a_kind_and_words(section: str) -> None:
    for entry in entries(section):
        assert entry.kind in KINDS.keys() | WIDGETS
        for language in ("fi", "sv", "en"):
            assert f"setup.label.{entry.name}" in Texts(language), entry.name
            if entry.kind == "choice":
                for option in entry.options:
                    assert f"setup.choice.{entry.name}.{option}" in Texts(language)


def test_kinds_come_from_the_description_of_the_fields() -> None:
    kinds = {entry.key: entry.kind for name in IN_FORMS for entry in entries(name)}
    assert kinds["margin_rate"] == kinds["on_cost_rate"] == kinds["chance"] == "share"
    assert kinds["recaptured"] == "share_range" and kinds["reach_hours"] == "number_range"
    assert kinds["prices_include_vat"] == "switch" and kinds["language"] == "choice"
    assert kinds["shift_hours"] == "pair" and kinds["weeks"] == "number"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_is_not_touched_is_not_written(language: str) -> None:
    draft = draft_of(TOML, Path("shop.toml"))
    for section in ("shop", "economics", "service", "limits", "diversion"):
        form = entries(section)
        table = table_at(draft.tables, section)
        shown = {
            entry.key: show_value(
                entry, table.get(entry.key, default_of(section, entry.key)), Texts(language)
            )
            for entry in form
        }
        assert read_entries(section, form, shown, dict(shown)) == ({}, [])


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_is_written_again_means_the_same(language: str) -> None:
    """Each value shown, touched and read back gives a shop equal to the first."""
    draft = draft_of(TOML, Path("shop.toml"))
    changes: dict[str, Any] = {}
    for place in ("shop", "grid", "economics", "service", "limits", "staff[1]"):
        form = entries(place.partition("[")[0])
        table = table_at(draft.tables, place)
        shown = {entry.key: object() for entry in form if entry.key in table}
        written = {
            entry.key: show_value(entry, table[entry.key], Texts(language))
            for entry in form
            if entry.key in table
        }
        kept = [entry for entry in form if entry.key in table]
        found, faults = read_entries(place, kept, shown, written)
        assert not faults
        changes |= found
    assert len(changes) > 12
    assert changed(draft, changes).shop == draft.shop is not None


def test_an_empty_field_takes_the_key_out_and_a_needed_one_is_told() -> None:
    draft = draft_of(TOML, Path("shop.toml"))
    form = entries("economics", "open_hour_cost", "margin_rate")
    shown = {"open_hour_cost": "2", "margin_rate": "50"}
    changes, _ = read_entries("economics", form, shown, {"open_hour_cost": " ", "margin_rate": ""})
    assert changes == {"economics.open_hour_cost": None, "economics.margin_rate": None}
    with pytest.raises(DataError) as fault:
        changed(draft, changes)
    (one,) = faults_by_place(fault.value)["economics.margin_rate"]
    assert said(one, EN) == "This field must not be empty."


def test_faults_stand_at_their_fields_all_at_once() -> None:
    form = entries("economics", "margin_rate", "vat_rate")
    _, faults = read_entries(
        "economics",
        form,
        {"margin_rate": "50", "vat_rate": "0"},
        {"margin_rate": "0,5", "vat_rate": "0.2"},
    )
    found = faults_by_place(several(faults))
    assert found.keys() == {"economics.margin_rate", "economics.vat_rate"}


def test_words_beside_a_field_name_no_file() -> None:
    error = DataError(
        "shop.too_late", file="shop.toml", where="grid.latest", value="40", limit="30"
    )
    assert said(error, EN) == "40 is too late; the latest possible time is 30."
    wrapped = DataError(
        "shop.value", causes=[DataError("hours.time", text="x")], file="f", where="w"
    )
    assert said(wrapped, EN).startswith('"x" is not a time.')
    assert said(DataError("import.empty", file="a.csv"), EN).startswith("a.csv: ")


def test_a_week_is_read_and_every_bad_day_is_told() -> None:
    door = {day: "10-17" for day in range(5)} | {5: "10-14", 6: ""}
    assert read_week(door, "hours[1]") == parse_hours("Mo-Fr 10:00-17:00; Sa 10:00-14:00")
    with pytest.raises(DataError) as fault:
        read_week(door | {1: "10-25", 6: "?"}, "hours[1]")
    assert faults_by_place(fault.value).keys() == {"hours[1].Tu", "hours[1].Su"}
    with pytest.raises(DataError) as fault:
        read_week(door | {0: "18-11"}, "hours[1]")
    assert "hours[1].Mo" in faults_by_place(fault.value)


@given(st.sets(st.sampled_from([*WEEKDAYS, "PH"])))
def test_days_read_back(days: set[str]) -> None:
    assert set(days_of(read_days(sorted(days)))) == days


@settings(deadline=None)
@given(st.lists(st.tuples(st.dates(), st.dates()), min_size=1, max_size=5), st.integers(0, 4))
@example([(dt.date(2024, 2, 29), dt.date(2024, 5, 25))], 0)
def test_seasons_put_in_and_taken_out_always_cover_the_year(
    stretches: list[tuple[Any, Any]], number: int
) -> None:
    seasons: tuple[Season, ...] = (WHOLE_YEAR,)
    for turn, (first, last) in enumerate(stretches):
        new = Season(f"s{turn}", (first.month, first.day), (last.month, last.day))
        assume(not new.first == new.last == (2, 29))
        seasons = with_season(seasons, new)
        check_seasons(seasons)
        assert len({season.name for season in seasons}) == len(seasons)
        assert any(season.name == new.name for season in seasons)
    rest = without_season(seasons, number % len(seasons))
    if len(seasons) > 1:
        check_seasons(rest)
    assert len(season_tables(rest) or ()) == (len(rest) if len(rest) > 1 else 0)
