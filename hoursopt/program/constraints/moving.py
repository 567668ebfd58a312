"""Customers of closed days in the master program: who receives them, and what they add at most."""

from __future__ import annotations

from collections.abc import Iterator

from pulp import LpConstraint, LpVariable

from hoursopt.program.recapture import Receivers, bonus, near_days, receivers
from hoursopt.program.variables import Program, Terms, less, total

Row = tuple[str, LpConstraint]


def a_closed_day_sends_to_its_nearest_open_days(program: Program) -> Iterator[Row]:
    """A closed day's customers go to the nearest open day before and after, within reach."""
    if not program.task.master:
        return
    count = len(program.days)
    for number, day in enumerate(program.days):
        cases = {case: _sends(program, number, case) for case in receivers(count, number)}
        terms = [(x, 1.0) for x in cases.values()]
        yield f"sends_{day.label}", total([*terms, (day.is_open, 1.0)]) == 1
        for side, step in (("before", -1), ("after", 1)):
            near = near_days(count, number, step)
            for place, nearest in enumerate((*near, None)):
                chosen: Terms = [
                    (x, 1.0) for case, x in cases.items() if getattr(case, side) == nearest
                ]
                name = f"sends_{side}_{place}_{day.label}"
                if nearest is not None:
                    is_open = program.days[nearest].is_open
                    yield f"{name}_open", total([*chosen, (is_open, -1.0)]) <= 0
                for nearer in near[:place]:
                    is_open = program.days[nearer].is_open
                    yield f"{name}_past_{nearer}", total([*chosen, (is_open, 1.0)]) <= 1


def moved_customers_bring_no_more_than_this(program: Program) -> Iterator[Row]:
    """What a closed day's customers add on a receiving day depends on when that one is open."""
    if not program.task.master:
        return
    for sender, receiver, share in transfers(program):
        worth = bonus(program.scenario, sender, receiver)
        added = _adds(program, sender, receiver, share)
        day = program.days[receiver]
        sent = less(_sent(program, sender, receiver, share), share * worth.most)
        yield f"{added.name}_if_sent", total([(added, 1.0), *sent]) <= 0
        slots: Terms = [(day.is_open, share * float(worth.closed_worth.sum()))]
        for slot, state in enumerate(day.open):
            slots.append((state, share * float(worth.open_worth[slot] - worth.closed_worth[slot])))
        yield f"{added.name}_where_open", total([(added, 1.0), *less(slots)]) <= 0


def transfers(program: Program) -> Iterator[tuple[int, int, float]]:
    """Sending day, receiving day and share, each that can occur once."""
    for number in range(len(program.days)):
        cases = receivers(len(program.days), number)
        for receiver, share in dict.fromkeys(one for case in cases for one in case.shares):
            yield number, receiver, share


def money_of_moved_customers(program: Program) -> Terms:
    """Their part of the objective: what they add, less what the web shop forgoes."""
    if not program.task.master:
        return []
    terms: Terms = []
    for sender, receiver, share in transfers(program):
        terms.append((_adds(program, sender, receiver, share), 1.0))
        forgone = bonus(program.scenario, sender, receiver).forgone * share
        terms += less(_sent(program, sender, receiver, share), forgone)
    return terms


def _sent(program: Program, sender: int, receiver: int, share: float) -> Terms:
    """1 where a closed day sends this share of its moved customers to this day."""
    return [
        (_sends(program, sender, case), 1.0)
        for case in receivers(len(program.days), sender)
        if (receiver, share) in case.shares
    ]


def _sends(program: Program, number: int, case: Receivers) -> LpVariable:
    """1 where a day is closed and has these receivers."""
    near = "_".join("none" if day is None else str(day) for day in (case.before, case.after))
    return program.variable(f"sends_{program.days[number].label}_to_{near}", 0, 1)


def _adds(program: Program, sender: int, receiver: int, share: float) -> LpVariable:
    """Money that the customers of a closed day add on a receiving day."""
    labels = f"{program.days[sender].label}_on_{program.days[receiver].label}"
    return program.variable(f"adds_{labels}_{round(share * 100)}")
