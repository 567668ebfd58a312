"""The three languages say the same, and every sentence that code asks for is there."""

from __future__ import annotations

import ast
import datetime as dt
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.numbers import parse_decimal
from hypothesis import given
from hypothesis import strategies as st

import hoursopt
from hoursopt.errors import DataError, RulesConflict, SolverError
from hoursopt.hours import CLOSED, Span, parse_hours
from hoursopt.i18n import Texts, catalogue
from hoursopt.shop import LANGUAGES

PACKAGE = Path(hoursopt.__file__).parent
ERRORS = {"HoursoptError", "DataError", "RulesConflict", "SolverError"}
NBSP = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"


def placeholders(text: object) -> set[str]:
    forms = [text] if isinstance(text, str) else list(text.values())  # type: ignore[attr-defined]
    found = (string.Formatter().parse(form) for form in forms)
    return {name for parts in found for _, name, _, _ in parts if name}


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Every call in the package: file, call and the bare name of what is called."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                yield f"{file.relative_to(PACKAGE)}:{node.lineno}", node, name


def literals(node: ast.expr) -> list[str]:
    """The texts that an expression can be: a literal, or a choice of two."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return [node.value] if is_text else []  # type: ignore[attr-defined]


def asked_for(names: set[str], position: int, prefix: str) -> Iterator[tuple[str, str, ast.Call]]:
    for place, call, name in calls():
        if name in names and len(call.args) > position:
            for key in literals(call.args[position]):
                yield place, prefix + key, call


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_texts(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert other.keys() == english.keys()
    for key, text in english.items():
        assert placeholders(other[key]) == placeholders(text), key
        assert isinstance(other[key], str) == isinstance(text, str), key
        if not isinstance(text, str):
            assert other[key].keys() == text.keys() == {"one", "other"}, key  # type: ignore[union-attr]
            assert "count" in placeholders({"one": text["other"], "other": text["other"]}), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_left_in_another_language(language: str) -> None:
    for key, text in catalogue(language).items():
        forms = [text] if isinstance(text, str) else list(text.values())
        assert all(isinstance(form, str) and form.strip() == form != "" for form in forms), key


def test_every_error_of_the_package_has_a_text() -> None:
    errors = [*asked_for(ERRORS, 0, "error."), *asked_for({"raise_all"}, 1, "error.")]
    assert len(errors) > 50
    missing = {f"{place} {key}" for place, key, _ in errors if key not in Texts("en")}
    assert not missing


def test_every_error_brings_the_values_of_its_text() -> None:
    for place, key, call in asked_for(ERRORS, 0, "error."):
        given = {keyword.arg for keyword in call.keywords}
        # The file's reader adds file and key to the errors of single values.
        later = {"file", "where"} if key.startswith("error.shop.") else set()
        if None not in given and key in Texts("en"):
            assert placeholders(catalogue("en")[key]) - later <= given, f"{place} {key}"


def test_every_sentence_asked_for_is_there_and_gets_its_values() -> None:
    for place, key, call in asked_for({"t", "texts"}, 0, ""):
        assert key in Texts("en"), f"{place} {key}"
        given = {keyword.arg for keyword in call.keywords}
        if None not in given:
            assert placeholders(catalogue("en")[key]) <= given, f"{place} {key}"


def test_an_unknown_key_or_language_is_refused() -> None:
    with pytest.raises(KeyError):
        Texts("fi")("no.such.key")
    with pytest.raises(KeyError):
        Texts("fi")("error.hours.time")
    with pytest.raises(DataError, match=r"i18n\.language"):
        Texts("de")


def test_errors_are_described_with_their_causes_below() -> None:
    time, syntax = DataError("hours.time", text="25"), DataError("hours.syntax", text="x", part="x")
    inner = DataError("shop.value", causes=[time, syntax], file="shop.toml", where="grid.latest")
    outer = DataError("shop.faults", causes=[inner, syntax], file="shop.toml", count=2)
    lines = Texts("en").describe(outer).splitlines()
    assert len(lines) == 5
    assert lines[0] == "shop.toml: 2 things must be put right before it can be used."
    assert lines[1] == "- shop.toml, grid.latest: this cannot be used."
    assert lines[2].startswith('  - "25" is not a time.') and lines[4].startswith('- "x" in "x"')


@pytest.mark.parametrize("language", LANGUAGES)
def test_describing_never_fails(language: str) -> None:
    t = Texts(language)
    assert "no.text" in t.describe(SolverError("no.text", reason="x"))
    assert "hours.time" in t.describe(DataError("hours.time"))
    assert t.describe(RulesConflict("bare")) == "bare"


def test_values_are_written_in_the_manner_of_the_language() -> None:
    values = (dt.date(2026, 6, 9), 1234.5, 3, Span(600, 1050), ("a", 2.5), parse_hours("24/7"))
    assert [Texts("fi").say(value) for value in values] == [
        "9.6.2026",
        f"1{NBSP}234,5",
        "3",
        f"10{DASH}17.30",
        "a, 2,5",
        f"ma{DASH}su 0{DASH}24",
    ]
    assert Texts("sv").say(dt.date(2026, 6, 9)) == "9.6.2026"
    assert Texts("en").say(dt.date(2026, 6, 9)) == "9 Jun 2026"
    assert Texts("en").say(1234.567) == "1,234.57"


def test_money_numbers_and_shares() -> None:
    fi, sv, en = (Texts(language) for language in LANGUAGES)
    assert fi.money(1234.5, "EUR") == sv.money(1234.5, "EUR") == f"1{NBSP}234,50{NBSP}€"
    assert en.money(1234.5, "EUR") == "€1,234.50" and en.money(-3.2, "EUR") == "-€3.20"
    assert fi.money(1234.6, "EUR", digits=0) == f"1{NBSP}235{NBSP}€"
    assert en.number(1234.56) == "1,234.6" and fi.number(2.0) == "2"
    assert fi.percent(0.128) == f"13{NBSP}%" and en.percent(0.128, digits=1) == "12.8%"


def test_clock_times_and_weekdays() -> None:
    fi, sv, en = (Texts(language) for language in LANGUAGES)
    assert [t.time(17 * 60 + 5) for t in (fi, sv, en)] == ["17.05", "17:05", "17:05"]
    assert [t.time(25 * 60 + 30) for t in (fi, en)] == ["01.30", "01:30"]
    assert fi.time(24 * 60) == "24.00"
    shown = " ".join(fi.weekday(day, short=True) for day in range(7))
    assert shown == "ma ti ke to pe la su"
    assert sv.weekday(0) == "måndag" and en.weekday(6) == "Sunday" and fi.month(1) == "tammikuu"


def test_hours_read_as_on_a_door() -> None:
    hours = parse_hours("Mo-Fr 10:00-12:00,13:00-17:30; Sa 18:00-02:00")
    fi, sv, en = (Texts(language).hours(hours) for language in LANGUAGES)
    assert fi == f"ma{DASH}pe 10{DASH}12 ja 13{DASH}17.30, la 18{DASH}2, su suljettu"
    assert sv == f"mån{DASH}fre 10{DASH}12 och 13{DASH}17:30, lör 18{DASH}2, sön stängt"
    assert en == (
        f"Mon{DASH}Fri 10:00{DASH}12:00 and 13:00{DASH}17:30, Sat 18:00{DASH}02:00, Sun closed"
    )
    assert Texts("fi").hours_lines(CLOSED) == ((f"ma{DASH}su", "suljettu"),)
    assert Texts("fi").hours(parse_hours("Mo,We 09:30-10:00")) == (
        f"ma 9.30{DASH}10, ti suljettu, ke 9.30{DASH}10, to{DASH}su suljettu"
    )


def test_the_number_decides_the_form() -> None:
    keys = [key for key, text in catalogue("fi").items() if not isinstance(text, str)]
    assert keys
    key = keys[0]
    values = dict.fromkeys(placeholders(catalogue("fi")[key]), "x")
    one, many = (Texts("fi")(key, **{**values, "count": count}) for count in (1, 5))
    assert "1" in one and "5" in many


@given(st.floats(-1e9, 1e9), st.sampled_from(LANGUAGES))
def test_numbers_read_back(value: float, language: str) -> None:
    locale = {"fi": "fi", "sv": "sv_FI", "en": "en_GB"}[language]
    shown = Texts(language).number(value, digits=3)
    assert float(parse_decimal(shown, locale=locale)) == pytest.approx(value, abs=0.00051)


def test_a_year_without_seasons_is_told_in_words_and_a_season_as_its_owner_calls_it() -> None:
    t = Texts("sv")
    assert t("plan.value_title", hours="10–17", season="year").startswith("10–17 (hela året)")
    assert t("plan.value_title", hours="10–17", season="years").startswith("10–17 (years)")
    error = DataError("plan.season", name="yer", known="year")
    assert "year" in t.describe(error)  # what she may write is told as she must write it
