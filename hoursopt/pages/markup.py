"""HTML out of texts: whatever is not `Markup` is escaped, so a shop's name can be no tag.

No streamlit here, and no style: classes are dressed in `page.css`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_JOINER = "\u2060"
_LINKED = re.compile(r"https?(?=://)|www(?=\.)|[\w.+-](?=@)", re.IGNORECASE)
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


class Markup(str):
    """Text that is HTML already."""


def tag(name: str, *content: str, **attributes: str) -> Markup:
    """An element; `class_` stands for class, `aria_label` for aria-label."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for key, value in attributes.items()
        if value
    )
    return Markup(f"<{name}{told}>{join(content)}</{name}>")


def join(content: Iterable[str]) -> Markup:
    """Pieces one after another, each escaped unless it is `Markup`."""
    return Markup("".join(p if isinstance(p, Markup) else html.escape(p) for p in content))


@dataclass(frozen=True)
class Row:
    """A row of a table, its first cell a heading.

    `look` is `strong` for sums and `part` for what is part of the row above.
    """

    cells: Sequence[str]
    look: str = ""


def table(
    head: Sequence[str],
    rows: Iterable[Row],
    *,
    figures: bool = True,
    dense: bool = False,
    told: bool = False,
) -> Markup:
    """A table; with `figures` all columns but the first are numbers, flush right.

    `told`: the last column is words all the same.
    """
    top = tag("tr", *(tag("th", cell, scope="col") for cell in head))
    body = [
        tag(
            "tr",
            tag("th", row.cells[0], scope="row"),
            *(tag("td", cell) for cell in row.cells[1:]),
            class_=row.look,
        )
        for row in rows
    ]
    look = " ".join(
        ["ho-table", *(["figures"] * figures), *(["dense"] * dense), *(["told"] * told)]
    )
    return tag("div", tag("table", tag("thead", top), tag("tbody", *body)), class_=look)


def paragraph(text: str, look: str = "") -> Markup:
    """A paragraph."""
    return tag("p", text, class_=f"ho-text {look}".strip())


def lines(text: str) -> Markup:
    """A text of several lines, kept as they are."""
    return tag("div", text, class_="ho-lines")


def plain(text: str) -> str:
    """A text for a place that reads Markdown (labels of widgets): every sign stands for itself.

    Addresses are made links there whatever stands before their signs; a joiner of no width within
    them keeps them words.
    """
    told = _LINKED.sub(f"\\g<0>{_JOINER}", " ".join(text.split()))
    return _MARKDOWN.sub(r"\\\1", told)
