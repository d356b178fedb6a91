"""The allocation table, changed: entries staged by phase, and which clusters are free."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence

from core.fs.driver import Warnings
from core.fs.fat.geometry import Geometry
from core.fs.fat.table import AllocationTable
from core.fs.staging import Phase, Staging

_FREE_WHERE_ZERO = bytes([1]) + bytes(255)
_LOW_BITS = bytes(value & 0x0F for value in range(256))


class WritableTable(AllocationTable):
    """What is staged is seen at once by those who walk chains."""

    def __init__(self, device: Staging, geometry: Geometry, warnings: Warnings) -> None:
        super().__init__(device, geometry, warnings)
        self._staging = device
        self.end = self.mask
        """The entry of the last cluster of a chain."""

    def put(self, phase: Phase, first: int, values: Sequence[int]) -> None:
        """Stages the entries of the clusters from `first` on. Of FAT32's, the upper four bits stay."""
        width = self._geometry.width
        offset = self.offset(first)
        if width == 12:
            for number, value in enumerate(values, first):
                shifted, bits = (value << 4, 0xFFF0) if number & 1 else (value, 0x0FFF)
                self._staging.stage(
                    phase, self.offset(number), shifted.to_bytes(2, "little"), bits.to_bytes(2, "little")
                )
        elif width == 16:
            self._staging.stage(phase, offset, _little(array("H", values)))
        else:
            mask = b"\xff\xff\xff\x0f" * len(values)
            self._staging.stage(phase, offset, _little(array("I", values)), mask)
        self._remember(first, values)

    def was_free(self, cluster: int) -> bool:
        """Whether the medium still has that cluster as free."""
        width = self._geometry.width
        data = self._staging.on_medium(self.offset(cluster), 4 if width == 32 else 2)
        entry = int.from_bytes(data, "little")
        if width == 12 and cluster & 1:
            entry >>= 4
        return entry & self.mask == 0

    def free_map(self, first: int, count: int) -> bytes:
        """A byte for each of `count` clusters from `first` on: 1 where it is free."""
        width = self._geometry.width
        if width == 12:
            return bytes(not self.entry(number) for number in range(first, first + count))
        data = self._read(first * width // 8, count * width // 8)
        step = width // 8
        planes = [data[plane::step] for plane in range(step)]
        if width == 32:
            planes[3] = planes[3].translate(_LOW_BITS)
        used = 0
        for plane in planes:
            used |= int.from_bytes(plane, "little")
        return used.to_bytes(count, "little").translate(_FREE_WHERE_ZERO)


def _little(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()
