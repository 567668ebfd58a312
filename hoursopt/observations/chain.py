"""Other shops of the chain as a witness: their receipts on this shop's days and slots.

They tell something while they are open and nothing else: outside their own hours, on days on which
they sold nothing and before or after their files they have no exposure, never a zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hoursopt.calendar import special_days
from hoursopt.hours import DAY, LONGEST_DAY_END, Grid, Span, Spans
from hoursopt.observations.channels import Channel, State, till
from hoursopt.observations.counting import Stamps, count_receipts, trading_minutes
from hoursopt.observations.exposure import expected_counts, open_shares, real_shares
from hoursopt.shop import Shop

Floats = NDArray[np.float64]

NORMAL_HOLIDAY = 1.0
ROUNDS = 50
SMALL = 1e-9

_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Peer:
    """Another shop of the chain, and its receipts as importers give them (`time`, `amount`)."""

    shop: Shop
    receipts: pd.DataFrame


def chain_channel(
    peers: Sequence[Peer], grid: Grid, dates: Sequence[dt.date]
) -> tuple[Channel | None, list[Peer]]:
    """The peers' receipts added up, and the peers who tell nothing; None where none tells any.

    Exposure is the share of all their customers that those open could see, were they all alike but
    for their size. With two and more, each one's own counts stand in the channel as sensors.
    """
    seen = [(peer, _till(peer, grid, dates)) for peer in peers]
    silent = [peer for peer, (counts, _) in seen if counts.sum() <= 0]
    parts = [part for _, part in seen if part[0].sum() > 0]
    if not parts:
        return None, silent
    counts, could = (np.array(each) for each in zip(*parts, strict=True))
    weekdays = np.array([date.weekday() for date in dates])
    exposure = np.einsum("s,snh->nh", _sizes(counts, could, weekdays), could)
    channel = Channel(
        counts=counts.sum(axis=0),
        values=np.full_like(exposure, np.nan),
        exposure=exposure,
        state=np.where(exposure > 0, State.OPEN, State.CLOSED).astype(np.int8),
        outside=np.zeros(len(dates)),
        sensor_counts=counts,
        sensor_exposure=could,
    )
    return channel, silent


def _till(peer: Peer, grid: Grid, dates: Sequence[dt.date]) -> tuple[Floats, Floats]:
    """Counts and exposure (N, H) of one peer on this shop's days and slots."""
    shop = peer.shop
    wide = _wide_grid(grid, shop.grid)
    first = (dates[0] - _EPOCH).days
    clock = peer.receipts["time"].to_numpy().astype("datetime64[m]").astype(np.int64)
    spans = [_within(wide, shop.hours_on(date)) for date in dates]
    tally = count_receipts(wide, first, spans, Stamps(clock, np.full(clock.size, np.nan)))
    days, _ = trading_minutes(wide, clock)
    told = np.zeros(len(dates), dtype=bool)
    if days.size:
        told[max(days.min() - first, 0) : max(days.max() - first + 1, 0)] = True
    could = open_shares(wide, spans) * real_shares(wide, dates, shop.timezone) * told[:, None]
    special = special_days(shop.country, shop.subdivision, dates[0], dates[-1], shop.language)
    unlike = {day.date for day in special}
    usual = expected_counts(tally.counts, could).sum(axis=1)
    shut = (tally.counts.sum(axis=1) == 0) & (usual >= NORMAL_HOLIDAY)
    shut &= np.array([date in unlike for date in dates])
    could[shut] = 0.0
    channel = till(tally, could, grid.slot_minutes, trades=True).channel
    own = slice(wide.index(grid.earliest), wide.index(grid.earliest) + grid.size)
    return channel.counts[:, own], channel.exposure[:, own]


def _wide_grid(grid: Grid, other: Grid) -> Grid:
    """Slots of this shop, and around them those of the other's day, where a day has room for both.

    Else receipts of a time that is no slot here would be taken for those of a queue at the edge.
    """
    step = grid.slot_minutes
    earliest = min(grid.earliest, other.earliest // step * step)
    latest = max(grid.latest, -(-other.latest // step) * step)
    fits = latest <= LONGEST_DAY_END and latest - earliest <= DAY
    return Grid(step, earliest, latest) if fits else grid


def _within(grid: Grid, spans: Spans) -> Spans:
    cut = ((max(span.start, grid.earliest), min(span.end, grid.latest)) for span in spans)
    return tuple(Span(start, end) for start, end in cut if start < end)


def _sizes(counts: Floats, could: Floats, weekdays: NDArray[np.intp]) -> Floats:
    """(S,) share of each peer in all customers, by hours that more than one was open.

    counts, could: (S, N, H). Poisson rates of one curve times a size each: the likeliest by turns.
    """
    size = len(counts)
    seen, there = (np.zeros((size, 7, counts.shape[2])) for _ in range(2))
    for number in range(size):
        np.add.at(seen[number], weekdays, counts[number])
        np.add.at(there[number], weekdays, could[number])
    sizes = seen.sum(axis=(1, 2)) / np.maximum(there.sum(axis=(1, 2)), SMALL)
    for _ in range(ROUNDS):
        hoped = np.einsum("s,swh->wh", sizes, there)
        curve = seen.sum(axis=0) / np.maximum(hoped, SMALL)
        sizes = seen.sum(axis=(1, 2)) / np.maximum((there * curve).sum(axis=(1, 2)), SMALL)
        sizes = sizes / sizes.sum()
    return sizes
