"""The allocation table, which links clusters, and the allocation bitmap, which tells the free ones."""

from __future__ import annotations

import sys
from array import array

from core.blockdev.device import BlockDevice
from core.fs.clusters import ChainTable
from core.fs.exfat.geometry import Geometry

_MASK = 0xFFFFFFFF
_COUNTED = 8 * 2**20
"""Bytes of a bitmap up to which it is counted; beyond it that would keep a slow stick waiting."""


class AllocationTable(ChainTable):
    """Section 4.1. It has entries for the clusters of contiguous files too, which mean nothing."""

    def __init__(self, device: BlockDevice, geometry: Geometry) -> None:
        super().__init__(geometry.clusters, _MASK)
        self._device = device
        self._start = geometry.table_offset

    def offset(self, cluster: int) -> int:
        return self._start + 4 * cluster

    def load(self, first: int, count: int) -> array[int]:
        values = array("I", self._device.read(self._start + 4 * first, 4 * count))
        if sys.byteorder == "big":
            values.byteswap()
        return values


def free_clusters(device: BlockDevice, pieces: list[tuple[int, int]], clusters: int) -> int | None:
    """Free among so many clusters, by the bitmap (section 7.1.5) in these (position, length) on the volume.

    None when the bitmap is too large to be counted, or too short. Raises MediumError.
    """
    left = -(-clusters // 8)
    if left > _COUNTED:
        return None
    taken, last = 0, 0
    for position, length in pieces:
        length = min(length, left)
        if length:
            bits = device.read(position, length)
            taken += int.from_bytes(bits, "little").bit_count()
            last = bits[-1]
            left -= length
    if left:
        return None
    beyond = last >> (clusters % 8) if clusters % 8 else 0  # bits of no cluster may be anything
    return clusters - taken + beyond.bit_count()
