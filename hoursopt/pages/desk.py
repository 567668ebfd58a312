"""The desk of a season: wishes and suppositions of all visitors, each worked out once."""

from __future__ import annotations

import dataclasses

import streamlit as st

from hoursopt.demand import DemandModel
from hoursopt.hours import OpeningHours, format_hours
from hoursopt.pages.answers import OPTIONS, model_of
from hoursopt.pages.session import Visit
from hoursopt.pages.waiting import insist
from hoursopt.plan import SeasonPlan, Study
from hoursopt.program import Start, quick_way
from hoursopt.suppose import Desk, Supposition, Wish, begin, suppose, weigh_wish

KEPT_DESKS, KEPT_ANSWERS = 8, 256
# A visitor waits for it: what is not proven by then is shown as such.
PATIENCE_SECONDS = 20.0


def desk_of(here: Visit, season: str) -> Desk:
    """Where questions about a season are answered; waits for the fit where it must."""
    model = insist(model_of(here), here.t)
    return _desk(here.digest, season, here, model)


def wish_of(here: Visit, season: SeasonPlan, hours: OpeningHours) -> Wish:
    """What hours would bring in a season."""
    desk = desk_of(here, season.name)
    start = _start(here.digest, season.name, desk)
    return _wish(here.digest, season.name, format_hours(hours), desk, start, hours, season)


def supposed(here: Visit, season: str, what: Supposition) -> Study:
    """Today's and the best week if things were so."""
    desk = desk_of(here, season)
    start = _start(here.digest, season, desk)
    return _supposed(here.digest, season, repr(what), desk, start, what)


@st.cache_resource(max_entries=KEPT_DESKS, show_spinner=False)
def _desk(digest: str, season: str, _here: Visit, _model: DemandModel) -> Desk:
    options = dataclasses.replace(OPTIONS, time_limit=PATIENCE_SECONDS)
    return Desk.of(_here.shop, _model, season, options)


@st.cache_resource(max_entries=KEPT_DESKS, show_spinner=False)
def _start(digest: str, season: str, _desk: Desk) -> Start | None:
    return begin(_desk)


@st.cache_resource(max_entries=KEPT_ANSWERS, show_spinner=False)
def _wish(
    digest: str,
    season: str,
    hours: str,
    _desk: Desk,
    _start: Start | None,
    _hours: OpeningHours,
    _season: SeasonPlan,
) -> Wish:
    return weigh_wish(_desk, _hours.days, _season.today, quick_way(_start))


@st.cache_resource(max_entries=KEPT_ANSWERS, show_spinner=False)
def _supposed(
    digest: str, season: str, what: str, _desk: Desk, _start: Start | None, _what: Supposition
) -> Study:
    return suppose(_desk, _what, quick_way(_start))
