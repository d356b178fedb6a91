"""Changes to the open volume, once the host has handed over a descriptor that can write.

The driver holds changes of metadata back for a moment, so that many share a barrier. File contents are sent
to the medium as they come: what is counted as done is there, and not in the host's memory.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator

from core.blockdev.descriptor import explain_write
from core.blockdev.device import BlockDevice
from core.entry import Entry
from core.errors import HostReadFailed, NameNotAllowed, NotWritten, RumpusError
from core.fs.driver import Extent
from core.fs.writable import Reservation, Times, WritableDriver, removal
from core.worker import kernel, protocol
from core.worker.carrying import Carrier
from core.worker.protocol import Changed, Moved, StoredAll

_SLICE = 4 << 20
_UNDER_WAY = 2
"""Slices being written by the kernel while the next one is filled."""
_SAY_EVERY = 0.03
"""Seconds."""


class Writing:
    """Makes the changes that the host asks for. Raises what the driver raises."""

    def __init__(self, driver: WritableDriver, device: BlockDevice) -> None:
        self._driver = driver
        self._device = device
        self._carrier = Carrier()
        self._loose = (0, 0, 0)
        """Start and end of where pieces of small files lie that the kernel has in its memory only, and their
        bytes."""
        self._behind: deque[tuple[int, int, int]] = deque()
        """Places where the kernel is writing such pieces."""

    @property
    def waiting(self) -> bool:
        """Whether there are changes that the medium does not have yet."""
        return self._driver.staged > self._driver.settled

    def flush(self) -> None:
        self._driver.flush()

    def vet(self, names: list[str]) -> list[str]:
        """Why the volume cannot hold each of these names, empty where it can."""
        return [self._reason(name) for name in names]

    def _reason(self, name: str) -> str:
        try:
            self._driver.vet(name)
        except NameNotAllowed as error:
            return error.reason
        return ""

    def change(self, request: protocol.Change) -> Changed:
        """A change that is made at once."""
        driver, entry = self._driver, None
        match request:
            case protocol.Create():
                times = Times(modified=request.modified, created=request.modified)
                entry = driver.create(request.parent, request.name, request.kind, times)
            case protocol.Write():
                driver.write(request.node, request.offset, request.data)
            case protocol.Truncate():
                driver.truncate(request.node, request.size)
            case protocol.Rename():
                entry = driver.rename(request.node, request.parent, request.name, replace=request.replace)
            case protocol.Remove():
                driver.remove(request.node)
            case protocol.SetTimes():
                driver.set_times(request.node, Times(request.modified, request.created, request.accessed))
            case protocol.SetAttributes():
                driver.set_attributes(request.node, request.attributes)
            case protocol.SetLabel():
                driver.set_label(request.label)
            case protocol.Flush():
                driver.flush()
            case _:
                raise AssertionError(f"no change: {request}")
        return Changed(id=request.id, staged=driver.staged, settled=driver.settled, entry=entry)

    def remove(self, request: protocol.Remove) -> Iterator[Moved | Changed | None]:
        """A tree, step by step."""
        driver = self._driver
        said = time.monotonic()
        for gone in removal(driver, driver.stat(request.node).entry):
            now = time.monotonic()
            if now - said < _SAY_EVERY:
                yield None
            else:
                said = now
                yield Moved(id=request.id, done=gone)
        yield Changed(id=request.id, staged=driver.staged, settled=driver.settled)

    def store(self, request: protocol.Store, source: int) -> Iterator[Moved | Changed | None]:
        """A file from the bytes of `source`, a regular file of the host. Raises HostReadFailed."""
        driver = self._driver
        times = Times(modified=request.modified, created=request.created)
        reservation = driver.reserve(request.parent, request.name, request.size, replace=request.replace)
        try:
            yield from self._fill(request.id, reservation, source)
            entry = driver.commit(reservation, times, request.attributes)
        finally:
            driver.abandon(reservation)
        yield Changed(id=request.id, staged=driver.staged, settled=driver.settled, entry=entry)

    def store_all(self, request: protocol.StoreAll, sources: list[int]) -> Iterator[StoredAll | None]:
        """Small files, one after the other."""
        driver = self._driver
        entries: list[Entry | None] = []
        for file, source in zip(request.files, sources, strict=True):
            one = protocol.Store(
                request.id,
                request.parent,
                file.name,
                file.size,
                request.replace,
                file.modified,
                file.created,
                file.attributes,
            )
            entry = None
            try:
                for step in self.store(one, source):
                    if isinstance(step, Changed):
                        entry = step.entry
                    yield None
            except NotWritten:
                raise  # it may have been about files that came before
            except RumpusError:
                pass  # the host stores it alone, and hears why
            entries.append(entry)
        yield StoredAll(request.id, driver.staged, driver.settled, entries)

    def _fill(self, request: int, reservation: Reservation, source: int) -> Iterator[Moved | None]:
        under_way: deque[tuple[int, int, int]] = deque()
        done = 0
        for extent in reservation.extents:
            for piece in _slices(extent):
                self._move(piece, source)
                place = self._device.locate(piece.position)
                if reservation.size <= _SLICE or place is None:
                    if place is not None:
                        self._write_behind((*place, piece.length))
                    yield None  # small files share the barrier that their entries wait for
                    continue
                under_way.append((*place, piece.length))
                _sync(under_way[-1], kernel.SYNC_FILE_RANGE_WRITE)
                if len(under_way) <= _UNDER_WAY:
                    yield None
                    continue
                done += self._wait(under_way.popleft())
                yield Moved(id=request, done=done)
        while under_way:
            done += self._wait(under_way.popleft())
            yield Moved(id=request, done=done)

    def _write_behind(self, piece: tuple[int, int, int]) -> None:
        """Lets the kernel begin to write small files before there is a barrier, which could take minutes."""
        descriptor, offset, length = piece
        start, end, total = self._loose if self._loose[2] else (offset, offset, 0)
        start, end, total = min(start, offset), max(end, offset + length), total + length
        self._loose = start, end, total
        if total < _SLICE:
            return
        self._loose = (0, 0, 0)
        self._behind.append((descriptor, start, end - start))
        _sync(self._behind[-1], kernel.SYNC_FILE_RANGE_WRITE)
        if len(self._behind) > _UNDER_WAY:
            _sync(self._behind.popleft(), kernel.SYNC_FILE_RANGE_WRITE_AND_WAIT)

    def _wait(self, piece: tuple[int, int, int]) -> int:
        """Until a piece is on the medium. Returns its length."""
        _sync(piece, kernel.SYNC_FILE_RANGE_WRITE_AND_WAIT)
        return piece[2]

    def _move(self, piece: Extent, source: int) -> None:
        """Moves bytes from the source to their place on the device."""
        offset, position, left = piece
        while left:
            place = self._device.locate(position)
            moved = 0 if place is None else self._carried(source, offset, *place, left)
            if moved:
                self._device.written(position, moved)
            else:
                data = _read(source, offset, min(left, protocol.MAX_WRITE))
                self._device.write(position, data)
                moved = len(data)
            offset, position, left = offset + moved, position + moved, left - moved

    def _carried(self, source: int, offset: int, device: int, position: int, length: int) -> int:
        """Bytes that were moved, 0 when that failed: reading and writing them apart then says why."""
        try:
            return self._carrier.carry(source, offset, device, position, length)
        except OSError:
            return 0


def _slices(extent: Extent) -> Iterator[Extent]:
    offset, position, left = extent
    while left:
        length = min(left, _SLICE)
        yield Extent(offset, position, length)
        offset, position, left = offset + length, position + length, left - length


def _sync(piece: tuple[int, int, int], how: int) -> None:
    descriptor, offset, length = piece
    try:
        kernel.sync_file_range(descriptor, offset, length, how)
    except OSError as error:
        explain_write(error, descriptor, offset, length)


def _read(source: int, offset: int, length: int) -> bytes:
    try:
        data = os.pread(source, length, offset)
    except OSError as error:
        raise HostReadFailed("", error.errno or 0) from error
    if not data:
        raise HostReadFailed("", 0)
    return data
