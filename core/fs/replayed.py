"""A volume as it is once its journal is replayed, while the stick stays as it was.

A journal holds whole blocks. Rather than copy them over those that they replace, reads are led to where they
lie in the journal: so they take no memory, and a file's bytes can be copied from there.
"""

from __future__ import annotations

from abc import abstractmethod
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from core.blockdev.device import BlockDevice
from core.fs.driver import HOLE, Extent


class Replayed(BlockDevice):
    """`device` with what its journal holds in place of the blocks of `unit` bytes with these numbers."""

    def __init__(self, device: BlockDevice, unit: int, blocks: Iterable[int]) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self._device = device
        self._unit = unit
        self._blocks = array("Q", sorted(blocks))

    def locate(self, offset: int) -> tuple[int, int] | None:
        self.check(offset, 0)
        return None

    def read(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        pieces = [self._device.read(start, size) for start, size in self.pieces(offset, length)]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def pieces(self, offset: int, length: int) -> Iterator[tuple[int, int]]:
        """Where on the device these bytes lie, as (position, length), adjacent ones joined.

        Raises what finding a block's copy raises.
        """
        start, reached = 0, 0
        for position, size in self._apart(offset, offset + length):
            if position != reached:
                if start < reached:
                    yield start, reached - start
                start = position
            reached = position + size
        if start < reached:
            yield start, reached - start

    def _apart(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        unit = self._unit
        first = bisect_left(self._blocks, start // unit)
        for index in range(first, bisect_left(self._blocks, -(-end // unit), first)):
            base = self._blocks[index] * unit
            low, high = max(start, base), min(end, base + unit)
            if start < low:
                yield start, low - start
            yield from self._copied(self._blocks[index], low - base, high - base)
            start = high
        if start < end:
            yield start, end - start

    @abstractmethod
    def _copied(self, block: int, low: int, high: int) -> Iterator[tuple[int, int]]:
        """Where these bytes of a block lie in the journal."""


class Redirected(Replayed):
    """Reads blocks from the positions given for them."""

    def __init__(self, device: BlockDevice, unit: int, positions: Mapping[int, int]) -> None:
        super().__init__(device, unit, positions)
        self._positions = positions

    def _copied(self, block: int, low: int, high: int) -> Iterator[tuple[int, int]]:
        yield self._positions[block] + low, high - low


def located(device: BlockDevice, extents: Iterator[Extent]) -> Iterator[Extent]:
    """Where bytes lie on the medium, whether in their own place or in the journal of `device`."""
    if not isinstance(device, Replayed):
        yield from extents
        return
    for extent in extents:
        if extent.position == HOLE:
            yield extent
            continue
        offset = extent.offset
        for position, length in device.pieces(extent.position, extent.length):
            yield Extent(offset, position, length)
            offset += length
