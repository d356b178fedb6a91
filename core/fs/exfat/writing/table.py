"""The allocation table, changed: entries staged by phase."""

from __future__ import annotations

import sys
from array import array

from core.fs.exfat.geometry import Geometry
from core.fs.exfat.table import AllocationTable
from core.fs.staging import Phase, Staging

END = 0xFFFFFFFF
"""The entry of the last cluster of a chain: section 4.1.3."""


class WritableTable(AllocationTable):
    """What is staged is seen at once by those who walk chains."""

    def __init__(self, device: Staging, geometry: Geometry) -> None:
        super().__init__(device, geometry)
        self._staging = device

    def put(self, phase: Phase, first: int, values: array[int]) -> None:
        """Stages the entries of the clusters from `first` on."""
        self._remember(first, values)
        little = values if sys.byteorder == "little" else array(values.typecode, values)
        if sys.byteorder == "big":
            little.byteswap()
        self._staging.stage(phase, self.offset(first), little.tobytes())
