"""The lines of one file while they are judged: each ends with exactly one fate."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hoursopt.errors import DataError
from hoursopt.importers.coded import Coded, Flags
from hoursopt.importers.columns import Profile
from hoursopt.importers.moments import Moments
from hoursopt.importers.receipt import ImportReceipt, Note, Problem
from hoursopt.importers.text import TextTable
from hoursopt.shop import SourceOptions

SHOWN_PROBLEMS = 20
TOLD_PROBLEMS = 5
SHOWN_CELL = 80


class Fate(IntEnum):
    """What became of a line."""

    USED = 0
    REFUND = 1
    CANCELLED = 2
    DUPLICATE = 3
    IGNORED = 4
    FAILED = 5


@dataclass(frozen=True)
class Rows:
    """The data rows of a table: the texts of the columns in use, by role, and their fates.

    lines: (rows,) lines of the file, 1 the first. `fate` (rows,) is written by the judges below
    and by the readers; a row that has one keeps it.
    """

    table: TextTable
    source: str
    options: SourceOptions
    profile: Profile
    columns: Mapping[str, int]
    cells: dict[str, Coded]
    lines: NDArray[np.int64]
    fate: NDArray[np.int8]
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def alive(self) -> Flags:
        """(rows,) rows that nothing speaks against."""
        return np.asarray(self.fate == Fate.USED)

    def has(self, role: str) -> bool:
        """Whether the file has a column for a role."""
        return role in self.columns

    def name(self, role: str) -> str:
        """The header of a role's column."""
        return self.table.header[self.columns[role]]

    def note(self, key: str, **values: object) -> None:
        """Tell something of the whole file."""
        self.notes.append(Note(key, values))

    def judge(self, where: Flags, fate: Fate) -> Flags:
        """Give rows without one a fate; those that got it."""
        hit = where & self.alive
        self.fate[hit] = fate
        return hit

    def fail(self, where: Flags, role: str, key: str, *, shown: bool = True) -> None:
        """Rows whose cell of a role cannot be read; not shown where it may be any other cell."""
        self.point(self.judge(where, Fate.FAILED), role, key, shown=shown)

    def point(self, where: Flags, role: str, key: str, *, shown: bool = True) -> None:
        """List cells as problems, the first few in full."""
        room = SHOWN_PROBLEMS - len(self.problems)
        for position in np.flatnonzero(where)[: max(room, 0)]:
            found = self.problem(position, role, key)
            self.problems.append(found if shown else dataclasses.replace(found, cell=""))

    def problem(self, position: int, role: str, key: str) -> Problem:
        """The problem of one cell."""
        cell = self.cells[role].text(position)[:SHOWN_CELL]
        return Problem(int(self.lines[position]), self.name(role), cell, key)

    def error(self, key: str, position: int, role: str, **values: object) -> DataError:
        """A DataError that names file, row, column and cell."""
        found = self.problem(position, role, "")
        where = {"row": found.row, "column": found.column, "cell": found.cell}
        told: dict[str, Any] = {"file": self.table.named, "source": self.source, **where, **values}
        return DataError(key, **told)

    def position(self, role: str, cell: str) -> int:
        """The first row with this cell in a role's column."""
        return int(self.cells[role].among({cell}).argmax())


def fail_mostly(rows: Rows) -> None:
    """DataError `import.mostly_failed` when more than half of a file's rows could not be read."""
    failed = int((rows.fate == Fate.FAILED).sum())
    if failed and 2 * failed > len(rows.fate) - int((rows.fate == Fate.IGNORED).sum()):
        shown = rows.problems[:TOLD_PROBLEMS]
        causes = [
            DataError("import.row", row=found.row, column=found.column, cell=found.cell)
            for found in shown
        ]
        if failed > len(shown):
            causes.append(DataError("import.more_rows", count=failed - len(shown)))
        raise DataError(
            "import.mostly_failed",
            causes=causes,
            file=rows.table.named,
            source=rows.source,
            failed=failed,
            rows=len(rows.fate),
            row=shown[0].row,
            column=shown[0].column,
            cell=shown[0].cell,
        )


def close_rows(
    rows: Rows, profile: str, times: Moments, *, receipts: int = 0, total: str | None = None
) -> ImportReceipt:
    """The receipt of a file whose rows all have their fate; `times` (rows,) are their moments."""
    tally = np.bincount(rows.fate, minlength=len(Fate))
    used = times[rows.alive & ~np.isnat(times)]
    first, last = (used.min(), used.max()) if len(used) else (None, None)
    return ImportReceipt(
        source=rows.source,
        file=rows.table.named,
        sha256=rows.table.sha256,
        profile=profile,
        rows=len(rows.fate),
        used=int(tally[Fate.USED]),
        refunds=int(tally[Fate.REFUND]),
        cancelled=int(tally[Fate.CANCELLED]),
        duplicates=int(tally[Fate.DUPLICATE]),
        ignored=int(tally[Fate.IGNORED]),
        failed=int(tally[Fate.FAILED]),
        receipts=receipts,
        first_day=None if first is None else pd.Timestamp(first).date(),
        last_day=None if last is None else pd.Timestamp(last).date(),
        sum=total,
        problems=tuple(rows.problems),
        notes=tuple(rows.notes),
        columns=tuple(dict.fromkeys(map(rows.name, rows.cells))),
    )
