"""A file's columns in use as rows: which columns tell the moment, which lines are no data."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from hoursopt.errors import DataError, HoursoptError, raise_all
from hoursopt.importers.cells import read_cells
from hoursopt.importers.coded import Coded
from hoursopt.importers.columns import (
    FAMILIES,
    TIME_ROLES,
    Profile,
    find_columns,
    generic,
    plain,
    recognise,
)
from hoursopt.importers.moments import clock, cut, date_parts
from hoursopt.importers.receipt import Note
from hoursopt.importers.rows import SHOWN_CELL, Fate, Rows
from hoursopt.importers.text import TextTable
from hoursopt.shop import SourceOptions

SAMPLE = 500
UNREAD = frozenset({"product"})  # that there is such a column tells that rows are items of receipts


# What is wrong with a sheet that holds another table than the one looked for.
OTHER_TABLE = frozenset(
    f"import.{key}"
    for key in (
        "no_time", "no_clock", "no_date", "unreadable_times",
        "no_count", "no_shift", "column_missing",
    )
)  # fmt: skip


def open_all(
    tables: Sequence[TextTable],
    source: str,
    options: SourceOptions,
    family: str,
    roles: Callable[[TextTable, dict[str, tuple[int, ...]]], dict[str, int]],
) -> list[Rows]:
    """The rows of all tables; sheets that hold another table are left out beside one that does not.

    Raises the DataErrors of `open_rows`.
    """
    opened: list[Rows] = []
    left: dict[str, list[str]] = {}
    others: dict[str, DataError] = {}
    faults: list[HoursoptError] = []
    for table in tables:
        names = left.setdefault(table.sha256, [])
        names += table.left_out
        try:
            opened.append(open_rows(table, source, options, family, partial(roles, table)))
        except DataError as fault:
            if table.sheet and fault.key in OTHER_TABLE:
                names.append(table.sheet)
                others.setdefault(table.sha256, fault)
            else:
                faults.append(fault)
    for digest, names in left.items():
        own = [rows for rows in opened if rows.table.sha256 == digest]
        if not own and digest in others:
            faults.append(others[digest])
        elif own and names:
            own[0].note("import.sheets_left_out", sheets=", ".join(names))
    raise_all(faults, "import.several")
    return opened


def open_rows(
    table: TextTable,
    source: str,
    options: SourceOptions,
    family: str,
    roles: Callable[[dict[str, tuple[int, ...]]], dict[str, int]],
) -> Rows:
    """Read the columns that `roles` picks among those found, and those that tell the moment.

    The columns are those of the known export whose header this is, else by the generic words.
    Blank cells become "", repeated header lines and total rows are ignored, rows with more cells
    than the header fail. A rota's picks hold its own moments (`from`, `to`, `date`).
    """
    profile = recognise(table.header, family) or generic(family)
    other = None if profile.title else recognise(table.header)
    if other and not options.columns:
        others = " / ".join(name for name, kind in FAMILIES.items() if kind == other.family)
        raise DataError(
            "import.other_export",
            file=table.named,
            export=other.title,
            others=others,
            source=source,
        )
    options = dataclasses.replace(
        options,
        decimal=options.decimal or profile.reading.get("decimal"),
        date_order=options.date_order or profile.reading.get("date_order"),
    )
    found = find_columns(table, profile, options.columns)
    picked = roles(found)
    times = [column for role in TIME_ROLES for column in found.get(role, ())]
    if not times and not {"from", "to"} & picked.keys():
        raise _no_time(table, source)
    zone = found.get("zone", ())[:1]
    wanted = [column for role, column in picked.items() if role not in UNREAD]
    read = read_cells(table, list(dict.fromkeys([*wanted, *times, *zone])))
    if read.overfull.all() and len(read.overfull):
        row = int(read.lines[0])
        raise DataError("import.more_cells", file=table.named, row=row, expected=len(table.header))
    cells = {
        position: clean(column, profile.cells["blank"]) for position, column in read.columns.items()
    }
    notes: list[Note] = []
    columns = picked | dict(zip(("zone",), zone, strict=False))
    if "from" not in picked:
        columns |= _time_columns(table, source, found, cells, read.lines, options, notes)
    own = {role: cells[column] for role, column in columns.items() if column in cells}
    fate = np.zeros(len(read.lines), np.int8)
    rows = Rows(table, source, options, profile, columns, own, read.lines, fate, notes=notes)
    _tell_export(rows)
    named = tuple(
        (table.header[column], role.partition(":")[0]) for role, column in columns.items()
    )
    rows.note("import.columns", columns=named)
    if table.preamble:
        rows.note("import.preamble", count=table.preamble)
    if read.joined:
        rows.note("import.joined", count=read.joined)
    _ignore_headers_and_totals(rows, profile, cells)
    rows.fail(read.overfull, next(iter(own)), "import.more_cells", shown=False)
    return rows


def _tell_export(rows: Rows) -> None:
    """Say which known export a file is, and that its header was never seen where it was not."""
    export = rows.profile
    if not export.title:
        return
    words = [plain(cell) for cell in rows.table.header if cell]
    known = sum(word in export.known for word in words)
    rows.note("import.recognised", export=export.title, count=known, columns=len(words))
    if not export.seen:
        rows.note("import.unverified", export=export.title)


def clean(cells: Coded, blanks: frozenset[str]) -> Coded:
    """Texts without space around them, and "" for every way to write nothing."""
    longest = max(map(len, blanks))

    def plain(text: str) -> str:
        text = text.strip()
        return "" if len(text) <= longest and text.casefold() in blanks else text

    # A look at all texts at once is ten times as fast as one at each, and mostly enough.
    texts = cells.arrow
    lengths = pc.utf8_length(texts)
    short = pc.and_(pc.greater(lengths, 0), pc.less_equal(lengths, longest))
    if pc.utf8_trim_whitespace(texts).equals(texts) and not pc.any(short).as_py():
        return cells
    return cells.map(plain)


def _time_columns(
    table: TextTable,
    source: str,
    found: Mapping[str, tuple[int, ...]],
    cells: Mapping[int, Coded],
    lines: NDArray[np.int64],
    options: SourceOptions,
    notes: list[Note],
) -> dict[str, int]:
    """The columns that tell the moment: one (`time`), or a `date` and a `clock`.

    What a column holds decides, its header only proposes; local time goes before UTC.
    """
    whole, dates, clocks = [], [], []
    for role in TIME_ROLES:
        for column in found.get(role, ()):
            has_date, has_clock = holds(cells[column])
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
        raise _no_time(table, source)
    column = (dates or clocks or candidates)[0]
    filled = np.flatnonzero(~cells[column].blank)
    row = int(lines[filled[0]]) if len(filled) else table.header_line
    cell = cells[column].text(filled[0]) if len(filled) else ""
    key = "import.no_clock" if dates else "import.no_date" if clocks else "import.unreadable_times"
    raise DataError(
        key,
        file=table.named,
        source=source,
        row=row,
        column=table.header[column],
        cell=cell[:SHOWN_CELL],
    )


def _no_time(table: TextTable, source: str) -> DataError:
    known = ", ".join(table.header)
    return DataError("import.no_time", file=table.named, source=source, known=known)


def holds(cells: Coded) -> tuple[bool, bool]:
    """Whether most filled cells of a column hold a date, and a clock other than only midnights."""
    filled = [text for text in cells.values if text]
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


def _ignore_headers_and_totals(rows: Rows, profile: Profile, cells: Mapping[int, Coded]) -> None:
    """Header lines that come again, and rows without a time that begin with a total word."""
    again = np.ones(len(rows.fate), dtype=bool)
    for column, texts in cells.items():
        again &= texts.among({rows.table.header[column]})
    rows.judge(again, Fate.IGNORED)
    role = next(role for role in ("time", "utc", "date", "from") if rows.has(role))
    moments = rows.cells[role]
    odd = pc.filter(moments.arrow, pc.match_substring_regex(moments.arrow, "^[^0-9]|^$"))
    dateless = moments.among({text for text in odd.to_pylist() if not cut(text)[0]})
    words = profile.cells["total"]
    totals = np.zeros(len(rows.fate), dtype=bool)
    for position in np.flatnonzero(dateless & rows.alive):
        line = rows.table.line(int(rows.lines[position]))
        parts = (cell.strip(' ":').casefold() for cell in line.split(rows.table.delimiter))
        first = next(filter(None, parts), "")
        totals[position] = first in words or any(
            word.strip(":.") in words for word in first.split(" ")
        )
    count = int(rows.judge(totals, Fate.IGNORED).sum())
    if count:
        rows.note("import.totals", count=count)
