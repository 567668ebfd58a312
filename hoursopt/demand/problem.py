"""What the joint fit is given: cells, terms, counts, priors, and where each coefficient stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.regimes import CellCounts, Regimes
from hoursopt.demand.terms import Term, tuned_scale

Floats = NDArray[np.float64]

PARAMETERS = ("recaptured", "reach_hours", "next_day", "online")
BOUNDS = np.array([[0.0, 0.99], [0.1, 12.0], [0.0, 0.99], [0.0, 0.99]])
LOG_RATE = 16.0
KNOWN_SD = 1e-5
LOOSEST = 0.05


@dataclass(frozen=True)
class DiversionPrior:
    """Normal prior of the diversion parameters, in the order of `PARAMETERS`; sd 0: known.

    told: (4,) which of them these data may teach. The others keep their prior, and the surface
    follows them: the shape of one day's edge is no witness, for whatever the surface and the
    street get wrong there would pass for recaptured customers (a cut posterior; Plummer 2015).
    """

    mean: Floats
    sd: Floats
    told: NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """What is fitted: cells (S, 7, H), terms of the shop's surface and of each witness's log ratio.

    offset: (cells,) prior mean of the log surface. shop: counts of the shop. witnesses: name ->
    (terms of the log ratio, counts); the one named `orders` holds diverted customers too.
    ratio_offsets: (cells,) prior mean of a witness's log ratio, 0 where none is named.
    """

    shape: tuple[int, int, int]
    slot_hours: float
    offset: Floats
    terms: tuple[Term, ...]
    regimes: Regimes
    shop: CellCounts
    witnesses: dict[str, tuple[tuple[Term, ...], CellCounts]]
    prior: DiversionPrior
    ratio_offsets: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Ratio:
    """Log ratio of a witness to the shop: columns (cells, p), their place, prior mean (cells,)."""

    columns: Floats
    place: slice
    offset: Floats

    def of(self, coefficients: Floats) -> Floats:
        """(..., cells) log ratio of coefficients (..., p)."""
        log: Floats = coefficients[..., self.place] @ self.columns.T + self.offset
        return log


@dataclass(frozen=True)
class Layout:
    """Where each term's coefficients stand."""

    all_terms: tuple[Term, ...]
    places: tuple[slice, ...]
    surface: Floats
    ratios: dict[str, Ratio]
    prior_mean: Floats

    @classmethod
    def of(cls, problem: Problem) -> Layout:
        """Surface first, then each witness, then the diversion."""
        all_terms = list(problem.terms)
        surface = np.hstack([term.columns for term in problem.terms])
        ratios, at = {}, surface.shape[1]
        for name, (terms, _) in problem.witnesses.items():
            columns = np.hstack([term.columns for term in terms])
            offset = problem.ratio_offsets.get(name, np.zeros(columns.shape[0]))
            ratios[name] = Ratio(columns, slice(at, at + columns.shape[1]), offset)
            at += columns.shape[1]
            all_terms += terms
        edges = np.cumsum([0, *(term.size for term in all_terms)])
        places = tuple(slice(a, b) for a, b in pairwise(edges))
        mean = np.concatenate([np.zeros(at), problem.prior.mean])
        return cls(tuple(all_terms), places, surface, ratios, mean)

    def start(self, problem: Problem) -> Floats:
        """All curves flat at each channel's mean rate."""
        theta = self.prior_mean.copy()
        level = np.log(_mean_rate(problem.shop))
        theta[0] = level
        for name, ratio in self.ratios.items():
            theta[ratio.place.start] = np.log(_mean_rate(problem.witnesses[name][1])) - level
        return theta

    def penalty(self, scales: Floats, prior: DiversionPrior) -> Floats:
        """Prior precision of all coefficients."""
        penalty = np.zeros((self.prior_mean.size, self.prior_mean.size))
        for term, place, scale in zip(self.all_terms, self.places, scales, strict=True):
            penalty[place, place] = scale * term.precision
        penalty[-4:, -4:] = np.diag(1 / np.maximum(prior.sd, KNOWN_SD) ** 2)
        return penalty

    def tune(self, scales: Floats, theta: Floats, covariance: Floats) -> Floats:
        """One Fellner-Schall step for the scale of each tuned term, with a prior at 1."""
        tuned = scales.copy()
        for number, (term, place) in enumerate(zip(self.all_terms, self.places, strict=True)):
            if term.tuned:
                tuned[number] = tuned_scale(
                    scales[number], theta[place], term.precision, covariance[place, place], LOOSEST
                )
        return tuned


def _mean_rate(cells: CellCounts) -> float:
    return max(float(cells.counts.sum()), 0.5) / max(float(cells.exposure.sum()), 1e-9)
