"""The solvers, and what they prove: HiGHS in memory or CBC, read by their numbers.

PuLP's words are not to be trusted: it says "Optimal" on a time limit too, and fills in values when
a solver failed. Proven means `sol_status == 1`; bounds come from the solver itself.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulp
from pulp.apis import PulpSolverError

from hoursopt.errors import SolverError
from hoursopt.program.cbc import CbcInTime
from hoursopt.program.highs import HighsAtOnce
from hoursopt.program.variables import Program

NAMES = {"highs": "HiGHS", "cbc": "CBC"}

GAP = 1e-4
ABSOLUTE_GAP = 1e-6

NEAR = 1e-3
"""By which a solver's value may lie outside its bounds: its tolerances, and more is rubbish."""

SHARE = {"highs": 0.8, "cbc": 0.5}
"""Of the gap that may remain, what the solver may leave; the rest is for rounded coefficients.

CBC tells no bound: what it was asked for is its bound, if proven.
"""


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


def run(
    program: Program,
    setting: Setting,
    seconds: float,
    gap: float = GAP,
    start: Mapping[pulp.LpVariable, float] | None = None,
    enough: float = math.inf,
) -> Solved:
    """Solve once; the values stay in the program's variables.

    `start`: values in a known week. `enough`: money at which a solution need not be improved.
    """
    problem = program.problem
    began = time.monotonic()
    try:
        problem.solve(_solver(setting, seconds, gap * SHARE[setting.solver], start, enough))
    # PuLP reads a solution that HiGHS does not have when no time is left.
    except (PulpSolverError, IndexError):
        return Solved("none", -math.inf, math.inf)
    if problem.sol_status == pulp.LpSolutionInfeasible:
        return Solved("infeasible", -math.inf, -math.inf)
    if problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return Solved("none", -math.inf, math.inf)
    if not all(map(_possible, problem.variables())):
        return Solved("none", -math.inf, math.inf)
    claim = float(pulp.value(problem.objective))
    proven = problem.sol_status == pulp.LpSolutionOptimal
    if setting.solver == "highs":
        bound = -problem.solverModel.getInfo().mip_dual_bound
    elif proven:
        bound = claim + max(ABSOLUTE_GAP, gap * SHARE[setting.solver] * abs(claim))
    else:
        bound = _relaxed(program, max(1.0, seconds - (time.monotonic() - began)))
    return Solved("optimal" if proven else "feasible", claim, max(bound, claim))


def _solver(
    setting: Setting,
    seconds: float,
    gap: float,
    start: Mapping[pulp.LpVariable, float] | None,
    enough: float,
) -> pulp.LpSolver:
    if setting.solver == "highs":
        return HighsAtOnce(
            start,
            msg=False,
            gapRel=gap,
            gapAbs=ABSOLUTE_GAP,
            timeLimit=seconds,
            threads=1,
            random_seed=setting.seed,
            objective_target=-enough,
            presolve="choose" if setting.presolve else "off",
        )
    return CbcInTime(
        msg=False,
        gapRel=gap,
        gapAbs=ABSOLUTE_GAP,
        timeLimit=max(1, math.ceil(seconds)),
        presolve=None if setting.presolve else False,
        options=[f"randomCbcSeed {setting.seed}"],
    )


def _possible(variable: pulp.LpVariable) -> bool:
    """Whether a variable has a value at all, and one that its bounds allow."""
    value = variable.varValue
    if value is None or not math.isfinite(value):
        return False
    low, high = variable.lowBound, variable.upBound
    return (low is None or value >= low - NEAR) and (high is None or value <= high + NEAR)


def _relaxed(program: Program, seconds: float) -> float:
    """The bound of the linear relaxation; the values of the integer solution stay."""
    problem = program.problem
    values = {variable: variable.varValue for variable in problem.variables()}
    problem.solve(CbcInTime(msg=False, mip=False, timeLimit=math.ceil(seconds)))
    proven = problem.sol_status == pulp.LpSolutionOptimal
    bound = float(pulp.value(problem.objective)) if proven else math.inf
    for variable, value in values.items():
        variable.varValue = value
    return bound
