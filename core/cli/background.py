"""Leaving for the background, as servers do: the command ends when the work has begun, or could not."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


def into_background() -> Callable[[], None]:
    """From here on this runs in a process of its own; called before there are threads or an event loop.

    The process that was called waits: it ends with status 0 once what is returned has been called, else with
    the status that the other one ends with.
    """
    sys.stdout.flush()
    said, say = os.pipe()
    process = os.fork()
    if process:
        os.close(say)
        status = 0 if os.read(said, 1) else os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        os._exit(status if status >= 0 else 128 - status)
    os.close(said)
    os.setsid()

    def begun() -> None:
        sys.stdout.flush()
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.close(null)
        os.chdir("/")
        os.write(say, b"\n")
        os.close(say)

    return begun
