"""What was read from a shop's files as bytes and back, so that unchanged files are read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from hoursopt.importers import Imported, ImportReceipt, Note, Problem, Warning_
from hoursopt.store.arrays import pack_arrays, unpack_arrays

Arrays = dict[str, Any]


def receipt_json(receipt: ImportReceipt) -> dict[str, Any]:
    """An import receipt in the form in which it is kept, without a word of any language."""
    told = dict(vars(receipt))
    told["problems"] = [vars(problem) for problem in receipt.problems]
    told["notes"] = [_told(note) for note in receipt.notes]
    return {name: _plain(value) for name, value in told.items()}


def pack_reading(imported: Imported) -> bytes:
    """All tables as arrays, and what is no array as JSON among them; no pickle."""
    arrays: Arrays = {}
    words: dict[str, list[str]] = {}
    for source, table in imported.tables.items():
        for column in table:
            name, cells = f"{source}.{column}", table[column]
            if cells.dtype.kind in "Mif":
                arrays[name] = cells.to_numpy()
            else:
                arrays[name], values = pd.factorize(cells)
                words[name] = list(values)
    head = {
        "tables": {source: list(table) for source, table in imported.tables.items()},
        "words": words,
        "receipts": [receipt_json(receipt) for receipt in imported.receipts],
        "warnings": [_told(warning) for warning in imported.warnings],
    }
    return pack_arrays(head, arrays)


def unpack_reading(content: bytes) -> Imported | None:
    """What `pack_reading` packed; None for bytes of another form, whose files are read again."""
    return unpack_arrays(content, _imported)


def _imported(head: dict[str, Any], arrays: Mapping[str, Any]) -> Imported:
    tables = {
        source: pd.DataFrame(
            {column: _cells(arrays, head["words"], f"{source}.{column}") for column in columns}
        )
        for source, columns in head["tables"].items()
    }
    receipts = tuple(map(_receipt, head["receipts"]))
    warnings = tuple(Warning_(key, _rich(told)) for key, told in head["warnings"])
    return Imported(tables, receipts, warnings)


def _cells(arrays: Mapping[str, Any], words: Mapping[str, list[str]], name: str) -> Any:
    return np.array(words[name], dtype=object)[arrays[name]] if name in words else arrays[name]


def _receipt(told: dict[str, Any]) -> ImportReceipt:
    problems = tuple(Problem(**problem) for problem in told.pop("problems"))
    notes = tuple(Note(key, _rich(values)) for key, values in told.pop("notes"))
    return ImportReceipt(**_rich(told), problems=problems, notes=notes)  # type: ignore[arg-type]


def _told(note: Note | Warning_) -> list[Any]:
    return [note.key, {name: _plain(value) for name, value in note.values.items()}]


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return {"date": value.isoformat()} if isinstance(value, dt.date) else value


def _rich(values: Mapping[str, Any]) -> dict[str, object]:
    return {name: _rich_value(value) for name, value in values.items()}


def _rich_value(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_rich_value, value))
    return dt.date.fromisoformat(value["date"]) if isinstance(value, dict) else value
