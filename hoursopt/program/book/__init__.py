"""The second way to the best week: what each day is worth by its hours, without PuLP.

`day_book(scenario)` staffs openings of single days, each by a small linear program of the solver
itself, and reads from its prices how little all others can be worth; the best week is then chosen
from these tables. It shares the tables of customers (`hoursopt.program.tables`) with the program
and nothing else, so it is the oracle in tests, and where it is exact the fast path for questions
that ask for many weeks: other rules, other limits, single days.
"""

from hoursopt.program.book.book import DayBook as DayBook
from hoursopt.program.book.book import DayValue as DayValue
from hoursopt.program.book.book import day_book as day_book
from hoursopt.program.book.books import Books as Books
from hoursopt.program.book.bracket import Bracket as Bracket
from hoursopt.program.book.bracket import bracket as bracket
from hoursopt.program.book.start import Start as Start
