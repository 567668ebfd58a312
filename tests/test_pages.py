"""Claims about the page: what a visitor reads, in three languages, and what never reaches her."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
import sys
import threading
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from tiny_shop import (
    BUSY_UNTIL_FIVE,
    KnownDemand,
    a_trial,
    an_alternative,
    known_demand,
    tiny_shop,
    write_tiny_shop,
)

from hoursopt import flow, kept
from hoursopt.calendar import Season
from hoursopt.demand.marks import Mark
from hoursopt.demand.model import Band, Diagnostic, Learned
from hoursopt.demand.past import PastTest
from hoursopt.errors import DataError, RulesConflict
from hoursopt.evaluate import Ledger, Shift, StaffedWeek
from hoursopt.flow import Loaded
from hoursopt.hours import Span, parse_hours
from hoursopt.i18n import Texts, catalogue
from hoursopt.importers import ImportReceipt, Problem
from hoursopt.observations import Observations
from hoursopt.pages import (
    answers,
    imported,
    making,
    plan_page,
    season_page,
    session,
    waiting,
    week,
)
from hoursopt.pages.background import Job
from hoursopt.pages.decision import advice, chance, headline, signed, signed_percent
from hoursopt.pages.markup import Markup, join, plain, tag
from hoursopt.pages.result_files import FORMS as FORMS_OF_RESULTS
from hoursopt.pages.result_files import file_of
from hoursopt.plan import (
    Advice,
    Edge,
    Estimate,
    LimitPrice,
    Options,
    Outlook,
    PartialChange,
    Plan,
    RobustWeek,
    RulePrice,
    SeasonPlan,
    SpecialDay,
    Stability,
    Steering,
    Study,
    Together,
)
from hoursopt.program.answer import Proof
from hoursopt.publish import FORMATS
from hoursopt.shop import Shop
from hoursopt.shop.file import read_shop
from hoursopt.workspace.home import remember
from hoursopt.workspace.incoming import LARGEST

ROOT = Path(__file__).parents[1]
PAGES = ("plan", "demand", "whatif", "season", "shop")
LANGUAGES = ("fi", "sv", "en")
PATIENCE = 30.0
PLAN_PAGE = "from hoursopt.pages import plan_page; plan_page.page()"
EN = Texts("en")
HOSTILE = "<img src=//evil.example/x> **b** :red[r]"
SEASONS = """
[[season]]
name = "<b>summer</b>"
from = "06-01"
to = "08-31"
[[season]]
name = "rest"
from = "09-01"
to = "05-31"
"""


@dataclass(frozen=True)
class FittedDemand(KnownDemand):
    """Known demand that also has what a fit tells."""

    seasons: tuple[Season, ...] = ()
    start: dt.date = dt.date(2026, 3, 2)
    marks: dict[dt.date, Mark] = field(
        default_factory=lambda: {dt.date(2026, 5, day): Mark("event", HOSTILE) for day in (6, 7)}
    )
    diversion: dict[str, Learned] = field(
        default_factory=lambda: {
            "recaptured": Learned(0.334, 0.2, 0.5, True),
            "reach_hours": Learned(1.2, 0.7, 2.0, False),
        }
    )
    diagnostics: tuple[Diagnostic, ...] = (Diagnostic("demand.no_witness", {}),)
    open_marks = frozenset({HOSTILE})


@dataclass
class Kitchen:
    """The rooms below the page, made of plain nouns; counts what the page asked of them."""

    advice: Advice = "change"
    loads: int = 0
    fits: list[Shop] = field(default_factory=list)
    studied: list[str] = field(default_factory=list)
    refusal: Exception | None = None
    past: PastTest | None = None
    robust: RobustWeek | None = None

    def load(self, shop: Shop) -> Loaded:
        self.loads += 1
        return REAL_LOAD(shop)

    def fit(self, shop: Shop, observations: Observations, sources: str) -> FittedDemand:
        self.fits.append(shop)
        known = known_demand(*BUSY_UNTIL_FIVE)
        return FittedDemand(known.grid, known.hourly, seasons=shop.seasons)

    def study(self, shop: Shop, model: object, season: Season, options: Options) -> Study | None:
        if self.refusal:
            raise self.refusal
        self.studied.append(season.name)
        return None

    def plan(
        self, shop: Shop, model: KnownDemand, studies: object, options: Options, told: object = None
    ) -> Plan:
        plan = plan_for(shop, model, self.advice, explain=options.explain)
        robust = self.robust if options.explain else None
        return replace(plan, seasons=tuple(replace(one, robust=robust) for one in plan.seasons))


REAL_LOAD = flow.load_shop


def plan_for(shop: Shop, model: KnownDemand, advice: Advice, *, explain: bool) -> Plan:
    """A plan that opens three hours longer on Mondays to Fridays."""
    staff = shop.staff[0].name
    today, best = (parse_hours(f"Mo-Fr 10:00-{end}:00").days for end in (14, 17))
    before = Ledger(sales_margin=900, wages=240, opening_cost=40, wanted=120, served=90, lost=30)
    after = replace(before, sales_margin=1200, wages=420, opening_cost=70, served=115, lost=5)
    seasons = tuple(
        SeasonPlan(
            name=season.name,
            first=model.last_date,
            last=model.last_date,
            weeks=26.0,
            today=StaffedWeek(today, tuple(Shift(day, staff, 1, 2, 6) for day in range(5))),
            today_ledger=before,
            best=StaffedWeek(best, tuple(Shift(day, staff, 1, 2, 9, 5) for day in range(5))),
            best_ledger=after,
            gain=Estimate(90.0, 30.0, 150.0),
            probability_better=1.0,
            advice=advice,
            proof=Proof("HiGHS", "optimal", 0.0, 670.0, 0.4),
            breaks={staff: 1},
            uncounted=advice == "try",
        )
        for season in shop.seasons
    )
    name = seasons[0].name
    worth = Estimate(38.0, 9.0, 70.0)
    told = {
        "special_days": (SpecialDay(model.last_date.replace(month=7), HOSTILE, ()),),
        "edges": (Edge(name, 3, 960, 1020, True, worth, 4.1, 1.9, 0.6, "witness"),),
        "rules": (RulePrice(HOSTILE, name, worth),),
        "alternatives": (an_alternative(name, "Mo-Fr 10:00-16:00", 665.0),),
        "trials": (a_trial(name, 3, 1140, 1200, 6, 5.2),),
    }
    return Plan(
        shop=shop.name,
        currency=shop.currency,
        grid=shop.grid,
        start=model.last_date,
        weeks=52,
        seasons=seasons,
        year_today=before * 52,
        year_best=after * 52,
        year_gain=Estimate(4680.0, 1560.0, 7800.0),
        **(told if explain else dict.fromkeys(told, ())),
    )


@pytest.fixture
def kitchen(monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    rooms = Kitchen()
    monkeypatch.setattr(flow, "load_shop", rooms.load)
    monkeypatch.setattr(making, "study_season", rooms.study)
    monkeypatch.setattr(making, "plan_of", rooms.plan)
    monkeypatch.setattr(making, "explained", lambda *of: None)
    monkeypatch.setattr(making, "_remember", lambda *of: None)
    monkeypatch.setattr(season_page, "kept_plan", lambda here: None)
    monkeypatch.setattr(making, "held_back", lambda observations, shop: rooms.past)
    monkeypatch.setattr(kept, "model_of", rooms.fit)
    monkeypatch.setattr(kept, "load", lambda folder, key, kind: None)
    monkeypatch.setattr(kept, "keep", lambda folder, key, noun: None)
    monkeypatch.setattr(waiting, "BLINK_SECONDS", PATIENCE)
    return rooms


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = write_tiny_shop(tmp_path / "shop", days=14, toml=SEASONS)
    toml = (path / "shop.toml").read_text("utf-8")
    (path / "shop.toml").write_text(toml.replace('"Tiny"', f'"{HOSTILE}"'), "utf-8")
    monkeypatch.setattr(sys, "argv", ["app.py", str(path)])
    return path


def open_page(name: str, language: str | None = "en") -> AppTest:
    """One page on its own, or the whole site at its first page for `site`."""
    source = (
        "from hoursopt.pages import run; run()"
        if name == "site"
        else f"from hoursopt.pages import {name}_page; {name}_page.page()"
    )
    at = AppTest.from_string(source, default_timeout=2 * PATIENCE)
    if language:
        at.session_state["language"] = language
    at.session_state["step"] = "files"
    at.session_state[waiting.SEEN] = {plan_page.SIGHT}
    return at.run()


def markup_of(at: AppTest) -> str:
    """All HTML of the page."""
    return "\n".join(element.proto.body for element in at.get("html"))


def words_of(at: AppTest) -> str:
    """What a reader sees of that HTML."""
    bare = re.sub(r"<style>.*?</style>|<[^>]*>", " ", markup_of(at), flags=re.S)
    return " ".join(html.unescape(bare).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_speaks_every_language(
    name: str, language: str, folder: Path, kitchen: Kitchen
) -> None:
    at = open_page(name, language)
    assert not at.exception
    t = Texts(language)
    heading = {
        "plan": "page.ledger_title",
        "demand": "page.curve_title",
        "whatif": "asking.title",
        "season": "season.publish_title",
        "shop": "setup.stands_title",
    }
    assert t(heading[name]) in words_of(at)
    others = {Texts(other)(heading[name]) for other in LANGUAGES} - {t(heading[name])}
    assert not any(other in words_of(at) for other in others)
    assert not re.search(r"\b(page|chart|plan|cli)\.[a-z_]+", words_of(at))


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_of_the_hours_can_be_seen_and_fetched(
    form: str, folder: Path, kitchen: Kitchen
) -> None:
    at = open_page("season")
    at.pills(key="publish-form").set_value(form).run()
    assert not at.exception
    assert EN(f"season.about_{form.replace('.', '_')}") in words_of(at)
    assert [button for button in at.get("download_button")]
    if form != "sign":
        assert at.code[0].value.strip()


@pytest.mark.parametrize("name", PAGES)
def test_names_that_people_give_are_never_markup(name: str, folder: Path, kitchen: Kitchen) -> None:
    at = open_page(name)
    assert HOSTILE in words_of(at)
    assert "<img" not in markup_of(at)
    assert "<b>summer" not in markup_of(at)
    for element in (*at.markdown, *at.caption):
        assert "<img" not in element.value


def test_the_plan_page_answers_before_it_explains(folder: Path, kitchen: Kitchen) -> None:
    words = words_of(open_page("plan"))
    assert words.index("€4,680 more than today's") < words.index("Change the hours")
    assert words.index("Change the hours") < words.index("Hours today Mon 10:00–14:00")
    assert "Best hours Mon 10:00–17:00 ●" in words
    assert "Gain a week +€90 in 8 cases of 10 between €30 and €150" in words
    assert "> 99%" in words
    assert words.index("Proven best (HiGHS, 0.4 s).") < words.index("When people want to come")


def test_the_first_sight_of_a_visit_is_the_answer_alone(folder: Path, kitchen: Kitchen) -> None:
    at = AppTest.from_string(PLAN_PAGE, default_timeout=2 * PATIENCE)
    at.session_state["language"] = "en"
    words = words_of(at.run())
    assert "Gain a week +€90 in 8 cases of 10 between €30 and €150" in words
    assert "Change the hours" in words
    assert EN("page.ledger_title") not in words
    assert not at.get("vega_lite_chart")
    words = words_of(at.run())
    assert "Gain a week +€90" in words
    assert EN("page.ledger_title") in words
    assert at.get("vega_lite_chart")


def test_the_ledger_shows_today_best_and_difference(folder: Path, kitchen: Kitchen) -> None:
    words = words_of(open_page("plan"))
    assert "Margin of sales €900 €1,200 +€300" in words
    assert "Pay -€240 -€420 -€180" in words
    assert "Profit €620 €710 +€90" in words
    assert "served 90 115 +25" in words
    assert "left the queue" not in words


def test_shifts_and_people_are_told_in_words(folder: Path, kitchen: Kitchen) -> None:
    words = words_of(open_page("plan"))
    assert "Mon 1 x owner 10:00–17:00, break 13:00–14:00 10:00–13:00: 1 14:00–17:00: 1" in words
    assert "Sat – –" in words


def test_reasons_follow_when_they_are_known(folder: Path, kitchen: Kitchen) -> None:
    at = open_page("plan")
    words = words_of(at)
    assert "Thu 16:00–17:00 is worth most: €38 a week (€9 to €70)." in words
    assert "Almost as good Hours Profit a week Less than the best Mon–Fri 10:00–16:00" in words
    assert "Thursday 19:00–20:00 for 6 weeks" in words
    assert "To know is worth up to" in words
    assert "Public holidays and events" in words
    assert not at.get("status")


def test_limits_steering_and_less_change_are_told_with_their_money(
    folder: Path, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plan(*of: object, **told: object) -> Plan:
        made = kitchen_plan(*of, **told)  # type: ignore[arg-type]
        name, worth = made.seasons[0].name, Estimate(12.0, 3.0, 21.0)
        gain = replace(worth, mean=40.0)
        first = replace(
            made.seasons[0],
            steering=Steering(2.0, worth, 9.0, 5.0),
            stability=Stability(
                0.0,
                (PartialChange((0,), gain, 0.0), PartialChange((3,), worth, 0.0)),
                None,
                Estimate(4680.0, 1560.0, 7800.0),
            ),
        )
        return replace(
            made,
            seasons=(first, *made.seasons[1:]),
            limits=(LimitPrice("max_staff", "", "3", name, worth),),
            together=(Together("rules_and_limits", name, gain),),
        )

    kitchen_plan = kitchen.plan
    monkeypatch.setattr(making, "plan_of", plan)
    words = words_of(open_page("plan"))
    assert "Limits that hold the plan back" in words
    assert f"{EN('setup.label.limits.max_staff')}: 3 €12 €3 to €21" in words
    assert "without any rule, and without the limits above €40" in words
    assert "€12 a week (€3 to €21) comes from customers who buy in the web shop" in words.replace(
        ".00", ""
    )
    assert "Careful: a web order earns you more (€9.00) than a sale in the shop (€5.00)" in words
    assert "If you change less Only these days change Gain a week 8 cases of 10 Mon €40" in words


def test_figures_by_which_no_hour_pays_are_doubted_before_the_door_is_shut() -> None:
    plan = plan_for(tiny_shop(), known_demand(*BUSY_UNTIL_FIVE), "change", explain=False)
    (season, *_) = plan.seasons
    shut = replace(season, best=StaffedWeek(((),) * 7, ()))
    assert EN("page.never_open") in html.unescape(str(advice(shut, 0.8, EN)))
    assert EN("page.never_open") not in html.unescape(str(advice(season, 0.8, EN)))


def ask_for_bad_times(folder: Path, more: str = "") -> None:
    toml = (folder / "shop.toml").read_text("utf-8")
    (folder / "shop.toml").write_text(f"{toml}{more}\n[decision]\nrobust = 0.5\n", "utf-8")


def test_the_week_for_bad_times_stands_beside_the_best_with_what_it_costs_and_saves(
    folder: Path, kitchen: Kitchen
) -> None:
    assert "bad times" not in words_of(open_page("plan"))
    shorter = StaffedWeek(parse_hours("Mo-Fr 10:00-16:00").days, ())
    kitchen.robust = RobustWeek(
        0.5, shorter, Outlook(660.0, 410.0), Outlook(672.0, 380.0), "feasible", 0.012
    )
    ask_for_bad_times(folder)
    at = open_page("plan")
    assert not at.exception
    words = words_of(at)
    assert "costs €12 a week on average, and brings €30 more in the worst tenth" in words
    assert "The worst tenth counts 50%" in words and "up to 1.2% better" in words
    sign = words[words.index("If bad times should count") : words.index(EN("robust.words"))]
    assert sign.count("●") == 6 and EN("robust.unlike") in sign  # five days and what it means
    assert "In the worst tenth of all that may come €380 €410 +€30" in words


def test_a_week_for_bad_times_that_is_the_best_is_called_so(folder: Path, kitchen: Kitchen) -> None:
    same = StaffedWeek(parse_hours("Mo-Fr 10:00-17:00").days, ())
    kitchen.robust = RobustWeek(0.5, same, Outlook(9.0, 4.0), Outlook(9.0, 4.0), "optimal", 0.0)
    ask_for_bad_times(folder)
    words = words_of(open_page("plan"))
    assert EN("robust.same") in words and "brings nothing more" not in words


def test_where_seasons_hang_on_one_another_it_is_told_that_no_week_is(
    folder: Path, kitchen: Kitchen
) -> None:
    ask_for_bad_times(folder)
    words = words_of(open_page("plan"))
    assert session.PageTexts("en")("robust.tied") in words and "season_changes" not in words


def test_the_page_can_be_used_while_reasons_are_worked_out(
    folder: Path, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ready = threading.Event(), threading.Event()

    def slow(*of: object) -> None:
        begun.set()
        ready.wait(PATIENCE)

    monkeypatch.setattr(making, "explained", slow)
    monkeypatch.setattr(waiting, "BLINK_SECONDS", 0.1)
    kitchen.advice = "keep"
    at = open_page("plan")
    assert begun.wait(PATIENCE)
    at.run()
    assert not at.exception
    assert "Hours today" in words_of(at)
    assert "Keep today's hours" not in words_of(at)
    assert "Almost as good" not in words_of(at)
    assert "Working out what each hour" in str(at.get("progress")[0].proto)
    ready.set()
    monkeypatch.setattr(waiting, "BLINK_SECONDS", PATIENCE)
    assert "Keep today's hours" in words_of(at.run())


def test_work_that_is_stopped_can_go_on(
    folder: Path, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, begun, ready = making.study_season, threading.Event(), threading.Event()

    def slow(shop: Shop, model: object, season: Season, options: Options) -> Study | None:
        begun.set()
        ready.wait(PATIENCE)
        return study(shop, model, season, options)

    monkeypatch.setattr(making, "study_season", slow)
    monkeypatch.setattr(waiting, "BLINK_SECONDS", 0.1)
    at = open_page("plan")
    assert "The best hours are being worked out" in words_of(at)
    assert "Hours today Mon 10:00–14:00" in words_of(at)
    assert begun.wait(PATIENCE)  # a stop before the first season would find nothing studied
    at.button(key="stop-plan").click().run()
    ready.set()  # only now: a season that is done before the stop would not be the last
    monkeypatch.setattr(waiting, "BLINK_SECONDS", PATIENCE)
    at.run()
    assert "The work was stopped" in words_of(at)
    assert kitchen.studied == ["rest"]
    at.button(key="again-plan").click().run()
    assert "Best hours Mon 10:00–17:00" in words_of(at)


@pytest.mark.parametrize(
    ("name", "page", "drawn", "then"),
    [
        ("plan", plan_page, "show_today", "Best hours Mon 10:00–17:00"),
        ("season", season_page, "paragraph", "Tell the world"),
    ],
)
def test_work_that_ends_while_the_page_is_drawn_was_not_stopped(
    name: str,
    page: ModuleType,
    drawn: str,
    then: str,
    folder: Path,
    kitchen: Kitchen,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study, draw, ready = making.study_season, getattr(page, drawn), threading.Event()

    def slow(shop: Shop, model: object, season: Season, options: Options) -> Study | None:
        ready.wait(PATIENCE)
        return study(shop, model, season, options)

    def draw_until_it_ends(*told: object) -> object:
        ready.set()
        assert answers.answer_of(session.visit()).wait(PATIENCE)
        return draw(*told)

    monkeypatch.setattr(making, "study_season", slow)
    monkeypatch.setattr(waiting, "BLINK_SECONDS", 0.1)
    monkeypatch.setattr(page, drawn, draw_until_it_ends)
    at = open_page(name)
    assert ready.is_set()
    assert "The work was stopped" not in words_of(at)
    assert then in words_of(at)


def test_a_tab_that_goes_on_does_not_begin_anew_what_another_has_begun(
    folder: Path, kitchen: Kitchen
) -> None:
    at = open_page("plan")
    assert len(kitchen.studied) == 2
    at.run()
    AppTest.from_string(
        "from hoursopt.pages import answers, session; answers.ask_again(session.visit())"
    ).run()
    at.run()
    assert len(kitchen.studied) == 2


def test_a_shop_that_is_saved_while_a_page_reads_it_is_planned_anew(
    folder: Path, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_and_overtaken(path: Path) -> Shop:
        shop = read_shop(path)
        toml = (folder / "shop.toml").read_text("utf-8")
        (folder / "shop.toml").write_text(toml.replace("rate = 0.5", "rate = 0.6"), "utf-8")
        return shop

    monkeypatch.setattr(session, "read_shop", read_and_overtaken)
    open_page("plan")
    assert len(kitchen.studied) == 2
    monkeypatch.setattr(session, "read_shop", read_shop)
    assert read_shop(folder).economics.margin_rate == 0.6
    open_page("plan")
    assert len(kitchen.studied) == 4


@pytest.mark.parametrize("advice", ["change", "try", "keep"])
def test_each_advice_has_its_words(advice: Advice, folder: Path, kitchen: Kitchen) -> None:
    kitchen.advice = advice
    words = words_of(open_page("plan"))
    assert EN(f"page.advice_{advice}") in words
    assert (EN("why.uncounted") in words) is (advice == "try")
    assert "One trial could win more: Thu 19:00–20:00, worth about €" in words


def test_what_ifs_are_compared_beside_one_another(folder: Path, kitchen: Kitchen) -> None:
    at = open_page("whatif")
    assert at.button(key="whatif-run").label == "Work out 9 what-ifs"
    at.text_input(key="whatif-margin_rate").set_value("50 25,5")
    at.text_input(key="whatif-pay").set_value("100").run()
    at.button(key="whatif-run").click().run()
    assert at.session_state["whatif_runs"][2].wait(60)
    at.run()
    assert not at.exception
    words = words_of(at)
    assert "In 1 of 2 what-ifs these are the best hours" in words or "In 2 of 2" in words
    assert "margin 50%, pay 100%" in words
    assert "margin 25.5%, pay 100%" in words
    assert "<b>summer</b>: Mon" in words
    assert "Stopped" not in words


def test_what_ifs_are_fetched_in_three_forms(folder: Path, kitchen: Kitchen) -> None:
    at = open_page("whatif")
    at.text_input(key="whatif-margin_rate").set_value("50")
    at.text_input(key="whatif-pay").set_value("100 110").run()
    at.button(key="whatif-run").click().run()
    _, sweep, job = at.session_state["whatif_runs"]
    assert job.wait(60)
    at.run()
    assert len(at.get("download_button")) == 3
    shop = read_shop(folder)
    told = {form: file_of(job.result(), sweep, shop, form, EN) for form in FORMS_OF_RESULTS}
    rows = list(csv.DictReader(told[".csv"].decode().splitlines()))
    assert [row["scale.staff.*.hourly_cost"] for row in rows] == ["1.0", "1.1"]
    assert {row["shop"] for row in rows} == {HOSTILE}
    gains = pq.read_table(io.BytesIO(told[".parquet"])).column("gain").to_pylist()
    assert gains == pytest.approx([float(row["gain"]) for row in rows])
    sheet = openpyxl.load_workbook(io.BytesIO(told[".xlsx"])).worksheets[1]
    cells = list(sheet.iter_rows(values_only=True))
    assert [row[cells[0].index("gain")] for row in cells[1:]] == pytest.approx(gains)


def test_scenarios_with_a_name_stand_beside_the_shop_as_it_is(
    folder: Path, kitchen: Kitchen
) -> None:
    at = open_page("whatif")
    at.segmented_control(key="whatif-manner").set_value("named").run()
    at.button(key="whatif-more").click().run()
    at.text_input(key="whatif-name-1").set_value(HOSTILE)
    at.text_input(key="whatif-margin_rate-1").set_value("40")
    at.text_input(key="whatif-pay-1").set_value("110")
    at.text_input(key="whatif-pay-2").set_value("105 110").run()
    assert '"Scenario 2": a scenario has one value' in words_of(at)
    at.text_input(key="whatif-pay-2").set_value("105").run()
    assert at.button(key="whatif-run").label == "Work out 3 what-ifs"
    at.button(key="whatif-run").click().run()
    assert at.session_state["whatif_runs"][2].wait(60)
    at.run()
    assert not at.exception
    words = words_of(at)
    assert f"{HOSTILE}: margin 40%, pay 110%" in words
    assert "Scenario 2: pay 105%" in words
    assert "Gain 8 cases of 10 Best hours as it is" in words


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("50; half", '"half" is not a number'),
        ("  ", "There is no value to try"),
        (" ".join(map(str, range(1, 90))), "These are 267 what-ifs"),
        ("120", " Gross margin in the shop (%): This is no share"),
    ],
)
def test_what_cannot_be_tried_is_told_before_it_runs(
    written: str, told: str, folder: Path, kitchen: Kitchen
) -> None:
    at = open_page("whatif")
    at.text_input(key="whatif-margin_rate").set_value(written).run()
    assert not at.exception
    assert told in words_of(at)
    assert not [button for button in at.button if button.key == "whatif-run"]


def test_no_two_places_of_a_slider_have_the_same_words(folder: Path, kitchen: Kitchen) -> None:
    """The browser gives back the words: 27.4 % came back as the 27 % beside it, a what-if."""
    at = open_page("plan")
    sliders = [slider for slider in at.select_slider if str(slider.key).startswith("if-")]
    assert len(sliders) > 3
    for slider in sliders:
        assert len(set(slider.options)) == len(slider.options)
        assert slider.format_func(slider.value) in slider.options


def test_a_season_is_chosen_once_for_all_pages(folder: Path, kitchen: Kitchen) -> None:
    at = open_page("plan")
    assert at.segmented_control(key="season").options == [plain("<b>summer</b>"), "rest"]
    at.segmented_control(key="season").set_value("rest").run()
    assert not at.exception
    assert "What your rules cost" not in words_of(at)


def test_the_demand_page_shows_the_day_that_is_chosen(folder: Path, kitchen: Kitchen) -> None:
    at = open_page("demand")
    at.segmented_control(key="weekday").set_value(5).run()
    assert not at.exception
    assert "Nothing counts customers while the shop is shut" in words_of(at)
    assert "Come at our nearest open hour 33% 20% to 50% learnt from the data" in words_of(at)


def test_another_margin_is_planned_at_once_and_saves_nothing(
    folder: Path, kitchen: Kitchen
) -> None:
    at = open_page("plan")
    before = (folder / "shop.toml").read_bytes()
    at.select_slider(key="if-margin_rate-<b>summer</b>").set_value(20).run()
    assert not at.exception
    assert "Best hours then" in words_of(at)
    assert re.search(r"would leave -?€\d+ a week instead of €710", words_of(at))
    assert (kitchen.loads, len(kitchen.fits)) == (1, 2)  # fitted for the plan and for the desk
    assert (folder / "shop.toml").read_bytes() == before
    next(button for button in at.button if "as it is" in button.label).click().run()
    assert "This is the plan as things are" in words_of(at)


def test_a_wish_is_weighed_beside_today_and_best(folder: Path, kitchen: Kitchen) -> None:
    at = open_page("plan")
    assert "These are the best hours" in words_of(at)
    for weekday in range(5):
        at.text_input(key=f"wish-<b>summer</b>-{weekday}").set_value("10-16")
    at.run()
    assert not at.exception
    words = words_of(at)
    assert "30 hours a week" in words
    assert words.count("Chance that it beats today") == 3  # best, wish, and the best once more
    assert "Today Best Difference My own wish" in words


def test_a_wish_outlives_a_reload_by_its_address(folder: Path, kitchen: Kitchen) -> None:
    at = open_page("plan")
    for weekday in range(5):
        at.text_input(key=f"wish-<b>summer</b>-{weekday}").set_value("10-16")
    at.run()
    assert at.query_params["wish"] == "<b>summer</b>: Mo-Fr 10:00-16:00"
    again = AppTest.from_string(PLAN_PAGE, default_timeout=2 * PATIENCE)
    again.session_state["language"] = "en"
    again.session_state[waiting.SEEN] = {plan_page.SIGHT}
    again.query_params["wish"] = at.query_params["wish"]
    again.run()
    assert again.text_input(key="wish-<b>summer</b>-4").value == "10:00–16:00"
    assert "30 hours a week" in words_of(again)
    for weekday in range(5):
        again.text_input(key=f"wish-<b>summer</b>-{weekday}").set_value("10-14")
    again.run()
    assert "These are today's hours" in words_of(again)
    assert not again.query_params.get("wish")


def test_an_address_changed_by_hand_is_no_wish(folder: Path, kitchen: Kitchen) -> None:
    at = AppTest.from_string(PLAN_PAGE, default_timeout=2 * PATIENCE)
    at.session_state["language"] = "en"
    at.session_state[waiting.SEEN] = {plan_page.SIGHT}
    at.query_params["wish"] = ["<b>summer</b>: Mo 10:07-99:00", "<script>"]
    at.run()
    assert not at.exception
    assert "These are the best hours" in words_of(at)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("10.15-16", 'The hours "10.15-16" do not lie on the grid'),
        ("ten to six", "ten to six"),
        ("10-25", "10-25"),
    ],
)
def test_a_wish_that_cannot_be_is_told_at_its_day(
    written: str, told: str, folder: Path, kitchen: Kitchen
) -> None:
    at = open_page("plan")
    at.text_input(key="wish-<b>summer</b>-2").set_value(written).run()
    assert not at.exception
    assert "Wednesday: " in words_of(at)
    assert told in words_of(at) or "25" in words_of(at)
    assert words_of(at).count("Chance that it beats today") == 2


def test_the_past_is_told_with_its_misses(folder: Path, kitchen: Kitchen) -> None:
    assert "too short to put the forecast to the test" in words_of(open_page("demand"))


def test_days_in_and_out_of_their_range_are_counted(folder: Path, kitchen: Kitchen) -> None:
    mean = np.full(4, 20.0)
    kitchen.past = PastTest(
        tuple(dt.date(2026, 2, day) for day in (2, 3, 4, 5)),
        np.array([21.0, 30.0, 19.0, 10.0]),
        Band(mean, mean - 5, mean + 5),
        mean + 2,
        Band(np.array(80.0), np.array(70.0), np.array(90.0)),
    )
    words = words_of(open_page("demand"))
    assert "Of 4 open days 2 came within their range (50%; 80% is meant)" in words
    assert "80 customers came; foretold were 80, in 8 cases of 10 between 70 and 90" in words
    assert "off by 28% on average" in words
    assert "Thu 5 Feb 2026 10 20 15 to 25" in words


def test_a_cell_says_how_it_is_known(folder: Path, kitchen: Kitchen) -> None:
    at = open_page("demand")
    assert "Mon 12:00–13:00: about 5.9 customers an hour" in words_of(at)
    assert "Seen at the till" in words_of(at)
    at.segmented_control(key="weekday").set_value(5).run()
    assert "Nobody has ever counted then" in words_of(at)
    at.segmented_control(key="weekday").set_value(1)
    at.select_slider(key="clock").set_value(15 * 60).run()
    assert "Inferred from the open hour next to it" in words_of(at)


def test_events_stand_as_one_row(folder: Path, kitchen: Kitchen) -> None:
    assert f"{HOSTILE} 6 May – 7 May 2026 +1%" in words_of(open_page("demand"))


def test_files_are_read_once_and_again_when_a_byte_changes(folder: Path, kitchen: Kitchen) -> None:
    at = open_page("shop")
    at.run()
    open_page("plan")
    assert kitchen.loads == 1
    receipts = folder / "receipts.csv"
    receipts.write_text(receipts.read_text("utf-8").replace(";20.00", ";21.00", 1), "utf-8")
    at.run()
    assert kitchen.loads == 2


def test_the_shop_page_says_where_every_row_went(folder: Path, kitchen: Kitchen) -> None:
    with (folder / "receipts.csv").open("a", encoding="utf-8") as file:
        file.write("2026-01-16 25:10;<b>x</b>;20.00\n")
    words = words_of(open_page("shop"))
    assert "receipts.csv" in words
    assert "Unreadable 1" in words
    used = int(re.search(r"Used (\d+)", words)[1])
    assert f"Rows in the file {used + 1}" in words
    assert "2026-01-16 25:10" in words


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "shop.toml").unlink(), "holds no shop any more"),
        (lambda folder: (folder / "shop.toml").write_text("[shop\n"), "line 1"),
        (lambda folder: (folder / "receipts.csv").unlink(), "receipts.csv is not there"),
        (lambda folder: (folder / "receipts.csv").write_bytes(b""), "receipts.csv"),
        (lambda folder: (folder / "receipts.csv").write_bytes(b"time;id;amount\n"), "receipts.csv"),
    ],
)
@pytest.mark.parametrize("name", ["site", "plan", "demand", "shop"])
def test_a_fault_is_told_in_words(
    name: str, spoil: Callable[[Path], object], told: str, folder: Path, kitchen: Kitchen
) -> None:
    spoil(folder)
    at = open_page(name)
    assert not at.exception
    assert name == "shop" or "This cannot be computed yet" in words_of(at)
    assert told in words_of(at)
    assert "Traceback" not in words_of(at)


def test_rules_that_leave_no_plan_are_named(folder: Path, kitchen: Kitchen) -> None:
    kitchen.refusal = RulesConflict("plan.season", name="<i>x</i>", known="y")
    at = open_page("plan")
    assert not at.exception
    assert "<i>x</i>" in words_of(at)


def test_a_fault_while_explaining_is_told_too(
    folder: Path, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(job: Job[object]) -> object:
        raise DataError("plan.season", name="x", known="y")

    monkeypatch.setattr(making, "make_plan", lambda job, here: fail(job))
    at = open_page("plan")
    assert not at.exception
    assert EN("page.fault") in words_of(at)


def test_the_shop_speaks_its_language_until_another_is_chosen(
    folder: Path, kitchen: Kitchen
) -> None:
    at = open_page("site", language=None)
    assert not at.exception
    assert "Hours today" in words_of(at)
    at.segmented_control(key="language").set_value("sv").run()
    assert "Öppet i dag" in words_of(at)


def test_the_shop_is_named_by_argument_or_variable_or_is_the_sample(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py", "here"])
    monkeypatch.setenv(session.VARIABLE, "there")
    assert session.shop_path() == session.usual_shop() == Path("here")
    monkeypatch.setattr(sys, "argv", ["app.py"])
    assert session.shop_path() == Path("there")
    monkeypatch.delenv(session.VARIABLE)
    assert session.shop_path() == session.SAMPLE


def test_markup_escapes_all_but_markup() -> None:
    assert tag("p", "<b>", Markup("<i>x</i>"), title='"') == (
        '<p title="&quot;">&lt;b&gt;<i>x</i></p>'
    )
    assert join(["&"]) == "&amp;"
    assert "http://" not in plain("see http://x.example").replace("\\", "")
    assert plain("a_b\n:red[x] ![y](z) <b>") == r"a\_b \:red\[x\] \!\[y\]\(z\) \<b\>"


def test_rules_that_cost_more_than_today_brings_are_told_in_the_first_line() -> None:
    shop = tiny_shop()
    plan = plan_for(shop, known_demand(*BUSY_UNTIL_FIVE), "keep", explain=False)
    told = headline(replace(plan, year_gain=Estimate(-520.0, -900.0, -10.0)), EN)
    assert "break your own rules" in told and "€520 less" in told


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert [signed_percent(share, EN) for share in (-0.001, 0.0, 0.004, 0.2, -0.2)] == [
        *("0%", "0%", "0%", "+20%", "-20%"),
    ]
    assert [signed(amount, "EUR", EN) for amount in (-0.3, 0.3, 2.0, -2.0)] == [
        *("€0", "€0", "+€2", "-€2"),
    ]
    shown = str(week.ledger(Ledger(opening_cost=9.0), Ledger(opening_cost=0.2), "EUR", EN))
    assert "-€9" in shown and "€0" in shown and "-€0" not in shown


def test_nothing_is_certain_or_impossible() -> None:
    assert [chance(share, EN) for share in (1.0, 0.97, 0.003)] == ["> 99%", "97%", "< 1%"]


def test_people_on_duty_are_shifts_less_breaks() -> None:
    grid = known_demand().grid
    plan = StaffedWeek(((),) * 7, (Shift(0, "a", 2, 0, 4, 1), Shift(0, "b", 1, 2, 6)))
    told = list(week.on_duty(plan, 0, {"a": 1}, grid))
    assert told == [
        (Span(480, 540), 2),
        (Span(600, 720), 3),
        (Span(720, 840), 1),
    ]


def test_the_ledgers_columns_add_up() -> None:
    one = Ledger(900.0, 10.0, 240.0, 40.0, 5.0, 40.0, 44.0, 120.0, 90.0, 4.0, 6.0, 4.0, 20.0)
    markup = week.ledger(one, one * 2.0, "EUR", EN)
    cells = [cell.replace("€", "") for cell in re.findall(r"<td>(-?\+?[^<]*)</td>", markup)]
    rows = [[int(cell.replace(",", "")) for cell in cells[at : at + 3]] for at in range(0, 36, 3)]
    money, customers = rows[:6], rows[6:12]
    assert [sum(column) for column in zip(*money[:5], strict=True)] == money[5] == [625, 1250, 625]
    del customers[1]  # those who moved are part of those who were served
    assert [sum(column) for column in zip(*customers[:4], strict=True)] == customers[4]


def test_unreadable_cells_stand_as_text() -> None:
    held = ImportReceipt(
        *("receipts", "<b>.csv", "0" * 64, "generic", 5, 3, 0, 0, 0, 0, 2, 3, None, None, None),
        problems=(Problem(4, "aika", "<script>", "cli.no_rows"),),
    )
    told = imported.receipt(held, "EUR", EN)
    assert "&lt;script&gt;" in told
    assert "<script" not in told
    assert "and 1 more row" in told


def test_every_text_that_the_pages_name_exists() -> None:
    rooms = [ROOT / "hoursopt" / room for room in ("pages", "charts")]
    sources = [source for room in rooms for source in room.glob("*.py")]
    named = {
        key
        for source in sources
        for key in re.findall(r'\bt\(\s*"([a-z_.]+)"', source.read_text("utf-8"))
    }
    assert len(named) > 60
    for language in LANGUAGES:
        assert named <= set(catalogue(language))


def test_no_door_is_left_for_markup_of_others() -> None:
    sources = [ROOT / "app.py", *(ROOT / "hoursopt" / "pages").glob("*.py")]
    for source in sources:
        code = source.read_text("utf-8")
        assert "unsafe_allow" not in code
        assert not re.search(r"st\.(markdown|write|title|header|subheader)\(", code)


def test_the_page_answers_on_this_machine_only() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    server = config["server"]
    assert server["address"] == "127.0.0.1"
    assert server["allowedHosts"] == ["localhost", "127.0.0.1"]
    assert server["enableXsrfProtection"] is True
    assert server["enableCORS"] is True
    assert server["maxUploadSize"] == LARGEST / 2**20 == 100
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"


def test_each_tab_has_its_own_shop_and_a_reload_keeps_it(
    folder: Path, kitchen: Kitchen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOURSOPT_HOME", str(tmp_path / "own"))
    other = write_tiny_shop(tmp_path / "other", days=14)
    place = remember(other)
    at = AppTest.from_string("from hoursopt.pages import run; run()", default_timeout=30)
    at.query_params["shop"] = place.key
    at.run()
    assert words_of(at).startswith("Tiny")
    assert words_of(open_page("site")).startswith(HOSTILE)
    unknown = AppTest.from_string("from hoursopt.pages import run; run()", default_timeout=30)
    unknown.query_params["shop"] = str(other)
    assert words_of(unknown.run()).startswith(HOSTILE)


def test_what_the_page_says_instead_is_said_elsewhere_too_with_the_same_values() -> None:
    english = catalogue("en")
    own = [key for key in english if key.startswith("onpage.")]
    assert len(own) > 10
    for key in own:
        told, instead = (str(english[name]) for name in (key.removeprefix("onpage."), key))
        assert set(re.findall(r"{(\w+)}", instead)) <= set(re.findall(r"{(\w+)}", told)), key
        for language in LANGUAGES:
            assert not re.search(
                r"shop\.toml|--\w|\[\w+\]|hoursopt ", str(catalogue(language)[key])
            )


def every_error() -> list[DataError]:
    """One of each key that a page can meet, with a value for each of its placeholders."""
    found = []
    for key, text in catalogue("en").items():
        if key.startswith("error.") and key.split(".")[1] not in ("cli", "batch", "simulate"):
            forms = [text] if isinstance(text, str) else text.values()
            named = {name for form in forms for name in re.findall(r"{(\w+)}", form)}
            values: dict[str, object] = {name: "x" for name in named} | {"count": 2}
            values |= {"file": "/shops/mine/shop.toml", "where": "rule[2].at"}
            values |= dict.fromkeys(named & {"low", "high"}, "1")
            found.append(DataError(key.removeprefix("error."), **values))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["plan", "demand", "season"])
def test_no_error_on_a_page_names_a_file_that_nobody_there_has_seen(
    name: str, language: str, folder: Path, kitchen: Kitchen
) -> None:
    errors = every_error()
    assert len(errors) > 150
    kitchen.refusal = RulesConflict("program.conflict", causes=errors, count=len(errors))
    at = open_page(name, language)
    words = words_of(at)
    assert not at.exception
    assert session.PageTexts(language)("setup.theme_rules") in words
    assert ".toml" not in words and "[[" not in words and "--" not in words


def test_an_error_speaks_of_the_page_to_who_reads_it_there() -> None:
    values = {
        "first": dt.date(2026, 1, 1),
        "last": dt.date(2026, 2, 1),
        "start": dt.date(2027, 1, 1),
    }
    fault = DataError("publish.period", **values)
    assert "--from" in EN.describe(fault)
    assert "--from" not in session.PageTexts("en").describe(fault)
    assert "1 Jan 2027" in session.PageTexts("en").describe(fault)


def test_rules_that_clash_are_named_with_the_cheapest_to_give_up(
    folder: Path, kitchen: Kitchen
) -> None:
    rules = [
        DataError("program.rule_clashes", name=name, kind="closed") for name in ("rest", HOSTILE)
    ]
    kitchen.refusal = RulesConflict(
        "program.conflict_bend", causes=rules, count=2, bend=rules[1], profit=1155.87
    )
    at = open_page("site")
    words = words_of(at)
    assert f"The cheapest to give up is the rule “{HOSTILE}”" in words
    assert "the rule “rest”" in words and "(closed)" not in words
    assert at.get("page_link")


def test_days_on_which_the_shop_was_never_open_are_called_a_guess(
    folder: Path, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    unseen = EN("seen.days_unseen")
    words = words_of(open_page("demand"))
    assert HOSTILE in words and unseen not in words
    monkeypatch.setattr(FittedDemand, "open_marks", frozenset())
    st.cache_resource.clear()
    assert unseen in words_of(open_page("demand"))
