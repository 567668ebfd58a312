from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from hoursopt.errors import DataError
from hoursopt.importers import read_sources, text
from tests.importers.import_shop import fault, read, shop_of, told

PLAIN = "Aika;Kuittinro;Summa\n1.6.2025 10.37;1;10,50\n2.6.2025 11.02;2;3,00\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode("utf-8"),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace("Aika", "Päivämäärä").encode("cp1252"),
        PLAIN.replace(";", "\t").encode(),
        PLAIN.replace(";", "|").encode(),
        b'"Aika","Kuittinro","Summa"\n"1.6.2025 10.37","1","10,50"\n2.6.2025 11.02,2,"3,00"\n',
    ],
)
def test_every_encoding_delimiter_and_line_end_gives_the_same_table(
    tmp_path: Path, data: bytes
) -> None:
    table = read(tmp_path, data).tables["receipts"]
    assert [str(time) for time in table["time"]] == ["2025-06-01 10:37:00", "2025-06-02 11:02:00"]
    assert table["amount"].tolist() == [10.5, 3.0]


def test_the_identity_of_a_file_is_the_sha_256_of_its_bytes_and_the_file_stays_as_it_is(
    tmp_path: Path,
) -> None:
    data = PLAIN.encode("utf-16")
    receipt = read(tmp_path, data).receipts[0]
    assert receipt.sha256 == hashlib.sha256(data).hexdigest()
    assert (tmp_path / "file0.csv").read_bytes() == data


def test_an_encoding_that_the_owner_names_goes_before_the_ladder(tmp_path: Path) -> None:
    table = PLAIN.replace("Aika", "Время").encode("cp1251")
    found = read(tmp_path, table, encoding="cp1251", columns={"time": "Время"})
    assert found.receipts[0].used == 2
    error = fault(tmp_path, "Päivä;Summa\n".encode("cp1252"), encoding="utf-8")
    assert (error.key, error.values["encoding"]) == ("import.encoding", "utf-8")


def test_gzip_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    first, second = PLAIN[:40].encode(), PLAIN[40:].encode()
    data = gzip.compress(first) + gzip.compress(second)
    assert read(tmp_path, data, suffix=".csv.gz").receipts[0].used == 2


@pytest.mark.parametrize(
    ("data", "suffix", "key"),
    [
        (b"", ".csv", "import.empty"),
        (b" \r\n\t\n", ".csv", "import.empty"),
        (b"\xef\xbb\xbf", ".csv", "import.empty"),
        (b"Aika;Summa\n", ".csv", "import.header_only"),
        (b"Aika;Summa\n;\n;;\n", ".csv", "import.header_only"),
        (b"hello\nworld\n", ".csv", "import.no_header"),
        (b"2025-06-01 10:00;5\n2025-06-02 10:00;5\n", ".csv", "import.no_header"),
        (b"%PDF\0\0", ".csv", "import.binary"),
        ("Aika;Summa\n".encode("utf-16-le"), ".csv", "import.binary"),
        (b"Aika\x81\n", ".csv", "import.encoding"),
        (b"PK\x03\x04 rest", ".csv", "import.workbook"),
        (b"whatever", ".xlsx", "import.workbook"),
        (b"", ".xlsx", "import.empty"),
        (b"<html><table>", ".xls", "import.markup"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls", "import.workbook"),
        (b"Aika;Summa\n", ".pdf", "import.suffix"),
        (b"no gzip", ".csv.gz", "import.gzip"),
        (gzip.compress(PLAIN.encode(), mtime=0)[:-9], ".csv.gz", "import.gzip"),
        (b"Aika;Summa\n" + b";" * 2000, ".csv", "import.not_a_table"),
    ],
)
def test_what_is_no_table_is_told_by_its_kind(
    tmp_path: Path, data: bytes, suffix: str, key: str
) -> None:
    data = data if key != "import.not_a_table" else data + b"1\n"
    error = fault(tmp_path, data, suffix=suffix)
    assert error.key == key
    assert error.values["file"] == f"file0{suffix}"


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "LARGEST", 1000)
    error = fault(tmp_path, gzip.compress(b"a" * 2000), suffix=".csv.gz")
    assert error.key == "import.too_big"


def test_rows_are_numbered_as_in_the_file_below_preamble_blank_lines_and_cells_of_two_lines(
    tmp_path: Path,
) -> None:
    content = (
        "Myyntiraportti;;\nPäivä;1.6.2025;\n\n"
        'Aika;Tuote;Summa\n1.6.2025 10.37;"kahvi\nja pulla";5,50\n\n'
        "ei aikaa;pulla;3,00\n2.6.2025 9.00;kahvi;2,50\n;;\n"
    )
    receipt = read(tmp_path, content).receipts[0]
    assert told(receipt) == (2, 0, 0, 0, 0, 1)
    problem = receipt.problems[0]
    assert (problem.row, problem.column, problem.cell) == (8, "Aika", "ei aikaa")
    notes = {(note.key, note.values.get("count")) for note in receipt.notes}
    assert {("import.preamble", 3), ("import.joined", 1)} <= notes


def test_total_rows_and_repeated_headers_are_ignored_and_told(tmp_path: Path) -> None:
    content = PLAIN + "Aika;Kuittinro;Summa\n3.6.2025 9.00;3;1,00\nKaikki yhteensä;3 kpl;14,50\n"
    content += ";Totalt:;14,50\n"
    receipt = read(tmp_path, content).receipts[0]
    assert told(receipt) == (3, 0, 0, 0, 3, 0)
    assert receipt.sum == "14.50"


def test_unquoted_decimal_commas_are_told_and_never_read_as_two_cells(tmp_path: Path) -> None:
    content = "Time,Total\n2025-06-01 10:00,10,50\n2025-06-02 10:00,3,20\n"
    error = fault(tmp_path, content)
    assert (error.key, error.values["row"]) == ("import.more_cells", 2)
    mixed = "Time,Total\n2025-06-01 10:00,10\n2025-06-02 10:00,3,20\n2025-06-03 10:00,4\n"
    receipt = read(tmp_path, mixed).receipts[0]
    assert told(receipt) == (2, 0, 0, 0, 0, 1)
    assert receipt.problems[0].row == 3


def test_a_stray_quote_does_not_swallow_the_rest_of_the_file(tmp_path: Path) -> None:
    content = PLAIN.replace(";1;", ';"1;')
    assert told(read(tmp_path, content).receipts[0]) == (2, 0, 0, 0, 0, 0)


def test_two_stray_quotes_do_not_swallow_the_lines_between_them(tmp_path: Path) -> None:
    rows = [f'{day}.6.2025 9.00;"{day} tuuman putki;5,00\n' for day in range(1, 9)]
    imported = read(tmp_path, "Aika;Tuote;Summa\n" + "".join(rows))
    assert told(imported.receipts[0]) == (8, 0, 0, 0, 0, 0)
    assert imported.tables["receipts"]["amount"].tolist() == [5.0] * 8


def test_all_files_at_fault_are_told_at_once(tmp_path: Path) -> None:
    error = fault(tmp_path, b"", b"Aika;Summa\n")
    assert error.key == "import.several"
    assert [cause.key for cause in error.causes] == ["import.empty", "import.header_only"]


def test_a_missing_file_names_where_it_was_looked_for(tmp_path: Path) -> None:

    with pytest.raises(DataError) as caught:
        read_sources(shop_of(tmp_path, receipts=("none.csv",)))
    assert caught.value.key == "import.missing"
    assert caught.value.values["path"] == str(tmp_path / "none.csv")
