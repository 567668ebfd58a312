"""What a change costs those who know today's hours, and what less of a change would leave.

Each part of the change is the week of today's hours with the best week's on some weekdays, with its
own best staff; what is left of the gain is judged on draws that no plan has seen.
"""

from __future__ import annotations

from collections.abc import Sequence

from hoursopt.errors import HoursoptError
from hoursopt.evaluate import profit_draws
from hoursopt.plan import Estimate, PartialChange, Stability, Study, Week
from hoursopt.program import Way
from hoursopt.program.check import changes_cost, hours_faults
from hoursopt.scenario import Scenario

WORKDAYS = range(5)


def stability(study: Study, way: Way) -> Stability:
    """The gain by parts of the change; parts that rules forbid are left out."""
    changed = changed_days(study)
    by_day = [partial_change(study, (day,), way) for day in changed]
    workdays = [day for day in changed if day in WORKDAYS]
    some = bool(workdays) and len(workdays) < len(changed)
    return Stability(
        change_cost=study.best.changes,
        one_day=tuple(
            sorted((one for one in by_day if one is not None), key=lambda one: -one.gain.mean)
        ),
        weekdays=partial_change(study, workdays, way) if some else None,
        year_gain=Estimate.of(study.net_gain * study.weeks),
    )


def changed_days(study: Study) -> list[int]:
    """Weekdays whose hours differ from today's."""
    pairs = zip(study.best.week.hours, study.scenario.today, strict=True)
    return [day for day, (best, today) in enumerate(pairs) if best != today]


def partial_change(study: Study, weekdays: Sequence[int], way: Way) -> PartialChange | None:
    """The change on some weekdays alone; None where rules or limits forbid it.

    A rule that today's hours break already forbids nothing here: the part is measured from today.
    """
    scenario = study.scenario
    hours = tuple(
        best if day in weekdays else today
        for day, (best, today) in enumerate(zip(study.best.week.hours, scenario.today, strict=True))
    )
    if hours == study.best.week.hours:
        week = study.best.week
    elif not _broken(scenario, hours) <= _broken(scenario, scenario.today):
        return None
    else:
        try:
            week = way.staffing(scenario, hours).week
        except HoursoptError:
            return None  # nobody can be found for these hours
    cost = changes_cost(scenario, hours)
    gain = profit_draws(study.fresh, week) - study.today_profit - cost
    return PartialChange(tuple(weekdays), Estimate.of(gain), cost)


def _broken(scenario: Scenario, hours: Week) -> set[tuple[object, object]]:
    """Limits and rules that hours break, with the day."""
    faults = hours_faults(scenario, hours)
    return {(fault.values["limit"], fault.values["day"]) for fault in faults}
