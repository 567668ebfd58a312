"""Which column is what: header words are data in `profiles/`, the choice is here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from hoursopt.errors import DataError
from hoursopt.importers.text import Hits, TextTable

FAMILIES = MappingProxyType(
    {
        "receipts": "sales",
        "orders": "sales",
        "footfall": "counts",
        "street": "counts",
        "rota": "rota",
    }
)
TIME_ROLES = ("time", "date", "clock", "utc")

_SEPARATORS = re.compile(r"[^\w€$£]+|_+")


@dataclass(frozen=True)
class Profile:
    """The words of files of one kind: header words by role, best first, and cell words.

    name: `sales`, `counts` or `rota` for the generic mapper, else the name of a known export.
    title: as its makers call it, "" for the generic mapper. seen: whether its header was seen in a
    real file. required: header words of which each group must have one in the header; some: words
    of which two must be there, where given. header: all header words that it is known to have.
    reading: what is known of its cells, such as the decimal sign.
    """

    name: str
    family: str
    roles: Mapping[str, tuple[str, ...]]
    cells: Mapping[str, frozenset[str]]
    title: str = ""
    seen: bool = True
    required: tuple[frozenset[str], ...] = ()
    some: frozenset[str] = frozenset()
    header: frozenset[str] = frozenset()
    reading: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[str]:
        """All header words."""
        return self.header | {word for words in self.roles.values() for word in words}

    def fits(self, words: Set[str]) -> bool:
        """Whether a header of these words is that of this export."""
        return all(words & group for group in self.required) and (
            not self.some or len(words & self.some) >= 2
        )


@cache
def currencies() -> frozenset[str]:
    """Words and signs of money that may stand beside a number or a header."""
    return frozenset(_generic()["currencies"])


@cache
def private_words() -> frozenset[str]:
    """Words of headers whose columns may hold what says who somebody is."""
    return frozenset(_generic()["private"])


@cache
def generic(family: str) -> Profile:
    """The generic profile of a family: `sales`, `counts` or `rota`."""
    data = _generic()
    roles = {
        role: tuple(dict.fromkeys(map(plain, words)))
        for role, words in {**data["time"], **data[family]}.items()
    }
    cells = {name: data[name] for name in ("blank", "total", "no")} | dict(data["words"])
    return Profile(family, family, MappingProxyType(roles), _words(cells))


@cache
def known_exports() -> tuple[Profile, ...]:
    """The exports that are known by their header, one file each in `profiles/`."""
    folder = files("hoursopt.importers").joinpath("profiles")
    found = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        data = tomllib.loads(file.read_text("utf-8")) if file.name.endswith(".toml") else {}
        if "family" in data:
            found.append(_export(file.name.removesuffix(".toml"), data))
    return tuple(found)


def _export(name: str, data: Mapping[str, Any]) -> Profile:
    def listed(value: str | list[str]) -> tuple[str, ...]:
        return tuple(map(plain, [value] if isinstance(value, str) else value))

    base = generic(data["family"])
    roles = {role: listed(value) for role, value in data["columns"].items()}
    required = tuple(frozenset(listed(group)) for group in data["required"])
    some = frozenset(listed(data.get("some", [])))
    words = {
        role: base.cells.get(role, frozenset()) | set(texts)
        for role, texts in data.get("words", {}).items()
    }
    return Profile(
        name,
        data["family"],
        MappingProxyType(roles),
        MappingProxyType({**base.cells, **_words(words)}),
        data["title"],
        data["status"] == "seen",
        required,
        some,
        frozenset(listed(data["header"])).union(some, *required),
        MappingProxyType(data.get("reading", {})),
    )


def _words(cells: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
    return MappingProxyType(
        {name: frozenset(map(str.casefold, words)) for name, words in cells.items()}
    )


@cache
def _generic() -> Mapping[str, Mapping]:
    text = files("hoursopt.importers").joinpath("profiles", "generic.toml").read_text("utf-8")
    return tomllib.loads(text)


def recognise(header: Sequence[str], family: str | None = None) -> Profile | None:
    """The known export whose header this is, the one that knows most of it; None for none."""
    words = {plain(cell) for cell in header}
    fitting = [
        export
        for export in known_exports()
        if family in (None, export.family) and export.fits(words)
    ]
    return max(fitting, key=lambda export: len(words & export.known), default=None)


def plain(header: str) -> str:
    """A header without case, punctuation and currency: `"Summa (EUR)"` is `"summa"`."""
    words = _SEPARATORS.sub(" ", header.casefold()).split()
    return " ".join([word for word in words if word not in currencies()] or words)


def header_hits(family: str, columns: Mapping[str, str]) -> Hits:
    """Counts the cells of a row that are header words or columns that the owner named."""
    exports = (export.known for export in known_exports() if export.family == family)
    known = generic(family).known.union(*exports) | {plain(name) for name in columns.values()}

    def hits(cells: Sequence[str]) -> int:
        return sum(plain(cell) in known for cell in cells)

    return hits


def find_columns(
    table: TextTable, profile: Profile, named: Mapping[str, str]
) -> dict[str, tuple[int, ...]]:
    """Columns by role, best first; those that the owner named come alone and first.

    Raises DataError `import.role` for a role that the family does not have and
    `import.column_missing` for a name that is not in the header.
    """
    possible = generic(profile.family).roles
    for role in named:
        if role not in possible:
            known = ", ".join(role for role in possible if role != "other")
            raise DataError("import.role", role=role, known=known)
    words = [plain(cell) for cell in table.header]
    found: dict[str, tuple[int, ...]] = {
        role: (_named(table, role, name),) for role, name in named.items()
    }
    taken = {column for columns in found.values() for column in columns}
    for role, synonyms in profile.roles.items():
        columns = [
            column
            for word in synonyms
            for column, cell in enumerate(words)
            if cell == word and column not in taken
        ]
        if role not in named and columns:
            found[role] = tuple(columns)
    return found


def _named(table: TextTable, role: str, name: str) -> int:
    for same in (str.strip, plain):
        for column, cell in enumerate(table.header):
            if same(cell) == same(name):
                return column
    raise DataError(
        "import.column_missing",
        file=table.named,
        role=role,
        column=name,
        known=", ".join(table.header),
    )
