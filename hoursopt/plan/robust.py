"""The week for bad times, beside the week that is best on average."""

from __future__ import annotations

from dataclasses import dataclass

from hoursopt.evaluate import StaffedWeek


@dataclass(frozen=True)
class Outlook:
    """Profit a week, the price of changed hours taken off: its mean, and in the worst tenth."""

    mean: float
    worst: float


@dataclass(frozen=True)
class RobustWeek:
    """The week of greatest (1 - share) x mean + share x worst tenth, against the season's best.

    robust and best: both weeks on draws that neither was planned on. status and gap: what is proved
    of the robust week, as in `Proof`, on the draws on which it was planned.
    """

    share: float
    week: StaffedWeek
    robust: Outlook
    best: Outlook
    status: str
    gap: float
