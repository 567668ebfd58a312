"""Every limit and rule recomputed from the staffed week alone, without the program.

A solver can be wrong and a formulation too; nothing leaves this room that does not stand here.
Each fault is a `DataError program.broken` with `limit`, a key of shop.toml or a rule's name, and
`day`, an OSM weekday or "week".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from hoursopt.errors import DataError
from hoursopt.evaluate import Shift, StaffedWeek, on_duty, open_slots, packing_shortfall
from hoursopt.hours import WEEKDAYS, Spans
from hoursopt.scenario import Scenario, StaffCost
from hoursopt.shop import Rule

HOURS = 1e-6


def hours_faults(scenario: Scenario, hours: Sequence[Spans]) -> tuple[DataError, ...]:
    """What the limits and rules on hours say against these hours."""
    if len(hours) != scenario.days:
        return (_fault("days", "week"),)
    faults = list(_day_faults(scenario, hours)) + list(_week_faults(scenario, hours))
    for rule in scenario.rules:
        faults += _rule_faults(scenario, hours, rule)
    return tuple(faults)


def staff_faults(scenario: Scenario, week: StaffedWeek) -> tuple[DataError, ...]:
    """What the limits on staff say against this week."""
    faults = list(_shift_faults(scenario, week.shifts))
    if faults:
        return tuple(faults)
    faults += _duty_faults(scenario, week)
    faults += _group_faults(scenario, week.shifts)
    if packing_shortfall(scenario, week) > 0:
        faults.append(_fault("minutes_per_order", "week"))
    return tuple(faults)


def changes_cost(scenario: Scenario, hours: Sequence[Spans]) -> float:
    """`change_cost` of the days whose hours differ from today's."""
    pairs = zip(hours, scenario.today, strict=True)
    return scenario.limits.change_cost * sum(spans != today for spans, today in pairs)


def _day_faults(scenario: Scenario, hours: Sequence[Spans]) -> Iterator[DataError]:
    for day, spans in zip(scenario.weekdays, hours, strict=True):
        if not scenario.grid.fits(spans):
            yield _fault("grid", day)
        if len(spans) > scenario.limits.intervals_per_day:
            yield _fault("intervals_per_day", day)
        if any(span.hours < scenario.limits.min_open_hours - HOURS for span in spans):
            yield _fault("min_open_hours", day)


def _week_faults(scenario: Scenario, hours: Sequence[Spans]) -> Iterator[DataError]:
    least, most = scenario.limits.week_open_hours
    total = sum(span.hours for spans in hours for span in spans)
    # A single date has no least: the bound is one of a week.
    if total > most + HOURS or (scenario.days == 7 and total < least - HOURS):
        yield _fault("week_open_hours", "week")
    if len({spans for spans in hours if spans}) > scenario.limits.patterns:
        yield _fault("patterns", "week")


def _rule_faults(scenario: Scenario, hours: Sequence[Spans], rule: Rule) -> Iterator[DataError]:
    ruled = [day for day, weekday in enumerate(scenario.weekdays) if weekday in rule.weekdays]
    if rule.kind == "same_hours" and len({hours[day] for day in ruled}) > 1:
        yield _fault(rule.name, "week")
    for day in ruled:
        spans = hours[day]
        first, last = (spans[0].start, spans[-1].end) if spans else (0, 0)
        kept = {
            "closed": not spans
            if rule.span is None
            else not any(span.overlap(rule.span) for span in spans),
            "open": bool(spans)
            if rule.span is None
            else sum(span.overlap(rule.span) for span in spans) == rule.span.end - rule.span.start,
            "closed_before": not spans or first >= (rule.at or 0),
            "closed_after": not spans or last <= (rule.at or 0),
            "keep_today": spans == scenario.today[day],
            "same_hours": True,
        }
        if not kept[rule.kind]:
            yield _fault(rule.name, scenario.weekdays[day])


def _shift_faults(scenario: Scenario, shifts: Sequence[Shift]) -> Iterator[DataError]:
    groups = {group.name: group for group in scenario.staff}
    for shift in shifts:
        if not (0 <= shift.day < scenario.days and shift.staff in groups and shift.count > 0):
            yield _fault("staff", "week")
            continue
        weekday, group = scenario.weekdays[shift.day], groups[shift.staff]
        length = shift.last - shift.first
        if not (0 <= shift.first < shift.last <= scenario.grid.size):
            yield _fault("grid", weekday)
        if not group.shortest <= length <= group.longest:
            yield _fault("shift_hours", weekday)
        if not _break_stands(group, shift):
            yield _fault("break_minutes", weekday)


def _break_stands(group: StaffCost, shift: Shift) -> bool:
    """A break where the shift is long enough for one, with work at both sides; else none."""
    length = shift.last - shift.first
    due = group.break_after is not None and group.break_slots > 0 and length > group.break_after
    if shift.break_first is None or not due:
        return shift.break_first is None and not due
    return shift.first < shift.break_first < shift.last - group.break_slots


def _duty_faults(scenario: Scenario, week: StaffedWeek) -> Iterator[DataError]:
    duty, is_open = on_duty(scenario, week), open_slots(scenario, week.hours)
    for day, weekday in enumerate(scenario.weekdays):
        if np.any(duty[day][is_open[day]] < scenario.limits.min_staff):
            yield _fault("min_staff", weekday)
        if np.any(duty[day] > scenario.limits.max_staff):
            yield _fault("max_staff", weekday)
        if not is_open[day].any() and any(shift.day == day for shift in week.shifts):
            yield _fault("closed", weekday)


def _group_faults(scenario: Scenario, shifts: Sequence[Shift]) -> Iterator[DataError]:
    slot_hours = scenario.grid.slot_hours
    for group in scenario.staff:
        present = np.zeros((scenario.days, scenario.grid.size), dtype=int)
        paid = 0.0
        for shift in shifts:
            if shift.staff == group.name:
                present[shift.day, shift.first : shift.last] += shift.count
                unpaid = (
                    0.0 if shift.break_first is None else group.break_slots * group.break_unpaid
                )
                paid += shift.count * (shift.last - shift.first - unpaid) * slot_hours
        if np.any(present > group.people):
            yield _fault("people", "week")
        if group.week_hours is not None and paid > group.week_hours + HOURS:
            yield _fault("week_hours", "week")


def _fault(limit: str, day: int | str) -> DataError:
    return DataError(
        "program.broken", limit=limit, day=day if day == "week" else WEEKDAYS[int(day)]
    )
