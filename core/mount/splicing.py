"""Bytes that go from the device's page cache to the kernel's copy of a file without a stay in our memory.

Each thread of libfuse has a pipe. We put into it what the thread is asked for, so that it is we who see a
device fail; libfuse is told to take its answer from there, and moves it on.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import termios
from threading import get_ident
from typing import Any

from core.mount.bridge import failure

REQUEST = 1 << 19
"""The most that is asked for at once. Libfuse's own pipe takes some pages more than that, and an ordinary
user's may not be larger than 1 MiB."""
WORTH = 1 << 16
"""Fewer bytes than this are copied as fast."""
CAPABILITY = 1 << 7
"""FUSE_CAP_SPLICE_WRITE in fuse_common.h. Not FUSE_CAP_SPLICE_MOVE, which takes pages away from the device's
page cache and is slower: the kernel's bookkeeping costs more than the copy."""
_ROOM = 2 * REQUEST
_FROM_PIPE = 1 << 1 | 1 << 3
"""FUSE_BUF_IS_FD and FUSE_BUF_FD_RETRY in fuse_common.h."""
_NOTHING = bytes(ctypes.sizeof(ctypes.c_int))

_library = ctypes.PyDLL(None)
_malloc, _free = _library.malloc, _library.free
_malloc.argtypes, _malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
_free.argtypes, _free.restype = [ctypes.c_void_p], None


class Pipe:
    """A pipe that holds what one thread is about to answer. Raises OSError where there can be none."""

    def __init__(self) -> None:
        self.end, self._start = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            fcntl.fcntl(self.end, fcntl.F_SETPIPE_SZ, _ROOM)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        os.close(self.end)
        os.close(self._start)

    def is_empty(self) -> bool:
        return bytes(fcntl.ioctl(self.end, termios.FIONREAD, _NOTHING)) == _NOTHING

    def fill(self, descriptor: int, position: int, length: int) -> bool:
        """Whether it has taken all of it: not where the device fails or ends, or cannot be spliced from."""
        try:
            while length:
                taken = os.splice(descriptor, self._start, length, offset_src=position)
                if taken == 0:
                    break
                position, length = position + taken, length - taken
        except OSError:
            return False
        return length == 0


class Pipes:
    """The pipes of the threads of one session: `close` them after it."""

    def __init__(self) -> None:
        self._pipes: dict[int, Pipe | None] = {}

    def mine(self) -> Pipe | None:
        """An empty one for the thread that asks. What was left in it for whatever reason is lost."""
        thread = get_ident()
        try:
            pipe = self._pipes[thread]
            if pipe is None or pipe.is_empty():
                return pipe
            pipe.close()
        except KeyError:
            pass
        pipe = None
        with contextlib.suppress(OSError):
            pipe = Pipe()
        self._pipes[thread] = pipe
        return pipe

    def close(self) -> None:
        while self._pipes:
            _, pipe = self._pipes.popitem()
            if pipe is not None:
                pipe.close()


class _Buffer(ctypes.Structure):
    """struct fuse_buf in fuse_common.h."""

    _fields_ = (
        ("size", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("memory", ctypes.c_void_p),
        ("descriptor", ctypes.c_int),
        ("position", ctypes.c_int64),
        ("room", ctypes.c_size_t),  # since libfuse 3.17
    )


class _Answer(ctypes.Structure):
    """struct fuse_bufvec there, with one buffer."""

    _fields_ = (
        ("count", ctypes.c_size_t),
        ("index", ctypes.c_size_t),
        ("offset", ctypes.c_size_t),
        ("buffer", _Buffer),
    )


class Memory:
    """Memory that libfuse gives back once it has answered from it; `free` it if it is not to answer.

    Raises OSError ENOMEM.
    """

    def __init__(self, size: int) -> None:
        self.address = _allocated(size)
        self.view = memoryview((ctypes.c_char * size).from_address(self.address)).cast("B")

    def free(self) -> None:
        _free(self.address)


def answer_from_pipe(given: Any, pipe: Pipe, size: int) -> None:
    """Has libfuse answer with `size` bytes of a pipe. `given` is the struct fuse_bufvec ** of a read_buf."""
    buffer = _answer(given).buffer
    buffer.size, buffer.flags, buffer.descriptor = size, _FROM_PIPE, pipe.end


def answer_from_memory(given: Any, memory: Memory, size: int) -> None:
    buffer = _answer(given).buffer
    buffer.size, buffer.memory = size, memory.address


def _answer(given: Any) -> _Answer:
    address = _allocated(ctypes.sizeof(_Answer))
    ctypes.memset(address, 0, ctypes.sizeof(_Answer))
    answer = _Answer.from_address(address)
    answer.count = 1
    ctypes.c_void_p.from_address(ctypes.addressof(given.contents)).value = address
    return answer


def _allocated(size: int) -> int:
    address: int | None = _malloc(size)
    if address is None:
        raise failure(errno.ENOMEM)
    return address
