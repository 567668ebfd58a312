"""A new shop from a few questions, with starting figures by trade and country.

The figures stand as data with their source in `presets/`; in the new shop.toml each bears a comment
that asks to check it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hoursopt.errors import DataError
from hoursopt.hours import OpeningHours, Spans
from hoursopt.i18n import Texts
from hoursopt.shop.draft import Draft, draft_of, new_text, write_draft
from hoursopt.shop.file import FILE_NAME
from hoursopt.shop.values import spans
from hoursopt.store import open_store
from hoursopt.workspace.history import FOUNDED, PAGE

RESTAURANTS = ("restaurant", "bar", "cafe")


@dataclass(frozen=True)
class Founding:
    """The answers from which a shop is made; hours are those of an ordinary week."""

    name: str
    country: str
    trade: str
    language: str
    hours: OpeningHours


def trades() -> tuple[str, ...]:
    """The trades of which there are starting figures."""
    return tuple(name for name, given in _presets("trades").items() if isinstance(given, dict))


def countries() -> tuple[str, ...]:
    """The countries of which there are starting figures (ISO 3166-1)."""
    return tuple(_presets("countries"))


def usual_hours(trade: str) -> tuple[Spans, ...]:
    """Hours to begin with: Monday to Friday, Saturday, Sunday."""
    return tuple(spans(told) for told in _presets("trades")[trade]["hours"])


def sources_of(country: str, trade: str) -> tuple[tuple[str, str], ...]:
    """Where the starting figures come from, with their status: the trade's, then the land's."""
    own, land = _presets("trades"), _presets("countries")[country]
    return (own["status"], own["source"]), (land["status"], land["source"])


def found_shop(founding: Founding, folder: Path) -> Draft:
    """Make the shop in a folder, which may hold files but no shop.toml yet.

    Raises DataErrors of the answers, `workspace.there_already` and `workspace.unwritable`.
    """
    t = Texts(founding.language)
    if not founding.name.strip():
        raise DataError("workspace.no_name", where="shop.name")
    if not founding.hours.open_days:
        raise DataError("workspace.never_open")
    file = folder / FILE_NAME
    if file.exists():
        raise DataError("workspace.there_already", folder=folder)
    draft = draft_of(new_text(_tables(founding, t), t("setup.starting_figure")), file)
    if draft.unfinished_shop is None:
        raise draft.faults[0]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("workspace.unwritable", folder=folder, reason=error.strerror) from error
    write_draft(draft)
    with open_store(folder) as store:
        store.save_change(PAGE, f"{FOUNDED} {founding.trade}", "", draft.text)
    return draft


def _tables(founding: Founding, t: Texts) -> dict[str, Any]:
    """The tables of the new shop.toml."""
    own, land = _presets("trades")[founding.trade], _presets("countries")[founding.country]
    prices = land.get("prices", 1.0)
    last = max((span.end for spans in founding.hours.days for span in spans), default=0)
    latest = max(own.get("latest", "24:00"), f"{-(-last // 60):02d}:00")
    people = own["people"]
    staff = {
        "name": t("setup.employee"),
        "people": people,
        "hourly_wage": land["wage"],
        "on_cost_rate": land["on_cost"],
        "supplements": True,
        "shift_hours": land.get("shift_hours", [4, 9]),
    }
    if "break_minutes" in land:
        staff |= {name: land[name] for name in ("break_after_hours", "break_minutes")}
    return {
        "shop": {
            "name": founding.name.strip(),
            "country": founding.country,
            "timezone": land["timezone"],
            "currency": land["currency"],
            "language": founding.language,
        },
        "grid": {"slot_minutes": 30, "earliest": "06:00", "latest": latest},
        "hours": [{"hours": str(founding.hours)}],
        "economics": {
            "prices_include_vat": founding.country != "US",
            "vat_rate": land["vat"][own["vat"]],
            "margin_rate": own["margin_rate"],
            "online_margin_rate": own.get("online_margin_rate", own["margin_rate"]),
            "open_hour_cost": _round(own["open_hour_cost"] * prices),
            "open_day_cost": _round(own["open_day_cost"] * prices),
        },
        "service": {name: own[name] for name in ("minutes_per_customer", "patience_minutes")},
        "staff": [
            {
                "name": t("setup.owner"),
                "people": 1,
                "hourly_cost": land["wage"],
                "supplements": False,
                "shift_hours": [0, 12],
                "week_hours": 45,
            },
            staff,
        ],
        "supplement": list(_supplements(founding, land, t)),
        "limits": {"min_staff": 1, "max_staff": people + 1, "min_open_hours": 3},
    }


def door_counter_figures(country: str, trade: str) -> dict[str, float]:
    """What a shop with a door counter and no till needs, to begin with."""
    own, prices = _presets("trades")[trade], _presets("countries")[country].get("prices", 1.0)
    return {"conversion": own["conversion"], "basket_value": _round(own["basket"] * prices)}


def _supplements(founding: Founding, land: Mapping[str, Any], t: Texts) -> Iterator[dict[str, Any]]:
    kind = "restaurant_supplement" if founding.trade in RESTAURANTS else "supplement"
    for given in land.get(kind, land.get("supplement", ())):
        yield {**given, "name": t(f"setup.supplement_{given['name']}")}


def _round(amount: float) -> float:
    """A price of size, not of cents."""
    return float(round(amount)) if amount >= 20 else round(amount, 1)


@cache
def _presets(name: str) -> dict[str, Any]:
    file = files("hoursopt.workspace").joinpath("presets", f"{name}.toml")
    return tomllib.loads(file.read_text("utf-8"))
