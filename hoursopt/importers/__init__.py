"""From any till's file to rows: detection, profiles, the import receipt."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from hoursopt.errors import DataError, HoursoptError, raise_all
from hoursopt.importers.checks import doubts
from hoursopt.importers.columns import FAMILIES, header_hits
from hoursopt.importers.counts import read_counts
from hoursopt.importers.files import open_tables
from hoursopt.importers.receipt import (
    Imported,
    ImportReceipt,
    Note,
    Problem,
    Reading,
    Warning_,
    check_json,
)
from hoursopt.importers.rota import read_rota
from hoursopt.importers.sales import read_sales
from hoursopt.importers.text import TextTable
from hoursopt.shop import SOURCES, Shop

__all__ = [
    "ImportReceipt",
    "Imported",
    "Note",
    "Problem",
    "Reading",
    "Warning_",
    "check_json",
    "read_source",
    "read_sources",
]

READERS: dict[str, Callable[[str, Sequence[TextTable], Shop], Reading]] = {
    "sales": read_sales,
    "counts": read_counts,
    "rota": read_rota,
}


def read_sources(shop: Shop) -> Imported:
    """Read every file of a shop; all files at fault are told at once.

    Raises DataErrors `import.*`: one, or `import.several` with its causes.
    """
    faults: list[HoursoptError] = []
    readings: dict[str, Reading] = {}
    for source in SOURCES:
        if not shop.sources.files(source):
            continue
        try:
            readings[source] = read_source(shop, source)
        except DataError as fault:
            faults += _single(fault)
    raise_all(faults, "import.several")
    tables = {source: reading.table for source, reading in readings.items()}
    receipts = tuple(receipt for reading in readings.values() for receipt in reading.receipts)
    return Imported(tables, receipts, doubts(shop, tables, receipts))


def read_source(shop: Shop, source: str) -> Reading:
    """Read the files of one of `SOURCES`; DataErrors `import.*`."""
    options = shop.sources.option(source)
    family = FAMILIES[source]
    hits = header_hits(family, options.columns)
    opened: list[tuple[str, list[TextTable]]] = []
    faults: list[HoursoptError] = []
    for file in shop.sources.files(source):
        try:
            opened.append((file, open_tables(shop.folder / file, file, options, hits)))
        except DataError as fault:
            faults.append(fault)
    firsts = {tables[0].sha256: turn for turn, (_, tables) in reversed([*enumerate(opened)])}
    distinct = [table for turn in sorted(firsts.values()) for table in opened[turn][1]]
    try:
        reading = READERS[family](source, distinct, shop) if distinct else None
    except DataError as fault:
        faults += _single(fault)
    raise_all(faults, "import.several")
    told = ", ".join(file for file, _ in opened)
    if reading is None or reading.table.empty:
        raise DataError("import.nothing", file=told, source=source)
    if source == "receipts" and reading.table["time"].dt.normalize().nunique() == 1:
        day = reading.table["time"].iloc[0].date()
        raise DataError("import.one_day", file=told, date=day)
    receipts: list[ImportReceipt] = []
    for turn, (file, tables) in enumerate(opened):
        digest = tables[0].sha256
        own = [receipt for receipt in reading.receipts if receipt.sha256 == digest]
        if firsts[digest] == turn:
            receipts += own
        else:
            first = opened[firsts[digest]][0]
            sheets = [receipt.file.removeprefix(first) for receipt in own]
            receipts += [_twin(*pair) for pair in zip(own, [file + s for s in sheets], strict=True)]
    return Reading(reading.table, tuple(receipts))


def _single(fault: DataError) -> Sequence[HoursoptError]:
    """The single faults of what tells several at once."""
    return fault.causes if fault.key == "import.several" else (fault,)


def _twin(receipt: ImportReceipt, file: str) -> ImportReceipt:
    """The receipt of a file whose bytes were given before: every row is a duplicate."""
    return dataclasses.replace(
        receipt,
        file=file,
        used=0,
        refunds=0,
        cancelled=0,
        duplicates=receipt.rows,
        ignored=0,
        failed=0,
        receipts=0,
        sum=None,
        problems=(),
        notes=(Note("import.same_file", {"file": receipt.file}),),
    )
