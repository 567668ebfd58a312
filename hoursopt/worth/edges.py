"""What each stretch of opening is worth: the week with it less the week without it.

Both weeks have their own best staffing, found for the week as a whole: hours a week of the staff
and the packing of orders tie its days together, also where a group has less left than the hour
would take. So the result is that of planning twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoursopt.demand.model import EVIDENCE
from hoursopt.errors import HoursoptError
from hoursopt.evaluate import (
    Assessment,
    StaffedWeek,
    open_slots,
    paid_hours,
)
from hoursopt.hours import Span, Spans
from hoursopt.plan import Edge, Estimate, Study
from hoursopt.program import Way
from hoursopt.program.check import hours_faults
from hoursopt.program.tables import present_customers
from hoursopt.scenario import Scenario

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Week = tuple[Spans, ...]

TIES = ("same_hours", "keep_today")
PRICED_HOURS = 2.0


@dataclass(frozen=True)
class Weighed:
    """A stretch of one weekday: the week with it less the week without it.

    worth: (R,) money a week. customers: (R,) who come in it at one opening; on average `new` of
    them would else be lost, `moved` come at another of our hours, `from_online` buy on the web.
    """

    weekday: int
    span: Span
    is_open: bool
    worth: Floats
    customers: Floats
    new: float
    moved: float
    from_online: float
    evidence: str

    @property
    def probability(self) -> float:
        """Chance that the stretch earns money."""
        return float((self.worth > 0).mean())

    @property
    def as_planned(self) -> float:
        """Money a week of the stretch as the plan has it: nothing where it stays shut."""
        return float(self.worth.mean()) if self.is_open else 0.0

    @property
    def value_of_knowing(self) -> float:
        """Money a week that is lost, on average, by deciding before demand is known."""
        return float(np.maximum(self.worth, 0).mean()) - self.as_planned

    @property
    def expected_step(self) -> float:
        """Money that one opening in a trial is expected to bring, against what the plan has."""
        return float(self.worth.mean()) - self.as_planned


@dataclass(frozen=True)
class Bench:
    """A study with what every stretch is weighed against.

    way: how other weeks are staffed. prices: what an hour of each staff group would earn elsewhere,
    0 for groups below their limit: by them the best hours of a closed day are looked for.
    """

    study: Study
    way: Way
    prices: Mapping[str, float]

    @property
    def hours(self) -> Week:
        """The best week's."""
        return self.study.best.week.hours

    @cached_property
    def planned(self) -> Assessment:
        """The best week on the draws that it was not planned on."""
        return Assessment(self.study.fresh, self.study.best.week)


def bench(study: Study, way: Way) -> Bench:
    """Price the hours of staff groups that the best week uses up."""
    return Bench(study, way, hour_prices(study, way))


def hour_prices(study: Study, way: Way) -> dict[str, float]:
    """Money that one more hour a week of each group would earn in the best week's hours."""
    scenario, best = study.scenario, study.best
    prices = {group.name: 0.0 for group in scenario.staff}
    for group in scenario.staff:
        shifts = [shift for shift in best.week.shifts if shift.staff == group.name]
        used = sum(paid_hours(scenario, shift) * shift.count for shift in shifts)
        if group.week_hours is None or used <= group.week_hours - scenario.grid.slot_hours:
            continue
        more = dataclasses.replace(group, week_hours=group.week_hours + PRICED_HOURS)
        staff = tuple(more if other is group else other for other in scenario.staff)
        richer = way.staffing(scenario.replace(staff=staff), best.week.hours)
        prices[group.name] = max(0.0, richer.ledger.profit - best.ledger.profit) / PRICED_HOURS
    return prices


def edge_of(study: Study, weighed: Weighed) -> Edge:
    """The stretch as the plan shows it."""
    return Edge(
        season=study.scenario.name,
        weekday=weighed.weekday,
        start=weighed.span.start,
        end=weighed.span.end,
        is_open=weighed.is_open,
        worth=Estimate.of(weighed.worth),
        new=weighed.new,
        moved=weighed.moved,
        from_online=weighed.from_online,
        evidence=weighed.evidence,
    )


def weigh_edges(bench: Bench) -> Iterator[Weighed]:
    """First and last hour of each open day, and the hour before and after, where legal."""
    alone = days_alone(bench.study.scenario)
    for weekday, span in edge_spans(alone, bench.hours):
        if not hours_faults(alone, toggle(alone, bench.hours, weekday, span)):
            yield from weigh_stretch(bench, weekday, span)


def weigh_closed_days(bench: Bench) -> Iterator[Weighed]:
    """The best opening of each closed day that may open, the other days as they are."""
    study = bench.study
    for weekday in (day for day, spans in enumerate(bench.hours) if not spans):
        open_days = tuple(day == weekday or bool(spans) for day, spans in enumerate(bench.hours))
        day = _one_day(days_alone(study.scenario), weekday, open_days, bench.prices)
        if any(rule.kind == "closed" and rule.span is None for rule in day.rules):
            continue
        try:
            (spans,) = bench.way.week(day).week.hours
            other = (*bench.hours[:weekday], spans, *bench.hours[weekday + 1 :])
            opened = bench.way.staffing(study.scenario, other).week
        except HoursoptError:
            continue  # no hours of that day are legal, or nobody can be found for them
        if spans:
            yield weigh(bench, opened, weekday, Span(spans[0].start, spans[-1].end))


def weigh_additions(bench: Bench) -> Iterator[Weighed]:
    """Each stretch that is open in the best week and closed today."""
    scenario = bench.study.scenario
    added = open_slots(scenario, bench.hours) & ~open_slots(scenario, scenario.today)
    for weekday in range(scenario.days):
        for span in scenario.grid.spans(added[weekday]):
            yield from weigh_stretch(bench, weekday, span)


def weigh_stretch(bench: Bench, weekday: int, span: Span) -> Iterator[Weighed]:
    """One stretch of the best week shut, or opened; nothing where nobody can staff it."""
    study = bench.study
    hours = toggle(study.scenario, bench.hours, weekday, span)
    try:
        other = bench.way.staffing(study.scenario, hours).week
    except HoursoptError:
        return
    yield weigh(bench, other, weekday, span)


def weigh(bench: Bench, other: StaffedWeek, weekday: int, span: Span) -> Weighed:
    """Compare the best week with another that differs from it in the stretch alone."""
    pair = bench.planned, Assessment(bench.study.fresh, other)
    open_at = open_slots(bench.study.fresh, bench.hours)
    inside = open_at != open_slots(bench.study.fresh, other.hours)
    is_open = bool(open_at[inside].any())
    with_it, without = pair if is_open else pair[::-1]
    opened, shut = with_it.flow, without.flow
    customers = opened.arrivals[:, inside].sum(axis=1)
    new = float((shut.lost - opened.lost).sum(axis=(1, 2)).mean())
    from_online = float((shut.online - opened.online).sum(axis=(1, 2)).mean())
    evidence = bench.study.evidence[inside]
    return Weighed(
        weekday=weekday,
        span=span,
        is_open=is_open,
        worth=with_it.profit_draws - without.profit_draws,
        customers=customers,
        new=new,
        moved=float(customers.mean()) - new - from_online,
        from_online=from_online,
        evidence=str(max(evidence, key=EVIDENCE.index)),
    )


def edge_spans(scenario: Scenario, hours: Week) -> Iterator[tuple[int, Span]]:
    """Weekday and stretch of the hours on both sides of each day's opening and closing."""
    grid = scenario.grid
    for weekday, spans in enumerate(hours):
        if not spans:
            continue
        first, last = spans[0], spans[-1]
        stretches = {
            (max(first.start - 60, grid.earliest), first.start),
            (first.start, min(first.start + 60, first.end)),
            (max(last.end - 60, last.start), last.end),
            (last.end, min(last.end + 60, grid.latest)),
        }
        for start, end in sorted(stretches):
            if start < end:
                yield weekday, Span(start, end)


def toggle(scenario: Scenario, hours: Week, weekday: int, span: Span) -> Week:
    """The same week with a stretch of one day opened, or shut if it is open."""
    open_at = open_slots(scenario, hours)[weekday]
    first, last = scenario.grid.index(span.start), scenario.grid.index(span.end)
    open_at[first:last] = ~open_at[first:last]
    return (*hours[:weekday], scenario.grid.spans(open_at), *hours[weekday + 1 :])


def days_alone(scenario: Scenario) -> Scenario:
    """The scenario without what ties days together: same hours, patterns, hours a week, change.

    An hour is worth knowing even where it could not change alone; the tie has its own price.
    """
    return scenario.replace(
        rules=tuple(rule for rule in scenario.rules if rule.kind not in TIES),
        limits=dataclasses.replace(
            scenario.limits, patterns=7, week_open_hours=(0.0, 168.0), change_cost=0.0
        ),
    )


def _one_day(
    scenario: Scenario, weekday: int, open_days: tuple[bool, ...], prices: Mapping[str, float]
) -> Scenario:
    """One day of the week by itself, with the customers whom closed days send to it.

    Pay holds what an hour would earn elsewhere; the limits of the week and packing do not bind.
    """
    day = slice(weekday, weekday + 1)
    slot_hours = scenario.grid.slot_hours
    return scenario.replace(
        weekdays=scenario.weekdays[day],
        walk_in=present_customers(scenario, open_days)[:, day],
        margin=scenario.margin[day],
        own_orders=scenario.own_orders[day],
        service=dataclasses.replace(scenario.service, minutes_per_order=0.0),
        staff=tuple(
            dataclasses.replace(
                group, pay=group.pay[day] + prices[group.name] * slot_hours, week_hours=None
            )
            for group in scenario.staff
        ),
        rules=tuple(rule for rule in scenario.rules if scenario.weekdays[weekday] in rule.weekdays),
        today=scenario.today[day],
    )
