"""Real tills from end to end: check, fit and plan through the command line.

The sets stand beside the project for development only; without them these tests skip.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from plan_contract import validate_plan

from hoursopt.cli import main

SETS = Path(__file__).parents[1] / ".." / "shared" / "data"

SHOP = """
schema_version = 1
[shop]
name = "{name}"
country = "GB"
subdivision = "{subdivision}"
timezone = "Europe/London"
currency = "GBP"
language = "en"
[grid]
slot_minutes = 60
earliest = "{earliest}"
latest = "24:00"
[[hours]]
hours = "{hours}"
[sources]
{sources}
[economics]
prices_include_vat = true
vat_rate = 0.2
margin_rate = 0.6
{economics}
open_hour_cost = 6.0
open_day_cost = 10.0
[[staff]]
name = "owner"
people = 2
hourly_cost = 10.0
shift_hours = [3, 12]
[horizon]
weeks = 26
"""


def needs(folder: str) -> Path:
    path = SETS / folder
    if not path.is_dir():
        pytest.skip(f"the real data set {folder} does not stand beside the project")
    return path


def run(folder: Path, *words: str) -> dict:
    out = folder / f"{words[0]}.json"
    status = main([words[0], str(folder / "shop.toml"), *words[1:], "--json", str(out)])
    assert status == 0
    return json.loads(out.read_text(encoding="utf-8"))


def bakery(folder: Path) -> Path:
    frame = pd.read_csv(needs("bakery_edinburgh") / "receipts.csv.gz")
    frame.to_csv(folder / "receipts.csv", index=False)
    text = SHOP.format(
        name="Bakery",
        subdivision="SCT",
        earliest="06:00",
        hours="Mo-Sa 08:00-17:00; Su 09:00-16:00",
        sources='receipts = "receipts.csv"',
        economics="basket_value = 6.5",
    )
    (folder / "shop.toml").write_text(text, encoding="utf-8")
    return folder


def takeaway(folder: Path) -> Path:
    frame = pd.read_csv(needs("takeaway_london") / "orders.csv.gz")
    frame.to_csv(folder / "orders.csv", index=False)
    text = SHOP.format(
        name="Takeaway",
        subdivision="ENG",
        earliest="10:00",
        hours="Mo-Su 17:00-23:00",
        sources='receipts = "orders.csv"',
        economics="",
    )
    (folder / "shop.toml").write_text(text, encoding="utf-8")
    return folder


def coffee(folder: Path) -> Path:
    """One shop of the chain with a street counter of ten years before, moved by whole weeks."""
    lines = pd.read_csv(needs("coffee_chain_fictional") / "lines.csv.gz")
    lines[lines["store_id"] == 8].to_csv(folder / "receipts.csv", index=False)
    street = pd.read_csv(needs("melbourne_footfall") / "hourly_2012_2013.csv.gz")
    street["ts_local"] = pd.to_datetime(street["ts_local"]) + pd.Timedelta(weeks=521)
    street = street[street["ts_local"].between("2023-01-01", "2023-06-30 23:59")]
    one = street[street["sensor_id"] == street["sensor_id"].iloc[0]]
    one.to_csv(folder / "street.csv", index=False)
    text = SHOP.format(
        name="Coffee",
        subdivision="ENG",
        earliest="06:00",
        hours="Mo-Su 06:00-21:00",
        sources='receipts = "receipts.csv"\nstreet = "street.csv"',
        economics="",
    )
    (folder / "shop.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(params=[bakery, takeaway, coffee], ids=lambda build: build.__name__)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return request.param(tmp_path)


def test_a_real_till_gives_a_plan_that_keeps_the_contract(shop: Path) -> None:
    receipt = run(shop, "check")
    for file in receipt["files"]:
        parts = ("used", "refunds", "cancelled", "duplicates", "ignored", "failed")
        assert file["rows"] == sum(file[part] for part in parts)
        assert file["used"] > 0.9 * file["rows"]
    curves = run(shop, "fit")["curves"]
    assert all(np.isfinite(cell["walk_in"]["mean"]) for cell in curves)
    plan = run(shop, "plan")
    validate_plan(plan)
    assert plan["seasons"][0]["solver"]["status"] == "optimal"


def test_night_orders_do_not_bend_the_takeaways_curve(tmp_path: Path) -> None:
    folder = takeaway(tmp_path)
    curves = run(folder, "fit")["curves"]
    morning = [c["walk_in"]["mean"] for c in curves if c["from"] in ("10:00", "11:00")]
    evening = [c["walk_in"]["mean"] for c in curves if c["from"] in ("18:00", "19:00")]
    assert max(morning) < 0.25 * float(np.mean(evening))


def test_the_receipt_at_night_is_told_and_in_no_curve(tmp_path: Path) -> None:
    folder = bakery(tmp_path)
    warned = json.dumps(run(folder, "check")["warnings"], ensure_ascii=False)
    assert "01:21" in warned or "outside" in warned.lower() or "closed" in warned.lower()
    curves = run(folder, "fit")["curves"]
    assert {c["walk_in"]["evidence"] for c in curves if c["from"] == "22:00"} == {"none"}
