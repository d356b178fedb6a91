"""Works of the window that go on when a test says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from core.errors import RumpusError
from core.host.jobs import Fate, Problem, Progress, Tracked, TransferState
from core.host.receipts import Receipt, StickFacts

ONE_GIB = 1 << 30


@dataclass(eq=False)
class File:
    path: str
    size: int = 1000
    fate: Fate = Fate.WAITING
    error: RumpusError | None = None


class FakeJob:
    """A copy as the strip sees one."""

    comeback = None

    def __init__(self, state: TransferState = TransferState.PLANNING, files: Sequence[File] = ()) -> None:
        self.state = state
        self.progress = Progress()
        self.problems: list[Problem] = []
        self.landed: list[Path] = []
        self.folder = Path("/home/anna/Documents")
        self.error: RumpusError | None = None
        self.cancelled = self.paused = self.away = False
        self.leftover = 0
        self.volume: Any = SimpleNamespace(ended=SimpleNamespace(done=lambda: False))
        self.tracked = files
        self.listeners: list[Callable[[FakeJob], None]] = []

    def files(self) -> Sequence[File]:
        return self.tracked

    def fate(self, file: Tracked) -> Fate:
        assert isinstance(file, File)
        return file.fate

    def why(self, file: Tracked) -> RumpusError | None:
        assert isinstance(file, File)
        return file.error

    def pairs(self) -> list[File]:
        return [file for file in self.tracked if file.fate is Fate.ARRIVED]

    def observe(self, listener: Callable[[FakeJob], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def cancel(self) -> None:
        self.cancelled = True

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def become(self, state: TransferState, **changed: Any) -> None:
        self.state = state
        for name, value in changed.items():
            setattr(self, name, value)
        for listener in self.listeners.copy():
            listener(self)


@dataclass(eq=False)
class Outcome:
    """What a check says of one file."""

    fate: Fate
    error: RumpusError | None = None


class FakeCheck(FakeJob):
    """Of the files of a copy that arrived; `found` has what differs."""

    def __init__(
        self, job: FakeJob, state: TransferState, found: dict[Tracked, Outcome] | None = None
    ) -> None:
        super().__init__(state, job.pairs())
        self._found = found or {}
        self.receipt = Receipt(StickFacts("HOLIDAY", "", "", "", "FAT32"), False, "HOLIDAY", "/home/anna")
        size = sum(file.size for file in self.tracked)
        self.progress = Progress(len(self.tracked), 0, size, 0)

    def fate(self, file: Tracked) -> Fate:
        if file in self._found:
            return self._found[file].fate
        return Fate.ARRIVED if self.state is TransferState.DONE else Fate.WAITING

    def why(self, file: Tracked) -> RumpusError | None:
        return self._found[file].error if file in self._found else None
