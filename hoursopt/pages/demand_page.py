"""Demand: when people want to come, how that is known, and where they go when the door is shut."""

from __future__ import annotations

import streamlit as st

from hoursopt import charts
from hoursopt.demand import DemandModel, tell
from hoursopt.demand.model import Curves
from hoursopt.i18n import Texts
from hoursopt.pages import week
from hoursopt.pages.figures import SHARES
from hoursopt.pages.markup import Markup, Row, table, tag
from hoursopt.pages.session import Visit, model_of, show, told, visit
from hoursopt.pages.widgets import choose_season, figures_notice


@told
def page() -> None:
    """The week as a picture, one day as a curve, and what the data could tell."""
    here = visit()
    t = here.t
    show(tag("h1", here.shop.name, class_="ho-shop"))
    figures_notice(here)
    model = model_of(here)
    curves = model.curves(choose_season([season.name for season in here.shop.seasons], t))
    today = here.shop.today.days
    show(tag("h2", t("page.demand_title")), week.demand_words(curves, today, t))
    channel = choose_channel(curves, t)
    band = curves.online if channel == "web" else curves.walk_in
    picture = charts.demand_week(curves, band, t, today=today, dark=here.dark)
    st.altair_chart(picture, alt=t("page.demand_title"))
    show(week.demand_legend(curves, t, best=False))
    with st.expander(t("page.as_table")):
        show(week.demand_table(curves, band, t))
    show(tag("h2", t("page.curve_title")))
    weekday = st.segmented_control(
        t("page.weekday"),
        range(7),
        format_func=lambda day: t.weekday(day, short=True),
        default=0,
        required=True,
        key="weekday",
        persist_state="session",
    )
    curve = charts.day_curve(curves, band, weekday, t, today=today[weekday], dark=here.dark)
    st.altair_chart(curve, alt=t("page.curve_title"))
    st.caption(t("page.curve_words"))
    show_learned(here, model)


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
        key="channel",
        persist_state="session",
    )
    return chosen


def show_learned(here: Visit, model: DemandModel) -> None:
    """Where customers of closed hours go, and what else the fit has to say."""
    t = here.t
    show(tag("h2", t("page.diversion_title")), diversion(model, t))
    if model.diagnostics:
        found = [tag("li", tell(one, t)) for one in model.diagnostics]
        show(tag("h2", t("page.told_title")), tag("ul", *found, class_="ho-text"))


def diversion(model: DemandModel, t: Texts) -> Markup:
    """The habits of customers of closed hours, each with its range and where it is known from."""
    rows = []
    for name, learned in model.diversion.items():
        say = t.percent if name in SHARES else t.number
        likely = t("page.span", low=say(learned.low), high=say(learned.high))
        known = t("cli.learned" if learned.learned else "cli.assumed")
        rows.append(Row([t(f"page.{name}"), say(learned.mean), likely, known]))
    return table(["", t("page.share"), t("plan.range"), t("page.origin")], rows)
