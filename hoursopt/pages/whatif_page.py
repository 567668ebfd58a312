"""What if: a grid of what-ifs, run one after the other, compared in one table and one picture."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from hoursopt import charts
from hoursopt.batch import Sweep, answers
from hoursopt.errors import HoursoptError
from hoursopt.pages import scenarios
from hoursopt.pages.answers import OPTIONS
from hoursopt.pages.background import Job
from hoursopt.pages.making import fitted
from hoursopt.pages.markup import lines, paragraph, plain, tag
from hoursopt.pages.questions import Question, questions, read_values, sweep_of, written
from hoursopt.pages.scenarios import Runs
from hoursopt.pages.session import Visit, show, told, visit
from hoursopt.pages.waiting import stopped_at, watch
from hoursopt.planning import horizon_dates, planned_seasons

RUNS = "whatif_runs"
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
    """The keys and values of the grid; the button begins it."""
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
    texts = {}
    if chosen:
        places = st.columns(min(3, len(chosen)), gap="medium")
        for number, name in enumerate(chosen):
            question = known[name]
            with places[number % len(places)]:
                texts[name] = st.text_input(
                    t(
                        f"asking.values_{question.unit}",
                        name=t(f"asking.{name}"),
                        currency=here.shop.currency,
                    ),
                    written(question.usual(here.shop), t),
                    key=f"whatif-{name}",
                    persist_state="session",
                )
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
        asked = {known[name].key: read_values(text, known[name]) for name, text in texts.items()}
        sweep = sweep_of(here.shop, asked, without, t)
    except HoursoptError as fault:
        show(tag("div", lines(t.describe(fault)), class_="ho-fault", role="alert"))
        return
    st.button(
        t("asking.run", count=len(sweep)),
        type="primary",
        on_click=begin,
        args=(here, sweep),
        key="whatif-run",
    )


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
    for found in answers(here.shop, model, sweep, OPTIONS):
        runs = job.so_far = Runs(runs.seasons, (*runs.done, found))
        number = len(runs.done)
        told = {"number": min(number + 1, len(sweep)), "count": len(sweep)}
        job.tell(number / len(sweep), "work.asking", **told)
    return runs


def compare(here: Visit, known: Mapping[str, Question], sweep: Sweep, job: Job[Runs]) -> None:
    """Progress, and everything that is done by now, in words, a picture and a table."""
    t = here.t
    runs = job.so_far
    done = len(runs.done) if runs else 0
    if job.done:
        # A fault of the whole stops the page, a stop does not.
        if stopped_at(job):
            show(paragraph(t("asking.stopped", done=done, count=len(sweep)), "quiet"))
    else:
        watch(job, t, "whatif", job.so_far)
    if runs is None:
        return
    show(tag("h2", t("asking.result_title")), scenarios.words(runs, here.shop.currency, t))
    drawn = scenarios.outcomes_of(runs, known, here.shop.currency, t)
    if drawn:
        picture = charts.outcomes(drawn, t, here.shop.currency, dark=here.dark)
        st.altair_chart(picture, alt=t("asking.result_title"))
    show(scenarios.compared(runs, known, here.shop.currency, t))
