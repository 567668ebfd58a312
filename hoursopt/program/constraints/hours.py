"""When a day is open: openings, closings, and what each slot earns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pulp import LpConstraint

from hoursopt.program.cuts import MONEY_STEP, conjugate_cuts
from hoursopt.program.variables import BothEdges, DayVariables, Edge, Program, Terms, less, total

Row = tuple[str, LpConstraint]


def an_open_day_opens_and_closes_once(program: Program) -> Iterator[Row]:
    """A day that is open has one opening and one closing, a closed day none."""
    for day in program.days:
        for kind, edges in (("opens", day.opens), ("closes", day.closes)):
            if program.task.hours is None:
                terms = [(edge, 1.0) for edge in edges.values()]
                yield f"{kind}_once_{day.label}", total([*terms, (day.is_open, -1.0)]) == 0


def the_shop_is_open_between_its_edges(program: Program) -> Iterator[Row]:
    """A slot is open as the one before, but for an opening, a closing or a spell's end between."""
    for number, day in enumerate(program.days):
        if program.task.hours is not None:
            continue
        for slot, state in enumerate(day.open):
            before: Terms = [(day.open[slot - 1], 1.0)] if slot else []
            if slot in day.opens:
                before.append((day.opens[slot], 1.0))
            if slot in day.closes:
                before.append((day.closes[slot], -1.0))
            before += [(x, -1.0) for (start, _), x in day.spells.items() if start == slot]
            before += [(x, 1.0) for (_, end), x in day.spells.items() if end == slot]
            yield (
                f"open_state_{program.at(number, slot)}",
                total([(state, 1.0), *less(before)]) == 0,
            )


def an_opening_lasts_its_shortest(program: Program) -> Iterator[Row]:
    """Once open, in the morning or after a closed spell, stay open for the shortest opening."""
    for number, day in enumerate(program.days):
        if program.task.hours is not None:
            continue
        for slot, state in enumerate(day.open):
            since = range(slot - program.shortest + 1, slot + 1)
            begun: Terms = [(day.opens[a], 1.0) for a in since if a in day.opens]
            begun += [(x, 1.0) for (_, end), x in day.spells.items() if end in since]
            if begun:
                name = f"shortest_opening_{program.at(number, slot)}"
                yield name, total([*begun, (state, -1.0)]) <= 0


def a_day_has_one_closed_spell_at_most(program: Program) -> Iterator[Row]:
    """An open day may close once between its opening and its closing."""
    for day in program.days:
        if day.spells:
            spells = [(x, 1.0) for x in day.spells.values()]
            yield f"one_spell_{day.label}", total([*spells, (day.is_open, -1.0)]) <= 0


def a_single_slot_has_both_its_edges(program: Program) -> Iterator[Row]:
    """An opening of one slot is its first and its last slot at once."""
    for day in program.days:
        for pairs in day.pairs:
            for pair in pairs:
                name, both = pair.variable.name, [*pair.first.terms, *pair.second.terms]
                yield f"{name}_if_both", total([(pair.variable, -1.0), *both]) <= 1
                for place, edge in (("first", pair.first), ("second", pair.second)):
                    only = total([(pair.variable, 1.0), *less(edge.terms)])
                    yield f"{name}_only_if_{place}", only <= 0


def a_slot_earns_what_its_staff_can_serve(program: Program) -> Iterator[Row]:
    """The gain of a slot is at most what its customers bring with the people on duty."""
    if program.task.any_plan:
        return
    for number, day in enumerate(program.days):
        for slot, gain in enumerate(day.gain):
            if not day.open[slot].upBound:
                yield f"gain_{program.at(number, slot)}_closed", total([(gain, 1.0)]) <= 0
                continue
            for cut, terms in enumerate(_gain_cuts(program, day, slot)):
                name = f"gain_{program.at(number, slot)}_{cut}"
                yield name, total([(gain, 1.0), *less(terms)]) <= 0


def _gain_cuts(program: Program, day: DayVariables, slot: int) -> Iterator[Terms]:
    """Bounds on the gain of a slot, the least of which is exact: by open state, edges and duty."""
    edges, pairs = day.edges[slot], day.pairs[slot]
    ends: tuple[Edge | BothEdges, ...] = (*edges, *pairs)
    outcomes = [day.tables.outcome("plain", slot)]
    outcomes += [day.tables.outcome(end.kind, slot, end.nearer) for end in ends]
    gains = np.stack([outcome.gain for outcome in outcomes])
    for slope, heights in zip(*conjugate_cuts(gains, program.fewest), strict=True):
        terms: Terms = [(day.open[slot], heights[0]), (day.duty[slot], slope)]
        more = dict(zip(ends, heights[1:] - heights[0], strict=True))
        for edge in edges:
            terms += [(x, more[edge]) for x in edge.variables]
        for pair in pairs:
            terms.append((pair.variable, more[pair] - more[pair.first] - more[pair.second]))
        yield [(variable, weight) for variable, weight in terms if abs(weight) > MONEY_STEP / 2]
