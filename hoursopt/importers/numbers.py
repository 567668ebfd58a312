"""Numbers as tills write them: one decimal sign per column, decided from all its values.

`1 234,50` with any space, `1'234.50`, `€ 12.00`, `12,- kr`, `(5,00)`, `5,00-` and U+2212 are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hoursopt.importers.coded import Coded
from hoursopt.importers.columns import currencies

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]+")
_BARE = re.compile(r"[+-]?(?:[0-9][0-9.,]*|[.,][0-9]+)")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\ufe63": "-", "\uff0d": "-"})
_DASHED_CENTS = re.compile(r"[,.:]-$")
LARGEST = 1e12
_PLAIN = {sign: re.compile(rf"-?[0-9]{{1,9}}(?:[{sign}][0-9]{{1,2}})?") for sign in ",."}


@dataclass(frozen=True)
class DecimalEvidence:
    """What a column's values say of its decimal sign; each a cell that proves or leaves it open."""

    comma: str | None = None
    point: str | None = None
    open: str | None = None

    @property
    def mixed(self) -> bool:
        """Whether values prove both signs."""
        return self.comma is not None and self.point is not None

    @property
    def sign(self) -> str | None:
        """The sign proved, None where nothing proves one."""
        if self.mixed:
            return None
        return "," if self.comma is not None else "." if self.point is not None else None


@cache
def _money_marks() -> re.Pattern[str]:
    marks = "|".join(re.escape(mark) for mark in sorted(currencies(), key=len, reverse=True))
    return re.compile(rf"^(?P<sign>[+-]?)\s*(?:{marks})\s*|\s*(?:{marks})\.?$", re.IGNORECASE)


def bare(cell: str) -> str | None:
    """The sign, digits, points and commas of a number; None for what is no number."""
    text = cell.strip().translate(_MINUS)
    negative = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if negative else text
    if not _BARE.fullmatch(text):
        text = _money_marks().sub(lambda found: found["sign"] or "", text)
        text = _SPACES.sub("", _DASHED_CENTS.sub("", text))
        text = f"-{text[:-1]}" if text.endswith("-") else text
        if not _BARE.fullmatch(text):
            return None
    return f"-{text.lstrip('+-')}" if negative else text


def decimal_evidence(cells: Iterable[str]) -> DecimalEvidence:
    """What the distinct values of a column say of its decimal sign.

    A value that is a number under one sign only proves it (`10,50`; `1.234.567` proves the comma);
    one that is two numbers leaves it open (`1.234`).
    """
    comma = point = undecided = None
    for cell in cells:
        if "," not in cell and "." not in cell:
            continue
        if (comma and _PLAIN[","].fullmatch(cell)) or (point and _PLAIN["."].fullmatch(cell)):
            continue
        with_comma, with_point = read_number(cell, ","), read_number(cell, ".")
        if np.isnan(with_point) and not np.isnan(with_comma):
            comma = comma or cell
        elif np.isnan(with_comma) and not np.isnan(with_point):
            point = point or cell
        elif with_comma != with_point and not np.isnan(with_comma):
            undecided = undecided or cell
    return DecimalEvidence(comma, point, undecided)


def read_number(cell: str, decimal: str) -> float:
    """A number, NaN for what is none; the other sign may only group thousands."""
    if _PLAIN[decimal].fullmatch(cell):
        return float(cell.replace(",", "."))
    text = bare(cell)
    if text is None:
        return np.nan
    whole, _, cents = text.partition(decimal)
    head, *groups = re.split("[.,]", whole.lstrip("+-"))
    grouped = all(len(group) == 3 for group in groups) and 1 <= len(head) <= 3 and head.strip("0")
    if (groups and not grouped) or (cents and not cents.isdecimal()):
        return np.nan
    value = float(f"{head or 0}{''.join(groups)}.{cents or 0}")
    if value > LARGEST:
        return np.nan
    return -value if text.startswith("-") else value


def read_numbers(cells: Coded, decimal: str) -> NDArray[np.float64]:
    """(rows,) numbers of a column, NaN for cells that are none."""
    return cells.each(lambda cell: read_number(cell, decimal), float)
