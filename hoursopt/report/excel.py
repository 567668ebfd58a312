"""A report as a workbook: text that stays text, figures that stay figures, and our own sums.

Live formulas stand where a row adds up others and where a check compares; every one carries the
value that it should have, so that programs which do not compute show it all the same.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from hoursopt.i18n import Texts
from hoursopt.report.nouns import SHEETS, Column, Place, Report, Row, Section, Sheet, Table
from hoursopt.report.shown import DIGITS, is_figure

INK, QUIET, TINT = "#22303C", "#56626D", "#F1F4F6"
NARROWEST, WIDEST = 9, 46
SAFE: dict[str, object] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


@dataclass
class Book:
    """A workbook while it is written: where each named cell stands, by row name and column."""

    report: Report
    t: Texts
    workbook: Workbook
    formats: dict[tuple[object, ...], Format] = field(default_factory=dict)
    places: dict[Place, tuple[str, str]] = field(default_factory=dict)

    def look(self, **settings: object) -> Format:
        """A format, made once."""
        key = tuple(sorted(settings.items()))
        if key not in self.formats:
            base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
            self.formats[key] = self.workbook.add_format({**base, **settings})
        return self.formats[key]


def excel_bytes(report: Report) -> bytes:
    """The whole workbook."""
    buffer = io.BytesIO()
    workbook = Workbook(buffer, SAFE)
    created = report.stamp.replace(tzinfo=None)
    workbook.set_properties(
        {"title": f"{report.shop}: {report.title}", "author": report.shop, "created": created}
    )
    book = Book(report, Texts(report.language), workbook)
    for sheet in SHEETS:
        tables = _tables(report, sheet)
        if tables or (sheet == "checks" and report.checks):
            _sheet(book, sheet, tables)
    workbook.close()
    return buffer.getvalue()


def _tables(report: Report, sheet: Sheet) -> list[tuple[str, Table]]:
    """The tables of a sheet, each with the heading of its section where one begins."""
    found: list[tuple[str, Table]] = []
    for section in report.sections:
        if section.sheet == sheet:
            found += _headed(section)
    return [*found, *(("", table) for place, table in report.aside if place == sheet)]


def _headed(section: Section) -> list[tuple[str, Table]]:
    return [
        (section.title if number == 0 else "", table) for number, table in enumerate(section.tables)
    ]


def _sheet(book: Book, sheet: Sheet, tables: list[tuple[str, Table]]) -> None:
    name = book.t(f"report.sheet_{sheet}")
    page = book.workbook.add_worksheet(name)
    page.hide_gridlines(2)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_landscape() if sheet in ("worth", "shifts") else page.set_portrait()
    page.set_footer("&L&8&A&R&8&P / &N")
    page.write_string(0, 0, book.report.shop, book.look(bold=True, font_color=QUIET))
    page.write_string(1, 0, book.report.title, book.look(bold=True, font_size=15))
    page.freeze_panes(2, 0)
    line, widths = 3, dict[int, int]()
    for heading, table in tables:
        if heading:
            page.write_string(line, 0, heading, book.look(bold=True, font_size=13))
            line += 1
        line = _table(book, page, table, line, widths) + 1
    if sheet == "checks":
        _checks(book, page, line, widths)
    for column, wide in widths.items():
        page.set_column(column, column, min(max(wide + 2, NARROWEST), WIDEST))


def _table(book: Book, page: Worksheet, table: Table, line: int, widths: dict[int, int]) -> int:
    """Write a table; the line after it."""
    if table.title:
        page.write_string(line, 0, table.title, book.look(bold=True))
        line += 1
    if any(column.title for column in table.columns):
        for number, column in enumerate(table.columns):
            align = "right" if is_figure(column) else "left"
            style = {"text_wrap": True, "bottom": 1, "align": align, "valign": "bottom"}
            look = book.look(**style, font_color=QUIET)
            page.write_string(line, number, column.title, look)
            longest = max(map(len, column.title.split()), default=0)
            widths[number] = max(widths.get(number, 0), longest)
        line += 1
    first = line
    for row in table.rows:
        for number in range(len(table.columns)):
            _cell(book, page, table, row, number, (first, line), widths)
            if row.name:
                place = xl_rowcol_to_cell(line, number, row_abs=True, col_abs=True)
                book.places[Place(row.name, number)] = (page.get_name(), place)
        line += 1
    if table.note:
        page.write_string(line, 0, table.note, book.look(font_color=QUIET, italic=True))
        line += 1
    return line


def _cell(
    book: Book,
    page: Worksheet,
    table: Table,
    row: Row,
    number: int,
    at: tuple[int, int],
    widths: dict[int, int],
) -> None:
    column, cell = table.columns[number], row.cells[number]
    first, line = at
    style: dict[str, object] = {"bold": row.look in ("sum", "changed", "group")}
    if row.look == "sum":
        style |= {"top": 1, "bg_color": TINT}
    if row.look == "part":
        style |= {"font_color": QUIET, "indent": int(number == 0)}
    if cell is None or isinstance(cell, str):
        text = cell or ""
        look = book.look(**style, text_wrap=len(text) > WIDEST)
        page.write_string(line, number, text, look)
        widths[number] = max(widths.get(number, 0), len(text))
        return
    if isinstance(cell, dt.date):
        look = book.look(**style, num_format="d.m.yyyy", align="left")
        page.write_datetime(line, number, dt.datetime.combine(cell, dt.time()), look)
        widths[number] = max(widths.get(number, 0), 10)
        return
    look = book.look(**style, num_format=_pattern(column, book), align="right")
    widths[number] = max(widths.get(number, 0), len(f"{cell:,.2f}") + 2)
    if row.adds:
        formula = _sum(row, number, first)
        page.write_formula(line, number, formula, look, float(cell))
    else:
        page.write_number(line, number, float(cell), look)


def _sum(row: Row, column: int, first: int) -> str:
    """The sum of the rows that a row adds up, as one stretch where they are one."""
    lines = [first + number for number in row.adds]
    cells = [xl_rowcol_to_cell(line, column) for line in lines]
    if lines == list(range(lines[0], lines[-1] + 1)):
        return f"=SUM({cells[0]}:{cells[-1]})"
    return f"={'+'.join(cells)}"


def _pattern(column: Column, book: Book) -> str:
    """How a figure looks; the currency stands where the language puts it."""
    digits = DIGITS[column.kind]
    plain = "#,##0" + (f".{'0' * digits}" if column.kind == "cents" else ".0" * (digits == 1))
    if column.kind == "share":
        plain = "0%"
    if column.kind in ("money", "cents"):
        told = book.t.money(0.0, book.report.currency, 0)
        before, _, after = told.partition("0")
        quoted = [f'"{part}"' if part else "" for part in (before, after)]
        plain = f"{quoted[0]}{plain}{quoted[1]}"
    return f"+{plain};-{plain};{plain}" if column.signed else f"{plain};-{plain}"


def _checks(book: Book, page: Worksheet, line: int, widths: dict[int, int]) -> None:
    """Each check with both its sums and its result, all three live."""
    t = book.t
    heads = ("check", "check_left", "check_right", "result")
    for number, name in enumerate(heads):
        align = "right" if number in (1, 2) else "left"
        look = book.look(bottom=1, font_color=QUIET, align=align)
        page.write_string(line, number, t(f"report.{name}"), look)
    good, bad = t("report.check_ok"), t("report.check_bad")
    for check in book.report.checks:
        line += 1
        page.write_string(line, 0, check.title, book.look())
        widths[0] = max(widths.get(0, 0), len(check.title))
        for number, side in ((1, check.left), (2, check.right)):
            value = sum(map(book.report.value, side))
            page.write_formula(
                line, number, _added(book, side), book.look(num_format="#,##0.00"), value
            )
            widths[number] = max(widths.get(number, 0), 12)
        left, right = (xl_rowcol_to_cell(line, number) for number in (1, 2))
        formula = f'=IF(ABS({left}-{right})<={check.tolerance},"{good}","{bad}")'
        told = good if book.report.holds(check) else bad
        page.write_formula(line, 3, formula, book.look(bold=True), told)


def _added(book: Book, side: tuple[Place, ...]) -> str:
    cells = [book.places[place] for place in side]
    return "=" + "+".join(f"'{sheet}'!{cell}" for sheet, cell in cells)
