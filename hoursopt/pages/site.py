"""The site: its pages, the choice of language, and nothing else."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path

import streamlit as st

from hoursopt.errors import HoursoptError
from hoursopt.pages.session import PAGES, keep_address, shop_path, texts, usual_language
from hoursopt.shop import LANGUAGES, Shop
from hoursopt.shop.file import read_shop

ICON = Path(__file__).with_name("icon.svg")
ROOMS = {
    "shop": "storefront",
    "demand": "calendar_view_week",
    "plan": "door_open",
    "whatif": "call_split",
    "season": "description",
}
"""The pages in the order of a first visit, each with its icon."""


def run() -> None:
    """Show the page that was asked for, in the language that was asked for."""
    # A material icon here would be fetched from outside; one in the menu is part of a local font.
    st.set_page_config(page_title="hoursopt", page_icon=ICON, layout="wide")
    keep_address()
    shop = shop_or_none()
    choose_language(shop)
    t = texts(shop)
    pages = {
        name: st.Page(
            partial(open_room, name),
            title=t("setup.page" if name == "shop" else f"page.{name}"),
            icon=f":material/{icon}:",
            url_path=name,
            default=name == "plan",
        )
        for name, icon in ROOMS.items()
    }
    st.session_state[PAGES] = pages
    st.navigation(list(pages.values())).run()


def open_room(name: str) -> None:
    """The page of a name; what only others need is not imported before it is asked for."""
    import_module(f"hoursopt.pages.{name}_page").page()


def choose_language(shop: Shop | None) -> None:
    """Kept in the address, so that a reload and a link speak the same language."""
    t = texts(shop)
    # Not a list that opens: three words fit, and its script alone would delay the first screen.
    st.sidebar.segmented_control(
        t("page.languages"),
        LANGUAGES,
        default=usual_language(shop),
        required=True,
        wrap=True,
        format_func=lambda language: t(f"page.language_{language}"),
        key="language",
        bind="query-params",
    )


def shop_or_none() -> Shop | None:
    """The shop, None where its file is at fault: its page will say so."""
    try:
        return read_shop(shop_path())
    except HoursoptError:
        return None
