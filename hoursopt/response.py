"""Customers served by n people on duty: the Erlang-A queue (M/M/n+M) in its steady state.

Source: Palm 1957; Garnett, Mandelbaum & Reiman 2002. With arrivals lambda, service rate mu a person
and patience rate theta, the balance of the queue leaves one infinite sum,
F(c, x) = sum_j x^j / ((c+1) ... (c+j)) with c = n mu / theta, x = lambda / theta; its inverse is
computed by the backward recursion F(c) = 1 + x / (c+1) F(c+1), which neither over- nor underflows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hoursopt.shop import Service

Floats = NDArray[np.float64]

# Beyond so many sqrt(x) of overload the inverse sum is 0 to machine precision.
_OVERLOAD = 40.0
_SHORT_SUM = 64


def served(arrivals: ArrayLike, staff: ArrayLike, service: Service, slot_hours: float) -> Floats:
    """Customers served per slot by `staff` people when `arrivals` customers come per slot.

    Arrays broadcast; arrivals at least 0, staff whole numbers at least 0. Nobody serves nobody.
    Increasing in arrivals, increasing and concave in staff. Patience 0: who must wait, leaves.
    """
    come, people = np.broadcast_arrays(np.asarray(arrivals, float), np.asarray(staff))
    result = np.zeros(come.shape)
    # Most slots of a week are closed: nothing is computed for them.
    busy = (people > 0) & (come != 0)
    result[busy] = _served(come[busy], people[busy], service, slot_hours)
    return result


def _served(come: Floats, people: NDArray[Any], service: Service, slot_hours: float) -> Floats:
    """The same, one dimension, of slots with customers and people."""
    if service.minutes_per_customer <= 0:
        return come
    hourly = come / slot_hours
    rate = 60 / service.minutes_per_customer
    idle_odds = _inverse_erlang_b(hourly / rate, people)
    if service.patience_minutes <= 0:
        stay = 1 - 1 / idle_odds
    else:
        patience = 60 / service.patience_minutes
        inverse = _inverse_sum(people * rate / patience, hourly / patience)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            leave = hourly - people * rate * (1 - inverse)
            leave /= (idle_odds - 1) * inverse + 1
            stay = 1 - leave / hourly
    return come * np.clip(stay, 0.0, 1.0)


def _inverse_erlang_b(load: Floats, people: NDArray[np.int_]) -> Floats:
    """1 / B(n, load): recursion 1/B(n) = 1 + n / load / B(n-1), 1/B(0) = 1."""
    inverse = np.ones(load.shape)
    with np.errstate(divide="ignore", over="ignore"):
        for number in range(1, int(people.max(initial=0)) + 1):
            inverse = np.where(people >= number, 1 + inverse * (number / load), inverse)
    return inverse


def _inverse_sum(c: Floats, x: Floats) -> Floats:
    """1 / F(c, x), 0 where F is beyond all floats."""
    inverse = np.zeros(x.shape)
    spread = np.sqrt(x)
    terms = np.maximum(x - c, 0) + 12 * spread + 30
    reachable = x - c <= _OVERLOAD * spread + 1
    for chosen in (reachable & (terms <= _SHORT_SUM), reachable & (terms > _SHORT_SUM)):
        if chosen.any():
            inverse[chosen] = _backward(c[chosen], x[chosen], int(terms[chosen].max()) + 1)
    return inverse


def _backward(c: Floats, x: Floats, terms: int) -> Floats:
    inverse = np.maximum(1 - x / (c + terms + 1), 1e-3)
    for term in range(terms, 0, -1):
        # 1/F(c + term - 1) = 1 / (1 + x / (c + term) * F(c + term)), without F itself
        inverse = inverse / (inverse + x / (c + term))
    return inverse
