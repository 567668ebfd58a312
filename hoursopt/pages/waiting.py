"""While something is worked out: how far it is, a button that stops it, and the page at hand."""

from __future__ import annotations

from typing import Any

import streamlit as st

from hoursopt.i18n import Texts
from hoursopt.pages.background import Job, Stopped
from hoursopt.pages.markup import paragraph, plain
from hoursopt.pages.session import Visit, show

LOOK_AGAIN_SECONDS = 1.0
# As soon as the browser has drawn what it was given: its own clock asks, and it draws first.
SOON_SECONDS = 0.5
SEEN = "seen_at_first_sight"
# What is there within a blink needs no sign of waiting.
BLINK_SECONDS = 0.3


def result_of(job: Job[Any]) -> Any | None:
    """What came of the work; None while it goes on, and after it was stopped. Raises its fault."""
    if not job.wait(BLINK_SECONDS):
        return None
    try:
        return job.result()
    except Stopped:
        return None


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def watch(job: Job[Any], t: Texts, name: str, seen: object) -> None:
    """Progress and a stop; shows the page anew when there is more to see than what was `seen`."""
    if job.done or job.so_far is not seen:
        st.rerun()
    key, values = ("work.stopping", {}) if job.stopping else job.step
    told, button = st.columns([4, 1], vertical_alignment="center")
    with told:
        st.progress(job.share, plain(t(key, **values)))
    with button:
        st.button(t("work.stop"), on_click=job.stop, key=f"stop-{name}", disabled=job.stopping)


def first_sight(name: str) -> bool:
    """Whether this visit sees a page for the first time, when the answer should come alone."""
    return name not in st.session_state.setdefault(SEEN, set())


@st.fragment(run_every=SOON_SECONDS)
def rest_follows(name: str) -> None:
    """Show the page anew, and whole, when what it shows now has been drawn."""
    seen: set[str] = st.session_state[SEEN]
    if name in seen:
        st.rerun()
    seen.add(name)


def stopped(job: Job[Any], again: Any, here: Visit, name: str) -> None:
    """Say that the work was stopped, and offer to go on."""
    if job.done:
        show(paragraph(here.t("work.was_stopped")))
        st.button(here.t("work.go_on"), on_click=again, args=(here,), key=f"again-{name}")


def stopped_at(job: Job[Any]) -> bool:
    """Whether work that is done was stopped; raises any other fault of it."""
    try:
        job.result()
    except Stopped:
        return True
    return False


def insist(job: Job[Any], t: Texts) -> Any:
    """Wait for it here and now, telling how far it is; raises its fault, Stopped with it."""
    if job.wait(BLINK_SECONDS):
        return job.result()
    place = st.empty()
    while not job.wait(BLINK_SECONDS):
        key, values = job.step
        # Each sign of life also lets go of this run where the visitor has asked for another.
        place.progress(job.share, plain(t(key, **values)))
    place.empty()
    return job.result()
