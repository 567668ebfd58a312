"""A report as one HTML file: nothing beside it, nothing from elsewhere, every cell escaped."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from hoursopt.fonts import SANS_BOLD, SERIF
from hoursopt.i18n import Texts
from hoursopt.paper.letters import MM_OF_POINT
from hoursopt.paper.marks import Box, Frame, Mark, Text
from hoursopt.report.colours import IN_THE_DARK
from hoursopt.report.nouns import Block, Cell, Column, Picture, Report, Table, Words
from hoursopt.report.shown import is_figure, shown

WEIGHT = {SERIF: "600", SANS_BOLD: "600"}


def html_text(report: Report) -> str:
    """The whole page."""
    t = Texts(report.language)

    def told(cell: Cell, column: Column) -> str:
        return shown(cell, column, report.currency, t)

    return _template().render(
        report=report,
        t=t,
        told=told,
        figure=is_figure,
        drawn=svg,
        kind=kind,
        style=Markup(_style()),
    )


def kind(block: Block) -> str:
    """What a block is, for the template."""
    match block:
        case Words():
            return "words"
        case Table():
            return "table"
        case Picture():
            return "picture"


def svg(picture: Picture, number: int) -> Markup:
    """A picture as inline SVG; its colours are the page's own, so that they turn in the dark."""
    body = Markup("\n").join(_drawn(mark) for mark in picture.marks)
    return Markup(
        '<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-labelledby="picture-{number}">'
        '<title id="picture-{number}">{told}</title>\n{body}\n</svg>'
    ).format(
        width=round(picture.width, 2),
        height=round(picture.height, 2),
        number=number,
        told=picture.told,
        body=body,
    )


def _drawn(mark: Mark) -> Markup:
    colour = Markup("var({name})").format(name=_variable(mark.colour))
    match mark:
        case Text():
            weight = WEIGHT.get(mark.face, "400")
            return Markup(
                '<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" '
                'text-anchor="{anchor}" style="fill:{colour}">{text}</text>'
            ).format(
                x=round(mark.x, 2),
                y=round(mark.y, 2),
                size=round(mark.size * MM_OF_POINT, 3),
                weight=weight,
                anchor=mark.anchor,
                colour=colour,
                text=mark.text,
            )
        case Box():
            return Markup('<rect {place} style="fill:{colour}"/>').format(
                place=_place(mark), colour=colour
            )
        case Frame():
            return Markup(
                '<rect {place} rx="0.4" style="fill:none;stroke:{colour};stroke-width:{line:g}"/>'
            ).format(place=_place(mark), colour=colour, line=mark.line)


def _place(mark: Box | Frame) -> Markup:
    sides = {"x": mark.x, "y": mark.y, "width": mark.width, "height": mark.height}
    return Markup(" ").join(
        Markup('{name}="{side:g}"').format(name=name, side=round(side, 2))
        for name, side in sides.items()
    )


def _variable(colour: str) -> str:
    """The page's name of a colour."""
    return f"--c{colour.removeprefix('#')}"


def _style() -> str:
    """The style sheet, with the colours of pictures by day and in the dark."""
    css = (resources.files("hoursopt.report") / "report.css").read_text(encoding="utf-8")
    day = "".join(f"{_variable(colour)}:{colour};" for colour in IN_THE_DARK)
    dark = "".join(f"{_variable(colour)}:{other};" for colour, other in IN_THE_DARK.items())
    css = css.replace("/* by day */", day).replace("/* in the dark */", dark)
    return re.sub(r"\s*\n\s*", "\n", css)


@cache
def _template() -> Template:
    text = (resources.files("hoursopt.report") / "report.html.j2").read_text(encoding="utf-8")
    house = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    house.filters["escape"] = escape
    return house.from_string(text)
