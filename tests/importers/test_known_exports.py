"""Each known export, read through the public entry: a golden file and what must come of it."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path

import pytest

from hoursopt import importers
from hoursopt.importers import Imported, read_sources
from hoursopt.importers.columns import Profile, known_exports, plain, recognise
from tests.importers.import_shop import fault, read, shop_of, told
from tests.importers.workbooks import xlsx

GOLDEN = Path(__file__).parent / "golden"
PROFILES = Path(importers.__file__).parent / "profiles"
EXPORTS = {export.name: export for export in known_exports()}
EXPECTED = json.loads((GOLDEN / "expected.json").read_text("utf-8"))
PERSONAL = ("Ada", "Placeholder", "Bo Example", "example.com", "0000001", "4242", "Fictional")


def found(imported: Imported) -> dict[str, object]:
    """What came of the one file that was read, in the form of `expected.json`."""
    (receipt,) = imported.receipts
    (table,) = imported.tables.values()
    return {
        "told": list(told(receipt)),
        "receipts": receipt.receipts,
        "sum": receipt.sum,
        "days": [str(receipt.first_day), str(receipt.last_day)],
        "table": [[str(cell) for cell in row] for row in table.itertuples(index=False)],
    }


def golden(name: str, folder: Path, data: bytes | None = None, suffix: str = ".csv") -> Imported:
    case = EXPECTED[name]
    content = (GOLDEN / f"{name}.csv").read_bytes() if data is None else data
    return read(
        folder,
        content,
        source=case["source"],
        timezone=case["timezone"],
        hours="Mo-Su 00:00-24:00",
        suffix=suffix,
        **case.get("options", {}),
    )


def test_every_known_export_has_its_golden_pair() -> None:
    assert set(EXPORTS) == set(EXPECTED) == {path.stem for path in GOLDEN.glob("*.csv")}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_known_export_is_recognised_and_read(name: str, tmp_path: Path) -> None:
    imported = golden(name, tmp_path)
    expected = {key: EXPECTED[name][key] for key in ("told", "receipts", "sum", "days", "table")}
    assert found(imported) == expected
    (receipt,) = imported.receipts
    notes = {note.key: note.values for note in receipt.notes}
    assert receipt.profile == name
    assert notes["import.recognised"]["export"] == EXPORTS[name].title
    assert ("import.unverified" in notes) is not EXPORTS[name].seen


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_known_export_as_a_workbook_reads_the_same(name: str, tmp_path: Path) -> None:
    text = (GOLDEN / f"{name}.csv").read_text("utf-8-sig")
    sign = ";" if name in ("zettle_receipts", "hystreet") else ","
    rows = [[cell or None for cell in row] for row in csv.reader(io.StringIO(text), delimiter=sign)]
    imported = golden(name, tmp_path, xlsx({"Sheet": rows}), ".xlsx")
    assert found(imported) == found(golden(name, tmp_path))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_columns_in_another_order_and_unknown_ones_between_change_nothing(
    name: str, tmp_path: Path
) -> None:
    if not EXPORTS[name].roles.keys() & {"amount", "count"}:
        pytest.skip("every column that is not known is a counter in this form")
    text = (GOLDEN / f"{name}.csv").read_text("utf-8-sig")
    sign = ";" if name in ("zettle_receipts", "hystreet") else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=sign))
    start = next(n for n, row in enumerate(rows) if len(row) > 2)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=sign, lineterminator="\n")
    for number, row in enumerate(rows):
        full = len(row) == len(rows[start]) and number >= start
        writer.writerow(["Loyalty points" if number == start else "7", *row[::-1]] if full else row)
    imported = golden(name, tmp_path, buffer.getvalue().encode())
    assert found(imported)["table"] == EXPECTED[name]["table"]


def test_no_header_fits_two_exports() -> None:
    for name in EXPECTED:
        words = _header(name)
        fitting = [export.name for export in EXPORTS.values() if export.fits(words)]
        assert fitting == [name]


def _header(name: str) -> set[str]:
    text = (GOLDEN / f"{name}.csv").read_text("utf-8-sig")
    sign = ";" if name in ("zettle_receipts", "hystreet") else ","
    return {plain(cell) for cell in max(csv.reader(io.StringIO(text), delimiter=sign), key=len)}


@pytest.mark.parametrize("export", EXPORTS.values(), ids=list(EXPORTS))
def test_the_words_of_an_export_are_its_own(export: Profile) -> None:
    for role, words in export.roles.items():
        assert words and all(word in export.known for word in words), role
    assert export.title and export.required
    text = (PROFILES / f"{export.name}.toml").read_text("utf-8")
    assert tomllib.loads(text)["status"] == ("seen" if export.seen else "unverified")
    assert recognise(["Aika", "Kuittinro", "Summa"]) is None


def test_an_export_under_the_wrong_source_is_told_where_it_belongs(tmp_path: Path) -> None:
    error = fault(tmp_path, (GOLDEN / "shopify_orders.csv").read_bytes(), source="footfall")
    assert error.key == "import.other_export"
    assert error.values["others"] == "receipts / orders"


def test_the_till_and_the_web_shop_in_one_export_are_kept_apart(tmp_path: Path) -> None:
    data = (GOLDEN / "shopify_orders.csv").read_bytes()
    for name in ("web.csv", "till.csv"):
        (tmp_path / name).write_bytes(data)
    shop = shop_of(tmp_path, orders=("web.csv",), receipts=("till.csv",))
    more = data + data.splitlines(keepends=True)[-1].replace(b"#1005", b"#1006").replace(
        b"2025-10-09", b"2025-10-10"
    )
    (tmp_path / "till.csv").write_bytes(more)
    imported = read_sources(shop)
    assert imported.tables["receipts"]["amount"].tolist() == [8.5, 8.5]
    assert 8.5 not in imported.tables["orders"]["amount"].tolist()
    notes = {receipt.source: {n.key for n in receipt.notes} for receipt in imported.receipts}
    assert "import.web_orders" in notes["receipts"]
    assert "import.till_orders" in notes["orders"]


def test_a_zone_that_the_file_names_goes_before_the_shops(tmp_path: Path) -> None:
    data = (GOLDEN / "square_transactions.csv").read_bytes()
    here = read(tmp_path, data, timezone="America/Chicago").tables["receipts"]["time"]
    there = read(tmp_path, data, timezone="America/New_York").tables["receipts"]["time"]
    assert (there - here).dt.total_seconds().unique().tolist() == [3600.0]
    unknown = data.replace(b"Eastern Time (US & Canada)", b"Middle Earth")
    (receipt,) = read(tmp_path, unknown, timezone="America/Chicago").receipts
    assert ("import.unknown_zone", "Middle Earth") in {
        (note.key, note.values.get("cell")) for note in receipt.notes
    }


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_nothing_personal_is_in_what_was_read(name: str, tmp_path: Path) -> None:
    imported = golden(name, tmp_path)
    said = repr(imported.receipts) + repr(imported.warnings)
    said += "".join(table.to_string() for table in imported.tables.values())
    assert not [secret for secret in PERSONAL if secret in said]
