"""Rows of the composite link model: every count's mean, and how it moves with each coefficient.

What a shop shows in an open slot is its own customers plus those recaptured from closed slots; what
its web shop shows is its own level plus the diverted (DESIGN part 3). So the mean of a count is a
sum of exponentials, and the rows of the design are mixed by the shares from which each count comes.

Source: Thompson & Baker 1981 (composite link functions).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.problem import LOG_RATE, Layout, Problem
from hoursopt.demand.regimes import CellCounts

Floats = NDArray[np.float64]

_SMALLEST_MEAN = 1e-12


@dataclass(frozen=True)
class Block:
    """Rows of one channel: design of the log mean, counts, mean, variance over mean."""

    design: Floats
    counts: Floats
    mean: Floats
    dispersion: Floats


class Rows:
    """Builds the rows of all channels at given coefficients; what never changes is kept."""

    def __init__(self, problem: Problem, layout: Layout) -> None:
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
            name: Sums.of(self.cell, cells, name == "orders")
            for name, (_, cells) in problem.witnesses.items()
        }

    def _state(self, theta: Floats) -> State:
        problem, regimes = self.problem, self.problem.regimes
        log = np.clip(
            self.layout.surface @ theta[: self.layout.surface.shape[1]] + problem.offset,
            -LOG_RATE,
            LOG_RATE,
        )
        rate = np.exp(log)
        recaptured, reach, next_day, online = theta[-4:]
        totals = rate.reshape(problem.shape).sum(axis=2)  # (S, 7)
        sent = np.einsum("gw,gw->g", regimes.received, totals[regimes.season])
        growth = sent / totals[regimes.season, regimes.weekday]
        present = np.where(self.any_open, 1 + next_day * growth, 1 - next_day * regimes.leaving)
        fade = np.where(self.closed, np.exp(-np.maximum(self.hours, 0) / reach), 0.0)
        return State(rate, rate[self.cell], present, growth, recaptured, reach, online, fade)

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

    def _own(self, name: str, state: State, theta: Floats) -> Floats:
        """(cells,) a witness's own rate."""
        log = np.log(state.rate) + self.layout.ratios[name].of(theta)
        return np.exp(np.clip(log, -LOG_RATE, LOG_RATE))

    def _turned_away(self, state: State) -> Floats:
        """(G, H) customers of closed slots who do not come at another hour."""
        left = np.where(self.problem.regimes.open_slots, 0.0, 1 - state.recaptured * state.fade)
        return left * state.cell_rate * state.present[:, None]

    def at(self, theta: Floats) -> dict[str, Block]:
        """Rows of the shop and of each witness."""
        state = self._state(theta)
        blocks = {"shop": self._shop(state, theta.size)}
        for name in self.problem.witnesses:
            blocks[name] = self._witness(name, state, theta)
        return blocks

    def _shop(self, state: State, size: int) -> Block:
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
        return Block(design, cells.counts[kept], mean[kept], dispersion[kept])

    def _witness(self, name: str, state: State, theta: Floats) -> Block:
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
        return Block(
            sums.of_rows(design * mean[:, None]) / together[:, None],
            sums.of_rows(cells.counts[kept]),
            together,
            1 + cells.together * spread,
        )


@dataclass(frozen=True)
class Sums:
    """Rows of a witness put together: those of one cell, and slots that were counted as one."""

    order: NDArray[np.intp]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, cell: NDArray[np.intp], counts: CellCounts, by_regime: bool) -> Sums:
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
class State:
    """Rates and diversion at given coefficients."""

    rate: Floats  # (cells,)
    cell_rate: Floats  # (G, H)
    present: Floats  # (G,) those of the day who are about, next-day customers counted
    growth: Floats  # (G,) customers of closed days per own customer, if all of them came
    recaptured: float
    reach: float
    online: float
    fade: Floats  # (G, H)
