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

from hoursopt.importers.coded import Coded, Flags, joined
from hoursopt.importers.duplicates import repeated_receipts
from hoursopt.importers.formats import Numbers, read_figures, read_times, time_role
from hoursopt.importers.moments import Moments
from hoursopt.importers.opening import open_all
from hoursopt.importers.receipt import Reading
from hoursopt.importers.rows import Fate, Rows, close_rows, fail_mostly
from hoursopt.importers.text import TextTable
from hoursopt.shop import Shop

# Numbers that start anew every day must not join two days; lines of one receipt lie closer.
SAME_RECEIPT = np.timedelta64(6 * 3600, "s")
LINES_FROM = 0.05  # share of repeated receipt numbers from which a file holds lines of receipts
REPEATED_TOTAL = 20  # receipts of several lines needed to see that a total repeats on each line
SMALLEST = 0.005
CENT_NOISE = 1e-3  # cents by which a float of whole cents may miss them

ONE_COLUMN = ("id", "place", "amount", "product", "status", "type", "cancelled", "channel")
JUDGED = ("status", "type", "cancelled")


def read_sales(source: str, tables: Sequence[TextTable], shop: Shop) -> Reading:
    """Receipts or orders of all files of a source; DataErrors `import.*`."""
    options = shop.sources.option(source)
    files = open_all(tables, source, options, "sales", _pick)
    for rows in files:
        _carry_down(rows)
        _judge_channel(rows)
        _judge_words(rows)
    times = read_times(files, shop.timezone, shift_missing=True)
    amounts = _amounts(files)
    for rows in files:
        fail_mostly(rows)

    lines = _pool(files, times, amounts)
    in_lines = _in_lines(files, lines)
    again = repeated_receipts(lines, in_lines)
    if again.any():
        lines.loc[again, "fate"] = Fate.DUPLICATE
    number = _receipt_numbers(lines)
    if in_lines and _totals_repeat(lines, number):
        _, firsts = np.unique(number, return_index=True)
        later = np.ones(len(number), dtype=bool)
        later[firsts] = False
        lines.loc[later & (number >= 0), "amount"] = 0.0
        for rows in files:
            rows.note("import.repeated_total", column=rows.name("amount"))
    receipts = _receipts(lines, number)
    zero = _judge_receipts(lines, receipts, number)
    receipts = receipts[~(receipts["amount"].abs() < SMALLEST) & ~(receipts["amount"] < 0)]

    told = []
    ends = np.cumsum([0, *(len(rows.fate) for rows in files)])
    for position, rows in enumerate(files):
        own = slice(ends[position], ends[position + 1])
        rows.fate[:] = lines["fate"].to_numpy()[own]
        money = lines["amount"].to_numpy()[own]
        _tell(rows, money, int(zero[own].sum()))
        customers = int((receipts["file"] == position).sum())
        total = _control_sum(rows, money)
        kind = "generic_lines" if in_lines else "generic_sales"
        profile = rows.profile.name if rows.profile.title else kind
        told.append(close_rows(rows, profile, times[position], receipts=customers, total=total))
    order = np.lexsort((receipts["amount"], receipts["time"]))
    table = receipts[["time", "amount"]].take(order).reset_index(drop=True)
    return Reading(table, tuple(told))


def _pick(table: TextTable, found: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """The columns to read beside time: the best of each role; prices only without amounts."""
    picked = {role: found[role][0] for role in ONE_COLUMN if role in found}
    if "amount" not in picked and "unit_price" in found:
        picked |= {role: found[role][0] for role in ("unit_price", "quantity") if role in found}
    for role in ("added", "less"):
        picked |= {f"{role}:{turn}": column for turn, column in enumerate(found.get(role, ()))}
    return picked


def _carry_down(rows: Rows) -> None:
    """Give lines what the line above with the same number says of their order.

    Shop systems write the fields of an order on its first line only: its time, and its status.
    """
    if not rows.has("id"):
        return
    role = time_role(rows)
    number = rows.cells["id"]
    same = np.zeros(len(number), dtype=bool)
    same[1:] = number.codes[1:] == number.codes[:-1]
    same &= ~number.blank
    judged = [name for name in JUDGED if rows.has(name)]
    untold = np.logical_and.reduce([same, *(rows.cells[name].blank for name in judged)])
    timeless = same & rows.cells[role].blank
    for where, names in (
        (timeless, [role, "clock"]),
        (untold, judged),
        (same & rows.cells["channel"].blank if rows.has("channel") else None, ["channel"]),
    ):
        if where is not None and where.any():
            above = np.maximum.accumulate(np.where(where, 0, np.arange(len(where))))
            for name in filter(rows.has, names):
                cells = rows.cells[name]
                rows.cells[name] = Coded(cells.codes[above], cells.values)


def _judge_channel(rows: Rows) -> None:
    """Keep the orders of the web shop and the sales of its till apart where a file holds both."""
    if not rows.has("channel"):
        return
    words = rows.profile.cells["in_shop"]
    in_shop = rows.cells["channel"].where(lambda text: text.casefold() in words)
    if rows.source == "orders":
        count = int(rows.judge(in_shop, Fate.IGNORED).sum())
        if count:
            rows.note("import.till_orders", count=count)
    elif in_shop.any():
        count = int(rows.judge(~in_shop, Fate.IGNORED).sum())
        if count:
            rows.note("import.web_orders", count=count)
    else:
        rows.note("import.only_web_orders")


def _judge_words(rows: Rows) -> None:
    """What status, type and cancellation cells say."""
    words = rows.profile.cells
    for role in ("cancelled", "status", "type"):
        if rows.has(role) and role == "cancelled":
            no = words["no"] | {""}
            rows.judge(_worded(rows, role, no, yes=False), Fate.CANCELLED)
        elif rows.has(role):
            rows.judge(_worded(rows, role, words["cancelled"]), Fate.CANCELLED)
            refund = words["refund"] | words["refunded"]
            rows.judge(_worded(rows, role, refund), Fate.REFUND)


def _worded(rows: Rows, role: str, words: frozenset[str], *, yes: bool = True) -> Flags:
    """(rows,) whether a role's cell is one of some words, or none of them."""
    return rows.cells[role].where(lambda text: (text.casefold() in words) is yes)


def _amounts(files: Sequence[Rows]) -> list[Numbers]:
    """(rows,) money of each row per file, NaN in files that carry none; unreadable rows fail."""
    by_role: dict[str, list[Rows]] = {"amount": [], "unit_price": []}
    amounts = {id(rows): np.full(len(rows.fate), np.nan) for rows in files}
    for role, having in by_role.items():
        having += [rows for rows in files if rows.has(role) and not rows.cells[role].blank.all()]
        for rows, figures in zip(having, read_figures(having, role), strict=True):
            if rows.has("id") and role == "amount":
                figures = np.where(_told_elsewhere(rows), 0.0, figures)
            rows.fail(np.isnan(figures), role, "import.not_a_number")
            amounts[id(rows)] = figures
    priced = [rows for rows in by_role["unit_price"] if rows.has("quantity")]
    quantities = read_figures(priced, "quantity", beside=("unit_price",))
    for rows, figures in zip(priced, quantities, strict=True):
        rows.fail(np.isnan(figures), "quantity", "import.not_a_number")
        amounts[id(rows)] = amounts[id(rows)] * figures
    for rows in files:
        amounts[id(rows)] = amounts[id(rows)] + _beside(rows)
    signed = [_signed(rows, amounts[id(rows)]) for rows in files]
    # Nothing but zeros in any file: the export left the money out.
    if any((money[rows.alive] != 0).any() for rows, money in zip(files, signed, strict=True)):
        return signed
    return [np.full(len(money), np.nan) for money in signed]


def _told_elsewhere(rows: Rows) -> Flags:
    """(rows,) lines that leave the amount to another line of their receipt."""
    number, blank = rows.cells["id"], rows.cells["amount"].blank
    told = np.zeros(len(number.values), dtype=bool)
    told[number.codes[~blank]] = True
    return blank & told[number.codes] & ~number.blank


def _beside(rows: Rows) -> Numbers:
    """(rows,) money of other columns: what is added to the amount, less what is taken off."""
    money = np.zeros(len(rows.fate))
    for role in rows.columns:
        kind, _, turn = role.partition(":")
        if turn:
            (figures,) = read_figures([rows], role, beside=("amount",))
            figures = np.where(rows.cells[role].blank, 0.0, figures)
            rows.fail(np.isnan(figures), role, "import.not_a_number")
            money += figures if kind == "added" else -np.abs(figures)
    return money


def _signed(rows: Rows, amounts: Numbers) -> Numbers:
    """Refunds as money given back; a sale marked as given back later comes to nothing."""
    signed = np.where(rows.fate == Fate.REFUND, -np.abs(amounts), amounts)
    for role in {"status", "type"} & rows.columns.keys():
        marked = _worded(rows, role, rows.profile.cells["refunded"])
        signed[(rows.fate == Fate.REFUND) & marked] = 0.0
    return signed


def _pool(
    files: Sequence[Rows], times: Sequence[Moments], amounts: Sequence[Numbers]
) -> pd.DataFrame:
    """All rows of a source in one frame: file, time, number, place, amount, fate.

    `number` and `place` are codes, `number` -1 for rows without a receipt number.
    """
    lines = {
        "file": np.repeat(np.arange(len(files), dtype=np.int32), [len(r.fate) for r in files]),
        "time": np.concatenate(times),
        "amount": np.concatenate(amounts),
        "fate": np.concatenate([rows.fate for rows in files]),
    }
    for name, role in (("number", "id"), ("place", "place")):
        cells = joined([rows.cells[role] if rows.has(role) else _blanks(rows) for rows in files])
        lines[name] = np.where(cells.blank, np.int32(-1), cells.codes)
    return pd.DataFrame(lines, copy=False)


def _blanks(rows: Rows) -> Coded:
    return Coded(np.zeros(len(rows.fate), dtype=np.int32), [""])


def _in_lines(files: Sequence[Rows], lines: pd.DataFrame) -> bool:
    """Whether rows are lines of receipts: unit prices, or numbers that repeat within a day."""
    numbered = (lines["number"] >= 0) & (lines["fate"] == Fate.USED)
    if not numbered.any():
        return False
    if any(rows.has("unit_price") or rows.has("product") for rows in files):
        return True
    keys = lines.loc[numbered, ["file", "number", "place"]]
    keys["day"] = lines["time"].to_numpy()[numbered].astype("datetime64[D]").astype(np.int64)
    return bool(keys.duplicated().mean() >= LINES_FROM)


def _receipt_numbers(lines: pd.DataFrame) -> NDArray[np.int64]:
    """(rows,) number of the receipt of each used row, -1 for the others.

    A receipt number joins lines of one place that follow within `SAME_RECEIPT`; a row without one
    is a receipt.
    """
    numbers = np.full(len(lines), -1)
    used = np.flatnonzero(lines["fate"].to_numpy() == Fate.USED)
    number, place = (lines[name].to_numpy()[used] for name in ("number", "place"))
    time = lines["time"].to_numpy()[used]
    order = np.lexsort((time, place, number))
    number, place, time = number[order], place[order], time[order]
    new = np.ones(len(used), dtype=bool)
    new[1:] = (
        (number[1:] < 0)
        | (number[1:] != number[:-1])
        | (place[1:] != place[:-1])
        | (np.diff(time) > SAME_RECEIPT)
    )
    numbers[used[order]] = np.cumsum(new) - 1
    return numbers


def _totals_repeat(lines: pd.DataFrame, number: NDArray[np.int64]) -> bool:
    """Whether the amount is the receipt's total, written again on each of its lines."""
    amount = lines["amount"].to_numpy()[number >= 0]
    number = number[number >= 0]
    if ((number[1:] == number[:-1]) & (np.abs(np.diff(amount)) > 0)).any():
        return False  # two lines of one receipt that differ; most files end here
    order = np.argsort(number, kind="stable")
    amount = amount[order]
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    if not len(starts):
        return False
    several = np.diff(starts, append=len(amount)) > 1
    low = np.fmin.reduceat(amount, starts)[several]
    high = np.fmax.reduceat(amount, starts)[several]
    return bool(
        several.sum() >= REPEATED_TOTAL
        and (low == high).all()
        and len(np.unique(low)) >= REPEATED_TOTAL / 2
    )


def _receipts(lines: pd.DataFrame, number: NDArray[np.int64]) -> pd.DataFrame:
    """One row per receipt: time and file of its first line, money of all."""
    used = np.flatnonzero(number >= 0)
    time = lines["time"].to_numpy()[used]
    order = used[np.lexsort((time, number[used]))]
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    first = order[starts]
    money = lines["amount"].to_numpy()[order]
    known = ~np.isnan(money)
    if len(starts):
        sums = np.add.reduceat(np.where(known, money, 0.0), starts).round(6)
        # Without amounts the sum is unknown, not zero.
        sums[~np.logical_or.reduceat(known, starts)] = np.nan
    else:
        sums = np.empty(0)
    return pd.DataFrame(
        {
            "time": lines["time"].to_numpy()[first],
            "file": lines["file"].to_numpy()[first],
            "amount": sums,
        }
    )


def _judge_receipts(
    lines: pd.DataFrame, receipts: pd.DataFrame, number: NDArray[np.int64]
) -> Flags:
    """Receipts below zero are refunds, receipts of zero are ignored; (rows,) those of zero."""
    sums = np.append(receipts["amount"].to_numpy(), np.nan)[number]
    zero = np.abs(sums) < SMALLEST
    fate = lines["fate"].to_numpy().copy()
    fate[sums <= -SMALLEST] = Fate.REFUND
    fate[zero] = Fate.IGNORED
    lines["fate"] = fate
    return zero


def _tell(rows: Rows, money: Numbers, zeros: int) -> None:
    """Notes on what was decided for a file."""
    if not rows.has("id"):
        rows.note("import.no_id")
    if np.isnan(money).all():
        rows.note("import.no_amount")
    if zeros:
        rows.note("import.zeros", count=zeros)


def _control_sum(rows: Rows, money: Numbers) -> str | None:
    """Money of used rows less refunds, in cents; None without amounts."""
    counted = money[(rows.fate == Fate.USED) | (rows.fate == Fate.REFUND)]
    counted = counted[~np.isnan(counted)]
    if not len(counted):
        return None
    cents = np.rint(counted * 100)
    if np.abs(counted * 100 - cents).max() < CENT_NOISE:
        return f"{int(cents.astype(np.int64).sum()) / 100:.2f}"
    return f"{math.fsum(counted.tolist()):.2f}"
