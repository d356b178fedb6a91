"""A volume as it is once its journal is replayed, while the stick stays as it was.

A journal holds whole sectors. Rather than copy them over those that they replace, reads are led to where they
lie in the journal: so they take no memory, and a file's bytes can be copied from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.blockdev.device import BlockDevice
from core.fs.driver import HOLE, Extent


class Replayed(BlockDevice):
    """`device` with the sectors of `unit` bytes of these numbers read from the positions given for them."""

    def __init__(self, device: BlockDevice, unit: int, sectors: Mapping[int, int]) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self._device = device
        self._unit = unit
        self._sectors = sectors

    def locate(self, offset: int) -> tuple[int, int] | None:
        self.check(offset, 0)
        return None

    def read(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        pieces = [self._device.read(start, size) for start, size in self.pieces(offset, length)]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def pieces(self, offset: int, length: int) -> Iterator[tuple[int, int]]:
        """Where on the device these bytes lie, as (position, length), adjacent ones joined."""
        unit, end = self._unit, offset + length
        first, last = offset // unit, -(-end // unit)
        if last - first > len(self._sectors):
            moved = sorted(number for number in self._sectors if first <= number < last)
        else:
            moved = [number for number in range(first, last) if number in self._sectors]
        start = offset
        run: tuple[int, int] | None = None
        for number in moved:
            low, high = max(offset, number * unit), min(end, (number + 1) * unit)
            place = self._sectors[number] + low - number * unit
            for position, size in ((start, low - start), (place, high - low)):
                if size == 0:
                    continue
                if run is not None and sum(run) == position:
                    run = run[0], run[1] + size
                else:
                    if run is not None:
                        yield run
                    run = position, size
            start = high
        if run is not None:
            if sum(run) == start and start < end:
                run = run[0], run[1] + end - start
                start = end
            yield run
        if start < end:
            yield start, end - start


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
