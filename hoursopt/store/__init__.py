"""What a shop folder remembers: imports with their originals, observations, plans and changes.

SQLite in `<folder>/.hoursopt/shop.sqlite`, the originals beside it by SHA-256. Imports, plans and
changes are only ever added; observations and readings are a cache and may be thrown away. The only
user of `sqlite3`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoursopt.errors import DataError
from hoursopt.store.nouns import Noun, pack_noun, unpack_noun

# What a plan that is kept does not need is imported where rows are: pandas takes its time.
if TYPE_CHECKING:
    from hoursopt.importers import Imported
    from hoursopt.observations import Observations

KEPT = ".hoursopt"
VERSION = 2
KEPT_OBSERVATIONS = 4
"""Observations of so many different inputs are kept; older ones can be counted again."""
KEPT_READINGS = 2
KEPT_NOUNS = 12
"""Fits, plans and what else is slow to work out: the newest of them are kept."""
BUSY_SECONDS = 10.0

_SCHEMA = """
CREATE TABLE imports (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, sha256 TEXT NOT NULL, receipt TEXT NOT NULL);
CREATE TABLE plans (id INTEGER PRIMARY KEY, at TEXT NOT NULL, plan TEXT NOT NULL);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
    old TEXT NOT NULL, new TEXT NOT NULL);
CREATE TABLE observations (digest TEXT PRIMARY KEY, at TEXT NOT NULL, arrays BLOB NOT NULL);
"""
_MIGRATIONS = {
    # What a plan was made of, what a report needs besides, and what a review compares with.
    1: """
ALTER TABLE plans ADD COLUMN inputs TEXT;
ALTER TABLE plans ADD COLUMN basis TEXT;
ALTER TABLE plans ADD COLUMN expected BLOB;
""",
}
_APPEND_ONLY = """
CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""

_FAULTS = {
    sqlite3.SQLITE_BUSY: "store.busy",
    sqlite3.SQLITE_LOCKED: "store.busy",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_CANTOPEN: "store.read_only",
    sqlite3.SQLITE_IOERR: "store.read_only",
    sqlite3.SQLITE_FULL: "store.read_only",
    sqlite3.SQLITE_PERM: "store.read_only",
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
}


@dataclass(frozen=True)
class Change:
    """One change of the shop: who changed what from `old` to `new`, and when (UTC)."""

    at: dt.datetime
    who: str
    what: str
    old: str
    new: str


@dataclass(frozen=True)
class KeptPlan:
    """A plan in its machine form (DESIGN 2.4), as it was kept at a moment (UTC).

    inputs: the digests of what it was made of. basis: what a report tells besides. expected: what
    a review compares with, in bytes of its own. All three None for plans kept by version 1.
    """

    at: dt.datetime
    plan: Mapping[str, Any]
    inputs: Mapping[str, Any] | None = None
    basis: Mapping[str, Any] | None = None
    expected: bytes | None = None


@dataclass(frozen=True)
class Store:
    """An open store; get one from `open_store`."""

    folder: Path
    connection: sqlite3.Connection

    def save_import(self, receipt: Mapping[str, Any], content: bytes) -> str:
        """Keep a file and its import receipt; returns the file's SHA-256.

        The original stands whole on the disk before the table speaks of it.
        """
        digest = hashlib.sha256(content).hexdigest()
        with _told(self.folder):
            _write_whole(self.original(digest), content)
            with _transaction(self.connection):
                self.connection.execute(
                    "INSERT INTO imports (at, sha256, receipt) VALUES (?, ?, ?)",
                    (_now(), digest, _json(receipt)),
                )
        return digest

    def imports(self) -> tuple[dict[str, Any], ...]:
        """All import receipts, oldest first."""
        return tuple(json.loads(text) for (text,) in self._rows("receipt", "imports"))

    def original(self, digest: str) -> Path:
        """Where the original of a digest is kept."""
        return self.folder / KEPT / "originals" / digest

    def save_plan(
        self,
        plan: Mapping[str, Any],
        inputs: Mapping[str, Any] | None = None,
        basis: Mapping[str, Any] | None = None,
        expected: bytes | None = None,
    ) -> None:
        """Add a plan in its machine form, and what `KeptPlan` tells of it."""
        with _told(self.folder), _transaction(self.connection):
            self.connection.execute(
                "INSERT INTO plans (at, plan, inputs, basis, expected) VALUES (?, ?, ?, ?, ?)",
                (
                    _now(),
                    _json(plan),
                    None if inputs is None else _json(inputs),
                    None if basis is None else _json(basis),
                    expected,
                ),
            )

    def plans(self) -> tuple[KeptPlan, ...]:
        """All plans, oldest first."""
        rows = self._rows("at, plan, inputs, basis, expected", "plans")
        return tuple(
            KeptPlan(
                dt.datetime.fromisoformat(at),
                json.loads(plan),
                json.loads(inputs) if inputs else None,
                json.loads(basis) if basis else None,
                expected,
            )
            for at, plan, inputs, basis, expected in rows
        )

    def last_plan(self) -> dict[str, Any] | None:
        """The plan saved last, None before the first."""
        rows = self._rows("plan", "plans")
        return json.loads(rows[-1][0]) if rows else None

    def last_plan_time(self) -> dt.datetime | None:
        """When the plan saved last was kept (UTC), None before the first."""
        rows = self._rows("at", "plans")
        return dt.datetime.fromisoformat(rows[-1][0]) if rows else None

    def save_change(self, who: str, what: str, old: str, new: str) -> None:
        """Add a change of the shop, such as a key of `shop.toml`, to its history."""
        with _told(self.folder), _transaction(self.connection):
            self.connection.execute(
                "INSERT INTO changes (at, who, what, old, new) VALUES (?, ?, ?, ?, ?)",
                (_now(), who, what, old, new),
            )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is saved within is saved together or not at all; no one else writes meanwhile.

        Others wait for their turn, and are told `store.busy` when that takes too long.
        """
        with _told(self.folder), _transaction(self.connection):
            yield

    def changes(self) -> tuple[Change, ...]:
        """The history of the shop, oldest first."""
        return tuple(
            Change(dt.datetime.fromisoformat(at), *rest)
            for at, *rest in self._rows("at, who, what, old, new", "changes")
        )

    def save_observations(self, digest: str, observations: Observations) -> None:
        """Keep observations under the digest of what they were counted from."""
        from hoursopt.store.archive import pack

        with _told(self.folder), _transaction(self.connection):
            self.connection.execute(
                "INSERT OR REPLACE INTO observations VALUES (?, ?, ?)",
                (digest, _now(), pack(observations)),
            )
            self.connection.execute(
                "DELETE FROM observations WHERE digest NOT IN "
                "(SELECT digest FROM observations ORDER BY at DESC, rowid DESC LIMIT ?)",
                (KEPT_OBSERVATIONS,),
            )

    def load_observations(self, digest: str) -> Observations | None:
        """Observations kept under a digest, None where there are none."""
        from hoursopt.store.archive import unpack

        with _told(self.folder):
            row = self.connection.execute(
                "SELECT arrays FROM observations WHERE digest = ?", (digest,)
            ).fetchone()
        return unpack(row[0]) if row else None

    def save_reading(self, digest: str, imported: Imported, most: int = KEPT_READINGS) -> None:
        """Keep what was read from files under the digest of all that it depends on.

        Of all readings the newest stay, `most` of them: a shop reads the files of its peers too.
        """
        from hoursopt.store.readings import pack_reading

        with _told(self.folder):
            folder = self.folder / KEPT / "readings"
            _write_whole(folder / digest, pack_reading(imported))
            _keep_newest(folder, most)

    def load_reading(self, digest: str) -> Imported | None:
        """What was read under a digest, None where there is nothing."""
        from hoursopt.store.readings import unpack_reading

        with _told(self.folder):
            path = self.folder / KEPT / "readings" / digest
            kept = unpack_reading(path.read_bytes()) if path.is_file() else None
            if kept is None:
                path.unlink(missing_ok=True)
            return kept

    def save_demand(self, digest: str, content: bytes, most: int) -> None:
        """Keep the draws of a fit under the digest of all that they depend on; `most` stay."""
        with _told(self.folder):
            folder = self.folder / KEPT / "demand"
            _write_whole(folder / digest, content)
            _keep_newest(folder, most)

    def load_demand(self, digest: str) -> bytes | None:
        """What was kept under a digest, None where there is nothing."""
        with _told(self.folder):
            path = self.folder / KEPT / "demand" / digest
            return path.read_bytes() if path.is_file() else None

    def save_noun(self, digest: str, noun: object) -> None:
        """Keep what was worked out under the digest of all that it depends on."""
        with _told(self.folder):
            folder = self.folder / KEPT / "nouns"
            _write_whole(folder / digest, pack_noun(noun))
            _keep_newest(folder, KEPT_NOUNS)

    def load_noun(self, digest: str, kind: type[Noun]) -> Noun | None:
        """What was worked out under a digest, None where there is nothing."""
        with _told(self.folder):
            path = self.folder / KEPT / "nouns" / digest
            noun = unpack_noun(kind, path.read_bytes()) if path.is_file() else None
            if noun is None:
                path.unlink(missing_ok=True)
            return noun

    def _rows(self, columns: str, table: str) -> list[Any]:
        with _told(self.folder):
            return self.connection.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """The store of a shop folder, made at the first use; closed at the end of the block.

    Raises DataError `store.read_only` where the folder cannot be written to (callers may tell it
    and go on without a store), `store.newer` for a store of a later version of this program,
    `store.busy` and `store.damaged`.
    """
    path = folder / KEPT / "shop.sqlite"
    with _told(folder):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            _prepare(connection, folder)
        except BaseException:
            connection.close()
            raise
    try:
        yield Store(folder, connection)
    finally:
        connection.close()


def digest_of(parts: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """Digest of everything that observations depend on: parts of the shop, files' SHA-256."""
    return hashlib.sha256(_json({"parts": parts, "files": files}).encode()).hexdigest()


def _prepare(connection: sqlite3.Connection, folder: Path) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    version = _version(connection)
    if version > VERSION:
        raise DataError("store.newer", folder=str(folder), version=version, known=VERSION)
    if version == VERSION:
        return
    if version:
        _copy_aside(connection, folder / KEPT / f"shop.version-{version}.sqlite")
    with _transaction(connection):
        # Another program may have been quicker: what counts is what stands there now.
        version = _version(connection)
        if version == 0:
            _execute(connection, _SCHEMA)
            for table in ("imports", "plans", "changes"):
                for verb in ("UPDATE", "DELETE"):
                    connection.execute(_APPEND_ONLY.format(table=table, verb=verb))
            version = 1
        for step in range(version, VERSION):
            _execute(connection, _MIGRATIONS[step])
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _execute(connection: sqlite3.Connection, statements: str) -> None:
    for statement in filter(str.strip, statements.split(";")):
        connection.execute(statement)


def _copy_aside(connection: sqlite3.Connection, copy: Path) -> None:
    """Keep the store as it was before its form changes; a copy that is there already stays."""
    if copy.exists():
        return
    part = copy.with_name(f"part-{os.getpid()}-{copy.name}")
    try:
        connection.execute("VACUUM INTO ?", (str(part),))
        os.replace(part, copy)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    if connection.in_transaction:  # part of a larger one
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Faults of the disk and of the SQLite file as DataError; others are no reader's to mend."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        # The low byte is the primary code: SQLITE_READONLY_DIRECTORY is SQLITE_READONLY.
        key = _FAULTS.get(error.sqlite_errorcode & 0xFF)
        if key is None:
            raise
        raise DataError(key, folder=str(folder), reason=str(error)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError("store.read_only", folder=str(folder), reason=reason) from error


def _keep_newest(folder: Path, most: int) -> None:
    newest = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    for path in newest[:-most]:
        path.unlink(missing_ok=True)


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
