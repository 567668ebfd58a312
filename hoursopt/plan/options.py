"""How to plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Options:
    """How to plan: which seasons (none: all), with what solver, and on how many draws.

    `draws` are planned on, `fresh` others judge the plan; `time_limit` in seconds for each week.
    `explain` False leaves out edges, prices, alternatives, trials and special days. `robust`: as in
    `Decision`, None: as the shop has it.
    """

    seasons: tuple[str, ...] = ()
    solver: str = "highs"
    time_limit: float = 60.0
    seed: int = 0
    draws: int = 200
    fresh: int = 400
    explain: bool = True
    robust: float | None = None

    @property
    def solving(self) -> dict[str, Any]:
        """The keywords of `best_week` and `best_staffing`."""
        return {"solver": self.solver, "time_limit": self.time_limit, "seed": self.seed}
