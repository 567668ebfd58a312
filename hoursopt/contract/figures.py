"""Money, people, ranges, ledgers and hours as every machine form has them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hoursopt.evaluate import Ledger, StaffedWeek
from hoursopt.hours import WEEKDAYS, Grid, Spans, format_time
from hoursopt.plan import (
    Estimate,
)

SCHEMA_VERSION = 1
Json = dict[str, Any]


def days_json(week: StaffedWeek, grid: Grid, breaks: Mapping[str, int]) -> list[Json]:
    """Hours and shifts of each weekday, Monday first; `breaks` in slots by staff group."""
    return [
        {
            "weekday": WEEKDAYS[day],
            "hours": spans_json(spans),
            "shifts": [
                {
                    "staff": shift.staff,
                    "count": shift.count,
                    "from": format_time(grid.start(shift.first)),
                    "to": format_time(grid.start(shift.last)),
                    "break": None
                    if shift.break_first is None
                    else [
                        format_time(grid.start(shift.break_first)),
                        format_time(grid.start(shift.break_first + breaks[shift.staff])),
                    ],
                }
                for shift in week.shifts
                if shift.day == day
            ],
        }
        for day, spans in enumerate(week.hours)
    ]


def ledger_json(ledger: Ledger) -> Json:
    """A LEDGER whose identities hold to the cent: profit and wanted are sums of rounded parts."""
    parts = {
        name: hundredths(getattr(ledger, name))
        for name in ("sales_margin", "online_margin", "wages", "opening_cost", "goodwill")
    }
    people = {
        name: hundredths(getattr(ledger, name))
        for name in ("served", "recaptured", "online", "abandoned", "lost")
    }
    earned = parts["sales_margin"] + parts["online_margin"]
    spent = parts["wages"] + parts["opening_cost"] + parts["goodwill"]
    wanted = people["served"] + people["online"] + people["abandoned"] + people["lost"]
    told = {
        **parts,
        "profit": earned - spent,
        "open_hours": hundredths(ledger.open_hours),
        "staff_hours": hundredths(ledger.staff_hours),
        "wanted": wanted,
        **people,
    }
    return {name: value / 100 for name, value in told.items()}


def estimate_json(estimate: Estimate) -> Json:
    """Mean and range in money."""
    return {
        "mean": money(estimate.mean),
        "low": money(estimate.low),
        "high": money(estimate.high),
    }


def spans_json(spans: Spans) -> list[list[str]]:
    """`[["10:00", "19:00"]]`; empty for a closed day."""
    return [[format_time(span.start), format_time(span.end)] for span in spans]


def finite(value: float, digits: int) -> float | None:
    """Rounded; None for what is no number, for JSON knows neither NaN nor infinity."""
    return round(float(value), digits) if math.isfinite(value) else None


def money(value: float) -> float:
    """Rounded to the cent."""
    return hundredths(value) / 100


def hundredths(value: float) -> int:
    """In cents, or hundredths of a person, so that sums of rounded parts are exact."""
    return round(value * 100)
