"""A line of the table of targets: what was measured, what it must reach, what it may."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A target: `what`, the `floor` that must be held, the `aim`, and what this run measured."""

    what: str
    floor: str
    aim: str
    measured: str
