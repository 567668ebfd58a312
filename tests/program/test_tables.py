"""The tables agree with where `diversion` sends customers, and with what `response` serves."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from oracle import tiny

from hoursopt.diversion import divert
from hoursopt.program import crowd
from hoursopt.program.crowd import halves
from hoursopt.program.tables import (
    DayTables,
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


def test_other_money_serves_the_same_customers_without_working_them_out_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = week(5)
    before = week_tables(scenario)
    dearer = scenario.replace(margin=scenario.margin * 1.1, goodwill=2.0, open_slot_cost=9.0)
    monkeypatch.setattr(crowd, "served", None)

    after = week_tables(dearer)

    for old, new in zip(before, after, strict=True):
        for kind, earned in old.earned.items():
            assert new.earned[kind].served is earned.served
            assert not np.allclose(new.earned[kind].gain, earned.gain)


CHANGES = {
    "customers": lambda s: s.replace(walk_in=s.walk_in * (1 + 1e-12)),
    "diversion": lambda s: s.replace(
        diversion=s.diversion.replace(reach_hours=s.diversion.reach_hours * 1.01)
    ),
    "minutes": lambda s: s.replace(service=dataclasses.replace(s.service, minutes_per_customer=3)),
    "patience": lambda s: s.replace(service=dataclasses.replace(s.service, patience_minutes=1.0)),
    "staff": lambda s: s.replace(limits=dataclasses.replace(s.limits, max_staff=1)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_customers_or_service_is_worked_out(change: str) -> None:
    scenario = week(5)
    kept = week_tables(scenario)
    other = CHANGES[change](scenario)
    soon = week_tables(other)
    crowd._kept.clear()
    fresh = week_tables(other)
    for mine, kind in ((day, kind) for day in range(3) for kind in ("first", "last")):
        told = soon[mine].earned[kind].served
        np.testing.assert_array_equal(told, fresh[mine].earned[kind].served)
        assert not np.array_equal(told, kept[mine].earned[kind].served)


def test_only_the_latest_crowds_are_kept() -> None:
    for seed in range(crowd.KEPT + 2):
        week_tables(week(seed))
    assert len(crowd._kept) == crowd.KEPT
