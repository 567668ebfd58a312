"""Cuts bound the gain at every whole number of staff, and one of them is it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoursopt.program.cuts import MONEY_STEP, SAME_SLOPE, conjugate_cuts


def concave_gains(seed: int, outcomes: int = 4, most: int = 5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    steps = -np.sort(-rng.gamma(0.5, 20.0, (outcomes, most)), axis=1)
    return np.concatenate((np.zeros((outcomes, 1)), steps.cumsum(axis=1)), axis=1)


@given(seed=st.integers(0, 10_000), fewest=st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_a_cut_is_never_below_the_gain_and_one_touches_it(seed: int, fewest: int) -> None:
    gains = concave_gains(seed)

    slopes, heights = conjugate_cuts(gains, fewest)

    people = np.arange(fewest, gains.shape[1])
    bound = heights[:, :, None] + slopes[:, None, None] * people
    above = bound - gains[None, :, fewest:]
    assert above.min() >= -1e-9
    assert above.min(axis=0).max() <= SAME_SLOPE + 2 * MONEY_STEP


def test_slopes_are_apart_and_coefficients_whole_steps() -> None:
    slopes, heights = conjugate_cuts(concave_gains(3), 1)

    assert slopes.min() == 0.0
    assert np.diff(slopes).min() >= SAME_SLOPE - 1e-9
    for numbers in (slopes, heights):
        assert numbers / MONEY_STEP == pytest.approx(np.round(numbers / MONEY_STEP), abs=1e-6)


def test_where_gains_are_not_concave_the_cuts_are_their_hull() -> None:
    gains = np.array([[0.0, 1.0, 1.5, 6.0]])

    slopes, heights = conjugate_cuts(gains, 0)

    bound = (heights + slopes[:, None] * np.arange(4)).min(axis=0)
    assert (bound >= gains[0] - 1e-9).all()
    assert bound[3] == pytest.approx(6.0, abs=1e-3)
