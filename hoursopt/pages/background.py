"""Long work beside the page: begun once, one piece at a time, asked after by every rerun."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")

# A second piece waits its turn: two at once would only make both late.
_TURN = threading.Lock()


def begin(work: Callable[[], Result]) -> Future[Result]:
    """Start work in a thread that ends with the server, and give its future."""
    future: Future[Result] = Future()

    def run() -> None:
        with _TURN:
            try:
                future.set_result(work())
            except BaseException as error:  # whoever asks for the result is told
                future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
