"""While something is worked out: how far it is, a button that stops it, and the page at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from hoursopt.i18n import Texts
from hoursopt.pages.background import Job, Stopped
from hoursopt.pages.markup import paragraph, plain
from hoursopt.pages.session import Visit, show

Result = TypeVar("Result")

LOOK_AGAIN_SECONDS = 1.0
# As soon as the browser has drawn what it was given: its own clock asks, and it draws first.
SOON_SECONDS = 0.5
SEEN = "seen_at_first_sight"
# What is there within a blink needs no sign of waiting.
BLINK_SECONDS = 0.3


@dataclass(frozen=True)
class Look(Generic[Result]):
    """What work has to show at one moment: who asks it twice may see it end in between.

    result: what came of it, None while it goes on and where it was stopped. so_far: what can be
    shown by then. stopped: whether somebody has stopped it.
    """

    job: Job[Result]
    result: Result | None
    so_far: Result | None
    stopped: bool

    @property
    def going_on(self) -> bool:
        """Whether there will be more to see."""
        return self.result is None and not self.stopped


def look_at(job: Job[Result]) -> Look[Result]:
    """What there is to see of it now, or within a blink. Raises its fault."""
    result, stopped = None, False
    if job.wait(BLINK_SECONDS):
        try:
            result = job.result()
        except Stopped:
            stopped = True
    return Look(job, result, job.so_far, stopped)


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


def follow(look: Look[Any], again: Callable[[Visit], None], here: Visit, name: str) -> None:
    """How far it is where it goes on; where it was stopped, say so and offer to go on."""
    if look.going_on:
        watch(look.job, here.t, name, look.so_far)
    elif look.stopped:
        show(paragraph(here.t("work.was_stopped")))
        st.button(here.t("work.go_on"), on_click=again, args=(here,), key=f"again-{name}")


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
