"""Customers served by n people on duty: the Erlang-A queue (M/M/n+M) in its steady state.

Source: Palm 1957; Garnett, Mandelbaum & Reiman 2002. With arrivals lambda, service rate mu a person
and patience rate theta, the balance of the queue leaves one infinite sum,
F(c, x) = sum_j x^j / ((c+1) ... (c+j)) with c = n mu / theta, x = lambda / theta; its inverse is
computed by the backward recursion F(c) = 1 + x / (c+1) F(c+1), which neither over- nor underflows.

Draws ask for thousands of arrivals at the same number of people. The share of customers who are
served is smooth in the arrivals, so such a crowd is read off a table of it, by cubics between
nodes; a table is used only if it keeps the definition half way between all of its nodes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hoursopt.shop import Service

Floats = NDArray[np.float64]

# Beyond so many sqrt(x) of overload the inverse sum is 0 to machine precision.
_OVERLOAD = 40.0
_SHORT_SUM = 64

_CROWD = 4096
"""Arrivals at one number of people from which a table of them costs less than it saves."""

_NODES = (200, 800, 3200)
"""Nodes of a table where the logarithm of 1 + load grows by 1: a sharp bend needs more of them."""

_TABLE_ERROR = 1e-9
"""Of the share served, what a table may miss half way between two nodes."""


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
    load = come / slot_hours * service.minutes_per_customer / 60
    if come.size < _CROWD:
        return come * _stay(load, people, service)
    stay = np.empty(come.shape)
    few = np.ones(come.shape, dtype=bool)
    for number in np.flatnonzero(np.bincount(people) >= _CROWD).tolist():
        crowd = people == number
        nodes = _table(number, service, _reach(load[crowd]))
        if nodes is not None:
            stay[crowd] = _between(nodes, load[crowd])
            few &= ~crowd
    if few.any():
        stay[few] = _stay(load[few], people[few], service)
    return come * stay


def _reach(load: Floats) -> int:
    """How far a table must go, in half units of log(1 + load); few lengths, so that they recur."""
    return max(1, int(np.ceil(2 * np.log1p(load.max()))))


@lru_cache(maxsize=256)
def _table(people: int, service: Service, reach: int) -> tuple[int, Floats] | None:
    """Nodes a unit of log(1 + load), and the share served at each; None: the bend is too sharp."""
    for nodes in _NODES:
        places = np.arange(reach * nodes + 3) / (2 * nodes)
        load = np.expm1(places)
        share = np.ones(load.shape)
        share[1:] = _stay(load[1:], np.full(load.size - 1, people), service)
        known, told = share[::2], _between((nodes, share[::2]), load[:-2])
        if np.all(np.abs(told - share[:-2]) <= _TABLE_ERROR * share[:-2]):
            return nodes, known
    return None


def _between(table: tuple[int, Floats], load: Floats) -> Floats:
    """The share served at any load of a table: the cubic through the four nodes around it."""
    nodes, share = table
    place = np.log1p(load) * nodes
    first = np.clip(place.astype(int) - 1, 0, share.size - 4)
    t = place - first
    a, b, c = t - 1, t - 2, t - 3
    told: Floats = t * (a * (b * share[first + 3] - 3 * c * share[first + 2]) / 6)
    told += b * c * (3 * t * share[first + 1] - a * share[first]) / 6
    return np.clip(told, 0.0, 1.0)


def _stay(load: Floats, people: NDArray[Any], service: Service) -> Floats:
    """The share of customers who are served, by the definition; `load` in people kept busy."""
    rate = 60 / service.minutes_per_customer
    hourly = load * rate
    idle_odds = _inverse_erlang_b(load, people)
    if service.patience_minutes <= 0:
        stay = 1 - 1 / idle_odds
    else:
        patience = 60 / service.patience_minutes
        inverse = _inverse_sum(people * rate / patience, hourly / patience)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            leave = hourly - people * rate * (1 - inverse)
            leave /= (idle_odds - 1) * inverse + 1
            stay = 1 - leave / hourly
    return np.clip(stay, 0.0, 1.0)


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
