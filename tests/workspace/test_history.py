"""Claims about changes: saved at once with every comment kept, undone, and never over another's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_shop import write_tiny_shop

from hoursopt.errors import DataError
from hoursopt.shop.draft import changed, draft_of, read_draft
from hoursopt.shop.file import read_shop
from hoursopt.store import open_store
from hoursopt.workspace import history
from hoursopt.workspace.history import read_timeline, redo, save, undo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = write_tiny_shop(tmp_path / "shop", days=7)
    file = path / "shop.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("margin_rate = 0.5", "margin_rate = 0.5  # my own word"), "utf-8")
    return path


def text_of(folder: Path) -> str:
    return (folder / "shop.toml").read_text("utf-8")


def test_a_change_is_in_the_file_and_keeps_the_owners_words(folder: Path) -> None:
    draft = save(folder, read_draft(folder).revision, {"economics.margin_rate": 0.4})
    assert read_shop(folder).economics.margin_rate == 0.4
    assert "margin_rate = 0.4  # my own word" in text_of(folder)
    assert draft.text == text_of(folder)


def test_undo_goes_back_step_by_step_and_redo_forth(folder: Path) -> None:
    texts = [text_of(folder)]
    for margin in (0.4, 0.3, 0.2):
        save(folder, read_draft(folder).revision, {"economics.margin_rate": margin})
        texts.append(text_of(folder))
    for text in reversed(texts[:-1]):
        undo(folder, read_draft(folder).revision)
        assert text_of(folder) == text
    with pytest.raises(DataError, match=r"workspace\.nothing_done"):
        undo(folder, read_draft(folder).revision)
    for text in texts[1:]:
        redo(folder, read_draft(folder).revision)
        assert text_of(folder) == text
    with pytest.raises(DataError, match=r"workspace\.nothing_undone"):
        redo(folder, read_draft(folder).revision)


def test_a_new_change_after_an_undo_ends_what_could_be_done_again(folder: Path) -> None:
    for margin in (0.4, 0.3):
        save(folder, read_draft(folder).revision, {"economics.margin_rate": margin})
    undo(folder, read_draft(folder).revision)
    save(folder, read_draft(folder).revision, {"economics.margin_rate": 0.1})
    line = read_timeline(folder)
    assert (len(line.done), len(line.undone)) == (2, 0)
    undo(folder, read_draft(folder).revision)
    assert read_shop(folder).economics.margin_rate == 0.4


def test_every_change_is_a_row_that_stays(folder: Path) -> None:
    save(folder, read_draft(folder).revision, {"economics.margin_rate": 0.4})
    undo(folder, read_draft(folder).revision)
    with open_store(folder) as store:
        rows = store.changes()
    assert [(row.who, row.what) for row in rows] == [
        ("page", "economics.margin_rate"),
        ("page", "undo"),
    ]
    assert rows[0].new == rows[1].old and rows[0].old == rows[1].new


def test_a_stale_tab_changes_nothing(folder: Path) -> None:
    seen = read_draft(folder).revision
    save(folder, seen, {"economics.margin_rate": 0.4})
    before = text_of(folder)
    for late in (
        lambda: save(folder, seen, {"economics.margin_rate": 0.9}),
        lambda: undo(folder, seen),
        lambda: redo(folder, seen),
    ):
        with pytest.raises(DataError, match=r"workspace\.stale"):
            late()
    assert text_of(folder) == before
    assert len(read_timeline(folder).done) == 1


def test_of_many_tabs_at_once_one_is_first(folder: Path) -> None:
    seen = read_draft(folder).revision

    def try_it(margin: int) -> bool:
        try:
            save(folder, seen, {"economics.margin_rate": margin / 100})
        except DataError as error:
            assert error.key == "workspace.stale"
            return False
        return True

    with ThreadPoolExecutor(8) as tabs:
        first = list(tabs.map(try_it, range(10, 18)))
    assert first.count(True) == 1
    assert read_shop(folder).economics.margin_rate == (10 + first.index(True)) / 100


def test_what_was_changed_by_hand_can_be_undone_too(folder: Path) -> None:
    save(folder, read_draft(folder).revision, {"economics.margin_rate": 0.4})
    by_hand = text_of(folder).replace("open_hour_cost = 2.0", "open_hour_cost = 7.0")
    (folder / "shop.toml").write_text(by_hand, "utf-8")
    save(folder, read_draft(folder).revision, {"economics.margin_rate": 0.3})
    assert [change.who for change in read_timeline(folder).done] == ["page", "hand", "page"]
    undo(folder, read_draft(folder).revision)
    assert text_of(folder) == by_hand
    undo(folder, read_draft(folder).revision)
    assert read_shop(folder).economics.open_hour_cost == 2.0


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"economics.margin_rate": 1.5}, "shop.share"),
        ({"economics.margin_rate": "much"}, "shop.number"),
        ({"economics.margin_rate": None}, "shop.missing"),
        ({"hours[1].hours": "Mo-Fr 10:00-25:00"}, "shop.outside_grid"),
        ({"shop.nmae": "x"}, "shop.unknown_key"),
        ({"limits.min_staff": 2, "economics.margin_rate": 2}, "shop.faults"),
    ],
)
def test_a_faulty_change_is_refused_with_the_words_of_the_command_line(
    folder: Path, changes: dict[str, object], key: str
) -> None:
    before = text_of(folder)
    with pytest.raises(DataError) as fault:
        save(folder, read_draft(folder).revision, changes)
    assert fault.value.key == key
    assert text_of(folder) == before
    assert read_timeline(folder).done == ()


def test_an_unwritable_file_leaves_no_row_of_the_change(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(draft: object) -> None:
        raise DataError("shop.unwritable", file="shop.toml", reason="disk full")

    monkeypatch.setattr(history, "write_draft", full)
    with pytest.raises(DataError, match=r"shop\.unwritable"):
        save(folder, read_draft(folder).revision, {"economics.margin_rate": 0.4})
    assert read_timeline(folder).done == ()


def test_a_change_that_changes_nothing_is_none(folder: Path) -> None:
    save(folder, read_draft(folder).revision, {"economics.margin_rate": 0.5})
    assert read_timeline(folder).done == ()


def test_an_unfinished_shop_can_be_changed_and_an_old_fault_stops_nobody(tmp_path: Path) -> None:
    folder = write_tiny_shop(tmp_path / "shop")
    bare = text_of(folder).replace('receipts = "receipts.csv"', "")
    draft = draft_of(bare, folder / "shop.toml")
    assert [fault.key for fault in draft.faults] == ["shop.no_source"]
    assert draft.shop is None and draft.unfinished_shop is not None
    assert changed(draft, {"shop.name": "B"}).tables["shop"]["name"] == "B"
    faulty = draft_of(bare.replace("people = 1", "people = 0"), folder / "shop.toml")
    assert faulty.unfinished_shop is None
    assert changed(faulty, {"shop.name": "B"}).tables["shop"]["name"] == "B"
    with pytest.raises(DataError, match=r"shop\.between"):
        changed(faulty, {"staff[1].people": -1})


def test_tables_are_added_and_taken_out(folder: Path) -> None:
    rule = {"name": "no Sundays", "kind": "closed", "days": "Su"}
    save(folder, read_draft(folder).revision, {"rule[+]": rule})
    save(folder, read_draft(folder).revision, {"rule[+]": {**rule, "name": "again"}})
    assert [rule.name for rule in read_shop(folder).rules] == ["no Sundays", "again"]
    save(folder, read_draft(folder).revision, {"rule[1]": None})
    assert [rule.name for rule in read_shop(folder).rules] == ["again"]
    save(folder, read_draft(folder).revision, {"rule[1]": None})
    assert read_shop(folder).rules == () and "rule" not in read_draft(folder).tables
    with pytest.raises(DataError, match=r"shop\.no_staff"):
        save(folder, read_draft(folder).revision, {"staff[1]": None})


@settings(max_examples=25, deadline=None)
@given(moves=st.lists(st.sampled_from(["save", "undo", "redo"]), max_size=12))
def test_undo_and_redo_are_those_of_a_list_of_texts(
    moves: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A second way: the texts in a list, and a place in it."""
    folder = write_tiny_shop(tmp_path_factory.mktemp("moves") / "shop", days=1)
    texts, place = [text_of(folder)], 0
    for number, move in enumerate(moves):
        seen = read_draft(folder).revision
        if move == "save":
            save(folder, seen, {"economics.margin_rate": (number + 1) / 100})
            texts = [*texts[: place + 1], text_of(folder)]
            place += 1
        elif move == "undo" and place > 0:
            undo(folder, seen)
            place -= 1
        elif move == "redo" and place + 1 < len(texts):
            redo(folder, seen)
            place += 1
        assert text_of(folder) == texts[place]
