"""A plan read from its machine form (DESIGN 2.4): what a kept plan and a new one have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hoursopt.errors import DataError
from hoursopt.hours import WEEKDAYS, OpeningHours, Span, Spans, parse_time
from hoursopt.i18n import Texts
from hoursopt.store import KeptPlan

Json = Mapping[str, Any]
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class PlannedShift:
    """`count` people of a group on a weekday; `pause` is the break, None without one."""

    weekday: int
    staff: str
    count: int
    span: Span
    pause: Span | None


@dataclass(frozen=True)
class PlannedSeason:
    """A season of a plan; `told` is its machine form, before and after are ledgers of a week.

    today: the hours in force when the plan was made.
    """

    name: str
    first: dt.date
    last: dt.date
    weeks: float
    today: OpeningHours
    best: OpeningHours
    shifts: tuple[PlannedShift, ...]
    before: Json
    after: Json
    told: Json

    @property
    def gain(self) -> Json:
        """Gain a week: mean, low, high and probability_better."""
        return dict(self.told["gain_per_week"])

    @property
    def changed(self) -> tuple[int, ...]:
        """Weekdays whose hours change."""
        return tuple(day for day in range(7) if self.today[day] != self.best[day])


def seasons_of(kept: KeptPlan, named: str | None = None) -> tuple[PlannedSeason, ...]:
    """All seasons of a kept plan, or the one named.

    Raises DataError `report.no_season` where the plan does not have it, `report.old_plan` for a
    plan that was kept by a version without reports.
    """
    if kept.basis is None:
        raise DataError("report.old_plan", date=kept.at.date())
    today = week_of(kept.basis["today"])
    seasons = tuple(_season(told, today) for told in kept.plan["seasons"])
    names = [season.name for season in seasons]
    if named is not None and named not in names:
        raise DataError("report.no_season", season=named, known=tuple(names))
    return tuple(season for season in seasons if named in (None, season.name))


def horizon_of(plan: Json) -> tuple[dt.date, dt.date]:
    """First and last date of a plan."""
    first = dt.date.fromisoformat(plan["horizon"]["from"])
    return first, first + dt.timedelta(weeks=plan["horizon"]["weeks"]) - ONE_DAY


def week_of(days: Sequence[Sequence[Sequence[str]]]) -> OpeningHours:
    """Seven days of `[["10:00", "17:00"]]`."""
    return OpeningHours(tuple(spans_of(spans) for spans in days))


def spans_of(told: Sequence[Sequence[str]]) -> Spans:
    """One day of them."""
    return tuple(Span(parse_time(start), parse_time(end)) for start, end in told)


def one_line(name: str) -> str:
    """A name without line ends and other signs that cannot be printed."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())


def stretch(weekday: int, span: Span, t: Texts) -> str:
    """A stretch of a weekday as a door sign has it: `to 17–18`."""
    return f"{t.weekday(weekday, short=True)}\N{NO-BREAK SPACE}{t.span(span)}"


def _season(told: Json, today: OpeningHours) -> PlannedSeason:
    best = OpeningHours(tuple(spans_of(day["hours"]) for day in told["days"]))
    return PlannedSeason(
        name=told["name"],
        first=dt.date.fromisoformat(told["from"]),
        last=dt.date.fromisoformat(told["to"]),
        weeks=told["weeks"],
        today=today,
        best=best,
        shifts=tuple(_shift(day, shift) for day in told["days"] for shift in day["shifts"]),
        before=told["week"]["today"],
        after=told["week"]["best"],
        told=told,
    )


def _shift(day: Json, told: Json) -> PlannedShift:
    return PlannedShift(
        WEEKDAYS.index(day["weekday"]),
        told["staff"],
        told["count"],
        Span(parse_time(told["from"]), parse_time(told["to"])),
        spans_of([told["break"]])[0] if told["break"] else None,
    )
