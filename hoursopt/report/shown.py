"""Cells as they are read: figures in the manner of the language."""

from __future__ import annotations

import datetime as dt

from hoursopt.i18n import Texts
from hoursopt.report.nouns import Cell, Column

NOTHING = "–"
DIGITS = {"money": 0, "cents": 2, "number": 1, "count": 0, "share": 0}


def shown(cell: Cell, column: Column, currency: str, t: Texts) -> str:
    """A cell in words; a dash where there is nothing."""
    if cell is None or cell == "":
        return NOTHING
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.date):
        return t.date(cell)
    digits = DIGITS[column.kind]
    value = rounded(cell, column)
    if column.kind in ("money", "cents"):
        told = t.money(value, currency, digits)
    elif column.kind == "share":
        told = t.percent(value)
    else:
        told = t.number(value, digits, fixed=True)
    told = told.replace("-", "−")
    return f"+{told}" if column.signed and value > 0 else told


def rounded(cell: float, column: Column) -> float:
    """A figure as it is shown; no zero has a sign."""
    digits = DIGITS[column.kind] + 2 * (column.kind == "share")
    return round(float(cell), digits) + 0.0


def is_figure(column: Column) -> bool:
    """Whether a column stands flush right."""
    return column.kind in DIGITS
