import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
from tiny_shop import a_study

from hoursopt.evaluate import Ledger
from hoursopt.hours import Span
from hoursopt.plan import Study
from hoursopt.program.solve import GAP
from hoursopt.worth.edges import Weighed
from hoursopt.worth.trials import (
    CALL,
    DAY_VARIANCE,
    DRIFT,
    TOTAL_VARIANCE,
    best_rule,
    break_even,
    find_trials,
    trial_error,
    trial_of,
    trial_power,
    trial_weeks,
    whole_day,
    worth_of_trial,
)


@pytest.fixture(scope="module")
def study() -> Study:
    return a_study()


def a_weighed(worth: np.ndarray, customers: np.ndarray) -> Weighed:
    return Weighed(0, Span(1020, 1080), False, worth, customers, 1.0, 1.0, 0.0, "neighbour")


def test_break_even_is_where_the_worth_is_nothing() -> None:
    customers = np.linspace(1, 5, 50)
    assert break_even(a_weighed(8 * customers - 20, customers)) == pytest.approx(2.5, abs=0.05)


def test_crowds_that_nobody_could_serve_do_not_move_the_break_even() -> None:
    """Worth rises to what the staff can serve; in the wildest draws it even falls."""
    customers = np.concatenate([np.linspace(1, 9, 81), np.full(9, 400.0)])
    worth = np.concatenate([10 * np.linspace(1, 9, 81) - 30, np.full(9, -40.0)])
    assert break_even(a_weighed(worth, customers)) == pytest.approx(3.0, abs=0.1)


def test_where_every_draw_earns_the_line_tells_from_when_on() -> None:
    customers = np.linspace(4, 9, 50)
    assert break_even(a_weighed(8 * customers - 20, customers)) == pytest.approx(2.5)


def test_the_best_rule_earns_what_a_search_by_hand_finds() -> None:
    rng = np.random.default_rng(4)
    counted, worth = rng.uniform(0, 9, 40), rng.normal(0, 5, 40)
    by_hand = {c: worth[counted >= c].sum() / 40 for c in (*counted, 99.0)}
    value, threshold = best_rule(worth, counted)
    assert value == pytest.approx(max(by_hand.values()))
    assert threshold is not None
    assert worth[counted >= threshold].sum() / 40 == pytest.approx(value)


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


def simulated_trials(true: float, hours: float, weeks: int, count: int = 4000) -> np.ndarray:
    """Mean customers an opening that trials would count, hour by hour as they come.

    Chance (Poisson), what each hour of each day brings (gamma), and where the season drifts to.
    """
    rng = np.random.default_rng(1)
    drift = rng.lognormal(-(DRIFT**2) / 2, DRIFT, (count, 1, 1))
    shape = (count, weeks, round(hours))
    moods = rng.gamma(1 / DAY_VARIANCE, DAY_VARIANCE, shape)
    return rng.poisson(true / hours * moods * drift).sum(axis=2).mean(axis=1)


@pytest.mark.parametrize(("threshold", "hours"), [(4.0, 1.0), (12.0, 2.0), (40.0, 4.0)])
@pytest.mark.parametrize("distance", [0.3, 0.5])
def test_a_trial_has_the_power_that_it_states(
    threshold: float, hours: float, distance: float
) -> None:
    """Simulated: demand so far from break-even is called right, demand on it is not called."""
    weeks = trial_weeks(threshold, hours, distance)
    error = trial_error(threshold, hours, weeks)
    keep, drop = threshold * (1 + CALL * error), threshold * (1 - CALL * error)
    power = trial_power(threshold, hours, weeks, distance)
    assert power >= 0.78
    kept = (simulated_trials(threshold * (1 + distance), hours, weeks) >= keep).mean()
    dropped = (simulated_trials(threshold * (1 - distance), hours, weeks) < drop).mean()
    assert (kept + dropped) / 2 == pytest.approx(power, abs=0.03)
    even = simulated_trials(threshold, hours, weeks)
    assert (even >= keep).mean() < 0.15
    assert (even < drop).mean() < 0.15


def test_totals_of_whole_days_tell_after_the_weeks_that_are_stated(study: Study) -> None:
    """Simulated: days with the trial against days without, moved customers in both."""
    rng = np.random.default_rng(2)
    busy = study.scenario.walk_in[:, 0].sum(axis=1).mean()
    customers = np.linspace(20, 60, 60)
    weighed = dataclasses.replace(
        a_weighed(8 * customers - 320, customers), new=30.0, moved=10.0, from_online=0.0
    )
    told = whole_day(study, weighed, 40.0, 0.3)
    assert told.receipts == pytest.approx(30.0)
    assert told.weeks is not None
    count, weeks = 3000, told.weeks

    def totals(mean: float) -> np.ndarray:
        moods = rng.gamma(1 / TOTAL_VARIANCE, TOTAL_VARIANCE, (count, weeks))
        return rng.poisson(mean * moods).mean(axis=1)

    rise = totals(busy + 1.3 * told.receipts) - totals(busy)
    noise = np.sqrt(2 * (busy + TOTAL_VARIANCE * busy**2) / weeks)
    assert (rise >= told.receipts + CALL * noise).mean() > 0.7


def test_a_trial_takes_every_other_week_and_no_day_that_is_special(study: Study) -> None:
    customers = np.linspace(1, 9, 60)
    weighed = a_weighed(10 * customers - 50, customers)
    (plain,) = find_trials(study, [], [weighed])
    assert plain.alternate
    gaps = {(later - sooner).days for sooner, later in pairwise(plain.dates)}
    assert gaps == {14}
    assert {date.weekday() for date in plain.dates} == {0}
    (other,) = find_trials(study, [], [weighed], special=plain.dates[:1])
    assert plain.dates[0] not in other.dates
    assert len(other.dates) == len(plain.dates)


def test_what_a_trial_teaches_is_worth_less_than_certainty_and_more_the_longer_it_is() -> None:
    customers = np.random.default_rng(0).lognormal(1.5, 0.5, 400)
    weighed = a_weighed(10 * customers - 50, customers)
    rough, fine = worth_of_trial(weighed, 0.5), worth_of_trial(weighed, 0.1)
    assert 0 < rough < fine < weighed.value_of_knowing
    blind = dataclasses.replace(weighed, worth=np.full(400, -1.0))
    assert worth_of_trial(blind, 0.1) == 0


def test_a_trial_that_costs_more_than_it_teaches_is_not_advised(study: Study) -> None:
    customers = np.linspace(1, 9, 60)
    dear = a_weighed(10 * customers - 85, customers)
    assert dear.probability > 0.05
    assert trial_of(study, dear) is not None
    short = dataclasses.replace(study, dates=study.dates[:70])
    assert find_trials(short, [dear], []) == ()


def test_a_trial_that_wins_less_than_a_proof_leaves_open_is_not_told(study: Study) -> None:
    customers = np.linspace(1, 9, 60)
    weighed = a_weighed(10 * customers - 50, customers)
    (trial,) = find_trials(study, [], [weighed])
    profit = trial.learning / study.weeks / GAP
    for share, told in ((0.9, 1), (1.1, 0)):
        best = dataclasses.replace(study.best, ledger=Ledger(sales_margin=share * profit))
        assert len(find_trials(dataclasses.replace(study, best=best), [], [weighed])) == told


def test_hours_that_should_pay_and_stay_shut_for_doubt_are_tried(study: Study) -> None:
    customers = np.linspace(5, 9, 60)
    sure = a_weighed(10 * customers - 20, customers)
    assert find_trials(study, [], [sure]) == ()
    unseen = dataclasses.replace(sure, evidence="none")
    (trial,) = find_trials(study, [], [unseen])
    assert trial.learning > 0
