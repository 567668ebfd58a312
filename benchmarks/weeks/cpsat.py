"""CP-SAT on the program of a week as it is: a process of its own, for it reads one file of rows.

OR-Tools and highspy cannot be loaded into one process. Money and rows are made whole numbers.
`python -m benchmarks.weeks.cpsat IN OUT SECONDS`: IN as `rows_of` tells, OUT values and verdict.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

STEP = 1e-3
"""Money and weights are whole multiples of this."""

MOST = 1e5
"""Bound of what has none."""


def rows_of(problem: Any) -> dict[str, Any]:
    """A PuLP problem as plain lists; each variable with its bounds and whether it is whole."""
    variables = problem.variables()
    place = {variable: number for number, variable in enumerate(variables)}
    return {
        "variables": [[x.lowBound, x.upBound, x.cat == "Integer"] for x in variables],
        "objective": [[place[x], weight] for x, weight in problem.objective.items()],
        "rows": [
            [row.getLb(), row.getUb(), [[place[x], weight] for x, weight in row.items()]]
            for row in problem.constraints()
        ],
    }


def solve(problem: Any, seconds: float) -> dict[str, Any]:
    """Let CP-SAT solve a PuLP problem with one thread; its values stay in the variables.

    The answer: status, seconds of the processor, value and bound by the solver's own count.
    """
    with TemporaryDirectory() as folder:
        asked, told = Path(folder) / "in.json", Path(folder) / "out.json"
        asked.write_text(json.dumps(rows_of(problem)))
        command = [sys.executable, "-m", "benchmarks.weeks.cpsat", str(asked), str(told)]
        subprocess.run([*command, str(seconds)], check=True, timeout=seconds + 120)
        answer: dict[str, Any] = json.loads(told.read_text())
    for variable, value in zip(problem.variables(), answer.pop("values"), strict=True):
        variable.varValue = value
    return answer


def _run(asked: dict[str, Any], seconds: float) -> dict[str, Any]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    # A variable that is no whole number counts in steps.
    units = [
        1.0 if whole or _is_small(low, high) else STEP for low, high, whole in asked["variables"]
    ]
    variables = [
        model.new_int_var(
            round((-MOST if low is None else low) / unit),
            round((MOST if high is None else high) / unit),
            str(number),
        )
        for number, ((low, high, _), unit) in enumerate(zip(asked["variables"], units, strict=True))
    ]

    def whole_terms(terms: list[list[float]], grain: float) -> list[tuple[int, int]]:
        return [(int(x), round(weight * units[int(x)] / grain)) for x, weight in terms]

    for low, high, terms in asked["rows"]:
        grain = STEP * STEP if any(units[int(x)] != 1 for x, _ in terms) else STEP
        known = whole_terms(terms, grain)
        total = sum(weight * variables[x] for x, weight in known)
        # A cut that is rounded must not cut off what it allowed: half a step for each term.
        slack = 0 if all(float(w).is_integer() for _, w in terms) else len(terms)
        if low is not None:
            model.add(total >= round(low / grain) - slack)
        if high is not None:
            model.add(total <= round(high / grain) + slack)
    grain = STEP * STEP
    model.maximize(sum(w * variables[x] for x, w in whole_terms(asked["objective"], grain)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.relative_gap_limit = 1e-4
    solver.parameters.max_time_in_seconds = seconds
    began = time.process_time()
    status = solver.solve(model)
    taken = time.process_time() - began
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    values = [
        solver.value(x) * unit if found else 0.0 for x, unit in zip(variables, units, strict=True)
    ]
    return {
        "status": solver.status_name(status),
        "seconds": taken,
        "value": solver.objective_value * grain if found else None,
        "bound": solver.best_objective_bound * grain,
        "values": values,
    }


def _is_small(low: float | None, high: float | None) -> bool:
    """Whether a variable is a state, a product of states or a number of people, as its start tells.

    At whole states these are whole in the program as it stands, so that nothing is lost.
    """
    return low is not None and (high is None or high < 1000) and float(low).is_integer()


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_text(json.dumps(_run(given, float(sys.argv[3]))))
