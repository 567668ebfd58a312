"""The year in parts: half months, the demand of each, and stretches of them.

The demand of the parts comes from one fit that knows no seasons, but whose level and shape of the
day go with the time of year, and from what that leaves of the counts (`leftover`): so the fit
favours no way to cut the year. Draws of all parts come from the same parameters, so they add up.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import MonthDay, Season
from hoursopt.demand import DemandModel
from hoursopt.hours import Spans
from hoursopt.observations import Observations
from hoursopt.planning import known_hours
from hoursopt.program.check import hours_faults
from hoursopt.scenario import Scenario, season_scenario
from hoursopt.seasons.leftover import leftover
from hoursopt.shop import Rule, Shop

Floats = NDArray[np.float64]
Week = tuple[Spans, ...]

YEAR_WEEKS = 52
PLAIN_YEAR = 2023  # without 29 February, which goes with the 28th
HALF_MONTHS = tuple((month, day) for month in range(1, 13) for day in (1, 16))


@dataclass(frozen=True)
class Part:
    """A piece of the year that no season cuts: its average week, and how many weeks it has.

    scenario: its demand, under the rules that hold in it. firm: the same with the hours that
    nobody has seen shut.
    """

    season: Season
    weeks: float
    scenario: Scenario
    firm: Scenario

    @property
    def days(self) -> int:
        """Days of it in a common year; a part lies within one month."""
        return self.season.last[1] - self.season.first[1] + 1

    def allows(self, hours: Week) -> bool:
        """Whether hours keep the limits and rules of this part of the year."""
        return not hours_faults(self.firm, hours)


def cuts_of(shop: Shop) -> tuple[MonthDay, ...]:
    """First days of the parts: half months, and where the owner's own seasons begin."""
    own = [season.first for season in shop.seasons] if len(shop.seasons) > 1 else []
    return tuple(sorted({*HALF_MONTHS, *own} - {(2, 29)}))


def stretch(name: str, first: MonthDay, following: MonthDay) -> Season:
    """The season from `first` to the day before `following`."""
    last = dt.date(PLAIN_YEAR, *following) - dt.timedelta(days=1)
    return Season(name, first, (last.month, last.day))


def find_parts(
    shop: Shop, observations: Observations, model: DemandModel, count: int, seed: int
) -> tuple[Part, ...]:
    """The parts of the year from 1 January on, each with `count` draws of its average week.

    `model` knows one season, the year. A part all of whose dates are holidays or events has 0
    weeks: its dates are planned one by one.
    """
    cuts = cuts_of(shop)
    seasons = [
        stretch(f"part {number}", first, following)
        for number, (first, following) in enumerate(zip(cuts, (*cuts[1:], cuts[0]), strict=True), 1)
    ]
    found: list[tuple[Season, Part | None]] = []
    for season, factor in zip(seasons, leftover(observations, model, seasons), strict=True):
        asked = dataclasses.replace(model, seasons=(season,), weeks=YEAR_WEEKS)
        part = _part(shop, asked, factor, count, seed) if asked.season_dates(season.name) else None
        found.append((season, part))
    usual = next(part for _, part in found if part)
    return tuple(
        part or dataclasses.replace(usual, season=season, weeks=0.0) for season, part in found
    )


def _part(shop: Shop, model: DemandModel, factor: Floats, count: int, seed: int) -> Part:
    """The only season of `model` as a part of the year, its demand times a factor (H,)."""
    (season,) = model.seasons
    ruled = shop.replace(rules=rules_within(shop, (season,)))
    scenario = season_scenario(ruled, model, season.name, count, seed)
    scenario = scenario.replace(walk_in=scenario.walk_in * factor)
    year = (model.start + dt.timedelta(days=day) for day in range(7 * YEAR_WEEKS))
    weeks = sum(season.holds(date) for date in year) / 7
    return Part(season, weeks, scenario, known_hours(scenario, model.evidence[0]))


def rules_within(shop: Shop, seasons: Sequence[Season]) -> tuple[Rule, ...]:
    """The owner's rules for other seasons: a rule binds each of them in which it has a day.

    A principle is not broken for a part of the time, so a season that spans two sets of rules keeps
    both.
    """
    own = {season.name: season for season in shop.seasons}
    found: list[Rule] = []
    for rule in shop.rules:
        if rule.season is None:
            found.append(rule)
            continue
        found += [
            dataclasses.replace(rule, season=season.name)
            for season in seasons
            if _overlap(own[rule.season], season)
        ]
    return tuple(found)


def blend(parts: Sequence[Part]) -> Scenario:
    """The average week of several parts, with the rules of all of them, unseen hours shut."""
    parts = [part for part in parts if part.weeks]
    weights = np.array([part.weeks for part in parts])
    weights = weights / weights.sum()
    rules = dict.fromkeys(
        dataclasses.replace(rule, season=None) for part in parts for rule in part.firm.rules
    )
    return parts[0].firm.replace(
        name="",
        walk_in=np.tensordot(weights, [part.scenario.walk_in for part in parts], 1),
        own_orders=np.tensordot(weights, [part.scenario.own_orders for part in parts], 1),
        rules=tuple(rules),
    )


def _overlap(one: Season, other: Season) -> bool:
    days = (dt.date(PLAIN_YEAR, 1, 1) + dt.timedelta(days=day) for day in range(365))
    return any(one.holds(date) and other.holds(date) for date in days)
