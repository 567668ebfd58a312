"""Who was on duty: from, to, people; a row without a number of people is one person's shift."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from hoursopt.errors import DataError
from hoursopt.importers.duplicates import repeated_rows
from hoursopt.importers.formats import read_figures, read_times
from hoursopt.importers.opening import holds, open_all
from hoursopt.importers.receipt import Reading
from hoursopt.importers.rows import Fate, Rows, close_rows, fail_mostly
from hoursopt.importers.text import TextTable
from hoursopt.shop import Shop

LONGEST_SHIFT = np.timedelta64(24 * 3600, "s")
MOST_PEOPLE = 1000


def read_rota(source: str, tables: Sequence[TextTable], shop: Shop) -> Reading:
    """Shifts of all files, `start`, `end`, `people`; DataErrors `import.*`."""
    options = shop.sources.option(source)
    files = open_all(tables, source, options, "rota", _pick)
    views = [_end(rows, role) for role in ("from", "to") for rows in files]
    moments = read_times(views, shop.timezone, shift_missing=True)
    parts = []
    for position, rows in enumerate(files):
        start, end = moments[position], moments[len(files) + position]
        if not views[len(files) + position].has("time"):
            end = np.where(end <= start, end + np.timedelta64(86400, "s"), end)
        rows.fail(~(end > start) | (end - start > LONGEST_SHIFT), "to", "import.not_a_shift")
        parts.append(pd.DataFrame({"file": position, "time": start, "end": end}))
    for part, people, rows in zip(parts, _people(files), files, strict=True):
        part["people"] = people
        part["fate"] = rows.fate
        fail_mostly(rows)
    shifts = pd.concat(parts, ignore_index=True)
    used = shifts[shifts["fate"] == Fate.USED]
    again = repeated_rows(used, ["time", "end", "people"])
    shifts.loc[again.index[again], "fate"] = Fate.DUPLICATE
    told = []
    for position, rows in enumerate(files):
        own = shifts[shifts["file"] == position]
        rows.fate[:] = own["fate"].to_numpy()
        told.append(close_rows(rows, "rota", own["time"].to_numpy()))
    table = shifts.loc[shifts["fate"] == Fate.USED, ["time", "end", "people"]]
    table = table.rename(columns={"time": "start"}).astype({"people": "int64"})
    return Reading(table.sort_values(["start", "end", "people"], ignore_index=True), tuple(told))


def _pick(table: TextTable, found: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    missing = [role for role in ("from", "to") if role not in found]
    if missing:
        raise DataError("import.no_shift", file=table.named, known=", ".join(table.header))
    return {role: found[role][0] for role in ("from", "to", "people", "date") if role in found}


def _end(rows: Rows, role: str) -> Rows:
    """The same rows as seen by the reader of times: the moment of one end of the shift.

    Fates and problems are shared, so what one end fails is failed.
    """
    has_date, _ = holds(rows.cells[role])
    if has_date:
        columns = {"time": rows.columns[role]}
        cells = {"time": rows.cells[role]}
    elif rows.has("date"):
        columns = {"date": rows.columns["date"], "clock": rows.columns[role]}
        cells = {"date": rows.cells["date"], "clock": rows.cells[role]}
    else:
        raise rows.error("import.no_date", 0, role)
    return dataclasses.replace(rows, columns=columns, cells=cells)


def _people(files: Sequence[Rows]) -> list[np.ndarray]:
    """(rows,) people of each shift per file; rows without a whole number of them fail."""
    told = [rows for rows in files if rows.has("people")]
    figures = dict(zip(map(id, told), read_figures(told, "people", whole=True), strict=True))
    read = []
    for rows in files:
        people = figures.get(id(rows), np.ones(len(rows.fate)))
        if rows.has("people"):
            nonsense = ~((people >= 0) & (people <= MOST_PEOPLE) & (people % 1 == 0))
            rows.fail(nonsense, "people", "import.not_people")
        read.append(people)
    return read
