"""The tables agree with where `diversion` sends customers, and with what `response` serves."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from oracle import tiny

from hoursopt.diversion import divert
from hoursopt.program.tables import (
    DayTables,
    halves,
    hours_tables,
    most_on_duty,
    present_customers,
    week_tables,
)
from hoursopt.response import served
from hoursopt.scenario import Scenario


def week(seed: int, intervals: int = 2) -> Scenario:
    return tiny(seed, 3, 6, next_day=0.5, intervals_per_day=intervals)


def slot_kind(open_slots: np.ndarray, slot: int) -> tuple[str, int]:
    """The kind of an open slot and the closed slots of a spell that are nearer to it."""
    edges = np.flatnonzero(open_slots)
    gaps = [(a + 1, b) for a, b in itertools.pairwise(edges) if b > a + 1]
    first, last = slot == edges[0], slot == edges[-1]
    before = next((halves(p, q)[0] for p, q in gaps if p == slot + 1), None)
    after = next((halves(p, q)[1] for p, q in gaps if q == slot), None)
    if before is not None:
        return ("first before" if first else "before"), before
    if after is not None:
        return ("last after" if last else "after"), after
    kinds = {(True, True): "only", (True, False): "first", (False, True): "last"}
    return kinds.get((first, last), "plain"), 0


@pytest.mark.parametrize("seed", range(25))
def test_every_slot_earns_what_its_diverted_customers_bring(seed: int) -> None:
    scenario = week(seed)
    rng = np.random.default_rng(seed)
    day_hours = [m for m in itertools.product((False, True), repeat=6) if _pieces(m) <= 2]
    hours = np.array([day_hours[i] for i in rng.integers(len(day_hours), size=3)])
    tables = week_tables(scenario, hours.any(axis=1).tolist())

    flow = divert(scenario.walk_in, hours, scenario.diversion, 1.0)

    people = np.arange(most_on_duty(scenario) + 1)
    for day, slot in zip(*np.nonzero(hours), strict=True):
        customers = flow.arrivals[:, day, slot]
        expected = served(customers[:, None], people, scenario.service, 1.0).mean(axis=0)
        kind, nearer = slot_kind(hours[day], slot)
        earned = tables[day].outcome(kind, slot, nearer)
        assert earned.served == pytest.approx(expected, abs=1e-9)
        money = (scenario.margin[day, slot] + scenario.goodwill) * expected
        assert earned.gain == pytest.approx(money - scenario.goodwill * customers.mean(), abs=1e-9)
    for day in range(3):
        orders = away(tables[day], hours[day])
        assert orders == pytest.approx(flow.online[:, day].sum(axis=1).mean(), abs=1e-9)


def _pieces(marks: tuple[bool, ...]) -> int:
    return sum(now and not before for before, now in itertools.pairwise((False, *marks)))


def away(tables: DayTables, is_open: np.ndarray) -> float:
    """Web orders of a day by its edges."""
    edges = np.flatnonzero(is_open)
    if edges.size == 0:
        return float(tables.away["closed"].orders)
    orders = tables.away["opens"].orders[edges[0]] + tables.away["closes"].orders[edges[-1] + 1]
    for a, b in itertools.pairwise(edges):
        if b > a + 1:
            orders += tables.away["spell"].orders[a + 1, b]
    return float(orders)


def test_gains_are_concave_in_staff_and_grow() -> None:
    for seed in range(10):
        for tables in week_tables(tiny(seed, 2, 5, demand=4.0, max_staff=6)):
            for earned in tables.earned.values():
                assert np.diff(earned.served, axis=-1).min() >= -1e-12
                assert np.diff(earned.gain, 2, axis=-1).max() <= 1e-9


def test_customers_are_kept_when_days_close() -> None:
    scenario = week(3)
    for open_days in itertools.product((False, True), repeat=3):
        present = present_customers(scenario, open_days)
        assert present.sum() == pytest.approx(scenario.walk_in.sum())


def test_given_hours_have_their_own_arrivals() -> None:
    scenario = week(4)
    tables = hours_tables(scenario, scenario.today)
    flow = divert(
        scenario.walk_in,
        np.array([[True, True, False, False, False, False]] * 3),
        scenario.diversion,
        1.0,
    )

    people = most_on_duty(scenario)
    for day in range(3):
        arrivals = flow.arrivals[:, day]
        expected = served(arrivals, people, scenario.service, 1.0).mean(axis=0)
        assert tables[day].earned["plain"].served[:, people] == pytest.approx(expected)
