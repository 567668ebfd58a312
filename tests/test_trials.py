import dataclasses
import math

import numpy as np
import pytest
from tiny_shop import a_study

from hoursopt.hours import Span
from hoursopt.plan import Study
from hoursopt.worth.edges import Weighed
from hoursopt.worth.trials import break_even, find_trials, trial_weeks


@pytest.fixture(scope="module")
def study() -> Study:
    return a_study()


def a_weighed(worth: np.ndarray, customers: np.ndarray) -> Weighed:
    return Weighed(0, Span(1020, 1080), False, worth, customers, 1.0, 1.0, 0.0, "neighbour")


def test_break_even_is_where_the_worth_is_nothing() -> None:
    customers = np.linspace(1, 5, 50)
    assert break_even(a_weighed(8 * customers - 20, customers)) == pytest.approx(2.5)


def test_there_is_no_break_even_where_customers_do_not_pay() -> None:
    customers = np.linspace(1, 5, 50)
    assert break_even(a_weighed(-customers, customers)) is None
    assert break_even(a_weighed(customers + 1, customers)) is None
    assert break_even(a_weighed(np.ones(50), np.ones(50))) is None


def test_weeks_of_a_trial_follow_the_error_formula() -> None:
    # 5 customers in each of 5 hours, demand 1.3 times break-even: the planning case is 8 weeks.
    assert trial_weeks(25.0, 5.0, 0.3) in (8, 9)
    assert trial_weeks(100.0, 5.0, 0.3) < trial_weeks(10.0, 5.0, 0.3)
    assert trial_weeks(25.0, 5.0, 1.0) == 2
    assert trial_weeks(25.0, 5.0, 0.01) == trial_weeks(25.0, 5.0, 0.3)
    weeks = trial_weeks(5.0, 1.0, 0.4)
    error = math.sqrt((1 / 5 + 0.12) / weeks + 0.11**2)
    assert error <= 0.4 / (1.2816 + 0.8416)


def test_only_unseen_hours_of_open_sign_are_worth_a_trial(study: Study) -> None:
    customers = np.linspace(1, 9, 60)
    open_sign = a_weighed(10 * customers - 50, customers)
    sure = a_weighed(10 * customers + 100, customers)
    seen = dataclasses.replace(open_sign, evidence="open")
    (trial,) = find_trials(study, [], [open_sign, sure, seen])
    assert (trial.weekday, trial.start, trial.end) == (0, 1020, 1080)
    assert trial.threshold == pytest.approx(5.0)
