"""A CBC that is missing, fails, is killed, hangs, writes rubbish or runs out of time."""

from __future__ import annotations

import math
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pulp
import pytest
from oracle import best_by_hand, tiny

from hoursopt.errors import SolverError
from hoursopt.program import best_staffing, best_week, cbc, solve
from hoursopt.program.answer import Answer
from hoursopt.program.check import hours_faults, staff_faults
from hoursopt.scenario import Scenario

SOLUTION = """import sys
name = sys.argv[sys.argv.index("-solution") + 1]
model = open(sys.argv[1]).read()
"""

FAULTS = {
    "ends with an error": "import sys; sys.exit(1)",
    "is killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "writes nothing": "",
    "writes an empty file": SOLUTION + "open(name, 'w')",
    "writes rubbish": SOLUTION + "open(name, 'w').write('Optimal so\\nrub bish\\n')",
    "writes bytes": SOLUTION + "open(name, 'wb').write(bytes(range(256)) * 9)",
    "writes words for numbers": SOLUTION
    + "open(name, 'w').write('Optimal - objective value 9\\n 0 X0000000 much 0\\n')",
    "claims zeros": SOLUTION + "open(name, 'w').write('Optimal - objective value 9999\\n')",
    "claims a fortune": SOLUTION
    + "open(name, 'w').write('Optimal - objective value 1e30\\n'"
    + " + ''.join(f' {n} X{n:07} 1e300 0\\n' for n in range(2000)))",
    "claims no number": SOLUTION
    + "open(name, 'w').write('Optimal - objective value nan\\n 0 X0000000 nan 0\\n')",
    "says infeasible": SOLUTION + "open(name, 'w').write('Infeasible - objective value 0\\n')",
    "has no time": SOLUTION
    + "open(name, 'w').write('Stopped on time (no integer solution - continuous used)\\n')",
    "has a wrong week when time is up": SOLUTION
    + "open(name, 'w').write('Stopped on time - objective value 5\\n 0 X0000000 0.5 0\\n')",
}


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a script in place of CBC; its model and solution files go to a folder of their own."""
    left = tmp_path / "left"
    left.mkdir()
    monkeypatch.setenv("TMP", str(left))  # where PuLP puts files
    monkeypatch.setattr(tempfile, "tempdir", str(left))

    def put(code: str) -> Path:
        script = tmp_path / "cbc"
        script.write_text(f"#!{sys.executable} -IS\n{code}\n")
        script.chmod(0o755)
        monkeypatch.setattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", str(script))
        return left

    return put


def shop() -> Scenario:
    """A shop whose best hours are not today's."""
    return tiny(3, 2, 4, demand=1.5, staff=({"people": 1},))


@cache
def best_worth() -> float:
    """The worth of its best week."""
    return best_by_hand(shop())[0]


def stands(scenario: Scenario, answer: Answer) -> bool:
    """Whether an answer's week keeps every limit."""
    hours = hours_faults(scenario, answer.week.hours)
    return not hours and not staff_faults(scenario, answer.week)


@pytest.mark.parametrize("fault", FAULTS)
def test_highs_answers_where_cbc_fails(fault: str, fake: Callable[[str], Path]) -> None:
    left = fake(FAULTS[fault])
    scenario = shop()

    answer = best_week(scenario, solver="cbc", time_limit=30.0)

    assert stands(scenario, answer)
    assert answer.proof.solver == "HiGHS"
    assert answer.proof.status == "optimal"
    assert answer.ledger.profit == pytest.approx(best_worth(), abs=0.02)
    assert not list(left.iterdir())


@pytest.mark.parametrize("fault", FAULTS)
def test_where_nothing_but_a_failing_cbc_is_there_it_is_said(
    fault: str, fake: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = fake(FAULTS[fault])
    monkeypatch.setattr(solve, "available", lambda: ("cbc",))
    scenario = shop()

    with pytest.raises(SolverError) as found:
        best_staffing(scenario, scenario.today, solver="cbc", time_limit=30.0)

    assert found.value.key == "program.no_answer"
    assert "CBC" in str(found.value)
    assert not list(left.iterdir())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_known_week_stays_and_is_not_called_best(
    fault: str, fake: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = shop()
    known = best_staffing(scenario, scenario.today)
    fake(FAULTS[fault])
    monkeypatch.setattr(solve, "available", lambda: ("cbc",))

    answer = best_week(scenario, solver="cbc", incumbent=known.week, time_limit=30.0)

    assert stands(scenario, answer)
    assert answer.ledger.profit >= known.ledger.profit - 1e-9
    assert answer.proof.status == "feasible"
    assert math.isfinite(answer.proof.bound)
    assert answer.proof.bound >= best_worth() - 1e-6


STOPPED = """import subprocess, sys
subprocess.call([{cbc!r}, *sys.argv[1:]])
name = sys.argv[sys.argv.index("-solution") + 1]
said = open(name).read()
open(name, "w").write(said.replace("Optimal -", "Stopped on time -", 1))
"""


def test_what_cbc_has_when_time_is_up_is_marked(
    fake: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = fake(STOPPED.format(cbc=pulp.PULP_CBC_CMD.pulp_cbc_path))
    monkeypatch.setattr(solve, "available", lambda: ("cbc",))
    scenario = shop()

    answer = best_week(scenario, solver="cbc", time_limit=30.0)

    assert stands(scenario, answer)
    assert answer.ledger.profit == pytest.approx(best_worth(), abs=0.02)
    assert answer.proof.bound >= answer.ledger.profit - 1e-6
    assert answer.proof.status == ("optimal" if answer.proof.gap <= 1e-4 else "feasible")
    assert not list(left.iterdir())


def test_a_cbc_that_hangs_is_ended_soon_after_the_time_limit(
    fake: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cbc, "GRACE", 0.5)
    left = fake(
        "import os, time; open(os.environ['TMP'] + '/../pid', 'w').write(str(os.getpid()))"
        "; time.sleep(120)"
    )
    scenario = shop()
    known = best_staffing(scenario, scenario.today)
    began = time.monotonic()

    answer = best_week(scenario, solver="cbc", incumbent=known.week, time_limit=1.0)

    assert time.monotonic() - began < 60.0
    assert stands(scenario, answer)
    assert answer.proof.status == "feasible"
    assert not list(left.iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(int((left.parent / "pid").read_text()), 0)


def test_without_a_file_of_cbc_highs_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", str(tmp_path / "cbc"))

    answer = best_week(shop(), solver="cbc")

    assert solve.available() == ("highs",)
    assert answer.proof.solver == "HiGHS"
    assert answer.proof.status == "optimal"
