"""What the fit reads: the shop's channel, its witnesses, its days and how they were open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import season_of
from hoursopt.demand.channels import information
from hoursopt.demand.course import Calendar, Course
from hoursopt.demand.days import DayTerms
from hoursopt.demand.evidence import (
    SEEN_DAYS,
    classify,
    seen_often,
)
from hoursopt.demand.joint import JointFit
from hoursopt.demand.marks import Mark, curve_weekday, weekday_holidays
from hoursopt.demand.regimes import OPEN_SHARE, Regimes, find_regimes
from hoursopt.demand.terms import Cells
from hoursopt.observations import Channel, Observations
from hoursopt.response import served
from hoursopt.shop import Shop

Floats = NDArray[np.float64]
Courses = Mapping[str, Course]

HALF_LIFE_DAYS = 364.0
LEAST_EXPOSURE = 1e-9


@dataclass(frozen=True)
class Prepared:
    """All that stays the same while surface and day factors are fitted in turn.

    known: (N,) the owner's factor of each day's event. weight: (N,) by age. ordinary: (N,) days
    that follow their weekday.
    """

    observations: Observations
    shop: Shop
    counted: Channel
    witnesses: Mapping[str, tuple[Channel, str]]
    marks: Mapping[dt.date, Mark]

    def served_by_rota(self, joint: JointFit, factor: Floats) -> Prepared:
        """The same, of each customer only the share seen that the staff on duty then could serve.

        Who left the queue is in no receipt; where the rota tells how many were on duty, the share
        served of the arrivals fitted so far says how many came. factor: (N, H) the shop's days.
        """
        staff = self.observations.staff
        if staff is None:
            return self
        arrivals = joint.shop_mean[self.regimes.of_day] * factor
        told = (np.nan_to_num(staff) > 0) & (arrivals > 0)
        people = np.where(told, np.nan_to_num(staff), 1).astype(int)
        kept = served(arrivals, people, self.shop.service, self.shop.grid.slot_hours)
        share = np.divide(kept, arrivals, out=np.ones_like(arrivals), where=told)
        exposure = self.counted.exposure * share
        return replace(self, counted=replace(self.counted, exposure=exposure))

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """The shop's channel as `shop`, and each witness."""
        return {"shop": self.counted} | {name: one for name, (one, _) in self.witnesses.items()}

    @cached_property
    def cells(self) -> Cells:
        """Seasons x weekdays x slots."""
        grid = self.shop.grid
        hours = np.array([grid.start(slot) for slot in range(grid.size)]) / 60
        return Cells(len(self.shop.seasons), hours)

    @cached_property
    def regimes(self) -> Regimes:
        """Kinds of days."""
        dates, seasons = self.observations.dates, self.shop.seasons
        season = np.array([seasons.index(season_of(date, seasons)) for date in dates])
        weekday = np.array([self.curve_of(date) for date in dates])
        return find_regimes(self.observations, season, weekday)

    def calendar(self, terms: DayTerms, name: str) -> Calendar:
        """The days, for the course of a channel; a day weighs what its slots do on average."""
        exposure = self.channels[name].exposure
        slots = np.maximum(exposure.sum(axis=1), LEAST_EXPOSURE)
        weight = (exposure * self.weight_of(name)).sum(axis=1) / slots
        kind = (self.regimes.season * 7 + self.regimes.weekday)[self.regimes.of_day]
        dates = self.observations.dates
        return Calendar(dates, terms, kind, self.ordinary, weight, self.known)

    @cached_property
    def weekday_holidays(self) -> frozenset[str]:
        """Names of the holidays that trade like their own weekday."""
        seen = self.observations
        return weekday_holidays(seen.dates, seen.weekdays, self.counted, self.marks)

    def curve_of(self, date: dt.date) -> int:
        """The weekday whose curve a date follows: on most public holidays the Sunday's."""
        return curve_weekday(date, self.marks, self.weekday_holidays)

    @cached_property
    def ordinary(self) -> NDArray[np.bool_]:
        """Days without a mark; all days where nothing else was seen."""
        plain = np.array([date not in self.marks for date in self.observations.dates])
        seen = self.counted.exposure.sum(axis=1) > 0
        return plain if (plain & seen).any() else np.ones_like(plain)

    @cached_property
    def weight(self) -> Floats:
        """Half as much for each year of age."""
        age = np.arange(len(self.observations.dates))[::-1]
        weight: Floats = 0.5 ** (age / HALF_LIFE_DAYS)
        return weight

    @cached_property
    def _information(self) -> dict[str, Floats]:
        return information(self.observations, self.shop)

    def weight_of(self, name: str) -> Floats:
        """(N, H) weight of a channel's counts: by age, and by what they were made of."""
        age = self.weight[:, None]
        return age * self._information.get(name, np.ones_like(self.observations.opened))

    @cached_property
    def known(self) -> Floats:
        """The owner's factors of events."""
        factors = {e.name: e.factor for e in self.shop.events if e.factor is not None}
        names = [self.marks[d].name if d in self.marks else "" for d in self.observations.dates]
        return np.array([factors.get(name, 1.0) for name in names])

    def seen_and_expected(
        self, name: str, joint: JointFit, courses: Courses
    ) -> tuple[Floats, Floats]:
        """Counts and expected counts (N, H) of a channel's own, at day factor and shape 1.

        Of web orders the diverted are taken out: they follow the shop's days.
        """
        channel, of_day = self.channels[name], self.regimes.of_day
        exposure = np.where(channel.exposure > 0, channel.exposure, 0.0)
        counts = np.where(exposure > 0, channel.counts, 0.0)
        if name == "shop":
            return counts, exposure * joint.shop_mean[of_day]
        own = exposure * joint.witness_mean[name][of_day]
        if name == "orders":
            diverted = exposure * joint.diverted_mean[of_day] * self.factors(courses, "shop")
            present = own * self.factors(courses, name)
            counts = counts * np.divide(
                present, present + diverted, out=np.ones_like(own), where=own > 0
            )
        return counts, own

    def evidence(self) -> NDArray[np.str_]:
        """(S, 7, H) evidence class of each cell.

        Web orders come on all days of the week: of a weekday on which the shop was never open they
        tell how many buy, and nothing of how many would come.
        """
        shape = (self.cells.seasons, 7, self.cells.slots)
        seen = np.zeros(shape)
        was_open = (self.counted.exposure > 0) & (self.observations.opened >= OPEN_SHARE)
        open_share = was_open.astype(float)
        at = (self.regimes.season[self.regimes.of_day], self.observations.weekdays)
        np.add.at(seen, at, open_share)
        witnessed = np.zeros(shape[1:], dtype=bool)
        ever = np.asarray((seen >= SEEN_DAYS).any(axis=(0, 2)))
        for name, (channel, _) in self.witnesses.items():
            often = seen_often(channel, self.observations.weekdays)
            witnessed |= often & ever[:, None] if name == "orders" else often
        now = np.array([self.shop.grid.shares(spans) for spans in self.shop.today.days]) > 0
        return classify(seen, witnessed, now, self.shop.grid.slot_hours)

    def factors(self, courses: Courses, name: str) -> Floats:
        """(N, H) factors of a channel's days and slots."""
        if name in courses:
            return courses[name].factors
        return np.broadcast_to(self.known[:, None], self.counted.counts.shape)
