"""The owner's own wish: a door sign that she writes on, checked and weighed as she does."""

from __future__ import annotations

import streamlit as st

from hoursopt.errors import HoursoptError
from hoursopt.hours import OpeningHours, Spans, format_hours, parse_hours
from hoursopt.i18n import Texts
from hoursopt.pages.desk import wish_of
from hoursopt.pages.markup import Markup, lines, paragraph, tag
from hoursopt.pages.session import Visit, keep_wish, show, wishes
from hoursopt.plan import SeasonPlan
from hoursopt.suppose import Wish, check_hours
from hoursopt.workspace.entries import read_day, show_day


def write_wish(here: Visit, season: SeasonPlan) -> OpeningHours | None:
    """Seven fields of a door sign; the hours written on it, None where they are not yet right."""
    t = here.t
    start = _start(here, season)
    with st.container(border=True, key="wish-sign"):
        show(tag("h3", t("decide.wish")))
        days: list[Spans] = []
        faults: list[str] = []
        for weekday in range(7):
            try:
                days.append(_day(here, season, weekday, start[weekday]))
            except HoursoptError as fault:
                faults.append(f"{t.weekday(weekday)}: {t.describe(fault)}")
        if faults:
            show(tag("div", lines("\n".join(faults)), class_="ho-fault", role="alert"))
            return None
        try:
            hours = OpeningHours(tuple(days))
        except HoursoptError as fault:
            show(tag("div", lines(t.describe(fault)), class_="ho-fault", role="alert"))
            return None
        show(tag("p", t("page.week_hours", hours=t.number(hours.week_hours)), class_="ho-sum"))
    own = hours.days not in (season.today.hours, season.best.hours)
    keep_wish(season.name, format_hours(hours) if own else None)
    first, second = st.columns(2)
    with first:
        _start_from(season, "page.hours_today", season.today.hours, t)
    with second:
        _start_from(season, "page.hours_best", season.best.hours, t)
    return hours


def weighed(here: Visit, season: SeasonPlan, hours: OpeningHours) -> Wish | None:
    """What the wish would bring; None where it is today's or the best week. Raises its fault."""
    if hours.days in (season.today.hours, season.best.hours):
        return None
    return wish_of(here, season, hours)


def broken_rules(wish: Wish, t: Texts) -> Markup | None:
    """The rules and limits that a wish breaks, in words."""
    if not wish.faults:
        return None
    told = "\n".join(dict.fromkeys(t.describe(fault) for fault in wish.faults))
    return tag("div", paragraph(t("decide.wish_breaks")), lines(told), class_="ho-notice")


def _start(here: Visit, season: SeasonPlan) -> tuple[Spans, ...]:
    """What stands on the sign at first: a wish of before, else the best hours."""
    written = wishes().get(season.name)
    if written is None:
        return season.best.hours
    try:
        hours = parse_hours(written)
        for spans in hours.days:
            check_hours(spans, here.shop, written)
    except HoursoptError:  # an address that somebody has changed by hand
        return season.best.hours
    return hours.days


def _day(here: Visit, season: SeasonPlan, weekday: int, start: Spans) -> Spans:
    """One weekday's field; DataErrors of `read_day` and `check_hours`."""
    t = here.t
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(tag("span", t.weekday(weekday, short=True), class_="ho-day"), width=44)
        text = st.text_input(
            t("decide.wish_day", weekday=t.weekday(weekday)),
            value=show_day(start, t),
            key=_key(season, weekday),
            placeholder=t("common.closed"),
            label_visibility="collapsed",
            persist_state="session",
        )
    spans = read_day(text or "")
    check_hours(spans, here.shop, text)
    return spans


def _start_from(season: SeasonPlan, key: str, hours: tuple[Spans, ...], t: Texts) -> None:
    st.button(
        t("decide.start_from", name=t(key)),
        key=f"{key}-{season.name}",
        on_click=_fill,
        args=(season, hours, t),
        width="stretch",
    )


def _fill(season: SeasonPlan, hours: tuple[Spans, ...], t: Texts) -> None:
    for weekday, spans in enumerate(hours):
        st.session_state[_key(season, weekday)] = show_day(spans, t)


def _key(season: SeasonPlan, weekday: int) -> str:
    return f"wish-{season.name}-{weekday}"
