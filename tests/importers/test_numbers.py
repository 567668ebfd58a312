from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from hoursopt.importers.coded import Coded
from hoursopt.importers.numbers import bare, decimal_evidence, read_number, read_numbers
from tests.importers.import_shop import fault, read


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1 234,50", 1234.5),
        ("1\u00a0234,50", 1234.5),
        ("1\u202f234,50 €", 1234.5),
        ("1.234,50", 1234.5),
        ("EUR 3,5", 3.5),
        ("5,00 kr.", 5.0),
        ("12,- kr", 12.0),
        ("100:-", 100.0),
        ("\u22125,00", -5.0),
        ("5,00-", -5.0),
        ("(5,00)", -5.0),
        ("-€5", -5.0),
        ("7", 7.0),
    ],
)
def test_money_is_read_as_tills_write_it(cell: str, value: float) -> None:
    assert read_number(cell, ",") == value


@pytest.mark.parametrize("cell", ["", "-", "abc", "1,2,3", "1.2.2025", "1e5", "--5", "12abc", "٣"])
def test_what_is_no_number_is_nan(cell: str) -> None:
    assert np.isnan(read_number(cell, ","))


def test_a_sign_is_proved_by_numbers_that_only_it_allows() -> None:
    def sign(*cells: str) -> str | None:
        return decimal_evidence(cells).sign

    assert sign("1.234", "10,50") == ","
    assert sign("1,234", "10.5") == "."
    assert sign("1.234.567") == ","
    assert sign("0.500") == "."
    assert sign("1'234.50") == "."
    assert sign("1.234", "5") is None and decimal_evidence(["1.234"]).open == "1.234"
    assert decimal_evidence(["1,5", "1.5"]).mixed
    assert sign("1.6.2025", "1,50") == ","


@settings(max_examples=60, deadline=None)
@given(
    st.decimals(min_value=-999999, max_value=999999, places=2),
    st.sampled_from(["fi", "sv_FI", "en_GB", "de", "fr", "de_CH", "da"]),
)
def test_numbers_of_babels_locales_come_back(value: Decimal, locale: str) -> None:
    cell = format_decimal(value, format="#,##0.00", locale=locale)
    found = decimal_evidence([cell])
    assert found.sign is not None
    assert (
        read_numbers(Coded(np.zeros(2, np.int32), [cell]), found.sign).tolist()
        == [float(value)] * 2
    )


@given(st.text(max_size=12))
def test_any_cell_is_a_number_or_none(cell: str) -> None:
    value = read_number(cell, ",")
    assert np.isnan(value) or (bare(cell) is not None and abs(value) <= 1e12)


def test_a_decimal_sign_that_nothing_proves_is_asked(tmp_path: Path) -> None:
    content = "Time;Total\n2025-06-01 10:00;1.234\n2025-06-02 10:00;2.500\n"
    error = fault(tmp_path, content)
    assert error.key == "import.decimal"
    assert (error.values["first"], error.values["second"]) == ("1234", "1.234")
    assert read(tmp_path, content, decimal=",").receipts[0].sum == "3734.00"
    assert read(tmp_path, content, decimal=".").receipts[0].sum == "3.73"


def test_two_decimal_signs_in_a_column_are_an_error_with_both_rows(tmp_path: Path) -> None:
    content = "Time;Total\n2025-06-01 10:00;1,50\n2025-06-02 10:00;2.50\n"
    error = fault(tmp_path, content)
    assert error.key == "import.mixed_decimals"
    assert (error.values["row"], error.values["other_row"]) == (2, 3)
