"""The notice: what changes, from when and why, in each language."""

from __future__ import annotations

import dataclasses

import pytest
from published_cases import CASES, FIRST, REST, STAMP, SUMMER, chosen, published

from hoursopt.calendar import WHOLE_YEAR
from hoursopt.i18n import Texts
from hoursopt.publish import make
from hoursopt.publish.notice import LONGEST_POST, paragraph, post
from hoursopt.shop import LANGUAGES

REASONS = ("why_longer", "why_shorter", "why_both")
BEFORE = "Mo-Fr 10:00-17:00; Sa 10:00-15:00"


def test_it_tells_what_changes_from_when_and_why() -> None:
    hours = published([(WHOLE_YEAR, "Mo-We 10:00-17:00; Th,Fr 10:00-19:00; Sa 10:00-15:00")])
    told = paragraph(chosen(hours, BEFORE), Texts("en"))
    assert told.startswith("Old Rauma Crafts changes its opening hours from 1 Mar 2027.")
    assert "Thu–Fri 10:00–19:00 (until now 10:00–17:00)" in told
    assert "Mon" not in told and "Sat" not in told
    assert "when many of you want to come" in told
    finnish = post(chosen(hours, BEFORE), Texts("fi"))
    assert finnish.startswith("Old Rauma Crafts: uudet aukioloajat 1.3.2027 alkaen: ma–ke 10–17,")


@pytest.mark.parametrize(
    ("week", "why"),
    [
        ("Mo-Fr 10:00-19:00; Sa 10:00-15:00", "why_longer"),
        ("Mo-Fr 10:00-16:00; Sa 10:00-15:00", "why_shorter"),
        ("Mo-Fr 11:00-18:00; Sa 10:00-15:00", "why_both"),
        ("Mo-Fr 10:00-19:00", "why_both"),
        ("Mo-Sa 10:00-17:00; Su 12:00-16:00", "why_longer"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reason_is_that_of_the_plan_and_none_is_made_up(
    week: str, why: str, language: str
) -> None:
    t = Texts(language)
    hours = published([(WHOLE_YEAR, week)])
    told = paragraph(chosen(hours, BEFORE), t)
    reasons = [
        key for key in ("why_longer", "why_shorter", "why_both") if t(f"notice.{key}") in told
    ]
    assert reasons == [why]
    own = paragraph(chosen(hours, BEFORE, planned=False), t)
    assert not any(t(f"notice.{key}") in own for key in ("why_longer", "why_shorter", "why_both"))


def test_the_news_is_the_first_season_that_differs() -> None:
    hours = published([(SUMMER, "Mo-Su 10:00-20:00"), (REST, BEFORE)])
    told = paragraph(chosen(hours, BEFORE), Texts("en"))
    assert "changes its opening hours from 1 Jun 2027" in told
    assert "From 1 Sept 2027 the former hours hold again: Mon–Fri 10:00–17:00" in told


def test_nothing_new_is_told_as_such() -> None:
    hours = chosen(published([(WHOLE_YEAR, BEFORE)], web="https://x.example"), BEFORE)
    assert post(hours, Texts("sv")).startswith(
        "Old Rauma Crafts har öppet som förut: mån–fre 10–17"
    )
    told = paragraph(hours, Texts("fi"))
    assert "kuten ennenkin" in told and "muuttaa" not in told and "https://x.example" in told


def test_days_with_the_same_hours_are_told_together() -> None:
    told = paragraph(chosen(CASES["sample"], BEFORE), Texts("en"))
    assert "closed 2 Apr 2027, 25 Dec 2027, 25 Dec 2028; " in told
    assert "10:00–13:00 25 Jun 2027, 24 Dec 2027" in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_a_post_is_short_and_every_text_complete(name: str, language: str) -> None:
    hours = dataclasses.replace(CASES[name], web="https://www.oldraumacrafts.example/kauppa")
    told = post(chosen(hours, BEFORE), Texts(language))
    assert len(told) <= LONGEST_POST
    for text in (told, paragraph(chosen(hours, BEFORE), Texts(language))):
        assert "{" not in text and "  " not in text and ".." not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_fit_in_a_post_is_left_out_whole(language: str) -> None:
    t = Texts(language)
    web = "https://www.oldraumacrafts.example/" + "kauppa/" * 20
    long = post(chosen(dataclasses.replace(CASES["sample"], web=web), BEFORE), t)
    assert len(long) <= LONGEST_POST and "http" not in long and t("notice.why_longer") in long
    spans = "09:00-10:00,10:30-11:00,11:30-12:00,12:30-13:15,14:00-15:10"
    days = zip(("Mo", "Tu", "We", "Th", "Fr", "Sa"), range(6), strict=True)
    week = "; ".join(f"{day} {spans},16:00-17:{10 + number}" for day, number in days)
    short = post(chosen(published([(WHOLE_YEAR, week)]), BEFORE), t)
    assert len(short) <= LONGEST_POST and "09" not in short
    assert short.startswith(t("notice.post_short", shop="Old Rauma Crafts", date=FIRST))


def test_the_file_has_each_language_once() -> None:
    text = make(chosen(CASES["sample"]), "notice", ("fi", "sv", "en"), STAMP).content.decode()
    for language in LANGUAGES:
        assert text.count(Texts(language)("notice.language")) == 1
    only = make(chosen(CASES["sample"]), "notice", ("sv",), STAMP).content.decode()
    assert "In English" not in only and "På svenska" in only
