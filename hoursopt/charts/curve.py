"""One weekday's demand as a curve with its range."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from hoursopt.charts.demand import demand_rows
from hoursopt.charts.frame import time_axis
from hoursopt.charts.palette import palette
from hoursopt.demand.model import Band, Curves
from hoursopt.hours import Spans
from hoursopt.i18n import Texts


def day_curve(
    curves: Curves,
    band: Band,
    weekday: int,
    t: Texts,
    *,
    today: Spans = (),
    slot: int | None = None,
    dark: bool = False,
) -> alt.LayerChart:
    """Customers an hour and their 80 % range: a solid line where seen, a dotted one where not.

    Today's opening is shaded; a `slot` to look at has a dot with its range.
    """
    colours = palette(dark)
    rows = demand_rows(curves, band, t)
    rows = rows[rows["weekday"] == weekday]
    rows["seen"] = rows["rate"].where(rows["evidence"] == "open")
    grid = curves.grid
    clock = alt.Scale(domain=[grid.earliest, grid.latest], nice=False)
    across = alt.X("middle:Q", axis=time_axis(grid, t, every=3), scale=clock)
    title = t("chart.customers_per_hour")
    up = alt.Axis(gridOpacity=0.35, ticks=False, domain=False, tickCount=5, titleFontWeight=400)
    opening = pd.DataFrame([(span.start, span.end) for span in today], columns=["start", "end"])
    shade = (
        alt.Chart(opening)
        .mark_rect(color=colours.quiet, opacity=0.14, tooltip=None)
        .encode(x=alt.X("start:Q", scale=clock), x2="end:Q")
    )
    base = alt.Chart(rows).encode(x=across)
    likely = base.mark_area(
        color=colours.ramp[3], opacity=0.22, interpolate="monotone", tooltip=None
    ).encode(y=alt.Y("low:Q", title=title, axis=up), y2="high:Q")
    line: dict[str, Any] = {"color": colours.ramp[4], "interpolate": "monotone", "tooltip": None}
    inferred = base.mark_line(strokeWidth=2, strokeDash=[2, 4], **line).encode(y="rate:Q")
    seen = base.mark_line(strokeWidth=3, **line).encode(y="seen:Q")
    told = base.mark_bar(opacity=0, width=14).encode(
        y="high:Q",
        tooltip=[
            alt.Tooltip("when:N", title=t("chart.time")),
            alt.Tooltip("told:N", title=title),
            alt.Tooltip("known:N", title=t("chart.known_by")),
        ],
    )
    looked_at = alt.Chart(rows[rows["slot"] == slot]).encode(x=across)
    reach = looked_at.mark_rule(strokeWidth=2.5, color=colours.accent, tooltip=None).encode(
        y="low:Q", y2="high:Q"
    )
    dot = looked_at.mark_point(
        size=90, filled=True, opacity=1, color=colours.accent, tooltip=None
    ).encode(y="rate:Q")
    return (
        alt.layer(shade, likely, inferred, seen, reach, dot, told)
        .properties(height=280, width="container")
        .configure_view(stroke=None)
        .configure_axis(labelColor=colours.quiet, titleColor=colours.quiet, gridColor=colours.quiet)
    )
