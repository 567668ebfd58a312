"""JSON-LD by schema.org: the weeks with the dates of their validity, days of their own above them.

Source: schema.org `OpeningHoursSpecification` (open only where `opens` is given; `closes` before
`opens` is on the next day) and `specialOpeningHoursSpecification` (overrides the former).
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from hoursopt.hours import DAY, OpeningHours, Span, Spans, by_clock, format_time
from hoursopt.publish.hours import ONE_DAY, PublishedHours, Stretch, days_between

DAYS = tuple(
    f"https://schema.org/{day}day"
    for day in ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
)
WHOLE_DAY = Span(0, DAY)


def jsonld(hours: PublishedHours) -> dict[str, Any]:
    """The shop as a thing of schema.org with its opening hours."""
    place = {
        "@context": "https://schema.org",
        "@type": "Store",
        "name": hours.shop,
        **({"url": hours.web} if hours.web else {}),
        "address": {"@type": "PostalAddress", "addressCountry": hours.country},
        "openingHoursSpecification": [one for stretch in hours.weeks() for one in _week(stretch)],
    }
    named = {day.date for day in hours.own_days}
    special = [
        one
        for date in days_between(hours.first, hours.last)
        for one in _date(date, _begun(hours, date))
        if date in named or _begun(hours, date) != _usual(hours, date)
    ]
    return place | ({"specialOpeningHoursSpecification": special} if special else {})


def jsonld_text(hours: PublishedHours, page: bool = False) -> str:
    """The JSON, or with `page` the element of a web page that holds it.

    `<` is written as an escape, so that no name can end the element.
    """
    text = json.dumps(jsonld(hours), ensure_ascii=False, indent=2).replace("<", "\\u003c")
    if page:
        return f'<script type="application/ld+json">\n{text}\n</script>\n'
    return f"{text}\n"


def _begun(hours: PublishedHours, date: dt.date) -> Spans:
    """What is told of a date."""
    return _cut(hours.beginning(date - ONE_DAY), hours.beginning(date))


def _usual(hours: PublishedHours, date: dt.date) -> Spans:
    """What its week tells of it."""
    return _week_cut(hours.clock_week(date))[date.weekday()]


def _cut(before: Spans, spans: Spans) -> Spans:
    """Spans of 24 hours are cut at midnight: `06:00` to `06:00` would be no time at all."""
    long = (Span(0, span.end - DAY) for span in before if _is_long(span))
    own = (Span(span.start, DAY) if _is_long(span) else span for span in spans)
    return (*long, *own)


def _is_long(span: Span) -> bool:
    return span.hours == 24 and span != WHOLE_DAY


def _week_cut(week: OpeningHours) -> tuple[Spans, ...]:
    return tuple(_cut(week[day - 1], week[day]) for day in range(7))


def _week(stretch: Stretch) -> list[dict[str, Any]]:
    groups: dict[Span, list[str]] = {}
    for name, spans in zip(DAYS, _week_cut(by_clock(stretch.hours)), strict=True):
        for span in spans:
            groups.setdefault(span, []).append(name)
    validity = _valid(stretch.first, stretch.last)
    if not groups:
        return [{"@type": "OpeningHoursSpecification", "dayOfWeek": list(DAYS), **validity}]
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": names, **_times(span), **validity}
        for span, names in groups.items()
    ]


def _date(date: dt.date, spans: Spans) -> list[dict[str, Any]]:
    one = {"@type": "OpeningHoursSpecification"}
    return [one | _times(span) | _valid(date, date) for span in spans] or [one | _valid(date, date)]


def _times(span: Span) -> dict[str, str]:
    """A whole day ends a minute early, as the consumers of these data want it."""
    if span == WHOLE_DAY:
        return {"opens": "00:00", "closes": "23:59"}
    return {"opens": format_time(span.start), "closes": format_time(span.end % DAY)}


def _valid(first: dt.date, last: dt.date) -> dict[str, str]:
    return {"validFrom": first.isoformat(), "validThrough": last.isoformat()}
