"""Forms made of the fields' descriptions, with the faults beside their fields."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from hoursopt.hours import WEEKDAYS
from hoursopt.i18n import Texts
from hoursopt.pages.bench import (
    FAULTS,
    Bench,
    attempt,
    keep,
    keeping,
    show_faults,
    show_field_fault,
)
from hoursopt.pages.markup import plain
from hoursopt.shop.tables import default_of
from hoursopt.workspace.forms import (
    Entry,
    read_entries,
    several,
    show_value,
    table_at,
)
from hoursopt.workspace.history import confirm
from hoursopt.workspace.starting import unchecked

TALL = ("dates",)
OPENED_BOXES = "opened_boxes"


def section_form(
    here: Bench,
    places: str | Sequence[str],
    form: Sequence[Entry],
    *,
    removable: bool = False,
    across: int = 2,
) -> None:
    """The fields of one table, or of several that must be saved together, and a button to save."""
    t = here.t
    places = [places] if isinstance(places, str) else list(places)
    name = places[0] if len(places) == 1 else places[0].partition("[")[0]
    with st.form(f"form {name}", border=False):
        shown = {place: entry_fields(here, name, place, form, across) for place in places}
        known = {f"{place}.{entry.key}" for place in places for entry in form}
        show_faults(name, known, t)
        with st.container(horizontal=True):
            args = (name, shown, tuple(form), here)
            label = t("setup.save")
            st.form_submit_button(label, type="primary", on_click=submit, args=args)
            if removable:
                remove = t("setup.remove")
                st.form_submit_button(remove, on_click=keeping, args=({name: None}, name))


def entry_fields(
    here: Bench, name: str, place: str, form: Sequence[Entry], across: int
) -> dict[str, tuple[str, Any]]:
    """Widgets of a table's fields; by field the key of its widget, and what it showed."""
    table = table_at(here.draft.tables, place) if here.draft else {}
    digest = hashlib.sha256(repr(sorted(table.items(), key=str)).encode()).hexdigest()[:8]
    shown: dict[str, tuple[str, Any]] = {}
    columns: Sequence[Any] = ()
    for number, entry in enumerate(form):
        if number % across == 0:
            columns = st.columns(across, gap="medium")
        given = table.get(entry.key, default_of(entry.section, entry.key))
        value = show_value(entry, given, here.t)
        key = f"{place}.{entry.key} {digest} {here.t.language}"
        shown[entry.key] = key, value
        with columns[number % across]:
            field(here, entry, key, value)
            show_field_fault(name, f"{place}.{entry.key}", here.t)
    return shown


def field(here: Bench, entry: Entry, key: str, value: Any) -> None:
    """The widget of one field, with its unit and what it means."""
    t = here.t
    label = label_of(entry, here)
    told = f"setup.help.{entry.name}"
    help_text = plain(t(told)) if told in t else None
    match entry.kind:
        case "switch":
            st.checkbox(label, value=value, key=key, help=help_text)
        case "choice":
            options = [*([] if value in entry.options else [value]), *entry.options]
            st.selectbox(
                label,
                options,
                index=options.index(value),
                key=key,
                format_func=lambda option: choice_text(entry, option, t),
                help=help_text,
            )
        case "season":
            names = [None, *(str(one.get("name", "")) for one in _seasons(here))]
            options = [*names, *([] if value in names else [value])]
            st.selectbox(
                label,
                options,
                index=options.index(value),
                key=key,
                format_func=lambda name: t("setup.all_year") if name is None else name,
                help=help_text,
            )
        case "days" | "days_and_holidays":
            days = [*WEEKDAYS, *(["PH"] if entry.kind == "days_and_holidays" else [])]
            st.pills(
                label,
                days,
                selection_mode="multi",
                default=value,
                key=key,
                wrap=True,
                format_func=lambda day: day_text(day, t),
                help=help_text,
            )
        case kind if kind in TALL:
            st.text_area(label, value=value, key=key, help=help_text, height=100)
        case _:
            st.text_input(label, value=value, key=key, help=help_text)


def submit(
    name: str, shown: dict[str, dict[str, tuple[str, Any]]], form: Sequence[Entry], here: Bench
) -> None:
    """Save what was changed in a form; what cannot be meant is told before anything is saved."""
    changes: dict[str, Any] = {}
    faults, entered = [], []
    for place, fields in shown.items():
        before = {key: value for key, (_, value) in fields.items()}
        written = {
            key: st.session_state.get(widget, value) for key, (widget, value) in fields.items()
        }
        changed, wrong = read_entries(place, form, before, written)
        changes |= changed
        faults += wrong
        entered += [
            f"{label_of(entry, here)}: {written[entry.key]}"
            for entry in form
            if written[entry.key] != before[entry.key]
        ]
    section = name.partition("[")[0]
    if faults:
        st.session_state.setdefault(FAULTS, {})[name] = several(faults)
    elif not changes and section in unchecked(here.timeline):
        attempt(lambda folder, seen: confirm(folder, seen, section), name)
    else:
        keep(changes, name, tuple(entered))


def box_of(name: str, label: str, icon: str | None = None) -> Any:
    """A box that stays open when its label changes, as it does by what is saved in it."""
    opened: set[str] = st.session_state.setdefault(OPENED_BOXES, set())
    box = st.expander(label, expanded=name in opened, key=name, on_change="rerun", icon=icon)
    (opened.add if box.open else opened.discard)(name)
    return box


def go_on(step: str, label: str, *, first: bool = True) -> None:
    """The button that leads to the next step; `first` where it is the thing to do."""
    st.button(
        label,
        type="primary" if first else "secondary",
        icon=":material/arrow_forward:",
        on_click=go_to,
        args=(step,),
    )


def go_to(step: str) -> None:
    """Work at another step."""
    st.session_state["step"] = step


def label_of(entry: Entry, here: Bench) -> str:
    """A field's label with its unit."""
    currency = here.draft.tables.get("shop", {}).get("currency", "") if here.draft else ""
    return here.t(f"setup.label.{entry.name}", currency=plain(str(currency)))


def choice_text(entry: Entry, option: Any, t: Texts) -> str:
    """An option in words."""
    told = f"setup.choice.{entry.name}.{option}"
    return t(told) if told in t else str(option)


def day_text(day: str, t: Texts) -> str:
    """A weekday, or the holidays."""
    return t("setup.holidays") if day == "PH" else t.weekday(WEEKDAYS.index(day), short=True)


def _seasons(here: Bench) -> Sequence[Any]:
    found = here.draft.tables.get("season", []) if here.draft else []
    return found if isinstance(found, list) else []


def many_tables(
    section: str,
    form: Sequence[Entry],
    new: Callable[[Bench], dict[str, Any]],
    told_of: Callable[[Mapping[str, Any], Bench], str] | None = None,
) -> Callable[[Bench], None]:
    """A theme of several tables alike, each in a line until it is opened; one more on request."""

    def show_all(here: Bench) -> None:
        given = here.draft.tables.get(section, []) if here.draft else []
        for number, table in enumerate(given, start=1):
            name = str(table.get("name", number))
            told = plain(told_of(table, here)) if told_of else ""
            label = f"**{plain(name)}**" + (f" · {told}" if told else "")
            box = box_of(f"table {section} {name}", label)
            if box.open:
                with box:
                    section_form(here, f"{section}[{number}]", form, removable=True)
        form_name = f"{section}[+]"
        show_faults(form_name, set(), here.t)
        st.button(
            here.t(f"setup.add_{section}"),
            key=f"add {section}",
            icon=":material/add:",
            on_click=add_table,
            args=(here, section, new),
        )

    return show_all


def add_table(here: Bench, section: str, new: Callable[[Bench], dict[str, Any]]) -> None:
    """Add a table and open it."""
    table, form = new(here), f"{section}[+]"
    if keep({form: table}, form, (str(table["name"]),)):
        st.session_state[f"table {section} {table['name']}"] = True


def free_name(name: str, given: Any) -> str:
    """A name that none of the tables has."""
    taken = {table.get("name") for table in given}
    numbered = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *numbered) if one not in taken)
