"""Opening hours as a door sign to write on: today's, those of before, those that the data show."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from hoursopt.errors import DataError, HoursoptError
from hoursopt.hours import WEEKDAYS, OpeningHours, parse_hours
from hoursopt.i18n import Texts
from hoursopt.observations import suggest_hours
from hoursopt.observations.suggest import SuggestedHours
from hoursopt.pages.bench import FAULTS, Bench, keep, keeping, show_faults, show_field_fault
from hoursopt.pages.markup import lines, paragraph, tag
from hoursopt.pages.session import show, visit
from hoursopt.shop import Shop
from hoursopt.tables import suggested_words
from hoursopt.workspace.entries import read_date, show_day
from hoursopt.workspace.forms import read_week, table_at
from hoursopt.workspace.suggested import taken_over

SUGGESTED = "suggested_hours"


def summary(shop: Shop, t: Texts) -> str:
    """Today's hours in a line."""
    return t.hours(shop.today)


def show_hours(here: Bench) -> None:
    """Today's hours, earlier ones, and the hours that the data show."""
    t = here.t
    given = here.draft.tables.get("hours", []) if here.draft else []
    for number in range(len(given), 0, -1):
        table = table_at(here.draft.tables, f"hours[{number}]") if here.draft else {}
        if number == len(given):
            week_form(here, number, table, newest=True)
            continue
        if number == len(given) - 1:
            show(tag("h3", t("setup.earlier_hours")))
        with st.container(border=True):
            week_form(here, number, table, newest=False)
    suggest(here)


def week_form(here: Bench, number: int, table: Any, *, newest: bool) -> None:
    """A week as it hangs on the door: Monday to Friday in one field while they are alike."""
    t, place = here.t, f"hours[{number}]"
    told = str(table.get("hours", ""))
    try:
        week = parse_hours(told)
    except DataError:
        week = OpeningHours(((),) * 7)
    alike = len(set(week.days[:5])) == 1
    apart = st.toggle(t("setup.each_weekday"), value=not alike, key=f"apart {number} {told}")
    rows: list[tuple[str, range]] = [
        *([(t("setup.weekdays"), range(5))] if not apart else []),
        *((t.weekday(day), range(day, day + 1)) for day in range(0 if apart else 5, 7)),
    ]
    digest = hashlib.sha256(repr((told, table.get("from"), t.language)).encode()).hexdigest()[:8]
    with st.form(f"form {place}", border=False):
        widgets: dict[int, str] = {}
        columns: Any = ()
        for turn, (label, days) in enumerate(rows):
            if turn % 4 == 0:
                columns = st.columns(4, gap="small")
            key = f"{place} {days.start}-{days.stop} {digest}"
            widgets |= dict.fromkeys(days, key)
            with columns[turn % 4]:
                value = show_day(week[days.start], t)
                st.text_input(label, value=value, placeholder=t("common.closed"), key=key)
                for day in days:
                    show_field_fault(place, f"{place}.{WEEKDAYS[day]}", t)
        show(paragraph(t("setup.hours_words"), "quiet"))
        began = table.get("from")
        since = f"{place} since {digest}"
        label = t("setup.hours_since") if newest else t("setup.hours_from")
        value = "" if newest or began is None else t.date(began)
        help_text = t("setup.hours_since_help") if newest else t("setup.hours_from_help")
        st.text_input(label, value=value, key=since, help=help_text)
        show_field_fault(place, f"{place}.from", t)
        if newest and began is not None:
            show(paragraph(t("setup.in_force_since", date=began), "quiet"))
        beside = {f"{place}.from", *(f"{place}.{day}" for day in WEEKDAYS)}
        show_faults(place, beside, t)
        with st.container(horizontal=True):
            args = (here, number, widgets, since, newest)
            st.form_submit_button(t("setup.save"), type="primary", on_click=save_week, args=args)
            if not newest or number > 1:
                gone = ({place: None}, place)
                st.form_submit_button(t("setup.remove"), on_click=keeping, args=gone)


def save_week(here: Bench, number: int, widgets: dict[int, str], since: str, newest: bool) -> None:
    """Correct these hours, or add others that hold since a date."""
    place = f"hours[{number}]"
    written = {day: str(st.session_state[key]) for day, key in widgets.items()}
    told_since = str(st.session_state[since]).strip()
    try:
        week = read_week(written, place)
        began = read_date(told_since) if told_since else None
        if not week.open_days:
            raise DataError("workspace.never_open", where=place)
    except HoursoptError as error:
        st.session_state.setdefault(FAULTS, {})[place] = error
        return
    if newest and began is not None:
        changes: dict[str, Any] = {"hours[+]": {"from": began, "hours": str(week)}}
    else:
        changes = {f"{place}.hours": str(week)}
        if not newest:
            changes[f"{place}.from"] = began
    unsaved = tuple(f"{here.t.weekday(day)}: {told}" for day, told in written.items())
    keep(changes, place, unsaved)


def suggest(here: Bench) -> None:
    """The hours that receipts or the door counter show, to be taken over."""
    t = here.t
    if not (here.draft and here.draft.shop):
        return
    show(tag("h3", t("setup.suggest_title")), paragraph(t("setup.suggest_words"), "quiet"))
    found: tuple[str, SuggestedHours] | None = st.session_state.get(SUGGESTED)
    if found is None or found[0] != here.draft.revision:
        st.button(t("setup.suggest"), icon=":material/query_stats:", on_click=find_hours)
        show_faults(SUGGESTED, set(), t)
        return
    changes = taken_over(found[1], here.draft.shop.grid)
    if not changes:
        show(paragraph(t("cli.suggest_none")))
        return
    show(tag("div", lines(suggested_words(found[1], t)), class_="ho-notice"))
    if [one.hours for one in found[1].periods] == [one.hours for one in here.draft.shop.hours]:
        return
    args = (changes, SUGGESTED)
    st.button(t("setup.take_hours"), type="primary", on_click=keeping, args=args)
    show_faults(SUGGESTED, set(), t)


def find_hours() -> None:
    """Look for the hours in the counts."""
    try:
        seen = visit()
        found = suggest_hours(seen.shop, seen.loaded.imported.tables)
    except HoursoptError as error:
        st.session_state.setdefault(FAULTS, {})[SUGGESTED] = error
        return
    st.session_state[SUGGESTED] = (st.session_state["seen_revision"], found)
