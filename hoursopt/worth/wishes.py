"""What simpler hours would cost: Monday to Friday alike, few daily patterns, the full hour.

The price of a wish is the best week less the best week that is so simple, both on draws that
neither was planned on.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from hoursopt.errors import HoursoptError
from hoursopt.plan import Estimate, Study, Week, WishPrice
from hoursopt.program import Way, day_book
from hoursopt.program.answer import Answer
from hoursopt.scenario import Scenario
from hoursopt.shop import Rule
from hoursopt.worth.prices import best_near, doubts, net_profit, unseen

WORKDAYS = tuple(range(5))
MOST_PATTERNS = 3


def price_wishes(study: Study, way: Way) -> tuple[WishPrice, ...]:
    """What simpler hours would cost; nothing is told of those that the best week has already."""
    firm, hours = study.firm, study.best.week.hours
    wishes: list[tuple[str, int, Scenario]] = []
    if len({hours[day] for day in WORKDAYS}) > 1:
        wishes.append(("same_weekdays", 0, alike(study)))
    daily = len({spans for spans in hours if spans})
    for patterns in range(1, min(MOST_PATTERNS + 1, daily)):
        limits = dataclasses.replace(firm.limits, patterns=patterns)
        wishes.append(("patterns", patterns, firm.replace(limits=limits)))
    if any(minute % 60 for spans in hours for span in spans for minute in (span.start, span.end)):
        wishes.append(("full_hours", 0, firm))
    prices = []
    seen: set[Week] = set()
    for wish, patterns, scenario in wishes:
        find = best_on_full_hours if wish == "full_hours" else best_near
        try:
            answer = find(scenario, way)
        except HoursoptError:
            continue  # other rules do not allow hours that are so simple
        if answer is None:
            continue  # nothing but the program could tell
        if answer.week.hours in seen:
            continue  # another wish has these hours already
        seen.add(answer.week.hours)
        prices.append(
            WishPrice(
                wish,  # type: ignore[arg-type]
                patterns,
                study.scenario.name,
                Estimate.of(study.best_net - net_profit(study, answer)),
                answer.week.hours,
            )
        )
    return tuple(prices)


def alike(study: Study) -> Scenario:
    """The scenario with Monday to Friday alike; hours seen on one of them are known on all."""
    doubted = unseen(study)
    doubted[list(WORKDAYS)] = np.all(doubted[list(WORKDAYS)], axis=0)
    same = Rule("Mo-Fr", "same_hours", WORKDAYS)
    return study.firm.replace(rules=(*study.scenario.rules, same, *doubts(study, doubted)))


def best_on_full_hours(scenario: Scenario, way: Way) -> Answer | None:
    """The best week that opens and closes on the full hour; None with two openings a day.

    By the day book, whose openings can be masked. It knows neither packing nor weekly hours of
    staff: where they bind the hours are those that were best without, staffed anew.
    """
    free = scenario.replace(
        service=dataclasses.replace(scenario.service, minutes_per_order=0.0),
        staff=tuple(dataclasses.replace(group, week_hours=None) for group in scenario.staff),
    )
    book = day_book(free)
    if book is None:
        return None
    grid = scenario.grid
    full = np.array([grid.start(slot) % 60 == 0 for slot in range(grid.size + 1)])
    openings = book.frame.openings & full[None, :-1, None] & full[None, None, :]
    masked = dataclasses.replace(book, frame=dataclasses.replace(book.frame, openings=openings))
    found = masked.best()
    return found and way.staffing(scenario, found.week.hours)
