"""Step 4: what is there, what is missing, and the way to the plan."""

from __future__ import annotations

import streamlit as st

from hoursopt.pages.bench import Bench
from hoursopt.pages.forms import go_to
from hoursopt.pages.markup import paragraph, tag
from hoursopt.pages.session import PAGES, show
from hoursopt.shop import SOURCES
from hoursopt.workspace.starting import unchecked


def step(here: Bench) -> None:
    """Ready, or what must be done first."""
    t = here.t
    shop = here.draft.shop if here.draft else None
    if shop is None:
        show(tag("h2", t("setup.not_ready_title")))
        faults = here.draft.faults if here.draft else ()
        items = [tag("li", t.describe(fault)) for fault in faults]
        show(tag("div", tag("ul", *items, class_="ho-text"), class_="ho-fault", role="alert"))
        missing_files = any(fault.key == "shop.no_source" for fault in faults)
        target = "files" if missing_files else "figures"
        st.button(t(f"setup.to_{target}"), type="primary", on_click=go_to, args=(target,))
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
