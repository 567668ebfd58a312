"""What must be asked of a file's owner: from the fault that stopped the reading to a question.

An answer is an option of `[sources.options...]`, under the same key as by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hoursopt.errors import DataError, HoursoptError

Asked = Literal["date_order", "decimal", "encoding", "columns"]

ORDERS = ("dmy", "mdy", "ymd")
ENCODINGS = ("utf-8", "cp1252", "iso8859-15", "utf-16", "cp850", "mac-roman")

_ASKED: dict[str, Asked] = {
    "import.date_order": "date_order",
    "import.mixed_dates": "date_order",
    "import.mixed_dates_workbook": "date_order",
    "import.decimal": "decimal",
    "import.mixed_decimals": "decimal",
    "import.encoding": "encoding",
    "import.binary": "encoding",  # UTF-16 that does not say so is full of zeros
    "import.no_time": "columns",
    "import.no_clock": "columns",
    "import.no_date": "columns",
    "import.unreadable_times": "columns",
    "import.no_count": "columns",
    "import.negative_count": "columns",
    "import.huge_count": "columns",
    "import.no_shift": "columns",
    "import.column_missing": "columns",
    "import.mostly_failed": "columns",
}


@dataclass(frozen=True)
class Question:
    """What is asked. choices: the possible values, each with what it would make of `cell`."""

    asked: Asked
    cell: str = ""
    choices: tuple[tuple[str, object], ...] = ()


def question_of(fault: HoursoptError) -> Question | None:
    """The first question that would get past a fault; None where only another file helps."""
    if fault.causes and fault.key == "import.several":
        return next(filter(None, map(question_of, fault.causes)), None)
    asked = _ASKED.get(fault.key) if isinstance(fault, DataError) else None
    if asked is None:
        return None
    cell = str(fault.values.get("cell", ""))
    first, second = fault.values.get("first"), fault.values.get("second")
    if asked == "date_order":
        both = (("dmy", first), ("mdy", second))
        return Question(asked, cell, both if first else tuple((order, None) for order in ORDERS))
    if asked == "decimal":
        return Question(asked, cell, ((",", first), (".", second)))
    if asked == "encoding":
        return Question(asked, cell, tuple((name, None) for name in ENCODINGS))
    return Question(asked, cell)
