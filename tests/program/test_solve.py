"""What solvers say is read by numbers, checked outside them, and tried again when it fails."""

from __future__ import annotations

import math
from pathlib import Path

import pulp
import pytest
from kinds import KINDS
from oracle import OPENS, best_by_hand, tiny

from hoursopt.errors import SolverError
from hoursopt.evaluate import StaffedWeek, evaluate
from hoursopt.hours import Span
from hoursopt.program import best_staffing, best_week, session, solve
from hoursopt.program.model import formulate
from hoursopt.program.solve import Setting, Solved, run
from hoursopt.program.tables import week_tables
from hoursopt.program.variables import Program, Task
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule


def shop() -> Scenario:
    """A shop whose best hours are not today's."""
    return tiny(3, 2, 4, demand=1.5, staff=({"people": 1},))


def worth(scenario: Scenario) -> float:
    return best_by_hand(scenario)[0]


def test_two_builds_write_the_same_lp_file(tmp_path: Path) -> None:
    scenario = KINDS["one pattern with a spell"](0)
    texts = []
    for name in ("one.lp", "two.lp"):
        program = formulate(scenario, week_tables(scenario), Task())
        program.problem.writeLP(str(tmp_path / name))
        texts.append((tmp_path / name).read_text())

    assert texts[0] == texts[1]
    assert "opens_Mo_0800" in texts[0]


def test_no_coefficient_is_so_small_that_a_solver_errs() -> None:
    for kind in ("two groups", "closed spell", "next day", "packing"):
        scenario = KINDS[kind](2)
        for task in (Task(), Task(master=kind == "next day")):
            problem = formulate(scenario, week_tables(scenario), task).problem
            rows = [problem.objective, *problem.constraints()]
            smallest = min(abs(w) for row in rows for w in row.values() if w)
            assert smallest >= 5e-5


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_a_proven_claim_lies_within_its_gap_of_the_bound(solver: str) -> None:
    scenario = shop()
    program = formulate(scenario, week_tables(scenario), Task())

    solved = run(program, Setting(solver, 0), 20.0)

    assert solved.status == "optimal"
    assert solved.claim == pytest.approx(worth(scenario), abs=0.02)
    assert 0 <= solved.bound - solved.claim <= 1e-4 * abs(solved.claim) + 1e-6


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_no_plan_is_told_as_infeasible(solver: str) -> None:
    scenario = KINDS["closed"](0).replace(rules=())
    program = formulate(scenario, week_tables(scenario), Task(open_days=(True, True)))
    program.problem.addConstraint(pulp.lpSum(program.days[0].open) <= 0, "shut")

    assert run(program, Setting(solver, 0), 20.0).status == "infeasible"


def test_without_time_highs_has_no_answer() -> None:
    scenario = shop()
    program = formulate(scenario, week_tables(scenario), Task())

    solved = run(program, Setting("highs", 0), 0.0)

    assert solved.status in ("none", "feasible")
    assert solved.bound >= worth(scenario) - 1e-6


def garbage(program: Program, **changes: float) -> None:
    """All variables at zero but for some."""
    for variable in program.problem.variables():
        variable.varValue = changes.get(variable.name, 0.0)


FAKES = {
    "claims a fortune for staff that is not there": (
        {"is_open_Mo_0800": 1.0, "open_Mo": 1.0},
        Solved("optimal", 9999.0, 9999.0),
    ),
    "leaves half an opening": ({"is_open_Mo_0800": 0.5}, Solved("optimal", 50.0, 50.0)),
    "claims money for a closed week": ({}, Solved("optimal", 5000.0, 5000.0)),
    "bounds below today": ({}, Solved("optimal", -500.0, -500.0)),
    "says infeasible": ({}, Solved("infeasible", -math.inf, -math.inf)),
    "says nothing": ({}, Solved("none", -math.inf, math.inf)),
}


@pytest.mark.parametrize("fake", FAKES)
def test_a_wrong_answer_is_seen_and_another_setting_is_tried(
    fake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, solved = FAKES[fake]
    calls: list[Setting] = []

    def lying(
        program: Program, setting: Setting, seconds: float, gap: float, *rest: object
    ) -> Solved:
        if program.task.hours is not None:
            return run(program, setting, seconds, gap)
        calls.append(setting)
        if len(calls) == 1:
            garbage(program, **values)
            return solved
        return run(program, setting, seconds, gap)

    monkeypatch.setattr(session, "run", lying)

    answer = best_week(shop(), bound_first=False)

    assert len(calls) == 2
    assert answer.proof.status == "optimal"
    assert answer.ledger.profit == pytest.approx(worth(shop()), abs=0.02)
    assert len(answer.proof.attempts) == 3


@pytest.mark.parametrize("fake", FAKES)
def test_a_week_of_the_day_book_stands_whatever_the_program_says(
    fake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, solved = FAKES[fake]

    def lying(program: Program, *_: object) -> Solved:
        garbage(program, **values)
        return solved

    monkeypatch.setattr(session, "run", lying)

    answer = best_week(shop())

    assert answer.ledger.profit == pytest.approx(worth(shop()), abs=0.02)
    assert answer.proof.bound == pytest.approx(answer.ledger.profit, abs=0.02)


@pytest.mark.parametrize("fake", FAKES)
def test_where_every_setting_fails_today_stays_and_nothing_is_claimed(
    fake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, solved = FAKES[fake]

    def lying(
        program: Program, setting: Setting, seconds: float, gap: float, *rest: object
    ) -> Solved:
        if program.task.hours is not None:
            return run(program, setting, seconds, gap)
        garbage(program, **values)
        return solved

    monkeypatch.setattr(session, "run", lying)
    scenario = shop()
    today = best_staffing(scenario, scenario.today)

    answer = best_week(scenario, bound_first=False)

    assert answer.ledger.profit >= today.ledger.profit - 1e-9
    assert answer.proof.status == "feasible"
    assert answer.proof.gap > 1e-4
    assert answer.proof.bound >= worth(scenario) - 1e-6
    assert math.isfinite(answer.proof.bound)


def test_where_nothing_is_known_and_all_fails_there_is_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "run", lambda *_: Solved("none", -math.inf, math.inf))

    with pytest.raises(SolverError) as found:
        best_week(shop(), bound_first=False)

    assert found.value.key == "program.no_answer"
    assert found.value.exit_status == 4


def test_without_a_solver_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "available", lambda: ())

    with pytest.raises(SolverError) as found:
        best_week(shop())

    assert found.value.key == "program.no_solver"


def test_without_highs_cbc_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "available", lambda: ("cbc",))

    answer = best_week(shop())

    assert answer.proof.solver == "CBC"
    assert answer.proof.status == "optimal"


def test_an_unknown_solver_is_told() -> None:
    with pytest.raises(SolverError) as found:
        best_week(shop(), solver="abacus")

    assert found.value.key == "program.unknown_solver"


def test_an_answer_is_never_worse_than_a_known_week() -> None:
    scenario = shop()
    known = best_staffing(scenario, scenario.today)

    answer = best_week(scenario, incumbent=known.week, time_limit=0.0)

    assert answer.ledger.profit >= known.ledger.profit
    assert answer.proof.status == "feasible"


def test_a_known_week_that_breaks_a_rule_is_no_excuse() -> None:
    scenario = KINDS["closed"](1)
    broken = StaffedWeek(scenario.today, ())

    answer = best_week(scenario, incumbent=broken)

    assert answer.ledger.profit == pytest.approx(worth(scenario), abs=0.02)


def test_the_same_seed_gives_the_same_answer() -> None:
    scenario = KINDS["two groups"](2)

    assert best_week(scenario, seed=3).week == best_week(scenario, seed=3).week


def test_forbidden_hours_give_the_next_best() -> None:
    scenario = tiny(1, slots=4, staff=({"people": 1},))
    best = best_week(scenario)
    second = best_week(scenario, forbidden=[best.week.hours])
    third = best_week(scenario, forbidden=[best.week.hours, second.week.hours])

    assert best.ledger.profit >= second.ledger.profit - 0.02
    assert second.ledger.profit >= third.ledger.profit - 0.02
    assert len({answer.week.hours for answer in (best, second, third)}) == 3


def test_today_itself_may_be_forbidden() -> None:
    scenario = tiny(1, slots=4, change_cost=1000.0, staff=({"people": 1},))

    answer = best_week(scenario, forbidden=[scenario.today])

    assert answer.week.hours != scenario.today
    assert answer.changes == 1000.0
    assert answer.proof.bound == pytest.approx(answer.ledger.profit, abs=0.05)


def test_a_day_of_its_own_is_planned_like_a_week() -> None:
    scenario = tiny(2, 1, 6, orders=5, minutes_per_order=10)

    answer = best_week(scenario)

    assert len(answer.week.hours) == 1
    assert answer.ledger == evaluate(scenario, answer.week)


def test_shifts_are_told_once_with_their_count() -> None:
    all_day = Rule("all day", "open", (0,), span=Span(OPENS, OPENS + 180))
    scenario = tiny(1, 1, 3, min_staff=2, rules=(all_day,), staff=({"shortest": 3},))

    answer = best_week(scenario)

    assert answer.week.hours == ((Span(OPENS, OPENS + 180),),)
    assert [shift.count for shift in answer.week.shifts] == [2]
