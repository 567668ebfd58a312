"""Which hours are published: those of the kept plan, those in force, or a week that is given."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hoursopt.calendar import WHOLE_YEAR, special_days
from hoursopt.errors import DataError
from hoursopt.hours import OpeningHours, Span, Spans, parse_hours, parse_time
from hoursopt.observations import Note
from hoursopt.publish.hours import ONE_DAY, OwnDay, PublishedHours, SeasonHours
from hoursopt.shop import LANGUAGES, Shop


@dataclass(frozen=True)
class Chosen:
    """Hours to publish, the week in force before them, and what the reader must know of them.

    `planned`: they come from a plan, so that there is a reason for a change.
    """

    hours: PublishedHours
    before: OpeningHours
    planned: bool
    notes: tuple[Note, ...]


def choose(
    shop: Shop,
    wanted: str,
    plan: Mapping[str, Any] | None,
    today: dt.date,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> Chosen:
    """What `--hours` asks for.

    wanted: `plan` (the best weeks of the kept plan), `advised` (them only where the plan advises a
    change, else those in force), `today` (those in force), or a week in OSM notation. plan: the
    machine form (DESIGN 2.4), None where none is kept. first, last: the time of validity, where it
    is not the plan's horizon or `today` and the weeks of the shop's horizon.

    Raises DataErrors `publish.no_plan`, `publish.other_seasons`, `publish.period`, `hours.*`.
    """
    if wanted in ("plan", "advised"):
        if plan is None:
            raise DataError("publish.no_plan", folder=str(shop.folder))
        chosen = _planned(shop, plan, wanted == "advised")
    else:
        week = None if wanted == "today" else parse_hours(wanted)
        chosen = _standing(shop, week, first or today)
    hours = chosen.hours
    start, end = first or hours.first, last or hours.last
    if not hours.first <= start <= end or (end - start).days > 10 * 366:
        raise DataError("publish.period", first=start, last=end, start=hours.first)
    days = tuple(day for day in hours.own_days if start <= day.date <= end)
    hours = dataclasses.replace(hours, first=start, last=end, own_days=days)
    over = (Note("publish.over", {"last": end}),) if end < today else ()
    return dataclasses.replace(chosen, hours=hours, notes=(*chosen.notes, *over))


def _planned(shop: Shop, plan: Mapping[str, Any], only_advised: bool) -> Chosen:
    """The weeks of a plan; seasons that it leaves out keep the hours in force."""
    planned = {season["name"]: season for season in plan["seasons"]}
    known = {season.name for season in shop.seasons}
    if not planned.keys() <= known:
        raise DataError("publish.other_seasons", planned=tuple(planned), known=tuple(sorted(known)))
    first = dt.date.fromisoformat(plan["horizon"]["from"])
    last = first + dt.timedelta(weeks=plan["horizon"]["weeks"]) - ONE_DAY
    before, _ = in_force(shop, first)
    weeks, notes = [], []
    for season in shop.seasons:
        found = planned.get(season.name)
        if found is None:
            notes.append(Note("publish.not_planned", {"season": season.name}))
        elif found["advice"] != "change" and not only_advised:
            key = "publish.advice_try" if found["advice"] == "try" else "publish.advice_keep"
            notes.append(Note(key, {"season": season.name}))
        if found is None or (only_advised and found["advice"] != "change"):
            week = before
        else:
            week = OpeningHours(tuple(_spans(day["hours"]) for day in found["days"]))
        weeks.append(SeasonHours(season, week))
    days = {
        dt.date.fromisoformat(day["date"]): (_spans(day["hours"]), day["name"])
        for day in plan["special_days"]
    }
    hours = _published(shop, tuple(weeks), days, first, last)
    return Chosen(hours, before, True, tuple(notes))


def _standing(shop: Shop, week: OpeningHours | None, first: dt.date) -> Chosen:
    """A week for the whole year from a date on: one that is given, or that in force then."""
    last = first + dt.timedelta(weeks=shop.horizon.weeks) - ONE_DAY
    before, change = in_force(shop, first)
    notes = []
    if week is None and change is not None and change <= last:
        # Other hours are known to begin then: these are published until the day before.
        last = change - ONE_DAY
        notes.append(Note("publish.until_change", {"last": last, "first": change}))
    hours = _published(shop, (SeasonHours(WHOLE_YEAR, week or before),), {}, first, last)
    told = {day.date for day in hours.own_days}
    silent = [
        day.date
        for day in special_days(shop.country, shop.subdivision, first, last, shop.language)
        if day.kind == "holiday" and day.date not in told and hours.on(day.date)
    ]
    if silent:
        notes.append(Note("publish.holidays_open", {"dates": tuple(silent)}))
    return Chosen(hours, before, False, tuple(notes))


def in_force(shop: Shop, date: dt.date) -> tuple[OpeningHours, dt.date | None]:
    """The week in force on a date, and the date on which another begins, if any is known."""
    started = [force for force in shop.hours if force.start is None or force.start <= date]
    later = [force.start for force in shop.hours if force.start is not None and force.start > date]
    week = (started or list(shop.hours))[-1 if started else 0]
    return week.hours, min(later, default=None)


def _published(
    shop: Shop,
    weeks: tuple[SeasonHours, ...],
    planned: Mapping[dt.date, tuple[Spans, str]],
    first: dt.date,
    last: dt.date,
) -> PublishedHours:
    """With the days of the plan and the owner's own exceptions, which stand above it."""
    days: dict[dt.date, Spans] = {date: spans for date, (spans, _) in planned.items()}
    days |= shop.exceptions.hours
    days |= dict.fromkeys(shop.exceptions.closed, ())
    names = _names(shop, first, last)
    own = tuple(
        OwnDay(date, spans, names.get(date) or _named(shop, planned.get(date)))
        for date, spans in sorted(days.items())
    )
    return PublishedHours(
        _one_line(shop.name), shop.country, shop.timezone, shop.web, weeks, own, first, last
    )


def _names(shop: Shop, first: dt.date, last: dt.date) -> dict[dt.date, dict[str, str]]:
    """Names of holidays and eves in each language."""
    names: dict[dt.date, dict[str, str]] = {}
    for language in (shop.language, *LANGUAGES):
        for day in special_days(shop.country, shop.subdivision, first, last, language):
            names.setdefault(day.date, {})[language] = day.name
    for event in shop.events:
        for start, end in event.dates:
            for step in range((end - start).days + 1):
                date = start + ONE_DAY * step
                names.setdefault(date, {shop.language: _one_line(event.name)})
    return names


def _named(shop: Shop, planned: tuple[Spans, str] | None) -> dict[str, str]:
    return {shop.language: _one_line(planned[1])} if planned else {}


def _one_line(name: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())


def _spans(told: list[list[str]]) -> Spans:
    return tuple(Span(parse_time(start), parse_time(end)) for start, end in told)
