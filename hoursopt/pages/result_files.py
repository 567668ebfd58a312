"""What-ifs that are done, as files: the rows and the workbook of `hoursopt whatif`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hoursopt.batch import Answered, Sweep
from hoursopt.batch.nouns import Drop
from hoursopt.batch.results import Columns, write_results
from hoursopt.batch.summary import Summing
from hoursopt.batch.work import ChainRun
from hoursopt.batch.workbook import write_workbook
from hoursopt.i18n import Texts
from hoursopt.pages.scenarios import Runs
from hoursopt.shop import Shop

FORMS = (".xlsx", ".csv", ".parquet")


def file_of(runs: Runs, sweep: Sweep, shop: Shop, form: str, t: Texts) -> bytes:
    """All runs that are done in one of `FORMS`, a row each, in the order of the sweep."""
    changes = sweep.columns
    # Every key that the page lets vary holds numbers; of a rule it is told whether it holds.
    numbers = frozenset(name for name, one in changes.items() if not isinstance(one, Drop))
    columns = Columns(tuple(changes), numbers)
    rows = [columns.row(shop.name, run.whatif.name, run.values, run.result) for run in runs.done]
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"whatif{form}"
        if form == ".xlsx":
            summing = Summing()
            for run in runs.done:
                summing.add(chain_run(run, shop))
            write_workbook(file, columns, rows, summing.summary(), t)
        else:
            write_results(file, columns, rows)
        return file.read_bytes()


def chain_run(run: Answered, shop: Shop) -> ChainRun:
    """The run as one of a chain of this shop alone."""
    return ChainRun(shop.name, shop.currency, run.whatif, run.values, run.result)
