"""Seconds for the plan's report in its three forms, once the plan is known: `make bench`'s report.

    python -m benchmarks report

The sample shop's plan is made once and is not measured. Aim: all three within three seconds, in a
process that has just been started for it, imports and all.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hoursopt.flow import load
from hoursopt.plan import Options
from hoursopt.report import FORMS, find_plan, keep, make_plan, plan_report, render

SAMPLE = Path(__file__).parents[1] / "data" / "old-rauma-crafts"
ROUNDS = 5
AIM = 3.0
FRESH = """
import sys, time
began = time.perf_counter()
from pathlib import Path
from hoursopt.report import FORMS, find_plan, plan_report, render
from hoursopt.flow import load
loaded = load(Path(sys.argv[1]))
kept = find_plan(loaded)
known = time.perf_counter()
report = plan_report(kept, loaded.shop)
for form in FORMS:
    render(report, form)
print(known - began, time.perf_counter() - known)
"""


def main() -> None:
    """Print the seconds of each form, warm, and of all three in a fresh process."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "shop"
        shutil.copytree(SAMPLE, folder)
        loaded = load(folder)
        kept = find_plan(loaded)
        if kept is None:
            _, kept = make_plan(loaded, Options())
            keep(kept, loaded.shop)
        print(f"{'form':8} {'seconds':>8} {'kB':>7}   (warm, best of {ROUNDS})")
        whole, _ = best(lambda: plan_report(kept, loaded.shop).sections)
        print(f"{'made':8} {whole:8.2f}")
        report = plan_report(kept, loaded.shop)
        for form in FORMS:
            seconds, size = best(lambda form=form: render(report, form))
            whole += seconds
            print(f"{form:8} {seconds:8.2f} {size / 1000:7.0f}")
        print(f"{'all':8} {whole:8.2f}")
        command = [sys.executable, "-c", FRESH, str(folder)]
        runs = [
            tuple(map(float, subprocess.check_output(command, text=True).split()))
            for _ in range(ROUNDS)
        ]
        known, forms = min(run[0] for run in runs), min(run[1] for run in runs)
        print(f"fresh process: plan known after {known:.2f} s, three forms {forms:.2f} s more")
        print(f"aim {AIM} s: {'held' if max(whole, forms) <= AIM else 'missed'}")


def best(work: object) -> tuple[float, int]:
    """Least seconds of a piece of work, and the bytes that it makes."""
    least, size = float("inf"), 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        size = len(work())  # type: ignore[operator]
        least = min(least, time.perf_counter() - began)
    return least, size


if __name__ == "__main__":
    main()
