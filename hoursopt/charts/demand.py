"""Demand of a week as a heat map in which knowledge is ink: what was never seen is striped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from hoursopt.charts.frame import boxes, in_frame, week_axes
from hoursopt.charts.palette import palette
from hoursopt.demand.model import Band, Curves
from hoursopt.hours import Span, Spans
from hoursopt.i18n import Texts

CELL = "cell"
# The part of a slot's height that is inked: the less is known of it, the less.
INK = {"open": 1.0, "witness": 0.6, "neighbour": 0.36, "none": 0.16}


def demand_week(
    curves: Curves,
    band: Band,
    t: Texts,
    *,
    today: Sequence[Spans] = (),
    best: Sequence[Spans] = (),
    chosen: tuple[int, int] | None = None,
    dark: bool = False,
) -> alt.LayerChart:
    """Customers an hour, with today's opening (dashed) and the best one (solid) drawn around it.

    `band` is one of the curves' channels, (7, H) customers per slot. With a `chosen` weekday and
    slot cells can be clicked: the selection is named `CELL`, of fields `weekday` and `slot`.
    """
    colours = palette(dark)
    axes = week_axes(curves.grid, t)
    heat = (
        alt.Chart(demand_rows(curves, band, t))
        .mark_rect()
        .encode(
            **axes,
            color=alt.Color(
                "rate:Q",
                scale=alt.Scale(range=list(colours.ramp), domainMin=0, nice=False),
                legend=alt.Legend(
                    title=t("chart.customers_per_hour"),
                    orient="bottom",
                    direction="horizontal",
                    gradientLength=130,
                    gradientThickness=8,
                    titleFontWeight=400,
                    titleOrient="left",
                    titlePadding=12,
                    tickCount=4,
                ),
            ),
            tooltip=[
                alt.Tooltip("when:N", title=t("chart.time")),
                alt.Tooltip("told:N", title=t("chart.customers_per_hour")),
                alt.Tooltip("known:N", title=t("chart.known_by")),
            ],
        )
    )
    # Each line lies on a broader one in the page's colour, so that it stands out from any cell.
    strokes = [
        (best, 0.03, colours.ground, 5.5, [1, 0]),
        (best, 0.03, colours.accent, 2.5, [1, 0]),
        (today, 0.1, colours.ground, 4.0, [1, 0]),
        (today, 0.1, colours.ink, 1.5, [5, 4]),
    ]
    outlines = [
        alt.Chart(pd.DataFrame(boxes(hours, inset), columns=["left", "right", "top", "bottom"]))
        .mark_rect(
            filled=False,
            stroke=colour,
            strokeWidth=width,
            strokeDash=dash,
            cornerRadius=2,
            tooltip=None,
        )
        .encode(**axes)
        for hours, inset, colour, width, dash in strokes
        if any(hours)
    ]
    if chosen is None:
        return in_frame([heat, *outlines], curves.grid, colours)
    weekday, slot = chosen
    place = (Span(curves.grid.start(slot), curves.grid.start(slot + 1)),)
    ring = boxes([place if day == weekday else () for day in range(7)], -0.02)
    mark = (
        alt.Chart(pd.DataFrame(ring, columns=["left", "right", "top", "bottom"]))
        .mark_rect(filled=False, stroke=colours.accent, strokeWidth=3, tooltip=None)
        .encode(**axes)
    )
    heat = heat.add_params(
        alt.selection_point(name=CELL, fields=["weekday", "slot"], on="click", empty=False)
    )
    return in_frame([heat, *outlines, mark], curves.grid, colours)


def demand_rows(curves: Curves, band: Band, t: Texts) -> pd.DataFrame:
    """One row a slot of the week: its box, customers an hour with their range, and the words."""
    grid = curves.grid
    rows: list[Mapping[str, object]] = []
    for weekday in range(7):
        for slot in range(grid.size):
            evidence = str(curves.evidence[weekday, slot])
            start, end = grid.start(slot), grid.start(slot + 1)
            blank = (end - start) * (1 - INK[evidence]) / 2
            mean, low, high = (
                float(values[weekday, slot]) / grid.slot_hours
                for values in (band.mean, band.low, band.high)
            )
            rows.append(
                {
                    "weekday": weekday,
                    "slot": slot,
                    "left": weekday + 0.04,
                    "right": weekday + 0.96,
                    "top": start + blank,
                    "bottom": end - blank,
                    "middle": (start + end) / 2,
                    "rate": mean,
                    "low": low,
                    "high": high,
                    "evidence": evidence,
                    "when": t.stretch(weekday, start, end),
                    "told": t(
                        "chart.mean_and_range",
                        mean=t.number(mean),
                        low=t.number(low),
                        high=t.number(high),
                    ),
                    "known": t(f"chart.evidence_{evidence}"),
                }
            )
    return pd.DataFrame(rows)
