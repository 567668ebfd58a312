"""Imports point down only, and each outside library has one home."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hoursopt"

# From the ground up; rooms of one line may not import one another.
LAYERS = (
    ("errors", "fonts", "late"),
    ("hours",),
    ("i18n", "diversion", "paper"),
    ("calendar",),
    ("shop",),
    ("response", "wages", "importers"),
    ("observations",),
    ("store", "demand"),
    ("simulate", "scenario"),
    ("evaluate",),
    ("program",),
    ("plan",),
    ("worth",),
    ("planning",),
    ("contract", "flow", "doctor", "kept", "suppose"),
    ("seasons",),
    ("charts", "tables", "publish"),
    ("report", "batch", "workspace"),
    ("pages", "cli"),
    ("__main__",),
)

HOMES = {
    "streamlit": ("pages",),
    "altair": ("charts",),
    "pulp": ("program",),
    "highspy": ("program",),
    "holidays": ("calendar",),
    "babel": ("i18n",),
    "python_calamine": ("importers",),
    # Files in and results out: a chain's runs are read by others as Parquet.
    "pyarrow": ("importers", "batch"),
    "sqlite3": ("store",),
    "tomlkit": ("shop",),
    "fpdf": ("paper",),
    "fontTools": ("paper",),
    "segno": ("publish",),
    "icalendar": ("publish",),
    "jinja2": ("report",),
    # Two workbooks that have nothing in common: sections of a report, rows of runs.
    "xlsxwriter": ("report", "batch"),
    "distributed": ("batch",),
    "ortools": (),
    "scipy": (),
    "statsmodels": (),
}

LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}


def room_of(path: Path) -> str:
    """The module or package directly under hoursopt."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(source: str) -> Iterator[str]:
    """Dotted names that a module imports, also within functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "hoursopt":
                yield from (f"hoursopt.{alias.name}" for alias in node.names)


def breaches(room: str, source: str) -> list[str]:
    """What a module imports against the house's order."""
    found = []
    for name in imports_of(source):
        first, *rest = name.split(".")
        if first == "hoursopt" and rest and rest[0] != room and LEVEL[rest[0]] >= LEVEL[room]:
            found.append(f"{room} imports {rest[0]}, which is not below it")
        if first in HOMES and room not in HOMES[first]:
            found.append(f"{room} imports {first}, which lives in {HOMES[first]}")
    return found


MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    assert not breaches(room_of(path), path.read_text(encoding="utf-8"))


def test_every_room_has_its_place() -> None:
    assert {room_of(path) for path in MODULES} <= set(LEVEL)


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("hours", "from hoursopt.shop import Shop"),
        ("hours", "import streamlit as st"),
        ("demand", "def late():\n    from hoursopt.program import best_week"),
        ("worth", "import pulp"),
        ("evaluate", "from hoursopt import cli"),
    ],
)
def test_a_breach_is_seen(room: str, source: str) -> None:
    assert breaches(room, source)
