"""Pages as PDF: text stays text, set in the program's own letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hoursopt.paper.document import Paper
from hoursopt.paper.marks import Page


def pdf_bytes(pages: Sequence[Page], stamp: dt.datetime) -> bytes:
    """The pages as one file; `stamp` is the moment at which it is made."""
    pdf = Paper(pages[0].title, pages[0].language, stamp)
    for page in pages:
        pdf.add_page()
        for mark in page.marks:
            pdf.draw(mark)
    return bytes(pdf.output())
