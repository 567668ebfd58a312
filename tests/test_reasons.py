import dataclasses
import itertools

import numpy as np
import pytest
from tiny_shop import QUICK, a_study, closed_after_one, known_demand, quick, tiny_shop

from hoursopt.evaluate import open_slots
from hoursopt.hours import parse_hours
from hoursopt.plan import Alternative, Study
from hoursopt.planning import study_season
from hoursopt.program import best_staffing
from hoursopt.program.check import hours_faults
from hoursopt.shop import Rule
from hoursopt.worth.alternatives import find_alternatives, minutes_apart, visible
from hoursopt.worth.edges import bench, weigh_edges
from hoursopt.worth.prices import price_rules
from hoursopt.worth.reasons import explain, undecided
from hoursopt.worth.stability import stability
from hoursopt.worth.wishes import price_wishes


def alternatives_of(study: Study) -> tuple[Alternative, ...]:
    edges = list(weigh_edges(bench(study, quick())))
    wishes, changes = (
        price_wishes(study, quick()),
        stability(study, quick()),
    )
    return find_alternatives(study, edges, wishes, changes, quick())


def test_the_price_of_a_rule_is_the_gain_without_it() -> None:
    free, bound = a_study(), a_study(rules=(closed_after_one(),))
    (price,) = price_rules(bound, quick())
    assert price.name == "home by one"
    assert price.price.mean == pytest.approx((free.best_profit - bound.best_profit).mean(), abs=0.1)
    assert price.price.mean > 10


def test_a_rule_that_does_not_bind_is_free() -> None:
    study = a_study(rules=(Rule("home by eight", "closed_after", (0, 1, 2), at=20 * 60),))
    (price,) = price_rules(study, quick())
    assert (price.price.mean, price.price.low, price.price.high) == (0, 0, 0)


def test_alternatives_are_almost_as_good_legal_and_an_hour_apart() -> None:
    study = a_study()
    scenario, best = study.scenario, study.best
    found = alternatives_of(study)
    assert 1 <= len(found) <= 4
    for other in found:
        hours = parse_hours(other.hours).days
        assert not hours_faults(scenario, hours)
        profit = best_staffing(scenario, hours, **QUICK.solving).ledger.profit
        assert other.profit == pytest.approx(profit)
        assert best.ledger.profit >= profit >= 0.99 * best.ledger.profit
        apart = open_slots(scenario, hours) != open_slots(scenario, best.week.hours)
        assert apart.sum() * scenario.grid.slot_minutes >= 60


def test_at_least_three_alternatives_differ_visibly_and_the_nearest_to_today_stands_first() -> None:
    """A flat evening: a last hour that earns next to nothing on every day is a choice of taste."""
    demand = known_demand(0.1, 0.2, 4.0, 5.0, 6.0, 5.0, 1.5, 0.1, 0.1, 0.1, 0.1, 0.1)
    shop = tiny_shop()
    study = study_season(shop, demand, shop.seasons[0], QUICK)  # type: ignore[arg-type]
    found = alternatives_of(study)
    assert len(found) >= 3
    weeks = [parse_hours(other.hours).days for other in found]
    for one, other in itertools.combinations((*weeks, study.best.week.hours), 2):
        assert visible(study.scenario, one, other)
    apart = [minutes_apart(study.scenario, week, study.scenario.today) for week in weeks]
    assert apart == sorted(apart)
    for other, week in zip(found, weeks, strict=True):
        unlike = sum(a != b for a, b in zip(week, study.scenario.today, strict=True))
        assert other.days_unlike_today == unlike
        assert other.less.low <= other.less.mean <= other.less.high


def test_a_slot_is_no_visible_difference() -> None:
    scenario = a_study().scenario
    halves = scenario.grid.__class__(30, scenario.grid.earliest, scenario.grid.latest)
    fine = dataclasses.replace(
        a_study().scenario,
        grid=halves,
        walk_in=np.repeat(scenario.walk_in, 2, axis=2),
        margin=np.repeat(scenario.margin, 2, axis=1),
        staff=tuple(
            dataclasses.replace(group, pay=np.repeat(group.pay, 2, axis=1))
            for group in scenario.staff
        ),
    )
    hours = parse_hours("Mo-Fr 10:00-14:00").days
    assert not visible(fine, hours, parse_hours("Mo-Fr 10:00-14:30").days)
    assert visible(fine, hours, parse_hours("Mo 10:00-15:00; Tu-Fr 10:00-14:00").days)


def test_alternatives_keep_rules_that_tie_days_together() -> None:
    study = a_study(rules=(Rule("same", "same_hours", tuple(range(7))),))
    for other in alternatives_of(study):
        assert len(set(parse_hours(other.hours).days)) == 1


def test_an_explanation_has_all_its_parts() -> None:
    study = a_study(rules=(closed_after_one(),))
    told = explain(study, 0.8, QUICK)
    assert {edge.season for edge in told.edges} == {"year"}
    assert [price.name for price in told.rules] == ["home by one"]
    assert not any(edge.start >= 13 * 60 for edge in told.edges if edge.is_open is False)
    assert open_slots(study.scenario, study.best.week.hours)[:, 5:].sum() == 0


def test_only_a_change_that_is_not_certain_enough_has_its_stretches_weighed_for_trials() -> None:
    study = a_study()
    sure = dataclasses.replace(study, today_profit=study.best_profit - 1.0)
    for shaky in (False, True):
        gain = np.full(study.best_profit.size, -1.0 if shaky else 1.0)
        weighed = undecided(bench(dataclasses.replace(sure, cautious_gain=gain), quick()), 0.8)
        assert bool(weighed) is shaky
    same = dataclasses.replace(study, best_profit=study.today_profit)
    assert undecided(bench(same, quick()), 0.8) == []
