"""A simulated shop that goes on: other hours from a date, in a town that may have grown."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from hoursopt.calendar import special_days
from hoursopt.hours import OpeningHours
from hoursopt.shop import HoursInForce, Shop
from hoursopt.simulate.town import Town
from hoursopt.simulate.trade import trade

FUTURE = 1000
"""Seeds of what comes later are so far from those of what was."""


def continued(
    town: Town,
    shop: Shop,
    tables: Mapping[str, pd.DataFrame],
    hours: OpeningHours,
    until: dt.date,
    seed: int,
    growth: float = 1.0,
) -> tuple[Shop, Mapping[str, pd.DataFrame], dict[str, Any]]:
    """The shop under `hours` from the day after the town's last to `until`, with all its rows.

    What was stays row for row. growth: of everybody's wish to come, from that day on, whatever the
    hours: what a review must not take for their effect. The shop is shut on public holidays.

    The dictionary tells the truth of the time added: expected customers under the new hours
    (`after`) and under those of before (`before`), as `expected` of `truth.json`.
    """
    first = town.last + dt.timedelta(days=1)
    years = (first - town.first).days / 365.25
    level = growth * (1 + town.trend * years)
    days = special_days(shop.country, shop.subdivision, first, until, "en")
    holidays = frozenset(day.date for day in days if day.kind == "holiday")
    later = town.replace(
        first=first,
        last=until,
        trend=town.trend / (1 + town.trend * years),
        visitors=tuple(
            dataclasses.replace(kind, buyers=kind.buyers * level, passers=kind.passers * level)
            for kind in town.visitors
        ),
        web=tuple(dataclasses.replace(kind, buyers=kind.buyers * level) for kind in town.web),
        holidays=holidays,
        eves=frozenset(day.date for day in days if day.kind == "eve"),
        shut=holidays,
        dead=(),
        missing=(),
    )
    changed = shop.replace(hours=(*shop.hours, HoursInForce(hours, first)))
    after, before = (trade(later, one, seed + FUTURE) for one in (changed, shop))
    whole = {
        source: pd.concat([table, after.tables[source]], ignore_index=True)
        for source, table in tables.items()
    }
    truth = {"after": after.truth["expected"], "before": before.truth["expected"]}
    return changed, MappingProxyType(whole), truth
