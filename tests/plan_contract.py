"""The contract of `plan --json` (DESIGN 2.4) as a check: what other programs may rely on."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from hoursopt.hours import WEEKDAYS, parse_hours, parse_time

LEDGER = (
    "sales_margin", "online_margin", "wages", "opening_cost", "goodwill", "profit", "open_hours",
    "staff_hours", "wanted", "served", "recaptured", "online", "abandoned", "lost",
)  # fmt: skip
PLAN = (
    "schema_version", "shop", "currency", "slot_minutes", "horizon", "seasons", "special_days",
    "edges", "rules", "alternatives", "trials", "year",
)  # fmt: skip
# Beyond the contract: present in every plan of ours, optional for those who read one.
MORE_PLAN = ("limits", "together", "wishes")
WANTED = ("wanted", "served", "recaptured", "online", "abandoned", "lost")
SEASON = ("name", "from", "to", "weeks", "days", "week", "gain_per_week", "advice", "solver")
EDGE = (
    "season", "weekday", "from", "to", "open", "worth_per_week", "new", "moved", "from_online",
    "evidence",
)  # fmt: skip


def validate_plan(plan: dict[str, Any]) -> None:
    """AssertionError where a plan is not what the contract says."""
    keys(plan, *PLAN, *MORE_PLAN)
    assert plan["schema_version"] == 1
    assert plan["slot_minutes"] in (15, 30, 60)
    assert re.fullmatch("[A-Z]{3}", plan["currency"])
    keys(plan["horizon"], "from", "weeks")
    dt.date.fromisoformat(plan["horizon"]["from"])
    assert isinstance(plan["horizon"]["weeks"], int)
    for season in plan["seasons"]:
        validate_season(season, plan["slot_minutes"])
    names = {season["name"] for season in plan["seasons"]}
    for day in plan["special_days"]:
        keys(day, "date", "name", "hours")
        dt.date.fromisoformat(day["date"])
        validate_spans(day["hours"])
    for edge in plan["edges"]:
        keys(edge, *EDGE)
        validate_stretch(edge, names)
        assert isinstance(edge["open"], bool)
        validate_estimate(edge["worth_per_week"])
        assert edge["evidence"] in ("open", "witness", "neighbour", "none")
        numbers(edge, "new", "moved", "from_online")
    for rule in plan["rules"]:
        validate_price(rule, names, "name")
    for limit in plan["limits"]:
        validate_price(limit, names, "limit", "group", "value")
    for free in plan["together"]:
        validate_price(free, names, "freed")
        assert free["freed"] in ("rules", "rules_and_limits")
    for wish in plan["wishes"]:
        validate_price(wish, names, "wish", "patterns")
        assert wish["wish"] in ("same_weekdays", "patterns", "full_hours")
        assert (wish["patterns"] > 0) == (wish["wish"] == "patterns")
        parse_hours(wish["hours"])
    for other in plan["alternatives"]:
        keys(
            other, "season", "hours", "profit_per_week", "less_per_week", "days_unlike_best",
            "days_unlike_today",
        )  # fmt: skip
        parse_hours(other["hours"])
        numbers(other, "profit_per_week", "days_unlike_best", "days_unlike_today")
        validate_estimate(other["less_per_week"])
    for trial in plan["trials"]:
        validate_trial(trial, names)
    keys(plan["year"], "today", "best", "gain")
    validate_ledger(plan["year"]["today"])
    validate_ledger(plan["year"]["best"])
    validate_estimate(plan["year"]["gain"])


def validate_price(price: dict[str, Any], names: set[str], *own: str) -> None:
    """What something costs a week, and the hours that would be best without it."""
    keys(price, *own, "season", "price_per_week", "hours")
    assert price["season"] in names
    validate_estimate(price["price_per_week"])
    if price["hours"]:
        parse_hours(price["hours"])


def validate_trial(trial: dict[str, Any], names: set[str]) -> None:
    """How to try a stretch, and what decides."""
    keys(
        trial, "season", "weekday", "from", "to", "weeks", "decides_if", "threshold", "keep_from",
        "drop_below", "power", "alternate_weeks", "dates", "worth_of_knowing", "worth_of_trial",
        "whole_day",
    )  # fmt: skip
    validate_stretch(trial, names)
    assert isinstance(trial["weeks"], int)
    assert trial["weeks"] > 0
    assert re.fullmatch(
        r"receipts per (morning|afternoon|evening|day) >= \d+\.\d", trial["decides_if"]
    )
    assert 0 <= trial["drop_below"] <= trial["threshold"] <= trial["keep_from"]
    assert 0 < trial["power"] <= 1
    dates = [dt.date.fromisoformat(date) for date in trial["dates"]]
    assert len(dates) == trial["weeks"]
    assert {WEEKDAYS[date.weekday()] for date in dates} == {trial["weekday"]}
    assert trial["worth_of_trial"] > 0
    keys(trial["whole_day"], "more_receipts", "fewer_orders", "weeks")


def validate_why(season: dict[str, Any], slot_minutes: int) -> None:
    """What explains a season, where the plan was explained."""
    for week, told in season.get("wanted_by_hour", {}).items():
        keys(told, *WANTED)
        ledger = season["week"][week]
        for name, days in told.items():
            assert len(days) == 7
            total = sum(map(sum, days))
            # Four decimals a slot here, two of the whole week there.
            assert abs(total - ledger[name]) <= 0.005 * 4 + 0.00005 * 7 * len(days[0])
        for day in range(7):
            for slot, wanted in enumerate(told["wanted"][day]):
                parts = ("served", "online", "abandoned", "lost")
                assert abs(sum(told[name][day][slot] for name in parts) - wanted) < 0.0005
    if "steering" in season:
        told = season["steering"]
        keys(
            told, "customers_per_week", "gain_per_week", "web_margin", "shop_margin",
            "web_pays_more",
        )  # fmt: skip
        validate_estimate(told["gain_per_week"])
    if "stability" in season:
        told = season["stability"]
        keys(told, "change_cost_per_week", "one_day", "weekdays", "this_season")
        parts = [*told["one_day"], *([told["weekdays"]] if told["weekdays"] else [])]
        for part in parts:
            keys(part, "weekdays", "gain_per_week", "change_cost_per_week")
            assert set(part["weekdays"]) <= set(WEEKDAYS)
            validate_estimate(part["gain_per_week"])
        validate_estimate(told["this_season"]["gain_per_year"])


def validate_season(season: dict[str, Any], slot_minutes: int) -> None:
    """One member of `seasons`, with the staff that its shifts put on duty."""
    more = {"wanted_by_hour", "steering", "stability", "robust", "uncounted"} & set(season)
    keys(season, *SEASON, *more)
    assert season.get("uncounted", True) is True
    validate_why(season, slot_minutes)
    assert dt.date.fromisoformat(season["from"]) <= dt.date.fromisoformat(season["to"])
    assert season["weeks"] > 0
    validate_days(season["days"], slot_minutes)
    if "robust" in season:
        validate_days(season["robust"]["days"], slot_minutes)
        validate_robust(season["robust"])
    keys(season["week"], "today", "best")
    validate_ledger(season["week"]["today"])
    validate_ledger(season["week"]["best"])
    keys(season["gain_per_week"], "mean", "low", "high", "probability_better")
    validate_estimate({key: season["gain_per_week"][key] for key in ("mean", "low", "high")})
    assert 0 <= season["gain_per_week"]["probability_better"] <= 1
    assert season["advice"] in ("change", "try", "keep")
    keys(season["solver"], "name", "status", "gap", "bound", "seconds")
    assert season["solver"]["name"] in ("HiGHS", "CBC")
    assert season["solver"]["status"] in ("optimal", "feasible")


def validate_days(days: list[dict[str, Any]], slot_minutes: int) -> None:
    """Seven weekdays whose open slots all have somebody on duty."""
    assert [day["weekday"] for day in days] == list(WEEKDAYS)
    for day in days:
        keys(day, "weekday", "hours", "shifts")
        spans = validate_spans(day["hours"])
        assert spans or not day["shifts"]
        for shift in day["shifts"]:
            keys(shift, "staff", "count", "from", "to", "break")
            assert isinstance(shift["count"], int)
            assert shift["count"] > 0
            start, end = parse_time(shift["from"]), parse_time(shift["to"])
            assert start < end
            if shift["break"] is not None:
                ((first, last),) = validate_spans([shift["break"]])
                assert start < first
                assert last < end
        for start, end in spans:
            for minute in range(start, end, slot_minutes):
                assert on_duty(day["shifts"], minute) >= 1


def on_duty(shifts: list[dict[str, Any]], minute: int) -> int:
    """People at work at a minute: shifts that cover it, less those on a break."""
    people = 0
    for shift in shifts:
        if parse_time(shift["from"]) <= minute < parse_time(shift["to"]):
            pause = shift["break"]
            away = pause and parse_time(pause[0]) <= minute < parse_time(pause[1])
            people += 0 if away else shift["count"]
    return people


def validate_ledger(ledger: dict[str, Any]) -> None:
    """Both identities, to the cent and to the hundredth of a customer."""
    keys(ledger, *LEDGER)
    numbers(ledger, *LEDGER)
    assert all(round(value, 2) == value for value in ledger.values())
    earned = ledger["sales_margin"] + ledger["online_margin"]
    spent = ledger["wages"] + ledger["opening_cost"] + ledger["goodwill"]
    assert round(earned - spent, 2) == ledger["profit"]
    gone = ledger["online"] + ledger["abandoned"] + ledger["lost"]
    assert round(ledger["served"] + gone, 2) == ledger["wanted"]
    assert 0 <= ledger["recaptured"] <= ledger["served"] + 0.01


def validate_estimate(estimate: dict[str, Any]) -> None:
    """A mean and its range."""
    keys(estimate, "mean", "low", "high")
    numbers(estimate, "mean", "low", "high")
    assert estimate["low"] <= estimate["high"]


def validate_stretch(stretch: dict[str, Any], seasons: set[str]) -> None:
    """A stretch of a weekday of a planned season."""
    assert stretch["season"] in seasons
    assert stretch["weekday"] in WEEKDAYS
    assert parse_time(stretch["from"]) < parse_time(stretch["to"])


def validate_robust(robust: dict[str, Any]) -> None:
    """AssertionError where the week for bad times does not add up."""
    keys(
        robust, "share", "days", "profit_per_week", "costs_per_week", "saves_per_week", "status",
        "gap",
    )  # fmt: skip
    assert 0 < robust["share"] <= 1
    assert robust["status"] in ("optimal", "feasible")
    best, other = robust["profit_per_week"]["best"], robust["profit_per_week"]["robust"]
    assert abs(robust["costs_per_week"] - (best["mean"] - other["mean"])) < 0.02
    assert abs(robust["saves_per_week"] - (other["worst_tenth"] - best["worst_tenth"])) < 0.02


def validate_spans(spans: list[list[str]]) -> list[tuple[int, int]]:
    """Pairs of HH:MM in order; returns minutes."""
    minutes = []
    for start, end in spans:
        assert re.fullmatch(r"\d\d:\d\d", start)
        assert re.fullmatch(r"\d\d:\d\d", end)
        minutes.append((parse_time(start), parse_time(end)))
    flat = [minute for pair in minutes for minute in pair]
    assert flat == sorted(set(flat))
    return minutes


def numbers(holder: dict[str, Any], *names: str) -> None:
    """Plain numbers, no booleans."""
    for name in names:
        assert isinstance(holder[name], int | float)
        assert not isinstance(holder[name], bool)


def keys(holder: dict[str, Any], *names: str) -> None:
    """These keys and no others."""
    assert set(holder) == set(names)
