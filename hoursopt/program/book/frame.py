"""Rules and limits as masks over openings: they cost nothing to change, for no worth hangs on them.

Read from the rules' meaning alone, as `hoursopt.program.check` reads them from a finished week.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import Spans
from hoursopt.program.tables import shortest_opening
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Opening = tuple[int, int]
"""First slot and the border at which the day closes."""

Week = tuple[Opening | None, ...]
"""An opening a day, None for a closed one."""


@dataclass(frozen=True)
class Frame:
    """What rules and limits allow of a week with one opening a day, and what a change costs.

    openings: (N, H, H + 1) allowed; may_close: (N,). change: what hours unlike today's cost a day,
    today: today's openings, "other" where they are no single opening. alike: groups of days with
    the same hours, each day in one. patterns: so many different openings at most. open_slots:
    least and most a week, None without bound.
    """

    openings: Flags
    may_close: Flags
    change: float
    today: tuple[Opening | str | None, ...]
    alike: tuple[tuple[int, ...], ...]
    patterns: int
    open_slots: tuple[int | None, int | None]

    def without(self, day: int, opening: Opening | None) -> Frame:
        """The frame in which a day does not have this opening (None: is not closed)."""
        openings, may_close = self.openings.copy(), self.may_close.copy()
        if opening is None:
            may_close[day] = False
        else:
            openings[day][opening] = False
        return dataclasses.replace(self, openings=openings, may_close=may_close)

    def with_only(self, day: int, opening: Opening | None) -> Frame:
        """The frame in which a day has this opening (None: is closed), where that is allowed."""
        openings, may_close = self.openings.copy(), self.may_close.copy()
        kept = opening is not None and bool(openings[day][opening])
        openings[day] = False
        if opening is not None:
            openings[day][opening] = kept
            may_close[day] = False
        return dataclasses.replace(self, openings=openings, may_close=may_close)

    def worth_of_hours(self, day: int) -> Floats:
        """(H, H + 1) what a day's openings cost for being a change, -inf where not allowed."""
        worth = np.where(self.openings[day], -self.change, -np.inf)
        today = self.today[day]
        if isinstance(today, tuple):
            worth[today] += self.change
        return worth

    def worth_of_closing(self, day: int) -> float:
        """The same of a closed day."""
        if not self.may_close[day]:
            return -np.inf
        return 0.0 if self.today[day] is None else -self.change


def frame_of(scenario: Scenario) -> Frame:
    """The frame of a scenario's rules and limits, for one opening a day."""
    grid, limits = scenario.grid, scenario.limits
    first, last = np.arange(grid.size)[:, None], np.arange(grid.size + 1)[None]
    shape = last - first >= shortest_opening(scenario)
    openings = np.repeat(shape[None], scenario.days, axis=0)
    may_close = np.ones(scenario.days, dtype=bool)
    for rule in scenario.rules:
        for day, weekday in enumerate(scenario.weekdays):
            if weekday in rule.weekdays:
                _apply(scenario, rule, day, openings, may_close)
    least, most = limits.week_open_hours
    slots = scenario.days * grid.size
    low = int(np.ceil(least / grid.slot_hours - 1e-6)) if scenario.days == 7 else 0
    high = int(np.floor(most / grid.slot_hours + 1e-6))
    return Frame(
        openings,
        may_close,
        limits.change_cost,
        tuple(opening_of(scenario, spans) for spans in scenario.today),
        _alike(scenario),
        limits.patterns,
        (low if low > 0 else None, high if high < slots else None),
    )


def opening_of(scenario: Scenario, spans: Spans) -> Opening | str | None:
    """Spans of a day as an opening; None where there are none, "other" where they are none."""
    grid = scenario.grid
    if not spans:
        return None
    if len(spans) > 1 or not grid.fits(spans):
        return "other"
    return grid.index(spans[0].start), grid.index(spans[0].end)


def spans_of(scenario: Scenario, opening: Opening | None) -> Spans:
    """The spans of an opening."""
    if opening is None:
        return ()
    first, last = opening
    return scenario.grid.spans([first <= slot < last for slot in range(scenario.grid.size)])


def _apply(scenario: Scenario, rule: Rule, day: int, openings: Flags, may_close: Flags) -> None:
    """Take from a day's mask what a rule forbids."""
    grid = scenario.grid
    starts = grid.earliest + grid.slot_minutes * np.arange(grid.size)[:, None]
    ends = grid.earliest + grid.slot_minutes * np.arange(grid.size + 1)[None]
    at, span = rule.at or 0, rule.span
    if rule.kind == "closed":
        shut = True if span is None else (starts < span.end) & (ends > span.start)
        openings[day] &= ~np.broadcast_to(shut, openings[day].shape)
    elif rule.kind == "open":
        may_close[day] = False
        if span is not None:
            openings[day] &= (starts <= span.start) & (ends >= span.end)
    elif rule.kind == "closed_before":
        openings[day] &= np.broadcast_to(starts >= at, openings[day].shape)
    elif rule.kind == "closed_after":
        openings[day] &= np.broadcast_to(ends <= at, openings[day].shape)
    elif rule.kind == "keep_today":
        today = opening_of(scenario, scenario.today[day])
        kept = np.zeros_like(openings[day])
        if isinstance(today, tuple):
            kept[today] = True
        openings[day] &= kept
        may_close[day] &= today is None


def _alike(scenario: Scenario) -> tuple[tuple[int, ...], ...]:
    """Groups of days that `same_hours` rules tie together."""
    group = list(range(scenario.days))
    for rule in scenario.rules:
        if rule.kind == "same_hours":
            tied = {group[d] for d, w in enumerate(scenario.weekdays) if w in rule.weekdays}
            group = [min(tied) if mine in tied else mine for mine in group]
    return tuple(
        tuple(day for day, mine in enumerate(group) if mine == head) for head in sorted(set(group))
    )
