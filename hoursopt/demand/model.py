"""The nouns of demand: draws for the program, curves for people, and what the fit has to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.diversion import DiversionDraws
from hoursopt.hours import Grid

Floats = NDArray[np.float64]

EVIDENCE = ("open", "witness", "neighbour", "none")


@dataclass(frozen=True)
class Band:
    """Mean and the two ends of an 80 % range, arrays of one shape."""

    mean: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, draws: Floats) -> Band:
        """Band over the first axis of draws."""
        low, high = np.quantile(draws, (0.1, 0.9), axis=0)
        return cls(draws.mean(axis=0), low, high)


@dataclass(frozen=True)
class DemandDraws:
    """R draws of days (N, H): a season's average week (N = 7, Monday first), or one date (N = 1).

    walk_in: (R, N, H) latent buying customers per slot. online: (R, N, H) the web shop's own orders
    per slot, without those diverted from the shop. basket: (N, H) sale per customer as priced in
    the shop (VAT as in the files). online_basket: sale per web order. own_orders: (N,) web orders a
    day of its own level, those outside the grid with them.
    """

    walk_in: Floats
    online: Floats
    basket: Floats
    online_basket: float
    own_orders: Floats
    diversion: DiversionDraws


@dataclass(frozen=True)
class Forecast:
    """What the shop itself will count on N dates under given hours, customers.

    mean: (N, H) expectation of each slot. counts: (R, N, H) draws of the counts, with what is not
    known of the curves, what each day brings, and chance.
    """

    mean: Floats
    counts: Floats

    @property
    def days(self) -> Band:
        """Totals of the days, arrays (N,)."""
        return Band.of(self.counts.sum(axis=2))

    @property
    def total(self) -> Band:
        """The total of all days, arrays ()."""
        return Band.of(self.counts.sum(axis=(1, 2)))


@dataclass(frozen=True)
class Curves:
    """A season's average week, each array (7, H); `evidence` holds members of `EVIDENCE`."""

    season: str
    grid: Grid
    walk_in: Band
    online: Band
    evidence: NDArray[np.str_]
    basket: Floats


@dataclass(frozen=True)
class Learned:
    """A diversion parameter after the fit; `learned` only where the data moved the prior."""

    mean: float
    low: float
    high: float
    learned: bool


@dataclass(frozen=True)
class Diagnostic:
    """Something the fit has to tell: a text key and its values."""

    key: str
    values: Mapping[str, object]
