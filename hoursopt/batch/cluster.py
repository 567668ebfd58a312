"""Runs on the machines of a Dask cluster; the only user of `distributed`.

What travels, as pickles, so on a private network or under TLS only: the shop as its `shop.toml`
has it, its counts per slot (no receipts, no names) or the draws of a fit that is kept, the what-if,
and back the result. Workers need this package in the same version and no files. Dask runs again
what a lost machine had; what ends its worker again and again is marked.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import chain
from queue import SimpleQueue
from typing import Any

from hoursopt.batch.answering import Result, answer, failure
from hoursopt.batch.demand import Demand, drawn, kept_bytes, program_digest, unpack
from hoursopt.batch.nouns import WhatIf
from hoursopt.batch.tasks import Finished, Task, changed_shop, killed
from hoursopt.demand import fit_demand
from hoursopt.errors import DataError, HoursoptError
from hoursopt.flow import load_shop
from hoursopt.plan import Options
from hoursopt.shop import Shop
from hoursopt.store.archive import pack
from hoursopt.store.archive import unpack as unpack_observations

CONNECT_SECONDS = 10
AHEAD = 3
"""Runs that are handed over for each thread of the cluster; more would only fill its memory."""
FITS = 8
"""Fits that stay on the cluster when no run waits for them."""


def run_on_cluster(chunks: Iterable[list[Task]], address: str) -> Iterator[Finished]:
    """Results in the order in which they are ready, from the workers of a scheduler.

    Raises DataError `batch.no_distributed`, `batch.no_cluster`.
    """
    try:
        from distributed import Client
    except ImportError:
        raise DataError("batch.no_distributed") from None
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise DataError("batch.no_cluster", address=address, reason=reason) from None
    with client:
        client.wait_for_workers(1)
        tasks = chain.from_iterable(chunks)
        fits: OrderedDict[str, Any] = OrderedDict()
        running: dict[Any, Task] = {}
        ready: SimpleQueue[Any] = SimpleQueue()
        while True:
            room = AHEAD * max(1, sum(client.nthreads().values()))
            while len(running) < room and (task := next(tasks, None)) is not None:
                try:
                    future = _submit(client, task, fits)
                except HoursoptError as error:
                    yield Finished(task, failure(task.shop.language, error))
                    continue
                running[future] = task
                future.add_done_callback(ready.put)
            if not running:
                return
            future = ready.get()
            yield _finished(running.pop(future), future)


def _submit(client: Any, task: Task, fits: OrderedDict[str, Any]) -> Any:
    """Hand a run over, and before it the demand that it needs; DataErrors of shop and files."""
    shop, digest = changed_shop(task)
    if digest not in fits:
        content = kept_bytes(shop, digest)
        if content is not None:
            fits[digest] = client.submit(unpack, content, key=f"demand-{digest}")
        else:
            counts = pack(load_shop(shop).observations)
            fits[digest] = client.submit(
                fitted, counts, shop, task.options, program_digest(), key=f"demand-{digest}"
            )
        if len(fits) > FITS:
            fits.popitem(last=False)
    fits.move_to_end(digest)
    arguments = (shop, fits[digest], task.whatif, task.options, program_digest())
    return client.submit(answered, *arguments, pure=False)


def _finished(task: Task, future: Any) -> Finished:
    """The result of a run that has ended, however it did."""
    from distributed import KilledWorker

    if future.status == "finished":
        with contextlib.suppress(OSError):
            return Finished(task, future.result())
    error = future.exception() if future.status == "error" else None
    if isinstance(error, KilledWorker):
        return killed(task)
    reason = f"{type(error).__name__}: {error}" if error else future.status
    told = failure(task.shop.language, DataError("batch.lost", reason=reason))
    return Finished(task, dataclasses.replace(told, lasting=False))


def fitted(counts: bytes, shop: Shop, options: Options, program: str) -> Demand | Result:
    """On a worker: the demand fitted to packed observations, or why there is none."""
    if program != program_digest():
        return failure(shop.language, DataError("batch.other_version"))
    observations = unpack_observations(counts)
    if observations is None:
        raise ValueError("Expected observations that were packed by this version.")
    try:
        return drawn(fit_demand(observations, shop), shop, options)
    except HoursoptError as error:
        return failure(shop.language, error)


def answered(
    shop: Shop, demand: Demand | Result | None, whatif: WhatIf, options: Options, program: str
) -> Result:
    """On a worker: the result of a run; a fault of the fit is that of all its runs."""
    if isinstance(demand, Result):
        return demand
    if demand is None or program != program_digest():
        return failure(shop.language, DataError("batch.other_version"))
    return answer(shop, demand, whatif, options)
