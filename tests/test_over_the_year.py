"""Seasons tied by `season_changes` and `season_change_cost`: planned together, told as such."""

from __future__ import annotations

import dataclasses

import pytest
from tiny_shop import BUSY_UNTIL_FIVE, REST, SUMMER, known_demand, tiny_shop

from hoursopt.contract import plan_json
from hoursopt.i18n import Texts
from hoursopt.plan import Options, Plan
from hoursopt.planning import plan_season, plan_shop
from hoursopt.shop import Limits, Shop
from hoursopt.tables.plans import plan_text

BARE = Options(draws=20, fresh=40, explain=False)
DEMAND = known_demand(*BUSY_UNTIL_FIVE, scale={"summer": 0.15})


def shop(**limits: object) -> Shop:
    return tiny_shop(
        seasons=(SUMMER, REST),
        limits=Limits(max_staff=1, min_open_hours=1.0, **limits),  # type: ignore[arg-type]
    )


def planned(options: Options = BARE, **limits: object) -> Plan:
    return plan_shop(shop(**limits), DEMAND, options)  # type: ignore[arg-type]


def hours(plan: Plan) -> list[object]:
    return [season.best.hours for season in plan.seasons]


def test_without_the_keys_each_season_has_its_own_hours_and_nothing_is_told() -> None:
    free = planned()
    assert len(set(map(str, hours(free)))) == 2
    assert free.over_year is None
    assert "over_year" not in plan_json(free)


def test_no_changes_between_seasons_gives_the_same_hours_all_year_at_a_price() -> None:
    free, same = planned(), planned(season_changes=0)
    assert len(set(map(str, hours(same)))) == 1
    assert same.over_year is not None
    assert same.over_year.changes == 0
    assert same.over_year.alone > same.over_year.worth
    assert same.year_best.profit < free.year_best.profit


def test_a_price_so_high_that_no_change_pays_does_what_the_bound_does() -> None:
    assert hours(planned(season_change_cost=1e5)) == hours(planned(season_changes=0))


def test_a_price_of_next_to_nothing_costs_next_to_nothing() -> None:
    cheap, free = planned(season_change_cost=0.01), planned()
    assert cheap.year_best.profit == pytest.approx(free.year_best.profit, abs=1.0)


def test_one_season_asked_for_has_the_hours_of_the_plan_of_all() -> None:
    alone = plan_season(shop(season_changes=0), DEMAND, "summer", BARE)  # type: ignore[arg-type]
    both = planned(season_changes=0)
    (summer,) = (season for season in both.seasons if season.name == "summer")
    assert alone.best.hours == summer.best.hours


def test_the_plan_says_what_changes_and_what_keeping_changes_few_costs() -> None:
    plan = planned(season_changes=4)
    told = plan_json(plan)["over_year"]
    assert told["limit"] == 4
    assert told["changes"] == sum(len(border["weekdays"]) for border in told["borders"]) <= 4
    assert told["profit_per_year"] <= told["profit_free_per_year"]
    for language in ("fi", "sv", "en"):
        t = Texts(language)
        assert t("plan.over_year_title") in plan_text(plan, 0.8, t)


def test_rules_and_limits_are_priced_in_the_season_by_itself() -> None:
    options = dataclasses.replace(BARE, explain=True)
    free, same = planned(options), planned(options, season_changes=0)
    assert [price.price for price in same.limits] == [price.price for price in free.limits]
    assert same.alternatives == ()


@pytest.mark.parametrize(("season", "days"), [(SUMMER, 92), (REST, 273)])
def test_a_season_is_as_long_as_in_an_ordinary_year(season: object, days: int) -> None:
    assert season.weeks == pytest.approx(days / 7)  # type: ignore[attr-defined]
