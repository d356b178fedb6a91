"""A device as it would be after changes that are only kept, in order, until somebody wants them made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.blockdev.overlay import LIMIT, OverlayDevice
from core.errors import HostWriteFailed

_PIECE = 1 << 20
_ENOSPC = 28


class Written(NamedTuple):
    offset: int
    data: bytes


class Moved(NamedTuple):
    """`length` bytes that lie at `source` were written to `offset` too."""

    offset: int
    source: int
    length: int


class Barrier(NamedTuple):
    pass


class DraftDevice(BlockDevice):
    """`device` below, which is only read, with everything that was written here, of which the order is kept.

    At most `limit` bytes are kept; a write beyond that raises HostWriteFailed ENOSPC.
    """

    def __init__(self, device: BlockDevice, limit: int = LIMIT) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self._device = device
        self._overlay = OverlayDevice(device, limit)
        self._limit = limit
        self._logged = 0
        self._log: list[Written | Moved | Barrier] = []
        self._moved: list[Moved] = []

    @property
    def amount(self) -> int:
        """Bytes that will be written."""
        return self._logged + sum(moved.length for moved in self._moved)

    @property
    def sectors(self) -> int:
        """Sectors that will be written, some of them several times."""
        size = self.sector_size
        return sum(
            -(-(event.offset + _length(event)) // size) - event.offset // size
            for event in self._log
            if not isinstance(event, Barrier)
        )

    def locate(self, offset: int) -> None:
        """None: what is kept here is in no file."""
        self.check(offset, 0)

    def read(self, offset: int, length: int) -> bytes:
        data = self._overlay.read(offset, length)
        for moved in self._moved:
            low, high = max(offset, moved.offset), min(offset + length, moved.offset + moved.length)
            if low < high:
                piece = self._overlay.read(moved.source + low - moved.offset, high - low)
                data = data[: low - offset] + piece + data[high - offset :]
        return data

    def write(self, offset: int, data: bytes) -> None:
        if self._logged + len(data) > self._limit:
            raise HostWriteFailed("", _ENOSPC)
        for moved in [moved for moved in self._moved if _meet(moved, offset, len(data))]:
            self._settle(moved)
        self._overlay.write(offset, data)
        self._log.append(Written(offset, bytes(data)))
        self._logged += len(data)

    def move(self, offset: int, source: int, length: int) -> None:
        """Writes the bytes at `source` to `offset` too, without keeping them in memory."""
        self.check(offset, length)
        self.check(source, length)
        for moved in [moved for moved in self._moved if _meet(moved, source, length)]:
            self._settle(moved)
        self._moved.append(Moved(offset, source, length))
        self._log.append(self._moved[-1])

    def flush(self) -> None:
        self._log.append(Barrier())

    def replay(self, target: BlockDevice) -> Iterator[int]:
        """Makes the changes on another device of the same content, and yields how many bytes are written.

        Raises as writing and flushing it does; what was written by then stays.
        """
        done = 0
        for event in self._log:
            match event:
                case Written(offset, data):
                    target.write(offset, data)
                    done += len(data)
                case Moved(offset, source, length):
                    for at in range(0, length, _PIECE):
                        size = min(_PIECE, length - at)
                        target.write(offset + at, target.read(source + at, size))
                        done += size
                        yield done
                case Barrier():
                    target.flush()
            yield done
        target.flush()

    def _settle(self, moved: Moved) -> None:
        """Keeps moved bytes after all: a part of them is about to change."""
        self._moved.remove(moved)
        for at in range(0, moved.length, _PIECE):
            size = min(_PIECE, moved.length - at)
            self._overlay.write(moved.offset + at, self._overlay.read(moved.source + at, size))


def _length(event: Written | Moved) -> int:
    return len(event.data) if isinstance(event, Written) else event.length


def _meet(moved: Moved, offset: int, length: int) -> bool:
    """Whether a write touches what was moved, at either of its ends."""
    return any(
        start < offset + length and offset < start + moved.length for start in (moved.offset, moved.source)
    )
