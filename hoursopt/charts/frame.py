"""The frame of every picture of a week: a wall calendar, weekdays across and time down.

Both axes are plain numbers (days from Monday, minutes of the trading day), so that hours off the
grid and lanes within a day have their place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import altair as alt

from hoursopt.charts.palette import Palette
from hoursopt.hours import Grid, Spans
from hoursopt.i18n import Texts

PIXELS_PER_HOUR = 25
TICK_HOURS = 2

Box = tuple[float, float, float, float]


def week_axes(grid: Grid, t: Texts) -> dict[str, alt.X | alt.X2 | alt.Y | alt.Y2]:
    """Encodings of a box: `left`, `right` in days, `top`, `bottom` in minutes."""
    names = [t.weekday(weekday, short=True) for weekday in range(7)]
    across = alt.Axis(
        orient="top",
        title=None,
        values=[weekday + 0.5 for weekday in range(7)],
        labelExpr=f"{json.dumps(names)}[floor(datum.value)]",
        labelFontSize=13,
        labelFontWeight=600,
        labelPadding=6,
        grid=False,
        ticks=False,
        domain=False,
    )
    return {
        "x": alt.X("left:Q", axis=across, scale=alt.Scale(domain=[0, 7], nice=False)),
        "x2": alt.X2("right:Q"),
        "y": alt.Y(
            "top:Q",
            axis=time_axis(grid, t, grid=True),
            scale=alt.Scale(domain=[grid.latest, grid.earliest], nice=False),
        ),
        "y2": alt.Y2("bottom:Q"),
    }


def time_axis(of: Grid, t: Texts, *, every: int = TICK_HOURS, grid: bool = False) -> alt.Axis:
    """Clock times of the trading day, a label every so many hours."""
    step = every * 60
    values = list(range(-(-of.earliest // step) * step, of.latest + 1, step))
    labels = [t.time(minute) for minute in values]
    return alt.Axis(
        title=None,
        values=values,
        labelExpr=f"{json.dumps(labels)}[(datum.value - {values[0]}) / {step}]",
        labelPadding=6,
        grid=grid,
        gridOpacity=0.35,
        ticks=False,
        domain=False,
    )


def boxes(hours: Sequence[Spans], inset: float = 0.0) -> list[Box]:
    """Left, right, top, bottom of each open span; `inset` in days from the day's borders."""
    return [
        (day + inset, day + 1 - inset, span.start, span.end)
        for day, spans in enumerate(hours)
        for span in spans
    ]


def in_frame(layers: Iterable[alt.Chart], grid: Grid, colours: Palette) -> alt.LayerChart:
    """The finished picture, as wide as its place and as high as the day is long."""
    hours = (grid.latest - grid.earliest) / 60
    return (
        alt.layer(*layers)
        .properties(height=round(hours * PIXELS_PER_HOUR), width="container")
        .configure_view(stroke=None)
        .configure_axis(labelColor=colours.quiet, gridColor=colours.quiet)
        .configure_axisX(labelColor=colours.ink)
        .configure_legend(labelColor=colours.quiet, titleColor=colours.quiet)
    )
