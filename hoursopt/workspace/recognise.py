"""What an uploaded file is: proposed from its header, its name and its shape, never decided.

A file of a till and a file of a web shop may have the same header; words tell them apart, and else
the clock: only what counts round the clock has something in every hour of the day.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from hoursopt.errors import DataError
from hoursopt.importers import ImportReceipt, Warning_, read_source
from hoursopt.importers.checks import doubts
from hoursopt.importers.columns import (
    FAMILIES,
    TIME_ROLES,
    find_columns,
    generic,
    header_hits,
    recognise,
)
from hoursopt.importers.files import open_tables
from hoursopt.importers.text import TextTable
from hoursopt.shop import Shop, SourceOptions, Sources
from hoursopt.workspace.incoming import Arrived

WITNESS = {"sales": ("receipts", "orders"), "counts": ("footfall", "street"), "rota": ("rota",)}
"""By family: the source at the door, and that which counts round the clock."""
LONG_WORD = 5


@dataclass(frozen=True)
class Header:
    """The header of a file's first table, and the family of files to which it belongs."""

    family: str
    columns: tuple[str, ...]
    export: str = ""


@dataclass(frozen=True)
class Look:
    """A file read on trial as one source: what became of its rows, or why it cannot be read."""

    source: str
    receipts: tuple[ImportReceipt, ...] = ()
    warnings: tuple[Warning_, ...] = ()
    fault: DataError | None = None


def read_header(arrived: Arrived, options: SourceOptions) -> Header:
    """The header of a file under the family whose words it has most of.

    Raises the DataErrors `import.*` of a file that is no table at all.
    """
    best: tuple[int, Header] | None = None
    fault: DataError | None = None
    for family in WITNESS:
        try:
            table = open_tables(arrived.path, arrived.name, options, header_hits(family, {}))[0]
        except DataError as error:
            fault = fault or error
            continue
        known = recognise(table.header)
        if known:
            return Header(known.family, table.header, known.title)
        score = _score(table, family)
        if best is None or score > best[0]:
            best = score, Header(family, table.header)
    if best is None:
        raise fault or DataError("import.empty", file=arrived.name)
    return best[1]


def propose(header: Header, arrived: Arrived, shop: Shop, options: SourceOptions) -> str:
    """The source that a file most likely is, one of `SOURCES`."""
    door, always = WITNESS[header.family][0], WITNESS[header.family][-1]
    if door == always:
        return door
    told = {source: _words_of(source, arrived.name, header.columns) for source in (door, always)}
    if told[door] != told[always]:
        return max(told, key=lambda source: told[source])
    try:
        table = read_source(trial_shop(shop, door, arrived, options), door).table
    except DataError:
        return door
    return always if round_the_clock(table) else door


def round_the_clock(table: pd.DataFrame) -> bool:
    """Whether somebody is counted in every hour of the day."""
    counted = table[table["count"] > 0] if "count" in table else table
    return int(counted["time"].dt.hour.nunique()) == 24


def look(arrived: Arrived, source: str, shop: Shop, options: SourceOptions) -> Look:
    """Read a file on trial as a source; nothing of the shop is touched."""
    trial = trial_shop(shop, source, arrived, options)
    try:
        reading = read_source(trial, source)
    except DataError as error:
        return Look(source, fault=error)
    warnings = doubts(trial, {source: reading.table}, reading.receipts)
    return Look(source, reading.receipts, warnings)


def trial_shop(shop: Shop, source: str, arrived: Arrived, options: SourceOptions) -> Shop:
    """The shop with nothing but a waiting file."""
    sources = Sources(**{source: (arrived.name,)}, options={source: options})  # type: ignore[arg-type]
    return shop.replace(folder=arrived.path.parent, sources=sources)


def possible_roles(source: str) -> tuple[str, ...]:
    """The parts of a row that the owner may have to point out."""
    return {
        "sales": ("time", "date", "clock", "id", "amount"),
        "counts": ("time", "date", "clock", "count", "sensor"),
        "rota": ("from", "to", "people"),
    }[FAMILIES[source]]


def _score(table: TextTable, family: str) -> int:
    """Known parts of a row beside its time; those that only this family has count double."""
    roles = find_columns(table, generic(family), {}).keys() - {*TIME_ROLES, "other", "zone"}
    own = {"sales": {"id", "amount"}, "counts": {"count", "in"}, "rota": {"from", "to"}}[family]
    return len(roles) + 2 * len(roles & own)


def _words_of(source: str, name: str, header: Sequence[str]) -> int:
    """How many of a source's words stand in a file's name and header."""
    words = set(re.findall(r"[^\W\d_]+", " ".join([name, *header]).casefold()))
    return sum(
        any(word == known or (len(known) >= LONG_WORD and known in word) for word in words)
        for known in _words()[source]
    )


@cache
def _words() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(files("hoursopt.workspace").joinpath("words.toml").read_text("utf-8"))
