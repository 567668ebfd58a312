"""Pages as PDF: text stays text, set in the program's own letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fpdf import FPDF

from hoursopt.fonts import FILES
from hoursopt.publish.sign.marks import MM_OF_POINT, Box, Frame, Mark, Page, Text


def pdf_bytes(pages: Sequence[Page], stamp: dt.datetime) -> bytes:
    """The pages as one file; `stamp` is the moment at which it is made."""
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(stamp)
    pdf.set_title(pages[0].title)
    pdf.set_lang(pages[0].language)
    pdf.set_producer("hoursopt")
    for page in pages:
        pdf.add_page()
        for mark in page.marks:
            _draw(pdf, mark)
    return bytes(pdf.output())


def _draw(pdf: FPDF, mark: Mark) -> None:
    colour = tuple(int(mark.colour[at : at + 2], 16) for at in (1, 3, 5))
    match mark:
        case Text():
            if mark.face not in pdf.fonts:
                pdf.add_font(mark.face, fname=FILES[mark.face])
            pdf.set_font(mark.face, size=mark.size)
            pdf.set_text_color(*colour)
            pdf.set_char_spacing(mark.tracking / MM_OF_POINT)
            pdf.text(mark.left, mark.y, mark.text)
        case Box():
            pdf.set_fill_color(*colour)
            pdf.rect(mark.x, mark.y, mark.width, mark.height, style="F")
        case Frame():
            pdf.set_draw_color(*colour)
            pdf.set_line_width(mark.line)
            pdf.rect(mark.x, mark.y, mark.width, mark.height, style="D")
