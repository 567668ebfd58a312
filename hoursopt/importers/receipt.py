"""What an import tells: per file where every row went, control sums, problems, notes, warnings.

No sentences here: problems, notes and warnings carry keys, `check_json` says them in a language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from hoursopt.i18n import Texts


@dataclass(frozen=True)
class Problem:
    """A cell that could not be read; `row` is the line of the file (1 the first)."""

    row: int
    column: str
    cell: str
    key: str


@dataclass(frozen=True)
class Note:
    """Something decided or left out while a file was read: `key` names the text."""

    key: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Warning_:  # noqa: N801
    """Something in the rows that looks wrong: `key` names the text."""

    key: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class ImportReceipt:
    """Where the rows of a file went; each row has one fate.

    rows = used + refunds + cancelled + duplicates + ignored + failed: lines below the header that
    are not blank. receipts: customers or orders that began in this file, 0 for counts and rota.
    sum: money of the used rows less refunds, or people counted; None where the file tells neither.
    problems: the first few in full, `failed` is how many. columns: the headers of the columns read.
    """

    source: str
    file: str
    sha256: str
    profile: str
    rows: int
    used: int
    refunds: int
    cancelled: int
    duplicates: int
    ignored: int
    failed: int
    receipts: int
    first_day: dt.date | None
    last_day: dt.date | None
    sum: str | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A source, read: its table and the receipt of each file, in the order given."""

    table: pd.DataFrame
    receipts: tuple[ImportReceipt, ...]


@dataclass(frozen=True)
class Imported:
    """All sources of a shop, read.

    tables: "receipts", "orders": `time` (naive local clock of the shop), `amount` (as in the file,
    NaN without amounts), a row per customer, by time; "footfall", "street": `time` (start),
    `minutes`, `count`, `sensor`; "rota": `start`, `end`, `people`. No table without files.
    """

    tables: Mapping[str, pd.DataFrame]
    receipts: tuple[ImportReceipt, ...]
    warnings: tuple[Warning_, ...] = ()


FIGURES = (
    "source",
    "file",
    "sha256",
    "profile",
    "rows",
    "used",
    "refunds",
    "cancelled",
    "duplicates",
    "ignored",
    "failed",
    "receipts",
)


def check_json(imported: Imported, texts: Texts) -> dict[str, object]:
    """The machine form of `check` (DESIGN 2.5), messages in the language of `texts`."""
    return {
        "schema_version": 1,
        "files": [_file_json(receipt, texts) for receipt in imported.receipts],
        "warnings": [
            {"key": warning.key, "message": say(warning, texts)} for warning in imported.warnings
        ],
    }


def _file_json(receipt: ImportReceipt, texts: Texts) -> dict[str, object]:
    return {
        **{name: getattr(receipt, name) for name in FIGURES},
        "first_day": receipt.first_day and receipt.first_day.isoformat(),
        "last_day": receipt.last_day and receipt.last_day.isoformat(),
        "sum": receipt.sum,
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "cell": problem.cell,
                "message": texts(problem.key, cell=problem.cell, column=problem.column),
            }
            for problem in receipt.problems
        ],
        "notes": [{"key": note.key, "message": say(note, texts)} for note in receipt.notes],
    }


def say(told: Note | Warning_, texts: Texts) -> str:
    """The sentence of a note or a warning; dates and shares in the reader's form."""
    values = {name: _spoken(name, value, texts) for name, value in told.values.items()}
    return texts(told.key, **values)


def _spoken(name: str, value: object, texts: Texts) -> object:
    if name == "source":
        return texts(f"observe.source.{value}")
    if name == "columns" and isinstance(value, tuple):
        return ", ".join(f"{header} ({texts(f'roles.{role}')})" for header, role in value)
    if isinstance(value, dt.date):
        return texts.date(value)
    return texts.percent(value) if isinstance(value, float) else value
