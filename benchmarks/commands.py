"""Seconds and peak memory of check, fit and plan on each sample shop, each in its own process.

The time of an empty command (`hoursopt --help`) stands beside them: machines differ, ratios less.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[1]
RUNS = 3


def measure(*words: str) -> tuple[float, float]:
    """Seconds (least of `RUNS`) and peak memory in MB of one command."""
    seconds, memory = [], 0.0
    for _ in range(RUNS):
        begun = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-m", "hoursopt", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds.append(time.perf_counter() - begun)
        memory = max(memory, usage.ru_maxrss / 1024)
        if child.returncode not in (0, 3):
            raise RuntimeError(f"hoursopt {' '.join(words)} ended with {child.returncode}")
    return min(seconds), memory


def main() -> None:
    """Print the table."""
    idle, _ = measure("--help")
    print(f"{'shop':18} {'command':8} {'seconds':>8} {'x empty':>8} {'MB':>6}")
    print(f"{'-':18} {'--help':8} {idle:8.2f} {1.0:8.1f}")
    with tempfile.TemporaryDirectory() as scratch:
        for sample in sorted((PROJECT / "data").glob("*/shop.toml")):
            for command in ("check", "fit", "plan"):
                out = str(Path(scratch) / "out.json")
                seconds, memory = measure(command, str(sample), "--json", out)
                row = f"{sample.parent.name:18} {command:8} {seconds:8.2f}"
                print(f"{row} {seconds / idle:8.1f} {memory:6.0f}", flush=True)


if __name__ == "__main__":
    main()
