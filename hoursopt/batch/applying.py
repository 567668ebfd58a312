"""A shop with a what-if done to it, by the rules of `shop.toml`."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Mapping
from typing import Any

from hoursopt.batch.keys import SECTION, Document, nearest
from hoursopt.batch.nouns import Add, Change, Drop, FixHours, Scale, ScaleDemand, Set, WhatIf
from hoursopt.errors import DataError, raise_all
from hoursopt.hours import format_time
from hoursopt.shop import Limits, Shop
from hoursopt.shop.file import shop_of
from hoursopt.shop.tables import show_tables


def document_of(shop: Shop) -> dict[str, Any]:
    """The tables of a shop; `max_staff` only where it is not what the number of people makes it."""
    document = show_tables(shop)
    people = sum(group.people for group in shop.staff)
    limits = document.get("limits", {})
    if shop.limits.max_staff == max(shop.limits.min_staff, min(Limits.max_staff, people)):
        limits.pop("max_staff", None)
    return document


def applied(shop: Shop, whatif: WhatIf) -> Shop:
    """The shop as the what-if has it; changes of demand and fixed hours are only checked.

    Raises DataError: `batch.no_member`, `batch.not_a_number`, `batch.off_grid`, `batch.no_season`,
    the faults that `shop.toml` would have; several as causes of `batch.faults`.
    """
    if not whatif.changes:
        return shop
    document = copy.deepcopy(document_of(shop))
    faults: list[DataError] = []
    for change in whatif.changes:
        try:
            _do(change, document)
        except DataError as error:
            faults.append(error)
    raise_all(faults, "batch.faults", where=shop.name)
    changed = shop_of(document, shop.folder)
    for change in whatif.changes:
        try:
            _look(change, changed)
        except DataError as error:
            faults.append(error)
    raise_all(faults, "batch.faults", where=shop.name)
    return changed


def changed_document(document: Document, whatif: WhatIf) -> dict[str, Any]:
    """The tables of a shop with a what-if done to them, unchecked; what cannot be done is not."""
    changed = copy.deepcopy(dict(document))
    for change in whatif.changes:
        with contextlib.suppress(DataError):
            _do(change, changed)
    return changed


def column_value(change: Change, document: Document, done: bool) -> Any:
    """What stands in the column of a change for a shop whose tables are `document`.

    `done` says whether this change was made; a key that was left alone tells the shop's own value.
    """
    match change:
        case Set(key) if not key.is_many:
            tables = key.tables(document)
            return tables[0].get(key.field) if tables else None
        case Set(_, value):
            return value if done else None
        case Scale(_, factor) | ScaleDemand(_, factor):
            return factor if done else 1.0
        case Add() | Drop():
            name = change.table.get("name") if isinstance(change, Add) else change.name
            found = [one for one in document.get(change.section, ()) if one["name"] == name]
            return {k: v for k, v in found[0].items() if k != "name"} if found else None
        case FixHours(hours):
            return str(hours) if done else None


def _do(change: Change, document: dict[str, Any]) -> None:
    match change:
        case Set(key, value):
            for table in _tables(change, document):
                table[key.field] = value
        case Scale(key, factor):
            for table in _tables(change, document):
                table[key.field] = _scaled(str(key), table.get(key.field), factor)
        case Add(section, table):
            document.setdefault(section, []).append(dict(table))
        case Drop(section, name):
            members = document.get(section, [])
            kept = [member for member in members if member["name"] != name]
            if len(kept) == len(members):
                raise _no_member(section, name, document)
            document[section] = kept
            if not kept:
                del document[section]


def _tables(change: Set | Scale, document: dict[str, Any]) -> list[Any]:
    key = change.key
    if not SECTION[key.section].many and not key.name:
        document.setdefault(key.section, {})
    tables = key.tables(document)
    if not tables:
        raise _no_member(key.section, key.name, document)
    return tables


def _no_member(section: str, name: str, document: Mapping[str, Any]) -> DataError:
    names = [member["name"] for member in document.get(section, ())]
    return DataError(
        "batch.no_member",
        section=section,
        name=name,
        known=(nearest(name, names) or tuple(names)) or ("-",),
    )


def _scaled(key: str, value: Any, factor: float) -> Any:
    """A number, or both ends of a range, times a factor."""
    if isinstance(value, list) and value:
        return [_scaled(key, part, factor) for part in value]
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise DataError("batch.not_a_number", name=key)
    # Twelve digits: 14.6 x 1.08 is 15.768 on every machine, and a whole number stays one.
    scaled = float(f"{value * factor:.12g}")
    return int(scaled) if isinstance(value, int) and scaled.is_integer() else scaled


def _look(change: Change, shop: Shop) -> None:
    if isinstance(change, FixHours) and not all(map(shop.grid.fits, change.hours.days)):
        raise DataError(
            "batch.off_grid",
            hours=str(change.hours),
            minutes=shop.grid.slot_minutes,
            earliest=format_time(shop.grid.earliest),
            latest=format_time(shop.grid.latest),
        )
    if isinstance(change, ScaleDemand) and change.season is not None:
        names = [season.name for season in shop.seasons]
        if change.season not in names:
            near = nearest(change.season, names) or tuple(names)
            raise DataError("batch.no_season", season=change.season, known=near)
