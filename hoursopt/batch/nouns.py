"""What a what-if is: changes of a shop, of its demand, or a week of hours to be judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hoursopt.batch.keys import Key
from hoursopt.hours import OpeningHours, Span, format_days

Channel = Literal["walk_in", "online", "diverted"]
CHANNELS: tuple[Channel, ...] = ("walk_in", "online", "diverted")
EVERY_DAY = tuple(range(7))


@dataclass(frozen=True)
class Set:
    """A key gets a value, as it would stand in shop.toml."""

    key: Key
    value: Any

    @property
    def column(self) -> str:
        """Name of its column in the results."""
        return str(self.key)


@dataclass(frozen=True)
class Scale:
    """The number under a key is multiplied."""

    key: Key
    factor: float

    @property
    def column(self) -> str:
        """Name of its column in the results."""
        return f"scale.{self.key}"


@dataclass(frozen=True)
class Add:
    """A list such as `rule` gets one more member."""

    section: str
    table: Mapping[str, Any]

    @property
    def column(self) -> str:
        """Name of its column in the results."""
        return f"{self.section}.{self.table.get('name', '')}"


@dataclass(frozen=True)
class Drop:
    """A list such as `supplement` loses a member."""

    section: str
    name: str

    @property
    def column(self) -> str:
        """Name of its column in the results."""
        return f"{self.section}.{self.name}"


@dataclass(frozen=True)
class ScaleDemand:
    """Demand of a channel is multiplied, everywhere or in a season, on days, in a band of hours.

    walk_in: customers who want to come. online: the web shop's own orders. diverted: the share of
    those whom closed hours turn away who buy in the web shop.
    """

    channel: Channel
    factor: float
    season: str | None = None
    weekdays: tuple[int, ...] = EVERY_DAY
    span: Span | None = None

    @property
    def column(self) -> str:
        """Name of its column in the results."""
        days = "" if self.weekdays == EVERY_DAY else format_days(self.weekdays)
        part = " ".join(filter(None, (self.season, days, str(self.span or ""))))
        return f"demand.{self.channel}[{part}]" if part else f"demand.{self.channel}"


@dataclass(frozen=True)
class FixHours:
    """Not the best week is asked for, but what these hours are worth."""

    hours: OpeningHours

    @property
    def column(self) -> str:
        """Name of its column in the results."""
        return "fixed_hours"


Change = Set | Scale | Add | Drop | ScaleDemand | FixHours


@dataclass(frozen=True)
class WhatIf:
    """A scenario at a point of the grid, and all that is changed, in the order in which it is done.

    shops: globs of the folders or names of the shops for which it is meant, empty for all. draw:
    its number where inputs are drawn. is_base: the scenario itself changes nothing; others are
    compared with it at the same point and draw.
    """

    scenario: str
    changes: tuple[Change, ...] = ()
    shops: tuple[str, ...] = ()
    point: str = ""
    draw: int | None = None
    is_base: bool = False

    @property
    def label(self) -> str:
        """Scenario and point, the same for all draws."""
        return "; ".join(filter(None, (self.scenario, self.point)))

    @property
    def name(self) -> str:
        """What stands in the results: the label, and `#` with the number of the draw."""
        return " ".join([self.label] * bool(self.label) + [f"#{self.draw}"] * bool(self.draw))

    @property
    def fixed_hours(self) -> OpeningHours | None:
        """The week to be judged, None where the best one is wanted."""
        fixed = [change.hours for change in self.changes if isinstance(change, FixHours)]
        return fixed[-1] if fixed else None

    @property
    def demand(self) -> tuple[ScaleDemand, ...]:
        """The changes of demand."""
        return tuple(change for change in self.changes if isinstance(change, ScaleDemand))


def toml_text(value: Any) -> str:
    """A value of shop.toml in one line, for a cell; JSON for what is no text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
