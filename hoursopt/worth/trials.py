"""Which hours to try, for how long, and what result decides."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hoursopt.plan import Study, Trial
from hoursopt.worth.edges import Weighed

FIRM = 0.9
TRIALS = 7
LONGEST_TRIAL_WEEKS = 26
SHORTEST_TRIAL_WEEKS = 2
# Powers of a trial, measured on street counters: drift of the season, and variance between days.
DRIFT = 0.11
DAY_VARIANCE = 0.12
# A call at P > 0.9 that comes out in 80 % of trials, for demand 1.3 times break-even.
SURE = 1.2816 + 0.8416
TOLD_APART = 0.3


def find_trials(
    study: Study, additions: Sequence[Weighed], edges: Sequence[Weighed]
) -> tuple[Trial, ...]:
    """Stretches never yet seen open whose trial could decide, the most worth knowing first.

    `additions` are what the undecided change consists of; of the edges those whose sign is open.
    """
    unseen = [weighed for weighed in additions if weighed.evidence != "open"]
    unseen += [
        edge
        for edge in edges
        if edge.evidence != "open"
        and 1 - FIRM < edge.probability < FIRM
        and not any(
            edge.weekday == other.weekday and edge.span.overlap(other.span) for other in additions
        )
    ]
    unseen.sort(key=lambda weighed: -weighed.value_of_knowing)
    trials = (trial_of(study, weighed) for weighed in unseen)
    return tuple(trial for trial in trials if trial is not None)[:TRIALS]


def trial_of(study: Study, weighed: Weighed) -> Trial | None:
    """How long to try a stretch; None where no trial within the season could tell."""
    threshold = break_even(weighed)
    if threshold is None:
        return None
    distance = float(np.abs(weighed.customers / threshold - 1).mean())
    weeks = trial_weeks(threshold, weighed.span.hours, distance)
    if weeks > min(LONGEST_TRIAL_WEEKS, study.weeks):
        return None
    return Trial(
        season=study.scenario.name,
        weekday=weighed.weekday,
        start=weighed.span.start,
        end=weighed.span.end,
        weeks=weeks,
        threshold=threshold,
    )


def break_even(weighed: Weighed) -> float | None:
    """Customers at one opening from which the stretch earns; None where more do not help.

    The regression of worth on customers over the draws: what we would expect to earn, had we
    counted so many.
    """
    customers = weighed.customers - weighed.customers.mean()
    variance = float(customers @ customers)
    if variance <= 0:
        return None
    slope = float(customers @ weighed.worth) / variance
    if slope <= 0:
        return None
    threshold = float(weighed.customers.mean() - weighed.worth.mean() / slope)
    return threshold if threshold > 0 else None


def trial_weeks(threshold: float, hours: float, distance: float) -> int:
    """Weeks of one opening a week to tell profit from loss at 80 % power.

    `threshold` customers at an opening of `hours`; `distance` of true demand from it, relative, at
    least 0.3 (nearer is too close to call, and then either choice costs little). Relative standard
    error after n hours at a rate: sqrt((1 / rate + 0.12) / n + 0.11^2), fitted to street counters.
    """
    error = max(distance, TOLD_APART) / SURE
    trial_hours = (hours / threshold + DAY_VARIANCE) / (error**2 - DRIFT**2)
    return max(SHORTEST_TRIAL_WEEKS, math.ceil(trial_hours / hours))
