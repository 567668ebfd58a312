"""Runs in processes of this machine; one that is killed is replaced, and its run tried again.

Each worker has a pipe of its own and one run at a time, so it is known which run a death hit. A
pool of the standard library breaks as a whole when one of its processes is killed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from hoursopt.batch.answering import Result
from hoursopt.batch.tasks import Finished, Memory, Task, killed, run

TRIES = 2


Work = Callable[[Task, Memory], Result]


def run_here(chunks: Iterable[list[Task]], jobs: int, work: Work = run) -> Iterator[Finished]:
    """Results in the order in which they are ready, from `jobs` processes that do `work`.

    The tasks of a chunk go to one process, which fits their shop once. No chunk is asked for before
    somebody is free to take it. A run that ends its process `TRIES` times is given as killed.
    Closing the iterator ends the processes.
    """
    context = multiprocessing.get_context("spawn")
    waiting = iter(chunks)
    again: deque[Task] = deque()
    deaths: Counter[int] = Counter()
    workers: list[_Worker] = []
    try:
        while True:
            while len(workers) < jobs:
                worker = _Worker(context, work)
                if not worker.begin(again, waiting):
                    worker.stop()
                    break
                workers.append(worker)
            if not workers:
                return
            ready = wait([place for worker in workers for place in worker.places])
            for worker in [one for one in workers if not set(one.places).isdisjoint(ready)]:
                task = worker.task
                result = worker.result()
                if result is not None:
                    yield Finished(task, result)
                    if not worker.begin(again, waiting):
                        workers.remove(worker)
                        worker.stop()
                    continue
                workers.remove(worker)
                worker.stop()
                again.extend(worker.chunk)
                deaths[task.number] += 1
                if deaths[task.number] < TRIES:
                    again.appendleft(task)
                else:
                    yield killed(task)
    finally:
        for worker in workers:
            worker.stop()


class _Worker:
    """A process, the pipe to it, the run that it has and those that come next."""

    def __init__(self, context: Any, work: Work) -> None:
        self.pipe, other = context.Pipe()
        self.process: BaseProcess = context.Process(target=_live, args=(other, work), daemon=True)
        self.process.start()
        other.close()
        self.chunk: deque[Task] = deque()
        self.task: Task

    @property
    def places(self) -> tuple[Connection, int]:
        """What becomes ready when there is a result, or the process has ended."""
        return self.pipe, self.process.sentinel

    def begin(self, again: deque[Task], waiting: Iterator[list[Task]]) -> bool:
        """Give it the next run; False where none is left."""
        while not self.chunk:
            if again:
                self.chunk.append(again.popleft())
                continue
            chunk = next(waiting, None)
            if chunk is None:
                return False
            self.chunk.extend(chunk)
        self.task = self.chunk.popleft()
        with contextlib.suppress(OSError):  # where it has died meanwhile `wait` will tell
            self.pipe.send(self.task)
        return True

    def result(self) -> Any:
        """The result that it has ready, None where it has died instead."""
        try:
            return self.pipe.recv() if self.pipe.poll() else None
        except (EOFError, OSError):
            return None

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.pipe.close()
        self.process.kill()
        self.process.join()


def _live(pipe: Connection, work: Work) -> None:
    """The life of a worker: runs until its pipe is closed."""
    # Ctrl-C at the terminal reaches every process; it is for the first one to end the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    memory = Memory()
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        pipe.send(work(task, memory))
