"""Contradicting rules and limits are named, and no others with them."""

from __future__ import annotations

import pytest
from oracle import OPENS, best_by_hand, tiny

from hoursopt.errors import DataError, RulesConflict
from hoursopt.hours import Span
from hoursopt.i18n import Texts
from hoursopt.program import best_staffing, best_week
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule


def causes(scenario: Scenario) -> set[str]:
    with pytest.raises(RulesConflict) as found:
        best_week(scenario)
    assert found.value.key in ("program.conflict", "program.conflict_bend")
    return {cause.values.get("name") or cause.values["limit"] for cause in found.value.causes}


def test_two_rules_that_clash_are_named_without_a_third() -> None:
    rules = (
        Rule("never on Monday", "closed", (0,)),
        Rule("always on Monday", "open", (0,)),
        Rule("late start", "closed_before", (0, 1), at=OPENS + 60),
    )

    assert causes(tiny(1, 2, 4, rules=rules)) == {"never on Monday", "always on Monday"}


@pytest.mark.parametrize("seed", range(4))
def test_the_cheapest_to_give_up_leaves_the_best_week(seed: int) -> None:
    late = Rule("late start", "closed_before", (0, 1), at=OPENS + 120)
    early = Rule("early promise", "open", (0,), span=Span(OPENS, OPENS + 60))
    scenario = tiny(seed, 2, 4, rules=(late, early), staff=({"people": 1},))

    with pytest.raises(RulesConflict) as found:
        best_week(scenario)

    without = {
        kept.name: best_by_hand(scenario.replace(rules=(other,)))[0]
        for kept, other in ((late, early), (early, late))
    }
    bend = found.value.values["bend"]
    assert isinstance(bend, DataError)
    assert without[str(bend.values["name"])] == max(without.values())
    assert found.value.values["profit"] == pytest.approx(max(without.values()), abs=0.02)
    for language in ("fi", "sv", "en"):
        assert str(bend.values["name"]) in Texts(language).describe(found.value).splitlines()[0]


def test_a_rule_that_clashes_with_a_limit_is_named_with_it() -> None:
    rule = Rule("an hour at noon", "closed_after", (0,), at=OPENS + 60)
    promise = Rule("promise", "open", (0,))

    found = causes(tiny(1, 2, 4, rules=(rule, promise), min_open_hours=2))

    assert found == {"an hour at noon", "promise", "min_open_hours"}


def test_too_few_hours_of_staff_for_a_promise_are_named() -> None:
    promise = Rule("promise", "open", (0,), span=Span(OPENS, OPENS + 240))

    found = causes(tiny(1, 2, 4, rules=(promise,), staff=({"people": 1, "week_hours": 2.0},)))

    assert found == {"promise", "week_hours", "min_staff"}


def test_a_promise_outside_the_grid_clashes_by_itself() -> None:
    promise = Rule("early", "open", (0,), span=Span(OPENS - 60, OPENS + 60))

    assert causes(tiny(1, 2, 4, rules=(promise,))) == {"early"}


def test_least_and_most_open_hours_clash() -> None:
    assert causes(tiny(1, 7, 2, week_open_hours=(9, 6), staff=({"people": 1},))) == {
        "week_open_hours"
    }


def test_orders_that_nobody_can_pack_are_named() -> None:
    found = causes(tiny(1, 7, 2, minutes_per_order=60, orders=40, staff=({"people": 1},)))

    assert "minutes_per_order" in found


def test_hours_that_the_staff_cannot_keep_are_told() -> None:
    scenario = tiny(1, min_staff=3)

    with pytest.raises(RulesConflict) as found:
        best_staffing(scenario, scenario.today)

    named = {cause.values["limit"] for cause in found.value.causes}
    assert named == {"min_staff", "people"}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_clash_reads_in_each_language(language: str) -> None:
    rules = (Rule("A", "closed", (0,)), Rule("B", "open", (0,)))
    with pytest.raises(RulesConflict) as found:
        best_week(tiny(1, rules=rules))

    text = Texts(language).describe(found.value)
    assert "A" in text
    assert "B" in text
    assert "{" not in text
