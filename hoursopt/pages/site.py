"""The site: its pages, the choice of language, and nothing else."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from hoursopt.errors import HoursoptError
from hoursopt.pages import demand_page, plan_page, shop_page
from hoursopt.pages.session import PAGES, keep_address, shop_path, texts, usual_language
from hoursopt.shop import LANGUAGES, Shop
from hoursopt.shop.file import read_shop

ICON = Path(__file__).with_name("icon.svg")


def run() -> None:
    """Show the page that was asked for, in the language that was asked for."""
    # A material icon here would be fetched from outside; one in the menu is part of a local font.
    st.set_page_config(page_title="hoursopt", page_icon=ICON, layout="wide")
    keep_address()
    shop = shop_or_none()
    choose_language(shop)
    t = texts(shop)
    rooms = (("shop", shop_page), ("demand", demand_page), ("plan", plan_page))
    icons = {"shop": "storefront", "demand": "calendar_view_week", "plan": "door_open"}
    pages = {
        name: st.Page(
            room.page,
            title=t("setup.page" if name == "shop" else f"page.{name}"),
            icon=f":material/{icons[name]}:",
            url_path=name,
            default=name == "plan",
        )
        for name, room in rooms
    }
    st.session_state[PAGES] = pages
    st.navigation(list(pages.values())).run()


def choose_language(shop: Shop | None) -> None:
    """Kept in the address, so that a reload and a link speak the same language."""
    t = texts(shop)
    st.sidebar.selectbox(
        t("page.languages"),
        LANGUAGES,
        index=LANGUAGES.index(usual_language(shop)),
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
