"""Text and tables measured for paper: lines that fit, columns as wide as what stands in them."""

from __future__ import annotations

from dataclasses import dataclass

from hoursopt.fonts import SANS, SANS_BOLD
from hoursopt.i18n import Texts
from hoursopt.paper.letters import MM_OF_POINT, drawable, width
from hoursopt.report.nouns import Row, Table
from hoursopt.report.shown import is_figure, shown

LEADING = 1.4
BETWEEN = 3.4
"""Millimetres between two columns."""
ABOVE, BELOW = 0.95, 1.05
SMALLEST = 5.5
STEP = 0.3
BOLD_LOOKS = ("sum", "changed", "group")
INDENT = 4.0
HAIR = 1e-6
"""Millimetres that sums of widths may be off: a word must fit the column that it has made."""


@dataclass(frozen=True)
class SetCell:
    """The lines of a cell, and the face they are set in."""

    lines: tuple[str, ...]
    face: str


@dataclass(frozen=True)
class SetRow:
    """A row measured: its cells and how high it stands."""

    row: Row
    cells: tuple[SetCell, ...]
    height: float


@dataclass(frozen=True)
class SetTable:
    """A table measured: the widths of its columns, its head, its rows, the size of its letters."""

    table: Table
    widths: tuple[float, ...]
    head: SetRow | None
    rows: tuple[SetRow, ...]
    size: float

    @property
    def height(self) -> float:
        """Head and rows."""
        return (self.head.height if self.head else 0.0) + sum(row.height for row in self.rows)


def line_height(size: float) -> float:
    """Millimetres from line to line."""
    return size * MM_OF_POINT * LEADING


def wrapped(text: str, face: str, size: float, room: float) -> tuple[str, ...]:
    """Lines no wider than the room; a word that is wider is cut."""
    room += HAIR
    lines: list[str] = []
    line = ""
    for word in drawable(text, face).split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, face, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        while width(word, face, size) > room and len(word) > 1:
            cut = len(word) - 1
            while cut > 1 and width(word[:cut], face, size) > room:
                cut -= 1
            lines.append(word[:cut])
            word = word[cut:]
        line = word
    return (*lines, line)


def set_table(table: Table, room: float, size: float, currency: str, t: Texts) -> SetTable:
    """Measure a table for a room, in smaller letters where its figures would not fit."""
    told = [
        [
            "" if cell is None or cell == "" else shown(cell, column, currency, t)
            for cell, column in zip(row.cells, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    while True:
        widths = _widths(table, told, room, size)
        if widths or size - STEP < SMALLEST:
            break
        size -= STEP
    widths = widths or [room / len(table.columns)] * len(table.columns)
    titles = [column.title for column in table.columns]
    head = None
    if any(titles):
        cells = tuple(
            SetCell(wrapped(title, SANS, size * 0.93, wide - BETWEEN), SANS)
            for title, wide in zip(titles, widths, strict=True)
        )
        head = SetRow(Row(()), cells, _height(cells, size * 0.93))
    rows = tuple(
        _set_row(row, texts, table, widths, size)
        for row, texts in zip(table.rows, told, strict=True)
    )
    return SetTable(table, tuple(widths), head, rows, size)


def _set_row(row: Row, texts: list[str], table: Table, widths: list[float], size: float) -> SetRow:
    face = SANS_BOLD if row.look in BOLD_LOOKS else SANS
    cells = []
    for number, (text, wide) in enumerate(zip(texts, widths, strict=True)):
        indent = INDENT if row.look == "part" and number == 0 else 0.0
        if stands_right(table, number):
            cells.append(SetCell((drawable(text, face),), face))
        else:
            cells.append(SetCell(wrapped(text, face, size, wide - BETWEEN - indent), face))
    return SetRow(row, tuple(cells), _height(tuple(cells), size))


def stands_right(table: Table, number: int) -> bool:
    """Whether a column stands flush right: figures, and all but the first of a small table."""
    return is_figure(table.columns[number]) or (table.small and number > 0)


def _height(cells: tuple[SetCell, ...], size: float) -> float:
    lines = max(len(cell.lines) for cell in cells)
    return lines * line_height(size) + ABOVE + BELOW


def _widths(table: Table, told: list[list[str]], room: float, size: float) -> list[float]:
    """Widths that add up to the room; nothing where the figures alone want more."""
    least, natural = [], []
    for number, column in enumerate(table.columns):
        texts = [row[number] for row in told]
        faces = [SANS_BOLD if row.look in BOLD_LOOKS else SANS for row in table.rows]
        whole = max(map(_measured, texts, faces, [size] * len(texts)), default=0.0)
        heads = (_measured(word, SANS, size * 0.93) for word in column.title.split(" "))
        title = max(heads, default=0.0)
        if stands_right(table, number):
            least.append(max(whole, title) + BETWEEN)
            natural.append(least[-1])
            continue
        words = max(
            (
                _measured(word, face, size)
                for text, face in zip(texts, faces, strict=True)
                for word in text.split(" ")
            ),
            default=0.0,
        )
        indent = INDENT if number == 0 and any(row.look == "part" for row in table.rows) else 0.0
        least.append(max(min(words, room / 3), title) + BETWEEN + indent)
        natural.append(max(whole + indent, title) + BETWEEN)
    if sum(least) > room:
        return []
    return _shared(least, natural, [column.broad for column in table.columns], room)


def _shared(
    least: list[float], natural: list[float], broad: list[float], room: float
) -> list[float]:
    """What is left over goes first to who would else break his lines, then to all."""
    free = room - sum(least)
    wants = [whole - few for whole, few in zip(natural, least, strict=True)]
    share = min(free / sum(wants), 1.0) if sum(wants) > 0 else 0.0
    widths = [few + want * share for few, want in zip(least, wants, strict=True)]
    rest = room - sum(widths)
    return [wide + rest * part / sum(broad) for wide, part in zip(widths, broad, strict=True)]


def _measured(text: str, face: str, size: float) -> float:
    return width(drawable(text, face), face, size)
