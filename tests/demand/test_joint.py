"""The joint fit against definitions: its mean, its gradient, its special case."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from town import make_town

from hoursopt.demand.assemble import joint_problem
from hoursopt.demand.basket import shrunk_baskets
from hoursopt.demand.channels import shop_channel, witnesses_of
from hoursopt.demand.composite import Rows
from hoursopt.demand.days import day_terms, fit_days
from hoursopt.demand.evidence import fading
from hoursopt.demand.joint import fit_joint
from hoursopt.demand.marks import marks_of
from hoursopt.demand.prepare import Prepared
from hoursopt.demand.problem import BOUNDS, DiversionPrior, Layout
from hoursopt.demand.terms import LENGTH_HOURS, matern
from hoursopt.diversion import DiversionDraws, divert
from hoursopt.flow import load_shop
from hoursopt.shop.file import read_shop
from hoursopt.simulate import simulate_command


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    town = make_town(days=120, seed=2, before="Mo-Fr 10:00-19:00; Sa 10:00-15:00")
    seen, shop = town.observations, town.shop
    marks = marks_of(shop, seen.dates[0], seen.dates[-1])
    return Prepared(seen, shop, shop_channel(seen, shop), witnesses_of(seen, shop), marks)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("sample") / "shop"
    simulate_command("old-rauma-crafts", folder)
    shop = read_shop(folder)
    seen = load_shop(shop).observations
    marks = marks_of(shop, seen.dates[0], seen.dates[-1])
    return Prepared(seen, shop, shop_channel(seen, shop), witnesses_of(seen, shop), marks)


def test_the_fit_comes_to_rest_where_scoring_alone_goes_back_and_forth(sample: Prepared) -> None:
    problem = _problem(sample)
    found = fit_joint(problem)
    again = fit_joint(problem, found, tolerance=np.inf)  # one step more
    np.testing.assert_allclose(again.coefficients, found.coefficients, atol=0.02)


def _problem(prepared: Prepared):
    return joint_problem(prepared, {})


def test_the_design_is_the_gradient_of_the_log_mean(prepared: Prepared) -> None:
    problem = _problem(prepared)
    layout = Layout.of(problem)
    rows = Rows(problem, layout)
    rng = np.random.default_rng(0)
    theta = layout.start(problem) + 0.1 * rng.standard_normal(layout.prior_mean.size)
    theta[-4:] = [0.3, 1.2, 0.05, 0.2]
    blocks = rows.at(theta)
    # The growth of days beside closed ones moves with the surface too; the fit holds it fixed
    # within a step, so it is checked with nobody coming on the next day.
    theta[-2] = 0.0
    blocks = rows.at(theta)
    for column in [0, 5, 20, layout.surface.shape[1] + 1, theta.size - 4, theta.size - 3, -1]:
        step = np.zeros(theta.size)
        step[column] = 1e-6
        up, down = rows.at(theta + step), rows.at(theta - step)
        for name, block in blocks.items():
            slope = (np.log(up[name].mean) - np.log(down[name].mean)) / 2e-6
            np.testing.assert_allclose(block.design[:, column], slope, atol=1e-5)


def test_the_mean_of_a_regime_is_what_the_diversion_says(prepared: Prepared) -> None:
    problem = _problem(prepared)
    joint = fit_joint(problem)
    mode = joint.coefficients.copy()
    mode[-2] = 0.0
    rows = Rows(problem, Layout.of(problem))
    shop_mean, _, diverted = rows.means(mode)
    latent = np.exp(joint.log_surface(mode))
    regimes = problem.regimes
    parameters = DiversionDraws(*(np.array([value]) for value in joint.diversion(mode)))
    for number in range(regimes.count):
        cells = latent[regimes.season[number], regimes.weekday[number]][None, None]
        flow = divert(cells, regimes.open_slots[number][None], parameters, 1.0)
        np.testing.assert_allclose(shop_mean[number], flow.arrivals[0, 0], rtol=1e-9)
        np.testing.assert_allclose(diverted[number], flow.online[0, 0], rtol=1e-9)


def test_day_factors_follow_a_known_level() -> None:
    town = make_town(days=200)
    dates = town.observations.dates
    rng = np.random.default_rng(4)
    truth = np.exp(0.3 * np.sin(np.arange(200) / 40))
    counts = rng.poisson(50 * truth).astype(float)
    terms = day_terms(dates, {})
    model = fit_days(terms, dates, counts, np.full(200, 50.0), np.ones(200))
    assert np.sqrt(np.mean(np.log(model.factors(dates) / truth) ** 2)) < 0.06


def test_a_day_without_exposure_tells_nothing() -> None:
    town = make_town(days=60)
    dates = town.observations.dates
    terms = day_terms(dates, {})
    expected = np.where(np.arange(60) % 7 == 6, 0.0, 20.0)
    counts = np.full(60, 20.0)
    with_junk = np.where(expected > 0, counts, 1e6)
    one = fit_days(terms, dates, counts, expected, np.ones(60))
    two = fit_days(terms, dates, with_junk, expected, np.ones(60))
    np.testing.assert_array_equal(one.coefficients, two.coefficients)


def test_baskets_are_shrunk_more_where_fewer_were_seen() -> None:
    counts = np.array([[1000.0, 1000.0, 4.0, 0.0]])
    values = counts * np.array([20.0, 30.0, 60.0, 0.0])
    baskets = shrunk_baskets(counts, values)
    mean = values.sum() / counts.sum()
    assert baskets[0] == pytest.approx(20.0, abs=0.5)
    assert mean < baskets[2] < 60.0
    assert mean < baskets[3] < baskets[2]  # unseen: towards the hour next to it


def test_hours_without_sales_buy_like_the_edge_and_far_ones_like_the_mean() -> None:
    counts = np.zeros((1, 24))
    counts[0, 10:15] = 2000.0
    values = counts * np.where(np.arange(24) < 14, 20.0, 10.0)
    baskets = shrunk_baskets(counts, values)
    mean = values.sum() / counts.sum()
    assert baskets[14] < baskets[15] < baskets[16] < mean
    assert baskets[15] == pytest.approx(baskets[14], rel=0.2)
    assert baskets[23] == pytest.approx(mean, rel=0.1)
    assert shrunk_baskets(counts, values, 0.5)[16] == pytest.approx(baskets[15])


def test_demand_fades_from_the_edges_and_not_within() -> None:
    ever = np.zeros(15, dtype=bool)
    ever[3:10] = True
    fade = fading(ever, 1.0)
    assert np.all(fade[3:10] == 0)
    assert np.all(np.diff(fade[9:]) < 0)
    assert np.all(np.diff(fade[:4]) > 0)


def test_the_matern_kernel_reaches_its_sd_and_falls_with_distance() -> None:
    at = np.arange(10.0)
    covariance = matern(at, 0.45)
    assert covariance[0, 0] == pytest.approx(0.45**2, rel=0.01)
    drift = np.sqrt(2 * (covariance[0, 0] - covariance[0]))
    assert np.all(np.diff(drift) > 0)
    assert LENGTH_HOURS == 3.5


def test_a_share_at_its_bound_leaves_the_curve_where_the_counts_want_it(
    prepared: Prepared,
) -> None:
    """A share that would be less than nothing is nothing, and no other coefficient follows it."""
    problem = _problem(prepared)
    mean, sd = problem.prior.mean.copy(), problem.prior.sd.copy()
    mean[0], sd[0] = -0.6, 0.05
    pressed = dataclasses.replace(
        problem, prior=DiversionPrior(mean, sd, np.array([True, True, False, True]))
    )
    joint = fit_joint(pressed, tolerance=1e-6)
    assert joint.coefficients[-4] == 0
    layout = Layout.of(pressed)
    theta = joint.coefficients
    score = -layout.penalty(joint.scales, pressed.prior) @ (theta - layout.prior_mean)
    for block in Rows(pressed, layout).at(theta).values():
        score += block.design.T @ ((block.counts - block.mean) / block.dispersion)
    surface = score[: layout.surface.shape[1]]
    assert np.abs(joint.covariance[:-4, :-4] @ score[:-4]).max() < 0.01
    assert np.abs(surface).max() < 1


def test_draws_beyond_a_bound_keep_the_curve_that_the_counts_want(prepared: Prepared) -> None:
    """A share that is drawn below nothing becomes nothing, and the curve follows it back."""
    joint = fit_joint(_problem(prepared))
    size = joint.coefficients.size
    covariance = np.zeros((size, size))
    # One coefficient of the curve that moves by 2 for each unit of the share of `recaptured`.
    covariance[np.ix_([0, -4], [0, -4])] = [[4.0, 2.0], [2.0, 1.0]]
    one = dataclasses.replace(joint, covariance=covariance)
    draws = one.draws(500, np.random.default_rng(0))
    assert np.all((draws[:, -4:] >= BOUNDS[:, 0]) & (draws[:, -4:] <= BOUNDS[:, 1]))
    moved = draws - joint.coefficients
    assert (draws[:, -4] == 0).sum() > 100
    np.testing.assert_allclose(moved[:, 0], 2 * moved[:, -4], atol=1e-9)
