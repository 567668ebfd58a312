"""Erlang-A served customers against state probabilities and a simulated queue."""

from __future__ import annotations

import heapq

import numpy as np
import pytest

from hoursopt import response
from hoursopt.response import served
from hoursopt.shop import Service

SERVICE = Service(minutes_per_customer=4.0, patience_minutes=8.0)


def served_by_states(arrivals: float, people: int, service: Service) -> float:
    """Customers an hour, from the birth-and-death chain written out."""
    rate, leave = 60 / service.minutes_per_customer, 60 / service.patience_minutes
    odds, state = [1.0], 0
    while state <= people or odds[-1] > 1e-18 * max(odds):
        state += 1
        out = min(state, people) * rate + max(state - people, 0) * leave
        odds.append(odds[-1] * arrivals / out)
        if odds[-1] > 1e200:
            odds = [value / 1e200 for value in odds]
    busy = sum(min(number, people) * value for number, value in enumerate(odds))
    return rate * busy / sum(odds)


@pytest.mark.parametrize("arrivals", [1e-9, 0.1, 3, 14.9, 15, 40, 200, 3000])
@pytest.mark.parametrize("people", [1, 2, 4, 12, 50])
def test_equals_the_chain_written_out(arrivals: float, people: int) -> None:
    told = float(served(arrivals, people, SERVICE, 1.0))
    assert told == pytest.approx(served_by_states(arrivals, people, SERVICE), rel=1e-9, abs=1e-15)


def test_equals_a_simulated_queue() -> None:
    arrivals, people = 28.0, 2
    runs = np.array([simulated(arrivals, people, 400.0, seed) for seed in range(12)])
    told = float(served(arrivals, people, SERVICE, 1.0))
    error = runs.std(ddof=1) / np.sqrt(runs.size)
    assert error < 0.01 * told
    assert abs(runs.mean() - told) < 3.5 * error


def simulated(arrivals: float, people: int, hours: float, seed: int) -> float:
    """Customers served an hour in one run of a queue with impatient customers."""
    rng = np.random.default_rng(seed)
    busy: list[float] = []
    done = 0
    times = np.cumsum(rng.exponential(1 / arrivals, int(arrivals * hours)))
    queue: list[tuple[float, float]] = []
    for time in times:
        while busy and busy[0] <= time:
            free = heapq.heappop(busy)
            while queue:
                came, patience = queue.pop(0)
                if came + patience > free:
                    heapq.heappush(busy, free + rng.exponential(1 / 15))
                    done += 1
                    break
        if len(busy) < people:
            heapq.heappush(busy, time + rng.exponential(1 / 15))
            done += 1
        else:
            queue.append((time, rng.exponential(8 / 60)))
    return done / float(times[-1])


def test_more_staff_helps_less_and_less() -> None:
    arrivals = np.random.default_rng(0).gamma(1.5, 12, (500, 1))
    levels = served(arrivals, np.arange(0, 12), SERVICE, 0.5)
    assert np.all(np.diff(levels, axis=1) >= -1e-12)
    assert np.diff(levels, 2, axis=1).max() < 1e-9


def test_more_customers_are_never_fewer_served() -> None:
    arrivals = np.linspace(0, 500, 4000)
    assert np.all(np.diff(served(arrivals, 3, SERVICE, 1.0)) >= -1e-9)


def test_half_an_hour_serves_half_of_what_an_hour_does() -> None:
    assert served(10, 2, SERVICE, 0.5) == pytest.approx(served(20, 2, SERVICE, 1.0) / 2)


def test_nobody_serves_nobody_and_none_come() -> None:
    np.testing.assert_array_equal(served([5.0, 0.0], [0, 3], SERVICE, 1.0), [0.0, 0.0])


def test_ten_thousand_an_hour_fill_the_staff() -> None:
    assert served(1e5, 4, SERVICE, 1.0) == pytest.approx(60.0)
    assert served(1e4, 50, SERVICE, 1.0) == pytest.approx(750.0)


def test_without_patience_who_must_wait_leaves() -> None:
    hurry = Service(4.0, 0.0)
    load = 20 / 15
    blocked = (load**2 / 2) / (1 + load + load**2 / 2)  # Erlang B, two people
    assert served(20, 2, hurry, 1.0) == pytest.approx(20 * (1 - blocked))
    nearly = served(20, 2, Service(4.0, 1e-6), 1.0)
    assert nearly == pytest.approx(20 * (1 - blocked), rel=1e-4)


def test_a_sale_that_takes_no_time_serves_all() -> None:
    assert served(1e4, 1, Service(0.0, 8.0), 1.0) == 1e4


@pytest.mark.parametrize("patience", [0.1, 8.0, 60.0])
def test_slow_service_and_long_patience_keep_the_figures(patience: float) -> None:
    for minutes in (0.5, 45.0):
        service = Service(minutes, patience)
        for people in (1, 5, 50):
            for load in (0.3, 1.0, 1.4):
                come = load * people * 60 / minutes
                told = float(served(come, people, service, 1.0))
                assert told == pytest.approx(served_by_states(come, people, service), rel=1e-9)


CROWDS = {
    "usual": SERVICE,
    "long patience, so a sharp bend": Service(0.5, 60.0),
    "no patience": Service(4.0, 0.0),
    "slow service": Service(45.0, 8.0),
}


def crowd(service: Service) -> np.ndarray:
    """Nobody, hardly anybody, every load around that of the staff, and 10,000 an hour."""
    loads = np.concatenate((np.linspace(0, 60, 4000), np.geomspace(1e-12, 1, 2000)))
    hourly = np.concatenate((loads * 60 / service.minutes_per_customer, [0.0, 1e-300, 1e4]))
    return np.random.default_rng(0).permutation(hourly)


@pytest.mark.parametrize("kind", CROWDS)
@pytest.mark.parametrize("people", [1, 2, 5, 50])
def test_a_crowd_is_served_as_each_of_its_arrivals_alone(kind: str, people: int) -> None:
    service, come = CROWDS[kind], crowd(CROWDS[kind])
    told = served(come, people, service, 1.0)
    few = np.concatenate([served(part, people, service, 1.0) for part in np.array_split(come, 40)])
    np.testing.assert_allclose(told, few, rtol=1e-9, atol=0)


def test_a_crowd_is_read_off_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    come = crowd(SERVICE)
    served(come, 3, SERVICE, 1.0)
    monkeypatch.setattr(response, "_stay", None)  # the definition is not asked any more
    assert served(come, 3, SERVICE, 1.0)[come == 1e4] == pytest.approx(45.0)


def test_a_crowd_of_several_numbers_of_staff_is_told_apart() -> None:
    come = crowd(SERVICE)[:, None]
    both = served(come, np.array([0, 1, 4]), SERVICE, 0.5)
    for column, people in enumerate((0, 1, 4)):
        np.testing.assert_array_equal(both[:, [column]], served(come, people, SERVICE, 0.5))


@pytest.mark.parametrize("kind", CROWDS)
def test_more_staff_helps_a_crowd_less_and_less(kind: str) -> None:
    come = crowd(CROWDS[kind])[:, None]
    levels = served(come, np.arange(0, 12), CROWDS[kind], 1.0) / np.maximum(come, 1.0)
    assert np.all(np.diff(levels, axis=1) >= -1e-9)
    assert np.diff(levels, 2, axis=1).max() < 2e-9


def test_closed_slots_change_nothing_for_the_others() -> None:
    come = np.array([[0.0, 4.0, 9.0], [2.0, 0.0, 5.0]])
    people = np.array([[1, 0, 2], [3, 2, 0]])
    both = served(come, people, SERVICE, 0.5)
    pairs = zip(come.flat, people.flat, strict=True)
    alone = [float(served(number, staff, SERVICE, 0.5)) for number, staff in pairs]
    np.testing.assert_allclose(both.ravel(), alone, rtol=1e-12)
