"""What a solve gives back."""

from __future__ import annotations

from dataclasses import dataclass

from hoursopt.evaluate import Ledger, StaffedWeek


@dataclass(frozen=True)
class Proof:
    """What was proved of a staffed week.

    status: `optimal` (gap at most what was asked, 1e-4 of profit) or `feasible`. bound: no week
    has a greater profit, in the terms of `Ledger.profit` (see `Answer`); gap: (bound - profit) /
    |profit|. attempts: the solvers and settings run until one stood the check, in order; more
    than one means that the first failed. day_sets: sets of open days that were solved exactly.
    """

    solver: str
    status: str
    gap: float
    bound: float
    seconds: float
    attempts: tuple[str, ...] = ()
    day_sets: int = 1


@dataclass(frozen=True)
class Answer:
    """A staffed week, its ledger by `evaluate`, and what is proved of it.

    The program maximises profit less `limits.change_cost` for each weekday whose hours differ from
    today's. That cost is no part of the ledger; `changes` is its sum for this week. So a week is
    best in `ledger.profit - changes`, and `proof.bound` is the bound of that plus `changes`.
    """

    week: StaffedWeek
    ledger: Ledger
    proof: Proof
    changes: float = 0.0


@dataclass(frozen=True)
class Border:
    """Where a season ends and the next begins, and the weekdays whose hours differ there."""

    before: str
    after: str
    weekdays: tuple[int, ...]


@dataclass(frozen=True)
class YearAnswer:
    """The week of each season, and what is proved of them together.

    worth: money a year of all weeks, less `change_cost` and what changes between seasons cost;
    bound: none have a greater one. alone: the same of each season's own best week, if changes
    between seasons cost nothing and were without bound. status and gap as in `Proof`; limit and
    cost: as they were asked for.
    """

    seasons: tuple[Answer, ...]
    borders: tuple[Border, ...]
    worth: float
    bound: float
    alone: float
    status: str
    gap: float
    limit: int | None
    cost: float

    @property
    def changes(self) -> int:
        """Weekdays whose hours differ, over all borders."""
        return sum(len(border.weekdays) for border in self.borders)
