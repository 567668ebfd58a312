"""Processes of this machine: what dies is tried again, what kills is marked."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import mortal
from tiny_shop import tiny_shop

from hoursopt.batch.nouns import WhatIf
from hoursopt.batch.pool import run_here
from hoursopt.batch.tasks import Task
from hoursopt.plan import Options


def tasks(folder: Path, *names: str) -> list[Task]:
    shop = tiny_shop(folder=folder)
    return [
        Task(number, str(number), shop, "", WhatIf(name), Options())
        for number, name in enumerate(names)
    ]


def test_a_killed_worker_is_replaced_and_its_run_tried_again(tmp_path: Path) -> None:
    chunks = [tasks(tmp_path, "a", "once", "b", "c")]
    ended = {one.task.number: one.result for one in run_here(chunks, 1, mortal.work)}
    assert {number: result.hours for number, result in ended.items()} == {
        0: "a",
        1: "once",
        2: "b",
        3: "c",
    }
    assert (tmp_path / "1.died").exists()


def test_a_run_that_kills_twice_is_marked_and_the_rest_goes_on(tmp_path: Path) -> None:
    chunks = [[one] for one in tasks(tmp_path, "a", "always", "b")]
    ended = {one.task.whatif.scenario: one.result for one in run_here(chunks, 1, mortal.work)}
    assert len(ended) == 3
    assert ended["always"].status == "killed"
    assert not ended["always"].lasting
    assert "memory" in ended["always"].error
    assert all(ended[name].hours == name for name in ("a", "b"))


def test_stopping_ends_the_processes(tmp_path: Path) -> None:
    before = set(multiprocessing.active_children())
    runs = run_here([[one] for one in tasks(tmp_path, "a", "b", "c")], 2, mortal.work)
    next(runs)
    runs.close()  # type: ignore[attr-defined]
    assert set(multiprocessing.active_children()) == before


def test_nothing_to_do_starts_nothing() -> None:
    assert list(run_here([], 2)) == []
