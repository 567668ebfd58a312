"""Visitors in headless Chromium, at a desk and on a phone; nothing may lead them elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from served import LOOPBACK, keep_picture

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 90_000
SCREENS = {"desk": (1280, "light"), "phone": (390, "dark")}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(params=SCREENS)
def visitor(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A browser whose every request must stay on this machine, and that may show no exception."""
    width, scheme = SCREENS[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"
    )
    context.set_default_timeout(PATIENCE)
    hosts: set[str | None] = set()

    def note(sent: Any) -> None:
        hosts.add(urlsplit(sent.url).hostname)

    context.on("request", note)
    context.on("page", lambda page: page.on("websocket", note))
    yield context
    for page in context.pages:
        assert page.locator("[data-testid=stException]").count() == 0
    assert hosts - {None} == {LOOPBACK}
    context.close()


@pytest.fixture
def tab(request: pytest.FixtureRequest, visitor: Any) -> Iterator[Any]:
    """A tab whose last sight is kept as a picture, and is no wider than the screen."""
    page = visitor.new_page()
    yield page
    keep_picture(page, request.node.name)
