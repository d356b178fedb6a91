"""The allocation table, changed: entries staged by phase."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence

from core.fs.driver import Warnings
from core.fs.fat.geometry import Geometry
from core.fs.fat.table import AllocationTable
from core.fs.staging import Phase, Staging


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


def _little(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()
