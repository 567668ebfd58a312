"""The fitted demand of a shop as what-if runs need it: draws and evidence, arrays and no more.

Fitting and drawing take longer than a run, so they are done once for all runs that share what the
fit depends on, and kept in the shop's own folder: plain arrays, never a pickle.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoursopt.batch.nouns import ScaleDemand
from hoursopt.demand import DemandModel, fit_demand
from hoursopt.demand.model import DemandDraws
from hoursopt.diversion import DiversionDraws
from hoursopt.errors import DataError
from hoursopt.flow import files_of_peers, load_shop
from hoursopt.hours import Grid
from hoursopt.importers.keeping import file_digests
from hoursopt.plan import Options
from hoursopt.shop import Shop
from hoursopt.store import digest_of, open_store
from hoursopt.store.arrays import pack_arrays, unpack_arrays

Floats = NDArray[np.float64]

KEPT_DEMANDS = 8
"""A sweep over figures of the fit makes several; older ones can be fitted again."""


@dataclass(frozen=True)
class SeasonDemand:
    """One season's draws, `planned` to plan on and `fresh` to judge by, and its evidence (7, H)."""

    planned: DemandDraws
    fresh: DemandDraws
    evidence: NDArray[np.str_]


@dataclass(frozen=True)
class Demand:
    """What a fit gives to planning under one seed; stands in for a `DemandModel` there."""

    last_date: dt.date
    seed: int
    seasons: Mapping[str, SeasonDemand]

    def draws(self, season: str, count: int, seed: int) -> DemandDraws:
        """The kept draws of `count` and `seed`; KeyError for others."""
        kept = self.seasons[season]
        draws = {self.seed: kept.planned, self.seed + 1: kept.fresh}[seed]
        if len(draws.walk_in) != count:
            raise KeyError(count)
        return draws


def drawn(model: DemandModel, shop: Shop, options: Options) -> Demand:
    """All draws that a plan of the shop asks for."""
    seasons = {
        season.name: SeasonDemand(
            model.draws(season.name, options.draws, options.seed),
            model.draws(season.name, options.fresh, options.seed + 1),
            model.curves(season.name).evidence,
        )
        for season in shop.seasons
    }
    return Demand(model.last_date, options.seed, seasons)


def demand_of(shop: Shop, digest: str, options: Options) -> Demand:
    """The demand kept under a digest in the shop's folder, else fitted and kept.

    A folder that cannot be written to is done without. Raises DataErrors of reading and fit.
    """
    content = kept_bytes(shop, digest)
    found = None if content is None else unpack(content)
    if found is None:
        model = fit_demand(load_shop(shop).observations, shop)
        found = drawn(model, shop, options)
        try:
            with open_store(shop.folder) as store:
                store.save_demand(digest, pack(found), KEPT_DEMANDS)
        except DataError as fault:
            if not fault.key.startswith("store."):
                raise
    return found


def kept_bytes(shop: Shop, digest: str) -> bytes | None:
    """The packed demand kept under a digest, None where the folder has none or cannot be used."""
    try:
        with open_store(shop.folder) as store:
            return store.load_demand(digest)
    except DataError:
        return None


def fit_digest(shop: Shop, data: str, options: Options) -> str:
    """Digest of all that the demand depends on: parts of the shop, data, draws, this program.

    What is money, staff, limit or rule only is left out: such what-ifs share one fit.
    """
    economics = shop.economics
    parts = {
        "shop": repr(
            (
                (shop.country, shop.subdivision, shop.timezone, shop.grid, shop.hours),
                (shop.sources, shop.exceptions, shop.diversion, shop.seasons, shop.events),
                (economics.conversion, economics.basket_value, economics.online_basket_value),
                # With a rota the fit puts back customers lost in the queue.
                (shop.horizon, shop.service if shop.sources.rota else None),
            )
        ),
        "draws": [options.seed, options.draws, options.fresh],
        "program": program_digest(),
    }
    return digest_of(parts, {"data": data})


def data_digest(shop: Shop) -> str:
    """Digest of every file that the shop is read from, those of its peers too."""
    found = file_digests(shop)
    for path in files_of_peers(shop):
        with path.open("rb") as opened:
            found[f"peer/{path}"] = hashlib.file_digest(opened, "sha256").hexdigest()
    return digest_of({}, found)


@cache
def program_digest() -> str:
    """Digest of this package's own code: another version may answer otherwise."""
    own = hashlib.sha256()

    def add(folder: Traversable) -> None:
        for part in sorted(folder.iterdir(), key=lambda part: part.name):
            if part.is_dir():
                add(part)
            elif part.name.endswith(".py"):
                own.update(part.name.encode() + part.read_bytes())

    add(files("hoursopt"))
    return own.hexdigest()


def scaled(draws: DemandDraws, season: str, grid: Grid, changes: Sequence[ScaleDemand]) -> Any:
    """Draws of a season after the changes of demand that hold in it."""
    walk_in, own_orders, online = draws.walk_in, draws.own_orders, draws.diversion.online
    for change in changes:
        if change.season not in (None, season):
            continue
        on = np.isin(np.arange(7), change.weekdays)
        if change.channel == "walk_in":
            band = np.ones(grid.size) if change.span is None else grid.shares([change.span])
            walk_in = walk_in * (1 + (change.factor - 1) * np.outer(on, band))
        elif change.channel == "online":
            own_orders = own_orders * np.where(on, change.factor, 1.0)
        else:
            online = np.minimum(online * change.factor, 1.0)
    return DemandDraws(
        walk_in,
        draws.online,
        draws.basket,
        draws.online_basket,
        own_orders,
        draws.diversion.replace(online=online),
    )


def changed(demand: Demand, grid: Grid, changes: Sequence[ScaleDemand]) -> Demand:
    """The demand after changes; the same object where there are none."""
    if not changes:
        return demand
    seasons = {
        name: SeasonDemand(
            scaled(kept.planned, name, grid, changes),
            scaled(kept.fresh, name, grid, changes),
            kept.evidence,
        )
        for name, kept in demand.seasons.items()
    }
    return Demand(demand.last_date, demand.seed, seasons)


def pack(demand: Demand) -> bytes:
    """A demand as arrays, with what is no array as JSON among them."""
    head = {
        "last_date": demand.last_date.isoformat(),
        "seed": demand.seed,
        "seasons": list(demand.seasons),
    }
    arrays: dict[str, Any] = {}
    for number, season in enumerate(demand.seasons.values()):
        arrays[f"{number}.evidence"] = season.evidence
        for name in ("planned", "fresh"):
            draws: DemandDraws = getattr(season, name)
            parts = {
                "walk_in": draws.walk_in,
                "basket": draws.basket,
                "online_basket": np.array(draws.online_basket),
                "own_orders": draws.own_orders,
                **vars(draws.diversion),
            }
            arrays |= {f"{number}.{name}.{part}": array for part, array in parts.items()}
    return pack_arrays(head, arrays)


def unpack(content: bytes) -> Demand | None:
    """What `pack` packed; None for bytes of another form, which are fitted again."""
    return unpack_arrays(content, _demand)


def _demand(head: dict[str, Any], arrays: Mapping[str, Any]) -> Demand:
    seasons = {
        name: SeasonDemand(
            _draws(arrays, f"{number}.planned"),
            _draws(arrays, f"{number}.fresh"),
            arrays[f"{number}.evidence"],
        )
        for number, name in enumerate(head["seasons"])
    }
    return Demand(dt.date.fromisoformat(head["last_date"]), head["seed"], seasons)


def _draws(arrays: Mapping[str, Any], prefix: str) -> DemandDraws:
    walk_in = arrays[f"{prefix}.walk_in"]
    names = ("recaptured", "reach_hours", "next_day", "online")
    return DemandDraws(
        walk_in=walk_in,
        # Web orders by the hour are for curves only; planning takes those of whole days.
        online=np.broadcast_to(np.nan, walk_in.shape),
        basket=arrays[f"{prefix}.basket"],
        online_basket=float(arrays[f"{prefix}.online_basket"]),
        own_orders=arrays[f"{prefix}.own_orders"],
        diversion=DiversionDraws(**{name: arrays[f"{prefix}.{name}"] for name in names}),
    )
