"""Day books of one study: what is worked out of a day serves every question about it."""

from __future__ import annotations

from collections import deque

from hoursopt.program.book.book import DayBook, day_book
from hoursopt.scenario import Scenario

KEPT = 4


class Books:
    """The latest books; a scenario in which days are worth the same shares the pages of another.

    What is known grows with each question, and among weeks that are worth the same an answer can
    hang on it: questions whose answers must not hang on one another have books of their own.
    """

    def __init__(self) -> None:
        self._known: deque[DayBook] = deque(maxlen=KEPT)

    def of(self, scenario: Scenario) -> DayBook | None:
        """The book of a scenario, None as `day_book`."""
        for known in self._known:
            shared = known.under(scenario)
            if shared is not None:
                return shared
        book = day_book(scenario)
        if book is not None:
            self._known.append(book)
        return book
