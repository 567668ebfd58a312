"""Colours of pictures and pages: on paper and by day, and in the dark.

Those of the program's charts, told apart by lightness: by every eye and in grey print.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

INK, QUIET, LINE, GROUND, ACCENT, BLUE = (
    *("#22303c", "#5f6b76", "#d5d9dc"),
    *("#ffffff", "#b44f08", "#1f568a"),
)
RAMP = ("#e6edf3", "#bcd3e6", "#84aed0", "#4a82b0", "#1f568a", "#0b2f57")

RAMP_IN_THE_DARK = ("#202c38", "#284a69", "#39709d", "#5d9bc8", "#9cc8e8", "#e4f2fc")

IN_THE_DARK: Mapping[str, str] = MappingProxyType(
    {
        INK: "#e8e6e1",
        QUIET: "#a3adb6",
        LINE: "#39434d",
        GROUND: "#14191f",
        ACCENT: "#ffab5e",
        **dict(zip(RAMP, RAMP_IN_THE_DARK, strict=True)),
    }
)
"""What each colour becomes on a dark screen."""


def ramp_colour(share: float) -> str:
    """Few to many: the colour of a share of the most."""
    return RAMP[min(int(share * len(RAMP)), len(RAMP) - 1)]
