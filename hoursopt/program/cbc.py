"""CBC under PuLP: ended when it hangs, its rubbish refused, and no file of it left behind.

PuLP 3.3 waits for CBC for ever, fails with any error on a solution file that is none, and leaves
its files in the temporary folder then. Writing the model and reading the solution are PuLP's own.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pulp
from pulp.apis import PulpSolverError

GRACE = 10.0
"""Seconds beyond its limit after which CBC is ended: it looks at the clock but now and then."""


class CbcInTime(pulp.PULP_CBC_CMD):  # type: ignore[misc]
    """PuLP's CBC; whatever goes wrong with its program is a PulpSolverError."""

    def solve_CBC(self, lp: pulp.LpProblem, use_mps: bool = True) -> int:  # noqa: N802
        """Solve in a folder that is gone afterwards."""
        try:
            with TemporaryDirectory() as folder:
                return self._solve(lp, Path(folder))
        except (OSError, subprocess.SubprocessError, ValueError, IndexError) as fault:
            raise PulpSolverError(f"CBC gave no solution: {fault}") from fault

    def _solve(self, lp: pulp.LpProblem, folder: Path) -> int:
        model, solution = folder / "model.mps", folder / "model.sol"
        variables, names, rows, _ = lp.writeMPS(str(model), rename=1)
        asked = [f"-{option}" for option in (*self.options, *self.getOptions())]
        if lp.sense == pulp.LpMaximize:
            asked.insert(0, "-max")
        if self.optionsDict.get("presolve") is False:
            asked.append("-presolve off")
        asked += [f"-sec {self.timeLimit}", "-solve" if self.mip else "-initialSolve"]
        words = " ".join([*asked, "-printingOptions all"]).split()
        subprocess.run(
            [self.path, str(model), *words, "-solution", str(solution)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=self.timeLimit + GRACE,
            check=True,
        )
        status, values, costs, prices, slacks, proof = self.readsol_MPS(
            str(solution), lp, variables, names, rows
        )
        lp.assignVarsVals(values)
        lp.assignVarsDj(costs)
        lp.assignConsPi(prices)
        lp.assignConsSlack(slacks, activity=True)
        lp.assignStatus(status, proof)
        return int(status)
