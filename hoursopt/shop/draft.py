"""`shop.toml` while its owner works on it: unfinished, and yet never with a new fault."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from hoursopt.errors import DataError, raise_all
from hoursopt.shop import Shop
from hoursopt.shop.file import (
    SCHEMA_VERSION,
    edited,
    file_of,
    parse_document,
    read_text,
    replace_file,
    told_faults,
)
from hoursopt.shop.tables import read_tables

# What a shop that is being set up may still lack: it is told, but it stops no other change.
UNFINISHED = frozenset({"shop.no_source", "shop.needs_conversion", "shop.needs_basket_value"})

# Sections of a new shop in which its owner's own answers stand, and what follows from them.
CERTAIN = frozenset({"shop", "grid", "hours", "sources"})


@dataclass(frozen=True)
class Draft:
    """A shop.toml as it stands.

    tables: what the file says, as TOML values. parts: what of it can be used, by the attributes of
    `Shop`. faults: what is wrong or missing, each with `where` among its values.
    """

    file: Path
    text: str
    tables: Mapping[str, Any]
    parts: Mapping[str, Any]
    faults: tuple[DataError, ...]

    @property
    def folder(self) -> Path:
        """The shop's folder."""
        return self.file.parent

    @property
    def revision(self) -> str:
        """SHA-256 of the text: another one, and somebody has changed the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def shop(self) -> Shop | None:
        """The shop, None while any part of it is at fault."""
        return None if self.faults else self.unfinished_shop

    @property
    def unfinished_shop(self) -> Shop | None:
        """The shop as far as it goes, which may lack its files; None while anything is wrong."""
        if any(fault.key not in UNFINISHED for fault in self.faults):
            return None
        return Shop(**{**self.parts, "folder": self.folder})


def read_draft(path: Path | str) -> Draft:
    """The draft of a shop.toml or its folder; DataErrors of a file that is no TOML at all."""
    file = file_of(path)
    return draft_of(read_text(file), file)


def draft_of(text: str, file: Path) -> Draft:
    """The draft that a text is; DataErrors `shop.syntax`, `shop.twice`, `shop.schema`."""
    tables = parse_document(text, str(file))
    parts, faults = read_tables(tables)
    return Draft(file, text, tables, parts, tuple(told_faults(faults, str(file))))


def changed(draft: Draft, changes: Mapping[str, Any]) -> Draft:
    """The draft with single keys changed as `update_shop` does, comments kept; nothing is written.

    Raises DataError for every fault that was not there before, unless the shop is only unfinished.
    """
    fresh = draft_of(edited(draft.text, changes, str(draft.file)), draft.file)
    before = {str(fault) for fault in draft.faults}
    new = [fault for fault in fresh.faults if str(fault) not in before]
    new = [fault for fault in new if fault.key not in UNFINISHED]
    raise_all(new, "shop.faults", file=str(draft.file))
    return fresh


def write_draft(draft: Draft) -> None:
    """Put a draft in the place of the file, whole or not at all; DataError `shop.unwritable`."""
    replace_file(draft.file, draft.text)


def new_text(tables: Mapping[str, Any], comment: str) -> str:
    """The text of a new shop.toml; `comment` stands at the head of what is only proposed."""
    document = tomlkit.document()
    document["schema_version"] = SCHEMA_VERSION
    for name, given in tables.items():
        told = "" if name in CERTAIN else comment
        if isinstance(given, list):
            document.add(tomlkit.nl())
            document[name] = tomlkit.aot()
            for one in given:
                document[name].append(_table(one, told))
        else:
            document[name] = _table(given, told)
    return tomlkit.dumps(document)


def _table(given: Mapping[str, Any], comment: str) -> Any:
    table = tomlkit.table()
    if comment:
        table.comment(comment)
    for key, value in given.items():
        table.add(key, value)
    return table
