"""Receipts and orders: from lines or receipts of any till to one row per customer.

Decisions. A refund (type or status word, or a receipt whose sum is below zero) is no customer: it
is counted, its money is in the control sum and in no table. A receipt of 0 is no purchase (drawer
openings, stock corrections, trainings): ignored, and told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hoursopt.importers.columns import generic
from hoursopt.importers.duplicates import repeated_receipts
from hoursopt.importers.formats import Numbers, read_figures, read_times, time_role
from hoursopt.importers.moments import Moments
from hoursopt.importers.opening import open_rows
from hoursopt.importers.receipt import Reading
from hoursopt.importers.rows import Fate, Rows, close_rows, fail_mostly
from hoursopt.importers.text import TextTable
from hoursopt.shop import Shop

# Numbers that start anew every day must not join two days; lines of one receipt lie closer.
SAME_RECEIPT = np.timedelta64(6 * 3600, "s")
LINES_FROM = 0.05  # share of repeated receipt numbers from which a file holds lines of receipts
REPEATED_TOTAL = 20  # receipts of several lines needed to see that a total repeats on each line
SMALLEST = 0.005

ONE_COLUMN = ("id", "place", "amount", "product", "status", "type", "cancelled")


def read_sales(source: str, tables: Sequence[TextTable], shop: Shop) -> Reading:
    """Receipts or orders of all files of a source; DataErrors `import.*`."""
    options = shop.sources.option(source)
    files = [open_rows(table, source, options, generic("sales"), _pick) for table in tables]
    for rows in files:
        _carry_down(rows)
        _judge_words(rows)
    times = read_times(files, shop.timezone, shift_missing=True)
    amounts = _amounts(files)
    for rows in files:
        fail_mostly(rows)

    lines = _pool(files, times, amounts)
    in_lines = _in_lines(files, lines)
    lines.loc[repeated_receipts(lines, in_lines), "fate"] = Fate.DUPLICATE
    lines["receipt"] = _receipt_numbers(lines)
    if in_lines and _totals_repeat(lines):
        lines.loc[lines.duplicated("receipt") & (lines["receipt"] >= 0), "amount"] = 0.0
        for rows in files:
            rows.note("import.repeated_total", column=rows.name("amount"))
    receipts = _receipts(lines)
    _judge_receipts(lines, receipts)
    receipts = receipts[~(receipts["amount"].abs() < SMALLEST) & ~(receipts["amount"] < 0)]

    told = []
    for position, rows in enumerate(files):
        own = lines[lines["file"] == position]
        rows.fate[:] = own["fate"].to_numpy()
        _tell(rows, own)
        customers = int((receipts["file"] == position).sum())
        profile = "generic_lines" if in_lines else "generic_sales"
        told.append(
            close_rows(rows, profile, times[position], receipts=customers, total=_control_sum(own))
        )
    table = receipts[["time", "amount"]].sort_values(["time", "amount"], ignore_index=True)
    return Reading(table, tuple(told))


def _pick(found: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """The columns to read beside time: the best of each role; prices only without amounts."""
    picked = {role: found[role][0] for role in ONE_COLUMN if role in found}
    if "amount" not in picked and "unit_price" in found:
        picked |= {role: found[role][0] for role in ("unit_price", "quantity") if role in found}
    return picked


def _carry_down(rows: Rows) -> None:
    """Give lines without a time the time and status of the line above with the same number.

    Shop systems write the fields of an order on its first line only.
    """
    role = time_role(rows)
    if not rows.has("id"):
        return
    number = rows.cells["id"]
    following = (rows.cells[role] == "") & (number != "") & (number == number.shift())
    if following.any():
        for carried in {role, "clock", "status", "type", "cancelled"} & rows.columns.keys():
            cells = rows.cells[carried]
            rows.cells[carried] = cells.mask(following).ffill().fillna("")


def _judge_words(rows: Rows) -> None:
    """What status, type and cancellation cells say."""
    words = generic("sales").cells
    for role in ("cancelled", "status", "type"):
        if not rows.has(role):
            continue
        cells = rows.cells[role].str.casefold()
        if role == "cancelled":
            rows.judge((~cells.isin(words["no"] | {""})).to_numpy(), Fate.CANCELLED)
            continue
        rows.judge(cells.isin(words["cancelled"]).to_numpy(), Fate.CANCELLED)
        rows.judge(cells.isin(words["refund"] | words["refunded"]).to_numpy(), Fate.REFUND)


def _amounts(files: Sequence[Rows]) -> list[Numbers]:
    """(rows,) money of each row per file, NaN in files that carry none; unreadable rows fail."""
    by_role: dict[str, list[Rows]] = {"amount": [], "unit_price": []}
    amounts = {id(rows): np.full(len(rows.fate), np.nan) for rows in files}
    for role, having in by_role.items():
        having += [rows for rows in files if rows.has(role) and (rows.cells[role] != "").any()]
        for rows, figures in zip(having, read_figures(having, role), strict=True):
            blank = (rows.cells[role] == "").to_numpy()
            if rows.has("id") and role == "amount":
                # A line may leave the amount to another line of its receipt.
                number = rows.cells["id"]
                told = number.isin(number[~blank]).to_numpy() & (number != "").to_numpy()
                figures = np.where(blank & told, 0.0, figures)
            rows.fail(np.isnan(figures), role, "import.not_a_number")
            amounts[id(rows)] = figures
    priced = [rows for rows in by_role["unit_price"] if rows.has("quantity")]
    quantities = read_figures(priced, "quantity", beside=("unit_price",))
    for rows, figures in zip(priced, quantities, strict=True):
        rows.fail(np.isnan(figures), "quantity", "import.not_a_number")
        amounts[id(rows)] = amounts[id(rows)] * figures
    signed = [_signed(rows, amounts[id(rows)]) for rows in files]
    # Nothing but zeros in any file: the export left the money out.
    if any((money[rows.alive] != 0).any() for rows, money in zip(files, signed, strict=True)):
        return signed
    return [np.full(len(money), np.nan) for money in signed]


def _signed(rows: Rows, amounts: Numbers) -> Numbers:
    """Refunds as money given back; a sale marked as given back later comes to nothing."""
    signed = np.where(rows.fate == Fate.REFUND, -np.abs(amounts), amounts)
    for role in {"status", "type"} & rows.columns.keys():
        marked = rows.cells[role].str.casefold().isin(generic("sales").cells["refunded"])
        signed[(rows.fate == Fate.REFUND) & marked.to_numpy()] = 0.0
    return signed


def _pool(
    files: Sequence[Rows], times: Sequence[Moments], amounts: Sequence[Numbers]
) -> pd.DataFrame:
    """All rows of a source in one frame: file, time, number, place, amount, fate.

    `number` and `place` are codes, `number` -1 for rows without a receipt number.
    """
    lines = pd.DataFrame(
        {
            "file": np.repeat(np.arange(len(files)), [len(rows.fate) for rows in files]),
            "time": np.concatenate(times),
            "amount": np.concatenate(amounts),
            "fate": np.concatenate([rows.fate for rows in files]),
        }
    )
    for name, role in (("number", "id"), ("place", "place")):
        texts = [rows.cells[role] if rows.has(role) else [""] * len(rows.fate) for rows in files]
        cells = np.concatenate([np.asarray(part, dtype=object) for part in texts])
        codes, _ = pd.factorize(cells)
        lines[name] = np.where(cells == "", -1, codes)
    return lines


def _in_lines(files: Sequence[Rows], lines: pd.DataFrame) -> bool:
    """Whether rows are lines of receipts: unit prices, or numbers that repeat within a day."""
    numbered = lines[(lines["number"] >= 0) & (lines["fate"] == Fate.USED)]
    if numbered.empty:
        return False
    priced = any(rows.has("unit_price") or rows.has("product") for rows in files)
    keys = numbered[["file", "number", "place"]].assign(day=numbered["time"].dt.floor("D"))
    return priced or bool(keys.duplicated().mean() >= LINES_FROM)


def _receipt_numbers(lines: pd.DataFrame) -> NDArray[np.int64]:
    """(rows,) number of the receipt of each used row, -1 for the others.

    A receipt number joins lines of one place that follow within `SAME_RECEIPT`; a row without one
    is a receipt.
    """
    numbers = np.full(len(lines), -1)
    used = lines[lines["fate"] == Fate.USED].sort_values(["number", "place", "time"], kind="stable")
    same = (used["number"] >= 0) & (
        used[["number", "place"]] == used[["number", "place"]].shift()
    ).all(axis=1)
    same &= used["time"].diff() <= SAME_RECEIPT
    numbers[used.index] = (~same).cumsum().to_numpy() - 1
    return numbers


def _totals_repeat(lines: pd.DataFrame) -> bool:
    """Whether the amount is the receipt's total, written again on each of its lines."""
    used = lines[lines["receipt"] >= 0]
    grouped = used.groupby("receipt")["amount"].agg(["size", "min", "max"])
    several = grouped[grouped["size"] > 1]
    return bool(
        len(several) >= REPEATED_TOTAL
        and (several["min"] == several["max"]).all()
        and several["min"].nunique() >= REPEATED_TOTAL / 2
    )


def _receipts(lines: pd.DataFrame) -> pd.DataFrame:
    """One row per receipt: time and file of its first line, money of all."""
    used = lines[lines["receipt"] >= 0].sort_values(["receipt", "time"], kind="stable")
    grouped = used.groupby("receipt")
    receipts = grouped[["time", "file"]].first()
    # min_count: without amounts the sum is unknown, not zero.
    receipts["amount"] = grouped["amount"].sum(min_count=1).round(6)
    return receipts


def _judge_receipts(lines: pd.DataFrame, receipts: pd.DataFrame) -> None:
    """Receipts below zero are refunds, receipts of zero are ignored."""
    amount = lines["receipt"].map(receipts["amount"])
    used = lines["receipt"] >= 0
    lines.loc[used & (amount <= -SMALLEST), "fate"] = Fate.REFUND
    lines.loc[used & (amount.abs() < SMALLEST), "fate"] = Fate.IGNORED
    lines["zero"] = used & (amount.abs() < SMALLEST)


def _tell(rows: Rows, own: pd.DataFrame) -> None:
    """Notes on what was decided for a file."""
    if not rows.has("id"):
        rows.note("import.no_id")
    if own["amount"].isna().all():
        rows.note("import.no_amount")
    zeros = int(own["zero"].sum())
    if zeros:
        rows.note("import.zeros", count=zeros)


def _control_sum(own: pd.DataFrame) -> str | None:
    """Money of used rows less refunds, in cents; None without amounts."""
    money = own.loc[own["fate"].isin([Fate.USED, Fate.REFUND]), "amount"].dropna()
    return f"{math.fsum(money):.2f}" if len(money) else None
