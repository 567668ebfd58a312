"""What the pages ask of a shop: its fit, its plan with the reasons, how the past was foretold.

What was worked out before stands in the shop's folder and is there at once; the rest is worked out
beside the page, step by step, and shared by all who look at the same shop.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import streamlit as st

from hoursopt import kept
from hoursopt.demand import DemandModel
from hoursopt.demand.past import held_back
from hoursopt.errors import DataError
from hoursopt.kept import Answer, Past, Portrait
from hoursopt.pages.background import Job
from hoursopt.pages.session import KEPT, Visit
from hoursopt.plan import Options, Plan, Study
from hoursopt.planning import (
    explained,
    horizon_dates,
    over_the_year,
    plan_of,
    planned_seasons,
    study_season,
)
from hoursopt.shop import Shop
from hoursopt.store import KeptPlan

OPTIONS = Options()
QUICK = Options(explain=False)
READ, LEARNT, PLANNED, EXPLAINED = 0.03, 0.15, 0.35, 0.9
PAST = "held back"


def answer_of(here: Visit) -> Job[Answer]:
    """The plan with its reasons, and the demand that it was made for."""
    return _answer(here.digest, here)


def kept_plan(here: Visit) -> KeptPlan | None:
    """The plan as it is kept for reports: of this process, or of the shop's folder."""
    from hoursopt.report import find_plan

    return _made().get(here.digest) or find_plan(here.read())


def ask_again(here: Visit) -> None:
    """Begin anew what somebody has stopped."""
    _answer.clear(here.digest, here)


def model_of(here: Visit) -> Job[DemandModel]:
    """The fit of the shop's files."""
    return _model(here.sources, kept.fitted_shop(here.shop), here)


def past_of(here: Visit) -> Job[Past]:
    """How the last weeks were foretold by a fit that had not seen them."""
    return _past(here.sources, kept.fitted_shop(here.shop), here)


@st.cache_resource(show_spinner=False)
def _made() -> dict[str, KeptPlan]:
    """Plans of this process by digest: a folder that cannot be written to keeps none."""
    return {}


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _answer(digest: str, _here: Visit) -> Job[Answer]:
    found = kept.load(_here.shop.folder, kept.key_of(_here.shop, _here.sources, OPTIONS), Answer)
    return Job(lambda job: _plan(job, _here)) if found is None else Job.of(found)


@st.cache_resource(max_entries=KEPT, show_spinner=False, hash_funcs={Shop: repr})
def _model(sources: str, of: Shop, _here: Visit) -> Job[DemandModel]:
    found = kept.kept_model(_here.shop, sources)
    return Job(lambda job: fitted(job, _here)) if found is None else Job.of(found)


@st.cache_resource(max_entries=KEPT, show_spinner=False, hash_funcs={Shop: repr})
def _past(sources: str, of: Shop, _here: Visit) -> Job[Past]:
    found = kept.load(of.folder, kept.key_of(of, sources, PAST), Past)
    return Job(lambda job: _test_past(job, _here)) if found is None else Job.of(found)


def _plan(job: Job[Answer], here: Visit) -> Answer:
    """Read, fit, plan season by season, show that much, then work out the reasons."""
    shop = here.shop
    model = fitted(job, here)
    job.so_far = None
    seasons = planned_seasons(shop, horizon_dates(shop, model), OPTIONS)
    studies = []
    for number, season in enumerate(seasons):
        share = LEARNT + (PLANNED - LEARNT) * number / len(seasons)
        job.tell(share, "work.planning", season=season.name)
        studies.append(study_season(shop, model, season, OPTIONS))
    studies = list(over_the_year(shop, studies, OPTIONS))
    portrait = Portrait.of(model)
    job.so_far = Answer(plan_of(shop, model, studies, QUICK), portrait)
    horizon, told = horizon_dates(shop, model), []
    for number, (season, study) in enumerate(zip(seasons, studies, strict=True)):
        share = PLANNED + (EXPLAINED - PLANNED) * number / len(seasons)
        job.tell(share, "work.explaining", season=season.name)
        told.append(explained(shop, study, horizon, OPTIONS))
    job.tell(EXPLAINED, "work.special_days")
    answer = Answer(plan_of(shop, model, studies, OPTIONS, told), portrait)
    _remember(here, model, studies, answer.plan)
    kept.keep(shop.folder, kept.key_of(shop, here.sources, OPTIONS), answer)
    return answer


def _remember(here: Visit, model: DemandModel, studies: Sequence[Study], plan: Plan) -> None:
    """Add the plan to the shop's history, with what its report tells and a review compares with."""
    # What sets reports takes its time to be imported, and a kept answer does not need it.
    from hoursopt.report import keep, plan_to_keep
    from hoursopt.report.expected import pack_expected

    loaded = here.read()
    made = plan_to_keep(loaded, here.shop, model, studies, plan, OPTIONS)
    made = dataclasses.replace(made, expected=pack_expected(loaded, model, plan))
    _made()[here.digest] = made
    try:
        keep(made, here.shop)
    except DataError as fault:
        if not fault.key.startswith("store."):
            raise


def fitted(job: Job[Any], here: Visit) -> DemandModel:
    """Read the files and learn from them."""
    job.tell(0.0, "work.reading")
    found = kept.kept_model(here.shop, here.sources)
    if found is not None:
        return found
    observations = here.read().observations
    job.tell(READ, "work.fitting")
    return kept.model_of(here.shop, observations, here.sources)


def _test_past(job: Job[Past], here: Visit) -> Past:
    """Fit again without the last weeks."""
    job.tell(0.0, "work.reading")
    observations = here.read().observations
    job.tell(READ, "work.foretelling")
    of = kept.fitted_shop(here.shop)
    past = Past(held_back(observations, of))
    kept.keep(of.folder, kept.key_of(of, here.sources, PAST), past)
    return past
