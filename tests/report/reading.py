"""Reports read back from their three forms, without the code that wrote them."""

from __future__ import annotations

import datetime as dt
import io
from html.parser import HTMLParser

import openpyxl
import pypdf

from hoursopt.i18n import Texts
from hoursopt.report import render
from hoursopt.report.nouns import Report
from hoursopt.report.shown import shown


class Page(HTMLParser):
    """The cells of every table, the tags with their attributes, and all text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.within = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("td", "th"):
            self.cells.append("")
            self.within = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.within = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.within:
            self.cells[-1] += data


def pdf_of(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def pdf_words(content: bytes) -> str:
    """All text without any space, for lines are broken anywhere."""
    return squeezed("".join(page.extract_text() for page in pdf_of(content).pages))


def squeezed(text: str) -> str:
    return "".join(text.split())


def book_of(content: bytes, *, computed: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=computed)


def structure(reader: pypdf.PdfReader) -> list[str]:
    """The kinds of all members of a document's structure, in order."""
    found: list[str] = []

    def visit(element: object) -> None:
        member = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(member, dict) and "/S" in member:
            found.append(str(member["/S"]))
        for kid in member.get("/K", ()) if isinstance(member, dict) else ():
            visit(kid)

    visit(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def read_back(report: Report) -> int:
    """How many cells stand in all three forms; AssertionError for one that is missing in any."""
    t = Texts(report.language)
    page = Page(render(report, ".html").decode())
    words = pdf_words(render(report, ".pdf"))
    book = book_of(render(report, ".xlsx"), computed=True)
    in_book = [cell.value for sheet in book for row in sheet for cell in row]
    figures = [value for value in in_book if isinstance(value, (int, float))]
    aside = [table for _, table in report.aside]
    count = 0
    for table in report.tables():
        for row in table.rows:
            for cell, column in zip(row.cells, table.columns, strict=True):
                if cell is None or cell == "":
                    continue
                count += 1
                told = shown(cell, column, report.currency, t)
                if table not in aside:
                    assert told in page.cells, told
                    assert squeezed(told) in words, told
                if isinstance(cell, str):
                    assert cell in in_book, cell
                elif isinstance(cell, dt.date):
                    assert dt.datetime.combine(cell, dt.time()) in in_book, told
                else:
                    assert any(abs(value - cell) < 1e-9 for value in figures), told
    for section in report.sections:
        assert section.title in page.text and squeezed(section.title) in words
    return count
