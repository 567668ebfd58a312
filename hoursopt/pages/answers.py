"""What the pages ask of a shop: its fit, its plan with the reasons, how the past was foretold.

What was worked out before stands in the shop's folder and is there at once; the rest is worked out
beside the page (`making`), and shared by all who look at the same shop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from hoursopt import kept
from hoursopt.kept import Answer, Past
from hoursopt.pages.background import Job
from hoursopt.pages.session import KEPT, Visit
from hoursopt.plan import Options
from hoursopt.shop import Shop
from hoursopt.store import KeptPlan

if TYPE_CHECKING:
    from hoursopt.demand import DemandModel

OPTIONS = Options()
PAST = "held back"


def answer_of(here: Visit) -> Job[Answer]:
    """The plan with its reasons, and the demand that it was made for."""
    return _answer(here.digest, here)


def kept_plan(here: Visit) -> KeptPlan | None:
    """The plan as it is kept for reports: of this process, or of the shop's folder."""
    from hoursopt.report import find_plan

    return _made().get(here.digest) or find_plan(here.loaded)


def keep_made(here: Visit, made: KeptPlan) -> None:
    """Keep a plan for the reports of this process."""
    _made()[here.digest] = made


def ask_again(here: Visit) -> None:
    """Begin anew what somebody has stopped, unless another tab has begun it by now."""
    if answer_of(here).stopping:
        _answer.clear(here.digest, here)


def model_of(here: Visit) -> Job[DemandModel]:
    """The fit of the shop's files."""
    return _model(here.sources, kept.fitted_shop(here.shop), here)


def past_of(here: Visit) -> Job[Past]:
    """How the last weeks were foretold by a fit that had not seen them."""
    return _past(here.sources, kept.fitted_shop(here.shop), here)


def try_again(here: Visit) -> None:
    """Begin the trial of the past anew that somebody has stopped, as `ask_again`."""
    if past_of(here).stopping:
        _past.clear(here.sources, kept.fitted_shop(here.shop), here)


@st.cache_resource(show_spinner=False)
def _made() -> dict[str, KeptPlan]:
    """Plans of this process by digest: a folder that cannot be written to keeps none."""
    return {}


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _answer(digest: str, _here: Visit) -> Job[Answer]:
    found = kept.load(_here.shop.folder, kept.key_of(_here.shop, _here.sources, OPTIONS), Answer)
    if found is not None:
        return Job.of(found)
    from hoursopt.pages import making

    return Job(lambda job: making.make_plan(job, _here))


@st.cache_resource(max_entries=KEPT, show_spinner=False, hash_funcs={Shop: repr})
def _model(sources: str, of: Shop, _here: Visit) -> Job[DemandModel]:
    found = kept.kept_model(_here.shop, sources)
    if found is not None:
        return Job.of(found)
    from hoursopt.pages import making

    return Job(lambda job: making.fitted(job, _here))


@st.cache_resource(max_entries=KEPT, show_spinner=False, hash_funcs={Shop: repr})
def _past(sources: str, of: Shop, _here: Visit) -> Job[Past]:
    found = kept.load(of.folder, kept.key_of(of, sources, PAST), Past)
    if found is not None:
        return Job.of(found)
    from hoursopt.pages import making

    return Job(lambda job: making.try_past(job, _here))
