"""How each cell of the curve is known, and what is believed of hours that nobody saw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.terms import by_distance, correlation, matern
from hoursopt.diversion import nearest_open
from hoursopt.hours import Grid, OpeningHours, PartOfWeek
from hoursopt.observations import Channel
from hoursopt.shop import Diversion, Shop

Floats = NDArray[np.float64]

SEEN_DAYS = 2.0
NEIGHBOUR_HOURS = 1.0
SMOOTHED_COUNT = 1.0

# Log of the expected factor by hours after the last and before the first hour ever open, where
# nothing else is known. After closing from street counters round the clock, on the side of caution
# for a till. Before opening between two ends: of six trades cut at an arbitrary hour of their
# morning one in ten has more than .95 of the first hour in the hour before, and than .75 two hours
# before; before their own opening, for which an owner has her reasons, four are asked for .05 to
# .18 and .00 to .04 all the same, a floor, for their customers know that they are shut. The 80 %
# range goes from there to there (`benchmarks demand --only tills`).
FADE_AFTER = np.log([1.0, 0.85, 0.66, 0.50, 0.38])
FADE_BEFORE = np.log([1.0, 0.48, 0.30, 0.20])
FURTHER_AFTER, FURTHER_BEFORE = np.log(0.68), np.log(0.60)

# What falls towards an edge goes on falling: log factor one hour and two or more beyond it for each
# unit of log by which the edge's hour lies below the next one inside. What rises does not go on
# rising. By least squares over fifteen street counters of three towns, closing at 15 to 21 and
# opening at 8 to 12; the tills of a bakery and a takeaway fall on no less.
HOURS_OUT, CARRIED_AFTER, CARRIED_BEFORE = (0.0, 1.0, 2.0), (0.0, 0.8, 1.2), (0.0, 0.4, 0.7)
FALL_SD = 0.3  # how far the falls of these counters lie apart: those of few customers are shrunk
STEEPEST_FALL = -1.0  # nothing steeper was measured

# How far the clock's curve may stray from its prior mean: alone as those counters did from what
# their edges told (.27, .57, .77 after closing at 1, 2, 3 hours); with a witness the witness
# decides. Before opening an hour counts as three, which is about the range that is told above.
HASTE_BEFORE = 3.0
CLOCK_SD_ALONE, CLOCK_SD_WITNESS, CLOCK_SD_RICH = 0.95, 2.0, 6.0

# Level of a weekday against the others; and of one on which the shop was never open and nobody
# else counts: an assumption on the side of caution, for owners mostly know their dead days.
WEEKDAY_SD, WEEKDAY_SD_RICH = 0.3, 3.0
UNSEEN_WEEKDAY, UNSEEN_WEEKDAY_SD = np.log(0.35), 0.9


def fading(
    ever_open: NDArray[np.bool_], slot_hours: float, falls: tuple[float, float] = (0.0, 0.0)
) -> Floats:
    """(H,) log of the expected factor of a slot against the nearest slot ever open.

    falls: those of the first and of the last hour, as `edge_falls` has them.
    """
    open_at = np.flatnonzero(ever_open)
    slots = np.arange(ever_open.size)
    later = np.maximum(slots - open_at[-1], 0) * slot_hours
    sooner = np.maximum(open_at[0] - slots, 0) * slot_hours
    first, last = falls
    carried = last * np.interp(later, HOURS_OUT, CARRIED_AFTER)
    carried += first * np.interp(sooner, HOURS_OUT, CARRIED_BEFORE)
    after = by_distance(later, FADE_AFTER, FURTHER_AFTER)
    faded: Floats = after + by_distance(sooner, FADE_BEFORE, FURTHER_BEFORE) + carried
    return faded


def edge_falls(counts: Floats, exposure: Floats, slot_hours: float) -> tuple[float, float]:
    """Log of the first and the last hour ever open against the hour next to it inside, at most 0.

    counts, exposure: (G, H). Only kinds of days that were open in both hours tell, for days that
    close late are others than those that do not. Shrunk by the chance of small counts; 0 where the
    shop was never open for two hours.
    """
    open_at = np.flatnonzero((exposure > 0).any(axis=0))
    hour = max(1, round(1 / slot_hours))
    first, last = int(open_at[0]), int(open_at[-1])
    return (
        _fall(counts, exposure, slice(first, first + hour), slice(first + hour, first + 2 * hour)),
        _fall(
            counts,
            exposure,
            slice(last + 1 - hour, last + 1),
            slice(max(last + 1 - 2 * hour, 0), max(last + 1 - hour, 0)),
        ),
    )


def _fall(counts: Floats, exposure: Floats, edge: slice, inside: slice) -> float:
    both = (exposure[:, edge] > 0).any(axis=1) & (exposure[:, inside] > 0).any(axis=1)
    if not both.any():
        return 0.0
    seen = [float(counts[both, part].sum()) + SMOOTHED_COUNT for part in (edge, inside)]
    could = [float(exposure[both, part].sum()) for part in (edge, inside)]
    log = np.log(seen[0] / could[0]) - np.log(seen[1] / could[1])
    shrink = FALL_SD**2 / (FALL_SD**2 + 1 / seen[0] + 1 / seen[1])
    return float(np.clip(log * shrink, STEEPEST_FALL, 0.0))


def hasty(hours: Floats, own: NDArray[np.bool_]) -> Floats:
    """(H,) the clock as trade feels it: hours before the first slot ever open (H,) are longer."""
    first = hours[np.flatnonzero(own)[0]]
    felt: Floats = hours - (HASTE_BEFORE - 1) * np.maximum(first - hours, 0)
    return felt


def stray(
    hours: Floats, own: NDArray[np.bool_], seen: NDArray[np.bool_], witness_sd: float
) -> Floats:
    """(H, H) covariance of how far the log curve may stray from its prior mean.

    own: (H,) slots in which the shop was open. seen: (H,) those in which it or a witness counted,
    none where there is no witness. A witness that looks at some closed slots moves the curve in
    these, by up to `witness_sd`, from the shop's own edge on; slots beyond follow the nearest that
    anybody saw, and stray from there as they would alone.
    """
    alone = matern(hasty(hours, own), CLOCK_SD_ALONE)
    if not seen.any():
        return alone
    if seen.all():
        return matern(hours, witness_sd)
    moved = matern(hours, np.sqrt(witness_sd**2 - CLOCK_SD_ALONE**2))
    told = moved - moved[:, own] @ np.linalg.solve(moved[np.ix_(own, own)], moved[own])
    slots = np.flatnonzero(seen)
    nearest = slots[np.abs(hours[:, None] - hours[slots]).argmin(axis=1)]
    beyond: Floats = alone + told[np.ix_(nearest, nearest)]
    return beyond


def profile_alone(
    counts: Floats, exposure: Floats, diversion: Diversion, slot_hours: float
) -> Floats:
    """(H,) prior mean of the log curve where no witness is: what was seen, fading from its edges.

    counts, exposure: (G, H) sums over the days of each kind. The recaptured whom the fading hours
    send to an edge are taken out of it, by the middle of the owner's ranges. Centred on 0.
    """
    falls = edge_falls(counts, exposure, slot_hours)
    counts, exposure = counts.sum(axis=0), exposure.sum(axis=0)
    open_slots = exposure > 0
    seen = np.flatnonzero(open_slots)
    rate = (counts[seen] + SMOOTHED_COUNT) / (exposure[seen] + SMOOTHED_COUNT)
    held = np.exp(np.interp(np.arange(counts.size), seen, np.log(rate)))
    target, distance = nearest_open(open_slots)
    # The factors are expectations: the median of a log-normal stands half its variance below.
    felt = hasty(np.arange(counts.size, dtype=np.float64) * slot_hours, open_slots)
    spread = CLOCK_SD_ALONE**2 * (1 - correlation(np.abs(felt - felt[target])) ** 2)
    latent = held * np.exp(fading(open_slots, slot_hours, falls) - spread / 2)
    fade = np.exp(-distance * slot_hours / diversion.reach_hours.middle)
    moved = np.where(open_slots, 0.0, latent * diversion.recaptured.middle * fade)
    own = 1 / (1 + np.bincount(target, moved, counts.size) / held)
    log = np.log(latent * own[target])
    return log - log[seen].mean()


def unknown_hours(evidence: NDArray[np.str_], grid: Grid) -> PartOfWeek | None:
    """The hours of which no season has any evidence (S, 7, H); None where there are none."""
    nothing = (evidence == "none").all(axis=0)
    if not nothing.any():
        return None
    return PartOfWeek(OpeningHours(tuple(grid.spans(row) for row in nothing.tolist())))


def seen_often(channel: Channel, weekdays: NDArray[np.intp]) -> NDArray[np.bool_]:
    """(7, H) whether a witness counts there on more than a single one of many days (N,)."""
    days = np.bincount(weekdays, minlength=7)
    seen = np.zeros((7, channel.exposure.shape[1]))
    np.add.at(seen, weekdays, channel.exposure > 0)
    least = np.clip(days, 1, SEEN_DAYS)
    often: NDArray[np.bool_] = seen >= least[:, None]
    return often


def beyond_hours(channel: Channel, weekdays: NDArray[np.intp], shop: Shop) -> PartOfWeek:
    """The hours of the week in which a witness counts and the shop is shut today."""
    grid = shop.grid
    now = np.array([grid.shares(spans) for spans in shop.today.days]) > 0
    beyond = seen_often(channel, weekdays) & ~now
    return PartOfWeek(OpeningHours(tuple(grid.spans(row) for row in beyond.tolist())))


def classify(
    seen: Floats, witnessed: NDArray[np.bool_], open_now: NDArray[np.bool_], slot_hours: float
) -> NDArray[np.str_]:
    """(S, 7, H) evidence class of each cell.

    seen: (S, 7, H) days on which the shop was open in the cell. witnessed: (7, H) whether a
    round-the-clock witness counts there. open_now: (7, H) today's hours.
    """
    own = seen >= SEEN_DAYS
    elsewhere = np.broadcast_to(own.any(axis=0), own.shape)  # another season had other hours
    reach = round(NEIGHBOUR_HOURS / slot_hours)
    near = np.zeros_like(own)
    known = own | open_now
    for step in range(1, reach + 1):
        near[..., step:] |= known[..., :-step]
        near[..., :-step] |= known[..., step:]
    return np.select(
        [own, witnessed | elsewhere, near], ["open", "witness", "neighbour"], default="none"
    )
