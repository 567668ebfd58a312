"""A week in words and tables: who wants to come, what it earns, who works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from hoursopt.demand.model import EVIDENCE, Band, Curves
from hoursopt.evaluate import Ledger, StaffedWeek
from hoursopt.hours import Grid, Span, Spans
from hoursopt.i18n import Texts
from hoursopt.pages.decision import signed
from hoursopt.pages.markup import Markup, Row, join, paragraph, table, tag
from hoursopt.plan import SeasonPlan
from hoursopt.tables import MONEY, shift_texts

COSTS = ("wages", "opening_cost", "goodwill")
CUSTOMERS = ("served", "recaptured", "online", "abandoned", "lost", "wanted")
HOURS = ("open_hours", "staff_hours")
LOOKS = {"profit": "strong", "wanted": "strong", "recaptured": "part"}
MARKS = {"open": "", "witness": "≈ ", "neighbour": "? ", "none": "? "}


def demand_words(curves: Curves, today: Sequence[Spans], t: Texts) -> Markup:
    """How many of those who want to come find the door closed, and the busiest hour."""
    grid, means = curves.grid, curves.walk_in.mean
    opened = np.array([grid.shares(spans) for spans in today])
    wanted = float(means.sum())
    closed = float((means * (1 - opened)).sum())
    # The busiest hour on the clock, whatever the slots are.
    slots = max(1, 60 // grid.slot_minutes)
    hours = np.lib.stride_tricks.sliding_window_view(means, slots, axis=1).sum(axis=2)
    weekday, first = np.unravel_index(int(hours.argmax()), hours.shape)
    start = grid.start(int(first))
    return paragraph(
        t(
            "page.demand_words",
            share=t.percent(closed / wanted if wanted else 0.0),
            when=t.stretch(int(weekday), start, start + 60),
            rate=t.number(float(hours.max()), digits=0),
        )
    )


def demand_legend(curves: Curves, t: Texts, *, best: bool = True) -> Markup:
    """The lines and the inks of the demand picture, those that occur in it."""
    occurring = [kind for kind in EVIDENCE if (curves.evidence == kind).any()]
    lines = ["today", *(["best"] * best)]
    items = [
        *((f"line {name}", t(f"page.line_{name}")) for name in lines),
        *((f"ink {kind}", t(f"chart.evidence_{kind}")) for kind in occurring),
    ]
    keys = [tag("li", tag("i", class_=f"ho-{look}"), told) for look, told in items]
    legend = tag("ul", *keys, class_="ho-legend")
    return join([legend, paragraph(t("page.demand_closed"), "quiet")])


def demand_table(curves: Curves, band: Band, t: Texts) -> Markup:
    """The picture in numbers: customers an hour, hour by hour, marked where never seen."""
    grid = curves.grid
    slots = max(1, 60 // grid.slot_minutes)
    head = ["", *(t.weekday(day, short=True) for day in range(7))]
    rows = []
    for first in range(0, grid.size, slots):
        inside = slice(first, first + slots)
        cells = [t.time(grid.start(first))]
        for day in range(7):
            mean = float(band.mean[day, inside].mean()) / grid.slot_hours
            weakest = max(map(str, curves.evidence[day, inside]), key=EVIDENCE.index)
            cells.append(MARKS[weakest] + t.number(mean, digits=1))
        rows.append(Row(cells))
    return join([table(head, rows, dense=True), paragraph(t("page.table_note"), "quiet")])


def ledger(
    today: Ledger, best: Ledger, currency: str, t: Texts, wish: Ledger | None = None
) -> Markup:
    """Today, best and their difference, and the wish: money, customers, hours; no lines of zeros.

    Costs have a minus, so that the columns of money add up; those of customers do but for a part.
    """
    head = [t("plan.today"), t("plan.best"), t("plan.difference")]
    head += [t("decide.wish")] if wish else []
    weeks = (today, best, *([wish] if wish else []))
    tables = []
    for title, names in (("money", MONEY), ("customers", CUSTOMERS), ("hours_of_week", HOURS)):
        rows = []
        for name in names:
            if any(getattr(week, name) for week in weeks):
                first, second, *more = (_figure(week, name, currency, t) for week in weeks)
                apart = _difference(today, best, name, currency, t)
                cells = [t(f"ledger.{name}"), first, second, apart, *more]
                rows.append(Row(cells, LOOKS.get(name, "")))
        tables.append(table([t(f"page.{title}"), *head], rows))
    return tag("div", *tables, class_="ho-ledger wide" if wish else "ho-ledger")


def _figure(week: Ledger, name: str, currency: str, t: Texts) -> str:
    """A figure of a ledger; what goes out has a minus, so that the column adds up."""
    value = getattr(week, name)
    if name in MONEY:
        return t.money(round((-1 if name in COSTS else 1) * value) + 0.0, currency, 0)
    return t.number(value, digits=0)


def _difference(today: Ledger, best: Ledger, name: str, currency: str, t: Texts) -> str:
    apart = getattr(best, name) - getattr(today, name)
    if name in MONEY:
        return signed((-1 if name in COSTS else 1) * apart, currency, t)
    told = t.number(round(apart) + 0.0, digits=0)
    return f"+{told}" if round(apart) > 0 else told


def ledger_words(season: SeasonPlan, t: Texts) -> Markup:
    """How many of those who want to come are served."""
    today, best = season.today_ledger, season.best_ledger
    people = (today.wanted, today.served, best.served)
    wanted, before, after = (t.number(count, digits=0) for count in people)
    return paragraph(t("page.ledger_words", wanted=wanted, today=before, best=after))


def staff(season: SeasonPlan, grid: Grid, t: Texts) -> Markup:
    """Shifts of each day in words, and how many people are on duty when."""
    head = [t("plan.day"), t("page.shifts"), t("page.people")]
    rows = []
    for day in range(7):
        shifts = shift_texts(season.best, day, grid, season.breaks, t)
        people = [
            t("page.people_of", span=t.span(span), people=str(count))
            for span, count in on_duty(season.best, day, season.breaks, grid)
        ]
        rows.append(Row([t.weekday(day, short=True), stacked(shifts), stacked(people)]))
    return table(head, rows, figures=False)


def staff_words(season: SeasonPlan, t: Texts) -> Markup:
    """The work that the best week and today's take."""
    best, today = (
        t.number(of.staff_hours, digits=1) for of in (season.best_ledger, season.today_ledger)
    )
    return paragraph(t("page.staff_words", best=best, today=today))


def on_duty(
    week: StaffedWeek, day: int, breaks: Mapping[str, int], grid: Grid
) -> Iterator[tuple[Span, int]]:
    """Stretches of a day with the same number of people on duty, those without anybody left out."""
    people = np.zeros(grid.size, dtype=int)
    for shift in (shift for shift in week.shifts if shift.day == day):
        people[shift.first : shift.last] += shift.count
        if shift.break_first is not None:
            people[shift.break_first : shift.break_first + breaks[shift.staff]] -= shift.count
    for count, run in groupby(range(grid.size), key=people.__getitem__):
        slots = list(run)
        if count:
            yield Span(grid.start(slots[0]), grid.start(slots[-1] + 1)), int(count)


def stacked(texts: Sequence[str]) -> Markup:
    """Texts below one another in a cell; a dash where there are none."""
    return join([tag("div", text) for text in texts or ["–"]])
