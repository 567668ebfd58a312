"""A report: sections of words, tables and pictures, made once and set in three forms.

A cell holds a figure and its column says what the figure is, so that HTML and PDF write it in the
manner of the language while Excel gets the number itself. A sum names the rows that it adds up and
a check the cells that it compares: there Excel gets a live formula, and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hoursopt.paper.marks import Mark

Kind = Literal["text", "money", "cents", "number", "count", "share", "date"]
Cell = str | float | dt.date | None
Look = Literal["", "sum", "part", "group", "changed"]
Sheet = Literal["hours", "week", "shifts", "days", "assumptions", "worth", "checks"]

SHEETS: tuple[Sheet, ...] = ("hours", "week", "shifts", "days", "worth", "assumptions", "checks")


@dataclass(frozen=True)
class Column:
    """A column's heading and what stands below: money in whole units or `cents`, shares of 1.

    signed: differences have their sign. broad: room of the column among others on paper.
    """

    title: str
    kind: Kind = "text"
    signed: bool = False
    broad: float = 1.0


@dataclass(frozen=True)
class Row:
    """Cells in the order of the columns; `adds` numbers the rows of the table that a sum adds up.

    name: unique in the report where a check points at the row.
    """

    cells: tuple[Cell, ...]
    look: Look = ""
    adds: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Table:
    """A table with its caption and a note below; `small` for those of many narrow columns."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    small: bool = False


@dataclass(frozen=True)
class Picture:
    """A drawing in millimetres with all that it says in words, and keys to its signs."""

    title: str
    told: str
    width: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Words:
    """Paragraphs, or the points of a list."""

    lines: tuple[str, ...]
    listed: bool = False
    lead: bool = False


Block = Words | Table | Picture


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; `sheet` is where Excel has its tables."""

    title: str
    blocks: tuple[Block, ...]
    sheet: Sheet
    own_page: bool = False

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of the section."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True)
class Place:
    """A cell that a check reads: the name of its row, and the column from 0."""

    row: str
    column: int


@dataclass(frozen=True)
class Check:
    """Two sums of cells that must be equal but for rounding."""

    title: str
    left: tuple[Place, ...]
    right: tuple[Place, ...]
    tolerance: float = 0.05


@dataclass(frozen=True)
class Report:
    """A whole report in one language; `stamp` is the moment (UTC) of which it tells.

    facts: names and values on the front. aside: tables that only Excel has, by sheet.
    """

    language: str
    currency: str
    title: str
    shop: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    checks: tuple[Check, ...]
    aside: tuple[tuple[Sheet, Table], ...]
    stamp: dt.datetime

    def value(self, place: Place) -> float:
        """The figure of a cell; KeyError where there is none."""
        for table in self.tables():
            for row in table.rows:
                if row.name and row.name == place.row:
                    return float(row.cells[place.column])  # type: ignore[arg-type]
        raise KeyError(place.row)

    def holds(self, check: Check) -> bool:
        """Whether a check comes out."""
        left, right = (sum(map(self.value, side)) for side in (check.left, check.right))
        return abs(left - right) <= check.tolerance

    def tables(self) -> Iterator[Table]:
        """Every table, also those that only Excel has."""
        for section in self.sections:
            yield from section.tables
        yield from (table for _, table in self.aside)
