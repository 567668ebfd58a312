"""Demand curves and what the fit learnt, as the machine form has them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from hoursopt.contract.figures import SCHEMA_VERSION, Json, finite
from hoursopt.demand import DemandModel
from hoursopt.demand.model import Band
from hoursopt.hours import WEEKDAYS, format_time
from hoursopt.shop import Shop


def fit_json(model: DemandModel, shop: Shop) -> Json:
    """`fit --json` (DESIGN 2.3): every slot of the grid for every season and weekday."""
    return {
        "schema_version": SCHEMA_VERSION,
        "slot_minutes": shop.grid.slot_minutes,
        "curves": [
            cell for season in shop.seasons for cell in _curve_json(model, season.name, shop)
        ],
        "diversion": {
            name: {
                "mean": finite(learned.mean, 4),
                "low": finite(learned.low, 4),
                "high": finite(learned.high, 4),
                "learned": bool(learned.learned),
            }
            for name, learned in model.diversion.items()
        },
        "parameters": {name: finite(value, 6) for name, value in model.parameters.items()},
        "diagnostics": _diagnostics_json(model),
    }


def _curve_json(model: DemandModel, season: str, shop: Shop) -> list[Json]:
    curves, grid = model.curves(season), shop.grid
    seen = "observed" if shop.sources.orders else "none"
    return [
        {
            "season": season,
            "weekday": WEEKDAYS[weekday],
            "from": format_time(grid.start(slot)),
            "to": format_time(grid.start(slot + 1)),
            "walk_in": {
                **_band_json(curves.walk_in, weekday, slot),
                "evidence": str(curves.evidence[weekday, slot]),
            },
            "online": {**_band_json(curves.online, weekday, slot), "evidence": seen},
            "basket": {"mean": finite(float(curves.basket[weekday, slot]), 2)},
        }
        for weekday in range(7)
        for slot in range(grid.size)
    ]


def _diagnostics_json(model: DemandModel) -> Json:
    """Values by key; a list of them where the fit tells the same of several things."""
    told: dict[str, list[Json]] = {}
    for diagnostic in model.diagnostics:
        values = {name: _plain(value) for name, value in diagnostic.values.items()}
        told.setdefault(diagnostic.key, []).append(values)
    return {key: values[0] if len(values) == 1 else values for key, values in told.items()}


def _plain(value: object) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return finite(float(value), 6)
    return str(value)


def _band_json(band: Band, weekday: int, slot: int) -> Json:
    return {
        "mean": finite(float(band.mean[weekday, slot]), 4),
        "low": finite(float(band.low[weekday, slot]), 4),
        "high": finite(float(band.high[weekday, slot]), 4),
    }
