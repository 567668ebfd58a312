"""Basket value by the hour, on the later half of real tills: constant, raw, shrunk.

Each slot's mean sale of the first half is held against the raw one of the later half; the figure is
the relative root mean square error, each slot weighed by its later customers. `known` shrinks with
the variance of single baskets, `0.6` with a constant, `fit` as the fit does: with the variance from
sums by day and slot, and feasts cut. The sets stand beside the project, or where `HOURSOPT_DATA`
says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from hoursopt.demand.basket import basket_variation, shrunk_baskets
from hoursopt.demand.shrink import shrunk_rates

SETS = Path(os.environ.get("HOURSOPT_DATA", Path(__file__).parents[2] / "shared" / "data"))
LATER_CUSTOMERS = 50
FEW = 200


def baskets() -> Iterator[tuple[str, pd.DataFrame]]:
    """Frames of `time` and `value`, one row a receipt in the open hours, of the sets there are."""
    sources = {
        "takeaway": ("takeaway_london/orders.csv.gz", "value_gbp", range(16, 24)),
        "vending": ("coffee_vending/sales.csv", "money", range(7, 24)),
        "pizza*": ("pizza_fictional/orders.csv.gz", "value_usd", range(11, 24)),
        "supermarket*": ("supermarket_synthetic/invoices.csv", "Total", range(10, 21)),
    }
    for name, (path, value, hours) in sources.items():
        if (SETS / path).exists():
            frame = pd.read_csv(SETS / path)
            made = pd.DataFrame({"time": pd.to_datetime(frame["ts_local"]), "value": frame[value]})
            yield name, made[made["time"].dt.hour.isin(hours)]
    path = SETS / "coffee_chain_fictional/lines.csv.gz"
    if path.exists():
        lines = pd.read_csv(path)
        lines["value"] = lines["transaction_qty"] * lines["unit_price"]
        receipts = lines.groupby("transaction_id").agg(
            time=("ts_local", "first"), value=("value", "sum")
        )
        yield "coffee chain*", receipts.assign(time=pd.to_datetime(receipts["time"]))


def sums(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Counts and money by day and hour (N, 24)."""
    day = (frame["time"].dt.normalize() - frame["time"].min().normalize()).dt.days.to_numpy()
    cell = day * 24 + frame["time"].dt.hour.to_numpy()
    size = (day.max() + 1) * 24
    shape = (-1, 24)
    value = np.bincount(cell, frame["value"].to_numpy(), size).reshape(shape)
    return np.bincount(cell, minlength=size).reshape(shape).astype(float), value


def errors(first: pd.DataFrame, later: pd.DataFrame) -> dict[str, float]:
    """Relative rms error of each method on the later half; the later level is taken as known."""
    counts, money = sums(first)
    then, earned = (part.sum(axis=0) for part in sums(later))
    told = then >= LATER_CUSTOMERS
    truth = earned[told] / then[told] / (earned.sum() / then.sum())
    n, total = counts.sum(axis=0), money.sum(axis=0)
    single = float(first["value"].var() / first["value"].mean() ** 2)
    overall = total.sum() / n.sum()
    estimates = {
        "constant": np.full(24, overall),
        "raw": np.where(n > 0, total / np.maximum(n, 1), overall),
        "0.6": shrunk_rates(total, n, 0.6).rates,
        "known": shrunk_rates(total, n, single).rates,
        "fit": shrunk_baskets(counts, money),
    }
    return {
        name: float(np.sqrt(np.average((made[told] / overall - truth) ** 2, weights=then[told])))
        for name, made in estimates.items()
    }


def main() -> None:
    """Print the table: all receipts of the first half, then only `FEW` of them."""
    names = ("constant", "raw", "0.6", "known", "fit")
    heads = " ".join(f"{name:>8}" for name in names)
    print(f"{'set':14} {'receipts':>8} {'cv2':>5} {'by sums':>7} {heads}")
    for name, frame in baskets():
        frame = frame.sort_values("time")
        half = len(frame) // 2
        first, later = frame.iloc[:half], frame.iloc[half:]
        rng = np.random.default_rng(0)
        few = [
            first.iloc[np.sort(rng.choice(half, min(FEW, half), replace=False))] for _ in range(20)
        ]
        for size, parts in ((half, [first]), (FEW, few)):
            found = [errors(part, later) for part in parts]
            single = float(first["value"].var() / first["value"].mean() ** 2)
            by_sums = float(np.mean([basket_variation(*sums(part)) for part in parts]))
            figures = " ".join(f"{np.mean([one[key] for one in found]):8.3f}" for key in names)
            print(f"{name:14} {size:8d} {single:5.2f} {by_sums:7.2f} {figures}", flush=True)


if __name__ == "__main__":
    main()
