"""Tiny scenarios, and their best week by looking at every one: slow, and right for plain reasons.

Only `evaluate` prices a week and only `check` says what is allowed; nothing of the program's
tables, cuts or counts is used.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from hoursopt.diversion import DiversionDraws
from hoursopt.evaluate import Shift, StaffedWeek, evaluate, on_duty, shift_pay
from hoursopt.hours import Grid, Span, Spans
from hoursopt.program.check import changes_cost, hours_faults, staff_faults
from hoursopt.scenario import Scenario, StaffCost
from hoursopt.shop import Limits, Rule, Service

OPENS = 8 * 60


def group(
    rng: np.random.Generator, days: int, slots: int, name: str = "employee", **parts: object
) -> StaffCost:
    """A staff group whose pay rises towards the evening."""
    base = rng.uniform(4, 14) * (1 + np.linspace(0, rng.uniform(0, 0.8), slots))
    pay = np.tile(base, (days, 1)) * rng.uniform(0.9, 1.2, (days, 1))
    defaults: dict[str, object] = {"people": 2, "shortest": 1, "longest": slots}
    return StaffCost(name=name, pay=pay, **(defaults | parts))  # type: ignore[arg-type]


def tiny(
    seed: int,
    days: int = 1,
    slots: int = 4,
    *,
    draws: int = 3,
    next_day: float = 0.0,
    demand: float = 1.0,
    staff: tuple[dict[str, object], ...] = ({},),
    rules: tuple[Rule, ...] = (),
    today: tuple[Spans, ...] | None = None,
    minutes_per_order: float = 0.0,
    orders: float = 0.0,
    **limits: object,
) -> Scenario:
    """A random scenario of few days and hour-long slots; `limits` as in `Limits`."""
    rng = np.random.default_rng(seed)
    grid = Grid(60, OPENS, OPENS + 60 * slots)
    shape = rng.uniform(0.2, 6.0, (days, slots))
    walk_in = demand * shape * rng.gamma(8, 1 / 8, (draws, days, slots))
    groups = tuple(
        group(rng, days, slots, **({"name": f"group {number}"} | parts))  # type: ignore[arg-type]
        for number, parts in enumerate(staff)
    )
    bounds: dict[str, object] = {"max_staff": 3, "min_open_hours": 1.0}
    return Scenario(
        name=f"tiny {seed}",
        grid=grid,
        weekdays=tuple(range(days)),
        walk_in=walk_in,
        margin=rng.uniform(4, 9, (days, slots)),
        online_margin=rng.uniform(0, 5),
        goodwill=float(rng.choice([0.0, 1.5])),
        own_orders=np.full(days, orders),
        diversion=DiversionDraws(
            rng.uniform(0.1, 0.7, draws),
            rng.uniform(0.5, 3.0, draws),
            next_day * rng.uniform(0.3, 1.0, draws),
            rng.uniform(0.0, 0.5, draws),
        ),
        service=Service(rng.uniform(4, 15), rng.uniform(3, 15), minutes_per_order),
        staff=groups,
        open_slot_cost=rng.uniform(0, 6),
        open_day_cost=rng.uniform(0, 10),
        limits=Limits(**(bounds | limits)),  # type: ignore[arg-type]
        rules=rules,
        today=today or ((Span(OPENS, OPENS + 60 * min(2, slots)),),) * days,
    )


def best_by_hand(scenario: Scenario) -> tuple[float, StaffedWeek | None]:
    """The greatest profit less change cost of all weeks that keep limits and rules, and a week."""
    choices = list(day_hours(scenario))
    staffings = [list(day_staffings(scenario, day)) for day in range(scenario.days)]
    best, best_week = -np.inf, None
    for hours in itertools.product(choices, repeat=scenario.days):
        if hours_faults(scenario, hours):
            continue
        worth, week = best_staffing_by_hand(scenario, hours, staffings)
        worth -= changes_cost(scenario, hours)
        if worth > best:
            best, best_week = worth, week
    return best, best_week


def best_staffing_by_hand(
    scenario: Scenario,
    hours: tuple[Spans, ...],
    staffings: list[list[tuple[Shift, ...]]] | None = None,
) -> tuple[float, StaffedWeek | None]:
    """The best of all staffings of given hours.

    Given the hours, profit is a sum over days of what the day's own staff brings; so each day's
    staffings are priced alone, and weeks are tried from the best sum down until one is allowed.
    """
    staffings = staffings or [list(day_staffings(scenario, d)) for d in range(scenario.days)]
    nobody = evaluate(scenario, StaffedWeek(hours, ())).profit
    by_day = []
    for day, spans in enumerate(hours):
        priced = []
        for shifts in staffings[day] if spans else [()]:
            if covers(scenario, day, spans, shifts):
                profit = evaluate(scenario, StaffedWeek(hours, shifts)).profit
                priced.append((profit - nobody, shifts))
        if not priced:
            return -np.inf, None
        by_day.append(sorted(priced, key=lambda one: -one[0]))
    for combination in sorted(
        itertools.product(*by_day), key=lambda chosen: -sum(gain for gain, _ in chosen)
    ):
        week = StaffedWeek(hours, tuple(itertools.chain(*(shifts for _, shifts in combination))))
        if not staff_faults(scenario, week):
            return evaluate(scenario, week).profit, week
    return -np.inf, None


def day_hours(scenario: Scenario) -> Iterator[Spans]:
    """All hours of a day with at most as many spans as the limits allow."""
    for marks in itertools.product((False, True), repeat=scenario.grid.size):
        spans = scenario.grid.spans(marks)
        shortest = min((span.hours for span in spans), default=24.0)
        few = len(spans) <= scenario.limits.intervals_per_day
        if few and shortest >= scenario.limits.min_open_hours:
            yield spans


def day_staffings(scenario: Scenario, day: int) -> Iterator[tuple[Shift, ...]]:
    """All sets of shifts of a day within heads; of those with equal duty and hours the cheapest."""
    per_group = [list(_group_staffings(scenario, day, g)) for g in scenario.staff]
    coupled = any(g.week_hours is not None for g in scenario.staff)
    cheapest: dict[object, tuple[float, tuple[Shift, ...]]] = {}
    for parts in itertools.product(*per_group):
        shifts = tuple(itertools.chain(*parts))
        duty = on_duty(scenario, StaffedWeek(((),) * scenario.days, shifts))[day]
        if duty.max(initial=0) > scenario.limits.max_staff:
            continue
        pay = sum(shift_pay(scenario, shift) * shift.count for shift in shifts)
        key: object = (tuple(duty), shifts if coupled else ())
        if key not in cheapest or pay < cheapest[key][0]:
            cheapest[key] = (pay, shifts)
    for _, shifts in cheapest.values():
        yield shifts


def _group_staffings(scenario: Scenario, day: int, staff: StaffCost) -> Iterator[tuple[Shift, ...]]:
    kinds = []
    for first, last in itertools.combinations(range(scenario.grid.size + 1), 2):
        if not staff.shortest <= last - first <= staff.longest:
            continue
        if staff.break_after is None or last - first <= staff.break_after:
            kinds.append(Shift(day, staff.name, 1, first, last))
        else:
            pauses = range(first + 1, last - staff.break_slots)
            kinds += [Shift(day, staff.name, 1, first, last, pause) for pause in pauses]

    def grown(
        chosen: tuple[Shift, ...], present: np.ndarray, rest: list[Shift]
    ) -> Iterator[tuple[Shift, ...]]:
        yield chosen
        for place, shift in enumerate(rest):
            more = present.copy()
            more[shift.first : shift.last] += 1
            if more.max() <= staff.people:
                yield from grown((*chosen, shift), more, rest[place:])

    yield from grown((), np.zeros(scenario.grid.size), kinds)


def covers(scenario: Scenario, day: int, spans: Spans, shifts: tuple[Shift, ...]) -> bool:
    """Whether the fewest people are on duty whenever the day is open."""
    duty = on_duty(scenario, StaffedWeek(((),) * scenario.days, shifts))[day]
    is_open = np.array(scenario.grid.shares(spans)) > 0.5
    return bool((duty[is_open] >= scenario.limits.min_staff).all())
