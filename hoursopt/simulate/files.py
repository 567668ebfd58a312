"""A simulated shop as files: CSV as tills and counters write them, and the truth as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Row = tuple[int, np.datetime64, float]


def csv_files(tables: Mapping[str, pd.DataFrame], flavour: Mapping[str, str]) -> dict[str, str]:
    """Text of each source's file, in the flavour given for it (`fi`, `sv`, `iso`)."""
    writers: dict[str, Callable[[pd.DataFrame, str], str]] = {
        "receipts": _receipts,
        "orders": _orders,
        "street": _street,
        "rota": _rota,
    }
    return {
        f"{source}.csv": writers[source](table, flavour.get(source, "iso"))
        for source, table in tables.items()
    }


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts as UTF-8 with plain line ends, the same bytes on every system."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8"))


def truth_json(truth: Mapping[str, Any]) -> str:
    """The truth as JSON, one curve a line."""
    head = {key: value for key, value in truth.items() if key != "curves"}
    lines = ",\n".join("  " + json.dumps(curve) for curve in truth["curves"])
    body = json.dumps(head, indent=1)[:-2]
    return f'{body},\n "curves": [\n{lines}\n ]\n}}\n'


def _receipts(table: pd.DataFrame, flavour: str) -> str:
    dates, times = _split(table)
    amounts = [f"{amount:.2f}" for amount in table["amount"]]
    rows = zip(dates, times, amounts, strict=True)
    if flavour == "fi":
        lines = ["Kuittinumero;Päivämäärä;Kellonaika;Summa"]
        lines += [
            f"{number};{d[8:]}.{d[5:7]}.{d[:4]};{t[:5]};{amount.replace('.', ',')}"
            for number, (d, t, amount) in enumerate(rows, 100001)
        ]
    elif flavour == "sv":
        lines = ["Datum;Tid;Kvittonummer;Belopp"]
        lines += [
            f"{d};{t[:5]};{number};{amount.replace('.', ',')}"
            for number, (d, t, amount) in enumerate(rows, 1)
        ]
    else:
        lines = ["time,receipt,total"]
        lines += [f"{d}T{t},{number},{amount}" for number, (d, t, amount) in enumerate(rows, 1)]
    return "\n".join(lines) + "\n"


def _orders(table: pd.DataFrame, flavour: str) -> str:
    dates, times = _split(table)
    lines = ["order,created,total"]
    lines += [
        f"W{number},{date} {time},{amount:.2f}"
        for number, (date, time, amount) in enumerate(
            zip(dates, times, table["amount"], strict=True), 5001
        )
    ]
    return "\n".join(lines) + "\n"


def _street(table: pd.DataFrame, flavour: str) -> str:
    dates, times = _split(table)
    lines = ["Aika;Ohikulkijat" if flavour == "fi" else "time,count"]
    mark = ";" if flavour == "fi" else ","
    lines += [
        f"{date} {time[:5]}{mark}{count:.0f}"
        for date, time, count in zip(dates, times, table["count"], strict=True)
    ]
    return "\n".join(lines) + "\n"


def _rota(table: pd.DataFrame, flavour: str) -> str:
    starts, ends = (
        np.datetime_as_string(table[name].to_numpy().astype("datetime64[m]"), unit="m")
        for name in ("start", "end")
    )
    rows = zip(starts, ends, table["people"], strict=True)
    return "\n".join(["start,end,people", *(f"{a},{b},{people}" for a, b, people in rows)]) + "\n"


def _split(table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """ISO dates and clock times of the stamps."""
    stamps = np.datetime_as_string(table["time"].to_numpy().astype("datetime64[s]"), unit="s")
    return [stamp[:10] for stamp in stamps], [stamp[11:] for stamp in stamps]
