"""Day books of one study: what is worked out of a day serves every question about it."""

from __future__ import annotations

from collections import deque

from hoursopt.program.book.book import DayBook, day_book
from hoursopt.program.book.start import Start
from hoursopt.scenario import Scenario

KEPT = 4


class Books:
    """The latest books; a scenario in which days are worth the same shares the pages of another.

    What is known grows with each question, and among weeks that are worth the same an answer can
    hang on it: questions whose answers must not hang on one another have books of their own.
    """

    def __init__(self, start: Start | None = None) -> None:
        self._start = start
        self._known: deque[DayBook] = deque(maxlen=KEPT)

    def of(self, scenario: Scenario) -> DayBook | None:
        """The book of a scenario, None as `day_book`."""
        for known in self._known:
            shared = known.under(scenario)
            if shared is not None:
                return shared
        book = day_book(scenario, self._start)
        if book is not None:
            self._known.append(book)
        return book

    def start(self) -> Start | None:
        """What the first book that is known shows to questions with other money."""
        return self._known[0].start() if self._known else None
