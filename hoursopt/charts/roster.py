"""Who works when: one bar a person, breaks as gaps, over the open hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from hoursopt.charts.frame import boxes, in_frame, week_axes
from hoursopt.charts.palette import palette
from hoursopt.evaluate import Shift, StaffedWeek
from hoursopt.hours import Grid
from hoursopt.i18n import Texts

COLUMNS = ("left", "right", "middle", "top", "bottom", "group", "initial", "when")


def staff_week(
    week: StaffedWeek,
    groups: Sequence[str],
    breaks: Mapping[str, int],
    grid: Grid,
    t: Texts,
    *,
    dark: bool = False,
) -> alt.LayerChart:
    """The roster of a week; `groups` in the shop's order, `breaks` slots of each group's break."""
    colours = palette(dark)
    axes = week_axes(grid, t)
    bars = staff_rows(week, groups, breaks, grid, t)
    opening = pd.DataFrame(boxes(week.hours), columns=["left", "right", "top", "bottom"])
    ground = (
        alt.Chart(opening).mark_rect(color=colours.quiet, opacity=0.14, tooltip=None).encode(**axes)
    )
    people = (
        alt.Chart(bars)
        .mark_rect(cornerRadius=2)
        .encode(
            **axes,
            color=alt.Color(
                "group:N",
                scale=alt.Scale(domain=list(groups), range=list(colours.groups)),
                legend=alt.Legend(title=None, orient="bottom", direction="horizontal"),
            ),
            tooltip=[
                alt.Tooltip("when:N", title=t("chart.time")),
                alt.Tooltip("group:N", title=t("chart.staff")),
            ],
        )
    )
    # The initial says the group without its colour; a bar after a break does not repeat it.
    named = (
        alt.Chart(bars[bars["initial"] != ""])
        .mark_text(baseline="top", dy=4, fontSize=11, fontWeight=600, color=colours.ground)
        .encode(x=alt.X("middle:Q"), y=axes["y"], text="initial:N")
    )
    return in_frame([ground, people, named], grid, colours)


def staff_rows(
    week: StaffedWeek, groups: Sequence[str], breaks: Mapping[str, int], grid: Grid, t: Texts
) -> pd.DataFrame:
    """One row a bar: the people of a day beside one another, two bars for a shift with a break."""
    days = [people_of_day(week, day, groups) for day in range(7)]
    lane = 0.9 / max(1, *map(len, days))
    rows = []
    for day, people in enumerate(days):
        for place, shift in ((place, shift) for place, own in enumerate(people) for shift in own):
            parts = [(shift.first, shift.last)]
            if shift.break_first is not None:
                over = shift.break_first + breaks[shift.staff]
                parts = [(shift.first, shift.break_first), (over, shift.last)]
            left = day + 0.05 + place * lane
            for first, last in parts:
                rows.append(
                    (
                        left,
                        left + lane * 0.92,
                        left + lane * 0.46,
                        grid.start(first),
                        grid.start(last),
                        shift.staff,
                        shift.staff[:1].upper() if first == shift.first else "",
                        t.stretch(day, grid.start(shift.first), grid.start(shift.last)),
                    )
                )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def people_of_day(week: StaffedWeek, day: int, groups: Sequence[str]) -> list[list[Shift]]:
    """The shifts of a day, person by person, in the order of `groups`.

    A shift goes to the first of its group who is free by then: the fewest people who can do it.
    """
    people: list[list[Shift]] = []
    for group in groups:
        of_group: list[list[Shift]] = []
        shifts = (shift for shift in week.shifts if (shift.day, shift.staff) == (day, group))
        for shift in sorted(shifts, key=lambda shift: (shift.first, shift.last)):
            for _ in range(shift.count):
                free = (own for own in of_group if own[-1].last <= shift.first)
                own = next(free, None)
                if own is None:
                    of_group.append([shift])
                else:
                    own.append(shift)
        people += of_group
    return people
