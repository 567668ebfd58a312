"""Shops whose truth is known and whose hours are more or less wrong, on a grid of hours.

Towns, clocks and sizes by `random_shop`, its own true diversion, one of four sets of witnesses and
one of three histories of hours, as in the benchmark of curves; today's hours are moved by up to two
hours at either end, so that there is something to gain, or a day is shut. The owner knows only
broad ranges of where customers go.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.curves.simulated import BROAD, CHANGES, TRUE, WITNESSES, hours_since, with_witnesses
from hoursopt.hours import Grid, OpeningHours, Span, Spans
from hoursopt.shop import Shop, SourceOptions, Sources
from hoursopt.simulate import random_shop
from hoursopt.simulate.chance import Chance
from hoursopt.simulate.town import Diverted, Town
from hoursopt.simulate.trade import Trade, trade

SLOT_MINUTES = 60
FURTHEST_STEP = 2
SHUT_A_DAY = 0.25
SHORTEST_HOURS = 3


@dataclass(frozen=True)
class DecisionShop:
    """A shop as its owner tells it, what its files hold, and the truth behind them."""

    number: int
    seed: int
    kind: str
    shop: Shop
    town: Town
    trade: Trade
    witnesses: tuple[str, ...]
    change: str


def decision_shops(first: int, last: int, first_seed: int) -> Iterator[DecisionShop]:
    """Shops number `first` to before `last`; witnesses and histories of hours in turn."""
    for number in range(first, last):
        yield decision_shop(
            number,
            first_seed + number,
            WITNESSES[number % len(WITNESSES)],
            CHANGES[(number // len(WITNESSES) + number) % len(CHANGES)],
        )


def decision_shop(number: int, seed: int, witnesses: tuple[str, ...], change: str) -> DecisionShop:
    """One shop of the seed."""
    drawn = random_shop(seed)
    chance = Chance(seed, "decision")
    true = [low + (high - low) * float(chance.uniform(1)[0]) for low, high in TRUE.values()]
    town = drawn.town.replace(diversion=Diverted(*true), dead=(), missing=())
    town = with_witnesses(town, witnesses, chance)
    grid = Grid(SLOT_MINUTES, drawn.shop.grid.earliest, drawn.shop.grid.latest)
    shop = drawn.shop.replace(grid=grid)
    hours = wrong_hours(shop, chance)
    shop = shop.replace(
        hours=hours_since(shop, hours, change, town.first + (town.last - town.first) / 2),
        limits=dataclasses.replace(shop.limits, min_open_hours=2),
        sources=Sources(
            receipts=("receipts.csv",),
            orders=("orders.csv",) if "orders" in witnesses else (),
            street=("street.csv",) if "street" in witnesses else (),
            options={"street": SourceOptions(kind="near")} if "street" in witnesses else {},
        ),
        diversion=BROAD,
    )
    return DecisionShop(
        number, seed, drawn.kind, shop, town, trade(town, shop, seed), witnesses, change
    )


def wrong_hours(shop: Shop, chance: Chance) -> OpeningHours:
    """Today's hours on the full hour, all days moved alike at either end, at times a day shut."""
    grid = shop.grid
    early, late, shut, which = map(float, chance.uniform(4))
    steps = [60 * round((2 * part - 1) * FURTHEST_STEP) for part in (early, late)]

    def day(spans: Spans) -> Spans:
        if not spans:
            return ()
        start = max(grid.earliest, spans[0].start // 60 * 60 + steps[0])
        end = min(grid.latest, -(-spans[-1].end // 60) * 60 + steps[1])
        return (Span(start, max(end, min(grid.latest, start + 60 * SHORTEST_HOURS))),)

    days = [day(spans) for spans in shop.today.days]
    trading = [number for number, spans in enumerate(days) if spans]
    if shut < SHUT_A_DAY:
        days[trading[int(which * len(trading))]] = ()
    return OpeningHours(tuple(days))
