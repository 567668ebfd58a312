"""A sweep: a grid, named scenarios and random draws, counted and made one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from hoursopt.batch.draws import Draws
from hoursopt.batch.nouns import Change, WhatIf


@dataclass(frozen=True)
class Step:
    """One value of an axis of the grid, and how it is called."""

    label: str
    change: Change


@dataclass(frozen=True)
class Sweep:
    """All what-ifs of a file, counted and made one by one; `scenarios` holds one at least."""

    axes: tuple[tuple[Step, ...], ...] = ()
    scenarios: tuple[WhatIf, ...] = (WhatIf(""),)
    draws: Draws | None = None
    only: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.scenarios) * self._points * self._draws

    def whatif(self, index: int) -> WhatIf:
        """What-if `index`: scenarios in turn, in each the grid, at each point the draws."""
        rest, draw = divmod(index, self._draws)
        place, point = divmod(rest, self._points)
        steps: list[Step] = []
        for axis in reversed(self.axes):
            point, at = divmod(point, len(axis))
            steps.insert(0, axis[at])
        scenario = self.scenarios[place]
        drawn = self.draws.changes(draw + 1) if self.draws else ()
        return WhatIf(
            scenario.scenario,
            (*(step.change for step in steps), *scenario.changes, *drawn),
            scenario.shops,
            ", ".join(step.label for step in steps),
            draw + 1 if self.draws else None,
            is_base=not scenario.changes,
        )

    def whatifs(self) -> Iterator[WhatIf]:
        """All of them in order."""
        return map(self.whatif, range(len(self)))

    @property
    def columns(self) -> dict[str, Change]:
        """One change for each column of the results, in the order of the file."""
        found: dict[str, Change] = {}
        drawn = self.draws.changes(1) if self.draws else ()
        steps = (axis[0].change for axis in self.axes)
        named = (change for scenario in self.scenarios for change in scenario.changes)
        for change in (*steps, *named, *drawn):
            found.setdefault(change.column, change)
        return found

    @property
    def _points(self) -> int:
        return math.prod(map(len, self.axes))

    @property
    def _draws(self) -> int:
        return self.draws.count if self.draws else 1
