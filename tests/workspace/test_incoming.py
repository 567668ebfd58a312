"""Claims about files that arrive: whole or not at all, never over another, a bad one stops none."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from tiny_shop import write_tiny_shop

from hoursopt.errors import DataError
from hoursopt.hours import parse_hours
from hoursopt.shop import Shop, SourceOptions
from hoursopt.shop.draft import read_draft
from hoursopt.shop.file import read_shop
from hoursopt.workspace import incoming, taking
from hoursopt.workspace.founding import Founding, found_shop
from hoursopt.workspace.history import save, undo
from hoursopt.workspace.incoming import Answers, clean_name, dismiss, receive, waiting
from hoursopt.workspace.questions import question_of
from hoursopt.workspace.recognise import look, propose, read_header
from hoursopt.workspace.taking import leave_out, take_in

DATA = Path(__file__).parents[2] / "data"
DOOR = "time;visitors\n" + "".join(
    f"2026-01-{day:02d} {hour:02d}:00;{hour}\n" for day in range(1, 15) for hour in range(10, 17)
)
STREET = "time;count\n" + "".join(
    f"2026-01-{day:02d} {hour:02d}:00;{1 + hour}\n" for day in range(1, 15) for hour in range(24)
)
OPEN_DATES = "date;time;receipt;total\n" + "".join(
    f"0{month}/0{day}/2026;1{hour}:00;{month}{day}{hour};5,50\n"
    for month in range(1, 10)
    for day in range(1, 10)
    for hour in range(3)
)
OPEN_SIGN = "time;receipt;total\n" + "".join(
    f"2026-01-{day:02d} 1{hour}:00;{day}{hour};1.250\n" for day in range(1, 29) for hour in range(3)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new shop without files."""
    founding = Founding("New", "FI", "shop", "en", parse_hours("Mo-Sa 10:00-17:00"))
    return found_shop(founding, tmp_path / "new").folder


def shop_of(folder: Path) -> Shop:
    shop = read_draft(folder).unfinished_shop
    assert shop is not None
    return shop


def proposed(folder: Path, name: str, content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    arrived = receive(folder, name, data)
    header = read_header(arrived, SourceOptions())
    return propose(header, arrived, shop_of(folder), SourceOptions())


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("receipts.csv", "receipts.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\myynti kesä.csv", "myynti kesä.csv"),
        ("<img src=x>.csv", "img src=x.csv"),
        (".hidden.csv", "hidden.csv"),
        ("...", "file"),
        ("", "file"),
        ("a\0b\n.csv", "ab.csv"),
        (f"{'x' * 300}.csv", f"{'x' * 96}.csv"),
        ("shop.toml", "shop.toml"),
    ],
)
def test_a_name_is_a_name_and_no_path(told: str, name: str) -> None:
    assert clean_name(told) == name
    assert "/" not in name and "\\" not in name


def test_what_arrives_waits_through_a_restart(folder: Path) -> None:
    arrived = receive(folder, "../door.csv", DOOR.encode())
    arrived.answer(Answers("footfall", {"columns": {"count": "visitors"}}))
    (found,) = waiting(folder)
    assert found == arrived and found.path.read_text() == DOOR
    assert found.answers == Answers("footfall", {"columns": {"count": "visitors"}})
    assert receive(folder, "door again.csv", DOOR.encode()) == arrived
    assert read_draft(folder).tables.get("sources") is None
    dismiss(found)
    assert waiting(folder) == () and found.answers == Answers()


@pytest.mark.parametrize("told", ["", "{", "[]", '{"source": "x"}', '{"source": 1, "options": 3}'])
def test_damaged_answers_are_none(folder: Path, told: str) -> None:
    arrived = receive(folder, "door.csv", DOOR.encode())
    (arrived.path.parents[1] / f"{arrived.key}.answers.json").write_text(told)
    assert arrived.answers == Answers()


def test_empty_and_huge_files_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match=r"import\.empty"):
        receive(folder, "a.csv", b"")
    monkeypatch.setattr(incoming, "LARGEST", 2**20)
    with pytest.raises(DataError, match=r"workspace\.too_large"):
        receive(folder, "a.csv", bytes(2**20 + 1))
    assert waiting(folder) == ()


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("lunch-cafe/receipts.csv", "receipts"),
        ("night-bar/receipts.csv", "receipts"),
        ("night-bar/rota.csv", "rota"),
        ("old-rauma-crafts/receipts.csv", "receipts"),
        ("old-rauma-crafts/orders.csv", "orders"),
        ("old-rauma-crafts/street.csv", "street"),
    ],
)
def test_files_are_recognised_whatever_their_name(folder: Path, file: str, source: str) -> None:
    assert proposed(folder, "export.csv", (DATA / file).read_bytes()) == source


@pytest.mark.parametrize(
    ("name", "content", "source"),
    [
        ("counts.csv", DOOR, "footfall"),
        ("counts.csv", STREET, "street"),
        ("ovilaskuri.csv", STREET, "footfall"),
        ("ohikulkijat.csv", DOOR.replace("visitors", "count"), "street"),
        ("verkkokauppa.csv", OPEN_SIGN.replace("receipt", "number"), "orders"),
        ("x.csv", OPEN_SIGN, "receipts"),
    ],
)
def test_words_and_the_clock_tell_what_a_file_is(
    folder: Path, name: str, content: str, source: str
) -> None:
    assert proposed(folder, name, content) == source


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("logo.png", b"\x89PNG\r\n\x1a\n\0\0", "import.suffix"),
        ("logo.csv", b"\x89PNG\r\n\x1a\n\0\0", "import.binary"),
        ("letter.txt", "Dear Sir,\nthank you.\n", "import.no_header"),
        ("page.csv", "<html><table></table></html>", "import.markup"),
        ("book.xlsx", b"PK\x03\x04nothing", "import.workbook"),
        ("utf16.csv", b"\xff\xfe\x00", "import.encoding"),
        ("head.csv", "time;receipt;total\n", "import.header_only"),
        ("packed.csv.gz", b"\x1f\x8b\x08broken", "import.gzip"),
    ],
)
def test_what_is_no_table_is_told_and_stays_out(
    folder: Path, name: str, content: str | bytes, key: str
) -> None:
    good = receive(folder, "door.csv", DOOR.encode())
    with pytest.raises(DataError) as fault:
        proposed(folder, name, content)
    assert fault.value.key == key
    seen = look(good, "footfall", shop_of(folder), SourceOptions())
    assert seen.fault is None and seen.receipts[0].file == "door.csv"


def test_an_open_date_is_asked_for_and_the_answer_is_written_down(folder: Path) -> None:
    arrived = receive(folder, "till.csv", OPEN_DATES.encode())
    seen = look(arrived, "receipts", shop_of(folder), SourceOptions())
    assert seen.fault is not None
    question = question_of(seen.fault)
    assert question is not None and question.asked == "date_order"
    choices = dict(question.choices)
    assert set(choices) == {"dmy", "mdy"} and all(
        isinstance(date, dt.date) for date in choices.values()
    )
    assert look(arrived, "receipts", shop_of(folder), SourceOptions(date_order="mdy")).fault is None
    seen_revision = read_draft(folder).revision
    take_in(folder, seen_revision, arrived, "receipts", {"date_order": "mdy"})
    shop = read_shop(folder)
    assert shop.sources.options["receipts"].date_order == "mdy"
    assert shop.sources.receipts == ("till.csv",)


def test_an_open_decimal_sign_is_asked_for(folder: Path) -> None:
    arrived = receive(folder, "till.csv", OPEN_SIGN.encode())
    seen = look(arrived, "receipts", shop_of(folder), SourceOptions())
    assert seen.fault is not None
    question = question_of(seen.fault)
    assert question is not None and dict(question.choices) == {",": "1250", ".": "1.25"}


def test_columns_that_nobody_knows_are_asked_for(folder: Path) -> None:
    content = OPEN_DATES.replace("total", "quux").replace("date;time", "when;hour of it")
    arrived = receive(folder, "till.csv", content.encode())
    seen = look(arrived, "receipts", shop_of(folder), SourceOptions())
    assert seen.fault is not None and question_of(seen.fault).asked == "columns"  # type: ignore[union-attr]
    named = {"date": "when", "clock": "hour of it", "amount": "quux"}
    options = SourceOptions(columns=named, date_order="dmy")
    assert look(arrived, "receipts", shop_of(folder), options).fault is None


def test_letters_that_a_file_does_not_name_are_asked_for(folder: Path) -> None:
    arrived = receive(folder, "door.csv", DOOR.encode("utf-16-le"))
    with pytest.raises(DataError) as fault:
        read_header(arrived, SourceOptions())
    question = question_of(fault.value)
    assert question is not None and question.asked == "encoding"
    assert "utf-16" in dict(question.choices)
    options = SourceOptions(encoding="utf-16")
    assert read_header(arrived, options).columns == ("time", "visitors")
    assert look(arrived, "footfall", shop_of(folder), options).fault is None


def test_a_fault_that_no_answer_mends_is_no_question() -> None:
    assert question_of(DataError("import.password", file="x")) is None
    several = DataError("import.several", causes=[DataError("import.empty", file="x")], count=1)
    assert question_of(several) is None


def test_a_file_taken_in_is_read_by_the_shop(folder: Path) -> None:
    arrived = receive(folder, "till.csv", (DATA / "lunch-cafe" / "receipts.csv").read_bytes())
    draft, name = take_in(folder, read_draft(folder).revision, arrived, "receipts", {})
    assert (draft.shop is not None, name) == (True, "till.csv")
    assert read_shop(folder).sources.receipts == ("till.csv",)
    assert waiting(folder) == ()
    undo(folder, draft.revision)
    assert read_draft(folder).shop is None
    assert (folder / "till.csv").is_file()


def test_no_file_is_put_over_another(folder: Path) -> None:
    (folder / "till.csv").write_text("my own notes", "utf-8")
    data = (DATA / "lunch-cafe" / "receipts.csv").read_bytes()
    arrived = receive(folder, "till.csv", data)
    draft, name = take_in(folder, read_draft(folder).revision, arrived, "receipts", {})
    assert name == "till-2.csv"
    assert (folder / "till.csv").read_text("utf-8") == "my own notes"
    again = receive(folder, "till.csv", data)
    _, same = take_in(folder, draft.revision, again, "receipts", {})
    assert same == "till-2.csv" and not (folder / "till-3.csv").exists()
    assert read_shop(folder).sources.receipts == ("till-2.csv",)


def test_a_shop_toml_that_is_uploaded_replaces_none(folder: Path) -> None:
    before = (folder / "shop.toml").read_text("utf-8")
    with pytest.raises(DataError, match=r"import\.suffix"):
        proposed(folder, "shop.toml", "[shop]\n")
    assert (folder / "shop.toml").read_text("utf-8") == before


@pytest.mark.parametrize("stale", [True, False])
def test_a_file_that_is_refused_leaves_no_trace(folder: Path, stale: bool) -> None:
    arrived = receive(folder, "till.csv", DOOR.encode())
    before = (folder / "shop.toml").read_text("utf-8")
    seen = "0" * 64 if stale else read_draft(folder).revision
    with pytest.raises(DataError) as fault:
        take_in(folder, seen, arrived, "footfall" if stale else "rota", {})
    assert fault.value.key == ("workspace.stale" if stale else "import.no_shift")
    assert not (folder / "till.csv").exists()
    assert (folder / "shop.toml").read_text("utf-8") == before
    assert waiting(folder) == (arrived,)


def test_a_file_system_without_links_copies(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(source: object, target: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", no_links)
    arrived = receive(folder, "door.csv", DOOR.encode())
    take_in(folder, read_draft(folder).revision, arrived, "footfall", {})
    assert (folder / "door.csv").read_text() == DOOR


def test_a_faster_tab_with_the_same_name_is_not_overwritten(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.link

    def late(source: Path, target: Path) -> None:
        if target.name == "door.csv":
            target.write_text("from the other tab")
        real(source, target)

    monkeypatch.setattr(taking.os, "link", late)
    arrived = receive(folder, "door.csv", DOOR.encode())
    _, name = take_in(folder, read_draft(folder).revision, arrived, "footfall", {})
    assert name == "door-2.csv"
    assert (folder / "door.csv").read_text() == "from the other tab"


def test_a_file_left_out_stays_in_the_folder(tmp_path: Path) -> None:
    folder = write_tiny_shop(tmp_path / "shop")
    draft = read_draft(folder)
    draft = save(
        folder,
        draft.revision,
        {"sources.receipts": ["receipts.csv"], "sources.options.receipts.decimal": "."},
    )
    draft = leave_out(folder, draft.revision, "receipts", "receipts.csv")
    assert draft.tables.get("sources", {}).get("receipts") is None
    assert "receipts" not in draft.tables.get("sources", {}).get("options", {})
    assert (folder / "receipts.csv").is_file()
