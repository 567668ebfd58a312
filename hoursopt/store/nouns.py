"""Frozen dataclasses as bytes and back, read by their declared types; no pickle.

A kept file can do no harm: nothing is built but what the declaration names, and bytes of another
form of the same noun are None, so that it is worked out again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import io
import json
import types
import typing
import zipfile
from collections.abc import Mapping, Sequence, Set
from typing import Any, TypeVar, cast

import numpy as np

from hoursopt.hours import OpeningHours, PartOfWeek, Span

Noun = TypeVar("Noun")

# What stands among values of no declared type, such as those of a diagnostic.
_LOOSE = {kind.__name__: kind for kind in (Span, OpeningHours, PartOfWeek)}
_PLAIN = (str, int, float, bool, type(None))


def pack_noun(noun: object) -> bytes:
    """All arrays as they are, and what is no array as JSON among them.

    Raises TypeError for a value that has no form here.
    """
    arrays: list[Any] = []
    head = _told(type(noun), noun, arrays)
    buffer = io.BytesIO()
    named = {f"array{number}": array for number, array in enumerate(arrays)}
    np.savez(buffer, head=np.array(json.dumps(head)), **named)
    return buffer.getvalue()


def unpack_noun(kind: type[Noun], content: bytes) -> Noun | None:
    """The noun of `pack_noun`; None for bytes of another form."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return cast(Noun, _read(kind, json.loads(str(arrays["head"])), arrays))
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, zipfile.BadZipFile):
        return None


def _told(kind: Any, value: Any, arrays: list[Any]) -> Any:
    """A value of a declared type as JSON; its arrays are added to `arrays`."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if kind in (object, Any):
        return _loose(value, arrays)
    if origin in (types.UnionType, typing.Union):
        return None if value is None else [_told(_chosen(parts, value), value, arrays)]
    if origin is np.ndarray or kind is np.ndarray:
        arrays.append(np.asarray(value))
        return len(arrays) - 1
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast(type, kind))
        names = [field.name for field in dataclasses.fields(kind) if field.init]
        return {name: _told(hints[name], getattr(value, name), arrays) for name in names}
    if origin is tuple:
        kinds = _of_tuple(parts, len(value))
        return [_told(part, one, arrays) for part, one in zip(kinds, value, strict=True)]
    if _is(origin, Mapping):
        return [
            [_told(part, one, arrays) for part, one in zip(parts, pair, strict=True)]
            for pair in value.items()
        ]
    if _is(origin, Set):
        return sorted(_told(parts[0], one, arrays) for one in value)
    if _is(origin, Sequence):
        return [_told(parts[0], one, arrays) for one in value]
    if kind is dt.date:
        return value.isoformat()
    if kind is slice:
        return [value.start, value.stop]
    if kind in _PLAIN or origin is typing.Literal:
        return value.item() if isinstance(value, np.generic) else value
    raise TypeError(f"Expected a noun of known parts, got {kind}.")


def _read(kind: Any, told: Any, arrays: Any) -> Any:
    """The value that `_told` made this of."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if kind in (object, Any):
        return _rich(told, arrays)
    if origin in (types.UnionType, typing.Union):
        (chosen,) = (part for part in parts if part is not type(None))
        return None if told is None else _read(chosen, told[0], arrays)
    if origin is np.ndarray or kind is np.ndarray:
        return arrays[f"array{told}"]
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast(type, kind))
        if told.keys() != {field.name for field in dataclasses.fields(kind) if field.init}:
            raise ValueError("Expected the same fields.")
        read = {name: _read(hints[name], one, arrays) for name, one in told.items()}
        return cast(Any, kind)(**read)
    if origin is tuple:
        kinds = _of_tuple(parts, len(told))
        return tuple(_read(part, one, arrays) for part, one in zip(kinds, told, strict=True))
    if _is(origin, Mapping):
        key, content = parts
        return {_read(key, name, arrays): _read(content, one, arrays) for name, one in told}
    if _is(origin, Set):
        return frozenset(_read(parts[0], one, arrays) for one in told)
    if _is(origin, Sequence):
        return tuple(_read(parts[0], one, arrays) for one in told)
    if kind is dt.date:
        return dt.date.fromisoformat(told)
    return slice(*told) if kind is slice else told


def _loose(value: Any, arrays: list[Any]) -> Any:
    """A value of no declared type: plain, or named after its kind."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple | list):
        return {"tuple": [_loose(one, arrays) for one in value]}
    name = type(value).__name__
    if _LOOSE.get(name) is type(value):
        return {name: _told(type(value), value, arrays)}
    raise TypeError(f"Expected a plain value, got {value!r}.")


def _rich(told: Any, arrays: Any) -> Any:
    if not isinstance(told, dict):
        return told
    ((name, content),) = told.items()
    if name == "date":
        return dt.date.fromisoformat(content)
    if name == "tuple":
        return tuple(_rich(one, arrays) for one in content)
    return _read(_LOOSE[name], content, arrays)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _of_tuple(parts: tuple[Any, ...], size: int) -> tuple[Any, ...]:
    """The type of each place of a tuple."""
    return parts[:1] * size if len(parts) == 2 and parts[1] is Ellipsis else parts


def _is(origin: Any, kind: type) -> bool:
    return isinstance(origin, type) and issubclass(origin, kind)


def _chosen(parts: tuple[Any, ...], value: object) -> Any:
    """The one type besides None."""
    (chosen,) = (part for part in parts if part is not type(None))
    return chosen
