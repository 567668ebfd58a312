"""The plan: what to do, the hours, what they bring, who works, and why.

The answer comes first: on the first sight of a visit both door signs with the gain are sent alone,
and all that speaks for them as soon as the browser has drawn them. What draws pictures, weighs
wishes and plans anew is imported when it is due.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hoursopt.demand.model import Curves
from hoursopt.errors import HoursoptError
from hoursopt.kept import Answer
from hoursopt.pages import decision
from hoursopt.pages.answers import answer_of, ask_again
from hoursopt.pages.markup import lines, paragraph, tag
from hoursopt.pages.session import Visit, show, show_all, told, visit
from hoursopt.pages.waiting import first_sight, follow, look_at, rest_follows
from hoursopt.pages.widgets import choose_season
from hoursopt.plan import Plan, SeasonPlan

SIGHT = "plan"


@told
def page() -> None:
    """Today's and the best hours of a season, and everything that speaks for them."""
    here = visit()
    show(tag("h1", here.shop.name, class_="ho-shop"))
    look = look_at(answer_of(here))
    whole = look.result is not None
    answer = look.result or look.so_far
    if answer is None:
        show_today(here)
    elif first_sight(SIGHT):
        show_signs(here, answer, whole)
        rest_follows(SIGHT)
        return
    else:
        show_answer(here, answer, whole)
    follow(look, ask_again, here, "plan")


def show_today(here: Visit) -> None:
    """What is known before anything is worked out: the hours on the door."""
    t, today = here.t, here.shop.today.days
    show(paragraph(t("decide.soon"), "lead"))
    signs, _ = st.columns([1, 2])
    with signs:
        show(decision.door_sign(t("page.hours_today"), today, today, t))


def show_answer(here: Visit, answer: Answer, whole: bool) -> None:
    """The plan with everything that speaks for it."""
    season = show_decision(here, answer, whole)
    plan = answer.plan
    if whole:
        show(*decision.more_to_win(plan, season, here.t))
    decide(here, plan, season)
    if whole:
        show_week_for_bad_times(here, plan, season)
    show_demand(here, answer.portrait.curves[season.name], season)
    show_staff(here, season)
    if whole:
        show_edges(here, plan, season)
    show_what_if(here, answer, season)
    if whole:
        show_others(here, plan, season)


def show_signs(here: Visit, answer: Answer, whole: bool) -> None:
    """What a visitor came for: what to do, and both door signs with the gain."""
    season = show_decision(here, answer, whole)
    first, second, _ = signs_beside()
    with first:
        show_today_sign(here, season)
    with second:
        show_best_sign(here, season)


def show_decision(here: Visit, answer: Answer, whole: bool) -> SeasonPlan:
    """What to do in a season; whether to try or to keep is known only when trials were sought."""
    t, plan = here.t, answer.plan
    show(decision.headline(plan, t))
    seasons = {season.name: season for season in plan.seasons}
    names = [one.name for one in here.shop.seasons if one.name in seasons]
    season = seasons[choose_season(names, t)]
    if whole or season.advice == "change":
        show(decision.advice(season, here.shop.decision.chance, t))
    return season


def signs_beside() -> Sequence[DeltaGenerator]:
    """The places of the three door signs."""
    return st.columns(3, gap="medium")


def show_today_sign(here: Visit, season: SeasonPlan) -> None:
    """Today's hours and what they leave."""
    t, today = here.t, season.today.hours
    show_all(
        decision.door_sign(t("page.hours_today"), today, today, t),
        decision.today_facts(season, here.shop.currency, t),
    )


def show_best_sign(here: Visit, season: SeasonPlan) -> None:
    """The best hours and what they gain."""
    t, best, today = here.t, season.best.hours, season.today.hours
    sign = decision.door_sign(t("page.hours_best"), best, today, t, best=True)
    if best == today:
        show_all(sign, paragraph(t("plan.same")))
        return
    gained = decision.gain_facts(season.gain, season.probability_better, here.shop.currency, t)
    show_all(sign, gained)


@st.fragment
def decide(here: Visit, plan: Plan, season: SeasonPlan) -> None:
    """Today's, the best and the owner's own week side by side, and the ledgers of all three."""
    t, currency = here.t, plan.currency
    today, best = season.today.hours, season.best.hours
    first, second, third = signs_beside()
    with first:
        show_today_sign(here, season)
    with second:
        show_best_sign(here, season)
    with third:
        from hoursopt.pages.wish import broken_rules, weighed, write_wish

        wish = None
        hours = write_wish(here, season)
        if hours is not None and hours.days not in (today, best):
            try:
                wish = weighed(here, season, hours)
            except HoursoptError as fault:
                show(tag("div", lines(t.describe(fault)), class_="ho-fault", role="alert"))
            if wish is not None:
                show(decision.gain_facts(wish.gain, wish.probability_better, currency, t))
                broken = broken_rules(wish, t)
                show(*([broken] if broken else []))
        elif hours is not None:
            key = "decide.wish_today" if hours.days == today else "decide.wish_best"
            show(paragraph(t(key), "quiet"))
    from hoursopt.pages import reasons, week

    show(decision.proof(season, t))
    show(*reasons.steering(season, currency, t))
    show(tag("h2", t("page.ledger_title")), week.ledger_words(season, t))
    ledger = wish.ledger if wish else None
    show(week.ledger(season.today_ledger, season.best_ledger, currency, t, ledger))
    show(paragraph(t("page.ledger_note"), "quiet"))


def show_week_for_bad_times(here: Visit, plan: Plan, season: SeasonPlan) -> None:
    """A second week, where bad weeks weigh anything."""
    from hoursopt.pages.bad_times import show_bad_times

    show_bad_times(here, plan, season)


def show_demand(here: Visit, curves: Curves, season: SeasonPlan) -> None:
    """Both openings over the demand of the week."""
    from hoursopt import charts
    from hoursopt.pages import week
    from hoursopt.pages.pictures import picture

    t = here.t
    today, best = season.today.hours, season.best.hours
    show(tag("h2", t("page.demand_title")), week.demand_words(curves, today, t))
    picture(
        here,
        f"demand {season.name}",
        lambda: charts.demand_week(
            curves, curves.walk_in, t, today=today, best=best, dark=here.dark
        ),
        t("page.demand_title"),
    )
    show(week.demand_legend(curves, t))
    with st.expander(t("page.as_table")):
        show(week.demand_table(curves, curves.walk_in, t))


def show_staff(here: Visit, season: SeasonPlan) -> None:
    """The roster of the best week."""
    from hoursopt import charts
    from hoursopt.pages import week
    from hoursopt.pages.pictures import picture

    t, grid = here.t, here.shop.grid
    groups = [group.name for group in here.shop.staff]
    show(tag("h2", t("page.staff_title")), week.staff_words(season, t))
    drawn, words = st.columns([3, 2], gap="medium")
    with drawn:
        picture(
            here,
            f"staff {season.name}",
            lambda: charts.staff_week(season.best, groups, season.breaks, grid, t, dark=here.dark),
            t("page.staff_title"),
        )
    with words:
        show(week.staff(season, grid, t))


def show_edges(here: Visit, plan: Plan, season: SeasonPlan) -> None:
    """What the hours at the edges of the opening are worth."""
    from hoursopt import charts
    from hoursopt.pages import reasons
    from hoursopt.pages.pictures import picture

    t, currency = here.t, plan.currency
    edges = reasons.strongest(plan.edges, season.name)
    if edges:
        show(tag("h2", t("plan.edges_title")), reasons.edges_words(edges, currency, t))
        picture(
            here,
            f"edges {season.name}",
            lambda: charts.edge_worth(edges, t, currency, dark=here.dark),
            t("plan.edges_title"),
        )
        with st.expander(t("page.as_table")):
            show(reasons.edges_table(edges, currency, t))


def show_what_if(here: Visit, answer: Answer, season: SeasonPlan) -> None:
    """Switches and sliders with the week that would then be the best."""
    from hoursopt.pages.supposing import what_if

    what_if(here, answer, season)


def show_others(here: Visit, plan: Plan, season: SeasonPlan) -> None:
    """Other plans that are almost as good, trials, and days unlike their weekday."""
    from hoursopt.pages import reasons

    dates = next(one for one in here.shop.seasons if one.name == season.name)
    parts = [
        reasons.limits(plan, season.name, here.t),
        reasons.stability(season, plan.currency, here.t),
        reasons.over_the_year(plan, here.t),
        reasons.alternatives(plan, season, here.t),
        reasons.trials(plan, season.name, here.t),
        reasons.special_days(plan, dates, here.t),
    ]
    show(*(part for part in parts if part))
