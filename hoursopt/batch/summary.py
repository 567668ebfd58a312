"""What a sweep says to people: totals of the chain, the greatest gains, hours that recur."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

import numpy as np

from hoursopt.batch.answering import BETWEEN_SEASONS, ERROR_LINE, KILLED
from hoursopt.batch.work import ChainRun

TOP = 10


@dataclass(frozen=True)
class Total:
    """A scenario over all shops of one currency; money a year.

    shops: those with an answer. With draws the figures are means over the draws, and low and high
    bound the chain's gain in 80 % of them; without draws both are None, for single shops' ranges
    do not add up. against: best profit less that of the scenario that changes nothing at the same
    point of the grid, where there is one that the same shops have answered.
    """

    scenario: str
    currency: str
    shops: int
    today: float
    best: float
    gain: float
    low: float | None = None
    high: float | None = None
    against: float | None = None


@dataclass(frozen=True)
class Summary:
    """All of it: runs by how they ended, totals, top gains, recurring hours with their counts.

    top: of each currency the shops of the greatest gains, each once with its best run; of a single
    shop its best runs.
    """

    runs: int
    proven: int
    feasible: int
    failed: int
    killed: int
    totals: tuple[Total, ...]
    top: tuple[ChainRun, ...]
    hours: tuple[tuple[str, int], ...]
    errors: tuple[tuple[str, int], ...]


@dataclass
class _Sums:
    """Sums of a scenario by draw: today, best, gain; how many shops, and a sum that tells which."""

    money: dict[int, list[float]] = field(default_factory=dict)
    shops: Counter[int] = field(default_factory=Counter)
    which: Counter[int] = field(default_factory=Counter)
    point: str = ""
    is_base: bool = False


class _Greatest:
    """The entries of greatest gain, one for each key; of equal ones the first."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[float, int, ChainRun]] = {}

    def add(self, key: Hashable, entry: tuple[float, int, ChainRun]) -> None:
        if key in self._kept and self._kept[key][:2] >= entry[:2]:
            return
        self._kept[key] = entry
        if len(self._kept) > TOP:
            del self._kept[min(self._kept, key=lambda key: self._kept[key][:2])]

    def __len__(self) -> int:
        return len(self._kept)

    def runs(self) -> list[ChainRun]:
        entries = sorted(self._kept.values(), key=lambda one: one[:2], reverse=True)
        return [run for _, _, run in entries]


class Summing:
    """Takes runs one by one and keeps only what the summary needs."""

    def __init__(self) -> None:
        self._ended: Counter[str] = Counter()
        self._sums: dict[tuple[str, str], _Sums] = {}
        self._hours: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        self._shops: defaultdict[str, _Greatest] = defaultdict(_Greatest)
        self._runs = _Greatest()

    def add(self, run: ChainRun) -> None:
        """One more run."""
        result = run.result
        self._ended[result.status] += 1
        if result.gain is None or result.today_profit is None or result.best_profit is None:
            self._errors[result.error.partition(ERROR_LINE)[0]] += 1
            return
        draw = run.whatif.draw or 0
        whatif = run.whatif
        new = _Sums(point=whatif.point, is_base=whatif.is_base)
        sums = self._sums.setdefault((whatif.label, run.currency), new)
        money = sums.money.setdefault(draw, [0.0, 0.0, 0.0])
        for place, value in enumerate((result.today_profit, result.best_profit, result.gain)):
            money[place] += value
        sums.shops[draw] += 1
        sums.which[draw] += zlib.crc32(run.shop.encode())
        self._hours.update(result.hours.split(BETWEEN_SEASONS))
        entry = (result.gain, -self._ended.total(), run)
        self._shops[run.currency].add(run.shop, entry)
        self._runs.add(whatif.name, entry)

    def summary(self) -> Summary:
        """What came of all runs so far."""
        failed = self._ended["error"]
        return Summary(
            self._ended.total(),
            self._ended["optimal"],
            self._ended["feasible"],
            failed,
            self._ended[KILLED],
            tuple(self._totals()),
            tuple(self._top()),
            tuple(self._hours.most_common(TOP)),
            tuple(self._errors.most_common(TOP)),
        )

    def _top(self) -> list[ChainRun]:
        if sum(map(len, self._shops.values())) == 1:
            return self._runs.runs()
        return [run for greatest in self._shops.values() for run in greatest.runs()]

    def _totals(self) -> Iterable[Total]:
        bases = {
            (sums.point, currency): sums
            for (_, currency), sums in self._sums.items()
            if sums.is_base
        }
        for (label, currency), sums in self._sums.items():
            money = np.array(list(sums.money.values()))
            today, best, gain = money.mean(axis=0).round(2).tolist()
            low = high = against = None
            if len(money) > 1:
                low, high = np.quantile(money[:, 2], (0.1, 0.9)).round(2).tolist()
            base = bases.get((sums.point, currency))
            if base is not None and base is not sums and base.which == sums.which:
                best_of_base = float(np.mean([money[1] for money in base.money.values()]))
                against = round(best - best_of_base, 2)
            shops = max(sums.shops.values())
            yield Total(label, currency, shops, today, best, gain, low, high, against)
