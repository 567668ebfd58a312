from __future__ import annotations

from pathlib import Path

import pytest

from hoursopt.importers import Imported
from tests.importers.import_shop import fault, read, told


def shifts(imported: Imported) -> list[tuple[str, str, int]]:
    table = imported.tables["rota"]
    return [
        (str(start), str(end), int(people))
        for start, end, people in zip(table["start"], table["end"], table["people"], strict=True)
    ]


@pytest.mark.parametrize(
    "content",
    [
        "from,to,people\n2025-06-01 9:00,2025-06-01 17:00,2\n2025-06-13 22:00,2025-06-14 2:00,1\n",
        "Pvm;Alkaa;Päättyy;Henkilöitä\n1.6.2025;9.00;17.00;2\n13.6.2025;22.00;2.00;1\n",
        "Datum;Från;Till;Antal\n2025-06-01;9;17;2\n2025-06-13;22;2;1\n",
        "from,to,people\n6/1/25 9:00 AM,6/1/25 5:00 PM,2\n6/13/25 10:00 PM,6/14/25 2:00 AM,1\n",
    ],
)
def test_shifts_are_read_with_moments_or_with_a_date_and_clocks(
    tmp_path: Path, content: str
) -> None:
    imported = read(tmp_path, content, source="rota")
    assert shifts(imported) == [
        ("2025-06-01 09:00:00", "2025-06-01 17:00:00", 2),
        ("2025-06-13 22:00:00", "2025-06-14 02:00:00", 1),
    ]
    assert imported.receipts[0].profile == "rota"


def test_a_row_without_people_is_one_persons_shift(tmp_path: Path) -> None:
    content = "Employee,Date,Start,End\nMaija,2025-06-01,9:00,17:00\nMatti,2025-06-01,9:00,17:00\n"
    imported = read(tmp_path, content, source="rota")
    assert [shift[2] for shift in shifts(imported)] == [1, 1]
    assert "Maija" not in repr(imported)


def test_shifts_that_cannot_be_fail_and_are_told(tmp_path: Path) -> None:
    content = (
        "from,to,people\n2025-06-01 09:00,2025-06-01 17:00,2\n2025-06-02 09:00,2025-06-02 08:00,1\n"
        "2025-06-03 09:00,2025-06-03 17:00,1.5\n2025-06-04 09:00,2025-06-04 17:00,1\n"
        "2025-06-05 09:00,2025-06-05 17:00,1\n"
    )
    receipt = read(tmp_path, content, source="rota").receipts[0]
    assert told(receipt) == (3, 0, 0, 0, 0, 2)
    assert {(p.row, p.key) for p in receipt.problems} == {
        (3, "import.not_a_shift"),
        (4, "import.not_people"),
    }


def test_overlapping_rotas_count_a_shift_once(tmp_path: Path) -> None:
    rows = [f"2025-06-{day:02d} 09:00,2025-06-{day:02d} 17:00,2\n" for day in range(1, 11)]
    head = "from,to,people\n"
    imported = read(tmp_path, head + "".join(rows[:7]), head + "".join(rows[3:]), source="rota")
    assert len(shifts(imported)) == 10
    assert told(imported.receipts[1]) == (3, 0, 0, 4, 0, 0)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("date,people\n2025-06-01,2\n", "import.no_shift"),
        ("from,to,people\n9:00,17:00,2\n", "import.no_date"),
        ("from,to,people\nx,y,2\n", "import.no_date"),
    ],
)
def test_a_rota_without_shifts_says_what_it_needs(tmp_path: Path, content: str, key: str) -> None:
    assert fault(tmp_path, content, source="rota").key == key
