"""A PDF in the program's own letters, with its language, its outline and tags for those who listen.

fpdf2 tags headings and pictures only; `Tags` adds paragraphs and the rows and cells of tables (PDF
1.7, section 14.7). What fpdf2 cannot say is left out: the scope of a heading cell.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from fpdf import FPDF
from fpdf.structure_tree import StructElem, StructureTreeBuilder
from fpdf.syntax import PDFObject, PDFString

from hoursopt.fonts import FILES
from hoursopt.paper.letters import MM_OF_POINT
from hoursopt.paper.marks import Box, Frame, Mark, Text


class Tags(StructureTreeBuilder):
    """The structure of a document, also of what lies within something else."""

    def __init__(self) -> None:
        super().__init__()
        self.within: list[StructElem] = []
        self.marked: Counter[int] = Counter()

    def next_mcid_for_page(self, page_number: int) -> int:
        """The number of the next piece of content on a page."""
        self.marked[page_number] += 1
        return self.marked[page_number] - 1

    def add(self, kind: str, page: int, content: int | None = None) -> StructElem:
        """A member of what is open, or of the document; `content` is a piece's number."""
        parent = self.within[-1] if self.within else self.doc_struct_elem
        kids = [] if content is None else [content]
        element = StructElem(f"/{kind}", parent, kids, page_number=page)
        parent.k.append(element)
        return element

    def __iter__(self) -> Iterator[PDFObject]:
        """Every object of the tree, its root first; each knows its page when this is asked for."""
        yield self.struct_tree_root
        yield self.doc_struct_elem
        yield self.struct_tree_root.parent_tree
        for element in self.doc_struct_elem.k:
            yield from _with_members(element)


def _with_members(element: StructElem) -> Iterator[StructElem]:
    yield element
    for member in element.k:
        if isinstance(member, StructElem):
            member.pg = element.pg
            yield from _with_members(member)


class Paper(FPDF):
    """An A4 document; faces are those of `hoursopt.fonts`, `stamp` the moment at which it is made.

    Signs that a face lacks are for the caller to take out (`letters.drawable`).
    """

    def __init__(self, title: str, language: str, stamp: dt.datetime) -> None:
        super().__init__(unit="mm", format="A4")
        self.struct_builder: Tags = Tags()
        self.set_auto_page_break(False)
        self.set_creation_date(stamp)
        self.set_title(title)
        self.set_lang(language)
        self.set_producer("hoursopt")

    def use(self, face: str, size: float, colour: str) -> None:
        """Write in a face, a size in points and a colour from here on."""
        if face not in self.fonts:
            self.add_font(face, fname=FILES[face])
        self.set_font(face, size=size)
        self.set_text_color(*rgb(colour))

    def draw(self, mark: Mark) -> None:
        """Put a mark on the page."""
        match mark:
            case Text():
                self.use(mark.face, mark.size, mark.colour)
                self.set_char_spacing(mark.tracking / MM_OF_POINT)
                self.text(mark.left, mark.y, mark.text)
                self.set_char_spacing(0)
            case Box():
                self.set_fill_color(*rgb(mark.colour))
                self.rect(mark.x, mark.y, mark.width, mark.height, style="F")
            case Frame():
                self.set_draw_color(*rgb(mark.colour))
                self.set_line_width(mark.line)
                self.rect(mark.x, mark.y, mark.width, mark.height, style="D")

    @contextmanager
    def group(self, kind: str) -> Iterator[None]:
        """What is tagged within is part of one thing: `Table` or `TR`, all on one page."""
        tags = self.struct_builder
        tags.within.append(tags.add(kind, self.page))
        yield
        tags.within.pop()

    @contextmanager
    def tagged(self, kind: str, alternative: str = "") -> Iterator[None]:
        """What is written within is one `H1`, `H2`, `P`, `TH`, `TD` or `Figure` of this page."""
        tags = self.struct_builder
        number = tags.next_mcid_for_page(self.page)
        element = tags.add(kind, self.page, number)
        if alternative:
            element.alt = PDFString(alternative)
        page = tags.spid_per_page_number.setdefault(self.page, len(tags.spid_per_page_number))
        tags.struct_tree_root.parent_tree.nums[page].append(element)
        self.pages[self.page].struct_parents = page
        self._out(f"/{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """What is drawn within is for the eye alone: lines, shades and the number of the page."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")


def rgb(colour: str) -> tuple[int, int, int]:
    """`#22303c` as three numbers."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
