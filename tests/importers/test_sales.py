from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from hoursopt.importers import Imported, read_sources
from tests.importers.import_shop import fault, read, shop_of, told


def amounts(imported: Imported, source: str = "receipts") -> list[float]:
    return imported.tables[source]["amount"].tolist()


def keys(imported: Imported, file: int = 0) -> set[str]:
    return {note.key for note in imported.receipts[file].notes}


def test_lines_of_a_receipt_become_one_customer_at_its_first_line(tmp_path: Path) -> None:
    content = (
        "Kuittinro;Pvm;Klo;Tuote;Summa\n"
        "1;1.6.2025;10.38;pulla;2,50\n1;1.6.2025;10.37;kahvi;3,00\n2;2.6.2025;9.05;kahvi;3,00\n"
    )
    imported = read(tmp_path, content)
    table, receipt = imported.tables["receipts"], imported.receipts[0]
    assert [str(time) for time in table["time"]] == ["2025-06-01 10:37:00", "2025-06-02 09:05:00"]
    assert table["amount"].tolist() == [5.5, 3.0]
    assert (receipt.profile, receipt.receipts, receipt.sum) == ("generic_lines", 2, "8.50")
    assert told(receipt) == (3, 0, 0, 0, 0, 0)


def test_quantity_times_unit_price_stands_in_for_a_missing_amount(tmp_path: Path) -> None:
    content = (
        "order_id,created_at,lineitem quantity,lineitem price\n"
        "1,2025-06-01 10:00,2,4.50\n1,2025-06-01 10:00,1,1.25\n2,2025-06-02 10:00,3,1.00\n"
    )
    assert amounts(read(tmp_path, content)) == [10.25, 3.0]
    thousandths = content.replace(",2,", ",2.000,").replace(",1,1.", ",1.000,1.")
    assert amounts(read(tmp_path, thousandths)) == [10.25, 3.0]


def test_an_order_that_names_its_time_and_total_on_the_first_line_only_is_one_order(
    tmp_path: Path,
) -> None:
    content = (
        "Order number,Created at,Cancelled at,Total\n"
        "#1,2025-06-01 10:00:00 +0300,,20.00\n#1,,,\n"
        "#2,2025-06-02 10:00:00 +0300,2025-06-02 12:00:00 +0300,9.00\n#2,,,\n"
        "#3,2025-06-03 10:00:00 +0300,,7.00\n"
    )
    imported = read(tmp_path, content)
    assert amounts(imported) == [20.0, 7.0]
    assert told(imported.receipts[0]) == (3, 0, 2, 0, 0, 0)


def test_numbers_that_start_anew_every_day_are_different_receipts(tmp_path: Path) -> None:
    lines = [
        f"{number};{day}.6.2025 {hour}.00;5,00"
        for day in (1, 2)
        for number, hour in ((1, 9), (2, 15))
    ]
    imported = read(tmp_path, "Kuitti;Aika;Summa\n" + "\n".join(lines))
    assert imported.receipts[0].receipts == 4
    assert imported.receipts[0].profile == "generic_sales"


def test_the_same_number_at_two_tills_is_two_receipts(tmp_path: Path) -> None:
    content = (
        "Kuitti;Kassa;Aika;Summa\n1;A;1.6.2025 9.00;5,00\n1;B;1.6.2025 9.00;5,00\n"
        "2;A;2.6.2025 9.00;5,00\n"
    )
    assert read(tmp_path, content).receipts[0].receipts == 3


def test_a_total_repeated_on_every_line_counts_once(tmp_path: Path) -> None:
    lines = [
        f"{number};2025-06-{1 + number % 20:02d} 10:{number:02d};{product};{10 + number}.00"
        for number in range(30)
        for product in ("bun", "tea")
    ]
    imported = read(tmp_path, "Order number;Order date;Product;Total\n" + "\n".join(lines))
    assert sorted(amounts(imported)) == [10.0 + number for number in range(30)]
    assert "import.repeated_total" in keys(imported)


def test_a_refund_is_no_customer_and_its_money_is_only_in_the_control_sum(tmp_path: Path) -> None:
    content = (
        "Receipt number,Date,Receipt type,Total\n"
        "1,2025-06-01 10:00,Sale,20.00\n2,2025-06-02 10:00,Refund,5.00\n"
        "3,2025-06-02 11:00,Sale,-2.00\n4,2025-06-03 10:00,Sale,8.00\n"
    )
    imported = read(tmp_path, content)
    assert amounts(imported) == [20.0, 8.0]
    assert told(imported.receipts[0]) == (2, 2, 0, 0, 0, 0)
    assert imported.receipts[0].sum == "21.00"


def test_a_sale_marked_as_refunded_comes_to_nothing(tmp_path: Path) -> None:
    content = (
        "Order,Date,Status,Total\n1,2025-06-01 10:00,completed,20.00\n"
        "2,2025-06-02 10:00,refunded,5.00\n3,2025-06-03 10:00,completed,1.00\n"
    )
    receipt = read(tmp_path, content).receipts[0]
    assert told(receipt) == (2, 1, 0, 0, 0, 0)
    assert receipt.sum == "21.00"


def test_a_negative_line_within_a_receipt_is_a_discount(tmp_path: Path) -> None:
    content = (
        "Receipt,Date,Item,Amount\n1,2025-06-01 10:00,bun,5.00\n1,2025-06-01 10:00,coupon,-1.00\n"
        "2,2025-06-02 10:00,bottle,-0.40\n3,2025-06-03 10:00,bun,5.00\n"
    )
    imported = read(tmp_path, content)
    assert amounts(imported) == [4.0, 5.0]
    assert told(imported.receipts[0]) == (3, 1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "word", ["Cancelled", "VOIDED", "mitätöity", "Peruttu", "makulerad", "Storno"]
)
def test_cancelled_receipts_are_left_out_in_four_languages(tmp_path: Path, word: str) -> None:
    content = f"Aika;Tila;Summa\n1.6.2025 9.00;ok;5\n1.6.2025 9.30;{word};7\n2.6.2025 9.00;ok;5\n"
    imported = read(tmp_path, content)
    assert told(imported.receipts[0]) == (2, 0, 1, 0, 0, 0)
    assert imported.receipts[0].sum == "10.00"


def test_a_cancel_column_of_noughts_and_ones_is_understood(tmp_path: Path) -> None:
    content = "time,cancel,total\n2025-06-01 9:00,0,5\n2025-06-01 9:30,1,7\n2025-06-02 9:00,0,5\n"
    assert told(read(tmp_path, content).receipts[0]) == (2, 0, 1, 0, 0, 0)


def test_a_receipt_of_zero_is_no_purchase_and_told(tmp_path: Path) -> None:
    content = "Time;Total\n2025-06-01 9:00;5.00\n2025-06-01 9:30;0.00\n2025-06-02 9:00;5.00\n"
    imported = read(tmp_path, content)
    assert told(imported.receipts[0]) == (2, 0, 0, 0, 1, 0)
    assert "import.zeros" in keys(imported)


def test_a_column_of_zeros_or_blanks_tells_no_amounts(tmp_path: Path) -> None:
    for cell in ("0,00", ""):
        content = f"Aika;Summa\n1.6.2025 9.00;{cell}\n2.6.2025 9.00;{cell}\n"
        imported = read(tmp_path, content)
        assert imported.tables["receipts"]["amount"].isna().all()
        assert imported.receipts[0].sum is None
        assert "import.no_amount" in keys(imported)


def test_overlapping_exports_count_a_receipt_once_and_say_so(tmp_path: Path) -> None:
    head = "Kuitti;Aika;Summa\n"
    rows = [f"{day};{day}.6.2025 9.00;5,00\n" for day in range(1, 11)]
    imported = read(tmp_path, head + "".join(rows[:7]), head + "".join(rows[3:]))
    assert imported.tables["receipts"]["time"].dt.day.tolist() == list(range(1, 11))
    assert told(imported.receipts[1]) == (3, 0, 0, 4, 0, 0)
    warnings = {warning.key: warning.values for warning in imported.warnings}
    assert warnings["check.duplicates"] == {"file": "file1.csv", "count": 4}
    assert "check.overlap" not in warnings


def test_overlapping_exports_of_lines_count_each_line_once(tmp_path: Path) -> None:
    head = "Kuitti;Aika;Tuote;Summa\n"
    rows = [f"{day};{day}.6.2025 9.00;{product};3,00\n" for day in range(1, 9) for product in "aab"]
    imported = read(tmp_path, head + "".join(rows[:15]), head + "".join(rows[9:]))
    assert amounts(imported) == [9.0] * 8
    assert imported.receipts[1].duplicates == 6


def test_without_numbers_rows_that_agree_in_the_shared_time_are_duplicates(tmp_path: Path) -> None:
    head = "Time,Total\n"
    rows = [f"2025-06-{day:02d} 9:00,5.00\n" * 2 for day in range(1, 11)]
    imported = read(tmp_path, head + "".join(rows[:7]), head + "".join(rows[3:]))
    assert len(imported.tables["receipts"]) == 20
    assert imported.receipts[1].duplicates == 8


def test_two_tills_that_sell_alike_in_the_same_minute_are_both_counted(tmp_path: Path) -> None:
    head = "Time,Total\n"
    first = [f"2025-06-{day:02d} 9:{day:02d},5.00\n" for day in range(1, 21)]
    second = [f"2025-06-{day:02d} 9:{day if day < 4 else 40:02d},5.00\n" for day in range(1, 21)]
    imported = read(tmp_path, head + "".join(first), head + "".join(second))
    assert len(imported.tables["receipts"]) == 40
    assert "check.overlap" in {warning.key for warning in imported.warnings}


def test_the_same_file_given_twice_counts_once(tmp_path: Path) -> None:
    content = "Time,Total\n2025-06-01 9:00,5.00\n2025-06-02 9:00,5.00\n"
    imported = read(tmp_path, content, content)
    assert len(imported.tables["receipts"]) == 2
    assert told(imported.receipts[1]) == (0, 0, 0, 2, 0, 0)
    assert imported.receipts[1].file == "file1.csv"


def test_receipts_of_a_single_day_cannot_be_fitted_but_daily_files_can(tmp_path: Path) -> None:
    day = "Time,Total\n2025-06-{:02d} 9:00,5.00\n2025-06-{:02d} 15:00,5.00\n"
    error = fault(tmp_path, day.format(1, 1))
    assert error.key == "import.one_day"
    assert len(read(tmp_path, day.format(1, 1), day.format(2, 2)).tables["receipts"]) == 4
    assert len(read(tmp_path, day.format(1, 1), source="orders").tables["orders"]) == 2


def test_some_unreadable_rows_are_told_and_many_are_an_error(tmp_path: Path) -> None:
    good = [f"2025-06-{day:02d} 9:00,5.00" for day in range(1, 5)]
    bad = ["2025-06-31 9:00,5.00", "2025-06-05 25:10,5.00", "2025-06-06 9:00,abc"]
    receipt = read(tmp_path, "Time,Total\n" + "\n".join(good + bad)).receipts[0]
    assert told(receipt) == (4, 0, 0, 0, 0, 3)
    assert {(p.row, p.column, p.cell, p.key) for p in receipt.problems} == {
        (6, "Time", "2025-06-31 9:00", "import.not_a_date"),
        (7, "Time", "2025-06-05 25:10", "import.not_a_time"),
        (8, "Total", "abc", "import.not_a_number"),
    }
    error = fault(tmp_path, "Time,Total\n" + "\n".join(good[:2] + bad))
    assert error.key == "import.mostly_failed"
    assert (error.values["failed"], error.values["rows"]) == (3, 5)


def test_a_file_without_any_sale_left_is_an_error(tmp_path: Path) -> None:
    content = "Time,Status,Total\n2025-06-01 9:00,void,5.00\n2025-06-02 9:00,void,5.00\n"
    assert fault(tmp_path, content).key == "import.nothing"


def test_columns_that_the_owner_names_are_taken_and_wrong_names_are_told(tmp_path: Path) -> None:
    content = "Leima;Euroja;Summa\n1.6.2025 9.00;5;1\n2.6.2025 9.00;6;1\n"
    imported = read(tmp_path, content, columns={"time": "Leima", "amount": "Euroja"})
    assert amounts(imported) == [5.0, 6.0]
    error = fault(tmp_path, content, columns={"time": "Leimat"})
    assert error.key in ("import.column_missing", "import.no_header")
    error = fault(tmp_path, content, columns={"tyme": "Leima"})
    assert error.key == "import.role" and "time" in str(error.values["known"])


def test_names_phones_and_cards_are_never_read(tmp_path: Path) -> None:
    content = (
        "Aika;Summa;Asiakas;Sähköposti;Puhelin\n1.6.2025 9.00;5;Maija;m@example.org;040 123\n"
        "2.6.2025 9.00;x;Matti;m2@example.org;040 124\n3.6.2025 9.00;6;Liisa;;\n"
    )
    imported = read(tmp_path, content)
    said = (
        repr(imported.receipts) + repr(imported.warnings) + imported.tables["receipts"].to_string()
    )
    assert not any(secret in said for secret in ("Maija", "Matti", "example.org", "040"))
    assert list(imported.tables["receipts"].columns) == ["time", "amount"]


def test_a_source_without_files_has_no_table(tmp_path: Path) -> None:
    imported = read_sources(shop_of(tmp_path))
    assert dict(imported.tables) == {} and imported.receipts == ()


def test_the_tables_have_the_types_that_the_next_room_expects(tmp_path: Path) -> None:
    table = read(tmp_path, "Time\n2025-06-02 9:00\n2025-06-01 9:00\n").tables["receipts"]
    assert pd.api.types.is_datetime64_dtype(table["time"])
    assert table["time"].is_monotonic_increasing
    assert table["amount"].dtype == float


def test_files_that_meet_in_one_minute_do_not_overlap(tmp_path: Path) -> None:
    first = "Time,Total\n2025-06-01 9:00,5.00\n2025-06-02 9:00,5.00\n"
    second = "Time,Total\n2025-06-02 9:00,5.00\n2025-06-03 9:00,5.00\n"
    assert len(read(tmp_path, first, second).tables["receipts"]) == 4


def test_a_receipt_whose_lines_are_cut_between_two_files_stays_whole(tmp_path: Path) -> None:
    head = "Kuitti;Aika;Tuote;Summa\n"
    first = head + "1;1.6.2025 9.00;a;1,00\n2;2.6.2025 9.00;kahvi;3,00\n"
    second = head + "2;2.6.2025 9.00;kahvi;3,00\n2;2.6.2025 9.00;pulla;2,00\n"
    imported = read(tmp_path, first, second)
    assert amounts(imported) == [1.0, 8.0]
    assert [receipt.receipts for receipt in imported.receipts] == [2, 0]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (
            "Tositepvm\tKlo\tTositenro\tSumma",
            ["20250601\t1037\t1\t10,50", "20250602\t0905\t2\t2,00"],
        ),
        (
            "Kvittodatum;Tid;Kvittonr;Belopp inkl. moms",
            ["2025-06-01;10.37;1;10,50", "2025-06-02;9.05;2;2,00"],
        ),
        ("Bondatum;Uhrzeit;Bon-Nr.;Brutto", ["01.06.25;10:37;1;10,50", "02.06.25;09:05;2;2,00"]),
        (
            "Sale Date,Sale Time,Ticket #,Net Total",
            ["2025-06-01,10:37 AM,1,$10.50", "2025-06-02,9:05 AM,2,$2.00"],
        ),
        (
            "Date,Receipt,Line Type,Customer Name,Total,Register,Status",
            [
                "2025-06-01 10:37:00,1,Sale,Ada,10.50,Main,CLOSED",
                "2025-06-02 09:05:00,2,Sale,,2,Main,CLOSED",
            ],
        ),
    ],
)
def test_tills_of_four_languages_are_read_by_their_words(
    tmp_path: Path, header: str, rows: list[str]
) -> None:
    imported = read(tmp_path, "\n".join([header, *rows]))
    table, receipt = imported.tables["receipts"], imported.receipts[0]
    assert [str(time) for time in table["time"]] == ["2025-06-01 10:37:00", "2025-06-02 09:05:00"]
    assert (receipt.receipts, receipt.sum) == (2, "12.50")
    assert "import.no_id" not in {note.key for note in receipt.notes}
