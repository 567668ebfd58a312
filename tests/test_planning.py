import dataclasses
import datetime as dt

import numpy as np
import pytest
from plan_contract import validate_plan
from tiny_shop import (
    BUSY_UNTIL_FIVE,
    REST,
    SUMMER,
    a_study,
    a_trial,
    closed_after_one,
    known_demand,
    tiny_shop,
)

from hoursopt import planning
from hoursopt.contract import plan_json, value_json
from hoursopt.errors import DataError
from hoursopt.evaluate import profit_draws
from hoursopt.hours import Span, parse_hours
from hoursopt.i18n import Texts
from hoursopt.plan import Explanation, Options, Plan, Trial
from hoursopt.planning import (
    advise,
    cautious_gain,
    disappointed,
    plan_of,
    plan_season,
    plan_shop,
    robust_week,
    study_season,
    value_hours,
)
from hoursopt.shop import Decision, Event, Exceptions, Horizon, HoursInForce, Limits, Rule
from hoursopt.tables.plans import season_text
from hoursopt.tables.why import trials_lead

EN = Texts("en")
QUICK = Options(draws=40, fresh=80)
BARE = Options(draws=40, fresh=80, explain=False)
TRIAL = a_trial("year", 0, 1020, 1080, 4, 5.0)
UNTIL_TWO = (0.1, 0.2, 4.0, 5.0, 6.0, 5.0, 0.2, 0.1)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_shop(tiny_shop(), known_demand(*BUSY_UNTIL_FIVE), QUICK)


def test_a_plan_of_a_tiny_shop_meets_the_contract(plan: Plan) -> None:
    form = plan_json(plan)
    validate_plan(form)
    assert form["horizon"] == {"from": "2026-03-02", "weeks": 52}
    assert form["seasons"][0]["solver"]["status"] == "optimal"
    assert form["edges"]


def test_the_best_week_opens_while_customers_pay(plan: Plan) -> None:
    (season,) = plan.seasons
    assert season.best.hours[0] == (Span(10 * 60, 17 * 60),)
    assert season.best_ledger.profit > season.today_ledger.profit
    assert season.gain.low <= season.gain.mean <= season.gain.high
    assert season.gain.mean == pytest.approx(
        season.best_ledger.profit - season.today_ledger.profit, rel=0.1
    )
    assert season.probability_better == 1
    assert season.advice == "change"


def test_today_is_kept_where_it_is_best() -> None:
    shop = tiny_shop(hours=(HoursInForce(parse_hours("Mo-Su 10:00-14:00")),))
    season = plan_season(shop, known_demand(*UNTIL_TWO), "year", BARE)
    assert season.best == season.today
    assert season.advice == "keep"
    assert (season.gain.mean, season.probability_better) == (0, 0)


@pytest.mark.parametrize(
    ("gains", "changes", "trials", "advice"),
    [
        ([3.0] * 9 + [-1.0], 0.0, (), "change"),
        ([3.0] * 7 + [-1.0] * 3, 0.0, (), "keep"),
        ([3.0] * 7 + [-1.0] * 3, 0.0, (TRIAL,), "try"),
        ([3.0] * 9 + [-1.0], 2.0, (), "change"),
        ([3.0] * 9 + [-1.0], 2.7, (), "keep"),
        ([3.0] * 9 + [-1.0], 3.0, (TRIAL,), "try"),
        ([1.0] * 9 + [-20.0], 0.0, (), "keep"),
        ([0.0] * 10, 0.0, (), "keep"),
    ],
)
def test_change_is_advised_where_it_is_likely_enough_to_pay_for_itself(
    gains: list[float], changes: float, trials: tuple[Trial, ...], advice: str
) -> None:
    known = a_study()
    study = dataclasses.replace(
        known,
        best=dataclasses.replace(known.best, changes=changes),
        today_profit=np.zeros(10),
        best_profit=np.array(gains),
    )
    assert advise(study, trials, 0.8) == advice


def test_hours_that_nobody_ever_saw_are_worth_a_trial_and_no_firm_advice() -> None:
    sure = dataclasses.replace(a_study(), today_profit=np.zeros(10), best_profit=np.full(10, 3.0))
    shaky = dataclasses.replace(sure, cautious_gain=np.full(10, -1.0))
    assert advise(sure, (TRIAL,), 0.8) == "change"
    assert advise(shaky, (TRIAL,), 0.8) == "try"
    assert advise(shaky, (), 0.8) == "keep"


@pytest.mark.parametrize("uncounted", ["none", "neighbour"])
def test_only_hours_in_which_nobody_counted_disappoint(uncounted: str) -> None:
    scenario = a_study().fresh
    evidence = np.full(scenario.walk_in.shape[1:], "open", dtype="<U9")
    evidence[5], evidence[6] = "witness", uncounted
    low = disappointed(scenario, evidence).walk_in
    np.testing.assert_array_equal(low[:, :6], scenario.walk_in[:, :6])
    assert low[:, 6].sum() < scenario.walk_in[:, 6].sum()
    assert np.ptp(low[:, 6], axis=0).max() == 0


def test_a_gain_that_hangs_on_hours_nobody_counted_says_so() -> None:
    shop = tiny_shop()
    sure = dataclasses.replace(a_study(), today_profit=np.zeros(10), best_profit=np.full(10, 3.0))
    for cautious, uncounted in ((1.0, False), (-1.0, True)):
        study = dataclasses.replace(sure, cautious_gain=np.full(10, cautious))
        plan = plan_of(shop, known_demand(*BUSY_UNTIL_FIVE), [study], BARE, [Explanation()])
        (season,) = plan.seasons
        assert season.uncounted is uncounted
        assert plan_json(plan)["seasons"][0].get("uncounted", False) is uncounted
        told = season_text(season, plan, shop.decision.chance, EN)
        assert (EN("why.uncounted") in told) is uncounted


def test_the_cautious_gain_lets_the_unseen_hours_of_both_weeks_disappoint() -> None:
    study = a_study()
    evidence = np.full(study.fresh.walk_in.shape[1:], "open", dtype="<U9")
    weeks = study.fresh, evidence, study.today, study.best
    np.testing.assert_array_equal(cautious_gain(*weeks), study.best_profit - study.today_profit)
    evidence[:, -3:] = "none"  # open in the best week only
    low = disappointed(study.fresh, evidence)
    expected = profit_draws(low, study.best.week) - profit_draws(low, study.today.week)
    np.testing.assert_array_equal(cautious_gain(*weeks), expected)
    assert expected.mean() < study.gain.mean()


def test_the_best_of_several_trials_is_told_first() -> None:
    plan = plan_of(tiny_shop(), known_demand(*BUSY_UNTIL_FIVE), [a_study()], BARE)
    assert trials_lead(plan, "year", EN) is None
    best = dataclasses.replace(TRIAL, weekday=3, learning=900.4)
    two = dataclasses.replace(plan, trials=(TRIAL, best))
    assert TRIAL.learning < 900
    told = trials_lead(two, "year", EN)
    assert told == (
        "2 trials could win more; the best is Thu 17:00–18:00,"
        " worth about €900 in the rest of the season."
    )
    assert trials_lead(two, "summer", EN) is None
    assert told in season_text(two.seasons[0], two, 0.8, EN)


def test_days_that_nobody_ever_saw_stay_shut_and_are_named_as_trials() -> None:
    """The same demand: seen by a witness the weekend opens, known by nothing it is to be tried."""
    told = {
        weekend: plan_shop(tiny_shop(), known_demand(*BUSY_UNTIL_FIVE, weekend=weekend), QUICK)
        for weekend in ("witness", "none")
    }
    assert all(told["witness"].seasons[0].best.hours[5:])
    assert not any(told["none"].seasons[0].best.hours[5:])
    weekend_edges = {edge.weekday for edge in told["none"].edges if edge.worth.mean > 0}
    assert {5, 6} <= weekend_edges


def test_the_owners_word_stands_above_our_doubt() -> None:
    demand = known_demand(*BUSY_UNTIL_FIVE)
    sunday = Rule("open on Sundays", "open", (6,))
    season = plan_season(tiny_shop(rules=(sunday,)), demand, "year", BARE)
    assert season.best.hours[6]
    assert not season.best.hours[5]
    long = tiny_shop(limits=Limits(max_staff=1, week_open_hours=(62.0, 168.0)))
    assert all(plan_season(long, demand, "year", BARE).best.hours)


def test_the_price_of_change_is_weighed_against_the_gain() -> None:
    demand = known_demand(*BUSY_UNTIL_FIVE, weekend="witness")
    free = plan_season(tiny_shop(), demand, "year", BARE)
    # Seven days change: at a fifth of the whole gain each they cost more than they bring.
    dear = tiny_shop(limits=Limits(max_staff=1, change_cost=free.gain.mean / 5))
    season = plan_season(dear, demand, "year", BARE)
    assert season.best.hours != free.best.hours
    assert (
        plan_season(
            tiny_shop(limits=Limits(max_staff=1, change_cost=free.gain.mean)), demand, "year", BARE
        ).advice
        == "keep"
    )


def test_gain_is_judged_on_draws_that_the_plan_has_not_seen() -> None:
    shop = tiny_shop()
    study = study_season(shop, known_demand(*BUSY_UNTIL_FIVE), shop.seasons[0], BARE)
    assert study.fresh.draws == 80
    assert study.scenario.draws == 40
    assert not np.isin(study.scenario.walk_in[:, 0, 2], study.fresh.walk_in[:, 0, 2]).any()


def test_a_week_for_bad_times_is_planned_only_when_asked_for(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(season.robust is None for season in plan.seasons)
    assert not any("robust" in season for season in plan_json(plan)["seasons"])

    shop = tiny_shop(decision=Decision(robust=0.5))
    demand = known_demand(*BUSY_UNTIL_FIVE)
    by_shop = plan_shop(shop, demand, QUICK).seasons[0].robust  # type: ignore[arg-type]
    once = dataclasses.replace(QUICK, robust=0.5)
    by_option = plan_shop(tiny_shop(), demand, once)  # type: ignore[arg-type]
    never = dataclasses.replace(QUICK, robust=0.0, explain=False)
    monkeypatch.setattr(planning, "best_robust", None)

    validate_plan(plan_json(by_option))
    assert by_option.seasons[0].robust == by_shop
    assert plan_shop(shop, demand, never).seasons[0].robust is None  # type: ignore[arg-type]


def test_the_week_for_bad_times_stands_beside_the_best_week_in_both_measures() -> None:
    shop = tiny_shop(decision=Decision(robust=1.0))
    study = study_season(shop, known_demand(*BUSY_UNTIL_FIVE), shop.seasons[0], QUICK)  # type: ignore[arg-type]

    robust = robust_week(study, shop, QUICK)

    assert robust is not None
    for week, outlook in ((robust.week, robust.robust), (study.best.week, robust.best)):
        profits = np.sort(profit_draws(study.fresh, week))
        assert outlook.mean == pytest.approx(profits.mean())
        assert outlook.worst == pytest.approx(profits[: len(profits) // 10].mean())
    planned = [profit_draws(study.scenario, week) for week in (robust.week, study.best.week)]
    worst = [np.sort(one)[: len(one) // 10].mean() for one in planned]
    assert worst[0] >= worst[1] - 1e-9


def test_seasons_that_hang_on_one_another_have_no_week_for_bad_times() -> None:
    shop = tiny_shop(decision=Decision(robust=1.0))
    study = study_season(shop, known_demand(*BUSY_UNTIL_FIVE), shop.seasons[0], QUICK)  # type: ignore[arg-type]

    assert robust_week(study, shop, QUICK) is not None
    assert robust_week(dataclasses.replace(study, alone=study), shop, QUICK) is None


def test_the_same_seed_gives_the_same_plan_and_another_seed_other_draws(plan: Plan) -> None:
    again = plan_shop(tiny_shop(), known_demand(*BUSY_UNTIL_FIVE), QUICK)
    form, other = plan_json(plan), plan_json(again)
    for season in (*form["seasons"], *other["seasons"]):
        season["solver"].pop("seconds")
    assert form == other
    reseeded = Options(draws=40, fresh=80, seed=5, explain=False)
    third = plan_shop(tiny_shop(), known_demand(*BUSY_UNTIL_FIVE), reseeded)
    assert third.seasons[0].gain != plan.seasons[0].gain


def test_seasons_are_cut_by_the_horizon_and_the_year_is_their_sum() -> None:
    shop = tiny_shop(seasons=(SUMMER, REST))
    plan = plan_shop(shop, known_demand(*BUSY_UNTIL_FIVE, scale={"summer": 2.0}), BARE)
    rest, summer = plan.seasons
    assert (summer.name, summer.first, summer.last) == (
        "summer", dt.date(2026, 6, 1), dt.date(2026, 8, 31),
    )  # fmt: skip
    assert summer.weeks == pytest.approx(92 / 7)
    # The rest of the year comes in two pieces, before and after the summer.
    assert (rest.first, rest.last) == (dt.date(2026, 3, 2), dt.date(2027, 2, 28))
    assert rest.weeks + summer.weeks == pytest.approx(52)
    total = rest.best_ledger * rest.weeks + summer.best_ledger * summer.weeks
    assert plan.year_best.profit == pytest.approx(total.profit)
    total = rest.today_ledger * rest.weeks + summer.today_ledger * summer.weeks
    assert plan.year_today.profit == pytest.approx(total.profit)
    assert plan.year_gain.mean == pytest.approx(
        rest.gain.mean * rest.weeks + summer.gain.mean * summer.weeks
    )
    # Draws move together over the seasons, so the ranges add up instead of cancelling.
    assert plan.year_gain.low == pytest.approx(
        rest.gain.low * rest.weeks + summer.gain.low * summer.weeks, rel=0.05
    )


def test_a_season_outside_the_horizon_is_left_out() -> None:
    shop = tiny_shop(seasons=(SUMMER, REST), horizon=Horizon(dt.date(2026, 3, 2), 4))
    plan = plan_shop(shop, known_demand(*BUSY_UNTIL_FIVE), BARE)
    assert [season.name for season in plan.seasons] == ["rest"]
    with pytest.raises(DataError) as told:
        plan_shop(shop, known_demand(*BUSY_UNTIL_FIVE), Options(seasons=("summer",)))
    assert told.value.key == "plan.season_outside"


def test_an_unknown_season_names_the_known_ones() -> None:
    with pytest.raises(DataError) as told:
        plan_season(tiny_shop(), known_demand(*BUSY_UNTIL_FIVE), "wnter", BARE)
    assert told.value.key == "plan.season"
    assert told.value.values == {"name": "wnter", "known": "year"}


def test_the_horizon_starts_the_day_after_the_last_observation() -> None:
    shop = tiny_shop(horizon=Horizon(weeks=2))
    demand = known_demand(*BUSY_UNTIL_FIVE, last_date=dt.date(2026, 4, 30))
    plan = plan_shop(shop, demand, BARE)
    assert plan.start == dt.date(2026, 5, 1)
    assert plan.seasons[0].weeks == 2


def test_the_owners_rules_hold_even_where_todays_hours_break_them() -> None:
    shop = tiny_shop(rules=(closed_after_one(),), hours=_hours("Mo-Su 10:00-17:00"))
    season = plan_season(shop, known_demand(*BUSY_UNTIL_FIVE), "year", BARE)
    assert all(spans[-1].end <= 13 * 60 for spans in season.best.hours)
    assert season.best_ledger.profit < season.today_ledger.profit
    assert season.gain.mean < 0
    assert season.advice == "keep"


def test_special_days_follow_the_calendar_and_the_owners_word() -> None:
    easter_monday, may_day = dt.date(2026, 4, 6), dt.date(2026, 5, 1)
    shop = tiny_shop(
        hours=_hours("Mo-Su 10:00-14:00"),
        horizon=Horizon(dt.date(2026, 4, 6), 5),
        exceptions=Exceptions(closed=(easter_monday,)),
        events=(Event("Fair", ((dt.date(2026, 4, 15), dt.date(2026, 4, 16)),)),),
    )
    plan = plan_shop(shop, known_demand(*BUSY_UNTIL_FIVE), QUICK)
    hours = {day.date: day.hours for day in plan.special_days}
    assert hours[easter_monday] == ()
    assert hours[may_day] == (Span(10 * 60, 17 * 60),)
    assert [day.name for day in plan.special_days if day.date.day in (15, 16)] == ["Fair", "Fair"]
    validate_plan(plan_json(plan))


def test_a_shop_that_is_shut_on_sundays_is_shut_on_public_holidays() -> None:
    shop = tiny_shop(horizon=Horizon(dt.date(2026, 4, 27), 1))
    plan = plan_shop(shop, known_demand(*BUSY_UNTIL_FIVE), QUICK)
    assert [(day.date, day.hours) for day in plan.special_days] == [(dt.date(2026, 5, 1), ())]


def test_value_of_todays_hours_is_todays_ledger(plan: Plan) -> None:
    shop = tiny_shop()
    (value,) = value_hours(shop, known_demand(*BUSY_UNTIL_FIVE), shop.today, QUICK)
    assert value.ledger.profit == pytest.approx(plan.seasons[0].today_ledger.profit)
    (best,) = value_hours(
        shop,
        known_demand(*BUSY_UNTIL_FIVE),
        parse_hours(value_json_hours(plan)),
        QUICK,
    )
    assert best.ledger.profit == pytest.approx(plan.seasons[0].best_ledger.profit, rel=2e-4)
    assert value_json([best], shop.grid, named=True)["week"]["open_hours"] == 35


def value_json_hours(plan: Plan) -> str:
    return "; ".join(
        f"{day['weekday']} {span[0]}-{span[1]}"
        for day in plan_json(plan)["seasons"][0]["days"]
        for span in day["hours"]
    )


@pytest.mark.parametrize("text", ["Mo-Fr 10:30-14:00", "Mo-Fr 06:00-14:00"])
def test_hours_off_the_grid_have_no_value(text: str) -> None:
    with pytest.raises(DataError) as told:
        value_hours(tiny_shop(), known_demand(*BUSY_UNTIL_FIVE), parse_hours(text), QUICK)
    assert told.value.key == "plan.off_grid"


def _hours(text: str) -> tuple[HoursInForce, ...]:
    return (HoursInForce(parse_hours(text)),)
