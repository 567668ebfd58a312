"""A page as SVG: letters as outlines, so that every program and print shop shows the same."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from hoursopt.paper.letters import MM_OF_POINT, outline, units_per_em, width
from hoursopt.paper.marks import A4, Box, Frame, Mark, Page, Text

Outlines = Mapping[tuple[str, str], str]


def svg_text(page: Page) -> str:
    """The drawing; its words stand in it once more for those who read with their ears.

    Each letter is drawn once and used where it stands; `xlink` is what old programs understand.
    """
    across, down = (f"{side:g}" for side in A4)
    texts = [mark for mark in page.marks if isinstance(mark, Text)]
    signs = dict.fromkeys((mark.face, sign) for mark in texts for sign in mark.text)
    names = {sign: f"g{number}" for number, sign in enumerate(signs)}
    outlines = "".join(
        f'<path id="{name}" d="{outline(sign, face)}"/>\n' for (face, sign), name in names.items()
    )
    words = escape("\n".join(mark.text for mark in texts))
    body = "\n".join(_drawn(mark, names) for mark in page.marks)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{across}mm" height="{down}mm" viewBox="0 0 {across} {down}" '
        f'role="img" lang="{page.language}">\n'
        f"<title>{escape(page.title)}</title>\n<desc>{words}</desc>\n<defs>\n{outlines}</defs>\n"
        f'<rect width="{across}" height="{down}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _drawn(mark: Mark, names: Outlines) -> str:
    match mark:
        case Text():
            return _written(mark, names)
        case Box():
            return f'<rect {_place(mark)} fill="{mark.colour}"/>'
        case Frame():
            line = f'stroke="{mark.colour}" stroke-width="{mark.line:g}"'
            return f'<rect {_place(mark)} fill="none" {line}/>'


def _written(mark: Text, names: Outlines) -> str:
    scale = mark.size * MM_OF_POINT / units_per_em(mark.face)
    uses, x = [], 0.0
    for sign in mark.text:
        if not sign.isspace():
            uses.append(f'<use xlink:href="#{names[mark.face, sign]}" x="{x:.0f}"/>')
        x += (width(sign, mark.face, mark.size) + mark.tracking) / scale
    place = f"translate({mark.left:.3f} {mark.y:.3f}) scale({scale:.6f} {-scale:.6f})"
    label = quoteattr(mark.text)
    return f'<g aria-label={label} fill="{mark.colour}" transform="{place}">{"".join(uses)}</g>'


def _place(mark: Box | Frame) -> str:
    sides = {"x": mark.x, "y": mark.y, "width": mark.width, "height": mark.height}
    return " ".join(f'{name}="{round(side, 3):g}"' for name, side in sides.items())
