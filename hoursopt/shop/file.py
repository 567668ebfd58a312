"""`shop.toml`: read with all its faults told at once, written, and changed in place."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit

from hoursopt.errors import DataError, raise_all
from hoursopt.shop import SOURCES, Shop, Sources
from hoursopt.shop.checks import Fault
from hoursopt.shop.tables import read_tables, show_tables

FILE_NAME = "shop.toml"
SCHEMA_VERSION = 1
_KEY_PART = re.compile(r"([\w-]+)(?:\[(\d+|\+)\])?")


def file_of(path: Path | str) -> Path:
    """The shop.toml of a folder; a path to a file stays as it is."""
    path = Path(path)
    return path / FILE_NAME if path.is_dir() else path


def read_shop(path: Path | str) -> Shop:
    """The shop of a `shop.toml`, or of the folder that holds one; all its data files exist.

    So do the shop.toml of its peers, of which each is named once and none is the shop itself.

    Raises DataError: the only fault, or `shop.faults` with every fault as a cause.
    """
    file = file_of(path)
    parts, faults = _read(read_text(file), str(file))
    sources = parts.get("sources", Sources())
    for source in SOURCES:
        for name in sources.files(source):
            if not (file.parent / name).is_file():
                fault = Fault(f"sources.{source}", DataError("shop.no_data_file", name=name))
                faults.append(fault)
    faults += _peer_faults(sources, file)
    return _shop(parts, faults, file)


def read_peer(shop: Shop, name: str) -> Shop:
    """Another shop of the chain, as `name` of the shop's sources has it, with its receipts alone.

    Its own peers are not looked at. Raises DataError as `read_shop`, and `shop.peer_no_receipts`.
    """
    file = file_of(shop.folder / name)
    peer = read_shop(file)
    options = {source: one for source, one in peer.sources.options.items() if source == "receipts"}
    if not peer.sources.receipts:
        raise DataError("shop.peer_no_receipts", file=str(file))
    return peer.replace(sources=Sources(receipts=peer.sources.receipts, options=options))


def parse_shop(text: str, folder: Path) -> Shop:
    """The shop that a text describes; whether its data files exist is not looked at.

    Raises DataError as `read_shop`.
    """
    file = folder / FILE_NAME
    return _shop(*_read(text, str(file)), file)


def shop_of(document: Mapping[str, Any], folder: Path) -> Shop:
    """The shop that tables describe, as `show_tables` gives them and with whatever was changed.

    Whether its data files exist is not looked at. Raises DataError as `read_shop`.
    """
    return _shop(*read_tables(document), folder / FILE_NAME)


def write_shop(shop: Shop, path: Path | str) -> None:
    """Write a shop to a new or replaced `shop.toml`, all at once or not at all.

    Raises DataError `shop.unwritable`.
    """
    replace_file(file_of(path), format_shop(shop))


def format_shop(shop: Shop) -> str:
    """The text from which `parse_shop` reads the same shop."""
    return tomlkit.dumps({"schema_version": SCHEMA_VERSION, **show_tables(shop)})


def update_shop(path: Path | str, changes: Mapping[str, Any]) -> Shop:
    """Change single keys of a `shop.toml` and leave all else, comments too, as it is.

    Keys are those of the file: `"economics.margin_rate"`, `"rule[2].at"` (counted from 1), a whole
    part (`"rule"`: a list of tables), or `"rule[+]"` for one more. Values are TOML values; None
    takes the key out. Gives the changed shop. Raises DataError, and then the file is as before.
    """
    file = file_of(path)
    text = read_text(file)
    _read(text, str(file))  # a text that is no TOML is told in our words
    changed = edited(text, changes, str(file))
    shop = _shop(*_read(changed, str(file)), file)
    replace_file(file, changed)
    return shop


def edited(text: str, changes: Mapping[str, Any], file: str) -> str:
    """A shop.toml's text with single keys changed as `update_shop` says."""
    document = tomlkit.parse(text)
    for key, value in changes.items():
        _set(document, key, value, file)
    return tomlkit.dumps(document)


def _peer_faults(sources: Sources, file: Path) -> list[Fault]:
    """Peers without a shop.toml, named twice, or the shop itself."""
    faults, met = [], {file.resolve()}
    for name in sources.peers:
        peer = file_of(file.parent / name)
        if not peer.is_file():
            faults.append(Fault("sources.peers", DataError("shop.no_peer", name=name)))
        elif peer.resolve() in met:
            faults.append(Fault("sources.peers", DataError("shop.peer_again", name=name)))
        met.add(peer.resolve())
    return faults


def read_text(file: Path) -> str:
    """The text of a shop.toml; DataErrors `shop.no_file`, `shop.encoding`, `shop.unreadable`."""
    try:
        return file.read_text("utf-8-sig")
    except FileNotFoundError:
        raise DataError("shop.no_file", file=str(file)) from None
    except UnicodeDecodeError as error:
        raise DataError("shop.encoding", file=str(file), byte=error.start) from None
    except OSError as error:
        raise DataError("shop.unreadable", file=str(file), reason=error.strerror) from None


def _shop(parts: Mapping[str, Any], faults: list[Fault], file: Path) -> Shop:
    raise_all(told_faults(faults, str(file)), "shop.faults", file=str(file))
    return Shop(**{**parts, "folder": file.parent})


def told_faults(faults: Sequence[Fault], file: str) -> list[DataError]:
    """Faults as errors that name their place in the file."""
    return [_told(fault, file) for fault in faults]


def _told(fault: Fault, file: str) -> DataError:
    """The fault with its place; errors of other rooms, which know of no file, become causes."""
    where, error = fault
    if error.key.startswith("shop."):
        error.values |= {"file": file, "where": where}
        return error
    return DataError("shop.value", causes=(error,), file=file, where=where)


def _read(text: str, file: str) -> tuple[dict[str, Any], list[Fault]]:
    """Attributes of the shop that could be read, and all faults."""
    return read_tables(parse_document(text, file))


def parse_document(text: str, file: str) -> dict[str, Any]:
    """The tables of a text; DataErrors `shop.syntax`, `shop.twice`, `shop.schema`."""
    document = parse_toml(text, file)
    version = document.pop("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise DataError("shop.schema", file=file, version=str(version), known=SCHEMA_VERSION)
    return document


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """The tables of a TOML text; DataError `shop.syntax` or `shop.twice` with line and column."""
    lines = text.splitlines() or [""]
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = map(int, found.groups()) if found else (len(lines), len(lines[-1]) + 1)
        if column == 1 and line > 1 and not str(error).startswith("Invalid statement"):
            # An unfinished list is noticed only where the next line begins.
            line, column = line - 1, len(lines[line - 2]) + 1
        is_twice = re.match("Cannot (overwrite|declare|mutate)", str(error))
        raise DataError(
            "shop.twice" if is_twice else "shop.syntax",
            file=file,
            line=line,
            column=column,
            text=lines[min(line, len(lines)) - 1].strip(),
        ) from None


def _set(document: Any, key: str, value: Any, file: str) -> None:
    steps: list[str | int] = []
    for part in key.split("."):
        found = _KEY_PART.fullmatch(part)
        if found is None:
            raise ValueError(f"Expected a key such as 'rule[2].at', got {key!r}.")
        if found[2] == "+":
            document.setdefault(found[1], tomlkit.aot()).append(tomlkit.item(value))
            return
        steps += [found[1]] if found[2] is None else [found[1], int(found[2])]
    table = document
    for step in steps[:-1]:
        if isinstance(step, str) and step not in table:
            table[step] = tomlkit.table()
        table = table[_place(table, step, key, file)]
    last = _place(table, steps[-1], key, file)
    if value is not None:
        table[last] = tomlkit.item(list(value) if isinstance(value, tuple) else value)
    elif isinstance(last, int) or last in table:
        del table[last]
        if isinstance(last, int) and not table:
            del document[steps[0]]


def _place(table: Any, step: str | int, key: str, file: str) -> str | int:
    """The name of a key, or the index of an entry that was counted from 1."""
    if isinstance(step, str):
        return step
    if not 1 <= step <= len(table):
        raise DataError("shop.no_item", file=file, where=key, count=len(table))
    return step - 1


def replace_file(file: Path, text: str) -> None:
    """Write beside the file and put it in its place: a crash leaves the old or the new text."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            shutil.copymode(file, fresh)
        os.replace(fresh, file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise DataError("shop.unwritable", file=str(file), reason=error.strerror) from None
