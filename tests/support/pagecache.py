"""What the kernel has in its memory of a file, and what of it the medium does not have yet."""

from __future__ import annotations

import ctypes
import mmap
import os
from pathlib import Path

_CACHESTAT = 451
_libc = ctypes.CDLL(None, use_errno=True)


def unwritten(path: Path) -> int | None:
    """Bytes of it that are only in memory, None where the kernel does not tell (before Linux 6.5)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        everything = (ctypes.c_uint64 * 2)(0, 0)
        found = (ctypes.c_uint64 * 5)()
        failed = _libc.syscall(ctypes.c_long(_CACHESTAT), descriptor, everything, found, ctypes.c_uint(0))
    finally:
        os.close(descriptor)
    return None if failed else int(found[1] + found[2]) * mmap.PAGESIZE
