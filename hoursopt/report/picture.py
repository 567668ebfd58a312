"""The week as a wall calendar: how many want to come, how it is known, and the hours around it.

Knowledge is ink: a slot that was never seen open is drawn the smaller, the less is known of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.model import EVIDENCE
from hoursopt.fonts import SANS, SANS_BOLD
from hoursopt.hours import Grid, OpeningHours, Span
from hoursopt.i18n import Texts
from hoursopt.paper.letters import width
from hoursopt.paper.marks import Box, Frame, Mark, Text
from hoursopt.report.colours import ACCENT, BLUE, INK, QUIET, ramp_colour
from hoursopt.report.nouns import Picture

WIDTH = 170.0
LEFT, TOP = 13.0, 7.0
DAY = (WIDTH - LEFT) / 7
PER_HOUR = 4.2
GAP = 0.35
INKED = {"open": 1.0, "witness": 0.62, "neighbour": 0.38, "none": 0.18}
SMALL = 7.5
TICK = 2


def week_picture(
    title: str,
    rates: NDArray[np.float64],
    evidence: NDArray[np.str_],
    grid: Grid,
    weeks: tuple[OpeningHours, OpeningHours],
    t: Texts,
) -> Picture:
    """Customers an hour (7, H), how each slot is known (7, H), today's and the best week."""
    most = float(rates.max()) or 1.0
    height = TOP + (grid.latest - grid.earliest) / 60 * PER_HOUR
    marks: list[Mark] = [*_frame(grid, t)]
    for day in range(7):
        for slot in range(grid.size):
            marks.append(_cell(day, grid.slot(slot), rates[day, slot] / most, evidence, grid, slot))
    today, best = weeks
    marks += _outlines(best, grid, 0.25, ACCENT, 0.75)
    marks += _outlines(today, grid, 1.4, INK, 0.3)
    keys, height = _keys(most, evidence, t, height + 6.0)
    marks += keys
    return Picture(title, _told(title, rates, grid, t), WIDTH, height, tuple(marks))


def _told(title: str, rates: NDArray[np.float64], grid: Grid, t: Texts) -> str:
    """The picture in a sentence: its busiest slot and its most."""
    day, slot = np.unravel_index(int(rates.argmax()), rates.shape)
    when = f"{t.weekday(int(day))} {t.time(grid.start(int(slot)))}"
    return t("report.picture_told", title=title, when=when, rate=t.number(float(rates.max()), 0))


def _frame(grid: Grid, t: Texts) -> Iterator[Mark]:
    for day in range(7):
        name = t.weekday(day, short=True)
        yield Text(LEFT + (day + 0.5) * DAY, TOP - 2.4, name, SANS_BOLD, 8.5, INK, "middle")
    step = TICK * 60
    for minute in range(-(-grid.earliest // step) * step, grid.latest + 1, step):
        y = _y(minute, grid)
        yield Text(LEFT - 2.0, y + 1.0, t.time(minute), SANS, SMALL, QUIET, "end")


def _cell(
    day: int, span: Span, share: float, evidence: NDArray[np.str_], grid: Grid, slot: int
) -> Box:
    top, bottom = _y(span.start, grid), _y(span.end, grid)
    blank = (bottom - top) * (1 - INKED[str(evidence[day, slot])]) / 2
    left = LEFT + day * DAY + GAP
    return Box(left, top + blank, DAY - 2 * GAP, bottom - top - 2 * blank, ramp_colour(share))


def _outlines(
    hours: OpeningHours, grid: Grid, inset: float, colour: str, line: float
) -> Iterator[Frame]:
    for day, spans in enumerate(hours.days):
        for span in spans:
            top, bottom = _y(span.start, grid), _y(span.end, grid)
            yield Frame(LEFT + day * DAY + inset, top, DAY - 2 * inset, bottom - top, colour, line)


def _keys(most: float, evidence: NDArray[np.str_], t: Texts, y: float) -> tuple[list[Mark], float]:
    """Lines, shades and inks with their words, as many in a row as there is room for."""
    kinds = [kind for kind in EVIDENCE if (evidence == kind).any()]
    items: list[tuple[str, tuple[Mark, ...]]] = [
        (t("report.key_today"), (Frame(0, -2.4, 6.0, 3.0, INK, 0.3),)),
        (t("report.key_best"), (Frame(0, -2.4, 6.0, 3.0, ACCENT, 0.75),)),
    ]
    for kind in kinds:
        tall = 1.5 * INKED[kind]
        boxes = tuple(
            Box(0, -2.4 + 1.5 * row + (1.5 - tall) / 2, 6.0, tall, BLUE) for row in range(2)
        )
        items.append((t(f"chart.evidence_{kind}"), boxes))
    marks: list[Mark] = []
    x = LEFT
    for told, drawn in items:
        room = 8.0 + width(told, SANS, SMALL) + 6.0
        if x + room > WIDTH + 6.0:
            x, y = LEFT, y + 5.0
        marks += [_moved(mark, x, y) for mark in drawn]
        marks.append(Text(x + 8.0, y, told, SANS, SMALL, INK))
        x += room
    y += 5.5
    x = LEFT
    head = t("report.key_rate")
    marks.append(Text(x, y, head, SANS, SMALL, INK))
    x += width(head, SANS, SMALL) + 3.0
    for step in range(6):
        marks.append(Box(x, y - 2.4, 6.0, 3.0, ramp_colour((step + 0.5) / 6)))
        x += 6.0
        upto = t.number(most * (step + 1) / 6)
        marks.append(Text(x - 3.0, y + 3.4, upto, SANS, SMALL - 1, QUIET, "middle"))
    return marks, y + 5.0


def _moved(mark: Mark, x: float, y: float) -> Mark:
    match mark:
        case Box():
            return Box(mark.x + x, mark.y + y, mark.width, mark.height, mark.colour)
        case Frame():
            return Frame(mark.x + x, mark.y + y, mark.width, mark.height, mark.colour, mark.line)
    return mark


def _y(minute: int, grid: Grid) -> float:
    return TOP + (minute - grid.earliest) / 60 * PER_HOUR
