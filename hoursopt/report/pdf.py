"""A report as PDF: A4, our own letters, headings and table heads that repeat, nothing cut in two.

A table that fits on a page stands whole on one; a longer one is cut between rows, and its caption
and its head stand on every page. Paragraphs, headings, tables and pictures are tagged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hoursopt.fonts import SANS, SANS_BOLD, SERIF
from hoursopt.i18n import Texts
from hoursopt.paper.document import Paper
from hoursopt.paper.letters import MM_OF_POINT, drawable
from hoursopt.paper.marks import Box, Frame, Mark, Text
from hoursopt.report.colours import ACCENT, INK, LINE, QUIET
from hoursopt.report.nouns import Block, Picture, Report, Section, Table, Words
from hoursopt.report.setting import (
    ABOVE,
    BETWEEN,
    INDENT,
    SetCell,
    SetRow,
    SetTable,
    line_height,
    set_table,
    stands_right,
    wrapped,
)

LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 26.0, 278.0
ROOM = RIGHT - LEFT
READABLE = 148.0
BODY, LEAD, NOTE, FIGURES, DENSE, CAPTION, HEADING = 10.0, 13.0, 8.2, 8.8, 7.6, 9.6, 16.5
AFTER_WORDS, AFTER_BLOCK, AFTER_CAPTION, BEFORE_SECTION = 2.0, 5.5, 1.2, 9.0
BULLET = 4.5
TINT = "#f1f4f6"
Prepared = Words | SetTable | Picture


@dataclass
class Sheet:
    """The paper, how far down it is written, and where its sections begin."""

    paper: Paper
    report: Report
    t: Texts
    y: float = TOP
    begun: list[tuple[str, int]] = field(default_factory=list)

    def turn(self) -> None:
        """Begin a new page."""
        self.paper.add_page()
        self.y = TOP

    def need(self, height: float) -> None:
        """Turn the page where there is no room for so much."""
        if self.y > TOP and self.y + height > BOTTOM:
            self.turn()


def pdf_bytes(report: Report) -> bytes:
    """The whole document."""
    title = f"{report.shop}: {report.title}"
    sheet = Sheet(Paper(title, report.language, report.stamp), report, Texts(report.language))
    sheet.paper.add_page()
    entries = _front(sheet)
    for number, section in enumerate(report.sections, 1):
        _section(sheet, section, number, entries[number - 1][1])
    _finish(sheet, [y for y, _ in entries])
    return bytes(sheet.paper.output())


def _front(sheet: Sheet) -> list[tuple[float, int]]:
    """Shop, title, facts and contents; for each section its line there and the link from it."""
    report, paper = sheet.report, sheet.paper
    sheet.y = 44.0
    _lines(sheet, report.shop, SERIF, 15.0, ACCENT, "P", ROOM)
    sheet.y += 2.0
    paper.start_section(report.title)
    _lines(sheet, report.title, SERIF, 30.0, INK, "H1", ROOM)
    sheet.y += 6.0
    _rule(sheet, LINE, 0.3)
    top = sheet.y + 4.5
    share = ROOM / len(report.facts)
    for number, (name, value) in enumerate(report.facts):
        sheet.y = top
        left = LEFT + number * share
        _lines(sheet, name, SANS, NOTE, QUIET, "P", share - 4, left)
        _lines(sheet, value, SANS_BOLD, BODY + 0.5, INK, "P", share - 4, left)
    sheet.y += 4.5
    _rule(sheet, LINE, 0.3)
    sheet.y += 14.0
    _lines(sheet, sheet.t("report.contents"), SERIF, 14.0, INK, "H2", ROOM)
    sheet.y += 2.0
    entries = []
    for number, section in enumerate(report.sections, 1):
        top, link = sheet.y, paper.add_link()
        _lines(sheet, f"{number}", SANS, BODY + 0.5, ACCENT, "P", 8.0)
        sheet.y = top
        _lines(sheet, section.title, SANS, BODY + 0.5, INK, "P", ROOM - 24, LEFT + 9)
        paper.link(LEFT, top, ROOM, sheet.y - top, link)
        entries.append((top, link))
        sheet.y += 1.4
    return entries


def _section(sheet: Sheet, section: Section, number: int, link: int) -> None:
    """A section; its heading stands with its words and its first table or picture."""
    blocks = [_prepared(sheet, block) for block in section.blocks]
    head = wrapped(f"{number}   {section.title}", SERIF, HEADING, ROOM)
    first = next((at for at, one in enumerate(blocks) if not isinstance(one, Words)), len(blocks))
    together = sum(_height(one) for one in blocks[: first + 1]) + 8 * len(head) + 6
    if section.own_page or number == 1:
        sheet.turn()
    else:
        if sheet.y > TOP:
            sheet.y += BEFORE_SECTION
        sheet.need(min(together, BOTTOM - TOP))
    paper = sheet.paper
    _rule(sheet, INK, 0.5)
    sheet.y += 2.4
    paper.start_section(section.title, level=1)
    paper.set_link(link, y=sheet.y - 4, page=paper.page)
    sheet.begun.append((section.title, paper.page))
    top = sheet.y
    _lines(sheet, f"{number}", SERIF, HEADING, ACCENT, "P", 12.0)
    sheet.y = top
    _lines(sheet, section.title, SERIF, HEADING, INK, "H2", ROOM - 12, LEFT + 9.5)
    sheet.y += 2.6
    for at, block in enumerate(blocks):
        if isinstance(block, Words) and at + 1 < len(blocks):
            _words(sheet, block, _height(blocks[at + 1]))
        elif isinstance(block, Words):
            _words(sheet, block)
        elif isinstance(block, SetTable):
            _table(sheet, block)
        else:
            _picture(sheet, block)


def _prepared(sheet: Sheet, block: Block) -> Prepared:
    if not isinstance(block, Table):
        return block
    size = DENSE if block.small else FIGURES
    return set_table(block, ROOM, size, sheet.report.currency, sheet.t)


def _height(block: Prepared) -> float:
    """What a block takes with the space below it."""
    match block:
        case Words():
            size = LEAD if block.lead else BODY
            face = SERIF if block.lead else SANS
            room = READABLE - BULLET * block.listed
            lines = [wrapped(line, face, size, room) for line in block.lines]
            return sum(len(one) * line_height(size) + AFTER_WORDS for one in lines)
        case SetTable():
            note = len(_note(block)) * line_height(NOTE) + 1.5 if block.table.note else 0.0
            return _caption_height(block.table.title) + block.height + note + AFTER_BLOCK
    return _caption_height(block.title) + block.height + AFTER_BLOCK


def _caption_height(title: str) -> float:
    lines = wrapped(title, SANS_BOLD, CAPTION, ROOM) if title else ()
    return len(lines) * line_height(CAPTION) + (AFTER_CAPTION if title else 0.0)


def _words(sheet: Sheet, words: Words, following: float = 0.0) -> None:
    """Paragraphs; the last of them stands with what follows."""
    size, face = (LEAD, SERIF) if words.lead else (BODY, SANS)
    left = LEFT + BULLET * words.listed
    room = READABLE - BULLET * words.listed
    for line in words.lines:
        height = len(wrapped(line, face, size, room)) * line_height(size) + AFTER_WORDS
        last = line is words.lines[-1]
        sheet.need(min(height + following * last, BOTTOM - TOP))
        if words.listed:
            with sheet.paper.decoration():
                sheet.paper.draw(Text(LEFT, sheet.y + _baseline(size), "•", face, size, ACCENT))
        _lines(sheet, line, face, size, INK, "LI" if words.listed else "P", room, left)
        sheet.y += AFTER_WORDS
    sheet.y += 1.0


def _table(sheet: Sheet, table: SetTable) -> None:
    """A table with its caption; its head again on each page."""
    sheet.need(min(_height(table) - AFTER_BLOCK, BOTTOM - TOP))
    paper = sheet.paper
    rows = list(table.rows)
    note = _note(table)
    note_height = len(note) * line_height(NOTE) + 1.5 if note else 0.0
    while rows:
        _caption(sheet, table.table.title)
        with paper.group("Table"):
            if table.head:
                _head(sheet, table, table.head)
            fitting = _fitting(rows, BOTTOM - sheet.y, note_height)
            for number, row in enumerate(rows[:fitting]):
                _row(sheet, table, row, first=number == 0)
        rows = rows[fitting:]
        if rows:
            sheet.turn()
    if note:
        sheet.y += 1.5
        _lines(sheet, table.table.note, SANS, NOTE, QUIET, "P", READABLE)
    sheet.y += AFTER_BLOCK


def _fitting(rows: Sequence[SetRow], room: float, note: float) -> int:
    """Rows for this page, one at least; the last rows of a table do not stand alone."""
    height, fitting = 0.0, 0
    for row in rows:
        height += row.height
        if height > room:
            break
        fitting += 1
    if fitting == len(rows) and height + note > room:
        fitting -= 1
    if len(rows) - fitting == 1 and fitting > 2:
        fitting -= 1
    return max(fitting, 1)


def _note(table: SetTable) -> tuple[str, ...]:
    note = table.table.note
    return wrapped(note, SANS, NOTE, READABLE) if note else ()


def _caption(sheet: Sheet, title: str) -> None:
    if title:
        _lines(sheet, title, SANS_BOLD, CAPTION, INK, "P", ROOM)
        sheet.y += AFTER_CAPTION


def _head(sheet: Sheet, table: SetTable, head: SetRow) -> None:
    size = table.size * 0.93
    with sheet.paper.group("TR"):
        tall = max(len(cell.lines) for cell in head.cells)
        x = LEFT
        for number, (cell, wide) in enumerate(zip(head.cells, table.widths, strict=True)):
            # The words of a head stand on its line, the shorter ones too.
            down = (tall - len(cell.lines)) * line_height(size)
            _cell(sheet, table, number, cell, (x, wide), size, QUIET, "TH", down)
            x += wide
    sheet.y += head.height
    _rule(sheet, INK, 0.3)


def _row(sheet: Sheet, table: SetTable, row: SetRow, *, first: bool) -> None:
    look = row.row.look
    with sheet.paper.decoration():
        if look == "sum":
            sheet.paper.draw(Box(LEFT - 1.5, sheet.y, ROOM + 3.0, row.height, TINT))
        if not first:
            line = (INK, 0.3) if look == "sum" else (LINE, 0.2)
            sheet.paper.draw(Box(LEFT, sheet.y - line[1] / 2, ROOM, line[1], line[0]))
    with sheet.paper.group("TR"):
        x = LEFT
        for number, (cell, wide) in enumerate(zip(row.cells, table.widths, strict=True)):
            indent = INDENT if look == "part" and number == 0 else 0.0
            colour = QUIET if look == "part" else INK
            place = (x + indent, wide - indent)
            kind = "TD" if number else "TH"
            _cell(sheet, table, number, cell, place, table.size, colour, kind)
            x += wide
    sheet.y += row.height


def _cell(
    sheet: Sheet,
    table: SetTable,
    number: int,
    cell: SetCell,
    place: tuple[float, float],
    size: float,
    colour: str,
    kind: str,
    down: float = 0.0,
) -> None:
    """The lines of a cell; figures flush right, the last column to the edge of the table."""
    x, wide = place
    right = stands_right(table.table, number)
    edge = x + wide - (0.0 if number == len(table.widths) - 1 else BETWEEN)
    with sheet.paper.tagged(kind):
        for at, line in enumerate(cell.lines):
            y = sheet.y + ABOVE + down + at * line_height(size) + _baseline(size)
            if line:
                anchor = "end" if right else "start"
                mark = Text(edge if right else x, y, line, cell.face, size, colour, anchor)  # type: ignore[arg-type]
                sheet.paper.draw(mark)


def _picture(sheet: Sheet, picture: Picture) -> None:
    sheet.need(_height(picture) - AFTER_BLOCK)
    _caption(sheet, picture.title)
    with sheet.paper.tagged("Figure", picture.told):
        for mark in picture.marks:
            sheet.paper.draw(_placed(mark, sheet.y))
    sheet.y += picture.height + AFTER_BLOCK


def _placed(mark: Mark, y: float) -> Mark:
    match mark:
        case Text():
            text = drawable(mark.text, mark.face)
            return Text(
                LEFT + mark.x, y + mark.y, text, mark.face, mark.size, mark.colour, mark.anchor
            )
        case Box():
            return Box(LEFT + mark.x, y + mark.y, mark.width, mark.height, mark.colour)
        case Frame():
            sides = (mark.width, mark.height, mark.colour, mark.line)
            return Frame(LEFT + mark.x, y + mark.y, *sides)


def _lines(
    sheet: Sheet,
    text: str,
    face: str,
    size: float,
    colour: str,
    kind: str,
    room: float,
    left: float = LEFT,
) -> None:
    """A text in as many lines as it takes, as one thing of the document."""
    with sheet.paper.tagged(kind):
        for line in wrapped(text, face, size, room):
            sheet.paper.draw(Text(left, sheet.y + _baseline(size), line, face, size, colour))
            sheet.y += line_height(size)


def _baseline(size: float) -> float:
    """From the top of a line to where its letters stand."""
    return size * MM_OF_POINT * 1.05


def _rule(sheet: Sheet, colour: str, line: float) -> None:
    with sheet.paper.decoration():
        sheet.paper.draw(Box(LEFT, sheet.y - line / 2, ROOM, line, colour))


def _finish(sheet: Sheet, entries: Sequence[float]) -> None:
    """Page numbers, the section that a page goes on with, and the pages of the contents."""
    paper, t, report = sheet.paper, sheet.t, sheet.report
    pages = paper.page
    for page in range(1, pages + 1):
        paper.page = page
        paper.set_font(size=1)  # the page does not know yet what it is written in
        with paper.decoration():
            told = t("report.page", page=page, pages=pages)
            paper.draw(Text(RIGHT, 287.0, told, SANS, NOTE, QUIET, "end"))
            if page > 1:
                shop = wrapped(report.shop, SANS, NOTE, 80.0)[0]
                paper.draw(Text(LEFT, 287.0, shop, SANS, NOTE, QUIET))
                begun = [title for title, first in sheet.begun if first < page]
                starts = any(first == page for _, first in sheet.begun)
                if begun and not starts:
                    paper.draw(Text(LEFT, 17.0, begun[-1], SANS, NOTE, QUIET))
    paper.page = 1
    paper.set_font(size=1)
    for y, (_, page) in zip(entries, sheet.begun, strict=True):
        with paper.tagged("P"):
            place = y + _baseline(BODY + 0.5)
            paper.draw(Text(RIGHT, place, str(page), SANS, BODY + 0.5, QUIET, "end"))
    paper.page = pages
