"""The plan: what to do, the hours, what they bring, who works, and why."""

from __future__ import annotations

from concurrent.futures import Future

import streamlit as st

from hoursopt import charts
from hoursopt.demand.model import Curves
from hoursopt.i18n import Texts
from hoursopt.pages import decision, reasons, week
from hoursopt.pages.markup import paragraph, tag
from hoursopt.pages.session import Visit, explained, model_of, plan_of_visit, show, told, visit
from hoursopt.pages.widgets import choose_season, figures_form, figures_notice
from hoursopt.plan import Plan, SeasonPlan

# Explanations that are worked out within a blink need no second look.
BLINK_SECONDS = 0.3
LOOK_AGAIN_SECONDS = 2


@told
def page() -> None:
    """Today's and the best hours of a season, and everything that speaks for them."""
    here = visit()
    t = here.t
    show(tag("h1", here.shop.name, class_="ho-shop"))
    lead = st.empty()
    figures_notice(here)
    model = model_of(here)
    plan = plan_of_visit(here, model)
    work = explained(here, model)
    whole = result_of(work)
    plan = whole or plan
    with lead:
        show(decision.headline(plan, t))
    seasons = {season.name: season for season in plan.seasons}
    names = [one.name for one in here.shop.seasons if one.name in seasons]
    season = seasons[choose_season(names, t)]
    # Whether to try or to keep is known only when trials have been looked for.
    if whole or season.advice == "change":
        show(decision.advice(season.advice, here.shop.decision.chance, t))
    show(decision.decision(season, plan, t))
    figures_form(here)
    show_demand(here, model.curves(season.name), season)
    show_ledger(here, plan, season)
    show_staff(here, season)
    if whole:
        show_reasons(here, plan, season)
    else:
        wait_for(work, t)


def result_of(work: Future[Plan]) -> Plan | None:
    """The explained plan, None while it is being worked out."""
    try:
        return work.result(BLINK_SECONDS)
    except TimeoutError:
        return None


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def wait_for(work: Future[Plan], t: Texts) -> None:
    """Tell that more is to come, and show it when it is there; the page can be used meanwhile."""
    if work.done():
        st.rerun()
    st.status(t("page.explaining"))


def show_demand(here: Visit, curves: Curves, season: SeasonPlan) -> None:
    """Both openings over the demand of the week."""
    t = here.t
    today, best = season.today.hours, season.best.hours
    show(tag("h2", t("page.demand_title")), week.demand_words(curves, today, t))
    picture = charts.demand_week(curves, curves.walk_in, t, today=today, best=best, dark=here.dark)
    st.altair_chart(picture, alt=t("page.demand_title"))
    show(week.demand_legend(curves, t))
    with st.expander(t("page.as_table")):
        show(week.demand_table(curves, curves.walk_in, t))


def show_ledger(here: Visit, plan: Plan, season: SeasonPlan) -> None:
    """Money and customers of both weeks."""
    t = here.t
    show(tag("h2", t("page.ledger_title")), week.ledger_words(season, t))
    show(week.ledger(season.today_ledger, season.best_ledger, plan.currency, t))
    show(paragraph(t("page.ledger_note"), "quiet"))


def show_staff(here: Visit, season: SeasonPlan) -> None:
    """The roster of the best week."""
    t, grid = here.t, here.shop.grid
    groups = [group.name for group in here.shop.staff]
    show(tag("h2", t("page.staff_title")), week.staff_words(season, t))
    picture, words = st.columns([3, 2], gap="medium")
    with picture:
        roster = charts.staff_week(season.best, groups, season.breaks, grid, t, dark=here.dark)
        st.altair_chart(roster, alt=t("page.staff_title"))
    with words:
        show(week.staff(season, grid, t))


def show_reasons(here: Visit, plan: Plan, season: SeasonPlan) -> None:
    """What hours, rules and other plans are worth, trials, and days unlike their weekday."""
    t, currency = here.t, plan.currency
    edges = reasons.strongest(plan.edges, season.name)
    if edges:
        show(tag("h2", t("plan.edges_title")), reasons.edges_words(edges, currency, t))
        st.altair_chart(
            charts.edge_worth(edges, t, currency, dark=here.dark), alt=t("plan.edges_title")
        )
        with st.expander(t("page.as_table")):
            show(reasons.edges_table(edges, currency, t))
    dates = next(one for one in here.shop.seasons if one.name == season.name)
    parts = [
        reasons.rules(plan, season.name, t),
        reasons.alternatives(plan, season, t),
        reasons.trials(plan, season.name, t),
        reasons.special_days(plan, dates, t),
    ]
    show(*(part for part in parts if part))
