"""The cells of a table's chosen columns as strings, by line of the file.

A quote that is a letter (`5" pipe`) must not swallow the lines up to the next one, and a cell that
does span lines must not shift the line numbers that a person sees.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from hoursopt.errors import DataError
from hoursopt.importers.text import TextTable

MOST_COLUMNS = 1000


@dataclass(frozen=True)
class Cells:
    """Strings by line of the file (index) and column (position in the header), no blank rows.

    overfull: rows with more cells than the header, of which no cell can be trusted. joined: lines
    that are the rest of a cell begun on a line above.
    """

    frame: pd.DataFrame
    overfull: pd.Series
    joined: int


def read_cells(table: TextTable, columns: Sequence[int]) -> Cells:
    """The columns asked for and no other: names, phones and cards never get further than here.

    Raises DataError `import.not_a_table`.
    """
    lines = table.lines
    width = max(len(table.header), 1 + max(line.count(table.delimiter) for line in lines))
    if width > MOST_COLUMNS:
        raise DataError("import.not_a_table", file=table.file)
    surplus = list(range(len(table.header), width))
    frame, numbers = _rows(table, width, sorted({*columns, *surplus}))
    joined = len(lines) - len(frame)
    frame.index = pd.Index(numbers) + table.header_line
    overfull = pd.Series(False, index=frame.index)
    for column in surplus:
        overfull |= frame[column].str.strip() != ""
    empty = frame.index[(frame == "").all(axis=1)]
    filler = f' \t"{table.delimiter}'
    blank = [number for number in empty if not table.line(number).strip(filler)]
    return Cells(frame[list(columns)].drop(index=blank), overfull.drop(index=blank), joined)


def _rows(
    table: TextTable, width: int, columns: Sequence[int]
) -> tuple[pd.DataFrame, Sequence[int]]:
    """The rows and the line, from 1, on which each begins."""
    lines = table.lines
    frame = _parse(table, width, columns, csv.QUOTE_MINIMAL)
    if frame is not None and len(frame) == len(lines):
        return frame, range(1, len(lines) + 1)
    if frame is not None and not _even(table):
        numbers = _line_numbers(table)
        if len(numbers) == len(frame):
            return frame, numbers
    frame = _parse(table, width, columns, csv.QUOTE_NONE)
    if frame is None or len(frame) != len(lines):
        raise DataError("import.not_a_table", file=table.file)
    return frame.apply(lambda cells: cells.str.strip('"')), range(1, len(lines) + 1)


def _even(table: TextTable) -> bool:
    """Whether every line is a full row by itself, so that quotes must be letters."""
    signs = len(table.header) - 1
    return all(line.count(table.delimiter) == signs for line in table.lines if line.strip())


def _parse(
    table: TextTable, width: int, columns: Sequence[int], quoting: Literal[0, 3]
) -> pd.DataFrame | None:
    # The reader takes the width from the first row, so a full row is put before and dropped.
    full = table.delimiter * (width - 1)
    try:
        frame = pd.read_csv(
            io.StringIO("\n".join([full, *table.lines, ""])),
            sep=table.delimiter,
            header=None,
            names=range(width),
            usecols=list(columns),
            dtype=object,
            na_filter=False,
            skip_blank_lines=False,
            quoting=quoting,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        return None
    return frame.iloc[1:].fillna("")


def _line_numbers(table: TextTable) -> list[int]:
    reader = csv.reader((f"{line}\n" for line in table.lines), delimiter=table.delimiter)
    ends = [0]
    try:
        ends += [reader.line_num for _ in reader]
    except csv.Error:
        return []
    return [end + 1 for end in ends[:-1]]
