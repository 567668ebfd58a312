"""Dates on which opening hours changed, found in counts.

A Bernoulli split of "any sale in this hour" over the days of some weekdays proposes dates; a date
stands if the hours found before and after differ and the counts of just those hours say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import Grid, OpeningHours
from hoursopt.observations.opened import STRAY_RATE, FoundWeek, find_week, telling_days, weigh

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

LEAST_DAYS = 14
"""Days of the shortest period that can have hours of its own."""
LEAST_OF_CLASS = 2
CHANGE_ODDS = 8.0
"""Log likelihood ratio of a change to none; with it no change was found where there was none."""
CHANGE_STEP = 0.4
"""Step in the share of days with a sale; or, for sparse shops, the next ratio of rates."""
CHANGE_RATIO = 0.1
SIDE_ODDS = 3.0
"""Log odds with which each side must speak against the hours of the other."""
MONDAY_ODDS = 2.5
"""Log odds of a change on a Monday to one on another day."""
NEAR_ODDS = 3.0
MOST_TRIED = 4
CLASSES = (*((weekday,) for weekday in range(7)), (0, 1, 2, 3, 4), (5, 6), tuple(range(7)))


@dataclass(frozen=True)
class Look:
    """How hours are looked for: openings a day, and whether what counts is a till."""

    openings: int = 1
    till: bool = True

    def week(self, grid: Grid, weekdays: Ints, counts: Floats) -> FoundWeek:
        """The week that counts (N, H) show."""
        hour = 60 // grid.slot_minutes if self.till else None
        return find_week(grid, weigh(weekdays, counts, hour), self.openings)


@dataclass(frozen=True)
class Period:
    """Days first <= day < last with one week of hours.

    begins: the earliest and latest day on which these hours may have begun, by the counts.
    """

    first: int
    last: int
    begins: tuple[int, int]
    week: FoundWeek


def find_periods(grid: Grid, weekdays: Ints, counts: Floats, look: Look = Look()) -> list[Period]:
    """The periods of counts (N, H) with hours of their own, oldest first."""
    borders = [(0, 0, 0), *_borders(grid, weekdays, counts, 0, len(counts), look)]
    ends = [first for first, _, _ in borders[1:]] + [len(counts)]
    weeks = [
        _week(grid, weekdays, counts, first, last, look)
        for (first, _, _), last in zip(borders, ends, strict=True)
    ]
    for number in range(1, len(weeks)):
        weeks[number - 1], weeks[number] = _settled(weeks[number - 1], weeks[number])
    periods: list[Period] = []
    for (first, early, late), last, week in zip(borders, ends, weeks, strict=True):
        if periods and periods[-1].week.hours == week.hours:
            joined = _week(grid, weekdays, counts, periods[-1].first, last, look)
            periods[-1] = Period(periods[-1].first, last, periods[-1].begins, joined)
        else:
            periods.append(Period(first, last, (early, late), week))
    return periods


def _borders(
    grid: Grid, weekdays: Ints, counts: Floats, first: int, last: int, look: Look
) -> list[tuple[int, int, int]]:
    """Borders within days first <= day < last: the day, and the range in which it may lie."""

    def within(start: int, end: int) -> list[tuple[int, int, int]]:
        return _borders(grid, weekdays, counts, start, end, look)

    for day in _candidates(grid, weekdays[first:last], counts[first:last]):
        found = _confirmed(grid, weekdays, counts, (first, first + day, last), look)
        if found is not None:
            return [*within(first, found[0]), found, *within(found[0], last)]
    for start, end in _windows(grid, weekdays[first:last], counts[first:last]):
        begins = _confirmed(grid, weekdays, counts, (first, first + start, first + end), look)
        if begins is None:
            continue
        ends = _confirmed(grid, weekdays, counts, (begins[0], first + end, last), look)
        if ends is not None:
            parts = within(first, begins[0]), within(begins[0], ends[0]), within(ends[0], last)
            return [*parts[0], begins, *parts[1], ends, *parts[2]]
    return []


def _candidates(grid: Grid, weekdays: Ints, counts: Floats) -> Iterator[int]:
    """Days on which a split is likely, the likeliest first, at least a week apart."""
    if len(counts) < 2 * LEAST_DAYS:
        return
    told = telling_days(weekdays, counts.sum(axis=1))
    hourly = _hourly(grid, counts)
    found: list[tuple[float, int]] = []
    for among in CLASSES:
        days = np.flatnonzero(told & np.isin(weekdays, among))
        if len(days) >= 2 * LEAST_OF_CLASS:
            found += _splits(days, hourly[days])
    tried: list[int] = []
    for _, day in sorted(found, reverse=True):
        day = min(max(day, LEAST_DAYS), len(counts) - LEAST_DAYS)
        if len(tried) < MOST_TRIED and all(abs(day - other) >= 7 for other in tried):
            tried.append(day)
            yield day


def _hourly(grid: Grid, counts: Floats) -> Floats:
    """(N, hours + 1) counts by hour, none much above the usual, and whether any came that day."""
    slots = 60 // grid.slot_minutes
    hourly = np.add.reduceat(counts, np.arange(0, counts.shape[1], slots), axis=1)
    positive = hourly[hourly > 0]
    hourly = np.minimum(hourly, np.median(positive) if positive.size else 1.0)
    # A weekday that is new, or given up, shows best in its days as a whole.
    return np.column_stack((hourly, counts.any(axis=1)))


def _windows(grid: Grid, weekdays: Ints, counts: Floats) -> Iterator[tuple[int, int]]:
    """Stretches of weeks unlike those before and after, the likeliest first.

    One split cannot see a summer of other hours between two long times of the usual ones.
    """
    weeks = len(counts) // 7
    if weeks * 7 < 3 * LEAST_DAYS:
        return
    told = telling_days(weekdays, counts.sum(axis=1))[: 7 * weeks]
    seen = (_hourly(grid, counts) > 0)[: 7 * weeks] & told[:, None]
    least = LEAST_DAYS // 7
    starts, ends = np.triu_indices(weeks + 1, least)
    inner = (starts >= least) & (ends <= weeks - least)
    starts, ends = starts[inner], ends[inner]
    # There are many more windows than splits, one of which may look odd by chance.
    enough = CHANGE_ODDS + np.log(max(len(starts), 1))
    found: list[tuple[float, int, int]] = []
    for among in CLASSES if starts.size else ():
        days = np.isin(weekdays[: 7 * weeks], among)
        hits, trials = (
            np.pad((part * days[:, None]).reshape(weeks, 7, -1).sum(axis=1).cumsum(axis=0), pads)
            for part, pads in ((seen, ((1, 0), (0, 0))), (told[:, None], ((1, 0), (0, 0))))
        )
        inside, size = hits[ends] - hits[starts], trials[ends] - trials[starts]
        outside, rest = hits[-1] - inside, trials[-1] - size
        size, rest = np.maximum(size, 1), np.maximum(rest, 1)
        odds = _bernoulli(inside, size) + _bernoulli(outside, rest)
        odds -= _bernoulli(inside + outside, size + rest)
        odds = np.where(np.abs(inside / size - outside / rest) > CHANGE_STEP, odds, 0.0)
        best, column = np.unravel_index(int(odds.argmax()), odds.shape)
        if odds[best, column] > enough:
            found.append((float(odds[best, column]), 7 * int(starts[best]), 7 * int(ends[best])))
    for _, start, end in sorted(found, reverse=True)[:MOST_TRIED]:
        yield start, end


def _splits(days: Ints, hourly: Floats) -> list[tuple[float, int]]:
    """The best split of each hour (columns) that passes, as log likelihood ratio and day."""
    number = len(days)
    before = np.arange(LEAST_OF_CLASS, number - LEAST_OF_CLASS + 1)[:, None]
    after = number - before

    def both(values: Floats) -> tuple[Floats, Floats]:
        cumulated = np.cumsum(values, axis=0)
        return cumulated[before[:, 0] - 1], cumulated[-1] - cumulated[before[:, 0] - 1]

    early, late = both((hourly > 0).astype(np.float64))
    odds = _bernoulli(early, before) + _bernoulli(late, after)
    odds -= _bernoulli(early + late, np.full_like(before, number))
    step = np.abs(early / before - late / after) > CHANGE_STEP
    some, more = both(hourly)
    low, high = np.minimum(some / before, more / after), np.maximum(some / before, more / after)
    rates = _poisson(some, before) + _poisson(more, after)
    rates -= _poisson(some + more, np.full_like(before, number))
    sparse = low < CHANGE_RATIO * high
    score = np.where(step, odds, np.where(sparse, rates, 0.0))
    best = score.argmax(axis=0)
    columns = np.arange(score.shape[1])
    return [
        (float(score[row, column]), int(days[before[row, 0]]))
        for row, column in zip(best, columns, strict=True)
        if score[row, column] > CHANGE_ODDS
    ]


def _bernoulli(hits: Floats, trials: Floats | Ints) -> Floats:
    misses = trials - hits
    log: Floats = hits * np.log(np.maximum(hits, 1e-9) / trials) + misses * np.log(
        np.maximum(misses, 1e-9) / trials
    )
    return log


def _poisson(counts: Floats, days: Floats | Ints) -> Floats:
    log: Floats = counts * np.log(np.maximum(counts, 1e-9) / days)
    return log


def _confirmed(
    grid: Grid,
    weekdays: Ints,
    counts: Floats,
    span: tuple[int, int, int],
    look: Look,
) -> tuple[int, int, int] | None:
    """The border near `span[1]` in days span[0] to span[2], if the counts bear it out."""
    first, day, last = span
    earliest = latest = day
    for _ in range(2):
        left = _week(grid, weekdays, counts, first, day, look)
        right = _week(grid, weekdays, counts, day, last, look)
        left, right = _settled(left, right)
        differ = _shares(grid, left.hours) - _shares(grid, right.hours)
        if not differ.any():
            return None
        kept = slice(first, last)
        said = _for_the_old(weekdays[kept], counts[kept], differ, left, right)
        gained = np.concatenate(([0.0], np.cumsum(said)))[LEAST_DAYS : len(said) - LEAST_DAYS + 1]
        days = np.arange(len(gained)) + LEAST_DAYS + first
        near = days[gained >= gained.max() - NEAR_ODDS]
        mondays = weekdays[np.minimum(days, len(weekdays) - 1)] == 0
        # Of days that counts cannot tell apart the last: the first on which new hours were seen.
        liking = gained + MONDAY_ODDS * mondays
        day = int(days[np.flatnonzero(liking >= liking.max() - 1e-9)[-1]])
        run = _run_around(near, day)
        earliest, latest = int(run[0]), int(run[-1])
    if left.against(right.hours).sum() < SIDE_ODDS or right.against(left.hours).sum() < SIDE_ODDS:
        return None
    if _odds_of_change(weekdays[kept], counts[kept], differ, day - first) < CHANGE_ODDS:
        return None
    return day, earliest, latest


def _week(
    grid: Grid, weekdays: Ints, counts: Floats, first: int, last: int, look: Look
) -> FoundWeek:
    return look.week(grid, weekdays[first:last], counts[first:last])


def _settled(left: FoundWeek, right: FoundWeek) -> tuple[FoundWeek, FoundWeek]:
    """Both weeks, a weekday different only where each side speaks against the other's hours."""
    old, new = left.hours, right.hours
    left_odds, right_odds = left.against(right.hours), right.against(left.hours)
    for weekday in range(7):
        if old[weekday] == new[weekday]:
            continue
        if min(left_odds[weekday], right_odds[weekday]) >= SIDE_ODDS / 2:
            continue
        if left_odds[weekday] < right_odds[weekday]:
            old = old.replace(weekday, new[weekday])
        else:
            new = new.replace(weekday, old[weekday])
    return left.with_hours(old), right.with_hours(new)


def _shares(grid: Grid, hours: OpeningHours) -> Floats:
    return np.array([grid.shares(hours[weekday]) for weekday in range(7)])


def _for_the_old(
    weekdays: Ints, counts: Floats, differ: Floats, left: FoundWeek, right: FoundWeek
) -> Floats:
    """(N,) log odds of each day for the hours before to those after: counts where they differ."""
    told = telling_days(weekdays, counts.sum(axis=1))
    usual = np.maximum(left.evidence.usual, right.evidence.usual)[weekdays][:, None]
    capped = np.minimum(counts, np.maximum(usual, 1.0))
    odds = capped * np.log(1 / STRAY_RATE) - usual * (1 - STRAY_RATE)
    said: Floats = (odds * differ[weekdays]).sum(axis=1) * told
    return said


def _odds_of_change(weekdays: Ints, counts: Floats, differ: Floats, day: int) -> float:
    """Log likelihood ratio of two rates to one in the hours that differ, each day counted once."""
    told = telling_days(weekdays, counts.sum(axis=1))
    total = 0.0
    for sign in (1, -1):
        where = (differ * sign > 0)[weekdays]
        days = np.flatnonzero(told & where.any(axis=1))
        if not days.size:
            continue
        # A busy hour that opened or shut is one fact a day, however many came.
        seen = (counts * where)[days].sum(axis=1)
        seen = np.minimum(seen, 1.0)
        early, late = days < day, days >= day
        if not (early.any() and late.any()):
            continue
        parts = [np.array([float(seen[side].sum())]) for side in (early, late)]
        sizes = [np.array([float(side.sum())]) for side in (early, late)]
        odds = sum(_bernoulli(hits, size) for hits, size in zip(parts, sizes, strict=True))
        total += float((odds - _bernoulli(parts[0] + parts[1], sizes[0] + sizes[1]))[0])
    return total


def _run_around(days: Ints, best: int) -> Ints:
    """The days without a gap around the best one."""
    breaks = np.flatnonzero(np.diff(days) > 1)
    for run in np.split(days, breaks + 1):
        if best in run:
            return run
    return np.array([best], dtype=np.intp)
