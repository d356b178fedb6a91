"""The host's end of the agent in the guest: starts jobs there, hears what they print and how they end."""

from __future__ import annotations

import itertools
import json
import select
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Job:
    """A program in the guest. `status` is None while it runs, and negative when a signal ended it."""

    link: Link = field(repr=False)
    number: int
    argv: Sequence[str]
    output: bytes = b""
    errors: bytes = b""
    status: int | None = None
    seconds: float = 0
    """How long it ran, by the guest's clock."""

    @property
    def text(self) -> str:
        return self.output.decode()

    @property
    def complaint(self) -> str:
        return self.errors.decode()

    def wait(self, seconds: float) -> Job:
        """Until it ended. Raises TimeoutError, after it has been killed."""
        try:
            self.link.until(lambda: self.status is not None, seconds, " ".join(self.argv))
        except TimeoutError:
            self.kill()
            raise
        return self

    def until(self, fits: Callable[[Job], bool], seconds: float) -> Job:
        """Until it printed what is waited for. Raises TimeoutError; AssertionError when it ended without."""
        self.link.until(lambda: fits(self) or self.status is not None, seconds, " ".join(self.argv))
        assert fits(self), f"{self} ended"
        return self

    def feed(self, text: str) -> None:
        """Gives it something on its standard input; nothing is the end of it."""
        self.link.send(feed=self.number, text=text)

    def kill(self) -> None:
        if self.status is None:
            self.link.send(kill=self.number)


class Link:
    """Over a connection that its caller closes.

    `up` is the guest's uptime in seconds when its agent started; None until then.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._received = b""
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}
        self.up: float | None = None

    def start(
        self, argv: Sequence[str], *, user: int, cwd: Path, environment: dict[str, str], fed: bool = False
    ) -> Job:
        """Its standard input is empty, unless it is to be `fed`."""
        job = Job(self, next(self._numbers), argv)
        self._jobs[job.number] = job
        self.send(job=job.number, argv=list(argv), user=user, cwd=str(cwd), environment=environment)
        if not fed:
            job.feed("")
        return job

    def send(self, **fields: Any) -> None:
        self._socket.settimeout(30)
        self._socket.sendall(json.dumps(fields).encode() + b"\n")

    def until(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        """Hears the guest until `done`. Raises TimeoutError, and ConnectionError when QEMU is gone."""
        deadline = time.monotonic() + seconds
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"not within {seconds:.0f} seconds: {what}")
            if select.select([self._socket], [], [], left)[0]:
                self._hear()

    def _hear(self) -> None:
        more = self._socket.recv(1 << 20)
        if not more:
            raise ConnectionError("the guest is gone")
        *lines, self._received = (self._received + more).split(b"\n")
        for line in lines:
            self._heard(json.loads(line))

    def _heard(self, news: dict[str, Any]) -> None:
        if "up" in news:
            self.up = news["up"]
            return
        job = self._jobs[news["job"]]
        if "out" in news:
            piece = news["out"].encode("latin-1")
            if news["error"]:
                job.errors += piece
            else:
                job.output += piece
        else:
            job.seconds = news["seconds"]
            job.status = news["status"]
            del self._jobs[job.number]
