"""Hours that the data show, taken over into shop.toml."""

from __future__ import annotations

from typing import Any

from hoursopt.hours import LONGEST_DAY_END, Grid, format_time
from hoursopt.observations import SuggestedHours


def taken_over(found: SuggestedHours, grid: Grid) -> dict[str, Any]:
    """The changes by which the suggested hours become the shop's; none where none were found.

    The hours that are considered are widened where the shop was open outside them.
    """
    spans = [span for period in found.periods for day in period.hours.days for span in day]
    if not spans:
        return {}
    changes: dict[str, Any] = {
        "hours": [
            {**({"from": period.start} if period.start else {}), "hours": str(period.hours)}
            for period in found.periods
        ]
    }
    first = min(span.start for span in spans) // 60 * 60
    last = min(-(-max(span.end for span in spans) // 60) * 60, LONGEST_DAY_END)
    if first < grid.earliest:
        changes["grid.earliest"] = format_time(first)
    if last > grid.latest:
        changes["grid.latest"] = format_time(last)
    return changes
