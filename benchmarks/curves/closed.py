"""Hours never open, against the truth: a street counter made a shop, seen through another counter.

A counter counts round the clock. Thinned to a few customers an hour and cut to opening hours it is
a shop whose closed hours are known after all. `python -m benchmarks.curves.closed [--quick]`.

The curve is asked for over the observed weeks (the horizon lies within the data), so that what is
measured is the inference of closed hours and not a forecast of the level. The error of a cell is
that of the median of its draws: an expectation stands above it by half the variance of the log, and
would pay for honest uncertainty. That of the expectation is printed beside it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.curves import sets
from benchmarks.curves.rows import Row
from benchmarks.curves.sets import Place, Series
from benchmarks.curves.shops import observed, shop_of
from hoursopt.demand import fit_demand
from hoursopt.hours import Grid
from hoursopt.shop import Horizon

Floats = NDArray[np.float64]

HOUR_OF_DAY = np.arange(24)
CUSTOMERS_PER_HOUR = 8.0
WEEKS = 26
FURTHEST = 4
LEAST_TRUTH = 25.0  # people seen in a cell over all weeks: fewer tell no rate
NOISY_DAY = 0.15  # of the median of its weekday: below that the counter was dead
DRAWS, SEED = 400, 0
QUICK_WINDOWS = ((9, 17), (10, 18))
WINDOWS = (*QUICK_WINDOWS, (8, 16), (11, 15))
SUNDAY_WINDOW = (9, 18)
BREAK_EVENS = np.arange(2, 10) / 10  # of the last open hour
FIRM = 0.9
CLASSES = ("near", "area", "unknown", "several")
OWNER_SAYS = {"several": "unknown"}  # of a class of trials; else the same

Window = tuple[int, int]


@dataclass(frozen=True)
class Town:
    """Counters of one town over the same days; the last of `dates` is a whole week's end."""

    name: str
    place: Place
    dates: tuple[dt.date, ...]
    counts: dict[str, Floats]

    @property
    def weekdays(self) -> NDArray[np.intp]:
        """(N,) Monday 0."""
        return np.array([date.weekday() for date in self.dates])


@dataclass(frozen=True)
class Trial:
    """One counter of a town as a shop with opening hours, and what stands witness for it.

    factor: the share of the people who are its customers. counts: (N, 24) its customers, of which
    the fit sees those in `opened` (N, 24). witness: (N, 24). counters: (S, N, 24) where each of
    several stands witness by itself.
    """

    town: Town
    sensor: str
    kind: str
    helper: str
    window: Window
    factor: float
    counts: Floats
    witness: Floats
    opened: Floats
    counters: Floats | None = None

    @property
    def name(self) -> str:
        """What tells it from the others."""
        start, end = self.window
        return f"{self.sensor} {start}-{end} <- {self.helper}"

    @cached_property
    def ordinary(self) -> NDArray[np.bool_]:
        """(N,) days that follow their weekday: the curve speaks of no others."""
        series = Series(
            "", self.sensor, self.town.place, GRID, self.town.dates, self.counts, self.opened
        )
        holidays = series.holidays(self.town.dates)
        return np.array([date not in holidays for date in self.town.dates])

    @cached_property
    def truth(self) -> Floats:
        """(7, 24) customers an hour, from all people counted; NaN where too few were."""
        people = self.town.counts[self.sensor]
        cells = np.full((7, 24), np.nan)
        for weekday in range(7):
            days = people[self.ordinary & (self.town.weekdays == weekday)]
            seen = np.isfinite(days).sum(axis=0)
            total = np.nansum(days, axis=0)
            enough = (total >= LEAST_TRUTH) & (seen > 0)
            cells[weekday] = np.where(enough, total / np.maximum(seen, 1), np.nan)
        return self.factor * cells

    @cached_property
    def seen(self) -> Floats:
        """(7, 24) mean customers an hour as the shop saw them; NaN where it was shut."""
        return self._cells(np.where(self.opened > 0, self.counts, np.nan))

    @cached_property
    def helper_cells(self) -> Floats:
        """(7, 24) mean count of the witness."""
        return self._cells(self.witness)

    def _cells(self, counts: Floats) -> Floats:
        cells = np.full((7, 24), np.nan)
        for weekday in range(7):
            days = counts[self.ordinary & (self.town.weekdays == weekday)]
            seen = np.isfinite(days).sum(axis=0)
            cells[weekday] = np.where(
                seen > 0, np.nansum(days, axis=0) / np.maximum(seen, 1), np.nan
            )
        return cells


GRID = Grid(60, 0, 24 * 60)

Ask = Callable[[Trial], Floats]
"""What a method believes of a trial's hours: draws (R, 7, 24), one for a method without a range."""


def hoursopt(trial: Trial) -> Floats:
    """The fit of the project, over the observed weeks."""
    town = trial.town
    shop = shop_of(
        trial.sensor,
        GRID,
        trial.opened,
        town.dates,
        country=town.place.country,
        timezone=town.place.timezone,
        street=OWNER_SAYS.get(trial.kind, trial.kind),
    )
    shop = replace(
        shop,
        subdivision=town.place.subdivision,
        horizon=Horizon(town.dates[0], len(town.dates) // 7),
    )
    channels = {"receipts": trial.counts, "street": trial.witness}
    seen = observed(GRID, town.dates, trial.opened, channels, trial.counters)
    model = fit_demand(seen, shop)
    return model.draws(model.seasons[0].name, DRAWS, SEED).walk_in


def scaled(trial: Trial) -> Floats:
    """The witness, scaled to the shop on the hours of the week that both saw."""
    both = np.isfinite(trial.seen) & np.isfinite(trial.helper_cells)
    return (trial.helper_cells * trial.seen[both].sum() / trial.helper_cells[both].sum())[None]


def flat(trial: Trial) -> Floats:
    """The last open hour goes on, and the first began before."""
    start, end = trial.window
    nearest = np.clip(HOUR_OF_DAY, start, end - 1)
    return np.maximum(trial.seen[:, nearest], 0.5 / WEEKS)[None]


METHODS: dict[str, Ask] = {"hoursopt": hoursopt, "scaled": scaled, "flat": flat}


def melbourne() -> Town:
    """Seven counters of a city's centre, 26 weeks of 2013."""
    return _town("melbourne_footfall", "Melbourne", dt.date(2013, 4, 1))


def dun_laoghaire() -> Town:
    """Counters of a seaside suburb, 25 weeks of 2025; nothing was ever tuned on them."""
    return _town("dunlaoghaire_footfall", "Dun Laoghaire", dt.date(2025, 1, 6))


def trials(
    town: Town,
    windows: Sequence[Window],
    classes: Sequence[str] = CLASSES,
    sensors: Sequence[str] = (),
) -> Iterator[Trial]:
    """Every counter of a town as a shop; `sensors` chooses by parts of names, in any case."""
    for sensor in chosen(town, sensors):
        for window in windows:
            opened = np.zeros((len(town.dates), 24))
            opened[:, window[0] : window[1]] = 1.0
            yield from _seen_by_all(town, sensor, window, opened, classes)


def sunday_trials(
    town: Town, classes: Sequence[str] = CLASSES, sensors: Sequence[str] = ()
) -> Iterator[Trial]:
    """The same with Sunday closed altogether."""
    for sensor in chosen(town, sensors):
        opened = np.zeros((len(town.dates), 24))
        opened[:, SUNDAY_WINDOW[0] : SUNDAY_WINDOW[1]] = 1.0
        opened[town.weekdays == 6] = 0.0
        yield from _seen_by_all(town, sensor, SUNDAY_WINDOW, opened, classes)


def chosen(town: Town, sensors: Sequence[str]) -> list[str]:
    """Counters of a town of which a part of the name was given; all where none was."""
    found = [name for name in town.counts if any(part.lower() in name.lower() for part in sensors)]
    if sensors and not found:
        raise ValueError(f"Expected parts of {', '.join(town.counts)}, got {', '.join(sensors)}.")
    return found or list(town.counts)


def _town(folder: str, name: str, first: dt.date) -> Town:
    series = sets.load([folder])
    if not series:
        raise FileNotFoundError(f"The data set {folder} does not stand beside the project.")
    last = first + dt.timedelta(weeks=WEEKS) - dt.timedelta(days=1)
    last = min(last, *(one.dates[-1] for one in series if one.dates[-1] > first))
    weeks = ((last - first).days + 1) // 7
    dates = tuple(first + dt.timedelta(days=day) for day in range(7 * weeks))
    counts = {}
    for one in series:
        if one.dates[0] <= first and one.dates[-1] >= dates[-1]:
            start = one.dates.index(first)
            kept = _without_dead_days(one.counts[start : start + len(dates)])
            if np.nanmean(kept[:, 9:17]) > 2 * CUSTOMERS_PER_HOUR:
                counts[one.name] = kept
    return Town(name, series[0].place, dates, counts)


def _without_dead_days(counts: Floats) -> Floats:
    """Counts with NaN on days on which the counter was dead."""
    totals = np.nansum(counts, axis=1)
    usual = np.array([np.median(totals[day::7]) for day in range(7)])
    dead = totals < NOISY_DAY * np.tile(usual, len(totals) // 7 + 1)[: len(totals)]
    return np.where(dead[:, None], np.nan, counts)


def _seen_by_all(
    town: Town, sensor: str, window: Window, opened: Floats, classes: Sequence[str]
) -> Iterator[Trial]:
    """One shop's trials: by the counter most alike, by the sum of the others, by any, by each."""
    people = town.counts[sensor]
    factor = CUSTOMERS_PER_HOUR / float(np.nanmean(people[opened > 0]))
    rng = np.random.default_rng([zlib.crc32(sensor.encode()), *window])
    counts = _thinned(people, factor, rng)
    others = {name: other for name, other in town.counts.items() if name != sensor}
    helpers = {"near": [_most_alike(town, sensor, opened)], "area": ["all others"]}
    helpers["unknown"] = list(others)
    helpers["several"] = ["all others"]
    each = np.array(list(others.values()))
    sums = {**others, "all others": np.sum(each, axis=0)}
    for kind in classes:
        for helper in helpers[kind]:
            counters = each if kind == "several" else None
            seen = (window, factor, counts, sums[helper], opened, counters)
            yield Trial(town, sensor, kind, helper, *seen)


def _thinned(people: Floats, factor: float, rng: np.random.Generator) -> Floats:
    """Each of the people is a customer with a chance of `factor`."""
    seen = np.isfinite(people)
    drawn = rng.binomial(np.where(seen, people, 0.0).round().astype(int), factor)
    return np.where(seen, drawn, np.nan)


def _most_alike(town: Town, sensor: str, opened: Floats) -> str:
    """The counter whose log ratio to this one varies least over the open hours of the week."""
    logs = {}
    for name, people in town.counts.items():
        cells = [
            np.nanmean(people[town.weekdays == day][:, opened[town.weekdays == day][0] > 0], axis=0)
            for day in range(7)
        ]
        logs[name] = np.log(np.concatenate(cells) + 0.5)
    others = [name for name in logs if name != sensor]
    return min(others, key=lambda name: float(np.std(logs[name] - logs[sensor])))


def measure(asked: Iterable[Trial], ask: Ask, method: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every closed cell up to `FURTHEST` hours from the edge, and every block of them, as rows."""
    cells, blocks = [], []
    for trial in asked:
        begun = time.perf_counter()
        draws = ask(trial)
        common = {
            "method": method,
            "town": trial.town.name,
            "sensor": trial.sensor,
            "window": f"{trial.window[0]}-{trial.window[1]}",
            "kind": trial.kind,
            "helper": trial.helper,
            "seconds": time.perf_counter() - begun,
        }
        cells += [common | row for row in _cell_rows(trial, draws)]
        blocks += [common | row for row in _block_rows(trial, draws)]
    return pd.DataFrame(cells), pd.DataFrame(blocks)


def _judged(draws: Floats, truth: float) -> dict[str, float]:
    """Error of the median and of the mean, and whether the 80 % range holds the truth."""
    low, middle, high = np.quantile(draws, (0.1, 0.5, 0.9))
    return {
        "error": float(np.log(middle / truth)),
        "mean_error": float(np.log(draws.mean() / truth)),
        "inside": float(low <= truth <= high) if len(draws) > 1 else np.nan,
    }


def _cell_rows(trial: Trial, draws: Floats) -> Iterator[dict[str, object]]:
    start, end = trial.window
    for weekday in range(7):
        for distance in range(1, FURTHEST + 1):
            for side, hour in (("before", start - distance), ("after", end - 1 + distance)):
                if 0 <= hour < 24 and np.isfinite(trial.truth[weekday, hour]):
                    drawn, truth = draws[:, weekday, hour], trial.truth[weekday, hour]
                    where = {"weekday": weekday, "hour": hour, "side": side, "distance": distance}
                    firm = {}
                    if side == "after" and weekday < 5:
                        firm = _firmness(drawn, truth, trial.truth[weekday, end - 1])
                    yield {**where, **_judged(drawn, truth), **firm}


def _block_rows(trial: Trial, draws: Floats) -> Iterator[dict[str, object]]:
    """Monday to Friday together: evening hours up to a distance, and that hour alone."""
    end = trial.window[1]
    last = trial.truth[:5, end - 1].sum()
    for distance in range(1, FURTHEST + 1):
        until = slice(end, end + distance)
        truth = trial.truth[:5, until].sum()
        hour = end - 1 + distance
        alone = trial.truth[:5, hour].sum()
        if np.isfinite(truth) and hour < 24:
            judged = _judged(draws[:, :5, until].sum(axis=(1, 2)), truth)
            firm = _firmness(draws[:, :5, hour].sum(axis=1), alone, last)
            yield {"distance": distance, **judged, **firm}


def _firmness(draws: Floats, truth: float, last: float) -> dict[str, float]:
    """Shares of the break-evens at which a firm call is wrong, and at which none is made."""
    even = BREAK_EVENS * last
    chance = (draws[:, None] > even).mean(axis=0)
    pays = truth > even
    wrong = np.where(pays, chance <= 1 - FIRM, chance >= FIRM)
    open_ = (chance > 1 - FIRM) & (chance < FIRM)
    return {"wrong": float(wrong.mean()), "undecided": float(open_.mean())}


def sundays(asked: Iterable[Trial], ask: Ask, method: str) -> pd.DataFrame:
    """The closed Sunday's total within the hours of the other days, as rows."""
    rows = []
    for trial in asked:
        inside = slice(*trial.window)
        drawn = ask(trial)[:, 6, inside].sum(axis=1)
        rows.append(
            {
                "method": method,
                "sensor": trial.sensor,
                "kind": trial.kind,
                **_judged(drawn, trial.truth[6, inside].sum()),
            }
        )
    return pd.DataFrame(rows)


def rms(values: pd.Series) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def print_cells(cells: pd.DataFrame, title: str) -> None:
    """Rms error, that of the expectation, and cover, by hours from the edge, Monday to Friday."""
    print(f"\n{title}: cells Mo-Fr, rms log error / of the expectation (cover of the 80 % range)")
    print(f"{'':28}" + "".join(f"{f'{distance} h':>19}" for distance in range(1, FURTHEST + 1)))
    week = cells[cells["weekday"] < 5]
    for kind in [kind for kind in CLASSES if (cells["kind"] == kind).any()]:
        for method in week["method"].unique():
            chosen = week[(week["kind"] == kind) & (week["method"] == method)]
            sides = ("both", "before", "after") if method == "hoursopt" else ("both",)
            for side in sides:
                part = chosen if side == "both" else chosen[chosen["side"] == side]
                told = [_cell_text(part[part["distance"] == d]) for d in range(1, FURTHEST + 1)]
                name = f"{kind} {method}" + ("" if side == "both" else f", {side}")
                print(f"{name:28}" + "".join(f"{text:>19}" for text in told))


def _cell_text(part: pd.DataFrame) -> str:
    if part.empty:
        return "-"
    return f"{rms(part['error']):.2f}/{rms(part['mean_error']):.2f}{_cover(part)}"


def _cover(part: pd.DataFrame) -> str:
    """In brackets; nothing for a method that gives no range."""
    cover = part["inside"].mean()
    return f" ({cover:.2f})" if np.isfinite(cover) else " " * 7


def print_blocks(blocks: pd.DataFrame, cells: pd.DataFrame) -> None:
    """Evenings together, and what a firm rule would have said."""
    print("\nMo-Fr evenings together: median error, rms (cover); firm calls wrong % / undecided %")
    for kind in [kind for kind in CLASSES if (blocks["kind"] == kind).any()]:
        for method in blocks["method"].unique():
            chosen = blocks[(blocks["kind"] == kind) & (blocks["method"] == method)]
            evening = cells[(cells["kind"] == kind) & (cells["method"] == method)]
            for distance in range(1, 4):
                part = chosen[chosen["distance"] == distance]
                cell = evening[evening["distance"] == distance]
                middle = 100 * float(np.expm1(part["error"].abs().median()))
                print(
                    f"{kind:8} {method:10} +{distance} h: {middle:4.0f} %, {rms(part['error']):.2f}"
                    f"{_cover(part)};  week {100 * part['wrong'].mean():4.1f} /"
                    f" {100 * part['undecided'].mean():3.0f};  single weekday"
                    f" {100 * cell['wrong'].mean():4.1f} / {100 * cell['undecided'].mean():3.0f}"
                )


def print_sundays(found: pd.DataFrame) -> None:
    """The closed Sunday."""
    print("\nSunday closed altogether, its total: rms log error (cover)")
    for (kind, method), part in found.groupby(["kind", "method"], sort=False):
        print(f"{kind:8} {method:10} {rms(part['error']):.2f}{_cover(part)}")


def heidenheim() -> None:
    """Two counters of a pedestrian street, six weeks: told by true on working days."""
    path = sets.FOLDER / "heidenheim_footfall" / "half_hourly_2022q4.csv.gz"
    rows = pd.read_csv(path)
    stamps = pd.to_datetime(rows["ts_local"])
    rows["people"] = rows["person.in"] + rows["person.out"]
    tables = {
        str(sensor): part.groupby([stamps.dt.date, stamps.dt.hour])["people"].sum().unstack()
        for sensor, part in rows.groupby("sensor")
    }
    days = sorted(set.intersection(*(set(table.index) for table in tables.values())))
    first = next(day for day in days if day.weekday() == 0)
    dates = tuple(first + dt.timedelta(days=day) for day in range((days[-1] - first).days + 1))
    dates = dates[: len(dates) // 7 * 7]
    counts = {
        name: _without_dead_days(table.reindex(index=dates, columns=range(24)).to_numpy(float))
        for name, table in tables.items()
    }
    town = Town("Heidenheim", Place("DE", "Europe/Berlin", "BW"), dates, counts)
    print("\nHeidenheim, open 10-17, witness the other counter: told / true at 9, 17, 18, 19 h")
    for trial in trials(town, [(10, 17)], ["near"]):
        draws = hoursopt(trial)[:, :5].sum(axis=1)
        truth = trial.truth[:5].sum(axis=0)
        low, middle, high = np.quantile(draws, (0.1, 0.5, 0.9), axis=0)
        told = [
            f"{middle[hour] / truth[hour]:.2f}"
            + (" in" if low[hour] <= truth[hour] <= high[hour] else " OUT")
            for hour in (9, 17, 18, 19)
        ]
        print(f"{trial.sensor:32}", ", ".join(told))


def main_rows(cells: pd.DataFrame | None = None, blocks: pd.DataFrame | None = None) -> list[Row]:
    """The targets of closed hours: Melbourne, near witness, windows 9-17 and 10-18."""
    if cells is None or blocks is None:
        both = trials(melbourne(), QUICK_WINDOWS, ["near", "several"])
        cells, blocks = measure(both, hoursopt, "hoursopt")
    near = (cells["kind"] == "near") & (cells["method"] == "hoursopt") & (cells["weekday"] < 5)
    near &= cells["distance"] <= 3
    by_hour = [cells[near & (cells["distance"] == distance)] for distance in (1, 2, 3)]
    several = (cells["kind"] == "several") & (cells["method"] == "hoursopt")
    several &= cells["weekday"] < 5
    of_several = [cells[several & (cells["distance"] == distance)] for distance in (1, 2, 3)]
    week = blocks[(blocks["kind"] == "near") & (blocks["method"] == "hoursopt")]
    calls = [week[week["distance"] == distance] for distance in (1, 2)]
    return [
        Row(
            "closed hours, Melbourne with a near witness: rms log error at 1, 2, 3 h from the edge",
            "0.25, 0.42, 0.58",
            "0.20, 0.35, 0.45",
            ", ".join(f"{rms(part['error']):.2f}" for part in by_hour),
        ),
        Row(
            "cover of the 80 % range in closed hours",
            "0.75-0.92",
            "0.78-0.85",
            f"{cells[near]['inside'].mean():.2f} ("
            + ", ".join(f"{part['inside'].mean():.2f}" for part in by_hour)
            + ")",
        ),
        Row(
            "closed hours, several counters (no target): rms log error (cover) at 1, 2, 3 h",
            "-",
            "-",
            ", ".join(
                f"{rms(part['error']):.2f} ({part['inside'].mean():.2f})" for part in of_several
            ),
        ),
        Row(
            "wrong firm calls (P > 0.9 rule) at +1 and +2 h",
            "<= 3 %",
            "<= 1.5 %, fewer undecided than 21 %, 43 %",
            ", ".join(f"{100 * part['wrong'].mean():.1f} %" for part in calls)
            + "; undecided "
            + ", ".join(f"{100 * part['undecided'].mean():.0f} %" for part in calls),
        ),
    ]


def main(words: Sequence[str] = ()) -> None:
    """Print a table for each class of witness, the confirmation set, and the targets."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.curves.closed")
    parser.add_argument(
        "--quick", action="store_true", help="near or several witnesses, two windows"
    )
    parser.add_argument("--sensors", nargs="+", default=(), help="parts of names of counters")
    parser.add_argument("--classes", nargs="+", choices=CLASSES, default=CLASSES)
    given = parser.parse_args(words)
    classes = ["near", "several"] if given.quick else given.classes
    town = melbourne()
    made = list(trials(town, QUICK_WINDOWS if given.quick else WINDOWS, classes, given.sensors))
    # Any counter as the witness of any other is six fits a shop: one window tells enough.
    made = [trial for trial in made if trial.kind != "unknown" or trial.window == WINDOWS[0]]
    told = [measure(made, ask, method) for method, ask in METHODS.items()]
    cells, blocks = (pd.concat(parts, ignore_index=True) for parts in zip(*told, strict=True))
    print_cells(cells[cells["window"].isin(("9-17", "10-18"))], f"{town.name}, 9-17 and 10-18")
    if not given.quick:
        print_cells(cells, f"{town.name}, all windows")
    quick = ("9-17", "10-18")
    print_blocks(blocks[blocks["window"].isin(quick)], cells[cells["window"].isin(quick)])
    if not given.quick:
        sunday = list(sunday_trials(town, [c for c in classes if c != "unknown"], given.sensors))
        asks = {name: ask for name, ask in METHODS.items() if name != "flat"}
        print_sundays(pd.concat([sundays(sunday, ask, name) for name, ask in asks.items()]))
        confirm = list(trials(dun_laoghaire(), QUICK_WINDOWS, classes))
        confirm = [trial for trial in confirm if trial.kind != "unknown" or trial.window[0] == 9]
        told = [measure(confirm, ask, method) for method, ask in METHODS.items()]
        other, evenings = (pd.concat(parts, ignore_index=True) for parts in zip(*told, strict=True))
        print_cells(other, "Dun Laoghaire (confirmation), 9-17 and 10-18")
        print_blocks(evenings, other)
        heidenheim()
    print()
    two = cells["window"].isin(quick)
    for row in main_rows(cells[two], blocks[blocks["window"].isin(quick)]):
        print(f"{row.what}\n  floor {row.floor} | aim {row.aim} | measured {row.measured}")
    seconds = cells[cells["method"] == "hoursopt"].groupby(["sensor", "window", "kind", "helper"])
    print(f"seconds a fit: {seconds['seconds'].first().mean():.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
