"""Columns and titles in plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def aligned(rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Rows as columns two spaces apart, those in `right` flush right."""
    rows = [list(row) for row in rows]
    flush = set(right)
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if number in flush else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def titled(title: str, body: str) -> str:
    """A body under its underlined title."""
    return f"{title}\n{'-' * len(title)}\n{body}"
