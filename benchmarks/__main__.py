"""Run every benchmark in turn: `python -m benchmarks [name ...] [--options of the one named]`."""

from __future__ import annotations

import importlib
import sys
from itertools import takewhile
from pathlib import Path


def main(words: list[str]) -> None:
    """Run the benchmarks named, or all; what follows the names is for them."""
    folder = Path(__file__).parent
    known = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    names = list(takewhile(lambda word: not word.startswith("-"), words))
    options = words[len(names) :]
    for name in names or known:
        print(f"== {name}", flush=True)
        benchmark = importlib.import_module(f"benchmarks.{name}")
        benchmark.main(options) if options else benchmark.main()


if __name__ == "__main__":
    main(sys.argv[1:])
