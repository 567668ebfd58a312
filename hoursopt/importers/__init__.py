"""From any till's file to rows: detection, profiles, the import receipt."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from hoursopt.errors import DataError, HoursoptError, raise_all
from hoursopt.importers.checks import doubts
from hoursopt.importers.columns import FAMILIES, generic, header_hits
from hoursopt.importers.counts import read_counts
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
from hoursopt.importers.text import TextTable, open_table
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
            faults += fault.causes or [fault]
    raise_all(faults, "import.several")
    tables = {source: reading.table for source, reading in readings.items()}
    receipts = tuple(receipt for reading in readings.values() for receipt in reading.receipts)
    return Imported(tables, receipts, doubts(shop, tables, receipts))


def read_source(shop: Shop, source: str) -> Reading:
    """Read the files of one of `SOURCES`; DataErrors `import.*`."""
    options = shop.sources.option(source)
    family = FAMILIES[source]
    hits = header_hits(generic(family), options.columns)
    tables: list[TextTable] = []
    faults: list[HoursoptError] = []
    for file in shop.sources.files(source):
        try:
            tables.append(open_table(shop.folder / file, file, options, hits))
        except DataError as fault:
            faults.append(fault)
    raise_all(faults, "import.several")
    first = {table.sha256: position for position, table in reversed([*enumerate(tables)])}
    distinct = [tables[position] for position in sorted(first.values())]
    reading = READERS[family](source, distinct, shop)
    if reading.table.empty:
        raise DataError(
            "import.nothing", file=", ".join(table.file for table in tables), source=source
        )
    if source == "receipts" and reading.table["time"].dt.normalize().nunique() == 1:
        day = reading.table["time"].iloc[0].date()
        raise DataError("import.one_day", file=", ".join(table.file for table in tables), date=day)
    by_sha = {receipt.sha256: receipt for receipt in reading.receipts}
    receipts = tuple(
        by_sha[table.sha256]
        if first[table.sha256] == position
        else _twin(by_sha[table.sha256], table)
        for position, table in enumerate(tables)
    )
    return Reading(reading.table, receipts)


def _twin(receipt: ImportReceipt, table: TextTable) -> ImportReceipt:
    """The receipt of a file whose bytes were given before: every row is a duplicate."""
    return dataclasses.replace(
        receipt,
        file=table.file,
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
