"""What a sign is drawn of: text, boxes and frames on a page, in millimetres from its top left."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from typing import Literal

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from hoursopt.fonts import FILES

MM_OF_POINT = 25.4 / 72
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


@cache
def font(face: str) -> TTFont:
    """The font of a face of `hoursopt.fonts`."""
    return TTFont(FILES[face], lazy=True)


@cache
def _letters(face: str) -> dict[int, str]:
    letters: dict[int, str] = font(face).getBestCmap()
    return letters


def drawable(text: str, face: str) -> str:
    """The text without the signs that the face does not have."""
    return "".join(sign for sign in text if ord(sign) in _letters(face))


def width(text: str, face: str, size: float, tracking: float = 0.0) -> float:
    """Width in mm of a text of `size` points."""
    advances, letters = font(face)["hmtx"], _letters(face)
    units = sum(advances[letters[ord(sign)]][0] for sign in text)
    spaces = tracking * max(len(text) - 1, 0)
    return float(units / units_per_em(face) * size * MM_OF_POINT + spaces)


def fitting(text: str, face: str, size: float, room: float, tracking: float = 0.0) -> float:
    """The size in points, `size` at most, at which a text takes no more room than there is."""
    needed = width(text, face, size, tracking)
    return size if needed <= room else size * room / needed


def units_per_em(face: str) -> int:
    """How finely the outlines of a face are drawn."""
    return int(font(face)["head"].unitsPerEm)


def outline(sign: str, face: str) -> str:
    """The path of a sign's outline as SVG has it, in units of the face, upwards."""
    glyphs = font(face).getGlyphSet()
    pen = SVGPathPen(glyphs)
    glyphs[_letters(face)[ord(sign)]].draw(pen)
    return str(pen.getCommands())
