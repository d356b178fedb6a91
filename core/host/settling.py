"""What of a copy onto a stick is on its way to the medium, and what the medium may have refused."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from core.entry import Entry
from core.errors import NotWritten, RumpusError
from core.host.changes import Changes
from core.host.loading import Step


class Count(Protocol):
    def __call__(self, *, files: int = 0, bytes: int = 0, current: str | None = None) -> None: ...


class Settling:
    """The files of one copy, from their first byte until they are on the medium, or never will be."""

    def __init__(
        self, changes: Changes, count: Count, trouble: Callable[[str, RumpusError, Step], None]
    ) -> None:
        self._changes = changes
        self._count = count
        self._trouble = trouble
        self._under_way: set[Step] = set()
        self._waiting: deque[Step] = deque()
        """Those of them that the volume has and the medium has not yet, in the order of their changes."""
        self._doubted: dict[Step, NotWritten] = {}
        """Those of them that are being read, when something was not written that may have been theirs."""
        self._counted: dict[Step, int] = {}
        """Bytes counted of a file under way."""

    def has(self, step: Step) -> bool:
        """Whether the medium has it."""
        return step.settled or (step.stored is not None and step.stored <= self._changes.settled)

    def is_under_way(self, step: Step) -> bool:
        return step in self._under_way

    def begin(self, steps: Iterable[Step]) -> None:
        self._under_way.update(steps)

    def moved(self, step: Step, done: int) -> None:
        """`done` bytes of it are on the medium."""
        done = min(done, step.size)
        self._count(bytes=done - self._counted.get(step, 0), current=step.path)
        self._counted[step] = done

    def made(self, step: Step, entry: Entry) -> bool:
        """The volume has it, if not yet the medium. Returns False where that cannot be relied on."""
        error = self._doubted.get(step)
        if error is not None:
            self._trouble(step.path, error, step)
            self.end(step)
            return False
        step.file = entry
        step.stored = self._changes.staged
        self._waiting.append(step)
        return True

    def end(self, step: Step) -> None:
        """Nothing more will come of it: it counts as done."""
        step.over = True
        self._under_way.discard(step)
        self._doubted.pop(step, None)
        self._count(files=1, bytes=step.size - self._counted.pop(step, 0))

    def settle(self) -> None:
        """Counts the files that have come to the medium since."""
        while self._waiting and self.has(self._waiting[0]):
            self._waiting[0].settled = True
            self.end(self._waiting.popleft())

    def doubt(self, error: NotWritten) -> None:
        """The kernel tells once that the medium did not take something, and not what: it may have been of any
        file that is on its way."""
        self.settle()
        for step in self._waiting:
            step.stored = None
            self._trouble(step.path, error, step)
            self.end(step)
        self._waiting.clear()
        self._doubted.update(dict.fromkeys(self._under_way, error))

    def restart(self, changes: Changes) -> None:
        """What is under way begins anew, on the volume that is changed with these."""
        self._changes = changes
        for step in self._under_way:
            step.stored = None
        self._under_way.clear()
        self._waiting.clear()
        self._doubted.clear()
        self._counted.clear()
