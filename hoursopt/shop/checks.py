"""What must hold within and between the parts of a shop, beyond the form of each single field.

A check yields faults. Those of the whole shop ask by the names of their parameters for the parts
that they need, so that one faulty part does not hide what is wrong with the others.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple

from hoursopt.calendar import Season, check_country, check_seasons
from hoursopt.errors import DataError
from hoursopt.hours import WEEKDAYS, Grid, Span, Spans, format_time
from hoursopt.shop import (
    SOURCES,
    Economics,
    Exceptions,
    HoursInForce,
    Limits,
    Rule,
    Sources,
    StaffGroup,
    Supplement,
)


class Fault(NamedTuple):
    """An error and the key in the file to which it belongs, such as `rule[2].at`."""

    where: str
    error: DataError


Faults = Iterator[Fault]


def find_faults(parts: Mapping[str, object]) -> Faults:
    """All faults that the checks find in the parts that there are (attributes of `Shop`)."""
    for check in CHECKS:
        needed = inspect.signature(check).parameters
        if needed.keys() <= parts.keys():
            yield from check(**{name: parts[name] for name in needed})


def check_staff_group(group: StaffGroup) -> Faults:
    """One way to say what an hour costs; a break has a length and a time."""
    if (group.hourly_cost is None) == (group.hourly_wage is None):
        yield Fault("hourly_wage", DataError("shop.cost_or_wage", name=group.name))
    if (group.break_after_hours is None) != (group.break_minutes == 0):
        yield Fault("break_after_hours", DataError("shop.break", name=group.name))
    if group.shift_hours[1] == 0:
        yield Fault("shift_hours", DataError("shop.no_shift", name=group.name))


def check_supplement(supplement: Supplement) -> Faults:
    """Money per hour or a share of the wage, not both."""
    if (supplement.per_hour > 0) == (supplement.share > 0):
        yield Fault("per_hour", DataError("shop.supplement", name=supplement.name))


def check_rule(rule: Rule) -> Faults:
    """`at` is an hour, a span or nothing, as the kind of rule has it."""
    if rule.kind in ("closed_before", "closed_after"):
        if rule.at is None:
            yield Fault("at", DataError("shop.rule_time", kind=rule.kind))
    elif rule.kind in ("closed", "open"):
        if rule.at is not None:
            yield Fault("at", DataError("shop.rule_span", kind=rule.kind))
    elif rule.at is not None or rule.span is not None:
        yield Fault("at", DataError("shop.rule_no_time", kind=rule.kind))
    if rule.kind == "same_hours" and len(rule.weekdays) < 2:
        yield Fault("days", DataError("shop.rule_days"))


def _place_is_known(country: str, subdivision: str) -> Faults:
    try:
        check_country(country, subdivision)
    except DataError as error:
        key = "country" if error.key == "calendar.country" else "subdivision"
        yield Fault(f"shop.{key}", error)


def _seasons_cover_the_year(seasons: Sequence[Season]) -> Faults:
    try:
        check_seasons(seasons)
    except DataError as error:
        yield Fault("season", error)


def _there_is_a_source(sources: Sources) -> Faults:
    if not sources.receipts and not sources.footfall:
        yield Fault("sources", DataError("shop.no_source"))
    for name in sources.options:
        if name in SOURCES and not sources.files(name):
            yield Fault(f"sources.options.{name}", DataError("shop.option_unused", source=name))


def _visitors_can_be_made_customers(sources: Sources, economics: Economics) -> Faults:
    if sources.footfall and not sources.receipts:
        for name in ("conversion", "basket_value"):
            if getattr(economics, name) is None:
                yield Fault(f"economics.{name}", DataError(f"shop.needs_{name}"))


def _hours_are_in_order(hours: Sequence[HoursInForce]) -> Faults:
    for number, (before, force) in enumerate(pairwise(hours), start=2):
        if force.start is None:
            yield Fault(f"hours[{number}].from", DataError("shop.hours_from"))
        elif before.start is not None and force.start <= before.start:
            error = DataError("shop.hours_order", date=force.start, before=before.start)
            yield Fault(f"hours[{number}].from", error)


def _hours_lie_on_the_grid(hours: Sequence[HoursInForce], grid: Grid) -> Faults:
    for number, force in enumerate(hours, start=1):
        for weekday, spans in enumerate(force.hours.days):
            if not grid.holds(spans):
                error = _outside(grid, spans, WEEKDAYS[weekday])
                yield Fault(f"hours[{number}].hours", error)
                break


def _exceptions_lie_on_the_grid(exceptions: Exceptions, grid: Grid) -> Faults:
    for date, spans in exceptions.hours.items():
        if not grid.holds(spans):
            yield Fault("exceptions.hours", _outside(grid, spans, date))
        if date in exceptions.closed:
            yield Fault("exceptions.hours", DataError("shop.closed_and_open", date=date))


def _outside(grid: Grid, spans: Spans, day: object) -> DataError:
    span = next(span for span in spans if not grid.holds([span]))
    return DataError(
        "shop.outside_grid",
        day=day,
        hours=str(span),
        earliest=format_time(grid.earliest),
        latest=format_time(grid.latest),
    )


def _limits_fit_the_shop(limits: Limits, staff: Sequence[StaffGroup], grid: Grid) -> Faults:
    people = sum(group.people for group in staff)
    if limits.min_staff > people:
        error = DataError("shop.too_few_ever", value=limits.min_staff, people=people)
        yield Fault("limits.min_staff", error)
    elif limits.min_staff > limits.max_staff:
        error = DataError("shop.min_staff", value=limits.min_staff, limit=limits.max_staff)
        yield Fault("limits.min_staff", error)
    # Where nothing is said of the most, it is the least: that one is at fault then.
    if limits.max_staff > people and limits.max_staff != limits.min_staff:
        error = DataError("shop.too_few_people", value=limits.max_staff, people=people)
        yield Fault("limits.max_staff", error)
    hours = grid.size * grid.slot_hours
    if limits.min_open_hours > hours:
        error = DataError("shop.opening_too_long", value=limits.min_open_hours, hours=hours)
        yield Fault("limits.min_open_hours", error)


def _rules_name_seasons(rules: Sequence[Rule], seasons: Sequence[Season]) -> Faults:
    names = [season.name for season in seasons]
    for number, rule in enumerate(rules, start=1):
        if rule.season is not None and rule.season not in names:
            near = get_close_matches(rule.season, names, n=1) or names
            error = DataError("shop.unknown_season", season=rule.season, known=tuple(near))
            yield Fault(f"rule[{number}].season", error)


@dataclass(frozen=True)
class _Bound:
    """What a rule asks of the slots of one weekday."""

    number: int
    rule: Rule
    open: frozenset[int]
    shut: frozenset[int]


def _rules_can_be_kept(
    rules: Sequence[Rule],
    seasons: Sequence[Season],
    grid: Grid,
    limits: Limits,
    hours: Sequence[HoursInForce],
) -> Faults:
    """Only what two rules or a rule and a limit make plain; the program finds the rest."""
    told: set[tuple[object, ...]] = set()
    for season in seasons:
        least = most = 0.0
        for weekday in range(7):
            bounds = [
                _bound(number, rule, grid, hours[-1].hours[weekday])
                for number, rule in enumerate(rules, start=1)
                if weekday in rule.weekdays and rule.season in (None, season.name)
            ]
            for fault in _clashes(bounds, grid, limits, weekday, season.name):
                once = (fault.where, fault.error.key, fault.error.values.get("other"))
                if once not in told:
                    told.add(once)
                    yield fault
            asked = [len(bound.open) * grid.slot_hours for bound in bounds]
            if any(bound.rule.kind == "open" for bound in bounds):
                asked.append(limits.min_open_hours)
            least += max(asked, default=0.0)
            shut = frozenset[int]().union(*(bound.shut for bound in bounds))
            most += (grid.size - len(shut)) * grid.slot_hours
        fewest, greatest = limits.week_open_hours
        if least > greatest:
            error = DataError(
                "shop.rules_too_long", season=season.name, hours=least, limit=greatest
            )
            yield Fault("limits.week_open_hours", error)
        if most < fewest:
            error = DataError("shop.rules_too_short", season=season.name, hours=most, limit=fewest)
            yield Fault("limits.week_open_hours", error)


def _clashes(
    bounds: Sequence[_Bound], grid: Grid, limits: Limits, weekday: int, season: str
) -> Faults:
    for bound in bounds:
        where, name = f"rule[{bound.number}]", bound.rule.name
        span = bound.rule.span
        if bound.rule.kind == "open" and span is not None and not grid.holds([span]):
            yield Fault(where, _outside(grid, (span,), WEEKDAYS[weekday]))
        for other in bounds:
            if bound.open & other.shut:
                error = DataError(
                    "shop.rules_clash",
                    name=name,
                    other=other.rule.name,
                    day=WEEKDAYS[weekday],
                    season=season,
                )
                yield Fault(where, error)
        shutting = [other for other in bounds if other.shut]
        if bound.rule.kind == "open" and span is None and shutting:
            free = set(range(grid.size)).difference(*(other.shut for other in shutting))
            longest = max((span.hours for span in _runs(grid, free)), default=0.0)
            if longest < max(limits.min_open_hours, grid.slot_hours):
                error = DataError(
                    "shop.rules_leave_no_time",
                    name=name,
                    other=tuple(f'"{other.rule.name}"' for other in shutting),
                    day=WEEKDAYS[weekday],
                    season=season,
                    hours=longest,
                    limit=limits.min_open_hours,
                )
                yield Fault(where, error)


def _bound(number: int, rule: Rule, grid: Grid, today: Spans) -> _Bound:
    slots = {slot: grid.slot(slot) for slot in range(grid.size)}

    def where(holds: Callable[[Span], object]) -> frozenset[int]:
        return frozenset(slot for slot, span in slots.items() if holds(span))

    nothing: frozenset[int] = frozenset()
    at, over = rule.at or 0, rule.span
    match rule.kind:
        case "closed":
            return _Bound(number, rule, nothing, where(lambda s: over is None or s.overlap(over)))
        case "open":
            return _Bound(number, rule, where(lambda s: over and s.overlap(over)), nothing)
        case "closed_before":
            return _Bound(number, rule, nothing, where(lambda s: s.start < at))
        case "closed_after":
            return _Bound(number, rule, nothing, where(lambda s: s.end > at))
        case "keep_today":
            kept = grid.snap(today)
            is_open = where(lambda s: any(s.overlap(span) for span in kept))
            return _Bound(number, rule, is_open, frozenset(slots) - is_open)
    return _Bound(number, rule, nothing, nothing)


def _runs(grid: Grid, slots: set[int]) -> Spans:
    return grid.spans([slot in slots for slot in range(grid.size)])


CHECKS: tuple[Callable[..., Faults], ...] = (
    _place_is_known,
    _hours_are_in_order,
    _hours_lie_on_the_grid,
    _there_is_a_source,
    _exceptions_lie_on_the_grid,
    _visitors_can_be_made_customers,
    _limits_fit_the_shop,
    _seasons_cover_the_year,
    _rules_name_seasons,
    _rules_can_be_kept,
)
