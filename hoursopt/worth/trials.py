"""Which hours to try, when, for how long, what result decides, and what it is worth to know."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Sequence
from statistics import NormalDist

import numpy as np

from hoursopt.plan import Floats, Study, Trial, WholeDay
from hoursopt.program.solve import GAP
from hoursopt.worth.edges import Weighed

FIRM = 0.9
TRIALS = 7
LONGEST_TRIAL_WEEKS = 26
SHORTEST_TRIAL_WEEKS = 2
# Powers of a trial, measured on street counters: drift of the season, and variance between days.
DRIFT = 0.11
DAY_VARIANCE = 0.12
# The same of the total of a whole day: an sd of 12 % beside chance.
TOTAL_VARIANCE = 0.0146
# A call at P > 0.9 that comes out in 80 % of trials, for demand 1.3 times break-even.
CALL = 1.2816
SURE = CALL + 0.8416
TOLD_APART = 0.3
NOISE_COPIES = 8


def find_trials(
    study: Study,
    additions: Sequence[Weighed],
    edges: Sequence[Weighed],
    special: Collection[dt.date] = (),
) -> tuple[Trial, ...]:
    """Stretches never yet seen open whose trial could decide, the most worth knowing first.

    `additions` are what the undecided change consists of; of the edges those whose sign is open.
    `special` dates are unlike ordinary ones and no days for a trial. What is worth no more to try,
    its cost taken off, than may be missing from a week that is called best is left out.
    """
    unseen = [weighed for weighed in additions if weighed.evidence != "open"]
    unseen += [
        edge
        for edge in edges
        if edge.evidence != "open"
        and (1 - FIRM < edge.probability < FIRM or doubted(edge))
        and not any(
            edge.weekday == other.weekday and edge.span.overlap(other.span) for other in additions
        )
    ]
    found = [trial_of(study, weighed, special) for weighed in unseen]
    least = GAP * abs(study.best.ledger.profit) * study.weeks
    trials = [trial for trial in found if trial is not None and trial.learning > least]
    return tuple(sorted(trials, key=lambda trial: -trial.learning)[:TRIALS])


def doubted(edge: Weighed) -> bool:
    """Whether a stretch should pay and yet stays shut, for nobody has ever seen it."""
    return edge.evidence == "none" and not edge.is_open and edge.worth.mean() > 0


def trial_of(study: Study, weighed: Weighed, special: Collection[dt.date] = ()) -> Trial | None:
    """How to try a stretch; None where no trial within the season could tell."""
    threshold = break_even(weighed)
    if threshold is None:
        return None
    hours = weighed.span.hours
    distance = max(float(np.abs(weighed.customers / threshold - 1).mean()), TOLD_APART)
    weeks = trial_weeks(threshold, hours, distance)
    days = [
        date for date in study.dates if date.weekday() == weighed.weekday and date not in special
    ]
    if weeks > min(LONGEST_TRIAL_WEEKS, len(days)):
        return None
    alternate = 2 * weeks <= len(days)
    error = trial_error(threshold, hours, weeks)
    lasts = 2 * weeks if alternate else weeks
    rest = max(0.0, study.weeks - lasts)
    return Trial(
        season=study.scenario.name,
        weekday=weighed.weekday,
        start=weighed.span.start,
        end=weighed.span.end,
        weeks=weeks,
        threshold=threshold,
        keep_from=threshold * (1 + CALL * error),
        drop_below=threshold * max(0.0, 1 - CALL * error),
        power=trial_power(threshold, hours, weeks, distance),
        alternate=alternate,
        dates=tuple(days[:: 2 if alternate else 1][:weeks]),
        knowing=rest * weighed.value_of_knowing,
        learning=rest * worth_of_trial(weighed, error) + min(0.0, weeks * weighed.expected_step),
        whole_day=whole_day(study, weighed, threshold, distance),
    )


def break_even(weighed: Weighed) -> float | None:
    """Customers at one opening from which the stretch earns; None where more do not help.

    Over the draws, the count from which on it earns most to keep it: where the monotone regression
    of worth on customers crosses nothing (Barlow et al. 1972). A line would be bent by crowds that
    nobody could serve; it tells only where no draw is on the other side. Worth counts those
    customers who would else not have bought from us, so those who merely moved raise it.
    """
    _, threshold = best_rule(weighed.worth, weighed.customers)
    if threshold is None:
        threshold = _crossing(weighed)
    return threshold if threshold is not None and threshold > 0 else None


def best_rule(worth: Floats, counted: Floats) -> tuple[float, float | None]:
    """Mean worth (R,) where a stretch is kept from the best count (R,) on, and that count.

    The count is None where it is best to keep it always, or never.
    """
    order = np.argsort(counted, kind="stable")
    kept = np.append(np.cumsum(worth[order][::-1])[::-1], 0.0)
    first = int(np.argmax(kept))
    value = float(kept[first]) / worth.size
    if first in (0, worth.size):
        return value, None
    return value, float(counted[order[first - 1 : first + 1]].mean())


def _crossing(weighed: Weighed) -> float | None:
    """Where the line through worth over customers crosses nothing; None where it does not rise."""
    customers = weighed.customers - weighed.customers.mean()
    variance = float(customers @ customers)
    slope = float(customers @ weighed.worth) / variance if variance > 0 else 0.0
    return float(weighed.customers.mean() - weighed.worth.mean() / slope) if slope > 0 else None


def trial_error(threshold: float, hours: float, weeks: int) -> float:
    """Relative standard error of the mean of `weeks` openings, at `threshold` customers each.

    sqrt((1 / rate + 0.12) / n + 0.11^2) after n hours at a rate, fitted to street counters: chance,
    what each day brings, and the drift of the season, which no longer trial takes away.
    """
    return math.sqrt((hours / threshold + DAY_VARIANCE) / (hours * weeks) + DRIFT**2)


def trial_weeks(threshold: float, hours: float, distance: float) -> int:
    """Weeks of one opening a week to tell profit from loss at 80 % power.

    `threshold` customers at an opening of `hours`; `distance` of true demand from it, relative, at
    least 0.3 (nearer is too close to call, and then either choice costs little).
    """
    error = max(distance, TOLD_APART) / SURE
    trial_hours = (hours / threshold + DAY_VARIANCE) / (error**2 - DRIFT**2)
    return max(SHORTEST_TRIAL_WEEKS, math.ceil(trial_hours / hours))


def trial_power(threshold: float, hours: float, weeks: int, distance: float) -> float:
    """Share of trials that call demand right which is `distance` above or below break-even.

    The mean of both sides, as the powers of trials were measured: above it the error is greater
    (chance grows with demand), below it smaller.
    """
    call = CALL * trial_error(threshold, hours, weeks)
    sides = []
    for true in (1 + distance, 1 - distance):
        if true <= 0:
            sides.append(1.0)
            continue
        error = true * trial_error(true * threshold, hours, weeks)
        sides.append(NormalDist().cdf((distance - call) / error))
    return sum(sides) / len(sides)


def worth_of_trial(weighed: Weighed, error: float) -> float:
    """Money a week that a trial of this relative error wins, on average: sample information.

    What a trial would count is drawn for each draw of demand; the best count from which to keep the
    stretch then decides, in place of the plan (Strong, Oakley, Brennan 2014, with a monotone
    regression).
    """
    customers = np.repeat(weighed.customers, NOISE_COPIES)
    worth = np.repeat(weighed.worth, NOISE_COPIES)
    noise = np.random.default_rng(weighed.weekday * 10_000 + weighed.span.start)
    counted = customers * (1 + error * noise.standard_normal(customers.size))
    return best_rule(worth, counted)[0] - weighed.as_planned


def whole_day(study: Study, weighed: Weighed, threshold: float, distance: float) -> WholeDay:
    """What totals of the whole day and the web shop should show where the stretch just earns.

    Customers who merely moved are in the total of the day without the trial too, so they cancel.
    """
    coming = float(weighed.customers.mean())
    per_customer = threshold / coming if coming > 0 else 0.0
    receipts = (weighed.new + weighed.from_online) * per_customer
    day = float(study.scenario.walk_in[:, weighed.weekday].sum(axis=1).mean())
    noise = 2 * (day + TOTAL_VARIANCE * day**2)
    told = distance * receipts
    weeks = math.ceil(noise * (SURE / told) ** 2) if told > 0 else None
    within = weeks is not None and 2 * weeks <= study.weeks
    return WholeDay(receipts, weighed.from_online * per_customer, weeks if within else None)
