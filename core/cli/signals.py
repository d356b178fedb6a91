"""What a terminal that is closed, or a kill, means for a copy: nothing unfinished is left."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from core.host.jobs import Job


@contextmanager
def ended_by_signals(job: Job) -> Iterator[None]:
    """Ctrl-C comes as a cancelled task."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, job.cancel)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.remove_signal_handler(number)
