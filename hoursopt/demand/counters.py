"""Several counters as one witness: places along a street, or other shops of the chain.

Their counts stay one channel. Its exposure is put so that counts over exposure is the weighted mean
of their curves in logs, those weighing most whose ratio to the shop varies least in hours that both
saw. What each curve has of its own around that mean is a column of the log ratio: the shop may be
more like one of them than like the others. So six counters cost little more than one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hoursopt.observations import Channel

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

SMOOTHED_COUNT = 1.0
USUAL_COUNTS = 20.0  # so many counts of a curve without a weekday's own clock stand in every cell
LEAST_SD = 0.05  # of a log ratio over the overlap: closer than that is chance
OWN_BOUNDS = 2.0
LEAST_OVERLAP = 5  # cells of the week from which on an overlap tells how like two curves are


def joined(channel: Channel, shop: Channel, weekdays: Ints) -> Channel:
    """The channel with an exposure for which its rate is the weighted mean of its sensors' curves.

    shop: the shop's own counts, which tell how much each sensor weighs. weekdays: (N,). A channel
    without sensors stays as it is.
    """
    if len(channel.sensor_counts) < 2:
        return channel
    logs, seen = _curves(channel, weekdays)
    weights = _likeness(logs, seen, *_curve(shop.counts, shop.exposure, weekdays))
    mean = _mean(logs, seen, weights)
    # Of a sum the loudest decides; of sensors that count at different hours it jumps.
    counts, exposure = channel.counts, channel.exposure
    shown, there = _curve(counts, exposure, weekdays)
    both = there & seen.any(axis=0)
    shift = np.where(both, shown - mean, 0.0)
    shift -= shift[both].mean() if both.any() else 0.0
    return replace(channel, exposure=exposure * np.exp(shift)[weekdays])


def own_curves(channel: Channel, weekdays: Ints) -> Floats:
    """(S, 7, H) log curve of each sensor less that of the channel, 0 where it saw nothing."""
    if len(channel.sensor_counts) < 2:
        return np.zeros((0, 7, channel.counts.shape[1]))
    logs, seen = _curves(channel, weekdays)
    shown, there = _curve(channel.counts, channel.exposure, weekdays)
    both = seen & there
    apart = np.where(both, logs - shown, 0.0)
    cells = np.maximum(both.sum(axis=(1, 2)), 1)
    apart = np.where(both, apart - (apart.sum(axis=(1, 2)) / cells)[:, None, None], 0.0)
    return np.clip(apart, -OWN_BOUNDS, OWN_BOUNDS)


def _curves(channel: Channel, weekdays: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    """(S, 7, H) log rates of the sensors, and where each counted, of what the channel saw."""
    alive = channel.exposure > 0
    parts = [
        _curve(counts, np.where(alive, exposure, 0.0), weekdays)
        for counts, exposure in zip(channel.sensor_counts, channel.sensor_exposure, strict=True)
    ]
    return np.array([log for log, _ in parts]), np.array([seen for _, seen in parts])


def _curve(counts: Floats, exposure: Floats, weekdays: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    """(7, H) log rate of counts (N, H), and where anything could be counted."""
    seen, could = np.zeros((2, 7, counts.shape[1]))
    np.add.at(seen, weekdays, np.where(exposure > 0, counts, 0.0))
    np.add.at(could, weekdays, exposure)
    overall = max(float(seen.sum()), 0.5) / max(float(could.sum()), 1e-9)
    clock = (seen.sum(axis=0) + SMOOTHED_COUNT) / (could.sum(axis=0) + SMOOTHED_COUNT / overall)
    day = (seen.sum(axis=1) + SMOOTHED_COUNT) / ((could * clock).sum(axis=1) + SMOOTHED_COUNT)
    usual = day[:, None] * clock
    log: Floats = np.log((seen + USUAL_COUNTS) / (could + USUAL_COUNTS / usual))
    return log, could > 0


def _likeness(
    logs: Floats, seen: NDArray[np.bool_], shop: Floats, shop_seen: NDArray[np.bool_]
) -> Floats:
    """(S,) weights that sum to 1: the inverse of the variance of each log ratio to the shop."""
    weights = np.zeros(len(logs))
    for number, log in enumerate(logs):
        both = seen[number] & shop_seen
        if both.sum() >= LEAST_OVERLAP:
            weights[number] = 1 / max(float(np.std((log - shop)[both])), LEAST_SD) ** 2
    return weights / weights.sum() if weights.any() else np.full(len(logs), 1 / len(logs))


def _mean(logs: Floats, seen: NDArray[np.bool_], weights: Floats) -> Floats:
    """(7, H) weighted mean of curves (S, 7, H), each freed of its level.

    Sensors that were never there at the same hours have levels by what others share with both: a
    two-way table with gaps, by least squares.
    """
    size = len(logs)
    cells, there = logs.reshape(size, -1), seen.reshape(size, -1)
    weight = np.maximum(weights, 1e-6)[:, None] * there
    share = weight / np.maximum(weight.sum(axis=0), 1e-12)
    mean = (share * cells).sum(axis=0)
    normal = np.diag(weight.sum(axis=1)) - weight @ share.T
    level = np.linalg.lstsq(normal, (weight * (cells - mean)).sum(axis=1), rcond=None)[0]
    levelled: Floats = (share * (cells - level[:, None])).sum(axis=0)
    return levelled.reshape(logs.shape[1:])
