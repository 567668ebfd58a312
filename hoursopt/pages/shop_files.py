"""Step 2: the files. They arrive, are recognised, their owner says yes, and the receipt is told."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from hoursopt.errors import DataError, HoursoptError
from hoursopt.flow import without_repeats
from hoursopt.i18n import Texts
from hoursopt.importers import Note, Warning_
from hoursopt.pages import imported
from hoursopt.pages.bench import (
    FAULTS,
    Bench,
    alert,
    attempt,
    begin_with,
    notice,
    own_folder,
    show_faults,
)
from hoursopt.pages.forms import go_on
from hoursopt.pages.markup import lines, paragraph, plain, tag
from hoursopt.pages.session import Visit, show, visit
from hoursopt.shop import SOURCES, WITNESS_KINDS, Shop, SourceOptions
from hoursopt.workspace.forms import singly
from hoursopt.workspace.founding import countries, door_counter_figures
from hoursopt.workspace.incoming import LARGEST, Answers, Arrived, dismiss, receive, waiting
from hoursopt.workspace.questions import Question, question_of
from hoursopt.workspace.recognise import Look, look, possible_roles, propose, read_header
from hoursopt.workspace.taking import leave_out, take_in
from hoursopt.workspace.wording import asked

UTC = "UTC"
UPLOADS, ARRIVALS, TAKEN = "uploads", "arrivals", "taken_in"


@dataclass(frozen=True)
class Proposal:
    """A waiting file as it is understood so far."""

    arrived: Arrived
    source: str = ""
    columns: tuple[str, ...] = ()
    export: str = ""
    look: Look | None = None
    fault: HoursoptError | None = None

    @property
    def question(self) -> Question | None:
        """What its owner must say before it can be read."""
        return question_of(self.fault) if self.fault else None


def step(here: Bench) -> None:
    """Bring files, say what they are, see what became of their rows."""
    t = here.t
    show(tag("h2", t("setup.files_title")), paragraph(t("setup.files_words")))
    shop = here.draft.unfinished_shop if here.draft else None
    if shop is None:
        show(alert(*map(t.describe, here.draft.faults)) if here.draft else alert(""))
        return
    upload(t)
    show_faults("uploads", set(), t)
    for taken in st.session_state.pop(TAKEN, ()):
        show(notice(taken))
    proposals = understood(waiting(here.folder), shop, t)
    if proposals:
        show(tag("h2", t("setup.waiting_title", count=len(proposals))))
        take_all(proposals, t)
        for proposal in proposals:
            ask(proposal, shop, t)
    stands(here, shop)
    if here.draft and here.draft.shop:
        go_on("figures", t("setup.next_figures"))


def upload(t: Texts) -> None:
    """Where files are dropped; each is kept on the disk at once, a bad one stops no other."""
    turn = st.session_state.setdefault(UPLOADS, 0)
    given = st.file_uploader(t("setup.upload"), accept_multiple_files=True, key=f"upload {turn}")
    limit = LARGEST // 2**20
    show(paragraph(t("setup.upload_words", limit=limit), "quiet"))
    if not given:
        return
    faults: list[HoursoptError] = []
    bar = st.progress(0.0)
    for number, file in enumerate(given):
        bar.progress(number / len(given), text=plain(t("setup.receiving", file=file.name)))
        try:
            receive(own_folder(), file.name, file.getvalue())
        except DataError as error:
            faults.append(error)
    held: dict[str, HoursoptError] = st.session_state.setdefault(FAULTS, {})
    held.pop("uploads", None)
    if faults:
        held["uploads"] = DataError("workspace.several", causes=faults, count=len(faults))
    st.session_state[UPLOADS] = turn + 1
    st.rerun()


def understood(arrived: Sequence[Arrived], shop: Shop, t: Texts) -> list[Proposal]:
    """What each waiting file is; those that were not looked at before with progress."""
    if not arrived:
        return []
    found = []
    bar = st.progress(0.0)
    for number, file in enumerate(arrived):
        bar.progress(number / len(arrived), text=plain(t("setup.looking", file=file.name)))
        answers = file.answers
        key = repr((file.path, answers, shop.timezone, shop.sources.options))
        found.append(_understood(key, file, answers, shop))
    bar.empty()
    return sorted(found, key=lambda proposal: proposal.fault is not None)


@st.cache_resource(max_entries=64, show_spinner=False)
def _understood(key: str, _arrived: Arrived, _answers: Answers, _shop: Shop) -> Proposal:
    """The header, the source that its owner or the file itself tells, and a reading on trial."""
    proposal = Proposal(_arrived)
    try:
        options = reading_options(_shop, _answers.source, _answers.options)
        header = read_header(_arrived, options)
        source = _answers.source or propose(header, _arrived, _shop, options)
        proposal = Proposal(_arrived, source, header.columns, header.export)
        options = reading_options(_shop, source, _answers.options)
        seen = look(_arrived, source, _shop, options)
    except DataError as error:
        return dataclasses.replace(proposal, source=_answers.source or "", fault=error)
    return dataclasses.replace(proposal, look=seen, fault=seen.fault)


def reading_options(shop: Shop, source: str | None, said: Mapping[str, Any]) -> SourceOptions:
    """The options of a source with what was said of one file."""
    own = shop.sources.option(source) if source else SourceOptions()
    return dataclasses.replace(own, **said)


def take_all(proposals: Sequence[Proposal], t: Texts) -> None:
    """One button for all files that are understood."""
    ready = [proposal for proposal in proposals if not proposal.fault]
    if len(ready) > 1:
        label = t("setup.take_all", count=len(ready))
        st.button(label, type="primary", key="take_all", on_click=take, args=(ready, t))


def ask(proposal: Proposal, shop: Shop, t: Texts) -> None:
    """One waiting file: what it seems to be, what must be said, what its rows are."""
    file, key = proposal.arrived, proposal.arrived.key
    with st.container(border=True, key=f"ho_file_{key}"):
        show(tag("h3", file.name, class_="ho-file-name"))
        if proposal.columns:
            choose_source(proposal, shop, t)
        if proposal.fault:
            show(tag("div", lines(asked(proposal.fault, t)), class_="ho-fault", role="alert"))
            if proposal.question:
                ask_question(proposal, proposal.question, t)
        elif proposal.look:
            tell_look(proposal.look, shop.currency, t)
        form = f"file {key}"
        show_faults(form, set(), t)
        with st.container(horizontal=True):
            if not proposal.fault:
                args = ([proposal], t)
                label = t("setup.take")
                st.button(label, type="primary", key=f"take {key}", on_click=take, args=args)
            label = t("setup.dismiss")
            st.button(label, key=f"dismiss {key}", on_click=dismiss, args=(file,))


def choose_source(proposal: Proposal, shop: Shop, t: Texts) -> None:
    """What the file is and whose clock it goes by, as proposed or as its owner says."""
    key = proposal.arrived.key
    if proposal.export:
        show(paragraph(t("setup.looks_like", export=proposal.export)))
    index = SOURCES.index(proposal.source) if proposal.source in SOURCES else None
    widget = f"source {key} {proposal.source}"
    what, clock = st.columns(2, gap="medium")
    with what:
        st.selectbox(
            t("setup.what_is_it"),
            SOURCES,
            index=index,
            placeholder=t("setup.choose"),
            format_func=lambda source: t(f"setup.source_{source}"),
            key=widget,
            on_change=say_source,
            args=(proposal.arrived, widget),
        )
    if proposal.source:
        with clock:
            choose_clock(proposal, shop, t)
    if proposal.source == "street":
        near = proposal.arrived.answers.options.get("kind", "unknown")
        widget = f"near {key} {near}"
        st.selectbox(
            t("setup.how_near"),
            WITNESS_KINDS,
            index=WITNESS_KINDS.index(near),
            format_func=lambda kind: t(f"setup.near_{kind}"),
            key=widget,
            on_change=say_option,
            args=(proposal.arrived, proposal.source, "kind", widget),
        )


def choose_clock(proposal: Proposal, shop: Shop, t: Texts) -> None:
    """Whether the times of a file are the shop's own, or UTC as some tills and counters write."""
    own, file = shop.timezone, proposal.arrived
    said = reading_options(shop, proposal.source, file.answers.options).timezone or own
    zones = dict.fromkeys((own, UTC, said))
    widget = f"clock {file.key} {said}"
    st.selectbox(
        t("setup.whose_clock"),
        zones,
        index=list(zones).index(said),
        format_func=lambda zone: t("setup.clock_own") if zone == own else zone,
        key=widget,
        on_change=say_option,
        args=(file, proposal.source, "timezone", widget),
    )


def ask_question(proposal: Proposal, question: Question, t: Texts) -> None:
    """What detection could not decide; the answer is written down at once."""
    file, source = proposal.arrived, proposal.source
    answers = file.answers
    if question.asked == "columns":
        named = dict(answers.options.get("columns", {}))
        with st.form(f"columns {file.key}", border=False):
            show(paragraph(t("setup.ask_columns")))
            widgets = {}
            columns: Sequence[Any] = ()
            for number, role in enumerate(possible_roles(source)):
                if number % 2 == 0:
                    columns = st.columns(2, gap="medium")
                widgets[role] = f"column {file.key} {role}"
                options = [None, *dict.fromkeys(filter(None, proposal.columns))]
                with columns[number % 2]:
                    st.selectbox(
                        t(f"roles.{role}"),
                        options,
                        index=options.index(named.get(role)) if named.get(role) in options else 0,
                        format_func=lambda name: t("setup.find_it") if name is None else name,
                        key=widgets[role],
                    )
            args = (file, source, widgets)
            label = t("setup.read_again")
            st.form_submit_button(label, type="primary", on_click=say_columns, args=args)
        return
    widget = f"{question.asked} {file.key}"

    def told(choice: str) -> str:
        reading = dict(question.choices)[choice]
        name = t(f"setup.choice.{question.asked}.{_spelled(choice)}")
        return (
            name
            if reading is None
            else plain(t("setup.reads_as", cell=question.cell, reading=reading, name=name))
        )

    st.radio(
        t(f"setup.ask_{question.asked}"),
        [choice for choice, _ in question.choices],
        index=None,
        format_func=told,
        key=widget,
        on_change=say_option,
        args=(file, source, question.asked, widget),
    )


def tell_look(look: Look, currency: str, t: Texts) -> None:
    """What became of the rows, in a line, and all of it in a box that opens."""
    for receipt in look.receipts:
        show(paragraph(imported.content(receipt, currency, t)))
    if look.warnings:
        show(imported.warnings(look.warnings, t))
    with st.expander(t("setup.whole_receipt")):
        show(*(imported.receipt(receipt, currency, t) for receipt in look.receipts))


def say_source(arrived: Arrived, widget: str) -> None:
    """The owner's word on what a file is."""
    source = st.session_state[widget]
    _answer(arrived, Answers(source, arrived.answers.options))


def say_option(arrived: Arrived, source: str, option: str, widget: str) -> None:
    """The owner's answer to a question."""
    options = {**arrived.answers.options, option: st.session_state[widget]}
    _answer(arrived, Answers(source or None, options))


def say_columns(arrived: Arrived, source: str, widgets: Mapping[str, str]) -> None:
    """The columns that the owner points out; those left to be found are not written down."""
    named = {role: st.session_state[widget] for role, widget in widgets.items()}
    columns = {role: name for role, name in named.items() if name}
    options = {**arrived.answers.options, "columns": columns}
    if not columns:
        options.pop("columns")
    _answer(arrived, Answers(source, options))


def _answer(arrived: Arrived, answers: Answers) -> None:
    try:
        arrived.answer(answers)
    except HoursoptError as error:
        st.session_state.setdefault(FAULTS, {})[f"file {arrived.key}"] = error


def take(proposals: Sequence[Proposal], t: Texts) -> None:
    """Put files into the shop, one after another; one that is refused stops no other."""
    told: list[str] = []
    for proposal in proposals:
        file, before = proposal.arrived, proposal.arrived.name

        def work(folder: Any, seen: str, proposal: Proposal = proposal) -> None:
            file = proposal.arrived
            fresh, name = take_in(folder, seen, file, proposal.source, file.answers.options)
            st.session_state["seen_revision"] = fresh.revision
            key = "setup.taken" if name == file.name else "setup.taken_as"
            told.append(t(key, file=file.name, name=name))

        attempt(work, f"file {file.key}", (before,))
    st.session_state[TAKEN] = told


def stands(here: Bench, shop: Shop) -> None:
    """The files of the shop: what each held, what looks wrong, what else would help."""
    t = here.t
    show(tag("h2", t("setup.stands_title")))
    named = [(source, file) for source in SOURCES for file in shop.sources.files(source)]
    if not named:
        show(paragraph(t("setup.no_files")))
    else:
        show_faults("files", set(), t)
        show_receipts(here, named)
    missing = [source for source in SOURCES if not shop.sources.files(source)]
    if named and missing:
        with st.expander(t("setup.helpful"), icon=":material/lightbulb:"):
            items = [tag("li", t(f"setup.helps_{source}")) for source in missing]
            show(tag("ul", *items, class_="ho-text"))


def show_receipts(here: Bench, named: Sequence[tuple[str, str]]) -> None:
    """The import receipt, file by file; where they cannot be read, why."""
    t = here.t
    try:
        seen = visit()
        held, counted = seen.loaded.imported, seen.loaded.observations
    except HoursoptError as error:
        show(alert(*map(t.describe, singly(error))))
        offer_figures(here, error)
        for source, file in named:
            label = plain(t("setup.leave_out_of", file=file))
            args = (source, file)
            st.button(label, key=f"out {source} {file}", on_click=take_out, args=args)
        return
    dates = counted.dates
    show(paragraph(t("cli.counted", count=len(dates), first=dates[0], last=dates[-1]), "lead"))
    offer_amounts(here, lacking(seen))
    seen_too = (Note(note.key, note.values) for note in counted.notes)
    doubts: tuple[Note | Warning_, ...] = (
        *without_repeats(held, counted.notes).warnings,
        *seen_too,
    )
    with st.expander(
        t("setup.warnings", count=len(doubts)) if doubts else t("cli.all_well"),
        icon=":material/rule:",
        expanded=False,
    ):
        show(imported.warnings(doubts, t))
    currency = seen.shop.currency
    for source, file in named:
        own = [receipt for receipt in held.receipts if _of(receipt, source, file)]
        told = imported.content(own[0], currency, t) if own else ""
        label = t("page.file_of", file=plain(file), source=t(f"setup.source_{source}"))
        with st.expander(f"**{label}** · {plain(told)}", icon=":material/description:"):
            show(*(imported.receipt(receipt, currency, t) for receipt in own))
            args = (source, file)
            show(paragraph(t("setup.leave_out_words"), "quiet"))
            st.button(
                t("setup.leave_out"), key=f"out {source} {file}", on_click=take_out, args=args
            )


def take_out(source: str, file: str) -> None:
    """Name a file no longer."""
    attempt(lambda folder, seen: leave_out(folder, seen, source, file), "files", (file,))


def lacking(seen: Visit) -> list[DataError]:
    """What the files leave open that a plan must know; DataErrors of `load`."""
    from hoursopt.demand.basket import lacking_amounts

    return list(lacking_amounts(seen.loaded.observations, seen.shop))


def offer_amounts(here: Bench, faults: Sequence[DataError]) -> None:
    """Files without money: that it is missing, and a mean sale of the trade to begin with."""
    t, shop = here.t, here.draft.shop if here.draft else None
    if shop is None or not faults:
        return
    show(alert(*map(t.describe, faults)))
    if shop.country in countries():
        basket = door_counter_figures(shop.country, here.timeline.trade or "shop")["basket_value"]
        told = t("setup.use_basket", basket=t.money(basket, shop.currency))
        changes = {str(fault.values["field"]): basket for fault in faults}
        st.button(told, type="primary", on_click=begin_with, args=(changes, "files"))


def offer_figures(here: Bench, error: HoursoptError) -> None:
    """Starting figures for a shop that counts visitors and has no till's file."""
    t, shop = here.t, here.draft.unfinished_shop if here.draft else None
    lacking = {fault.key for fault in singly(error)}
    if shop is None or not lacking <= {"shop.needs_conversion", "shop.needs_basket_value"}:
        return
    if shop.country not in countries():
        return
    figures = door_counter_figures(shop.country, here.timeline.trade or "shop")
    told = t(
        "setup.use_figures",
        share=t.percent(figures["conversion"]),
        basket=t.money(figures["basket_value"], shop.currency),
    )
    changes = {f"economics.{name}": value for name, value in figures.items()}
    st.button(told, type="primary", on_click=begin_with, args=(changes, "files"))


def _of(receipt: Any, source: str, file: str) -> bool:
    return receipt.source == source and (
        receipt.file == file or receipt.file.startswith(f"{file} [")
    )


def _spelled(choice: str) -> str:
    """A choice as the key of its text."""
    return {",": "comma", ".": "point"}.get(choice, choice.replace("-", "_"))
