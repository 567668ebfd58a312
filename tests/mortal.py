"""Work that kills the process that does it; here because a spawned process must import it."""

from __future__ import annotations

import os
import signal

from hoursopt.batch.answering import Result
from hoursopt.batch.tasks import Memory, Task


def work(task: Task, memory: Memory) -> Result:
    """Die once for a shop named `once`, each time for one named `always`, else answer."""
    mark = task.shop.folder / f"{task.number}.died"
    name = task.whatif.scenario
    if name == "always" or (name == "once" and not mark.exists()):
        mark.write_text("")
        os.kill(os.getpid(), signal.SIGKILL)
    return Result(hours=name, status="optimal", seconds=0.0)
