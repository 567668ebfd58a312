"""What is kept of a file: the file itself, or a copy of the columns in use where others may tell
of people. Names, e-mails, phones and card numbers never reach the store.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from importlib.resources import files

import pyarrow as pa
import pyarrow.csv

from hoursopt.importers.cells import read_cells
from hoursopt.importers.columns import FAMILIES, generic, header_hits, plain, private_words
from hoursopt.importers.files import open_tables
from hoursopt.importers.receipt import ImportReceipt
from hoursopt.importers.text import LARGEST, TextTable
from hoursopt.shop import Shop


def file_digests(shop: Shop) -> dict[str, str]:
    """SHA-256 of every file of a shop by source and file, of those that can be read."""
    found = {}
    for source in FAMILIES:
        for file in shop.sources.files(source):
            path = shop.folder / file
            try:
                if path.is_file() and path.stat().st_size <= LARGEST:
                    with path.open("rb") as opened:
                        digest = hashlib.file_digest(opened, "sha256").hexdigest()
                    found[f"{source}/{file}"] = digest
            except (OSError, ValueError):
                continue
    return found


def reading_parts(shop: Shop) -> dict[str, str]:
    """What a reading depends on besides the files: parts of the shop, and this package itself."""
    own = hashlib.sha256()
    for folder in ("", "profiles"):
        room = files("hoursopt.importers").joinpath(folder)
        for part in sorted(room.iterdir(), key=lambda part: part.name):
            if part.name.endswith((".py", ".toml")):
                own.update(part.read_bytes())
    parts = (shop.timezone, shop.hours, shop.exceptions, shop.sources)
    return {"shop": repr(parts), "reader": own.hexdigest()}


def kept_copy(shop: Shop, receipt: ImportReceipt, siblings: Sequence[ImportReceipt]) -> bytes:
    """What the store keeps of the file of a receipt; `siblings` are the receipts of all its sheets.

    The bytes of the file where every column is in use or known to tell of no person, and nothing
    stands above the header; else the columns in use of each table, as CSV in UTF-8.
    """
    source = receipt.source
    # A sheet's receipt is named after the file and the sheet.
    named = [file for file in shop.sources.files(source) if receipt.file.startswith(file)]
    file = max(named, key=len)
    options = shop.sources.option(source)
    hits = header_hits(FAMILIES[source], options.columns)
    tables = open_tables(shop.folder / file, file, options, hits)
    if all(_harmless(table, source, receipt) for table in tables):
        return (shop.folder / file).read_bytes()
    parts = {sibling.file: sibling.columns for sibling in siblings}
    return b"\n".join(
        _columns(table, parts[table.named]) for table in tables if table.named in parts
    )


def _harmless(table: TextTable, source: str, receipt: ImportReceipt) -> bool:
    """Whether nothing in a table can tell who somebody is, as far as its headers say."""
    known = generic(FAMILIES[source]).known
    private = private_words()
    return (
        not table.preamble
        and not table.left_out
        and all(
            header in receipt.columns
            or (plain(header) in known and not private & set(plain(header).split()))
            for header in table.header
        )
    )


def _columns(table: TextTable, names: Sequence[str]) -> bytes:
    """The columns of these names; rows with too many cells may hold anything and are left out."""
    positions = [position for position, name in enumerate(table.header) if name in names]
    cells = read_cells(table, positions)
    whole = ~cells.overfull
    texts = [
        pa.DictionaryArray.from_arrays(
            column.codes[whole], pa.array(list(column.values), pa.string())
        ).cast(pa.string())
        for column in cells.columns.values()
    ]
    headers = [table.header[position] for position in cells.columns]
    buffer = io.BytesIO()
    pyarrow.csv.write_csv(pa.Table.from_arrays(texts, headers), buffer)
    return buffer.getvalue()
