"""libfuse's session: mfusepy, with what it leaves slow done in place.

Reads go from the device into libfuse's own buffer, or past our memory through a pipe. A listing brings the
attributes of all entries (readdirplus), so that `ls -l` asks once and not once for each file.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
from collections.abc import Callable
from threading import get_ident
from typing import Any

import mfusepy

from core.mount import splicing
from core.mount.attributes import Attributes
from core.mount.operations import Operations

_FOREVER = 86_400.0
"""Seconds for which the kernel remembers what is on a volume that nobody changes."""
_MOMENT = 1.0
"""The same while it may be changed."""
_READ_AHEAD = 1 << 20
_PLUS = 2
"""FUSE_FILL_DIR_PLUS in fuse.h."""
_PLUS_WHEN_USED = 1 << 14
"""FUSE_CAP_READDIRPLUS_AUTO in fuse_common.h: attributes only once somebody has asked for them one by one."""
_THREADS = 8
_SECOND = 1_000_000_000


_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
"""mallopt(3)"""


def keep_buffers() -> None:
    """libfuse takes a buffer for each read and gives it back: memory that stays is not cleared each time."""
    with contextlib.suppress(AttributeError):  # not glibc
        allocator = ctypes.CDLL(None).mallopt
        for option, value in (
            (_M_ARENA_MAX, 1),
            (_M_MMAP_THRESHOLD, 16 * _READ_AHEAD),
            (_M_TRIM_THRESHOLD, 64 * _READ_AHEAD),
        ):
            allocator(option, value)


class Session(mfusepy.FUSE):  # type: ignore[misc]
    """Constructing it mounts and serves until it is unmounted. `ready` is called once the kernel is there.

    Raises RuntimeError when the host does not mount.
    """

    def __init__(
        self,
        operations: Operations,
        directory: str,
        ready: Callable[[], object],
        options: dict[str, Any],
        *,
        steady: bool,
    ) -> None:
        keep_buffers()
        self._ready = ready
        self._read_only = bool(options.get("ro"))
        self._still = steady and self._read_only
        self._threads: set[int] = set()
        """Those of libfuse that have called."""
        self._splices = False
        self._pipes = splicing.Pipes()
        if self._still:
            operations.read_buf = operations.read  # mfusepy asks it what there is
            options["max_read"] = splicing.REQUEST
        options["max_idle_threads"] = _THREADS
        if (mfusepy.fuse_version_major, mfusepy.fuse_version_minor) >= (3, 12):
            options["max_threads"] = _THREADS
        try:
            super().__init__(operations, directory, foreground=True, **options)
        finally:
            self._pipes.close()

    def init_fuse_3(self, connection: Any, config: Any) -> None:
        connection.contents.max_readahead = _READ_AHEAD
        if self._still:
            connection.contents.max_read = splicing.REQUEST
            self._splices = bool(connection.contents.capable & splicing.CAPABILITY)
            connection.contents.want |= connection.contents.capable & splicing.CAPABILITY
        wanted = config.contents
        wanted.use_ino = 1
        wanted.nullpath_ok = int(self._read_only)
        wanted.entry_timeout = wanted.attr_timeout = _FOREVER if self._still else _MOMENT
        wanted.negative_timeout = _FOREVER if self._still else 0.0
        wanted.kernel_cache = int(self._still)
        wanted.auto_cache = int(self._read_only and not self._still)
        if self._read_only:
            connection.contents.want &= ~_PLUS_WHEN_USED
        self._ready()

    def _wrapper(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
        """Once more, where a request was under way while the volume was opened anew."""
        if get_ident() not in self._threads:
            self._keep_thread()
        operations: Operations = self.operations
        before = operations.generation
        status: int = super()._wrapper(func, *args, **kwargs)
        if status == -errno.EIO and operations.generation != before:
            status = super()._wrapper(func, *args, **kwargs)
        return status

    def _keep_thread(self) -> None:
        """Python would else make all that it needs for a thread anew each time that libfuse calls."""
        self._threads.add(get_ident())
        ctypes.pythonapi.PyGILState_Ensure()

    def opendir(self, path: bytes, info: Any) -> int:
        super().opendir(path, info)
        if self._still:
            info.contents.cache_readdir = info.contents.keep_cache = 1
        return 0

    def read(self, path: bytes | None, buffer: Any, size: int, offset: int, info: Any) -> int:
        into = (ctypes.c_char * size).from_address(ctypes.addressof(buffer.contents))
        operations: Operations = self.operations
        return operations.reading.read(info.contents.fh, memoryview(into).cast("B"), offset)

    def read_buf(self, path: bytes | None, given: Any, size: int, offset: int, info: Any) -> int:
        reading, handle = self.operations.reading, info.contents.fh
        pipe = self._pipes.mine() if self._splices and size >= splicing.WORTH else None
        done = reading.put(handle, pipe, size, offset) if pipe is not None else 0
        if pipe is not None and done:
            splicing.answer_from_pipe(given, pipe, done)
            return 0
        memory = splicing.Memory(size)
        try:
            splicing.answer_from_memory(given, memory, reading.read(handle, memory.view, offset))
        except BaseException:
            memory.free()
            raise
        return 0

    def rename_fuse_3(self, old: bytes, new: bytes, flags: int) -> int:
        names = (path.decode(self.encoding, self.errors) for path in (old, new))
        return int(self.operations.rename(*names, flags))

    def readdir_fuse_3(
        self, path: bytes | None, buffer: Any, filler: Any, offset: int, info: Any, flags: int
    ) -> int:
        operations: Operations = self.operations
        itself, entries, failed = operations.listing(info.contents.fh)
        one = mfusepy.c_stat()
        one.st_nlink = 1
        one.st_uid, one.st_gid = operations.owner
        for number in range(offset, len(entries) + 2):
            if number < 2:
                name, attributes = (b".", b"..")[number], itself
            else:
                name, attributes = entries[number - 2]
            _fill(one, attributes)
            if filler(buffer, name, one, number + 1, _PLUS):
                return 0
        # Said when all that can be read has been: the kernel would else drop it.
        return -failed if offset >= len(entries) + 2 and failed else 0


def _fill(one: Any, attributes: Attributes) -> None:
    one.st_ino, one.st_mode, one.st_size, one.st_blocks, modified = attributes
    seconds, rest = divmod(modified, _SECOND)
    for moment in (one.st_mtimespec, one.st_ctimespec, one.st_atimespec):
        moment.tv_sec, moment.tv_nsec = seconds, rest
