"""The joint fit of latent demand, its witnesses and the diversion: a composite link model.

What a shop shows in an open slot is its own customers plus those recaptured from closed slots; what
its web shop shows is its own level plus the diverted (DESIGN part 3). So the mean of a count is a
sum of exponentials, and the rows of the design are mixed by the shares from which each count comes.
Fisher scoring on the mixed mean with Gaussian priors; Laplace draws.

Sources: Thompson & Baker 1981 (composite link functions), Eilers 2007 (penalised composite link),
Wood & Fasiolo 2017 (Fellner-Schall update of smoothing parameters).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.regimes import CellCounts, Regimes
from hoursopt.demand.terms import Term, inverse

Floats = NDArray[np.float64]

PARAMETERS = ("recaptured", "reach_hours", "next_day", "online")
BOUNDS = np.array([[0.0, 0.99], [0.1, 12.0], [0.0, 0.99], [0.0, 0.99]])
_LOG_RATE = 16.0
_STEPS = 40
_KNOWN_SD = 1e-5
_ONLINE_SPREAD = 0.25  # relative; measured on simulated shops
_SMALLEST_MEAN = 1e-12
_LONGEST_STEP = 2.0
_TUNING_STRENGTH = 4.0  # the prior counts as so many coefficients when a scale is learnt


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
        """(count, p) draws of all coefficients; no draw further than three sd in any direction."""
        noise = np.clip(rng.standard_normal((count, self.coefficients.size)), -3, 3)
        return self.coefficients + noise @ _root(self.covariance).T

    def log_surface(self, coefficients: Floats) -> Floats:
        """(..., S, 7, H) log latent demand of coefficients (..., p)."""
        part = coefficients[..., : self.surface_columns.shape[1]]
        log = np.clip(part @ self.surface_columns.T + self.offset, -_LOG_RATE, _LOG_RATE)
        return log.reshape(*part.shape[:-1], *self.shape)

    def log_witness(self, name: str, coefficients: Floats) -> Floats:
        """(..., S, 7, H) log own rate of a witness."""
        ratio = self.ratios[name].of(coefficients).reshape(*coefficients.shape[:-1], *self.shape)
        return np.clip(self.log_surface(coefficients) + ratio, -_LOG_RATE, _LOG_RATE)

    def diversion(self, coefficients: Floats) -> Floats:
        """(..., 4) diversion parameters within their bounds."""
        return np.clip(coefficients[..., -4:], BOUNDS[:, 0], BOUNDS[:, 1])


def fit_joint(
    problem: Problem, start: JointFit | None = None, tolerance: float = 0.005
) -> JointFit:
    """Posterior mode by Fisher scoring from `start`, then the Laplace covariance.

    `tolerance`: greatest last step of any coefficient (log rates, shares, hours).
    """
    layout = _Layout.of(problem)
    if start is None:
        theta, scales = layout.start(problem), np.ones(len(layout.all_terms))
    else:
        theta, scales = start.coefficients, start.scales
    rows = _Rows(problem, layout)
    for _ in range(_STEPS):
        blocks = rows.at(theta)
        penalty = layout.penalty(scales, problem.prior)
        information, score = penalty.copy(), -penalty @ (theta - layout.prior_mean)
        for block in blocks.values():
            information += (block.design.T * (block.mean / block.dispersion)) @ block.design
            score += block.design.T @ ((block.counts - block.mean) / block.dispersion)
        covariance = _free(information, problem.prior)
        step = covariance @ score
        theta = theta + step * min(1.0, _LONGEST_STEP / max(np.abs(step).max(), 1e-12))
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


@dataclass(frozen=True)
class _Layout:
    """Where each term's coefficients stand."""

    all_terms: tuple[Term, ...]
    places: tuple[slice, ...]
    surface: Floats
    ratios: dict[str, Ratio]
    prior_mean: Floats

    @classmethod
    def of(cls, problem: Problem) -> _Layout:
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
        penalty[-4:, -4:] = np.diag(1 / np.maximum(prior.sd, _KNOWN_SD) ** 2)
        return penalty

    def tune(self, scales: Floats, theta: Floats, covariance: Floats) -> Floats:
        """One Fellner-Schall step for the scale of each tuned term, with a prior at 1."""
        tuned = scales.copy()
        for number, (term, place) in enumerate(zip(self.all_terms, self.places, strict=True)):
            if term.tuned:
                beta, precision = theta[place], term.precision
                used = term.size - scales[number] * np.sum(precision * covariance[place, place])
                energy = beta @ precision @ beta
                # The prior says energy / size = 1 with the weight of a few coefficients.
                tuned[number] = np.clip(
                    (max(used, 0.0) + _TUNING_STRENGTH) / (energy + _TUNING_STRENGTH), 0.05, 50.0
                )
        return tuned


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
    own = np.maximum(prior.sd[~prior.told], _KNOWN_SD) ** 2
    covariance = covariance + (follows * own) @ follows.T
    if prior.told[-1]:
        covariance[-1, -1] += (_ONLINE_SPREAD * online) ** 2
    return covariance


def _mean_rate(cells: CellCounts) -> float:
    return max(float(cells.counts.sum()), 0.5) / max(float(cells.exposure.sum()), 1e-9)


@dataclass(frozen=True)
class _Block:
    """Rows of one channel: design of the log mean, counts, mean, variance over mean."""

    design: Floats
    counts: Floats
    mean: Floats
    dispersion: Floats


class _Rows:
    """Builds the rows of all channels at given coefficients; what never changes is kept."""

    def __init__(self, problem: Problem, layout: _Layout) -> None:
        self.problem, self.layout = problem, layout
        regimes, (_, _, slots) = problem.regimes, problem.shape
        self.cell = (regimes.season[:, None] * 7 + regimes.weekday[:, None]) * slots + np.arange(
            slots
        )
        self.closed = ~regimes.open_slots & (regimes.distance >= 0)
        self.target = (np.arange(slots)[None, :, None] == regimes.target[:, None, :]) & self.closed[
            :, None, :
        ]
        self.hours = regimes.distance * problem.slot_hours
        self.any_open = regimes.open_slots.any(axis=1)
        surface = layout.surface
        self.design = surface[self.cell]  # (G, H, p of the surface)
        self.sums = {
            name: _Sums.of(self.cell, cells, name == "orders")
            for name, (_, cells) in problem.witnesses.items()
        }

    def _state(self, theta: Floats) -> _State:
        problem, regimes = self.problem, self.problem.regimes
        log = np.clip(
            self.layout.surface @ theta[: self.layout.surface.shape[1]] + problem.offset,
            -_LOG_RATE,
            _LOG_RATE,
        )
        rate = np.exp(log)
        recaptured, reach, next_day, online = theta[-4:]
        totals = rate.reshape(problem.shape).sum(axis=2)  # (S, 7)
        sent = np.einsum("gw,gw->g", regimes.received, totals[regimes.season])
        growth = sent / totals[regimes.season, regimes.weekday]
        present = np.where(self.any_open, 1 + next_day * growth, 1 - next_day * regimes.leaving)
        fade = np.where(self.closed, np.exp(-np.maximum(self.hours, 0) / reach), 0.0)
        return _State(rate, rate[self.cell], present, growth, recaptured, reach, online, fade)

    def means(self, theta: Floats) -> tuple[Floats, dict[str, Floats], Floats]:
        """(G, H) means of a day with factor 1: the shop, each witness's own, diverted orders."""
        state = self._state(theta)
        moved = np.einsum(
            "gtu,gu->gt", self.target, state.recaptured * state.fade * state.cell_rate
        )
        shop = state.present[:, None] * (state.cell_rate + moved)
        own = {name: self._own(name, state, theta)[self.cell] for name in self.problem.witnesses}
        return (
            np.where(self.problem.regimes.open_slots, shop, 0.0),
            own,
            state.online * self._turned_away(state),
        )

    def _own(self, name: str, state: _State, theta: Floats) -> Floats:
        """(cells,) a witness's own rate."""
        log = np.log(state.rate) + self.layout.ratios[name].of(theta)
        return np.exp(np.clip(log, -_LOG_RATE, _LOG_RATE))

    def _turned_away(self, state: _State) -> Floats:
        """(G, H) customers of closed slots who do not come at another hour."""
        left = np.where(self.problem.regimes.open_slots, 0.0, 1 - state.recaptured * state.fade)
        return left * state.cell_rate * state.present[:, None]

    def at(self, theta: Floats) -> dict[str, _Block]:
        """Rows of the shop and of each witness."""
        state = self._state(theta)
        blocks = {"shop": self._shop(state, theta.size)}
        for name in self.problem.witnesses:
            blocks[name] = self._witness(name, state, theta)
        return blocks

    def _shop(self, state: _State, size: int) -> _Block:
        cells, open_slots = self.problem.shop, self.problem.regimes.open_slots
        near_from = self.target * (state.fade * state.cell_rate)[:, None, :]  # (G, t, u)
        moved_from = state.recaptured * near_from
        total = state.cell_rate + moved_from.sum(axis=2)
        mix = (moved_from + state.cell_rate[:, None, :] * np.eye(total.shape[1])) / total[
            :, :, None
        ]
        kept = open_slots & (cells.exposure > 0)
        design = np.zeros((int(kept.sum()), size))
        design[:, : self.design.shape[2]] = (mix @ self.design)[kept]
        design[:, -4] = near_from.sum(axis=2)[kept] / total[kept]
        slope = np.maximum(self.hours, 0) / state.reach**2
        design[:, -3] = (moved_from * slope[:, None, :]).sum(axis=2)[kept] / total[kept]
        per_next_day = state.growth / state.present
        design[:, -2] = np.broadcast_to(per_next_day[:, None], kept.shape)[kept]
        rate = state.present[:, None] * total
        mean, dispersion = cells.exposure * rate, 1 + cells.spread * rate
        return _Block(design, cells.counts[kept], mean[kept], dispersion[kept])

    def _witness(self, name: str, state: _State, theta: Floats) -> _Block:
        ratio = self.layout.ratios[name]
        cells = self.problem.witnesses[name][1]
        own = self._own(name, state, theta)[self.cell] * cells.exposure
        takes_diverted = name == "orders"
        turned_away = self._turned_away(state) * cells.shop_exposure * takes_diverted
        diverted = state.online * turned_away
        kept = cells.exposure > 0
        total = np.maximum(own + diverted, _SMALLEST_MEAN)
        part = (own / total)[kept][:, None]
        design = np.zeros((int(kept.sum()), theta.size))
        design[:, : self.design.shape[2]] = self.design[kept]
        design[:, ratio.place] = part * ratio.columns[self.cell[kept]]
        if takes_diverted:
            other = 1 - part[:, 0]
            fade = state.fade[kept]
            rest = 1 - state.recaptured * fade
            design[:, -4] = -other * fade / rest
            slope = np.maximum(self.hours[kept], 0) / state.reach**2
            design[:, -3] = -other * state.recaptured * fade * slope / rest
            design[:, -1] = (turned_away / total)[kept]
        sums, mean = self.sums[name], total[kept]
        together = sums.of_rows(mean)
        spread = sums.of_rows(cells.spread[kept] * mean**2 / cells.exposure[kept]) / together
        return _Block(
            sums.of_rows(design * mean[:, None]) / together[:, None],
            sums.of_rows(cells.counts[kept]),
            together,
            1 + cells.together * spread,
        )


@dataclass(frozen=True)
class _Sums:
    """Rows of a witness put together: those of one cell, and slots that were counted as one."""

    order: NDArray[np.intp]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, cell: NDArray[np.intp], counts: CellCounts, by_regime: bool) -> _Sums:
        """Of cells (G, H); `by_regime`: what is counted depends on the shop's hours too."""
        slot = np.arange(cell.shape[1]) // counts.together
        key = cell[:, :1] * cell.shape[1] + slot
        if by_regime:
            key = np.arange(cell.shape[0])[:, None] * cell.shape[1] + slot
        key = key[counts.exposure > 0]
        order = np.argsort(key, kind="stable")
        starts = np.flatnonzero(np.diff(key[order], prepend=-1))
        return cls(order, starts)

    def of_rows(self, values: Floats) -> Floats:
        """Sums of rows (n, ...)."""
        summed: Floats = np.add.reduceat(values[self.order], self.starts, axis=0)
        return summed


@dataclass(frozen=True)
class _State:
    """Rates and diversion at given coefficients."""

    rate: Floats  # (cells,)
    cell_rate: Floats  # (G, H)
    present: Floats  # (G,) those of the day who are about, next-day customers counted
    growth: Floats  # (G,) customers of closed days per own customer, if all of them came
    recaptured: float
    reach: float
    online: float
    fade: Floats  # (G, H)


def _root(covariance: Floats) -> Floats:
    """A square root of a covariance, also of one that is singular to rounding."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    root: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return root
