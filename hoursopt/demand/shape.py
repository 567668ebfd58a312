"""How the shape of a day changes: with the time of year, and slowly from month to month.

A penalised Poisson GLM of the counts by four weeks, working day or weekend, and slot, around what
the surface and the day factors expect; its factors are centred on each day, so that the level stays
with the days. A short history has no time of year; beyond the last day the drift fades.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.terms import inverse, matern, tuned_scale

Floats = NDArray[np.float64]

BLOCK_DAYS, MOST_BLOCKS = 28, 18  # all before the first block are put to it
YEAR_DAYS = 300
HARMONICS = 2
YEAR_SD, YEAR_LENGTH = 0.10, 3.5
DRIFT_SD, DRIFT_BLOCKS, DRIFT_LENGTH, DRIFT_STEP = 0.08, 6.0, 3.5, 3.0
WEEKEND_SD = 0.05
_STEPS, _LAST_STEP = 4, 0.003
LOOSEST = 0.02
_LEAST_EXPECTED = 1e-9


@dataclass(frozen=True)
class ShapeTerms:
    """Columns of the shape for any date; `last` the last day observed.

    fine, coarse: (H, k) weights of clock knots, centred by the usual share of each slot.
    """

    last: dt.date
    blocks: int
    yearly: bool
    fine: Floats
    coarse: Floats
    fine_at: Floats
    coarse_at: Floats
    weekend_share: float

    def block_of(self, dates: Sequence[dt.date]) -> Floats:
        """(n,) four-week block of each date; that of the last day observed is `blocks` - 1."""
        age = np.array([(self.last - date).days for date in dates])
        return np.maximum(self.blocks - 1.0 - age // BLOCK_DAYS, 0.0)

    def year_basis(self, days_of_year: Floats) -> Floats:
        """(n, 2 x harmonics)."""
        if not self.yearly:
            return np.zeros((days_of_year.size, 0))
        turn = 2 * np.pi * days_of_year / 365.25
        return np.column_stack(
            [f(k * turn) / k for k in range(1, HARMONICS + 1) for f in (np.sin, np.cos)]
        )

    def drift_basis(self, block: Floats) -> Floats:
        """(n, blocks) weights of the drift's blocks; beyond the last one they fade."""
        inside = np.clip(block, 0, self.blocks - 1).astype(int)
        fade = np.exp(-np.maximum(block - (self.blocks - 1), 0) / DRIFT_BLOCKS)
        return np.eye(self.blocks)[inside] * fade[:, None]

    def weekend(self, dates: Sequence[dt.date]) -> Floats:
        """(n,) 1 on weekends, 0 on working days, centred by the weekend's usual share."""
        late = np.array([date.weekday() >= 5 for date in dates], dtype=float)
        return late - self.weekend_share

    def bases(self, dates: Sequence[dt.date]) -> list[Floats]:
        """Bases (n, k) of year and drift, for the clock and for the weekend's level."""
        of_year = np.array([float(date.timetuple().tm_yday) for date in dates])
        year, drift = self.year_basis(of_year), self.drift_basis(self.block_of(dates))
        weekend = self.weekend(dates)[:, None]
        return [year, drift, weekend * year, weekend * drift]

    def precisions(self) -> list[Floats]:
        """Prior precision of the coefficients of each basis."""
        waves = np.eye(2 * HARMONICS if self.yearly else 0)
        apart = np.abs(np.subtract.outer(np.arange(self.blocks), np.arange(self.blocks)))
        drifting = inverse(np.exp(-apart / DRIFT_BLOCKS))
        parts = (
            np.kron(waves, inverse(matern(self.fine_at, YEAR_SD, YEAR_LENGTH))),
            np.kron(drifting, inverse(matern(self.coarse_at, DRIFT_SD, DRIFT_LENGTH))),
            waves / WEEKEND_SD**2,
            drifting / WEEKEND_SD**2,
        )
        return [np.asarray(part, dtype=np.float64) for part in parts]

    def knots(self) -> list[Floats]:
        """(H, m) weights over the day of each basis."""
        flat = np.ones((self.fine.shape[0], 1))
        return [self.fine, self.coarse, flat, flat]

    def columns(self, bases: Sequence[Floats]) -> Floats:
        """(n, H, p) columns from the bases (n, k) of n moments."""
        parts = [
            np.einsum("nb,hk->nhbk", basis, knots).reshape(basis.shape[0], knots.shape[0], -1)
            for basis, knots in zip(bases, self.knots(), strict=True)
        ]
        return np.concatenate(parts, axis=2)


@dataclass(frozen=True)
class Shape:
    """Posterior of the shape's coefficients."""

    terms: ShapeTerms
    coefficients: Floats
    covariance: Floats
    scales: Floats

    @classmethod
    def flat(cls, terms: ShapeTerms) -> Shape:
        """No change at all, as sure as the prior."""
        precisions = terms.precisions()
        size = sum(precision.shape[0] for precision in precisions)
        return cls(terms, np.zeros(size), np.eye(size), np.ones(len(precisions)))

    def _log(self, dates: Sequence[dt.date], coefficients: Floats) -> Floats:
        """(..., n, H) log factors of coefficients (..., p)."""
        lead, at = coefficients.shape[:-1], 0
        log = np.zeros((*lead, len(dates), self.terms.fine.shape[0]))
        for basis, knots in zip(self.terms.bases(dates), self.terms.knots(), strict=True):
            size = basis.shape[1] * knots.shape[1]
            part = coefficients[..., at : at + size]
            log += basis @ (part.reshape(*lead, basis.shape[1], knots.shape[1]) @ knots.T)
            at += size
        return log

    def factors(self, dates: Sequence[dt.date]) -> Floats:
        """(n, H) factors at the mode."""
        factors: Floats = np.exp(self._log(dates, self.coefficients))
        return factors

    def draws(self, dates: Sequence[dt.date], count: int, rng: np.random.Generator) -> Floats:
        """(count, n, H) draws of the factors."""
        root = np.linalg.cholesky(self.covariance + 1e-12 * np.eye(self.coefficients.size))
        noise = np.clip(rng.standard_normal((count, self.coefficients.size)), -3, 3)
        factors: Floats = np.exp(self._log(dates, self.coefficients + noise @ root.T))
        return factors


def shape_terms(dates: Sequence[dt.date], hours: Floats, expected: Floats) -> ShapeTerms:
    """Terms for the observed `dates`; hours: (H,) clock hours of slots; expected: (N, H) counts."""
    fine_at, fine = _knots(hours, 1.0)
    coarse_at, coarse = _knots(hours, DRIFT_STEP)
    blocks = min((dates[-1] - dates[0]).days // BLOCK_DAYS + 1, MOST_BLOCKS)
    total = max(float(expected.sum()), _LEAST_EXPECTED)
    weight = expected.sum(axis=0) / total
    late = np.array([date.weekday() >= 5 for date in dates])
    return ShapeTerms(
        dates[-1],
        blocks,
        len(dates) >= YEAR_DAYS,
        fine - weight @ fine,
        coarse - weight @ coarse,
        fine_at,
        coarse_at,
        float(expected[late].sum() / total),
    )


def fit_shape(start: Shape, dates: Sequence[dt.date], counts: Floats, expected: Floats) -> Shape:
    """Fit the shape to counts (N, H) around `expected` (N, H); where that is 0 nothing was seen."""
    terms = start.terms
    # Days of four weeks are put together, working days and weekends apart.
    weekend = terms.weekend(dates)
    group = 2 * terms.block_of(dates).astype(int) + (weekend > 0)
    size = 2 * terms.blocks
    seen, hoped = np.zeros((2, size, counts.shape[1]))
    np.add.at(seen, group, np.where(expected > 0, counts, 0.0))
    np.add.at(hoped, group, expected)
    weight = expected.sum(axis=1)
    total = np.maximum(np.bincount(group, weight, size), _LEAST_EXPECTED)
    bases = [
        np.array(
            [np.bincount(group, weight * column, size) / total for column in basis.T]
        ).T.reshape(size, basis.shape[1])
        for basis in terms.bases(dates)
    ]
    kept = hoped > 0
    design, y, offset = terms.columns(bases)[kept], seen[kept], np.log(hoped[kept])
    precisions = terms.precisions()
    edges = np.cumsum([0, *(precision.shape[0] for precision in precisions)])
    places = [slice(a, b) for a, b in pairwise(edges)]
    scales, beta = start.scales.copy(), start.coefficients
    dispersion = 1.0
    for _ in range(_STEPS):
        mean = np.exp(np.clip(offset + design @ beta, -12, 18))
        penalty = np.zeros((beta.size, beta.size))
        for place, precision, scale in zip(places, precisions, scales, strict=True):
            penalty[place, place] = scale * precision
        part = (design.T * (mean / dispersion)) @ design
        covariance = inverse(part + penalty)
        covariance = (covariance + covariance.T) / 2
        score = design.T @ ((y - mean) / dispersion) - penalty @ beta
        step = np.clip(covariance @ score, -0.5, 0.5)
        beta = beta + step
        mean = np.exp(np.clip(offset + design @ beta, -12, 18))
        freedom = max(y.size - float(np.sum(covariance * part)), 1.0)
        dispersion = max(1.0, float(np.sum((y - mean) ** 2 / np.maximum(mean, 0.1))) / freedom)
        for number, (place, precision) in enumerate(zip(places, precisions, strict=True)):
            scales[number] = tuned_scale(
                scales[number], beta[place], precision, covariance[place, place], LOOSEST
            )
        if np.abs(step).max() < _LAST_STEP:
            break
    return Shape(terms, beta, covariance, scales)


def _knots(hours: Floats, step: float) -> tuple[Floats, Floats]:
    """Clock hours of knots and the (H, k) weights that interpolate between them."""
    count = int(np.ceil((hours[-1] - hours[0]) / step)) + 1
    at = hours[0] + step * np.arange(count)
    return at, np.maximum(0, 1 - np.abs(hours[:, None] - at[None, :]) / step)
