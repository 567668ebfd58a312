"""Where the search for a week may start: at the prices and staffings that answered one like it.

A week is planned again and again with a little other money. What was found before is not believed:
its shifts are worth what they earn now, and its prices are only where the search begins.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from hoursopt.program.book.column import Column
from hoursopt.program.book.frame import Frame
from hoursopt.scenario import Scenario

Week = tuple[Column, ...]


@dataclass(frozen=True)
class Trail:
    """What one search found in its frame.

    prices: of the hours tied, by the names of `Ties`. weeks: its best weeks, the best one first;
    days: other staffings of its best week's days.
    """

    frame: Frame
    prices: Mapping[str, float]
    weeks: tuple[Week, ...]
    days: Week


@dataclass(frozen=True)
class Start:
    """The searches of one scenario, and where each day's linear program ended."""

    scenario: Scenario
    trails: tuple[Trail, ...] = ()
    bases: Mapping[int, highspy.HighsBasis] = field(default_factory=dict)

    def serves(self, scenario: Scenario) -> bool:
        """Whether the same people may work the same shifts in both."""
        return _shifts(self.scenario) == _shifts(scenario)


def likest(trails: Sequence[Trail], frame: Frame) -> Trail | None:
    """The trail whose frame allows most nearly the same openings, the latest of several."""

    def unlike(trail: Trail) -> int:
        mine = trail.frame
        openings = np.count_nonzero(mine.openings != frame.openings)
        return int(openings + np.count_nonzero(mine.may_close != frame.may_close))

    return min(reversed(trails), key=unlike, default=None)


def _shifts(scenario: Scenario) -> tuple[object, ...]:
    """All on which it hangs who may work when; pay and weekly hours do not."""
    staff = tuple(
        tuple(
            getattr(group, part.name)
            for part in dataclasses.fields(group)
            if part.name not in ("pay", "week_hours")
        )
        for group in scenario.staff
    )
    limits = scenario.limits
    on_duty = limits.min_staff, limits.max_staff, limits.min_open_hours, limits.intervals_per_day
    return scenario.grid, scenario.weekdays, staff, on_duty
