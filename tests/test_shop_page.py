"""Claims about the Shop page: every step in three languages, and that a change is kept or told."""

from __future__ import annotations

import html
import re
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from tiny_shop import write_tiny_shop

from hoursopt.shop.draft import read_draft
from hoursopt.shop.file import read_shop
from hoursopt.workspace import home
from hoursopt.workspace.history import read_timeline, save
from hoursopt.workspace.incoming import receive, waiting
from hoursopt.workspace.wording import PageTexts

EN = PageTexts("en")
STEPS = ("shop", "files", "figures", "ready")
THEMES = (
    *("hours", "money", "people", "service", "habits"),
    *("limits", "rules", "seasons", "days", "search"),
)
HOSTILE = "<img src=//evil.example/x> **b** :red[r]"
MORE = """
[[rule]]
name = "<i>rule</i>"
kind = "closed_after"
days = "Mo-Fr"
at = "18:00"
[[season]]
name = "<b>summer</b>"
from = "06-01"
to = "08-31"
[[season]]
name = "rest"
from = "09-01"
to = "05-31"
[[event]]
name = "![fair](http://evil.example)"
dates = [["2026-01-06", "2026-01-07"], "2026-02-01"]
[exceptions]
closed = ["2026-01-06"]
hours = { "2026-01-05" = "10:00-13:00" }
"""


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(home.VARIABLE, str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = write_tiny_shop(tmp_path / "shop", days=14, toml=MORE)
    toml = (path / "shop.toml").read_text("utf-8")
    (path / "shop.toml").write_text(toml.replace('"Tiny"', f'"{HOSTILE}"'), "utf-8")
    monkeypatch.setattr(sys, "argv", ["app.py", str(path)])
    return path


def open_step(step: str, language: str = "en", *opened: str) -> AppTest:
    at = AppTest.from_string(
        "from hoursopt.pages import shop_page; shop_page.page()", default_timeout=60
    )
    at.session_state["language"] = language
    at.session_state["step"] = step
    for name in opened:
        at.session_state[name] = True
    return at.run()


def words_of(at: AppTest) -> str:
    markup = "\n".join(element.proto.body for element in at.get("html"))
    bare = re.sub(r"<style>.*?</style>|<[^>]*>", " ", markup, flags=re.S)
    return " ".join(html.unescape(bare).split())


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def field(at: AppTest, label: str) -> object:
    return next(one for one in at.text_input if one.label.startswith(label))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("step", STEPS)
def test_every_step_speaks_every_language(step: str, language: str, folder: Path) -> None:
    at = open_step(step, language, *(f"theme_{theme}" for theme in THEMES))
    assert not at.exception
    assert HOSTILE in words_of(at)
    markup = "\n".join(element.proto.body for element in at.get("html"))
    assert "<img" not in markup and "<i>rule" not in markup and "<b>summer" not in markup
    assert not re.search(r"\b(setup|page|error|cli)\.[a-z_]+", words_of(at))
    labels = [one.label for one in (*at.text_input, *at.button, *at.selectbox, *at.expander)]
    assert not any(re.search(r"\bsetup\.", label) for label in labels)
    assert not any(re.search(r"!\[fair\]|<i>rule", label) for label in labels)


def test_a_form_saves_what_was_changed_and_undo_takes_it_back(folder: Path) -> None:
    before = (folder / "shop.toml").read_text("utf-8")
    at = open_step("figures", "en", "theme_money")
    field(at, "Gross margin in the shop").set_value("47,5")
    press(at, "Save")
    assert not at.exception
    assert read_shop(folder).economics.margin_rate == 0.475
    assert "Last change: margins and costs" in words_of(at)
    press(at, "Undo")
    assert (folder / "shop.toml").read_text("utf-8") == before
    press(at, "Do again")
    assert read_shop(folder).economics.margin_rate == 0.475


@pytest.mark.parametrize(
    ("label", "written", "told"),
    [
        ("Gross margin in the shop", "much", '"much" is not a number.'),
        ("Gross margin in the shop", "", "This field must not be empty."),
        ("Gross margin in the shop", "0,45", "Write per cent"),
        ("Value-added tax", "250", "at most 100%"),
        ("Cost of an open hour", "-3", "-3 is too small"),
        ("Cost of an open hour", "1,000", "may be 1000 or 1"),
    ],
)
def test_a_faulty_field_is_told_beside_it_and_nothing_is_saved(
    label: str, written: str, told: str, folder: Path
) -> None:
    before = (folder / "shop.toml").read_bytes()
    at = open_step("figures", "en", "theme_money")
    field(at, label).set_value(written)
    press(at, "Save")
    assert not at.exception
    assert told in words_of(at)
    assert any("ho-field-fault" in element.proto.body for element in at.get("html"))
    assert (folder / "shop.toml").read_bytes() == before
    assert field(at, label).value == written


def test_how_much_bad_weeks_weigh_is_set_in_per_cent(folder: Path) -> None:
    at = open_step("figures", "en", "theme_search")
    field(at, "Weight of bad weeks (%)").set_value("50")
    next(
        one for one in at.button if one.label == "Save" and "decision" in one.form_id
    ).click().run()
    assert not at.exception
    assert read_shop(folder).decision.robust == 0.5


def test_hours_like_10_25_are_told_at_their_day(folder: Path) -> None:
    at = open_step("figures", "en", "theme_hours")
    field(at, "Monday to Friday").set_value("10-25")
    press(at, "Save")
    assert '"25" is not an hour of the day' in words_of(at)
    field(at, "Monday to Friday").set_value("9-15.30")
    press(at, "Save")
    assert str(read_shop(folder).today) == "Mo-Fr 09:00-15:30"


def test_new_hours_from_a_date_keep_the_old_ones(folder: Path) -> None:
    at = open_step("figures", "en", "theme_hours")
    field(at, "Saturday").set_value("10-14")
    field(at, "New hours since").set_value("2.3.2026")
    press(at, "Save")
    assert not at.exception
    first, second = read_shop(folder).hours
    assert (str(first.hours), str(second.hours)) == (
        "Mo-Fr 10:00-14:00",
        "Mo-Sa 10:00-14:00",
    )
    assert str(second.start) == "2026-03-02"


def test_the_data_suggest_hours_that_can_be_taken_over(folder: Path) -> None:
    save(folder, read_draft(folder).revision, {"hours[1].hours": "Mo-Fr 08:00-20:00"})
    at = open_step("figures", "en", "theme_hours")
    press(at, "Find the hours in the data")
    assert not at.exception
    press(at, "Use these hours")
    assert str(read_shop(folder).today) == "Mo-Fr 10:00-14:00"


def test_overlapping_seasons_are_told_and_an_added_one_makes_room(folder: Path) -> None:
    at = open_step("figures", "en", "theme_seasons")
    next(one for one in at.text_input if one.label.startswith("Last day")).set_value("15.9.")
    press(at, "Save")
    assert "overlap" in words_of(at)
    assert read_shop(folder).seasons[0].last == (8, 31)
    at = open_step("figures", "en", "theme_seasons")
    at.text_input(key="new season name").set_value("Christmas")
    at.text_input(key="new season from").set_value("20.11.")
    at.text_input(key="new season to").set_value("6.1.")
    press(at, "Add")
    assert not at.exception
    assert read_shop(folder).seasons[0].name == "Christmas"


def test_single_days_are_lines_of_a_date_and_its_hours(folder: Path) -> None:
    at = open_step("figures", "en", "theme_days")
    area = at.text_area[0]
    assert area.value == "5 Jan 2026: 10:00–13:00\n6 Jan 2026: closed"
    area.set_value("24.12.2026: 10-13")
    press(at, "Save")
    assert not at.exception
    shop = read_shop(folder)
    assert shop.exceptions.closed == () and len(shop.exceptions.hours) == 1
    at.text_area[0].set_value("soon: 10-13")
    press(at, "Save")
    assert "does not begin with a date" in words_of(at)


def test_tables_are_added_opened_and_removed(folder: Path) -> None:
    at = open_step("figures", "en", "theme_rules")
    press(at, "Add a rule")
    assert not at.exception
    assert [rule.name for rule in read_shop(folder).rules] == ["<i>rule</i>", "my rule"]
    press(at, "Remove")
    assert [rule.name for rule in read_shop(folder).rules] == ["<i>rule</i>"]


def test_a_stale_tab_is_told_and_keeps_nothing_of_it(folder: Path) -> None:
    at = open_step("figures", "en", "theme_money")
    save(folder, read_draft(folder).revision, {"economics.margin_rate": 0.3})
    field(at, "Gross margin in the shop").set_value("60")
    press(at, "Save")
    assert not at.exception
    told = words_of(at)
    assert "changed elsewhere" in told and "Not saved: Gross margin in the shop (%): 60" in told
    assert read_shop(folder).economics.margin_rate == 0.3
    assert field(at, "Gross margin in the shop").value == "30"
    field(at, "Gross margin in the shop").set_value("60")
    press(at, "Save")
    assert read_shop(folder).economics.margin_rate == 0.6


def test_a_sample_is_copied_before_it_is_changed(
    folder: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "SAMPLES", folder.parent)
    before = (folder / "shop.toml").read_bytes()
    at = open_step("figures", "en", "theme_money")
    assert "A sample shop" in words_of(at)
    field(at, "Gross margin in the shop").set_value("60")
    press(at, "Save")
    assert not at.exception
    assert (folder / "shop.toml").read_bytes() == before
    assert read_shop(own / "shop").economics.margin_rate == 0.6
    assert "own copy now" in words_of(at)
    press(at, "Undo")
    assert read_shop(own / "shop").economics.margin_rate == 0.5
    assert sorted(path.name for path in own.iterdir()) == ["opened.json", "shop"]


def test_a_new_shop_is_founded_and_files_are_taken_in(folder: Path, own: Path) -> None:
    at = open_step("shop")
    at.selectbox(key="new_trade").select("cafe").run()
    at.text_input(key="new_name").set_value("Café <b>Anna</b>")
    field(at, "Monday to Friday").set_value("10-25")
    press(at, "Start the shop")
    assert "is not an hour of the day" in words_of(at) and not own.exists()
    field(at, "Monday to Friday").set_value("10-14")
    field(at, "Saturday").set_value("")
    press(at, "Start the shop")
    assert not at.exception
    new = own / "cafe-b-anna-b"
    assert words_of(at).startswith("Café <b>Anna</b>") and "Your files" in words_of(at)
    receive(new, "<b>till</b>.csv", (folder / "receipts.csv").read_bytes())
    receive(new, "menu.csv", b"dish;price\nsoup;9\n")
    receive(new, "logo.png", b"\x89PNG\r\n\x1a\n\0")
    at.run()
    assert not at.exception
    assert "3 files wait for your word" in words_of(at)
    assert "Expected a .csv" in words_of(at) and "There is no column with date" in words_of(at)
    press(at, "Yes, take it in")
    assert not at.exception
    assert read_shop(new).sources.receipts == ("b.csv",)
    assert len(waiting(new)) == 2
    at.session_state["step"] = "ready"
    at.run()
    assert "Ready" in words_of(at) and "Still starting figures" in words_of(at)
    at.session_state["step"] = "figures"
    at.run()
    assert "None of the figures of this trade is verified" in words_of(at)


def test_a_question_is_asked_and_its_answer_kept(folder: Path) -> None:
    rows = "".join(
        f"0{month}/0{day}/2026;1{hour}:00;{month}{day}{hour};5,50\n"
        for month in range(1, 10)
        for day in range(1, 10)
        for hour in range(3)
    )
    receive(folder, "other.csv", f"date;time;receipt;total\n{rows}".encode())
    at = open_step("files")
    assert "no date in the file proves which" in words_of(at)
    at.radio[0].set_value("mdy").run()
    assert not at.exception
    assert waiting(folder)[0].answers.options == {"date_order": "mdy"}
    at = open_step("files")
    assert "no date in the file proves which" not in words_of(at)


def test_a_file_may_go_by_the_clock_of_greenwich(folder: Path) -> None:
    text = (folder / "receipts.csv").read_text("utf-8")
    receive(folder, "other.csv", text.replace("2026-01-1", "2025-11-1").encode())
    at = open_step("files")
    clock = next(one for one in at.selectbox if one.label == "Whose clock are its times?")
    assert clock.options == ["the shop's own clock", "UTC"]
    clock.select("UTC").run()
    assert not at.exception
    assert waiting(folder)[0].answers.options == {"timezone": "UTC"}
    press(at, "Yes, take it in")
    assert read_shop(folder).sources.option("receipts").timezone == "UTC"


def test_a_file_that_went_bad_is_told_and_can_be_left_out(folder: Path) -> None:
    (folder / "receipts.csv").write_bytes(b"date;total\n2026-01-05;9\n2026-01-06;8\n")
    at = open_step("files")
    assert not at.exception
    assert "receipts.csv, row 2" in words_of(at) and EN("place.ask_again") in words_of(at)
    at.button(key="out receipts receipts.csv").click().run()
    assert read_draft(folder).shop is None


def test_a_file_left_out_is_named_no_more_and_stays(folder: Path) -> None:
    at = open_step("files")
    press(at, "Leave this file out")
    assert not at.exception
    assert read_draft(folder).shop is None and (folder / "receipts.csv").is_file()
    assert read_timeline(folder).done[-1].what == "sources.receipts"
    press(at, "Undo")
    assert read_shop(folder).sources.receipts == ("receipts.csv",)


def test_another_shop_is_opened_by_its_path_and_remembered(folder: Path, tmp_path: Path) -> None:
    other = write_tiny_shop(tmp_path / "other", days=7)
    at = open_step("shop")
    at.text_input(key="folder_to_open").set_value(str(tmp_path / "nowhere"))
    press(at, "Open")
    assert "There is no shop in" in words_of(at)
    at.text_input(key="folder_to_open").set_value(str(other))
    press(at, "Open")
    assert not at.exception
    assert words_of(at).startswith("Tiny")
    assert [place.folder for place in home.remembered()] == [other.resolve()]


def test_a_file_that_is_no_toml_leaves_the_way_to_another_shop(folder: Path) -> None:
    (folder / "shop.toml").write_text("[shop\n", "utf-8")
    at = open_step("figures")
    assert not at.exception
    assert "line 1" in words_of(at)
    assert "Start a new shop" in "".join(one.label for one in at.expander)


def test_a_till_without_money_is_told_before_the_plan_and_given_a_mean_sale(
    own: Path, folder: Path
) -> None:
    lines = (folder / "receipts.csv").read_text("utf-8").splitlines()
    bare = "\n".join(line.rpartition(";")[0] for line in lines)
    (folder / "receipts.csv").write_text(bare, "utf-8")
    ready = open_step("ready")
    assert not ready.exception
    assert "Not ready yet" in words_of(ready)
    assert "Figures › Margins and costs › Mean sale" in words_of(ready)
    at = open_step("files")
    assert not at.exception and "carry no amounts of money" in words_of(at)
    next(button for button in at.button if "a sale; check it later" in button.label).click().run()
    assert not at.exception and "carry no amounts of money" not in words_of(at)
    assert read_shop(folder).economics.basket_value > 0
    assert EN("setup.ready_words") in words_of(open_step("ready"))


def test_a_door_counter_alone_is_given_figures_to_begin_with(own: Path, tmp_path: Path) -> None:
    at = open_step("shop")
    at.selectbox(key="new_trade").select("shop").run()
    at.text_input(key="new_name").set_value("Door")
    press(at, "Start the shop")
    rows = "".join(
        f"2026-01-{day:02d} {hour}:00;{hour}\n" for day in range(1, 29) for hour in range(10, 17)
    )
    receive(own / "door", "door.csv", f"time;visitors\n{rows}".encode())
    at.run()
    assert at.selectbox[0].value == "footfall"
    press(at, "Yes, take it in")
    assert not at.exception
    assert "say which share of them buys" in words_of(at)
    next(button for button in at.button if button.label.startswith("Begin with")).click().run()
    assert not at.exception
    assert read_shop(own / "door").economics.conversion == 0.25
    assert "are counted" in words_of(at)
