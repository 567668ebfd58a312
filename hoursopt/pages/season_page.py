"""Season: the report before it, the hours for the world, the review after it."""

from __future__ import annotations

import datetime as dt
import functools
import html
from zoneinfo import ZoneInfo

import streamlit as st

from hoursopt.errors import HoursoptError
from hoursopt.i18n import Texts
from hoursopt.observations import tell
from hoursopt.pages.answers import answer_of, ask_again, kept_plan, model_of
from hoursopt.pages.markup import Markup, lines, paragraph, plain, tag
from hoursopt.pages.session import Visit, show, told, visit
from hoursopt.pages.waiting import follow, insist, look_at
from hoursopt.pages.widgets import download
from hoursopt.publish import FORMATS, Made, choose, languages_of, make
from hoursopt.publish.google import slug
from hoursopt.report import (
    FORMS,
    choose_plan,
    html_text,
    plan_report,
    render,
    review_report,
)
from hoursopt.report.nouns import Report
from hoursopt.store import KeptPlan, open_store

# The whole sign is seen on a phone too.
SIGN_STYLE = "<style>svg{max-width:100%;height:auto}</style>"
PREVIEW_PIXELS = 760
WHOLE = ""
HOURS = ("advised", "plan", "today")
ENDINGS = {
    "osm": ".txt",
    "schema.org": ".html",
    "google": ".csv",
    "ics": ".ics",
    "sign": ".pdf",
    "notice": ".txt",
}
"""What each format is downloaded as."""


@told
def page() -> None:
    """The report of the plan, then the hours in the forms that others read."""
    here = visit()
    t = here.t
    show(tag("h1", here.shop.name, class_="ho-shop"))
    look = look_at(answer_of(here))
    if look.result is None:
        show(paragraph(t("season.soon"), "lead"))
        follow(look, ask_again, here, "season")
        return
    kept = kept_plan(here)
    if kept is not None:
        show_report(here, kept)
    show_publishing(here, kept)
    show_review(here)


@st.fragment
def show_report(here: Visit, kept: KeptPlan) -> None:
    """The report before the season: three files, and how it looks."""
    t = here.t
    show(tag("h2", t("season.report_title")), paragraph(t("season.report_words")))
    names = [season["name"] for season in kept.plan["seasons"]]
    season = WHOLE
    if len(names) > 1:
        season = st.segmented_control(
            t("season.of"),
            (WHOLE, *names),
            format_func=lambda name: plain(name) if name else t("season.whole"),
            default=WHOLE,
            required=True,
            wrap=True,
            key="report-season",
            persist_state="session",
        )
    offer(report_of(here, kept, season), f"{slug(here.shop.name)}-plan", "report", t)


def offer(report: Report, stem: str, name: str, t: Texts) -> None:
    """A report as three files, and how it looks."""
    with st.container(horizontal=True, key=f"{name}-files"):
        for form in FORMS:
            download(
                t(f"season.form_{form[1:]}"),
                functools.partial(render, report, form),
                f"{stem}{form}",
                f"{name}{form}",
            )
    preview(html_text(report), report.title)


def report_of(here: Visit, kept: KeptPlan, season: str) -> Report:
    """The report in the reader's language, set once."""
    return _report(here.digest, here.t.language, season, here, kept)


@st.cache_resource(max_entries=16, show_spinner=False)
def _report(digest: str, language: str, season: str, _here: Visit, _kept: KeptPlan) -> Report:
    return plan_report(_kept, _here.shop, language, season or None)


@st.fragment
def show_review(here: Visit) -> None:
    """After a season: what came beside what was expected; made when it is asked for."""
    t = here.t
    show(tag("h2", t("season.review_title")), paragraph(t("season.review_words")))
    names = [season.name for season in here.shop.seasons]
    season = names[0]
    if len(names) > 1:
        season = st.segmented_control(
            t("page.season"),
            names,
            format_func=plain,
            default=names[0],
            required=True,
            wrap=True,
            key="review-season",
            persist_state="session",
        )
    if not st.toggle(t("season.review_show"), key="review-wanted", persist_state="session"):
        return
    try:
        report = review_of(here, season)
    except HoursoptError as fault:
        show(tag("div", lines(t.describe(fault)), class_="ho-notice", role="status"))
        return
    offer(report, f"{slug(here.shop.name)}-review", "review", t)


def review_of(here: Visit, season: str) -> Report:
    """The review in the reader's language; DataErrors of `choose_plan` and `review_report`."""
    model = insist(model_of(here), here.t)
    loaded = here.loaded
    with open_store(here.shop.folder) as store:
        plans = store.plans()
    return review_report(choose_plan(plans, loaded, season), loaded, model, here.t.language)


@st.fragment
def show_publishing(here: Visit, kept: KeptPlan | None) -> None:
    """Which hours, in which form; what its reader must know, how it looks, and the file."""
    t = here.t
    show(tag("h2", t("season.publish_title")), paragraph(t("season.publish_words")))
    wanted = st.segmented_control(
        t("season.hours"),
        HOURS if kept else ("today",),
        format_func=lambda name: t(f"season.hours_{name}"),
        default="advised" if kept else "today",
        required=True,
        wrap=True,
        key="publish-hours",
        persist_state="session",
    )
    form = st.pills(
        t("season.form"),
        FORMATS,
        format_func=lambda name: t(f"season.form_{name.replace('.', '_')}"),
        default="sign",
        required=True,
        key="publish-form",
        persist_state="session",
    )
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    today = now.astimezone(ZoneInfo(here.shop.timezone)).date()
    chosen = choose(here.shop, wanted, kept.plan if kept else None, today)
    languages = languages_of(here.shop, None)

    def made(ending: str) -> Made:
        return make(chosen, form, languages, now, ending)

    def content(ending: str) -> bytes:
        return made(ending).content

    shown = made(".svg" if form == "sign" else ENDINGS[form])
    notes = [tell(note, t) for note in (*chosen.notes, *shown.notes)]
    show(paragraph(t(f"season.about_{form.replace('.', '_')}")))
    if notes:
        show(tag("ul", *(tag("li", note) for note in notes), class_="ho-warnings"))
    stem = f"{slug(here.shop.name)}-{form.replace('.', '-')}"
    with st.container(horizontal=True, key="publish-files"):
        for ending in (".pdf", ".svg") if form == "sign" else (ENDINGS[form],):
            download(
                t("season.download", ending=ending[1:].upper()),
                functools.partial(content, ending),
                f"{stem}{ending}",
                f"publish{ending}",
            )
    text = shown.content.decode()
    if form == "sign":
        with st.container(key="sign-preview"):
            preview(
                f"<title>{html.escape(t('season.publish_title'))}</title>{SIGN_STYLE}{text}",
                t("season.form_sign"),
            )
    else:
        st.code(text, language=None, wrap_lines=True, height=360)


def preview(page_html: str, title: str) -> None:
    """A whole page in a frame that may run nothing and see nothing of ours."""
    frame = Markup(
        f'<iframe sandbox="" title="{html.escape(title)}" srcdoc="{html.escape(page_html)}"'
        ' style="position:fixed;inset:0;width:100%;height:100%;border:0;background:white">'
        "</iframe>"
    )
    st.iframe(frame, height=PREVIEW_PIXELS, alt=title)
