"""What the fit reads: the shop's channel, its witnesses, unlike days, and counts by regime."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoursopt.calendar import season_of, special_days
from hoursopt.demand.channels import information
from hoursopt.demand.counters import own_curves
from hoursopt.demand.course import Calendar, Course
from hoursopt.demand.days import DayTerms, Mark
from hoursopt.demand.evidence import (
    CLOCK_SD_RICH,
    CLOCK_SD_WITNESS,
    SMOOTHED_COUNT,
    UNSEEN_WEEKDAY,
    UNSEEN_WEEKDAY_SD,
    WEEKDAY_SD,
    WEEKDAY_SD_RICH,
    classify,
    profile_alone,
    seen_often,
    stray,
)
from hoursopt.demand.holidays import curve_weekday, weekday_holidays
from hoursopt.demand.joint import PARAMETERS, DiversionPrior, JointFit, Problem
from hoursopt.demand.regimes import OPEN_SHARE, CellCounts, Regimes, count_cells, find_regimes
from hoursopt.demand.terms import Cells, surface
from hoursopt.demand.witness import class_of, log_ratio, usual_ratio
from hoursopt.observations import Channel, Observations
from hoursopt.response import served
from hoursopt.shop import Shop

Floats = NDArray[np.float64]
Courses = Mapping[str, Course]

BETWEEN_YEARS = {(12, 27), (12, 28), (12, 29), (12, 30), (12, 31), (1, 2), (1, 3)}
RICH_TIMES = 3.0
PROFILE_BOUNDS = (-1.5, 3.0)  # the dead of night must not decide the elasticity
HALF_LIFE_DAYS = 364.0
LEAST_EXPOSURE = 1e-9
EIGHTY_PERCENT = 2.563  # width of a normal's 80 % range in standard deviations


def marks_of(shop: Shop, first: dt.date, last: dt.date) -> dict[dt.date, Mark]:
    """Dates unlike their weekday, events over holidays over eves."""
    found = special_days(shop.country, shop.subdivision, first, last, shop.language)
    marks = {day.date: Mark(day.kind, day.id) for day in found if day.kind == "eve"}
    marks |= {day.date: Mark(day.kind, day.id) for day in found if day.kind == "holiday"}
    for event in shop.events:
        for start, end in event.dates:
            for number in range((end - start).days + 1):
                marks[start + dt.timedelta(days=number)] = Mark("event", event.name)
    return marks


def near_marks(marks: Mapping[dt.date, Mark], first: dt.date, last: dt.date) -> dict[dt.date, Mark]:
    """Days beside a public holiday, and those between the years, that are not marked themselves.

    They keep their weekday's curve; only their level differs.
    """
    found: dict[dt.date, Mark] = {}
    holidays = {date: mark.name for date, mark in marks.items() if mark.kind == "holiday"}
    for date, name in sorted(holidays.items()):
        found[date + dt.timedelta(days=1)] = Mark("near", f"after {name}")
    for date, name in sorted(holidays.items()):
        found[date - dt.timedelta(days=1)] = Mark("near", f"before {name}")
    for date in (first + dt.timedelta(days=day) for day in range((last - first).days + 1)):
        christmas = dt.date(date.year - (date.month == 1), 12, 25)
        if christmas in holidays and (date.month, date.day) in BETWEEN_YEARS:
            found[date] = Mark("near", "between the years")
    return {date: mark for date, mark in found.items() if date not in marks}


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

    @cached_property
    def prior(self) -> DiversionPrior:
        """The owner's 80 % ranges as normals; `online` is 0 without a web shop."""
        ranges = [getattr(self.shop.diversion, name) for name in PARAMETERS]
        mean = np.array([given.middle for given in ranges])
        sd = np.array([(given.high - given.low) / EIGHTY_PERCENT for given in ranges])
        if "orders" not in self.observations.channels:
            mean[PARAMETERS.index("online")] = sd[PARAMETERS.index("online")] = 0.0
        edges, whole_days = self.regimes.changes()
        told = np.array([edges, edges, whole_days, sd[PARAMETERS.index("online")] > 0])
        return DiversionPrior(mean, sd, told)

    def problem(self, courses: Courses) -> Problem:
        """The joint fit given each channel's course; none: all days alike."""
        cells = self.cells
        counts = {
            name: self._count(channel, courses, name) for name, channel in self.channels.items()
        }
        ratios = {
            name: (
                tuple(
                    log_ratio(
                        name,
                        cells,
                        class_of(kind, len(channel.sensor_counts)),
                        self._profile(counts, name),
                        self._own_curves(name),
                    )
                ),
                counts[name],
            )
            for name, (channel, kind) in self.witnesses.items()
        }
        offset = np.zeros((7, cells.slots))
        vague = any(self._rich(counts, name) for name in self.witnesses)
        weekday_sd = np.full(7, WEEKDAY_SD_RICH if vague else WEEKDAY_SD)
        seen_slots, seen = self._seen_by_any(counts)
        clock = stray(
            cells.hours,
            counts["shop"].exposure.sum(axis=0) > 0,
            seen_slots & bool(self.witnesses),
            CLOCK_SD_RICH if vague else CLOCK_SD_WITNESS,
        )
        if not (self.witnesses and seen_slots.all() and seen.all()):
            # Where no witness looks the shop's own edges decide, as if there were none.
            counted, exposure = counts["shop"].counts, counts["shop"].exposure
            offset += profile_alone(
                counted.sum(axis=0),
                exposure.sum(axis=0),
                self.shop.diversion,
                self.shop.grid.slot_hours,
            )
            offset[~seen] += UNSEEN_WEEKDAY
            weekday_sd[~seen] = UNSEEN_WEEKDAY_SD
        return Problem(
            (cells.seasons, 7, cells.slots),
            self.shop.grid.slot_hours,
            np.tile(offset.ravel(), cells.seasons),
            tuple(surface(cells, clock, weekday_sd, vague)),
            self.regimes,
            counts["shop"],
            ratios,
            self.prior,
            {name: usual_ratio(name, cells) for name in ratios},
        )

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
            diverted = exposure * joint.diverted_mean[of_day] * self._factors(courses, "shop")
            present = own * self._factors(courses, name)
            counts = counts * np.divide(
                present, present + diverted, out=np.ones_like(own), where=own > 0
            )
        return counts, own

    def evidence(self) -> NDArray[np.str_]:
        """(S, 7, H) evidence class of each cell."""
        shape = (self.cells.seasons, 7, self.cells.slots)
        seen = np.zeros(shape)
        was_open = (self.counted.exposure > 0) & (self.observations.opened >= OPEN_SHARE)
        open_share = was_open.astype(float)
        at = (self.regimes.season[self.regimes.of_day], self.observations.weekdays)
        np.add.at(seen, at, open_share)
        witnessed = np.zeros(shape[1:], dtype=bool)
        for channel, _ in self.witnesses.values():
            witnessed |= seen_often(channel, self.observations.weekdays)
        now = np.array([self.shop.grid.shares(spans) for spans in self.shop.today.days]) > 0
        return classify(seen, witnessed, now, self.shop.grid.slot_hours)

    def _factors(self, courses: Courses, name: str) -> Floats:
        """(N, H) factors of a channel's days and slots."""
        if name in courses:
            return courses[name].factors
        return np.broadcast_to(self.known[:, None], self.counted.counts.shape)

    def _seen_by_any(
        self, counts: Mapping[str, CellCounts]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Slots (H,) and weekdays (7,) in which the shop or a witness counted."""
        exposure = sum((cells.exposure for cells in counts.values()), np.zeros(1))
        weekdays = np.bincount(self.regimes.weekday, exposure.sum(axis=1), 7)
        return exposure.sum(axis=0) > 0, weekdays > 0

    def _count(self, channel: Channel, courses: Courses, name: str) -> CellCounts:
        spread = np.zeros(self.cells.slots)
        return count_cells(
            channel,
            self.regimes,
            self.ordinary,
            self.weight_of(name),
            self._factors(courses, name),
            self._factors(courses, "shop"),
            courses[name].overdispersion if name in courses else spread,
        )

    def _own_curves(self, name: str) -> Floats:
        """(cells, S) what each of a witness's counters has of its own."""
        own = own_curves(self.witnesses[name][0], self.observations.weekdays)
        return np.tile(own.reshape(len(own), 7 * self.cells.slots).T, (self.cells.seasons, 1))

    def _rich(self, counts: Mapping[str, CellCounts], name: str) -> bool:
        """Whether a witness knows its curve better than the shop's: many, on all days and slots.

        In a cell that nobody looked at nothing would hold a surface that is left to the witness.
        """
        seen = np.zeros((7, self.cells.slots))
        np.add.at(seen, self.regimes.weekday, counts[name].exposure)
        many = counts[name].counts.sum() > RICH_TIMES * counts["shop"].counts.sum()
        return bool(many and (seen > 0).all())

    def _profile(self, counts: Mapping[str, CellCounts], name: str) -> Floats:
        """(cells,) centred log rate of a witness, for its elasticity.

        By weekday and slot where it is rich, over the clock alone where cells would be noise.
        """
        shape = (7, self.cells.slots)
        seen, exposure = np.zeros(shape), np.zeros(shape)
        np.add.at(seen, self.regimes.weekday, counts[name].counts)
        np.add.at(exposure, self.regimes.weekday, counts[name].exposure)
        if not self._rich(counts, name):
            seen, exposure = seen.sum(axis=0)[None], exposure.sum(axis=0)[None]
        overall = seen.sum() / exposure.sum()
        log = np.log((seen + SMOOTHED_COUNT) / (exposure + SMOOTHED_COUNT / overall))
        centred = np.clip(log - log.mean(), *PROFILE_BOUNDS)
        return np.tile(np.broadcast_to(centred, shape).ravel(), self.cells.seasons)
