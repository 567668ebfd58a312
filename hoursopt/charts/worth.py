"""What the hours at the edges of the opening are worth, as dots with ranges about zero."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from hoursopt.charts.palette import palette
from hoursopt.i18n import Texts
from hoursopt.plan import Edge


def edge_worth(
    edges: Sequence[Edge], t: Texts, currency: str, *, dark: bool = False
) -> alt.LayerChart:
    """Worth a week of each stretch, top down as given; filled dots are open in the best plan."""
    colours = palette(dark)
    states = [t("chart.open_in_best"), t("chart.closed_in_best")]
    rows = pd.DataFrame(
        {
            "place": place,
            "label": t.stretch(edge.weekday, edge.start, edge.end),
            "mean": edge.worth.mean,
            "low": edge.worth.low,
            "high": edge.worth.high,
            "state": states[0 if edge.is_open else 1],
            "told": t(
                "chart.mean_and_range",
                mean=t.money(edge.worth.mean, currency, 0),
                low=t.money(edge.worth.low, currency, 0),
                high=t.money(edge.worth.high, currency, 0),
            ),
        }
        for place, edge in enumerate(edges)
    )
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "label:N",
            sort=alt.EncodingSortField("place"),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=200),
        ),
        tooltip=[
            alt.Tooltip("label:N", title=t("chart.time")),
            alt.Tooltip("told:N", title=t("chart.worth")),
            alt.Tooltip("state:N", title=t("chart.in_best")),
        ],
    )
    axis = alt.Axis(gridOpacity=0.35, ticks=False, domain=False, tickCount=5)
    ranges = base.mark_rule(strokeWidth=3, opacity=0.45, color=colours.ramp[3]).encode(
        x=alt.X("low:Q", title=t("chart.worth_axis", currency=currency), axis=axis), x2="high:Q"
    )
    dots = base.mark_point(size=80, strokeWidth=2, opacity=1, stroke=colours.ramp[4]).encode(
        x="mean:Q",
        fill=alt.Fill(
            "state:N",
            scale=alt.Scale(domain=states, range=[colours.ramp[4], colours.ground]),
            legend=alt.Legend(title=None, orient="bottom", direction="vertical", labelLimit=0),
        ),
    )
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=colours.ink, tooltip=None)
        .encode(x="zero:Q")
    )
    return (
        alt.layer(zero, ranges, dots)
        .properties(height=alt.Step(24), width="container")
        .configure_view(stroke=None)
        .configure_axis(labelColor=colours.quiet, titleColor=colours.quiet, gridColor=colours.quiet)
        .configure_axisY(labelColor=colours.ink, labelFontSize=12)
        .configure_legend(labelColor=colours.quiet)
    )
