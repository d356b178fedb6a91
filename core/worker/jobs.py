"""Long operations under way, stepped in turn."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from core.errors import NotFound
from core.worker import protocol
from core.worker.protocol import Reply

_MOST = 64
"""At once. A host that wants more waits for one to end."""

Steps = Iterator[Reply | None]


class Job:
    """A long operation under way; `credit` is how many replies it may send before the host asks for more."""

    def __init__(self, steps: Steps, credit: int | None = None, descriptors: Sequence[int] = ()) -> None:
        self.steps = steps
        self.credit = credit
        self._descriptors = descriptors

    def close(self) -> None:
        for descriptor in self._descriptors:
            os.close(descriptor)


class Jobs:
    """By the request that began each. What they yield goes to `say`, what they raise to `fail`."""

    def __init__(self, say: Callable[[Reply], None], fail: Callable[[int, Exception], None]) -> None:
        self._say = say
        self._fail = fail
        self._jobs: dict[int, Job] = {}
        self._turns: deque[int] = deque()

    @property
    def may_step(self) -> bool:
        return any(job.credit != 0 for job in self._jobs.values())

    def spare(self) -> None:
        """Raises NotFound when there is no room for one more."""
        if len(self._jobs) >= _MOST:
            raise NotFound("a free place for one more long operation")

    def add(self, request: int, job: Job) -> None:
        self._jobs[request] = job
        self._turns.append(request)

    def credit(self, request: int, count: int) -> None:
        """Lets a job say so many replies more, if it still goes on."""
        job = self._jobs.get(request)
        if job is not None and job.credit is not None:
            job.credit += count

    def stop(self, request: int, error: Exception) -> None:
        """Ends a job before its time, if it still goes on."""
        if request in self._jobs:
            self._fail(request, error)
            self._end(request)

    def step(self) -> None:
        """One step of the next job in turn that may say something."""
        for _ in range(len(self._turns)):
            request = self._turns[0]
            self._turns.rotate(-1)
            job = self._jobs[request]
            if job.credit != 0:
                break
        else:
            return
        try:
            reply = next(job.steps)
        except StopIteration:
            self._say(protocol.Done(id=request))
            self._end(request)
        except Exception as error:  # noqa: BLE001 - a driver's bug is reported, not fatal
            self._fail(request, error)
            self._end(request)
        else:
            if reply is None:
                return
            self._say(reply)
            if isinstance(reply, protocol.FINAL):
                self._end(request)
            elif job.credit is not None:
                job.credit -= 1

    def _end(self, request: int) -> None:
        self._turns.remove(request)
        self._jobs.pop(request).close()
