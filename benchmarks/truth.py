"""The samples' plans under the truth that made their data: what share of the achievable is won.

The simulator knows who would have come when; the best week under that truth is what nobody can
beat. The plan, made from the files alone, is staffed anew under the truth and compared with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand import fit_demand
from hoursopt.diversion import DiversionDraws
from hoursopt.flow import load
from hoursopt.hours import WEEKDAYS
from hoursopt.plan import Options
from hoursopt.planning import study_shop
from hoursopt.program import best_staffing, best_week
from hoursopt.scenario import Scenario
from hoursopt.shop import Economics

Floats = NDArray[np.float64]

SAMPLES = ("lunch-cafe", "night-bar", "old-rauma-crafts")
DATA = Path(__file__).parents[1] / "data"
PARAMETERS = ("recaptured", "reach_hours", "next_day", "online")


def main() -> None:
    """Print a line for each season of each sample."""
    print("profit of a week under the truth, against today's hours; share of what is achievable")
    for name in SAMPLES:
        loaded = load(DATA / name)
        truth = json.loads((DATA / name / "truth.json").read_text(encoding="utf-8"))
        model = fit_demand(loaded.observations, loaded.shop)
        for study in study_shop(loaded.shop, model, Options()):
            true = under_truth(study.scenario, truth, loaded.shop.economics)
            today, planned = (
                best_staffing(true, hours).ledger.profit
                for hours in (true.today, study.best.week.hours)
            )
            best = best_week(true).ledger.profit
            print(
                f"{name:18}{study.scenario.name:18}today {today:8.0f}"
                f"   plan {planned - today:+6.0f}"
                f"   best {best - today:+6.0f}   share {(planned - today) / (best - today):5.2f}"
            )


def under_truth(scenario: Scenario, truth: Mapping[str, Any], economics: Economics) -> Scenario:
    """The scenario with one draw, which is the truth of its season."""
    walk_in, online, basket = (
        _curve(truth, scenario.name, part) for part in ("walk_in", "online", "basket")
    )
    told = truth["diversion"]
    return scenario.replace(
        walk_in=walk_in[None],
        own_orders=online.sum(axis=1),
        margin=basket * economics.net_share * economics.margin_rate,
        diversion=DiversionDraws(*(np.array([float(told[part])]) for part in PARAMETERS)),
    )


def _curve(truth: Mapping[str, Any], season: str, part: str) -> Floats:
    """(7, H) of a season's week."""
    rows = {row["weekday"]: row[part] for row in truth["curves"] if row["season"] == season}
    return np.array([rows[weekday] for weekday in WEEKDAYS])
