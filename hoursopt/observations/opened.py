"""Which hours of a week counts show: evidence of each weekday and slot, and the hours it supports.

A slot that is open sells at some share of the usual rate, any share being about as likely; one that
is closed sells next to nothing. The odds of the two for the counts seen are the evidence. Each
weekday has one opening, and weekdays like to have the same: the prior of a weekday's hours is made
of what the other weekdays were found to have (a Dirichlet process, solved by mean field).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import Grid, OpeningHours, Span, Spans

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STRAY_RATE = 0.04
"""Mean rate of a closed slot per usual rate. Slots below about 15 % of the usual rate are then
closed, the share that was measured as the border of irregular sales."""
CAP_QUANTILE = 0.95
SURE_DAY = 3.0
"""Customers of a usual day from which on a day without one was no day of trade."""
NEAR_WEEKS = 4
TRADING_SHARE = 0.5
"""Share of a weekday's nearest dates with customers from which on one without was shut for once."""
AWAY_DAYS = 10
"""Days in a row without a customer that are a shop away, or a file that lacks them."""
QUIET_WEEKDAY = 0.1
ENOUGH = 30.0
"""Customers of a weekday that tell as much of its rate as the other weekdays do."""
CLOSED_PRIOR = 0.2
OWN_WAY = 2.0
"""Weekdays' worth of belief that a weekday has hours of its own."""
SHORTEST = 60
CLOCK_PRIOR = {60: 1.0, 30: 0.5, 15: 0.15}
SWEEPS = 12
GAP_PRIOR = -4.0
STEADY_SHARE = 0.45
"""Share of days with a sale in a slot, an hour long, from which on a till is open at any rate."""
IRREGULAR_SHARE = 0.02
IRREGULAR_DAYS = 2


@dataclass(frozen=True)
class Evidence:
    """What counts say of each weekday and slot.

    weights: (7, H) log odds of open to closed. seen: (7, H) share of the days with a count. days:
    (7,) days that tell. usual: (7,) usual count of an open slot. customers: (7,) all counts.
    """

    weights: Floats
    seen: Floats
    days: Floats
    usual: Floats
    customers: Floats


@dataclass(frozen=True)
class FoundWeek:
    """Hours that counts show, and how sure that is.

    chance: (7, H) probability that each slot is open. irregular: (7, H) slots found closed in which
    now and then somebody buys.
    """

    grid: Grid
    hours: OpeningHours
    chance: Floats
    irregular: Flags
    evidence: Evidence

    def with_hours(self, hours: OpeningHours) -> FoundWeek:
        """The same evidence with hours that were settled otherwise."""
        return replace(self, hours=hours)

    def against(self, hours: OpeningHours) -> Floats:
        """(7,) log odds of the hours found to other hours, by the counts alone; 0 where equal."""
        return np.array([self.odds_against(day, hours[day]) for day in range(7)])

    def odds_against(self, weekday: int, spans: Spans) -> float:
        """Log odds of the hours found on a weekday to other hours of it."""
        found, other = (np.array(self.grid.shares(one)) for one in (self.hours[weekday], spans))
        return float(((found - other) * self.evidence.weights[weekday]).sum())


def telling_days(weekdays: NDArray[np.intp], totals: Floats) -> Flags:
    """(N,) days whose silence or trade tells of hours: not those shut for once, or away."""
    told = np.ones(len(totals), dtype=bool)
    empty = totals == 0
    run = np.concatenate(([0], np.cumsum(empty[1:] != empty[:-1])))
    told[empty & (np.bincount(run)[run] >= AWAY_DAYS)] = False
    for weekday in range(7):
        days = np.flatnonzero(told & (weekdays == weekday))
        traded = (totals[days] > 0).astype(np.float64)
        near = _around(traded)
        usual = _around(totals[days]) / np.maximum(near, 1.0)
        often = near >= TRADING_SHARE * _around(np.ones(days.size))
        told[days[(traded == 0) & often & (usual >= SURE_DAY)]] = False
    return told


def _around(values: Floats) -> Floats:
    """(n,) sums over the dates up to `NEAR_WEEKS` before and after."""
    cumulated = np.concatenate(([0.0], np.cumsum(values)))
    at = np.arange(values.size)
    last = np.minimum(at + NEAR_WEEKS + 1, values.size)
    sums: Floats = cumulated[last] - cumulated[np.maximum(at - NEAR_WEEKS, 0)]
    return sums


def weigh(weekdays: NDArray[np.intp], counts: Floats, hour: int | None = None) -> Evidence:
    """Evidence of counts (N, H) of the days with these weekdays.

    hour: slots of an hour where a till counts. A till that sells in some hours on most days is open
    in them at however low a rate, as a kiosk at night; None for counters, which see cleaners too.

    The count of a slot is Poisson; its rate is gamma of shape 2 around the usual rate (open), or
    exponential around `STRAY_RATE` of it (closed). A day counts in a slot at most the usual: an
    evening with a crowd is one evening.
    """
    told = telling_days(weekdays, counts.sum(axis=1))
    positive = counts[counts > 0]
    highest = max(1.0, float(np.quantile(positive, CAP_QUANTILE))) if positive.size else 1.0
    capped = np.minimum(counts, highest)
    rows = [told & (weekdays == weekday) for weekday in range(7)]
    usual = _usual(rows, capped)
    # The usual of capped counts is smaller than that of counts: compare like with like.
    capped = np.minimum(capped, np.maximum(usual, 1.0)[weekdays][:, None])
    usual = _usual(rows, capped)
    days = np.array([row.sum() for row in rows], dtype=np.float64)
    slots = counts.shape[1]
    weights, seen = np.zeros((7, slots)), np.zeros((7, slots))
    for weekday, row in enumerate(rows):
        expected = days[weekday] * usual[weekday]
        if expected > 0:
            weights[weekday] = _log_odds(capped[row].sum(axis=0), expected)
            seen[weekday] = (counts[row] > 0).mean(axis=0)
    if hour is not None:
        for weekday, kept in enumerate(_steady(rows, counts, weights, hour)):
            weights[weekday, kept] = 1.0
    customers = np.array([counts[row].sum() for row in rows])
    return Evidence(weights, seen, days, usual, customers)


def find_week(grid: Grid, evidence: Evidence, openings: int = 1) -> FoundWeek:
    """The hours that evidence supports, with one opening a day, or two where the gap is clear."""
    starts, ends, prior = _openings(grid)
    cumulated = np.concatenate((np.zeros((7, 1)), np.cumsum(evidence.weights, axis=1)), axis=1)
    # (7, P + 1) log likelihood of each opening, the last being closed.
    likelihood = np.concatenate(
        (cumulated[:, ends] - cumulated[:, starts], np.zeros((7, 1))), axis=1
    )
    belief = _normal(likelihood + np.log(prior))
    for _ in range(SWEEPS):
        for weekday in range(7):
            others = belief.sum(axis=0) - belief[weekday]
            belief[weekday] = _normal(likelihood[weekday] + np.log(others + OWN_WAY * prior))
    best = belief.argmax(axis=1)
    closed = len(starts)
    chance = np.zeros_like(evidence.weights)
    days: list[Spans] = []
    for weekday in range(7):
        own = belief[weekday, :-1]
        opens = np.bincount(starts, own, grid.size + 1)
        shuts = np.bincount(ends, own, grid.size + 1)
        chance[weekday] = np.clip(np.cumsum(opens - shuts)[:-1], 0.0, 1.0)
        if best[weekday] == closed:
            days.append(())
        else:
            start, end = starts[best[weekday]], ends[best[weekday]]
            days.append((Span(grid.start(int(start)), grid.start(int(end))),))
    if openings > 1:
        days = _with_gaps(grid, days, evidence, chance)
    hours = round_the_clock(grid, OpeningHours(tuple(days)))
    shares = np.array([grid.shares(spans) for spans in days])
    often = (evidence.seen >= IRREGULAR_SHARE) & (
        evidence.seen * evidence.days[:, None] >= IRREGULAR_DAYS - 1e-6
    )
    return FoundWeek(grid, hours, chance, often & (shares == 0), evidence)


def round_the_clock(grid: Grid, hours: OpeningHours) -> OpeningHours:
    """Days that are open on the whole grid of 24 hours as the clock's days, 00:00 to 24:00."""
    whole = (Span(grid.earliest, grid.latest),)
    if grid.latest - grid.earliest == 24 * 60 and all(day == whole for day in hours.days):
        return OpeningHours(((Span(0, 24 * 60),),) * 7)
    return hours


def _steady(rows: list[Flags], counts: Floats, weights: Floats, hour: int) -> Flags:
    """(7, H) slots of weak evidence in an hour or more in which a till sells on most days.

    Those who pay after closing come within one slot or two, and not in each.
    """
    steady = np.zeros(weights.shape, dtype=bool)
    sold = np.array(
        [(counts[row] > 0).mean(axis=0) if row.any() else 0.0 * counts[0] for row in rows]
    )
    trading = np.flatnonzero((weights > 0).any(axis=1))
    for weekday in trading:
        marked = (weights[weekday] <= 0) & (sold[trading].mean(axis=0) >= STEADY_SHARE)
        run = np.concatenate(([0], np.cumsum(marked[1:] != marked[:-1])))
        size = np.bincount(run)
        often = np.bincount(run, sold[weekday]) / size >= STEADY_SHARE
        steady[weekday] = marked & ((size >= hour) & often)[run]
    return steady


def _usual(rows: list[Flags], counts: Floats) -> Floats:
    """(7,) rate of a slot that the mean customer meets; of hardly trading weekdays the others'."""
    each = np.array([counts[row].sum(axis=0) for row in rows])
    days = np.maximum([row.sum() for row in rows], 1)
    totals = each.sum(axis=1)
    trading = (totals > 0) & (totals / days >= QUIET_WEEKDAY * (totals / days).max())
    if not trading.any():
        return np.zeros(7)
    overall = _met(each[trading].sum(axis=0), days[trading].sum())
    own = np.array([_met(one, count) for one, count in zip(each, days, strict=True)])
    known = np.where(trading, totals, 0.0)
    usual: Floats = (known * own + ENOUGH * overall) / (known + ENOUGH)
    return usual


def _met(counts: Floats, days: float) -> float:
    """Mean rate of a slot by customers; a chance count is not taken for a busy slot."""
    mean = counts / days
    return float(max((mean**2 - mean / days).sum(), (mean**2).sum() / 4) / max(mean.sum(), 1e-9))


def _log_odds(counts: Floats, expected: float) -> Floats:
    """Negative binomial of shape 2 (open) to geometric (closed)."""
    half, stray = expected / 2, STRAY_RATE * expected
    seen_open = np.log1p(counts) - 2 * np.log1p(half) - counts * np.log1p(1 / half)
    seen_closed = -np.log1p(stray) - counts * np.log1p(1 / stray)
    odds: Floats = seen_open - seen_closed
    return odds


def _openings(grid: Grid) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """First and last slot border of each opening, and the prior of all and of closed."""
    borders = np.arange(grid.size + 1)
    starts, ends = (part.ravel() for part in np.meshgrid(borders, borders, indexing="ij"))
    long = (ends - starts) * grid.slot_minutes >= SHORTEST
    starts, ends = starts[long], ends[long]
    minutes = np.array([grid.start(int(border)) for border in borders])
    clock = np.select([minutes % step == 0 for step in CLOCK_PRIOR], list(CLOCK_PRIOR.values()))
    weight = clock[starts] * clock[ends]
    prior = np.append((1 - CLOSED_PRIOR) * weight / weight.sum(), CLOSED_PRIOR)
    return starts, ends, prior


def _normal(log: Floats) -> Floats:
    weights = np.exp(log - log.max(axis=-1, keepdims=True))
    normal: Floats = weights / weights.sum(axis=-1, keepdims=True)
    return normal


def _with_gaps(grid: Grid, days: list[Spans], evidence: Evidence, chance: Floats) -> list[Spans]:
    """The days with a closed spell where weekdays of equal hours together show one."""
    starts, ends, prior = _openings(grid)
    found = list(days)
    for spans in set(days) - {()}:
        alike = [weekday for weekday in range(7) if days[weekday] == spans]
        weights = np.append(0.0, np.cumsum(evidence.weights[alike].sum(axis=0)))
        first, last = grid.index(spans[0].start), grid.index(spans[0].end)
        inside = (starts > first) & (ends < last)
        if not inside.any():
            continue
        score = weights[starts] - weights[ends] + np.log(prior[:-1]) + GAP_PRIOR
        best = np.flatnonzero(inside)[score[inside].argmax()]
        if score[best] > 0:
            gap = slice(int(starts[best]), int(ends[best]))
            for weekday in alike:
                chance[weekday, gap] = np.exp(-max(float(score[best]), 0.0))
                found[weekday] = (
                    Span(spans[0].start, grid.start(gap.start)),
                    Span(grid.start(gap.stop), spans[0].end),
                )
    return found
