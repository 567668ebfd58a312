"""A file's columns in use as rows: which columns tell the moment, which lines are no data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from hoursopt.errors import DataError
from hoursopt.importers.cells import read_cells
from hoursopt.importers.columns import TIME_ROLES, Profile, find_columns
from hoursopt.importers.moments import clock, cut, date_parts
from hoursopt.importers.receipt import Note
from hoursopt.importers.rows import SHOWN_CELL, Fate, Rows
from hoursopt.importers.text import TextTable
from hoursopt.shop import SourceOptions

SAMPLE = 500


def open_rows(
    table: TextTable,
    source: str,
    options: SourceOptions,
    profile: Profile,
    roles: Callable[[dict[str, tuple[int, ...]]], dict[str, int]],
) -> Rows:
    """Read the columns that `roles` picks among those found, and those that tell the moment.

    Blank cells become "", repeated header lines and total rows are ignored, rows with more cells
    than the header fail. A rota's picks hold its own moments (`from`, `to`, `date`).
    """
    found = find_columns(table, profile, options.columns)
    picked = roles(found)
    times = [column for role in TIME_ROLES for column in found.get(role, ())]
    read = read_cells(table, list(dict.fromkeys([*picked.values(), *times])))
    frame = read.frame.apply(lambda cells: _clean(cells, profile.cells["blank"]))
    notes: list[Note] = []
    time_columns: dict[str, int] = {}
    if "from" not in picked:
        time_columns = _time_columns(table, source, found, frame, options, notes)
    columns = picked | time_columns
    cells = pd.DataFrame({role: frame[column] for role, column in columns.items()})
    if read.overfull.all() and len(read.overfull):
        raise DataError(
            "import.more_cells",
            file=table.file,
            row=int(frame.index[0]),
            expected=len(table.header),
        )
    rows = Rows(table, source, options, columns, cells, np.zeros(len(cells), np.int8), notes=notes)
    named = ", ".join(
        f"{table.header[column]} ({role.partition(':')[0]})" for role, column in columns.items()
    )
    rows.note("import.columns", columns=named)
    if table.preamble:
        rows.note("import.preamble", count=table.preamble)
    if read.joined:
        rows.note("import.joined", count=read.joined)
    _ignore_headers_and_totals(rows, profile, frame)
    rows.fail(read.overfull.to_numpy(), next(iter(columns)), "import.more_cells")
    return rows


def _clean(cells: pd.Series, blanks: frozenset[str]) -> pd.Series:
    codes, values = pd.factorize(cells)
    stripped = (value.strip() for value in values)
    clean = ["" if value.casefold() in blanks else value for value in stripped]
    return pd.Series(
        np.array(clean, dtype=object)[codes] if clean else [], cells.index, dtype=object
    )


def _time_columns(
    table: TextTable,
    source: str,
    found: Mapping[str, tuple[int, ...]],
    frame: pd.DataFrame,
    options: SourceOptions,
    notes: list[Note],
) -> dict[str, int]:
    """The columns that tell the moment: one (`time`), or a `date` and a `clock`.

    What a column holds decides, its header only proposes; local time goes before UTC.
    """
    whole, dates, clocks = [], [], []
    for role in TIME_ROLES:
        for column in found.get(role, ()):
            has_date, has_clock = holds(frame[column])
            if has_date and has_clock:
                whole.append((role, column))
            elif has_date:
                dates.append(column)
            elif has_clock:
                clocks.append(column)
    named = [item for item in whole if item[0] in options.columns]
    if whole and (named or not (dates and clocks) or whole[0][0] != "utc"):
        role, column = (named or whole)[0]
        others = [table.header[other] for _, other in whole if other != column]
        if others and not named:
            notes.append(
                Note(
                    "import.several_times",
                    {"column": table.header[column], "others": ", ".join(others)},
                )
            )
        if role == "utc":
            notes.append(Note("import.utc", {"column": table.header[column]}))
        return {"utc" if role == "utc" else "time": column}
    if dates and clocks:
        return {"date": dates[0], "clock": clocks[0]}
    candidates = [column for role in TIME_ROLES for column in found.get(role, ())]
    if not candidates:
        raise DataError(
            "import.no_time", file=table.file, source=source, known=", ".join(table.header)
        )
    column = (dates or clocks or candidates)[0]
    filled = frame[column][frame[column] != ""]
    row, cell = (int(filled.index[0]), filled.iat[0]) if len(filled) else (table.header_line, "")
    key = "import.no_clock" if dates else "import.no_date" if clocks else "import.unreadable_times"
    raise DataError(
        key,
        file=table.file,
        source=source,
        row=row,
        column=table.header[column],
        cell=str(cell)[:SHOWN_CELL],
    )


def holds(cells: pd.Series) -> tuple[bool, bool]:
    """Whether most filled cells of a column hold a date, and a clock other than only midnights."""
    filled = [cell for cell in cells.unique() if cell]
    # The first ones too: a stride of 24 through hourly stamps would see nothing but midnights.
    sample = filled[:SAMPLE] + filled[SAMPLE :: max(1, len(filled) // SAMPLE)]
    halves = [cut(cell) for cell in sample]
    parts = [date_parts(date) for date, _ in halves]
    dated = sum(bool(part and part.orders) for part in parts)
    if 2 * dated >= len(sample) and sample:
        seconds = [clock(text) for _, text in halves if text]
        return True, any(read is not None and read[0] % 86400 > 0 for read in seconds)
    clocked = sum(clock(cell, alone=True) is not None for cell in sample)
    return False, bool(sample) and 2 * clocked >= len(sample)


def _ignore_headers_and_totals(rows: Rows, profile: Profile, frame: pd.DataFrame) -> None:
    """Header lines that come again, and rows without a time that begin with a total word."""
    header = [rows.table.header[int(column)] for column in frame.columns]
    rows.judge((frame == pd.Series(header, frame.columns)).all(axis=1).to_numpy(), Fate.IGNORED)
    role = next(role for role in ("time", "utc", "date", "from") if rows.has(role))
    texts = rows.cells[role]
    codes, values = pd.factorize(texts)
    dateless = [not value[:1].isdigit() and not cut(value)[0] for value in values]
    suspects = np.flatnonzero(np.array(dateless, dtype=bool)[codes] & rows.alive)
    totals = np.zeros(len(texts), dtype=bool)
    for position in suspects:
        line = rows.table.line(rows.lines[position])
        words = (cell.strip(' ":').casefold() for cell in line.split(rows.table.delimiter))
        first = next(filter(None, words), "")
        totals[position] = first in profile.cells["total"] or (
            first.split(" ")[0].rstrip(":") in profile.cells["total"]
        )
    count = int(rows.judge(totals, Fate.IGNORED).sum())
    if count:
        rows.note("import.totals", count=count)
