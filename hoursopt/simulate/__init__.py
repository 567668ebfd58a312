"""Shops with a known truth: sample data, tests, and what a fit can be measured against.

The recipe is `simulate(kind, seed)`; `chance` draws, `town` knows who would like to come, `trade`
what the shop sees of them, `files` writes it down. The samples' towns are data in `towns/`.
"""

from __future__ import annotations

import dataclasses
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from hoursopt.errors import DataError
from hoursopt.hours import OpeningHours, Span, Spans
from hoursopt.shop import HoursInForce, Shop, Sources
from hoursopt.shop.file import parse_shop, write_shop
from hoursopt.simulate.chance import Chance
from hoursopt.simulate.files import csv_files, truth_json, write_files
from hoursopt.simulate.town import Town, Visitors, read_town
from hoursopt.simulate.trade import trade

KINDS = ("old-rauma-crafts", "lunch-cafe", "night-bar")


@dataclass(frozen=True)
class SimulatedShop:
    """A shop, the tables of its files as importers give them, and the truth behind them.

    toml: the text of `shop.toml` where a person wrote it; "" for a shop that was drawn.
    """

    kind: str
    seed: int
    shop: Shop
    town: Town
    tables: Mapping[str, pd.DataFrame]
    truth: Mapping[str, Any]
    toml: str = ""


def simulate(kind: str, seed: int = 1) -> SimulatedShop:
    """One of the sample shops (`KINDS`); DataError `simulate.kind` for another name."""
    town, toml = _town(kind)
    return _traded(kind, seed, town, parse_shop(toml, Path()), toml)


def random_shop(seed: int) -> SimulatedShop:
    """A shop like one of the samples, with its size, clocks, hours, costs and sources drawn."""
    chance = Chance(seed, "random shop")
    kind = KINDS[int(chance.uniform(1)[0] * len(KINDS))]
    town, toml = _town(kind)
    town = town.replace(rota=())  # it would not cover the hours that are drawn
    shop = parse_shop(toml, Path())
    size, cost, later, earlier, sources = map(float, chance.uniform(5))
    town = town.replace(
        visitors=tuple(_like(visitors, math.exp(size - 0.5), chance) for visitors in town.visitors)
    )
    if sources < 0.3:
        town = town.replace(web=())
    elif sources < 0.5:
        town = town.replace(
            visitors=tuple(dataclasses.replace(kind, passers=0.0) for kind in town.visitors)
        )
    economics = dataclasses.replace(
        shop.economics, open_hour_cost=round(shop.economics.open_hour_cost * (0.5 + cost), 2)
    )
    steps = (round(2 * earlier - 1), round(2 * later - 1))
    hours = tuple(
        HoursInForce(_moved(shop, force.hours, *steps), force.start) for force in shop.hours
    )
    kept = {
        source: shop.sources.files(source)
        for source in ("receipts", "orders", "street")
        if source == "receipts" or (town.web if source == "orders" else _has_street(town))
    }
    options = {name: option for name, option in shop.sources.options.items() if name in kept}
    shop = shop.replace(
        name=f"{shop.name} {seed}",
        economics=economics,
        hours=hours,
        sources=Sources(**kept, options=options),
        rules=(),
    )
    return _traded(kind, seed, town, shop, "")


def write_shop_folder(simulated: SimulatedShop, folder: Path) -> None:
    """Write shop.toml, the CSV files and truth.json; the same bytes for the same kind and seed."""
    files = csv_files(simulated.tables, simulated.town.flavour)
    files["truth.json"] = truth_json(simulated.truth)
    if simulated.toml:
        files["shop.toml"] = simulated.toml
    write_files(folder, files)
    if not simulated.toml:
        write_shop(simulated.shop, folder / "shop.toml")


def simulate_command(kind: str, out: Path, seed: int = 1) -> SimulatedShop:
    """Simulate one of `KINDS`, or `random`, into a folder that holds no other shop's files."""
    if out.exists() and (not out.is_dir() or not _replaceable(out)):
        raise DataError("simulate.folder", folder=str(out))
    simulated = random_shop(seed) if kind == "random" else simulate(kind, seed)
    write_shop_folder(simulated, out)
    return simulated


def _replaceable(folder: Path) -> bool:
    """Empty, or simulated before: nobody's real shop is written over."""
    return (folder / "truth.json").exists() or not any(folder.iterdir())


def _town(kind: str) -> tuple[Town, str]:
    if kind not in KINDS:
        raise DataError("simulate.kind", kind=kind, known=", ".join((*KINDS, "random")))
    towns = resources.files("hoursopt.simulate") / "towns"
    town = tomllib.loads((towns / f"{kind}.town.toml").read_text(encoding="utf-8"))
    return read_town(town), (towns / f"{kind}.shop.toml").read_text(encoding="utf-8")


def _traded(kind: str, seed: int, town: Town, shop: Shop, toml: str) -> SimulatedShop:
    traded = trade(town, shop, seed)
    truth = {"kind": kind, "seed": seed, **traded.truth}
    return SimulatedShop(kind, seed, shop, town, traded.tables, truth, toml)


def _like(visitors: Visitors, size: float, chance: Chance) -> Visitors:
    """The same kind of people in another town: more or fewer of them, up to an hour off."""
    number, shift = map(float, chance.normal(2))
    factor = round(size * math.exp(0.3 * number), 6)
    shift = round(max(-1.0, min(1.0, 0.5 * shift)), 3)

    def moved(peaks: tuple[tuple[float, float, float], ...]) -> Any:
        return tuple((hour + shift, width, share) for hour, width, share in peaks)

    return dataclasses.replace(
        visitors,
        buyers=visitors.buyers * factor,
        passers=visitors.passers * factor,
        clock=moved(visitors.clock),
        clock_on={day: moved(peaks) for day, peaks in visitors.clock_on.items()},
    )


def _has_street(town: Town) -> bool:
    return any(kind.passers for kind in town.visitors)


def _moved(shop: Shop, hours: OpeningHours, earlier: int, later: int) -> OpeningHours:
    """Hours that open and close some slots off, within the grid."""
    grid, step = shop.grid, shop.grid.slot_minutes

    def day(spans: Spans) -> Spans:
        if not spans:
            return ()
        start = max(grid.earliest, spans[0].start - earlier * step)
        return (Span(start, min(grid.latest, spans[-1].end + later * step)),)

    return OpeningHours(tuple(day(spans) for spans in hours.days))
