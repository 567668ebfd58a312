"""Claims about new shops: every trade in every country makes one that lacks only its files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from hoursopt.errors import DataError
from hoursopt.hours import Grid, OpeningHours, parse_hours
from hoursopt.i18n import Texts
from hoursopt.observations import FoundHours, SuggestedHours
from hoursopt.shop.draft import read_draft
from hoursopt.shop.file import read_shop
from hoursopt.workspace import founding
from hoursopt.workspace.founding import (
    Founding,
    countries,
    door_counter_figures,
    found_shop,
    sources_of,
    trades,
    usual_hours,
)
from hoursopt.workspace.history import confirm, read_timeline, save
from hoursopt.workspace.starting import PROPOSED, unchecked
from hoursopt.workspace.suggested import taken_over

HOURS = parse_hours("Mo-Fr 10:00-17:00")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("trade", trades())
def test_every_trade_in_every_country_lacks_nothing_but_files(
    trade: str, language: str, tmp_path: Path
) -> None:
    weekdays, saturday, sunday = usual_hours(trade)
    week = OpeningHours((*[weekdays] * 5, saturday, sunday))
    for country in countries():
        answers = Founding("Oma & <b>", country, trade, language, week)
        draft = found_shop(answers, tmp_path / country)
        assert [fault.key for fault in draft.faults] == ["shop.no_source"]
        shop = draft.unfinished_shop
        assert shop is not None and shop.today == week and shop.language == language
        (draft.folder / "till.csv").write_text("x")
        found = save(draft.folder, draft.revision, {"sources.receipts": "till.csv"})
        assert found.shop is not None and read_shop(draft.folder).name == "Oma & <b>"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_trade_country_and_source_has_words(language: str) -> None:
    t = Texts(language)
    for trade in trades():
        assert f"setup.trade_{trade}" in t
        for country in countries():
            assert t.country(country) != country
            for status, source in sources_of(country, trade):
                assert f"setup.status_{status}" in t and source
    for name in PROPOSED:
        assert f"setup.part_{name}" in t


def test_figures_lie_within_what_is_possible() -> None:
    for trade in trades():
        for country in countries():
            figures = door_counter_figures(country, trade)
            assert 0 < figures["conversion"] <= 1 < figures["basket_value"]


def test_every_figure_says_where_it_comes_from() -> None:
    for name in ("trades", "countries"):
        given = founding._presets(name)
        parts = [given] if name == "trades" else given.values()
        assert all(part["status"] in ("seen", "unverified") and part["source"] for part in parts)


def test_starting_figures_ask_to_be_checked_until_they_are(tmp_path: Path) -> None:
    draft = found_shop(Founding("A", "FI", "cafe", "fi", HOURS), tmp_path / "a")
    assert draft.text.count(Texts("fi")("setup.starting_figure")) >= 5
    line = read_timeline(draft.folder)
    assert line.trade == "cafe" and line.done == ()
    assert unchecked(line) == PROPOSED
    mean_sale = {"economics.basket_value": 10.0}
    draft = save(draft.folder, draft.revision, mean_sale, proposed=True)
    assert unchecked(read_timeline(draft.folder)) == PROPOSED
    save(draft.folder, draft.revision, {"economics.margin_rate": 0.6, "staff[1].people": 2})
    assert unchecked(read_timeline(draft.folder)) == PROPOSED - {"economics", "staff"}
    before = (draft.folder / "shop.toml").read_bytes()
    confirm(draft.folder, read_draft(draft.folder).revision, "limits")
    line = read_timeline(draft.folder)
    assert unchecked(line) == PROPOSED - {"economics", "staff", "limits"} and len(line.done) == 2
    assert (draft.folder / "shop.toml").read_bytes() == before
    with pytest.raises(DataError, match=r"workspace\.stale"):
        confirm(draft.folder, draft.revision, "service")


def test_a_shop_of_before_is_not_asked_to_check(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    assert unchecked(read_timeline(tmp_path / "x")) == frozenset()


def test_a_folder_may_hold_files_but_no_shop(tmp_path: Path) -> None:
    (tmp_path / "till.csv").write_text("mine")
    found_shop(Founding("A", "FI", "shop", "en", HOURS), tmp_path)
    before = (tmp_path / "shop.toml").read_bytes()
    with pytest.raises(DataError, match=r"workspace\.there_already"):
        found_shop(Founding("B", "FI", "shop", "en", HOURS), tmp_path)
    assert (tmp_path / "shop.toml").read_bytes() == before
    assert (tmp_path / "till.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"name": "  "}, "workspace.no_name"),
        ({"hours": OpeningHours(((),) * 7)}, "workspace.never_open"),
    ],
)
def test_answers_that_make_no_shop_are_refused(
    changes: dict[str, object], key: str, tmp_path: Path
) -> None:
    answers = {"name": "A", "country": "FI", "trade": "shop", "language": "en", "hours": HOURS}
    with pytest.raises(DataError) as fault:
        found_shop(Founding(**{**answers, **changes}), tmp_path / "a")  # type: ignore[arg-type]
    assert fault.value.key == key and not (tmp_path / "a").exists()


def test_hours_past_midnight_widen_the_hours_considered(tmp_path: Path) -> None:
    late = parse_hours("Fr-Sa 18:00-27:00")
    shop = found_shop(Founding("A", "IE", "shop", "en", late), tmp_path / "a").unfinished_shop
    assert shop is not None and shop.grid.latest == 27 * 60


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"workspace\.unwritable"):
        found_shop(Founding("A", "FI", "shop", "en", HOURS), tmp_path / "file" / "a")


def test_a_new_shop_keeps_no_comment_on_what_its_owner_said(tmp_path: Path) -> None:
    text = found_shop(Founding("A", "FI", "shop", "en", HOURS), tmp_path / "a").text
    said = text[: text.index("[economics]")]
    assert "#" not in said and "#" in text
    assert read_draft(tmp_path / "a").text == text


def test_suggested_hours_widen_the_hours_considered_where_they_must() -> None:
    late = FoundHours(
        *(None, None, dt.date(2026, 1, 1), dt.date(2026, 3, 1)),
        parse_hours("Fr 16:30-25:00"),
        ("sure",) * 7,
    )
    grid = Grid(30, 17 * 60, 24 * 60)
    assert taken_over(SuggestedHours("receipts", (late,)), grid) == {
        "hours": [{"hours": "Fr 16:30-25:00"}],
        "grid.earliest": "16:00",
        "grid.latest": "25:00",
    }
    assert taken_over(SuggestedHours("receipts", ()), grid) == {}
