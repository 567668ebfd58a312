"""The dates for which is planned, and the seasons that they fall into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hoursopt.calendar import Season
from hoursopt.demand import DemandModel
from hoursopt.errors import DataError
from hoursopt.plan import (
    Options,
)
from hoursopt.shop import Shop


def ties_seasons(shop: Shop) -> bool:
    """Whether changes of hours between the seasons are bounded or cost anything."""
    return shop.limits.season_changes is not None or shop.limits.season_change_cost > 0


def horizon_dates(shop: Shop, model: DemandModel) -> tuple[dt.date, ...]:
    """All dates of the horizon; it starts the day after the last observation if not told."""
    start = shop.horizon.start or model.last_date + dt.timedelta(days=1)
    return tuple(start + dt.timedelta(days=day) for day in range(7 * shop.horizon.weeks))


def planned_seasons(shop: Shop, horizon: Sequence[dt.date], options: Options) -> tuple[Season, ...]:
    """Seasons with a date in the horizon, in the order of their first one."""
    known = {season.name: season for season in shop.seasons}
    for name in options.seasons:
        if name not in known:
            raise DataError("plan.season", name=name, known=", ".join(known))
    firsts = {
        season.name: next((date for date in horizon if season.holds(date)), None)
        for season in shop.seasons
    }
    for name in options.seasons:
        if firsts[name] is None:
            raise DataError("plan.season_outside", name=name, first=horizon[0], last=horizon[-1])
    within = [
        (first, known[name])
        for name, first in firsts.items()
        if first is not None and name in (options.seasons or known)
    ]
    return tuple(season for _, season in sorted(within, key=lambda pair: pair[0]))
