"""Step 1: which shop. A sample, one of before, a folder, a new one; and who the shop is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from hoursopt.errors import DataError, HoursoptError
from hoursopt.hours import OpeningHours, Spans
from hoursopt.i18n import Texts
from hoursopt.pages.bench import FAULTS, Bench, show_faults, show_field_fault
from hoursopt.pages.forms import go_on, go_to, section_form
from hoursopt.pages.markup import paragraph, plain, tag
from hoursopt.pages.session import open_shop, show
from hoursopt.shop.draft import read_draft
from hoursopt.workspace.entries import read_day, show_day
from hoursopt.workspace.forms import entries, placed, several
from hoursopt.workspace.founding import Founding, countries, found_shop, trades, usual_hours
from hoursopt.workspace.home import (
    Place,
    folder_name,
    free_folder,
    remembered,
    samples,
    shop_folder,
    shops_home,
    told_path,
)

FOUND, OPEN = "found", "open_folder"
WEEK_PARTS = {"weekdays": range(5), "saturday": range(5, 6), "sunday": range(6, 7)}
IDENTITY = entries(
    "shop", "name", "language", "country", "subdivision", "currency", "timezone", "web"
)


def step(here: Bench) -> None:
    """The shop that is open, and the ways to another."""
    t = here.t
    if here.sample:
        show(paragraph(t("setup.sample_words"), "lead"))
        another(here, first=True)
        go_on("files", t("setup.look_at_files"), first=False)
        return
    show(tag("h2", t("setup.this_shop")), paragraph(t("setup.this_shop_words")))
    with st.expander(t("setup.identity"), icon=":material/storefront:"):
        section_form(here, "shop", IDENTITY)
    go_on("files", t("setup.next_files"))
    another(here)


def another(here: Bench, *, first: bool = False) -> None:
    """A new shop, those of before, samples, a folder; `first` where nobody has one yet."""
    t = here.t
    show(tag("h2", t("setup.new_here") if first else t("setup.another")))
    with st.expander(f"**{t('setup.new_shop')}**", icon=":material/add_business:", expanded=False):
        new_shop(t)
    known = [place for place in remembered() if place.folder != here.folder.resolve()]
    if known:
        with st.expander(t("setup.recent"), icon=":material/history:"):
            show(paragraph(t("setup.recent_words"), "quiet"))
            for place in known:
                label = plain(t("setup.shop_in", name=name_of(place), folder=str(place.folder)))
                st.button(label, key=place.key, on_click=partial(look_at, place.folder))
    with st.expander(t("setup.sample"), icon=":material/explore:"):
        show(paragraph(t("setup.samples_words"), "quiet"))
        for place in samples():
            told = f"setup.sample_{place.folder.name.replace('-', '_')}"
            st.button(plain(name_of(place)), key=place.key, on_click=partial(look_at, place.folder))
            if told in t:
                show(paragraph(t(told), "quiet"))
    with st.expander(t("setup.open_folder"), icon=":material/folder_open:"), st.form(OPEN):
        st.text_input(t("setup.folder"), key="folder_to_open", placeholder="~/hoursopt/…")
        show(paragraph(t("setup.folder_words"), "quiet"))
        show_faults(OPEN, set(), t)
        st.form_submit_button(t("setup.open"), on_click=open_told_folder, type="primary")


def new_shop(t: Texts) -> None:
    """A few questions; the answers that can be guessed are there already."""
    show(paragraph(t("setup.new_words"), "quiet"))
    kind, place = st.columns(2, gap="medium")
    with kind:
        trade = st.selectbox(
            t("setup.trade"),
            trades(),
            index=None,
            placeholder=t("setup.choose"),
            format_func=lambda name: t(f"setup.trade_{name}"),
            key="new_trade",
        )
    with place:
        country = st.selectbox(
            t("setup.label.shop.country"),
            countries(),
            index=countries().index({"fi": "FI", "sv": "SE"}.get(t.language, "FI")),
            format_func=t.country,
            key="new_country",
        )
    with st.form(FOUND, border=False):
        st.text_input(t("setup.label.shop.name"), key="new_name")
        show_field_fault(FOUND, "shop.name", t)
        show(tag("p", t("setup.new_hours"), class_="ho-label"))
        usual = usual_hours(trade) if trade else ((), (), ())
        columns = st.columns(3, gap="small")
        for column, part, spans in zip(columns, WEEK_PARTS, usual, strict=True):
            with column:
                st.text_input(
                    t(f"setup.{part}"),
                    value=show_day(spans, t),
                    placeholder=t("common.closed"),
                    key=f"new_{part} {trade} {t.language}",
                )
                show_field_fault(FOUND, part, t)
        show(paragraph(t("setup.hours_words"), "quiet"))
        example = str(shops_home() / folder_name(t("setup.example_name")))
        st.text_input(t("setup.new_folder"), key="new_folder", placeholder=example)
        show(paragraph(t("setup.new_folder_words", folder=str(shops_home())), "quiet"))
        show_field_fault(FOUND, "folder", t)
        show_faults(FOUND, {"shop.name", "folder", *WEEK_PARTS}, t)
        args = (trade, country, t)
        st.form_submit_button(t("setup.found"), type="primary", on_click=found, args=args)


def found(trade: str | None, country: str, t: Texts) -> None:
    """Make the shop and go on to its files; what is wrong with the answers is told at once."""
    faults: list[HoursoptError] = []
    days: list[Spans] = []
    for part, weekdays in WEEK_PARTS.items():
        try:
            spans = read_day(st.session_state[f"new_{part} {trade} {t.language}"])
        except DataError as error:
            faults.append(placed(error, part))
            spans = ()
        days += [spans for _ in weekdays]
    name = st.session_state["new_name"].strip()
    if not name:
        faults.append(DataError("workspace.no_name", where="shop.name"))
    if trade is None:
        faults.append(DataError("workspace.no_trade", where="trade"))
    try:
        if faults:
            raise several(faults)
        told = st.session_state["new_folder"].strip()
        folder = told_path(told) if told else free_folder(shops_home(), folder_name(name))
        founding = Founding(name, country, str(trade), t.language, OpeningHours(tuple(days)))
        found_shop(founding, folder)
        st.session_state[FAULTS] = {}
        open_shop(folder.resolve())
        go_to("files")
    except HoursoptError as error:
        st.session_state.setdefault(FAULTS, {})[FOUND] = error


def name_of(place: Place) -> str:
    """The shop's own name, that of its folder where it cannot be read."""
    try:
        return str(read_draft(place.folder).tables["shop"]["name"])
    except (HoursoptError, KeyError, TypeError):
        return place.folder.name


def look_at(folder: Path) -> None:
    """Work on another shop from now on."""
    st.session_state[FAULTS] = {}
    try:
        open_shop(folder)
    except HoursoptError as error:
        st.session_state[FAULTS]["history"] = error


def open_told_folder() -> None:
    """Open the folder that was written."""
    try:
        look_at(shop_folder(st.session_state["folder_to_open"]))
    except HoursoptError as error:
        st.session_state.setdefault(FAULTS, {})[OPEN] = error
