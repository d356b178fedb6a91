"""What every long work has that a person waits for: a state, progress, problems, and a way to stop it."""

from __future__ import annotations

import asyncio
import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent import futures
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

import msgspec

from core.errors import Cancelled, DeviceGone, RumpusError
from core.host import names
from core.host.accounts import Account
from core.host.uses import Uses

if TYPE_CHECKING:
    from core.host.comeback import Comeback
    from core.host.volume import Volume

_NOTIFY_SECONDS = 0.05

_T = TypeVar("_T")


class TransferState(enum.Enum):
    PLANNING = "planning"
    RUNNING = "running"
    FLUSHING = "flushing"
    """Nothing more is read; what was written last is on its way to the medium."""
    DONE = "done"
    """Everything was tried; `problems` has what did not go well."""
    FAILED = "failed"
    CANCELLED = "cancelled"


class Fate(enum.Enum):
    """What has become of one file."""

    WAITING = "waiting"
    UNDER_WAY = "under way"
    """It is read or written, or on its way to the medium."""
    ARRIVED = "arrived"
    SKIPPED = "skipped"
    """One of its name was there and was to stay."""
    FAILED = "failed"


class Tracked(Protocol):
    """A file of a job, or a folder, one and the same object for as long as the job lasts."""

    @property
    def path(self) -> str:
        """As it was planned. Raw."""

    @property
    def size(self) -> int: ...

    @property
    def above(self) -> Tracked | None:
        """The folder that it is in, where that was planned too."""


class Progress(msgspec.Struct, frozen=True):
    """Sizes in bytes. What was skipped or failed counts as done: at the end `done` is all there is."""

    files: int = 0
    files_done: int = 0
    bytes: int = 0
    bytes_done: int = 0
    current: str = ""
    """Path of a file under way, for people."""


class Problem(msgspec.Struct, frozen=True):
    """What did not arrive: a file, a folder, or a piece of a file whose rest arrived."""

    path: str
    """As it was planned, for people."""
    error: RumpusError
    of: Tracked | None = None
    """The file that it is about, where it is one of those that were planned."""


class Job(ABC):
    """`run` it once; everything else may be looked at any time, in the event loop's thread."""

    uses: Uses | None = None
    """Those of the stick that is busy for as long as this runs."""
    comeback: Comeback | None = None
    """What knows its stick again when that was pulled out; without it the job fails then."""

    def __init__(self) -> None:
        self.state = TransferState.PLANNING
        self.progress = Progress()
        self.problems: list[Problem] = []
        self.error: RumpusError | None = None
        """Why the job as a whole FAILED or was CANCELLED."""
        self.paused = False
        """Whether it rests, or will at the next boundary, until `resume`. The stick stays busy."""
        self.away = False
        """Whether its stick was pulled out, and is waited for."""
        self.has_returned = False
        """Whether its stick was somewhere else meanwhile."""
        self.returned: Callable[[Volume], None] = lambda volume: None
        """Hears of the volume where its stick is back."""
        self._errors: dict[Tracked, RumpusError] = {}
        """Why a file, or a folder with all that is in it, did not go."""
        self._busy = ExitStack()
        self._going = asyncio.Event()
        self._going.set()
        self._host: futures.ThreadPoolExecutor | None = None
        """The one thread that is at work on the host's files, once there is one."""
        self._work: asyncio.Task[None] | None = None
        self._cancelled = False
        self._listeners: list[Callable[[], None]] = []
        self._notified = 0.0
        self._notification: asyncio.TimerHandle | None = None

    @abstractmethod
    async def _copy(self) -> None:
        """The work itself. Leaves nothing unfinished behind, however it ends."""

    @property
    def what(self) -> str:
        """For people: what it does right now."""
        doing = "paused while copying" if self.paused else "copying"
        return f"{doing} {self.progress.current}".strip()

    @abstractmethod
    def safe(self) -> list[str]:
        """Paths, for people, of the files that arrived whole."""

    @abstractmethod
    def account(self) -> Account:
        """What became of it if its stick goes now."""

    @property
    def leftover(self) -> int:
        """Files that another try would be about; 0 where there are none or nobody knows."""
        return 0

    @abstractmethod
    def missing(self) -> list[str]:
        """Paths, for people, of the files that were to come and did not arrive whole."""

    def files(self) -> Sequence[Tracked]:
        """Those that were planned, in their order. It is whole once the job is RUNNING."""
        return ()

    def fate(self, file: Tracked) -> Fate:
        """What has become of one of `files` so far."""
        return Fate.WAITING

    def why(self, file: Tracked) -> RumpusError | None:
        """Why one of `files` has FAILED; None also where nobody knows."""
        while file not in self._errors:
            if file.above is None:
                return None
            file = file.above
        return self._errors[file]

    def observe(self, listener: Callable[[Self], None]) -> Callable[[], None]:
        """The listener hears of changes, at most some 20 times a second, and of the end. Returns "forget"."""
        hear = partial(listener, self)
        self._listeners.append(hear)
        return lambda: self._listeners.remove(hear) if hear in self._listeners else None

    def pause(self) -> None:
        """It goes on to the next boundary, between files or a few slices of a large one, and rests there."""
        self.paused = True
        self._going.clear()
        self._changed()

    def resume(self) -> None:
        self.paused = False
        self._going.set()
        self._changed()

    async def _turn(self) -> None:
        """Every boundary of the work waits for this."""
        if not self._going.is_set():
            await self._going.wait()

    def cancel(self) -> None:
        """Stops the job. `run` returns when nothing unfinished is left."""
        self._cancelled = True
        if self._work is not None:
            self._work.cancel()

    async def run(self) -> None:
        """Plans and copies; returns when the job has ended. Raises no RumpusError: `state` tells."""
        with self._busy:
            if self.uses is not None:
                self._busy.enter_context(self.uses.during(self))
            await self._run()

    async def _back(self, error: RumpusError) -> Volume:
        """The volume anew, once its stick was put back. Raises the error when it is no matter of that."""
        if self.comeback is None or not self.comeback.explains(error):
            raise error
        self._busy.close()
        if self.state is TransferState.FLUSHING:
            self.state = TransferState.RUNNING
        self.away = True
        self._changed()
        try:
            volume = await self.comeback.returned()
        finally:
            self.away = False
            self._changed()
        self.has_returned = True
        self.uses = volume.uses
        self.returned(volume)
        self._busy.enter_context(volume.uses.during(self))
        return volume

    async def _run(self) -> None:
        self._work = asyncio.ensure_future(self._copy())
        self._work.add_done_callback(self._dismiss)
        if self._cancelled:
            self._work.cancel()
        try:
            await asyncio.wait({self._work})
        except asyncio.CancelledError:
            self._work.cancel()
            await asyncio.wait({self._work})
            raise
        finally:
            self._end(self._work)

    async def _at_host(self, function: Callable[..., _T], *arguments: object) -> _T:
        """Runs it in a thread and waits for it, even when cancelled: what it changes must be known.

        One after the other, in the order in which they were asked for.
        """
        if self._host is None:
            self._host = futures.ThreadPoolExecutor(1, "host")
        running = asyncio.get_running_loop().run_in_executor(self._host, partial(function, *arguments))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait({running})
            raise

    def _dismiss(self, _: object) -> None:
        if self._host is not None:
            self._host.shutdown(wait=False)

    def _trouble(self, path: str, error: RumpusError, of: Tracked | None = None) -> None:
        self.problems.append(Problem(names.shown(path), error, of))
        if of is not None:
            self._errors[of] = error

    def _flushes(self) -> None:
        self.state = TransferState.FLUSHING
        self._changed()

    def _count(self, *, files: int = 0, bytes: int = 0, current: str | None = None) -> None:
        """Adds to what is done. `current` is raw."""
        progress = self.progress
        self.progress = Progress(
            progress.files,
            progress.files_done + files,
            progress.bytes,
            progress.bytes_done + bytes,
            progress.current if current is None else names.shown(current),
        )
        self._changed()

    def _changed(self) -> None:
        if self._notification is not None or not self._listeners:
            return
        loop = asyncio.get_running_loop()
        wait = self._notified + _NOTIFY_SECONDS - loop.time()
        self._notification = loop.call_later(max(0.0, wait), self._notify)

    def _notify(self) -> None:
        self._notification = None
        self._notified = asyncio.get_running_loop().time()
        for hear in tuple(self._listeners):
            hear()

    def _end(self, work: asyncio.Task[None]) -> None:
        """Says how it ended. Raises only what is a bug."""
        error = None if not work.done() or work.cancelled() else work.exception()
        if not work.done() or work.cancelled():
            self.state, self.error = TransferState.CANCELLED, Cancelled()
        elif error is None:
            self.state = TransferState.DONE
        else:
            self.state = TransferState.FAILED
            self.error = error if isinstance(error, RumpusError) else None
        if self._notification is not None:
            self._notification.cancel()
        self._notify()
        if isinstance(self.error, DeviceGone) and self.uses is not None:
            self.uses.interrupt(self)
        if error is not None and self.error is None:
            raise error
