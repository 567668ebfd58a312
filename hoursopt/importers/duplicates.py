"""Rows that several files hold: overlapping exports count once, two tills count both."""

from __future__ import annotations

import pandas as pd

from hoursopt.importers.rows import Fate

AGREEING = 0.5  # share of the rows in the shared time that must agree


def repeated_receipts(lines: pd.DataFrame, in_lines: bool) -> pd.Series:
    """(rows,) rows that are in an earlier file too, or twice in a file of receipts.

    `lines` has file, number (-1: none), place, time, amount, fate. With a number its receipt and
    time tell; of a receipt in lines all lines of the later file must be in the earlier one.
    """
    judged = lines["fate"].isin([Fate.USED, Fate.REFUND, Fate.CANCELLED]) & lines["time"].notna()
    found = pd.Series(False, index=lines.index)
    if in_lines and lines["file"].iloc[-1] == 0:
        return found
    receipt = ["number", "place", "time"]
    row = [*receipt, "amount"]
    numbered = lines[judged & (lines["number"] >= 0)]
    if in_lines:
        came = again(numbered, row)
        day = numbered["time"].dt.floor("D").rename("day")
        whole = came.groupby([numbered["file"], numbered["number"], numbered["place"], day])
        found[numbered.index] = whole.transform("all")
    else:
        earlier = numbered["file"] > numbered.groupby(receipt)["file"].transform("min")
        found[numbered.index] = earlier | numbered.duplicated(["file", *row])
    bare = lines[judged & (lines["number"] < 0)]
    found[bare.index] = repeated_rows(bare, row)
    return found


def repeated_rows(lines: pd.DataFrame, key: list[str]) -> pd.Series:
    """(rows,) rows without a number that an earlier file has, in the time that both cover.

    Only where most rows of that time agree: two tills may sell the same in the same minute.
    """
    found = pd.Series(False, index=lines.index)
    came, shared = again(lines, key), shared_time(lines)
    for _, own in lines.groupby("file"):
        inside = shared[own.index]
        if inside.any() and came[own.index][inside].mean() >= AGREEING:
            found[own.index] = came[own.index] & inside
    return found


def again(lines: pd.DataFrame, key: list[str]) -> pd.Series:
    """Rows that an earlier file has as well; a row that stands twice there may come twice here."""
    counted = lines.assign(turn=lines.groupby(["file", *key], dropna=False).cumcount())
    return counted.duplicated([*key, "turn"])


def shared_time(lines: pd.DataFrame) -> pd.Series:
    """Rows within the time that an earlier file covers; a single moment in common is no overlap."""
    spans = lines.groupby("file")["time"].agg(["min", "max"])
    shared = pd.Series(False, index=lines.index)
    for file, own in lines.groupby("file"):
        for earlier in spans.index[spans.index < file]:
            start, end = spans.loc[earlier]
            if max(start, own["time"].min()) < min(end, own["time"].max()):
                shared[own.index] |= own["time"].between(start, end)
    return shared
