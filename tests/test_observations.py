"""What is observed: open, closed and unknown slots, and where each row is counted."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hoursopt.errors import DataError
from hoursopt.hours import Grid, parse_hours
from hoursopt.i18n import Texts
from hoursopt.observations import Observations, State, observe, tell
from hoursopt.observations.exposure import join_sensors
from hoursopt.shop import Economics, Exceptions, HoursInForce, Shop, StaffGroup

MONDAY = dt.date(2025, 3, 3)


def a_shop(hours: str = "Mo-Sa 10:00-17:00", grid: Grid | None = None, **changes: object) -> Shop:
    shop = Shop(
        name="Test",
        country="FI",
        timezone="Europe/Helsinki",
        currency="EUR",
        grid=grid or Grid(60, 6 * 60, 24 * 60),
        hours=(HoursInForce(parse_hours(hours)),),
        economics=Economics(margin_rate=0.4),
        staff=(StaffGroup("owner", 1, hourly_cost=12.0),),
    )
    return shop.replace(**changes)


def receipts(*stamps: str, amount: float = 10.0) -> pd.DataFrame:
    times = pd.to_datetime(sorted(stamps))
    return pd.DataFrame({"time": times, "amount": np.full(len(times), amount)})


def busy(
    shop: Shop, first: dt.date, days: int, per_hour: int, without: tuple[dt.date, ...] = ()
) -> pd.DataFrame:
    """`per_hour` receipts in every open hour, evenly."""
    stamps = []
    for day in range(days):
        date = first + dt.timedelta(days=day)
        start = pd.Timestamp(date)
        for span in () if date in without else shop.hours_on(date):
            for minute in range(span.start, span.end, 60):
                for number in range(per_hour):
                    stamps.append(start + pd.Timedelta(minutes=minute + 60 * number / per_hour))
    return pd.DataFrame({"time": stamps, "amount": 10.0})


def counter(
    first: dt.date, days: int, counts: np.ndarray, minutes: int = 60, sensor: str = "a"
) -> pd.DataFrame:
    """Rows of (days, intervals a day)."""
    times = pd.Timestamp(first) + pd.to_timedelta(np.arange(counts.size) * minutes, unit="min")
    return pd.DataFrame(
        {"time": times, "minutes": minutes, "count": counts.ravel().astype(float), "sensor": sensor}
    )


def slot(observations: Observations, date: dt.date, hour: float) -> tuple[int, int]:
    grid = observations.grid
    return observations.dates.index(date), grid.index(int(hour * 60))


def keys(observations: Observations) -> set[str]:
    return {note.key for note in observations.notes}


def test_closed_slots_have_no_exposure_and_no_count() -> None:
    shop = a_shop()
    seen = observe(shop, {"receipts": busy(shop, MONDAY, 14, 4)})
    till = seen.channels["receipts"]
    assert len(seen.dates) == 13  # the second Sunday is after the last receipt
    closed = seen.opened == 0
    assert closed[6].all()
    assert (till.exposure[closed] == 0).all()
    assert (till.state[closed] == State.CLOSED).all()
    assert (till.counts[~closed] == 4).all()
    assert till.counts.sum() == 12 * 7 * 4
    assert till.values.sum() == pytest.approx(10 * 12 * 7 * 4)


def test_days_run_without_gap_through_days_without_receipts() -> None:
    shop = a_shop()
    gone = tuple(MONDAY + dt.timedelta(days=day) for day in (8, 9))
    seen = observe(shop, {"receipts": busy(shop, MONDAY, 28, 4, without=gone)})
    assert np.all(np.diff([date.toordinal() for date in seen.dates]) == 1)
    till = seen.channels["receipts"]
    for date in gone:
        day = seen.dates.index(date)
        assert (till.state[day, 4:11] == State.UNKNOWN).all()
        assert till.exposure[day].sum() == 0
    assert seen.opened[8].sum() == 7
    told = next(note for note in seen.notes if note.key == "observe.unknown_days")
    assert told.values["dates"] == gone


def test_a_silent_holiday_is_closed_and_told() -> None:
    shop = a_shop()
    first_of_may = dt.date(2025, 5, 1)
    table = busy(shop, dt.date(2025, 4, 7), 42, 4, without=(first_of_may,))
    seen = observe(shop, {"receipts": table})
    day = seen.dates.index(first_of_may)
    assert (seen.opened[day] == 0).all()
    assert (seen.channels["receipts"].state[day] == State.CLOSED).all()
    assert "observe.holidays_shut" in keys(seen)


def test_a_holiday_that_sells_stays_open() -> None:
    shop = a_shop()
    seen = observe(shop, {"receipts": busy(shop, dt.date(2025, 4, 7), 42, 4)})
    day = seen.dates.index(dt.date(2025, 5, 1))
    assert seen.opened[day].sum() == 7
    assert seen.channels["receipts"].counts[day].sum() == 28


def test_a_quiet_shop_keeps_its_zero_days() -> None:
    shop = a_shop()
    table = busy(shop, MONDAY, 42, 1)
    table = table[table["time"].dt.hour.isin([11, 15])]  # two customers a day
    quiet = pd.Timestamp(MONDAY + dt.timedelta(days=15))
    table = table[table["time"].dt.normalize() != quiet]
    seen = observe(shop, {"receipts": table})
    day = seen.dates.index(quiet.date())
    till = seen.channels["receipts"]
    assert (till.state[day, 4:11] == State.OPEN).all()
    assert till.counts[day].sum() == 0


def test_a_missing_day_of_a_small_shop_is_unknown() -> None:
    shop = a_shop()
    gone = MONDAY + dt.timedelta(days=15)
    till = observe(shop, {"receipts": busy(shop, MONDAY, 42, 1, without=(gone,))})
    assert (till.channels["receipts"].state[15, 4:11] == State.UNKNOWN).all()


def test_a_quiet_evening_before_a_missing_day_stays_a_zero() -> None:
    shop = a_shop()
    gone = MONDAY + dt.timedelta(days=15)
    table = busy(shop, MONDAY, 42, 4, without=(gone,))
    table = table[~table["time"].between("2025-03-17T16:00", "2025-03-17T17:00")]
    till = observe(shop, {"receipts": table}).channels["receipts"]
    assert till.state[14, 10] == State.OPEN
    assert till.counts[14, 10] == 0
    assert (till.state[15, 4:11] == State.UNKNOWN).all()


def test_a_file_that_ends_at_noon_does_not_tell_the_afternoon() -> None:
    shop = a_shop()
    table = busy(shop, MONDAY, 40, 2)
    table = table[table["time"] < "2025-04-11T13:00"]
    till = observe(shop, {"receipts": table}).channels["receipts"]
    assert (till.state[-1, 4:7] == State.OPEN).all()
    assert (till.state[-1, 7:11] == State.UNKNOWN).all()


def test_a_long_holiday_of_a_quiet_shop_is_unknown() -> None:
    shop = a_shop()
    table = busy(shop, MONDAY, 84, 1)
    table = table[table["time"].dt.hour.isin([11, 15])]
    away = [MONDAY + dt.timedelta(days=day) for day in range(35, 56)]
    table = table[~table["time"].dt.date.isin(away)]
    seen = observe(shop, {"receipts": table})
    till = seen.channels["receipts"]
    assert (till.exposure[40:50] == 0).all()
    assert (till.state[40, 4:11] == State.UNKNOWN).all()


def test_receipts_around_the_hours_belong_to_the_edge_slots() -> None:
    shop = a_shop()
    table = pd.concat(
        [
            busy(shop, MONDAY, 14, 4),
            receipts(
                "2025-03-05T17:29", "2025-03-05T09:46", "2025-03-05T17:31", "2025-03-05T01:21"
            ),
        ]
    ).sort_values("time")
    till = observe(shop, {"receipts": table}).channels["receipts"]
    assert till.counts[2, 10] == 5  # 16-17 with the late one
    assert till.counts[2, 4] == 5
    assert till.outside[2] == 2
    assert till.counts.sum() + till.outside.sum() == len(table)


def test_receipts_after_midnight_belong_to_the_night_before() -> None:
    bar = a_shop("Fr-Sa 18:00-27:00", Grid(60, 12 * 60, 28 * 60))
    table = busy(bar, dt.date(2025, 3, 7), 16, 5)
    seen = observe(bar, {"receipts": table})
    till = seen.channels["receipts"]
    friday = seen.dates.index(dt.date(2025, 3, 14))
    assert (till.counts[friday, 6:15] == 5).all()
    assert till.outside.sum() == 0
    assert till.counts.sum() == len(table)
    assert seen.dates[-1] == dt.date(2025, 3, 22)


def test_trading_days_agree_with_the_grid() -> None:
    from hoursopt.observations.counting import clock_minutes, trading_minutes

    moments = pd.date_range("2025-03-01", periods=300, freq="37min")
    for grid in (Grid(60, 12 * 60, 28 * 60), Grid(30, 6 * 60, 24 * 60), Grid(60, 360, 1800)):
        days, minutes = trading_minutes(grid, clock_minutes(moments.to_numpy()))
        for moment, day, minute in zip(moments, days, minutes, strict=True):
            date = dt.date(1970, 1, 1) + dt.timedelta(days=int(day))
            assert (date, minute) == grid.trading_day(moment.to_pydatetime())


def test_partly_open_slots_have_partial_exposure() -> None:
    shop = a_shop("Mo-Fr 10:30-17:15")
    till = observe(shop, {"receipts": busy(shop, MONDAY, 12, 4)}).channels["receipts"]
    assert till.exposure[0, 4] == 0.5
    assert till.exposure[0, 11] == 0.25


def test_hours_that_never_were_open_name_the_hours_of_the_data() -> None:
    evenings = a_shop("Mo-Fr 18:00-22:00")
    table = busy(a_shop("Mo-Fr 08:00-12:00"), MONDAY, 26, 6)
    with pytest.raises(DataError) as caught:
        observe(evenings, {"receipts": table})
    assert caught.value.key == "observe.never_open"
    assert caught.value.values["hours"] == "Mo-Fr 08:00-12:00"


def test_many_receipts_outside_are_told() -> None:
    table = busy(a_shop("Mo-Sa 10:00-20:00"), MONDAY, 26, 4)
    seen = observe(a_shop(), {"receipts": table})
    told = next(note for note in seen.notes if note.key == "observe.outside")
    assert told.values["hours"] == "Mo-Sa 10:00-20:00"
    assert told.values["percent"] == pytest.approx(25, abs=6)


def test_no_rows_and_one_day_are_refused() -> None:
    shop = a_shop()
    with pytest.raises(DataError) as none:
        observe(shop, {"orders": receipts("2025-03-03T12:00")})
    assert none.value.key == "observe.none"
    with pytest.raises(DataError) as few:
        observe(shop, {"receipts": receipts("2025-03-03T12:00", "2025-03-03T13:00")})
    assert few.value.key == "observe.few_days"


def test_orders_come_round_the_clock_and_outside_the_grid() -> None:
    shop = a_shop()
    orders = receipts("2025-03-04T21:10", "2025-03-05T03:00", "2025-03-09T12:00")
    web = observe(shop, {"receipts": busy(shop, MONDAY, 14, 4), "orders": orders}).channels[
        "orders"
    ]
    assert (web.exposure == 1).all()
    assert web.counts[1, 15] == 1
    assert web.outside[2] == 1
    assert web.counts[6, 6] == 1  # a Sunday, when the shop is shut


def test_the_clock_changes_are_seen_by_counters() -> None:
    grid = Grid(60, 0, 24 * 60)
    shop = a_shop("Mo-Sa 10:00-17:00", grid)
    spring, autumn = dt.date(2025, 3, 30), dt.date(2025, 10, 26)
    for date, share in ((spring, 0.0), (autumn, 2.0)):
        start = date - dt.timedelta(days=13)
        tables = {
            "receipts": busy(shop, start, 27, 4),
            "street": counter(start, 27, np.full((27, 24), 50)),
        }
        street = observe(shop, tables).channels["street"]
        assert street.exposure[13, 3] == share
        assert (np.delete(street.exposure[13], 3) == 1).all()


def test_an_hourly_counter_is_spread_over_half_hours_and_a_fine_one_summed() -> None:
    shop = a_shop(grid=Grid(30, 360, 1440))
    till = busy(shop, MONDAY, 14, 4)
    hourly = {"receipts": till, "street": counter(MONDAY, 14, np.full((14, 24), 60))}
    street = observe(shop, hourly).channels["street"]
    assert (street.counts == 30).all()
    fine = {"receipts": till, "street": counter(MONDAY, 14, np.full((14, 96), 7), minutes=15)}
    assert (observe(shop, fine).channels["street"].counts == 14).all()


def test_a_dead_counter_is_unknown_not_zero() -> None:
    shop = a_shop()
    counts = np.tile(np.r_[np.zeros(6), np.full(14, 40), np.full(4, 3)], (42, 1))
    counts[20, 9:15] = 0  # six hours dead
    counts[25] = 0  # a whole day
    counts[30] *= 0.05  # hardly anything
    counts[30] = np.round(counts[30])
    tables = {"receipts": busy(shop, MONDAY, 42, 4), "street": counter(MONDAY, 42, counts)}
    seen = observe(shop, tables)
    street = seen.channels["street"]
    assert (street.state[20, 3:9] == State.UNKNOWN).all()
    assert (street.state[20, 9:] == State.OPEN).all()
    assert (street.exposure[25] == 0).all()
    assert (street.state[30] == State.UNKNOWN).all()
    assert {"observe.unknown_days", "observe.unknown_parts"} <= keys(seen)
    assert street.counts[street.exposure > 0].sum() == pytest.approx(street.counts.sum())


def test_missing_stamps_are_unknown() -> None:
    shop = a_shop()
    street = counter(MONDAY, 28, np.full((28, 24), 30))
    street = street[~street["time"].between("2025-03-12T08:00", "2025-03-12T11:30")]
    seen = observe(shop, {"receipts": busy(shop, MONDAY, 28, 4), "street": street})
    channel = seen.channels["street"]
    assert (channel.state[9, 2:6] == State.UNKNOWN).all()
    assert channel.state[9, 6] == State.OPEN


def test_a_missing_sensor_never_lowers_the_sum() -> None:
    shop = a_shop()
    big = counter(MONDAY, 28, np.full((28, 24), 70), sensor="big")
    small = counter(MONDAY, 28, np.full((28, 24), 30), sensor="small")
    late = small[small["time"] >= "2025-03-10"]
    gone = big[~big["time"].between("2025-03-19", "2025-03-19T23:30")]
    tables = {"receipts": busy(shop, MONDAY, 28, 4), "street": pd.concat([gone, late])}
    street = observe(shop, tables).channels["street"]
    live = street.state == State.OPEN
    assert street.counts[live] == pytest.approx(100)
    assert live[:16].all()  # the small one was missing: scaled
    assert (street.state[16] == State.UNKNOWN).all()  # the big one was: 30 % tell too little


def test_each_street_sensor_keeps_its_own_counts_and_doors_do_not() -> None:
    shop = a_shop()
    big = counter(MONDAY, 28, np.full((28, 24), 70), sensor="big")
    small = counter(MONDAY, 28, np.full((28, 24), 30), sensor="small")
    small = small[small["time"] < np.datetime64(MONDAY + dt.timedelta(days=20))]
    both = pd.concat([big, small])
    tables = {"receipts": busy(shop, MONDAY, 28, 3), "street": both, "footfall": both}
    seen = observe(shop, tables).channels
    street = seen["street"]
    assert street.sensor_counts.shape == (2, *street.counts.shape)
    np.testing.assert_allclose(street.sensor_counts[0][street.exposure > 0].max(), 70)
    assert street.sensor_exposure[0].min() == 1
    assert not street.sensor_exposure[1, 20:].any() and street.sensor_exposure[1, :20].min() == 1
    assert not street.sensor_counts[1, 20:].any()
    assert len(seen["footfall"].sensor_counts) == 0
    assert len(observe(shop, {**tables, "street": big}).channels["street"].sensor_counts) == 0


def test_sensors_join_by_their_usual_shares() -> None:
    counts = np.array([[[60.0], [60.0], [0.0]], [[40.0], [0.0], [40.0]]])
    seen = np.array([[[1.0], [1.0], [0.0]], [[1.0], [0.0], [1.0]]])
    joined, share = join_sensors(counts, seen)
    assert joined[:, 0] == pytest.approx([100, 100, 100])
    assert share[:, 0] == pytest.approx([1.0, 0.6, 0.4])


def test_footfall_is_exposed_only_while_open() -> None:
    shop = a_shop()
    counts = np.tile(np.r_[np.zeros(8), 2, 0, np.full(7, 20), np.zeros(7)], (14, 1))
    seen = observe(shop, {"footfall": counter(MONDAY, 14, counts)})
    door = seen.channels["footfall"]
    assert (door.exposure == seen.opened).all()
    assert door.counts[0].sum() == 140
    assert door.outside[0] == 2
    assert np.isnan(door.values).all()


def test_an_hour_that_is_half_open_counts_all_its_footfall() -> None:
    shop = a_shop("Mo-Su 10:30-17:00", Grid(30, 360, 1440))
    counts = np.tile(np.r_[np.zeros(10), np.full(7, 20), np.zeros(7)], (14, 1))
    door = observe(shop, {"footfall": counter(MONDAY, 14, counts)}).channels["footfall"]
    assert door.counts[0, 9] == 20  # 10:30-11:00
    assert door.counts[0, 8] == 0


def test_two_rows_for_one_real_hour_are_not_twice_as_many() -> None:
    shop = a_shop()
    street = counter(MONDAY, 28, np.full((28, 24), 30))
    again = street[street["time"] == pd.Timestamp("2025-03-12T09:00")]
    tables = {
        "receipts": busy(shop, MONDAY, 28, 4),
        "street": pd.concat([street, again]).sort_values("time"),
    }
    assert observe(shop, tables).channels["street"].counts[9, 3] == 30


def test_the_rota_tells_who_was_on_duty() -> None:
    shop = a_shop(grid=Grid(30, 360, 1440))
    rota = pd.DataFrame(
        {
            "start": pd.to_datetime(["2025-03-04T09:45", "2025-03-04T12:00"]),
            "end": pd.to_datetime(["2025-03-04T17:00", "2025-03-04T14:00"]),
            "people": [1, 2],
        }
    )
    seen = observe(shop, {"receipts": busy(shop, MONDAY, 14, 4), "rota": rota})
    assert seen.staff is not None
    assert np.isnan(seen.staff[0]).all()
    assert seen.staff[1, 7:9].tolist() == [0.5, 1.0]
    assert seen.staff[1, 12:16].tolist() == [3.0] * 4
    assert seen.staff[1, 22:].sum() == 0
    assert observe(shop, {"receipts": busy(shop, MONDAY, 14, 4)}).staff is None


def test_files_without_amounts_have_no_values() -> None:
    shop = a_shop()
    table = busy(shop, MONDAY, 14, 4).assign(amount=np.nan)
    till = observe(shop, {"receipts": table}).channels["receipts"]
    assert np.isnan(till.values).all()
    some = busy(shop, MONDAY, 14, 4)
    some.loc[3, "amount"] = np.nan
    assert observe(shop, {"receipts": some}).channels["receipts"].values.sum() == len(some) * 10


def test_exceptions_are_the_hours_of_their_dates() -> None:
    closed, longer = MONDAY + dt.timedelta(days=2), MONDAY + dt.timedelta(days=3)
    shop = a_shop(exceptions=Exceptions((closed,), {longer: parse_hours("Mo-Su 10:00-20:00")[0]}))
    seen = observe(shop, {"receipts": busy(shop, MONDAY, 14, 4)})
    assert seen.opened[2].sum() == 0
    assert seen.opened[3].sum() == 10


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_notes_are_sentences(language: str) -> None:
    shop = a_shop("Mo-Su 10:00-18:00")
    gone = (dt.date(2025, 5, 1), dt.date(2025, 5, 13))
    table = busy(a_shop("Mo-Su 10:00-20:00"), dt.date(2025, 4, 7), 42, 4, without=gone)
    seen = observe(shop, {"receipts": table})
    assert keys(seen) == {
        "observe.outside",
        "observe.other_hours",
        "observe.holidays_shut",
        "observe.unknown_days",
    }
    told = [tell(note, Texts(language)) for note in seen.notes]
    assert all("{" not in sentence and "receipts" not in sentence for sentence in told)
    assert any("2025" in sentence for sentence in told)


def real_data(name: str) -> Path:
    path = Path(__file__).parents[2] / "shared" / "data" / name
    if not path.exists():
        pytest.skip(f"the real data set {name} is not beside the project")
    return path


def test_a_dead_counter_of_a_real_street_is_unknown() -> None:
    rows = pd.read_csv(real_data("moers_footfall/hourly_2022_05_06.csv"))
    street = pd.DataFrame(
        {
            "time": pd.to_datetime(rows["ts_local"]),
            "minutes": 60,
            "count": rows["pedestrians"].astype(float),
            "sensor": "m",
        }
    )
    shop = a_shop(country="DE", timezone="Europe/Berlin")
    first = dt.date(2022, 4, 29)
    seen = observe(shop, {"receipts": busy(shop, first, 63, 3), "street": street})
    channel = seen.channels["street"]
    for date in (dt.date(2022, 5, day) for day in range(1, 5)):
        assert (channel.state[seen.dates.index(date)] == State.UNKNOWN).all()
    later = seen.dates.index(dt.date(2022, 5, 5))
    assert (channel.state[later:-1] == State.OPEN).mean() > 0.99


def test_a_real_bakery_shuts_at_christmas_and_does_not_sell_at_night() -> None:
    rows = pd.read_csv(real_data("bakery_edinburgh/receipts.csv.gz"))
    times = pd.to_datetime(rows["ts_local"]).sort_values()
    shop = a_shop("Mo-Sa 08:00-18:00; Su 09:00-17:00", country="GB", timezone="Europe/London")
    seen = observe(shop, {"receipts": pd.DataFrame({"time": times, "amount": np.nan})})
    till = seen.channels["receipts"]
    for date in (dt.date(2016, 12, 25), dt.date(2016, 12, 26), dt.date(2017, 1, 1)):
        assert seen.opened[seen.dates.index(date)].sum() == 0
    assert till.outside[seen.dates.index(dt.date(2017, 1, 1))] == 1  # the receipt at 01:21
    assert till.counts.sum() + till.outside.sum() == len(rows)
    assert till.outside.sum() < 0.02 * len(rows)


def test_sensors_of_a_real_city_join_without_a_drop() -> None:
    rows = pd.read_csv(real_data("melbourne_footfall/hourly_2012_2013.csv.gz"))
    street = pd.DataFrame(
        {
            "time": pd.to_datetime(rows["ts_local"]),
            "minutes": 60,
            "count": rows["count"].astype(float),
            "sensor": rows["sensor"],
        }
    ).dropna()
    shop = a_shop(grid=Grid(60, 0, 1440), country="AU", timezone="Australia/Melbourne")
    receipts_of_all = busy(shop, dt.date(2012, 1, 2), 728, 1)
    whole = observe(shop, {"receipts": receipts_of_all, "street": street}).channels["street"]
    one = street["sensor"] == street["sensor"].iloc[0]
    gap = one & street["time"].between("2012-05-01", "2012-07-01")
    part = observe(shop, {"receipts": receipts_of_all, "street": street[~gap]}).channels["street"]
    days = slice(120, 181)
    assert part.counts[days].sum() == pytest.approx(whole.counts[days].sum(), rel=0.03)
    assert street[gap]["count"].sum() > 0.1 * whole.counts[days].sum()


def test_two_years_are_observed_quickly() -> None:
    shop = a_shop(grid=Grid(30, 360, 1440))
    first = dt.date(2023, 1, 2)
    rng = np.random.default_rng(1)
    tables = {
        "receipts": busy(shop, first, 730, 12),
        "street": counter(first, 730, rng.poisson(60, (730, 24))),
    }
    start = time.perf_counter()
    observe(shop, tables)
    assert time.perf_counter() - start < 1.0
