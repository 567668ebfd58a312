"""A column of texts, coded: a decision is made once per distinct text, never once per row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Coded:
    """The distinct texts of a column and which of them each row has; "" is a blank cell.

    codes: (rows,) positions in `values`, where no text stands twice; not all need be in use.
    """

    codes: NDArray[np.int32]
    values: Sequence[str]

    @classmethod
    def of(cls, codes: NDArray[np.integer], texts: Iterable[str]) -> Coded:
        """From codes and texts of which some may be equal."""
        given = list(texts)
        known = {text: code for code, text in enumerate(dict.fromkeys(given))}
        if len(known) == len(given):
            return cls(codes.astype(np.int32, copy=False), given)
        same = np.fromiter(map(known.__getitem__, given), np.int32, len(given))
        return cls(same[codes], list(known))

    def __len__(self) -> int:
        return len(self.codes)

    def text(self, row: int) -> str:
        """The text of one row."""
        return self.values[int(self.codes[row])]

    @property
    def texts(self) -> NDArray[np.object_]:
        """(rows,) the text of each row."""
        return np.array(self.values, dtype=object)[self.codes]

    @cached_property
    def blank(self) -> Flags:
        """(rows,) blank cells."""
        return self.among({""})

    @cached_property
    def arrow(self) -> pa.StringArray:
        """The distinct texts as Arrow has them, to be searched all at once."""
        return pa.array(self.values, pa.string())

    def among(self, texts: Collection[str]) -> Flags:
        """(rows,) cells with one of some texts."""
        found = np.zeros(len(self.codes), dtype=bool)
        for text in texts:
            if text in self.values:
                found |= self.codes == self.values.index(text)
        return found

    def where(self, holds: Callable[[str], bool]) -> Flags:
        """(rows,) cells whose text holds something."""
        return self.each(holds, bool)

    def each(self, read: Callable[[str], Any], dtype: Any) -> NDArray[Any]:
        """(rows,) what is read from each text."""
        return np.array([read(text) for text in self.values], dtype=dtype)[self.codes]

    def map(self, change: Callable[[str], str]) -> Coded:
        """The column with each text changed."""
        return Coded.of(self.codes, map(change, self.values))

    def without(self, rows: Flags) -> Coded:
        """The column with some rows blank."""
        if not rows.any():
            return self
        blank = len(self.values)
        return Coded.of(np.where(rows, blank, self.codes), [*self.values, ""])

    def at(self, rows: Flags) -> Coded:
        """The column of some rows only."""
        return Coded(self.codes[rows], self.values)

    def seen(self) -> list[str]:
        """The distinct texts that rows have."""
        used = np.zeros(len(self.values), dtype=bool)
        used[self.codes] = True
        return [self.values[code] for code in np.flatnonzero(used).tolist()]


def joined(columns: Sequence[Coded]) -> Coded:
    """Several columns below one another."""
    if len(columns) == 1:
        return columns[0]
    starts = np.cumsum([0, *(len(column.values) for column in columns)])
    codes = [column.codes + start for column, start in zip(columns, starts[:-1], strict=True)]
    return Coded.of(np.concatenate(codes), [text for column in columns for text in column.values])
