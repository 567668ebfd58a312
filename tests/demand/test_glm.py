"""Both fits against a peer and against exact posteriors.

The peer is statsmodels' generalised linear model with the same Gaussian priors as a penalty, at the
same overdispersion and smoothing parameters. The exact posteriors are conjugate, or integrated on a
dense grid.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.base._penalized import PenalizedMixin
from statsmodels.base._penalties import Penalty
from town import make_town

from hoursopt.demand import days
from hoursopt.demand import terms as smooth_terms
from hoursopt.demand.assemble import joint_problem
from hoursopt.demand.channels import shop_channel
from hoursopt.demand.days import day_terms, fit_days
from hoursopt.demand.joint import JointFit, fit_joint
from hoursopt.demand.marks import Mark, marks_of
from hoursopt.demand.prepare import Prepared
from hoursopt.demand.problem import DiversionPrior, Problem
from hoursopt.demand.regimes import CellCounts, Regimes
from hoursopt.demand.terms import Term, constant
from hoursopt.shop import Diversion, Range

FIXED = 1e15  # strength of the prior of a smoothing parameter that holds it at 1


class Prior(Penalty):
    """Half of beta' P beta."""

    def __init__(self, precision: np.ndarray) -> None:
        super().__init__()
        self.precision = precision

    def func(self, params: np.ndarray) -> float:
        return float(params @ self.precision @ params / 2)

    def deriv(self, params: np.ndarray) -> np.ndarray:
        return self.precision @ params

    def deriv2(self, params: np.ndarray) -> np.ndarray:
        return self.precision


class PenalizedGLM(PenalizedMixin, sm.GLM):
    """statsmodels' GLM with a penalty on its log-likelihood."""


def peer(counts, design, precision, family, offset, weights):
    """The peer's model and its mode, by Newton's method from zero."""
    model = PenalizedGLM(
        counts,
        design,
        family=family,
        offset=offset,
        var_weights=weights,
        penal=Prior(precision),
        pen_weight=1.0,
    )
    fit = model.fit(
        start_params=np.zeros(design.shape[1]), method="newton", maxiter=100, tol=1e-12, disp=0
    )
    return model, fit


def block_diagonal(blocks: list[np.ndarray]) -> np.ndarray:
    size = sum(block.shape[0] for block in blocks)
    whole, at = np.zeros((size, size)), 0
    for block in blocks:
        whole[at : at + block.shape[0], at : at + block.shape[0]] = block
        at += block.shape[0]
    return whole


@pytest.mark.parametrize("length", [90, 420])
def test_the_day_model_is_the_peers_negative_binomial(
    monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    alpha = 0.03
    monkeypatch.setattr(smooth_terms, "TUNING_STRENGTH", FIXED)
    monkeypatch.setattr(days, "_overdispersion", lambda *_: alpha)
    monkeypatch.setattr(days, "_STEPS", 200)
    monkeypatch.setattr(days, "_LAST_STEP", 1e-12)
    rng = np.random.default_rng(length)
    dates = tuple(dt.date(2024, 1, 1) + dt.timedelta(days=day) for day in range(length))
    marks = {dates[40]: Mark("holiday", "one"), dates[41]: Mark("eve", "two")}
    expected = np.where(np.arange(length) % 7 == 6, 0.0, rng.uniform(20, 60, length))
    level = 0.2 * np.sin(np.arange(length) / 20)
    counts = rng.poisson(expected * np.exp(level) * rng.gamma(20, 1 / 20, length)).astype(float)
    weight = 0.5 ** (np.arange(length)[::-1] / 364)
    terms = day_terms(dates, marks)
    ours = fit_days(terms, dates, counts, expected, weight)

    seen = expected > 0
    design = ours.terms.design([date for date, kept in zip(dates, seen, strict=True) if kept])
    precision = block_diagonal([block for block, _ in ours.terms.blocks()])
    offset = np.log(expected[seen])
    family = sm.families.NegativeBinomial(alpha=alpha)
    model, theirs = peer(counts[seen], design, precision, family, offset, weight[seen])
    means = np.exp(offset + design @ ours.coefficients)
    np.testing.assert_allclose(means, theirs.mu, rtol=1e-8)
    np.testing.assert_allclose(ours.coefficients, theirs.params, atol=1e-8)
    information = -model.hessian(theirs.params, observed=False)
    np.testing.assert_allclose(ours.covariance, np.linalg.inv(information), atol=1e-8)


def lonely_problem(seed: int, hours: str) -> Problem:
    """A shop without witnesses from which nobody is diverted: a plain GLM."""
    nobody = Diversion(Range(0.0, 0.0), Range(1.3, 1.3), Range(0.0, 0.0), Range(0.0, 0.0))
    town = make_town(hours, days=200, seed=seed, street=False, orders=False, diversion=nobody)
    seen, shop = town.observations, town.shop
    marks = marks_of(shop, seen.dates[0], seen.dates[-1])
    prepared = Prepared(seen, shop, shop_channel(seen, shop), {}, marks)
    return joint_problem(prepared, {})


@pytest.mark.parametrize("hours", ["Mo-Fr 10:00-17:00; Sa 10:00-15:00", "Mo-Su 08:00-21:00"])
def test_the_surface_is_the_peers_penalised_poisson(
    monkeypatch: pytest.MonkeyPatch, hours: str
) -> None:
    monkeypatch.setattr(smooth_terms, "TUNING_STRENGTH", FIXED)
    problem = lonely_problem(3, hours)
    spread = np.zeros_like(problem.shop.spread)
    problem = replace(problem, shop=replace(problem.shop, spread=spread))
    ours = fit_joint(problem, tolerance=1e-12)
    regimes, (_, _, slots) = problem.regimes, problem.shape
    kept = regimes.open_slots & (problem.shop.exposure > 0)
    cell = ((regimes.season * 7 + regimes.weekday)[:, None] * slots + np.arange(slots))[kept]
    design = ours.surface_columns[cell]
    offset = np.log(problem.shop.exposure[kept]) + problem.offset[cell]
    precision = block_diagonal([term.precision for term in problem.terms])
    model, theirs = peer(
        problem.shop.counts[kept],
        design,
        precision,
        sm.families.Poisson(),
        offset,
        np.ones(offset.size),
    )
    size = design.shape[1]
    means = np.exp(offset + design @ ours.coefficients[:size])
    np.testing.assert_allclose(means, theirs.mu, rtol=1e-8)
    np.testing.assert_allclose(ours.coefficients[:size], theirs.params, atol=1e-8)
    information = -model.hessian(theirs.params, observed=False)
    # The diversion is held by a prior of 1e-5, not by none: so much is left in the covariance.
    np.testing.assert_allclose(ours.covariance[:size, :size], np.linalg.inv(information), atol=1e-8)


# Draws against exact posteriors


def small(terms: tuple[Term, ...], counts: np.ndarray, exposure: float) -> Problem:
    """Seven kinds of days with two open slots each, and nobody diverted."""
    shape = counts.shape
    ones = np.ones(shape, dtype=bool)
    nobody = np.zeros((7, 7))
    regimes = Regimes(
        np.arange(7),
        np.zeros(7, dtype=int),
        np.arange(7),
        ones,
        np.tile(np.arange(2), (7, 1)),
        np.zeros(shape, dtype=int),
        nobody,
        np.zeros(7),
    )
    exposures = np.full(shape, exposure)
    cells = CellCounts(counts, exposures, exposures, np.zeros(shape))
    known = DiversionPrior(np.array([0.0, 1.0, 0.0, 0.0]), np.zeros(4), np.zeros(4, dtype=bool))
    return Problem((1, 7, 2), 1.0, np.zeros(14), terms, regimes, cells, {}, known)


def rates(fit: JointFit, count: int = 20_000) -> np.ndarray:
    """(count, 7, 2) draws of the rates."""
    return np.exp(fit.log_surface(fit.draws(count, np.random.default_rng(5)))[:, 0])


@pytest.mark.parametrize("total", [40, 400])
def test_draws_of_one_rate_are_the_gamma_that_they_must_be(total: int) -> None:
    """With a flat prior of the log rate the posterior is Gamma(total, exposure).

    Laplace draws are off by a part of a standard deviation that falls as 1 / sqrt(total).
    """
    rng = np.random.default_rng(total)
    counts = rng.multinomial(total, np.full(14, 1 / 14)).reshape(7, 2).astype(float)
    fit = fit_joint(small((constant("level", 14, 1e3),), counts, 2.0), tolerance=1e-10)
    told = rates(fit)[:, 0, 0]
    exact = np.random.default_rng(6).gamma(total, 1 / 28.0, 400_000)
    assert abs(told.mean() - exact.mean()) < exact.std() / np.sqrt(total)
    for share in (0.1, 0.5, 0.9):
        apart = np.quantile(told, share) - np.quantile(exact, share)
        assert abs(apart) < exact.std() / np.sqrt(total)


def test_draws_of_two_coefficients_are_the_posterior_integrated_on_a_grid() -> None:
    """A level and a weekend that differs, each with its prior, from some sixty customers."""
    weekend = np.repeat(np.arange(7) >= 5, 2).astype(float)
    terms = (
        constant("level", 14, 5.0),
        Term("weekend", weekend[:, None], np.eye(1) / 0.3**2),
    )
    rng = np.random.default_rng(8)
    counts = rng.poisson(3.0 * np.exp(0.8 * weekend)).reshape(7, 2).astype(float)
    exposure = 1.5
    fit = fit_joint(small(terms, counts, exposure), tolerance=1e-10)

    level, extra = np.meshgrid(np.linspace(-0.5, 2.5, 601), np.linspace(-1, 2, 601), indexing="ij")
    y_week, y_end = counts.ravel() @ (1 - weekend), counts.ravel() @ weekend
    log = y_week * level - 10 * exposure * np.exp(level)
    log += y_end * (level + extra) - 4 * exposure * np.exp(level + extra)
    log -= level**2 / 2 / 5.0**2 + extra**2 / 2 / 0.3**2
    density = np.exp(log - log.max())
    density /= density.sum()

    drawn = rates(fit)
    for values, told, seen in (
        (np.exp(level), drawn[:, 0, 0], y_week),
        (np.exp(level + extra), drawn[:, 6, 1], y_end),
        (np.exp(extra), drawn[:, 6, 1] / drawn[:, 0, 0], min(y_week, y_end)),
    ):
        order = np.argsort(values.ravel())
        sorted_values, mass = values.ravel()[order], np.cumsum(density.ravel()[order])
        mean = float((values * density).sum())
        sd = float(np.sqrt((values**2 * density).sum() - mean**2))
        assert abs(told.mean() - mean) < sd / np.sqrt(seen)
        assert told.std() == pytest.approx(sd, rel=0.08)
        for share in (0.1, 0.5, 0.9):
            exact = sorted_values[np.searchsorted(mass, share)]
            assert abs(np.quantile(told, share) - exact) < sd / np.sqrt(seen)


def test_draws_have_the_covariance_that_was_fitted() -> None:
    problem = lonely_problem(4, "Mo-Fr 10:00-17:00; Sa 10:00-15:00")
    fit = fit_joint(problem)
    draws = fit.draws(20_000, np.random.default_rng(1))
    sd = np.sqrt(np.diag(fit.covariance))
    uncertain = sd > 1e-4
    np.testing.assert_allclose(draws.std(axis=0)[uncertain], sd[uncertain], rtol=0.04)
    tilted = np.random.default_rng(2).standard_normal((5, sd.size)) * uncertain
    for direction in tilted:
        exact = np.sqrt(direction @ fit.covariance @ direction)
        assert (draws @ direction).std() == pytest.approx(exact, rel=0.05)
