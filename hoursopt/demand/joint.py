"""The joint fit of latent demand, its witnesses and the diversion.

Fisher scoring on the mixed mean of the composite link model with Gaussian priors; Laplace draws.

Sources: Eilers 2007 (penalised composite link), Wood & Fasiolo 2017 (Fellner-Schall update of
smoothing parameters), Plummer 2015 (cut posteriors).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.composite import Rows
from hoursopt.demand.problem import (
    BOUNDS,
    KNOWN_SD,
    LOG_RATE,
    PARAMETERS,
    DiversionPrior,
    Layout,
    Problem,
    Ratio,
)
from hoursopt.demand.terms import inverse

Floats = NDArray[np.float64]

_STEPS = 40
_ONLINE_SPREAD = 0.25  # relative; measured on simulated shops
_LONGEST_STEP = 2.0
_BACK = 0.5  # part of the last step that may be taken back: less settles by itself


@dataclass(frozen=True)
class JointFit:
    """Posterior mode and covariance of all coefficients; diversion parameters stand last."""

    coefficients: Floats
    covariance: Floats
    scales: Floats
    surface_columns: Floats
    ratios: dict[str, Ratio]
    offset: Floats
    shape: tuple[int, int, int]
    shop_mean: Floats  # (G, H) expected customers of a day with factor 1; 0 in closed slots
    witness_mean: dict[str, Floats]  # name -> (G, H) own rate of a day with factor 1
    diverted_mean: Floats  # (G, H) web orders diverted from the shop on a day with factor 1

    def draws(self, count: int, rng: np.random.Generator) -> Floats:
        """(count, p) draws of all coefficients; no draw further than three sd in any direction.

        Where a share of diversion is drawn beyond its bounds it stands at the bound, and all others
        where they are expected then: curves fit what was seen with the share that is used.
        """
        noise = np.clip(rng.standard_normal((count, self.coefficients.size)), -3, 3)
        drawn: Floats = self.coefficients + noise @ self._root.T
        for column, (low, high) in zip(range(-4, 0), BOUNDS, strict=True):
            variance = self.covariance[column, column]
            if variance > 0:
                kept = np.clip(drawn[:, column], low, high)
                drawn -= (drawn[:, column] - kept)[:, None] * (self.covariance[column] / variance)
                drawn[:, column] = kept  # to the last digit
        return drawn

    def given(self, coefficients: Floats, shares: Mapping[str, float]) -> Floats:
        """Draws (R, p) as they would be if some diversion parameters were known, by name.

        Each draw is moved along the posterior's regression on these parameters, so that what was
        counted stays explained (Matheron's rule for a conditioned normal).
        """
        size = self.coefficients.size
        places = [size - len(PARAMETERS) + PARAMETERS.index(name) for name in shares]
        own = self.covariance[np.ix_(places, places)] + KNOWN_SD**2 * np.eye(len(places))
        apart = np.array(list(shares.values())) - coefficients[:, places]
        moved: Floats = coefficients + apart @ np.linalg.solve(own, self.covariance[places])
        moved[:, places] = list(shares.values())
        return moved

    @cached_property
    def _root(self) -> Floats:
        """A square root of the covariance, also of one that is singular to rounding."""
        values, vectors = np.linalg.eigh((self.covariance + self.covariance.T) / 2)
        root: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
        return root

    def log_surface(self, coefficients: Floats) -> Floats:
        """(..., S, 7, H) log latent demand of coefficients (..., p)."""
        part = coefficients[..., : self.surface_columns.shape[1]]
        log = np.clip(part @ self.surface_columns.T + self.offset, -LOG_RATE, LOG_RATE)
        return log.reshape(*part.shape[:-1], *self.shape)

    def log_witness(self, name: str, coefficients: Floats) -> Floats:
        """(..., S, 7, H) log own rate of a witness."""
        ratio = self.ratios[name].of(coefficients).reshape(*coefficients.shape[:-1], *self.shape)
        return np.clip(self.log_surface(coefficients) + ratio, -LOG_RATE, LOG_RATE)

    def diversion(self, coefficients: Floats) -> Floats:
        """(..., 4) diversion parameters within their bounds."""
        return np.clip(coefficients[..., -4:], BOUNDS[:, 0], BOUNDS[:, 1])


def fit_joint(
    problem: Problem, start: JointFit | None = None, tolerance: float = 0.005
) -> JointFit:
    """Posterior mode by Fisher scoring from `start`, then the Laplace covariance.

    `tolerance`: greatest last step of any coefficient (log rates, shares, hours).
    """
    layout = Layout.of(problem)
    if start is None:
        theta, scales = layout.start(problem), np.ones(len(layout.all_terms))
    else:
        theta, scales = start.coefficients, start.scales
    rows = Rows(problem, layout)
    taken = np.zeros_like(theta)
    for _ in range(_STEPS):
        blocks = rows.at(theta)
        penalty = layout.penalty(scales, problem.prior)
        information, score = penalty.copy(), -penalty @ (theta - layout.prior_mean)
        for block in blocks.values():
            information += (block.design.T * (block.mean / block.dispersion)) @ block.design
            score += block.design.T @ ((block.counts - block.mean) / block.dispersion)
        covariance, step = _step(information, score, theta, problem.prior)
        longest = _LONGEST_STEP / max(np.abs(step).max(), 1e-12)
        taken = step * min(1.0, longest, _damping(step, taken))
        theta = theta + taken
        theta[-4:] = np.clip(theta[-4:], BOUNDS[:, 0], BOUNDS[:, 1])
        scales = layout.tune(scales, theta, covariance)
        if np.abs(step).max() < tolerance:
            break
    return JointFit(
        theta,
        _cut(information, problem.prior, theta[-1]),
        scales,
        layout.surface,
        layout.ratios,
        problem.offset,
        problem.shape,
        *rows.means(theta),
    )


def _damping(step: Floats, last: Floats) -> float:
    """The share of a step to take: where it goes back on the last one, it would go back and forth.

    The share is that which ends at the rest point of a straight line on which each step takes back
    the same part of the one before (the secant rule).
    """
    back = -float(step @ last) / max(float(last @ last), 1e-12)
    return 1 / (1 + back) if back > _BACK else 1.0


def _step(
    information: Floats, score: Floats, theta: Floats, prior: DiversionPrior
) -> tuple[Floats, Floats]:
    """Covariance and step of one round; a share at its bound stays there if it would leave.

    Cut off after the step it would drag the surface along: the curve would fit a share below 0.
    """
    told = prior.told
    while True:
        covariance = _free(information, dataclasses.replace(prior, told=told))
        step = covariance @ score
        ahead = theta[-4:] + step[-4:]
        at_bound = (theta[-4:] <= BOUNDS[:, 0]) | (theta[-4:] >= BOUNDS[:, 1])
        leaving = told & at_bound & ((ahead < BOUNDS[:, 0]) | (ahead > BOUNDS[:, 1]))
        if not leaving.any():
            return covariance, step
        told = told & ~leaving


def _free(information: Floats, prior: DiversionPrior) -> Floats:
    """Posterior covariance of all that the data may teach, 0 for the rest."""
    covariance = np.zeros_like(information)
    kept = np.concatenate([np.ones(information.shape[0] - 4, dtype=bool), prior.told])
    covariance[np.ix_(kept, kept)] = inverse(information[np.ix_(kept, kept)])
    return covariance


def _cut(information: Floats, prior: DiversionPrior, online: float) -> Floats:
    """Posterior covariance, with the prior's of the parameters that the data may not teach.

    All others move with those as they would were they known. The web shop's jump at closing leans
    on a surface that nobody saw there: what is learnt of `online` keeps a spread of its own.
    """
    covariance = _free(information, prior)
    taught = np.concatenate([np.ones(information.shape[0] - 4, dtype=bool), prior.told])
    follows = -covariance @ information[:, ~taught]
    follows[~taught] = np.eye(int((~taught).sum()))
    own = np.maximum(prior.sd[~prior.told], KNOWN_SD) ** 2
    covariance = covariance + (follows * own) @ follows.T
    if prior.told[-1]:
        covariance[-1, -1] += (_ONLINE_SPREAD * online) ** 2
    return covariance
