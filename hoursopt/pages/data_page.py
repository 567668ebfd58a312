"""The data: what every file held, what became of its rows, and what looks wrong."""

from __future__ import annotations

from hoursopt.flow import without_repeats
from hoursopt.importers import Note
from hoursopt.pages import imported
from hoursopt.pages.markup import paragraph, tag
from hoursopt.pages.session import show, told, visit


@told
def page() -> None:
    """The import receipt: warnings first, then file by file."""
    here = visit()
    t, held, seen = here.t, here.loaded.imported, here.loaded.observations
    show(tag("h1", here.shop.name, class_="ho-shop"))
    counted = t("cli.counted", count=len(seen.dates), first=seen.dates[0], last=seen.dates[-1])
    show(paragraph(counted, "lead"))
    show(tag("h2", t("cli.warnings_title")))
    seen_too = (Note(note.key, note.values) for note in seen.notes)
    warnings = without_repeats(held, seen.notes).warnings
    show(imported.warnings((*warnings, *seen_too), t))
    show(tag("h2", t("cli.files_title")))
    show(*(imported.receipt(receipt, here.shop.currency, t) for receipt in held.receipts))
