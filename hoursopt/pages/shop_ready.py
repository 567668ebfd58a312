"""Step 4: what is there, what is missing, and the way to the plan."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from hoursopt.errors import HoursoptError
from hoursopt.i18n import Texts
from hoursopt.pages.bench import Bench
from hoursopt.pages.forms import go_to
from hoursopt.pages.markup import lines, paragraph, tag
from hoursopt.pages.session import PAGES, show, visit
from hoursopt.pages.shop_files import lacking
from hoursopt.shop import SOURCES
from hoursopt.workspace.starting import unchecked


def step(here: Bench) -> None:
    """Ready, or what must be done first."""
    t = here.t
    shop = here.draft.shop if here.draft else None
    if shop is None:
        wanting = here.draft.faults if here.draft else ()
        missing_files = any(fault.key == "shop.no_source" for fault in wanting)
        not_ready(wanting, "files" if missing_files else "figures", t)
        return
    try:
        faults = lacking(visit())
    except HoursoptError as error:
        not_ready([error], "files", t)
        return
    if faults:
        not_ready(faults, "figures", t)
        return
    show(tag("h2", t("setup.ready_title")), paragraph(t("setup.ready_words")))
    files = [t(f"setup.source_{source}") for source in SOURCES if shop.sources.files(source)]
    items = [
        tag("li", t("setup.ready_files", files=files)),
        tag("li", t("setup.ready_hours", hours=shop.today)),
        tag("li", t("setup.ready_people", count=sum(group.people for group in shop.staff))),
    ]
    if left := unchecked(here.timeline):
        parts = [t(f"setup.part_{name}") for name in sorted(left)]
        items.append(tag("li", t("setup.ready_unchecked", parts=parts)))
    show(tag("ul", *items, class_="ho-text"))
    pages = st.session_state.get(PAGES, {})
    # A link, for switching by a button would empty the address, to which the language is bound.
    if "plan" in pages:
        with st.container(key="ho_go"):
            st.page_link(pages["plan"], label=t("setup.to_plan"), icon=":material/door_open:")


def not_ready(faults: Sequence[HoursoptError], target: str, t: Texts) -> None:
    """What must be done first, and the way there."""
    show(tag("h2", t("setup.not_ready_title")))
    items = [tag("li", lines(t.describe(fault))) for fault in faults]
    show(tag("div", tag("ul", *items, class_="ho-text"), class_="ho-fault", role="alert"))
    st.button(t(f"setup.to_{target}"), type="primary", on_click=go_to, args=(target,))
