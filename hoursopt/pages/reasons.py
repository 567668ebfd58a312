"""Why the best week is as it is: worth of hours, price of rules, runners-up, trials, holidays."""

from __future__ import annotations

from collections.abc import Sequence

from hoursopt.calendar import Season
from hoursopt.hours import Span, parse_hours
from hoursopt.i18n import Texts
from hoursopt.pages.markup import Markup, Row, join, paragraph, table, tag
from hoursopt.plan import Edge, Estimate, Plan, SeasonPlan

SHOWN = 12


def strongest(edges: Sequence[Edge], season: str) -> list[Edge]:
    """The stretches of a season that are worth or cost most, the most valuable first."""
    of_season = sorted(
        (edge for edge in edges if edge.season == season), key=lambda edge: -abs(edge.worth.mean)
    )
    return sorted(of_season[:SHOWN], key=lambda edge: -edge.worth.mean)


def edges_words(edges: Sequence[Edge], currency: str, t: Texts) -> Markup:
    """The stretch that is worth most."""
    top = edges[0]
    when = t.stretch(top.weekday, top.start, top.end)
    return paragraph(t("page.edges_words", when=when, **money(top.worth, currency, t)))


def edges_table(edges: Sequence[Edge], currency: str, t: Texts) -> Markup:
    """Worth of each stretch, whose customers they are, and how that is known."""
    columns = ("hour", "now", "worth", "range", "new", "moved", "from_online", "evidence")
    rows = []
    for edge in edges:
        told = money(edge.worth, currency, t)
        rows.append(
            Row(
                [
                    t.stretch(edge.weekday, edge.start, edge.end),
                    t("plan.edge_open" if edge.is_open else "plan.edge_closed"),
                    told["mean"],
                    t("page.span", low=told["low"], high=told["high"]),
                    *(t.number(count) for count in (edge.new, edge.moved, edge.from_online)),
                    t(f"plan.evidence_{edge.evidence}"),
                ]
            )
        )
    return table([t(f"plan.{name}") for name in columns], rows)


def alternatives(plan: Plan, season: SeasonPlan, t: Texts) -> Markup | None:
    """Other hours that earn almost as much."""
    head = [t("page.hours"), t("page.profit"), t("page.less")]
    rows = [
        Row(
            [
                t.hours(parse_hours(other.hours)),
                t.money(other.profit, plan.currency, 0),
                t.money(season.best_ledger.profit - other.profit, plan.currency, 0),
            ]
        )
        for other in plan.alternatives
        if other.season == season.name
    ]
    if not rows:
        return None
    return join([tag("h2", t("plan.alternatives_title")), table(head, rows)])


def trials(plan: Plan, season: str, t: Texts) -> Markup | None:
    """Hours that are worth a trial, and what would decide."""
    told = [
        t(
            "plan.trial",
            count=trial.weeks,
            weekday=t.weekday(trial.weekday),
            span=t.span(Span(trial.start, trial.end)),
            season=trial.season,
            threshold=t.number(trial.threshold),
        )
        for trial in plan.trials
        if trial.season == season
    ]
    if not told:
        return None
    items = [tag("li", sentence) for sentence in told]
    return join([tag("h2", t("plan.trials_title")), tag("ul", *items, class_="ho-text")])


def special_days(plan: Plan, season: Season, t: Texts) -> Markup | None:
    """Hours of public holidays and events within a season."""
    head = [t("page.date"), t("page.hours"), t("page.occasion")]
    rows = [
        Row(
            [
                f"{t.weekday(day.date.weekday(), short=True)} {t.date(day.date)}",
                t.spans(day.hours),
                day.name,
            ]
        )
        for day in plan.special_days
        if season.holds(day.date)
    ]
    if not rows:
        return None
    title = tag("h2", t("plan.special_title"))
    return join([title, table(head, rows, figures=False)])


def money(estimate: Estimate, currency: str, t: Texts) -> dict[str, str]:
    """Mean, low and high in whole units."""
    amounts = {"mean": estimate.mean, "low": estimate.low, "high": estimate.high}
    return {name: t.money(amount, currency, 0) for name, amount in amounts.items()}
