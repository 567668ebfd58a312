"""Claims about words: who works on the page is sent to its fields, never to a file or a command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tiny_shop import TOML

from hoursopt.errors import DataError
from hoursopt.hours import WEEKDAYS
from hoursopt.i18n import Texts, catalogue
from hoursopt.shop import LANGUAGES
from hoursopt.shop.draft import draft_of
from hoursopt.shop.fields import SECTIONS
from hoursopt.workspace.wording import STEP, THEMES, PageTexts, asked, place_of, said

EN = PageTexts("en")
# What speaks of the file, its keys or a command of the program.
OF_THE_FILE = re.compile(
    r"\.toml|\[\w|(?<!\w)--\w|\b[a-z]+_[a-z]+|\b\w+ = "
    r"|\bhoursopt (app|check|fit|plan|publish|report|simulate|value|whatif)\b"
)
# Rooms of which no page says anything, and single texts that only the command line says.
ELSEWHERE = ("cli.", "doctor.", "error.cli.", "error.batch.", "error.simulate.", "whatif.")
COMMANDS = {"seasons.paste", "why.limit", "why.limit_group", "robust.tied", "cli.suggest_paste"}
# A field of OpenStreetMap, a sum that is told as one, and a fault of the program itself.
MEANT = {"season.about_osm", "report.fates_note", "error.program.fractional"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_page_speaks_of_the_file_or_of_commands(language: str) -> None:
    texts = catalogue(language)
    for key, text in texts.items():
        if key.startswith(ELSEWHERE) or f"onpage.{key}" in texts or key in COMMANDS | MEANT:
            continue
        for form in [text] if isinstance(text, str) else text.values():
            assert not OF_THE_FILE.search(re.sub(r"(?<!{){[^{}]*}", "X", form)), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_file_has_its_place_on_the_page(language: str) -> None:
    t = PageTexts(language)
    assert {part for parts in THEMES.values() for part in parts} | {"shop", "sources"} == {
        section.name for section in SECTIONS
    }
    for section in SECTIONS:
        for field in section.fields:
            number = "[2]" if section.many else ""
            way = place_of(f"{section.name}{number}.{field.key}", t)
            assert way[0] == t("setup.page") and len(way) > 1
            assert not re.search(r"\b[a-z]+_[a-z]+|\(\)", STEP.join(way)), way
    assert place_of(f"hours[1].{WEEKDAYS[0]}", t)[-1] == t.weekday(0)
    assert place_of("folder", t) == place_of("[sweep]", t) == ()


def test_a_fault_names_file_and_key_to_the_one_and_its_place_to_the_other() -> None:
    text = TOML.replace("margin_rate = 0.5", 'margin_rate = "half"')
    assert text != TOML
    (fault,) = draft_of(text, Path("/shops/tiny/shop.toml")).faults
    told, shown = Texts("en").describe(fault), EN.describe(fault)
    assert told.startswith("/shops/tiny/shop.toml, economics.margin_rate: expected a number")
    assert shown == (
        'Shop › Figures › Margins and costs › Gross margin in the shop (%): "half" is not a number.'
    )
    assert said(fault, EN) == '"half" is not a number.'


def test_a_table_among_several_is_told_by_its_number() -> None:
    fault = DataError("shop.break", file="shop.toml", where="staff[2].break_minutes", name="x")
    way = "Shop › Figures › Staff and pay › group no. 2 › Length of the break (minutes): "
    assert EN.describe(fault).startswith(way)


def test_errors_of_other_rooms_are_told_at_their_place() -> None:
    cause = DataError("grid.off_slot", name="earliest", time="06:10", minutes=30)
    fault = DataError("shop.value", causes=[cause], file="/a/shop.toml", where="grid")
    assert EN.describe(fault) == (
        "Shop › Figures › What the plan looks for: Never open before is 06:10, but slots of 30 "
        "minutes cannot start there. Choose a time that is a multiple of 30 minutes."
    )


def test_a_what_if_is_told_by_its_field_not_by_that_of_the_shop() -> None:
    cause = DataError("shop.share", where="economics.margin_rate", value="20", low="-1", high="1")
    fault = DataError("batch.scenario", causes=[cause], name="dear")
    (_, told) = EN.describe(fault).splitlines()
    assert told == (
        "- Gross margin in the shop (%): This is no share: it must be at least -100% and at most "
        "100%."
    )


def test_a_question_of_a_file_is_told_where_it_is_asked_and_sent_there_elsewhere() -> None:
    values = {"row": 2, "cell": "1.2.2026", "first": "1 Feb", "second": "2 Jan", "column": "Day"}
    fault = DataError("import.date_order", file="till.csv", source="receipts", **values)
    assert asked(fault, EN).startswith('"1.2.2026" in row 2 may be')
    assert EN("place.ask_again") not in asked(fault, EN)
    assert EN.describe(fault).startswith("till.csv: ")
    assert EN.describe(fault).endswith(EN("place.ask_again"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_limits_sources_and_weekdays_are_said_in_the_words_of_the_page(language: str) -> None:
    t = PageTexts(language)
    limit = DataError("program.limit_clashes", limit="min_open_hours", value=8)
    assert t("setup.label.limits.min_open_hours") in t.describe(limit)
    broken = DataError("program.broken", limit="min_staff", day="Tu")
    assert t.weekday(1) in t.describe(broken)
    nothing = DataError("import.nothing", file="a.csv", source="footfall")
    assert t("setup.source_footfall") in t.describe(nothing)
    gone = DataError("shop.no_file", file="/shops/mine/shop.toml")
    assert "/shops/mine" in t.describe(gone) and "shop.toml" not in t.describe(gone)
