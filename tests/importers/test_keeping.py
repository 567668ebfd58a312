"""What a shop's folder remembers of its files, and that nothing personal is among it."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

from hoursopt import flow
from hoursopt.observations import observe
from hoursopt.shop import Shop
from hoursopt.store import KEPT, open_store
from tests.importers.import_shop import shop_of
from tests.importers.test_known_exports import EXPECTED, GOLDEN, PERSONAL
from tests.importers.workbooks import xlsx

PLAIN = "Aika;Kuittinro;Summa\n1.6.2025 10.37;1;10,50\n2.6.2025 11.02;2;3,00\n3.6.2025 x;3;1\n"


def case(name: str, folder: Path, data: bytes | None = None) -> Shop:
    """A shop with a golden file."""
    file = f"{name}.csv"
    (folder / file).write_bytes(data or (GOLDEN / file).read_bytes())
    expected = EXPECTED[name]
    return shop_of(folder, timezone=expected["timezone"], **{expected["source"]: (file,)})


def kept_bytes(folder: Path) -> bytes:
    """Everything that the store holds, its table unpacked."""
    files = [path for path in (folder / KEPT).rglob("*") if path.is_file()]
    held = b"".join(path.read_bytes() for path in files)
    connection = sqlite3.connect(folder / KEPT / "shop.sqlite")
    rows = connection.execute("SELECT sha256, receipt FROM imports").fetchall()
    connection.close()
    return held + repr(rows).encode()


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_nothing_personal_reaches_the_store(name: str, tmp_path: Path) -> None:
    flow.read(case(name, tmp_path))
    held = kept_bytes(tmp_path)
    assert len(held) > 1000
    assert not [secret for secret in PERSONAL if secret.encode() in held]


def test_the_personal_columns_of_a_shopify_export_never_reach_the_store(tmp_path: Path) -> None:
    original = (GOLDEN / "shopify_orders.csv").read_bytes()
    secrets = [b"ada@example.com", b"+358 40", b"Fictional Lane", b"c4242", b"Ada's bell"]
    assert all(secret in original for secret in secrets)
    flow.read(case("shopify_orders", tmp_path))
    held = kept_bytes(tmp_path)
    assert not [secret for secret in secrets if secret in held]
    (kept,) = (tmp_path / KEPT / "originals").iterdir()
    header = kept.read_text("utf-8").splitlines()[0].replace('"', "")
    assert set(header.split(",")) == {
        *("Name", "Created at", "Financial Status", "Total"),
        *("Cancelled at", "Refunded Amount", "Source"),
    }
    assert b"49.99" in kept.read_bytes() and (tmp_path / "shopify_orders.csv").is_file()


def test_a_file_without_personal_columns_is_kept_as_it_is_by_its_digest(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(PLAIN, "utf-8")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(PLAIN.replace("2025", "2024").encode()))
    imported = flow.read(shop_of(tmp_path, receipts=("a.csv", "b.csv.gz")))
    with open_store(tmp_path) as store:
        for receipt in imported.receipts:
            kept = store.original(receipt.sha256)
            assert kept.read_bytes() == (tmp_path / receipt.file).read_bytes()
        assert [told["sha256"] for told in store.imports()] == [
            receipt.sha256 for receipt in imported.receipts
        ]


@pytest.mark.parametrize(
    "head", ["Tekijä: Ada Placeholder;;\n", "Ada Placeholder\n\n", "sep=;\nRaportin laati Ada;;\n"]
)
def test_what_stands_above_the_header_is_not_kept(tmp_path: Path, head: str) -> None:
    (tmp_path / "a.csv").write_text(head + PLAIN, "utf-8")
    flow.read(shop_of(tmp_path, receipts=("a.csv",)))
    assert b"Ada" not in kept_bytes(tmp_path)


def test_an_unchanged_folder_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = {name: case(name, tmp_path) for name in sorted(EXPECTED)}
    first = {name: flow.read(shop) for name, shop in shops.items()}

    def never(shop: Shop) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(flow, "read_sources", never)
    for name in list(shops)[-2:]:  # the store keeps the newest two
        again = flow.read(shops[name])
        assert again.receipts == first[name].receipts
        assert again.warnings == first[name].warnings
        for source, table in first[name].tables.items():
            assert again.tables[source].equals(table)
            assert again.tables[source].dtypes.tolist() == table.dtypes.tolist()


def test_a_changed_file_option_or_hour_is_read_again(tmp_path: Path) -> None:
    shop = case("sumup_sales", tmp_path)
    assert flow.read(shop).receipts[0].receipts == 2
    moved = shop.replace(timezone="Europe/Helsinki")
    assert flow.read(moved).tables["receipts"].equals(flow.read(shop).tables["receipts"])
    changed = (GOLDEN / "sumup_sales.csv").read_bytes().replace(b"TD1", b"TD7", 1)
    assert flow.read(case("sumup_sales", tmp_path, changed)).receipts[0].receipts == 3


def test_the_same_import_is_told_once_in_the_history(tmp_path: Path) -> None:
    shop = case("sumup_sales", tmp_path)
    for zone in ("Europe/Berlin", "Europe/Helsinki", "Europe/Berlin"):
        flow.read(shop.replace(timezone=zone))
    with open_store(tmp_path) as store:
        assert len(store.imports()) == 1


def test_a_damaged_reading_is_read_anew_and_a_damaged_store_is_done_without(
    tmp_path: Path,
) -> None:
    shop = case("sumup_sales", tmp_path)
    first = flow.read(shop)
    for path in (tmp_path / KEPT / "readings").iterdir():
        path.write_bytes(b"PK\x03\x04 rest")
    assert flow.read(shop).receipts == first.receipts
    assert all(path.stat().st_size > 100 for path in (tmp_path / KEPT / "readings").iterdir())
    (tmp_path / KEPT / "shop.sqlite").write_bytes(b"x" * 5000)
    assert flow.read(shop).receipts == first.receipts


def test_a_row_whose_cells_have_slipped_is_not_kept(tmp_path: Path) -> None:
    content = (
        "Time,Customer,Total\n2025-06-01 9:00,Bo,5.00\n2025-06-01 9:00,Fred,Ada Placeholder,5.00\n"
        "2025-06-02 9:00,Bo,5.00\n"
    )
    (tmp_path / "a.csv").write_text(content, "utf-8")
    imported = flow.read(shop_of(tmp_path, receipts=("a.csv",)))
    assert imported.receipts[0].failed == 1
    assert b"Ada" not in kept_bytes(tmp_path)


def test_what_the_counts_say_better_is_said_once(tmp_path: Path) -> None:
    at_night = "".join(f"{day}.6.2025 {hour}.30\n" for day in range(2, 30) for hour in (3, 4, 12))
    (tmp_path / "a.csv").write_text("Aika\n" + at_night, "utf-8")
    shop = shop_of(tmp_path, receipts=("a.csv",), hours="Mo-Su 10:00-18:00")
    imported = flow.read(shop)
    keys = {warning.key for warning in imported.warnings}
    assert keys & {"check.outside_hours", "check.shifted_times"}
    notes = observe(shop, imported.tables).notes
    assert {note.key for note in notes} & flow.OF_THE_HOURS
    left = flow.without_repeats(imported, notes)
    assert {w.key for w in left.warnings} == keys - {"check.outside_hours", "check.shifted_times"}
    assert flow.without_repeats(imported, ()).warnings == imported.warnings


def test_sheets_and_files_with_brackets_and_twins_are_kept_under_their_own_names(
    tmp_path: Path,
) -> None:
    rows = [["Kuitti", "Aika", "Summa", "Asiakas"]]
    rows += [[f"{n}", f"{n}.6.2025 10.37", "5,00", "Ada"] for n in range(1, 9)]
    later = [rows[0], *([f"{n}", f"{n}.7.2025 10.37", "5,00", "Ada"] for n in range(1, 9))]
    book = xlsx({"Kesä [a]": rows, "Heinä": later})
    files = ("myynti [kesä].csv", "myynti [kesä].xlsx", "kopio.xlsx")
    (tmp_path / files[0]).write_text(PLAIN.replace("2025", "2024"), "utf-8")
    for name in files[1:]:
        (tmp_path / name).write_bytes(book)
    imported = flow.read(shop_of(tmp_path, receipts=files))
    assert [receipt.file for receipt in imported.receipts] == [
        files[0],
        "myynti [kesä].xlsx [Kesä [a]]",
        "myynti [kesä].xlsx [Heinä]",
        "kopio.xlsx [Kesä [a]]",
        "kopio.xlsx [Heinä]",
    ]
    kept = {path.read_bytes() for path in (tmp_path / KEPT / "originals").iterdir()}
    assert len(kept) == 2 and not any(b"Ada" in content for content in kept)
    assert sum(content.count(b"5,00") for content in kept) == 16


def test_days_that_the_counts_call_unknown_are_not_asked_about_again(tmp_path: Path) -> None:
    days = [day for day in range(2, 30) if not 9 <= day <= 15]
    sold = "".join(
        f"{day}.6.2025 {hour}.{m}\n" for day in days for hour in (11, 12) for m in (15, 45)
    )
    (tmp_path / "a.csv").write_text("Aika\n" + sold, "utf-8")
    shop = shop_of(tmp_path, receipts=("a.csv",), hours="Mo-Su 10:00-18:00")
    imported = flow.read(shop)
    assert "check.empty_days" in {warning.key for warning in imported.warnings}
    notes = observe(shop, imported.tables).notes
    left = flow.without_repeats(imported, notes)
    assert "observe.unknown_days" in {note.key for note in notes}
    assert "check.empty_days" not in {warning.key for warning in left.warnings}
