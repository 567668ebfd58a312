"""How long a proven best week takes, beside its peers: `python -m benchmarks program`.

A shop of 18 trading hours a day with an owner and three employees, shifts, breaks, weekly hours
that bind, 200 draws of demand. The shops are made here and not by `hoursopt.simulate`: its shops
must be fitted first, and their limits do not vary. "Coupled" is two patterns, bounds on the week's
open hours, a price of change and customers who come on another day, beside the weekly hours of both
groups, which always bind.

Seconds are those of the processor, of one thread and of children (on a shared machine the wall says
little), for the whole answer: day book, tables, PuLP, HiGHS, check. Rows, columns and LP gap are
those of the whole program, of which the answer needs a part. A year is four seasons with customers
of their own and at most four changes of hours round the year; its seconds hold the best week of
each season by itself. A change of money is what a user gets: simulated shops, first fitted and
planned, then asked again with other margins on the page's way. Options:
`--quick` two shops a setting and no peers; `--only answers|year|changes|peers`; `--shops 0,3` of
the peers only those.
"""

from __future__ import annotations

import dataclasses
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pulp

from benchmarks.weeks.cpsat import solve as solve_by_cpsat
from benchmarks.weeks.naive import NaiveWeek
from hoursopt.demand import fit_demand
from hoursopt.diversion import DiversionDraws
from hoursopt.evaluate import evaluate
from hoursopt.flow import load
from hoursopt.hours import Grid, Span
from hoursopt.plan import Options
from hoursopt.planning import plan_shop
from hoursopt.program import best_week, quick_way, session
from hoursopt.program.check import changes_cost, hours_faults, staff_faults
from hoursopt.program.decode import decode
from hoursopt.program.model import formulate
from hoursopt.program.tables import week_tables
from hoursopt.program.variables import Task
from hoursopt.program.year import OneSeason, best_year
from hoursopt.scenario import Scenario, StaffCost
from hoursopt.shop import Limits, Service
from hoursopt.simulate import KINDS, simulate_command
from hoursopt.suppose import Desk, Supposition, suppose

DRAWS = 200


def shop(
    minutes: int, seed: int, next_day: float = 0.0, draws: int = DRAWS, **limits: object
) -> Scenario:
    """A craft shop by the hour: two humps a day, busier at the end of the week."""
    rng = np.random.default_rng(seed)
    grid = Grid(minutes, 6 * 60, 24 * 60)
    slot = grid.slot_hours
    clock = np.array([grid.start(h) / 60 + slot / 2 for h in range(grid.size)])
    level = rng.uniform(0.6, 1.3, 7) * np.array([1, 1, 1, 1.1, 1.3, 1.4, 0.7])
    noon = 12 * np.exp(-(((clock - 12.5) / 2.2) ** 2))
    evening = 10 * np.exp(-(((clock - 17) / 1.8) ** 2))
    mean = level[:, None] * (noon + evening + 0.3) * slot
    days = rng.gamma(40, 1 / 40, (draws, 7, 1))
    walk_in = mean * days * rng.gamma(30, 1 / 30, (draws, 7, grid.size))

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
            rng.uniform(0.2, 0.5, draws),
            rng.uniform(0.7, 2.0, draws),
            next_day * rng.uniform(0, 1, draws),
            rng.uniform(0.05, 0.3, draws),
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


COUPLED: dict[str, object] = {
    "patterns": 2,
    "week_open_hours": (30.0, 60.0),
    "change_cost": 5.0,
    "next_day": 0.15,
}

CASES: dict[str, tuple[int, dict[str, object]]] = {
    "60 min": (60, {}),
    "60 min, coupled": (60, COUPLED),
    "30 min": (30, {}),
    "30 min, 2 patterns": (30, {"patterns": 2}),
    "30 min, coupled": (30, COUPLED),
    "15 min, coupled": (15, COUPLED),
}

PEER_SECONDS = 60.0


def cpu_seconds() -> float:
    """Of this process and of solvers that it started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def size(scenario: Scenario) -> tuple[int, int, float]:
    """Rows, columns and the optimum of the linear relaxation of the whole program."""
    problem = formulate(scenario, week_tables(scenario), Task()).problem
    problem.solve(pulp.HiGHS(msg=False, mip=False, threads=1))
    return problem.numConstraints(), problem.numVariables(), float(pulp.value(problem.objective))


def worth(scenario: Scenario) -> tuple[float, float, bool]:
    """Seconds of an answer, its worth, and whether it is proven."""
    began = cpu_seconds()
    answer = best_week(scenario)
    taken = cpu_seconds() - began
    proven = answer.proof.status == "optimal" and answer.proof.gap <= 1e-4
    return taken, answer.ledger.profit - answer.changes, proven


def answers(shops: int) -> None:
    """Every setting: seconds, proofs, share of building, size and LP gap of the whole program."""
    print(
        f"{'setting':22}{'proven':>8}{'median s':>10}{'worst s':>9}{'PuLP built %':>14}"
        f"{'rows':>7}{'cols':>6}{'LP gap %':>10}"
    )
    for name, (minutes, limits) in CASES.items():
        seconds, proofs, built, gaps = [], 0, [], []
        rows = columns = 0
        for seed in range(shops):
            scenario = shop(minutes, seed, **limits)  # type: ignore[arg-type]
            building = _Clock(session, "formulate")
            with building:
                taken, value, proven = worth(scenario)
            seconds.append(taken)
            proofs += proven
            built.append(building.seconds / taken)
            # The relaxation is that of the program in which nobody goes to another day.
            if not limits.get("next_day"):
                rows, columns, bound = size(scenario)
                gaps.append(bound / value - 1)
        gap = f"{100 * max(gaps):10.3f}" if gaps else f"{'-':>10}"
        print(
            f"{name:22}{proofs:5}/{shops}{statistics.median(seconds):10.2f}{max(seconds):9.2f}"
            f"{100 * statistics.median(built):14.1f}{rows:7}{columns:6}{gap}",
            flush=True,
        )


def year(shops: int) -> None:
    """Four seasons together: seconds, proofs, and the widest gap."""
    for name, limits in (("4 seasons, 30 min", {"next_day": 0.15}), ("the same, coupled", COUPLED)):
        seconds, proofs, gaps = [], 0, []
        for seed in range(shops):
            # Shops of their own: nothing is kept of them.
            scenarios = [shop(30, 1000 + 10 * seed + n, **limits) for n in range(4)]  # type: ignore[arg-type]
            began = cpu_seconds()
            alone = [OneSeason(one, 13.0, best_week(one)) for one in scenarios]
            found = best_year(alone, changes=4)
            seconds.append(cpu_seconds() - began)
            proofs += found.status == "optimal"
            gaps.append(found.gap)
        print(
            f"{name:22}{proofs:5}/{shops}{statistics.median(seconds):10.2f}{max(seconds):9.2f}"
            f"   gap up to {100 * max(gaps):.3f} %",
            flush=True,
        )


def changes(shops: int) -> None:
    """300 draws against one, and a change of money alone against the first plan of a shop."""
    for draws in (1, 300):
        # Shops of their own: nothing is kept of them.
        seconds = [worth(shop(30, 100 + seed, draws=draws))[0] for seed in range(shops)]
        print(f"30 min, {draws:3} draws: median {statistics.median(seconds):.2f} s", flush=True)
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(shops):
            kind = KINDS[number % len(KINDS)]
            first, again = first_and_again(kind, number + 1, Path(folder) / str(number))
            ratios.append(again / first)
            print(f"  {kind}: first plan {first:.2f} s, other margins {again:.2f} s", flush=True)
    print(f"other margins against the first plan: median {statistics.median(ratios):.3f}")


def first_and_again(kind: str, seed: int, folder: Path) -> tuple[float, float]:
    """Seconds of a simulated shop's first plan, its fit included, and of one with other margins.

    The plan is unexplained and of all seasons, and so is the other one, season by season.
    """
    simulate_command(kind, folder, seed)
    loaded = load(folder)
    shop, options = loaded.shop, Options(explain=False)
    began = cpu_seconds()
    model = fit_demand(loaded.observations, shop)
    plan_shop(shop, model, options)
    first = cpu_seconds() - began
    desks = [Desk.of(shop, model, season.name, options) for season in shop.seasons]
    dearer = Supposition(margin_rate=1.05 * shop.economics.margin_rate)
    began = cpu_seconds()
    for desk in desks:
        suppose(desk, dearer, quick_way())
    return first, cpu_seconds() - began


def peers(seeds: Sequence[int]) -> None:
    """The naive model with CBC and HiGHS, and our program with CP-SAT, against our answer."""
    for seed in seeds:
        limits = {**COUPLED, "next_day": 0.0}
        scenario = shop(30, seed, **limits)  # type: ignore[arg-type]
        ours, value, proven = worth(scenario)
        print(f"30 min, coupled, shop {seed}: ours {ours:.2f} s, {value:.2f}, proven {proven}")
        for name, solver in (("CBC", pulp.PULP_CBC_CMD), ("HiGHS", pulp.HiGHS)):
            naive = NaiveWeek(scenario)
            began = cpu_seconds()
            naive.problem.solve(solver(msg=False, timeLimit=PEER_SECONDS, threads=1, gapRel=1e-4))
            taken = cpu_seconds() - began
            told = _told(naive, value)
            print(f"  naive, {name}: {taken:.1f} s ({taken / ours:.0f}x), {told}", flush=True)
        program = formulate(scenario, week_tables(scenario), Task())
        cpsat = solve_by_cpsat(program.problem, PEER_SECONDS)
        week, taken = decode(program), cpsat["seconds"]
        found = evaluate(scenario, week).profit - changes_cost(scenario, week.hours)
        faults = len(hours_faults(scenario, week.hours) + staff_faults(scenario, week))
        print(
            f"  ours, CP-SAT: {taken:.1f} s ({taken / ours:.0f}x), {cpsat['status']}, claims "
            f"{cpsat['value']}, worth {found:.2f} ({100 * (found / value - 1):+.2f} %), breaks "
            f"{faults} limits",
            flush=True,
        )


def _told(naive: NaiveWeek, value: float) -> str:
    """What a naive week is worth by the ledger, beside ours."""
    scenario, week = naive.scenario, naive.week()
    faults = hours_faults(scenario, week.hours) + staff_faults(scenario, week)
    found = evaluate(scenario, week).profit - changes_cost(scenario, week.hours)
    names = sorted({str(fault.values.get("limit", fault.key)) for fault in faults})
    broken = f", breaks {', '.join(names)}" if faults else ""
    whole = [x.varValue or 0.0 for x in naive.problem.variables() if x.cat == pulp.LpInteger]
    if any(abs(one - round(one)) > 1e-4 for one in whole):
        broken += ", has parts of hours or people: no whole week was found"
    claim = float(pulp.value(naive.problem.objective) or 0.0)
    return f"claims {claim:.2f}, worth {found:.2f} ({100 * (found / value - 1):+.2f} %){broken}"


class _Clock:
    """Adds up the seconds in one function of a module while it is entered."""

    def __init__(self, module: object, name: str) -> None:
        self.seconds = 0.0
        self._module, self._name = module, name
        self._plain = getattr(module, name)

    def __enter__(self) -> None:
        def timed(*args: object, **options: object) -> object:
            began = cpu_seconds()
            try:
                return self._plain(*args, **options)
            finally:
                self.seconds += cpu_seconds() - began

        setattr(self._module, self._name, timed)

    def __exit__(self, *_: object) -> None:
        setattr(self._module, self._name, self._plain)


def main(options: list[str] | None = None) -> None:
    """All parts, or those that the options name."""
    options = options or []
    quick = "--quick" in options
    only = options[options.index("--only") + 1] if "--only" in options else None
    if only in (None, "answers"):
        answers(2 if quick else 5)
    if only in (None, "year"):
        year(1 if quick else 5)
    if only in (None, "changes"):
        changes(2 if quick else 5)
    if only == "peers" or (only is None and not quick):
        chosen = options[options.index("--shops") + 1] if "--shops" in options else "0,1,2,3,4"
        peers([int(seed) for seed in chosen.split(",")])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
