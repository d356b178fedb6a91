"""A raw device or an image file behind an open descriptor.

The descriptor belongs to whoever opened it, who also closes it. After `measure`, reading takes pread and
lseek alone, writing pwrite and fdatasync.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import stat
import sys
from typing import NamedTuple, NoReturn

from core.blockdev.device import MAX_READ, BlockDevice
from core.errors import CorruptStructure, DeviceGone, HostWriteFailed, MediumError, NotWritten, WrongKind

GONE = frozenset(
    {
        errno.ENODEV,
        errno.ENXIO,
        errno.ENOMEDIUM,  # a card reader without its card
        errno.ESHUTDOWN,
        errno.ENOTCONN,  # the image lies on a FUSE mount whose server died
        errno.ESTALE,  # the image lies on a network mount that lost it
    }
)
UNREADABLE = frozenset(
    {
        errno.EIO,
        errno.EREMOTEIO,  # the drive reports a failure of its own
        errno.ENODATA,  # the drive reports a failure of the medium
        errno.EBADMSG,
        errno.EILSEQ,  # a protection check failed
        errno.EPROTO,
        errno.ENOLINK,  # a failure on the way to the drive
        errno.ETIMEDOUT,
        errno.EUCLEAN,  # the file system that holds the image is damaged itself
    }
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PROTECTED = frozenset({errno.EROFS, errno.EPERM, errno.EACCES})

_BLKSSZGET = 0x1268
"""linux/fs.h: _IO(0x12, 104), the logical sector size as a C int."""
_SECTOR_SIZES = frozenset(1 << power for power in range(9, 17))

_PAGE = 4096
_LOOKS, _BETWEEN = 20, 50
"""How often, and after how many milliseconds, it is looked whether a stick that took no write has gone."""
_ATTEMPTS = 40
"""Reads that one failed read may cost. Bisecting MAX_READ down to a sector takes 17, so a stick that fails
only now and then gets its second chances, and one that times out on every read does not take all day."""


class Shape(NamedTuple):
    """What an open descriptor gives: sizes in bytes, and whether it was opened for writing."""

    size: int
    sector_size: int = 512
    writable: bool = False


def measure(descriptor: int) -> Shape:
    """The shape of an open block device or image file.

    An image does not tell its sector size: it is given as 512, and a partition table in it may know better.
    Needs ioctl, so it runs before the sandbox locks down. Raises DeviceGone, MediumError, WrongKind.
    """
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISBLK(mode):
            raise WrongKind("not a block device or an image", "file")
        size = os.lseek(descriptor, 0, os.SEEK_END)
        writable = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR
        if stat.S_ISREG(mode):
            return Shape(size, writable=writable)
        if size == 0:  # the drive is there, its medium is not
            raise DeviceGone
        sector_size = int.from_bytes(fcntl.ioctl(descriptor, _BLKSSZGET, bytes(4)), sys.byteorder)
    except OSError as error:
        _explain(error, 0, 0)
    return Shape(size, sector_size if sector_size in _SECTOR_SIZES else 512, writable)


class DescriptorDevice(BlockDevice):
    """The first `size` bytes behind `descriptor`; read-only unless it is opened and declared `writable`."""

    def __init__(self, descriptor: int, size: int, sector_size: int = 512, writable: bool = False) -> None:
        self.size = size
        self.sector_size = sector_size
        self._descriptor = descriptor
        self._writable = writable
        self._unflushed: tuple[int, int] | None = None
        """Start and end of what was written since the last flush: where a failed flush has lost something."""

    def locate(self, offset: int) -> tuple[int, int]:
        self.check(offset, 0)
        return self._descriptor, offset

    def read(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        if length > MAX_READ:
            raise CorruptStructure(
                "device", offset, f"a structure of at most {MAX_READ} bytes", f"{length} bytes"
            )
        try:
            return self._pread(offset, length)
        except MediumError:
            return self._salvage(offset, length)

    def _pread(self, offset: int, length: int) -> bytes:
        """Exactly that range. Raises MediumError from where the kernel could not go on to its end."""
        data = b""
        try:
            data = os.pread(self._descriptor, length, offset)
            while len(data) < length:
                more = os.pread(self._descriptor, length - len(data), offset + len(data))
                if not more:
                    self._end(offset + len(data), length - len(data))
                data += more
        except OSError as error:
            _explain(error, offset + len(data), length - len(data))
        return data

    def _end(self, offset: int, length: int) -> NoReturn:
        """The file ended inside the size that it had: truncated underneath, or its stick was pulled out."""
        if os.lseek(self._descriptor, 0, os.SEEK_END) == 0:
            raise DeviceGone
        raise MediumError(offset, length)

    def _salvage(self, offset: int, length: int) -> bytes:
        """Reads a range that failed as a whole: its bytes, if a second try gets them all.

        Raises MediumError for the first bad sector: whole, though the range asked for may begin or end
        inside it. The sector is found by bisection, but the kernel mostly delivers what lies before the page
        it failed on; then that page is looked at first, since each try on a bad sector can take seconds.
        """
        good = bytearray()
        end = offset + length
        position, stop, failed = offset, end, end  # from `position` to `failed`, something cannot be read
        suspected = -1
        for _ in range(_ATTEMPTS):
            try:
                good += self._pread(position, stop - position)
            except MediumError as error:
                if stop <= self._sector_end(position):
                    break
                failed = stop
                suspected = error.offset - error.offset % self.sector_size
                stop = suspected if suspected > position else self._middle(position, failed)
                continue
            position = stop
            if position == end:
                return bytes(good)
            if position == failed:
                failed = stop = end
            elif position == suspected:
                stop = min(position - position % _PAGE + _PAGE, failed)
            else:
                stop = self._middle(position, failed)
        start = position - position % self.sector_size
        raise MediumError(start, min(self._sector_end(position), self.size) - start)

    def _sector_end(self, position: int) -> int:
        return position - position % self.sector_size + self.sector_size

    def _middle(self, start: int, end: int) -> int:
        """A sector boundary about half-way, or `end` when there is none between."""
        half = (start + end) // 2
        half -= half % self.sector_size
        if half <= start:
            half = self._sector_end(start)
        return min(half, end)

    def write(self, offset: int, data: bytes) -> None:
        if not self._writable:
            super().write(offset, data)
        self.check(offset, len(data))
        left = memoryview(data)
        while left:
            try:
                written = os.pwrite(self._descriptor, left, offset)
            except OSError as error:
                explain_write(error, self._descriptor, offset, len(left))
            self.written(offset, written)
            offset += written
            left = left[written:]

    def written(self, offset: int, length: int) -> None:
        start, end = self._unflushed or (offset, offset)
        self._unflushed = min(start, offset), max(end, offset + length)

    def flush(self) -> None:
        """Raises NotWritten for everything written since the last flush: which part failed is not known.

        The kernel tells of a failure once and then forgets the bytes. They must be written again.
        """
        if self._unflushed is None:
            return
        start, end = self._unflushed
        self._unflushed = None
        try:
            os.fdatasync(self._descriptor)
        except OSError as error:
            explain_write(error, self._descriptor, start, end - start)


def explain_write(error: OSError, descriptor: int, offset: int, length: int) -> NoReturn:
    """What the kernel's error means for a range that was to be written to a device or an image.

    Raises DeviceGone, NotWritten, HostWriteFailed when the image's own file system is full.
    """
    if error.errno in UNREADABLE | _FULL and _vanishes(descriptor, error.errno not in _FULL):
        raise DeviceGone from error
    if error.errno in UNREADABLE:
        raise NotWritten(offset, length) from error
    _explain(error, offset, length)


def _vanishes(descriptor: int, shortly: bool) -> bool:
    """Whether there is no device any more. It has no size then, which may come to light only `shortly` after
    the writes that were under way have failed."""
    for _ in range(_LOOKS if shortly else 1):
        if os.lseek(descriptor, 0, os.SEEK_END) == 0:
            return True
        if shortly:
            select.poll().poll(_BETWEEN)  # a worker may call nothing else that waits
    return False


def _explain(error: OSError, offset: int, length: int) -> NoReturn:
    """What the kernel's error means for the range. What is no word about the stick is raised as it is."""
    if error.errno in GONE:
        raise DeviceGone from error
    if error.errno in UNREADABLE:
        raise MediumError(offset, length) from error
    if error.errno in _FULL:
        raise HostWriteFailed("", error.errno or 0) from error
    if error.errno in _PROTECTED:
        raise OSError(errno.EROFS, "read-only device") from error
    raise error
