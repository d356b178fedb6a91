"""Copying out of a stick: one job takes entries of a volume into a folder of the host.

Round trips, not bytes, make many small files slow, so files are copied in batches: while the worker writes
one batch, a thread gives the last one its names and opens the next. The event loop never touches the host's
files itself.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from core.entry import Entry
from core.errors import Cancelled, HostWriteFailed, RumpusError
from core.host import names, verifying
from core.host.landing import Conflict
from core.host.planning import Plan, PlannedFile, Planner, Step, path_of
from core.host.unloading import Arrival, Flight, Manner, Unloading
from core.host.volume import Volume

__all__ = ["Arrival", "Conflict", "CopyOut", "Problem", "Progress", "TransferState"]

_BATCH_FILES = 16
"""A worker has 64 descriptors and lets a batch be cancelled while the next one begins."""
_BATCH_STEPS = 64
_BATCH_BYTES = 8 * 1024 * 1024
_NOTIFY_SECONDS = 0.05

_T = TypeVar("_T")


class TransferState(enum.Enum):
    PLANNING = "planning"
    RUNNING = "running"
    DONE = "done"
    """Everything was tried; `problems` has what did not go well."""
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Progress:
    """Sizes in bytes. What was skipped or failed counts as done: at the end `done` is all there is."""

    files: int = 0
    files_done: int = 0
    bytes: int = 0
    bytes_done: int = 0
    current: str = ""
    """Path on the stick of a file under way, for people."""


@dataclass(frozen=True)
class Problem:
    """What is missing on the host: a file, a folder, or a piece of a file whose rest arrived."""

    path: str
    """On the stick, for people."""
    error: RumpusError


class CopyOut:
    """One job. `run` it once; everything else may be looked at any time, in the event loop's thread.

    `folder` must exist. `name` is what a single entry shall be called there, instead of its own name.
    Of a volume's root, only what is in it is copied. `preserve`: times, and whether it may be written to.
    `verify`: each file is read again from both sides and compared before it gets its name. `flush`: the job
    ends when everything is on the host's disk, not in its memory. `arrived` hears of every file that landed.
    """

    def __init__(
        self,
        volume: Volume,
        entries: Sequence[Entry],
        folder: Path,
        *,
        conflict: Conflict = Conflict.KEEP_BOTH,
        recursive: bool = True,
        preserve: bool = True,
        verify: bool = False,
        flush: bool = True,
        name: str = "",
        arrived: Callable[[Arrival], None] = lambda _: None,
    ) -> None:
        self.state = TransferState.PLANNING
        self.progress = Progress()
        self.problems: list[Problem] = []
        self.error: RumpusError | None = None
        """Why the job as a whole FAILED or was CANCELLED."""
        self.folder = folder
        self._volume = volume
        self._entries = tuple(entries)
        self._recursive = recursive
        self._verify = verify
        self._flush = flush
        self._arrived = arrived
        self._plan = Plan()
        manner = Manner(conflict, preserve, volume.facts.zone, name)
        self._unloading = Unloading(folder, manner, self._trouble, volume.ended.done)
        self._host = asyncio.Lock()
        """One thread at a time is at work on the host's files."""
        self._medium = asyncio.Lock()
        """One batch at a time is read, so that a stick is read in order."""
        self._work: asyncio.Task[None] | None = None
        self._cancelled = False
        self._listeners: list[Callable[[CopyOut], None]] = []
        self._notified = 0.0
        self._notification: asyncio.TimerHandle | None = None

    @property
    def landed(self) -> list[Path]:
        """What was asked for, as it is now on the host, in order of arrival."""
        return self._unloading.landed

    def safe(self) -> list[str]:
        """Paths on the stick, for people, of the files that arrived whole."""
        return [names.shown(path_of(step)) for step in self._files() if step.arrived]

    def missing(self) -> list[str]:
        """Paths on the stick, for people, of the files that were to come and did not arrive whole."""
        return [names.shown(path_of(step)) for step in self._files() if not step.arrived]

    def _files(self) -> Iterator[PlannedFile]:
        return (step for step in self._plan.steps if isinstance(step, PlannedFile))

    def observe(self, listener: Callable[[CopyOut], None]) -> Callable[[], None]:
        """The listener hears of changes, at most some 20 times a second, and of the end. Returns "forget"."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def cancel(self) -> None:
        """Stops the job. `run` returns when nothing unfinished is left on the host."""
        self._cancelled = True
        if self._work is not None:
            self._work.cancel()

    async def run(self) -> None:
        """Plans and copies; returns when the job has ended. Raises no RumpusError: `state` tells."""
        self._work = asyncio.ensure_future(self._copy())
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

    # the job ------------------------------------------------------------------------------------------------

    async def _copy(self) -> None:
        try:
            await self._at_host(self._unloading.open)
            planner = Planner(self._volume, self._trouble, self._grown, recursive=self._recursive)
            self._plan = planner.plan
            await planner.walk(self._entries)
            await self._at_host(self._unloading.prepare, self._plan)
            self.state = TransferState.RUNNING
            self._grown()
            batches = _batches(self._plan.steps)
            async with asyncio.TaskGroup() as group:
                for _ in range(2):
                    group.create_task(self._take(batches))
            if self._flush:  # may take minutes and changes nothing, so a cancelled job does not wait for it
                await asyncio.get_running_loop().run_in_executor(None, self._unloading.flush)
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        finally:
            await self._at_host(self._unloading.clean)

    async def _take(self, batches: Iterator[list[Step]]) -> None:
        for batch in batches:
            flights = await self._at_host(self._unloading.begin, batch)
            async with self._medium:
                self._count(current=batch[-1])
                await asyncio.gather(*map(self._fly, flights))
            arrivals, fatal = await self._at_host(self._unloading.settle, flights)
            for arrival in arrivals:
                self._arrived(arrival)
            if fatal is not None:
                raise fatal
            files = [step for step in batch if isinstance(step, PlannedFile)]
            size = sum(step.entry.size for step in files)
            self._count(files=len(files), bytes=size - sum(flight.moved for flight in flights))

    async def _fly(self, flight: Flight) -> None:
        entry, unfinished = flight.step.entry, flight.unfinished

        def moved(done: int) -> None:
            done = min(done, entry.size)
            self._count(bytes=done - flight.moved, current=flight.step)
            flight.moved = done

        try:
            copied = await self._volume.copy(entry.node, unfinished.descriptor, moved)
            flight.lost = copied.lost
            if self._verify and not copied.lost:
                await verifying.compare(self._volume, entry, partial(self._at_host, unfinished.read))
        except HostWriteFailed as error:
            flight.error = HostWriteFailed(str(unfinished.folder.path / unfinished.name), error.errno)
        except RumpusError as error:
            flight.error = error

    async def _at_host(self, function: Callable[..., _T], *arguments: object) -> _T:
        """Runs it in a thread and waits for it, even when cancelled: what it changes must be known."""
        async with self._host:
            running = asyncio.get_running_loop().run_in_executor(None, partial(function, *arguments))
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                await asyncio.wait({running})
                raise

    # what others hear ---------------------------------------------------------------------------------------

    def _trouble(self, path: str, error: RumpusError) -> None:
        self.problems.append(Problem(names.shown(path), error))

    def _grown(self) -> None:
        self.progress = replace(self.progress, files=self._plan.files, bytes=self._plan.bytes)
        self._changed()

    def _count(self, *, files: int = 0, bytes: int = 0, current: Step | None = None) -> None:
        progress = self.progress
        self.progress = Progress(
            progress.files,
            progress.files_done + files,
            progress.bytes,
            progress.bytes_done + bytes,
            progress.current if current is None else names.shown(path_of(current)),
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
        for listener in tuple(self._listeners):
            listener(self)

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
        if error is not None and self.error is None:
            raise error


def _batches(steps: list[Step]) -> Iterator[list[Step]]:
    batch: list[Step] = []
    files = size = 0
    for step in steps:
        if isinstance(step, PlannedFile):
            files += 1
            size += step.entry.size
        batch.append(step)
        if files >= _BATCH_FILES or size >= _BATCH_BYTES or len(batch) >= _BATCH_STEPS:
            yield batch
            batch, files, size = [], 0, 0
    if batch:
        yield batch
