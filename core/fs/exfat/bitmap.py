"""The allocation bitmap: which clusters are taken (section 7.1.5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from core.blockdev.device import BlockDevice

FIRST = 2
"""The cluster of the lowest bit."""
_FREE_WHERE_ZERO = [bytes(not value >> bit & 1 for bit in range(8)) for value in range(256)]


class AllocationBitmap:
    def __init__(self, device: BlockDevice, pieces: list[tuple[int, int]]) -> None:
        """`pieces`: (position, length) on the volume."""
        self._device = device
        self._positions = [position for position, _ in pieces]
        self._lengths = [length for _, length in pieces]
        self._starts = [sum(self._lengths[:number]) for number in range(len(pieces))]

    def free_map(self, first: int, count: int) -> bytes:
        """A byte for each of `count` clusters from `first` on: 1 where it is free."""
        byte, bit = divmod(first - FIRST, 8)
        bits = b"".join([self._device.read(*piece) for piece in self._pieces(byte, -(-(bit + count) // 8))])
        return b"".join([_FREE_WHERE_ZERO[value] for value in bits])[bit : bit + count]

    def _pieces(self, start: int, length: int) -> Iterator[tuple[int, int]]:
        """(position, length) of some of its bytes."""
        number = bisect_right(self._starts, start) - 1
        while length > 0:
            within = start - self._starts[number]
            size = min(self._lengths[number] - within, length)
            yield self._positions[number] + within, size
            start, length, number = start + size, length - size, number + 1
