"""One channel's course through time: what its days, and the hours within them, had of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.days import DayModel, DayTerms, fit_days
from hoursopt.demand.shape import Shape, fit_shape, shape_terms

Floats = NDArray[np.float64]

CAPPED = 0.99  # quantile at which squared residuals are capped: one wild hour is no rule
PSEUDO_ROWS = 30.0
MOST_OVERDISPERSED = 5.0


@dataclass(frozen=True)
class Calendar:
    """Which days there are, arrays (N,).

    kind: number of the surface's weekday that a day follows. ordinary: days that do so. weight: by
    age. known: the owner's factors of events. terms: columns of the day model.
    """

    dates: Sequence[dt.date]
    terms: DayTerms
    kind: NDArray[np.intp]
    ordinary: NDArray[np.bool_]
    weight: Floats
    known: Floats


@dataclass(frozen=True)
class Course:
    """What a channel's counts had of their own around the surface.

    factors: (N, H) of each day and slot, luck with it. overdispersion: (H,) of the counts of a slot
    around those: Var = mean + overdispersion mean^2.
    """

    days: DayModel
    shape: Shape
    factors: Floats
    overdispersion: Floats


def follow(
    calendar: Calendar,
    hours: Floats,
    counts: Floats,
    expected: Floats,
    former: Course | None,
    settled: bool,
) -> Course:
    """Fit days, their luck, and the shape of the day to counts (N, H) around `expected` (N, H).

    hours: (H,) clock hours at which slots start. former: the course of the round before;
    `settled`: its breaks stand. Luck is centred on each kind of day: what a kind has of its own
    belongs to the surface.
    """
    dates = calendar.dates
    expected = expected * calendar.known[:, None]
    if former is None:
        shape = Shape.flat(shape_terms(dates, hours, expected))
        drawn = np.ones_like(expected)
    else:
        shape, drawn = former.shape, former.shape.factors(dates)
    seen, hoped = counts.sum(axis=1), (expected * drawn).sum(axis=1)
    start = former.days if former is not None else None
    days = fit_days(calendar.terms, dates, seen, hoped, calendar.weight, start, settled)
    means = days.factors(dates)
    luck = days.effects(seen, hoped, dates)
    weight = np.where(calendar.ordinary, calendar.weight * hoped * means, 0.0)
    total = np.bincount(calendar.kind, weight)
    usual = np.bincount(calendar.kind, weight * luck) / np.where(total > 0, total, 1.0)
    factor = means * luck / np.where(usual > 0, usual, 1.0)[calendar.kind]
    plain = np.where(calendar.ordinary[:, None], expected * factor[:, None], 0.0)
    shape = fit_shape(shape, dates, counts, plain)
    factors = factor[:, None] * shape.factors(dates)
    spread = overdispersion(counts, expected * factors, calendar.ordinary, calendar.weight)
    return Course(days, shape, factors * calendar.known[:, None], spread)


def overdispersion(
    counts: Floats, mean: Floats, ordinary: NDArray[np.bool_], weight: Floats
) -> Floats:
    """(H,) negative-binomial overdispersion of each slot, by moments, shrunk to that of all slots.

    The day's luck was fitted to the same counts: each day loses a degree of freedom.
    """
    used = (mean > 0) & ordinary[:, None]
    safe = np.where(used, mean, 1.0)
    slots = used.sum(axis=1, keepdims=True)
    day = np.maximum((safe * used).sum(axis=1, keepdims=True), 1e-9)
    freedom = np.where(slots > 1, 1 - safe / day, 0.0)
    squared = np.where(used, (counts - mean) ** 2, 0.0)
    ratio = squared / safe
    cap = np.quantile(ratio[used], CAPPED) if used.any() else 1.0
    squared = np.minimum(ratio, cap) * safe
    excess = np.where(used, weight[:, None] * (squared - safe * freedom), 0.0)
    size = np.where(used, weight[:, None] * safe**2 * freedom, 0.0)
    overall = max(float(excess.sum()) / max(float(size.sum()), 1e-9), 0.0)
    rows = np.maximum(np.where(used, weight[:, None], 0.0).sum(axis=0), 1e-9)
    added = PSEUDO_ROWS * size.sum(axis=0) / rows
    by_slot = (excess.sum(axis=0) + added * overall) / np.maximum(size.sum(axis=0) + added, 1e-9)
    return np.clip(by_slot, 0.0, MOST_OVERDISPERSED)
