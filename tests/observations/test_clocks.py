"""Stamps that are not on the shop's clock, and the silence where they are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hoursopt.i18n import Texts
from hoursopt.observations import Note, observe, tell
from hoursopt.observations.clocks import (
    MOVED,
    Counted,
    clock_changes,
    movement,
    quietest,
)
from hoursopt.shop import Shop
from tests.observations.tills import MONDAY, a_shop, in_utc, sold, street, with_zone

HOURS = "Mo-Fr 10:00-18:00; Sa 10:00-15:00"
CLOCK_NOTES = {
    "observe.utc_stamps",
    "observe.moves_with_clock",
    "observe.night_by_day",
    "observe.shifted",
    "observe.shifted_as_utc",
}
SPRING = dt.date(2025, 2, 17)  # six weeks before the clocks change on 30 March


def told(shop: Shop, **tables: pd.DataFrame) -> dict[str, Note]:
    notes = observe(shop, tables).notes
    return {note.key: note for note in notes if note.key in CLOCK_NOTES}


def counted(table: pd.DataFrame) -> Counted:
    clock = table["time"].to_numpy().astype("datetime64[m]").astype(np.int64)
    counts = table["count"] if "count" in table else pd.Series(1.0, table.index)
    return Counted(clock, counts.to_numpy())


@pytest.mark.parametrize("per_hour", [1.0, 4.0, 20.0])
def test_receipts_of_utc_are_found_at_the_clock_change(per_hour: float) -> None:
    table = sold([(HOURS, 12)], per_hour, first=SPRING)
    found = told(a_shop(HOURS), receipts=in_utc(table))
    note = found["observe.utc_stamps"]
    assert note.values["source"] == "receipts"
    assert note.values["dates"] == (dt.date(2025, 3, 30),)
    assert note.values["table"] == "[sources.options.receipts]"
    assert note.values["fixed"] == "Etc/GMT-2"
    assert not told(a_shop(HOURS), receipts=table)


def test_a_shop_on_the_local_clock_is_never_called_utc() -> None:
    changes = clock_changes("Europe/Helsinki", SPRING, SPRING + dt.timedelta(weeks=12))
    false = 0
    for seed in range(60):
        table = sold([(HOURS, 12)], 2.0, seed=seed, first=SPRING)
        false += movement(counted(table), changes).against >= MOVED
    assert false <= 1


def test_autumn_and_the_other_hemisphere_are_seen_too() -> None:
    autumn = dt.date(2025, 9, 22)
    table = sold([(HOURS, 10)], 5.0, first=autumn)
    changes = clock_changes("Europe/Helsinki", autumn, autumn + dt.timedelta(weeks=10))
    assert [(change.date, change.hours) for change in changes] == [(dt.date(2025, 10, 26), -1)]
    assert movement(counted(in_utc(table)), changes).against >= MOVED
    zone = "Australia/Melbourne"
    changes = clock_changes(zone, autumn, autumn + dt.timedelta(weeks=10))
    assert [change.hours for change in changes] == [1]
    assert movement(counted(in_utc(table, zone)), changes).against >= MOVED
    assert movement(counted(table), changes).against < 0


def test_a_street_counter_of_utc_is_found() -> None:
    shop = a_shop(HOURS)
    receipts = sold([(HOURS, 12)], 4.0, first=SPRING)
    passing = street(SPRING, 84)
    assert not told(shop, receipts=receipts, street=passing)
    found = told(shop, receipts=receipts, street=in_utc(passing))
    assert found["observe.utc_stamps"].values["source"] == "street"
    assert "observe.night_by_day" not in found  # one cause is told once


def test_times_converted_once_too_often_are_told_only_where_a_zone_is_set() -> None:
    table = sold([(HOURS, 12)], 6.0, first=SPRING)
    local = table["time"].dt.tz_localize("UTC").dt.tz_convert("Europe/Helsinki")
    twice = table.assign(time=local.dt.tz_localize(None))
    found = told(with_zone(a_shop(HOURS), "receipts", "UTC"), receipts=twice)
    assert found["observe.moves_with_clock"].values["zone"] == "UTC"
    assert "observe.moves_with_clock" not in told(a_shop(HOURS), receipts=twice)


def test_countries_without_clock_change_are_silent() -> None:
    shop = a_shop(HOURS, country="JP", timezone="Asia/Tokyo")
    table = sold([(HOURS, 20)], 5.0, first=SPRING)
    assert clock_changes("Asia/Tokyo", SPRING, SPRING + dt.timedelta(days=700)) == []
    assert not told(shop, receipts=table, street=street(SPRING, 140))


def test_a_week_that_is_early_as_a_whole_is_utc_or_another_clock() -> None:
    summer = dt.date(2025, 6, 30)
    table = sold([(HOURS, 10)], 5.0, first=summer)
    found = told(a_shop(HOURS), receipts=in_utc(table))
    assert found["observe.shifted_as_utc"].values["shift"] == "-3"
    assert "observe.other_hours" not in {
        note.key for note in observe(a_shop(HOURS), {"receipts": in_utc(table)}).notes
    }
    later = table.assign(time=table["time"] + pd.Timedelta(hours=5))
    assert told(a_shop(HOURS), receipts=later)["observe.shifted"].values["shift"] == "+5"
    assert not told(a_shop(HOURS), receipts=table)


def test_a_shop_that_opens_early_on_some_days_is_not_shifted() -> None:
    other = "Mo-Tu 07:00-18:00; We-Fr 10:00-18:00; Sa 10:00-15:00"
    notes = observe(a_shop(HOURS), {"receipts": sold([(other, 12)], 5.0)}).notes
    keys = {note.key for note in notes}
    assert "observe.other_hours" in keys
    assert not keys & CLOCK_NOTES


@pytest.mark.parametrize("hours", [-8, -5, 4, 7, 11])
def test_a_street_of_another_time_zone_has_its_night_by_day(hours: int) -> None:
    receipts = sold([(HOURS, 6)], 4.0)
    passing = street(MONDAY, 42)
    moved = passing.assign(time=passing["time"] + pd.Timedelta(hours=hours))
    found = told(a_shop(HOURS), receipts=receipts, street=moved)
    assert abs(int(str(found["observe.night_by_day"].values["shift"])) - hours) <= 1
    assert not told(a_shop(HOURS), receipts=receipts, street=passing)


def test_a_profile_without_a_night_tells_nothing() -> None:
    assert quietest(np.full(24, 100.0)) is None
    office = np.where((np.arange(24) >= 8) & (np.arange(24) < 17), 200.0, 0.0)
    assert quietest(office) is None
    assert quietest(np.arange(24.0)) is None  # too few counts


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_clock_notes_are_sentences(language: str) -> None:
    texts = Texts(language)
    winter = in_utc(sold([(HOURS, 12)], 5.0, first=SPRING))
    notes = [
        *observe(a_shop(HOURS), {"receipts": winter}).notes,
        Note(
            "observe.night_by_day", {"source": "street", "hours": "x", "shift": "+5", "table": "t"}
        ),
        Note("observe.shifted", {"source": "receipts", "shift": "+5", "table": "t"}),
        Note(
            "observe.moves_with_clock",
            {"source": "orders", "dates": (MONDAY,), "table": "t", "zone": "UTC"},
        ),
    ]
    assert "observe.utc_stamps" in {note.key for note in notes}
    for note in notes:
        sentence = tell(note, texts)
        assert "{" not in sentence
        assert "receipts " not in sentence.replace("[sources.options.receipts]", "")


def real(name: str) -> Path:
    path = Path(__file__).parents[3] / "shared" / "data" / name
    if not path.is_file():
        pytest.skip(f"the real data set {name} is not beside the project")
    return path


def test_real_street_counters_are_on_the_local_clock_and_their_utc_is_found() -> None:
    rows = pd.read_csv(real("melbourne_footfall/hourly_2012_2013.csv.gz")).dropna()
    zone = "Australia/Melbourne"
    changes = clock_changes(zone, dt.date(2012, 1, 1), dt.date(2013, 12, 31))
    assert len(changes) == 4
    for _, sensor in rows.groupby("sensor"):
        table = pd.DataFrame(
            {"time": pd.to_datetime(sensor["ts_local"]), "count": sensor["count"].astype(float)}
        )
        assert movement(counted(table), changes).against < 0
        assert movement(counted(in_utc(table, zone)), changes).against >= MOVED
        middle = quietest(np.bincount(table["time"].dt.hour, table["count"], 24).astype(np.float64))
        assert middle is not None
        assert 2.5 <= middle <= 5.0
