"""The plan's report says the same in every form and language; no formula lives in it but ours."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path

import openpyxl
import pytest
from tiny_shop import write_tiny_shop

from hoursopt.cli import main
from hoursopt.errors import DataError
from hoursopt.flow import Loaded, load
from hoursopt.hours import Grid
from hoursopt.i18n import Texts
from hoursopt.plan import Options
from hoursopt.report import FORMS, find_plan, keep, make_plan, plan_report, render
from hoursopt.report.nouns import Column, Report, Row, Section, Table
from hoursopt.shop import LANGUAGES
from hoursopt.store import KeptPlan

sys.path.insert(0, str(Path(__file__).parent))
from reading import Page, book_of, pdf_of, read_back, structure

LONG = "It goes on and on, as texts do that people write into a name."
AWKWARD = '=cmd|"/c calc"!A1 </script><b>&'
RULES = """
[[rule]]
name = "home by one"
kind = "closed_after"
days = "Mo-Fr"
at = "13:00"
[[supplement]]
name = "noon"
days = "Mo-Fr"
from = "12:00"
to = "14:00"
per_hour = 2.0
[[event]]
name = "Market"
dates = [["2026-05-05", "2026-05-05"]]
[[season]]
name = "summer"
from = "06-01"
to = "08-31"
[[season]]
name = "rest"
from = "09-01"
to = "05-31"
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = write_tiny_shop(tmp_path_factory.mktemp("tiny"), toml=RULES)
    toml = folder / "shop.toml"
    text = toml.read_text("utf-8").replace("supplements = false", "supplements = true")
    toml.write_text(text, "utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def kept(loaded: Loaded) -> KeptPlan:
    _, kept = make_plan(loaded, Options(draws=40, fresh=80, robust=1.0))
    keep(kept, loaded.shop)
    return kept


@pytest.fixture(scope="module")
def awkward(loaded: Loaded, kept: KeptPlan) -> Report:
    """A report in which a name is a formula and the end of a script."""
    return plan_report(kept, loaded.shop.replace(name=AWKWARD), "en")


def figures(report: Report) -> list[list[float]]:
    return [
        [cell for row in table.rows for cell in row.cells if isinstance(cell, (int, float))]
        for table in report.tables()
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_forms_have_every_cell_of_every_table(
    language: str, loaded: Loaded, kept: KeptPlan
) -> None:
    assert read_back(plan_report(kept, loaded.shop, language)) > 300


def test_figures_are_the_same_in_every_language(loaded: Loaded, kept: KeptPlan) -> None:
    first, *others = (plan_report(kept, loaded.shop, language) for language in LANGUAGES)
    for other in others:
        assert figures(other) == figures(first)
        assert len(other.sections) == len(first.sections) == 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_says_that_a_gain_hangs_on_hours_nobody_counted(
    language: str, loaded: Loaded, kept: KeptPlan
) -> None:
    said = Texts(language)("why.uncounted")
    first, *others = kept.plan["seasons"]
    unsure = {**kept.plan, "seasons": [{**first, "uncounted": True}, *others]}
    for plan, heads in ((kept.plan, 0), (unsure, 1)):
        report = plan_report(dataclasses.replace(kept, plan=plan), loaded.shop, language)
        told = [cell for table in report.tables() for row in table.rows for cell in row.cells]
        assert sum(said in str(cell) for cell in told) == heads


def test_the_week_for_bad_times_is_told_with_its_cost_and_only_where_it_was_asked_for(
    loaded: Loaded, kept: KeptPlan
) -> None:
    report = plan_report(kept, loaded.shop, "en")
    told = [table for table in report.tables() if "For bad times" in str(table.columns)]
    seasons = kept.plan["seasons"]
    assert len(told) == 2 * len(seasons)
    for season, hours, money in zip(seasons, told[::2], told[1::2], strict=True):
        robust = season["robust"]
        mean, worst = money.rows
        assert mean.cells[3] == pytest.approx(-robust["costs_per_week"], abs=0.02)
        assert worst.cells[3] == pytest.approx(robust["saves_per_week"], abs=0.02)
        unlike = [
            day["hours"] != best["hours"]
            for day, best in zip(robust["days"], season["days"], strict=True)
        ]
        assert [row.look == "changed" for row in hours.rows] == unlike
    plain = {**kept.plan, "seasons": [{**one, "robust": None} for one in seasons]}
    without = plan_report(dataclasses.replace(kept, plan=plain), loaded.shop, "en")
    assert not [table for table in without.tables() if "For bad times" in str(table.columns)]


def test_the_pay_of_the_shifts_is_that_of_the_ledger_and_every_check_holds(
    loaded: Loaded, kept: KeptPlan
) -> None:
    report = plan_report(kept, loaded.shop, "en")
    assert len(report.checks) >= 8
    for check in report.checks:
        assert report.holds(check), check.title
    tampered = {**kept.plan, "seasons": [dict(one) for one in kept.plan["seasons"]]}
    for season in tampered["seasons"]:
        week = {name: dict(ledger) for name, ledger in season["week"].items()}
        week["best"]["wages"] += 1.0
        season["week"] = week
    wrong = plan_report(dataclasses.replace(kept, plan=tampered), loaded.shop, "en")
    assert not all(map(wrong.holds, wrong.checks))


def test_only_our_sums_and_checks_are_formulas_and_they_come_out(awkward: Report) -> None:
    content = render(awkward, ".xlsx")
    book, values = book_of(content), book_of(content, computed=True)
    formulas = 0
    for sheet in book:
        for row in sheet:
            for cell in row:
                if cell.data_type != "f":
                    continue
                formulas += 1
                told = values[sheet.title][cell.coordinate].value
                result = computed(values, sheet.title, str(cell.value))
                if isinstance(result, str):
                    assert told == result == "agrees"
                else:
                    assert told == pytest.approx(result, abs=0.05), (sheet.title, cell.coordinate)
    assert formulas > 40
    names = [sheet["A1"] for sheet in book]
    assert all(cell.data_type == "s" and cell.value == AWKWARD for cell in names)
    assert [sheet.title for sheet in book] == [
        *("Hours", "Week plan", "Shifts", "Special days", "Worth", "Assumptions", "Checks")
    ]


def computed(book: openpyxl.Workbook, sheet: str, formula: str) -> float | str:
    """What a formula of ours gives: a sum of a stretch, of single cells, or a comparison."""

    def value(reference: str) -> float:
        place, _, cell = reference.rpartition("!")
        found = book[place.strip("'") or sheet][cell.replace("$", "")].value
        return float(found)

    if found := re.fullmatch(r"=SUM\((\w+):(\w+)\)", formula):
        cells = book[sheet][f"{found[1]}:{found[2]}"]
        return sum(float(cell.value) for (cell,) in cells)
    if found := re.fullmatch(r'=IF\(ABS\((\w+)-(\w+)\)<=([\d.]+),"(\w+)","(\w+)"\)', formula):
        near = abs(value(found[1]) - value(found[2])) <= float(found[3])
        return found[4] if near else found[5]
    return sum(map(value, formula.removeprefix("=").split("+")))


def test_a_name_can_be_no_markup(awkward: Report) -> None:
    text = render(awkward, ".html").decode()
    page = Page(text)
    assert AWKWARD in page.text
    assert not {"script", "b", "iframe", "img", "link"} & {tag for tag, _ in page.tags}
    assert AWKWARD.split()[-1] in pdf_of(render(awkward, ".pdf")).metadata.title


def test_the_page_needs_nothing_from_elsewhere(awkward: Report) -> None:
    text = render(awkward, ".html").decode()
    page = Page(text)
    anchors = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    assert len(anchors) == 12 and all(str(anchor).startswith("#s") for anchor in anchors)
    assert not any("src" in attrs for _, attrs in page.tags)
    assert "url(" not in text and "@import" not in text and "http" not in text
    ids = {attrs.get("id") for _, attrs in page.tags}
    assert {str(anchor)[1:] for anchor in anchors} <= ids
    svgs = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert len(svgs) == 2 and all(attrs["aria-labelledby"] in ids for attrs in svgs)


def test_the_pdf_is_a4_with_outline_language_and_tags(loaded: Loaded, kept: KeptPlan) -> None:
    report = plan_report(kept, loaded.shop, "sv")
    reader = pdf_of(render(report, ".pdf"))
    assert reader.trailer["/Root"]["/Lang"] == "sv"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712
    for number, page in enumerate(reader.pages, 1):
        assert [round(side) for side in page.mediabox[2:]] == [595, 842]
        assert f"Sida {number} av {len(reader.pages)}" in page.extract_text()
    (title, sections) = reader.outline
    assert title.title == report.title
    assert [entry.title for entry in sections] == [section.title for section in report.sections]
    kinds = structure(reader)
    assert kinds.count("/H1") == 1 and kinds.count("/H2") == 13
    assert kinds.count("/Figure") == 2
    tables = [table for section in report.sections for table in section.tables]
    cells = sum(len(row.cells) for table in tables for row in table.rows)
    assert kinds.count("/TD") + kinds.count("/TH") > cells
    contents = reader.pages[0].extract_text()
    for entry in sections:
        page = reader.get_destination_page_number(entry) + 1
        assert re.search(rf"{re.escape(entry.title)}\s*\n?(.*\n)*?.*\b{page}\b", contents)


def test_a_long_table_repeats_its_head_and_cuts_no_row(loaded: Loaded, kept: KeptPlan) -> None:
    rows = tuple(
        Row((f"row {number} begins and is longer than its column. {LONG} ends {number}.", 1.0))
        for number in range(150)
    )
    table = Table(
        "Long",
        (
            Column("Name"),
            Column("Figure", "number"),
        ),
        rows,
    )
    short = dataclasses.replace(table, title="Short", rows=rows[:20])
    report = dataclasses.replace(
        plan_report(kept, loaded.shop, "en"),
        sections=(Section("Tables", (table, short), "hours"),),
        checks=(),
    )
    pages = [page.extract_text() for page in pdf_of(render(report, ".pdf")).pages][1:]
    holding = [text for text in pages if "Long" in text]
    assert len(holding) > 3
    for text in holding:
        assert text.count("Figure") - text.count("Short") == 1
        for number in range(150):
            if f"row {number} begins" in text:
                assert f"ends {number}." in text
    assert sum("Short" in text for text in pages) == 1
    (whole,) = (text for text in pages if "Short" in text)
    assert "row 0 begins" in whole and "row 19 begins" in whole


def test_one_season_is_told_alone_and_an_unknown_one_refused(
    loaded: Loaded, kept: KeptPlan
) -> None:
    report = plan_report(kept, loaded.shop, "en", "summer")
    assert "summer" in report.title
    text = render(report, ".html").decode()
    assert "rest (" not in text and "1 Jun" in text
    with pytest.raises(DataError) as caught:
        plan_report(kept, loaded.shop, "en", "winter")
    assert caught.value.key == "report.no_season"


def test_a_kept_plan_is_told_while_nothing_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_tiny_shop(tmp_path / "tiny", days=21)
    out = tmp_path / "plan.html"
    assert main(["report", str(folder), "--out", str(out)]) == 0
    assert "A new plan was made" in capsys.readouterr().out
    first = out.read_bytes()
    assert main(["report", str(folder), "--out", str(out)]) == 0
    assert "nothing of its data has changed" in capsys.readouterr().out
    assert out.read_bytes() == first
    with (folder / "receipts.csv").open("a") as file:
        file.write("2026-01-26 12:00;9999;20.00\n")
    assert find_plan(load(folder)) is None
    toml = folder / "shop.toml"
    toml.write_text(toml.read_text().replace("margin_rate = 0.5", "margin_rate = 0.6"))
    assert find_plan(load(folder)) is None


def test_wrong_endings_and_places_are_told_and_leave_no_file(
    loaded: Loaded, kept: KeptPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = str(loaded.shop.folder)
    for file, word in (("plan.doc", ".html, .pdf"), ("no/such/plan.pdf", "cannot be written")):
        assert main(["report", shop, "--out", str(tmp_path / file)]) == 1
        assert word in capsys.readouterr().err
    assert main(["report", shop, "--season", "Easter", "--out", str(tmp_path / "a.pdf")]) == 1
    assert 'no season "Easter"' in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_form_that_there_is_not_is_refused(awkward: Report) -> None:
    with pytest.raises(DataError, match=r"report\.ending"):
        render(awkward, ".docx")
    assert FORMS == (".html", ".pdf", ".xlsx")


def test_the_three_forms_are_the_same_bytes_each_time(awkward: Report) -> None:
    for form in FORMS:
        assert render(awkward, form) == render(awkward, form)


NIGHT = [["18:00", "25:00"]]
NIGHT_SHIFT = {"staff": "owner", "count": 1, "from": "18:00", "to": "25:00", "break": None}


def test_hours_past_midnight_stand_on_the_day_on_which_they_begin(
    loaded: Loaded, kept: KeptPlan
) -> None:
    shop = loaded.shop.replace(grid=Grid(60, 8 * 60, 26 * 60))
    plan, basis = (json.loads(json.dumps(part)) for part in (kept.plan, kept.basis))
    for season in plan["seasons"]:
        season["days"][4] |= {"hours": NIGHT, "shifts": [NIGHT_SHIFT]}
        season.pop("wanted_by_hour", None)
        told = basis["demand"][season["name"]]
        for name, value in (("mean", 0.5), ("low", 0.2), ("high", 1.0), ("evidence", "none")):
            told[name] = [[*day, *[value] * 6] for day in told[name]]
    night = dataclasses.replace(kept, plan=plan, basis=basis)
    report = plan_report(night, shop, "sv")
    page = Page(render(report, ".html").decode())
    assert page.cells.count("18–1") >= 4
    assert "18–1" in "".join(one.extract_text() for one in pdf_of(render(report, ".pdf")).pages)
    (duty, *_) = (table for sheet, table in report.aside if sheet == "week")
    people = {str(row.cells[0]): row.cells[5] for row in duty.rows}
    assert people["24:00"] == 1 and "01:00" not in people
    shifts = book_of(render(report, ".xlsx"))["Arbetspass"]
    assert any(cell.value == "18–1" for row in shifts for cell in row)
