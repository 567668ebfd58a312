"""The machine forms of DESIGN part 2: what `--json` writes, to the letter.

Money has two decimals and people two; the identities of a ledger hold in the rounded figures.
Times are `HH:MM` of the trading day and run on past midnight (`25:30`), dates are ISO.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hoursopt.demand import DemandModel
from hoursopt.demand.model import Band
from hoursopt.evaluate import Ledger, StaffedWeek
from hoursopt.hours import WEEKDAYS, Grid, OpeningHours, Spans, format_hours, format_time
from hoursopt.plan import (
    Alternative,
    Edge,
    Estimate,
    PartialChange,
    Plan,
    RobustWeek,
    SeasonPlan,
    Stability,
    Steering,
    Trial,
    Value,
    WantedHours,
    Week,
)
from hoursopt.program.answer import YearAnswer
from hoursopt.shop import Shop

SCHEMA_VERSION = 1

Json = dict[str, Any]


def plan_json(plan: Plan) -> Json:
    """`plan --json` (DESIGN 2.4), and beyond it what only an explained plan tells.

    over_year: only where changes between seasons are bounded or cost anything.

    limits, together, wishes: prices as of rules. Each price has `hours`, the week without the rule
    or with the wish in OSM notation, "" where that is the best week itself.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "shop": plan.shop,
        "currency": plan.currency,
        "slot_minutes": plan.grid.slot_minutes,
        "horizon": {"from": plan.start.isoformat(), "weeks": plan.weeks},
        "seasons": [
            season_json(season, plan.grid) | _why_json(season, plan.grid) for season in plan.seasons
        ],
        "special_days": [
            {"date": day.date.isoformat(), "name": day.name, "hours": spans_json(day.hours)}
            for day in plan.special_days
        ],
        "edges": [_edge_json(edge) for edge in plan.edges],
        "rules": [
            {"name": rule.name, **_price_json(rule.season, rule.price, rule.hours)}
            for rule in plan.rules
        ],
        "limits": [
            {
                "limit": limit.limit,
                "group": limit.group,
                "value": limit.value,
                **_price_json(limit.season, limit.price, limit.hours),
            }
            for limit in plan.limits
        ],
        "together": [
            {"freed": free.freed, **_price_json(free.season, free.price, free.hours)}
            for free in plan.together
        ],
        "wishes": [
            {
                "wish": wish.wish,
                "patterns": wish.patterns,
                **_price_json(wish.season, wish.price, wish.hours),
            }
            for wish in plan.wishes
        ],
        "alternatives": [_alternative_json(other) for other in plan.alternatives],
        "trials": [_trial_json(trial) for trial in plan.trials],
        "year": {
            "today": ledger_json(plan.year_today),
            "best": ledger_json(plan.year_best),
            "gain": estimate_json(plan.year_gain),
        },
        **({} if plan.over_year is None else {"over_year": over_year_json(plan.over_year)}),
    }


def over_year_json(year: YearAnswer) -> Json:
    """What was decided of all seasons together; money a year, after what changes cost.

    profit_free: if changes between seasons were without bound and cost nothing.
    """
    return {
        "changes": year.changes,
        "limit": year.limit,
        "cost_per_change": _money(year.cost),
        "borders": [
            {
                "from": border.before,
                "to": border.after,
                "weekdays": [WEEKDAYS[day] for day in border.weekdays],
            }
            for border in year.borders
        ],
        "profit_per_year": _money(year.worth),
        "profit_free_per_year": _money(year.alone),
        "status": year.status,
        "gap": _finite(year.gap, 6),
        "bound": _finite(year.bound, 2),
    }


def season_json(season: SeasonPlan, grid: Grid) -> Json:
    """One member of `seasons`."""
    return {
        "name": season.name,
        "from": season.first.isoformat(),
        "to": season.last.isoformat(),
        "weeks": round(season.weeks, 4),
        "days": days_json(season.best, grid, season.breaks),
        "week": {
            "today": ledger_json(season.today_ledger),
            "best": ledger_json(season.best_ledger),
        },
        "gain_per_week": {
            **estimate_json(season.gain),
            "probability_better": round(season.probability_better, 4),
        },
        "advice": season.advice,
        "solver": {
            "name": season.proof.solver,
            "status": season.proof.status,
            "gap": _finite(season.proof.gap, 6),
            "bound": _finite(season.proof.bound, 2),
            "seconds": round(season.proof.seconds, 3),
        },
    }


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


def value_json(values: Sequence[Value], grid: Grid, named: bool) -> Json:
    """`value --json` (DESIGN 2.5); `named` where the user asked for one season."""
    weeks = [
        {
            "season": value.season,
            "hours": format_hours(OpeningHours(value.week.hours)),
            "days": days_json(value.week, grid, value.breaks),
            "week": ledger_json(value.ledger),
        }
        for value in values
    ]
    if named:
        return {"schema_version": SCHEMA_VERSION, **weeks[0]}
    return {"schema_version": SCHEMA_VERSION, "seasons": weeks}


def fit_json(model: DemandModel, shop: Shop) -> Json:
    """`fit --json` (DESIGN 2.3): every slot of the grid for every season and weekday."""
    return {
        "schema_version": SCHEMA_VERSION,
        "slot_minutes": shop.grid.slot_minutes,
        "curves": [
            cell for season in shop.seasons for cell in _curve_json(model, season.name, shop)
        ],
        "diversion": {
            name: {
                "mean": _finite(learned.mean, 4),
                "low": _finite(learned.low, 4),
                "high": _finite(learned.high, 4),
                "learned": bool(learned.learned),
            }
            for name, learned in model.diversion.items()
        },
        "parameters": {name: _finite(value, 6) for name, value in model.parameters.items()},
        "diagnostics": _diagnostics_json(model),
    }


def ledger_json(ledger: Ledger) -> Json:
    """A LEDGER whose identities hold to the cent: profit and wanted are sums of rounded parts."""
    money = {
        name: _hundredths(getattr(ledger, name))
        for name in ("sales_margin", "online_margin", "wages", "opening_cost", "goodwill")
    }
    people = {
        name: _hundredths(getattr(ledger, name))
        for name in ("served", "recaptured", "online", "abandoned", "lost")
    }
    earned = money["sales_margin"] + money["online_margin"]
    spent = money["wages"] + money["opening_cost"] + money["goodwill"]
    wanted = people["served"] + people["online"] + people["abandoned"] + people["lost"]
    hundredths = {
        **money,
        "profit": earned - spent,
        "open_hours": _hundredths(ledger.open_hours),
        "staff_hours": _hundredths(ledger.staff_hours),
        "wanted": wanted,
        **people,
    }
    return {name: value / 100 for name, value in hundredths.items()}


def estimate_json(estimate: Estimate) -> Json:
    """Mean and range in money."""
    return {
        "mean": _money(estimate.mean),
        "low": _money(estimate.low),
        "high": _money(estimate.high),
    }


def spans_json(spans: Spans) -> list[list[str]]:
    """`[["10:00", "19:00"]]`; empty for a closed day."""
    return [[format_time(span.start), format_time(span.end)] for span in spans]


def decides_if(trial: Trial) -> str:
    """The result that decides, as the contract words it: `receipts per evening >= 5.2`."""
    return f"receipts per {part_of_day(trial.start, trial.end)} >= {trial.threshold:.1f}"


def part_of_day(start: int, end: int) -> str:
    """`morning`, `afternoon`, `evening`, or `day` for a stretch over several of them."""
    if end <= 12 * 60:
        return "morning"
    if start >= 17 * 60:
        return "evening"
    return "afternoon" if start >= 12 * 60 and end <= 18 * 60 else "day"


def _why_json(season: SeasonPlan, grid: Grid) -> Json:
    """What an explained plan tells of a season beside the contract's keys; robust if asked for."""
    told: Json = {}
    if season.today_wanted is not None and season.best_wanted is not None:
        told["wanted_by_hour"] = {
            "today": wanted_json(season.today_wanted),
            "best": wanted_json(season.best_wanted),
        }
    if season.steering is not None:
        told["steering"] = steering_json(season.steering)
    if season.stability is not None:
        told["stability"] = stability_json(season.stability)
    if season.robust is not None:
        told["robust"] = robust_json(season.robust, grid, season.breaks)
    if season.uncounted:
        told["uncounted"] = True
    return told


def robust_json(robust: RobustWeek, grid: Grid, breaks: Mapping[str, int]) -> Json:
    """The week for bad times; money a week after the price of changes, of both weeks.

    worst_tenth: the mean of the worst tenth of all that may come. costs and saves: what the robust
    week has less on average than the best week, and more in the worst tenth.
    """
    return {
        "share": robust.share,
        "days": days_json(robust.week, grid, breaks),
        "profit_per_week": {
            name: {"mean": _money(one.mean), "worst_tenth": _money(one.worst)}
            for name, one in (("best", robust.best), ("robust", robust.robust))
        },
        "costs_per_week": _money(robust.best.mean - robust.robust.mean),
        "saves_per_week": _money(robust.robust.worst - robust.best.worst),
        "status": robust.status,
        "gap": _finite(robust.gap, 6),
    }


def wanted_json(wanted: WantedHours) -> Json:
    """Customers a week by weekday (Monday first) and slot of the grid, by what became of them."""
    return {
        field.name: [
            [_finite(value, 4) for value in day] for day in getattr(wanted, field.name).tolist()
        ]
        for field in dataclasses.fields(wanted)
    }


def steering_json(steering: Steering) -> Json:
    """What of the gain comes from customers who are turned into web customers."""
    return {
        "customers_per_week": round(steering.customers, 2),
        "gain_per_week": estimate_json(steering.part),
        "web_margin": _money(steering.web_margin),
        "shop_margin": _money(steering.shop_margin),
        "web_pays_more": steering.web_pays_more,
    }


def stability_json(stability: Stability) -> Json:
    """What is left of the gain, net of the cost of change, when less of the week changes."""
    some = stability.weekdays
    return {
        "change_cost_per_week": _money(stability.change_cost),
        "one_day": [_partial_json(one) for one in stability.one_day],
        "weekdays": None if some is None else _partial_json(some),
        "this_season": {"gain_per_year": estimate_json(stability.year_gain)},
    }


def _partial_json(change: PartialChange) -> Json:
    return {
        "weekdays": [WEEKDAYS[day] for day in change.weekdays],
        "gain_per_week": estimate_json(change.gain),
        "change_cost_per_week": _money(change.change_cost),
    }


def _price_json(season: str, price: Estimate, hours: Week) -> Json:
    return {
        "season": season,
        "price_per_week": estimate_json(price),
        "hours": format_hours(OpeningHours(hours)) if hours else "",
    }


def _alternative_json(other: Alternative) -> Json:
    return {
        "season": other.season,
        "hours": other.hours,
        "profit_per_week": _money(other.profit),
        "less_per_week": estimate_json(other.less),
        "days_unlike_best": other.days_unlike_best,
        "days_unlike_today": other.days_unlike_today,
    }


def _edge_json(edge: Edge) -> Json:
    return {
        "season": edge.season,
        "weekday": WEEKDAYS[edge.weekday],
        "from": format_time(edge.start),
        "to": format_time(edge.end),
        "open": edge.is_open,
        "worth_per_week": estimate_json(edge.worth),
        "new": round(edge.new, 2),
        "moved": round(edge.moved, 2),
        "from_online": round(edge.from_online, 2),
        "evidence": edge.evidence,
    }


def _trial_json(trial: Trial) -> Json:
    return {
        "season": trial.season,
        "weekday": WEEKDAYS[trial.weekday],
        "from": format_time(trial.start),
        "to": format_time(trial.end),
        "weeks": trial.weeks,
        "decides_if": decides_if(trial),
        "threshold": round(trial.threshold, 2),
        "keep_from": round(trial.keep_from, 2),
        "drop_below": round(trial.drop_below, 2),
        "power": round(trial.power, 3),
        "alternate_weeks": trial.alternate,
        "dates": [date.isoformat() for date in trial.dates],
        "worth_of_knowing": _money(trial.knowing),
        "worth_of_trial": _money(trial.learning),
        "whole_day": {
            "more_receipts": round(trial.whole_day.receipts, 2),
            "fewer_orders": round(trial.whole_day.orders, 2),
            "weeks": trial.whole_day.weeks,
        },
    }


def _curve_json(model: DemandModel, season: str, shop: Shop) -> list[Json]:
    curves, grid = model.curves(season), shop.grid
    seen = "observed" if shop.sources.orders else "none"
    return [
        {
            "season": season,
            "weekday": WEEKDAYS[weekday],
            "from": format_time(grid.start(slot)),
            "to": format_time(grid.start(slot + 1)),
            "walk_in": {
                **_band_json(curves.walk_in, weekday, slot),
                "evidence": str(curves.evidence[weekday, slot]),
            },
            "online": {**_band_json(curves.online, weekday, slot), "evidence": seen},
            "basket": {"mean": _finite(float(curves.basket[weekday, slot]), 2)},
        }
        for weekday in range(7)
        for slot in range(grid.size)
    ]


def _diagnostics_json(model: DemandModel) -> Json:
    """Values by key; a list of them where the fit tells the same of several things."""
    told: dict[str, list[Json]] = {}
    for diagnostic in model.diagnostics:
        values = {name: _plain(value) for name, value in diagnostic.values.items()}
        told.setdefault(diagnostic.key, []).append(values)
    return {key: values[0] if len(values) == 1 else values for key, values in told.items()}


def _plain(value: object) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return _finite(float(value), 6)
    return str(value)


def _band_json(band: Band, weekday: int, slot: int) -> Json:
    return {
        "mean": _finite(float(band.mean[weekday, slot]), 4),
        "low": _finite(float(band.low[weekday, slot]), 4),
        "high": _finite(float(band.high[weekday, slot]), 4),
    }


def _finite(value: float, digits: int) -> float | None:
    # JSON has no NaN and no infinity: an unknown figure is null.
    return round(float(value), digits) if math.isfinite(value) else None


def _money(value: float) -> float:
    return _hundredths(value) / 100


def _hundredths(value: float) -> int:
    return round(value * 100)
