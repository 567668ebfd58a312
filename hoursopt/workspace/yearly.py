"""Seasons put into a year that others fill: the year stays covered, no day belongs to two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from hoursopt.calendar import LEAP_YEAR, MonthDay, Season

_YEAR = [dt.date(LEAP_YEAR, 1, 1) + dt.timedelta(days=day) for day in range(366)]


def with_season(seasons: Sequence[Season], new: Season) -> tuple[Season, ...]:
    """The seasons with a new one, whose days the others give up.

    What a season has left in two pieces becomes two, the second with a number in its name.
    """
    owners = [_owner(seasons, date) for date in _YEAR]
    owners = [-1 if new.holds(date) else owner for date, owner in zip(_YEAR, owners, strict=True)]
    return _named([new, *seasons], [owner + 1 for owner in owners])


def without_season(seasons: Sequence[Season], number: int) -> tuple[Season, ...]:
    """The seasons without one (counted from 0), whose days go to that before it in the year."""
    owners = [_owner(seasons, date) for date in _YEAR]
    kept = [owner for owner in owners if owner != number]
    if not kept:
        return ()
    before = next(owner for owner in reversed(owners) if owner != number)
    for day, owner in enumerate(owners):
        owners[day] = before = before if owner == number else owner
    return _named(seasons, owners)


def season_tables(seasons: Sequence[Season]) -> list[dict[str, str]] | None:
    """The seasons as tables of shop.toml; None for the whole year, which it need not say."""
    if len(seasons) < 2:
        return None
    return [
        {"name": one.name, "from": _month_day(one.first), "to": _month_day(one.last)}
        for one in seasons
    ]


def _owner(seasons: Sequence[Season], date: dt.date) -> int:
    return next((n for n, season in enumerate(seasons) if season.holds(date)), 0)


def _named(seasons: Sequence[Season], owners: Sequence[int]) -> tuple[Season, ...]:
    """Runs of days with one owner as seasons, a run over New Year as one.

    29 February belongs to the season of the 28th, as every season has it that ends on that day.
    """
    leap = _YEAR.index(dt.date(LEAP_YEAR, 2, 29))
    owners = [*owners[:leap], owners[leap - 1], *owners[leap + 1 :]]
    runs: list[tuple[int, MonthDay, MonthDay]] = []
    for date, owner in zip(_YEAR, owners, strict=True):
        day = date.month, date.day
        if runs and runs[-1][0] == owner:
            runs[-1] = owner, runs[-1][1], day
        else:
            runs.append((owner, day, day))
    if len(runs) > 1 and runs[0][0] == runs[-1][0]:
        _, beginning, _ = runs.pop()
        runs[0] = runs[0][0], beginning, runs[0][2]
    found: list[Season] = []
    taken = {season.name for season in seasons}
    for turn, (owner, first, last) in enumerate(runs):
        name = seasons[owner].name
        if any(owner == earlier for earlier, *_ in runs[:turn]):
            name = next(other for other in _numbered(name) if other not in taken)
        taken.add(name)
        found.append(replace(seasons[owner], name=name, first=first, last=last))
    return tuple(found)


def _numbered(name: str) -> Iterator[str]:
    return (f"{name} {number}" for number in count(2))


def _month_day(day: MonthDay) -> str:
    return f"{day[0]:02d}-{day[1]:02d}"
