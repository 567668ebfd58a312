"""Plans as they are kept: with digests of what they were made of and all that a report tells."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hoursopt.contract import plan_json, spans_json
from hoursopt.demand import DemandModel, fit_demand
from hoursopt.errors import DataError
from hoursopt.evaluate import open_slots, slot_ledger
from hoursopt.flow import Loaded, files_of_peers
from hoursopt.importers.keeping import file_digests
from hoursopt.plan import Options, Plan, Study
from hoursopt.planning import plan_of, study_shop
from hoursopt.report.expected import pack_expected
from hoursopt.shop import Shop
from hoursopt.store import KeptPlan, open_store

BASIS_VERSION = 1
DIGITS = 4

Json = dict[str, Any]


def find_plan(loaded: Loaded) -> KeptPlan | None:
    """The last plan kept of all seasons whose inputs have not changed; None without one.

    A store that cannot be used holds none.
    """
    inputs = inputs_of(loaded.shop)
    try:
        with open_store(loaded.shop.folder) as store:
            kept = store.plans()
    except DataError:
        return None
    whole = (plan for plan in reversed(kept) if plan.basis is not None and not plan.basis["only"])
    return next((plan for plan in whole if plan.inputs == inputs), None)


def make_plan(loaded: Loaded, options: Options) -> tuple[Plan, KeptPlan]:
    """Fit and plan, and the plan as it is kept, with what a review will compare with.

    Raises the errors of `fit_demand` and `plan_shop`.
    """
    shop = loaded.shop
    model = fit_demand(loaded.observations, shop)
    studies = study_shop(shop, model, options)
    plan = plan_of(shop, model, studies, options)
    kept = plan_to_keep(loaded, shop, model, studies, plan, options)
    return plan, dataclasses.replace(kept, expected=pack_expected(loaded, model, plan))


def keep(kept: KeptPlan, shop: Shop) -> None:
    """Add a plan to the shop's store; DataErrors `store.*` where it cannot be written to."""
    with open_store(shop.folder) as store:
        store.save_plan(kept.plan, kept.inputs, kept.basis, kept.expected)


def plan_to_keep(
    loaded: Loaded,
    shop: Shop,
    model: DemandModel,
    studies: Sequence[Study],
    plan: Plan,
    options: Options,
) -> KeptPlan:
    """A plan just made, in the form in which it is kept, without what a review compares with.

    `shop` is the one that was planned: loaded.shop, or it with other figures.
    """
    return KeptPlan(
        dt.datetime.now(dt.UTC),
        plan_json(plan),
        inputs_of(shop),
        _basis(loaded, shop, model, studies, options),
    )


def inputs_of(shop: Shop) -> Json:
    """Digests of what a plan depends on: the shop's own words, every file, and this program."""
    told = repr(shop.replace(folder=Path(), language="en"))
    files = file_digests(shop)
    for path in files_of_peers(shop):
        files[f"peers/{path}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return {
        "shop": hashlib.sha256(told.encode()).hexdigest(),
        "files": files,
        "program": program_version(),
    }


def program_version() -> str:
    """The version of this program, empty where it was never installed."""
    try:
        return version("hoursopt")
    except PackageNotFoundError:
        return ""


def _basis(
    loaded: Loaded, shop: Shop, model: DemandModel, studies: Sequence[Study], options: Options
) -> Json:
    dates = loaded.observations.dates
    return {
        "schema_version": BASIS_VERSION,
        "only": list(options.seasons),
        "today": [spans_json(shop.grid.snap(spans)) for spans in shop.today.days],
        "data": {
            "first": dates[0].isoformat(),
            "last": dates[-1].isoformat(),
            "sources": {source: control(table) for source, table in loaded.imported.tables.items()},
        },
        "demand": {study.scenario.name: _demand(model, study) for study in studies},
        "diversion": {
            name: {
                "mean": round(learned.mean, DIGITS),
                "low": round(learned.low, DIGITS),
                "high": round(learned.high, DIGITS),
                "learned": bool(learned.learned),
            }
            for name, learned in model.diversion.items()
        },
        "flows": {study.scenario.name: _flows(study) for study in studies},
        "solving": {
            "solver": options.solver,
            "seed": options.seed,
            "draws": options.draws,
            "fresh": options.fresh,
            "time_limit": options.time_limit,
        },
    }


def control(table: pd.DataFrame, until: str | None = None) -> Json:
    """Rows, sum, last moment and digest of a source's rows, of those not after `until` alone."""
    first = table.columns[0]
    if until is not None:
        table = table[table[first] <= pd.Timestamp(until)]
    whole = hashlib.sha256()
    for name in table.columns:
        if table[name].dtype.kind in "Mif":
            cells = table[name].to_numpy()
            is_time = table[name].dtype.kind == "M"
            whole.update((cells.astype("datetime64[s]") if is_time else cells).tobytes())
    money = next((name for name in ("amount", "count", "people") if name in table), None)
    return {
        "rows": len(table),
        "sum": round(float(np.nansum(table[money])), 2) if money else 0.0,
        "until": None if table.empty else str(table[first].max()),
        "sha256": whole.hexdigest(),
    }


def _demand(model: DemandModel, study: Study) -> Json:
    curves = model.curves(study.scenario.name)
    return {
        **{name: _rounded(getattr(curves.walk_in, name)) for name in ("mean", "low", "high")},
        "evidence": study.evidence.tolist(),
    }


def _flows(study: Study) -> Mapping[str, Json]:
    """Customers and margin of the hours that the plan adds, takes away and keeps."""
    scenario = study.scenario
    opened = [open_slots(scenario, answer.week.hours) for answer in (study.today, study.best)]
    today, best = (slot_ledger(scenario, answer.week) for answer in (study.today, study.best))
    parts = {
        "added": opened[1] & ~opened[0],
        "removed": opened[0] & ~opened[1],
        "kept": opened[0] & opened[1],
    }
    return {
        name: {
            "hours": float(within.sum()) * scenario.grid.slot_hours,
            "served": [_sum(one.served, within) for one in (today, best)],
            "recaptured": [_sum(one.recaptured, within) for one in (today, best)],
            "margin": [_sum(one.served * scenario.margin, within) for one in (today, best)],
        }
        for name, within in parts.items()
    }


def _sum(values: NDArray[np.float64], within: NDArray[np.bool_]) -> float:
    return round(float(values[within].sum()), DIGITS)


def _rounded(values: NDArray[np.float64]) -> list[Any]:
    rounded: list[Any] = values.round(DIGITS).tolist()
    return rounded
