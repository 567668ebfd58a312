"""One run: what a shop's best hours are worth when something is otherwise."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import cast

import numpy as np

from hoursopt.batch.demand import Demand, changed
from hoursopt.batch.nouns import WhatIf
from hoursopt.contract import ledger_json
from hoursopt.demand import DemandModel
from hoursopt.errors import HoursoptError, SolverError
from hoursopt.evaluate import Ledger
from hoursopt.hours import OpeningHours, format_hours
from hoursopt.i18n import Texts
from hoursopt.plan import Estimate, Options, Study
from hoursopt.planning import horizon_dates, over_the_year, planned_seasons, study_week
from hoursopt.program import quick_way
from hoursopt.scenario import season_scenario
from hoursopt.shop import Shop

FAILED = "error"
KILLED = "killed"
BETWEEN_SEASONS = " | "
ERROR_LINE = " / "
"""In place of the ends of lines in an error: a row of the results is one line."""


@dataclass(frozen=True)
class Result:
    """What a run found; money a year, of the shop with the what-if done to it.

    hours: OSM notation, seasons in the order of their dates joined by " | ". gain with its 80 %
    range is judged on draws that the plan has not seen, as in `plan`. status: `optimal`,
    `feasible` (good but not proven), `error` (see `error`) or `killed`. gap: the greatest of the
    seasons. seconds: wall time of the run; no other figure depends on the machine. today and
    best: ledgers by the names of DESIGN 2.4. lasting: False where the same run may end otherwise
    another time, for want of time or of a machine; such a result is not kept.
    """

    hours: str = ""
    today_profit: float | None = None
    best_profit: float | None = None
    gain: float | None = None
    gain_low: float | None = None
    gain_high: float | None = None
    status: str = FAILED
    gap: float | None = None
    seconds: float | None = None
    error: str = ""
    today: Mapping[str, float] = field(default_factory=dict)
    best: Mapping[str, float] = field(default_factory=dict)
    lasting: bool = True


def answer(
    shop: Shop, demand: Demand, whatif: WhatIf, options: Options, t: Texts | None = None
) -> Result:
    """The result of a what-if that was done to `shop` (see `applied`) under its demand.

    Rules that leave no plan, and whatever else a reader can mend, are told in the result: in the
    shop's language, or by `t`.
    """
    began = time.perf_counter()
    try:
        result = _studied(shop, demand, whatif, options)
    except HoursoptError as error:
        result = failure(shop.language, error, t)
    return dataclasses.replace(result, seconds=round(time.perf_counter() - began, 3))


def failure(language: str, error: HoursoptError, t: Texts | None = None) -> Result:
    """The result of a run that a fault stopped, told in the shop's language or by `t`."""
    told = (t or Texts(language)).describe(error).replace("\n", ERROR_LINE)
    return Result(error=told, lasting=not isinstance(error, SolverError))


def _studied(shop: Shop, demand: Demand, whatif: WhatIf, options: Options) -> Result:
    # A `Demand` answers what planning asks of a model: the last date and the draws.
    model = cast("DemandModel", changed(demand, shop.grid, whatif.demand))
    horizon = horizon_dates(shop, model)
    fixed = whatif.fixed_hours
    studies = [
        study_week(
            season_scenario(shop, model, season.name, options.draws, options.seed),
            season_scenario(shop, model, season.name, options.fresh, options.seed + 1),
            demand.seasons[season.name].evidence,
            tuple(date for date in horizon if season.holds(date)),
            options,
            None if fixed is None else fixed.days,
            quick_way(),
        )
        for season in planned_seasons(shop, horizon, options)
    ]
    # Hours that were given are the same all year.
    return summed(studies if fixed is not None else over_the_year(shop, studies, options))


def summed(studies: Sequence[Study]) -> Result:
    """A year's result of its seasons' studies."""
    gain = Estimate.of(np.sum([study.gain * study.weeks for study in studies], axis=0))
    today, best = (
        ledger_json(reduce(Ledger.__add__, ledgers, Ledger()))
        for ledgers in (
            [study.today.ledger * study.weeks for study in studies],
            [study.best.ledger * study.weeks for study in studies],
        )
    )
    proofs = [study.best.proof for study in studies]
    is_proven = all(proof.status == "optimal" for proof in proofs)
    weeks = (format_hours(OpeningHours(study.best.week.hours)) for study in studies)
    return Result(
        hours=BETWEEN_SEASONS.join(weeks),
        today_profit=today["profit"],
        best_profit=best["profit"],
        gain=round(gain.mean, 2),
        gain_low=round(gain.low, 2),
        gain_high=round(gain.high, 2),
        status="optimal" if is_proven else "feasible",
        gap=round(max(proof.gap for proof in proofs), 6),
        today=today,
        best=best,
    )
