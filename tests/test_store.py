"""The store remembers whole things, in order, through a killed writer and a newer version."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from hoursopt.errors import DataError
from hoursopt.hours import Grid
from hoursopt.observations import Channel, Note, Observations
from hoursopt.store import KEPT, KEPT_OBSERVATIONS, VERSION, digest_of, open_store
from hoursopt.store.archive import pack, unpack

WRITER = """
import sys
from pathlib import Path
from hoursopt.store import open_store
with open_store(Path(sys.argv[1])) as store:
    for number in range(100000):
        content = (str(number) * 50000).encode()
        store.save_import({"number": number}, content)
        store.save_plan({"number": number})
        print(number, flush=True)
"""


def some_observations() -> Observations:
    grid = Grid(60, 360, 1440)
    rng = np.random.default_rng(3)
    shape = (9, grid.size)
    channel = Channel(
        counts=rng.poisson(3, shape).astype(float),
        values=np.full(shape, np.nan),
        exposure=rng.uniform(size=shape),
        state=rng.integers(0, 3, shape).astype(np.int8),
        outside=rng.poisson(1, 9).astype(float),
    )
    first = dt.date(2025, 2, 26)
    dates = tuple(first + dt.timedelta(days=day) for day in range(9))
    notes = (
        Note("observe.unknown_days", {"source": "street", "count": 1, "dates": (first,)}),
        Note("observe.outside", {"share": 0.07}),
    )
    staff = np.where(np.arange(9)[:, None] > 3, 2.0, np.full(shape, np.nan))
    return Observations(grid, dates, rng.uniform(size=shape), {"receipts": channel}, notes, staff)


def test_imports_keep_their_originals(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        digest = store.save_import({"file": "kuitit.csv", "rows": 3}, b"a;b\n")
        store.save_import({"file": "again.csv"}, b"a;b\n")
        assert digest == hashlib.sha256(b"a;b\n").hexdigest()
        assert store.original(digest).read_bytes() == b"a;b\n"
    with open_store(tmp_path) as store:
        assert [receipt["file"] for receipt in store.imports()] == ["kuitit.csv", "again.csv"]


def test_the_last_plan_and_all_changes_come_back(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.last_plan() is None
        store.save_plan({"shop": "Höyhen"})
        store.save_plan({"shop": "Höyhen", "gain": 96.0})
        store.save_change("Maija", "economics.margin_rate", "0.4", "0.45")
    with open_store(tmp_path) as store:
        assert store.last_plan() == {"shop": "Höyhen", "gain": 96.0}
        (change,) = store.changes()
        assert (change.who, change.old, change.new) == ("Maija", "0.4", "0.45")
        assert change.at.tzinfo is not None


def test_history_cannot_be_rewritten(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.save_change("a", "b", "c", "d")
        store.save_plan({})
        store.save_import({}, b"")
        for table in ("imports", "plans", "changes"):
            for command in (f"DELETE FROM {table}", f"UPDATE {table} SET at = ''"):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    store.connection.execute(command)


def test_observations_come_back_as_they_were(tmp_path: Path) -> None:
    before = some_observations()
    with open_store(tmp_path) as store:
        assert store.load_observations("none") is None
        store.save_observations("d1", before)
        after = store.load_observations("d1")
    assert after is not None
    assert (after.grid, after.dates, after.notes) == (before.grid, before.dates, before.notes)
    np.testing.assert_array_equal(after.opened, before.opened)
    np.testing.assert_array_equal(after.staff, before.staff)
    for part in vars(before.channels["receipts"]):
        old = getattr(before.channels["receipts"], part)
        new = getattr(after.channels["receipts"], part)
        np.testing.assert_array_equal(new, old)
        assert np.asarray(new).dtype == np.asarray(old).dtype


def test_the_sensors_of_a_channel_come_back_and_older_bytes_are_counted_again() -> None:
    before = some_observations()
    receipts = before.channels["receipts"]
    rng = np.random.default_rng(5)
    shape = (3, *receipts.counts.shape)
    street = replace(
        receipts,
        sensor_counts=rng.poisson(9, shape).astype(float),
        sensor_exposure=rng.uniform(size=shape),
    )
    packed = pack(replace(before, channels={"receipts": receipts, "street": street}))
    after = unpack(packed)
    assert after is not None
    np.testing.assert_array_equal(after.channels["street"].sensor_counts, street.sensor_counts)
    np.testing.assert_array_equal(after.channels["street"].sensor_exposure, street.sensor_exposure)
    assert after.channels["receipts"].sensor_counts.shape == (0, 0, 0)
    older = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as new, zipfile.ZipFile(older, "w") as old:
        for part in new.namelist():
            if ".sensor_" not in part:
                old.writestr(part, new.read(part))
    assert unpack(older.getvalue()) is None


def test_only_the_latest_observations_are_kept(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for number in range(KEPT_OBSERVATIONS + 2):
            store.save_observations(f"d{number}", some_observations())
        assert store.load_observations("d1") is None
        assert store.load_observations("d2") is not None


def test_observations_of_another_form_are_counted_again(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.save_observations("d", some_observations())
        store.connection.execute("UPDATE observations SET arrays = ?", (b"no zip",))
        assert store.load_observations("d") is None


def test_digests_tell_shops_and_files_apart() -> None:
    parts = MappingProxyType({"grid": [30, 360, 1440]})
    one = digest_of(dict(parts), {"receipts.csv": "aa"})
    assert one == digest_of(dict(parts), {"receipts.csv": "aa"})
    assert one != digest_of(dict(parts), {"receipts.csv": "ab"})
    assert one != digest_of({"grid": [60, 360, 1440]}, {"receipts.csv": "aa"})


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.save_plan({"kept": True})
        store.connection.execute("PRAGMA user_version = 99")
    with pytest.raises(DataError) as caught, open_store(tmp_path):
        pass
    assert caught.value.key == "store.newer"
    assert caught.value.values["version"] == 99
    with sqlite3.connect(tmp_path / KEPT / "shop.sqlite") as plain:
        assert plain.execute("SELECT count(*) FROM plans").fetchone() == (1,)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / KEPT).write_text("a file where the folder should be")
    with pytest.raises(DataError) as caught, open_store(tmp_path):
        pass
    assert caught.value.key == "store.read_only"


FIRST_VERSION = """
CREATE TABLE imports (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, sha256 TEXT NOT NULL, receipt TEXT NOT NULL);
CREATE TABLE plans (id INTEGER PRIMARY KEY, at TEXT NOT NULL, plan TEXT NOT NULL);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
    old TEXT NOT NULL, new TEXT NOT NULL);
CREATE TABLE observations (digest TEXT PRIMARY KEY, at TEXT NOT NULL, arrays BLOB NOT NULL);
CREATE TRIGGER plans_UPDATE BEFORE UPDATE ON plans
BEGIN SELECT RAISE(ABORT, 'plans is append-only'); END;
INSERT INTO plans (at, plan) VALUES ('2026-05-01T10:00:00.000000+00:00', '{"shop": "Höyhen"}');
PRAGMA user_version = 1;
"""


def test_a_store_of_the_first_version_keeps_its_plans_and_takes_new_ones(tmp_path: Path) -> None:
    (tmp_path / KEPT).mkdir()
    with sqlite3.connect(tmp_path / KEPT / "shop.sqlite") as plain:
        plain.executescript(FIRST_VERSION)
    plain.close()
    with open_store(tmp_path) as store:
        store.save_plan({"shop": "new"}, {"shop": "d"}, {"first": 1}, b"draws")
    with open_store(tmp_path) as store:
        old, new = store.plans()
        assert store.connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert old.plan == {"shop": "Höyhen"} and old.at.date() == dt.date(2026, 5, 1)
    assert (old.inputs, old.basis, old.expected) == (None, None, None)
    assert (new.inputs, new.basis, new.expected) == ({"shop": "d"}, {"first": 1}, b"draws")
    names = sorted(path.name for path in (tmp_path / KEPT).glob("*.sqlite"))
    assert names == ["shop.sqlite", "shop.version-1.sqlite"]
    with sqlite3.connect(tmp_path / KEPT / "shop.version-1.sqlite") as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT count(*) FROM plans").fetchone() == (1,)


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    (tmp_path / KEPT).mkdir()
    (tmp_path / KEPT / "shop.sqlite").write_bytes(b"this is no database at all " * 99)
    with pytest.raises(DataError) as caught, open_store(tmp_path):
        pass
    assert caught.value.key == "store.damaged"


def test_a_fault_in_the_block_is_not_swallowed_or_renamed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_store(tmp_path):
        (tmp_path / "no such file").read_bytes()


def test_two_writers_take_turns(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as two:
        for number in range(5):
            one.save_plan({"one": number})
            two.save_plan({"two": number})
        assert one.last_plan() == {"two": 4}


def test_a_killed_writer_leaves_the_store_whole(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    for pause in (0.0, 0.013, 0.031):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            env=environment,
        )
        assert writer.stdout is not None
        for _ in range(3):
            assert writer.stdout.readline()
        time.sleep(pause)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    with open_store(tmp_path) as store:
        assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert len(store.imports()) >= 9
        rows = store.connection.execute("SELECT sha256 FROM imports").fetchall()
        for (digest,) in rows:
            assert hashlib.sha256(store.original(digest).read_bytes()).hexdigest() == digest
        assert store.last_plan() is not None
        store.save_plan({"after": True})
        assert store.last_plan() == {"after": True}
