"""Which column is what: header words are data (`profiles/generic.toml`), the choice is here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

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
    """The words of one family of files: header words by role, best first, and cell words."""

    name: str
    roles: Mapping[str, tuple[str, ...]]
    cells: Mapping[str, frozenset[str]]

    @property
    def known(self) -> frozenset[str]:
        """All header words."""
        return frozenset(word for words in self.roles.values() for word in words)


@cache
def currencies() -> frozenset[str]:
    """Words and signs of money that may stand beside a number or a header."""
    return frozenset(_generic()["currencies"])


@cache
def generic(family: str) -> Profile:
    """The generic profile of a family: `sales`, `counts` or `rota`."""
    data = _generic()
    roles = {
        role: tuple(dict.fromkeys(map(plain, words)))
        for role, words in {**data["time"], **data[family]}.items()
    }
    cells = {name: data[name] for name in ("blank", "total", "no")} | dict(data["words"])
    return Profile(
        family,
        MappingProxyType(roles),
        MappingProxyType(
            {name: frozenset(map(str.casefold, words)) for name, words in cells.items()}
        ),
    )


@cache
def _generic() -> Mapping[str, Mapping]:
    text = files("hoursopt.importers").joinpath("profiles", "generic.toml").read_text("utf-8")
    return tomllib.loads(text)


def plain(header: str) -> str:
    """A header without case, punctuation and currency: `"Summa (EUR)"` is `"summa"`."""
    words = _SEPARATORS.sub(" ", header.casefold()).split()
    return " ".join([word for word in words if word not in currencies()] or words)


def header_hits(profile: Profile, columns: Mapping[str, str]) -> Hits:
    """Counts the cells of a row that are header words or columns that the owner named."""
    known = profile.known | {plain(name) for name in columns.values()}

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
    for role in named:
        if role not in profile.roles:
            known = ", ".join(role for role in profile.roles if role != "other")
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
        file=table.file,
        role=role,
        column=name,
        known=", ".join(table.header),
    )
