"""Visits in headless Chromium: a shop folder, the real steps behind the page, a real browser."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tiny_shop import write_tiny_shop

playwright = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
LOOPBACK = "127.0.0.1"
PATIENCE = 90_000
PICTURES = ROOT / "out" / "journeys"
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

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a small shop with hostile names, on a free port of this machine."""
    folder = write_tiny_shop(tmp_path_factory.mktemp("visit") / "shop", toml=SEASONS)
    toml = (folder / "shop.toml").read_text("utf-8")
    name = '"<img src=http://evil.example/y.png> ![z](http://evil.example/z.png)"'
    (folder / "shop.toml").write_text(toml.replace('"Tiny"', name), "utf-8")
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    server = subprocess.Popen(
        [*command, "--", str(folder)],
        cwd=ROOT,
        env={
            **os.environ,
            "OPENBLAS_NUM_THREADS": "1",
            "HOURSOPT_HOME": str(tmp_path_factory.mktemp("home")),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://{LOOPBACK}:{port}"
    try:
        wait_for(f"{address}/_stcore/health", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers; its end is an error."""
    for _ in range(240):
        assert server.poll() is None, "the server has ended"
        try:
            with urllib.request.urlopen(address) as answer:
                assert answer.read() == b"ok"
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desk", "phone"])
def tab(request: pytest.FixtureRequest, browser: playwright.Browser) -> Iterator[playwright.Page]:
    """A tab whose every request must stay on this machine, and that may show no exception."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    hosts: set[str | None] = set()
    page.on("request", lambda sent: hosts.add(urlsplit(sent.url).hostname))
    page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).hostname))
    yield page
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{request.node.name}.png")
    assert page.locator("[data-testid=stException]").count() == 0
    assert hosts - {None} == {LOOPBACK}
    context.close()


def settle(page: playwright.Page) -> None:
    """Until the page has answered and stands still."""
    page.wait_for_selector(".ho-shop")
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(700)


def widths(page: playwright.Page) -> tuple[int, int]:
    """How wide the page's content is, and how wide it may be."""
    inner, outer = page.evaluate(
        "(({scrollWidth, clientWidth}) => [scrollWidth, clientWidth])"
        "(document.querySelector('[data-testid=stMain]'))"
    )
    return inner, outer


def test_a_first_visit_ends_with_a_decision(site: str, tab: playwright.Page) -> None:
    tab.goto(site)
    tab.wait_for_selector(".ho-sign.best")
    tab.get_by_role("heading", name="What hours are worth, a week").wait_for()
    settle(tab)
    assert tab.locator(".ho-shop").inner_text().startswith("<img src=http://evil.example")
    assert tab.locator(".ho-sign").count() == 3  # today, best, and best once more under what-ifs
    assert tab.locator(".ho-advice").is_visible()
    assert tab.locator("[data-testid=stVegaLiteChart] svg.marks").count() == 3
    assert re.search(r"Profit\s+-?€", tab.locator(".ho-ledger").inner_text())
    assert widths(tab)[0] <= widths(tab)[1]


@pytest.mark.parametrize("name", ["demand", "shop"])
def test_the_other_pages_fit_the_screen(name: str, site: str, tab: playwright.Page) -> None:
    tab.goto(f"{site}/{name}")
    tab.wait_for_selector("h2")
    settle(tab)
    assert widths(tab)[0] <= widths(tab)[1]


def test_a_language_once_chosen_stays(site: str, tab: playwright.Page) -> None:
    tab.goto(f"{site}/shop?language=Suomi")
    tab.get_by_role("heading", name="Liikkeesi").wait_for()
    tab.reload()
    tab.get_by_role("heading", name="Liikkeesi").wait_for()


def test_a_slider_moved_by_keys_gives_another_answer(site: str, tab: playwright.Page) -> None:
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


def test_a_wish_is_written_on_its_sign(site: str, tab: playwright.Page) -> None:
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
    assert widths(tab)[0] <= widths(tab)[1]
