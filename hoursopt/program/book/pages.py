"""All sheets of a week: a day's customers hang on which other days are open.

`next_day` of a closed day's customers come on open days near it, so a day has a sheet for each
share in which others send to it. Most are never needed: a sheet in which nobody is sent, and what
the sent ones would bring if all were served, bound the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from highspy import HighsBasis
from numpy.typing import NDArray

from hoursopt.diversion import day_shares
from hoursopt.program.book.frame import Opening
from hoursopt.program.book.sheet import Sheet
from hoursopt.program.book.staffing import DayStaffing, StaffModel
from hoursopt.program.recapture import customers_move
from hoursopt.program.tables import DayTables, away_of, crowd_of, day_tables
from hoursopt.scenario import Scenario

Floats = NDArray[np.float64]
Days = tuple[bool, ...]
Senders = tuple[tuple[int, float], ...]
"""Closed days with the share of their moved customers who come on a day."""


@lru_cache(maxsize=256)
def shares_of(open_days: Days) -> Floats:
    """(N, N) shares as `day_shares`."""
    shares = day_shares(np.array(open_days))
    shares.setflags(write=False)
    return shares


@lru_cache(maxsize=256)
def senders_of(open_days: Days) -> tuple[Senders, ...]:
    """Who sends customers to each day when these days are open."""
    shares = shares_of(open_days)
    return tuple(
        tuple((int(sender), float(column[sender])) for sender in np.flatnonzero(column))
        for column in shares.T
    )


class Customers:
    """What all pages share: tables of each day under each set of senders, and its staffings.

    bases: where the linear programs of days begin.
    """

    def __init__(self, scenario: Scenario, bases: Mapping[int, HighsBasis] | None = None) -> None:
        self.scenario = scenario
        self._bases = bases or {}
        self._moves = customers_move(scenario)
        self._crowd = crowd_of(scenario)
        self._tables: dict[tuple[int, Senders], DayTables] = {}
        self._brings: dict[int, Floats] = {}
        self._closed: dict[Days, list[float]] = {}
        self._staffings: dict[int, DayStaffing] = {}
        self._model = StaffModel(scenario)
        totals = scenario.walk_in.sum(axis=2)  # (R, N)
        online = scenario.diversion.online
        web = scenario.online_margin * online - scenario.goodwill * (1 - online)
        self._staying = scenario.mean(totals * web[:, None])
        leaving = scenario.diversion.next_day[:, None, None] * totals[:, :, None]
        leaving = leaving * (totals > 0)[:, None] * web[:, None, None]
        self._leaving = scenario.mean(leaving)

    def senders(self, day: int, open_days: Days) -> Senders:
        """Who sends customers to an open day."""
        return senders_of(open_days)[day] if self._moves else ()

    def closed_worth(self, day: int, open_days: Days) -> float:
        """Money of a closed day: its customers in the web shop, less those who go elsewhere."""
        if not self._moves:
            return float(self._staying[day])
        if open_days not in self._closed:
            leaving = (shares_of(open_days) * self._leaving).sum(axis=1)
            self._closed[open_days] = (self._staying - leaving).tolist()
        return self._closed[open_days][day]

    def tables(self, day: int, senders: Senders, open_days: Days) -> DayTables:
        """The tables of an open day with what is sent to it when these days are open."""
        if (day, senders) not in self._tables:
            # Where nobody is sent, as if all days were open.
            days = open_days if senders else (True,) * self.scenario.days
            crowd = self._crowd.day(day, days)
            self._tables[day, senders] = day_tables(self.scenario, day, crowd)
        return self._tables[day, senders]

    def staffing(self, day: int) -> DayStaffing:
        """The solver of a day's staffings; all pages use the same, so it goes on where it was."""
        if day not in self._staffings:
            basis = self._bases.get(day)
            self._staffings[day] = DayStaffing(self.scenario, day, self._model, basis)
        return self._staffings[day]

    def bases(self) -> dict[int, HighsBasis]:
        """Where the linear program of each day that was staffed ended."""
        found = {day: staffing.basis() for day, staffing in self._staffings.items()}
        return {day: basis for day, basis in found.items() if basis is not None}

    @property
    def solves(self) -> int:
        """Staffings solved so far."""
        return sum(staffing.solves for staffing in self._staffings.values())

    def brings(self, sender: int, day: int) -> Floats:
        """(H, H + 1) the most that all moved customers of one day bring on another, by its opening.

        Their margin if everyone is served: a queue only takes from it.
        """
        if day not in self._brings:
            self._brings[day] = self._bring(day)
        return self._brings[day][sender]

    def _bring(self, day: int) -> Floats:
        """(N, H, H + 1) the same of each other day."""
        sent, margin = self._crowd.sent(day), self.scenario.margin[day]
        gain = {kind: margin * coming.arrivals for kind, coming in sent.coming.items()}
        away = {kind: away_of(self.scenario, staying) for kind, staying in sent.staying.items()}
        opens, closes = away["opens"].value, away["closes"].value
        count, size = gain["plain"].shape
        inside = np.concatenate((np.zeros((count, 1)), gain["plain"].cumsum(axis=1)), axis=1)
        brings = inside[:, None] - inside[:, :-1, None]
        brings = brings + (gain["first"] - gain["plain"] + opens)[:, :, None] + closes[:, None]
        brings[:, :, 1:] += (gain["last"] - gain["plain"])[:, None]
        slots = np.arange(size)
        if "only" in gain:
            brings[:, slots, slots + 1] = gain["only"] + opens + closes[:, 1:]
        return brings


class Pages:
    """The sheets at given prices of the groups' weekly hours (money an hour, on top of pay).

    `whole`: whether people work whole shifts, or a bound will do that lets parts of them work.
    """

    def __init__(
        self, customers: Customers, hour_prices: Sequence[float], *, whole: bool = True
    ) -> None:
        self.whole = whole
        self.customers = customers
        self.hour_prices = tuple(hour_prices)
        self._sheets: dict[tuple[int, Senders], Sheet] = {}
        self._bounds: dict[tuple[int, Senders], tuple[int, Floats]] = {}

    def upper(self, day: int, open_days: Days) -> Floats:
        """(H, H + 1) bounds of a day's openings when these days are open."""
        senders = self.customers.senders(day, open_days)
        plain = self._sheet(day, (), open_days)
        known = self._sheets.get((day, senders))
        if known is plain:
            return plain.upper
        version = plain.version + (1 + known.version if known else 0)
        kept = self._bounds.get((day, senders))
        if kept is None or kept[0] != version:
            upper = plain.upper
            for sender, share in senders:
                upper = upper + share * self.customers.brings(sender, day)
            if known is not None:
                upper = np.minimum(upper, known.upper)
            kept = self._bounds[day, senders] = version, upper
        return kept[1]

    def is_exact(self, day: int, open_days: Days, opening: Opening) -> bool:
        """Whether the bound of an opening is its worth."""
        known = self._sheets.get((day, self.customers.senders(day, open_days)))
        return known is not None and bool(known.exact[opening])

    def refine(self, day: int, open_days: Days, opening: Opening) -> None:
        """Bring the bound of an opening nearer to its worth, or make it exact."""
        plain = self._sheet(day, (), open_days)
        senders = self.customers.senders(day, open_days)
        if not plain.exact[opening] and np.isfinite(plain.upper[opening]):
            plain.refine(opening)
        elif senders:
            self._sheet(day, senders, open_days).refine(opening)

    def sheet(self, day: int, open_days: Days) -> Sheet:
        """The sheet of a day when these days are open."""
        return self._sheet(day, self.customers.senders(day, open_days), open_days)

    def _sheet(self, day: int, senders: Senders, open_days: Days) -> Sheet:
        if (day, senders) not in self._sheets:
            tables = self.customers.tables(day, senders, open_days)
            self._sheets[day, senders] = Sheet(
                self.customers.scenario,
                tables,
                self.customers.staffing(day),
                self.hour_prices,
                whole=self.whole,
            )
        return self._sheets[day, senders]
