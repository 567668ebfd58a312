"""Smooth terms of a log-linear surface: design columns over cells, and what is believed of them.

A cell is one slot of one weekday of one season, numbered (season, weekday, slot). Each term has a
Gaussian prior of mean zero; a slot without any count is left to it. Smoothness in the clock is a
Matern 3/2 kernel of length `LENGTH_HOURS`: differences saturate with distance, which a random walk
does not (measured on street counters; see `Witness classes` in `witness`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

LENGTH_HOURS = 3.5
NUGGET = 1e-3
TUNING_STRENGTH = 4.0  # the prior counts as so many coefficients when a scale is learnt
TIGHTEST = 50.0
WEEKEND_SD, CELL_SD = 0.3, 0.15
VAGUE_WEEKEND_SD, VAGUE_CELL_SD = 5.0, 3.0


@dataclass(frozen=True)
class Cells:
    """The cells of a fit: `seasons` x 7 weekdays x `hours` (clock hours at which slots start)."""

    seasons: int
    hours: Floats

    @property
    def slots(self) -> int:
        """Slots a day."""
        return self.hours.size

    @property
    def count(self) -> int:
        """Number of cells."""
        return self.seasons * 7 * self.slots

    def season_of(self) -> NDArray[np.intp]:
        """Season of each cell."""
        return np.repeat(np.arange(self.seasons), 7 * self.slots)

    def weekday_of(self) -> NDArray[np.intp]:
        """Weekday of each cell."""
        return np.tile(np.repeat(np.arange(7), self.slots), self.seasons)

    def clock(self) -> Floats:
        """(count, slots) indicator of each cell's slot."""
        return np.tile(np.eye(self.slots), (self.seasons * 7, 1))

    def knots(self) -> tuple[Floats, Floats]:
        """Hourly knots and the (count, knots) weights that interpolate each cell between them."""
        span = self.hours[-1] - self.hours[0]
        at = self.hours[0] + np.arange(int(np.ceil(span)) + 1)
        weights = np.maximum(0, 1 - np.abs(self.hours[:, None] - at[None, :]))
        return at, np.tile(weights, (self.seasons * 7, 1))


@dataclass(frozen=True)
class Term:
    """Columns (cells, p) with prior precision `precision` (p, p), scaled by a smoothing parameter.

    `tuned`: whether that scale is learnt (Fellner-Schall); otherwise the prior stands as it is.
    """

    name: str
    columns: Floats
    precision: Floats
    tuned: bool = False

    @property
    def size(self) -> int:
        """Columns."""
        return int(self.columns.shape[1])


def tuned_scale(
    scale: float, beta: Floats, precision: Floats, covariance: Floats, loosest: float
) -> float:
    """One Fellner-Schall step for the scale of a term's prior, with a prior of its own at 1.

    That prior says energy / size = 1 with the weight of a few coefficients. Source: Wood & Fasiolo
    2017.
    """
    used = beta.size - scale * float(np.sum(precision * covariance))
    energy = float(beta @ precision @ beta)
    step = (max(used, 0.0) + TUNING_STRENGTH) / (energy + TUNING_STRENGTH)
    return float(np.clip(step, loosest, TIGHTEST))


def inverse(matrix: Floats) -> Floats:
    """Inverse of a positive definite matrix."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def correlation(distance: ArrayLike, length: float = LENGTH_HOURS) -> Floats:
    """Matern 3/2 correlation at a distance in hours."""
    scaled = np.sqrt(3) * np.asarray(distance) / length
    return np.asarray((1 + scaled) * np.exp(-scaled), dtype=np.float64)


def by_distance(distance: Floats, table: Floats, further: float) -> Floats:
    """A value told at 0, 1, 2 ... hours: between them on a line, beyond them `further` an hour."""
    last = table.size - 1
    beyond = np.maximum(distance - last, 0) * further
    told: Floats = np.interp(distance, np.arange(table.size), table) + beyond
    return told


def matern(at: Floats, sd: float, length: float = LENGTH_HOURS) -> Floats:
    """Covariance of a Matern 3/2 process at clock hours `at`, standard deviation `sd`."""
    apart = correlation(np.abs(at[:, None] - at[None, :]), length)
    covariance: Floats = sd**2 * (apart + NUGGET * np.eye(at.size))
    return covariance


def constant(name: str, count: int, sd: float) -> Term:
    """One coefficient for all cells."""
    return Term(name, np.ones((count, 1)), np.eye(1) / sd**2)


def by_group(name: str, group: NDArray[np.intp], size: int, sd: float, tuned: bool) -> Term:
    """One coefficient for each group of cells."""
    return Term(name, np.eye(size)[group], np.eye(size) / sd**2, tuned)


def smooth(name: str, weights: Floats, covariance: Floats, tuned: bool = False) -> Term:
    """A smooth curve given at knots."""
    return Term(name, weights, inverse(covariance), tuned)


def smooth_by_group(
    name: str,
    group: NDArray[np.intp],
    size: int,
    weights: Floats,
    covariance: Floats,
    tuned: bool = False,
) -> Term:
    """A smooth curve for each group of cells, all from one prior."""
    columns = (np.eye(size)[group][:, :, None] * weights[:, None, :]).reshape(weights.shape[0], -1)
    precision = np.asarray(np.kron(np.eye(size), inverse(covariance)), dtype=np.float64)
    return Term(name, columns, precision, tuned)


def surface(cells: Cells, clock: Floats, weekday_sd: Floats, vague: bool) -> list[Term]:
    """Log latent demand: level, clock, weekday, weekend's clock, weekday x clock, and by season.

    `clock` (H, H): covariance of how far the curve may stray from its prior mean;
    `weekday_sd` (7,): how far each weekday's level may. `vague`: a witness of all slots knows the
    weekdays' curves better than any smoothness; then it is the log ratio to it that is smooth.
    """
    at, weights = cells.knots()
    season, weekday = cells.season_of(), cells.weekday_of()
    clock_covariance = clock + 0.05**2 * np.eye(cells.slots)
    weekend_sd, cell_sd = (VAGUE_WEEKEND_SD, VAGUE_CELL_SD) if vague else (WEEKEND_SD, CELL_SD)
    weekend, tuned = weights * (weekday >= 5)[:, None], not vague
    terms = [
        constant("level", cells.count, 5.0),
        smooth("clock", cells.clock(), clock_covariance),
        Term("weekday", np.eye(7)[weekday], np.diag(1 / weekday_sd**2), tuned),
        smooth("weekend clock", weekend, matern(at, weekend_sd), tuned),
        smooth_by_group("weekday clock", weekday, 7, weights, matern(at, cell_sd), tuned),
    ]
    if cells.seasons > 1:
        both = season * 7 + weekday
        terms += [
            by_group("season", season, cells.seasons, 0.4, tuned=False),
            smooth_by_group(
                "season clock", season, cells.seasons, weights, matern(at, 0.2), tuned=True
            ),
            by_group("season weekday", both, cells.seasons * 7, 0.1, tuned=True),
        ]
    return terms
