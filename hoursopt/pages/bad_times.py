"""The week for bad times: its door sign beside the best hours, what it costs and what it saves."""

from __future__ import annotations

import streamlit as st

from hoursopt.contract.why import robust_json
from hoursopt.pages import decision
from hoursopt.pages.markup import Markup, Row, paragraph, table, tag
from hoursopt.pages.session import Visit, show
from hoursopt.plan import Plan, RobustWeek, SeasonPlan
from hoursopt.tables.plans import robust_lines


def show_bad_times(here: Visit, plan: Plan, season: SeasonPlan) -> None:
    """What the shop's weight of bad weeks asks for; nothing where they weigh nothing."""
    t, robust = here.t, season.robust
    if robust is None and here.shop.decision.robust <= 0:
        return
    show(tag("h2", t("robust.title")))
    if robust is None:
        show(paragraph(t("robust.tied"), "quiet"))
        return
    best, hours = season.best.hours, robust.week.hours
    machine = robust_json(robust, plan.grid, season.breaks)
    told = robust_lines(machine, t, plan.currency, same=hours == best)
    sign, words = st.columns([1, 2], gap="medium")
    with sign:
        show(decision.door_sign(t("robust.week"), hours, best, t, than="robust.unlike"))
        if hours != best:
            mark = tag("span", "●", class_="ho-mark")
            show(tag("p", mark, " ", t("robust.unlike"), class_="ho-text quiet"))
    with words:
        show(paragraph(t("robust.words")), *map(paragraph, told), outlooks(robust, here, plan))


def outlooks(robust: RobustWeek, here: Visit, plan: Plan) -> Markup:
    """Both weeks in both measures."""
    t = here.t
    rows = []
    for name in ("mean", "worst"):
        both = [float(getattr(one, name)) for one in (robust.best, robust.robust)]
        told = [t.money(amount, plan.currency, 0) for amount in both]
        difference = decision.signed(both[1] - both[0], plan.currency, t)
        rows.append(Row([t(f"robust.{name}"), *told, difference]))
    head = ["", t("page.hours_best"), t("robust.week"), t("plan.difference")]
    return table(head, rows)
