"""A copy-on-write overlay: what is written stays in memory, and the device below is only read."""

from __future__ import annotations

import errno

from core.blockdev.device import BlockDevice
from core.errors import HostWriteFailed

_BLOCK = 4096
LIMIT = 64 * 2**20


class OverlayDevice(BlockDevice):
    """`device` as it would be with what was written here, of which at most `limit` bytes are kept.

    Writing beyond that raises HostWriteFailed ENOSPC and changes nothing.
    """

    def __init__(self, device: BlockDevice, limit: int = LIMIT) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self._device = device
        self._room = limit // _BLOCK
        self._blocks: dict[int, bytearray] = {}

    @property
    def kept(self) -> int:
        """Bytes of memory that the changes take."""
        return len(self._blocks) * _BLOCK

    def locate(self, offset: int) -> tuple[int, int] | None:
        """As the device until the first write: then what lies in its file is not the whole truth."""
        self.check(offset, 0)
        return None if self._blocks else self._device.locate(offset)

    def read(self, offset: int, length: int) -> bytes:
        data = self._device.read(offset, length)
        changed = self._changed(offset, length)
        if not changed:
            return data
        patched = bytearray(data)
        for number in changed:
            at = number * _BLOCK - offset
            skip = max(0, -at)
            piece = self._blocks[number][skip : length - at]
            patched[at + skip : at + skip + len(piece)] = piece
        return bytes(patched)

    def write(self, offset: int, data: bytes) -> None:
        self.check(offset, len(data))
        first, end = offset // _BLOCK, -(-(offset + len(data)) // _BLOCK)
        missing = [number for number in range(first, end) if number not in self._blocks]
        if len(self._blocks) + len(missing) > self._room:
            raise HostWriteFailed("", errno.ENOSPC)
        fresh = {number: self._below(number) for number in missing}
        self._blocks.update(fresh)
        for number in range(first, end):
            at = number * _BLOCK - offset
            skip = max(0, -at)
            piece = data[max(0, at) : at + _BLOCK]
            self._blocks[number][skip : skip + len(piece)] = piece

    def flush(self) -> None:
        """Nothing to do: memory is all that this is kept in."""

    def _below(self, number: int) -> bytearray:
        start = number * _BLOCK
        return bytearray(self._device.read(start, min(_BLOCK, self.size - start)))

    def _changed(self, offset: int, length: int) -> list[int]:
        first, end = offset // _BLOCK, -(-(offset + length) // _BLOCK)
        if end - first < len(self._blocks):
            return [number for number in range(first, end) if number in self._blocks]
        return [number for number in self._blocks if first <= number < end]
