"""The week for an owner who minds the bad seasons: its mean, and the mean of its worst draws.

What is maximised is (1 - share) x mean + share x CVaR of the worst tenth of the draws of weekly
profit, less the price of changed hours. CVaR (Rockafellar & Uryasev 2000) is the least that draws
can bring on average when none weighs more than 1 / (tenth x draws). At given weights of the draws
the best week is that of the ordinary program, and its bound holds for every week's measure; so
weights are sought at which that bound is least (Kelley 1960): each week found says how much it
brings at all other weights, a small linear program takes the weights at which all weeks found bring
least, and the program answers for those. Among whole weeks none may reach the least bound; what is
left between is told as the gap.
"""

from __future__ import annotations

import dataclasses
import math
import time
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from hoursopt.errors import RulesConflict, SolverError
from hoursopt.evaluate import StaffedWeek, profit_draws
from hoursopt.program.answer import Answer
from hoursopt.program.check import changes_cost, hours_faults, staff_faults
from hoursopt.program.dense import dense_program
from hoursopt.program.search import best_staffing, best_week
from hoursopt.program.solve import GAP
from hoursopt.scenario import Scenario

Floats = NDArray[np.float64]

TENTH = 0.1
"""Share of the draws that are the worst."""

ROUNDING = 0.01
ROUNDS = 40


@dataclass(frozen=True)
class Robust:
    """A week, and what is proved of it among all weeks.

    worth: money a week by the measure, price of changes taken off; no week has more than `bound`.
    status and gap as in `Proof`; rounds: weights of the draws for which a week was sought.
    """

    week: StaffedWeek
    worth: float
    bound: float
    status: str
    gap: float
    rounds: int


def worst_mean(profits: Floats, tail: float = TENTH) -> float:
    """CVaR: the mean of the worst `tail` of draws (R,), of which one may count in part."""
    return float(profits @ worst_weights(profits, tail))


def worst_weights(profits: Floats, tail: float = TENTH) -> Floats:
    """(R,) weights of the draws in that mean."""
    most = 1.0 / (tail * profits.size)
    ahead = np.arange(profits.size) * most
    weights = np.zeros(profits.size)
    weights[np.argsort(profits, kind="stable")] = np.clip(1.0 - ahead, 0.0, most)
    return weights


def measure(profits: Floats, share: float, tail: float = TENTH) -> float:
    """Mean and worst of draws (R,), by the share of the worst."""
    return (1 - share) * float(profits.mean()) + share * worst_mean(profits, tail)


def best_robust(
    scenario: Scenario,
    share: float,
    first: Answer,
    *,
    tail: float = TENTH,
    solver: str = "highs",
    time_limit: float = 60.0,
    seed: int = 0,
) -> Robust:
    """The week of greatest measure under all limits and rules; `share` of the worst, 0 to 1.

    `first`: the best week by the mean, with its bound: the search starts from it, and where no
    other is better it is the answer. Orders to pack are left out of the bounds.
    """
    deadline = time.monotonic() + time_limit
    search = _Search(scenario, share, tail, first)
    # Without packing weeks are worth no less: bounds of them hold.
    idle = dataclasses.replace(scenario.service, minutes_per_order=0.0)
    free = scenario.replace(service=idle)
    rounds = 1
    while rounds < ROUNDS and not search.is_closed and time.monotonic() < deadline:
        weights, reachable = search.next_weights()
        if reachable >= search.bound - search.near:
            break  # no other weights bring the bound down
        try:
            found = best_week(
                free.replace(weights=weights),
                incumbent=search.best,
                by_tables=True,
                solver=solver,
                time_limit=max(1.0, deadline - time.monotonic()),
                seed=seed,
            )
        except (RulesConflict, SolverError):
            break  # out of time: what is known stands
        rounds += 1
        search.learn(found.week, found.proof.bound - found.changes)
        if staff_faults(scenario, found.week):
            packed = _packed(scenario, found.week, solver, deadline, seed)
            if packed is not None:
                search.consider(packed)
    return search.answer(rounds)


class _Search:
    """The weeks found, the least bound, and the best week by the measure."""

    def __init__(self, scenario: Scenario, share: float, tail: float, first: Answer) -> None:
        self.scenario, self.share, self.tail = scenario, share, tail
        self.bound = math.inf
        self.best = first.week
        self.worth = -math.inf
        self._profits: list[Floats] = []
        self.learn(first.week, first.proof.bound - first.changes)
        # Today's week may stand for the best, whatever rules and limits say.
        self.worth = self.measured(first.week)

    @property
    def near(self) -> float:
        """A gap that is none."""
        return max(ROUNDING, GAP * abs(self.worth))

    @property
    def is_closed(self) -> bool:
        return self.bound - self.worth <= self.near

    def measured(self, week: StaffedWeek) -> float:
        """The measure of a week less the price of its changes."""
        return measure(self.profits(week), self.share, self.tail)

    def profits(self, week: StaffedWeek) -> Floats:
        """(R,) profit of a week less the price of its changes."""
        profits: Floats = profit_draws(self.scenario, week) - changes_cost(
            self.scenario, week.hours
        )
        return profits

    def learn(self, week: StaffedWeek, bound: float) -> None:
        """A week that is best at some weights, and the bound at these."""
        self.bound = min(self.bound, bound)
        self._profits.append(self.profits(week))
        self.consider(week)

    def consider(self, week: StaffedWeek) -> None:
        """Take a week that stands for the best one, if it is."""
        if hours_faults(self.scenario, week.hours) or staff_faults(self.scenario, week):
            return
        worth = self.measured(week)
        if worth > self.worth:
            self.best, self.worth = week, worth

    def next_weights(self) -> tuple[Floats, float]:
        """Weights at which all weeks found bring least, and the most that one brings there."""
        count = self._profits[0].size
        inf = highspy.kHighsInf
        rows = len(self._profits)
        means = np.array([profits.mean() for profits in self._profits])
        # The last row: weights of the worst add up to 1.
        matrix = np.ones((rows + 1, count + 1))
        matrix[:rows, :count] = -self.share * np.array(self._profits)
        matrix[rows, count] = 0.0
        solver = dense_program(
            np.concatenate((np.zeros(count), [1.0])),
            np.concatenate((np.zeros(count), [-inf])),
            np.concatenate((np.full(count, 1.0 / (self.tail * count)), [inf])),
            matrix,
            np.concatenate(((1 - self.share) * means, [1.0])),
            np.concatenate((np.full(rows, inf), [1.0])),
        )
        solver.run()
        values = np.array(solver.getSolution().col_value)
        worst = values[:count].clip(0.0)
        weights = (1 - self.share) / count + self.share * worst / worst.sum()
        return weights, float(values[count])

    def answer(self, rounds: int) -> Robust:
        missing = max(0.0, self.bound - self.worth)
        return Robust(
            self.best,
            self.worth,
            max(self.bound, self.worth),
            "optimal" if self.is_closed else "feasible",
            0.0 if missing <= ROUNDING else missing / max(abs(self.worth), ROUNDING),
            rounds,
        )


def _packed(
    scenario: Scenario, week: StaffedWeek, solver: str, deadline: float, seed: int
) -> StaffedWeek | None:
    """The hours of a week staffed anew with all orders packed, None where nobody can."""
    try:
        left = max(1.0, deadline - time.monotonic())
        return best_staffing(scenario, week.hours, solver=solver, time_limit=left, seed=seed).week
    except (RulesConflict, SolverError):
        return None
