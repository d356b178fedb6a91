"""Makes the kernel forget what it has read of a file or device, and finds out whether it did."""

from __future__ import annotations

import contextlib
import ctypes
import enum
import fcntl
import os
import stat

_BLKFLSBUF = 0x1261
"""ioctl_list(2); for administrators."""
_CACHESTAT = 451
"""Of the same number on every architecture that Python's wheels are made for; Linux 6.5 and later."""
_FEW = 16
"""Pages that the kernel may go on using of a device, for its partition table among others."""

_libc = ctypes.CDLL(None, use_errno=True)


class Uncached(enum.Enum):
    """How the kernel was made to forget, the best way first."""

    FLUSHED = "BLKFLSBUF"
    ADVISED = "posix_fadvise"
    KEPT = ""
    """It was told to, and did not: what is read comes from memory."""


def uncache(descriptor: int) -> Uncached:
    """Of what has been written already; what has not stays. May block. Raises OSError."""
    device = stat.S_ISBLK(os.fstat(descriptor).st_mode)
    if device:
        with contextlib.suppress(OSError):
            fcntl.ioctl(descriptor, _BLKFLSBUF, 0)
            return Uncached.FLUSHED
    before = pages_in_memory(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    after = pages_in_memory(descriptor)
    if before and after is not None and 2 * after > before and after > (_FEW if device else 0):
        return Uncached.KEPT
    return Uncached.ADVISED


def pages_in_memory(descriptor: int) -> int | None:
    """Of a file or device; None where the kernel does not tell."""
    everything = (ctypes.c_uint64 * 2)(0, 0)
    found = (ctypes.c_uint64 * 5)()
    failed = _libc.syscall(
        ctypes.c_long(_CACHESTAT), ctypes.c_int(descriptor), everything, found, ctypes.c_uint(0)
    )
    return None if failed else int(found[0])
