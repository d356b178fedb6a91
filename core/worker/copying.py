"""Copies one file into a descriptor of the host, in slices short enough to stay cancellable.

Bytes move between descriptors inside the kernel where the device is one. What cannot be read is left as a
hole and reported, so that the readable rest arrives.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, HostWriteFailed, MediumError, Reused, RumpusError
from core.fs.deleted import Remains
from core.fs.driver import HOLE, REUSED, Driver
from core.worker.protocol import Copied, CopiedAll, CopyAll, Lost, Moved
from core.worker.rescuing import PIECE, Rescue

_SMALLEST, _LARGEST = 64 * 1024, 8 * 1024 * 1024
_SLICE_SECONDS = 0.03
"""How long one slice should take: other requests wait that long behind a copy."""
_SAY_EVERY = 16 * 1024 * 1024
"""Bytes, where they come faster than by the slice: so much at most goes on for each `Moved` of credit."""
_WIDEST_SKIP = 1024 * 1024
_MOST_LOST = 256

_OTHER_WAY = {
    errno.EXDEV,
    errno.EINVAL,
    errno.EBADF,
    errno.ENOSYS,
    errno.EOPNOTSUPP,
    errno.ETXTBSY,
    errno.EPERM,
}
"""copy_file_range does not serve this pair of descriptors (a block device, another file system)."""


class Losses:
    """Pieces of the file that could not be read: adjacent ones merged, the list bounded."""

    def __init__(self) -> None:
        self.pieces: list[Lost] = []

    def add(self, offset: int, length: int, fault: Fault) -> None:
        if self.pieces:
            last = self.pieces[-1]
            if last.offset + last.length == offset or len(self.pieces) == _MOST_LOST:
                self.pieces[-1] = Lost(last.offset, offset + length - last.offset, last.fault)
                return
        self.pieces.append(Lost(offset, length, fault))


class Copying:
    """One copy; `run` yields at every slice, now and then a `Moved` and at the end `Copied`.

    Raises HostWriteFailed, DeviceGone, and what the driver raises before the first byte.
    """

    def __init__(self, driver: Driver | Remains, device: BlockDevice, destination: int) -> None:
        self._driver = driver
        self._device = device
        self._destination = destination
        self._losses = Losses()
        self._slice = 1024 * 1024
        self._skip = PIECE
        self._shift = 0
        """From an offset in the file to the position of what is being rescued."""
        self._rescue = Rescue(device, lambda position, data: self._write(position - self._shift, data))
        self._in_kernel = True

    def run(self, request: int, node: int) -> Iterator[Moved | Copied | None]:
        computed = self._driver.data(node)
        size = self._driver.size(node)
        pieces = self._extents(node, size) if computed is None else self._computed(node, size, computed)
        said, told = time.monotonic(), 0
        for done in pieces:
            now = time.monotonic()
            if now - said < _SLICE_SECONDS and done - told < _SAY_EVERY:
                yield None
                continue
            said, told = now, done
            yield Moved(id=request, done=done)
        with _at_host():
            os.ftruncate(self._destination, size)
        yield Copied(id=request, size=size, lost=self._losses.pieces)

    def _computed(self, node: int, size: int, pieces: Iterator[bytes]) -> Iterator[int]:
        """Zeros are left as a hole: what was packed into little need not fill the host."""
        done, skip = 0, _SMALLEST
        while done < size:
            try:
                for piece in pieces:
                    if piece.count(0) < len(piece):
                        self._write(done, piece)
                    skip = _SMALLEST
                    done += len(piece)
                    yield done
                return
            except (CorruptStructure, MediumError) as error:
                # A unit of compression is lost as a whole. They are rarely larger than this.
                lost = min(skip - done % skip, size - done)
                self._losses.add(done, lost, Fault.of(error))
                skip = min(skip * 2, _WIDEST_SKIP)
                done += lost
                pieces = self._driver.data(node, done) or iter(())
                yield done

    def _extents(self, node: int, size: int) -> Iterator[int]:
        done = 0
        try:
            for extent in self._driver.extents(node):
                if extent.position == REUSED:
                    fault = Fault.of(Reused(extent.offset, extent.length))
                    self._losses.add(extent.offset, extent.length, fault)
                elif extent.position != HOLE:
                    yield from self._extent(extent.offset, extent.position, extent.length)
                done = extent.offset + extent.length
                yield done
        except (CorruptStructure, MediumError) as error:
            self._losses.add(done, size - done, Fault.of(error))

    def _extent(self, offset: int, position: int, length: int) -> Iterator[int]:
        end, shift = offset + length, position - offset
        hole: tuple[int, Fault] | None = None
        """Where it began, and why."""
        while offset < end:
            wanted = min(self._slice if hole is None else PIECE, end - offset)
            began = time.monotonic()
            try:
                moved = self._move(offset, offset + shift, wanted)
            except MediumError as error:
                before = error.offset - offset - shift
                if hole is None and 0 < before < wanted and self._by_hand(offset, offset + shift, before):
                    moved = before
                else:
                    hole = hole or (offset, Fault.of(error))
                    offset += min(self._skip, end - offset)
                    self._skip = min(self._skip * 2, _WIDEST_SKIP)
                    yield offset
                    continue
            else:
                self._pace(time.monotonic() - began)
            if hole is not None:
                yield from self._settle(hole, offset, shift, ends=True)
                hole, self._skip = None, PIECE
            offset += moved
            yield offset
        if hole is not None:
            yield from self._settle(hole, end, shift, ends=False)

    def _by_hand(self, offset: int, position: int, length: int) -> bool:
        """What lies before a bad sector, where it can be read once it is asked for alone."""
        try:
            data = self._device.read(position, length)
        except MediumError:
            return False
        self._write(offset, data)
        return True

    def _settle(self, hole: tuple[int, Fault], end: int, shift: int, *, ends: bool) -> Iterator[int]:
        """Fetches what was skipped, and notes what is lost."""
        start, fault = hole
        lost: list[tuple[int, int]] = []
        self._shift = shift
        for _ in self._rescue.between(start + shift, end + shift, lost, ends=ends):
            yield end
        for low, high in lost:
            self._losses.add(low - shift, high - low, fault)

    def _pace(self, seconds: float) -> None:
        if seconds > 2 * _SLICE_SECONDS:
            self._slice = max(_SMALLEST, self._slice // 2)
        elif seconds < _SLICE_SECONDS:
            self._slice = min(_LARGEST, self._slice * 2)

    def _move(self, offset: int, position: int, length: int) -> int:
        """Moves up to `length` bytes, at least one. Raises MediumError when the first cannot be read."""
        place = self._device.locate(position)
        if place is None:
            data = self._device.read(position, min(length, _SMALLEST))
            self._write(offset, data)
            return len(data)
        source, start = place
        if self._in_kernel:
            try:
                moved = os.copy_file_range(source, self._destination, length, start, offset)
            except OSError as error:
                if error.errno not in _OTHER_WAY:
                    return self._explain(error, offset, position)
                self._in_kernel = False
            else:
                if moved:
                    return moved
        os.lseek(self._destination, offset, os.SEEK_SET)
        try:
            moved = os.sendfile(self._destination, source, start, length)
        except OSError as error:
            return self._explain(error, offset, position)
        return moved or self._explain(OSError(errno.EIO, "end of the device"), offset, position)

    def _explain(self, error: OSError, offset: int, position: int) -> int:
        """Which side failed? The device's own read decides; if it succeeds, the bytes go by hand."""
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS):
            raise HostWriteFailed("", error.errno) from error
        length = min(PIECE, self._device.size - position)
        data = self._device.read(position, length)
        self._write(offset, data)
        return length

    def _write(self, offset: int, data: bytes) -> None:
        view = memoryview(data)
        while view:
            with _at_host():
                written = os.pwrite(self._destination, view, offset)
            offset += written
            view = view[written:]


Source = Callable[[int], Driver | Remains]
"""What a node is read from."""


def copy_all(
    request: CopyAll, source: Source, device: BlockDevice, destinations: list[int]
) -> Iterator[CopiedAll | None]:
    """Small files, each into its own descriptor."""
    sizes: list[int | None] = []
    for node, destination in zip(request.nodes, destinations, strict=True):
        size = None
        try:
            for step in Copying(source(node), device, destination).run(request.id, node):
                if isinstance(step, Copied) and not step.lost:
                    size = step.size
                yield None
        except RumpusError:
            pass  # the host copies it alone, and hears why
        sizes.append(size)
    yield CopiedAll(id=request.id, sizes=sizes)


@contextmanager
def _at_host() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HostWriteFailed("", error.errno or 0) from error
