"""What nobody has counted is no ground to open by, nor for firm advice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hoursopt.evaluate import open_slots, profit_draws
from hoursopt.plan import (
    Advice,
    Study,
    Trial,
)
from hoursopt.program.answer import Answer
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule

LOW_END = 0.1
UNCOUNTED = ("none", "neighbour")
UNSEEN = "hours that nobody has seen"


def known_hours(scenario: Scenario, evidence: NDArray[np.str_]) -> Scenario:
    """The scenario in which hours of evidence `none` (7, H) stay shut.

    A prior is no ground to open by: such hours are worth a trial, which `worth.trials` names. Hours
    open today stay free, and so do days that the owner wants open or alike.
    """
    shut = (evidence == "none") & ~open_slots(scenario, scenario.today)
    wanted = {
        weekday
        for rule in scenario.rules
        if rule.kind in ("open", "same_hours")
        for weekday in rule.weekdays
    }
    doubts = tuple(
        Rule(UNSEEN, "closed", (weekday,), span=span)
        for weekday in sorted(set(range(7)) - wanted)
        for span in scenario.grid.spans(shut[weekday].tolist())
    )
    return scenario.replace(rules=scenario.rules + doubts)


def disappointed(scenario: Scenario, evidence: NDArray[np.str_]) -> Scenario:
    """The scenario in which cells (7, H) that nobody has counted hold the low end of their range.

    Neither the shop nor a witness: what is believed of them is a prior, and however firm it is, it
    is no count. A change that hangs on it is to be tried first.
    """
    uncounted = np.isin(evidence, UNCOUNTED)
    if not uncounted.any():
        return scenario
    low = np.quantile(scenario.walk_in, LOW_END, axis=0)
    return scenario.replace(walk_in=np.where(uncounted, low, scenario.walk_in))


def cautious_gain(
    fresh: Scenario, evidence: NDArray[np.str_], today: Answer, best: Answer
) -> NDArray[np.float64]:
    """(R,) gain of the best week over today's where what nobody has seen disappoints."""
    cautious = disappointed(fresh, evidence)
    return profit_draws(cautious, best.week) - profit_draws(cautious, today.week)


def advise(study: Study, trials: Sequence[Trial], chance: float) -> Advice:
    """`change` where it is likely enough to pay, `try` where a trial could tell, else `keep`."""
    if study.net_gain.mean() > 0 and study.certainty >= chance:
        return "change"
    return "try" if trials else "keep"
