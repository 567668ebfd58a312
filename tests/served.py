"""The real page on a free port of this machine, and what a visit in a browser asks of it again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOOPBACK = "127.0.0.1"
PICTURES = ROOT / "build" / "journeys"


@contextmanager
def served(home: Path, *asked: str) -> Iterator[str]:
    """The address of a server that ends with the block; shops are kept in `home`."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    server = subprocess.Popen(
        [*command, "--", *asked],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "HOURSOPT_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://{LOOPBACK}:{port}"
        for _ in range(240):
            assert server.poll() is None, "the server has ended"
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
                    assert answer.read() == b"ok"
                    break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def settle(page: Any) -> None:
    """Until the page has answered and stands still."""
    page.wait_for_selector(".ho-shop")
    page.wait_for_timeout(300)
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(500)


MAIN = "document.querySelector('[data-testid=stMain]')"


def keep_picture(page: Any, name: str) -> None:
    """The whole page as a picture, and that it is no wider than the screen once it is drawn."""
    high = page.evaluate(f"{MAIN}.scrollHeight")
    size = page.viewport_size
    page.set_viewport_size({"width": size["width"], "height": min(max(high, 600), 5000)})
    page.wait_for_timeout(300)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
    page.set_viewport_size(size)
    wide = 0
    for _ in range(20):  # styles may come after the words
        wide = page.evaluate(f"{MAIN}.scrollWidth - {MAIN}.clientWidth")
        if wide <= 0:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{name} is {wide} pixels wider than the screen")
