"""A real Dask scheduler with two workers on loopback: the same bytes, also when one dies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_shop import write_tiny_shop

from hoursopt.cli import main

SWEEP = "[draws]\ncount = 10\ndemand.walk_in = { uniform = [0.5, 2.0] }\n"
QUIET = ("--host", "127.0.0.1", "--no-dashboard")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """The address of the scheduler, and its two workers."""
    file = tmp_path / "scheduler.json"
    surroundings = {**os.environ, "PYTHONPATH": os.getcwd()}

    def start(program: str, *words: str) -> subprocess.Popen:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *QUIET, *words]
        return subprocess.Popen(
            [*command, "--scheduler-file", str(file)],
            cwd=tmp_path,
            env=surroundings,
            stderr=subprocess.DEVNULL,
        )

    running = [start("dask_scheduler", "--port", "0")]
    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        words = ("--nthreads", "1", "--no-nanny")
        workers = [start("dask_worker", *words) for _ in range(2)]
        running += workers
        yield json.loads(file.read_text())["address"], workers
    finally:
        for process in running:
            process.kill()
            process.wait()


def whatif(folder: Path, out: str, *more: str) -> int:
    return main(
        ["whatif", str(folder / "shop"), "--sweep", str(folder / "sweep.toml"), "--no-seconds",
         "--out", str(folder / out), *more]
    )  # fmt: skip


def test_a_cluster_of_which_a_worker_dies_writes_the_same_bytes(
    tmp_path: Path,
    cluster: tuple[str, list[subprocess.Popen]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, (victim, _) = cluster
    write_tiny_shop(tmp_path / "shop")
    (tmp_path / "sweep.toml").write_text(SWEEP)
    done: list[int] = []
    from hoursopt.batch.telling import Progress

    step = Progress.step

    def killing(self: Progress, finished: object) -> None:
        step(self, finished)  # type: ignore[arg-type]
        done.append(1)
        if len(done) == 3:
            victim.kill()

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "step", killing)
        assert whatif(tmp_path, "cluster.csv", "--cluster", address) == 0
    assert len(done) == 10
    assert victim.poll() is not None
    assert whatif(tmp_path, "local.csv", "--jobs", "2") == 0
    assert (tmp_path / "cluster.csv").read_bytes() == (tmp_path / "local.csv").read_bytes()


def test_a_scheduler_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoursopt.batch.cluster.CONNECT_SECONDS", 1)
    write_tiny_shop(tmp_path / "shop")
    (tmp_path / "sweep.toml").write_text(SWEEP)
    assert whatif(tmp_path, "out.csv", "--cluster", "tcp://127.0.0.1:9") == 1
    assert "dask scheduler" in capsys.readouterr().err
    assert whatif(tmp_path, "out.csv", "--cluster", "nonsense://x") == 1
