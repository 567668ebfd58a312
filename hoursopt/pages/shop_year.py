"""Seasons, single dates and events: what makes one part of the year unlike another."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from hoursopt.calendar import LEAP_YEAR, Season
from hoursopt.errors import DataError, HoursoptError
from hoursopt.i18n import Texts
from hoursopt.pages.answers import model_of
from hoursopt.pages.background import Job, Stopped
from hoursopt.pages.bench import FAULTS, Bench, keep, keeping, show_faults, show_field_fault
from hoursopt.pages.forms import free_name, many_tables, section_form
from hoursopt.pages.markup import lines, paragraph, tag
from hoursopt.pages.session import show, visit
from hoursopt.pages.waiting import BLINK_SECONDS, insist, watch
from hoursopt.seasons import SeasonProposal, propose_seasons
from hoursopt.shop import Shop
from hoursopt.shop.values import month_day
from hoursopt.tables import seasons_words
from hoursopt.workspace.entries import read_exceptions, read_month_day, show_exceptions
from hoursopt.workspace.forms import entries, placed, several
from hoursopt.workspace.yearly import season_tables, with_season, without_season

SEASON = entries("season")
EVENT = entries("event")
NEW, PROPOSED, EXCEPTIONS = "season[+]", "proposed_seasons", "exceptions"


def seasons_summary(shop: Shop, t: Texts) -> str:
    """Names and dates of the seasons."""
    if len(shop.seasons) < 2:
        return t("setup.whole_year")
    return ", ".join(f"{season.name} {dates_of(season, t)}" for season in shop.seasons)


def days_summary(shop: Shop, t: Texts) -> str:
    """How many single dates and events there are."""
    own = shop.exceptions
    dates = t("setup.count_dates", count=len(own.closed) + len(own.hours))
    return f"{dates}, {t('setup.count_events', count=len(shop.events))}"


def dates_of(season: Season, t: Texts) -> str:
    """From first to last day."""
    first, last = (dt.date(LEAP_YEAR, *day) for day in (season.first, season.last))
    return f"{t.day(first)}–{t.day(last)}"


def show_seasons(here: Bench) -> None:
    """The seasons, which are saved together for they share the year; one more; what pays."""
    t = here.t
    given = here.draft.tables.get("season", []) if here.draft else []
    shop = here.draft.unfinished_shop if here.draft else None
    if given:
        section_form(
            here, [f"season[{number}]" for number in range(1, len(given) + 1)], SEASON, across=3
        )
    if shop:
        add_season(shop, t)
        remove_season(shop, t)
        offer_seasons(here, t)


def add_season(shop: Shop, t: Texts) -> None:
    """A part of the year with a name; the other seasons give up its days."""
    with st.form(NEW, border=True):
        show(tag("p", t("setup.add_season"), class_="ho-label"))
        name, first, last = st.columns(3, gap="small")
        for column, key in ((name, "name"), (first, "from"), (last, "to")):
            with column:
                st.text_input(t(f"setup.label.season.{key}"), key=f"new season {key}")
                show_field_fault(NEW, f"{NEW}.{key}", t)
        show(paragraph(t("setup.add_season_words"), "quiet"))
        show_faults(NEW, {f"{NEW}.{key}" for key in ("name", "from", "to")}, t)
        st.form_submit_button(t("setup.add"), on_click=save_season, args=(shop, t))


def save_season(shop: Shop, t: Texts) -> None:
    """Put the new season into the year."""
    faults: list[HoursoptError] = []
    ends = []
    for key in ("from", "to"):
        try:
            ends.append(month_day(read_month_day(st.session_state[f"new season {key}"])))
        except DataError as error:
            faults.append(placed(error, f"{NEW}.{key}"))
    name = st.session_state["new season name"].strip()
    if not name:
        faults.append(DataError("workspace.no_name", where=f"{NEW}.name"))
    if faults:
        st.session_state.setdefault(FAULTS, {})[NEW] = several(faults)
        return
    own = shop.seasons
    if len(own) == 1:
        own = (Season(t("setup.rest_of_year"), own[0].first, own[0].last),)
    seasons = with_season(own, Season(name, *ends))
    if keep({"season": season_tables(seasons)}, NEW, (name,)):
        for key in ("name", "from", "to"):
            st.session_state[f"new season {key}"] = ""


def remove_season(shop: Shop, t: Texts) -> None:
    """A season whose days go to that before it."""
    if len(shop.seasons) < 2:
        return
    names = [season.name for season in shop.seasons]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("setup.remove_season"),
            names,
            index=None,
            placeholder=t("setup.choose"),
            key="season to remove",
        )
        st.button(t("setup.remove"), key="remove season", on_click=drop_season, args=(shop,))


def drop_season(shop: Shop) -> None:
    """Take out the season that was chosen."""
    names = [season.name for season in shop.seasons]
    chosen = st.session_state["season to remove"]
    if chosen in names:
        rest = without_season(shop.seasons, names.index(chosen))
        keep({"season": season_tables(rest)}, "season", (chosen,))


def offer_seasons(here: Bench, t: Texts) -> None:
    """Seasons that pay, found from the data beside the page."""
    if not (here.draft and here.draft.shop):
        return
    show(tag("h3", t("setup.propose_title")), paragraph(t("setup.propose_words"), "quiet"))
    held: tuple[str, Job[SeasonProposal]] | None = st.session_state.get(PROPOSED)
    try:
        if held is None or held[0] != here.draft.revision:
            if st.button(t("setup.propose"), icon=":material/query_stats:"):
                st.session_state[PROPOSED] = (here.draft.revision, search(t))
                st.rerun()
            return
        if not held[1].wait(BLINK_SECONDS):
            watch(held[1], t, PROPOSED, None)
            return
        tell_seasons(here.draft.shop, held[1].result(), t)
    except Stopped:
        st.session_state.pop(PROPOSED, None)
        st.rerun()
    except HoursoptError as error:
        st.session_state.pop(PROPOSED, None)
        show(tag("div", lines(t.describe(error)), class_="ho-fault", role="alert"))


def search(t: Texts) -> Job[SeasonProposal]:
    """Begin the search, which takes longer than a page may; the fit is waited for."""
    seen = visit()
    shop, counted = seen.shop, seen.loaded.observations
    model = insist(model_of(seen), t)

    def work(job: Job[SeasonProposal]) -> SeasonProposal:
        job.tell(0.1, "setup.proposing")
        return propose_seasons(shop, counted, model)

    return Job(work)


def tell_seasons(shop: Shop, proposal: SeasonProposal, t: Texts) -> None:
    """What was found, and a button to have it so."""
    show(tag("div", lines(seasons_words(proposal, shop, t)), class_="ho-notice"))
    tables: Any = None
    if proposal.advice == "split" and proposal.found:
        tables = season_tables(proposal.found.seasons)
    elif proposal.advice != "one" or len(shop.seasons) < 2:
        return
    args = ({"season": tables}, PROPOSED)
    st.button(t("setup.take_seasons"), type="primary", on_click=keeping, args=args)
    show_faults(PROPOSED, set(), t)


def show_days(here: Bench) -> None:
    """Single dates that are closed or have other hours, and events that come again."""
    t = here.t
    given = here.draft.tables.get("exceptions", {}) if here.draft else {}
    value = show_exceptions(given.get("closed"), given.get("hours"), t)
    key = f"exceptions {value}"
    with st.form("form exceptions", border=False):
        st.text_area(
            t("setup.exceptions"),
            value=value,
            key=key,
            placeholder=t("setup.exceptions_example"),
            height=120,
        )
        show_field_fault(EXCEPTIONS, EXCEPTIONS, t)
        show_faults(EXCEPTIONS, {EXCEPTIONS}, t)
        args = (key,)
        st.form_submit_button(t("setup.save"), type="primary", on_click=save_exceptions, args=args)
    show(tag("h3", t("setup.events_title")), paragraph(t("setup.events_words"), "quiet"))
    many_tables("event", EVENT, new_event)(here)


def new_event(here: Bench) -> dict[str, Any]:
    """One more event, a year ago today, to be changed."""
    given = here.draft.tables.get("event", []) if here.draft else []
    day = dt.date.today() - dt.timedelta(days=364)
    return {"name": free_name(here.t("setup.new_event"), given), "dates": [[day, day]]}


def save_exceptions(key: str) -> None:
    """Save the dates, closed ones and those with hours of their own."""
    written = st.session_state[key]
    try:
        closed, hours = read_exceptions(written)
    except DataError as error:
        st.session_state.setdefault(FAULTS, {})[EXCEPTIONS] = placed(error, EXCEPTIONS)
        return
    changes = {"exceptions.closed": closed or None, "exceptions.hours": hours or None}
    keep(changes, EXCEPTIONS, (written,))
