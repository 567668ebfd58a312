"""Real files read right: what pandas reads from them by hand is what the importer gives."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from hoursopt.errors import DataError
from hoursopt.importers import Imported, ImportReceipt, read_sources
from tests.importers.import_shop import real, shop_of, told


def imported(
    name: str, source: str, zone: str, hours: str = "Mo-Su 00:00-24:00"
) -> tuple[Imported, ImportReceipt, pd.DataFrame]:
    path = real(name)
    shop = shop_of(path.parent, hours=hours, timezone=zone, **{source: (path.name,)})  # type: ignore[arg-type]
    found = read_sources(shop)
    told(found.receipts[0])
    return found, found.receipts[0], pd.read_csv(path, parse_dates=["ts_local"])


def same_times(table: pd.DataFrame, stamps: pd.Series) -> None:
    """Times to the second, which is all that hours need."""
    assert table["time"].tolist() == sorted(stamps.dt.floor("s"))


def test_the_bakerys_receipts() -> None:
    found, receipt, raw = imported(
        "bakery_edinburgh/receipts.csv.gz", "receipts", "Europe/London", "Mo-Su 08:00-17:00"
    )
    same_times(found.tables["receipts"], raw["ts_local"])
    assert receipt.receipts == receipt.used == 7253 and receipt.sum is None
    empty = next(told for told in found.warnings if told.key == "check.empty_days")
    assert empty.values["count"] == 3  # Christmas, Boxing Day, 2 January


def test_the_takeaways_orders_with_value() -> None:
    found, receipt, raw = imported(
        "takeaway_london/orders.csv.gz", "receipts", "Europe/London", "Mo-Su 17:00-22:30"
    )
    same_times(found.tables["receipts"], raw["ts_local"])
    assert Decimal(receipt.sum or 0) == Decimal("236001.05")
    assert "check.outside_hours" in {warning.key for warning in found.warnings}


def test_the_coffee_chains_lines_by_quantity_and_unit_price() -> None:
    found, receipt, raw = imported(
        "coffee_chain_fictional/lines.csv.gz", "receipts", "America/New_York"
    )
    assert receipt.profile == "generic_lines"
    assert receipt.receipts == raw["transaction_id"].nunique()
    money = (raw["transaction_qty"] * raw["unit_price"]).sum()
    assert Decimal(receipt.sum or 0) == Decimal(f"{money:.2f}")
    assert found.tables["receipts"]["amount"].sum() == pytest.approx(money)


def test_the_coffee_machines_sales_without_numbers_are_a_customer_each() -> None:
    found, receipt, raw = imported("coffee_vending/sales.csv", "receipts", "Europe/Kyiv")
    same_times(found.tables["receipts"], raw["ts_local"])
    assert receipt.duplicates == 0  # 22 rows are alike: two cups in the same minute
    assert receipt.sum == f"{raw['money'].sum():.2f}"


def test_the_pizza_places_orders() -> None:
    found, receipt, raw = imported("pizza_fictional/orders.csv.gz", "receipts", "America/New_York")
    same_times(found.tables["receipts"], raw["ts_local"])
    assert receipt.sum == "817860.05"


def test_the_gift_shops_cancelled_and_empty_invoices() -> None:
    found, receipt, raw = imported("online_retail_uk/invoices.csv.gz", "orders", "Europe/London")
    sold = raw[(raw["cancel"] == 0) & (raw["value_gbp"] > 0)]
    same_times(found.tables["orders"], sold["ts_local"])
    assert receipt.cancelled == raw["cancel"].sum()
    assert receipt.ignored == ((raw["cancel"] == 0) & (raw["value_gbp"] == 0)).sum()
    assert receipt.sum == f"{raw.loc[raw['cancel'] == 0, 'value_gbp'].sum():.2f}"
    assert "check.sleeping_orders" in {warning.key for warning in found.warnings}


def test_the_wolt_orders_take_the_local_clock_beside_utc() -> None:
    found, receipt, raw = imported(
        "wolt_helsinki/orders_2020_08.csv.gz", "orders", "Europe/Helsinki"
    )
    same_times(found.tables["orders"], raw["ts_local"])
    assert "import.several_times" in {note.key for note in receipt.notes}


def test_heidenheims_counters_count_those_who_come_in() -> None:
    found, _, raw = imported(
        "heidenheim_footfall/half_hourly_2022q4.csv.gz", "footfall", "Europe/Berlin"
    )
    table = found.tables["footfall"]
    assert set(table["minutes"]) == {30}
    people = table.groupby("sensor")["count"].sum()
    assert people.to_dict() == raw.groupby("sensor")["person.in"].sum().to_dict()


def test_melbournes_sensors_lose_only_the_hour_that_never_was() -> None:
    found, receipt, raw = imported(
        "melbourne_footfall/hourly_2012_2013.csv.gz", "street", "Australia/Melbourne"
    )
    assert receipt.ignored == (raw["ts_local"] == pd.Timestamp("2012-10-07 02:00")).sum() == 7
    kept = raw[raw["ts_local"] != pd.Timestamp("2012-10-07 02:00")]
    table = found.tables["street"]
    assert set(table["minutes"]) == {60}
    people = table.groupby("sensor")["count"].sum()
    assert people.to_dict() == kept.groupby("sensor")["count"].sum().to_dict()


def test_dun_laoghaires_wide_table_misses_what_it_misses() -> None:
    found, receipt, raw = imported(
        "dunlaoghaire_footfall/hourly_2025h1_wide.csv", "street", "Europe/Dublin"
    )
    table = found.tables["street"]
    sensors = [name for name in raw.columns if name != "ts_local"]
    assert table.groupby("sensor").size().to_dict() == raw[sensors].count().to_dict()
    assert table.groupby("sensor")["count"].sum().to_dict() == raw[sensors].sum().to_dict()
    assert receipt.ignored == 1


def test_the_dead_counter_of_moers_is_told() -> None:
    found, _, _ = imported("moers_footfall/hourly_2022_05_06.csv", "street", "Europe/Berlin")
    (warning,) = [told for told in found.warnings if told.key == "check.dead_counter"]
    assert [day.isoformat() for day in warning.values["days"]] == [  # type: ignore[attr-defined]
        f"2022-05-0{day}" for day in range(1, 5)
    ]


def test_daily_totals_are_refused_because_they_have_no_clock() -> None:
    path = real("rossmann_daily/daily.csv.gz")
    with pytest.raises(DataError) as caught:
        read_sources(shop_of(path.parent, receipts=(path.name,)))
    assert caught.value.key == "import.no_clock"


def test_the_bakery_in_finnish_dress_reads_the_same(tmp_path: Path) -> None:
    raw = pd.read_csv(real("bakery_edinburgh/receipts.csv.gz"), parse_dates=["ts_local"])
    stamps = raw["ts_local"].dt
    dressed = pd.DataFrame(
        {
            "Kuittinro": raw["receipt"],
            "Päivämäärä": [f"{t.day}.{t.month}.{t.year}" for t in raw["ts_local"]],
            "Kellonaika": [f"{t.hour}.{t.minute:02d}" for t in raw["ts_local"]],
            "Yhteensä": [f"{1000 + n % 7},50\u00a0€" for n in raw["receipt"]],
        }
    )
    text = "Myyntiraportti;;;\n\n" + dressed.to_csv(sep=";", index=False) + "Yhteensä;;;1,00\n"
    (tmp_path / "kuitit.txt").write_bytes(text.encode("cp1252"))
    shutil.copy(tmp_path / "kuitit.txt", tmp_path / "kopio.txt")
    found = read_sources(shop_of(tmp_path, receipts=("kuitit.txt", "kopio.txt")))
    same_times(found.tables["receipts"], stamps.floor("min"))
    assert told(found.receipts[0]) == (7253, 0, 0, 0, 1, 0)
    assert told(found.receipts[1]) == (0, 0, 0, 7254, 0, 0)
