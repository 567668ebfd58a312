"""What explains a plan: worth, prices, trials and the rest, as the machine form has it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from hoursopt.contract.figures import Json, days_json, estimate_json, finite, money
from hoursopt.hours import WEEKDAYS, Grid, OpeningHours, format_hours, format_time
from hoursopt.plan import (
    Alternative,
    Edge,
    Estimate,
    PartialChange,
    RobustWeek,
    SeasonPlan,
    Stability,
    Steering,
    Trial,
    WantedHours,
    Week,
)


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


def why_json(season: SeasonPlan, grid: Grid) -> Json:
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
            name: {"mean": money(one.mean), "worst_tenth": money(one.worst)}
            for name, one in (("best", robust.best), ("robust", robust.robust))
        },
        "costs_per_week": money(robust.best.mean - robust.robust.mean),
        "saves_per_week": money(robust.robust.worst - robust.best.worst),
        "status": robust.status,
        "gap": finite(robust.gap, 6),
    }


def wanted_json(wanted: WantedHours) -> Json:
    """Customers a week by weekday (Monday first) and slot of the grid, by what became of them."""
    return {
        field.name: [
            [finite(value, 4) for value in day] for day in getattr(wanted, field.name).tolist()
        ]
        for field in dataclasses.fields(wanted)
    }


def steering_json(steering: Steering) -> Json:
    """What of the gain comes from customers who are turned into web customers."""
    return {
        "customers_per_week": round(steering.customers, 2),
        "gain_per_week": estimate_json(steering.part),
        "web_margin": money(steering.web_margin),
        "shop_margin": money(steering.shop_margin),
        "web_pays_more": steering.web_pays_more,
    }


def stability_json(stability: Stability) -> Json:
    """What is left of the gain, net of the cost of change, when less of the week changes."""
    some = stability.weekdays
    return {
        "change_cost_per_week": money(stability.change_cost),
        "one_day": [_partial_json(one) for one in stability.one_day],
        "weekdays": None if some is None else _partial_json(some),
        "this_season": {"gain_per_year": estimate_json(stability.year_gain)},
    }


def _partial_json(change: PartialChange) -> Json:
    return {
        "weekdays": [WEEKDAYS[day] for day in change.weekdays],
        "gain_per_week": estimate_json(change.gain),
        "change_cost_per_week": money(change.change_cost),
    }


def price_json(season: str, price: Estimate, hours: Week) -> Json:
    """What a rule, limit or wish costs, and the hours without it."""
    return {
        "season": season,
        "price_per_week": estimate_json(price),
        "hours": format_hours(OpeningHours(hours)) if hours else "",
    }


def alternative_json(other: Alternative) -> Json:
    """One member of `alternatives`."""
    return {
        "season": other.season,
        "hours": other.hours,
        "profit_per_week": money(other.profit),
        "less_per_week": estimate_json(other.less),
        "days_unlike_best": other.days_unlike_best,
        "days_unlike_today": other.days_unlike_today,
    }


def edge_json(edge: Edge) -> Json:
    """One member of `edges`."""
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


def trial_json(trial: Trial) -> Json:
    """One member of `trials`."""
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
        "worth_of_knowing": money(trial.knowing),
        "worth_of_trial": money(trial.learning),
        "whole_day": {
            "more_receipts": round(trial.whole_day.receipts, 2),
            "fewer_orders": round(trial.whole_day.orders, 2),
            "weeks": trial.whole_day.weeks,
        },
    }
