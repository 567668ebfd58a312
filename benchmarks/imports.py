"""Seconds and memory of an import of a million receipt lines, beside a plain `pandas.read_csv`;
for Linux, whose /proc tells the memory.

Each reading runs in a process of its own, in turns, the least of several counts; what counts are
the ratios. After them: the same folder again, unchanged; an Excel workbook; and some thousand byte
strings and damaged files, each of which must end in rows or in one error of ours.

Run: python -m benchmarks imports [--lines N] [--bytes N]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from hoursopt.errors import HoursoptError
from hoursopt.importers import read_sources
from hoursopt.shop import Shop, Sources
from hoursopt.shop.file import read_shop

RUNS = 4
LONGEST = 2.0  # seconds that any bytes up to 64 kB may take
LARGEST = 65536

SHOP = """schema_version = 1
[shop]
name = "Large"
country = "FI"
timezone = "Europe/Helsinki"
currency = "EUR"
language = "en"
[grid]
slot_minutes = 30
earliest = "06:00"
latest = "24:00"
[[hours]]
hours = "Mo-Su 10:00-18:00"
[sources]
receipts = "{file}"
[economics]
margin_rate = 0.45
conversion = 0.25
basket_value = 20.0
[service]
minutes_per_customer = 4.0
[[staff]]
name = "owner"
people = 1
hourly_cost = 12.0
shift_hours = [0, 12]
"""

PEER = "import pandas as pd; pd.read_csv({path!r}, sep=';')"
OURS = """
from pathlib import Path
from hoursopt.importers import read_sources
from hoursopt.shop.file import read_shop
read_sources(read_shop(Path({folder!r})))
"""
FOLDER = """
from pathlib import Path
from hoursopt.flow import read
from hoursopt.shop.file import read_shop
read(read_shop(Path({folder!r})))
"""
# The clock runs after the imports of libraries: a shop's page has them long since.
TIMED = """
import json, re, time
from pathlib import Path
import pandas, pyarrow.csv, hoursopt.flow
began, busy = time.perf_counter(), time.process_time()
{work}
told = [time.perf_counter() - began, time.process_time() - busy]
# Not from getrusage: it begins with the memory of the process that started this one.
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps([*told, int(peak[1]) / 1024]))
"""


def measure(work: str) -> tuple[float, float, float]:
    """Seconds, seconds of all cores, and peak memory in MB of one reading."""
    done = subprocess.run(
        [sys.executable, "-c", TIMED.format(work=work)],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    seconds, busy, memory = json.loads(done.stdout)
    return seconds, busy, memory


def write_lines(path: Path, count: int, *, one_column: bool) -> None:
    """A Finnish till's export of `count` lines, three to a receipt."""
    chance = np.random.default_rng(1)
    receipt = np.cumsum(chance.random(count) < 0.35)
    moments = np.sort(chance.integers(0, 1000 * 28800, receipt[-1] + 1))
    day, second = np.divmod(moments, 28800)
    times = np.datetime64("2023-01-02T10:00:00") + day.astype("timedelta64[D]")
    index = pd.DatetimeIndex((times + second.astype("timedelta64[s]"))[receipt])
    when = {"Aika": index.strftime("%d.%m.%Y %H.%M.%S")}
    if not one_column:
        when = {"Pvm": index.strftime("%d.%m.%Y"), "Klo": index.strftime("%H.%M.%S")}
    products = np.array([f"Tuote numero {number}, iso" for number in range(500)])
    money = [f"{amount:.2f}".replace(".", ",") for amount in chance.gamma(2, 5, count)]
    frame = pd.DataFrame(
        {
            "Kuittinro": 100000 + receipt,
            **when,
            "Kassa": "Kassa 1",
            "Tuote": products[chance.integers(0, 500, count)],
            "Määrä": chance.integers(1, 4, count),
            "Yhteensä": money,
            "Maksutapa": "Kortti",
        }
    )
    frame.to_csv(path, sep=";", index=False)


def shop_folder(folder: Path, file: str) -> Path:
    """The folder with a `shop.toml` that names the file."""
    (folder / "shop.toml").write_text(SHOP.format(file=file), "utf-8")
    return folder


def speed(folder: Path, lines: int, *, one_column: bool) -> None:
    """Print how an import of so many lines stands beside pandas."""
    path = folder / "lines.csv"
    write_lines(path, lines, one_column=one_column)
    size = path.stat().st_size / 2**20
    kind = "date and clock in one column" if one_column else "date and clock in two columns"
    print(f"\n{lines} lines, {size:.0f} MB, {kind}")
    shop_folder(folder, path.name)
    work = {
        "pandas.read_csv": PEER.format(path=str(path)),
        "import": OURS.format(folder=str(folder)),
    }
    found = {name: [measure(text) for _ in range(RUNS)] for name, text in work.items()}
    found["folder, first time"] = [measure(FOLDER.format(folder=str(folder)))]
    again = [measure(FOLDER.format(folder=str(folder))) for _ in range(RUNS)]
    found["folder, unchanged"] = again
    peer = [min(column) for column in zip(*found["pandas.read_csv"], strict=True)]
    print(f"{'':20} {'s':>7} {'CPU s':>7} {'x pandas':>9} {'x CPU':>7} {'MB':>6} {'x file':>7}")
    for name, runs in found.items():
        seconds, busy, memory = (min(column) for column in zip(*runs, strict=True))
        ratios = f"{seconds / peer[0]:9.1f} {busy / peer[1]:7.1f} {memory:6.0f}"
        print(f"{name:20} {seconds:7.2f} {busy:7.2f} {ratios} {memory / size:7.1f}", flush=True)


def any_bytes(folder: Path, count: int) -> None:
    """Print the longest time that bytes of all kinds took, none of them with a foreign error."""
    chance = random.Random(1)
    goldens = Path(__file__).parents[1] / "tests/importers/golden"
    expected = json.loads((goldens / "expected.json").read_text("utf-8"))
    seeds = [
        ((goldens / f"{name}.csv").read_bytes(), expected[name]["source"]) for name in expected
    ]
    bare = read_shop(shop_folder(folder, "shop.toml"))
    longest, rows = 0.0, 0
    for number in range(count):
        good, source = chance.choice(seeds)
        if chance.random() < 0.3:
            source = chance.choice(["receipts", "footfall", "orders", "rota"])
        suffix = chance.choice([".csv", ".csv", ".csv.gz", ".xlsx", ".xls", ".txt"])
        (folder / f"any{suffix}").write_bytes(some_bytes(chance, good))
        shop = bare.replace(sources=Sources(**{source: (f"any{suffix}",)}))
        began = time.perf_counter()
        rows += counted(shop)
        longest = max(longest, time.perf_counter() - began)
        if longest > LONGEST:
            raise RuntimeError(f"byte string {number} took {longest:.1f} s")
    print(f"\n{count} byte strings: longest {longest:.2f} s, {rows} of them gave rows")


def some_bytes(chance: random.Random, good: bytes) -> bytes:
    """Noise, or a good file with noise in it, at most `LARGEST` bytes."""
    if chance.random() < 0.2:
        return chance.randbytes(chance.randrange(LARGEST))
    data = bytearray(good * chance.choice([1, 1, 5, 40]))
    for _ in range(chance.randrange(5)):
        place = chance.randrange(len(data))
        noise = chance.choice([b'"', b"\n", b"\0", b";", b",,,", b"\xff", b"9" * 40, b"\r", b"="])
        data[place : place + chance.randrange(3)] = noise
    length = len(data) if chance.random() < 0.6 else chance.randrange(len(data)) + 1
    return bytes(data[: min(LARGEST, length)])


def counted(shop: Shop) -> int:
    """1 where rows came of a shop's files, 0 where an error of ours did."""
    try:
        read_sources(shop)
    except HoursoptError:
        return 0
    return 1


def main(words: Sequence[str] = ()) -> None:
    """Print all tables."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks imports")
    asked.add_argument("--lines", type=int, default=1_000_000)
    asked.add_argument("--bytes", type=int, default=3000)
    given = asked.parse_args(list(words))
    for one_column in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            speed(Path(folder), given.lines, one_column=one_column)
    with tempfile.TemporaryDirectory() as folder:
        any_bytes(Path(folder), given.bytes)


if __name__ == "__main__":
    main(sys.argv[1:])
