"""Parts of a room that are imported when they are first asked for.

A command or a page that needs a room's nouns alone does not wait for what the rest imports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def late(room: str, parts: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a room (PEP 562): names, and the modules of the room they stand in."""

    def part(name: str) -> Any:
        if name not in parts:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return getattr(import_module(f"{room}.{parts[name]}"), name)

    return part
