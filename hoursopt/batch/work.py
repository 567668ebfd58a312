"""The runs of a chain that are still to do, done on an engine, and all of them read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hoursopt.batch.answering import Result
from hoursopt.batch.chain import Chain, packed, unpacked
from hoursopt.batch.here import values_of
from hoursopt.batch.nouns import WhatIf
from hoursopt.batch.tasks import Finished, Task
from hoursopt.plan import Options
from hoursopt.shop.file import shop_of
from hoursopt.store.runs import RunStore

SHOPS_A_PROCESS = 2
"""From so many shops a process on, a shop's runs go to one process together."""
LARGEST_CHUNK, SMALLEST_CHUNK = 64, 2

Engine = Callable[[Iterable[list[Task]]], Iterator[Finished]]


@dataclass(frozen=True)
class ChainRun:
    """One run of a chain as it is told: what its shop is called, what was changed, what came out.

    values: by column, as the shop's file would have it.
    """

    shop: str
    currency: str
    whatif: WhatIf
    values: Mapping[str, Any]
    result: Result


def carry_out(
    chain: Chain, store: RunStore, engine: Engine, jobs: int, options: Options
) -> Iterator[Finished]:
    """Do what is missing; each run is on the disk before it is given, those that may end otherwise
    another time for this time only.
    """
    for finished in engine(chunks(chain, store, jobs, options)):
        task, result = finished.task, finished.result
        if result.lasting:
            store.finish(task.key, packed(result), result.seconds)
        else:
            store.tell(task.number, packed(result))
        yield finished


def chunks(chain: Chain, store: RunStore, jobs: int, options: Options) -> Iterator[list[Task]]:
    """Missing runs, shop by shop, in the portions in which they are handed out."""
    _, missing, shops = store.count()
    size = LARGEST_CHUNK
    if shops < SHOPS_A_PROCESS * jobs:
        # Few shops: smaller portions keep every process busy to the end.
        size = max(SMALLEST_CHUNK, min(LARGEST_CHUNK, missing // (4 * jobs)))
    for number in range(len(chain.shops)):
        wanted = store.missing(number)
        if not wanted:
            continue
        told = json.loads(store.shop(number))
        shop = shop_of(told["document"], Path(told["folder"]))
        for start in range(0, len(wanted), size):
            yield [
                Task(
                    one.run,
                    str(one.digest),
                    shop,
                    told["data"],
                    chain.sweep.whatif(one.whatif),
                    options,
                )
                for one in wanted[start : start + size]
            ]


def finished_runs(chain: Chain, store: RunStore) -> Iterator[ChainRun]:
    """All runs in the order of shops and what-ifs; of those that are not done, none."""
    columns = chain.sweep.columns
    for number in range(len(chain.shops)):
        told = json.loads(store.shop(number))
        document = told.get("document", {})
        for wanted, result in store.results(number):
            if result is not None:
                whatif = chain.sweep.whatif(wanted.whatif)
                values = values_of(document, whatif, columns) if document else {}
                currency = told.get("currency", "")
                yield ChainRun(told["label"], currency, whatif, values, unpacked(result))
