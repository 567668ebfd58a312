"""The plan and the value of hours, season by season."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hoursopt.contract.why import robust_json
from hoursopt.evaluate import Ledger, StaffedWeek
from hoursopt.hours import Grid, OpeningHours, Span
from hoursopt.i18n import Texts
from hoursopt.plan import Edge, Estimate, Plan, RobustWeek, SeasonPlan, Value
from hoursopt.program.answer import Proof, YearAnswer
from hoursopt.tables.layout import aligned, titled
from hoursopt.tables.why import (
    alternative_lines,
    limit_lines,
    missed_table,
    rule_lines,
    said,
    stability_lines,
    steering_lines,
    trial_lines,
    trials_lead,
    wish_lines,
)

MONEY = ("sales_margin", "online_margin", "wages", "opening_cost", "goodwill", "profit")
FLOWS = ("wanted", "served", "recaptured", "online", "abandoned", "lost")
HOURS = ("open_hours", "staff_hours")
TOP_EDGES = 12
ALMOST_SURE = 0.99


def plan_text(plan: Plan, asked: float, t: Texts) -> str:
    """The whole plan; `asked` is the certainty that the owner asks for."""
    parts = [t("plan.title", shop=plan.shop, count=plan.weeks, date=t.date(plan.start))]
    parts += [season_text(season, plan, asked, t) for season in plan.seasons]
    if plan.edges:
        parts.append(titled(t("plan.edges_title"), _edges(plan.edges, plan.currency, t)))
    for title, lines in (
        ("plan.rules_title", rule_lines(plan, t)),
        ("why.limits_title", limit_lines(plan, t)),
        ("why.wishes_title", wish_lines(plan, t)),
        ("plan.alternatives_title", alternative_lines(plan, t)),
        (
            "plan.trials_title",
            [line for trial in plan.trials for line in trial_lines(trial, plan.currency, t)],
        ),
    ):
        if lines:
            parts.append(titled(t(title), "\n".join(lines)))
    if plan.special_days:
        rows = [(t.date(day.date), t.spans(day.hours), day.name) for day in plan.special_days]
        parts.append(titled(t("plan.special_title"), aligned(rows)))
    if plan.over_year is not None:
        told = "\n".join(over_year_lines(plan.over_year, plan.currency, t))
        parts.append(titled(t("plan.over_year_title"), told))
    if len(plan.seasons) > 1:
        body = ledger_table(plan.year_today, plan.year_best, plan.currency, t)
        gain = t("plan.year_gain", **_said(plan.year_gain, plan, t))
        parts.append(titled(t("plan.year_title", count=plan.weeks), f"{body}\n\n{gain}"))
    return "\n\n".join(parts)


def over_year_lines(year: YearAnswer, currency: str, t: Texts) -> list[str]:
    """What changes between the seasons, what keeping changes few costs, and the proof."""
    lines = [
        t(
            "plan.border" if border.weekdays else "plan.border_same",
            before=border.before,
            after=border.after,
            days=", ".join(t.weekday(day) for day in border.weekdays),
        )
        for border in year.borders
    ]
    if year.limit is not None:
        lines.append(t("plan.season_changes", changes=year.changes, limit=year.limit))
    if year.cost > 0:
        cost = t.money(year.cost * year.changes, currency)
        lines.append(t("plan.season_change_cost", cost=cost))
    lines.append(t("plan.seasons_free", lost=t.money(max(0.0, year.alone - year.worth), currency)))
    proven = year.status == "optimal"
    gap = t.percent(year.gap, digits=2)
    lines.append(t("plan.over_year_proven") if proven else t("plan.over_year_open", gap=gap))
    return lines


def season_text(season: SeasonPlan, plan: Plan, asked: float, t: Texts) -> str:
    """One season: hours and shifts, ledger, gain, advice and proof."""
    title = t(
        "plan.season",
        name=t.season(season.name),
        first=t.date(season.first),
        last=t.date(season.last),
        weeks=t.number(season.weeks, digits=1),
    )
    more = trials_lead(plan, season.name, t)
    told = [
        gain_text(season, plan, t),
        *steering_lines(season.steering, plan.currency, t),
        t(f"plan.advice_{season.advice}", asked=t.percent(asked)),
        *([t("why.uncounted")] if season.uncounted else []),
        *([more] if more else []),
        proof_text(season.proof, t),
    ]
    parts = [
        hours_table(season, plan.grid, t),
        ledger_table(season.today_ledger, season.best_ledger, plan.currency, t),
        "\n".join(told),
    ]
    if season.robust is not None:
        parts.append(titled(t("robust.title"), robust_text(season, season.robust, plan, t)))
    less = stability_lines(season, plan.currency, t)
    if less:
        parts.append(titled(t("why.stability_title"), "\n".join(less)))
    if season.stability is not None and season.best_wanted is not None:
        missed = missed_table(season.best_wanted, plan.grid, t)
        if missed:
            parts.append(titled(t("why.wanted_title", season=season.name), missed))
    return titled(title, "\n\n".join(parts))


def gain_text(season: SeasonPlan, plan: Plan, t: Texts) -> str:
    """What the change brings, with range and chance."""
    if season.best.hours == season.today.hours:
        return t("plan.same")
    chance = chance_text(season.probability_better, t)
    gain = t("plan.gain", chance=chance, **_said(season.gain, plan, t))
    if season.best_ledger.profit < season.today_ledger.profit:
        return f"{gain}\n{t('plan.rules_broken')}"
    return gain


def robust_text(season: SeasonPlan, robust: RobustWeek, plan: Plan, t: Texts) -> str:
    """The best week and the one for bad times beside each other, and what the one costs."""
    days: list[Sequence[str]] = [(t("plan.day"), t("plan.best"), t("robust.week"))]
    for day, pair in enumerate(zip(season.best.hours, robust.week.hours, strict=True)):
        days.append((t.weekday(day), *(t.spans(spans) for spans in pair)))
    money: list[Sequence[str]] = [("", t("plan.best"), t("robust.week"))]
    for name in ("mean", "worst"):
        told = (t.money(getattr(one, name), plan.currency) for one in (robust.best, robust.robust))
        money.append((t(f"robust.{name}"), *told))
    same = robust.week.hours == season.best.hours
    machine = robust_json(robust, plan.grid, season.breaks)
    lines = robust_lines(machine, t, plan.currency, same=same, digits=None)
    return "\n\n".join([aligned(days), aligned(money, right=(1, 2)), "\n".join(lines)])


def robust_lines(
    told: Mapping[str, Any], t: Texts, currency: str, *, same: bool, digits: int | None = 0
) -> Iterator[str]:
    """What the week for bad times costs and saves, whose hours may be the `same` as the best.

    told: its machine form; digits: of the money, None for the usual ones.
    """
    costs, saves = told["costs_per_week"], told["saves_per_week"]
    yield t("robust.asked", share=t.percent(told["share"]))
    key = "nothing" if saves <= 0 else "free" if costs <= 0 else "worth"
    if same and key == "nothing":
        yield t("robust.same")
    else:
        amounts = {"saves": saves} | ({} if key == "free" else {"costs": costs})
        shown = {name: t.money(value, currency, digits) for name, value in amounts.items()}
        yield t(f"robust.{key}", **shown)
    if told["status"] != "optimal":
        gap = 1.0 if told["gap"] is None else told["gap"]
        yield t("robust.open", gap=t.percent(gap, digits=2))


def chance_text(share: float, t: Texts) -> str:
    """A probability in words: nothing that was counted in draws is certain."""
    if share > ALMOST_SURE:
        return t("plan.over", share=t.percent(ALMOST_SURE))
    if share < 1 - ALMOST_SURE:
        return t("plan.under", share=t.percent(1 - ALMOST_SURE))
    return t.percent(share)


def proof_text(proof: Proof, t: Texts) -> str:
    """What the solver has proved."""
    seconds = t.number(proof.seconds, digits=1)
    if proof.status == "optimal":
        return t("plan.proven", solver=proof.solver, seconds=seconds)
    return t(
        "plan.not_proven", solver=proof.solver, seconds=seconds, gap=t.percent(proof.gap, digits=2)
    )


def hours_table(season: SeasonPlan, grid: Grid, t: Texts) -> str:
    """Weekdays with today's and the best hours, and who is on duty in the best week."""
    rows = [(t("plan.day"), t("plan.today"), t("plan.best"), t("plan.on_duty"))]
    for day, (today, best) in enumerate(zip(season.today.hours, season.best.hours, strict=True)):
        duty = "; ".join(shift_texts(season.best, day, grid, season.breaks, t))
        rows.append((t.weekday(day), t.spans(today), t.spans(best), duty))
    return aligned(rows)


def value_text(value: Value, grid: Grid, currency: str, t: Texts) -> str:
    """Given hours in one season: who is on duty, and the ledger."""
    hours = OpeningHours(value.week.hours)
    rows = [
        (
            t.weekday(day),
            t.spans(spans),
            "; ".join(shift_texts(value.week, day, grid, value.breaks, t)),
        )
        for day, spans in enumerate(value.week.hours)
    ]
    figures = [
        (t(f"ledger.{name}"), _figure(value.ledger, name, currency, t))
        for name in (*MONEY, *HOURS, *FLOWS)
    ]
    title = t("plan.value_title", hours=t.hours(hours), season=value.season)
    parts = [aligned(rows), aligned(figures, right=[1]), proof_text(value.proof, t)]
    return titled(title, "\n\n".join(parts))


def shift_texts(
    week: StaffedWeek, day: int, grid: Grid, breaks: Mapping[str, int], t: Texts
) -> list[str]:
    """The shifts of a day in words."""
    told = []
    for shift in week.shifts:
        if shift.day != day:
            continue
        span = t.span(Span(grid.start(shift.first), grid.start(shift.last)))
        if shift.break_first is None:
            told.append(t("plan.shift", count=shift.count, staff=shift.staff, span=span))
            continue
        over = shift.break_first + breaks[shift.staff]
        pause = t.span(Span(grid.start(shift.break_first), grid.start(over)))
        told.append(
            t("plan.shift_break", count=shift.count, staff=shift.staff, span=span, pause=pause)
        )
    return told


def ledger_table(today: Ledger, best: Ledger, currency: str, t: Texts) -> str:
    """Today, best and difference, line by line."""
    difference = best - today
    rows = [["", t("plan.today"), t("plan.best"), t("plan.difference")]]
    for name in (*MONEY, *HOURS, *FLOWS):
        columns = [_figure(ledger, name, currency, t) for ledger in (today, best, difference)]
        rows.append([t(f"ledger.{name}"), *columns])
    return aligned(rows, right=[1, 2, 3])


def _edges(edges: Sequence[Edge], currency: str, t: Texts) -> str:
    shown = sorted(edges, key=lambda edge: -abs(edge.worth.mean))[:TOP_EDGES]
    columns = ("day", "hour", "now", "worth", "range", "new", "moved", "from_online", "evidence")
    rows: list[Sequence[str]] = [[t(f"plan.{name}") for name in columns]]
    for edge in shown:
        low, high = t.money(edge.worth.low, currency), t.money(edge.worth.high, currency)
        rows.append(
            (
                t.weekday(edge.weekday, short=True),
                f"{t.span(Span(edge.start, edge.end))} ({t.season(edge.season)})",
                t("plan.edge_open") if edge.is_open else t("plan.edge_closed"),
                t.money(edge.worth.mean, currency),
                f"{low} … {high}",
                t.number(edge.new, digits=1),
                t.number(edge.moved, digits=1),
                t.number(edge.from_online, digits=1),
                t(f"plan.evidence_{edge.evidence}"),
            )
        )
    return aligned(rows, right=[3, 4, 5, 6, 7])


def _said(estimate: Estimate, plan: Plan, t: Texts) -> dict[str, str]:
    return said(estimate, plan.currency, t)


def _figure(ledger: Ledger, name: str, currency: str, t: Texts) -> str:
    value = getattr(ledger, name)
    return t.money(value, currency) if name in MONEY else t.number(value, digits=1)
