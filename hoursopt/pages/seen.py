"""What is known of demand, in words and tables: a cell, unlike days, the past, the habits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hoursopt.demand.model import Band, Curves, Learned
from hoursopt.demand.past import PastTest
from hoursopt.i18n import Texts
from hoursopt.kept import Occasion
from hoursopt.pages.decision import signed_percent
from hoursopt.pages.markup import Markup, Row, join, paragraph, table, tag
from hoursopt.shop import Shop

SHARES = ("recaptured", "next_day", "online")
GUESSED = "? "
WITNESSES = ("orders", "street", "footfall")


def cell(shop: Shop, curves: Curves, band: Band, where: tuple[int, int], t: Texts) -> Markup:
    """Customers an hour of a slot with their range, and where that is known from."""
    grid, (weekday, slot) = curves.grid, where
    when = t.stretch(weekday, grid.start(slot), grid.start(slot + 1))
    mean, low, high = (
        t.number(float(values[where]) / grid.slot_hours)
        for values in (band.mean, band.low, band.high)
    )
    kind = "online" if band is curves.online else str(curves.evidence[where])
    known = t(f"seen.known_{kind}", sources=witnesses(shop, t))
    told = tag("b", t("seen.cell", when=when, mean=mean, low=low, high=high))
    return tag("p", told, " ", known, class_="ho-text ho-cell", role="status")


def witnesses(shop: Shop, t: Texts) -> str:
    """Who counted while the shop was shut."""
    names = [t(f"observe.source.{name}") for name in WITNESSES if shop.sources.files(name)]
    names += [t("observe.source.peers")] * bool(shop.sources.peers)
    return ", ".join(names) or t("seen.other_hours")


def occasions(days: Sequence[Occasion], shop: Shop, t: Texts) -> Markup:
    """Dates unlike their weekday; consecutive dates of one event as one row."""
    head = [t("page.occasion"), t("page.date"), t("seen.factor")]
    rows = []
    for run in _runs(days):
        share = sum(day.factor for day in run) / len(run) - 1
        dates = t.days(run[0].date, run[-1].date)
        if len(run) == 1:
            dates = f"{t.weekday(run[0].date.weekday(), short=True)} {dates}"
        told = signed_percent(share, t)
        rows.append(Row([run[0].name, dates, told if run[0].seen else f"{GUESSED}{told}"]))
    if all(day.seen for day in days):
        return table(head, rows)
    return join([table(head, rows), paragraph(t("seen.days_unseen"), "quiet")])


def past_words(past: PastTest, t: Texts) -> Markup:
    """How many days came within their range, and how far off a day and the whole were."""
    days = len(past.dates)
    total = (past.total.mean, past.total.low, past.total.high, past.counted.sum())
    mean, low, high, came = (t.number(float(value), digits=0) for value in total)
    told = [
        t(
            "seen.past_days",
            count=days,
            inside=round(past.within * days),
            share=t.percent(past.within),
            first=past.dates[0],
            last=past.dates[-1],
        ),
        t("seen.past_total", mean=mean, low=low, high=high, came=came),
        t("seen.past_error", error=t.percent(past.error), usual=t.percent(past.usual_error)),
    ]
    return join(paragraph(sentence) for sentence in told)


def past_table(past: PastTest, t: Texts) -> Markup:
    """The picture in numbers."""
    head = [t("page.date"), t("seen.came"), t("seen.foretold"), t("plan.range")]
    band = past.foretold
    rows = []
    for number, date in enumerate(past.dates):
        low, mean, high = (
            t.number(float(values[number]), digits=0) for values in (band.low, band.mean, band.high)
        )
        came = t.number(float(past.counted[number]), digits=0)
        when = f"{t.weekday(date.weekday(), short=True)} {t.date(date)}"
        rows.append(Row([when, came, mean, t("page.span", low=low, high=high)]))
    return table(head, rows, dense=True)


def diversion(habits: Mapping[str, Learned], t: Texts) -> Markup:
    """The habits of customers of closed hours, each with its range and where it is known from."""
    rows = []
    for name, learned in habits.items():
        say = t.percent if name in SHARES else t.number
        likely = t("page.span", low=say(learned.low), high=say(learned.high))
        known = t("cli.learned" if learned.learned else "cli.assumed")
        rows.append(Row([t(f"page.{name}"), say(learned.mean), likely, known]))
    return table(["", t("page.share"), t("plan.range"), t("page.origin")], rows)


def _runs(days: Sequence[Occasion]) -> list[list[Occasion]]:
    """Dates in a row of one name."""
    runs: list[list[Occasion]] = []
    for day in days:
        if runs and runs[-1][-1].name == day.name and (day.date - runs[-1][-1].date).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
