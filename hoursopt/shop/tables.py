"""From the tables of `shop.toml` to the parts of a shop, with all faults, and back."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from hoursopt.errors import DataError
from hoursopt.shop import SOURCES, Limits, Range, Shop
from hoursopt.shop.checks import Fault, find_faults
from hoursopt.shop.fields import OPTIONS, SECTIONS, Section
from hoursopt.shop.values import positive

Table = Mapping[str, Any]
_DEFAULTS = {
    field.name: field.default
    for field in dataclasses.fields(Shop)
    if field.default is not dataclasses.MISSING
}


def default_of(section: str, key: str) -> Any:
    """What a key is where the file does not say it, as a TOML value; None where nothing is."""
    described = next(one for one in SECTIONS if one.name == section)
    field = next(one for one in described.fields if one.key == key)
    if described.build is dict:
        value = _DEFAULTS.get(field.name)
    else:
        value = inspect.signature(described.build).parameters[field.name].default
    is_said = isinstance(value, str | int | float | tuple | Range) and value not in ("", ())
    # Nothing is told by 0 where the file may not say it.
    if not is_said or (field.read is positive and not value):
        return None
    return field.write(value)


def read_tables(document: Table) -> tuple[dict[str, Any], list[Fault]]:
    """The parts that could be read (by the attributes of `Shop`), and every fault of the rest."""
    faults: list[Fault] = []
    _refuse_unknown(document, [section.name for section in SECTIONS], "", faults)
    parts: dict[str, Any] = dict(_DEFAULTS)
    for section in SECTIONS:
        given = document.get(section.name, [] if section.many else {})
        if section.many:
            parts[section.part] = _read_many(section, given, faults)
        elif not isinstance(given, dict):
            parts[section.part] = None
            faults.append(Fault(section.name, DataError("shop.one_table", name=section.name)))
        elif section.name == "sources":
            parts["sources"] = _read_sources(section, given, faults)
        elif section.part:
            parts[section.part] = _read_noun(section, given, section.name, faults)
        else:
            parts |= _read_values(section, given, section.name, faults)
    parts = {name: part for name, part in parts.items() if part is not None}
    if "limits" in parts and "staff" in parts and "max_staff" not in document.get("limits", {}):
        people = sum(group.people for group in parts["staff"])
        most = max(parts["limits"].min_staff, min(Limits.max_staff, people))
        parts["limits"] = dataclasses.replace(parts["limits"], max_staff=most)
    faults.extend(find_faults(parts))
    return parts, faults


def member_faults(name: str, table: Table, where: str) -> list[Fault]:
    """What is wrong with one member of a list such as `rule`, apart from the rest of a shop."""
    faults: list[Fault] = []
    (section,) = (section for section in SECTIONS if section.name == name)
    _read_noun(section, table, where, faults)
    return faults


def show_tables(shop: Shop) -> dict[str, Any]:
    """The tables from which `read_tables` gives the same parts."""
    document: dict[str, Any] = {}
    for section in SECTIONS:
        if section.many:
            nouns: Sequence[Any] = getattr(shop, section.part)
            # A shop without seasons has the whole year: the file need not say it.
            if nouns != _DEFAULTS.get(section.part):
                document[section.name] = [_show(section, noun) for noun in nouns]
        elif table := _show(section, getattr(shop, section.part) if section.part else shop):
            document[section.name] = table
    options = {name: _show(OPTIONS, given) for name, given in shop.sources.options.items()}
    if options:
        document.setdefault("sources", {})["options"] = options
    return document


def _read_many(section: Section, given: Any, faults: list[Fault]) -> Any:
    """The nouns of an array of tables, or None where any has faults."""
    if not isinstance(given, list) or not all(isinstance(table, dict) for table in given):
        faults.append(Fault(section.name, DataError("shop.many_tables", name=section.name)))
        return None
    if not given and section.none:
        faults.append(Fault(section.name, DataError(section.none)))
    if not given:
        return _DEFAULTS.get(section.part)
    nouns = [
        _read_noun(section, table, f"{section.name}[{number}]", faults)
        for number, table in enumerate(given, start=1)
    ]
    names = [table.get("name") for table in given]
    for number, name in enumerate(names, start=1):
        if name is not None and name in names[: number - 1]:
            where = f"{section.name}[{number}].name"
            faults.append(Fault(where, DataError("shop.same_name", name=str(name))))
    return None if None in nouns else tuple(nouns)


def _read_sources(section: Section, given: Table, faults: list[Fault]) -> Any:
    files = {name: value for name, value in given.items() if name != "options"}
    sources = _read_noun(section, files, "sources", faults)
    options = given.get("options", {})
    if not isinstance(options, dict) or not all(isinstance(one, dict) for one in options.values()):
        faults.append(Fault("sources.options", DataError("shop.one_table", name="sources.options")))
        return None
    _refuse_unknown(options, SOURCES, "sources.options.", faults)
    read = {
        name: _read_noun(OPTIONS, table, f"sources.options.{name}", faults)
        for name, table in options.items()
    }
    if sources is None or None in read.values():
        return None
    return dataclasses.replace(sources, options=read)


def _read_noun(section: Section, table: Table, where: str, faults: list[Fault]) -> Any:
    """The noun of a table, or None where the table has faults."""
    found: list[Fault] = []
    values = _read_values(section, table, where, found)
    if not found:
        try:
            noun = section.build(**values)
        except DataError as error:
            found.append(Fault(where, error))
        else:
            checked = [
                Fault(f"{where}.{fault.where}", fault.error) for fault in section.check(noun)
            ]
            faults.extend(checked)
            return None if checked else noun
    faults.extend(found)
    return None


def _read_values(section: Section, table: Table, where: str, faults: list[Fault]) -> dict[str, Any]:
    """Values of a table by the names of the noun; the faulty ones are left out."""
    _refuse_unknown(table, [field.key for field in section.fields], f"{where}.", faults)
    values = {}
    for field in section.fields:
        place = f"{where}.{field.key}"
        if field.key in table:
            try:
                values[field.name] = field.read(table[field.key])
            except DataError as error:
                faults.append(Fault(place, error))
        elif field.required:
            faults.append(Fault(place, DataError("shop.missing")))
    return values


def _refuse_unknown(table: Table, known: Collection[str], prefix: str, faults: list[Fault]) -> None:
    for key in table:
        if key not in known:
            nearest = get_close_matches(key, known, n=1) or known
            error = DataError("shop.unknown_key", known=tuple(nearest))
            faults.append(Fault(f"{prefix}{key}", error))


def _show(section: Section, noun: Any) -> dict[str, Any]:
    """The table of a noun; what says nothing is left out."""
    values = section.show(noun)
    return {
        field.key: field.write(values[field.name])
        for field in section.fields
        if values[field.name] not in (None, "", (), {})
    }
