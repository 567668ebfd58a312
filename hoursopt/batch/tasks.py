"""The work of one run, the same for every engine, and what a process remembers between runs."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from dataclasses import dataclass

from hoursopt.batch.answering import KILLED, Result, answer, failure
from hoursopt.batch.applying import applied
from hoursopt.batch.demand import Demand, data_digest, demand_of, fit_digest
from hoursopt.batch.nouns import WhatIf
from hoursopt.errors import DataError, HoursoptError
from hoursopt.plan import Options
from hoursopt.shop import Shop

REMEMBERED = 4
"""Fits that a process keeps at hand; each is a few megabytes."""


@dataclass(frozen=True)
class Task:
    """One run: a shop as its file has it, the digest of its data files, and the what-if.

    number: its place among all runs. key: digest of all that its result depends on.
    """

    number: int
    key: str
    shop: Shop
    data: str
    whatif: WhatIf
    options: Options


@dataclass(frozen=True)
class Finished:
    """A task with its result."""

    task: Task
    result: Result


class Memory:
    """The demands that were used last."""

    def __init__(self) -> None:
        self._demands: OrderedDict[str, Demand] = OrderedDict()

    def demand(self, shop: Shop, digest: str, options: Options) -> Demand:
        """The demand of a digest, from here, from the shop's folder, or fitted."""
        if digest not in self._demands:
            self._demands[digest] = demand_of(shop, digest, options)
            if len(self._demands) > REMEMBERED:
                self._demands.popitem(last=False)
        self._demands.move_to_end(digest)
        return self._demands[digest]


def killed(task: Task) -> Finished:
    """A task that ended its worker every time that it was tried."""
    told = failure(task.shop.language, DataError("batch.killed"))
    return Finished(task, dataclasses.replace(told, status=KILLED, lasting=False))


def changed_shop(task: Task) -> tuple[Shop, str]:
    """The shop with the what-if done to it, and the digest of its demand; DataErrors `applied`."""
    shop = applied(task.shop, task.whatif)
    is_same = shop.sources == task.shop.sources
    return shop, fit_digest(shop, task.data if is_same else data_digest(shop), task.options)


def run(task: Task, memory: Memory) -> Result:
    """The result of a task; the shop's files are read where nothing of it is kept."""
    try:
        shop, digest = changed_shop(task)
        demand = memory.demand(shop, digest, task.options)
    except HoursoptError as error:
        return failure(task.shop.language, error)
    return answer(shop, demand, task.whatif, task.options)
