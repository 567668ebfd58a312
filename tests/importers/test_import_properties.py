from __future__ import annotations

import gzip
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoursopt.errors import HoursoptError
from hoursopt.importers import Imported
from tests.importers.import_shop import read, told

HEADERS = {
    "receipts": b"Aika;Kuittinro;Tila;Summa\n",
    "footfall": b"time,sensor,count\n",
    "rota": b"from,to,people\n",
}
CELLS = st.sampled_from(
    [
        "", "1", "2", "1.6.2025 10.37", "2.6.2025 9:05", "31.6.2025 9:05", "30.3.2025 3.30",
        "2025-06-03 10:00:00+02:00", "13/01/2025 1:00 PM", "1/2/2025", "20250601", "10.37", "5,00",
        "-5,00", "1 000,50", "1.234", "void", "Refund", "Yhteensä", "\u2212", '"', "'", "x", "NaN",
        "9" * 40, "\u0665",
    ]
)  # fmt: skip


def read_any(data: bytes, source: str = "receipts", suffix: str = ".csv") -> Imported | None:
    with TemporaryDirectory() as folder:
        try:
            imported = read(Path(folder), data, source=source, suffix=suffix)
        except HoursoptError:
            return None
    for receipt in imported.receipts:
        told(receipt)
    return imported


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=65536), st.sampled_from(list(HEADERS)), st.booleans())
def test_any_bytes_give_rows_or_an_error_of_ours(data: bytes, source: str, headed: bool) -> None:
    read_any(HEADERS[source] + data if headed else data, source)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=4096))
def test_any_packed_bytes_give_rows_or_an_error_of_ours(data: bytes) -> None:
    read_any(data, suffix=".csv.gz")
    read_any(gzip.compress(HEADERS["receipts"] + data), suffix=".csv.gz")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=12),
    st.sampled_from(list(HEADERS)),
)
def test_any_table_gives_rows_that_all_have_one_fate_or_an_error_of_ours(
    rows: list[list[str]], source: str
) -> None:
    sign = ";" if source == "receipts" else ","
    body = "\n".join(sign.join(row) for row in rows)
    read_any(HEADERS[source] + body.encode(), source)


@dataclass(frozen=True)
class Sale:
    number: int
    minute: int
    cents: int
    status: str

    def line(self, scale: int = 1) -> str:
        day, minute = divmod(self.minute, 600)
        money = Decimal(self.cents * scale) / 100
        stamp = f"{1 + day}.7.2025 {8 + minute // 60}.{minute % 60:02d}"
        return f"{self.number};{stamp};{self.status};{money:.2f}"


@st.composite
def sales(draw: st.DrawFn) -> list[Sale]:
    """Sales of a month with its last days, so that the files hold more than one day."""
    statuses = st.sampled_from(["", "", "", "void", "refund"])
    found = [
        Sale(number, draw(st.integers(0, 18000)), draw(st.integers(-500, 9000)), draw(statuses))
        for number in range(draw(st.integers(2, 25)))
    ]
    return [*found, Sale(900, 5, 100, ""), Sale(901, 18005, 100, "")]


def table_of(lines: Sequence[Sequence[str]], *, numbered: bool) -> tuple[pd.DataFrame, Imported]:
    head = "Kuittinro;Aika;Tila;Summa\n" if numbered else "Aika;Tila;Summa\n"
    cut = [[line if numbered else line.split(";", 1)[1] for line in part] for part in lines]
    with TemporaryDirectory() as folder:
        imported = read(Path(folder), *(head + "\n".join(part) + "\n" for part in cut))
    for receipt in imported.receipts:
        told(receipt)
    return imported.tables["receipts"], imported


@settings(max_examples=25, deadline=None)
@given(sales(), st.data())
def test_a_file_cut_in_two_gives_the_same_table(found: list[Sale], data: st.DataObject) -> None:
    ordered = sorted(found, key=lambda sale: (sale.minute, sale.number))
    lines = [sale.line() for sale in ordered]
    place = data.draw(st.integers(1, len(lines) - 1))
    for numbered in (True, False):
        whole, one = table_of([lines], numbered=numbered)
        halves, two = table_of([lines[:place], lines[place:]], numbered=numbered)
        pd.testing.assert_frame_equal(whole, halves)
        assert sum(r.used for r in two.receipts) == one.receipts[0].used
        assert sum(Decimal(r.sum or 0) for r in two.receipts) == Decimal(one.receipts[0].sum or 0)


@settings(max_examples=25, deadline=None)
@given(sales(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(found: list[Sale], chance: random.Random) -> None:
    lines = [sale.line() for sale in found]
    shuffled = list(lines)
    chance.shuffle(shuffled)
    whole, one = table_of([lines], numbered=True)
    mixed, other = table_of([shuffled], numbered=True)
    pd.testing.assert_frame_equal(whole, mixed)
    assert told(one.receipts[0]) == told(other.receipts[0])


@settings(max_examples=25, deadline=None)
@given(sales(), st.integers(2, 1000))
def test_money_scales_and_customers_stay(found: list[Sale], scale: int) -> None:
    once, one = table_of([[sale.line() for sale in found]], numbered=True)
    scaled, many = table_of([[sale.line(scale) for sale in found]], numbered=True)
    assert scaled["time"].equals(once["time"])
    assert (scaled["amount"] - once["amount"] * scale).abs().max() < 1e-6 * scale
    assert Decimal(many.receipts[0].sum or 0) == scale * Decimal(one.receipts[0].sum or 0)


@settings(max_examples=25, deadline=None)
@given(sales(), st.integers(0, 30))
def test_a_file_and_an_overlapping_later_export_count_every_receipt_once(
    found: list[Sale], start: int
) -> None:
    lines = [sale.line() for sale in sorted(found, key=lambda sale: (sale.minute, sale.number))]
    whole, _ = table_of([lines], numbered=True)
    twice, _ = table_of([lines, lines[start:] or lines[-1:]], numbered=True)
    pd.testing.assert_frame_equal(whole, twice)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 99), min_size=4, max_size=60),
    st.sampled_from([15, 30, 60]),
    st.data(),
)
def test_counts_survive_cutting_shuffling_and_overlap(
    people: list[int], step: int, data: st.DataObject
) -> None:
    times = pd.date_range("2025-06-02", periods=len(people), freq=f"{step}min")
    rows = [f"{time:%d.%m.%Y %H.%M};{count}" for time, count in zip(times, people, strict=True)]
    place = data.draw(st.integers(2, len(rows) - 2))
    shuffled = data.draw(st.permutations(rows))
    head = "Aika;Kävijät\n"
    with TemporaryDirectory() as folder:
        tables = [
            read(
                Path(folder), *(head + "\n".join(part) for part in parts), source="footfall"
            ).tables["footfall"]
            for parts in ([rows], [rows[:place], rows[place:]], [shuffled], [rows, rows[place:]])
        ]
    assert tables[0]["count"].tolist() == people
    assert set(tables[0]["minutes"]) == {step}
    for table in tables[1:]:
        pd.testing.assert_frame_equal(tables[0], table)


@pytest.mark.parametrize("numbered", [True, False])
def test_the_same_lines_in_two_orders_of_files_give_the_same_table(numbered: bool) -> None:
    lines = [Sale(number, number * 700, 500 + number, "").line() for number in range(20)]
    forth, _ = table_of([lines[:12], lines[6:]], numbered=numbered)
    back, _ = table_of([lines[6:], lines[:12]], numbered=numbered)
    pd.testing.assert_frame_equal(forth, back)
