"""Long work beside the page: begun once, one piece at a time, watched and stopped from any tab."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from hoursopt.errors import HoursoptError

Result = TypeVar("Result")

# A second piece waits its turn: two at once would only make both late.
_TURN = threading.Lock()


class Stopped(HoursoptError):
    """Somebody has stopped the work."""


class Job(Generic[Result]):
    """A piece of work in a thread that ends with the server.

    step: key and values of what is being done; share: of the whole, 0 to 1; so_far: what can be
    shown before the end. Its thread writes them, every visitor's page reads them.
    """

    def __init__(self, work: Callable[[Job[Result]], Result] | None = None) -> None:
        self.step: tuple[str, dict[str, object]] = ("work.waiting", {})
        self.share = 0.0
        self.so_far: Result | None = None
        self._future: Future[Result] = Future()
        self._stop = threading.Event()
        if work is not None:
            threading.Thread(target=self._run, args=(work,), daemon=True).start()

    @classmethod
    def of(cls, result: Result) -> Job[Result]:
        """Work that was done before."""
        done = cls()
        done._future.set_result(result)
        return done

    def tell(self, share: float, key: str, **values: object) -> None:
        """Say what comes next; raises Stopped where somebody has asked for it."""
        if self._stop.is_set():
            raise Stopped("work.stopped")
        self.share, self.step = share, (key, values)

    def stop(self) -> None:
        """End before the next step."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._stop.is_set()

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._future.done()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; whether it has ended."""
        try:
            self._future.exception(seconds)
        except TimeoutError:
            return False
        return True

    def result(self) -> Result:
        """What came of it once it is done; raises what stopped it."""
        return self._future.result()

    def _run(self, work: Callable[[Job[Result]], Result]) -> None:
        with _TURN:
            try:
                self._future.set_result(work(self))
            except BaseException as error:  # whoever asks for the result is told
                self._future.set_exception(error)
