"""What the steps of the Shop page share: the shop on the bench, and how a change is kept.

Nothing is decided here: `hoursopt.workspace` reads, saves, undoes and tells stale tabs apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from hoursopt.errors import DataError, HoursoptError
from hoursopt.i18n import Texts
from hoursopt.pages.markup import Markup, join, paragraph, tag
from hoursopt.pages.session import open_shop, shop_path, show, texts
from hoursopt.shop.draft import Draft, read_draft
from hoursopt.shop.file import file_of
from hoursopt.workspace import history
from hoursopt.workspace.forms import faults_by_place
from hoursopt.workspace.history import Timeline
from hoursopt.workspace.home import copy_sample, is_sample
from hoursopt.workspace.wording import said

SEEN, FAULTS, STALE, COPIED = "seen_revision", "form_faults", "stale_entries", "copied_sample"


@dataclass(frozen=True)
class Bench:
    """The shop that is worked on. fault: why its shop.toml cannot be read at all, if so."""

    t: Texts
    folder: Path
    draft: Draft | None
    fault: HoursoptError | None
    timeline: Timeline

    @property
    def sample(self) -> bool:
        """Whether it is one of the samples, which stay as they are."""
        return is_sample(self.folder)


def bench() -> Bench:
    """The shop of this visit as it stands on the disk now."""
    folder = file_of(shop_path()).parent
    draft, fault = None, None
    try:
        draft = read_draft(folder)
    except HoursoptError as error:
        fault = error
    st.session_state[SEEN] = draft.revision if draft else ""
    return Bench(_texts(draft), folder, draft, fault, _timeline(folder))


def keep(changes: Mapping[str, Any], form: str = "", written: tuple[str, ...] = ()) -> bool:
    """Save changes as of the revision that this tab has seen; whether they were.

    What stops them is told beside the fields of the form. A tab that was overtaken by another is
    told what of it was not saved (`written`). A sample is copied first.
    """
    return attempt(lambda folder, seen: history.save(folder, seen, changes), form, written)


def keeping(changes: Mapping[str, Any], form: str = "") -> None:
    """Save changes at a button's click."""
    keep(changes, form)


def begin_with(changes: Mapping[str, Any], form: str = "") -> None:
    """Save figures to begin with at a button's click; they still ask to be checked."""
    attempt(lambda folder, seen: history.save(folder, seen, changes, proposed=True), form)


def attempt(
    work: Callable[[Path, str], object], form: str = "", written: tuple[str, ...] = ()
) -> bool:
    """Do something that changes the shop's own folder; whether it was done."""
    faults: dict[str, HoursoptError] = st.session_state.setdefault(FAULTS, {})
    faults.pop(form, None)
    try:
        work(own_folder(), st.session_state.get(SEEN, ""))
    except HoursoptError as error:
        if error.key == "workspace.stale":
            st.session_state[STALE] = written
        else:
            faults[form] = error
        return False
    return True


def own_folder() -> Path:
    """The folder that may be changed: of a sample a copy, which is the shop of this visit then."""
    folder = file_of(shop_path()).parent
    if is_sample(folder):
        folder = copy_sample(folder)
        open_shop(folder)
        st.session_state[COPIED] = str(folder)
    return folder


def fault_of(form: str) -> HoursoptError | None:
    """What stopped the last attempt of a form."""
    found: HoursoptError | None = st.session_state.get(FAULTS, {}).get(form)
    return found


def forget_fault(form: str) -> None:
    """The form was left or mended."""
    st.session_state.get(FAULTS, {}).pop(form, None)


def show_faults(form: str, beside: set[str], t: Texts) -> None:
    """Above a form: what stopped it, but for what stands beside its fields."""
    error = fault_of(form)
    if error is None:
        return
    found = faults_by_place(error)
    told = [
        said(one, t) if where.startswith(form) else t.describe(one)
        for where, many in found.items()
        if where not in beside
        for one in many
    ]
    if told:
        show(alert(*told))


def show_field_fault(form: str, where: str, t: Texts) -> None:
    """Below a field: what is wrong with it."""
    error = fault_of(form)
    for fault in faults_by_place(error).get(where, ()) if error else ():
        show(tag("p", said(fault, t), class_="ho-field-fault", role="alert"))


def alert(*told: str) -> Markup:
    """Faults in a box."""
    content = (
        [paragraph(told[0])]
        if len(told) == 1
        else [tag("ul", *(tag("li", one) for one in told), class_="ho-text")]
    )
    return tag("div", join(content), class_="ho-fault", role="alert")


def notice(*told: str) -> Markup:
    """Something to know, in a box."""
    return tag("div", *(paragraph(one) for one in told), class_="ho-notice", role="status")


def _texts(draft: Draft | None) -> Texts:
    return texts(draft.unfinished_shop if draft else None)


def _timeline(folder: Path) -> Timeline:
    """The history; none where the folder keeps none, or keeps one that cannot be read."""
    if is_sample(folder) or not (folder / ".hoursopt").is_dir():
        return Timeline()
    try:
        return history.read_timeline(folder)
    except DataError:
        return Timeline()
