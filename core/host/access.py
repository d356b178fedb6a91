"""Opens the raw device or image of a stick, and never behind the back of whoever holds it.

A block device is always opened with O_EXCL: while the kernel has it mounted that fails, and while we have it
no mount succeeds. It is opened for reading only; a second descriptor that can write is asked for when
something is to be written. Where this user may not open it, udisks2 is asked (`core.host.udisks`).
"""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import warnings
from pathlib import Path

from core.errors import (
    AccessDenied,
    DeviceGone,
    DriverHung,
    MediumError,
    NotFound,
    ReadOnly,
    RumpusError,
    WrongKind,
)
from core.host.denied import Denied
from core.host.holders import busy
from core.host.names import shown
from core.host.offloop import off_loop
from core.host.uncaching import Uncached, uncache

_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY
_FLUSHING = 60.0
"""Seconds for a drive to empty its cache."""
_WRITE = os.O_RDWR | os.O_CLOEXEC | os.O_NOCTTY


class Medium:
    """An open device or image. Owns its descriptor: close it, or use it with `with`."""

    def __init__(self, path: Path, descriptor: int, *, image: bool) -> None:
        self.path = path
        self.descriptor = descriptor
        """For reading only. -1 once closed."""
        self.image = image
        """Whether it is a file, not a device."""
        self.name = shown(path.name)
        """For people."""
        self._last_writer = -1

    def __enter__(self) -> Medium:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if self.descriptor != -1:
            warnings.warn(f"{self.path} was never closed", ResourceWarning, source=self, stacklevel=2)
            self.close()

    async def for_writing(self, *, ask: bool = True) -> int:
        """A second descriptor of the same device or image, readable and writable. The caller closes it.

        It is not exclusive itself: the first one, which must stay open, keeps everybody else out. Raises
        ReadOnly, and what `open_medium` raises.
        """
        opened = await off_loop(_reopen, self.path, self.descriptor, undo=_close_writable)
        descriptor = opened if isinstance(opened, int) else await _ask(opened, ask=ask, write=True)
        if self._last_writer == -1 and self.descriptor != -1:
            self._last_writer = os.dup(descriptor)
        return descriptor

    async def flush(self) -> None:
        """Returns once nothing is left to be written. Raises MediumError, DeviceGone, DriverHung."""
        try:
            async with asyncio.timeout(_FLUSHING):
                await off_loop(os.fsync, self.descriptor, undo=lambda _: None)
        except TimeoutError as error:
            raise DriverHung("flush", _FLUSHING) from error
        except OSError as error:
            gone = error.errno in (errno.ENXIO, errno.ENODEV, errno.ENOMEDIUM)
            raise DeviceGone() if gone else MediumError(0, 0) from error

    def uncache(self) -> Uncached:
        """What is read next comes from the medium, as far as the kernel can be told so. May block.

        The host does it, so that a worker needs no system call more. Pages that a worker has read through
        another descriptor are the same pages. Does nothing once it is closed.
        """
        return uncache(self.descriptor) if self.descriptor != -1 else Uncached.KEPT

    def close(self) -> None:
        """Gives the device back. Whoever else got the descriptor (a worker) has a copy of its own.

        What can write is closed last: udev has the kernel read the partition table again when a writer closes
        a disk, and the kernel refuses that for as long as the disk is held exclusively. A stick that was
        formatted would have no partitions for anybody else until it is pulled out.
        """
        descriptor, self.descriptor = self.descriptor, -1
        writer, self._last_writer = self._last_writer, -1
        for each in (descriptor, writer):
            if each != -1:
                os.close(each)


async def open_medium(path: Path, *, ask: bool = True) -> Medium:
    """Opens an image, or a block device (a whole stick or a partition) for nobody else's use.

    `ask`: whether udisks2 may ask the user for a password when this user may not open the device; without it
    the answer comes at once. Raises AccessDenied, DeviceBusy, DeviceGone, NotFound, MediumError, and
    WrongKind for what is neither a file nor a block device.
    """
    opened = await off_loop(_open, path, undo=_close)
    if isinstance(opened, Medium):
        return opened
    return Medium(path, await _ask(opened, ask=ask), image=False)


async def _ask(denied: Denied, *, ask: bool, write: bool = False) -> int:
    from core.host import udisks  # D-Bus takes longer to import than most commands take to run

    return await udisks.open_device(denied, ask=ask, write=write)


def _close(opened: Medium | Denied) -> None:
    if isinstance(opened, Medium):
        opened.close()


def _open(path: Path) -> Medium | Denied:
    number = 0
    try:
        found = path.stat()
        number = found.st_rdev if stat.S_ISBLK(found.st_mode) else 0
        # Looked at before it is opened: opening alone rewinds tapes and waits for modems and FIFOs.
        if stat.S_ISBLK(found.st_mode):
            descriptor = os.open(path, _READ | os.O_EXCL)
        elif stat.S_ISREG(found.st_mode):
            descriptor = os.open(path, _READ | os.O_NONBLOCK)
        else:
            raise WrongKind(str(path), "file")
    except OSError as error:
        if number and error.errno in (errno.EACCES, errno.EPERM):
            return Denied(path, path.resolve(), number, error.strerror or "")
        raise _refused(path, error, number) from error
    except ValueError as error:  # a NUL in the path
        raise NotFound(str(path)) from error
    opened = os.fstat(descriptor)
    if (opened.st_mode, opened.st_dev, opened.st_ino) != (found.st_mode, found.st_dev, found.st_ino):
        os.close(
            descriptor
        )  # replaced between the look and the open, by whatever: O_EXCL may not have meant it
        raise NotFound(str(path))
    return Medium(path, descriptor, image=stat.S_ISREG(opened.st_mode))


def _close_writable(opened: int | Denied) -> None:
    if isinstance(opened, int):
        os.close(opened)


def _reopen(path: Path, first: int) -> int | Denied:
    known = os.fstat(first)
    number = known.st_rdev if stat.S_ISBLK(known.st_mode) else 0
    if number and _protected(number):
        raise ReadOnly("it is write-protected")  # the kernel would open it all the same, and fail each write
    try:
        descriptor = os.open(path, _WRITE | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.EROFS:
            raise ReadOnly("it is write-protected") from error
        if number and error.errno in (errno.EACCES, errno.EPERM):
            return Denied(path, path.resolve(), number, error.strerror or "")
        raise _refused(path, error, number) from error
    opened = os.fstat(descriptor)
    same = (
        (opened.st_rdev == number)
        if number
        else (opened.st_dev, opened.st_ino) == (known.st_dev, known.st_ino)
    )
    if not same:
        os.close(descriptor)
        raise DeviceGone()
    return descriptor


def _protected(number: int) -> bool:
    """Whether the kernel has the block device read-only: a write-protect switch, or a dying medium."""
    place = Path("/sys/dev/block") / f"{os.major(number)}:{os.minor(number)}" / "ro"
    try:
        return place.read_text().strip() == "1"
    except OSError:
        return False


def _refused(path: Path, error: OSError, number: int) -> RumpusError:
    """What the kernel's refusal means. `number` is the device's, 0 when it is none."""
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR | errno.ELOOP | errno.ENAMETOOLONG:
            return NotFound(str(path))
        case errno.ENXIO | errno.ENODEV | errno.ENOMEDIUM:
            return DeviceGone()
        case errno.EBUSY:
            return busy(path, number)
        case errno.EIO:
            return MediumError(0, 0)
        case _:
            return AccessDenied(str(path), error.strerror or "")
