"""From a file to its tables: text, packed text, or the sheets of a workbook."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

from hoursopt.errors import DataError
from hoursopt.importers.text import LARGEST, Hits, TextTable, text_table, unpack
from hoursopt.importers.workbook import is_workbook, read_sheets
from hoursopt.shop import SourceOptions

TEXTS = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")


def read_bytes(path: Path, file: str) -> bytes:
    """The bytes of a file; DataErrors `import.missing`, `.unreadable`, `.too_big`."""
    try:
        if not path.is_file():
            raise DataError("import.missing", file=file, path=str(path))
        if path.stat().st_size > LARGEST:
            raise DataError("import.too_big", file=file, limit=LARGEST // 2**20)
        return path.read_bytes()
    except ValueError as error:  # a name with a NUL in it
        raise DataError("import.missing", file=file, path=str(path)) from error
    except OSError as error:
        raise DataError("import.unreadable", file=file, reason=error.strerror) from error


def open_tables(path: Path, file: str, options: SourceOptions, hits: Hits) -> list[TextTable]:
    """Read a file as far as the headers of its tables: one, or one per sheet of a workbook.

    `hits` counts the known header words of a row. Raises DataErrors of `import.*` that name the
    file and say what it is instead. Sheets without a header are left out where another has one.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    kind = ((suffixes[-2:-1] if packed else suffixes[-1:]) or [""])[0]
    if kind not in TEXTS + WORKBOOKS:
        raise DataError("import.suffix", file=file, suffix=kind)
    data = read_bytes(path, file)
    digest = hashlib.sha256(data).hexdigest()
    if is_workbook(data):
        return _sheet_tables(path, data, file, digest, hits)
    if not data:
        raise DataError("import.empty", file=file)
    # Many tills name text `.xls`, so that Excel opens it.
    if kind in WORKBOOKS and kind != ".xls":
        raise DataError("import.workbook", file=file)
    text = unpack(data, file) if packed else data
    encoding, delimiter = options.encoding, options.delimiter
    return [text_table(text, file, digest, hits, encoding=encoding, delimiter=delimiter)]


def _sheet_tables(path: Path, data: bytes, file: str, digest: str, hits: Hits) -> list[TextTable]:
    sheets = read_sheets(path, data, file)
    if not sheets:
        raise DataError("import.empty", file=file)
    tables: list[TextTable] = []
    faults: dict[str, DataError] = {}
    for name, text in sheets:
        sheet = name if len(sheets) > 1 else ""
        try:
            table = text_table(text, file, digest, hits, delimiter="\t", sheet=sheet, workbook=True)
            tables.append(table)
        except DataError as fault:
            faults[name] = fault
    if not tables:
        raise next(iter(faults.values()))
    return [dataclasses.replace(tables[0], left_out=tuple(faults)), *tables[1:]]
