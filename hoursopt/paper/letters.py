"""The letters of `hoursopt.fonts` measured, and their outlines."""

from __future__ import annotations

from functools import cache

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from hoursopt.fonts import FILES

MM_OF_POINT = 25.4 / 72


@cache
def font(face: str) -> TTFont:
    """The font of a face of `hoursopt.fonts`."""
    return TTFont(FILES[face], lazy=True)


@cache
def _letters(face: str) -> dict[int, str]:
    letters: dict[int, str] = font(face).getBestCmap()
    return letters


@cache
def _advances(face: str) -> dict[str, int]:
    """How far each sign moves on, in units of the face."""
    advances = font(face)["hmtx"]
    return {chr(code): int(advances[name][0]) for code, name in _letters(face).items()}


def drawable(text: str, face: str) -> str:
    """The text without the signs that the face does not have."""
    known = _advances(face)
    return "".join([sign for sign in text if sign in known])


def width(text: str, face: str, size: float, tracking: float = 0.0) -> float:
    """Width in mm of a text of `size` points."""
    advances = _advances(face)
    units = sum([advances[sign] for sign in text])
    spaces = tracking * max(len(text) - 1, 0)
    return float(units / units_per_em(face) * size * MM_OF_POINT + spaces)


def fitting(text: str, face: str, size: float, room: float, tracking: float = 0.0) -> float:
    """The size in points, `size` at most, at which a text takes no more room than there is."""
    needed = width(text, face, size, tracking)
    return size if needed <= room else size * room / needed


@cache
def units_per_em(face: str) -> int:
    """How finely the outlines of a face are drawn."""
    return int(font(face)["head"].unitsPerEm)


def outline(sign: str, face: str) -> str:
    """The path of a sign's outline as SVG has it, in units of the face, upwards."""
    glyphs = font(face).getGlyphSet()
    pen = SVGPathPen(glyphs)
    glyphs[_letters(face)[ord(sign)]].draw(pen)
    return str(pen.getCommands())
