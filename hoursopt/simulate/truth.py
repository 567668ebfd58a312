"""What a perfect fit would find, as `truth.json` tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hoursopt.calendar import season_of
from hoursopt.hours import WEEKDAYS, format_time
from hoursopt.shop import Shop
from hoursopt.simulate.town import Town, days_between, mean_week, slots_of

Floats = NDArray[np.float64]

HORIZON_WEEKS = 52


def truth_of(
    town: Town, shop: Shop, totals: Mapping[str, float], tables: Mapping[str, pd.DataFrame]
) -> dict[str, Any]:
    """What a perfect fit would find: the ordinary mean week of each season within the horizon."""
    grid = shop.grid
    first = town.last + dt.timedelta(days=1)
    horizon = days_between(first, first + dt.timedelta(days=7 * HORIZON_WEEKS - 1))
    curves = []
    for season in shop.seasons:
        dates = [date for date in horizon if season_of(date, shop.seasons) == season]
        kinds = np.array(
            [
                mean_week(town, kind, dates, grid.slot_minutes)[:, slots_of(grid)]
                for kind in town.visitors
            ]
        )
        walk_in = kinds.sum(axis=0)
        money = sum(week * kind.basket for week, kind in zip(kinds, town.visitors, strict=True))
        basket = np.divide(money, walk_in, out=np.zeros_like(walk_in), where=walk_in > 0)
        online = np.zeros_like(walk_in)
        for kind in town.web:
            online = online + mean_week(town, kind, dates, grid.slot_minutes)[:, slots_of(grid)]
        for weekday, name in enumerate(WEEKDAYS):
            curves.append(
                {
                    "season": season.name,
                    "weekday": name,
                    "from": format_time(grid.earliest),
                    "walk_in": _rounded(walk_in[weekday]),
                    "online": _rounded(online[weekday]),
                    "basket": _rounded(basket[weekday]),
                }
            )
    web_basket = town.web[0].basket if town.web else 0.0
    return {
        "schema_version": 1,
        "days": "ordinary days: no holiday, eve or event",
        "slot_minutes": grid.slot_minutes,
        "horizon": {"from": first.isoformat(), "weeks": HORIZON_WEEKS},
        "diversion": {
            "recaptured": town.diversion.recaptured,
            "reach_hours": town.diversion.reach_hours,
            "next_day": town.diversion.next_day,
            "online": town.diversion.online if town.web else 0.0,
        },
        "online_basket": web_basket,
        "expected": {name: round(float(total), 1) for name, total in totals.items()},
        "drawn": {source: len(table) for source, table in tables.items()},
        "curves": curves,
    }


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 4) for value in values]
