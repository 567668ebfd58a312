"""Widgets that pages share: the season, and the form of other figures."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import streamlit as st

from hoursopt.i18n import Texts
from hoursopt.pages.figures import (
    COSTS,
    LONGEST_REACH,
    RATES,
    SHARES,
    Figures,
    changes,
    pay_field,
)
from hoursopt.pages.markup import join, plain, tag
from hoursopt.pages.session import Visit, change_figures, show
from hoursopt.shop import Diversion, Range, StaffGroup


def choose_season(names: Sequence[str], t: Texts) -> str:
    """The season to look at, the same on every page; no question where there is one."""
    if len(names) == 1:
        return names[0]
    chosen: str = st.segmented_control(
        t("page.season"),
        names,
        format_func=plain,
        default=names[0],
        required=True,
        key="season",
        persist_state="session",
    )
    return chosen


def figures_form(visit: Visit) -> None:
    """Other margins, costs, wages and habits: computed anew from the model when asked."""
    t, currency = visit.t, visit.loaded.shop.currency
    with st.expander(t("page.figures_title"), icon=":material/tune:"), st.form("figures"):
        st.caption(t("page.figures_note"))
        money, people, habits = st.columns(3, gap="medium")
        with money:
            show(tag("p", t("page.figures_money"), class_="ho-label"))
            entered: dict[str, Any] = {name: _rate(visit, name) for name in RATES}
            entered |= {name: _cost(visit, name) for name in COSTS}
            economics = dataclasses.replace(visit.figures.economics, **entered)
        with people:
            show(tag("p", t("page.figures_staff"), class_="ho-label"))
            staff = tuple(_pay(group, currency, t) for group in visit.figures.staff)
        with habits:
            show(tag("p", t("page.figures_diversion"), class_="ho-label"))
            diversion = _diversion(visit.figures.diversion, t)
        if st.form_submit_button(t("page.compute"), type="primary"):
            change_figures(visit.digest, Figures(economics, staff, diversion))
            st.rerun()


def figures_notice(visit: Visit) -> None:
    """Which figures are not the shop's own, and the way back to them."""
    own = Figures.of(visit.loaded.shop)
    told = list(changes(own, visit.figures, visit.loaded.shop.currency, visit.t))
    if not told:
        return
    items = tag("ul", *(tag("li", change) for change in told))
    title = tag("strong", visit.t("page.figures_changed"))
    show(tag("div", join([title, items]), class_="ho-notice", role="status"))
    st.button(visit.t("page.back"), on_click=change_figures, args=(visit.digest, None))


def _rate(visit: Visit, name: str) -> float:
    value = getattr(visit.figures.economics, name)
    return st.slider(visit.t(f"page.{name}"), 0.0, 1.0, value, 0.01, format="percent")


def _cost(visit: Visit, name: str) -> float:
    label = visit.t(f"page.{name}", currency=visit.loaded.shop.currency)
    value = getattr(visit.figures.economics, name)
    return st.number_input(label, min_value=0.0, value=value, step=0.5, format="%.2f")


def _pay(group: StaffGroup, currency: str, t: Texts) -> StaffGroup:
    field = pay_field(group)
    label = plain(t("page.hourly_pay", name=group.name, currency=currency))
    value = getattr(group, field)
    pay = st.number_input(label, min_value=0.01, value=value, step=0.5, format="%.2f")
    return dataclasses.replace(group, **{field: pay})


def _diversion(now: Diversion, t: Texts) -> Diversion:
    shares = {}
    for name in SHARES:
        value: Range = getattr(now, name)
        label = t(f"page.{name}")
        low, high = st.slider(label, 0.0, 1.0, (value.low, value.high), 0.01, format="percent")
        shares[name] = Range(low, high)
    reach = (now.reach_hours.low, now.reach_hours.high)
    longest = max(LONGEST_REACH, reach[1])
    low, high = st.slider(t("page.reach_hours"), 0.1, longest, reach, 0.1, format="%.1f")
    return Diversion(reach_hours=Range(low, high), **shares)
