"""What a solve gives back."""

from __future__ import annotations

from dataclasses import dataclass

from hoursopt.evaluate import Ledger, StaffedWeek


@dataclass(frozen=True)
class Proof:
    """What the solver proved: `optimal` or `feasible`; relative gap; bound on the week's profit."""

    solver: str
    status: str
    gap: float
    bound: float
    seconds: float


@dataclass(frozen=True)
class Answer:
    """A staffed week, its ledger by `evaluate`, and what is proved of it."""

    week: StaffedWeek
    ledger: Ledger
    proof: Proof
