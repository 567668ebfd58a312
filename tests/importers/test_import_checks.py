from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from hoursopt.hours import parse_hours
from hoursopt.importers import Imported, read_sources
from hoursopt.shop import Exceptions, HoursInForce
from tests.importers.import_shop import read, shop_of


def warnings(imported: Imported) -> dict[str, Mapping[str, object]]:
    return {warning.key: warning.values for warning in imported.warnings}


def stamps(times: pd.Index, header: str = "Time") -> str:
    return f"{header}\n" + "".join(f"{time:%Y-%m-%d %H:%M}\n" for time in times)


def open_days(hours: list[int], days: int = 35) -> pd.DatetimeIndex:
    first = pd.Timestamp("2025-06-02")
    moments = [first + pd.Timedelta(days=day, hours=hour) for day in range(days) for hour in hours]
    return pd.DatetimeIndex(moments)


def test_sales_within_the_hours_and_some_minutes_beside_them_raise_no_warning(
    tmp_path: Path,
) -> None:
    times = open_days([10, 14, 17]).append(open_days([18]) + pd.Timedelta(minutes=9))
    assert warnings(read(tmp_path, stamps(times), hours="Mo-Su 10:00-18:00")) == {}


def test_sales_outside_the_hours_are_told_with_the_hour_in_which_most_fall(tmp_path: Path) -> None:
    found = warnings(read(tmp_path, stamps(open_days([11, 12, 13, 20])), hours="Mo-Su 10:00-14:00"))
    assert found["check.outside_hours"]["hours"] == "20:00-21:00"
    assert found["check.outside_hours"]["count"] == 35


def test_times_of_another_zone_are_recognised_by_the_shift_that_makes_them_fit(
    tmp_path: Path,
) -> None:
    found = warnings(
        read(tmp_path, stamps(open_days(list(range(7, 15)))), hours="Mo-Su 10:00-18:00")
    )
    assert found["check.shifted_times"]["shift"] == "+3"


def test_hours_past_midnight_belong_to_the_day_before(tmp_path: Path) -> None:
    times = open_days([20, 23]).append(open_days([25]))
    assert warnings(read(tmp_path, stamps(times), hours="Mo-Su 18:00-02:00")) == {}


def test_hours_that_changed_and_closed_dates_are_judged_by_their_date(tmp_path: Path) -> None:
    times = open_days([11, 17])
    (tmp_path / "r.csv").write_text(stamps(times[times.normalize() != pd.Timestamp("2025-06-10")]))
    shop = shop_of(tmp_path, receipts=("r.csv",))
    assert warnings(read_sources(shop))["check.empty_days"]["days"] == (dt.date(2025, 6, 10),)
    shut = shop.replace(exceptions=Exceptions(closed=(dt.date(2025, 6, 10),)))
    assert warnings(read_sources(shut)) == {}
    changed = (
        HoursInForce(parse_hours("Mo-Su 15:00-18:00")),
        HoursInForce(parse_hours("Mo-Su 10:00-18:00"), dt.date(2025, 6, 23)),
    )
    found = warnings(read_sources(shut.replace(hours=changed)))
    assert found["check.outside_hours"]["count"] == 20


def test_a_counter_that_reports_only_zeros_for_days_is_told(tmp_path: Path) -> None:
    times = pd.date_range("2025-06-02", periods=40 * 24, freq="h")
    people = np.where(times.day == 5, 0, 9)
    rows = "".join(
        f"{time:%Y-%m-%d %H:%M},{count}\n" for time, count in zip(times, people, strict=True)
    )
    found = warnings(read(tmp_path, "time,count\n" + rows, source="street"))
    assert found["check.dead_counter"]["days"] == (dt.date(2025, 6, 5), dt.date(2025, 7, 5))
    quiet = rows.replace(",9\n", ",0\n", 38 * 24)
    assert warnings(read(tmp_path, "time,count\n" + quiet, source="street")) == {}


def test_short_coarse_and_sleeping_sources_are_told(tmp_path: Path) -> None:
    found = warnings(read(tmp_path, stamps(open_days([11], 10))))
    assert found["check.few_days"]["count"] == 10
    coarse = "time,count\n" + "".join(f"{t:%Y-%m-%d %H:%M},5\n" for t in open_days([8, 10, 12], 30))
    assert warnings(read(tmp_path, coarse, source="street"))["check.long_steps"]["minutes"] == 120
    orders = read(tmp_path, stamps(open_days(list(range(8, 18)), 60)), source="orders")
    assert warnings(orders)["check.sleeping_orders"]["count"] == 10


def test_unreadable_rows_are_among_the_warnings(tmp_path: Path) -> None:
    content = stamps(open_days([11])) + "2025-06-31 10:00\n"
    assert warnings(read(tmp_path, content))["check.failed"] == {
        "file": "file0.csv",
        "count": 1,
        "rows": 36,
    }
