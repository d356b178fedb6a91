"""A conversation in JSON lines with a program in the guest that stays."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

from tests.vm.link import Job

Message = dict[str, Any]


class Talk:
    def __init__(self, job: Job) -> None:
        self.job = job
        self._read = 0
        self._messages: list[Message] = []
        self._numbers = itertools.count(1)

    def hear(self, fits: Callable[[Message], bool], seconds: float = 60) -> Message:
        """The first message that fits and was not given out yet. Raises TimeoutError, AssertionError."""
        found: list[Message] = []

        def arrived(_: Job) -> bool:
            self._parse()
            found.extend(message for message in self._messages if fits(message))
            return bool(found)

        self.job.until(arrived, seconds)
        self._messages.remove(found[0])
        return found[0]

    def forget(self) -> list[Message]:
        """Everything that was said and not given out; it will not be given out any more."""
        self._parse()
        said, self._messages = self._messages, []
        return said

    def order(self, **order: Any) -> int:
        """Asks for something; its answer carries this number as "id"."""
        number = next(self._numbers)
        self.job.feed(json.dumps({"id": number, **order}) + "\n")
        return number

    def answer(self, number: int, seconds: float = 60) -> Message:
        return self.hear(lambda message: message.get("id") == number, seconds)

    def ask(self, seconds: float = 60, **order: Any) -> Message:
        return self.answer(self.order(**order), seconds)

    def end(self, seconds: float = 30) -> None:
        """Tells it that nothing more is wanted. Raises AssertionError unless it then ends well."""
        self.job.feed("")
        self.job.wait(seconds)
        assert (self.job.status, self.job.complaint) == (0, ""), self.job

    def _parse(self) -> None:
        end = self.job.output.rfind(b"\n") + 1
        self._messages += [json.loads(line) for line in self.job.output[self._read : end].splitlines()]
        self._read = end
