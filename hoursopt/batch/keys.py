"""Keys of `shop.toml` as a sweep names them: `economics.margin_rate`, `staff.owner.hourly_cost`.

Members of lists (`[[staff]]`, `[[rule]]`, `[[season]]` ...) go by their names, `*` is all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from hoursopt.errors import DataError
from hoursopt.shop import SOURCES
from hoursopt.shop.fields import OPTIONS, SECTIONS, Field

Document = Mapping[str, Any]

EVERY = "*"
SECTION = {section.name: section for section in SECTIONS}
NAMED = tuple(name for name, section in SECTION.items() if section.many and name != "hours")
"""Lists of the file whose members have names."""


@dataclass(frozen=True)
class Key:
    """One key of shop.toml; `name` is the member of a list, or the source of its options."""

    section: str
    name: str
    field: str

    def __str__(self) -> str:
        return ".".join(filter(None, (self.section, self.name, self.field)))

    @property
    def is_many(self) -> bool:
        """Whether the key stands for several members."""
        return self.name == EVERY

    @property
    def form(self) -> Field:
        """How its value is read."""
        fields = OPTIONS.fields if self._is_option else SECTION[self.section].fields
        return next(field for field in fields if field.key == self.field)

    @property
    def _is_option(self) -> bool:
        return self.section == "sources" and bool(self.name)

    def tables(self, document: Document) -> list[MutableMapping[str, Any]]:
        """The tables of a document that hold the key, none where no member has the name.

        `*` leaves out members that do not have the field: an owner has no hourly_wage.
        """
        if self._is_option:
            options = document.get("sources", {}).get("options", {})
            source = self.name.removeprefix("options.")
            return [options[source]] if source in options else []
        if not SECTION[self.section].many:
            return [document[self.section]] if self.section in document else []
        members = document.get(self.section, [])
        if self.is_many:
            return [member for member in members if self.field in member]
        return [member for member in members if member["name"] == self.name]


def read_key(text: str, known: Iterable[str]) -> Key:
    """The key that a text names; `known` keys, as `known_keys` gives them, for who errs.

    Raises DataError `batch.hours_key` for the history of hours, `batch.unknown_key`.
    """
    section, _, rest = text.partition(".")
    name, _, field = rest.rpartition(".")
    if section == "hours":
        raise DataError("batch.hours_key", name=text)
    if section in SECTION:
        is_option = section == "sources" and name.removeprefix("options.") in SOURCES
        fields = OPTIONS.fields if is_option else SECTION[section].fields
        fits = bool(name) == SECTION[section].many or is_option
        if fits and field in {one.key for one in fields}:
            return Key(section, name, field)
    near = nearest(text, known) or tuple(name for name in SECTION if name != "hours")
    raise DataError("batch.unknown_key", name=text, known=near)


Members = Mapping[str, Mapping[str, None]]
"""Names of the members of each list, in the order in which they were met."""


def members_of(documents: Iterable[Document]) -> Members:
    """The members that any of these shops has."""
    names: dict[str, dict[str, None]] = {section: {} for section in NAMED}
    for document in documents:
        for section in NAMED:
            names[section] |= dict.fromkeys(one["name"] for one in document.get(section, ()))
    return names


def known_keys(members: Members) -> Iterator[str]:
    """All keys that a sweep over shops with these members can name."""
    for section in SECTIONS:
        if section.name != "hours":
            names = (EVERY, *members[section.name]) if section.many else ()
            prefixes = [f"{section.name}.{name}" for name in names] or [section.name]
            for prefix in prefixes:
                yield from (f"{prefix}.{field.key}" for field in section.fields)
    for source in SOURCES:
        yield from (f"sources.options.{source}.{field.key}" for field in OPTIONS.fields)


def nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words most like one, at most three."""
    return tuple(get_close_matches(word, list(known), n=3, cutoff=0.4))


def leaves(table: Document, path: str = "") -> Iterator[tuple[str, Any]]:
    """Keys and values of nested tables, as deep as keys of shop.toml go."""
    for name, value in table.items():
        key = f"{path}.{name}" if path else name
        if isinstance(value, Mapping) and not _is_whole(key):
            yield from leaves(value, key)
        else:
            yield key, value


def _is_whole(key: str) -> bool:
    """Whether a key is as deep as can be, so that a table is its value (`exceptions.hours`)."""
    section, _, rest = key.partition(".")
    if section in NAMED:
        return rest.count(".") > 0
    return bool(rest) and not rest.startswith("options")
