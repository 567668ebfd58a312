"""Visits in headless Chromium: from an empty shop to a first plan, and two tabs at one shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from served import keep_picture, served, settle
from tiny_shop import write_tiny_shop

from hoursopt.shop.file import read_shop

pytestmark = pytest.mark.journey

# The trade chosen brings its usual hours; the field of before stands there until it is redrawn.
PRESET_HOURS = """() => {
    const fields = document.querySelectorAll('input[aria-label="Monday to Friday"]');
    return fields.length === 1 && fields[0].value !== '';
}"""


def screen_of(visitor: Any) -> str:
    return "phone" if visitor.pages[0].viewport_size["width"] < 500 else "desk"


def choose(page: Any, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def open_theme(page: Any, name: str) -> None:
    page.locator("[data-testid=stExpander] summary").filter(has_text=name).first.click()
    settle(page)


def test_own_files_with_a_bad_one_among_them_lead_to_a_plan(visitor: Any, tmp_path: Path) -> None:
    till = write_tiny_shop(tmp_path / "till") / "receipts.csv"
    menu, logo = tmp_path / "menu.csv", tmp_path / "logo.png"
    menu.write_text("dish;price\nsoup;9\n", "utf-8")
    logo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    with served(tmp_path / "home") as address:
        page = visitor.new_page()
        screen = screen_of(visitor)
        page.goto(f"{address}/shop?language=English")
        settle(page)
        keep_picture(page, f"{screen}-1-first-visit")
        page.get_by_text("Start a new shop").click()
        choose(page, "What kind of shop?", "Café")
        page.wait_for_function(PRESET_HOURS)
        page.get_by_label("Name of the shop").fill("<b>Anna's</b> ![x](http://evil.example/x.png)")
        page.get_by_label("Monday to Friday").fill("10-25")
        page.get_by_label("Saturday").fill("")
        page.get_by_role("button", name="Start the shop").click()
        page.get_by_text('"25" is not an hour of the day').wait_for()
        keep_picture(page, f"{screen}-2-hours-like-10-25")
        page.get_by_label("Monday to Friday").fill("10-14")
        page.get_by_role("button", name="Start the shop").click()
        page.get_by_role("heading", name="Your files").wait_for()
        settle(page)
        page.locator("input[type=file]").set_input_files([till, menu, logo])
        page.get_by_role("heading", name="3 files wait for your word").wait_for()
        settle(page)
        page.reload()
        page.get_by_role("heading", name="3 files wait for your word").wait_for()
        settle(page)
        keep_picture(page, f"{screen}-3-files-wait")
        page.get_by_role("button", name="Yes, take it in").click()
        page.get_by_text("receipts.csv is in the shop now.").wait_for()
        settle(page)
        keep_picture(page, f"{screen}-4-taken-in")
        page.get_by_role("button", name="Next: your figures").click()
        page.get_by_role("heading", name="Your figures").wait_for()
        settle(page)
        open_theme(page, "Margins and costs")
        keep_picture(page, f"{screen}-5-figures")
        page.get_by_role("button", name="Next: ready for the plan?").click()
        page.get_by_role("heading", name="Ready", exact=True).wait_for()
        settle(page)
        keep_picture(page, f"{screen}-6-ready")
        page.get_by_role("link", name="Show me the best opening hours").click()
        page.wait_for_selector(".ho-sign.best")
        assert page.locator(".ho-shop").inner_text().startswith("<b>Anna's</b>")
        settle(page)
        keep_picture(page, f"{screen}-7-plan")
    (shop,) = (tmp_path / "home").glob("*/shop.toml")
    assert read_shop(shop).sources.receipts == ("receipts.csv",)
    assert sorted(path.name for path in shop.parent.glob("*.*")) == [
        ".hoursopt",
        "receipts.csv",
        "shop.toml",
    ]


def test_a_stale_tab_is_told_and_undo_outlives_a_reload(visitor: Any, tmp_path: Path) -> None:
    folder = write_tiny_shop(tmp_path / "shop")
    before = (folder / "shop.toml").read_text("utf-8")
    margin = "Gross margin in the shop (%)"
    with served(tmp_path / "home", str(folder)) as address:
        first, second = visitor.new_page(), visitor.new_page()
        screen = screen_of(visitor)
        for tab in (first, second):
            tab.goto(f"{address}/shop?language=English")
            settle(tab)
            tab.get_by_text("3 Figures").click()
            settle(tab)
            open_theme(tab, "Margins and costs")
        first.get_by_role("textbox", name=margin).fill("45")
        first.get_by_role("button", name="Save", exact=True).click()
        first.get_by_text("Last change: margins and costs").wait_for()
        assert read_shop(folder).economics.margin_rate == 0.45
        second.get_by_role("textbox", name=margin).fill("60")
        second.get_by_role("button", name="Save", exact=True).click()
        second.get_by_text("changed elsewhere").wait_for()
        second.get_by_text(f"Not saved: {margin}: 60").wait_for()
        settle(second)
        keep_picture(second, f"{screen}-8-stale-tab")
        assert read_shop(folder).economics.margin_rate == 0.45
        second.get_by_role("textbox", name=margin).fill("60")
        second.get_by_role("button", name="Save", exact=True).click()
        second.get_by_text("margin 60%").wait_for()
        assert read_shop(folder).economics.margin_rate == 0.6
        second.reload()
        settle(second)
        for told in ("margin 45%", "margin 50%"):
            second.get_by_role("button", name="Undo").click()
            second.get_by_text(told).wait_for()
        settle(second)
        keep_picture(second, f"{screen}-9-undone")
        assert (folder / "shop.toml").read_text("utf-8") == before
        second.get_by_role("button", name="Do again").click()
        second.get_by_text("margin 45%").wait_for()
