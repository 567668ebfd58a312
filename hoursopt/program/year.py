"""The question to the program over the year: the best weeks of all seasons together.

Where a day's worth can be read from its hours (`hoursopt.program.book`), the best weeks come from
the day books and are exact. What ties a week's days together (patterns, hours a week, packing, days
alike in some seasons only) may then be broken; so may it be where there is no book. In that case
the books still bound the year, and weeks are sought among those that are good in one season and
near another season's: all are staffed in every season, and the best way round the year is taken.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.errors import RulesConflict, SolverError
from hoursopt.evaluate import StaffedWeek, evaluate
from hoursopt.hours import Spans
from hoursopt.program.answer import Answer, Border, Proof, YearAnswer
from hoursopt.program.book import Books, DayBook, bracket, day_book
from hoursopt.program.book.frame import spans_of
from hoursopt.program.book.year import YearChoice, YearChooser
from hoursopt.program.check import changes_cost, hours_faults, staff_faults
from hoursopt.program.search import best_staffing, best_week
from hoursopt.program.solve import GAP, available
from hoursopt.scenario import Scenario

Floats = NDArray[np.float64]
Hours = tuple[Spans, ...]
Weeks = tuple[StaffedWeek, ...]

ROUNDING = 0.01
"""Money a week below which a gap is none."""

PULLS = (0.5, 1.5, 4.0)
"""How dear it is for a week to differ from another season's, of what having that one would cost."""

BOOK_SHARE = 0.6
"""Share of the time for the day books; the rest is for weeks near another season's."""

CLOSE = 5e-4
"""Of a year's money, what is too little to look further for."""

DEAR = 1e6
"""Money for a change with which the fewest possible are found."""

WAY = "seasons together"


@dataclass(frozen=True)
class OneSeason:
    """A season of the year: its scenario, its weeks a year, and its best week by itself."""

    scenario: Scenario
    weeks: float
    alone: Answer


def best_year(
    seasons: Sequence[OneSeason],
    *,
    changes: int | None = None,
    cost: float = 0.0,
    solver: str = "highs",
    time_limit: float = 60.0,
    seed: int = 0,
) -> YearAnswer:
    """The weeks of greatest profit over the year, with at most so many changes between seasons.

    `seasons` in the order of the year; each border between two that follow, the last and the first
    among them, counts the weekdays whose hours differ there: at most `changes` in all (None: any
    number), each at `cost` a year.

    Raises RulesConflict `program.seasons_conflict` where rules force more changes, SolverError
    `program.no_year` where none were found with so few.
    """
    began = time.monotonic()
    ask = _Ask(tuple(seasons), changes, cost, {"solver": solver, "seed": seed})
    bound = sum(one.weeks * (one.alone.proof.bound - one.alone.changes) for one in seasons)
    weeks: Weeks | None = tuple(one.alone.week for one in seasons)
    if ask.worth(tuple(one.alone.week for one in seasons)) < ask.alone - ROUNDING:
        books = _books(ask)
        chosen: YearChoice | None = None
        if books is not None:
            chooser = YearChooser(books, ask.weights, changes, cost)
            chosen = chooser.best(began + BOOK_SHARE * time_limit)
            if chosen.bound == -math.inf:
                raise RulesConflict(
                    "program.seasons_conflict", limit=changes, least=_fewest(ask, books, time_limit)
                )
            bound = min(bound, chosen.bound)
        weeks = _standing(ask, books, chosen)
        if weeks is None:
            priced = _priced(ask, books, began + BOOK_SHARE * time_limit)
            bound = min(bound, math.inf if priced is None else priced.bound)
            pool = _Pool(ask, began + time_limit)
            weeks = _by_neighbours(pool, [one for one in (priced, chosen) if one], bound)
    if weeks is None:
        raise SolverError("program.no_year", limit=changes)
    return _answer(ask, weeks, bound, time.monotonic() - began)


@dataclass(frozen=True)
class _Ask:
    """The question: seasons, changes allowed, their cost, and how to solve."""

    seasons: tuple[OneSeason, ...]
    changes: int | None
    cost: float
    solving: dict[str, object]

    @property
    def weights(self) -> tuple[float, ...]:
        return tuple(one.weeks for one in self.seasons)

    @property
    def alone(self) -> float:
        """Money a year of each season's own best week."""
        return sum(
            one.weeks * (one.alone.ledger.profit - one.alone.changes) for one in self.seasons
        )

    def worth(self, weeks: Weeks) -> float:
        """Money a year of these weeks, -inf where they change too often."""
        changes = sum(len(border.weekdays) for border in self.borders(weeks))
        if self.changes is not None and changes > self.changes:
            return -math.inf
        own = zip(self.seasons, weeks, strict=True)
        return sum(one.weeks * _worth(one.scenario, week) for one, week in own) - (
            self.cost * changes
        )

    def borders(self, weeks: Weeks) -> tuple[Border, ...]:
        """What changes round the year."""
        found = []
        for number, week in enumerate(weeks):
            after = (number + 1) % len(weeks)
            pairs = zip(week.hours, weeks[after].hours, strict=True)
            days = tuple(day for day, (one, other) in enumerate(pairs) if one != other)
            names = [self.seasons[place].scenario.name for place in (number, after)]
            found.append(Border(names[0], names[1], days))
        return tuple(found)


def _worth(scenario: Scenario, week: StaffedWeek) -> float:
    return evaluate(scenario, week).profit - changes_cost(scenario, week.hours)


def _books(ask: _Ask) -> list[DayBook] | None:
    """The day book of each season, None where one has none."""
    if ask.solving["solver"] != "highs" or "highs" not in available():
        return None
    books = [day_book(one.scenario) for one in ask.seasons]
    found = [book for book in books if book is not None]
    return found if len(found) == len(books) else None


def _fewest(ask: _Ask, books: Sequence[DayBook], seconds: float) -> int:
    """Changes that rules force: those of the best year in which a change is very dear."""
    chosen = YearChooser(books, ask.weights, None, DEAR).best(time.monotonic() + seconds)
    if chosen.weeks is None:
        return (ask.changes or 0) + 1
    weeks = [book.staffed(choice) for book, choice in zip(books, chosen.weeks, strict=True)]
    return sum(len(border.weekdays) for border in ask.borders(tuple(weeks)))


def _standing(
    ask: _Ask, books: Sequence[DayBook] | None, chosen: YearChoice | None
) -> Weeks | None:
    """The weeks that the books chose, where each keeps what binds its week as a whole."""
    if books is None or chosen is None or chosen.weeks is None:
        return None
    weeks = tuple(book.staffed(choice) for book, choice in zip(books, chosen.weeks, strict=True))
    for one, week in zip(ask.seasons, weeks, strict=True):
        if hours_faults(one.scenario, week.hours) or staff_faults(one.scenario, week):
            return None
    return weeks


def _priced(ask: _Ask, books: Sequence[DayBook] | None, deadline: float) -> YearChoice | None:
    """The best year where weekly hours of staff cost what they are worth in each season by itself.

    At any prices the bound holds for weeks that keep these hours (see `bracket`).
    """
    if books is None or not any(group.week_hours is not None for group in books[0].scenario.staff):
        return None
    soon = time.monotonic() + (deadline - time.monotonic()) / 2
    brackets = [bracket(book, soon) for book in books]
    found = [one.at_prices() for one in brackets if one is not None]
    if len(found) < len(brackets):
        return None
    priced = YearChooser([book for book, _ in found], ask.weights, ask.changes, ask.cost)
    chosen = priced.best(deadline)
    paid_back = sum(weeks * paid for weeks, (_, paid) in zip(ask.weights, found, strict=True))
    return dataclasses.replace(chosen, bound=chosen.bound + paid_back)


class _Pool:
    """Weeks that a season can have, by their hours, with their worth."""

    def __init__(self, ask: _Ask, deadline: float) -> None:
        self.ask = ask
        self.deadline = deadline
        self.books = Books()
        self.weeks: list[dict[Hours, StaffedWeek | None]] = [{} for _ in ask.seasons]
        for number, one in enumerate(ask.seasons):
            self.weeks[number][one.alone.week.hours] = one.alone.week

    @property
    def seconds_left(self) -> float:
        return self.deadline - time.monotonic()

    def everywhere(self, hours: Hours) -> None:
        """Staff these hours in every season that allows them."""
        for number in range(len(self.weeks)):
            self.staff(number, hours)

    def staff(self, number: int, hours: Hours) -> StaffedWeek | None:
        """The best staffing of hours in a season, None where it has none."""
        known = self.weeks[number]
        if hours not in known:
            known[hours] = self._staffed(self.ask.seasons[number].scenario, hours)
        return known.get(hours)

    def _staffed(self, scenario: Scenario, hours: Hours) -> StaffedWeek | None:
        if hours_faults(scenario, hours):
            return None
        try:
            return best_staffing(
                scenario,
                hours,
                time_limit=max(1.0, self.seconds_left),
                books=self.books,
                **self.ask.solving,  # type: ignore[arg-type]
            ).week
        except (RulesConflict, SolverError):
            return None

    def is_close(self, bound: float) -> bool:
        """Whether weeks are known that are nearly as good as any can be."""
        weeks = self.best()
        if weeks is None:
            return False
        worth = self.ask.worth(weeks)
        return bound - worth <= max(ROUNDING * sum(self.ask.weights), CLOSE * abs(worth))

    def best(self) -> Weeks | None:
        """The weeks that are best together, by dynamic programming round the year."""
        kept = [[week for week in known.values() if week is not None] for known in self.weeks]
        worths = [
            np.array([one.weeks * _worth(one.scenario, week) for week in weeks])
            for one, weeks in zip(self.ask.seasons, kept, strict=True)
        ]
        most = self.ask.changes
        if most is None:
            most = sum(one.scenario.days for one in self.ask.seasons)
        best, chosen = -math.inf, None
        for first, _ in enumerate(kept[0]):
            worth, places = _round(first, kept, worths, most, self.ask.cost)
            if worth > best:
                best, chosen = worth, places
        if chosen is None:
            return None
        return tuple(weeks[place] for weeks, place in zip(kept, chosen, strict=True))


def _round(
    first: int,
    kept: Sequence[Sequence[StaffedWeek]],
    worths: Sequence[Floats],
    most: int,
    cost: float,
) -> tuple[float, tuple[int, ...]]:
    """The best way round the year from a week of the first season back to it."""
    # By the week reached and the changes used: money, and the weeks on the way.
    known: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {
        (first, 0): (float(worths[0][first]), (first,))
    }
    for season in (*range(1, len(kept)), 0):
        grown: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {}
        targets = range(len(kept[season])) if season else (first,)
        for (place, used), (worth, way) in known.items():
            mine = kept[(season - 1) % len(kept)][place]
            for target in targets:
                pairs = zip(mine.hours, kept[season][target].hours, strict=True)
                more = sum(one != other for one, other in pairs)
                if used + more > most:
                    continue
                gained = float(worths[season][target]) if season else 0.0
                total = worth + gained - cost * more
                if total > grown.get((target, used + more), (-math.inf, ()))[0]:
                    grown[target, used + more] = total, (*way, target) if season else way
        known = grown
    return max(known.values(), key=lambda one: one[0], default=(-math.inf, ()))


def _by_neighbours(pool: _Pool, choices: Sequence[YearChoice], bound: float) -> Weeks | None:
    """Weeks near those of other seasons, staffed in every season; the best of them together.

    `choices`: what day books would choose; where their hours alone are good enough, no others are
    staffed.
    """
    ask = pool.ask
    starts = [one.alone.week.hours for one in ask.seasons]
    for chosen in choices:
        for number, (one, choice) in enumerate(zip(ask.seasons, chosen.weeks or (), strict=False)):
            hours = tuple(spans_of(one.scenario, opening) for opening in choice.week)
            pool.staff(number, hours)
            starts.append(hours)
        if pool.is_close(bound):
            return pool.best()
    for hours in dict.fromkeys([*starts, *(one.scenario.today for one in ask.seasons)]):
        pool.everywhere(hours)
    if pool.is_close(bound):
        return pool.best()
    near = {
        hours
        for number in range(len(ask.seasons))
        for other in dict.fromkeys(starts)
        for hours in _near(pool, number, other)
    }
    for hours in sorted(near, key=str):
        if pool.seconds_left > 0:
            pool.everywhere(hours)
    return pool.best()


def _near(pool: _Pool, number: int, other: Hours) -> Iterator[Hours]:
    """Hours good in a season and near these, at several prices of a weekday that differs."""
    one = pool.ask.seasons[number]
    week = pool.staff(number, other)
    own = one.alone.ledger.profit - one.alone.changes
    apart = own - _worth(one.scenario, week) if week else abs(own)
    for pull in PULLS:
        if pool.seconds_left <= 0 or apart <= ROUNDING:
            return
        limits = dataclasses.replace(
            one.scenario.limits, change_cost=pull * apart / one.scenario.days
        )
        # Today's hours in the place of the other season's would bend `keep_today`.
        if any(rule.kind == "keep_today" for rule in one.scenario.rules):
            return
        scenario = one.scenario.replace(today=other, limits=limits)
        try:
            found = best_week(
                scenario,
                time_limit=max(1.0, pool.seconds_left / 4),
                # A week to choose among, of which nothing need be proved.
                gap=CLOSE,
                by_tables=True,
                books=pool.books,
                **pool.ask.solving,  # type: ignore[arg-type]
            )
        except (RulesConflict, SolverError):
            return
        yield found.week.hours


def _answer(ask: _Ask, weeks: Weeks, bound: float, seconds: float) -> YearAnswer:
    worth = ask.worth(weeks)
    bound = max(bound, worth)
    total = sum(ask.weights)
    missing = bound - worth
    proven = missing <= max(ROUNDING * total, GAP * abs(worth))
    answers = []
    for one, week in zip(ask.seasons, weeks, strict=True):
        ledger, changes = evaluate(one.scenario, week), changes_cost(one.scenario, week.hours)
        # What is not proved of the year is told of each of its weeks alike.
        open_gap = missing / total
        near = open_gap <= ROUNDING
        proof = Proof(
            solver=one.alone.proof.solver,
            status="optimal" if proven else "feasible",
            gap=0.0 if near else open_gap / max(abs(ledger.profit - changes), ROUNDING),
            bound=ledger.profit + open_gap,
            seconds=one.alone.proof.seconds + seconds / len(weeks),
            attempts=(WAY,),
        )
        answers.append(Answer(week, ledger, proof, changes))
    return YearAnswer(
        seasons=tuple(answers),
        borders=ask.borders(weeks),
        worth=worth,
        bound=bound,
        alone=ask.alone,
        status="optimal" if proven else "feasible",
        gap=0.0 if missing <= ROUNDING * total else missing / max(abs(worth), ROUNDING),
        limit=ask.changes,
        cost=ask.cost,
    )
