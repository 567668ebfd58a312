"""Basket value per slot, shrunk towards the shop's mean."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.shrink import shrunk_rates
from hoursopt.diversion import nearest_open
from hoursopt.errors import DataError
from hoursopt.observations import Channel, Observations
from hoursopt.shop import Shop

Floats = NDArray[np.float64]

# Squared coefficient of variation of single baskets where too few sums tell it.
BASKET_VARIATION = 0.6
TELLING_SUMS = 30
LEAST_VARIATION = 0.01
# Share of the nearest hour's deviation that is left an hour away. With the first and last hours of
# real tills hidden, those an hour off were told to 7, 3 and 9 % in place of 10, 4 and 13 % by the
# shop's mean (takeaway, vending, pizza; of others that have no curve neither is better).
CARRIED_AN_HOUR = 0.8
FEAST = 6.0  # standard deviations from which on a sum says nothing more of its hour
_ROUNDS = 3


def has_amounts(channel: Channel) -> bool:
    """Whether all that was counted has its money."""
    seen = channel.exposure > 0
    return bool(np.isfinite(channel.values[seen]).all() and channel.values[seen].sum() > 0)


def lacking_amounts(observations: Observations, shop: Shop) -> Iterator[DataError]:
    """`demand.no_basket` for till and web shop, where nothing says what a sale is worth."""
    for source, name in (("receipts", "basket_value"), ("orders", "online_basket_value")):
        channel = observations.channels.get(source)
        if channel is None or channel.counts.sum() <= 0 or has_amounts(channel):
            continue
        if getattr(shop.economics, name) is None:
            yield DataError("demand.no_basket", field=f"economics.{name}", shop=shop.name)


def shrunk_baskets(counts: Floats, values: Floats, slot_hours: float = 1.0) -> Floats:
    """(H,) mean sale per customer of each slot, from sums (N, H) of counts and of money.

    A slot's deviation from the shop's mean is shrunk by its own noise (James-Stein, method of
    moments). A slot without sales buys like the nearest that has some, the more like the mean the
    further off it is (a tie goes to the later). A single feast (a catering order) is in the mean
    with all its money, but bends the curve over the clock only as far as `FEAST` lets it.
    """
    usual, variation = _usual_sums(counts, values)
    shrunk = shrunk_rates(usual.sum(axis=0), counts.sum(axis=0), variation)
    overall = values.sum() / counts.sum()
    target, distance = nearest_open(counts.sum(axis=0) > 0)
    left = CARRIED_AN_HOUR ** (distance * slot_hours)
    baskets: Floats = overall * (1 + left * (shrunk.rates[target] / shrunk.overall - 1))
    return baskets


def basket_variation(counts: Floats, values: Floats) -> float:
    """Squared coefficient of variation of single baskets, from sums (N, H) of counts and of money.

    A sum of n baskets strays from n times its slot's mean with n times the variance of one, so the
    single baskets need not be known. What moves all baskets of a day together is in it too: a
    slot's mean is no surer than its days allow. Feasts are cut first.
    """
    return _usual_sums(counts, values)[1]


def _usual_sums(counts: Floats, values: Floats) -> tuple[Floats, float]:
    """Sums (N, H) without what is beyond `FEAST`, and the variation that is left."""
    usual = values
    variation = _variation(counts, usual)
    for _ in range(_ROUNDS):
        mean = _means(counts, usual)
        reach = FEAST * np.sqrt(variation * counts) * usual.sum() / counts.sum()
        usual = np.minimum(usual, np.where(counts > 0, counts * mean + reach, np.inf))
        variation = _variation(counts, usual)
    return usual, variation


def _means(counts: Floats, values: Floats) -> Floats:
    """(H,) raw mean basket of each slot, the shop's where nothing was sold."""
    customers, money = counts.sum(axis=0), values.sum(axis=0)
    overall = np.full(customers.size, money.sum() / customers.sum())
    means: Floats = np.divide(money, customers, out=overall, where=customers > 0)
    return means


def _variation(counts: Floats, values: Floats) -> float:
    sold = counts > 0
    freedom = int(sold.sum()) - int(sold.any(axis=0).sum())
    if freedom < TELLING_SUMS:
        return BASKET_VARIATION
    stray = np.where(sold, values - counts * _means(counts, values), 0.0)
    spread = float(np.sum(stray**2 / np.where(sold, counts, 1.0))) / freedom
    overall = values.sum() / counts.sum()
    return max(spread / overall**2, LEAST_VARIATION)
