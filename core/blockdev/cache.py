"""A bounded block cache with read-ahead in front of a device.

It saves a driver's many small reads of the same few structures. Bulk data passes it by, so that copying a
large file does not push those structures out.
"""

from __future__ import annotations

from collections import OrderedDict

from core.blockdev.device import BlockDevice
from core.errors import MediumError

BLOCK = 4096
LIMIT = 4 * 2**20
BYPASS = 128 * 2**10
"""Reads from this length on go to the device as they are and are not kept."""
_FIRST_AHEAD = 4
_MOST_AHEAD = 64
"""Blocks read ahead: 16 KiB once a second read continues the first, doubling up to 256 KiB."""
_STREAMS = 8
"""Sequential readers told apart: a directory, the allocation table, a file or two."""
_MOST_BAD = 1024


class CachedDevice(BlockDevice):
    """`device` with at most `limit` bytes of it kept in memory, the least recently used dropped first.

    Reading ahead never fails what was asked for. Writes go through at once and keep the cache true.
    """

    def __init__(self, device: BlockDevice, limit: int = LIMIT) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self._device = device
        self._room = max(1, limit // BLOCK)
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._streams: OrderedDict[int, int] = OrderedDict()
        """Where a sequential reader would miss next, and how many blocks it read ahead last time."""
        self._bad: OrderedDict[int, None] = OrderedDict()
        """Blocks that could not be read as a whole. Each try on a bad sector may take the stick seconds."""

    def locate(self, offset: int) -> tuple[int, int] | None:
        return self._device.locate(offset)

    def read(self, offset: int, length: int) -> bytes:
        number, start = divmod(offset, BLOCK)
        if start + length <= BLOCK:
            block = self._blocks.get(number)
            if block is not None and 0 <= length <= len(block) - start:
                self._blocks.move_to_end(number)
                return block[start : start + length]
        self.check(offset, length)
        if length == 0:
            return b""
        if length >= BYPASS:
            return self._device.read(offset, length)
        end = (offset + length - 1) // BLOCK + 1
        if self._bad and any(block in self._bad for block in range(number, end)):
            return self._device.read(offset, length)
        try:
            data = self._gather(number, end)
        except MediumError as error:
            if error.offset < offset + length and offset < error.offset + error.length:
                raise
            # The bad sector shares a block with the bytes asked for and is none of them.
            return self._device.read(offset, length)
        return data[start : start + length]

    def _gather(self, first: int, end: int) -> bytes:
        """The blocks from `first` up to `end`, each run of missing ones read at once."""
        pieces: list[bytes] = []
        while first < end:
            block = self._blocks.get(first)
            if block is not None:
                self._blocks.move_to_end(first)
                pieces.append(block)
                first += 1
                continue
            stop = first + 1
            while stop < end and stop not in self._blocks:
                stop += 1
            pieces.append(self._fetch(first, stop))
            first = stop
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _fetch(self, first: int, stop: int) -> bytes:
        """The missing blocks from `first` up to `stop`. What may come next is read and kept with them."""
        until = self._ahead(first, stop)
        try:
            data = self._load(first, until)
        except MediumError as error:
            if until == stop or error.offset < stop * BLOCK:
                raise
            data = self._load(first, stop)
            until = stop
        for number in range(first, until):
            at = (number - first) * BLOCK
            self._keep(number, data[at : at + BLOCK])
        return data if until == stop else data[: (stop - first) * BLOCK]

    def _ahead(self, first: int, stop: int) -> int:
        """Up to which block to read when those from `first` to `stop` are wanted."""
        previous = self._streams.pop(first, None)
        ahead = 0 if previous is None else min(max(_FIRST_AHEAD, previous * 2), _MOST_AHEAD, self._room // 4)
        until = stop
        last = min(stop + ahead, -(-self.size // BLOCK))
        while until < last and until not in self._blocks and until not in self._bad:
            until += 1
        self._streams[until] = ahead
        if len(self._streams) > _STREAMS:
            self._streams.popitem(last=False)
        return until

    def _load(self, first: int, stop: int) -> bytes:
        start = first * BLOCK
        try:
            return self._device.read(start, min(stop * BLOCK, self.size) - start)
        except MediumError as error:
            bad = error.offset // BLOCK
            self._bad[bad if first <= bad < stop else first] = None
            if len(self._bad) > _MOST_BAD:
                self._bad.popitem(last=False)
            raise

    def _keep(self, number: int, block: bytes) -> None:
        self._blocks[number] = block
        if len(self._blocks) > self._room:
            self._blocks.popitem(last=False)

    def write(self, offset: int, data: bytes) -> None:
        self.check(offset, len(data))
        first, end = offset // BLOCK, -(-(offset + len(data)) // BLOCK)
        # Forgotten before the write: if it fails half-way, only the device knows what it holds.
        old = {number: self._blocks.pop(number) for number in self._held(first, end)}
        self._device.write(offset, data)
        for number, block in old.items():
            self._keep(number, _patched(block, offset - number * BLOCK, data))
        self._mended(first, end)

    def written(self, offset: int, length: int) -> None:
        self.check(offset, length)
        first, end = offset // BLOCK, -(-(offset + length) // BLOCK)
        for number in self._held(first, end):
            del self._blocks[number]
        self._mended(first, end)
        self._device.written(offset, length)

    def _mended(self, first: int, end: int) -> None:
        """Drives replace a bad sector when it is written."""
        for number in [number for number in self._bad if first <= number < end]:
            del self._bad[number]

    def _held(self, first: int, end: int) -> list[int]:
        if end - first <= len(self._blocks):
            return [number for number in range(first, end) if number in self._blocks]
        return [number for number in self._blocks if first <= number < end]

    def forget(self) -> None:
        self._blocks.clear()
        self._bad.clear()
        self._device.forget()

    def flush(self) -> None:
        self._device.flush()


def _patched(block: bytes, at: int, data: bytes) -> bytes:
    """`block` with `data` laid over it from `at`; both ends of the data may lie outside the block."""
    piece = data[max(0, -at) : len(block) - at]
    at = max(0, at)
    return block[:at] + piece + block[at + len(piece) :]
