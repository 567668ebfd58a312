"""Kinds of tiny scenarios, each with what one constraint family is for."""

from __future__ import annotations

from collections.abc import Callable

from oracle import OPENS, tiny

from hoursopt.hours import Span
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule

ALONE = ({"people": 1},)
H = 60


def _rule(kind: str, days: tuple[int, ...], **parts: object) -> Rule:
    return Rule(f"{kind} rule", kind, days, **parts)  # type: ignore[arg-type]


KINDS: dict[str, Callable[[int], Scenario]] = {
    "one day": lambda s: tiny(s, slots=4),
    "one person": lambda s: tiny(s, slots=5, staff=ALONE),
    "two people needed": lambda s: tiny(s, slots=3, demand=2, min_staff=2),
    "long opening": lambda s: tiny(s, slots=5, min_open_hours=3, staff=ALONE),
    "few on duty": lambda s: tiny(s, slots=3, demand=3, max_staff=1),
    "short shifts": lambda s: tiny(s, slots=4, demand=2, staff=({"longest": 2},)),
    "long shifts": lambda s: tiny(s, slots=5, demand=2, staff=({"shortest": 3},)),
    "two groups": lambda s: tiny(
        s, slots=4, demand=1.5, staff=({"people": 1}, {"people": 1, "shortest": 2, "longest": 3})
    ),
    "breaks": lambda s: tiny(
        s,
        slots=6,
        demand=2,
        min_staff=1 - s % 2,
        staff=({"people": 1, "shortest": 3, "break_after": 3, "break_slots": 1},),
    ),
    "paid breaks of two": lambda s: tiny(
        s,
        slots=5,
        demand=3,
        staff=(
            {"people": 1, "shortest": 4, "break_after": 3, "break_slots": 1, "break_unpaid": 0.5},
            {"people": 1, "longest": 2},
        ),
    ),
    "closed spell": lambda s: tiny(
        s, slots=5, intervals_per_day=2, staff=({"people": 1, "longest": 3},)
    ),
    "closed spell, long pieces": lambda s: tiny(
        s, slots=6, intervals_per_day=2, min_open_hours=2, staff=({"people": 1, "longest": 4},)
    ),
    "closed": lambda s: tiny(
        s,
        2,
        3,
        demand=2,
        staff=ALONE,
        rules=(
            _rule("closed", (0,)),
            _rule("closed", (1,), span=Span(OPENS + H, OPENS + 2 * H)),
        ),
    ),
    "open": lambda s: tiny(
        s,
        2,
        3,
        demand=0.4,
        staff=ALONE,
        rules=(_rule("open", (0,)), _rule("open", (1,), span=Span(OPENS, OPENS + 2 * H))),
    ),
    "closed before": lambda s: tiny(
        s, 2, 3, demand=2, staff=ALONE, rules=(_rule("closed_before", (1,), at=OPENS + H),)
    ),
    "closed after": lambda s: tiny(
        s, 2, 3, demand=2, staff=ALONE, rules=(_rule("closed_after", (0,), at=OPENS + 2 * H),)
    ),
    "same hours": lambda s: tiny(s, 2, 3, staff=ALONE, rules=(_rule("same_hours", (0, 1)),)),
    "keep today": lambda s: tiny(s, 2, 3, staff=ALONE, rules=(_rule("keep_today", (0,)),)),
    "keep today's closed day": lambda s: tiny(
        s,
        2,
        3,
        demand=2,
        staff=ALONE,
        rules=(_rule("keep_today", (0, 1)),),
        today=((), (Span(OPENS, OPENS + 2 * H),)),
    ),
    "one pattern": lambda s: tiny(s, 3, 3, demand=1.5, patterns=1, staff=ALONE),
    "two patterns": lambda s: tiny(s, 4, 2, demand=1.5, patterns=2, staff=ALONE),
    "one pattern with a spell": lambda s: tiny(
        s, 2, 4, patterns=1, intervals_per_day=2, demand=1.5, staff=ALONE
    ),
    "same hours with a spell": lambda s: tiny(
        s,
        2,
        3,
        intervals_per_day=2,
        demand=1.5,
        staff=ALONE,
        rules=(_rule("same_hours", (0, 1)),),
    ),
    "cost of change": lambda s: tiny(s, 2, 3, change_cost=6, staff=ALONE),
    "cost of change, spells": lambda s: tiny(
        s,
        2,
        3,
        change_cost=6,
        staff=ALONE,
        intervals_per_day=2,
        demand=1.5,
        today=((), (Span(OPENS, OPENS + H), Span(OPENS + 2 * H, OPENS + 3 * H))),
    ),
    "few open hours": lambda s: tiny(s, 2, 3, demand=2, week_open_hours=(0, 4), staff=ALONE),
    "many open hours": lambda s: tiny(
        s,
        7,
        2,
        demand=0.3,
        min_open_hours=2,
        week_open_hours=(6, 168),
        staff=ALONE,
        today=((Span(OPENS, OPENS + 2 * H),),) * 7,
    ),
    "few hours of staff": lambda s: tiny(
        s, 2, 3, demand=2, staff=({"people": 1, "week_hours": 3.0},)
    ),
    "few hours of two groups": lambda s: tiny(
        s,
        2,
        3,
        demand=2,
        max_staff=1,
        staff=({"people": 1, "week_hours": 3.0}, {"people": 1, "shortest": 2}),
    ),
    "packing": lambda s: tiny(s, slots=4, demand=1.5, minutes_per_order=25, orders=2 + s % 4),
    "packing on the next day": lambda s: tiny(
        s, 2, 3, demand=1.5, minutes_per_order=20, orders=3, staff=ALONE
    ),
    "packing with a spell": lambda s: tiny(
        s, slots=4, demand=1.5, intervals_per_day=2, minutes_per_order=25, orders=3
    ),
    "packing in a week": lambda s: tiny(
        s,
        7,
        2,
        demand=1.5,
        min_open_hours=2,
        minutes_per_order=20,
        orders=1,
        next_day=0.2,
        staff=({"people": 1, "shortest": 2},),
    ),
    "packing beside customers": lambda s: tiny(
        s,
        7,
        2,
        demand=3,
        min_open_hours=2,
        max_staff=4,
        minutes_per_order=5,
        orders=1 + s,
        staff=({"people": 4, "shortest": 2},),
        rules=(_rule("closed", (2, 3, 4, 5, 6)),),
    ),
    "no overlap": lambda s: tiny(
        s, slots=4, demand=6, max_staff=1, staff=({"shortest": 3, "longest": 3},)
    ),
    "shifts of two hours": lambda s: tiny(
        s, slots=3, demand=4, staff=({"people": 1, "shortest": 2, "longest": 2},)
    ),
    "next day": lambda s: tiny(s, 3, 2, next_day=0.5, staff=ALONE),
    "next day in a week": lambda s: tiny(
        s, 7, 2, next_day=0.15, min_open_hours=2, staff=({"people": 1, "shortest": 2},)
    ),
    "next day, one pattern": lambda s: tiny(s, 3, 2, next_day=0.4, patterns=1, staff=ALONE),
}

COUNTS = {
    "one day": 12,
    "closed spell": 14,
    "closed spell, long pieces": 8,
    "one person": 14,
    "many open hours": 2,
    "packing in a week": 3,
    "next day in a week": 3,
    "next day": 10,
    "two patterns": 2,
    "packing": 12,
    "packing with a spell": 8,
}
"""Seeds of each kind; 5 where none is said."""


def seeds() -> list[tuple[str, int]]:
    """Every kind with each of its seeds."""
    return [(kind, seed) for kind in KINDS for seed in range(COUNTS.get(kind, 5))]
