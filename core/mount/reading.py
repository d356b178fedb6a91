"""The bytes of files, read from the device into the buffers of libfuse, or put into a pipe for it."""

from __future__ import annotations

import errno
import itertools
import os
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from core.entry import Entry
from core.host.volume import Volume
from core.mount.assurance import Assurance
from core.mount.bridge import Bridge, failure
from core.mount.places import ZEROS, Bounds, Known, located
from core.worker.protocol import MAX_READ

if TYPE_CHECKING:
    from core.mount.splicing import Pipe

_NOBODY = 2**63 - 1
"""The number of a file that is no more."""
_REMEMBERED = 512
"""Files whose places are remembered."""


class Content:
    """One file. Read by any number of threads."""

    def __init__(self, entry: Entry, path: str, generation: int) -> None:
        self.entry = entry
        self.path = path
        self.generation = generation
        self.node = entry.node
        self.size = entry.size
        self.computed = False
        """Its bytes are not on the device as they are: the worker is asked for them."""
        self.known = Known()
        self.lock = Lock()


class Reading:
    """The open files of a mount, by handle. Owns no descriptor: the device's belongs to the caller.

    With `through_worker` every byte comes from the worker: what is being written may not yet be on the
    device. `gone` is called once the device is found to be. Raises OSError.
    """

    def __init__(
        self,
        volume: Volume,
        descriptor: int,
        bounds: Bounds,
        bridge: Bridge,
        gone: Callable[[], object],
        *,
        through_worker: bool = False,
    ) -> None:
        self._volume = volume
        self._descriptor = descriptor
        self.bounds = bounds
        self._bridge = bridge
        self._gone = gone
        self._through_worker = through_worker
        self.generation = 0
        """Rises when the volume may be another than it was: open files are found again by their paths."""
        self.find: Callable[[str, Entry], Entry] | None = None
        """The file at a path, if it is still the same. Raises OSError."""
        self.assurance: Assurance | None = None
        """Set while somebody changes the volume."""
        self._handles = itertools.count(1)
        self._open: dict[int, Content] = {}
        self._recent: OrderedDict[int, Content] = OrderedDict()
        self._lock = Lock()

    def renew(self, volume: Volume) -> None:
        """The volume opened anew, after it may have been changed."""
        with self._lock:
            self._volume = volume
            self._recent.clear()
            self.generation += 1

    def open(self, entry: Entry, path: str, generation: int = 0) -> int:
        """A handle for the file, which lay at that path of the volume in this generation or later."""
        self._bridge.check()
        with self._lock:
            is_now = generation == self.generation
            content = self._recent.get(entry.node) if is_now and not self._through_worker else None
            if content is None or content.size != entry.size:
                content = Content(entry, path, generation)
                content.computed = self._through_worker
                if is_now:
                    self._recent[entry.node] = content
                if len(self._recent) > _REMEMBERED:
                    self._recent.popitem(last=False)
            handle = next(self._handles)
            self._open[handle] = content
        return handle

    def content(self, handle: int) -> Content:
        try:
            return self._open[handle]
        except KeyError:
            raise failure(errno.EBADF) from None

    def moved(self, old: int, new: int) -> None:
        """A file has another number from now on, and whatever had that number is no more."""
        with self._lock:
            for content in self._open.values():
                if content.node == new and old != new:
                    content.node = _NOBODY
            for content in self._open.values():
                if content.node == old:
                    content.node = new
                    content.entry = msgspec.structs.replace(content.entry, node=new)

    def resized(self, node: int, size: int) -> None:
        """Of those that have it open."""
        with self._lock:
            for content in self._open.values():
                if content.node == node:
                    content.size = size

    def release(self, handle: int) -> None:
        with self._lock:  # others may be going through them
            self._open.pop(handle, None)

    def read(self, handle: int, buffer: memoryview, offset: int) -> int:
        """Fills the buffer; fewer bytes only at the end of the file.

        What cannot be read whole fails: the kernel would take a short answer for the end of the file.
        """
        self._bridge.check()
        content = self.content(handle)
        while True:
            generation, assurance = self.generation, self.assurance
            if content.generation != generation:
                self._find_again(content, generation)
            done = self._filled(content, buffer, offset)
            assurance = self.assurance or assurance
            if assurance is not None and not self._through_worker:
                length = 0 if content.computed else done
                assurance.check(content.path, content.entry, content.known, offset, length)
            if generation == self.generation:
                return done

    def put(self, handle: int, pipe: Pipe, size: int, offset: int) -> int:
        """Has the kernel put what `read` would bring into an empty pipe, and returns how much that is.

        0 where that cannot be: `read` finds out why. The pipe may hold something even so. Until it is emptied
        its bytes are those of the device's page cache: this is for volumes that nobody changes.
        """
        content, generation = self.content(handle), self.generation
        size = min(size, content.size - offset)
        unsettled = content.generation != generation or self.assurance is not None
        if size <= 0 or unsettled or content.computed or self._bridge.is_cut:
            return 0
        extent = content.known.at(offset)
        if extent is None or extent.position == ZEROS or offset + size > extent.offset + extent.length:
            return 0
        whole = pipe.fill(self._descriptor, extent.position + offset - extent.offset, size)
        return size if whole and generation == self.generation else 0

    def _find_again(self, content: Content, generation: int) -> None:
        with content.lock:
            if content.generation != generation and self.find is not None:
                content.entry = self.find(content.path, content.entry)
                content.node, content.known, content.computed = content.entry.node, Known(), False
                content.generation = generation

    def _filled(self, content: Content, buffer: memoryview, offset: int) -> int:
        wanted = len(buffer)
        if not content.computed:
            wanted = min(wanted, max(0, content.size - offset))
        done = 0
        while done < wanted:
            into = buffer[done:wanted]
            piece = self._computed if content.computed else self._piece
            taken = piece(content, into, offset + done)
            if taken == 0:
                break
            done += taken
        return done

    def _piece(self, content: Content, into: memoryview, offset: int) -> int:
        extent = content.known.at(offset)
        if extent is None:
            with content.lock:
                extent = content.known.at(offset)
                if extent is None:
                    self._locate(content, offset)
                    extent = content.known.at(offset)
            if extent is None:
                return self._computed(content, into, offset)
        within = offset - extent.offset
        length = min(len(into), extent.length - within)
        if extent.position == ZEROS:
            into[:length] = bytes(length)
        else:
            self._from_device(into[:length], extent.position + within)
        return length

    def _locate(self, content: Content, offset: int) -> None:
        extents = self._bridge.ask(located(self._volume, content.node, offset, self.bounds))
        if extents is None:
            content.computed = True
        else:
            content.known.add(extents)

    def _from_device(self, into: memoryview, position: int) -> None:
        done = 0
        while done < len(into):
            try:
                taken = os.preadv(self._descriptor, [into[done:]], position + done)
            except OSError as error:
                if error.errno in _GONE:
                    self._gone()
                raise failure(errno.EIO) from error
            if taken == 0:  # the device, or the image, ends inside the size that it had
                if os.lseek(self._descriptor, 0, os.SEEK_END) == 0:
                    self._gone()
                raise failure(errno.EIO)
            done += taken

    def _computed(self, content: Content, into: memoryview, offset: int) -> int:
        data = self._bridge.ask(self._volume.read(content.node, offset, min(len(into), MAX_READ)))
        if not data and not self._through_worker and offset < content.size:
            raise failure(errno.EIO)
        into[: len(data)] = data
        return len(data)


_GONE = frozenset({errno.ENODEV, errno.ENXIO, errno.ENOMEDIUM, errno.ESHUTDOWN, errno.ESTALE})
