"""Widgets that pages share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from hoursopt.i18n import Texts
from hoursopt.pages.markup import plain


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
        wrap=True,
        key="season",
        persist_state="session",
    )
    return chosen


def download(label: str, content: Callable[[], bytes], name: str, key: str) -> None:
    """A button for a file that is made when it is asked for."""
    st.download_button(label, content, name, on_click="ignore", key=key, icon=":material/download:")
