import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_contract import validate_ledger, validate_plan
from tiny_shop import a_trial, an_alternative

from hoursopt.contract import days_json, decides_if, ledger_json, plan_json, value_json
from hoursopt.evaluate import Ledger, Shift, StaffedWeek
from hoursopt.hours import Grid, Span, parse_hours
from hoursopt.plan import (
    Edge,
    Estimate,
    Plan,
    RulePrice,
    SeasonPlan,
    SpecialDay,
    Value,
)
from hoursopt.program.answer import Proof

GRID = Grid(30, 6 * 60, 27 * 60)
PROOF = Proof("HiGHS", "optimal", 0.0, 2211.4, 0.4)
TODAY = StaffedWeek(
    ((Span(600, 1020),),) * 5 + ((), ()), tuple(Shift(day, "owner", 1, 8, 22) for day in range(5))
)
# Open until half past one in the night on Friday; the shift has a break of two slots.
BEST = StaffedWeek(
    ((Span(600, 1140),),) * 4 + ((Span(600, 720), Span(1080, 1530)), (), ()),
    (
        *(Shift(day, "owner", 1, 8, 26) for day in range(4)),
        Shift(4, "owner", 1, 8, 39),
        Shift(4, "employee", 2, 8, 39, break_first=20),
    ),
)
ESTIMATE = Estimate(41.234, -3.006, 90.0)


def a_plan() -> Plan:
    ledger = Ledger(sales_margin=2000.126, wages=500.004, served=210.003, lost=3.333, wanted=213.3)
    season = SeasonPlan(
        name="summer",
        first=dt.date(2026, 6, 1),
        last=dt.date(2026, 8, 31),
        weeks=92 / 7,
        today=TODAY,
        today_ledger=ledger,
        best=BEST,
        best_ledger=ledger * 1.1,
        gain=ESTIMATE,
        probability_better=0.97123,
        advice="change",
        proof=PROOF,
        breaks={"owner": 0, "employee": 2},
    )
    return Plan(
        shop="Old Rauma Crafts",
        currency="EUR",
        grid=GRID,
        start=dt.date(2026, 3, 2),
        weeks=52,
        seasons=(season,),
        special_days=(SpecialDay(dt.date(2026, 6, 20), "juhannuspäivä", ()),),
        edges=(Edge("summer", 3, 1020, 1080, True, ESTIMATE, 4.12, 1.9, 0.6, "witness"),),
        rules=(RulePrice("home by five", "summer", ESTIMATE),),
        alternatives=(an_alternative("summer", "Mo-Fr 10:00-18:00", 2105.0),),
        trials=(a_trial("summer", 3, 1140, 1200, 6, 5.2),),
        year_today=ledger * 13,
        year_best=ledger * 14,
        year_gain=ESTIMATE,
    )


def test_a_plan_is_what_the_contract_says() -> None:
    form = plan_json(a_plan())
    validate_plan(form)
    validate_plan(json.loads(json.dumps(form, allow_nan=False)))
    assert form["seasons"][0]["weeks"] == 13.1429
    assert form["trials"][0]["decides_if"] == "receipts per evening >= 5.2"
    assert form["special_days"] == [{"date": "2026-06-20", "name": "juhannuspäivä", "hours": []}]
    assert form["edges"][0]["worth_per_week"] == {"mean": 41.23, "low": -3.01, "high": 90.0}


def test_times_past_midnight_run_on_and_breaks_have_their_length() -> None:
    friday = days_json(BEST, GRID, {"owner": 0, "employee": 2})[4]
    assert friday["hours"] == [["10:00", "12:00"], ["18:00", "25:30"]]
    assert friday["shifts"][0] == {
        "staff": "owner", "count": 1, "from": "10:00", "to": "25:30", "break": None,
    }  # fmt: skip
    assert friday["shifts"][1]["break"] == ["16:00", "17:00"]


def test_a_closed_day_has_no_hours_and_no_shifts() -> None:
    sunday = days_json(BEST, GRID, {"owner": 0, "employee": 2})[6]
    assert sunday == {"weekday": "Su", "hours": [], "shifts": []}


amounts = st.floats(0, 1e6)


@given(st.lists(amounts, min_size=10, max_size=10), st.floats(0, 1))
def test_identities_hold_in_rounded_figures(amount: list[float], part: float) -> None:
    money, people = amount[:5], amount[5:9]
    ledger = Ledger(*money, 40, 50, sum(people), people[0], part * people[0], *people[1:])
    form = ledger_json(ledger)
    validate_ledger(form)
    assert form["profit"] == pytest.approx(ledger.profit, abs=0.03)
    assert form["wanted"] == pytest.approx(ledger.wanted, abs=0.03)


def test_values_of_all_seasons_are_a_list_and_of_one_are_not() -> None:
    value = Value("rest", BEST, Ledger(), PROOF, {"owner": 0, "employee": 2})
    one = value_json([value], GRID, named=True)
    assert set(one) == {"schema_version", "season", "hours", "days", "week"}
    assert parse_hours(one["hours"]).days == BEST.hours
    every = value_json([value, value], GRID, named=False)
    assert set(every) == {"schema_version", "seasons"}
    assert every["seasons"][1] == {key: one[key] for key in one if key != "schema_version"}


@pytest.mark.parametrize(
    ("start", "end", "part"),
    [(480, 600, "morning"), (840, 960, "afternoon"), (1020, 1080, "evening"), (600, 960, "day")],
)
def test_a_trial_names_the_part_of_the_day(start: int, end: int, part: str) -> None:
    assert decides_if(a_trial("rest", 0, start, end, 4, 12.34)) == f"receipts per {part} >= 12.3"


def test_an_unknown_bound_is_null_and_not_a_broken_file() -> None:
    plan = a_plan()
    season = plan.seasons[0].__class__(
        **{**plan.seasons[0].__dict__, "proof": Proof("CBC", "feasible", np.inf, np.inf, 60.0)}
    )
    form = plan_json(Plan(**{**plan.__dict__, "seasons": (season,)}))
    assert form["seasons"][0]["solver"]["bound"] is None
    json.dumps(form, allow_nan=False)
