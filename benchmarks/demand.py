"""The demand curves against their targets: `python -m benchmarks demand [--quick] [--only PART]`.

Everything is measured anew in this one run: nothing is kept from an earlier one. `--quick` leaves
out the peers other than LightGBM. Real sets stand beside the project (`HOURSOPT_DATA`).
"""

from __future__ import annotations

import argparse
import importlib
import sys
import textwrap
from collections.abc import Sequence

from benchmarks.curves.rows import Row

PARTS = ("forecast", "closed", "tills", "simulated", "speed")
QUICK = ("mean", "lightgbm")
WIDTHS = (54, 18, 20, 60)


def rows_of(part: str, quick: bool) -> list[Row]:
    """The rows of a part, which is imported here: one part does not need another's peers."""
    if part != "forecast":
        rows: list[Row] = importlib.import_module(f"benchmarks.curves.{part}").main_rows()
        return rows
    from benchmarks.curves import forecasts, peers

    ways = {
        "mean": peers.mean_of_weeks,
        "lightgbm": peers.gradient_boosting,
        "glm": peers.poisson_regression,
        "mstl": peers.decomposition,
        "prophet": peers.prophet,
    }
    if quick:
        print(f"not run: {', '.join(name for name in ways if name not in QUICK)}")
        ways = {name: ways[name] for name in QUICK}
    results = forecasts.compare(ways, ())
    return forecasts.main_rows(results) if results else []


def print_table(rows: Sequence[Row]) -> None:
    """Rows side by side, long cells on several lines."""
    for row in (Row("what", "floor", "aim", "measured"), *rows):
        cells = [
            textwrap.wrap(text, width) or [""]
            for text, width in zip(
                (row.what, row.floor, row.aim, row.measured), WIDTHS, strict=True
            )
        ]
        for line in range(max(map(len, cells))):
            parts = [cell[line] if line < len(cell) else "" for cell in cells]
            padded = [f"{part:{width}}" for part, width in zip(parts, WIDTHS, strict=True)]
            print(" | ".join(padded).rstrip())
        print("-+-".join("-" * width for width in WIDTHS), flush=True)


def main(words: Sequence[str] = ()) -> None:
    """Run the parts and print the table of targets."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks demand")
    parser.add_argument("--quick", action="store_true", help="of the peers only LightGBM")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    given = parser.parse_args(words)
    rows: list[Row] = []
    for name in given.only:
        print(f"-- {name}", flush=True)
        rows += rows_of(name, given.quick)
    print_table(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
