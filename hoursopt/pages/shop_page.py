"""The shop: open or found it, bring its files, put its figures right, go to the plan."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from hoursopt.pages import shop_choice, shop_figures, shop_files, shop_ready
from hoursopt.pages.bench import (
    COPIED,
    STALE,
    Bench,
    alert,
    attempt,
    bench,
    notice,
    show_faults,
)
from hoursopt.pages.markup import tag
from hoursopt.pages.session import show, told
from hoursopt.workspace import history
from hoursopt.workspace.forms import singly

STEPS = {
    "shop": shop_choice.step,
    "files": shop_files.step,
    "figures": shop_figures.step,
    "ready": shop_ready.step,
}


@told
def page() -> None:
    """One step of four at a time; each change is saved as it is accepted."""
    here = bench()
    head(here)
    step = choose_step(here)
    if here.fault:
        show(alert(*map(here.t.describe, singly(here.fault))))
        shop_choice.another(here)
        return
    STEPS[step](here)


def head(here: Bench) -> None:
    """Which shop this is, where it stands, what was changed last and the way back."""
    t = here.t
    name = here.draft.tables.get("shop", {}).get("name") if here.draft else None
    show(tag("h1", str(name or here.folder.name), class_="ho-shop"))
    place = (
        t("setup.sample_place") if here.sample else t("setup.saved_in", folder=_short(here.folder))
    )
    show(tag("p", place, class_="ho-place"))
    if copied := st.session_state.pop(COPIED, None):
        show(notice(t("setup.copied", folder=_short(Path(copied)))))
    if (entries := st.session_state.pop(STALE, None)) is not None:
        unsaved = [t("setup.stale_entry", entry=entry) for entry in entries]
        show(alert(t("setup.stale"), *unsaved))
    history_bar(here)
    show_faults("history", set(), t)


def history_bar(here: Bench) -> None:
    """The last change in words, to be taken back or done again."""
    t, line = here.t, here.timeline
    if not (line.done or line.undone):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="ho_history"):
        if line.done:
            last = line.done[-1]
            told = t(
                "setup.last_change", what=changed_part(last.what, here), when=_when(last, here)
            )
            show(tag("span", told, class_="ho-quiet"))
            st.button(t("setup.undo"), on_click=take_back, key="undo", icon=":material/undo:")
        if line.undone:
            st.button(t("setup.redo"), on_click=do_again, key="redo", icon=":material/redo:")


def take_back() -> None:
    """Undo the last change that stands."""
    attempt(history.undo, "history")


def do_again() -> None:
    """Do again what was undone last."""
    attempt(history.redo, "history")


def changed_part(what: str, here: Bench) -> str:
    """The part of the shop that a change is of."""
    t = here.t
    if what == history.HAND:
        return t("setup.by_hand")
    parts = dict.fromkeys(key.partition(".")[0].partition("[")[0] for key in what.split())
    names = [f"setup.part_{part}" for part in parts]
    return ", ".join(t(name) for name in names if name in t) or what


def choose_step(here: Bench) -> str:
    """The step to work at, kept in the address; done ones are marked."""
    t = here.t
    has_files = bool(here.draft and here.draft.shop)
    marks = {"shop": here.draft is not None, "files": has_files, "figures": False, "ready": False}

    def title(step: str) -> str:
        return t(f"setup.step_{step}") + (" ✓" if marks[step] else "")

    if "step" not in st.session_state:
        asked = st.query_params.get("step")
        st.session_state["step"] = asked if asked in STEPS else "shop"
    chosen = st.segmented_control(
        t("setup.steps"),
        tuple(STEPS),
        format_func=title,
        required=True,
        wrap=True,
        key="step",
        label_visibility="collapsed",
        persist_state="session",
    )
    step: str = chosen or "shop"
    st.query_params["step"] = step
    return step


def _when(change: history.Change, here: Bench) -> str:
    at = change.at.astimezone()
    return f"{here.t.day(at.date())} {here.t.time(at.hour * 60 + at.minute)}"


def _short(folder: Path) -> str:
    """A path with `~` for the visitor's own folder."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
