"""The ledger of wanted customers: every hour adds up, and all hours add up to the week."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tiny_shop import BUSY_UNTIL_FIVE, a_study, known_demand, tiny_shop

from hoursopt.evaluate import Shift, StaffedWeek, evaluate
from hoursopt.hours import parse_hours
from hoursopt.scenario import Scenario, season_scenario
from hoursopt.shop import Service
from hoursopt.tables.why import by_hour
from hoursopt.worth import wanted_hours

PARTS = ("served", "online", "abandoned", "lost")


def a_scenario(seed: int, **changes: object) -> Scenario:
    """Demand, diversion and a queue drawn at random; goodwill and a web shop included."""
    rng = np.random.default_rng(seed)
    demand = known_demand(*BUSY_UNTIL_FIVE, online=0.3, recaptured=0.5, **changes)
    shop = tiny_shop(service=Service(minutes_per_customer=9.0, patience_minutes=5.0))
    scenario = season_scenario(shop, demand, "year", 20, seed)  # type: ignore[arg-type]
    return scenario.replace(
        walk_in=scenario.walk_in * rng.lognormal(0, 0.5, scenario.walk_in.shape),
        diversion=scenario.diversion.replace(next_day=rng.uniform(0, 0.4, scenario.draws)),
    )


def a_week(hours: str) -> StaffedWeek:
    spans = parse_hours(hours).days
    grid = tiny_shop().grid
    return StaffedWeek(
        spans,
        tuple(
            Shift(day, "owner", 1, grid.index(span.start), grid.index(span.end))
            for day, of_day in enumerate(spans)
            for span in of_day
        ),
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "hours",
    [
        "Mo-Fr 10:00-14:00",
        "We 12:00-13:00",
        "Mo,Th,Su 09:00-12:00,14:00-18:00",
        "Mo-Su 08:00-20:00",
    ],
)
def test_every_hour_adds_up_and_all_hours_are_the_week(seed: int, hours: str) -> None:
    scenario, week = a_scenario(seed), a_week(hours)
    wanted, ledger = wanted_hours(scenario, week), evaluate(scenario, week)
    np.testing.assert_allclose(
        sum(getattr(wanted, name) for name in PARTS), wanted.wanted, atol=1e-9
    )
    for name in ("wanted", "recaptured", *PARTS):
        assert getattr(wanted, name).sum() == pytest.approx(getattr(ledger, name)), name
    assert np.all(wanted.recaptured <= wanted.served + 1e-12)


def test_nobody_is_recaptured_of_an_hour_that_is_open() -> None:
    wanted = wanted_hours(a_scenario(0), a_week("Mo-Fr 10:00-14:00"))
    assert np.all(wanted.recaptured[:5, 2:6] == 0)
    assert np.all(wanted.recaptured[:5, 6] > 0)
    assert np.all(wanted.recaptured[5] > 0)  # Saturday's customers come on Friday or Monday


def test_a_shut_week_serves_nobody() -> None:
    wanted = wanted_hours(a_scenario(0), StaffedWeek(((),) * 7, ()))
    assert wanted.served.sum() == 0
    np.testing.assert_allclose(wanted.online + wanted.lost, wanted.wanted)


def test_slots_of_an_hour_are_put_together() -> None:
    study = a_study()
    grid = dataclasses.replace(study.scenario.grid, slot_minutes=30)
    wanted = wanted_hours(study.scenario, study.best.week)
    halves = dataclasses.replace(
        wanted,
        **{
            field.name: np.repeat(getattr(wanted, field.name) / 2, 2, axis=1)
            for field in dataclasses.fields(wanted)
        },
    )
    np.testing.assert_allclose(by_hour(halves, grid)["served"], wanted.served)
