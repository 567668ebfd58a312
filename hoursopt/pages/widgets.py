"""Widgets that pages share."""

from __future__ import annotations

from collections.abc import Sequence

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
        key="season",
        persist_state="session",
    )
    return chosen
