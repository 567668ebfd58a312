"""From what was seen to the joint problem: counts by regime, and what is believed beforehand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.counters import own_curves
from hoursopt.demand.evidence import (
    CLOCK_SD_RICH,
    CLOCK_SD_WITNESS,
    SMOOTHED_COUNT,
    UNSEEN_WEEKDAY,
    UNSEEN_WEEKDAY_SD,
    WEEKDAY_SD,
    WEEKDAY_SD_RICH,
    profile_alone,
    stray,
)
from hoursopt.demand.prepare import Courses, Prepared
from hoursopt.demand.problem import PARAMETERS, DiversionPrior, Problem
from hoursopt.demand.regimes import CellCounts, count_cells
from hoursopt.demand.terms import surface
from hoursopt.demand.witness import (
    class_of,
    fewer_buy_early,
    fewer_buy_late,
    later_online,
    log_ratio,
)
from hoursopt.observations import Channel

Floats = NDArray[np.float64]

RICH_TIMES = 3.0
PROFILE_BOUNDS = (-1.5, 3.0)  # the dead of night must not decide the elasticity
EIGHTY_PERCENT = 2.563  # width of a normal's 80 % range in standard deviations


def joint_problem(prepared: Prepared, courses: Courses) -> Problem:
    """The joint fit given each channel's course; none: all days alike."""
    cells = prepared.cells
    counts = {
        name: _count(prepared, channel, courses, name)
        for name, channel in prepared.channels.items()
    }
    ratios = {
        name: (
            tuple(
                log_ratio(
                    name,
                    cells,
                    class_of(kind, len(channel.sensor_counts)),
                    _profile(prepared, counts, name),
                    _own_curves(prepared, name),
                )
            ),
            counts[name],
        )
        for name, (channel, kind) in prepared.witnesses.items()
    }
    offset = np.zeros((7, cells.slots))
    walking = [name for name in prepared.witnesses if name != "orders"]
    vague = any(_rich(prepared, counts, name) for name in walking)
    weekday_sd = np.full(7, WEEKDAY_SD_RICH if vague else WEEKDAY_SD)
    seen_slots, seen = _seen_by_any(prepared, {name: counts[name] for name in ("shop", *walking)})
    clock = stray(
        cells.hours,
        counts["shop"].exposure.sum(axis=0) > 0,
        seen_slots & bool(walking),
        CLOCK_SD_RICH if vague else CLOCK_SD_WITNESS,
    )
    if not (walking and seen_slots.all() and seen.all()):
        # Where nobody counts people the shop's own edges say what is believed beforehand. Web
        # orders come on days and at hours on which nobody walks: they move that, and a day on
        # which a shop never opens is mostly a dead one, however many orders come in.
        counted, exposure = counts["shop"].counts, counts["shop"].exposure
        offset += profile_alone(
            counted,
            exposure,
            prepared.shop.diversion,
            prepared.shop.grid.slot_hours,
        )
        offset[~seen] += UNSEEN_WEEKDAY
        weekday_sd[~seen] = UNSEEN_WEEKDAY_SD
    return Problem(
        (cells.seasons, 7, cells.slots),
        prepared.shop.grid.slot_hours,
        np.tile(offset.ravel(), cells.seasons),
        tuple(surface(cells, clock, weekday_sd, vague)),
        prepared.regimes,
        counts["shop"],
        ratios,
        diversion_prior(prepared),
        {name: _usual(prepared, counts, name) for name in ratios},
    )


def _usual(prepared: Prepared, counts: Mapping[str, CellCounts], name: str) -> Floats:
    """(cells,) prior mean of the log ratio of a witness, beside its level."""
    cells = prepared.cells
    if name == "orders":
        return later_online(cells)
    channel, kind = prepared.witnesses[name]
    own = counts["shop"].exposure.sum(axis=0) > 0
    late = fewer_buy_late(cells, own, class_of(kind, len(channel.sensor_counts)).clock)
    return late if kind == "chain" else late + fewer_buy_early(cells, own)


def diversion_prior(prepared: Prepared) -> DiversionPrior:
    """The owner's 80 % ranges as normals; `online` is 0 without a web shop."""
    ranges = [getattr(prepared.shop.diversion, name) for name in PARAMETERS]
    mean = np.array([given.middle for given in ranges])
    sd = np.array([(given.high - given.low) / EIGHTY_PERCENT for given in ranges])
    if "orders" not in prepared.observations.channels:
        mean[PARAMETERS.index("online")] = sd[PARAMETERS.index("online")] = 0.0
    edges, whole_days = prepared.regimes.changes()
    told = np.array([edges, edges, whole_days, sd[PARAMETERS.index("online")] > 0])
    return DiversionPrior(mean, sd, told)


def _count(prepared: Prepared, channel: Channel, courses: Courses, name: str) -> CellCounts:
    spread = np.zeros(prepared.cells.slots)
    return count_cells(
        channel,
        prepared.regimes,
        prepared.ordinary,
        prepared.weight_of(name),
        prepared.factors(courses, name),
        prepared.factors(courses, "shop"),
        courses[name].overdispersion if name in courses else spread,
    )


def _seen_by_any(
    prepared: Prepared, counts: Mapping[str, CellCounts]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Slots (H,) and weekdays (7,) in which the shop or a witness counted."""
    exposure = sum((cells.exposure for cells in counts.values()), np.zeros(1))
    weekdays = np.bincount(prepared.regimes.weekday, exposure.sum(axis=1), 7)
    return exposure.sum(axis=0) > 0, weekdays > 0


def _rich(prepared: Prepared, counts: Mapping[str, CellCounts], name: str) -> bool:
    """Whether a witness knows its curve better than the shop's: many, on all days and slots.

    In a cell that nobody looked at nothing would hold a surface that is left to the witness.
    """
    seen = np.zeros((7, prepared.cells.slots))
    np.add.at(seen, prepared.regimes.weekday, counts[name].exposure)
    many = counts[name].counts.sum() > RICH_TIMES * counts["shop"].counts.sum()
    return bool(many and (seen > 0).all())


def _profile(prepared: Prepared, counts: Mapping[str, CellCounts], name: str) -> Floats:
    """(cells,) centred log rate of a witness, for its elasticity.

    By weekday and slot where it is rich, over the clock alone where cells would be noise.
    """
    shape = (7, prepared.cells.slots)
    seen, exposure = np.zeros(shape), np.zeros(shape)
    np.add.at(seen, prepared.regimes.weekday, counts[name].counts)
    np.add.at(exposure, prepared.regimes.weekday, counts[name].exposure)
    if not _rich(prepared, counts, name):
        seen, exposure = seen.sum(axis=0)[None], exposure.sum(axis=0)[None]
    overall = seen.sum() / exposure.sum()
    log = np.log((seen + SMOOTHED_COUNT) / (exposure + SMOOTHED_COUNT / overall))
    centred = np.clip(log - log.mean(), *PROFILE_BOUNDS)
    return np.tile(np.broadcast_to(centred, shape).ravel(), prepared.cells.seasons)


def _own_curves(prepared: Prepared, name: str) -> Floats:
    """(cells, S) what each of a witness's counters has of its own."""
    own = own_curves(prepared.witnesses[name][0], prepared.observations.weekdays)
    return np.tile(own.reshape(len(own), 7 * prepared.cells.slots).T, (prepared.cells.seasons, 1))
