"""Simulated shops, whose truth is known: do the totals come back, and what is learnt of diversion?

`python -m benchmarks.curves.simulated [--quick] [--shops N]`. Every shop is one of the samples'
towns with another size, other clocks and hours (`random_shop`), another true diversion, with or
without a street counter and a web shop, with hours that stayed or changed halfway. The fit gets
the observations and an owner who knows no more of the diversion than broad ranges.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.curves.rows import Row
from hoursopt.demand import DemandModel, fit_demand
from hoursopt.demand.problem import PARAMETERS
from hoursopt.hours import WEEKDAYS, OpeningHours, Span, Spans
from hoursopt.observations import observe
from hoursopt.shop import Diversion, HoursInForce, Range, Shop, SourceOptions, Sources
from hoursopt.simulate import random_shop, simulate
from hoursopt.simulate.chance import Chance
from hoursopt.simulate.town import Diverted, Town, Visitors
from hoursopt.simulate.trade import Trade, trade

Floats = NDArray[np.float64]

SHOPS, QUICK_SHOPS = 18, 6
FIRST_SEED = 101
DRAWS, SEED = 400, 0
# What the owner believes, 80 % ranges, and within what the truth is drawn.
BROAD = Diversion(Range(0.10, 0.60), Range(0.5, 2.5), Range(0.0, 0.30), Range(0.0, 0.50))
TRUE = {
    "recaptured": (0.15, 0.55),
    "reach_hours": (0.7, 2.2),
    "next_day": (0.02, 0.25),
    "online": (0.05, 0.40),
}
WITNESSES = (("street", "orders"), ("street",), ("orders",), ())
CHANGES = ("none", "closes earlier", "a day less")
PASSERS_PER_BUYER = 15.0
UNLIKE = 0.4  # sd of the log share of each kind of people who buy


@dataclass(frozen=True)
class Simulated:
    """A shop as its owner tells it, what its files hold, and the truth."""

    shop: Shop
    trade: Trade
    witnesses: tuple[str, ...]
    change: str


def shops(count: int) -> Iterator[Simulated]:
    """The same shops in every run; kinds of witness and of change in turn."""
    for number in range(count):
        yield make_shop(
            FIRST_SEED + number,
            WITNESSES[number % len(WITNESSES)],
            CHANGES[(number // len(WITNESSES) + number) % len(CHANGES)],
        )


def make_shop(seed: int, witnesses: tuple[str, ...], change: str) -> Simulated:
    """One shop: the town and hours of `random_shop`, with its own diversion and witnesses."""
    drawn = random_shop(seed)
    chance = Chance(seed, "benchmark")
    parts = [low + (high - low) * float(chance.uniform(1)[0]) for low, high in TRUE.values()]
    town = drawn.town.replace(diversion=Diverted(*parts), dead=(), missing=())
    town = with_witnesses(town, witnesses, chance)
    hours = drawn.shop.today
    change_on = town.first + (town.last - town.first) / 2
    shop = drawn.shop.replace(
        hours=hours_since(drawn.shop, hours, change, change_on),
        sources=Sources(
            receipts=("receipts.csv",),
            orders=("orders.csv",) if "orders" in witnesses else (),
            street=("street.csv",) if "street" in witnesses else (),
            options={"street": SourceOptions(kind="near")} if "street" in witnesses else {},
        ),
        diversion=BROAD,
    )
    return Simulated(shop, trade(town, shop, seed), witnesses, change)


def with_witnesses(town: Town, witnesses: tuple[str, ...], chance: Chance) -> Town:
    """A town whose street and web shop are there or not; the street sees others besides."""
    others = simulate("old-rauma-crafts").town
    buyers = sum(kind.buyers for kind in town.visitors)
    numbers = chance.lognormal(UNLIKE, len(town.visitors))
    visitors = tuple(
        replace(kind, passers=PASSERS_PER_BUYER * kind.buyers * float(number))
        for kind, number in zip(town.visitors, numbers, strict=True)
    )
    scale = buyers / sum(kind.buyers for kind in others.visitors)
    passing = tuple(
        replace(kind, passers=kind.passers * scale)
        for kind in others.visitors
        if kind.buyers == 0 and kind.name not in {known.name for known in visitors}
    )
    if "street" not in witnesses:
        visitors, passing = tuple(replace(kind, passers=0.0) for kind in visitors), ()
    web: tuple[Visitors, ...] = ()
    if "orders" in witnesses:
        web = tuple(replace(kind, buyers=kind.buyers * scale) for kind in others.web)
    return town.replace(visitors=visitors + passing, web=web)


def hours_since(
    shop: Shop, today: OpeningHours, change: str, since: dt.date
) -> tuple[HoursInForce, ...]:
    """Today's hours, and what was in force in the first half."""
    if change == "none":
        return (HoursInForce(today),)
    if change == "closes earlier":
        before = OpeningHours(tuple(_later(shop, spans) for spans in today.days))
        return HoursInForce(before), HoursInForce(today, since)
    first_open = next(day for day in range(7) if today.days[day])
    less = tuple(() if day == first_open else spans for day, spans in enumerate(today.days))
    return HoursInForce(today), HoursInForce(OpeningHours(less), since)


def _later(shop: Shop, spans: Spans) -> Spans:
    """Open two hours longer, as far as the grid goes."""
    if not spans:
        return ()
    return (*spans[:-1], Span(spans[-1].start, min(shop.grid.latest, spans[-1].end + 120)))


def measure(made: Sequence[Simulated]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Day totals by shop, season and weekday, and diversion by shop, as rows."""
    totals, diversion = [], []
    for number, one in enumerate(made):
        begun = time.perf_counter()
        model = fit_demand(observe(one.shop, one.trade.tables), one.shop)
        common = {
            "shop": number,
            "witnesses": " + ".join(one.witnesses) or "none",
            "change": one.change,
            "seconds": time.perf_counter() - begun,
        }
        totals += [common | row for row in _total_rows(one, model)]
        diversion += [common | row for row in _diversion_rows(one, model)]
    return pd.DataFrame(totals), pd.DataFrame(diversion)


def _total_rows(one: Simulated, model: DemandModel) -> Iterator[dict[str, object]]:
    """Latent demand of a day: all slots of the grid, those open today, those closed."""
    today = np.array([one.shop.grid.shares(spans) for spans in one.shop.today.days]) > 0.5
    for season in one.shop.seasons:
        draws = model.draws(season.name, DRAWS, SEED).walk_in
        truth = truth_of(one.trade, season.name)
        week = np.log(draws.sum(axis=(1, 2)).mean() / truth.sum())
        for weekday in range(7):
            total, true = draws[:, weekday].sum(axis=1), truth[weekday].sum()
            low, middle, high = np.quantile(total, (0.1, 0.5, 0.9))
            row = {
                "season": season.name,
                "weekday": WEEKDAYS[weekday],
                "trades": bool(today[weekday].any()),
                "truth": true,
                "error": float(np.log(total.mean() / true)),
                "median_error": float(np.log(middle / true)),
                "inside": float(low <= true <= high),
                "week_error": float(week),
            }
            if today[weekday].any():
                for name, slots in (("open", today[weekday]), ("closed", ~today[weekday])):
                    part = draws[:, weekday, slots].sum(axis=1).mean()
                    row[f"{name}_error"] = float(np.log(part / truth[weekday, slots].sum()))
            yield row


def truth_of(traded: Trade, season: str) -> Floats:
    """(7, H) latent demand of a season's mean week within the horizon."""
    curves = {
        curve["weekday"]: curve["walk_in"]
        for curve in traded.truth["curves"]
        if curve["season"] == season
    }
    return np.array([curves[weekday] for weekday in WEEKDAYS])


def _diversion_rows(one: Simulated, model: DemandModel) -> Iterator[dict[str, object]]:
    for name in PARAMETERS:
        if name != "online" or "orders" in one.witnesses:
            told, true = model.diversion[name], one.trade.truth["diversion"][name]
            prior = getattr(BROAD, name)
            yield {
                "parameter": name,
                "truth": true,
                "error": told.mean - true,
                "prior_error": prior.middle - true,
                "inside": float(told.low <= true <= told.high),
                "width": (told.high - told.low) / (prior.high - prior.low),
                "learned": told.learned,
            }


def rms(values: pd.Series) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def print_totals(totals: pd.DataFrame) -> None:
    """Total latent demand of a day, told against true."""
    print("latent demand of a day, rms ln(told / true) (cover of the 80 % range)")
    print(f"{'':24}{'all days':>16}{'days of trade':>16}{'never open':>16}{'open':>8}{'closed':>8}")
    groups = [("all", totals)]
    groups += [(f"witness: {name}", part) for name, part in totals.groupby("witnesses")]
    groups += [(f"hours: {name}", part) for name, part in totals.groupby("change")]
    for name, part in groups:
        trades = part["trades"]
        told = [_total_text(rows) for rows in (part, part[trades], part[~trades])]
        told += [f"{rms(part.loc[trades, key]):.3f}" for key in ("open_error", "closed_error")]
        widths = (16, 16, 16, 8, 8)
        line = "".join(f"{text:>{width}}" for text, width in zip(told, widths, strict=True))
        print(f"{name:24}{line}")
    by_week = totals.groupby(["shop", "season"])["week_error"].first()
    print(f"whole weeks: rms {rms(by_week):.3f}, mean {by_week.mean():+.3f}")


def _total_text(part: pd.DataFrame) -> str:
    return "-" if part.empty else f"{rms(part['error']):.3f} ({part['inside'].mean():.2f})"


def print_diversion(found: pd.DataFrame) -> None:
    """What came back of each parameter."""
    print("\ndiversion: rms error of the mean (of the prior's); cover; learned, and cover of these")
    for name, part in found.groupby("parameter", sort=False):
        learned = part[part["learned"]]
        cover = f"{learned['inside'].mean():.2f}" if len(learned) else "-"
        rest = f"{rms(learned['error']):.3f}" if len(learned) else "-"
        print(
            f"{name:12} {rms(part['error']):.3f} ({rms(part['prior_error']):.3f}), bias"
            f" {part['error'].mean():+.3f}; cover {part['inside'].mean():.2f}; learned"
            f" {len(learned)} of {len(part)}, rms {rest}, cover {cover}"
        )


def main_rows(totals: pd.DataFrame | None = None) -> list[Row]:
    """The target of simulated shops."""
    if totals is None:
        totals, _ = measure(list(shops(SHOPS)))
    seen = totals["witnesses"] != "none"
    return [
        Row(
            "simulated shops with truth: total latent demand per day within",
            "15 % rms",
            "8 %",
            f"{_percent(totals)} (with a witness {_percent(totals[seen])}, without"
            f" {_percent(totals[~seen])}; days of trade {_percent(totals[totals['trades']])})",
        )
    ]


def _percent(part: pd.DataFrame) -> str:
    return "-" if part.empty else f"{100 * rms(part['error']):.0f} %"


def main(words: Sequence[str] = ()) -> None:
    """Print what came back of the truth."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.curves.simulated")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--shops", type=int, default=SHOPS)
    given = parser.parse_args(words)
    made = list(shops(QUICK_SHOPS if given.quick else given.shops))
    totals, diversion = measure(made)
    print_totals(totals)
    print_diversion(diversion)
    print()
    for row in main_rows(totals):
        print(f"{row.what}\n  floor {row.floor} | aim {row.aim} | measured {row.measured}")
    print(f"seconds a fit: {totals.groupby('shop')['seconds'].first().mean():.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
