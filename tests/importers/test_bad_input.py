"""Whatever comes, it ends soon: in rows, or in one error of ours that says where and what."""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoursopt.errors import DataError, HoursoptError
from hoursopt.i18n import Texts, catalogue
from hoursopt.importers import read_sources
from hoursopt.importers.columns import generic, known_exports
from hoursopt.importers.receipt import say
from tests.importers.import_shop import fault, read, shop_of, told

LONGEST = 2.0


def missing(folder: Path, name: str) -> DataError:
    with pytest.raises(DataError) as caught:
        read_sources(shop_of(folder, receipts=(name,)))
    return caught.value


def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "large.csv").touch()
    os.truncate(tmp_path / "large.csv", 2 * 2**30)
    began = time.perf_counter()
    assert missing(tmp_path, "large.csv").key == "import.too_big"
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    "content",
    [
        b"Aika;Summa;" + b"x" * 3_000_000,
        b"Aika;Summa\n" + b"1.6.2025 10.37;5\n" * 300 + b"9" * 3_000_000,
        b"Aika;Summa\n" + b"1.6.2025 10.37;5\n" * 300 + b'"' + b"a;b" * 1_000_000,
        b";" * 3_000_000,
        b"\n" * 3_000_000,
        b'"' * 2_000_000,
    ],
)
def test_a_line_without_end_is_no_table(tmp_path: Path, content: bytes) -> None:
    began = time.perf_counter()
    error = fault(tmp_path, content)
    assert error.key in ("import.not_a_table", "import.no_header", "import.empty")
    assert time.perf_counter() - began < LONGEST


@pytest.mark.parametrize("name", ["a\0b.csv", "none.csv", ".", "..", "a" * 5000 + ".csv"])
def test_a_name_that_is_no_file_is_told(tmp_path: Path, name: str) -> None:
    error = missing(tmp_path, name)
    assert error.key in ("import.missing", "import.suffix", "import.unreadable")
    assert error.values["file"] == name


def test_a_folder_with_the_name_of_a_file_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    assert missing(tmp_path, "a.csv").key == "import.missing"


@settings(max_examples=60)
@given(st.binary(max_size=65536), st.sampled_from([".csv", ".xlsx", ".xls", ".csv.gz", ".txt"]))
def test_any_bytes_end_in_rows_or_in_a_sentence(data: bytes, suffix: str) -> None:
    with TemporaryDirectory() as folder:
        try:
            imported = read(Path(folder), b"Aika;Summa\n" + data, suffix=suffix)
        except HoursoptError as error:
            assert Texts("fi").describe(error)
            return
    assert sum(told(imported.receipts[0])) >= 1


def test_the_first_five_unreadable_cells_are_told_and_how_many_more_there_are(
    tmp_path: Path,
) -> None:
    rows = [f"{day}.6.2025 25.{day:02d};5" for day in range(1, 10)] + ["1.6.2025 10.00;5"] * 2
    error = fault(tmp_path, "Aika;Summa\n" + "\n".join(rows))
    assert error.key == "import.mostly_failed"
    cells = [cause.values.get("cell") for cause in error.causes]
    assert cells == [*(f"{day}.6.2025 25.{day:02d}" for day in range(1, 6)), None]
    assert error.causes[-1].values == {"count": 4}
    lines = Texts("sv").describe(error).splitlines()
    assert len(lines) == 7 and 'rad 2, kolumn "Aika"' in lines[1] and "4 rader till" in lines[-1]


def test_faults_of_several_files_are_told_at_once_whatever_their_kind(tmp_path: Path) -> None:
    error = fault(
        tmp_path,
        "Time;Total\n01/02/2025 10:00;5\n",
        "",
        "Pvm;Summa\n1.6.2025;5\n",
        "Time;Total\n02/03/2025 10:00;5\n",
    )
    assert error.key == "import.several"
    assert {cause.key for cause in error.causes} == {"import.empty", "import.no_clock"}
    both = fault(tmp_path, "Time;Total\n1/2/2025 10:00;5\n", "Time;Total\n3/4/2025 1:00;5\n")
    assert [cause.key for cause in both.causes] == ["import.date_order"] * 2


@pytest.mark.parametrize(
    "head",
    [
        "Myymälä;Rauma;Kassa;1\nPäivä;1.6.2025;Tunnus;77\n",
        "sep=;\n",
        "\n\n;;;\n",
        "Kuitit 1.6.2025-30.6.2025\n" * 20,
    ],
)
def test_the_header_is_found_below_lines_that_speak_of_other_things(
    tmp_path: Path, head: str
) -> None:
    content = head + "Aika;Kuittinro;Summa\n1.6.2025 9.00;1;5,00\n2.6.2025 9.00;2;6,00\n"
    receipt = read(tmp_path, content).receipts[0]
    assert told(receipt) == (2, 0, 0, 0, 0, 0)
    assert receipt.sum == "11.00"


def test_text_that_a_till_named_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    content = "Aika\tSumma\n1.6.2025 9.00\t5,00\n2.6.2025 9.00\t6,00\n"
    assert read(tmp_path, content, suffix=".xls").receipts[0].sum == "11.00"


@pytest.mark.parametrize("source", ["receipts", "footfall", "rota"])
def test_a_ragged_table_reads_the_same_as_an_even_one(tmp_path: Path, source: str) -> None:
    head, rows = {
        "receipts": ("Kuitti;Aika;Summa", [f"{n};{n}.6.2025 9.0{n};{n},50" for n in range(1, 9)]),
        "footfall": (
            "Aika;Ovi;Määrä",
            [f"{n}.6.2025 {h}.00;A;{n}" for n in (1, 2) for h in (9, 10)],
        ),
        "rota": ("alkaa;loppuu;henkilöä", [f"{n}.6.2025 9.00;{n}.6.2025 17.00;2" for n in (1, 2)]),
    }[source]
    even = read(tmp_path, "\n".join([head, *rows, ""]), source=source).tables[source]
    for ragged in (
        [head, *rows, "", "", "Yhteensä;1"],
        [head, rows[0], "", *rows[1:], ";;", "Yhteensä"],
        [head, *(f"{row};" for row in rows)],
        [head, *('"' + row.replace(";", '";"') + '"' for row in rows), ";"],
    ):
        table = read(tmp_path, "\n".join(ragged), source=source).tables[source]
        assert table.equals(even)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_role_has_its_name(language: str) -> None:
    roles = {role for family in ("sales", "counts", "rota") for role in generic(family).roles}
    roles |= {role for export in known_exports() for role in export.roles}
    named = {key.removeprefix("roles.") for key in catalogue(language) if key.startswith("roles.")}
    assert named == roles - {"other"}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_columns_read_are_told_with_what_they_were_taken_for(
    tmp_path: Path, language: str
) -> None:
    texts = Texts(language)
    receipt = read(tmp_path, "Aika;Summa\n1.6.2025 9.00;5\n2.6.2025 9.00;6\n").receipts[0]
    (note,) = [note for note in receipt.notes if note.key == "import.columns"]
    assert f"Summa ({texts('roles.amount')})" in say(note, texts)


def test_rows_with_too_many_cells_are_told_whatever_columns_there_are(tmp_path: Path) -> None:
    content = "Tuote;Aika\nmuki;1.6.2025 9.00\nmuki;pitsi;2.6.2025 9.00\nmuki;3.6.2025 9.00\n"
    content += "muki;4.6.2025 9.00\n"
    receipt = read(tmp_path, content).receipts[0]
    assert told(receipt) == (3, 0, 0, 0, 0, 1)
    assert [(problem.row, problem.cell) for problem in receipt.problems] == [(3, "")]
