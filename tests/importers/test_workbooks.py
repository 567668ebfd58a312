from __future__ import annotations

import datetime as dt
import io
import random
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoursopt.errors import HoursoptError
from hoursopt.importers import workbook
from tests.importers.import_shop import fault, read, told
from tests.importers.workbooks import Table, compound, serial, xls, xlsx

HEAD = ["Kuittinro", "Aika", "Summa"]


def sales(first: int = 0, count: int = 20) -> list[list[object]]:
    start = dt.datetime(2025, 6, 1, 10, 37, 5)
    return [
        [1000 + n, start + dt.timedelta(days=n, minutes=n), 10.5 + n / 8]
        for n in range(first, first + count)
    ]


def times(folder: Path, data: bytes, suffix: str = ".xlsx", **how: object) -> list[str]:
    table = read(folder, data, suffix=suffix, **how).tables["receipts"]  # type: ignore[arg-type]
    return [str(moment) for moment in table["time"]]


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".csv", ".xls"])
def test_a_workbook_is_known_by_its_bytes_and_its_dates_are_dates(
    tmp_path: Path, suffix: str
) -> None:
    imported = read(tmp_path, xlsx({"Myynti": [HEAD, *sales()]}), suffix=suffix)
    table, receipt = imported.tables["receipts"], imported.receipts[0]
    assert str(table["time"].iloc[0]) == "2025-06-01 10:37:05"
    assert table["amount"].tolist() == [10.5 + n / 8 for n in range(20)]
    assert told(receipt) == (20, 0, 0, 0, 0, 0)
    assert (receipt.file, receipt.sum) == (f"file0{suffix}", "233.75")


def test_an_old_workbook_with_dates_as_bare_day_numbers_is_read(tmp_path: Path) -> None:
    rows = [[n, serial(when), amount] for n, when, amount in sales()]  # type: ignore[arg-type]
    assert times(tmp_path, xls([HEAD, *rows]), ".xls")[:2] == [
        "2025-06-01 10:37:05",
        "2025-06-02 10:38:05",
    ]


def test_day_numbers_and_shares_of_a_day_are_read_in_text_too(tmp_path: Path) -> None:
    content = "Pvm;Klo;Summa\n45809;0.4424;5\n45810;0,5000;6\n"
    table = read(tmp_path, content).tables["receipts"]
    assert [str(moment) for moment in table["time"]] == [
        "2025-06-01 10:37:03",
        "2025-06-02 12:00:00",
    ]


def test_a_date_and_a_clock_in_two_columns_of_a_workbook_are_joined(tmp_path: Path) -> None:
    rows: Table = [
        ["Pvm", "Klo", "Summa"],
        [dt.date(2025, 6, 1), dt.time(10, 37), 5],
        [dt.date(2025, 6, 2), dt.time(12, 0), 1.234],
    ]
    imported = read(tmp_path, xlsx({"A": rows}), suffix=".xlsx")
    assert [str(moment) for moment in imported.tables["receipts"]["time"]] == [
        "2025-06-01 10:37:00",
        "2025-06-02 12:00:00",
    ]
    # A typed number is no text of which three digits could be thousands.
    assert imported.tables["receipts"]["amount"].tolist() == [5.0, 1.234]


@pytest.mark.parametrize("bare", [False, True])
def test_a_sale_at_midnight_is_a_moment_and_a_column_of_midnights_is_one_of_days(
    tmp_path: Path, bare: bool
) -> None:
    first = dt.datetime(2025, 6, 1, 23, 30)
    moments = [first + dt.timedelta(minutes=30 * n) for n in range(3)]

    def book(cells: list[dt.datetime]) -> bytes:
        rows = [[serial(cell) if bare else cell, 5.0] for cell in cells]
        return xlsx({"A": [["Aika", "Summa"], *rows]})

    assert times(tmp_path, book(moments))[1] == "2025-06-02 00:00:00"
    days = [dt.datetime(2025, 6, day) for day in (1, 2, 3)]
    assert fault(tmp_path, book(days), suffix=".xlsx").key == "import.no_clock"


def test_numbers_and_texts_of_numbers_in_one_column_agree_on_the_sign(tmp_path: Path) -> None:
    rows: Table = [
        ["Aika", "Summa"],
        ["1.6.2025 10.37", "1\u00a0000,50"],
        ["2.6.2025 10.37", 12.25],
        ["3.6.2025 10.37", 1.234],
    ]
    table = read(tmp_path, xlsx({"A": rows}), suffix=".xlsx").tables["receipts"]
    assert table["amount"].tolist() == [1000.5, 12.25, 1.234]


def test_dates_that_a_spreadsheet_turned_beside_those_it_left_are_an_error(tmp_path: Path) -> None:
    rows: Table = [
        ["Time", "Total"],
        [dt.datetime(2025, 1, 6, 10, 0), 5],
        ["13/06/2025 10:00", 5],
        ["14/06/2025 10:00", 5],
    ]
    error = fault(tmp_path, xlsx({"A": rows}), suffix=".xlsx")
    assert error.key == "import.mixed_dates_workbook"
    assert (error.values["row"], error.values["other_row"]) == (2, 3)


def test_all_sheets_with_sales_count_and_the_others_are_told(tmp_path: Path) -> None:
    summary: Table = [["Päivä", "Summa"], [dt.date(2025, 6, 1), 5], [dt.date(2025, 6, 2), 5]]
    notes: Table = [["Hei"], ["Tämä on ohje."]]
    book = xlsx(
        {
            "Ohje": notes,
            "Kesäkuu": [["Kauppa"], [], HEAD, *sales()],  # type: ignore[list-item]
            "Yhteenveto": summary,
            "Kesäkuun loppu": [HEAD, *sales(15, 10)],  # type: ignore[list-item]
        }
    )
    imported = read(tmp_path, book, suffix=".xlsx")
    first, second = imported.receipts
    assert (first.file, second.file) == ("file0.xlsx [Kesäkuu]", "file0.xlsx [Kesäkuun loppu]")
    assert (told(first), told(second)) == ((20, 0, 0, 0, 0, 0), (5, 0, 0, 5, 0, 0))
    assert first.sha256 == second.sha256
    left = {note.values["sheets"] for note in first.notes if note.key == "import.sheets_left_out"}
    assert left == {"Ohje, Yhteenveto"}


def test_the_same_workbook_twice_counts_once(tmp_path: Path) -> None:
    book = xlsx({"A": [HEAD, *sales()], "B": [HEAD, *sales(30)]})  # type: ignore[list-item]
    imported = read(tmp_path, book, book, suffix=".xlsx")
    assert len(imported.tables["receipts"]) == 40
    assert [told(receipt)[0] for receipt in imported.receipts] == [20, 20, 0, 0]
    assert [told(receipt)[3] for receipt in imported.receipts] == [0, 0, 20, 20]


def test_rows_are_numbered_as_in_the_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Raportti"], [], HEAD, *sales(), [], [1, "ei aikaa", 5]]
    receipt = read(tmp_path, xlsx({"A": rows}), suffix=".xlsx").receipts[0]  # type: ignore[dict-item]
    assert [(problem.row, problem.cell) for problem in receipt.problems] == [(25, "ei aikaa")]


def test_formulas_are_texts_and_run_nothing(tmp_path: Path) -> None:
    rows: Table = [
        ["Aika", "Kuittinro", "Summa"],
        ["1.6.2025 10.37", "=cmd|' /C calc'!A0", "5,00"],
        ["2.6.2025 10.37", "2", "=1+1"],
        ["3.6.2025 10.37", "3", "6,00"],
    ]
    for data, suffix in (
        (xlsx({"A": rows}), ".xlsx"),
        ("\n".join(";".join(map(str, row)) for row in rows).encode(), ".csv"),
    ):
        receipt = read(tmp_path, data, suffix=suffix).receipts[0]
        assert told(receipt) == (2, 0, 0, 0, 0, 1)
        assert receipt.problems[0].cell == "=1+1"


def archive(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def locked(data: bytes) -> bytes:
    """The archive with the flag of encryption on every entry of its directory."""
    whole = bytearray(data)
    at = whole.find(b"PK\x01\x02")
    while at >= 0:
        whole[at + 8] |= 1
        at = whole.find(b"PK\x01\x02", at + 4)
    return bytes(whole)


GOOD = xlsx({"A": [HEAD, *sales()]})  # type: ignore[list-item]
LOCKED = compound("EncryptedPackage", b"\x00" * 5000)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (LOCKED, "import.password"),
        (locked(GOOD), "import.password"),
        (GOOD[: len(GOOD) // 2], "import.workbook"),
        (b"PK\x03\x04", "import.workbook"),
        (compound("Anything", b"\x07" * 5000), "import.workbook"),
        (archive({"sales.csv": b"Aika;Summa\n"}), "import.archive"),
        (archive({"[Content_Types].xml": b" " * 20_000_000}), "import.bomb"),
        (archive({f"{n}": b"" for n in range(6000)}), "import.bomb"),
        (archive({"[Content_Types].xml": b"", "xl/workbook.xml": b"<a"}), "import.workbook"),
        (xlsx({"A": []}), "import.empty"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_told_by_its_kind(
    tmp_path: Path, data: bytes, key: str
) -> None:
    assert fault(tmp_path, data, suffix=".xlsx").key == key


@pytest.mark.parametrize(
    "cells",
    [
        # Two cells at the corners of the largest sheet: a dense table of them fills 400 GB.
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        # A text of 30 000 letters in many cells.
        '<row r="1">' + f'<c t="inlineStr"><is><t>{"x" * 30000}</t></is></c>' * 3000 + "</row>",
    ],
)
def test_a_small_workbook_that_asks_for_all_memory_ends_in_a_message(
    tmp_path: Path, cells: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MEMORY", 2**28)
    monkeypatch.setattr(workbook, "MOST_RATIO", 10**9)
    began = time.perf_counter()
    error = fault(tmp_path, xlsx({"A": [HEAD]}, extra=cells), suffix=".xlsx")
    assert error.key in ("import.workbook", "import.not_a_table", "import.no_header")
    assert time.perf_counter() - began < 10


def read_any(data: bytes, suffix: str) -> None:
    with TemporaryDirectory() as folder:
        try:
            imported = read(Path(folder), data, suffix=suffix)
        except HoursoptError:
            return
    for receipt in imported.receipts:
        told(receipt)


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([".xlsx", ".xls"]))
def test_any_damage_to_a_workbook_gives_rows_or_an_error_of_ours(
    chance: random.Random, suffix: str
) -> None:
    rows = [[n, 45809 + n / 7, 5.0] for n in range(20)]
    data = bytearray(GOOD if suffix == ".xlsx" else xls([HEAD, *rows]))
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    read_any(bytes(data[: chance.randint(1, len(data))] if chance.random() < 0.2 else data), suffix)
