"""What-ifs of one shop in this process, one after the other: for the page and for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hoursopt.batch.answering import Result, answer
from hoursopt.batch.applying import applied, changed_document, column_value, document_of
from hoursopt.batch.demand import Demand, data_digest, drawn, fit_digest
from hoursopt.batch.keys import members_of
from hoursopt.batch.nouns import Change, WhatIf
from hoursopt.batch.reading import grid
from hoursopt.batch.sweep import Sweep
from hoursopt.batch.tasks import Memory
from hoursopt.demand import DemandModel
from hoursopt.errors import DataError, raise_all
from hoursopt.i18n import Texts
from hoursopt.plan import Options
from hoursopt.shop import Shop


@dataclass(frozen=True)
class Answered:
    """A finished run: the what-if, the shop with it done, its result.

    values: by column, what each changed key is in this run, as it would stand in shop.toml.
    """

    whatif: WhatIf
    shop: Shop
    result: Result
    values: Mapping[str, Any]


def shop_grid(shop: Shop, values: Mapping[str, Sequence[Any]]) -> Sweep:
    """A grid over keys of one shop: `{"economics.margin_rate": [0.40, 0.45]}`.

    All that `[sweep]` of a file may hold: `scale.KEY`, `demand.walk_in`, `fixed_hours`. Raises
    DataErrors `batch.*` and `shop.*`, all faults at once.
    """
    return grid(values, members_of([document_of(shop)]))


def answers(
    shop: Shop,
    model: DemandModel,
    sweep: Sweep,
    options: Options | None = None,
    t: Texts | None = None,
) -> Iterator[Answered]:
    """The runs of a sweep over one shop, each given when it is finished, in the sweep's order.

    `model` is the shop's own fit; only what-ifs that change what a fit depends on (`diversion`,
    `season`, `event`, the grid) are fitted anew, from the files in the shop's folder. Everything
    is checked before this returns: DataErrors as `applied`, several as causes of `batch.faults`.
    Stop by closing the iterator, or by asking for no more. A run that no plan can keep tells so in
    its result and the others go on; `t` tells it, the texts of the shop's language where none are
    given.
    """
    options = options or Options()
    shops, faults = [], []
    for whatif in sweep.whatifs():
        try:
            shops.append(applied(shop, whatif))
        except DataError as error:
            faults.append(DataError("batch.scenario", causes=(error,), name=whatif.name))
    raise_all(faults, "batch.faults", where=shop.name)
    return _answers(shop, model, sweep, shops, options, t)


def _answers(
    shop: Shop,
    model: DemandModel,
    sweep: Sweep,
    shops: Sequence[Shop],
    options: Options,
    t: Texts | None,
) -> Iterator[Answered]:
    own, memory = drawn(model, shop, options), Memory()
    base, columns = fit_digest(shop, "", options), sweep.columns
    for number, changed in enumerate(shops):
        whatif = sweep.whatif(number)
        digest = fit_digest(changed, "", options)
        demand = own if digest == base else _fitted(changed, memory, options)
        result = answer(changed, demand, whatif, options, t)
        yield Answered(whatif, changed, result, values_of(document_of(shop), whatif, columns))


def _fitted(shop: Shop, memory: Memory, options: Options) -> Demand:
    return memory.demand(shop, fit_digest(shop, data_digest(shop), options), options)


def values_of(
    document: Mapping[str, Any], whatif: WhatIf, columns: Mapping[str, Change]
) -> dict[str, Any]:
    """What stands in each column for a shop of these tables with a what-if done to it."""
    done = changed_document(document, whatif)
    own = {change.column: change for change in whatif.changes}
    return {
        name: column_value(own.get(name, change), done, name in own)
        for name, change in columns.items()
    }
