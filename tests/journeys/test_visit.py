"""Visits in headless Chromium: a shop folder, the real steps behind the page, a real browser."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import served, settle
from tiny_shop import write_tiny_shop

SEASONS = """
[[rule]]
name = "home by three :red[x] ![y](http://evil.example/r.png)"
kind = "closed_after"
days = "Mo-Fr"
at = "15:00"
[[season]]
name = "summer ![x](http://evil.example/x.png)"
from = "06-01"
to = "08-31"
[[season]]
name = "rest"
from = "09-01"
to = "05-31"
"""

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def site(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a small shop with hostile names."""
    folder = write_tiny_shop(tmp_path_factory.mktemp("visit") / "shop", toml=SEASONS)
    toml = (folder / "shop.toml").read_text("utf-8")
    name = '"<img src=http://evil.example/y.png> ![z](http://evil.example/z.png)"'
    (folder / "shop.toml").write_text(toml.replace('"Tiny"', name), "utf-8")
    with served(tmp_path_factory.mktemp("home"), str(folder)) as address:
        yield address


def test_a_first_visit_ends_with_a_decision(site: str, tab: Any) -> None:
    tab.goto(site)
    tab.wait_for_selector(".ho-sign.best")
    tab.get_by_role("heading", name="What hours are worth, a week").wait_for()
    settle(tab)
    assert tab.locator(".ho-shop").inner_text().startswith("<img src=http://evil.example")
    assert tab.locator(".ho-sign").count() == 3  # today, best, and best once more under what-ifs
    assert tab.locator(".ho-advice").is_visible()
    assert tab.locator("[data-testid=stVegaLiteChart] svg.marks").count() == 3
    assert re.search(r"Profit\s+-?€", tab.locator(".ho-ledger").inner_text())


@pytest.mark.parametrize("name", ["demand", "shop"])
def test_the_other_pages_fit_the_screen(name: str, site: str, tab: Any) -> None:
    tab.goto(f"{site}/{name}")
    tab.wait_for_selector("h2")
    settle(tab)


def test_a_language_once_chosen_stays(site: str, tab: Any) -> None:
    tab.goto(f"{site}/shop?language=Suomi")
    tab.get_by_role("heading", name="Liikkeesi").wait_for()
    tab.reload()
    tab.get_by_role("heading", name="Liikkeesi").wait_for()


def test_a_rule_shows_its_price_and_the_report_is_fetched(site: str, tab: Any) -> None:
    tab.goto(site)
    tab.get_by_role("heading", name="What hours are worth, a week").wait_for()
    settle(tab)
    title = tab.get_by_role("heading", name="What if …")
    title.scroll_into_view_if_needed()
    assert re.search(r"Costs €\d+ a week", tab.locator(".stMain").inner_text())
    assert tab.locator("label a").count() == 0  # a rule's name is no link
    tab.get_by_text("home by three", exact=False).first.click()
    answer = tab.locator(".ho-answer")
    answer.get_by_text("Other hours would be the best").wait_for()
    tab.get_by_role("button", name="Everything as it is").click()
    answer.get_by_text("This is the plan as things are").wait_for()
    tab.goto(f"{site}/season")
    tab.get_by_role("heading", name="Before the season: the report").wait_for()
    settle(tab)
    frame = tab.locator("iframe").first.element_handle().content_frame()
    assert frame.locator("iframe[sandbox='']").count() == 1
    with tab.expect_download() as fetched:
        tab.get_by_role("button", name="PDF").first.click()
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF")


def test_a_slider_moved_by_keys_gives_another_answer(site: str, tab: Any) -> None:
    tab.goto(site)
    tab.wait_for_selector(".ho-answer")
    settle(tab)
    slider = tab.get_by_role("slider", name="Gross margin in the shop")
    slider.scroll_into_view_if_needed()
    slider.focus()
    tab.keyboard.press("ArrowLeft")
    tab.locator(".ho-answer").get_by_text("a week instead of").wait_for()
    tab.keyboard.press("ArrowRight")
    tab.locator(".ho-answer").get_by_text("This is the plan as things are").wait_for()


def test_a_wish_is_written_on_its_sign(site: str, tab: Any) -> None:
    tab.goto(site)
    tab.wait_for_selector(".st-key-wish-sign")
    settle(tab)
    field = tab.get_by_role("textbox", name="Hours on Monday")
    field.fill("9-25")
    field.press("Enter")
    tab.locator(".st-key-wish-sign .ho-fault").wait_for()
    field.fill("11-16")
    field.press("Enter")
    tab.get_by_text("My own wish", exact=True).nth(1).wait_for()  # its column in the ledger
    tab.reload()
    tab.get_by_text("My own wish", exact=True).nth(1).wait_for()
    settle(tab)
    assert tab.get_by_role("textbox", name="Hours on Monday").input_value() == "11:00–16:00"


def test_a_cell_is_chosen_by_a_click_and_again_after_another_choice(site: str, tab: Any) -> None:
    tab.goto(f"{site}/demand?language=English")
    tab.get_by_role("heading", name="Where customers of a closed hour go").wait_for()
    settle(tab)
    told = tab.locator(".ho-cell")
    cell = tab.locator("[data-testid=stVegaLiteChart]").first.locator("g.mark-rect path").nth(40)
    named = re.search(r"When: (.+?);", cell.get_attribute("aria-label"))
    assert named
    cell.click()
    told.get_by_text(named[1]).wait_for()
    settle(tab)  # the picture is drawn anew, and what stands below it moves meanwhile
    tab.get_by_role("radio", name="Sun").or_(tab.get_by_role("button", name="Sun")).click()
    told.get_by_text("Sun").wait_for()
    settle(tab)
    cell.click()
    told.get_by_text(named[1]).wait_for()
    settle(tab)


def test_what_ifs_are_worked_out_and_fetched(site: str, tab: Any) -> None:
    tab.goto(f"{site}/whatif?language=English")
    tab.get_by_text("Scenarios with a name").click()
    name = tab.get_by_role("textbox", name="Name of the scenario")
    name.fill("Dear winter <b>")
    name.press("Tab")
    pay = tab.get_by_role("textbox", name="Hourly pay, per cent of now")
    pay.fill("108")  # and no Enter: the click itself leaves the field
    tab.get_by_role("button", name="Work out 2 what-ifs").click()
    tab.get_by_role("cell", name="Dear winter <b>: pay 108%").or_(
        tab.get_by_role("rowheader", name="Dear winter <b>: pay 108%")
    ).wait_for()
    with tab.expect_download() as fetched:
        tab.get_by_role("button", name="Download (CSV)").click()
    rows = list(csv.DictReader(Path(fetched.value.path()).read_text("utf-8").splitlines()))
    assert [row["scenario"] for row in rows] == ["", "Dear winter <b>"]
    assert all(float(row["best_profit"]) >= float(row["today_profit"]) for row in rows)
    settle(tab)


FOCUSED = """() => {
    const at = document.activeElement;
    const label = at.closest('label') || document.querySelector(`label[for="${at.id}"]`);
    return at.getAttribute('aria-label') || label?.innerText || at.innerText || '';
}"""


@pytest.mark.parametrize("visitor", ["desk"], indirect=True)
def test_a_plan_is_questioned_by_keys_alone(site: str, tab: Any) -> None:
    tab.goto(f"{site}?language=English")
    tab.get_by_role("heading", name="What hours are worth, a week").wait_for()
    settle(tab)
    reached: list[str] = []

    def tab_to(name: str) -> None:
        for _ in range(60):
            tab.keyboard.press("Tab")
            reached.append(tab.evaluate(FOCUSED))
            if reached[-1].startswith(name):
                return
        raise AssertionError(f"no way by Tab to {name}: {reached}")

    tab_to("home by three")
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    written = [name for name in reached if name.startswith("Hours on ")]
    assert written == [f"Hours on {day}" for day in days]
    answer = tab.locator(".ho-answer")
    tab.keyboard.press("Space")
    answer.get_by_text("Other hours would be the best").wait_for()
    tab.keyboard.press("Space")
    answer.get_by_text("This is the plan as things are").wait_for()
    tab_to("Gross margin in the shop")
    tab.keyboard.press("ArrowRight")
    answer.get_by_text("a week instead of").wait_for()
