"""Columns to moments and figures; formats are decided per file, from all its values.

A file that leaves its date order or decimal sign open takes the one of the source's other files,
else the owner is asked, with the cell read both ways.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hoursopt.errors import HoursoptError, raise_all
from hoursopt.importers.coded import Coded
from hoursopt.importers.moments import (
    Moments,
    cut,
    cut_all,
    date_order,
    date_parts,
    missing_hour,
    read_clocks,
    read_dates,
    to_local,
)
from hoursopt.importers.numbers import decimal_evidence, read_number, read_numbers
from hoursopt.importers.rows import SHOWN_CELL, Fate, Rows
from hoursopt.importers.zones import known_zone

Numbers = NDArray[np.float64]


def read_times(files: Sequence[Rows], shop_zone: str, *, shift_missing: bool) -> list[Moments]:
    """(rows,) local moments of the shop per file; rows without one are failed.

    A naive time of an hour that the clock change left out is an hour later if `shift_missing`
    (a till whose clock was not yet set).
    """
    texts = [_date_and_clock(rows) for rows in files]
    orders = settle_dates(files, [date for date, _ in texts])
    return [
        _moments(rows, date, time, order, shop_zone, shift_missing)
        for rows, (date, time), order in zip(files, texts, orders, strict=True)
    ]


def time_role(rows: Rows) -> str:
    """The role of the column in which the date stands."""
    return next(role for role in ("time", "utc", "date") if rows.has(role))


def _date_and_clock(rows: Rows) -> tuple[Coded, Coded]:
    """Date texts and clock texts of the rows that are data, "" for the others."""
    gone = (rows.fate == Fate.IGNORED) | (rows.fate == Fate.FAILED)
    cells = rows.cells[time_role(rows)].without(gone)
    dates, clocks = cut_all(cells)
    return dates, rows.cells["clock"] if rows.has("clock") else clocks


def _moments(
    rows: Rows, dates: Coded, clocks: Coded, order: str, shop_zone: str, shift: bool
) -> Moments:
    days = read_dates(dates, order)
    seconds, offsets = read_clocks(clocks, alone=rows.has("clock"))
    role = time_role(rows)
    rows.fail(np.isnat(days), role, "import.not_a_date")
    rows.fail(np.isnan(seconds), "clock" if rows.has("clock") else role, "import.not_a_time")
    bad = np.isnat(days) | np.isnan(seconds)
    steps = np.where(bad, 0, seconds).astype("int64").astype("timedelta64[s]")
    times = days + steps
    times[bad] = np.datetime64("NaT")
    naive = times.copy()
    told = ~np.isnan(offsets)
    for zone, own in stated_zones(rows, shop_zone):
        if zone != shop_zone:
            times[own & ~told] = to_local(naive[own & ~told], zone, shop_zone)
        elif shift:
            late = missing_hour(naive, shop_zone) & own & ~told
            times[late] += np.timedelta64(3600, "s")
    if told.any():
        ahead = np.where(told, offsets, 0).astype("int64").astype("timedelta64[s]")
        times[told] = to_local((naive - ahead)[told], "UTC", shop_zone)
    return times


def stated_zones(rows: Rows, shop_zone: str) -> list[tuple[str, NDArray[np.bool_]]]:
    """The zones in which a file's naive times are, and the rows of each.

    The owner's word goes before a column that names zones, that before the shop's own zone.
    """
    every = np.ones(len(rows.fate), dtype=bool)
    if time_role(rows) == "utc":
        return [("UTC", every)]
    if rows.options.timezone or not rows.has("zone"):
        return [(rows.options.timezone or shop_zone, every)]
    cells = rows.cells["zone"]
    found: dict[str, list[str]] = {}
    for text in cells.seen():
        zone = known_zone(text)
        if zone is None and text:
            rows.note("import.unknown_zone", cell=text[:SHOWN_CELL], column=rows.name("zone"))
        found.setdefault(zone or shop_zone, []).append(text)
    return [(zone, cells.among(set(texts))) for zone, texts in found.items()]


def settle_dates(files: Sequence[Rows], dates: Sequence[Coded]) -> list[str]:
    """The date order of each file; DataErrors `import.mixed_dates`, `import.date_order`."""
    found: list[str | None] = []
    faults: list[HoursoptError] = []
    for rows, texts in zip(files, dates, strict=True):
        evidence = date_order(texts.values)
        role = time_role(rows)
        if rows.options.date_order:
            found.append(rows.options.date_order)
        elif len(evidence.proofs) > 1:
            (_, first), (_, second) = evidence.proofs[:2]
            at, other = sorted(_first_row(rows, text) for text in (first, second))
            later = rows.problem(other, role, "")
            # A spreadsheet turns the dates that it can read its own way, and leaves the others.
            book = rows.table.workbook
            key = "import.mixed_dates_workbook" if book else "import.mixed_dates"
            where = {"other_row": later.row, "other_cell": later.cell}
            faults.append(rows.error(key, at, role, **where))
            found.append("dmy")
        else:
            found.append(evidence.order or (None if evidence.open else "dmy"))
    proved = {order for order in found if order in ("dmy", "mdy")}
    for position, order in enumerate(found):
        if order is None and len(proved) == 1:
            found[position] = next(iter(proved))
        elif order is None:
            rows, role = files[position], time_role(files[position])
            text = date_order(dates[position].values).open or ""
            parts = date_parts(text)
            both = {"first": parts and parts.read("dmy"), "second": parts and parts.read("mdy")}
            at = _first_row(rows, text)
            faults.append(rows.error("import.date_order", at, role, **both))
    raise_all(faults, "import.several")
    return [order or "dmy" for order in found]


def _first_row(rows: Rows, date: str) -> int:
    """Position of the first row with a date text."""
    cells = rows.cells[time_role(rows)].where(lambda cell: cut(cell)[0] == date)
    return int((cells & rows.alive).argmax())


def read_figures(
    files: Sequence[Rows], role: str, *, beside: Sequence[str] = (), whole: bool = False
) -> list[Numbers]:
    """(rows,) numbers of a role per file, NaN where a cell is none or blank; nothing is failed.

    A sign left open is the one of the roles `beside` in the same file, or that of another file.
    `whole` for counts: three digits after a single sign are thousands. DataErrors
    `import.mixed_decimals`, `import.decimal`.
    """
    evidence = [decimal_evidence(rows.cells[role].at(rows.alive).seen()) for rows in files]
    proved = {found.sign for found in evidence} - {None}
    read = []
    for rows, found in zip(files, evidence, strict=True):
        sign = rows.options.decimal or found.sign
        if sign is None and found.comma is not None and found.point is not None:
            at, other = sorted(rows.position(role, cell) for cell in (found.comma, found.point))
            later = rows.problem(other, role, "")
            raise rows.error(
                "import.mixed_decimals", at, role, other_row=later.row, other_cell=later.cell
            )
        if sign is None and found.open is not None:
            nearby = {decimal_evidence(rows.cells[other].values).sign for other in beside} - {None}
            if whole:
                sign = "." if "," in found.open else ","
            elif len(nearby) == 1:
                sign = nearby.pop()
            elif len(proved) == 1:
                sign = next(iter(proved))
            else:
                raise rows.error(
                    "import.decimal",
                    rows.position(role, found.open),
                    role,
                    first=f"{read_number(found.open, ','):.12g}",
                    second=f"{read_number(found.open, '.'):.12g}",
                )
        read.append(read_numbers(rows.cells[role], sign or "."))
    return read
