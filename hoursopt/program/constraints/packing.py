"""Orders of the web shop are packed in the quiet minutes of staffed slots.

Served customers stand on the wrong side of this row: an estimate from above would forbid good
plans, one from below allow bad ones. So `served` here is a variable of its own, at least what the
fewest people on duty would serve, everywhere; and on the days where a plan turned out to lack the
minutes (`task.exact_packing`), whole levels of staff make it exact. The search adds days until the
plan stands; every claim on the way is a bound.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pulp import LpConstraint, LpVariable

from hoursopt.program.cuts import MONEY_STEP, rounded, rounded_up
from hoursopt.program.variables import BothEdges, DayVariables, Edge, Program, Terms, less, total

Row = tuple[str, LpConstraint]
Floats = NDArray[np.float64]

SPARE_MINUTES = 0.01
"""Quiet minutes of a day left over for the rounding of solver and coefficients."""


def packs_orders(program: Program) -> bool:
    """Whether packing takes any time."""
    return program.scenario.service.minutes_per_order > 0


def served_is_what_the_fewest_serve_at_least(program: Program) -> Iterator[Row]:
    """A slot serves at least what its customers get from `min_staff` people."""
    if not packs_orders(program):
        return
    for number, day in enumerate(program.days):
        for slot in range(len(day.open)):
            name = f"served_least_{program.at(number, slot)}"
            yield name, total(_beyond_the_fewest(program, number, slot)) >= 0


def served_grows_with_each_level_of_staff(program: Program) -> Iterator[Row]:
    """On exact days a slot serves at least what its edges and the people on duty say."""
    if not packs_orders(program):
        return
    for number in sorted(program.task.exact_packing):
        day = program.days[number]
        levels = range(program.fewest + 1, program.most + 1)
        for slot, (state, duty) in enumerate(zip(day.open, day.duty, strict=True)):
            at = program.at(number, slot)
            reached = {n: program.variable(f"level_{n}_{at}", 0, 1, True) for n in levels}
            for n in levels[1:]:
                order = total([(reached[n], 1.0), (reached[n - 1], -1.0)])
                yield f"level_order_{n}_{at}", order <= 0
            # In a closed slot nobody is served: the levels need not follow the people on duty.
            free = (state, float(program.most - program.fewest))
            steps: Terms = [(x, -1.0) for x in reached.values()]
            yield f"levels_{at}", total([(duty, 1.0), free, *steps]) <= program.most

            outcomes = list(_outcomes(program, number, slot))
            growth = np.diff(np.stack([customers for _, customers in outcomes]), axis=1)
            least = growth.min(axis=0)
            beyond = _beyond_the_fewest(program, number, slot)
            beyond += [(reached[n], -float(least[n - 1])) for n in levels]
            yield f"served_{at}", total(beyond) >= 0
            more = (growth - least)[:, program.fewest :].cumsum(axis=1)
            for place, (is_so, _) in enumerate(outcomes):
                for n, extra in zip(levels, more[place].tolist(), strict=True):
                    if extra < MONEY_STEP:
                        continue
                    # Counts only where the slot is this and has n people.
                    needs: Terms = [(x, -extra) for x in (*is_so, reached[n])]
                    yield f"served_{n}_{place}_{at}", total([*beyond, *needs]) >= -extra


def orders_are_packed_on_the_day_or_the_next(program: Program) -> Iterator[Row]:
    """Each day's orders find slack on that day or on the next open day."""
    if not packs_orders(program):
        return
    scenario = program.scenario
    for number, day in enumerate(program.days):
        need = _orders(program, number)
        known = float(scenario.own_orders[number]) + float(day.tables.away["closed"].orders)
        most = sum(max(weight, 0.0) for _, weight in need) + known
        parts: Terms = [(_packed(program, number, number), 1.0)]
        between: list[LpVariable] = []
        for later in following(len(program.days), number):
            part = _packed(program, number, later)
            parts.append((part, 1.0))
            for other in between:
                name = f"packed_next_{day.label}_{program.days[later].label}_{other.name}"
                yield name, total([(part, 1.0), (other, most)]) <= most
            between.append(program.days[later].is_open)
        if scenario.days != 7:
            # What no day of the scenario is left to pack is packed after it.
            part = program.variable(f"packed_{day.label}_afterwards")
            parts.append((part, 1.0))
            for other in between:
                yield (
                    f"packed_after_{day.label}_{other.name}",
                    (total([(part, 1.0), (other, most)]) <= most),
                )
        row = total([*parts, *less(need)]) >= known
        yield f"packed_{day.label}", row


def packing_fits_into_quiet_minutes(program: Program) -> Iterator[Row]:
    """The orders packed on a day take no more than its staffed minutes without customers."""
    if not packs_orders(program):
        return
    scenario, service = program.scenario, program.scenario.service
    for number, day in enumerate(program.days):
        work: Terms = [(_packed(program, number, number), service.minutes_per_order)]
        work.append((day.is_open, SPARE_MINUTES))
        for earlier in range(len(program.days)):
            if number in following(len(program.days), earlier):
                work.append((_packed(program, earlier, number), service.minutes_per_order))
        for slot, duty in enumerate(day.duty):
            work.append((duty, -float(scenario.grid.slot_minutes)))
            work.append((_served(program, number, slot), service.minutes_per_customer))
        yield f"quiet_minutes_{day.label}", total(work) <= 0


def following(days: int, day: int) -> list[int]:
    """The days after one, in order: round the week for seven, else to the last."""
    if days == 7:
        return [(day + step) % 7 for step in range(1, 7)]
    return list(range(day + 1, days))


def _orders(program: Program, number: int) -> Terms:
    """Web orders of a day's closed slots by its edges, less those of a closed day if it is open."""
    day = program.days[number]
    if program.task.hours is not None:
        return []
    terms = [(day.is_open, -float(day.tables.away["closed"].orders)), *day.stays_away("orders")]
    steps = [(variable, rounded(orders)) for variable, orders in terms]
    return [(variable, orders) for variable, orders in steps if orders]


def _outcomes(
    program: Program, number: int, slot: int
) -> Iterator[tuple[tuple[LpVariable, ...], Floats]]:
    """What an open slot can be: variables of which one is 1 then, and served by people (n,)."""
    day = program.days[number]
    yield (day.open[slot],), _customers(day, "plain", slot, 0)
    for edge in day.edges[slot]:
        yield edge.variables, _customers(day, edge.kind, slot, edge.nearer)
    for pair in day.pairs[slot]:
        yield (pair.variable,), _customers(day, pair.kind, slot, pair.nearer)


def _beyond_the_fewest(program: Program, number: int, slot: int) -> Terms:
    """Served customers of a slot less those whom the fewest people would serve."""
    day = program.days[number]
    least = float(_customers(day, "plain", slot, 0)[program.fewest])
    ends: tuple[Edge | BothEdges, ...] = (*day.edges[slot], *day.pairs[slot])
    more = {
        end: float(_customers(day, end.kind, slot, end.nearer)[program.fewest]) - least
        for end in ends
    }
    terms: Terms = [(day.open[slot], least)]
    for edge in day.edges[slot]:
        terms += [(x, more[edge]) for x in edge.variables]
    for pair in day.pairs[slot]:
        terms.append((pair.variable, more[pair] - more[pair.first] - more[pair.second]))
    return [(_served(program, number, slot), 1.0), *less(terms)]


def _customers(day: DayVariables, kind: str, slot: int, nearer: int) -> Floats:
    return rounded_up(day.tables.outcome(kind, slot, nearer).served)


def _served(program: Program, number: int, slot: int) -> LpVariable:
    return program.variable(f"served_{program.at(number, slot)}")


def _packed(program: Program, number: int, later: int) -> LpVariable:
    return program.variable(f"packed_{program.days[number].label}_on_{program.days[later].label}")
