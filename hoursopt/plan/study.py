"""What a season's plan was made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.plan.estimate import Floats
from hoursopt.program.answer import Answer, YearAnswer
from hoursopt.scenario import Scenario


@dataclass(frozen=True)
class Study:
    """What a season's plan was made of, for those who explain it.

    The weeks were planned on `scenario`, the best one as `firm`, in which hours that nobody has
    ever seen stay shut; `fresh` has other draws, for on its own the winner looks
    too good. today_profit and best_profit: (R,) on the fresh draws, hours and shifts fixed.
    cautious_gain: (R,) the gain if hours in which nobody has counted (evidence `none`, `neighbour`)
    disappoint.
    evidence: (7, H) members of `demand.model.EVIDENCE`. dates: those of the season in the horizon.
    alone and over_year: where changes of hours between seasons are few or dear, the study of the
    season by itself, and what was decided of all seasons together; else None.
    """

    scenario: Scenario
    firm: Scenario
    fresh: Scenario
    evidence: NDArray[np.str_]
    dates: tuple[dt.date, ...]
    today: Answer
    best: Answer
    today_profit: Floats
    best_profit: Floats
    cautious_gain: Floats
    alone: Study | None = None
    over_year: YearAnswer | None = None

    @property
    def gain(self) -> Floats:
        """(R,) what the best week earns more than today's."""
        return self.best_profit - self.today_profit

    @property
    def best_net(self) -> Floats:
        """(R,) profit of the best week less the price of its changes."""
        return self.best_profit - self.best.changes

    @property
    def net_gain(self) -> Floats:
        """(R,) the gain less the price of change, which is no part of the ledger."""
        return self.gain - self.best.changes

    @property
    def likely(self) -> float:
        """Chance that the change pays by all that is believed."""
        return float((self.net_gain > 0).mean())

    @property
    def certainty(self) -> float:
        """Chance that the change pays, also if hours in which nobody has counted disappoint.

        A prior is no evidence: hours known by it alone are worth a trial, never a firm advice.
        """
        return min(self.likely, float((self.cautious_gain > self.best.changes).mean()))

    @property
    def weeks(self) -> float:
        """Length of the season within the horizon."""
        return len(self.dates) / 7
