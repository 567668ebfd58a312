"""What a what-if run costs: `python -m benchmarks batch [--free --binding --processes ...]`.

free, binding: runs of one shop (30-minute grid, shifts with breaks, two seasons) against building
each anew in PuLP and solving it with CBC, the fit counted on neither side; CPU seconds with those
of child processes. Once as the sample is, where no weekly cap binds, once with caps on the owner's
and on the opening hours that both bind. The sweep has 200 what-ifs; ours gets the first `RUNS` of
them, CBC, which takes long, the first `PEERS`, with 60 s for each week.
processes: two processes against one, wall seconds of the whole engine. chain: what the chain costs
beside the runs themselves, 50 shops x 20 against 1,000 x 20, with the parent's peak memory; the
runs are answered at once. cluster: two Dask workers on loopback against two processes.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from hoursopt.batch.answering import Result, answer, summed
from hoursopt.batch.applying import applied, document_of
from hoursopt.batch.chain import ask_for, read_chain
from hoursopt.batch.cluster import run_on_cluster
from hoursopt.batch.demand import Demand, data_digest, demand_of, fit_digest
from hoursopt.batch.keys import members_of
from hoursopt.batch.nouns import WhatIf
from hoursopt.batch.pool import run_here
from hoursopt.batch.reading import grid, parse_sweep
from hoursopt.batch.results import Columns, write_results
from hoursopt.batch.sweep import Sweep
from hoursopt.batch.tasks import Finished, Task
from hoursopt.batch.work import carry_out, finished_runs
from hoursopt.plan import Options
from hoursopt.planning import horizon_dates, planned_seasons, study_week
from hoursopt.program import Way
from hoursopt.scenario import season_scenario
from hoursopt.shop import Shop
from hoursopt.shop.file import read_shop
from hoursopt.simulate import simulate_command
from hoursopt.store.runs import open_runs

RUNS, PEERS = {"free": 20, "binding": 4}, {"free": 2, "binding": 1}
ENGINE_RUNS = 200
PLAIN = Options(explain=False)
SWEEP = """
[draws]
count = 200
seed = 1
economics.margin_rate = { uniform = [0.55, 0.75] }
economics.open_hour_cost = { uniform = [6.0, 12.0] }
scale."staff.*.hourly_wage" = { uniform = [0.95, 1.15] }
"""
OWNER_AS_SHE_IS, OWNER_CAPPED = "week_hours = 48", "week_hours = 20"
CAPPED = """
[limits]
min_staff = 1
max_staff = 5
min_open_hours = 3
week_open_hours = [0, 36]
"""
WITHOUT = {"limits.week_open_hours": [0, 168], "staff.owner.week_hours": 48}
"""What takes each cap away: a cap binds where the best weeks earn more without it."""


def main(words: list[str] | None = None) -> None:
    """Run the parts that are named as `--part`, or all."""
    parts: dict[str, Callable[[], None]] = {
        "free": lambda: against_scratch("free"),
        "binding": lambda: against_scratch("binding"),
        "processes": two_processes,
        "chain": long_chain,
        "cluster": dask,
    }
    named = [word.removeprefix("--") for word in words or parts]
    for name in named:
        parts[name]()


def cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def sample(folder: Path, *, capped: bool) -> tuple[Shop, Demand, str]:
    """The sample bar in a folder, its demand and the digest of its data."""
    simulate_command("night-bar", folder)
    if capped:
        file = folder / "shop.toml"
        text = file.read_text(encoding="utf-8").replace(OWNER_AS_SHE_IS, OWNER_CAPPED)
        head, _, tail = text.partition("[limits]")
        file.write_text(head + CAPPED + "\n[[season]]" + tail.partition("[[season]]")[2])
    shop = read_shop(folder)
    data = data_digest(shop)
    return shop, demand_of(shop, fit_digest(shop, data, PLAIN), PLAIN), data


def sweep_of(shop: Shop, text: str = SWEEP) -> Sweep:
    """The sweep of a text."""
    return parse_sweep(text, "sweep", members_of([document_of(shop)]))


def from_scratch(shop: Shop, demand: Demand) -> Result:
    """The same run with every week built in PuLP and solved with CBC."""
    options = dataclasses.replace(PLAIN, solver="cbc", time_limit=60.0)
    horizon = horizon_dates(shop, demand)  # type: ignore[arg-type]
    studies = []
    for season in planned_seasons(shop, horizon, options):
        planned, fresh = (
            season_scenario(shop, demand, season.name, count, seed)  # type: ignore[arg-type]
            for count, seed in ((options.draws, 0), (options.fresh, 1))
        )
        evidence = demand.seasons[season.name].evidence
        dates = tuple(date for date in horizon if season.holds(date))
        studies.append(study_week(planned, fresh, evidence, dates, options, None, Way()))
    return summed(studies)


def against_scratch(caps: str) -> None:
    """Runs a second and core against PuLP and CBC; `caps` are free or binding."""
    with tempfile.TemporaryDirectory() as scratch:
        shop, demand, _ = sample(Path(scratch) / "bar", capped=caps == "binding")
        whatifs = [sweep_of(shop).whatif(number) for number in range(RUNS[caps])]

        def measured(way: str, count: int, run: Callable[[Shop, WhatIf], Result]) -> list[Result]:
            begun = cpu()
            found = [run(applied(shop, whatif), whatif) for whatif in whatifs[:count]]
            spent = (cpu() - begun) / count
            proven = sum(one.status == "optimal" for one in found)
            print(f"{caps:8} {way:16} {spent:8.2f} CPU s a run, {proven} of {count} proven", end="")
            print(f", best profits {[one.best_profit for one in found][:2]}", flush=True)
            seconds.append(spent)
            return found

        seconds: list[float] = []
        measured("hoursopt", RUNS[caps], lambda one, whatif: answer(one, demand, whatif, PLAIN))
        measured("PuLP + CBC anew", PEERS[caps], lambda one, _: from_scratch(one, demand))
        print(f"{caps:8} ratio {seconds[1] / seconds[0]:.1f}", flush=True)
        if caps == "binding":
            they_bind(shop, demand)


def they_bind(shop: Shop, demand: Demand) -> None:
    """What a year would bring without either cap."""
    kept = answer(shop, demand, WhatIf(""), PLAIN).best_profit or 0.0
    for key, value in WITHOUT.items():
        whatif = grid({key: [value]}, members_of([document_of(shop)])).whatif(0)
        freed = answer(applied(shop, whatif), demand, whatif, PLAIN).best_profit or 0.0
        print(f"binding  without the cap {key}: {freed - kept:+.2f} a year", flush=True)


def tasks(folder: Path, count: int) -> list[list[Task]]:
    """Runs of the sample bar, whose fit is kept in its folder."""
    shop, _, data = sample(folder, capped=False)
    sweep = sweep_of(shop)
    return [
        [Task(number, str(number), shop, data, sweep.whatif(number), PLAIN)]
        for number in range(count)
    ]


def spent(runs: Iterator[Finished]) -> tuple[float, float, dict[int, Result]]:
    """Wall seconds of all runs, those from the first result on, and the results."""
    begun = time.perf_counter()
    found, first = {}, 0.0
    for one in runs:
        first = first or time.perf_counter()
        found[one.task.number] = dataclasses.replace(one.result, seconds=None)
    return time.perf_counter() - begun, time.perf_counter() - first, found


def two_processes() -> None:
    """Two processes against one: wall seconds, and CPU seconds that do not hang on neighbours."""
    with tempfile.TemporaryDirectory() as scratch:
        chunks = tasks(Path(scratch) / "bar", ENGINE_RUNS)
        begun = cpu()
        one, _, alone = spent(run_here(chunks, 1))
        between = cpu()
        two, _, both = spent(run_here(chunks, 2))
        ended = cpu()
    print(f"{ENGINE_RUNS} runs: one process {one:.1f} s, two {two:.1f} s, ratio {one / two:.2f}; ")
    print(
        f"CPU {between - begun:.1f} s and {ended - between:.1f} s, so with two free cores ", end=""
    )
    print(f"{2 * (between - begun) / (ended - between):.2f}; the same results: {alone == both}")


def dask() -> None:
    """Two Dask workers on loopback against two processes of the pool."""
    with tempfile.TemporaryDirectory() as scratch:
        chunks = tasks(Path(scratch) / "bar", ENGINE_RUNS)
        file = Path(scratch) / "scheduler.json"
        quiet = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
        run = [sys.executable, "-m"]
        words = [[*run, "distributed.cli.dask_scheduler", *quiet, "--port", "0"]]
        alone = ["--nthreads", "1", "--no-nanny"]
        words += [[*run, "distributed.cli.dask_worker", *quiet, *alone]] * 2
        running = []
        begun = cpu()
        try:
            for one in words:
                running.append(subprocess.Popen(one, cwd=os.getcwd(), stderr=subprocess.DEVNULL))
                while not file.exists():
                    time.sleep(0.1)
            time.sleep(5)  # both have joined
            address = json.loads(file.read_text())["address"]
            far, _, theirs = spent(run_on_cluster(chunks, address))
        finally:
            for process in running:
                process.kill()
                process.wait()
        between = cpu()
        near, _, ours = spent(run_here(chunks, 2))
        ended = cpu()
    print(
        f"{ENGINE_RUNS} runs: two Dask workers {far:.1f} s, the pool of two {near:.1f} s, ", end=""
    )
    print(
        f"ratio {far / near:.2f}; CPU with scheduler and start {between - begun:.1f} s and ", end=""
    )
    print(f"{ended - between:.1f} s; the same results: {ours == theirs}", flush=True)


def at_once(chunks: Iterable[list[Task]]) -> Iterator[Finished]:
    """An engine that answers without a thought: what is left is the cost of the chain."""
    money = dict.fromkeys(("today_profit", "best_profit", "gain", "gain_low", "gain_high"), 1.0)
    for chunk in chunks:
        for task in chunk:
            yield Finished(task, Result("Mo-Fr 10:00-18:00", **money, status="optimal", gap=0.0))


def long_chain() -> None:
    """What the chain itself costs a run, and the parent's memory; each size in its own process."""
    print(f"{'shops':>6} {'runs':>7} {'ms a run':>9} {'parent MB':>10}")
    for shops in (50, 1000):
        words = [sys.executable, "-m", "benchmarks.batch", str(shops)]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        print(told, end="", flush=True)


def book_keeping(shops: int) -> None:
    """Check, ask for, keep and write 20 runs of each of so many shops."""
    with tempfile.TemporaryDirectory() as scratch:
        first = Path(scratch) / "chain" / "0000"
        simulate_command("lunch-cafe", first)
        text = (first / "shop.toml").read_text(encoding="utf-8")
        for number in range(1, shops):
            folder = first.with_name(f"{number:04d}")
            folder.mkdir()
            os.link(first / "receipts.csv", folder / "receipts.csv")
            (folder / "shop.toml").write_text(text)
        sweep = Path(scratch) / "sweep.toml"
        sweep.write_text(SWEEP.replace("count = 200", "count = 20"))
        begun = time.process_time()
        files = sorted(Path(scratch, "chain").glob("*/shop.toml"))
        chain = read_chain(files, sweep)
        with open_runs(Path(scratch) / "out.csv.runs") as store:
            checked = ask_for(chain, store, PLAIN)
            for _ in carry_out(chain, store, at_once, 2, PLAIN):
                pass
            columns = Columns(
                tuple(chain.sweep.columns), frozenset(chain.sweep.columns) - checked.texts
            )
            rows = (
                columns.row(one.shop, one.whatif.name, one.values, one.result)
                for one in finished_runs(chain, store)
            )
            write_results(Path(scratch) / "out.csv", columns, rows)
        spent_ms = 1000 * (time.process_time() - begun) / chain.count
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{shops:6} {chain.count:7} {spent_ms:9.2f} {memory:10.0f}")


if __name__ == "__main__":
    book_keeping(int(sys.argv[1]))
