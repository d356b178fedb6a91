"""Copying onto a stick: one job takes files and folders of the host into a folder of a volume.

Progress counts what the medium has: at the end of the job the stick can be pulled out.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.entry import Attribute, Entry, Kind
from core.errors import (
    AlreadyExists,
    DeviceGone,
    HostReadFailed,
    NoSpace,
    NotFound,
    ReadOnly,
    RumpusError,
    TooLarge,
    WrongKind,
)
from core.host import names
from core.host.changes import Changes
from core.host.clocks import volume_time
from core.host.jobs import Job, TransferState
from core.host.landing import Conflict
from core.host.volume import Volume
from core.worker.protocol import TOGETHER, NewFile

_AT_ONCE = 16
"""Files under way. A worker has 64 descriptors."""
_BATCHES = 2
"""Besides, so many batches of small files: one is opened while the other is stored."""
_SMALL = 256 * 1024
"""Bytes of a file up to which it is stored together with others."""
_DEEPEST = 128
_MOST_NAMES = 1000
"""Other names that are tried for a file whose name is taken."""
_OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK


@dataclass(slots=True, eq=False)
class _Step:
    """A file or folder of the host that is to be on the stick. `above` is None directly in the target."""

    source: Path
    name: str
    above: _Step | None
    folder: bool
    size: int = 0
    modified: int = 0
    read_only: bool = False
    node: int | None = None
    """Of a folder, once it is on the stick."""
    stored: int | None = None
    """The number of the change that brought a file, once it is made."""

    @property
    def path(self) -> str:
        return self.name if self.above is None else f"{self.above.path}/{self.name}"


class CopyIn(Job):
    """`parent` is a folder of the volume. `name` is what a single source shall be called there. `preserve`:
    times and write protection. `arrived` hears of every file that the volume has, if not yet the medium.
    """

    def __init__(
        self,
        volume: Volume,
        changes: Changes,
        sources: Sequence[Path],
        parent: int,
        *,
        conflict: Conflict = Conflict.KEEP_BOTH,
        preserve: bool = True,
        name: str = "",
        arrived: Callable[[Path, str, Entry], None] = lambda source, path, entry: None,
    ) -> None:
        super().__init__()
        self._volume = volume
        self._changes = changes
        self._sources = tuple(sources)
        self._parent = parent
        self._conflict = conflict
        self._preserve = preserve
        self._name = name
        self._arrived = arrived
        self._steps: list[_Step] = []
        self._waiting: deque[_Step] = deque()
        """Files that the volume has and the medium has not yet, in the order of their changes."""
        self._together = asyncio.Semaphore(_BATCHES)
        self._counted: dict[_Step, int] = {}
        """Bytes counted of a file under way."""

    def safe(self) -> list[str]:
        return [names.shown(step.path) for step in self._files() if self._is_settled(step)]

    def missing(self) -> list[str]:
        return [names.shown(step.path) for step in self._files() if not self._is_settled(step)]

    def _files(self) -> Iterator[_Step]:
        return (step for step in self._steps if not step.folder)

    def _is_settled(self, step: _Step) -> bool:
        return step.stored is not None and step.stored <= self._changes.settled

    # the job ------------------------------------------------------------------------------------------------

    async def _copy(self) -> None:
        await self._at_host(self._plan)
        self.progress = replace(
            self.progress,
            files=sum(1 for _ in self._files()),
            bytes=sum(step.size for step in self._files()),
        )
        await self._check_room()
        self.state = TransferState.RUNNING
        self._changed()
        batches = _batches(self._steps)
        turn = asyncio.Lock()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(_AT_ONCE):
                    group.create_task(self._take(batches, turn))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        await self._changes.flush()
        self._settle()

    async def _check_room(self) -> None:
        """Before the first byte: does it fit, in clusters, and is no file too large? Raises NoSpace."""
        facts = await self._volume.describe()
        unit = max(1, facts.block_size)
        needed = sum(-(-step.size // unit) * unit for step in self._files())
        needed += unit * sum(step.folder for step in self._steps)
        if facts.free is not None and needed > facts.free:
            raise NoSpace(needed, facts.free)
        limit = facts.largest_file
        for step in [step for step in self._files() if limit is not None and step.size > limit]:
            assert limit is not None
            self._trouble(step.path, TooLarge(step.size, limit))
            self._skip(step)
            self._steps.remove(step)

    async def _take(self, batches: Iterator[list[_Step]], turn: asyncio.Lock) -> None:
        """Folders are made one after the other, each before what is in it; files several at a time."""
        while True:
            async with turn:
                batch = next(batches, None)
                if batch is None:
                    return
                if batch[0].folder:
                    await self._make(batch[0])
                    continue
            if len(batch) > 1:
                async with self._together:
                    await self._store_all(batch)
            else:
                await self._store(batch[0])

    async def _make(self, step: _Step) -> None:
        parent = self._place(step)
        if parent is None:
            return
        try:
            step.node = await self._folder(step, parent)
        except RumpusError as error:
            self._refused(step, error)

    async def _folder(self, step: _Step, parent: int) -> int:
        """The node of a folder of that name: the one that is there, or a new one."""
        modified = volume_time(step.modified, self._volume.facts.zone) if self._preserve else None
        try:
            return (await self._changes.create(parent, step.name, Kind.DIRECTORY, modified)).node
        except AlreadyExists:
            there = await self._volume.lookup(parent, step.name)
            if there.kind is not Kind.DIRECTORY:
                raise
            return there.node

    async def _store(self, step: _Step) -> None:
        parent = self._place(step)
        if parent is None:
            self._skip(step)
            return
        try:
            descriptor = await self._at_host(_open, step)
        except HostReadFailed as error:
            self._trouble(step.path, error)
            self._skip(step)
            return
        try:
            await self._store_opened(step, parent, descriptor)
        finally:
            os.close(descriptor)

    async def _store_all(self, batch: list[_Step]) -> None:
        """Small files of one folder, in one request; then those by themselves that did not go with them."""
        parent = self._place(batch[0])
        if parent is None:
            for step in batch:
                self._skip(step)
            return
        opened: dict[_Step, int] = {}
        try:
            for step, error in await self._at_host(_open_all, batch, opened):
                self._trouble(step.path, error)
                self._skip(step)
            if not opened:
                return
            self._count(current=batch[-1].path)
            entries = await self._changes.store_all(
                parent,
                [self._new_file(step, step.name, os.fstat(opened[step]).st_size) for step in opened],
                list(opened.values()),
                replace=self._conflict is Conflict.REPLACE,
            )
            for step, entry in zip(opened, entries, strict=True):
                if entry is None:
                    await self._store_opened(step, parent, opened[step])
                else:
                    self._stored(step, entry)
            self._settle()
        finally:
            for descriptor in opened.values():
                os.close(descriptor)

    async def _store_opened(self, step: _Step, parent: int, descriptor: int) -> None:
        self._count(current=step.path)
        try:
            entry = await self._store_somehow(step, parent, descriptor)
        except RumpusError as error:
            self._refused(step, error)
            self._skip(step)
        else:
            if entry is None:
                self._skip(step)
            else:
                self._stored(step, entry)
            self._settle()

    def _stored(self, step: _Step, entry: Entry) -> None:
        step.stored = self._changes.staged
        self._waiting.append(step)
        self._arrived(step.source, step.path, entry)

    def _new_file(self, step: _Step, name: str, size: int) -> NewFile:
        """What the stick is to know of a file."""
        modified = volume_time(step.modified, self._volume.facts.zone) if self._preserve else None
        read_only = Attribute.ARCHIVE | Attribute.READ_ONLY if self._preserve and step.read_only else None
        return NewFile(name, size, modified, None, read_only)

    async def _store_somehow(self, step: _Step, parent: int, descriptor: int) -> Entry | None:
        """As the conflict policy has it; None when one of that name was to stay."""
        name = step.name
        new = self._new_file(step, name, os.fstat(descriptor).st_size)
        for number in range(2, _MOST_NAMES):
            try:
                return await self._changes.store(
                    parent,
                    name,
                    descriptor,
                    new.size,
                    replace=self._conflict is Conflict.REPLACE,
                    modified=new.modified,
                    attributes=new.attributes,
                    moved=lambda done: self._moved(step, done),
                )
            except AlreadyExists:
                if self._conflict is Conflict.SKIP:
                    return None
                if self._conflict is not Conflict.KEEP_BOTH:
                    raise
                name = names.marked(step.name, f" ({number})")
        raise AlreadyExists(step.name)

    def _place(self, step: _Step) -> int | None:
        """Where it goes; None when its folder could not be made, which has been said."""
        return self._parent if step.above is None else step.above.node

    def _refused(self, step: _Step, error: RumpusError) -> None:
        """One thing did not go. Raises the error again when nothing else will either."""
        if isinstance(error, DeviceGone | NoSpace | ReadOnly) or self._volume.ended.done():
            raise error
        if isinstance(error, HostReadFailed):
            error = HostReadFailed(str(step.source), error.errno)
        self._trouble(step.path, error)

    # what is done -------------------------------------------------------------------------------------------

    def _moved(self, step: _Step, done: int) -> None:
        done = min(done, step.size)
        self._count(bytes=done - self._counted.get(step, 0), current=step.path)
        self._counted[step] = done

    def _skip(self, step: _Step) -> None:
        """Nothing more will come of it: it counts as done."""
        self._count(files=1, bytes=step.size - self._counted.pop(step, 0))

    def _settle(self) -> None:
        """Counts the files that have come to the medium since."""
        while self._waiting and self._is_settled(self._waiting[0]):
            self._skip(self._waiting.popleft())

    # in a thread --------------------------------------------------------------------------------------------

    def _plan(self) -> None:
        for source in self._sources:
            found = source.stat()  # what a person names is followed, what lies in it is not
            name = self._name if self._name else source.resolve().name if not source.name else source.name
            self._add(source, name, None, found, 0)

    def _add(self, source: Path, name: str, above: _Step | None, found: os.stat_result, depth: int) -> None:
        folder = stat.S_ISDIR(found.st_mode)
        read_only = not found.st_mode & stat.S_IWUSR
        step = _Step(
            source, name, above, folder, 0 if folder else found.st_size, found.st_mtime_ns, read_only
        )
        if not folder and not stat.S_ISREG(found.st_mode):
            self._trouble(step.path, WrongKind(name, "file"))
            return
        self._steps.append(step)
        if not folder:
            return
        if depth == _DEEPEST:
            self._trouble(step.path, NotFound(f"way to copy folders {_DEEPEST} deep"))
            return
        try:
            with os.scandir(source) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._trouble(step.path, HostReadFailed(str(source), error.errno or 0))
            return
        for entry in inside:
            with contextlib.suppress(FileNotFoundError):  # it went away meanwhile
                self._add(Path(entry.path), entry.name, step, entry.stat(follow_symlinks=False), depth + 1)


def _batches(steps: list[_Step]) -> Iterator[list[_Step]]:
    """Small files of one folder in company, everything else by itself; in order."""
    batch: list[_Step] = []
    for step in steps:
        small = not step.folder and step.size <= _SMALL
        if batch and (not small or step.above is not batch[0].above or len(batch) == TOGETHER):
            yield batch
            batch = []
        if small:
            batch.append(step)
        else:
            yield [step]
    if batch:
        yield batch


def _open_all(batch: list[_Step], opened: dict[_Step, int]) -> list[tuple[_Step, HostReadFailed]]:
    """Opens what can be opened, and returns the others with the reason."""
    failed = []
    for step in batch:
        try:
            opened[step] = _open(step)
        except HostReadFailed as error:
            failed.append((step, error))
    return failed


def _open(step: _Step) -> int:
    """A descriptor of a regular file. Links within what was named lead nowhere. Raises HostReadFailed."""
    try:
        descriptor = os.open(step.source, _OPEN | (os.O_NOFOLLOW if step.above else 0))
    except OSError as error:
        raise HostReadFailed(str(step.source), error.errno or 0) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise HostReadFailed(str(step.source), errno.EINVAL)
    return descriptor
