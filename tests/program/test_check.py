"""The check outside the solver sees every limit that a week breaks."""

from __future__ import annotations

import dataclasses

import pytest
from oracle import OPENS, tiny

from hoursopt.evaluate import Shift, StaffedWeek
from hoursopt.hours import Span, Spans
from hoursopt.program.check import changes_cost, hours_faults, staff_faults
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule

STAFF = ({"name": "owner", "people": 1, "shortest": 2, "longest": 4, "break_after": 3},)


def at(start: int, end: int) -> Span:
    return Span(OPENS + 60 * start, OPENS + 60 * end)


def limits_of(faults: tuple[Exception, ...]) -> set[str]:
    return {fault.values["limit"] for fault in faults}  # type: ignore[attr-defined]


MORNING = (at(0, 4),)

HOURS: list[tuple[str, dict[str, object], tuple[Spans, ...]]] = [
    ("grid", {}, ((Span(OPENS + 30, OPENS + 90),), ())),
    ("grid", {}, ((Span(OPENS - 60, OPENS + 60),), ())),
    ("intervals_per_day", {}, ((at(0, 1), at(2, 3)), ())),
    ("min_open_hours", {"min_open_hours": 2.0}, ((at(0, 1),), ())),
    ("week_open_hours", {"week_open_hours": (0, 3)}, ((at(0, 4),), ())),
    ("patterns", {"patterns": 1}, ((at(0, 1),), (at(0, 2),))),
    ("days", {}, ((at(0, 1),),)),
]

RULES = [
    (Rule("r", "closed", (1,)), ((), (at(0, 1),))),
    (Rule("r", "closed", (0,), span=at(1, 2)), ((at(0, 2),), ())),
    (Rule("r", "open", (1,)), ((at(0, 1),), ())),
    (Rule("r", "open", (0,), span=at(1, 3)), ((at(0, 2),), ())),
    (Rule("r", "closed_before", (0,), at=OPENS + 60), ((at(0, 2),), ())),
    (Rule("r", "closed_after", (0,), at=OPENS + 60), ((at(0, 2),), ())),
    (Rule("r", "same_hours", (0, 1)), ((at(0, 2),), (at(0, 3),))),
    (Rule("r", "same_hours", (0, 1)), ((at(0, 2),), ())),
    (Rule("r", "keep_today", (0,)), ((at(0, 3),), ())),
]


@pytest.mark.parametrize(("limit", "limits", "hours"), HOURS)
def test_hours_that_break_a_limit_are_seen(
    limit: str, limits: dict[str, object], hours: tuple[Spans, ...]
) -> None:
    scenario = tiny(0, 2, 4, **limits)

    assert limits_of(hours_faults(scenario, hours)) == {limit}


@pytest.mark.parametrize(("rule", "hours"), RULES)
def test_hours_that_break_a_rule_are_seen(rule: Rule, hours: tuple[Spans, ...]) -> None:
    assert limits_of(hours_faults(tiny(0, 2, 4, rules=(rule,)), hours)) == {"r"}
    assert not hours_faults(tiny(0, 2, 4), hours)


def test_the_least_open_hours_are_of_a_whole_week() -> None:
    assert limits_of(hours_faults(tiny(0, 7, 2, week_open_hours=(5, 168)), ((),) * 7)) == {
        "week_open_hours"
    }
    assert not hours_faults(tiny(0, 1, 2, week_open_hours=(5, 168)), ((),))


def staffed(*shifts: Shift, hours: Spans = MORNING) -> StaffedWeek:
    return StaffedWeek((hours,), shifts)


def four_hours(**changes: object) -> Scenario:
    return tiny(0, 1, 5, staff=({**STAFF[0], "break_slots": 1, **changes},), max_staff=1)


WEEKS = [
    ("min_staff", {}, staffed(Shift(0, "owner", 1, 0, 3))),
    ("min_staff", {}, staffed(Shift(0, "owner", 1, 0, 4, 2))),
    ("shift_hours", {}, staffed(Shift(0, "owner", 1, 0, 5, 2), hours=(at(0, 2),))),
    ("shift_hours", {}, staffed(Shift(0, "owner", 1, 0, 1), hours=(at(0, 1),))),
    ("break_minutes", {}, staffed(Shift(0, "owner", 1, 0, 4), hours=(at(0, 1),))),
    ("break_minutes", {}, staffed(Shift(0, "owner", 1, 0, 4, 0), hours=())),
    ("break_minutes", {}, staffed(Shift(0, "owner", 1, 0, 4, 3), hours=(at(0, 1),))),
    ("break_minutes", {}, staffed(Shift(0, "owner", 1, 0, 3, 1), hours=(at(0, 1),))),
    ("grid", {}, staffed(Shift(0, "owner", 1, 3, 6), hours=(at(3, 5),))),
    ("staff", {}, staffed(Shift(0, "nobody", 1, 0, 2), hours=(at(0, 2),))),
    ("staff", {}, staffed(Shift(1, "owner", 1, 0, 2), hours=(at(0, 2),))),
    ("closed", {}, staffed(Shift(0, "owner", 1, 0, 2), hours=())),
    ("max_staff", {"people": 2}, staffed(Shift(0, "owner", 2, 0, 2), hours=(at(0, 2),))),
    ("week_hours", {"week_hours": 1.0}, staffed(Shift(0, "owner", 1, 0, 2), hours=(at(0, 2),))),
]


@pytest.mark.parametrize(("limit", "changes", "week"), WEEKS)
def test_staff_that_breaks_a_limit_is_seen(
    limit: str, changes: dict[str, object], week: StaffedWeek
) -> None:
    assert limits_of(staff_faults(four_hours(**changes), week)) == {limit}


def test_more_people_than_heads_are_seen() -> None:
    scenario = dataclasses.replace(
        four_hours(), limits=dataclasses.replace(four_hours().limits, max_staff=3)
    )
    week = staffed(Shift(0, "owner", 2, 0, 2), hours=(at(0, 2),))

    assert limits_of(staff_faults(scenario, week)) == {"people"}


def test_orders_without_quiet_minutes_are_seen() -> None:
    scenario = tiny(0, 7, 2, minutes_per_order=30, orders=50)

    assert limits_of(staff_faults(scenario, StaffedWeek(((),) * 7, ()))) == {"minutes_per_order"}


def test_a_week_that_keeps_all_limits_has_no_fault() -> None:
    week = staffed(Shift(0, "owner", 1, 0, 4, 2), hours=(at(0, 2),))

    assert not staff_faults(four_hours(), week)
    assert not hours_faults(four_hours(), week.hours)


def test_each_changed_weekday_costs() -> None:
    scenario = tiny(0, 3, 3, change_cost=4.0)
    today = scenario.today

    assert changes_cost(scenario, today) == 0.0
    assert changes_cost(scenario, ((), today[1], (at(0, 3),))) == 8.0
