"""Why a plan is as it is, in tables and sentences: prices, trials, steering, less change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

import numpy as np

from hoursopt.hours import Grid, OpeningHours, Span, parse_hours
from hoursopt.i18n import Texts
from hoursopt.plan import Estimate, Plan, SeasonPlan, Steering, Trial, WantedHours
from hoursopt.tables.layout import aligned

TOP_HOURS = 8
FATES = ("wanted", "served", "recaptured", "online", "abandoned", "lost")
FEW = 0.05


def said(estimate: Estimate, currency: str, t: Texts) -> dict[str, str]:
    """Mean, low and high in money."""
    return {
        field.name: t.money(getattr(estimate, field.name), currency) for field in fields(estimate)
    }


def rule_lines(plan: Plan, t: Texts) -> list[str]:
    """What each rule costs, and all together."""
    lines = [
        t("plan.rule", name=rule.name, season=rule.season, **said(rule.price, plan.currency, t))
        for rule in plan.rules
    ]
    return lines + [
        t(f"why.together_{free.freed}", season=free.season, **said(free.price, plan.currency, t))
        for free in plan.together
    ]


def limit_lines(plan: Plan, t: Texts) -> list[str]:
    """What each limit that binds costs."""
    return [
        t(
            "why.limit_group" if limit.group else "why.limit",
            limit=limit.limit,
            group=limit.group,
            value=limit.value,
            season=limit.season,
            **said(limit.price, plan.currency, t),
        )
        for limit in plan.limits
    ]


def wish_lines(plan: Plan, t: Texts) -> list[str]:
    """What simpler hours would cost, and which they are."""
    return [
        t(
            f"why.wish_{wish.wish}",
            count=wish.patterns,
            season=wish.season,
            hours=t.hours(OpeningHours(wish.hours)),
            **said(wish.price, plan.currency, t),
        )
        for wish in plan.wishes
    ]


def alternative_lines(plan: Plan, t: Texts) -> list[str]:
    """Other weeks that earn almost as much."""
    best = {season.name: season.best_ledger.profit for season in plan.seasons}
    lines = []
    for other in plan.alternatives:
        told = t(
            "plan.alternative",
            hours=t.hours(parse_hours(other.hours)),
            season=other.season,
            profit=t.money(other.profit, plan.currency),
            less=t.money(best[other.season] - other.profit, plan.currency),
        )
        lines.append(f"{told}; {t('why.alternative_near', count=other.days_unlike_today)}")
    return lines


def trials_lead(plan: Plan, season: str, t: Texts) -> str | None:
    """That there is more to win by trying, and where most; None where no trial is worth it."""
    trials = [trial for trial in plan.trials if trial.season == season]
    if not trials:
        return None
    best = max(trials, key=lambda trial: trial.learning)
    when = t.stretch(best.weekday, best.start, best.end)
    money = t.money(best.learning, plan.currency, 0)
    return t("why.trials_lead", count=len(trials), when=when, money=money)


def trial_lines(trial: Trial, currency: str, t: Texts) -> list[str]:
    """One trial: when, how long, what decides, and what it is worth."""
    headline = t(
        "plan.trial",
        count=trial.weeks,
        weekday=t.weekday(trial.weekday),
        span=t.span(Span(trial.start, trial.end)),
        season=trial.season,
        threshold=t.number(trial.threshold, digits=1),
    )
    when = t(
        "why.trial_alternate" if trial.alternate else "why.trial_weekly",
        count=len(trial.dates),
        dates=", ".join(t.date(date) for date in trial.dates),
        first=t.date(trial.dates[0]),
        last=t.date(trial.dates[-1]),
    )
    day = trial.whole_day
    totals = t(
        "why.trial_totals",
        receipts=t.number(day.receipts, digits=1),
        orders=t.number(day.orders, digits=1),
    )
    alone = (
        t("why.trial_totals_never")
        if day.weeks is None
        else t("why.trial_totals_alone", count=day.weeks)
    )
    told = [
        when,
        t(
            "why.trial_firm",
            keep=t.number(trial.keep_from, digits=1),
            drop=t.number(trial.drop_below, digits=1),
        ),
        f"{totals} {alone}",
        t(
            "why.trial_worth",
            knowing=t.money(trial.knowing, currency),
            learning=t.money(trial.learning, currency),
        ),
    ]
    return [headline, *(f"  {line}" for line in told)]


def steering_lines(steering: Steering | None, currency: str, t: Texts) -> Iterator[str]:
    """What of the gain comes from turning customers to the web shop, and a warning."""
    if steering is None:
        return
    told = said(steering.part, currency, t)
    customers = t.number(abs(steering.customers), digits=1)
    if steering.customers > FEW:
        yield t("why.steering", part=told.pop("mean"), customers=customers, **told)
    elif steering.customers < -FEW:
        part = t.money(-steering.part.mean, currency)
        yield t("why.steering_back", part=part, customers=customers)
    if steering.web_pays_more and steering.customers > FEW:
        yield t(
            "why.steering_web_pays",
            web=t.money(steering.web_margin, currency),
            shop=t.money(steering.shop_margin, currency),
        )


def stability_lines(season: SeasonPlan, currency: str, t: Texts) -> list[str]:
    """What is left of the gain when less changes; nothing where nothing changes."""
    kept = season.stability
    if kept is None or not kept.one_day:
        return []
    lines = [
        t(
            "why.stability_one",
            weekday=t.weekday(one.weekdays[0]),
            **said(one.gain, currency, t),
        )
        for one in kept.one_day
    ]
    if kept.weekdays is not None:
        lines.append(t("why.stability_weekdays", **said(kept.weekdays.gain, currency, t)))
    lines.append(t("why.stability_season", **said(kept.year_gain, currency, t)))
    if kept.change_cost > 0:
        lines.append(t("why.stability_cost", cost=t.money(kept.change_cost, currency)))
    return lines


def missed_table(wanted: WantedHours, grid: Grid, t: Texts) -> str:
    """The hours of the week in which most who want to come are not served when they want."""
    hours = by_hour(wanted, grid)
    missed = hours["wanted"] - hours["served"] + hours["recaptured"]
    rows: list[Sequence[str]] = [[t("plan.hour"), *(t(f"why.{name}") for name in FATES)]]
    for place in np.argsort(-missed, axis=None)[:TOP_HOURS]:
        day, hour = np.unravel_index(int(place), missed.shape)
        if missed[day, hour] < FEW:
            break
        start = grid.earliest + 60 * int(hour)
        span = Span(start, min(start + 60, grid.latest))
        figures = (t.number(float(hours[name][day, hour]), digits=1) for name in FATES)
        rows.append([f"{t.weekday(int(day), short=True)} {t.span(span)}", *figures])
    return aligned(rows, right=list(range(1, len(FATES) + 1))) if len(rows) > 1 else ""


def by_hour(wanted: WantedHours, grid: Grid) -> dict[str, np.ndarray]:
    """(7, hours) sums of the slots of each hour."""
    slots = 60 // grid.slot_minutes
    starts = np.arange(0, grid.size, slots)
    return {name: np.add.reduceat(getattr(wanted, name), starts, axis=1) for name in FATES}
