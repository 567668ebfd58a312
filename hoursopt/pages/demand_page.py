"""Demand: when people want to come, how that is known, and how well the past was foretold."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from hoursopt import charts
from hoursopt.demand import tell
from hoursopt.demand.model import Curves
from hoursopt.hours import Grid
from hoursopt.i18n import Texts
from hoursopt.kept import Answer
from hoursopt.pages import seen, week
from hoursopt.pages.answers import answer_of, ask_again, past_of, try_again
from hoursopt.pages.markup import paragraph, tag
from hoursopt.pages.session import Visit, show, told, visit
from hoursopt.pages.waiting import follow, look_at
from hoursopt.pages.widgets import choose_season

NOON = 12 * 60
PICTURE = "demand-week"


@told
def page() -> None:
    """The week as a picture, one day as a curve, unlike days, and what the data could tell."""
    here = visit()
    t = here.t
    show(tag("h1", here.shop.name, class_="ho-shop"))
    look = look_at(answer_of(here))
    answer = look.result or look.so_far
    if answer is None:
        show(paragraph(t("seen.soon"), "lead"))
        follow(look, ask_again, here, "demand")
        return
    names = [season.name for season in here.shop.seasons if season.name in answer.portrait.curves]
    show_week(here, answer.portrait.curves[choose_season(names, t)])
    show_days(here, answer)
    show_past(here)
    show_learned(here, answer)


@st.fragment
def show_week(here: Visit, curves: Curves) -> None:
    """The heat map, and the curve of the cell that is chosen in it or by the selects."""
    t, today = here.t, here.shop.today.days
    show(tag("h2", t("page.demand_title")), week.demand_words(curves, today, t))
    channel = choose_channel(curves, t)
    band = curves.online if channel == "web" else curves.walk_in
    weekday, slot = chosen_cell(curves.grid)
    drawn = charts.demand_week(curves, band, t, today=today, chosen=(weekday, slot), dark=here.dark)
    # A picture for each choice: what was clicked in another one is no longer clicked in it, so that
    # the same cell can be chosen again.
    key = f"{PICTURE}-{weekday}-{slot}"
    st.altair_chart(
        drawn,
        alt=t("page.demand_title"),
        key=key,
        on_select=partial(take_click, key, curves.grid),
        selection_mode=charts.CELL,
    )
    show(week.demand_legend(curves, t, best=False))
    with st.expander(t("page.as_table")):
        show(week.demand_table(curves, band, t))
    show(tag("h2", t("page.curve_title")), paragraph(t("seen.choose")))
    choose_cell(curves.grid, t)
    show(seen.cell(here.shop, curves, band, (weekday, slot), t))
    curve = charts.day_curve(
        curves, band, weekday, t, today=today[weekday], slot=slot, dark=here.dark
    )
    st.altair_chart(curve, alt=t("page.curve_title"))
    st.caption(t("page.curve_words"))


def chosen_cell(grid: Grid) -> tuple[int, int]:
    """Weekday and slot to look at."""
    weekday = st.session_state.get("weekday")
    start = st.session_state.get("clock")
    start = NOON if start is None else start
    inside = min(max(start, grid.earliest), grid.latest - grid.slot_minutes)
    return 0 if weekday is None else weekday, grid.index(inside)


def choose_cell(grid: Grid, t: Texts) -> None:
    """The same choice as a click, for the keyboard and for those who do not see the picture."""
    weekday, slot = chosen_cell(grid)
    days, clock = st.columns([3, 2], gap="medium")
    with days:
        st.segmented_control(
            t("page.weekday"),
            range(7),
            format_func=lambda day: t.weekday(day, short=True),
            default=weekday,
            required=True,
            wrap=True,
            key="weekday",
            persist_state="session",
        )
    with clock:
        st.select_slider(
            t("seen.clock"),
            [grid.start(number) for number in range(grid.size)],
            value=grid.start(slot),
            format_func=t.time,
            key="clock",
            persist_state="session",
        )


def take_click(key: str, grid: Grid) -> None:
    """The cell that was clicked becomes the one to look at; a click on nothing changes nothing."""
    state: Any = st.session_state[key]
    cells = state.selection.get(charts.CELL) or []
    if cells:
        st.session_state["weekday"] = int(cells[0]["weekday"])
        st.session_state["clock"] = grid.start(int(cells[0]["slot"]))


def choose_channel(curves: Curves, t: Texts) -> str:
    """In the shop or in the web shop, where there is one."""
    if not curves.online.mean.any():
        return "walk_in"
    chosen: str = st.segmented_control(
        t("page.channel"),
        ("walk_in", "web"),
        format_func=lambda name: t(f"page.{name}"),
        default="walk_in",
        required=True,
        wrap=True,
        key="channel",
        persist_state="session",
    )
    return chosen


def show_days(here: Visit, answer: Answer) -> None:
    """Public holidays and events of the year to come."""
    occasions = answer.portrait.occasions
    if occasions:
        t = here.t
        show(tag("h2", t("seen.days_title")), paragraph(t("seen.days_words")))
        show(seen.occasions(occasions, here.shop, t))


def show_past(here: Visit) -> None:
    """How well weeks were foretold that the fit had not seen."""
    t = here.t
    show(tag("h2", t("seen.past_title")))
    look = look_at(past_of(here))
    past = look.result
    if past is None:
        follow(look, try_again, here, "past")
        return
    if past.test is None:
        show(paragraph(t("seen.past_short")))
        return
    show(seen.past_words(past.test, t))
    st.altair_chart(charts.past_days(past.test, t, dark=here.dark), alt=t("seen.past_title"))
    with st.expander(t("page.as_table")):
        show(seen.past_table(past.test, t))


def show_learned(here: Visit, answer: Answer) -> None:
    """Where customers of closed hours go, and what else the fit has to say."""
    t, portrait = here.t, answer.portrait
    show(tag("h2", t("page.diversion_title")), seen.diversion(portrait.diversion, t))
    if portrait.diagnostics:
        found = [tag("li", tell(one, t)) for one in portrait.diagnostics]
        show(tag("h2", t("page.told_title")), tag("ul", *found, class_="ho-text"))
