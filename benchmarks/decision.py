"""What advice is worth: plans of simulated shops under their truth, beside rules of thumb.

`python -m benchmarks decision [--shops 0-40] [--seed 5001] [--rows FILE] [--only-table]`. Rows are
appended to FILE as they are made, and shops that stand there are not done again, so a run may stop
and go on. Share: (true profit of the plan's hours - today's) / (the best hours' - today's), all
three with the best staff under the truth; of shops whose achievable gain is at least 1 % of
today's profit, for the share of next to nothing is noise: the others are told apart.
A plan or an oracle whose gap was not closed in its time says something of the machine: the rows
`plan, proven` and `proof` hold these apart.
Calibration: the gain with hours and shifts as planned, as the plan speaks of it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.decisions.followed import followed
from benchmarks.decisions.judge import THUMBS, judged
from benchmarks.decisions.shops import DecisionShop, decision_shops

SHOPS = 40
FIRST_SEED = 5001
LEAST = 0.01
"""Achievable gain, as a share of today's profit, below which a share of it says nothing."""

PROVEN = 1e-4
"""Gap up to which a week counts as proven best, as the plan says it."""

Ask = Callable[[DecisionShop], Iterator[dict[str, Any]]]

CHANCES = (0.0, 0.5, 0.8, 0.95, 1.0001)


def main(words: Sequence[str] = ()) -> None:
    """Do what is not yet done and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks decision")
    parser.add_argument("--shops", default=f"0-{SHOPS}")
    parser.add_argument("--seed", type=int, default=FIRST_SEED)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--only-table", action="store_true")
    parser.add_argument("--follow", action="store_true", help="the advice followed for a year")
    given = parser.parse_args(list(words))
    first, last = map(int, given.shops.split("-"))
    ask, show = (followed, followed_table) if given.follow else (judged, tables)
    with tempfile.TemporaryDirectory() as scratch:
        path = given.rows or Path(scratch) / "rows.jsonl"
        if not given.only_table:
            fill(path, first, last, given.seed, ask)
        show(pd.DataFrame(rows_of(path)))


def fill(path: Path, first: int, last: int, seed: int, ask: Ask) -> None:
    """Append the rows of the shops that are not yet there."""
    done = {row["seed"] for row in rows_of(path)}
    for number in range(first, last):
        if seed + number in done:
            continue
        (one,) = decision_shops(number, number + 1, seed)
        lines = [json.dumps(row) for row in ask(one)]
        with path.open("a", encoding="utf-8") as out:
            out.write("".join(f"{line}\n" for line in lines))
        print(f"shop {number} ({one.kind}): {len(lines)} seasons", file=sys.stderr, flush=True)


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file; none where there is no file yet."""
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def tables(rows: pd.DataFrame) -> None:
    """Print what the plan and the rules of thumb win, and whether what the plan says holds."""
    shares = year_shares(rows)
    told = shares[shares["achievable"] >= LEAST * shares["profit"].abs()]
    print(
        f"{rows['shop'].nunique()} shops, {len(rows)} seasons;"
        f" {len(told)} shops can gain {LEAST:.0%} or more (median {_achievable(told):.1%})"
    )
    print("\nshare of the achievable gain of a year, under the truth")
    print(
        f"{'hours by':26}{'median':>8}{'worst 10th':>12}{'mean':>8}{'all, pooled':>13}{'loses':>7}"
    )
    for name in ("plan", "advice", *THUMBS, "today"):
        share_line(name, shares, told, name)
    proven = shares["proof"] == "proven"
    share_line("plan, proven", shares[proven], told[proven[told.index]], "plan")
    calibration(rows)
    for by in ("kind", "witnesses", "change", "proof"):
        print()
        for name, part in shares.groupby(by):
            good = part[part["achievable"] >= LEAST * part["profit"].abs()]
            share = good["plan"] / good["achievable"]
            print(
                f"  {by}: {name:22} shops {len(good):3}  median share {share.median():5.2f}"
                f"  worst {share.min():6.2f}"
            )
    print(
        f"\nCPU seconds a shop: fit {rows.groupby('shop')['fit_seconds'].first().mean():.1f},"
        f" plan {rows.groupby('shop')['plan_seconds'].first().mean():.1f};"
        f" largest gap {rows['plan_gap'].max():.2%}, of the oracle {rows['oracle_gap'].max():.2%}"
    )


def followed_table(rows: pd.DataFrame) -> None:
    """Print what the first plan wins, and the second one after a year with and without trials."""
    shares = pd.DataFrame(
        year_gains(part) | {"trials": part["trials"].sum()} for _, part in rows.groupby("shop")
    )
    told = shares[shares["achievable"] >= LEAST * shares["profit"].abs()]
    print(f"{len(shares)} shops with {shares['trials'].mean():.1f} trials each on average")
    groups = [("all", told), *told.groupby("witnesses")]
    for name, part in groups:
        print(f"\nwitnesses: {name} ({len(part)} shops)")
        print(f"{'hours by':26}{'median':>8}{'worst 10th':>12}{'mean':>8}{'all, pooled':>13}")
        for way in ("plan", "plan kept a year", "plan and its trials"):
            share_line(way, part, part, way)


def share_line(name: str, shares: pd.DataFrame, told: pd.DataFrame, way: str) -> None:
    """A row of the table of shares: of all shops (pooled, loses), and of those worth a share."""
    share = told[way] / told["achievable"]
    pooled = shares[way].sum() / shares["achievable"].sum()
    print(
        f"{name:26}{share.median():8.2f}{share.quantile(0.1):12.2f}{share.mean():8.2f}"
        f"{pooled:13.2f}{(shares[way] < -0.5).mean():7.0%}"
    )


def year_gains(part: pd.DataFrame) -> dict[str, Any]:
    """Money of a shop's year: each way's gain over today's, today's profit, what is achievable."""
    weeks = part["weeks"].to_numpy()
    of = pd.DataFrame(list(part["profit"]), dtype=float)
    today = of["today"].to_numpy()
    gains = {str(name): weeks @ (of[name].to_numpy() - today) for name in of.columns}
    achievable = weeks @ (part["oracle"].to_numpy() - today)
    told = {name: part[name].iloc[0] for name in ("shop", "kind", "witnesses")}
    return gains | told | {"profit": weeks @ today, "achievable": achievable}


def year_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """The money of each shop's year, that of following the advice to change or not with it."""
    found = []
    for _, part in rows.groupby("shop"):
        changes = part[part["advice"] == "change"]
        advised = year_gains(changes)["plan"] if len(changes) else 0.0
        told = {"change": part["change"].iloc[0], "proof": proof(part), "advice": advised}
        found.append(year_gains(part) | told)
    return pd.DataFrame(found)


def proof(part: pd.DataFrame) -> str:
    """Whether the plans and the best weeks of a shop's seasons are proven."""
    if (part["plan_gap"] > PROVEN).any():
        return "plan not proven"
    return "oracle not proven" if (part["oracle_gap"] > PROVEN).any() else "proven"


def calibration(rows: pd.DataFrame) -> None:
    """Whether ranges and chances hold, and how much advice is bad."""
    changed = rows[rows["mean"] != 0]
    inside = (changed["low"] <= changed["true_gain"]) & (changed["true_gain"] <= changed["high"])
    above = (changed["true_gain"] > changed["high"]).mean()
    print(
        f"\n80 % range of the gain holds the true gain in {inside.mean():.0%} of {len(changed)}"
        f" seasons (above it {above:.0%}, below it {1 - inside.mean() - above:.0%});"
        f" told {changed['mean'].mean():.0f} a week on average, true"
        f" {changed['true_gain'].mean():.0f}"
    )
    print("probability_better: seasons, mean told, share truly better")
    for low, high in pairwise(CHANCES):
        part = changed[(changed["probability"] >= low) & (changed["probability"] < high)]
        if len(part):
            better = (part["true_gain"] > 0).mean()
            print(
                f"  {low:.2f} to {min(high, 1):.2f}  {len(part):4}"
                f"  {part['probability'].mean():.2f}  {better:.2f}"
            )
    advised = rows[rows["advice"] == "change"]
    loses = advised["true_gain"] < 0
    print(f"advice `change` in {len(advised)} seasons; truly loses in {loses.mean():.1%}")


def _achievable(told: pd.DataFrame) -> float:
    return float((told["achievable"] / told["profit"].abs()).median())


if __name__ == "__main__":
    main(sys.argv[1:])
