"""The best weeks of all seasons together, against every combination of weeks by hand."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from oracle import OPENS, best_staffing_by_hand, day_hours, tiny

from hoursopt.errors import RulesConflict
from hoursopt.hours import Span, Spans
from hoursopt.program import best_week
from hoursopt.program.check import changes_cost, hours_faults
from hoursopt.program.year import OneSeason, best_year
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule

CENT = 0.02
KINDS: dict[str, dict[str, object]] = {
    "one owner": {"staff": ({"people": 1},)},
    "customers change the day": {"staff": ({"people": 1},), "next_day": 0.3},
    "a price of change": {"staff": ({"people": 1},), "change_cost": 2.0},
    "two people": {"staff": ({"people": 2},), "max_staff": 1},
}
TIED: dict[str, dict[str, object]] = {
    "one pattern": {"patterns": 1},
    "hours a week": {"week_open_hours": (2.0, 4.0)},
    "weekly hours of the staff": {"staff": ({"people": 1, "week_hours": 3.0},)},
    "two openings a day": {"intervals_per_day": 2, "next_day": 0.2},
}


def year(
    seed: int, count: int = 3, days: int = 2, slots: int = 3, **parts: object
) -> list[OneSeason]:
    """Seasons of tiny scenarios that are alike but for their demand."""
    seasons = []
    for number in range(count):
        scenario = tiny(100 * seed + number, days, slots, **parts)  # type: ignore[arg-type]
        scenario = scenario.replace(name=f"season {number}")
        seasons.append(OneSeason(scenario, 10.0 + 7 * number, best_week(scenario)))
    return seasons


class Hand:
    """Every week of every season with its worth, and every combination of them."""

    def __init__(self, seasons: Sequence[OneSeason]) -> None:
        priced = [_weeks(one.scenario) for one in seasons]
        shape = [len(weeks) for weeks in priced]
        self.worth, self.changes = np.zeros(shape), np.zeros(shape, dtype=int)
        for number, (one, weeks) in enumerate(zip(seasons, priced, strict=True)):
            after = (number + 1) % len(seasons)
            values = one.weeks * np.array(list(weeks.values()))
            differ = np.array(
                [
                    [
                        sum(a != b for a, b in zip(mine, other, strict=True))
                        for other in priced[after]
                    ]
                    for mine in weeks
                ]
            )
            axes = [size if axis == number else 1 for axis, size in enumerate(shape)]
            self.worth = self.worth + values.reshape(axes)
            axes[after] = shape[after]
            self.changes = self.changes + (differ if number < after else differ.T).reshape(axes)

    def best(self, changes: int | None, cost: float) -> float:
        """The greatest worth of a year."""
        allowed = np.full(self.worth.shape, True) if changes is None else self.changes <= changes
        return float(np.where(allowed, self.worth - cost * self.changes, -np.inf).max())


def _weeks(scenario: Scenario) -> dict[tuple[Spans, ...], float]:
    found = {}
    for hours in itertools.product(list(day_hours(scenario)), repeat=scenario.days):
        if not hours_faults(scenario, hours):
            worth, _ = best_staffing_by_hand(scenario, hours)
            if worth > -math.inf:
                found[hours] = worth - changes_cost(scenario, hours)
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_the_year_is_as_good_as_the_best_of_all_combinations(kind: str, seed: int) -> None:
    seasons = year(seed, **KINDS[kind])
    hand = Hand(seasons)
    for changes, cost in ((0, 0.0), (2, 0.0), (3, 0.0), (None, 15.0), (None, 80.0), (4, 15.0)):
        found = best_year(seasons, changes=changes, cost=cost)
        assert found.worth == pytest.approx(hand.best(changes, cost), abs=CENT)
        assert found.status == "optimal"
        assert found.bound >= found.worth
        assert changes is None or found.changes <= changes


@pytest.mark.parametrize("kind", TIED)
def test_where_days_are_tied_the_best_year_lies_within_the_gap(kind: str) -> None:
    seasons = year(0, count=2, **({"staff": ({"people": 1},)} | TIED[kind]))
    hand = Hand(seasons)
    for changes, cost in ((0, 0.0), (2, 0.0), (None, 25.0)):
        found = best_year(seasons, changes=changes, cost=cost)
        best = hand.best(changes, cost)
        assert found.worth - CENT <= best <= found.bound + CENT
        if found.status == "optimal":
            assert found.worth == pytest.approx(best, abs=CENT + 1e-4 * abs(best))


def test_the_proof_of_a_season_adds_up_to_that_of_the_year() -> None:
    seasons = year(1, count=2, staff=({"people": 1},), week_open_hours=(2.0, 4.0))
    found = best_year(seasons, changes=0)
    own = zip(seasons, found.seasons, strict=True)
    total = sum(one.weeks * (answer.proof.bound - answer.changes) for one, answer in own)
    assert total == pytest.approx(found.bound)


def test_without_a_bound_each_season_keeps_its_own_best_week() -> None:
    seasons = year(2, staff=({"people": 1},))
    found = best_year(seasons)
    assert [one.week for one in found.seasons] == [one.alone.week for one in seasons]
    assert found.worth == pytest.approx(found.alone)


def test_more_changes_never_earn_less() -> None:
    seasons = year(3, count=4, days=3, slots=4, staff=({"people": 1},))
    worths = [best_year(seasons, changes=changes).worth for changes in range(13)]
    assert worths == sorted(worths)
    assert worths[0] < worths[-1]


def test_changes_are_counted_at_each_border_round_the_year() -> None:
    seasons = year(3, count=3, staff=({"people": 1},))
    found = best_year(seasons, changes=4)
    assert [(one.before, one.after) for one in found.borders] == [
        ("season 0", "season 1"),
        ("season 1", "season 2"),
        ("season 2", "season 0"),
    ]
    for number, border in enumerate(found.borders):
        one, other = (found.seasons[(number + step) % 3].week.hours for step in (0, 1))
        assert border.weekdays == tuple(day for day in range(2) if one[day] != other[day])


def test_rules_that_force_more_changes_are_told_with_the_fewest() -> None:
    closed = Rule("summer Mondays", "closed", (0,))
    opened = Rule("winter Mondays", "open", (0,), span=Span(OPENS, OPENS + 60))
    seasons = [
        OneSeason(ruled, 26.0, best_week(ruled))
        for ruled in (
            tiny(5, 2, 3, staff=({"people": 1},), rules=(rule,)) for rule in (closed, opened)
        )
    ]
    with pytest.raises(RulesConflict) as told:
        best_year(seasons, changes=1)
    assert told.value.key == "program.seasons_conflict"
    assert told.value.values == {"limit": 1, "least": 2}
    assert best_year(seasons, changes=2).changes == 2


def test_out_of_time_the_weeks_stand_with_their_gap() -> None:
    seasons = year(4, days=3, slots=4, staff=({"people": 1},), next_day=0.3)
    proven = best_year(seasons, changes=0)
    hurried = best_year(seasons, changes=0, time_limit=1e-9)
    assert hurried.changes == 0
    assert hurried.worth - CENT <= proven.worth <= hurried.bound + CENT
    assert hurried.status == "feasible" or hurried.worth == pytest.approx(proven.worth, rel=1e-4)
    assert np.isfinite(hurried.bound)
