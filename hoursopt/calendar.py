"""Seasons, public holidays, eves, weeks and clock changes; the only user of `holidays`."""

from __future__ import annotations

from dataclasses import dataclass

MonthDay = tuple[int, int]


@dataclass(frozen=True)
class Season:
    """Part of the year from month and day `first` to `last`, both in it; may run over New Year."""

    name: str
    first: MonthDay
    last: MonthDay


WHOLE_YEAR = Season("year", (1, 1), (12, 31))
