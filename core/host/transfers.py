"""Copying out of a stick: one job takes entries of a volume into a folder of the host.

Round trips, not bytes, make many small files slow, so files are copied in batches: while the worker writes
one batch, a thread gives the last one its names and opens the next. The event loop never touches the host's
files itself.
"""

from __future__ import annotations

import asyncio
import enum
import errno
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from core.entry import Attribute, Entry
from core.errors import Cancelled, CorruptStructure, DeviceGone, HostWriteFailed, RumpusError
from core.host import landing, names, verifying
from core.host.landing import Conflict, Folder, Unfinished
from core.host.planning import Plan, PlannedFile, PlannedFolder, Planner, Step, path_of, top_of
from core.host.volume import Volume
from core.worker.protocol import Lost

_BATCH_FILES = 16
"""Two batches may be under way, and a worker has 64 descriptors."""
_BATCH_BYTES = 8 * 1024 * 1024
_NOTIFY_SECONDS = 0.05
_USELESS_TARGET = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE}
)
"""What fails for one file and would fail for all of them."""

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


@dataclass(frozen=True)
class Arrival:
    """A file or folder that landed. `path` on the stick is raw."""

    path: str
    target: Path
    entry: Entry
    whole: bool = True
    """Without lost pieces."""


@dataclass(eq=False)
class _Place:
    """Where a planned folder landed; `left` counts what still has to go into it."""

    folder: Folder | None
    left: int


@dataclass(eq=False)
class _Flight:
    """A file under way."""

    step: PlannedFile
    unfinished: Unfinished
    moved: int = 0
    lost: list[Lost] = field(default_factory=list)
    error: RumpusError | None = None


class CopyOut:
    """One job. `run` it once; everything else may be looked at any time, in the event loop's thread.

    `folder` must exist. `name` is what a single entry shall be called there, instead of its own name.
    The root of a volume is copied as what is in it. `preserve`: times, and whether it may be written to.
    `verify`: each file is read again from both sides and compared before it gets its name. `flush`: the job
    ends when everything is on the host's disk, not in its memory.
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
        self.landed: list[Path] = []
        """What was asked for, as it is now on the host, in order of arrival."""
        self.error: RumpusError | None = None
        """Why the job as a whole FAILED or was CANCELLED."""
        self.folder = folder
        self._volume = volume
        self._entries = tuple(entries)
        self._conflict = conflict
        self._recursive = recursive
        self._preserve = preserve
        self._verify = verify
        self._flush = flush
        self._name = name
        self._arrived = arrived
        self._plan = Plan()
        self._places: dict[PlannedFolder | None, _Place] = {}
        self._open: set[Unfinished] = set()
        self._host = asyncio.Lock()
        """One thread at a time is at work on the host's files."""
        self._medium = asyncio.Lock()
        """One batch at a time is read, so that a stick is read in order."""
        self._work: asyncio.Task[None] | None = None
        self._cancelled = False
        self._fatal: RumpusError | None = None
        self._listeners: list[Callable[[CopyOut], None]] = []
        self._notified = 0.0
        self._notification: asyncio.TimerHandle | None = None

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

    def safe(self) -> list[str]:
        """Paths on the stick, for people, of the files that arrived whole."""
        return [names.shown(path_of(step)) for step in self._files() if step.arrived]

    def missing(self) -> list[str]:
        """Paths on the stick, for people, of the files that were to come and did not arrive whole."""
        return [names.shown(path_of(step)) for step in self._files() if not step.arrived]

    def _files(self) -> Iterator[PlannedFile]:
        return (step for step in self._plan.steps if isinstance(step, PlannedFile))

    # the job ------------------------------------------------------------------------------------------------

    async def _copy(self) -> None:
        try:
            await self._prepare()
            self.state = TransferState.RUNNING
            self._changed()
            batches = _batches(self._plan.steps)
            async with asyncio.TaskGroup() as group:
                for _ in range(2):
                    group.create_task(self._take(batches))
            if self._flush:
                target = self._places[None].folder
                assert target is not None
                await self._at_host(target.flush)
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        finally:
            await self._at_host(self._clean)

    async def _prepare(self) -> None:
        target = await self._at_host(Folder.open, self.folder)
        self._places[None] = _Place(target, 0)
        await self._at_host(target.check_writable)
        planner = Planner(self._volume, self._trouble, self._grown, recursive=self._recursive)
        self._plan = planner.plan
        await planner.walk(self._entries)
        self._grown()
        inside = Counter(step.above for step in self._plan.steps)
        for step in self._plan.steps:
            if isinstance(step, PlannedFolder):
                self._places[step] = _Place(None, inside[step])
        await self._at_host(self._check_room, target)

    def _check_room(self, target: Folder) -> None:
        """What would replace or be skipped needs room that cannot be told, so only new things are counted."""
        tops = {step: True for step in self._plan.steps if step.above is None}
        if self._conflict is not Conflict.KEEP_BOTH:
            tops = {step: target.stranger(self._host_name(step)) is None for step in tops}
        needed = sum(step.entry.size for step in self._files() if tops[top_of(step)])
        if needed > target.free():
            raise HostWriteFailed(str(target.path), errno.ENOSPC)

    async def _take(self, batches: Iterator[list[Step]]) -> None:
        for batch in batches:
            flights = await self._at_host(self._begin, batch)
            async with self._medium:
                self._count(current=batch[-1])
                await asyncio.gather(*map(self._fly, flights))
            for arrival in await self._at_host(self._settle, flights):
                self._arrived(arrival)
            if self._fatal is not None:
                raise self._fatal
            files = [step for step in batch if isinstance(step, PlannedFile)]
            size = sum(step.entry.size for step in files)
            self._count(files=len(files), bytes=size - sum(flight.moved for flight in flights))

    async def _fly(self, flight: _Flight) -> None:
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

    # in a thread --------------------------------------------------------------------------------------------

    def _begin(self, batch: list[Step]) -> list[_Flight]:
        """Makes the folders of a batch and opens its files."""
        flights = []
        for step in batch:
            above = self._places[step.above].folder
            if isinstance(step, PlannedFolder):
                self._enter(step, above)
            elif (unfinished := self._start(step, above)) is not None:
                self._open.add(unfinished)
                flights.append(_Flight(step, unfinished))
            else:
                self._leave(step)
        return flights

    def _start(self, step: PlannedFile, above: Folder | None) -> Unfinished | None:
        if above is None:  # it could not be made, which has been said
            return None
        try:
            return above.begin(self._host_name(step), self._conflict)
        except HostWriteFailed as error:
            self._refused(step, error)
            return None

    def _enter(self, step: PlannedFolder, above: Folder | None) -> None:
        place = self._places[step]
        if _is_root(step):
            place.folder = above
        elif above is not None:
            try:
                place.folder = above.folder(self._host_name(step), self._conflict)
            except HostWriteFailed as error:
                self._refused(step, error)
            else:
                if _is_asked_for(step):
                    self.landed.append(place.folder.path)
        if place.left == 0:
            self._leave_folder(step)

    def _settle(self, flights: list[_Flight]) -> list[Arrival]:
        """Gives the files of a batch their names, or removes them."""
        arrivals = []
        for flight in flights:
            step, unfinished = flight.step, flight.unfinished
            try:
                target = self._finish(flight)
            except RumpusError as error:
                unfinished.discard()
                if self._ends_all(error):
                    self._fatal = self._fatal or error
                else:
                    self._trouble(path_of(step), error)
            else:
                if target is not None:
                    step.arrived = not flight.lost
                    arrivals.append(Arrival(path_of(step), target, step.entry, step.arrived))
                    if _is_asked_for(step):
                        self.landed.append(target)
            self._open.discard(unfinished)
            self._leave(step)
        return arrivals

    def _finish(self, flight: _Flight) -> Path | None:
        """Where it is now, None when one of that name was to stay. Raises why it cannot be there."""
        if flight.error is not None:
            raise flight.error
        step, unfinished, entry = flight.step, flight.unfinished, flight.step.entry
        lost = [piece.fault.error() for piece in flight.lost]
        if lost and sum(piece.length for piece in flight.lost) >= entry.size:
            raise lost[0]  # nothing of it could be read, and zeros would look like a file
        if (size := unfinished.size()) != entry.size:
            raise CorruptStructure("file", 0, f"{entry.size} bytes", f"{size} bytes")
        name = unfinished.finish(
            self._conflict,
            modified=self._time_of(entry),
            read_only=self._preserve and _is_read_only(entry),
        )
        for error in lost:
            self._trouble(path_of(step), error)
        return None if name is None else unfinished.folder.path / name

    def _leave(self, step: Step) -> None:
        """A step is over; so is its folder if it was the last one there."""
        if step.above is not None:
            place = self._places[step.above]
            place.left -= 1
            if place.left == 0:
                self._leave_folder(step.above)

    def _leave_folder(self, step: PlannedFolder) -> None:
        folder = self._places.pop(step).folder
        if folder is not None and not _is_root(step):
            folder.close(self._time_of(step.entry))
        self._leave(step)

    def _clean(self) -> None:
        for unfinished in self._open:
            unfinished.discard()
        self._open.clear()
        for place in self._places.values():
            if place.folder is not None:
                place.folder.close()

    def _refused(self, step: Step, error: HostWriteFailed) -> None:
        """The host would not take one thing. Raises the error again when it will not take others either."""
        if self._ends_all(error):
            raise error
        self._trouble(path_of(step), error)

    def _ends_all(self, error: RumpusError) -> bool:
        if isinstance(error, HostWriteFailed):
            return error.errno in _USELESS_TARGET
        return isinstance(error, DeviceGone) or self._volume.ended.done()

    def _host_name(self, step: Step) -> str:
        if self._name and step.above is None:
            return self._name
        return names.host_name(step.entry.name)

    def _time_of(self, entry: Entry) -> int | None:
        return landing.host_time(entry.modified, self._volume.facts.zone) if self._preserve else None

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
        if files >= _BATCH_FILES or size >= _BATCH_BYTES or len(batch) >= 4 * _BATCH_FILES:
            yield batch
            batch, files, size = [], 0, 0
    if batch:
        yield batch


def _is_root(step: Step) -> bool:
    return step.above is None and isinstance(step, PlannedFolder) and not step.entry.name


def _is_asked_for(step: Step) -> bool:
    return step.above is None or _is_root(step.above)


def _is_read_only(entry: Entry) -> bool:
    if entry.mode is not None:
        return not entry.mode & 0o200
    return bool(entry.attributes & Attribute.READ_ONLY)
