from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from hoursopt.importers import read_sources
from hoursopt.importers.moments import clock, cut, date_order, date_parts, doubled_hour, to_local
from hoursopt.shop import SourceOptions
from tests.importers.import_shop import fault, read, shop_of, told


def times(folder: Path, *stamps: str, header: str = "Time", **how: object) -> list[str]:
    content = f"{header}\n" + "".join(f"{stamp}\n" for stamp in stamps)
    table = read(folder, content, **how).tables["receipts"]  # type: ignore[arg-type]
    return [str(time) for time in table["time"]]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10:37", 38220),
        ("10.37", 38220),
        ("10:37:05.123", 38225),
        ("klo 9.05", 32700),
        ("1:33 PM", 48780),
        ("12:00 a.m.", 0),
        ("12:30 pm", 45000),
        ("24:00", 86400),
        ("937", 34620),
        ("143705", 52625),
        ("14", 50400),
        ("14:00-15:00", 50400),
        ("14 - 15", 50400),
    ],
)
def test_a_clock_in_its_own_column_is_read_as_people_write_it(text: str, seconds: int) -> None:
    read_clock = clock(text, alone=True)
    assert read_clock is not None and read_clock[0] == seconds


@pytest.mark.parametrize(
    "text", ["25.10", "24:01", "10:60", "13:00 PM", "0:30 PM", "", "noon", "٣"]
)
def test_what_is_no_clock_is_none(text: str) -> None:
    assert clock(text, alone=True) is None


def test_a_range_after_a_date_is_no_offset_unless_it_is_written_as_one() -> None:
    assert clock("10:00:00-03:00") == (36000.0, -10800.0)
    start, offset = clock("10:00 - 11:00") or (0, 0)
    assert start == 36000.0 and np.isnan(offset)


def test_a_date_with_points_is_day_first_and_slashes_need_a_proof() -> None:
    pointed, slashed = date_parts("1.6.2025"), date_parts("1/6/2025")
    assert pointed and pointed.orders == {"dmy"} and pointed.read("dmy") == dt.date(2025, 6, 1)
    assert slashed and slashed.orders == {"dmy", "mdy"}
    assert date_order(["1/6/2025", "2/6/2025"]).order is None
    assert date_order(["1/6/2025", "13/6/2025"]).order == "dmy"
    assert date_order(["6/1/25", "6/13/25"]).order == "mdy"
    assert date_order(["5/5/2025"]).open is None


def test_a_weekday_before_the_date_and_klo_after_it_are_no_obstacle() -> None:
    assert cut("ma 1.6.2025 klo 10.37") == ("1.6.2025", "10.37")
    assert cut("2025-06-01T10:37:05Z") == ("2025-06-01", "10:37:05Z")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2025-06-01 10:37", "2025-06-13 9:05"),
        ("1.6.2025 10.37", "13.6.2025 9.05"),
        ("01.06.25 10:37:00", "13.06.25 09:05:00"),
        ("01/06/2025 10:37", "13/06/2025 09:05"),
        ("6/1/25 10:37 AM", "6/13/25 9:05 AM"),
        ("20250601 1037", "20250613 0905"),
        ("2025/6/1 10:37", "2025/6/13 9:05"),
    ],
)
def test_one_order_is_decided_from_all_dates_of_the_column(
    tmp_path: Path, first: str, second: str
) -> None:
    assert times(tmp_path, first, second) == ["2025-06-01 10:37:00", "2025-06-13 09:05:00"]


def test_an_order_that_nothing_proves_is_asked_with_both_readings(tmp_path: Path) -> None:
    content = "Time;Total\n01/02/2025 10:00;5\n03/04/2025 11:00;6\n"
    error = fault(tmp_path, content)
    assert error.key == "import.date_order"
    assert error.values["cell"] == "01/02/2025 10:00" and error.values["row"] == 2
    assert error.values["first"] == dt.date(2025, 2, 1)
    assert error.values["second"] == dt.date(2025, 1, 2)
    assert error.values["source"] == "receipts"
    table = read(tmp_path, content, date_order="mdy").tables["receipts"]
    assert str(table["time"].iloc[0]) == "2025-01-02 10:00:00"


def test_a_file_that_leaves_the_order_open_takes_it_from_the_sources_other_files(
    tmp_path: Path,
) -> None:
    table = read(
        tmp_path, "Time;Total\n01/02/2025 10:00;5\n", "Time;Total\n28/02/2025 10:00;5\n"
    ).tables["receipts"]
    assert str(table["time"].iloc[0]) == "2025-02-01 10:00:00"


@pytest.mark.parametrize("other", ["01/13/2025 10:00", "2025-01-13 10:00"])
def test_two_orders_in_a_column_are_an_error_with_both_rows(tmp_path: Path, other: str) -> None:
    content = f"Time;Total\n13/01/2025 10:00;5\n1/1/2025 9:00;5\n{other};5\n"
    error = fault(tmp_path, content)
    assert error.key == "import.mixed_dates"
    assert (error.values["row"], error.values["other_row"]) == (2, 4)
    assert (error.values["cell"], error.values["other_cell"]) == ("13/01/2025 10:00", other)


def test_an_order_given_by_the_owner_fails_the_rows_that_do_not_fit(tmp_path: Path) -> None:
    content = "Time;Total\n13/01/2025 10:00;5\n14/01/2025 9:00;5\n01/15/2025 10:00;5\n"
    receipt = read(tmp_path, content, date_order="dmy").receipts[0]
    assert told(receipt) == (2, 0, 0, 0, 0, 1)
    assert receipt.problems[0].key == "import.not_a_date"


def test_date_and_clock_may_stand_in_two_columns(tmp_path: Path) -> None:
    assert times(tmp_path, "1.6.2025;10.37;5", "2.6.2025;9.05;6", header="Pvm;Klo;Summa") == [
        "2025-06-01 10:37:00",
        "2025-06-02 09:05:00",
    ]
    assert times(
        tmp_path, "2025-06-01 00:00:00;10:37", "2025-06-02 00:00:00;9:05", header="Date;Time"
    ) == ["2025-06-01 10:37:00", "2025-06-02 09:05:00"]


def test_a_local_column_goes_before_utc_and_that_is_told(tmp_path: Path) -> None:
    content = (
        "ts_utc,ts_local\n2025-06-01 07:00,2025-06-01 10:00\n2025-06-02 07:00,2025-06-02 10:00\n"
    )
    imported = read(tmp_path, content)
    assert imported.tables["receipts"]["time"].dt.hour.tolist() == [10, 10]
    notes = {note.key: note.values for note in imported.receipts[0].notes}
    assert notes["import.several_times"] == {"column": "ts_local", "others": "ts_utc"}


def test_utc_and_offsets_are_put_on_the_clock_of_the_shop(tmp_path: Path) -> None:
    assert times(tmp_path, "2025-06-01 07:00", "2025-12-01 07:00", header="ts_utc") == [
        "2025-06-01 10:00:00",
        "2025-12-01 09:00:00",
    ]
    assert times(
        tmp_path, "2025-06-01T07:00:00Z", "2025-06-02 10:00:00 +0200", "2025-06-03 10:00"
    ) == [
        "2025-06-01 10:00:00",
        "2025-06-02 11:00:00",
        "2025-06-03 10:00:00",
    ]
    assert times(tmp_path, "2025-06-01 10:00", "2025-06-02 10:00", timezone="Europe/Helsinki") == [
        "2025-06-01 10:00:00",
        "2025-06-02 10:00:00",
    ]


def test_a_zone_that_the_owner_names_is_converted(tmp_path: Path) -> None:
    content = "Time\n2025-06-01 10:00\n2025-06-02 10:00\n"
    (tmp_path / "file0.csv").write_text(content)

    options = {"receipts": SourceOptions(timezone="Europe/Stockholm")}
    shop = shop_of(tmp_path, options=options, receipts=("file0.csv",))
    assert read_sources(shop).tables["receipts"]["time"].dt.hour.tolist() == [11, 11]


def test_clock_changes_never_stop_the_reading(tmp_path: Path) -> None:
    # 03:00-04:00 does not exist on 30.3.2025 in Helsinki and comes twice on 26.10.2025.
    assert times(tmp_path, "30.3.2025 3.30", "26.10.2025 3.30", "27.10.2025 24.00") == [
        "2025-03-30 04:30:00",
        "2025-10-26 03:30:00",
        "2025-10-28 00:00:00",
    ]
    moments = np.array(["2025-10-26T03:30", "2025-03-30T03:30", "NaT"], dtype="datetime64[s]")
    assert doubled_hour(moments, "Europe/Helsinki").tolist() == [True, False, False]
    assert np.isnat(to_local(moments, "Europe/Helsinki", "UTC")[2])


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("Summa;Kuittinro\n5;1\n6;2\n", "import.no_time"),
        ("Päivämäärä;Summa\n1.6.2025;5\n2.6.2025;6\n", "import.no_clock"),
        ("Date;Total\n2025-06-01 00:00:00;5\n2025-06-02 00:00:00;6\n", "import.no_clock"),
        ("Klo;Summa\n10.37;5\n11.00;6\n", "import.no_date"),
        ("Aika;Summa\nkesäkuu;5\nheinäkuu;6\n", "import.unreadable_times"),
        ("Aika;Summa\n;5\n;6\n", "import.unreadable_times"),
    ],
)
def test_a_file_without_moments_says_what_it_has_instead(
    tmp_path: Path, content: str, key: str
) -> None:
    assert fault(tmp_path, content).key == key


@pytest.mark.parametrize(
    "text",
    [
        "June 1, 2025 10:37 AM",
        "Jun 1, 2025, 10:37",
        "1 June 2025 10.37",
        "1. kesäkuuta 2025 klo 10.37",
        "Sun 1 juni 2025 10:37",
        "1-Jun-2025 10:37",
        "1. Juni 2025 10:37",
        "June 01, 2025 10:37:00 AM",
    ],
)
def test_months_may_be_words_of_four_languages(tmp_path: Path, text: str) -> None:
    found = times(tmp_path, f'"{text}"', '"13 June 2025 10:37"', header="Time")
    assert found == ["2025-06-01 10:37:00", "2025-06-13 10:37:00"]


@pytest.mark.parametrize("text", ["Total 1, 2025 10:37", "1 kpl 2025 10.37", "45809 kpl", "1.5"])
def test_what_looks_a_little_like_a_date_is_none(text: str) -> None:
    assert date_parts(cut(text)[0]) is None


def test_offsets_and_utc_keep_both_hours_of_autumn_and_jump_over_springs(tmp_path: Path) -> None:
    autumn = ["2025-10-25T12:00:00Z", "2025-10-25T23:30:00Z"]
    autumn += [f"2025-10-26T0{hour}:30:00Z" for hour in (0, 1, 2)]
    found = [t[11:16] for t in times(tmp_path, *autumn)]
    assert found == ["15:00", "02:30", "03:30", "03:30", "04:30"]
    offsets = [
        "2025-10-26 03:30:00 +0300",
        "2025-10-26 03:30:00 +0200",
        "2025-10-27 09:00:00 +0200",
    ]
    assert [t[11:16] for t in times(tmp_path, *offsets)] == ["03:30", "03:30", "09:00"]
    spring = ["2025-03-30T00:30:00Z", "2025-03-30T01:30:00Z", "2025-03-31T06:00:00Z"]
    assert [t[11:16] for t in times(tmp_path, *spring)] == ["02:30", "04:30", "09:00"]
    naive = ["2025-03-30 02:30", "2025-03-30 03:30", "2025-03-31 09:00"]
    assert [t[11:16] for t in times(tmp_path, *naive)] == ["02:30", "04:30", "09:00"]


def test_counts_by_utc_keep_every_interval_of_both_clock_changes(tmp_path: Path) -> None:
    for day, hours in (("2025-10-25", 25), ("2025-03-29", 23)):
        start = np.datetime64(f"{day}T22:00") - np.timedelta64(1 if hours == 25 else 0, "h")
        stamps = [str(start + np.timedelta64(n, "h")) for n in range(hours)]
        content = "ts_utc,count\n" + "".join(f"{stamp},{n + 1}\n" for n, stamp in enumerate(stamps))
        imported = read(tmp_path, content, source="street")
        table = imported.tables["street"]
        assert len(table) == hours and set(table["time"].dt.date) == {
            dt.date.fromisoformat(day) + dt.timedelta(days=1)
        }
        assert table["count"].sum() == hours * (hours + 1) / 2
