"""Colours of the two themes, told apart by lightness: by every eye and in grey print."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours of one theme.

    ramp: few to many, one hue. ground, ink, quiet: page, text, secondary lines. accent: what is
    recommended. groups: staff groups in their order.
    """

    ramp: tuple[str, ...]
    ground: str
    ink: str
    quiet: str
    accent: str
    groups: tuple[str, ...]


LIGHT = Palette(
    ramp=("#e6edf3", "#bcd3e6", "#84aed0", "#4a82b0", "#1f568a", "#0b2f57"),
    ground="#fcfbf8",
    ink="#22303c",
    quiet="#5f6b76",
    accent="#c8590a",
    groups=("#1f568a", "#d98a3d", "#973820", "#439bb1", "#2b1d22"),
)
DARK = Palette(
    ramp=("#202c38", "#284a69", "#39709d", "#5d9bc8", "#9cc8e8", "#e4f2fc"),
    ground="#14191f",
    ink="#e8e6e1",
    quiet="#98a3ad",
    accent="#ffab5e",
    groups=("#7db4e0", "#ffc48a", "#98675a", "#7a66cc", "#dfece9"),
)


def palette(dark: bool) -> Palette:
    """The colours of the dark or the light theme."""
    return DARK if dark else LIGHT
