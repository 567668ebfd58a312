"""How each cell of the curve is known, and what is believed of hours that nobody saw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.terms import correlation, matern
from hoursopt.diversion import nearest_open
from hoursopt.hours import Grid, OpeningHours, PartOfWeek
from hoursopt.observations import Channel
from hoursopt.shop import Diversion, Shop

Floats = NDArray[np.float64]

SEEN_DAYS = 2.0
NEIGHBOUR_HOURS = 1.0
SMOOTHED_COUNT = 1.0

# Log of the expected factor by hours after the last and before the first hour ever open, where
# nothing else is known: from street counters round the clock, on the side of caution for a till.
FADE_AFTER = np.log([1.0, 0.85, 0.66, 0.50, 0.38])
FADE_BEFORE = np.log([1.0, 0.65, 0.38, 0.22])
FURTHER_AFTER, FURTHER_BEFORE = np.log(0.68), np.log(0.60)

# How far the clock's curve may stray from its prior mean: with a witness the witness decides.
CLOCK_SD_ALONE, CLOCK_SD_WITNESS, CLOCK_SD_RICH = 0.8, 2.0, 6.0

# Level of a weekday against the others; and of one on which the shop was never open and nobody
# else counts: an assumption on the side of caution, for owners mostly know their dead days.
WEEKDAY_SD, WEEKDAY_SD_RICH = 0.3, 3.0
UNSEEN_WEEKDAY, UNSEEN_WEEKDAY_SD = np.log(0.35), 0.9


def fading(ever_open: NDArray[np.bool_], slot_hours: float) -> Floats:
    """(H,) log of the expected factor of a slot against the nearest slot ever open."""
    open_at = np.flatnonzero(ever_open)
    slots = np.arange(ever_open.size)
    later = np.maximum(slots - open_at[-1], 0) * slot_hours
    sooner = np.maximum(open_at[0] - slots, 0) * slot_hours
    return _fade(later, FADE_AFTER, FURTHER_AFTER) + _fade(sooner, FADE_BEFORE, FURTHER_BEFORE)


def stray(
    hours: Floats, own: NDArray[np.bool_], seen: NDArray[np.bool_], witness_sd: float
) -> Floats:
    """(H, H) covariance of how far the log curve may stray from its prior mean.

    own: (H,) slots in which the shop was open. seen: (H,) those in which it or a witness counted,
    none where there is no witness. A witness that looks at some closed slots moves the curve in
    these, by up to `witness_sd`, from the shop's own edge on; slots beyond follow the nearest that
    anybody saw, and stray from there as they would alone.
    """
    alone = matern(hours, CLOCK_SD_ALONE)
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

    counts, exposure: (H,) sums over all days. The recaptured whom the fading hours send to an edge
    are taken out of it, by the middle of the owner's ranges. Centred on 0.
    """
    open_slots = exposure > 0
    seen = np.flatnonzero(open_slots)
    rate = (counts[seen] + SMOOTHED_COUNT) / (exposure[seen] + SMOOTHED_COUNT)
    held = np.exp(np.interp(np.arange(counts.size), seen, np.log(rate)))
    target, distance = nearest_open(open_slots)
    # The factors are expectations: the median of a log-normal stands half its variance below.
    spread = CLOCK_SD_ALONE**2 * (1 - correlation(distance * slot_hours) ** 2)
    latent = held * np.exp(fading(open_slots, slot_hours) - spread / 2)
    fade = np.exp(-distance * slot_hours / diversion.reach_hours.middle)
    moved = np.where(open_slots, 0.0, latent * diversion.recaptured.middle * fade)
    own = 1 / (1 + np.bincount(target, moved, counts.size) / held)
    log = np.log(latent * own[target])
    return log - log[seen].mean()


def _fade(distance: Floats, table: Floats, further: float) -> Floats:
    last = table.size - 1
    beyond = np.maximum(distance - last, 0) * further
    faded: Floats = np.interp(distance, np.arange(table.size), table) + beyond
    return faded


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
