"""What-if runs that are done, each committed when it is finished: what a stop or a crash leaves.

SQLite beside the results, results by the digest of all that they depend on. What is wanted this
time stands in temporary tables, so that a million runs need no memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hoursopt.errors import DataError
from hoursopt.store import BUSY_SECONDS, _now, _told, _transaction

RUNS_VERSION = 1

_RUNS = """
CREATE TABLE IF NOT EXISTS runs (
    digest TEXT PRIMARY KEY, at TEXT NOT NULL, seconds REAL, result TEXT NOT NULL) WITHOUT ROWID
"""
_WANTED = (
    "CREATE TEMP TABLE shops (shop INTEGER PRIMARY KEY, told TEXT NOT NULL)",
    "CREATE TEMP TABLE wanted (run INTEGER PRIMARY KEY, shop INTEGER NOT NULL,"
    " whatif INTEGER NOT NULL, digest TEXT, result TEXT)",
    "CREATE INDEX temp.wanted_of_shop ON wanted (shop)",
)


@dataclass(frozen=True)
class Wanted:
    """One run that is asked for: its place, its shop and what-if by number.

    digest: of all that its result depends on; None where `result` says why it cannot be run.
    """

    run: int
    shop: int
    whatif: int
    digest: str | None = None
    result: str | None = None


@dataclass(frozen=True)
class RunStore:
    """An open store of runs; get one from `open_runs`."""

    file: Path
    connection: sqlite3.Connection

    def forget(self) -> None:
        """Throw away all results."""
        with _told(self.file.parent), _transaction(self.connection):
            self.connection.execute("DELETE FROM runs")

    def want(self, shop: int, told: str, runs: Iterable[Wanted]) -> None:
        """Ask for the runs of one more shop, of which `told` is to be remembered."""
        with _told(self.file.parent), _transaction(self.connection):
            self.connection.execute("INSERT INTO shops VALUES (?, ?)", (shop, told))
            self.connection.executemany(
                "INSERT INTO wanted VALUES (?, ?, ?, ?, ?)",
                ((one.run, one.shop, one.whatif, one.digest, one.result) for one in runs),
            )

    def shop(self, shop: int) -> str:
        """What was to be remembered of a shop."""
        return str(self._one("SELECT told FROM shops WHERE shop = ?", shop)[0])

    def count(self) -> tuple[int, int, int]:
        """Runs that can be made, those of them still to do, and shops that have some of these."""
        (asked,) = self._one("SELECT count(*) FROM wanted WHERE digest IS NOT NULL")
        missing, shops = self._one(f"SELECT count(*), count(DISTINCT wanted.shop) {_MISSING}")
        return asked, missing, shops

    def missing(self, shop: int) -> list[Wanted]:
        """Runs of a shop that are still to do."""
        with _told(self.file.parent):
            rows = self.connection.execute(
                f"SELECT wanted.* {_MISSING} AND wanted.shop = ? ORDER BY run", (shop,)
            ).fetchall()
        return [Wanted(*row) for row in rows]

    def finish(self, digest: str, result: str, seconds: float | None) -> None:
        """Keep a result; it is on the disk when this returns."""
        with _told(self.file.parent), _transaction(self.connection):
            self.connection.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)", (digest, _now(), seconds, result)
            )

    def tell(self, run: int, result: str) -> None:
        """Give a run a result for this time only."""
        with _told(self.file.parent), _transaction(self.connection):
            self.connection.execute("UPDATE wanted SET result = ? WHERE run = ?", (result, run))

    def results(self, shop: int) -> Iterator[tuple[Wanted, str | None]]:
        """The runs of a shop in order, each with its result where it is done."""
        with _told(self.file.parent):
            rows = self.connection.execute(
                "SELECT wanted.*, coalesce(wanted.result, runs.result) FROM wanted"
                " LEFT JOIN runs USING (digest) WHERE wanted.shop = ? ORDER BY run",
                (shop,),
            )
            for *wanted, result in rows:
                yield Wanted(*wanted), result

    def mean_seconds(self) -> float | None:
        """Mean time of the runs that are kept, None where there are none."""
        (mean,) = self._one("SELECT avg(seconds) FROM runs")
        return None if mean is None else float(mean)

    def _one(self, statement: str, *values: object) -> tuple[int, ...]:
        with _told(self.file.parent):
            row: tuple[int, ...] = self.connection.execute(statement, values).fetchone()
            return row


_MISSING = (
    "FROM wanted LEFT JOIN runs USING (digest)"
    " WHERE wanted.digest IS NOT NULL AND runs.digest IS NULL"
)


@contextmanager
def open_runs(file: Path) -> Iterator[RunStore]:
    """The runs kept in a file, made at the first use; closed at the end of the block.

    Raises DataErrors `store.*` as `open_store`.
    """
    with _told(file.parent):
        connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > RUNS_VERSION:
                raise DataError(
                    "store.newer", folder=str(file), version=version, known=RUNS_VERSION
                )
            connection.execute(_RUNS)
            connection.execute(f"PRAGMA user_version = {RUNS_VERSION}")
            for statement in _WANTED:
                connection.execute(statement)
        except BaseException:
            connection.close()
            raise
    try:
        yield RunStore(file, connection)
    finally:
        connection.close()
