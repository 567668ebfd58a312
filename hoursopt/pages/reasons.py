"""Why the best week is as it is: worth of hours, price of rules, runners-up, trials, holidays."""

from __future__ import annotations

from collections.abc import Sequence

from hoursopt.calendar import Season
from hoursopt.hours import format_days, parse_hours
from hoursopt.i18n import Texts
from hoursopt.observations import spoken_days
from hoursopt.pages.markup import Markup, Row, join, paragraph, table, tag
from hoursopt.plan import Edge, Estimate, Plan, SeasonPlan
from hoursopt.tables.plans import over_year_lines
from hoursopt.tables.why import steering_lines, trial_lines

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


def limits(plan: Plan, season: str, t: Texts) -> Markup | None:
    """What each limit that holds the week back costs, and all rules and limits together."""
    rows = []
    for price in plan.limits:
        if price.season == season:
            room = "staff" if price.group else "limits"
            name = t(f"setup.label.{room}.{price.limit}", currency=plan.currency)
            told = t("report.limit", name=name, value=price.value)
            rows.append((f"{price.group}: {told}" if price.group else told, price.price))
    if not rows:
        return None
    rows += [
        (t(f"report.together_{both.freed}"), both.price)
        for both in plan.together
        if (both.season, both.freed) == (season, "rules_and_limits")
    ]
    title = tag("h2", t("report.limits_title"))
    note = paragraph(t("report.limits_note"), "quiet")
    return join(
        [title, _priced(["", t("page.price"), t("plan.range")], rows, plan.currency, t), note]
    )


def steering(season: SeasonPlan, currency: str, t: Texts) -> list[Markup]:
    """What of the gain comes from turning customers to the web shop; a warning where it pays."""
    told = list(steering_lines(season.steering, currency, t))
    careful = season.steering is not None and season.steering.web_pays_more and len(told) > 1
    if careful:
        return [tag("div", *map(paragraph, told), class_="ho-notice")]
    return [paragraph(line) for line in told]


def stability(season: SeasonPlan, currency: str, t: Texts) -> Markup | None:
    """What is left of the gain where only some weekdays change."""
    told = season.stability
    if told is None:
        return None
    parts = [*told.one_day, *([told.weekdays] if told.weekdays else [])]
    if len(parts) < 2:
        return None
    rows = [(spoken_days(format_days(part.weekdays), t), part.gain) for part in parts]
    head = [t("report.only_these"), t("report.gain_left"), t("plan.range")]
    title = tag("h2", t("why.stability_title"))
    note = paragraph(t("report.stability_note"), "quiet")
    return join([title, _priced(head, rows, currency, t), note])


def over_the_year(plan: Plan, t: Texts) -> Markup | None:
    """What changes from season to season, where that is bounded or has its price."""
    if plan.over_year is None:
        return None
    told = [tag("li", line) for line in over_year_lines(plan.over_year, plan.currency, t)]
    return join([tag("h2", t("plan.over_year_title")), tag("ul", *told, class_="ho-text")])


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
    """Hours that are worth a trial: on which dates, what decides, what it is worth to know."""
    items = []
    for trial in plan.trials:
        if trial.season == season:
            first, *more = trial_lines(trial, plan.currency, t)
            details = [tag("li", line.strip()) for line in more]
            items.append(tag("li", first, tag("ul", *details, class_="ho-quiet")))
    if not items:
        return None
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


def _priced(
    head: Sequence[str], prices: Sequence[tuple[str, Estimate]], currency: str, t: Texts
) -> Markup:
    """What things cost or bring, each with its range."""
    rows = []
    for name, price in prices:
        told = money(price, currency, t)
        rows.append(Row([name, told["mean"], t("page.span", low=told["low"], high=told["high"])]))
    return table(head, rows)


def money(estimate: Estimate, currency: str, t: Texts) -> dict[str, str]:
    """Mean, low and high in whole units."""
    amounts = {"mean": estimate.mean, "low": estimate.low, "high": estimate.high}
    return {name: t.money(amount, currency, 0) for name, amount in amounts.items()}
