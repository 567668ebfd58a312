"""Reports read back from their three forms, without the code that wrote them."""

from __future__ import annotations

import io
from html.parser import HTMLParser

import openpyxl
import pypdf


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
