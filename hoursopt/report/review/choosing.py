"""Which plan a review judges: the one that was kept when the season began."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hoursopt.errors import DataError
from hoursopt.flow import Loaded
from hoursopt.report.keeping import control
from hoursopt.report.reading import PlannedSeason, seasons_of
from hoursopt.shop import Shop
from hoursopt.store import KeptPlan

WEEK = 7


@dataclass(frozen=True)
class ChangedSource:
    """A source whose rows up to the plan are no longer those that it was made of."""

    source: str
    rows: tuple[int, int]
    sums: tuple[float, float]


@dataclass(frozen=True)
class Chosen:
    """A kept plan and the season of it that is reviewed; `in_time`: kept before it began."""

    kept: KeptPlan
    season: PlannedSeason
    in_time: bool


def choose_plan(plans: Sequence[KeptPlan], loaded: Loaded, named: str | None = None) -> Chosen:
    """The plan for the season named, else for the one that the data reached last.

    Of the plans made of data from before the season, the last one kept before it began; where none
    was kept in time, the first one kept later.

    Raises DataError `report.no_season` for a name that the shop does not have, `review.no_kept`
    without a plan, `review.too_early` before a week of the season has passed.
    """
    shop, last = loaded.shop, loaded.observations.dates[-1]
    known = [season.name for season in shop.seasons]
    if named is not None and named not in known:
        raise DataError("report.no_season", season=named, known=tuple(known))
    found = [
        Chosen(kept, season, kept.at.date() <= season.first)
        for kept in plans
        if kept.basis is not None and kept.expected is not None
        for season in seasons_of(kept)
        if named in (None, season.name) and _data_end(kept) < season.first
    ]
    if not found:
        raise DataError("review.no_kept", season=named or "–", folder=str(shop.folder))
    begun = [one for one in found if days_seen(one.season, shop, last) >= WEEK]
    if not begun:
        first = min(one.season.first for one in found)
        ready = first + dt.timedelta(days=WEEK - 1)
        raise DataError("review.too_early", first=first, last=last, ready=ready)
    latest = max(one.season.first for one in begun)
    of_latest = [one for one in begun if one.season.first == latest]
    in_time = [one for one in of_latest if one.in_time]
    return in_time[-1] if in_time else of_latest[0]


def season_dates(season: PlannedSeason, shop: Shop, last: dt.date) -> tuple[dt.date, ...]:
    """Dates of a season from its first in the plan to its last there or in the data."""
    (own,) = (one for one in shop.seasons if one.name == season.name)
    span = (min(last, season.last) - season.first).days + 1
    days = (season.first + dt.timedelta(days=day) for day in range(span))
    return tuple(day for day in days if own.holds(day))


def days_seen(season: PlannedSeason, shop: Shop, last: dt.date) -> int:
    """How many days of a season the data hold; 0 where the shop no longer has the season."""
    if season.name not in {one.name for one in shop.seasons}:
        return 0
    return len(season_dates(season, shop, last))


def changed_sources(kept: KeptPlan, loaded: Loaded) -> tuple[ChangedSource, ...]:
    """Sources of which the rows that the plan was made of have changed since."""
    changed = []
    for source, then in (kept.basis or {})["data"]["sources"].items():
        table = loaded.imported.tables.get(source)
        if table is None:
            changed.append(ChangedSource(source, (then["rows"], 0), (then["sum"], 0.0)))
            continue
        now = control(table, then["until"])
        if now["sha256"] != then["sha256"]:
            rows, sums = (then["rows"], now["rows"]), (then["sum"], now["sum"])
            changed.append(ChangedSource(source, rows, sums))
    return tuple(changed)


def _data_end(kept: KeptPlan) -> dt.date:
    return dt.date.fromisoformat((kept.basis or {})["data"]["last"])
