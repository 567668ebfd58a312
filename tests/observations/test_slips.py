"""Counts that cannot be, dead and stuck counters, gaps: each is told, none bends the others."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from hoursopt.errors import DataError
from hoursopt.i18n import Texts
from hoursopt.observations import Note, Observations, State, observe, tell
from hoursopt.observations.counting import Intervals
from hoursopt.observations.outliers import stuck_rows, wild_slots
from tests.observations.tills import MONDAY, a_shop, sold, street

HOURS = "Mo-Sa 10:00-18:00"


def of_key(observations: Observations, key: str) -> list[Note]:
    return [note for note in observations.notes if note.key == key]


def with_street(passing: pd.DataFrame) -> Observations:
    return observe(a_shop(HOURS), {"receipts": sold([(HOURS, 12)], 4.0), "street": passing})


@pytest.mark.parametrize("slip", [1e9, 40_000.0])
def test_a_single_impossible_count_takes_only_its_own_hour(slip: float) -> None:
    passing = street(MONDAY, 84)
    clean = with_street(passing)
    at = 24 * 30 + 13
    wrong = with_street(passing.assign(count=passing["count"].mask(passing.index == at, slip)))
    before, after = clean.channels["street"], wrong.channels["street"]
    slots = [wrong.grid.index(13 * 60), wrong.grid.index(13 * 60 + 30)]
    assert (after.state[30, slots] == State.UNKNOWN).all()
    assert (after.counts[30, slots] == 0).all()
    rest = np.ones(before.counts.shape, dtype=bool)
    rest[30, slots] = False
    assert np.array_equal(before.counts[rest], after.counts[rest])
    assert np.array_equal(before.state[rest], after.state[rest])
    (note,) = of_key(wrong, "observe.wild_counts")
    assert note.values["dates"] == (MONDAY + dt.timedelta(days=30),)
    assert not of_key(wrong, "observe.unknown_parts")
    assert not of_key(clean, "observe.wild_counts")


def test_a_day_of_thirty_usual_days_is_unusable() -> None:
    passing = street(MONDAY, 84)
    day = passing["time"].dt.date.eq(MONDAY + dt.timedelta(days=40))
    wrong = with_street(passing.assign(count=passing["count"].where(~day, passing["count"] * 30)))
    channel = wrong.channels["street"]
    assert (channel.state[40] == State.UNKNOWN).all()
    assert (np.delete(channel.state, 40, axis=0) == State.OPEN).all()
    assert of_key(wrong, "observe.wild_counts")


def test_an_upload_of_a_months_receipts_in_one_minute_is_no_rush() -> None:
    table = sold([(HOURS, 12)], 4.0)
    upload = pd.Timestamp(MONDAY) + pd.Timedelta(days=22, hours=12, minutes=5)
    many = pd.DataFrame({"time": [upload] * 700, "amount": 10.0})
    seen = observe(a_shop(HOURS), {"receipts": pd.concat([table, many]).sort_values("time")})
    till = seen.channels["receipts"]
    slot = seen.grid.index(12 * 60)
    assert till.state[22, slot] == State.UNKNOWN
    assert (till.state[22, [slot - 1, slot + 1]] == State.OPEN).all()
    assert till.counts.max() < 30
    # What the weeks around expect of that half hour stays as it was: their zeros are zeros.
    weekday = seen.weekdays == 2
    others = np.delete(till.state[weekday, slot], 3)
    assert (others == State.OPEN).all()
    assert (till.counts[weekday, slot] == 0).sum() > 1


def test_a_days_festival_is_believed() -> None:
    passing = street(MONDAY, 84)
    hour = passing["time"].dt.hour
    day = passing["time"].dt.date.eq(MONDAY + dt.timedelta(days=40)) & hour.between(11, 22)
    busy = with_street(passing.assign(count=passing["count"].where(~day, passing["count"] * 8)))
    assert not of_key(busy, "observe.wild_counts")
    assert (busy.channels["street"].state[40] == State.OPEN).all()


def test_slips_of_small_shops_need_more_than_a_busload() -> None:
    counts = np.zeros((60, 16))
    counts[:, 4] = 1
    counts[20, 4] = 12
    assert not wild_slots(counts, np.ones(counts.shape), 30).any()
    counts[20, 4] = 400
    assert wild_slots(counts, np.ones(counts.shape), 30).any(axis=1).nonzero()[0].tolist() == [20]


@pytest.mark.parametrize("count", [-5.0, np.nan, np.inf])
def test_a_count_that_is_none_is_refused(count: float) -> None:
    passing = street(MONDAY, 84)
    passing.loc[40, "count"] = count
    with pytest.raises(DataError) as caught:
        with_street(passing)
    assert caught.value.key == "observe.bad_count"
    for language in ("fi", "sv", "en"):
        assert "{" not in Texts(language).describe(caught.value)


def test_a_stuck_counter_is_unknown_and_told() -> None:
    passing = street(MONDAY, 84)
    stuck = passing["time"].between("2025-02-10 06:00", "2025-02-12 14:00")
    seen = with_street(passing.assign(count=passing["count"].mask(stuck, 17.0)))
    (note,) = of_key(seen, "observe.stuck")
    assert note.values["dates"] == tuple(dt.date(2025, 2, day) for day in (10, 11, 12))
    channel = seen.channels["street"]
    day = seen.dates.index(dt.date(2025, 2, 11))
    assert (channel.state[day] == State.UNKNOWN).all()
    assert not of_key(with_street(passing), "observe.stuck")


def test_quiet_nights_and_constant_examples_are_not_stuck() -> None:
    clock = np.arange(240) * 60
    ones = np.zeros(240, dtype=np.int64)
    quiet = np.where(np.arange(240) % 48 < 30, 1.0, np.arange(240) % 7.0)
    assert not stuck_rows(Intervals(clock, ones + 60, quiet, ones)).any()
    assert not stuck_rows(Intervals(clock, ones + 60, np.full(240, 50.0), ones)).any()


def test_a_year_without_rows_is_one_gap() -> None:
    table = pd.concat(
        [
            sold([(HOURS, 20)], 4.0, first=dt.date(2023, 1, 9)),
            sold([(HOURS, 20)], 4.0, first=dt.date(2024, 6, 3)),
        ]
    )
    seen = observe(a_shop(HOURS), {"receipts": table})
    (note,) = of_key(seen, "observe.gap")
    assert note.values["start"] == dt.date(2023, 5, 29)
    assert note.values["end"] == dt.date(2024, 6, 1)
    assert note.values["count"] == 53
    till = seen.channels["receipts"]
    inside = slice(seen.dates.index(dt.date(2023, 6, 1)), seen.dates.index(dt.date(2024, 6, 1)))
    assert (till.exposure[inside] == 0).all()
    assert not of_key(seen, "observe.unknown_days")
    assert not of_key(seen, "observe.other_hours")


def test_a_door_counter_dead_for_six_weeks_is_a_gap_not_a_change_of_hours() -> None:
    hours = np.arange(24)
    mean = np.where((hours >= 10) & (hours < 18), 40.0, 0.0)
    counts = np.random.default_rng(4).poisson(mean, (140, 24)).astype(float)
    counts[6::7] = 0
    counts[50:92] = 0
    times = pd.Timestamp(MONDAY) + pd.to_timedelta(np.arange(counts.size), unit="h")
    door = pd.DataFrame({"time": times, "minutes": 60, "count": counts.ravel(), "sensor": "a"})
    seen = observe(a_shop(HOURS), {"footfall": door})
    assert len(of_key(seen, "observe.gap")) == 1
    assert not of_key(seen, "observe.other_hours")
    assert (seen.channels["footfall"].exposure[52:90] == 0).all()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_days_in_a_row_are_told_as_one_stretch(language: str) -> None:
    texts = Texts(language)
    days = tuple(MONDAY + dt.timedelta(days=day) for day in (0, 1, 2, 3, 8, 9, 20))
    note = Note("observe.unknown_days", {"source": "street", "count": 7, "dates": days})
    sentence = tell(note, texts)
    assert f"{texts.date(days[0])} – {texts.date(days[3])}" in sentence
    assert texts.date(days[1]) not in sentence
    assert f"{texts.date(days[4])}, {texts.date(days[5])}, {texts.date(days[6])}" in sentence
    odd = tuple(MONDAY + dt.timedelta(days=2 * day) for day in range(40))
    long = tell(
        Note("observe.unknown_days", {"source": "street", "count": 40, "dates": odd}), texts
    )
    assert "…" in long
    for key in ("observe.wild_counts", "observe.stuck"):
        for count in (1, 3):
            told = tell(Note(key, {"source": "street", "count": count, "dates": days[:1]}), texts)
            assert "{" not in told
    gap = {"source": "street", "start": MONDAY, "end": days[-1], "count": 3}
    assert "{" not in tell(Note("observe.gap", gap), texts)
