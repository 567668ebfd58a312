"""Pictures on the page: each is made once for all who look at the same shop in the same dress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import streamlit as st

from hoursopt.pages.session import Visit

KEPT_PICTURES = 256


class Drawn(Protocol):
    """A picture of `charts`."""

    def to_dict(self) -> dict[str, Any]:
        """The picture in Vega-Lite."""
        ...


def picture(here: Visit, name: str, draw: Callable[[], Drawn], words: str) -> None:
    """Show what `draw` makes, `words` for those who do not see it.

    name: what tells it apart from all other pictures of this shop, season and all.
    """
    st.vega_lite_chart(spec_of(here, name, draw), alt=words)


def spec_of(here: Visit, name: str, draw: Callable[[], Drawn]) -> dict[str, Any]:
    """The picture as plain data: to check and write it down takes longer than to send it."""
    return _spec(here.digest, here.t.language, here.dark, name, draw)


@st.cache_resource(max_entries=KEPT_PICTURES, show_spinner=False)
def _spec(
    digest: str, language: str, dark: bool, name: str, _draw: Callable[[], Drawn]
) -> dict[str, Any]:
    return _draw().to_dict()
