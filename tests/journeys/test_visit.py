"""Visits in headless Chromium: a shop folder, the real steps behind the page, a real browser."""

from __future__ import annotations

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
