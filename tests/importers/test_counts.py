from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from hoursopt.importers import Imported
from tests.importers.import_shop import fault, read, told


def counts(imported: Imported) -> list[tuple[str, int, float, str]]:
    table = imported.tables["footfall"]
    return [
        (str(time), int(minutes), float(count), str(sensor))
        for time, minutes, count, sensor in zip(
            table["time"], table["minutes"], table["count"], table["sensor"], strict=True
        )
    ]


def test_the_long_form_has_a_row_per_time_and_sensor(tmp_path: Path) -> None:
    content = (
        "Date_Time,Sensor_ID,Hourly_Counts\n2025-06-01 10:00,A,12\n2025-06-01 10:00,B,3\n"
        '2025-06-01 11:00,A,"1,015"\n2025-06-01 11:00,B,0\n'
    )
    imported = read(tmp_path, content, source="footfall")
    assert counts(imported) == [
        ("2025-06-01 10:00:00", 60, 12.0, "A"),
        ("2025-06-01 10:00:00", 60, 3.0, "B"),
        ("2025-06-01 11:00:00", 60, 1015.0, "A"),
        ("2025-06-01 11:00:00", 60, 0.0, "B"),
    ]
    assert imported.receipts[0].profile == "generic_counts"
    assert imported.receipts[0].sum == "1030"


def test_the_wide_form_has_a_column_per_sensor_and_blanks_are_missing_not_zero(
    tmp_path: Path,
) -> None:
    content = (
        "Aika;Etuovi;Takaovi\n1.6.2025 10.00;5;\n1.6.2025 10.15;;\n1.6.2025 10.30;0;2\n"
        "1.6.2025 10.45;1;x\n"
    )
    imported = read(tmp_path, content, source="footfall")
    assert counts(imported) == [
        ("2025-06-01 10:00:00", 15, 5.0, "Etuovi"),
        ("2025-06-01 10:30:00", 15, 0.0, "Etuovi"),
        ("2025-06-01 10:30:00", 15, 2.0, "Takaovi"),
        ("2025-06-01 10:45:00", 15, 1.0, "Etuovi"),
    ]
    assert told(imported.receipts[0]) == (3, 0, 0, 0, 1, 0)
    assert [(p.row, p.column, p.cell) for p in imported.receipts[0].problems] == [
        (5, "Takaovi", "x")
    ]


def test_of_in_and_out_those_who_come_in_count(tmp_path: Path) -> None:
    content = "ts_local,person.in,person.out\n2025-06-01 10:00,5,4\n2025-06-01 10:30,7,1\n"
    imported = read(tmp_path, content, source="footfall")
    assert [row[1:] for row in counts(imported)] == [(30, 5.0, "person.in"), (30, 7.0, "person.in")]


def test_the_hour_may_stand_as_a_range_beside_the_date(tmp_path: Path) -> None:
    content = "Datum;Klockslag;Besökare\n1.6.2025;10-11;5\n1.6.2025;11-12;7\n"
    imported = read(tmp_path, content, source="footfall")
    assert [row[:3] for row in counts(imported)] == [
        ("2025-06-01 10:00:00", 60, 5.0),
        ("2025-06-01 11:00:00", 60, 7.0),
    ]


def test_the_step_is_the_commonest_distance_though_intervals_are_missing(tmp_path: Path) -> None:
    stamps = [
        f"2025-06-01 {hour:02d}:{minute:02d},1"
        for hour in (9, 10, 14)
        for minute in (0, 15, 30, 45)
    ]
    imported = read(tmp_path, "time,count\n" + "\n".join(stamps), source="footfall")
    assert set(imported.tables["footfall"]["minutes"]) == {15}


def test_a_time_counted_twice_stands_once_with_the_larger_count(tmp_path: Path) -> None:
    first = "time,count\n2025-06-01 10:00,0\n2025-06-01 11:00,5\n2025-06-01 12:00,5\n"
    second = "time,count\n2025-06-01 10:00,7\n2025-06-01 11:00,5\n2025-06-01 13:00,2\n"
    imported = read(tmp_path, first, second, source="footfall")
    assert [row[2] for row in counts(imported)] == [7.0, 5.0, 5.0, 2.0]
    assert told(imported.receipts[0]) == (2, 0, 0, 1, 0, 0)
    assert told(imported.receipts[1]) == (2, 0, 0, 1, 0, 0)
    assert "import.two_counts" in {note.key for note in imported.receipts[0].notes}


def test_the_doubled_hour_keeps_both_counts_and_the_missing_hour_none(tmp_path: Path) -> None:
    autumn = "time,count\n" + "".join(
        f"2025-10-26 {hour}:00,{count}\n" for hour, count in ((2, 1), (3, 4), (3, 6), (4, 1))
    )
    imported = read(tmp_path, autumn, source="footfall")
    assert [row[2] for row in counts(imported)] == [1.0, 4.0, 6.0, 1.0]
    assert told(imported.receipts[0]) == (4, 0, 0, 0, 0, 0)
    spring = "time,count\n" + "".join(f"2025-03-30 {hour}:00,5\n" for hour in (1, 2, 3, 4))
    imported = read(tmp_path, spring, source="footfall")
    assert imported.tables["footfall"]["time"].dt.hour.tolist() == [1, 2, 4]
    assert told(imported.receipts[0]) == (3, 0, 0, 0, 1, 0)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("time,count\n2025-06-01 10:00,5\n2025-06-01 11:00,-1\n", "import.negative_count"),
        ("time,count\n2025-06-01 10:00,5\n2025-06-01 11:00,99999999\n", "import.huge_count"),
        ("time,count\n2025-06-01 10:00,5\n", "import.step"),
        ("time,count\n2025-06-01 10:00:00,5\n2025-06-01 10:00:30,5\n", "import.step"),
        ("time,count\n2025-06-01 10:00,5\n2025-06-02 10:00,5\n", "import.coarse_counts"),
        ("date,count\n2025-06-01,5\n2025-06-02,5\n", "import.no_clock"),
        ("time,weather\n2025-06-01 10:00,sun\n", "import.no_count"),
        ("time,count\n2025-06-01 10:00,\n2025-06-01 11:00,\n", "import.nothing"),
        ("time,count\n2025-06-01 10:00,a\n2025-06-01 11:00,b\n", "import.mostly_failed"),
    ],
)
def test_counts_that_cannot_be_are_told_with_their_place(
    tmp_path: Path, content: str, key: str
) -> None:
    error = fault(tmp_path, content, source="footfall")
    assert error.key == key
    if key in ("import.negative_count", "import.huge_count"):
        assert (error.values["row"], error.values["column"]) == (3, "count")


def test_the_table_has_the_types_that_the_next_room_expects(tmp_path: Path) -> None:
    content = "time,count\n2025-06-01 10:00,5\n2025-06-01 11:00,5\n"
    table = read(tmp_path, content, source="street").tables["street"]
    assert list(table.columns) == ["time", "minutes", "count", "sensor"]
    assert pd.api.types.is_datetime64_dtype(table["time"])
    assert pd.api.types.is_integer_dtype(table["minutes"])
    assert table["count"].dtype == float


def test_a_column_of_words_beside_the_counters_is_none_of_them(tmp_path: Path) -> None:
    content = "time,North door,Remark\n2025-06-01 10:00,5,rain\n2025-06-01 11:00,6,\n"
    imported = read(tmp_path, content, source="footfall")
    assert {row[3] for row in counts(imported)} == {"North door"}
    assert imported.receipts[0].problems == ()
    words = "time,Remark\n2025-06-01 10:00,rain\n2025-06-01 11:00,sun\n"
    assert fault(tmp_path, words, source="footfall").key == "import.no_count"
