"""Dates that are unlike their weekday, and the hours that suit them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hoursopt.calendar import special_days
from hoursopt.demand import DemandModel
from hoursopt.hours import Spans
from hoursopt.plan import (
    Options,
    SpecialDay,
)
from hoursopt.program import best_week
from hoursopt.scenario import date_scenario
from hoursopt.shop import Shop

SUNDAY = 6
EVENT_DATES = 20
SPECIAL_DAY_DRAWS = 100


def plan_special_days(
    shop: Shop, model: DemandModel, horizon: Sequence[dt.date], options: Options
) -> tuple[SpecialDay, ...]:
    """Hours of the public holidays in the horizon and of the first twenty dates of events.

    Dates that the owner has set stand as set. On a weekday on which the shop is shut today, and on
    public holidays of a shop that is shut on Sundays, it stays shut. Else the best hours of the
    date alone: no customer moves to another day.
    """
    holidays, events = holiday_names(shop, horizon), event_names(shop, horizon)
    first_events = dict(list(events.items())[:EVENT_DATES])
    return tuple(
        SpecialDay(date, name, special_hours(shop, model, date, date in holidays, options))
        for date, name in sorted((holidays | first_events).items())
    )


def special_dates(shop: Shop, horizon: Sequence[dt.date]) -> frozenset[dt.date]:
    """Dates that are unlike their weekday: holidays, events, and those that the owner has set."""
    own = (*shop.exceptions.closed, *shop.exceptions.hours)
    return frozenset((*holiday_names(shop, horizon), *event_names(shop, horizon), *own))


def holiday_names(shop: Shop, horizon: Sequence[dt.date]) -> dict[dt.date, str]:
    """The public holidays of the horizon."""
    calendar = special_days(shop.country, shop.subdivision, horizon[0], horizon[-1], shop.language)
    return {day.date: day.name for day in calendar if day.kind == "holiday"}


def event_names(shop: Shop, horizon: Sequence[dt.date]) -> dict[dt.date, str]:
    """The dates of events in the horizon."""
    return {
        date: event.name
        for date in horizon
        for event in shop.events
        if any(first <= date <= last for first, last in event.dates)
    }


def special_hours(
    shop: Shop, model: DemandModel, date: dt.date, is_holiday: bool, options: Options
) -> Spans:
    """The best hours of one date; see `plan_special_days`."""
    if date in shop.exceptions.closed or date in shop.exceptions.hours:
        return shop.hours_on(date)
    if not shop.hours_on(date) or (is_holiday and not shop.today[SUNDAY]):
        return ()
    scenario = date_scenario(shop, model, date, SPECIAL_DAY_DRAWS, options.seed)
    return best_week(scenario, **options.solving).week.hours[0]
