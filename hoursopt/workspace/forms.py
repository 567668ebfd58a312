"""The fields of `shop.toml` as a form: which kind of entry each is, read off its description.

What a field may hold is told once, in `hoursopt.shop.fields`; only units that a number does not
tell, and what belongs together on the page, stand here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hoursopt.errors import DataError, HoursoptError
from hoursopt.hours import WEEKDAYS, OpeningHours, format_days, parse_days
from hoursopt.i18n import Texts
from hoursopt.shop.draft import Draft
from hoursopt.shop.fields import SECTIONS, Field
from hoursopt.shop.values import (
    Choice,
    Clock,
    Number,
    Pair,
    RangeOf,
    Reader,
    Whole,
    boolean,
    date,
    days_and_holidays,
    hour_or_span,
    month_day,
    positive,
    stretches,
)
from hoursopt.workspace.entries import KINDS, read_day

MANY = ("shop.faults", "workspace.several", "import.several")
PLAIN_KINDS: dict[Reader, str] = {
    boolean: "switch",
    date: "date",
    days_and_holidays: "days_and_holidays",
    hour_or_span: "hour_or_span",
    month_day: "month_day",
    stretches: "dates",
    positive: "number",
}
# Shares that may be above 1, and fields whose readers are no more than texts to the file.
OTHER_KINDS = {
    "staff.on_cost_rate": "share",
    "supplement.share": "share",
    "rule.days": "days",
    "rule.season": "season",
}


@dataclass(frozen=True)
class Entry:
    """One field of a form.

    kind: one of `KINDS`, or `choice`, `switch`, `days`, `days_and_holidays`, `season`.
    """

    section: str
    key: str
    kind: str
    options: tuple[Any, ...] = ()
    required: bool = False

    @property
    def name(self) -> str:
        """`economics.margin_rate`: under this its label stands among the texts."""
        return f"{self.section}.{self.key}"


def entries(section: str, *keys: str) -> tuple[Entry, ...]:
    """The entries of a section, in the order of `keys`; of all its fields without."""
    fields = {
        field.key: field for field in next(one for one in SECTIONS if one.name == section).fields
    }
    return tuple(_entry(section, fields[key]) for key in keys or fields)


def _entry(section: str, field: Field) -> Entry:
    entry = Entry(section, field.key, "text", required=field.required)
    match field.read:
        case Choice(options):
            return replace(entry, kind="choice", options=options)
        case Number() as number:
            kind = "share" if number.is_share else "number"
        case RangeOf(Number() as number):
            kind = "share_range" if number.is_share else "number_range"
        case RangeOf():
            kind = "number_range"
        case Whole():
            kind = "number"
        case Pair():
            kind = "pair"
        case Clock():
            kind = "clock"
        case _:
            kind = PLAIN_KINDS.get(field.read, "text")
    return replace(entry, kind=OTHER_KINDS.get(entry.name, kind))


def value_at(draft: Draft, place: str, key: str) -> Any:
    """The TOML value of a key at a place such as `economics` or `rule[2]`; None where none is."""
    return table_at(draft.tables, place).get(key)


def table_at(tables: Mapping[str, Any], place: str) -> Mapping[str, Any]:
    """The table at a place; an empty one where there is none."""
    name, _, number = place.removesuffix("]").partition("[")
    found = tables.get(name, {})
    if number:
        turn = int(number) - 1
        found = found[turn] if isinstance(found, list) and turn < len(found) else {}
    return found if isinstance(found, Mapping) else {}


def show_value(entry: Entry, value: Any, t: Texts) -> Any:
    """A TOML value as its widget has it: a text, a choice, a switch, or weekdays."""
    if entry.kind == "switch":
        return bool(value)
    if entry.kind in ("choice", "season"):
        return value
    if entry.kind in ("days", "days_and_holidays"):
        return days_of(value)
    return "" if value is None else KINDS[entry.kind].show(value, t)


def read_value(entry: Entry, written: Any) -> Any:
    """The TOML value of what a widget holds, None for nothing; DataErrors `workspace.*`."""
    if entry.kind in ("switch", "choice", "season"):
        return written
    if entry.kind in ("days", "days_and_holidays"):
        return read_days(written)
    if not str(written).strip():
        return None
    return KINDS[entry.kind].read(str(written))


def days_of(value: Any) -> list[str]:
    """`"Mo-We,PH"` as its days, one by one; none where that is no text of days."""
    parts = [part.strip() for part in str(value or "").split(",")]
    holidays = ["PH"] if "PH" in parts else []
    named = ",".join(part for part in parts if part not in ("PH", ""))
    try:
        return [*(WEEKDAYS[day] for day in (parse_days(named) if named else ())), *holidays]
    except DataError:
        return []


def read_days(chosen: Sequence[str]) -> str | None:
    """Days, one by one, as `"Mo-We,PH"`; None for none."""
    weekdays = [WEEKDAYS.index(day) for day in chosen if day in WEEKDAYS]
    parts = [*filter(None, [format_days(weekdays)]), *(["PH"] if "PH" in chosen else [])]
    return ",".join(parts) or None


def read_entries(
    place: str, form: Sequence[Entry], shown: Mapping[str, Any], written: Mapping[str, Any]
) -> tuple[dict[str, Any], list[HoursoptError]]:
    """What was changed in a form, by the keys of `save`, and what cannot be meant.

    Fields that hold what was shown are left alone, so that saving writes no default.
    """
    changes: dict[str, Any] = {}
    faults: list[HoursoptError] = []
    for entry in form:
        if written[entry.key] == shown[entry.key]:
            continue
        try:
            changes[f"{place}.{entry.key}"] = read_value(entry, written[entry.key])
        except DataError as error:
            faults.append(placed(error, f"{place}.{entry.key}"))
    return changes, faults


def read_week(written: Mapping[int, str], place: str) -> OpeningHours:
    """A week as it stands on a door, by weekday.

    Raises DataErrors placed at `place.Mo` and so on, several as causes of `workspace.several`.
    """
    days, faults = [], []
    for weekday, name in enumerate(WEEKDAYS):
        try:
            days.append(read_day(written[weekday]))
        except DataError as error:
            faults.append(placed(error, f"{place}.{name}"))
    if faults:
        raise several(faults)
    try:
        return OpeningHours(tuple(days))
    except DataError as error:
        named = error.values.get("day", WEEKDAYS[0])
        raise placed(error, f"{place}.{named}") from None


def several(faults: Sequence[HoursoptError]) -> HoursoptError:
    """The only fault, or one that tells all."""
    if len(faults) == 1:
        return faults[0]
    return DataError("workspace.several", causes=faults, count=len(faults))


def placed(error: DataError, where: str) -> DataError:
    """The error with its place among its values."""
    error.values.setdefault("where", where)
    return error


def faults_by_place(error: HoursoptError) -> dict[str, list[HoursoptError]]:
    """Single faults by their `where`, "" for those without one."""
    found: dict[str, list[HoursoptError]] = {}
    for fault in singly(error):
        found.setdefault(str(fault.values.get("where", "")), []).append(fault)
    return found


def singly(error: HoursoptError) -> tuple[HoursoptError, ...]:
    """The single faults of an error that tells several at once."""
    return error.causes if error.key in MANY and error.causes else (error,)
