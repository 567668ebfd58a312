"""Ways to find weeks: by the program, or by day tables wherever they prove the week.

Both prove the same optimum. The tables take a tenth of the time or less, so questions that ask for
many weeks (sweeps, sliders, prices of rules) go the quick way, and come to the program only where
the tables leave the gap open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from hoursopt.program.answer import Answer
from hoursopt.program.book import Books, Start
from hoursopt.program.search import best_staffing, best_week


@dataclass(frozen=True)
class Way:
    """How weeks are found: the best staffing of given hours, and the best week of all.

    Called as `best_staffing` and `best_week`, which they are if nothing else is said. start: where
    the same questions with other money may start, after these.
    """

    staffing: Callable[..., Answer] = best_staffing
    week: Callable[..., Answer] = best_week
    start: Callable[[], Start | None] = lambda: None


def quick_way(start: Start | None = None, **solving: Any) -> Way:
    """A way by tables first; `solving`: keywords of `best_week` that need not be said again.

    Its answers share what they work out: use one for one study. `start`: of a way that answered
    the same with other money or demand.
    """
    books = Books(start)
    return Way(
        staffing=partial(best_staffing, books=books, **solving),
        week=partial(best_week, books=books, by_tables=True, **solving),
        start=books.start,
    )
