"""The solvers, and what they prove: HiGHS in memory or CBC, read by their numbers.

PuLP's words are not to be trusted: it says "Optimal" on a time limit too, and fills in values when
a solver failed. Proven means `sol_status == 1`; bounds come from the solver itself.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pulp
from pulp.apis import PulpSolverError

from hoursopt.errors import SolverError
from hoursopt.program.variables import Program

NAMES = {"highs": "HiGHS", "cbc": "CBC"}

GAP = 1e-4
ABSOLUTE_GAP = 1e-6


@dataclass(frozen=True)
class Setting:
    """One way to run a solver."""

    solver: str
    seed: int
    presolve: bool = True

    def __str__(self) -> str:
        parts = (NAMES[self.solver], f"seed {self.seed}", "" if self.presolve else "no presolve")
        return ", ".join(filter(None, parts))


@dataclass(frozen=True)
class Solved:
    """What a run gave: `optimal`, `feasible`, `infeasible` or `none`; claim and bound in money."""

    status: str
    claim: float
    bound: float


def available() -> tuple[str, ...]:
    """The solvers that this machine can run."""
    found = {"highs": pulp.HiGHS(msg=False), "cbc": pulp.PULP_CBC_CMD(msg=False)}
    return tuple(name for name, solver in found.items() if solver.available())


def settings(solver: str, seed: int) -> Iterator[Setting]:
    """The ladder: as asked, another seed, without presolve, the other solver."""
    if solver not in NAMES:
        raise SolverError("program.unknown_solver", name=solver, known=", ".join(NAMES))
    found = available()
    if not found:
        raise SolverError("program.no_solver")
    asked = solver if solver in found else found[0]
    yield Setting(asked, seed)
    yield Setting(asked, seed + 1)
    yield Setting(asked, seed, presolve=False)
    yield from (Setting(other, seed) for other in found if other != asked)


def run(program: Program, setting: Setting, seconds: float, gap: float = GAP) -> Solved:
    """Solve once; the values stay in the program's variables."""
    problem = program.problem
    solver = (
        _highs(setting, seconds, gap) if setting.solver == "highs" else _cbc(setting, seconds, gap)
    )
    began = time.monotonic()
    try:
        problem.solve(solver)
    # PuLP reads a solution that HiGHS does not have when no time is left.
    except (PulpSolverError, IndexError):
        return Solved("none", -math.inf, math.inf)
    if problem.sol_status in (pulp.LpSolutionInfeasible, pulp.LpSolutionUnbounded):
        return Solved("infeasible", -math.inf, -math.inf)
    values = [variable.varValue for variable in problem.variables()]
    if problem.sol_status == pulp.LpSolutionNoSolutionFound or None in values:
        return Solved("none", -math.inf, _bound(program, setting, math.nan, seconds))
    claim = float(pulp.value(problem.objective))
    proven = problem.sol_status == pulp.LpSolutionOptimal
    left = max(1.0, seconds - (time.monotonic() - began))
    bound = _bound(program, setting, claim if proven else math.nan, left)
    return Solved("optimal" if proven else "feasible", claim, max(bound, claim))


def _highs(setting: Setting, seconds: float, gap: float) -> pulp.LpSolver:
    return pulp.HiGHS(
        msg=False,
        gapRel=gap,
        gapAbs=ABSOLUTE_GAP,
        timeLimit=seconds,
        threads=1,
        random_seed=setting.seed,
        presolve="choose" if setting.presolve else "off",
    )


def _cbc(setting: Setting, seconds: float, gap: float) -> pulp.LpSolver:
    return pulp.PULP_CBC_CMD(
        msg=False,
        gapRel=gap,
        gapAbs=ABSOLUTE_GAP,
        timeLimit=max(1, math.ceil(seconds)),
        threads=None,
        presolve=None if setting.presolve else False,
        options=[f"randomCbcSeed {setting.seed}"],
    )


def _bound(program: Program, setting: Setting, proven: float, seconds: float) -> float:
    """The bound that HiGHS holds; for CBC, which tells none, its gap or the linear relaxation."""
    problem = program.problem
    if setting.solver == "highs":
        bound = problem.solverModel.getInfo().mip_dual_bound
        return problem.objective.constant - bound
    if not math.isnan(proven):
        return proven + max(ABSOLUTE_GAP, GAP * abs(proven))
    values = {variable: variable.varValue for variable in problem.variables()}
    relaxed = pulp.PULP_CBC_CMD(msg=False, mip=False, timeLimit=math.ceil(seconds))
    problem.solve(relaxed)
    bound = pulp.value(problem.objective) if problem.sol_status == 1 else math.inf
    for variable, value in values.items():
        variable.varValue = value
    return float(bound)
