"""The page in headless Chromium: first screen, slider, twenty visitors at once.

`python -m benchmarks page [--shop FOLDER] [--visitors 20]`. All servers run on loopback, each from
a cold start of its own; ratios are of one run. The first screen is the one that answers: both door
signs with the gain. It is measured with the plan kept in the shop's folder, which the first visit
ever has to work out (that time is told apart), against an empty Streamlit page with the same
settings: from the start of the server, and from the visit to a server that is up.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium"
LOOPBACK = "127.0.0.1"
PATIENCE = 900_000
EMPTY = "import streamlit as st\nst.set_page_config(layout='wide')\nst.title('empty')\n"
# The best sign with its gain, or with the word that today's hours are the best ones.
SIGN, TITLE = ".ho-sign.best + :is(.ho-facts, .ho-text)", "h1"
LAST_HEADING = "What hours are worth, a week"
VISITOR: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"}
ROUNDS, STEPS, AT_ONCE, BROWSERS = 5, 12, 20, 2


def main(argv: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks page", description=__doc__)
    parser.add_argument("--shop", type=Path, default=ROOT / "data" / "old-rauma-crafts")
    parser.add_argument("--visitors", type=int, default=AT_ONCE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args(argv)
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as room, sync_playwright() as driver:
        folder = Path(room)
        shop = asked.shop.resolve()
        (folder / "empty.py").write_text(EMPTY)
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with served(ROOT / "app.py", shop) as (address, _):
            # Worked out on this visit where nothing is kept of these files and this program yet.
            print(f"first visit, plan with all its reasons: {whole(chromium, address):.1f} s")
        pages = {"empty": (folder / "empty.py", TITLE), "sample": (ROOT / "app.py", SIGN)}
        cold, warm = ({name: [] for name in pages} for _ in range(2))
        for _ in range(asked.rounds):
            for name, (app, mark) in pages.items():
                with served(app, shop) as (address, began):
                    first_screen(chromium, address, mark)
                    cold[name].append(time.perf_counter() - began)
                    warm[name].append(first_screen(chromium, address, mark))
        for title, found in (("server and all from cold", cold), ("server that is up", warm)):
            empty, ours = (statistics.median(found[name]) for name in pages)
            print(f"first screen, {title}: {ours:.2f} s, empty {empty:.2f} s: {ours / empty:.2f}")
        with served(ROOT / "app.py", shop) as (address, _):
            steps = slider(chromium, address)
            print(
                f"slider: median {1000 * statistics.median(steps):.0f} ms, "
                f"worst {1000 * max(steps):.0f} ms of {len(steps)}"
            )
        chromium.close()
    # The driver above holds this thread's event loop.
    with served(ROOT / "app.py", shop) as (address, _):
        visits(address, asked.visitors)
        answers(address, asked.visitors)


def first_screen(chromium: Any, address: str, mark: str) -> float:
    """Seconds until a new visitor sees what she came for."""
    context, page = tab(chromium)
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(mark)
    seconds = time.perf_counter() - began
    context.close()
    return seconds


def whole(chromium: Any, address: str) -> float:
    """Seconds until the plan stands there with all its reasons, worked out on this visit."""
    context, page = tab(chromium)
    began = time.perf_counter()
    page.goto(address)
    page.get_by_text(LAST_HEADING).wait_for()
    context.close()
    return time.perf_counter() - began


def slider(chromium: Any, address: str) -> list[float]:
    """Seconds from a key on the slider of the margin to the new answer, each value a new one."""
    context, page = tab(chromium)
    page.goto(address)
    page.wait_for_selector(SIGN)
    place = page.get_by_role("slider", name="Gross margin in the shop")
    place.scroll_into_view_if_needed()
    place.focus()
    answered = ".ho-answer"
    seconds = []
    for _ in range(STEPS + 1):
        before = page.locator(answered).inner_text()
        began = time.perf_counter()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "([mark, before]) => document.querySelector(mark)?.innerText !== before",
            arg=[answered, before],
        )
        seconds.append(time.perf_counter() - began)
    context.close()
    return seconds[1:]  # the first one brings the fit to the desk


def visits(address: str, count: int) -> None:
    """So many visitors at once on one process: when each has its answer, and who was failed.

    Each has a context of its own (cookies, cache, session), in `BROWSERS` browsers: as many
    browsers as visitors would measure how two cores start browsers, not how the server answers.
    """
    began = time.perf_counter()
    found = asyncio.run(visitors(address, count))
    seconds = [each for each, _ in found]
    failed = sum(not fine for _, fine in found)
    print(
        f"{count} visitors at once in {BROWSERS} browsers: {failed} failed, median "
        f"{statistics.median(seconds):.2f} s to the plan, worst {max(seconds):.2f} s; "
        f"all within {time.perf_counter() - began:.1f} s"
    )


async def visitors(address: str, count: int) -> list[tuple[float, bool]]:
    """Seconds to the signs of each, and whether no error was shown."""
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        browsers = [
            await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for _ in range(BROWSERS)
        ]
        contexts = [
            await browsers[number % BROWSERS].new_context(**VISITOR) for number in range(count)
        ]
        found = await asyncio.gather(*(one_visit(context, address) for context in contexts))
        for browser in browsers:
            await browser.close()
    return found


async def one_visit(context: Any, address: str) -> tuple[float, bool]:
    """Seconds to the signs, and whether the whole page then came without an error."""
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    began = time.perf_counter()
    await page.goto(address)
    await page.wait_for_selector(SIGN)
    seconds = time.perf_counter() - began
    await page.get_by_text(LAST_HEADING).wait_for()
    wrong = await page.locator("[data-testid=stException], .ho-fault").count()
    return seconds, wrong == 0


def answers(address: str, count: int) -> None:
    """So many sessions at once without a browser: when the server has sent each its answer.

    They speak as the page's own script does; what browsers need to draw it is left out.
    """
    found = asyncio.run(sessions(address, count))
    seconds = [each for each, _ in found]
    failed = sum(not fine for _, fine in found)
    print(
        f"{count} sessions at once, the server alone: {failed} failed, median "
        f"{statistics.median(seconds):.2f} s to the plan, worst {max(seconds):.2f} s"
    )


async def sessions(address: str, count: int) -> list[tuple[float, bool]]:
    """Seconds to the answer of each, and whether it came without an error."""
    return await asyncio.gather(*(one_session(address) for _ in range(count)))


async def one_session(address: str) -> tuple[float, bool]:
    """Ask for the page as a new visitor and read what comes until the server has said all."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from tornado.httpclient import HTTPRequest
    from tornado.websocket import websocket_connect

    site, _, asked = address.partition("/?")
    began = time.perf_counter()
    request = HTTPRequest(f"ws{site.removeprefix('http')}/_stcore/stream", headers={"Origin": site})
    socket_ = await websocket_connect(request, subprotocols=["streamlit"])
    ask = BackMsg()
    ask.rerun_script.query_string = asked
    await socket_.write_message(ask.SerializeToString(), binary=True)
    seconds, fine = float("inf"), True
    while (told := await socket_.read_message()) is not None:
        message = ForwardMsg()
        message.ParseFromString(told)
        element = message.delta.new_element
        if "ho-sign best" in element.html.body:
            seconds = time.perf_counter() - began
        fine &= (
            element.WhichOneof("type") != "exception"
            and 'class="ho-fault"' not in element.html.body
        )
        if message.WhichOneof("type") == "script_finished":
            break
    socket_.close()
    return seconds, fine and seconds < float("inf")


def tab(chromium: Any) -> tuple[Any, Any]:
    """A new visitor, who reads English."""
    context = chromium.new_context(**VISITOR)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    return context, page


@contextmanager
def served(app: Path, shop: Path) -> Iterator[tuple[str, float]]:
    """A server of an app on a free port: its address in English, and when it was started."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "streamlit", "run", str(app), f"--server.port={port}"]
    began = time.perf_counter()
    server = subprocess.Popen(
        [*words, "--", str(shop)],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://{LOOPBACK}:{port}"
    try:
        while True:
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
                    answer.read()
                    break
            except OSError:
                if server.poll() is not None:
                    raise RuntimeError("Expected a running server.") from None
                time.sleep(0.02)
        yield f"{address}/?language=English", began
    finally:
        server.terminate()
        server.wait(timeout=30)


if __name__ == "__main__":
    main()
