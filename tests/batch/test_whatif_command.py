"""hoursopt whatif, as a planner runs it."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from tiny_shop import write_tiny_shop

from hoursopt.cli import main

SWEEP = """
[sweep]
economics.margin_rate = [0.3, 0.5]
[[scenario]]
name = "as it is"
[[scenario]]
name = "-dear"
scale = { "staff.*.hourly_cost" = 1.5 }
"""
COLUMNS = [
    "shop", "scenario", "economics.margin_rate", "scale.staff.*.hourly_cost", "hours",
    "today_profit", "best_profit", "gain", "gain_low", "gain_high", "status", "gap", "seconds",
    "error",
]  # fmt: skip


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chain of two shops and a folder whose shop.toml cannot be read, with its fits kept."""
    chain = tmp_path_factory.mktemp("origin") / "chain"
    for number, name in ((1, "north"), (2, "south")):
        write_tiny_shop(chain / name, days=28 * number)
        toml = chain / name / "shop.toml"
        toml.write_text(toml.read_text().replace('"Tiny"', f'"Tiny {name}"'))
    (chain / "broken").mkdir()
    (chain / "broken" / "shop.toml").write_text("schema_version = 1\n[shop]\nnam = 'x'\n")
    (chain.parent / "sweep.toml").write_text(SWEEP)
    main(["whatif", str(chain), "--sweep", str(chain.parent / "sweep.toml"), "--jobs", "1",
          "--out", str(chain.parent / "first.csv"), "--no-seconds"])  # fmt: skip
    return chain.parent


@pytest.fixture
def folder(origin: Path, tmp_path: Path) -> Path:
    shutil.copytree(origin, tmp_path, dirs_exist_ok=True)
    return tmp_path


def whatif(folder: Path, *more: str, out: str = "out.csv", chain: str = "chain") -> int:
    return main(
        ["whatif", str(folder / chain), "--sweep", str(folder / "sweep.toml"), "--jobs", "1",
         "--out", str(folder / out), *more]
    )  # fmt: skip


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_one_row_for_each_shop_and_scenario_in_order(origin: Path) -> None:
    rows = rows_of(origin / "first.csv")
    assert list(rows[0]) == COLUMNS
    assert [row["shop"] for row in rows] == (
        ["broken"] * 4 + ["Tiny north"] * 4 + ["Tiny south"] * 4
    )
    assert [row["scenario"] for row in rows[:4]] == [
        "as it is; economics.margin_rate=0.3",
        "as it is; economics.margin_rate=0.5",
        "-dear; economics.margin_rate=0.3",
        "-dear; economics.margin_rate=0.5",
    ]
    assert [row["economics.margin_rate"] for row in rows[4:8]] == ["0.3", "0.5"] * 2
    assert {row["status"] for row in rows[4:]} == {"optimal"}
    for row in rows[4:]:
        assert float(row["best_profit"]) >= float(row["today_profit"])
        assert float(row["gain_low"]) <= float(row["gain"]) <= float(row["gain_high"])


def test_a_shop_that_cannot_be_read_says_so_and_the_rest_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert whatif(folder) == 1
    told = capsys.readouterr()
    assert "broken" in told.out
    assert "4 runs have no answer" in told.err
    broken = [row for row in rows_of(folder / "out.csv") if row["shop"] == "broken"]
    assert len(broken) == 4
    assert all("shop.nam" in row["error"] and row["gain"] == "" for row in broken)


def test_a_shop_whose_peer_cannot_be_read_says_so_too(folder: Path) -> None:
    toml = folder / "chain" / "south" / "shop.toml"
    text = toml.read_text().replace("[sources]", '[sources]\npeers = ["../broken"]')
    toml.write_text(text)
    assert whatif(folder) == 1
    rows = [row for row in rows_of(folder / "out.csv") if row["scenario"].startswith("as it is")]
    status = {(row["shop"], row["status"]) for row in rows}
    assert status == {("broken", "error"), ("Tiny north", "optimal"), ("Tiny south", "error")}


def test_two_processes_write_the_same_bytes_as_one(origin: Path, folder: Path) -> None:
    assert whatif(folder, "--no-seconds", "--jobs", "2") == 1
    # The unreadable shop is called by its path, which is another here.
    first = (folder / "first.csv").read_text().replace(str(origin), str(folder))
    assert (folder / "out.csv").read_text() == first


def test_seconds_are_measured_unless_they_are_left_out(folder: Path) -> None:
    whatif(folder, chain="chain/north")
    assert all(float(row["seconds"]) > 0 for row in rows_of(folder / "out.csv"))
    assert {row["seconds"] for row in rows_of(folder / "first.csv")} == {""}


def test_a_second_run_does_only_what_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert whatif(folder, chain="chain/north") == 0
    first = (folder / "out.csv").read_bytes()
    sweep = folder / "sweep.toml"
    sweep.write_text(SWEEP.replace("[0.3, 0.5]", "[0.3, 0.4, 0.5]"))
    capsys.readouterr()
    assert whatif(folder, "--resume", chain="chain/north") == 0
    told = capsys.readouterr()
    assert "4 runs are done already" in told.out
    assert "2 runs done" in told.err
    sweep.write_text(SWEEP)
    assert whatif(folder, "--resume", chain="chain/north") == 0
    assert (folder / "out.csv").read_bytes() == first


def test_changed_data_or_figures_are_run_anew(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whatif(folder, chain="chain/north")
    toml = folder / "chain" / "north" / "shop.toml"
    toml.write_text(toml.read_text().replace("open_hour_cost = 2.0", "open_hour_cost = 2.5"))
    whatif(folder, "--resume", chain="chain/north")
    with (folder / "chain" / "north" / "receipts.csv").open("a") as stream:
        stream.write("2026-01-30 12:00;x;20.00\n")
    whatif(folder, "--resume", chain="chain/north")
    assert "done already" not in capsys.readouterr().out


def test_an_output_that_exists_is_not_written_over(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "out.csv").write_text("mine")
    assert whatif(folder) == 1
    assert "--resume" in capsys.readouterr().err
    assert (folder / "out.csv").read_text() == "mine"
    assert whatif(folder, "--overwrite", chain="chain/north") == 0
    assert (folder / "out.csv").read_text() != "mine"


def test_mistakes_of_the_sweep_are_told_before_anything_runs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "sweep.toml").write_text(
        "[sweep]\neconomics.margn_rate = [1]\nstaff.ownr.people = [1]\n"
    )
    assert whatif(folder) == 1
    told = capsys.readouterr().err
    assert "economics.margin_rate" in told and "owner" in told
    assert not (folder / "out.csv").exists()


def test_a_scenario_that_no_shop_can_do_is_a_mistake_and_one_for_some_a_row(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = "[[scenario]]\nname = 'two'\nset = { 'limits.max_staff' = 2 }\n"
    (folder / "sweep.toml").write_text(sweep)
    assert whatif(folder) == 1
    assert "two" in capsys.readouterr().err
    toml = folder / "chain" / "north" / "shop.toml"
    toml.write_text(toml.read_text().replace("people = 1", "people = 2"))
    assert whatif(folder) == 1
    status = {row["shop"]: row["status"] for row in rows_of(folder / "out.csv")}
    assert status == {"broken": "error", "Tiny north": "optimal", "Tiny south": "error"}


def test_rules_that_leave_no_plan_are_told_in_the_row(folder: Path) -> None:
    (folder / "sweep.toml").write_text(
        "[[scenario]]\nname = 'much'\nset = { 'limits.week_open_hours' = [80, 90], "
        "'staff.owner.week_hours' = 10 }\n"
    )
    assert whatif(folder, chain="chain/north") == 1
    (row,) = rows_of(folder / "out.csv")
    assert row["status"] == "error"
    assert row["error"].count("\n") == 0 and "10" in row["error"]


def test_a_hundred_thousand_runs_ask_for_yes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "sweep.toml").write_text(
        "[draws]\ncount = 10000000\neconomics.margin_rate = { uniform = [0.4, 0.5] }\n"
    )
    began = time.monotonic()
    assert whatif(folder) == 1
    assert "--yes" in capsys.readouterr().err
    assert time.monotonic() - began < 20


def test_a_dry_run_tells_how_many_and_how_long_and_writes_no_results(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert whatif(folder, "--dry-run") == 0
    told = capsys.readouterr().out
    assert "Runs: 12" in told and "second" in told
    assert not (folder / "out.csv").exists()


def test_globs_choose_shops_and_shops_of_scenarios(folder: Path) -> None:
    (folder / "sweep.toml").write_text(
        "[shops]\nonly = ['*th']\n[[scenario]]\nname = 'a'\n[[scenario]]\nname = 'b'\n"
        "shops = ['south']\n"
    )
    assert whatif(folder, chain="chain/*/shop.toml") == 0
    told = [(row["shop"], row["scenario"]) for row in rows_of(folder / "out.csv")]
    assert told == [("Tiny north", "a"), ("Tiny south", "a"), ("Tiny south", "b")]


@pytest.mark.parametrize("out", ["out.txt", "nowhere/out.csv"])
def test_an_output_that_cannot_be_is_refused_at_once(folder: Path, out: str) -> None:
    assert whatif(folder, out=out) == 1


def test_parquet_and_the_workbook_hold_the_same_rows(folder: Path) -> None:
    assert whatif(folder, "--excel", "--ledger", out="out.parquet", chain="chain/north") == 0
    table = pq.read_table(folder / "out.parquet")
    assert table.column_names[: len(COLUMNS)] == COLUMNS
    rows = table.to_pylist()
    first = [row for row in rows_of(folder / "first.csv") if row["shop"] == "Tiny north"]
    assert [str(row["gain"]) for row in rows] == [row["gain"] for row in first]
    for row in rows:
        spent = row["best_wages"] + row["best_opening_cost"] + row["best_goodwill"]
        earned = row["best_sales_margin"] + row["best_online_margin"]
        assert earned - spent == pytest.approx(row["best_profit"], abs=0.02)
    book = openpyxl.load_workbook(folder / "out.xlsx")
    summary, runs = book.worksheets
    assert [cell.value for cell in runs[1]] == table.column_names
    assert runs.max_row == 1 + len(rows)
    assert runs["B4"].value.startswith("-dear")
    assert any("as it is" in str(cell.value) for cell in summary["A"])


def test_a_full_disk_leaves_what_was_there_and_keeps_the_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "out.csv").write_text("old")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("hoursopt.batch.results.os.fsync", full)
        assert whatif(folder, "--resume", chain="chain/north") == 1
    assert "No space left" in capsys.readouterr().err
    assert (folder / "out.csv").read_text() == "old"
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []
    assert whatif(folder, "--resume", chain="chain/north") == 0
    assert "4 runs are done already" in capsys.readouterr().out


MANY = 30
"""Runs that nobody finishes between two looks."""


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(folder: Path) -> None:
    (folder / "sweep.toml").write_text(
        f"[draws]\ncount = {MANY}\ndemand.walk_in = {{ uniform = [0.5, 2.0] }}\n"
    )
    command = [
        sys.executable, "-m", "hoursopt", "whatif", "chain/north", "--sweep", "sweep.toml",
        "--out", "out.csv", "--jobs", "1",
    ]  # fmt: skip
    surroundings = {**os.environ, "PYTHONPATH": os.getcwd(), "LANG": "en"}
    running = subprocess.Popen(
        command,
        cwd=folder,
        env=surroundings,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_as_at_a_keyboard,
    )
    kept = folder / "out.csv.runs"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not _finished(kept):
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert b"done and kept" in told
    assert not (folder / "out.csv").exists()
    done = _finished(kept)
    assert 0 < done < MANY
    assert whatif(folder, chain="chain/north") == 0
    assert len(rows_of(folder / "out.csv")) == MANY
    assert _finished(kept) == MANY


def _as_at_a_keyboard() -> None:
    # A shell that runs these tests in the background would have Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _finished(kept: Path) -> int:
    if not kept.exists():
        return 0
    try:
        with sqlite3.connect(kept) as connection:
            return connection.execute("SELECT count(*) FROM runs").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def test_the_row_of_a_run_is_the_plan_of_the_shop(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "sweep.toml").write_text("[[scenario]]\nname = 'as it is'\n")
    assert whatif(folder, chain="chain/south") == 0
    (row,) = rows_of(folder / "out.csv")
    capsys.readouterr()
    assert main(["plan", str(folder / "chain" / "south"), "--json", "-"]) == 0
    year = json.loads(capsys.readouterr().out)["year"]
    assert float(row["best_profit"]) == pytest.approx(year["best"]["profit"], abs=0.05)
    assert float(row["gain"]) == pytest.approx(year["gain"]["mean"], abs=0.05)
