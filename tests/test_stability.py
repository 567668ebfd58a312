"""What a change costs regulars, and what less of it leaves; what comes from steering."""

from __future__ import annotations

import pytest
from tiny_shop import BUSY_UNTIL_FIVE, QUICK, a_study, known_demand, quick, tiny_shop

from hoursopt.evaluate import evaluate, profit_draws
from hoursopt.i18n import Texts
from hoursopt.planning import study_season
from hoursopt.program import best_staffing
from hoursopt.shop import Economics, Limits, Rule
from hoursopt.tables.why import steering_lines
from hoursopt.worth.stability import changed_days, stability
from hoursopt.worth.steering import steering


def test_a_part_of_the_change_is_worth_what_planning_it_says() -> None:
    study = a_study(limits=Limits(max_staff=1, change_cost=3.0))
    kept = stability(study, quick())
    assert {one.weekdays for one in kept.one_day} == {(day,) for day in changed_days(study)}
    assert kept.change_cost == 3.0 * len(kept.one_day)
    first = kept.one_day[0]
    (day,) = first.weekdays
    hours = list(study.scenario.today)
    hours[day] = study.best.week.hours[day]
    week = best_staffing(study.scenario, hours, **QUICK.solving).week
    twice = (profit_draws(study.fresh, week) - study.today_profit).mean() - 3.0
    assert first.gain.mean == pytest.approx(twice, abs=0.05)
    assert first.gain.mean == max(one.gain.mean for one in kept.one_day)
    assert kept.year_gain.mean == pytest.approx(study.net_gain.mean() * study.weeks)


def test_weekdays_alone_are_told_only_where_the_weekend_changes_too() -> None:
    demand = known_demand(*BUSY_UNTIL_FIVE, weekend="witness")
    shop = tiny_shop()
    week = study_season(shop, demand, shop.seasons[0], QUICK)  # type: ignore[arg-type]
    part = stability(week, quick()).weekdays
    assert part is not None
    assert part.weekdays == (0, 1, 2, 3, 4)
    assert 0 < part.gain.mean < week.net_gain.mean()
    assert stability(a_study(), quick()).weekdays is None


def test_days_that_a_rule_ties_together_cannot_change_alone() -> None:
    study = a_study(rules=(Rule("same", "same_hours", (0, 1, 2, 3, 4)),))
    assert stability(study, quick()).one_day == ()


def test_steering_is_the_money_of_customers_who_are_turned_to_the_web() -> None:
    demand = known_demand(*BUSY_UNTIL_FIVE, online=0.9)
    # A web order earns five times a sale: the best week on paper is shut.
    shop = tiny_shop(economics=Economics(margin_rate=0.18, online_margin_rate=0.9))
    study = study_season(shop, demand, shop.seasons[0], QUICK)  # type: ignore[arg-type]
    told = steering(study)
    online = (
        evaluate(study.fresh, study.best.week).online
        - evaluate(study.fresh, study.today.week).online
    )
    assert told.customers == pytest.approx(online)
    assert told.customers > 10
    assert told.part.mean == pytest.approx(online * study.fresh.online_margin)
    assert told.web_pays_more
    lines = list(steering_lines(told, "EUR", Texts("en")))
    assert len(lines) == 2
    assert "Careful" in lines[1]


def test_longer_hours_bring_customers_back_from_the_web_without_a_warning() -> None:
    demand = known_demand(*BUSY_UNTIL_FIVE, online=0.3)
    shop = tiny_shop()
    study = study_season(shop, demand, shop.seasons[0], QUICK)  # type: ignore[arg-type]
    told = steering(study)
    assert told.customers < 0
    assert not told.web_pays_more
    (line,) = steering_lines(told, "EUR", Texts("en"))
    assert "come back" in line
