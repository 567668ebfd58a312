"""The sheet that Google's Business Profile takes in bulk: the columns of hours and no others.

Source: Google's help on the bulk upload sheet (answer 3370250: columns that are left out leave
what is there alone) and on special hours (answer 6303076: at most six days in a row).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata

from hoursopt.errors import DataError
from hoursopt.hours import DAY, Spans, by_clock, format_time
from hoursopt.observations import Note
from hoursopt.publish.hours import PublishedHours, runs_of_dates

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SUNDAY_FIRST = (6, 0, 1, 2, 3, 4, 5)
MOST_DAYS = 6
LONGEST_CODE = 60
_CODE = re.compile(rf"[^\W_][\w .-]{{0,{LONGEST_CODE - 1}}}(?<! )")


def google_text(hours: PublishedHours, store_code: str = "") -> tuple[str, tuple[Note, ...]]:
    """The sheet as CSV, and what Google does not take of the hours.

    It knows one week only, so this is the first; days of their own are told by date. store_code:
    the owner's code of the place at Google; else one is made of the shop's name. Raises DataError
    `publish.store_code` for a code that Google refuses or that a spreadsheet takes for a formula.
    """
    code = store_code or slug(hours.shop)
    if not _CODE.fullmatch(code):
        raise DataError("publish.store_code", code=code)
    first = hours.weeks()[0]
    week = by_clock(first.hours)
    days = sorted({day.date for day in hours.own_days} | {day.date for day in hours.unlike()})
    special = [
        f"{date.isoformat()}: {times}" for date in days for times in _told(hours.beginning(date))
    ]
    sheet = io.StringIO()
    rows = csv.writer(sheet, lineterminator="\r\n")
    rows.writerow(["Store code", *(f"{NAMES[day]} hours" for day in SUNDAY_FIRST), "Special hours"])
    rows.writerow(
        [code, *(", ".join(_told(week[day])) for day in SUNDAY_FIRST), ", ".join(special)]
    )
    notes = []
    if not store_code:
        notes.append(Note("publish.google_code", {"code": code}))
    if first.last < hours.last:
        following = hours.weeks()[1].first
        values = {"first": first.first, "last": first.last, "next": following}
        notes.append(Note("publish.google_season", values))
    for start, end in runs_of_dates(days):
        if (end - start).days >= MOST_DAYS:
            notes.append(Note("publish.google_run", {"first": start, "last": end}))
    return sheet.getvalue(), tuple(notes)


def slug(name: str) -> str:
    """A name in small letters, figures and hyphens; `shop` where it has none of them."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_CODE].strip("-") or "shop"


def _told(spans: Spans) -> list[str]:
    times = [f"{format_time(span.start)}-{_end(span.end)}" for span in spans]
    return times or ["x"]


def _end(minute: int) -> str:
    return format_time(minute if minute <= DAY else minute - DAY)
