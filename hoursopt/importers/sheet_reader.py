"""Run as a program of its own: the sheets of a workbook as tab-separated text on standard output.

A workbook of a few kilobytes can ask for more memory than there is, and then the process ends with
no error to catch; so it is read in a child with bounded memory and time. Per sheet one line of
JSON (name, rows), then its rows; a fault is one line of JSON too. Nothing of this package is
imported, so that the child starts at once.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import python_calamine

SECONDS = 100
_COMMA = re.compile(r"[^A-Za-z]*[0-9],[0-9]{1,2}[^0-9]*")
_POINT = re.compile(r"[^A-Za-z]*[0-9]\.[0-9]{1,2}[^0-9]*")
_SPACE = str.maketrans("\t\r\n\0", "    ")


def main(path: str, memory: int) -> None:
    """Write all sheets; `memory` in bytes bounds the address space where the system can do so."""
    try:
        import resource
    except ImportError:  # not on Windows
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    write = sys.stdout.buffer.write
    try:
        # Given the bytes, not the name, which may tell another kind.
        with open(path, "rb") as file:
            book = python_calamine.load_workbook(io.BytesIO(file.read()))
        for name in book.sheet_names:
            lines = list(sheet_lines(book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
            write(json.dumps({"sheet": name, "rows": len(lines)}).encode() + b"\n")
            for line in lines:
                write(line.encode("utf-8", "replace") + b"\n")
    except python_calamine.PasswordError:
        write(b'{"fault": "password"}\n')
    except (python_calamine.CalamineError, OSError, ValueError, MemoryError):
        write(b'{"fault": "workbook"}\n')


def sheet_lines(rows: list[list[Any]]) -> Iterator[str]:
    """The rows to the last that is not blank.

    Numbers get the decimal sign that the texts of their column have, else a point.
    """
    last = next((n for n in range(len(rows), 0, -1) if any(c != "" for c in rows[n - 1])), 0)
    width = max((len(row) for row in rows[:last]), default=0)
    signs = [
        _sign(row[column] for row in rows[:last] if column < len(row)) for column in range(width)
    ]
    for row in rows[:last]:
        yield "\t".join(map(_text, row, signs))


def _sign(cells: Iterable[Any]) -> str:
    texts = {cell for cell in cells if isinstance(cell, str)}
    comma = any(map(_COMMA.fullmatch, texts))
    return "," if comma and not any(map(_POINT.fullmatch, texts)) else "."


def _text(cell: Any, sign: str) -> str:
    if isinstance(cell, str):
        text = cell.translate(_SPACE) if not cell.isprintable() else cell
        return '"' + text.replace('"', '""') + '"' if '"' in text else text
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, (int, float)):
        return _number(float(cell), sign)
    if isinstance(cell, dt.datetime):
        cell = (cell + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        # Before their first day spreadsheets keep times of day.
        return str(cell.time()) if cell.year < 1901 else cell.isoformat(" ")
    if isinstance(cell, dt.date):  # midnight of a column of moments, or a day
        return f"{cell.isoformat()} 00:00:00"
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(cell, dt.time):
        return str(cell.replace(microsecond=0))
    return "" if cell is None else str(cell)


def _number(value: float, sign: str) -> str:
    """A number that no reader can take for another: never three digits behind the sign."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    if "e" in text:
        text = f"{value:.12f}"
    whole, _, cents = text.partition(".")
    # Shares of a day are times of day, and four digits tell them from `0.45`, a clock.
    least = 4 if len(cents) == 3 or abs(value) < 1 else 0
    return f"{whole}{sign}{cents.ljust(least, '0')}"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
