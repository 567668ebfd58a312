"""The cells of a table's chosen columns, by line of the file.

A quote that is a letter (`5" pipe`) must not swallow the lines up to the next one, and a cell that
does span lines must not shift the line numbers that a person sees. Arrow reads an even table, fast,
and by one thread: more of them save a tenth of a second and take a third more memory. Whatever it
does not take is read again line by line, with the reasons told.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from hoursopt.errors import DataError
from hoursopt.importers.coded import Coded, Flags
from hoursopt.importers.text import LONGEST_LINE, TextTable

MOST_COLUMNS = 1000


@dataclass(frozen=True)
class Cells:
    """Texts of columns (by position in the header), without blank rows.

    lines: (rows,) line of the file, 1 the first. overfull: (rows,) rows with more cells than the
    header, of which no cell can be trusted. joined: lines that are the rest of a cell begun on a
    line above.
    """

    columns: dict[int, Coded]
    lines: NDArray[np.int64]
    overfull: Flags
    joined: int


def read_cells(table: TextTable, columns: Sequence[int]) -> Cells:
    """The columns asked for and no other: names, phones and cards never get further than here.

    Raises DataError `import.not_a_table`.
    """
    read = _even_cells(table, columns) or _uneven_cells(table, columns)
    bare = np.ones(len(read.lines), dtype=bool)
    for column in read.columns.values():
        bare &= column.among({""})
    filler = f' \t"{table.delimiter}'
    kept = np.ones(len(read.lines), dtype=bool)
    for row in np.flatnonzero(bare & ~read.overfull):
        kept[row] = bool(table.line(int(read.lines[row])).strip(filler))
    if kept.all():
        return read
    return Cells(
        {position: column.at(kept) for position, column in read.columns.items()},
        read.lines[kept],
        read.overfull[kept],
        read.joined,
    )


def _even_cells(table: TextTable, columns: Sequence[int]) -> Cells | None:
    """By Arrow, None unless every line is one row with as many cells as the header."""
    names = [str(position) for position in range(len(table.header))]
    text = pa.dictionary(pa.int32(), pa.string())
    try:
        read = pyarrow.csv.read_csv(
            pa.py_buffer(table.body),
            read_options=pyarrow.csv.ReadOptions(
                column_names=names, block_size=LONGEST_LINE, use_threads=False
            ),
            parse_options=pyarrow.csv.ParseOptions(delimiter=table.delimiter),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=[str(position) for position in columns],
                column_types={str(position): text for position in columns},
                strings_can_be_null=False,
            ),
        ).unify_dictionaries()
    except pa.ArrowException:
        return None
    lines = np.arange(table.length)
    if len(lines) != read.num_rows:  # empty lines are no rows for Arrow
        lines = np.flatnonzero(table.lengths > 0)
    if len(lines) != read.num_rows:
        return None
    found = {}
    for position in columns:
        chunks = read.column(str(position)).chunks
        codes = [chunk.indices.to_numpy() for chunk in chunks]
        values = chunks[0].dictionary.to_pylist() if chunks else []
        found[position] = Coded(np.concatenate(codes), values)
    numbers = lines + table.header_line + 1
    return Cells(found, numbers, np.zeros(len(lines), dtype=bool), 0)


def _uneven_cells(table: TextTable, columns: Sequence[int]) -> Cells:
    if table.lengths.max() > LONGEST_LINE:
        raise DataError("import.not_a_table", file=table.named)
    width = max(len(table.header), 1 + max(line.count(table.delimiter) for line in table.lines()))
    if width > MOST_COLUMNS:
        raise DataError("import.not_a_table", file=table.named)
    surplus = list(range(len(table.header), width))
    frame, numbers = _rows(table, width, sorted({*columns, *surplus}))
    overfull = np.zeros(len(frame), dtype=bool)
    for column in surplus:
        overfull |= (frame[column].str.strip() != "").to_numpy()
    found = {}
    for column in columns:
        codes, values = pd.factorize(frame[column])
        found[column] = Coded(codes.astype(np.int32), list(values))
    return Cells(found, numbers + table.header_line, overfull, table.length - len(frame))


def _rows(
    table: TextTable, width: int, columns: Sequence[int]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """The rows and the line, from 1, on which each begins."""
    lines = table.length
    every = np.arange(1, lines + 1)
    frame = _parse(table, width, columns, csv.QUOTE_MINIMAL)
    if frame is not None and len(frame) == lines:
        return frame, every
    if frame is not None and not _even(table):
        numbers = _line_numbers(table)
        if len(numbers) == len(frame):
            return frame, np.array(numbers)
    frame = _parse(table, width, columns, csv.QUOTE_NONE)
    if frame is None or len(frame) != lines:
        raise DataError("import.not_a_table", file=table.named)
    return frame.apply(lambda cells: cells.str.strip('"')), every


def _even(table: TextTable) -> bool:
    """Whether every line is a full row by itself, so that quotes must be letters."""
    signs = len(table.header) - 1
    return all(line.count(table.delimiter) == signs for line in table.lines() if line.strip())


def _parse(
    table: TextTable, width: int, columns: Sequence[int], quoting: Literal[0, 3]
) -> pd.DataFrame | None:
    # The reader takes the width from the first row, so a full row is put before and dropped.
    full = table.delimiter * (width - 1)
    try:
        frame = pd.read_csv(
            io.BytesIO(b"\n".join([full.encode(), table.body, b""])),
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
    frame = frame.iloc[1:].fillna("")
    # A last line feed of the body and the one put behind it make an empty row.
    return frame.iloc[:-1] if table.text.endswith(b"\n") else frame


def _line_numbers(table: TextTable) -> list[int]:
    reader = csv.reader((f"{line}\n" for line in table.lines()), delimiter=table.delimiter)
    ends = [0]
    try:
        ends += [reader.line_num for _ in reader]
    except csv.Error:
        return []
    return [end + 1 for end in ends[:-1]]
