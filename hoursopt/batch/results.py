"""The rows of the results: their columns, and the file in which they stand, whole or not at all.

DESIGN 2.5: shop, scenario, one column per changed key, hours, money, status, gap, seconds, error.
Asked for, the ledgers of today and of the best hours follow.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hoursopt.batch.answering import Result
from hoursopt.batch.nouns import toml_text
from hoursopt.errors import DataError

MONEY = ("today_profit", "best_profit", "gain", "gain_low", "gain_high")
LEDGER = (
    "sales_margin", "online_margin", "wages", "opening_cost", "goodwill", "open_hours",
    "staff_hours", "wanted", "served", "recaptured", "online", "abandoned", "lost",
)  # fmt: skip
AT_ONCE = 10_000
"""Rows that are in memory at once."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Columns:
    """The columns of the results: names of the changed keys, those of them that hold numbers."""

    keys: tuple[str, ...]
    numbers: frozenset[str]
    ledger: bool = False
    seconds: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """All names in order."""
        last = ("status", "gap", "seconds", "error")
        return ("shop", "scenario", *self.keys, "hours", *MONEY, *last, *self._ledgers)

    @property
    def _ledgers(self) -> tuple[str, ...]:
        sides = ("today", "best") if self.ledger else ()
        return tuple(f"{side}_{name}" for side in sides for name in LEDGER)

    def row(self, shop: str, scenario: str, values: Mapping[str, Any], result: Result) -> Row:
        """One row; a figure that there is not is None."""
        found: Row = {"shop": shop, "scenario": scenario}
        for key in self.keys:
            value = values.get(key)
            if key in self.numbers:
                found[key] = None if value is None else float(value)
            else:
                found[key] = toml_text(value)
        found["hours"] = result.hours
        found |= {name: getattr(result, name) for name in (*MONEY, "status", "gap")}
        found["seconds"] = result.seconds if self.seconds else None
        found["error"] = result.error
        for side in ("today", "best") if self.ledger else ():
            ledger = getattr(result, side)
            found |= {f"{side}_{name}": ledger.get(name) for name in LEDGER}
        return found

    def is_number(self, name: str) -> bool:
        """Whether a column holds numbers."""
        texts = {"shop", "scenario", "hours", "status", "error"}
        return name in self.numbers or (name not in texts and name not in self.keys)


def write_results(file: Path, columns: Columns, rows: Iterable[Row]) -> None:
    """Write a `.parquet` or `.csv`; DataError `batch.unwritable` leaves what was there."""
    write = _write_csv if file.suffix.lower() == ".csv" else _write_parquet
    with whole_file(file) as beside:
        write(beside, columns, rows)


@contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """A path beside a file, put in its place at the end of the block if nothing went wrong.

    Raises DataError `batch.unwritable`.
    """
    beside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        os.close(handle)
        beside = Path(name)
        yield beside
        with beside.open("rb") as stream:
            os.fsync(stream.fileno())
        beside.chmod(0o644)
        os.replace(beside, file)
        beside = None
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError("batch.unwritable", file=str(file), reason=reason) from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def _write_csv(file: Path, columns: Columns, rows: Iterable[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns.names)
        for row in rows:
            writer.writerow(["" if row[name] is None else row[name] for name in columns.names])


def _write_parquet(file: Path, columns: Columns, rows: Iterable[Row]) -> None:
    kinds = {
        name: pa.float64() if columns.is_number(name) else pa.string() for name in columns.names
    }
    schema = pa.schema(list(kinds.items()))
    with pq.ParquetWriter(file, schema) as writer:
        for part in batches(rows):
            arrays = [pa.array([row[name] for row in part], kind) for name, kind in kinds.items()]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def batches(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    """Rows in lists of `AT_ONCE`."""
    waiting = iter(rows)
    while part := list(islice(waiting, AT_ONCE)):
        yield part
