"""What the change did, apart from what else changed: differences in differences, in ratios.

Hours that did not change tell how everything else went: actual by expected customers there is the
level of the season. The hours before are scaled by it before they are compared with what came.
Without enough customers in such hours nothing is said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hoursopt.hours import Span
from hoursopt.plan import Estimate
from hoursopt.report.expected import CLASSES
from hoursopt.report.plan.staff import paid_share
from hoursopt.report.reading import Json, PlannedSeason
from hoursopt.report.review.outcome import PLAN, TODAY, Outcome
from hoursopt.shop import Shop
from hoursopt.wages import staff_costs

Floats = NDArray[np.float64]
Verdict = Literal["paid", "lost", "open", "unseen"]

ENOUGH_CUSTOMERS = 50
"""Expected customers from which on unchanged hours tell how the rest of the season went."""
FEWEST_OPENINGS = 4
EIGHT_OF_TEN = 1.2816
SURE = 0.9
FAR, NEAR, CHANGED = range(len(CLASSES))


@dataclass(frozen=True)
class Stretch:
    """An hour or more that was added or taken away on some weekdays.

    openings: how many were judged. customers, cost and `worth` (money, None where it cannot be
    told) are those of one opening.
    """

    weekdays: tuple[int, ...]
    span: Span
    added: bool
    openings: int
    customers: float
    cost: float
    worth: Estimate | None
    verdict: Verdict


@dataclass(frozen=True)
class Comparison:
    """The change against the hours that did not change.

    control: which hours tell of the rest, "" where too few customers come in them. level: actual
    by expected customers there; changed: the same in new hours; apart: the one by the other. gain:
    profit a week against the hours before at the same level; `naive` is that without the level.
    """

    control: Literal["far", "kept", ""]
    level: Estimate | None
    changed: Estimate | None
    apart: Estimate | None
    gain: Estimate | None
    probability: float
    naive: float
    weeks: float
    stretches: tuple[Stretch, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether the change paid, as far as the data can tell."""
        if self.gain is None:
            return "open"
        if self.probability >= SURE:
            return "paid"
        return "lost" if self.probability <= 1 - SURE else "open"


def compare(outcome: Outcome, flows: Json) -> Comparison:
    """Judge the days on which the plan's hours were lived; `flows` as the plan kept them."""
    lived = outcome.way == PLAN
    weeks = float(lived.sum()) / 7
    actual = outcome.customers[:, lived].sum(axis=1)
    expected = outcome.expected_customers[:, :, lived].sum(axis=2)
    before = outcome.before_customers[:, :, lived].sum(axis=2)
    control, of_control = _control(before)
    naive = _gain(outcome, lived, np.ones(before.shape[1])).mean() / max(weeks, 1e-9)
    stretches = _stretches(outcome, flows)
    if not control or not lived.any():
        nothing: tuple[None, None, None, None] = (None, None, None, None)
        return Comparison("", *nothing, 0.5, float(naive), weeks, stretches)
    # By what was expected under the hours lived: who moved to a new hour is missing in both.
    level = actual[of_control].sum() / np.maximum(expected[of_control].sum(axis=0), 1.0)
    gain = _gain(outcome, lived, level) / weeks
    changed = apart = None
    if expected[CHANGED].mean() > 0:
        ratio = actual[CHANGED] / np.maximum(expected[CHANGED], 1.0)
        changed = Estimate.of(ratio)
        apart = Estimate.of(ratio / np.maximum(level, 1e-9))
    return Comparison(
        control,
        Estimate.of(level),
        changed,
        apart,
        Estimate.of(gain),
        float((gain > 0).mean()),
        float(naive),
        weeks,
        stretches,
    )


def _control(before: Floats) -> tuple[Literal["far", "kept", ""], list[int]]:
    """The unchanged hours that tell of the rest: those far from a change, else all of them."""
    if before[FAR].mean() >= ENOUGH_CUSTOMERS:
        return "far", [FAR]
    if before[[FAR, NEAR]].sum(axis=0).mean() >= ENOUGH_CUSTOMERS:
        return "kept", [FAR, NEAR]
    return "", []


def _gain(outcome: Outcome, lived: NDArray[np.bool_], level: Floats) -> Floats:
    """(R,) profit of the days lived less that of the hours before, had they been open instead."""
    sales = float(outcome.sales[:, lived].sum())
    before = outcome.before_sales[:, :, lived].sum(axis=(0, 2)) * level
    days = np.flatnonzero(lived)
    cost = float(outcome.pay[days].sum() + outcome.opening[PLAN, days].sum())
    cost_before = float(
        outcome.pay_expected[TODAY, days].sum() + outcome.opening[TODAY, days].sum()
    )
    gain: Floats = outcome.margin * (sales - before) - (cost - cost_before)
    return gain


def _stretches(outcome: Outcome, flows: Json) -> tuple[Stretch, ...]:
    """Runs of changed slots, those of the same hours on several weekdays together."""
    season, grid = outcome.season, outcome.shop.grid
    groups: dict[tuple[bool, Span], list[int]] = {}
    for day in range(7):
        today, best = (
            np.array(grid.shares(week[day])) > 0.5 for week in (season.today, season.best)
        )
        for added, slots in ((True, best & ~today), (False, today & ~best)):
            for span in grid.spans(slots.tolist()):
                groups.setdefault((added, span), []).append(day)
    keep = _kept_share(flows)
    return tuple(
        _judged(outcome, tuple(days), span, keep) if added else _removed(outcome, tuple(days), span)
        for (added, span), days in sorted(groups.items(), key=lambda one: (not one[0][0], one[1]))
    )


def _kept_share(flows: Json) -> float:
    """Of the margin of new hours, the share that is not only moved from other hours of ours.

    By the plan's own figures: what hours open before and after earn less for it.
    """
    gross = flows["added"]["margin"][1]
    before, after = flows["kept"]["margin"]
    return float(np.clip(1 + (after - before) / gross, 0.0, 1.0)) if gross > 0 else 1.0


def _judged(outcome: Outcome, weekdays: tuple[int, ...], span: Span, keep: float) -> Stretch:
    """What each opening of an added stretch brought, and whether that paid for it."""
    grid = outcome.shop.grid
    slots = slice(grid.index(span.start), grid.index(span.end))
    days = np.array(
        [
            number
            for number, date in enumerate(outcome.dates)
            if date.weekday() in weekdays and outcome.way[number] == PLAN
            if outcome.opened[PLAN, number, slots].all()
        ],
        dtype=int,
    )
    costs = {day: stretch_cost(outcome.shop, outcome.season, day, span) for day in weekdays}
    cost = float(np.mean(list(costs.values())))
    if not days.size:
        return Stretch(weekdays, span, True, 0, 0.0, cost, None, "open")
    customers = float(outcome.slots[days, slots].sum(axis=1).mean())
    money = outcome.slot_sales[days, slots].sum(axis=1) * outcome.margin * keep
    worth = money - np.array([costs[outcome.dates[day].weekday()] for day in days])
    if days.size < FEWEST_OPENINGS:
        return Stretch(weekdays, span, True, int(days.size), customers, cost, None, "open")
    mean = float(worth.mean())
    reach = EIGHT_OF_TEN * float(worth.std(ddof=1)) / math.sqrt(days.size)
    estimate = Estimate(mean, mean - reach, mean + reach)
    verdict: Verdict = "paid" if estimate.low > 0 else "lost" if estimate.high < 0 else "open"
    return Stretch(weekdays, span, True, int(days.size), customers, cost, estimate, verdict)


def _removed(outcome: Outcome, weekdays: tuple[int, ...], span: Span) -> Stretch:
    """A stretch that was taken away: nobody counts at a shut door."""
    cost = span.hours * outcome.shop.economics.open_hour_cost
    return Stretch(weekdays, span, False, 0, 0.0, cost, None, "unseen")


def stretch_cost(shop: Shop, season: PlannedSeason, weekday: int, span: Span) -> float:
    """Pay by the plan's shifts and cost of being open within a stretch of a weekday."""
    costs = {group.name: group for group in staff_costs(shop, range(7))}
    groups = {group.name: group for group in shop.staff}
    within = np.array(shop.grid.shares([span]))
    pay = sum(
        shift.count
        * float(
            (
                costs[shift.staff].pay[weekday]
                * paid_share(shop, groups[shift.staff], shift)
                * within
            ).sum()
        )
        for shift in season.shifts
        if shift.weekday == weekday
    )
    return pay + span.hours * shop.economics.open_hour_cost
