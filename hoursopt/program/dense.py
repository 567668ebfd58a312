"""Small linear programs of full matrices, handed to HiGHS as arrays at once."""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def dense_program(
    costs: Floats,
    low: Floats,
    high: Floats,
    matrix: Floats,
    row_low: Floats,
    row_high: Floats,
) -> highspy.Highs:
    """A program in C columns and R rows to be minimised, its `matrix` (R, C); not yet run."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = costs, low, high
    lp.row_lower_, lp.row_upper_ = row_low, row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.arange(len(matrix) + 1) * matrix.shape[1]
    lp.a_matrix_.index_ = np.tile(np.arange(matrix.shape[1]), len(matrix))
    lp.a_matrix_.value_ = matrix.ravel()
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(lp)
    return solver
