"""Which channel counts the shop's customers, and which count while it is shut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hoursopt.errors import DataError
from hoursopt.observations import Channel, Observations
from hoursopt.shop import Shop

OUTLIER_TIMES = 30.0


def shop_channel(observations: Observations, shop: Shop) -> Channel:
    """Customers of the shop: receipts, or footfall times the owner's conversion.

    Raises DataError `demand.nothing` and `demand.conversion`.
    """
    receipts = observations.channels.get("receipts")
    if receipts is not None and receipts.counts[receipts.exposure > 0].sum() > 0:
        return receipts
    footfall = observations.channels.get("footfall")
    if footfall is None or footfall.counts[footfall.exposure > 0].sum() <= 0:
        raise DataError("demand.nothing", shop=shop.name)
    if shop.economics.conversion is None:
        raise DataError("demand.conversion", shop=shop.name)
    seen = footfall.exposure * (observations.opened > 0)
    return replace(footfall, counts=footfall.counts * shop.economics.conversion, exposure=seen)


def witnesses_of(observations: Observations, shop: Shop) -> dict[str, tuple[Channel, str]]:
    """Channels that count while the shop is shut, with their class; those without a count are out.

    A door counter that sees people while the shop is shut is a near witness.
    """
    kinds = {"orders": "online", "street": shop.sources.option("street").kind}
    footfall = observations.channels.get("footfall")
    if footfall is not None and footfall.exposure[observations.opened <= 0].sum() > 0:
        kinds["footfall"] = "near"
    return {
        name: (observations.channels[name], kind)
        for name, kind in kinds.items()
        if name in observations.channels
        and observations.channels[name].counts[observations.channels[name].exposure > 0].sum() > 0
    }


def without_outliers(channel: Channel) -> tuple[Channel, NDArray[np.bool_]]:
    """The channel with days of impossible totals unseen, and which days (N,) those are.

    A total of more than `OUTLIER_TIMES` the usual day's is a slip of the counter or of the file; a
    fair's best day is not.
    """
    totals = np.where(channel.exposure > 0, channel.counts, 0.0).sum(axis=1)
    usual = np.median(totals[totals > 0]) if (totals > 0).any() else np.inf
    wild = totals > OUTLIER_TIMES * max(usual, 1.0)
    return replace(channel, exposure=np.where(wild[:, None], 0.0, channel.exposure)), wild
