"""What is slow to work out, worked out once: the fit and the plan stay in the shop's folder.

Each is kept under the SHA-256 of all that it was made of: the files, what `shop.toml` says of it,
and this program itself. A folder that cannot be written to is done without.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hoursopt.calendar import season_of
from hoursopt.demand.model import Curves, Diagnostic, Learned
from hoursopt.demand.past import PastTest
from hoursopt.errors import DataError
from hoursopt.plan import Plan
from hoursopt.shop import Decision, Economics, Limits, Shop
from hoursopt.store import open_store

# What is kept is shown without what makes it, which takes its time to be imported.
if TYPE_CHECKING:
    from hoursopt.demand import DemandModel
    from hoursopt.observations import Observations

Noun = TypeVar("Noun")

YEAR = dt.timedelta(days=364)
OCCASION_DRAWS = 100

# Rooms that change nothing of what is kept here.
_OUTSIDE = ("pages", "charts", "tables", "cli", "texts", "publish", "report", "batch", "fonts")


@dataclass(frozen=True)
class Occasion:
    """A date unlike its weekday: customers who want to come, times those of such a weekday.

    seen: whether the shop was ever open on such a date; the factor is a guess if not.
    """

    date: dt.date
    name: str
    kind: str
    factor: float
    seen: bool = True


@dataclass(frozen=True)
class Portrait:
    """What people are shown of a demand model; occasions: of the year from its start."""

    curves: Mapping[str, Curves]
    diversion: Mapping[str, Learned]
    diagnostics: tuple[Diagnostic, ...]
    occasions: tuple[Occasion, ...]

    @classmethod
    def of(cls, model: DemandModel) -> Portrait:
        """Curves of every season, where customers go, what the fit has to say, unlike dates."""
        curves = {season.name: model.curves(season.name) for season in model.seasons}
        return cls(curves, dict(model.diversion), model.diagnostics, occasions(model))


@dataclass(frozen=True)
class Answer:
    """What the owner asked for: the plan, and the demand that it was made for."""

    plan: Plan
    portrait: Portrait


@dataclass(frozen=True)
class Past:
    """How the last weeks were foretold; None where the history is too short to tell."""

    test: PastTest | None


def occasions(model: DemandModel) -> tuple[Occasion, ...]:
    """Public holidays, eves and events of the year from the model's start."""
    last = model.start + YEAR
    return tuple(
        Occasion(date, mark.name, mark.kind, _factor(model, date), mark.name in model.open_marks)
        for date, mark in sorted(model.marks.items())
        if model.start <= date < last and mark.kind != "near"
    )


def _factor(model: DemandModel, date: dt.date) -> float:
    """Customers of a date over those of its weekday in its season."""
    usual = model.curves(season_of(date, model.seasons).name).walk_in.mean[date.weekday()].sum()
    own = model.date_draws(date, OCCASION_DRAWS, 0).walk_in.mean(axis=0).sum()
    return float(own / usual) if usual > 0 else 1.0


def fitted_shop(shop: Shop) -> Shop:
    """The shop with what the fit reads of it: no pay, no rules, no money but the basket's."""
    economics = shop.economics
    known = Economics(
        0.0,
        conversion=economics.conversion,
        basket_value=economics.basket_value,
        online_basket_value=economics.online_basket_value,
    )
    return shop.replace(
        economics=known,
        staff=(),
        supplements=(),
        rules=(),
        limits=Limits(intervals_per_day=shop.limits.intervals_per_day),
        decision=Decision(),
        web="",
    )


def key_of(shop: Shop, sources: str, *more: object) -> str:
    """The key of what is made of a shop and its files, whose digest is `sources`."""
    parts = (repr(replace(shop, folder=Path())), sources, program_digest(), *map(repr, more))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def model_of(shop: Shop, observations: Observations, sources: str) -> DemandModel:
    """The fit of the shop, kept or made and then kept; DataErrors of `fit_demand`."""
    from hoursopt.demand import fit_demand

    kept = kept_model(shop, sources)
    if kept is not None:
        return kept
    made = fit_demand(observations, fitted_shop(shop))
    keep(shop.folder, key_of(fitted_shop(shop), sources), made)
    return made


def kept_model(shop: Shop, sources: str) -> DemandModel | None:
    """The fit of the shop where it was made before."""
    from hoursopt.demand import DemandModel

    return load(shop.folder, key_of(fitted_shop(shop), sources), DemandModel)


def load(folder: Path, key: str, kind: type[Noun]) -> Noun | None:
    """What is kept under a key; None where nothing is, or nothing can be."""
    try:
        with open_store(folder) as store:
            return store.load_noun(key, kind)
    except DataError:
        return None


def keep(folder: Path, key: str, noun: object) -> None:
    """Keep it where the folder can be written to."""
    try:
        with open_store(folder) as store:
            store.save_noun(key, noun)
    except DataError as fault:
        if not fault.key.startswith("store."):
            raise


@functools.cache
def program_digest() -> str:
    """SHA-256 over all of this program that what is kept depends on."""
    whole = hashlib.sha256()
    root = Path(str(files("hoursopt")))
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).parts[0] not in _OUTSIDE:
            whole.update(path.read_bytes())
    return whole.hexdigest()
