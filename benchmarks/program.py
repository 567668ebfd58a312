"""How long a proven best week takes: `python benchmarks/program.py [repeats]`.

A shop of 18 trading hours a day with an owner and three employees, shifts, breaks, weekly hours,
200 draws of demand. CPU seconds (on a shared machine wall time says little) of the whole answer:
today's staffing, tables, building, solving, check. Rows, columns and LP gap are those of the main
program.
"""

from __future__ import annotations

import dataclasses
import sys
import time

import numpy as np
import pulp

from hoursopt.diversion import DiversionDraws
from hoursopt.hours import Grid, Span
from hoursopt.program import best_week
from hoursopt.program.model import formulate
from hoursopt.program.tables import week_tables
from hoursopt.program.variables import Task
from hoursopt.scenario import Scenario, StaffCost
from hoursopt.shop import Limits, Service

DRAWS = 200


def shop(minutes: int, seed: int, next_day: float = 0.0, **limits: object) -> Scenario:
    """A craft shop by the hour: two humps a day, busier at the end of the week."""
    rng = np.random.default_rng(seed)
    grid = Grid(minutes, 6 * 60, 24 * 60)
    slot = grid.slot_hours
    clock = np.array([grid.start(h) / 60 + slot / 2 for h in range(grid.size)])
    level = rng.uniform(0.6, 1.3, 7) * np.array([1, 1, 1, 1.1, 1.3, 1.4, 0.7])
    noon = 12 * np.exp(-(((clock - 12.5) / 2.2) ** 2))
    evening = 10 * np.exp(-(((clock - 17) / 1.8) ** 2))
    mean = level[:, None] * (noon + evening + 0.3) * slot
    days = rng.gamma(40, 1 / 40, (DRAWS, 7, 1))
    walk_in = mean * days * rng.gamma(30, 1 / 30, (DRAWS, 7, grid.size))

    wage = np.full((7, grid.size), 14.6 * 1.28 * slot)
    wage[:5, clock > 18] += 4 * 1.28 * slot
    wage[5, clock > 13] += 5 * 1.28 * slot
    wage[6] *= 2
    pause = max(1, round(30 / minutes))
    owner = StaffCost("owner", 1, np.full((7, grid.size), 12 * slot), 1, round(12 / slot))
    employee = StaffCost(
        "employee",
        3,
        wage,
        round(4 / slot),
        round(9 / slot),
        break_after=round(6 / slot),
        break_slots=pause,
        break_unpaid=30 / (pause * minutes),
        week_hours=120.0,
    )
    return Scenario(
        name="benchmark",
        grid=grid,
        weekdays=tuple(range(7)),
        walk_in=walk_in,
        margin=7.6 * rng.uniform(0.9, 1.1, (7, grid.size)),
        online_margin=5.0,
        goodwill=1.0,
        own_orders=np.full(7, 6.0),
        diversion=DiversionDraws(
            rng.uniform(0.2, 0.5, DRAWS),
            rng.uniform(0.7, 2.0, DRAWS),
            next_day * rng.uniform(0, 1, DRAWS),
            rng.uniform(0.05, 0.3, DRAWS),
        ),
        service=Service(4.0, 8.0, 0.0),
        staff=(dataclasses.replace(owner, week_hours=45.0), employee),
        open_slot_cost=5.0 * slot,
        open_day_cost=12.0,
        limits=Limits(**limits),  # type: ignore[arg-type]
        rules=(),
        today=((Span(600, 1080),),) * 5 + ((Span(600, 960),), ()),
    )


def packing(minutes: int, seed: int) -> Scenario:
    """The shop with web orders to pack."""
    scenario = shop(minutes, seed)
    return scenario.replace(service=dataclasses.replace(scenario.service, minutes_per_order=10.0))


CASES = {
    "60 min": lambda seed: shop(60, seed),
    "30 min": lambda seed: shop(30, seed),
    "30 min, 2 patterns": lambda seed: shop(30, seed, patterns=2),
    "30 min, customers come next day": lambda seed: shop(30, seed, next_day=0.15),
    "30 min, orders to pack": lambda seed: packing(30, seed),
    "60 min, closed spell": lambda seed: shop(60, seed, intervals_per_day=2),
    "15 min": lambda seed: shop(15, seed),
    "15 min, 2 patterns": lambda seed: shop(15, seed, patterns=2),
}


def size(scenario: Scenario) -> tuple[int, int, float]:
    """Rows, columns and the optimum of the linear relaxation of the main program."""
    problem = formulate(scenario, week_tables(scenario), Task()).problem
    problem.solve(pulp.HiGHS(msg=False, mip=False, threads=1))
    return problem.numConstraints(), problem.numVariables(), float(pulp.value(problem.objective))


def main(repeats: int) -> None:
    print(f"{'case':34}{'rows':>7}{'cols':>7}{'LP gap %':>10}{'gap %':>8}{'sets':>6}  CPU seconds")
    for name, make in CASES.items():
        seconds, gaps, sets, relaxed = [], [], [], []
        for seed in range(repeats):
            scenario = make(seed)
            rows, columns, bound = size(scenario)
            began = time.process_time()
            answer = best_week(scenario)
            seconds.append(time.process_time() - began)
            gaps.append(answer.proof.gap)
            sets.append(answer.proof.day_sets)
            relaxed.append(bound / answer.ledger.profit - 1)
        told = " ".join(f"{one:.2f}" for one in seconds)
        print(
            f"{name:34}{rows:7}{columns:7}{100 * max(relaxed):10.3f}{100 * max(gaps):8.4f}"
            f"{max(sets):6}  {told}",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
