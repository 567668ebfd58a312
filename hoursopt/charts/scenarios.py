"""What-ifs beside one another: what today's hours would leave and what the best ones would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from hoursopt.charts.palette import palette
from hoursopt.i18n import Texts


@dataclass(frozen=True)
class Outcome:
    """One what-if by its name: profit of a year with today's and with the best hours."""

    name: str
    today: float
    best: float


def outcomes(
    found: Sequence[Outcome], t: Texts, currency: str, *, dark: bool = False
) -> alt.LayerChart:
    """A line for each what-if from today's profit (hollow) to the best (filled), as given."""
    colours = palette(dark)
    sides = [t("page.hours_today"), t("page.hours_best")]
    lines = pd.DataFrame(
        {"place": place, "name": one.name, "today": one.today, "best": one.best}
        for place, one in enumerate(found)
    )
    dots = pd.DataFrame(
        {
            "place": place,
            "name": one.name,
            "side": side,
            "profit": profit,
            "told": t.money(profit, currency, 0),
        }
        for place, one in enumerate(found)
        for side, profit in zip(sides, (one.today, one.best), strict=True)
    )
    row = alt.Y(
        "name:N",
        sort=alt.EncodingSortField("place"),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=240),
    )
    axis = alt.Axis(gridOpacity=0.35, ticks=False, domain=False, tickCount=4, format="~s")
    across = alt.X(
        "today:Q",
        title=t("asking.profit_axis", currency=currency),
        axis=axis,
        scale=alt.Scale(zero=False, nice=True),
    )
    between = (
        alt.Chart(lines)
        .mark_rule(strokeWidth=3, opacity=0.45, color=colours.ramp[3])
        .encode(y=row, x=across, x2="best:Q")
    )
    ends = (
        alt.Chart(dots)
        .mark_point(size=80, strokeWidth=2, opacity=1, stroke=colours.ramp[4])
        .encode(
            y=row,
            x="profit:Q",
            fill=alt.Fill(
                "side:N",
                scale=alt.Scale(domain=sides, range=[colours.ground, colours.ramp[4]]),
                legend=alt.Legend(title=None, orient="bottom", labelLimit=0),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=t("asking.scenario")),
                alt.Tooltip("side:N", title=t("page.hours")),
                alt.Tooltip("told:N", title=t("asking.profit")),
            ],
        )
    )
    return (
        alt.layer(between, ends)
        .properties(height=alt.Step(26), width="container")
        .configure_view(stroke=None)
        .configure_axis(labelColor=colours.quiet, titleColor=colours.quiet, gridColor=colours.quiet)
        .configure_axisY(labelColor=colours.ink, labelFontSize=12)
        .configure_legend(labelColor=colours.quiet)
    )
