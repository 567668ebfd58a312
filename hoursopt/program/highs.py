"""HiGHS under PuLP: the model handed over as arrays at once, and started from a known week.

PuLP 3.3 hands a model over row by row, which takes longer than many a solve here, and knows no
start for HiGHS in memory. Everything else is PuLP's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import highspy
import numpy as np
import pulp


class HighsAtOnce(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS in memory; `start`: values of variables in a solution that is known."""

    def __init__(self, start: Mapping[pulp.LpVariable, float] | None = None, **options: Any):
        super().__init__(**options)
        self._start = dict(start or {})

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        """Hand the whole model over."""
        variables = lp.variables()
        for number, variable in enumerate(variables):
            variable.index = number
        inside = set(variables)
        # A variable that stands in no row is not part of the model.
        self._start = {x: value for x, value in self._start.items() if x in inside}
        rows = list(lp.constraints())
        for number, row in enumerate(rows):
            row.index = number
        sign = -1.0 if lp.sense == pulp.LpMaximize else 1.0
        inf = highspy.kHighsInf
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(variables), len(rows)
        model.col_cost_ = np.array([sign * lp.objective.get(x, 0.0) for x in variables])
        model.col_lower_ = np.array([-inf if x.lowBound is None else x.lowBound for x in variables])
        model.col_upper_ = np.array([inf if x.upBound is None else x.upBound for x in variables])
        bounds = [(row.getLb(), row.getUb()) for row in rows]
        model.row_lower_ = np.array([-inf if low is None else low for low, _ in bounds])
        model.row_upper_ = np.array([inf if high is None else high for _, high in bounds])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *map(len, rows)])
        model.a_matrix_.index_ = np.array([x.index for row in rows for x in row])
        model.a_matrix_.value_ = np.array([weight for row in rows for weight in row.values()])
        if self.mip:
            whole, free = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
            model.integrality_ = [whole if x.cat == pulp.LpInteger else free for x in variables]
        lp.solverModel.passModel(model)

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        """Solve, from the known week where there is one."""
        if self._start:
            places = np.array([variable.index for variable in self._start], dtype=np.int32)
            values = np.array(list(self._start.values()), dtype=float)
            lp.solverModel.setSolution(places.size, places, values)
        lp.solverModel.run()
