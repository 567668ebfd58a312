"""Letters set in columns."""

from __future__ import annotations

from hoursopt.fonts import SANS
from hoursopt.paper.letters import width
from hoursopt.report.setting import BETWEEN, wrapped


def test_a_word_fits_the_column_that_it_has_made() -> None:
    words = ("customers", "Weeks", "opening", "viikot", "öppettider")
    sizes = [size / 10 for size in range(50, 110)]
    broken = [
        (word, size)
        for word in words
        for size in sizes
        if wrapped(word, SANS, size, width(word, SANS, size) + BETWEEN - BETWEEN) != (word,)
    ]
    assert not broken


def test_a_word_wider_than_its_column_is_cut_and_loses_no_letter() -> None:
    lines = wrapped("aukioloaikasuunnitelma", SANS, 9.0, 15.0)
    assert len(lines) > 1
    assert "".join(lines) == "aukioloaikasuunnitelma"
