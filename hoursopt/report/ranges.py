"""Weeks beside the ranges that were stated for them: bars from low to high, and what came."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hoursopt.fonts import SANS
from hoursopt.i18n import Texts
from hoursopt.paper.letters import width
from hoursopt.paper.marks import Box, Frame, Mark, Text
from hoursopt.report.colours import ACCENT, BLUE, INK, LINE, QUIET, RAMP
from hoursopt.report.nouns import Picture

WIDTH, HEIGHT = 170.0, 62.0
LEFT, TOP = 15.0, 3.0
BOTTOM = HEIGHT - 14.0
SMALL = 7.5
POINT = 1.9
STEPS = (1, 2, 2.5, 5, 10)
MOST_LABELS = 8


@dataclass(frozen=True)
class Ranged:
    """A week from a Monday: its stated range with the mean, and what came."""

    monday: dt.date
    low: float
    mean: float
    high: float
    actual: float

    @property
    def held(self) -> bool:
        """Whether it came within the range."""
        return self.low - 0.5 <= self.actual <= self.high + 0.5


def ranges_picture(title: str, weeks: Sequence[Ranged], t: Texts) -> Picture:
    """A bar for the range of each week, a line for its mean, a square for what came."""
    step = _step(max(max(week.high, week.actual) for week in weeks) / 4)
    most = step * math.ceil(max(max(week.high, week.actual) for week in weeks) / step)
    marks: list[Mark] = [*_axis(step, most, t)]
    room = (WIDTH - LEFT) / len(weeks)
    bar = min(room * 0.62, 6.0)
    every = -(-len(weeks) // MOST_LABELS)
    for number, week in enumerate(weeks):
        middle = LEFT + (number + 0.5) * room
        high, mean, low, actual = (
            _y(value, most) for value in (week.high, week.mean, week.low, week.actual)
        )
        marks.append(Box(middle - bar / 2, high, bar, max(low - high, 0.4), RAMP[1]))
        marks.append(Box(middle - bar / 2, mean - 0.2, bar, 0.4, BLUE))
        colour = INK if week.held else ACCENT
        marks.append(Box(middle - POINT / 2, actual - POINT / 2, POINT, POINT, colour))
        if not week.held:
            frame = POINT + 1.6
            marks.append(Frame(middle - frame / 2, actual - frame / 2, frame, frame, ACCENT, 0.3))
        if number % every == 0:
            day = t.day(week.monday)
            marks.append(Text(middle, BOTTOM + 4.5, day, SANS, SMALL, QUIET, "middle"))
    marks += _keys(t)
    held = sum(week.held for week in weeks)
    told = t("review.picture_told", title=title, count=len(weeks), inside=held)
    return Picture(title, told, WIDTH, HEIGHT, tuple(marks))


def _axis(step: float, most: float, t: Texts) -> Iterator[Mark]:
    for number in range(round(most / step) + 1):
        y = _y(number * step, most)
        yield Box(LEFT, y - 0.1, WIDTH - LEFT, 0.2, LINE)
        yield Text(LEFT - 2, y + 1.0, t.number(number * step), SANS, SMALL, QUIET, "end")


def _keys(t: Texts) -> Iterator[Mark]:
    x, y = LEFT, HEIGHT - 1.5
    square = POINT
    yield Box(x, y - 2.4, 6.0, 3.0, RAMP[1])
    yield Box(x, y - 1.1, 6.0, 0.4, BLUE)
    told = t("review.key_range")
    yield Text(x + 8, y, told, SANS, SMALL, INK)
    x += 8 + width(told, SANS, SMALL) + 7
    for key, colour in (("review.key_within", INK), ("review.key_outside", ACCENT)):
        yield Box(x, y - square - 0.1, square, square, colour)
        told = t(key)
        yield Text(x + square + 2, y, told, SANS, SMALL, INK)
        x += square + 2 + width(told, SANS, SMALL) + 7


def _step(least: float) -> float:
    """A round number not below `least`."""
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * step for step in STEPS if power * step >= least)


def _y(value: float, most: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * max(value, 0.0) / most
