"""The last weeks as they were foretold without being seen, and as they came."""

from __future__ import annotations

import altair as alt
import pandas as pd

from hoursopt.charts.palette import palette
from hoursopt.demand.past import PastTest
from hoursopt.i18n import Texts


def past_days(past: PastTest, t: Texts, *, dark: bool = False) -> alt.LayerChart:
    """Each open day's range as a bar, and its customers as a dot: hollow where they lie outside."""
    colours = palette(dark)
    inside = [t("seen.inside"), t("seen.outside")]
    bands = zip(
        past.dates,
        past.counted,
        past.foretold.low,
        past.foretold.mean,
        past.foretold.high,
        strict=True,
    )
    rows = pd.DataFrame(
        {
            "date": f"{t.weekday(date.weekday(), short=True)} {t.day(date)}",
            "place": place,
            "low": low,
            "high": high,
            "counted": counted,
            "state": inside[0 if low <= counted <= high else 1],
            "came": t.number(counted, digits=0),
            "told": t(
                "chart.mean_and_range",
                **{
                    name: t.number(value, digits=0)
                    for name, value in (("mean", mean), ("low", low), ("high", high))
                },
            ),
        }
        for place, (date, counted, low, mean, high) in enumerate(bands)
    )
    labels = alt.Axis(ticks=False, domain=False, labelAngle=-90, labelOverlap=True, grid=False)
    up = alt.Axis(gridOpacity=0.35, ticks=False, domain=False, tickCount=5, titleFontWeight=400)
    base = alt.Chart(rows).encode(
        x=alt.X("date:N", sort=alt.EncodingSortField("place"), title=None, axis=labels),
        tooltip=[
            alt.Tooltip("date:N", title=t("page.date")),
            alt.Tooltip("came:N", title=t("seen.came")),
            alt.Tooltip("told:N", title=t("seen.foretold")),
        ],
    )
    ranges = base.mark_bar(color=colours.ramp[3], opacity=0.35, cornerRadius=2).encode(
        y=alt.Y("low:Q", title=t("seen.customers_a_day"), axis=up), y2="high:Q"
    )
    dots = base.mark_point(size=55, strokeWidth=2, opacity=1, stroke=colours.ink).encode(
        y="counted:Q",
        fill=alt.Fill(
            "state:N",
            scale=alt.Scale(domain=inside, range=[colours.ink, colours.ground]),
            legend=alt.Legend(title=None, orient="bottom", labelLimit=0),
        ),
    )
    return (
        alt.layer(ranges, dots)
        .properties(height=260, width="container")
        .configure_view(stroke=None)
        .configure_axis(labelColor=colours.quiet, titleColor=colours.quiet, gridColor=colours.quiet)
        .configure_legend(labelColor=colours.quiet)
    )
