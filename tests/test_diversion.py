"""The diversion against the words of the design, slot by slot."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hoursopt.diversion import DiversionDraws, day_shares, divert, nearest_open


def by_the_words(walk_in, open_slots, recaptured, reach, next_day, online, slot_hours):
    """One draw (N, H), by plain loops: own, moved, online, lost."""
    days, slots = walk_in.shape
    is_open = [any(row) for row in open_slots]
    growth, staying = [0.0] * days, [1.0] * days
    for day in range(days):
        if is_open[day]:
            continue
        found = []
        for step in (-1, 1):
            for distance in (1, 2):
                other = day + step * distance
                other = other % 7 if days == 7 else other
                if 0 <= other < days and is_open[other]:
                    found.append(other)
                    break
        found = [other for other in found if sum(walk_in[other]) > 0]
        total = sum(walk_in[day])
        shares = {}
        for other in found:
            shares[other] = shares.get(other, 0) + 1 / 2
        both = len(_reached(day, is_open, days))
        for other in found:
            sent = next_day * total / both
            growth[other] += sent / sum(walk_in[other])
        staying[day] = 1 - next_day * len(found) / both if both else 1.0
    own, moved, web, lost = (np.zeros((days, slots)) for _ in range(4))
    for day in range(days):
        for slot in range(slots):
            here = walk_in[day, slot] * (1 + growth[day] if is_open[day] else staying[day])
            if open_slots[day, slot]:
                own[day, slot] += walk_in[day, slot]
                moved[day, slot] += here - walk_in[day, slot]
                continue
            others = [t for t in range(slots) if open_slots[day, t]]
            share = 0.0
            if others:
                nearest = min(others, key=lambda t, slot=slot: (abs(t - slot), -t))
                share = recaptured * math.exp(-abs(nearest - slot) * slot_hours / reach)
                moved[day, nearest] += here * share
            web[day, slot] += here * (1 - share) * online
            lost[day, slot] += here * (1 - share) * (1 - online)
    return own, moved, web, lost


def _reached(day, is_open, days):
    found = []
    for step in (-1, 1):
        for distance in (1, 2):
            other = (day + step * distance) % 7 if days == 7 else day + step * distance
            if 0 <= other < days and is_open[other]:
                found.append(other)
                break
    return found


@pytest.mark.parametrize("seed", range(60))
def test_equals_the_words_of_the_design(seed: int) -> None:
    rng = np.random.default_rng(seed)
    days, slots = int(rng.choice([1, 3, 7])), int(rng.integers(3, 14))
    open_slots = rng.random((days, slots)) < rng.choice([0.2, 0.5, 0.8])
    open_slots[rng.random(days) < 0.4] = False
    walk_in = rng.gamma(1.0, 2.0, (2, days, slots))
    draws = DiversionDraws(
        rng.uniform(0, 0.9, 2), rng.uniform(0.3, 3, 2), rng.uniform(0, 0.4, 2), rng.uniform(0, 1, 2)
    )
    flow = divert(walk_in, open_slots, draws, 0.5)
    for draw in range(2):
        told = by_the_words(
            walk_in[draw],
            open_slots,
            draws.recaptured[draw],
            draws.reach_hours[draw],
            draws.next_day[draw],
            draws.online[draw],
            0.5,
        )
        found = (flow.own, flow.moved, flow.online, flow.lost)
        for mine, theirs in zip(found, told, strict=True):
            np.testing.assert_allclose(mine[draw], theirs, atol=1e-12)
    total = flow.own + flow.moved + flow.online + flow.lost
    np.testing.assert_allclose(total.sum(axis=(1, 2)), walk_in.sum(axis=(1, 2)))


def test_a_tie_goes_to_the_later_opening() -> None:
    target, distance = nearest_open(np.array([True, False, False, False, True]))
    np.testing.assert_array_equal(target, [0, 0, 4, 4, 4])
    np.testing.assert_array_equal(distance, [0, 1, 2, 1, 0])


def test_sundays_customers_come_half_on_saturday_and_half_on_monday() -> None:
    shares = day_shares(np.array([True] * 6 + [False]))
    assert shares[6, 5] == shares[6, 0] == 0.5


def test_a_day_far_from_any_opening_sends_nobody() -> None:
    open_days = np.zeros(7, dtype=bool)
    open_days[0] = True
    shares = day_shares(open_days)
    assert shares[3].sum() == 0  # Thursday: three days before, four after
    assert shares[1, 0] == shares[2, 0] == shares[5, 0] == shares[6, 0] == 1


def test_closed_all_week_nobody_comes() -> None:
    draws = DiversionDraws(*(np.array([value]) for value in (0.5, 1.0, 0.3, 0.25)))
    flow = divert(np.ones((1, 7, 4)), np.zeros((7, 4), dtype=bool), draws, 1.0)
    assert flow.arrivals.sum() == 0
    assert flow.online.sum() == pytest.approx(7.0)
    assert flow.lost.sum() == pytest.approx(21.0)


@pytest.mark.parametrize("seed", range(20))
def test_equals_the_edge_recursions_of_the_program(seed: int) -> None:
    """One opening [a, b): eL_a = k (eL_{a-1} + rho lam_{a-1}), eR_b = k (eR_{b+1} + rho lam_b)."""
    rng = np.random.default_rng(seed)
    slots, length = 20, 0.5
    demand, rho, reach = rng.gamma(1, 2, slots), rng.uniform(0, 1), rng.uniform(0.3, 3)
    fade = math.exp(-length / reach)
    left, right = np.zeros(slots + 1), np.zeros(slots + 1)
    for slot in range(slots):
        left[slot + 1] = fade * (left[slot] + rho * demand[slot])
    for slot in reversed(range(slots)):
        right[slot] = fade * (right[slot + 1] + rho * demand[slot])
    opens, closes = sorted(rng.choice(slots + 1, 2, replace=False))
    expected = np.zeros(slots)
    expected[opens] += left[opens]
    expected[closes - 1] += right[closes]
    open_slots = (np.arange(slots) >= opens) & (np.arange(slots) < closes)
    draws = DiversionDraws(*(np.array([value]) for value in (rho, reach, 0.2, 0.3)))
    flow = divert(demand[None, None], open_slots[None], draws, length)
    np.testing.assert_allclose(flow.moved[0, 0], expected, atol=1e-12)


def test_nobody_goes_to_a_day_that_nobody_wants() -> None:
    walk_in = np.ones((1, 7, 3))
    walk_in[0, 5] = 0.0
    open_slots = np.ones((7, 3), dtype=bool)
    open_slots[6] = False
    draws = DiversionDraws(*(np.array([value]) for value in (0.5, 1.0, 0.4, 0.0)))
    flow = divert(walk_in, open_slots, draws, 1.0)
    assert flow.moved.sum(axis=2)[0] == pytest.approx([0.6, 0, 0, 0, 0, 0, 0])
    assert flow.lost.sum() == pytest.approx(2.4)
