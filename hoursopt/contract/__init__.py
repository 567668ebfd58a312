"""The machine forms of DESIGN part 2: what `--json` writes, to the letter.

Money has two decimals and people two; the identities of a ledger hold in the rounded figures.
Times are `HH:MM` of the trading day and run on past midnight (`25:30`), dates are ISO.
"""

from __future__ import annotations

from collections.abc import Sequence

from hoursopt.contract.curves import fit_json
from hoursopt.contract.figures import (
    SCHEMA_VERSION,
    Json,
    days_json,
    estimate_json,
    finite,
    ledger_json,
    money,
    spans_json,
)
from hoursopt.contract.why import (
    alternative_json,
    decides_if,
    edge_json,
    price_json,
    trial_json,
    why_json,
)
from hoursopt.hours import WEEKDAYS, Grid, OpeningHours, format_hours
from hoursopt.plan import (
    Plan,
    SeasonPlan,
    Value,
)
from hoursopt.program.answer import YearAnswer

__all__ = [
    "Json",
    "days_json",
    "decides_if",
    "estimate_json",
    "fit_json",
    "ledger_json",
    "over_year_json",
    "plan_json",
    "season_json",
    "spans_json",
    "value_json",
]


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
            season_json(season, plan.grid) | why_json(season, plan.grid) for season in plan.seasons
        ],
        "special_days": [
            {"date": day.date.isoformat(), "name": day.name, "hours": spans_json(day.hours)}
            for day in plan.special_days
        ],
        "edges": [edge_json(edge) for edge in plan.edges],
        "rules": [
            {"name": rule.name, **price_json(rule.season, rule.price, rule.hours)}
            for rule in plan.rules
        ],
        "limits": [
            {
                "limit": limit.limit,
                "group": limit.group,
                "value": limit.value,
                **price_json(limit.season, limit.price, limit.hours),
            }
            for limit in plan.limits
        ],
        "together": [
            {"freed": free.freed, **price_json(free.season, free.price, free.hours)}
            for free in plan.together
        ],
        "wishes": [
            {
                "wish": wish.wish,
                "patterns": wish.patterns,
                **price_json(wish.season, wish.price, wish.hours),
            }
            for wish in plan.wishes
        ],
        "alternatives": [alternative_json(other) for other in plan.alternatives],
        "trials": [trial_json(trial) for trial in plan.trials],
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
        "cost_per_change": money(year.cost),
        "borders": [
            {
                "from": border.before,
                "to": border.after,
                "weekdays": [WEEKDAYS[day] for day in border.weekdays],
            }
            for border in year.borders
        ],
        "profit_per_year": money(year.worth),
        "profit_free_per_year": money(year.alone),
        "status": year.status,
        "gap": finite(year.gap, 6),
        "bound": finite(year.bound, 2),
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
            "gap": finite(season.proof.gap, 6),
            "bound": finite(season.proof.bound, 2),
            "seconds": round(season.proof.seconds, 3),
        },
    }


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
