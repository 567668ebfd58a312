"""All sheets of a week: a day's customers hang on which other days are open.

`next_day` of a closed day's customers come on open days near it, so a day has a sheet for each
share in which others send to it. Most are never needed: a sheet in which nobody is sent, and what
the sent ones would bring if all were served, bound the others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hoursopt.diversion import day_shares
from hoursopt.program.book.frame import Opening
from hoursopt.program.book.sheet import Sheet
from hoursopt.program.book.staffing import DayStaffing
from hoursopt.program.recapture import customers_move
from hoursopt.program.tables import DayTables, day_tables, present_customers
from hoursopt.scenario import Scenario

Floats = NDArray[np.float64]
Days = tuple[bool, ...]
Senders = tuple[tuple[int, float], ...]
"""Closed days with the share of their moved customers who come on a day."""


class Customers:
    """What all pages share: tables of each day under each set of senders, and its staffings."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._moves = customers_move(scenario)
        self._tables: dict[tuple[int, Senders], DayTables] = {}
        self._brings: dict[tuple[int, int], Floats] = {}
        self._shares: dict[Days, Floats] = {}
        self._staffings: dict[int, DayStaffing] = {}
        totals = scenario.walk_in.sum(axis=2)  # (R, N)
        online = scenario.diversion.online
        web = scenario.online_margin * online - scenario.goodwill * (1 - online)
        self._staying = (totals * web[:, None]).mean(axis=0)
        leaving = scenario.diversion.next_day[:, None, None] * totals[:, :, None]
        leaving = leaving * (totals > 0)[:, None] * web[:, None, None]
        self._leaving = leaving.mean(axis=0)

    def senders(self, day: int, open_days: Days) -> Senders:
        """Who sends customers to an open day."""
        if not self._moves:
            return ()
        sent = self._sent(open_days)[:, day]
        return tuple((int(sender), float(sent[sender])) for sender in np.flatnonzero(sent))

    def closed_worth(self, day: int, open_days: Days) -> float:
        """Money of a closed day: its customers in the web shop, less those who go elsewhere."""
        worth = float(self._staying[day])
        if self._moves:
            worth -= float(self._sent(open_days)[day] @ self._leaving[day])
        return worth

    def tables(self, day: int, senders: Senders, open_days: Days) -> DayTables:
        """The tables of an open day with what is sent to it when these days are open."""
        if (day, senders) not in self._tables:
            present = self.scenario.walk_in
            if senders:
                present = present_customers(self.scenario, open_days)
            self._tables[day, senders] = day_tables(self.scenario, day, present[:, day])
        return self._tables[day, senders]

    def staffing(self, day: int) -> DayStaffing:
        """The solver of a day's staffings; all pages use the same, so it goes on where it was."""
        if day not in self._staffings:
            self._staffings[day] = DayStaffing(self.scenario, day)
        return self._staffings[day]

    @property
    def solves(self) -> int:
        """Staffings solved so far."""
        return sum(staffing.solves for staffing in self._staffings.values())

    def brings(self, sender: int, day: int) -> Floats:
        """(H, H + 1) the most that all moved customers of one day bring on another, by its opening.

        Their margin if everyone is served: a queue only takes from it.
        """
        if (sender, day) not in self._brings:
            self._brings[sender, day] = self._bring(sender, day)
        return self._brings[sender, day]

    def _bring(self, sender: int, day: int) -> Floats:
        scenario = self.scenario
        walk_in, size = scenario.walk_in, scenario.grid.size
        mine, theirs = walk_in[:, day].sum(axis=1), walk_in[:, sender].sum(axis=1)
        growth = np.divide(theirs, mine, out=np.zeros_like(mine), where=mine > 0)
        growth = growth * scenario.diversion.next_day
        at_once = dataclasses.replace(scenario.service, minutes_per_customer=0.0)
        everyone = day_tables(
            scenario.replace(service=at_once), day, walk_in[:, day] * growth[:, None]
        )
        gain = {kind: earned.gain[:, -1] for kind, earned in everyone.earned.items()}
        inside = np.concatenate(([0.0], gain["plain"].cumsum()))
        brings = inside[None] - inside[:-1, None]
        brings = brings + (gain["first"] - gain["plain"] + everyone.away["opens"].value)[:, None]
        brings = brings + everyone.away["closes"].value[None]
        brings[:, 1:] += (gain["last"] - gain["plain"])[None]
        slots = np.arange(size)
        if "only" in gain:
            edges = everyone.away["opens"].value + everyone.away["closes"].value[1:]
            brings[slots, slots + 1] = gain["only"] + edges
        return brings

    def _sent(self, open_days: Days) -> Floats:
        if open_days not in self._shares:
            self._shares[open_days] = day_shares(np.array(open_days))
        return self._shares[open_days]


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
