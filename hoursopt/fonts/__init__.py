"""The letters of everything that is printed: three faces that lie with the program.

They are static cuts of Adobe's Source Serif 4 and Source Sans 3, the faces of the page, reduced to
Latin, Greek and Cyrillic; the licence (`OFL.txt`) asks for a name of their own. Their figures are
of equal width, so that times stand under one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent

SERIF, SANS, SANS_BOLD = "serif-semibold", "sans-regular", "sans-semibold"

FILES: Mapping[str, Path] = MappingProxyType(
    {name: FOLDER / f"{name}.ttf" for name in (SERIF, SANS, SANS_BOLD)}
)
