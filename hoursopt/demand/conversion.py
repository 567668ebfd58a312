"""Conversion: the share of the people through the door who buy, and counts made from footfall.

It is learnt from the slots in which the till and the door counter were both alive. Where the till
is unknown and the counter is not (a till export shorter than the counter's, lost days), footfall
with the slot's conversion stands in for the receipts.

What such a count is worth. F people with conversion c stand for c F customers, with the variance
c^2 Var(F) + F^2 Var(c). The first part is at most that of receipts: buying thins the stream of
people, groups and all, and thinning only adds chance. It is taken for equal: a person weighs c.
The second is one error, shared by all counts made in the slot: together, S customers of them tell
no more than S / (1 + S v) receipts would, with v the relative variance of c. So each is weighed by
1 / (1 + S v) besides: neither freely multiplied with the length of the counter's file, nor thrown
away.

In the fit F stays the count that it is and 1 / c goes into the exposure: c F scatters less than a
count may, and would hide how much days and hours differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.shrink import shrunk_rates
from hoursopt.observations import Channel, State

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TELLING_RECEIPTS = 20.0
TELLING_DAYS = 3
LEAST_SHARE = 0.01  # of the overall conversion
LEAST_NOISE = 0.05  # of the variance of Poisson counts, where a till and a counter agree too well


@dataclass(frozen=True)
class Conversion:
    """Receipts per person through the door.

    overall: of all slots together, with its standard deviation. per_slot: (H,) shrunk to it, each
    slot by its own noise, with standard deviations (H,) that hold the overall one. seen: (H,) slots
    in which both were counted. days, receipts: what it was learnt from.
    """

    overall: float
    overall_sd: float
    per_slot: Floats
    per_slot_sd: Floats
    seen: Flags
    days: int
    receipts: float


def learn_conversion(receipts: Channel, footfall: Channel) -> Conversion | None:
    """Conversion from the slots seen by both; None where too little was.

    The noise of a slot is Pearson's spread of receipts around people times conversion; that of the
    overall figure is taken from whole days, since a day has its own conversion.
    """
    both = (receipts.exposure > 0) & (footfall.exposure > 0)
    people = footfall.counts * np.divide(
        receipts.exposure, footfall.exposure, out=np.zeros_like(footfall.counts), where=both
    )
    bought = np.where(both, receipts.counts, 0.0)
    days = int((people.sum(axis=1) > 0).sum())
    if bought.sum() < TELLING_RECEIPTS or days < TELLING_DAYS:
        return None
    overall = float(bought.sum() / people.sum())
    noise = _noise(bought, people, overall)
    # In units of receipts to expect: a slot that expects n of them has the relative noise noise/n.
    expected = overall * people
    shrunk = shrunk_rates(bought.sum(axis=0), expected.sum(axis=0), noise)
    astray = (bought - expected * shrunk.rates).sum(axis=1)
    of_days = float(np.sum(astray**2)) * days / (days - 1) / float(expected.sum()) ** 2
    relative = max(of_days, noise / float(expected.sum()))
    per_slot = overall * np.maximum(shrunk.rates, LEAST_SHARE)
    return Conversion(
        overall,
        overall * float(np.sqrt(relative)),
        per_slot,
        per_slot * np.sqrt(shrunk.relative_sd**2 + relative),
        np.asarray(both.any(axis=0)),
        days,
        float(bought.sum()),
    )


def fillable(receipts: Channel, footfall: Channel, opened: Floats) -> Flags:
    """(N, H) slots in which the shop was open, the till is unknown and the door counter is not."""
    return (receipts.exposure <= 0) & (footfall.exposure > 0) & (opened > 0)


def fill_from_footfall(
    receipts: Channel, footfall: Channel, opened: Floats, conversion: Conversion
) -> Channel:
    """Receipts, and where they are unknown people over conversion; `made_weights` goes with it."""
    filled = fillable(receipts, footfall, opened)
    people = as_customers(footfall, conversion.per_slot)
    return replace(
        receipts,
        counts=np.where(filled, people.counts, receipts.counts),
        values=np.where(filled, np.nan, receipts.values),
        exposure=np.where(filled, people.exposure, receipts.exposure),
        state=np.where(filled, State.OPEN, receipts.state).astype(np.int8),
    )


def as_customers(footfall: Channel, conversion: Floats) -> Channel:
    """Counts of people whose rate is that of customers, by the conversion of each slot (H,)."""
    return replace(footfall, exposure=footfall.exposure / conversion)


def made_weights(filled: Flags, footfall: Channel, conversion: Conversion) -> Floats:
    """(N, H) weight of each slot's count: 1 where it is no made one."""
    made = np.where(filled, footfall.counts * conversion.per_slot, 0.0).sum(axis=0)
    share, sd = conversion.per_slot, conversion.per_slot_sd
    relative = np.divide(sd, share, out=np.zeros_like(sd), where=share > 0) ** 2
    return np.where(filled, share / (1 + made * relative), 1.0)


def conversion_parameters(conversion: Conversion, names: Sequence[str]) -> dict[str, float]:
    """Figures for `DemandModel.parameters`: overall, and of each slot seen by its name."""
    slots = {
        f"conversion_{name}": float(share)
        for name, share, seen in zip(names, conversion.per_slot, conversion.seen, strict=True)
        if seen
    }
    return {"conversion": conversion.overall, "conversion_sd": conversion.overall_sd, **slots}


def _noise(bought: Floats, people: Floats, overall: float) -> float:
    """Variance of the receipts of a slot per receipt to expect; at least that of free choices."""
    came = people > 0
    totals = people.sum(axis=0)
    share = np.divide(bought.sum(axis=0), totals, out=np.zeros_like(totals), where=totals > 0)
    expected = np.where(came, people * np.maximum(share, overall / 100), 1.0)
    freedom = max(int(came.sum()) - int((totals > 0).sum()), 1)
    pearson = float(np.sum(np.where(came, bought - expected, 0.0) ** 2 / expected)) / freedom
    return max(pearson, 1 - overall, LEAST_NOISE)
