"""Hours for the world: the map, web pages, Google, calendars, the door, and a notice of the change.

`choose` says which hours, `make` puts them into a format, `write_whole` into a file. The libraries
of calendars and signs take a third of a second to import, so only who asks for these waits.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hoursopt.errors import DataError
from hoursopt.fonts import SANS, SANS_BOLD, SERIF
from hoursopt.i18n import Texts
from hoursopt.observations import Note
from hoursopt.publish.choose import Chosen, choose
from hoursopt.publish.google import google_text
from hoursopt.publish.hours import ONE_DAY, PublishedHours
from hoursopt.publish.jsonld import jsonld_text
from hoursopt.publish.notice import notice_text
from hoursopt.publish.osm import MOST_SIGNS, osm_text
from hoursopt.publish.writing import write_whole
from hoursopt.shop import LANGUAGES, Shop

__all__ = ["FORMATS", "Made", "choose", "languages_of", "make", "write_whole"]

FORMATS = ("osm", "schema.org", "google", "ics", "sign", "notice")
MOST_LANGUAGES = 3


@dataclass(frozen=True)
class Made:
    """The content of a file, and what its reader must know of it."""

    content: bytes
    notes: tuple[Note, ...] = ()


def make(
    chosen: Chosen,
    form: str,
    languages: Sequence[str],
    stamp: dt.datetime,
    ending: str = "",
    store_code: str = "",
) -> Made:
    """Hours in one of `FORMATS`.

    languages: of sign and notice; the first is that of the calendar. stamp: the moment (UTC) at
    which the file is made. ending: of the file's name; `.html` puts JSON-LD into its element of a
    page, `.pdf` and `.svg` are what a sign can be.

    Raises DataError `publish.sign_ending` for a sign of another kind, `publish.store_code`.
    """
    hours = chosen.hours
    if form == "osm":
        text = osm_text(hours)
        return Made(f"{text}\n".encode(), _too_long(hours, text))
    if form == "schema.org":
        return Made(jsonld_text(hours, page=ending in (".html", ".htm")).encode())
    if form == "google":
        text, notes = google_text(hours, store_code)
        return Made(text.encode(), notes)
    if form == "ics":
        from hoursopt.publish.ics import ics_bytes

        return Made(ics_bytes(hours, Texts(languages[0]), stamp))
    if form == "notice":
        return Made(notice_text(chosen, languages).encode())
    return _sign(hours, languages, stamp, ending)


def languages_of(shop: Shop, given: str | None) -> tuple[str, ...]:
    """The languages named (`fi,sv,en`), else the shop's own and those around it.

    Raises DataError `publish.languages`.
    """
    if given is None:
        around = LANGUAGES if shop.country in ("FI", "AX") else ("en",)
        return tuple(dict.fromkeys((shop.language, *around)))
    named = tuple(name.strip() for name in given.split(","))
    if (
        len(named) > MOST_LANGUAGES
        or len(set(named)) < len(named)
        or not set(named) <= {*LANGUAGES}
    ):
        raise DataError("publish.languages", given=given, known=LANGUAGES)
    return named


def _too_long(hours: PublishedHours, text: str) -> tuple[Note, ...]:
    """Where the tag cannot hold the text: the last date up to which it can."""
    if len(text) <= MOST_SIGNS:
        return ()
    values = {"count": len(text), "most": MOST_SIGNS}
    for day in reversed(hours.own_days):
        last = day.date - ONE_DAY
        if last < hours.first:
            break
        days = tuple(own for own in hours.own_days if own.date <= last)
        if len(osm_text(dataclasses.replace(hours, last=last, own_days=days))) <= MOST_SIGNS:
            return (Note("publish.osm_long", {**values, "last": last.isoformat()}),)
    return (Note("publish.osm_too_long", values),)


def _sign(hours: PublishedHours, languages: Sequence[str], stamp: dt.datetime, ending: str) -> Made:
    if ending not in (".pdf", ".svg"):
        raise DataError("publish.sign_ending")
    from hoursopt.paper.letters import drawable
    from hoursopt.publish.sign.compose import sign_pages

    pages = sign_pages(hours, languages)
    names = [hours.shop, *(name for day in hours.own_days for name in day.names.values())]
    every = "".join(names)
    missing = dict.fromkeys(
        sign for sign in every if any(not drawable(sign, face) for face in (SERIF, SANS, SANS_BOLD))
    )
    notes = [Note("publish.letters", {"letters": " ".join(missing)})] if missing else []
    if ending == ".pdf":
        from hoursopt.publish.sign.pdf import pdf_bytes

        return Made(pdf_bytes(pages, stamp), tuple(notes))
    from hoursopt.publish.sign.svg import svg_text

    if len(pages) > 1:
        first, following = hours.weeks()[:2]
        dates = Texts(languages[0]).days(first.first, first.last)
        values = {"valid": dates, "next": following.first}
        notes.append(Note("publish.sign_pages", values))
    return Made(svg_text(pages[0]).encode(), tuple(notes))
