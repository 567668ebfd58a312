"""28 days ahead on the real sets, from rolling origins, against LightGBM and the mean of 8 weeks.

`python -m benchmarks.curves.forecasts [--sets a,b] [--origins 3]` is the developer's quick turn: it
keeps the results of LightGBM under build/, by data, origin and settings. The benchmark itself
(`python -m benchmarks demand`) keeps nothing.

Origins are the starts of the last three blocks of 28 days that have 8 weeks before them. The
measure is the mean Poisson deviance of an open hour, over all origins, as a ratio to that of the
mean of the same weekday and hour of the last 8 weeks.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.curves import peers
from benchmarks.curves.rows import Row
from benchmarks.curves.sets import SETS, Series, absent, load
from hoursopt.demand import fit_demand

Floats = NDArray[np.float64]
Way = Callable[[Series, Series], Floats]

HORIZON = 28
LEAST_PAST = 56
ORIGINS = 3
DRAWS = 400
CACHE = Path(__file__).parents[2] / "build" / "peers"


@dataclass(frozen=True)
class Fold:
    """One origin of a series: the past, the days ahead without counts, and what came."""

    past: Series
    ahead: Series
    truth: Series


@dataclass(frozen=True)
class Told:
    """Our forecast of a fold: its mean (N, H), the counts drawn (R, N, H), seconds of the fit."""

    mean: Floats
    counts: Floats
    seconds: float


@dataclass(frozen=True)
class Result:
    """A series over its origins.

    deviance: mean Poisson deviance per open hour of each way. days, totals: for each day and each
    origin whether its total lay within the 80 % range. errors: our error of each total, a share.
    """

    series: Series
    origins: int
    deviance: dict[str, float]
    days: NDArray[np.bool_]
    totals: NDArray[np.bool_]
    errors: Floats
    seconds: float

    def ratio(self, way: str) -> float:
        """Deviance of a way over that of the mean of 8 weeks."""
        return self.deviance[way] / self.deviance["mean"]


def folds(series: Series, origins: int = ORIGINS) -> list[Fold]:
    """The last blocks of 28 days of a series, oldest first."""
    count = len(series.dates)
    made = []
    for back in range(origins, 0, -1):
        start = count - HORIZON * back
        if start < LEAST_PAST:
            continue
        truth = series.between(start, start + HORIZON)
        made.append(Fold(series.between(0, start), truth.blank(), truth))
    return made


def ours(fold: Fold) -> Told:
    """Our own model on the past of a fold."""
    shop, observations = fold.past.shop(), fold.past.observations()
    started = time.perf_counter()
    model = fit_demand(observations, shop)
    seconds = time.perf_counter() - started
    forecast = model.forecast(fold.ahead.dates, fold.ahead.opened, count=DRAWS)
    return Told(forecast.mean, forecast.counts, seconds)


def poisson_deviance(counts: Floats, mean: Floats) -> float:
    """Mean of 2 (y ln(y/m) - y + m) over rows."""
    safe = np.where(counts > 0, counts, 1.0)
    return float(np.mean(2 * (counts * np.log(safe / mean) - counts + mean)))


def measure(series: Series, ways: Mapping[str, Way], origins: int = ORIGINS) -> Result | None:
    """Ours and the other ways on a series; None where its past is too short."""
    made = folds(series, origins)
    if not made:
        return None
    truth: list[Floats] = []
    told: dict[str, list[Floats]] = {name: [] for name in ("ours", *ways)}
    days, totals, errors, seconds = [], [], [], 0.0
    for fold in made:
        seen = fold.truth.seen
        truth.append(fold.truth.counts[seen])
        for name, way in ways.items():
            told[name].append(way(fold.past, fold.ahead)[seen])
        own = ours(fold)
        told["ours"].append(own.mean[seen])
        seconds += own.seconds / len(made)
        drawn, came = own.counts * seen, np.where(seen, fold.truth.counts, 0.0)
        open_days = seen.any(axis=1)
        days.append(_within(came.sum(axis=1), drawn.sum(axis=2))[open_days])
        totals.append(_within(came.sum(), drawn.sum(axis=(1, 2))))
        errors.append(np.where(seen, own.mean, 0.0).sum() / came.sum() - 1)
    rows = np.concatenate(truth)
    return Result(
        series,
        len(made),
        {name: poisson_deviance(rows, np.concatenate(parts)) for name, parts in told.items()},
        np.concatenate(days),
        np.array(totals),
        np.array(errors),
        seconds,
    )


def geometric(values: Sequence[float]) -> float:
    """Geometric mean."""
    return float(np.exp(np.mean(np.log(values))))


def by_set(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Results of each set, in the order of the sets."""
    found = {name: [one for one in results if one.series.folder == name] for name in SETS}
    return {name: some for name, some in found.items() if some}


def ratio_over_sets(results: Sequence[Result], way: str) -> float:
    """Geometric mean over the sets, each the geometric mean of its series."""
    return geometric(
        [geometric([one.ratio(way) for one in some]) for some in by_set(results).values()]
    )


def cover_over_sets(results: Sequence[Result], what: str) -> float:
    """Mean over the sets of the share of `days` or `totals` within their ranges."""
    parts = [
        np.mean([np.mean(getattr(one, what)) for one in some]) for some in by_set(results).values()
    ]
    return float(np.mean(parts))


def cached(way: Way, settings: str) -> Way:
    """The way with its answers kept under build/, by data, days ahead and settings."""

    def answer(past: Series, ahead: Series) -> Floats:
        key = hashlib.sha256(settings.encode())
        for part in (past.counts, past.opened, ahead.opened):
            key.update(np.ascontiguousarray(part).tobytes())
        key.update(f"{past.name} {past.place} {ahead.dates[0]}".encode())
        file = CACHE / f"{key.hexdigest()[:24]}.npy"
        if file.is_file():
            kept: Floats = np.load(file)
            return kept
        made = way(past, ahead)
        CACHE.mkdir(parents=True, exist_ok=True)
        np.save(file, made)
        return made

    return answer


def _within(value: Floats, draws: Floats) -> NDArray[np.bool_]:
    """Whether values lie within the 80 % range of draws over the first axis."""
    low, high = np.quantile(draws, (0.1, 0.9), axis=0)
    inside: NDArray[np.bool_] = (low <= value) & (value <= high)
    return inside


def print_head(ways: Sequence[str]) -> None:
    """Names of the columns."""
    print(
        f"{'series':34s} {'':4s} {'n':>2s} {'mean8w':>8s}"
        + "".join(f" {way:>8s}" for way in ways)
        + f" {'':6s} {'days':>6s} {'totals':>6s} {'fit s':>6s}  error of each total, %"
    )


def print_result(one: Result, ways: Sequence[str]) -> None:
    """A series: origins, deviance of the mean, ratio of each way to it, cover, seconds, errors."""
    shop = "shop" if one.series.shop_sized else ""
    behind = "" if one.ratio("ours") < one.ratio("lightgbm") else "behind"
    print(
        f"{one.series.name[:34]:34s} {shop:4s} {one.origins:2d} {one.deviance['mean']:8.2f}"
        + "".join(f" {one.ratio(way):8.3f}" for way in ways)
        + f" {behind:6s} {one.days.mean():6.2f} {one.totals.mean():6.2f} {one.seconds:6.2f}  "
        + " ".join(f"{100 * error:+.0f}" for error in one.errors),
        flush=True,
    )


def print_means(results: Sequence[Result], ways: Sequence[str]) -> None:
    """Means over the sets and over the series: all, the shops, and the reference's own."""
    parts = {
        "all": results,
        "shop-sized": [one for one in results if one.series.shop_sized],
        "the reference's": [one for one in results if one.series.classic],
    }
    for name, some in parts.items():
        if not some:
            continue
        days, totals = cover_over_sets(some, "days"), cover_over_sets(some, "totals")
        print(
            f"{name + ', mean of the sets':34s} {len(by_set(some)):7d} {'':8s}"
            + "".join(f" {ratio_over_sets(some, way):8.3f}" for way in ways)
            + f" {'':6s} {days:6.3f} {totals:6.3f}"
        )
        days = np.concatenate([one.days for one in some]).mean()
        totals = np.concatenate([one.totals for one in some]).mean()
        print(
            f"{name + ', mean of the series':34s} {len(some):7d} {'':8s}"
            + "".join(f" {geometric([one.ratio(way) for one in some]):8.3f}" for way in ways)
            + f" {'':6s} {days:6.3f} {totals:6.3f}"
        )


def compare(ways: Mapping[str, Way], names: Sequence[str], origins: int = ORIGINS) -> list[Result]:
    """Measure every series of the sets named (none: all) and print it as it comes."""
    columns = ["ours", *(way for way in ways if way != "mean")]
    print_head(columns)
    results = []
    for series in load(names):
        one = measure(series, ways, origins)
        if one is None:
            print(f"{series.name[:34]:34s} left out: fewer than {LEAST_PAST + HORIZON} days")
            continue
        results.append(one)
        print_result(one, columns)
    for name in absent():
        print(f"{name}: not there")
    if results:
        print_means(results, columns)
    return results


def main_rows(results: Sequence[Result]) -> list[Row]:
    """The targets of 28 days ahead."""
    shops = by_set([one for one in results if one.series.shop_sized])
    both = {
        name: (ratio_over_sets(some, "ours"), ratio_over_sets(some, "lightgbm"))
        for name, some in shops.items()
    }
    behind = [
        f"{name} {own:.3f} to {other:.3f}" for name, (own, other) in both.items() if own >= other
    ]
    lightgbm = ratio_over_sets(results, "lightgbm")
    days, totals = cover_over_sets(results, "days"), cover_over_sets(results, "totals")
    return [
        Row(
            "28 days ahead: Poisson deviance over that of the mean of 8 weeks, geometric mean of"
            f" {len(by_set(results))} sets",
            "<= 0.80",
            "<= 0.70",
            f"{ratio_over_sets(results, 'ours'):.3f} (LightGBM {lightgbm:.3f})",
        ),
        Row(
            "shop-sized sets below LightGBM",
            "",
            f"{len(shops)} of {len(shops)}",
            f"{len(shops) - len(behind)} of {len(shops)}"
            + (f"; behind on {', '.join(behind)}" if behind else ""),
        ),
        Row("cover of the 80 % range of day totals", "0.75-0.92", "0.77-0.85", f"{days:.3f}"),
        Row("cover of the 80 % range of 28-day totals", ">= 0.75", "0.77-0.85", f"{totals:.3f}"),
    ]


def main(words: Sequence[str] = ()) -> None:
    """The developer's quick turn."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.curves.forecasts")
    parser.add_argument("--sets", default="", help="folders, joined by commas; default all")
    parser.add_argument("--origins", type=int, default=ORIGINS)
    given = parser.parse_args(words)
    source = hashlib.sha256(Path(peers.__file__).read_bytes()).hexdigest()
    lightgbm = cached(peers.gradient_boosting, source)
    ways = {"mean": peers.mean_of_weeks, "lightgbm": lightgbm}
    compare(ways, [name for name in given.sets.split(",") if name], given.origins)


if __name__ == "__main__":
    main(sys.argv[1:])
