"""`hoursopt whatif`: many what-ifs over one shop or a chain, run by run, and nothing is lost."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from hoursopt.batch.chain import Chain, ask_for, read_chain
from hoursopt.batch.pool import run_here
from hoursopt.batch.results import Columns, Row, write_results
from hoursopt.batch.shops import find_files
from hoursopt.batch.summary import Summary, Summing
from hoursopt.batch.tasks import Finished, Memory, run
from hoursopt.batch.telling import Progress, checked_text, summary_text, time_text
from hoursopt.batch.work import Engine, carry_out, chunks, finished_runs
from hoursopt.errors import DataError
from hoursopt.i18n import Texts
from hoursopt.plan import Options
from hoursopt.store.runs import RunStore, open_runs

DONE, FAULTS, NOT_PROVEN = 0, 1, 3
FORMS = (".parquet", ".csv")
ASK_ABOVE = 100_000
"""Runs from which on nobody is believed to mean it without saying so."""


def whatif(asked: argparse.Namespace, texts: Texts) -> int:
    """Check, run what is missing, write the results and tell what came out."""
    out: Path = asked.out
    _may_write(out, replace=asked.resume or asked.overwrite or asked.dry_run)
    chain = read_chain(find_files(asked.shops), asked.sweep)
    t = Texts(chain.language)
    if chain.count > ASK_ABOVE and not asked.yes:
        raise DataError("batch.many", shops=len(chain.shops), count=chain.count)
    options = Options(
        solver=asked.solver, time_limit=asked.time_limit, seed=asked.seed, explain=False
    )
    jobs = asked.jobs or os.cpu_count() or 1
    with open_runs(out.with_name(f"{out.name}.runs")) as store:
        if asked.overwrite and not asked.dry_run:
            store.forget()
        checked = ask_for(chain, store, options)
        print(checked_text(chain, checked, t), flush=True)
        if asked.dry_run:
            print(_forecast(chain, store, jobs, options, t))
            return DONE
        _run(chain, store, _engine(asked, jobs), jobs, options, t)
        columns = Columns(
            tuple(chain.sweep.columns),
            frozenset(chain.sweep.columns) - checked.texts,
            asked.ledger,
            not asked.no_seconds,
        )
        summary = _write(out, columns, chain, store, excel=asked.excel, t=t)
    print(f"\n{summary_text(summary, t)}\n\n{t('cli.written', file=out)}")
    if summary.failed or summary.killed:
        failed = summary.failed + summary.killed
        print(t("whatif.some_failed", count=failed, file=out), file=sys.stderr)
        return FAULTS
    return NOT_PROVEN if summary.feasible else DONE


def _may_write(out: Path, *, replace: bool) -> None:
    """Refuse a form that is none of ours, a folder that is not there, a file that is."""
    if out.suffix.lower() not in FORMS:
        raise DataError("batch.form", file=str(out), known=FORMS)
    if not out.parent.is_dir():
        raise DataError("batch.no_folder", folder=str(out.parent))
    if out.exists() and not replace:
        raise DataError("batch.exists", file=str(out))


def _engine(asked: argparse.Namespace, jobs: int) -> Engine:
    if asked.cluster:
        from hoursopt.batch.cluster import run_on_cluster

        return lambda portions: run_on_cluster(portions, asked.cluster)
    return lambda portions: run_here(portions, jobs)


def _run(
    chain: Chain, store: RunStore, engine: Engine, jobs: int, options: Options, t: Texts
) -> None:
    """Do what is missing and tell how it goes on."""
    asked, missing, _ = store.count()
    if missing < asked:
        print(t("whatif.kept", count=asked - missing), flush=True)
    progress = Progress(missing, t)
    try:
        with closing(carry_out(chain, store, engine, jobs, options)) as runs:  # type: ignore[type-var]
            for finished in runs:
                progress.step(finished)
    except KeyboardInterrupt:
        progress.stop()
        _, left, _ = store.count()
        print(t("whatif.stopped", done=asked - left, count=asked), file=sys.stderr)
        raise
    except DataError as fault:
        progress.stop()
        if not fault.key.startswith("store."):
            raise
        raise DataError("batch.not_kept", causes=(fault,), file=str(store.file)) from fault


def _write(
    out: Path, columns: Columns, chain: Chain, store: RunStore, *, excel: bool, t: Texts
) -> Summary:
    """The results, and the workbook beside them where it is asked for."""
    summing = Summing()

    def rows() -> Iterator[Row]:
        for one in finished_runs(chain, store):
            yield columns.row(one.shop, one.whatif.name, one.values, one.result)

    def counted() -> Iterable[Row]:
        for one in finished_runs(chain, store):
            summing.add(one)
            yield columns.row(one.shop, one.whatif.name, one.values, one.result)

    write_results(out, columns, counted())
    summary = summing.summary()
    if excel:
        from hoursopt.batch.workbook import write_workbook

        write_workbook(out.with_suffix(".xlsx"), columns, rows(), summary, t)
    return summary


def _forecast(chain: Chain, store: RunStore, jobs: int, options: Options, t: Texts) -> str:
    """How long it takes: by the runs that are kept, else by one that is made now, and kept."""
    asked, missing, shops = store.count()
    if not missing:
        return t("whatif.nothing_missing", count=asked)
    told = [t("whatif.kept", count=asked - missing)] if missing < asked else []
    mean, fitting = store.mean_seconds(), 0.0
    if mean is None:
        began = time.monotonic()
        task = next(chunks(chain, store, jobs, options))[0]
        tried = Finished(task, run(task, Memory()))
        list(carry_out(chain, store, lambda _: iter([tried]), jobs, options))
        mean = tried.result.seconds or 0.0
        fitting = max(0.0, time.monotonic() - began - mean)
        told.append(t("whatif.tried", seconds=t.number(mean, 1), fitting=t.number(fitting, 1)))
        _, missing, shops = store.count()
    seconds = (missing * mean + shops * fitting) / jobs
    told.append(t("whatif.forecast", count=missing, jobs=jobs, time=time_text(seconds, t)))
    return "\n".join(told)
