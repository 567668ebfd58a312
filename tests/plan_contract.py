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
SEASON = ("name", "from", "to", "weeks", "days", "week", "gain_per_week", "advice", "solver")
EDGE = (
    "season", "weekday", "from", "to", "open", "worth_per_week", "new", "moved", "from_online",
    "evidence",
)  # fmt: skip


def validate_plan(plan: dict[str, Any]) -> None:
    """AssertionError where a plan is not what the contract says."""
    keys(plan, *PLAN)
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
        keys(rule, "name", "season", "price_per_week")
        assert rule["season"] in names
        validate_estimate(rule["price_per_week"])
    for other in plan["alternatives"]:
        keys(other, "season", "hours", "profit_per_week")
        parse_hours(other["hours"])
        numbers(other, "profit_per_week")
    for trial in plan["trials"]:
        keys(trial, "season", "weekday", "from", "to", "weeks", "decides_if")
        validate_stretch(trial, names)
        assert isinstance(trial["weeks"], int)
        assert trial["weeks"] > 0
        assert re.fullmatch(
            r"receipts per (morning|afternoon|evening|day) >= \d+\.\d", trial["decides_if"]
        )
    keys(plan["year"], "today", "best", "gain")
    validate_ledger(plan["year"]["today"])
    validate_ledger(plan["year"]["best"])
    validate_estimate(plan["year"]["gain"])


def validate_season(season: dict[str, Any], slot_minutes: int) -> None:
    """One member of `seasons`, with the staff that its shifts put on duty."""
    keys(season, *SEASON)
    assert dt.date.fromisoformat(season["from"]) <= dt.date.fromisoformat(season["to"])
    assert season["weeks"] > 0
    validate_days(season["days"], slot_minutes)
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
