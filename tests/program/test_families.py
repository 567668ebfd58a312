"""Every constraint family is needed: without it some tiny scenario goes wrong.

The program is asked alone: with the day book before it, much of what a family holds is known.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from kinds import KINDS
from oracle import best_by_hand

from hoursopt.errors import HoursoptError
from hoursopt.program import best_week, constraints
from hoursopt.scenario import Scenario

# Where to look first for each family; the other kinds follow.
LIKELY = {
    "an_open_day_opens_and_closes_once": "one day",
    "an_opening_lasts_its_shortest": "long opening",
    "a_day_has_one_closed_spell_at_most": "closed spell",
    "a_single_slot_has_both_its_edges": "one day",
    "an_open_shop_is_staffed": "two people needed",
    "no_more_people_than_the_limit": "no overlap",
    "a_shift_lasts_its_shortest": "long shifts",
    "a_shift_lasts_its_longest": "shifts of two hours",
    "a_break_follows_work": "breaks",
    "work_follows_a_break": "paid breaks of two",
    "a_group_works_its_weekly_hours": "few hours of staff",
    "shut_on_closed_days_and_hours": "closed",
    "open_when_promised": "open",
    "shut_before_the_hour": "closed before",
    "shut_after_the_hour": "closed after",
    "same_hours_on_the_days": "same hours",
    "hours_stay_as_today": "keep today",
    "the_week_has_its_open_hours": "few open hours",
    "the_week_has_few_patterns": "one pattern",
    "an_unchanged_day_has_today_s_hours": "cost of change",
    "the_open_days_are_those_given": "next day",
    "solved_sets_of_open_days_are_left_out": "next day",
    "served_is_what_the_fewest_serve_at_least": "packing beside customers",
    "served_grows_with_each_level_of_staff": "packing beside customers",
    "orders_are_packed_on_the_day_or_the_next": "packing beside customers",
    "packing_fits_into_quiet_minutes": "packing beside customers",
    "a_closed_day_sends_to_its_nearest_open_days": "next day in a week",
    "moved_customers_bring_no_more_than_this": "next day",
}


@cache
def by_hand(kind: str, seed: int) -> float:
    return best_by_hand(KINDS[kind](seed))[0]


def goes_wrong(scenario: Scenario, expected: float, **options: object) -> bool:
    """Whether the answer is missing, unproven, or not the best."""
    try:
        answer = best_week(
            scenario,
            time_limit=2.0,
            bound_first=False,
            **options,  # type: ignore[arg-type]
        )
    except HoursoptError:
        return True
    worth = answer.ledger.profit - answer.changes
    return answer.proof.status != "optimal" or abs(worth - expected) > 0.02


@pytest.mark.parametrize(
    "family", [f for f in constraints.FAMILIES if f.__name__ != "ruled_out_hours_are_not_taken"]
)
def test_without_a_family_some_answer_is_wrong(
    family: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = LIKELY.get(family.__name__, "one day")
    kinds = [first, *(kind for kind in KINDS if kind != first)]
    rest = tuple(other for other in constraints.FAMILIES if other is not family)
    monkeypatch.setattr(constraints, "FAMILIES", rest)

    assert any(
        goes_wrong(KINDS[kind](seed), by_hand(kind, seed)) for kind in kinds for seed in range(5)
    )


def test_without_its_family_ruled_out_hours_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = KINDS["one person"](1)
    best = best_week(scenario)
    second = best_week(scenario, forbidden=[best.week.hours])
    rest = [f for f in constraints.FAMILIES if f.__name__ != "ruled_out_hours_are_not_taken"]
    monkeypatch.setattr(constraints, "FAMILIES", tuple(rest))

    worth = second.ledger.profit
    assert goes_wrong(scenario, worth, forbidden=[best.week.hours])


def test_each_family_says_its_rule_in_one_line() -> None:
    for family in constraints.FAMILIES:
        assert family.__doc__
        assert family.__doc__.splitlines()[0].endswith((".", "work."))
