"""What if: a grid of what-ifs, run one after the other, compared in one table and one picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from hoursopt import charts
from hoursopt.batch import Sweep, answers
from hoursopt.errors import HoursoptError
from hoursopt.pages import scenarios
from hoursopt.pages.answers import OPTIONS
from hoursopt.pages.background import Job
from hoursopt.pages.making import fitted
from hoursopt.pages.markup import lines, paragraph, plain, tag
from hoursopt.pages.questions import (
    Question,
    Written,
    questions,
    read_grid,
    read_scenarios,
    sweep_of,
    written,
)
from hoursopt.pages.result_files import FORMS, file_of
from hoursopt.pages.scenarios import Runs
from hoursopt.pages.session import Visit, show, told, visit
from hoursopt.pages.waiting import look_at, watch
from hoursopt.pages.widgets import download
from hoursopt.planning import horizon_dates, planned_seasons
from hoursopt.publish.google import slug

RUNS, COUNT = "whatif_runs", "whatif_count"
MANNERS = ("combined", "named")
MOST_NAMED = 12
FIRST_ASKED = ("margin_rate", "pay")


@told
def page() -> None:
    """What may vary, a button, and what came of it."""
    here = visit()
    t = here.t
    show(tag("h1", here.shop.name, class_="ho-shop"))
    show(tag("h2", t("asking.title")), paragraph(t("asking.words")))
    known = questions(here.shop, bool(here.shop.sources.orders))
    ask(here, known)
    running = st.session_state.get(RUNS)
    if running is not None and running[0] == here.digest:
        compare(here, known, running[1], running[2])


def ask(here: Visit, known: Mapping[str, Question]) -> None:
    """The keys and values of the grid or of the scenarios; the button begins it."""
    t = here.t
    chosen = st.pills(
        t("asking.vary"),
        list(known),
        selection_mode="multi",
        default=[name for name in FIRST_ASKED if name in known],
        format_func=lambda name: t(f"asking.{name}"),
        key="whatif-vary",
        persist_state="session",
    )
    manner = st.segmented_control(
        t("asking.manner"),
        MANNERS,
        default=MANNERS[0],
        required=True,
        wrap=True,
        format_func=lambda name: t(f"asking.manner_{name}"),
        key="whatif-manner",
        persist_state="session",
    )
    asked = [known[name] for name in chosen]
    rows = [combined_row(here, asked)] if manner == "combined" else named_rows(here, asked)
    without = (
        st.multiselect(
            t("asking.rules"),
            [rule.name for rule in here.shop.rules],
            format_func=plain,
            placeholder=t("asking.no_rule"),
            key="whatif-rules",
            persist_state="session",
        )
        if here.shop.rules
        else []
    )
    try:
        if manner == "combined":
            sweep = sweep_of(here.shop, read_grid(rows[0], asked), without, t)
        else:
            sweep = sweep_of(here.shop, {}, without, t, read_scenarios(here.shop, rows, asked))
    except HoursoptError as fault:
        told = t.told(fault, whole=False)
        show(tag("div", lines(told), class_="ho-fault", role="alert"))
        return
    # Not in a callback: who writes a value and clicks at once means the value just written.
    if st.button(t("asking.run", count=len(sweep)), type="primary", key="whatif-run"):
        begin(here, sweep)


def combined_row(here: Visit, asked: Sequence[Question]) -> Written:
    """A field for each key, with all its values."""
    return Written(
        "",
        {
            question.name: value_field(here, question, place, "", question.usual(here.shop))
            for question, place in in_columns(asked, 3)
        },
    )


def named_rows(here: Visit, asked: Sequence[Question]) -> list[Written]:
    """For each scenario its name and a field for each key, empty for what stays; one more."""
    t = here.t
    count = st.session_state.setdefault(COUNT, 1)
    rows = []
    for number in range(1, count + 1):
        with st.container(border=True):
            name = st.text_input(
                t("asking.name"),
                t("asking.usual_name", number=number),
                key=f"whatif-name-{number}",
                persist_state="session",
            )
            texts = {
                question.name: value_field(here, question, place, f"-{number}", ())
                for question, place in in_columns(asked, 3)
            }
            rows.append(Written(name.strip() or t("asking.usual_name", number=number), texts))
    show(paragraph(t("asking.empty_stays"), "quiet"))
    st.button(t("asking.one_more"), icon=":material/add:", on_click=one_more, key="whatif-more")
    return rows


def in_columns(asked: Sequence[Question], across: int) -> Iterator[tuple[Question, Any]]:
    """Questions with their places, some beside one another."""
    if asked:
        places = st.columns(min(across, len(asked)), gap="medium")
        for number, question in enumerate(asked):
            yield question, places[number % len(places)]


def value_field(
    here: Visit, question: Question, place: Any, mark: str, usual: Sequence[float]
) -> str:
    """The field of a key, with its unit."""
    name = here.t(f"asking.{question.name}")
    label = here.t(f"asking.values_{question.unit}", name=name, currency=here.shop.currency)
    with place:
        text: str = st.text_input(
            label,
            written(usual, here.t),
            key=f"whatif-{question.name}{mark}",
            persist_state="session",
        )
    return text


def one_more() -> None:
    """Room for one more scenario."""
    st.session_state[COUNT] = min(st.session_state.get(COUNT, 1) + 1, MOST_NAMED)


def begin(here: Visit, sweep: Sweep) -> None:
    """Stop what runs and run this instead."""
    running = st.session_state.get(RUNS)
    if running is not None:
        running[2].stop()
    st.session_state[RUNS] = (here.digest, sweep, Job(lambda job: run(job, here, sweep)))


def run(job: Job[Runs], here: Visit, sweep: Sweep) -> Runs:
    """All runs of a sweep, those that are done to be seen at once."""
    model = fitted(job, here)
    planned = planned_seasons(here.shop, horizon_dates(here.shop, model), OPTIONS)
    runs = Runs(tuple(season.name for season in planned), ())
    job.tell(0.0, "work.asking", number=1, count=len(sweep))
    for found in answers(here.shop, model, sweep, OPTIONS, here.t):
        runs = job.so_far = Runs(runs.seasons, (*runs.done, found))
        number = len(runs.done)
        told = {"number": min(number + 1, len(sweep)), "count": len(sweep)}
        job.tell(number / len(sweep), "work.asking", **told)
    return runs


def compare(here: Visit, known: Mapping[str, Question], sweep: Sweep, job: Job[Runs]) -> None:
    """Progress, and everything that is done by now, in words, a picture and a table."""
    t = here.t
    look = look_at(job)  # a fault of the whole stops the page, a stop does not
    runs = look.result or look.so_far
    done = len(runs.done) if runs else 0
    if look.stopped:
        show(paragraph(t("asking.stopped", done=done, count=len(sweep)), "quiet"))
    elif look.going_on:
        watch(job, t, "whatif", look.so_far)
    if runs is None:
        return
    show(tag("h2", t("asking.result_title")), scenarios.words(runs, here.shop.currency, t))
    drawn = scenarios.outcomes_of(runs, known, here.shop.currency, t)
    if drawn:
        picture = charts.outcomes(drawn, t, here.shop.currency, dark=here.dark)
        st.altair_chart(picture, alt=t("asking.result_title"))
    show(scenarios.compared(runs, known, here.shop.currency, t))
    if look.going_on:
        return
    with st.container(horizontal=True):
        for form in FORMS:
            download(
                t("season.download", ending=form[1:].upper()),
                partial(file_of, runs, sweep, here.shop, form, t),
                f"{slug(here.shop.name)}-whatif{form}",
                f"whatif{form}",
            )
