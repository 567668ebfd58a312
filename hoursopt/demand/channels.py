"""Which channel counts the shop's customers, and which count while it is shut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.conversion import (
    Conversion,
    as_customers,
    conversion_parameters,
    fill_from_footfall,
    fillable,
    learn_conversion,
    made_weights,
)
from hoursopt.demand.counters import joined
from hoursopt.demand.model import Diagnostic
from hoursopt.errors import DataError
from hoursopt.hours import format_time
from hoursopt.observations import Channel, Observations
from hoursopt.shop import Shop

Floats = NDArray[np.float64]

OUTLIER_TIMES = 30.0
TELLING_SLOTS = 50  # from so many equal counts on a witness is no counter
DOUBTED = float(np.log(1.25))  # a conversion further from the data's than this is worth a word


def shop_channel(observations: Observations, shop: Shop) -> Channel:
    """What counts the shop's customers: receipts, or footfall with the owner's conversion.

    Where both were counted receipts count, and footfall with the conversion learnt from them stands
    in where the till is unknown. Counts of people have the conversion in their exposure, so that
    counts over exposure is the rate of customers; `information` tells what they weigh. Raises
    DataError `demand.nothing` and `demand.conversion`.
    """
    receipts, footfall = _alive(observations, "receipts"), _alive(observations, "footfall")
    if receipts is not None:
        conversion = conversion_of(observations)
        if footfall is None or conversion is None:
            return receipts
        return fill_from_footfall(receipts, footfall, observations.opened, conversion)
    if footfall is None:
        raise DataError("demand.nothing", shop=shop.name)
    if shop.economics.conversion is None:
        raise DataError("demand.conversion", shop=shop.name)
    seen = replace(footfall, exposure=footfall.exposure * (observations.opened > 0))
    return as_customers(seen, np.full(shop.grid.size, shop.economics.conversion))


def information(observations: Observations, shop: Shop) -> dict[str, Floats]:
    """(N, H) weight of what the shop's channel and the door counter as its witness tell.

    Counts made from footfall weigh as `made_weights` says. Where a count at the door stands for the
    shop's own and is its witness as well (no till, or none then), each of the two has half its
    weight: nobody is counted twice, and the witness keeps the overlap that its ratio is learnt
    from.
    """
    own, door = np.ones((2, *observations.opened.shape))
    receipts, footfall = _alive(observations, "receipts"), _alive(observations, "footfall")
    conversion = conversion_of(observations)
    if footfall is None or (receipts is not None and conversion is None):
        return {"shop": own, "footfall": door}
    if receipts is None:
        made = observations.opened > 0
        own = np.where(made, shop.economics.conversion or 1.0, 1.0)
    elif conversion is not None:
        made = fillable(receipts, footfall, observations.opened)
        own = made_weights(made, footfall, conversion)
    if _sees_closed_hours(observations, footfall):
        own, door = np.where(made, 0.5 * own, own), np.where(made, 0.5, 1.0)
    return {"shop": own, "footfall": door}


def conversion_of(observations: Observations) -> Conversion | None:
    """Conversion where till and door counter were both alive for long enough."""
    receipts, footfall = _alive(observations, "receipts"), _alive(observations, "footfall")
    if receipts is None or footfall is None:
        return None
    return learn_conversion(receipts, footfall)


def conversion_told(observations: Observations, shop: Shop) -> list[Diagnostic]:
    """What a reader should know of the conversion: what it made, and where it is in doubt."""
    stated = shop.economics.conversion
    receipts, footfall = _alive(observations, "receipts"), _alive(observations, "footfall")
    if footfall is None:
        return []
    if receipts is None:
        share = round(100 * stated, 1) if stated is not None else 0
        return [Diagnostic("demand.conversion_stated", {"percent": share})]
    found = learn_conversion(receipts, footfall)
    if found is None:
        return []
    told = []
    percent = round(100 * found.overall, 1)
    filled = fillable(receipts, footfall, observations.opened)
    if filled.any():
        days = int(filled.any(axis=1).sum())
        made = round(float((footfall.counts * found.per_slot)[filled].sum()))
        values = {"count": days, "customers": made, "percent": percent}
        told.append(Diagnostic("demand.converted", values))
    if stated is not None and _disagrees(stated, found):
        values = {"stated": round(100 * stated, 1), "percent": percent}
        told.append(Diagnostic("demand.conversion_differs", values))
    if found.overall > 1:
        values = {"receipts": round(found.receipts), "percent": percent}
        told.append(Diagnostic("demand.conversion_above_one", values))
    return told


def conversion_figures(observations: Observations, shop: Shop) -> dict[str, float]:
    """Conversion for `DemandModel.parameters`: learnt and by slot, else the owner's if it is used.

    Slots are named by the time at which they start: `conversion_10:00`.
    """
    found, grid = conversion_of(observations), shop.grid
    if found is not None:
        names = [format_time(grid.start(slot)) for slot in range(grid.size)]
        return conversion_parameters(found, names)
    stated = shop.economics.conversion
    if stated is None or _alive(observations, "receipts") is not None:
        return {}
    return {"conversion": stated}


def witnesses_of(observations: Observations, shop: Shop) -> dict[str, tuple[Channel, str]]:
    """Channels that count while the shop is shut, with their class; those without a count are out.

    So is one whose counts never differ, for a counter at work shows chance at least, and one that
    sees no closed slot. A door counter that sees people while the shop is shut is a near witness.
    """
    kinds = {
        "orders": "online",
        "street": shop.sources.option("street").kind,
        "peers": "chain",
    }
    alive = {name: _alive(observations, name) for name in (*kinds, "footfall")}
    footfall = alive["footfall"]
    if footfall is not None and _sees_closed_hours(observations, footfall):
        kinds["footfall"] = "near"
    shop_counts, weekdays = shop_channel(observations, shop), observations.weekdays
    return {
        name: (joined(channel, shop_counts, weekdays), kind)
        for name, kind in kinds.items()
        if (channel := alive[name]) is not None and witness_fault(observations, channel) is None
    }


def witness_fault(observations: Observations, channel: Channel) -> str | None:
    """Why a channel is no witness of closed hours: `silent`, `flat` or `blind`; None: it is one."""
    seen = channel.exposure > 0
    if channel.counts[seen].sum() <= 0:
        return "silent"
    if seen.sum() >= TELLING_SLOTS and np.ptp(channel.counts[seen] / channel.exposure[seen]) == 0:
        return "flat"
    closed = observations.opened <= 0
    return None if seen[closed].any() or not closed.any() else "blind"


def witnesses_told(observations: Observations) -> list[Diagnostic]:
    """Channels meant as witnesses that are none, and those that never saw the shop open."""
    told = []
    for name in ("orders", "street", "peers"):
        channel = observations.channels.get(name)
        if channel is None:
            continue
        fault = witness_fault(observations, channel)
        if fault == "blind" and name == "peers":
            told.append(Diagnostic("demand.peers_blind", {}))
        elif fault is not None:
            told.append(Diagnostic(f"demand.witness_{fault}", {"source": name}))
        elif not (channel.exposure[observations.opened > 0] > 0).any():
            told.append(Diagnostic("demand.witness_apart", {"source": name}))
    return told


def _alive(observations: Observations, name: str) -> Channel | None:
    """A channel in which anybody was counted."""
    channel = observations.channels.get(name)
    if channel is None or channel.counts[channel.exposure > 0].sum() <= 0:
        return None
    return channel


def _sees_closed_hours(observations: Observations, footfall: Channel) -> bool:
    return bool(footfall.exposure[observations.opened <= 0].sum() > 0)


def _disagrees(stated: float, found: Conversion) -> bool:
    """Whether an owner's figure is far from the data's, beyond chance and beyond a rounding."""
    apart = abs(np.log(max(stated, 1e-6) / found.overall))
    return bool(apart > max(2 * found.overall_sd / found.overall, DOUBTED))


def check_counts(observations: Observations) -> None:
    """Raise DataError `demand.not_a_count` where what was seen is negative or no number."""
    for name, channel in observations.channels.items():
        sound = np.isfinite(channel.counts) & (channel.counts >= 0)
        wrong = (channel.exposure > 0) & ~sound
        if wrong.any():
            day, slot = np.argwhere(wrong)[0]
            raise DataError(
                "demand.not_a_count",
                source=name,
                date=observations.dates[day],
                time=format_time(observations.grid.start(slot)),
                value=str(channel.counts[day, slot]),
            )


def without_outliers(channel: Channel) -> tuple[Channel, NDArray[np.bool_]]:
    """The channel with days of impossible totals unseen, and which days (N,) those are.

    A total of more than `OUTLIER_TIMES` the usual day's is a slip of the counter or of the file; a
    fair's best day is not.
    """
    totals = np.where(channel.exposure > 0, channel.counts, 0.0).sum(axis=1)
    usual = np.median(totals[totals > 0]) if (totals > 0).any() else np.inf
    wild = totals > OUTLIER_TIMES * max(usual, 1.0)
    return replace(channel, exposure=np.where(wild[:, None], 0.0, channel.exposure)), wild
