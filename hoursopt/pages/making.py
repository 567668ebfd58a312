"""How answers are worked out beside the page: read, fit, plan, explain, test, step by step.

Apart from what asks for them: a plan that is kept is shown without the rooms that make one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from hoursopt import kept
from hoursopt.demand import DemandModel
from hoursopt.demand.past import held_back
from hoursopt.errors import DataError
from hoursopt.kept import Answer, Past, Portrait
from hoursopt.pages.answers import OPTIONS, PAST, keep_made
from hoursopt.pages.background import Job
from hoursopt.pages.session import Visit
from hoursopt.plan import Options, Plan, Study
from hoursopt.planning import (
    explained,
    horizon_dates,
    over_the_year,
    plan_of,
    planned_seasons,
    study_season,
)

# The week for bad times takes as long as the best one: it is not waited for at first.
QUICK = Options(explain=False, robust=0.0)
READ, LEARNT, PLANNED, EXPLAINED = 0.03, 0.15, 0.35, 0.9


def make_plan(job: Job[Answer], here: Visit) -> Answer:
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
    bad_weeks_weigh = shop.decision.robust > 0
    job.tell(EXPLAINED, "work.bad_times" if bad_weeks_weigh else "work.special_days")
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
    keep_made(here, made)
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


def try_past(job: Job[Past], here: Visit) -> Past:
    """Fit again without the last weeks."""
    job.tell(0.0, "work.reading")
    observations = here.read().observations
    job.tell(READ, "work.foretelling")
    of = kept.fitted_shop(here.shop)
    past = Past(held_back(observations, of))
    kept.keep(of.folder, kept.key_of(of, here.sources, PAST), past)
    return past
