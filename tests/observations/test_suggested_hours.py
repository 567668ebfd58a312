"""Hours and their changes found in receipts and counts, and how sure that is."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from hoursopt.errors import DataError
from hoursopt.hours import Grid, parse_hours
from hoursopt.observations import SuggestedHours, observe, suggest_hours, suggested_json
from hoursopt.observations.opened import STRAY_RATE, _log_odds, telling_days
from hoursopt.shop import Exceptions, HoursInForce
from tests.observations.tills import MONDAY, a_shop, sold, street

SHOP_HOURS = "Mo-Fr 09:00-17:00; Sa 10:00-15:00"


def hours_of(found: SuggestedHours) -> list[str]:
    return [str(period.hours) for period in found.periods]


@pytest.mark.parametrize("minutes", [15, 30, 60])
@pytest.mark.parametrize(("per_hour", "weeks"), [(2.0, 12), (6.0, 4), (30.0, 4)])
def test_hours_are_found_at_every_grid(minutes: int, per_hour: float, weeks: int) -> None:
    shop = a_shop(grid=Grid(minutes, 6 * 60, 24 * 60))
    table = sold([(SHOP_HOURS, weeks)], per_hour, stray=0.001)
    found = suggest_hours(shop, {"receipts": table})
    assert hours_of(found) == [SHOP_HOURS]
    assert found.source == "receipts"
    assert found.periods[0].start is None


def test_half_hours_and_quarters_are_found_where_the_grid_has_them() -> None:
    text = "Mo-Fr 09:30-17:15; Sa 10:15-14:45"
    shop = a_shop(grid=Grid(15, 6 * 60, 24 * 60))
    assert hours_of(suggest_hours(shop, {"receipts": sold([(text, 16)], 8.0)})) == [text]


def test_hours_past_midnight_are_found_whatever_the_shops_grid() -> None:
    text = "We,Th 18:00-25:00, Fr,Sa 18:00-27:00"
    table = sold([(text, 12)], 5.0)
    for grid in (Grid(30, 6 * 60, 24 * 60), Grid(30, 12 * 60, 28 * 60)):
        shop = a_shop(grid=grid)
        assert hours_of(suggest_hours(shop, {"receipts": table})) == [text]


def test_a_kiosk_that_never_shuts_is_never_called_closed() -> None:
    shop = a_shop()
    night = sold([("Mo-Su 00:00-24:00", 12)], 3.0)
    assert hours_of(suggest_hours(shop, {"receipts": night})) == ["Mo-Su 00:00-24:00"]
    quiet_night = pd.concat([night, sold([("Mo-Su 07:00-22:00", 12)], 40.0, seed=4)])
    quiet_night = quiet_night.sort_values("time", ignore_index=True)
    assert hours_of(suggest_hours(shop, {"receipts": quiet_night})) == ["Mo-Su 00:00-24:00"]


def test_an_evening_with_a_crowd_does_not_open_the_evenings() -> None:
    shop = a_shop()
    table = sold([(SHOP_HOURS, 20)], 4.0)
    fairs = [
        pd.Timestamp(MONDAY) + pd.Timedelta(days=day, hours=20, minutes=minute)
        for day in (23, 79)
        for minute in range(0, 60)
    ]
    table = pd.concat([table, pd.DataFrame({"time": fairs, "amount": 5.0})]).sort_values("time")
    found = suggest_hours(shop, {"receipts": table})
    assert hours_of(found) == [SHOP_HOURS]
    irregular = found.periods[0].irregular
    assert [(one.weekdays, str(one.span)) for one in irregular] == [((2,), "20:00-21:00")]
    assert irregular[0].share == pytest.approx(2 / 20, abs=0.02)


def test_those_who_pay_after_closing_do_not_move_the_closing() -> None:
    shop = a_shop()
    table = sold([(SHOP_HOURS, 26)], 9.0)
    chance = np.random.default_rng(3)
    late = table["time"].dt.hour.eq(16) & table["time"].dt.minute.ge(50)
    moved = table["time"] + pd.to_timedelta(chance.exponential(6, len(table)), unit="min")
    table = table.assign(time=table["time"].mask(late, moved)).sort_values("time")
    assert (table["time"].dt.hour == 17).sum() > 50
    found = suggest_hours(a_shop(SHOP_HOURS), {"receipts": table})
    assert hours_of(found) == [SHOP_HOURS]
    assert not found.periods[0].differences
    assert not found.periods[0].irregular
    assert shop.hours


def test_two_openings_a_day_are_found_where_the_owner_has_two() -> None:
    text = "Mo-Fr 10:00-14:00,16:00-19:00; Sa 10:00-14:00"
    table = sold([(text, 20)], 6.0)
    assert hours_of(suggest_hours(a_shop(text), {"receipts": table})) == [text]
    one = hours_of(suggest_hours(a_shop(), {"receipts": table}))
    assert one == ["Mo-Fr 10:00-19:00; Sa 10:00-14:00"]


@pytest.mark.parametrize("per_hour", [1.0, 3.0, 8.0])
def test_a_change_is_found_with_its_date(per_hour: float) -> None:
    later = "Mo-Fr 09:00-18:00; Sa 10:00-16:00"
    table = sold([(SHOP_HOURS, 13), (later, 13)], per_hour, stray=0.001)
    found = suggest_hours(a_shop(), {"receipts": table})
    assert hours_of(found) == [SHOP_HOURS, later]
    change = MONDAY + dt.timedelta(weeks=13)
    assert found.periods[1].start == change
    between = found.periods[1].between
    assert between is not None
    assert between[0] <= change <= between[1]
    assert f"from = {change}" in found.toml


def test_new_sundays_and_a_summer_of_other_hours_are_found() -> None:
    summer = "Mo-Fr 09:00-17:00; Sa 10:00-15:00; Su 12:00-16:00"
    table = sold([(SHOP_HOURS, 12), (summer, 9), (SHOP_HOURS, 14)], 4.0)
    found = suggest_hours(a_shop(), {"receipts": table})
    assert hours_of(found) == [SHOP_HOURS, summer, SHOP_HOURS]


def test_seasons_of_demand_are_no_change_of_hours() -> None:
    table = sold([(SHOP_HOURS, 52), (SHOP_HOURS, 52)], 6.0)
    chance = np.random.default_rng(5)
    day = (table["time"] - table["time"].iloc[0]).dt.days.to_numpy()
    kept = chance.random(len(table)) < np.exp(np.cos(2 * np.pi * day / 365) - 1)
    found = suggest_hours(a_shop(), {"receipts": table[kept]})
    assert hours_of(found) == [SHOP_HOURS]


def test_no_change_is_found_where_there_is_none() -> None:
    for seed in range(25):
        table = sold([(SHOP_HOURS, 26)], 1.5, seed=seed, stray=0.001)
        assert len(suggest_hours(a_shop(), {"receipts": table}).periods) == 1, seed


def test_holidays_weeks_away_and_stated_exceptions_do_not_change_hours() -> None:
    table = sold([(SHOP_HOURS, 26)], 4.0)
    away = table["time"].between("2025-02-17", "2025-03-02 23:59")
    own = table["time"].dt.date.eq(dt.date(2025, 3, 12))
    free = table["time"].dt.date.isin([dt.date(2025, 4, 18), dt.date(2025, 4, 21)])
    late = sold([("Mo-Fr 17:00-22:00", 1)], 9.0, first=dt.date(2025, 5, 5))
    late = late[late["time"].dt.date == dt.date(2025, 5, 7)]
    shop = a_shop(
        exceptions=Exceptions(
            (dt.date(2025, 3, 12),),
            {dt.date(2025, 5, 7): parse_hours("Mo-Su 09:00-22:00")[0]},
        )
    )
    table = pd.concat([table[~away & ~own & ~free], late]).sort_values("time")
    assert hours_of(suggest_hours(shop, {"receipts": table})) == [SHOP_HOURS]


def test_two_weeks_are_never_sure_and_a_sparse_shop_says_that_it_cannot_tell() -> None:
    busy = suggest_hours(a_shop(), {"receipts": sold([(SHOP_HOURS, 2)], 6.0)}).periods[0]
    assert str(busy.hours) == SHOP_HOURS
    assert set(busy.certainty) <= {"likely", "unsure"}
    sparse = suggest_hours(a_shop(), {"receipts": sold([(SHOP_HOURS, 3)], 0.3)}).periods[0]
    assert "unsure" in sparse.certainty
    assert sparse.unsure
    long = suggest_hours(a_shop(), {"receipts": sold([(SHOP_HOURS, 26)], 6.0)}).periods[0]
    assert set(long.certainty) == {"sure"}
    assert not long.unsure


def test_a_handful_of_customers_never_makes_sure() -> None:
    for seed in range(8):
        table = sold([(SHOP_HOURS, 6)], 0.3, seed=seed, stray=0.001)
        period = suggest_hours(a_shop(), {"receipts": table}).periods[0]
        assert "sure" not in period.certainty


def test_being_sure_is_being_right() -> None:
    right, sure = 0, 0
    truth = parse_hours(SHOP_HOURS)
    for seed in range(40):
        table = sold([(SHOP_HOURS, 5)], 1.0, seed=seed, stray=0.001)
        period = suggest_hours(a_shop(), {"receipts": table}).periods[0]
        for weekday in range(7):
            if period.certainty[weekday] == "sure":
                sure += 1
                right += period.hours[weekday] == truth[weekday]
    assert sure > 100
    assert right / sure > 0.93


def test_the_door_counter_tells_hours_though_cleaners_pass() -> None:
    hours = np.arange(24)
    shape = np.where((hours >= 10) & (hours < 19), 60.0, np.where(hours >= 6, 2.0, 0.0))
    chance = np.random.default_rng(8)
    counts = chance.poisson(shape, (42, 24)).astype(float)
    counts[6::7] = 0
    times = pd.Timestamp(MONDAY) + pd.to_timedelta(np.arange(counts.size), unit="h")
    door = pd.DataFrame({"time": times, "minutes": 60, "count": counts.ravel(), "sensor": "a"})
    for minutes in (15, 30, 60):
        shop = a_shop(grid=Grid(minutes, 6 * 60, 24 * 60))
        found = suggest_hours(shop, {"footfall": door})
        assert hours_of(found) == ["Mo-Sa 10:00-19:00"]
        assert found.source == "footfall"


def test_differences_from_the_stated_hours_are_told_per_period() -> None:
    later = "Mo-Fr 09:00-18:00; Sa 10:00-15:00"
    table = sold([(SHOP_HOURS, 13), (later, 13)], 4.0)
    stated = (
        HoursInForce(parse_hours("Mo-Fr 09:00-17:00; Sa 10:00-15:00; Su 12:00-16:00")),
        HoursInForce(parse_hours(later), MONDAY + dt.timedelta(weeks=13)),
    )
    first, second = suggest_hours(a_shop().replace(hours=stated), {"receipts": table}).periods
    assert [one.weekdays for one in first.differences] == [(6,)]
    assert first.differences[0].found == ()
    assert not second.differences


def test_quiet_hours_that_the_owner_states_are_not_contradicted() -> None:
    quiet = sold([("Mo-Sa 17:00-20:00", 26)], 0.25, seed=9)
    table = pd.concat([sold([("Mo-Sa 09:00-17:00", 26)], 8.0), quiet]).sort_values("time")
    found = suggest_hours(a_shop("Mo-Sa 09:00-20:00"), {"receipts": table})
    assert not found.periods[-1].differences


def test_observe_tells_of_hours_that_counts_contradict_for_weeks() -> None:
    table = sold([(SHOP_HOURS, 20)], 4.0)
    notes = observe(a_shop("Mo-Fr 09:00-20:00; Sa 10:00-15:00"), {"receipts": table}).notes
    told = [note.values for note in notes if note.key == "observe.other_hours"]
    assert [(one["days"], one["stated"], one["found"]) for one in told] == [
        ("Mo-Fr", "09:00-20:00", "09:00-17:00")
    ]
    short = sold([(SHOP_HOURS, 3)], 4.0)
    notes = observe(a_shop("Mo-Fr 09:00-20:00; Sa 10:00-15:00"), {"receipts": short}).notes
    assert "observe.other_hours" not in {note.key for note in notes}
    right = observe(a_shop(SHOP_HOURS), {"receipts": table})
    assert not {note.key for note in right.notes} & {"observe.other_hours", "observe.outside"}


def test_the_machine_form_can_be_pasted_back() -> None:
    later = "Mo-Fr 09:00-18:00; Sa 10:00-15:00"
    found = suggest_hours(a_shop(), {"receipts": sold([(SHOP_HOURS, 13), (later, 13)], 4.0)})
    machine = suggested_json(found)
    import tomllib

    blocks = tomllib.loads(str(machine["toml"]))["hours"]
    assert [block["hours"] for block in blocks] == [SHOP_HOURS, later]
    assert blocks[1]["from"] == MONDAY + dt.timedelta(weeks=13)
    assert [period["from"] for period in machine["periods"]] == [  # type: ignore[attr-defined]
        None,
        str(MONDAY + dt.timedelta(weeks=13)),
    ]


def test_without_a_count_there_is_nothing_to_suggest() -> None:
    with pytest.raises(DataError) as none:
        suggest_hours(a_shop(), {"street": street(MONDAY, 14)})
    assert none.value.key == "observe.none"
    dead = street(MONDAY, 14).assign(count=0.0)
    found = suggest_hours(a_shop(), {"footfall": dead})
    assert hours_of(found) == ["off"]


def test_the_odds_of_a_slot_are_those_of_the_two_models() -> None:
    """Against sums over the rates: gamma of shape 2 and exponential."""
    expected = 12.0
    rates = (np.arange(400_000) + 0.5) * 4e-4
    for count in (0, 1, 5, 20):
        poisson = np.exp(-rates) * rates**count
        opened = 4 / expected**2 * rates * np.exp(-2 * rates / expected)
        mean = STRAY_RATE * expected
        closed = np.exp(-rates / mean) / mean
        exact = np.log((poisson * opened).sum() / (poisson * closed).sum())
        assert _log_odds(np.array([float(count)]), expected)[0] == pytest.approx(exact, rel=1e-3)


def test_days_shut_for_once_tell_nothing_and_a_weekday_off_does() -> None:
    weekdays = np.arange(84) % 7
    totals = np.where(weekdays < 6, 20.0, 0.0)
    totals[[15, 16]] = 0.0
    told = telling_days(weekdays, totals)
    assert not told[[15, 16]].any()
    assert told[weekdays == 6].all()
    assert told.sum() == 82
