"""What the kernel asks of a mounted volume that may be changed. Called by threads of libfuse."""

from __future__ import annotations

import asyncio
import errno
import os
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from core.entry import Attribute, Entry, Kind
from core.errors import RumpusError
from core.host.changes import MAX_WRITE, Changes
from core.host.clocks import volume_time
from core.host.volume import Volume
from core.mount.bridge import Bridge, failure
from core.mount.operations import Operations
from core.mount.options import Options
from core.mount.reading import Reading
from core.mount.refusals import number_of
from core.mount.tree import Tree, check_length, fits, is_text

_T = TypeVar("_T")

_QUIET = 0.2
"""Seconds without a change after which what was changed goes to the medium: umount(8) waits for nobody."""
_NO_REPLACE = 1
"""RENAME_NOREPLACE in linux/fs.h."""
_NOW, _OMIT = (1 << 30) - 1, (1 << 30) - 2
"""UTIME_NOW and UTIME_OMIT in sys/stat.h, as they come with 0 seconds."""
_OWNER_WRITES = 0o200
_UNSET = 2**32 - 1


class WritableOperations(Operations):
    """Changes are made one after the other. The worker reads files, since it knows what is pending."""

    def __init__(
        self,
        volume: Volume,
        changes: Changes,
        bridge: Bridge,
        tree: Tree,
        reading: Reading,
        options: Options,
        unwritten: Callable[[RumpusError], object] = lambda error: None,
    ) -> None:
        """`unwritten` hears of the first thing that the medium refused when nobody waited for it."""
        super().__init__(volume, bridge, tree, reading, options)
        self._changes = changes
        self._unwritten = unwritten
        self._one = asyncio.Lock()
        self._quiet: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[None] | None = None
        self._problem: RumpusError | None = None
        """Why not everything that was changed is on the medium. Of what, nobody knows."""
        self._written: set[int] = set()
        """Nodes of files that were written since their time was set."""

    # names --------------------------------------------------------------------------------------------------

    def create(self, path: str, mode: int, flags: int) -> int:
        folder, name = self._place(path)
        entry = self._change(self._changes.create(folder.node, name, Kind.FILE, self._now()))
        if not mode & _OWNER_WRITES:
            self._set_attributes(entry, entry.attributes | Attribute.READ_ONLY)
        self.tree.put(folder.node, name, entry)
        return self.reading.open(entry, path)

    def mkdir(self, path: str, mode: int) -> int:
        folder, name = self._place(path)
        entry = self._change(self._changes.create(folder.node, name, Kind.DIRECTORY, self._now()))
        self.tree.put(folder.node, name, entry)
        return 0

    def unlink(self, path: str) -> int:
        return self._remove(path, folder=False)

    def rmdir(self, path: str) -> int:
        return self._remove(path, folder=True)

    def rename(self, old: str, new: str, flags: int = 0) -> int:
        if flags & ~_NO_REPLACE:
            raise failure(errno.EINVAL)
        (above, name), (target, wanted) = self._place(old), self._place(new)
        entry = self.tree.child(above.node, name)
        if entry.kind is Kind.DIRECTORY and not flags & _NO_REPLACE:
            self._make_way(entry, target.node, wanted)
        moved = self._change(
            self._changes.rename(entry.node, target.node, wanted, replace=not flags & _NO_REPLACE)
        )
        self.tree.drop(above.node, name, entry)
        self.tree.put(target.node, wanted, moved)
        self.reading.moved(entry.node, moved.node)
        if entry.node in self._written:
            self._written.discard(entry.node)
            self._written.add(moved.node)
        return 0

    def _make_way(self, entry: Entry, folder: int, name: str) -> None:
        """An empty folder gives way to another one. Raises ENOTEMPTY."""
        try:
            there = self.tree.child(folder, name)
        except OSError:
            return
        if there.kind is Kind.DIRECTORY and there.node != entry.node:
            self._change(self._changes.remove(there.node))
            self.tree.drop(folder, name, there)
            self.tree.forget(there.node)

    def symlink(self, target: str, source: str) -> int:
        raise failure(errno.EPERM)

    def link(self, target: str, source: str) -> int:
        raise failure(errno.EPERM)

    def mknod(self, path: str, mode: int, dev: int) -> int:
        raise failure(errno.EPERM)

    def _remove(self, path: str, *, folder: bool) -> int:
        above, name = self._place(path)
        entry = self.tree.child(above.node, name)
        if (entry.kind is Kind.DIRECTORY) != folder:
            raise failure(errno.ENOTDIR if folder else errno.EISDIR)
        self._change(self._changes.remove(entry.node))
        self.tree.drop(above.node, name, entry)
        self.tree.forget(entry.node)
        self._written.discard(entry.node)
        return 0

    def _place(self, path: str) -> tuple[Entry, str]:
        """The folder that a path leads into, and the name in it."""
        above, _, name = path.rpartition("/")
        if not is_text(name):
            raise failure(errno.EILSEQ)
        check_length(name)
        if not fits(name):
            raise failure(errno.EINVAL)
        folder = self.tree.entry(above)
        if folder.kind is not Kind.DIRECTORY:
            raise failure(errno.ENOTDIR)
        return folder, name

    # files --------------------------------------------------------------------------------------------------

    def open(self, path: str, flags: int) -> int:
        entry = self.tree.entry(path)
        if entry.kind is not Kind.FILE:
            raise failure(errno.EISDIR if entry.kind is Kind.DIRECTORY else errno.ENXIO)
        if flags & (os.O_WRONLY | os.O_RDWR) and entry.attributes & Attribute.READ_ONLY:
            raise failure(errno.EACCES)
        if flags & os.O_TRUNC:  # the kernel leaves it to us
            self.truncate(path, 0)
            entry = self.tree.entry(path)
        return self.reading.open(entry, path)

    def write(self, path: str | None, data: bytes, offset: int, fh: int) -> int:
        content = self.reading.content(fh)
        view = memoryview(data)
        for done in range(0, len(view), MAX_WRITE):
            piece = bytes(view[done : done + MAX_WRITE])
            self._change(self._changes.write(content.node, offset + done, piece))
            content.size = max(content.size, offset + done + len(piece))
        self._written.add(content.node)
        self.tree.resized(content.entry, content.size, self._now())
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        entry = self.tree.entry(path)
        self._change(self._changes.truncate(entry.node, length))
        self._written.add(entry.node)
        self.reading.resized(entry.node, length)
        self.tree.resized(entry, length, self._now())
        return 0

    def flush(self, path: str | None, fh: int) -> int:
        """A file is closed: it was changed now, unless somebody has said when."""
        node = self.reading.content(fh).node
        if node in self._written:
            self._written.discard(node)
            self._change(self._changes.set_times(node, modified=self._now()))
        return 0

    def fsync(self, path: str | None, datasync: int, fh: int) -> int:
        """Fails from the first failure on: the kernel tells of it once, and not which file it was."""
        self.bridge.ask(self._flushed())
        if self._problem is not None:
            raise failure(number_of(self._problem))
        return 0

    def fsyncdir(self, path: str | None, datasync: int, fh: int) -> int:
        return self.fsync(path, datasync, fh)

    # attributes ---------------------------------------------------------------------------------------------

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        entry = self.tree.entry(path)
        if entry.node == self._volume.facts.root:
            return 0  # these systems keep no times of their root
        zone = self._volume.facts.zone
        given = times or (_NOW, _NOW)
        moments = [self._now() if t == _NOW else volume_time(t, zone) for t in given]
        accessed, modified = (None if t == _OMIT else m for t, m in zip(given, moments, strict=True))
        self._change(self._changes.set_times(entry.node, modified=modified, accessed=accessed))
        self._written.discard(entry.node)
        self._learn(entry)
        return 0

    def chmod(self, path: str, mode: int) -> int:
        """Whether it may be written is all that is kept of a mode; the rest is not missed."""
        entry = self.tree.entry(path)
        if entry.kind is Kind.FILE:
            kept = entry.attributes & ~Attribute.READ_ONLY
            self._set_attributes(entry, kept | (0 if mode & _OWNER_WRITES else Attribute.READ_ONLY))
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        if uid not in (self._options.uid, -1, _UNSET) or gid not in (self._options.gid, -1, _UNSET):
            raise failure(errno.EPERM)
        return 0

    def _set_attributes(self, entry: Entry, attributes: int) -> None:
        if attributes != entry.attributes:
            self._change(self._changes.set_attributes(entry.node, attributes))
            self._learn(entry)

    def _learn(self, entry: Entry) -> None:
        """What is true of it now."""
        now = self.bridge.ask(self._volume.stat(entry.node)).entry
        self.tree.fresh(msgspec.structs.replace(now, name=entry.name))

    # the volume ---------------------------------------------------------------------------------------------

    def statfs(self, path: str) -> dict[str, int]:
        self.bridge.ask(self._volume.describe())
        return super().statfs(path)

    def _now(self) -> int:
        return volume_time(time.time_ns(), self._volume.facts.zone)

    def _change(self, change: Coroutine[Any, Any, _T]) -> _T:
        if self.bridge.is_cut:
            change.close()  # it will not be begun
        return self.bridge.ask(self._made(change))

    async def _made(self, change: Coroutine[Any, Any, _T]) -> _T:
        async with self._one:
            made = await change
        if self._quiet is not None:
            self._quiet.cancel()
        self._quiet = asyncio.get_running_loop().call_later(_QUIET, self._settle)
        return made

    def _settle(self) -> None:
        self._flushing = asyncio.get_running_loop().create_task(self._settled())

    async def _settled(self) -> None:
        """Nobody waits for it."""
        known = self._problem
        with suppress(RumpusError):
            await self._flushed()
        if known is None and self._problem is not None:
            self._unwritten(self._problem)

    async def _flushed(self) -> None:
        """Everything changed so far is on the medium. Raises what writing it raises."""
        async with self._one:
            try:
                await self._changes.flush()
            except RumpusError as error:
                self._problem = self._problem or error
                raise
