"""What is drawn on paper: text, boxes and frames, in millimetres from the page's top left."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from hoursopt.paper.letters import width

A4 = (210.0, 297.0)


@dataclass(frozen=True)
class Text:
    """A line of text: `x`, `y` of its baseline, `size` in points, `tracking` mm after each sign."""

    x: float
    y: float
    text: str
    face: str
    size: float
    colour: str
    anchor: Literal["start", "middle", "end"] = "start"
    tracking: float = 0.0

    @property
    def left(self) -> float:
        """Where the first sign begins."""
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return self.x - share * self.width

    @property
    def width(self) -> float:
        """From the first sign to the last."""
        return width(self.text, self.face, self.size, self.tracking)


@dataclass(frozen=True)
class Box:
    """A filled box."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Frame:
    """A box of lines `line` thick, on its border."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    line: float


Mark = Text | Box | Frame


@dataclass(frozen=True)
class Page:
    """A page and what stands on it, in the order of reading; `title` tells it in a line."""

    title: str
    language: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Block:
    """Marks that belong together, drawn from y = 0 down, and the height that they take."""

    height: float
    marks: tuple[Mark, ...]

    def at(self, y: float) -> tuple[Mark, ...]:
        """The marks moved down to y."""
        return tuple(dataclasses.replace(mark, y=mark.y + y) for mark in self.marks)
