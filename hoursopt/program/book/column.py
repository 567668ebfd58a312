"""A staffed day as what it earns and what it takes: the column of the programs over whole days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoursopt.evaluate import Shift
from hoursopt.program.book.frame import Opening
from hoursopt.program.book.pages import Senders

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """A staffed day: its money, and what it takes of each tie; shifts None: of parts of people."""

    day: int
    opening: Opening | None
    senders: Senders
    worth: float
    takes: Floats
    shifts: tuple[Shift, ...] | None
