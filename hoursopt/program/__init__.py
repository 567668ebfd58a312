"""The integer program in PuLP: which hours and shifts earn most, and the proof of it.

Edges: binary variables say where a day opens, closes and pauses; the open state follows. Under the
rule of `hoursopt.diversion` a slot's demand is its own and what its edges send, so gains are tables
by edge and number on duty (`tables`), held by cuts that are exact at whole numbers (`cuts`). Shifts
are counts so far of starts, breaks and ends (`constraints.staff`). `session` solves and checks,
`search` answers, `conflict` names what clashes. `book` is a second way without PuLP.
"""

from typing import TYPE_CHECKING

from hoursopt.late import late

if TYPE_CHECKING:
    from hoursopt.program.answer import Answer as Answer
    from hoursopt.program.answer import Proof as Proof
    from hoursopt.program.book import DayBook as DayBook
    from hoursopt.program.book import Start as Start
    from hoursopt.program.book import day_book as day_book
    from hoursopt.program.quick import Way as Way
    from hoursopt.program.quick import quick_way as quick_way
    from hoursopt.program.search import best_staffing as best_staffing
    from hoursopt.program.search import best_week as best_week

__getattr__ = late(
    __name__,
    {
        "Answer": "answer",
        "Proof": "answer",
        "DayBook": "book",
        "Start": "book",
        "day_book": "book",
        "Way": "quick",
        "quick_way": "quick",
        "best_staffing": "search",
        "best_week": "search",
    },
)
