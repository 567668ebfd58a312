import dataclasses

import pytest
from tiny_shop import QUICK, a_study, quick, tiny_shop

from hoursopt.evaluate import StaffedWeek, evaluate, profit_draws
from hoursopt.hours import Span
from hoursopt.plan import Study
from hoursopt.program import best_staffing
from hoursopt.shop import Limits, Rule, Service, StaffGroup
from hoursopt.worth.edges import (
    Weighed,
    bench,
    edge_spans,
    hour_prices,
    toggle,
    weigh,
    weigh_additions,
    weigh_closed_days,
    weigh_edges,
)


@pytest.fixture(scope="module")
def study() -> Study:
    return a_study()


@pytest.fixture(scope="module")
def edges(study: Study) -> list[Weighed]:
    return list(weigh_edges(bench(study, quick())))


def test_edges_are_the_hours_on_both_sides_of_opening_and_closing(study: Study) -> None:
    hours = ((Span(8 * 60, 12 * 60), Span(13 * 60, 20 * 60)), *((),) * 6)
    assert list(edge_spans(study.scenario, hours)) == [
        (0, Span(8 * 60, 9 * 60)),
        (0, Span(19 * 60, 20 * 60)),
    ]
    hours = ((Span(10 * 60, 17 * 60),), *((),) * 6)
    assert [span for _, span in edge_spans(study.scenario, hours)] == [
        Span(9 * 60, 10 * 60),
        Span(10 * 60, 11 * 60),
        Span(16 * 60, 17 * 60),
        Span(17 * 60, 18 * 60),
    ]


def test_toggling_twice_changes_nothing(study: Study) -> None:
    hours = study.best.week.hours
    span = Span(10 * 60, 11 * 60)
    once = toggle(study.scenario, hours, 0, span)
    assert (once[0], once[1:]) == ((Span(11 * 60, 17 * 60),), hours[1:])
    assert toggle(study.scenario, once, 0, span) == hours


def test_worth_of_an_edge_is_two_plans_apart(study: Study, edges: list[Weighed]) -> None:
    assert len(edges) >= 12
    for edge in edges[:4]:
        other = toggle(study.scenario, study.best.week.hours, edge.weekday, edge.span)
        week = best_staffing(study.scenario, other, **QUICK.solving).week
        best = best_staffing(study.scenario, study.best.week.hours, **QUICK.solving).week
        twice = profit_draws(study.fresh, best) - profit_draws(study.fresh, week)
        assert (1 if edge.is_open else -1) * twice == pytest.approx(edge.worth, abs=0.05)


def test_best_hours_keep_edges_that_earn_and_shut_those_that_do_not(edges: list[Weighed]) -> None:
    assert all(edge.worth.mean() > 0 for edge in edges if edge.is_open)
    assert all(edge.worth.mean() < 0 for edge in edges if not edge.is_open)


def test_new_moved_and_from_online_are_all_who_come(study: Study, edges: list[Weighed]) -> None:
    for edge in edges:
        parts = edge.new + edge.moved + edge.from_online
        assert parts == pytest.approx(edge.customers.mean())
        assert edge.new >= -1e-9
        assert edge.moved >= -1e-9
        assert edge.from_online == pytest.approx(0)  # this shop has no web shop


def test_customers_gained_are_those_not_lost(study: Study, edges: list[Weighed]) -> None:
    edge = next(edge for edge in edges if edge.is_open)
    hours = study.best.week.hours
    without = toggle(study.fresh, hours, edge.weekday, edge.span)
    opened = evaluate(study.fresh, StaffedWeek(hours, ()))
    shut = evaluate(study.fresh, StaffedWeek(without, ()))
    gained = shut.lost - opened.lost + shut.online - opened.online
    assert edge.new + edge.from_online == pytest.approx(gained)


def test_evidence_of_an_edge_is_that_of_its_weakest_slot(edges: list[Weighed]) -> None:
    assert {edge.evidence for edge in edges if edge.span.end <= 14 * 60} <= {"open", "none"}
    assert {edge.evidence for edge in edges if edge.span.start >= 14 * 60} <= {"neighbour", "none"}


def test_evidence_of_a_stretch_is_the_weakest_within(study: Study) -> None:
    evidence = study.evidence.copy()
    evidence[0, 6:9] = ["open", "witness", "open"]
    mixed = dataclasses.replace(study, evidence=evidence)
    found = {edge.weekday: edge for edge in weigh_additions(bench(mixed, quick()))}
    assert found[0].span == Span(14 * 60, 17 * 60)
    assert found[0].evidence == "witness"
    assert found[1].evidence == "neighbour"


def test_customers_of_closed_days_count_in_the_worth_of_an_hour() -> None:
    study = a_study(rules=(Rule("no weekend", "closed", (5, 6)),))
    friday = [edge for edge in weigh_edges(bench(study, quick())) if edge.weekday == 4]
    for edge in friday:
        other = toggle(study.scenario, study.best.week.hours, 4, edge.span)
        week = best_staffing(study.scenario, other, **QUICK.solving).week
        again = weigh(bench(study, quick()), week, 4, edge.span)
        assert edge.worth == pytest.approx(again.worth, abs=0.05)
        assert edge.customers == pytest.approx(again.customers)


def test_a_closed_day_is_weighed_by_its_best_opening() -> None:
    study = a_study(rules=(Rule("no weekend", "keep_today", (5, 6)),))
    weekend = [edge for edge in weigh_closed_days(bench(study, quick())) if edge.weekday >= 5]
    assert len(weekend) == 2
    assert not any(edge.is_open for edge in weekend)
    assert all(edge.worth.mean() > 0 for edge in weekend)
    assert weekend[0].span.hours > 5


def test_a_day_shut_by_rule_is_no_edge() -> None:
    study = a_study(rules=(Rule("no weekend", "closed", (5, 6)),))
    assert not list(weigh_closed_days(bench(study, quick())))


def test_ties_between_days_do_not_hide_an_edge() -> None:
    tied = a_study(rules=(Rule("same", "same_hours", tuple(range(7))),))
    assert len(list(weigh_edges(bench(tied, quick())))) >= 12


def test_an_edge_keeps_the_shortest_opening() -> None:
    study = a_study(limits=Limits(max_staff=1, min_open_hours=7.0))
    assert study.best.week.hours[0] == (Span(600, 1020),)
    assert not any(edge.is_open for edge in weigh_edges(bench(study, quick())))


def test_hours_of_a_group_below_its_limit_have_no_price(study: Study) -> None:
    assert hour_prices(study, quick()) == {"owner": 0.0}


def two_groups(week_hours: float) -> tuple[StaffGroup, ...]:
    return (
        StaffGroup("owner", 1, hourly_cost=8.0, shift_hours=(0, 12), week_hours=week_hours),
        StaffGroup("employee", 1, hourly_wage=18.0, shift_hours=(1, 12)),
    )


def test_an_hour_at_the_weekly_limit_counts_at_what_it_saves_elsewhere() -> None:
    study = a_study(staff=two_groups(20.0))
    prices = hour_prices(study, quick())
    # One more hour of the owner spares an hour of the employee, who costs 10 more.
    assert prices == {"owner": pytest.approx(10.0, abs=0.3), "employee": 0.0}


@pytest.mark.parametrize("owner_hours", [20.0, 29.0, 30.0, 30.5, 36.0])
def test_edges_are_worth_what_planning_twice_says_at_and_near_the_weekly_limit(
    owner_hours: float,
) -> None:
    """Also where the owner has less left than the hour would take."""
    study = a_study(staff=two_groups(owner_hours))
    against = bench(study, quick())
    edges = list(weigh_edges(against))
    assert any(not edge.is_open for edge in edges)
    for edge in edges:
        other = toggle(study.scenario, study.best.week.hours, edge.weekday, edge.span)
        week = best_staffing(study.scenario, other, **QUICK.solving).week
        twice = study.best_profit.mean() - profit_draws(study.fresh, week).mean()
        assert (1 if edge.is_open else -1) * twice == pytest.approx(edge.worth.mean(), abs=0.05)


def test_where_orders_could_not_be_packed_the_whole_week_is_staffed_again() -> None:
    # Each day's orders fill the slack of the day, so a shorter day needs more people elsewhere.
    shop = tiny_shop(
        service=Service(minutes_per_customer=2.0, patience_minutes=8.0, minutes_per_order=5.0),
        staff=two_groups(200.0),
        limits=Limits(max_staff=2),
    )
    study = a_study(shop=shop, orders=70.0)
    against = bench(study, quick())
    edge = next(edge for edge in weigh_edges(against) if edge.is_open)
    other = toggle(study.scenario, study.best.week.hours, edge.weekday, edge.span)
    week = best_staffing(study.scenario, other, **QUICK.solving).week
    again = weigh(against, week, edge.weekday, edge.span)
    assert edge.worth.mean() == pytest.approx(again.worth.mean(), abs=0.5)
    free = dataclasses.replace(study.scenario.service, minutes_per_order=0.0)
    unpacked = best_staffing(study.scenario.replace(service=free), other, **QUICK.solving)
    assert (
        evaluate(study.scenario, unpacked.week).profit > evaluate(study.scenario, week).profit + 1
    )
