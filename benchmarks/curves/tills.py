"""Real trades with their hours cut short and nobody else counting: what the edges alone tell.

A street counter made a shop (`closed`) says how a street fades; customers of a trade come at its
own times. Each trade here is cut within the hours in which it truly traded, so that what is hidden
is known after all. Beside it stands what four trades are asked for before their own opening, for
which they had their reasons: a floor, for their customers know that they are shut.
`python -m benchmarks demand --only tills`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.curves import sets
from benchmarks.curves.closed import rms
from benchmarks.curves.rows import Row
from benchmarks.curves.sets import Series
from benchmarks.curves.shops import observed
from hoursopt.demand import fit_demand
from hoursopt.shop import Horizon

Floats = NDArray[np.float64]

TRADES = (
    "bakery_edinburgh",
    "takeaway_london",
    "coffee_vending",
    "online_retail_uk",
    "bank_calls_1999",
    "bank_calls_2003",
)
STREETS = ("melbourne_footfall", "dunlaoghaire_footfall")
OPENINGS = {
    "bakery_edinburgh": 8,
    "takeaway_london": 17,
    "online_retail_uk": 8,
    "bank_calls_1999": 7,
}
"""Hour at which a trade truly opens on working days, of those that are asked for before."""

WEEKS = 16
FURTHEST = 3
SHORTEST = 4
DRAWS, SEED = 400, 0
CUSTOMERS_PER_HOUR = 12.0


@dataclass(frozen=True)
class Cut:
    """A trade that is shut in the first or the last hours of its true day."""

    series: Series
    early: int
    late: int

    @property
    def opened(self) -> Floats:
        """(N, H) open share of each slot."""
        slots = np.flatnonzero((self.series.opened[self.ordinary] > 0).mean(axis=0) > 0.5)
        opened = np.zeros_like(self.series.opened)
        opened[:, slots[self.early] : slots[-1] + 1 - self.late] = 1.0
        return opened * (self.series.opened > 0)

    @property
    def ordinary(self) -> NDArray[np.bool_]:
        """(N,) Mondays to Fridays that follow their weekday."""
        holidays = self.series.holidays(self.series.dates)
        usual = np.array([date not in holidays for date in self.series.dates])
        return usual & (self.series.weekdays < 5) & (self.series.opened > 0).any(axis=1)


def cuts(series: Series) -> Iterator[Cut]:
    """Up to three hours taken from the morning, and from the evening."""
    whole = Cut(series, 0, 0)
    hours = int((whole.opened[whole.ordinary].mean(axis=0) > 0.5).sum())
    for number in range(1, FURTHEST + 1):
        if hours - number >= SHORTEST:
            yield Cut(series, number, 0)
            yield Cut(series, 0, number)


def measure(names: tuple[str, ...], streets: Sequence[Series] = ()) -> pd.DataFrame:
    """Every hidden hour of every cut as a row: error of the median, of the mean, and cover.

    streets: counters of which the one most like the trade in its open hours stands witness.
    """
    rows = []
    for series in sets.load(names):
        few = last_weeks(series)
        for cut in cuts(few):
            rows += list(judged(cut, most_like(cut, streets) if streets else None))
    return pd.DataFrame(rows)


def most_like(cut: Cut, streets: Sequence[Series]) -> Floats:
    """(N, H) the counter whose log ratio to the trade varies least over its open hours.

    Of another town and time: its days stand in for those of the same weekday, its last weeks first.
    """
    series, opened = cut.series, cut.opened
    inside = opened[cut.ordinary].mean(axis=0) > 0.5
    own = np.log(np.nanmean(series.counts[cut.ordinary], axis=0)[inside] + 0.05)
    found = []
    slots, weeks = series.clock % 24, len(series.dates) // 7
    for street in streets:
        if len(street.dates) < 7 * (weeks + 1):
            continue
        end = len(street.dates) - (len(street.dates) - series.weekdays[0] + street.weekdays[0]) % 7
        rows = np.arange(end - 7 * weeks, end)
        days = street.counts[rows][:, slots]
        usual = np.nanmean(days[street.weekdays[rows] < 5], axis=0)[inside]
        found.append((float(np.std(own - np.log(usual + 0.5))), days))
    return min(found, key=lambda pair: pair[0])[1]


def last_weeks(series: Series) -> Series:
    """Whole weeks at its end, thinned to a shop's size."""
    days = 7 * min(WEEKS, len(series.dates) // 7)
    few = series.between(len(series.dates) - days, len(series.dates))
    mean = float(np.nanmean(few.counts[few.opened > 0]))
    share = min(1.0, CUSTOMERS_PER_HOUR / mean)
    rng = np.random.default_rng([SEED, len(series.name)])
    counts = rng.binomial(np.nan_to_num(few.counts).astype(int), share).astype(float)
    return replace(few, counts=np.where(np.isnan(few.counts), np.nan, counts))


def judged(cut: Cut, street: Floats | None = None) -> Iterator[dict[str, object]]:
    """The hidden hours of a cut, Monday to Friday together."""
    series, opened = cut.series, cut.opened
    shop = replace(series, opened=opened).shop(None if street is None else "near")
    shop = replace(shop, horizon=Horizon(series.dates[0], len(series.dates) // 7))
    counts = np.where(opened > 0, series.counts, np.nan)
    channels = {"receipts": counts} | ({} if street is None else {"street": street})
    model = fit_demand(observed(series.grid, series.dates, opened, channels), shop)
    drawn = model.draws(model.seasons[0].name, DRAWS, SEED).walk_in[:, :5].mean(axis=1)
    true = np.nanmean(series.counts[cut.ordinary], axis=0)
    days = int(cut.ordinary.sum())
    open_at = np.flatnonzero(opened[cut.ordinary].mean(axis=0) > 0.5)
    edge = open_at[0] if cut.early else open_at[-1]
    for distance in range(1, max(cut.early, cut.late) + 1):
        slot = edge - distance if cut.early else edge + distance
        low, middle, high = np.quantile(drawn[:, slot], (0.1, 0.5, 0.9))
        truth = true[slot]
        if truth * days < 1:
            continue
        yield {
            "trade": series.name,
            "side": "before" if cut.early else "after",
            "distance": distance,
            "hour": int(series.clock[slot]),
            "to_edge": float(np.log(truth / true[edge])),
            "error": float(np.log(middle / truth)),
            "mean_error": float(np.log(drawn[:, slot].mean() / truth)),
            "spread": float(np.log(high / low) / 2.563),
            "inside": float(low <= truth <= high),
        }


def asked_before() -> pd.DataFrame:
    """What trades are asked for 1 and 2 hours before they open, as shares of their first hour."""
    rows = []
    for folder, opening in OPENINGS.items():
        if (sets.FOLDER / folder).is_dir():
            day = sets.working_day(folder)
            shares = day[[opening - 1, opening - 2]] / day[opening]
            rows.append({"trade": folder, "one": shares[0], "two": shares[1]})
    return pd.DataFrame(rows)


def main_rows() -> list[Row]:
    """Errors and cover by side and distance; there is no target for them."""
    alone, floors = measure(TRADES), asked_before()
    if alone.empty:
        return []
    rows = []
    streets = sets.load(STREETS)
    seen = {"no witness": alone} | ({"a street": measure(TRADES, streets)} if streets else {})
    for side, (witness, found) in product(("before", "after"), seen.items()):
        told = []
        for distance, part in found[found["side"] == side].groupby("distance"):
            top = np.exp(part["to_edge"].quantile(0.9))
            told.append(
                f"{distance} h: error {part['error'].mean():+.2f}, of the expectation"
                f" {part['mean_error'].mean():+.2f}, rms {rms(part['error']):.2f},"
                f" cover {part['inside'].mean():.2f} of {len(part)},"
                f" true {np.exp(part['to_edge'].median()):.2f} of the edge,"
                f" one in ten above {top:.2f}"
            )
        rows.append(Row(f"trades cut {side} their hours, {witness}", "-", "-", "; ".join(told)))
    shares = [f"{row.one:.2f} and {row.two:.2f} ({row.trade})" for row in floors.itertuples()]
    rows.append(Row("asked for 1 and 2 h before their own opening", "-", "-", "; ".join(shares)))
    return rows
