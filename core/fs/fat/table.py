"""The allocation table: which cluster follows which, at any of the three widths."""

from __future__ import annotations

import sys
from array import array

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError
from core.fs.clusters import WINDOW, ChainTable
from core.fs.driver import Warnings
from core.fs.fat.geometry import Geometry

_COUNTED = 8 * 2**20
"""Bytes of a table up to which free clusters are counted; beyond it that would keep a slow stick waiting."""

_FREE_WHERE_ZERO = bytes([1]) + bytes(255)
_LOW_BITS = bytes(value & 0x0F for value in range(256))
_MASKS = {12: 0xFFF, 16: 0xFFFF, 32: 0x0FFFFFFF}


class AllocationTable(ChainTable):
    """Read-only. Where mirroring is on, a copy stands in for what cannot be read of the first."""

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings) -> None:
        super().__init__(geometry.clusters, _MASKS[geometry.width])
        self._device = device
        self._geometry = geometry
        self._warnings = warnings

    def offset(self, cluster: int) -> int:
        """As in the first table."""
        return self._geometry.tables[0] + cluster * self._geometry.width // 8

    def flags(self) -> tuple[bool, bool]:
        """(dirty, errors met), as entry 1 keeps them on FAT16 and FAT32: FAT 1.03, page 18."""
        if self._geometry.width == 12:
            return False, False
        clean, sound = (0x8000, 0x4000) if self._geometry.width == 16 else (0x08000000, 0x04000000)
        try:
            entry = self.entry(1)
        except (MediumError, CorruptStructure):
            return False, False
        return not entry & clean, not entry & sound

    def free(self) -> int | None:
        """Free clusters, counted; None when the table is too large for that or cannot be read."""
        if self.entries * self._geometry.width // 8 > _COUNTED:
            return None
        free = 0
        try:
            for first in range(0, self.entries, WINDOW):
                values = self.load(first, min(WINDOW, self.entries - first))
                if self._geometry.width == 32:  # the upper four bits are not the entry's
                    free += sum(1 for value in values if not value & self.mask)
                else:
                    free += values.count(0)
                if first == 0:
                    free -= (values[0] & self.mask == 0) + (values[1] & self.mask == 0)
        except (MediumError, CorruptStructure):
            return None
        return free

    def load(self, first: int, count: int) -> array[int]:
        width = self._geometry.width
        data = self._read(first * width // 8, -(-count * width // 8))
        if width == 12:
            return _twelve(data, count)
        values = array("H" if width == 16 else "I", data)
        if sys.byteorder == "big":
            values.byteswap()
        return values

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

    def _read(self, start: int, length: int) -> bytes:
        tables = self._geometry.tables
        for number, table in enumerate(tables, 1):
            try:
                return self._device.read(table + start, length)
            except MediumError as error:
                if number == len(tables):
                    raise
                self._warnings.note(Fault.of(error))
        raise AssertionError("a volume without an allocation table")


def _twelve(data: bytes, count: int) -> array[int]:
    """Three bytes hold two entries of 12 bits: FAT 1.03, page 16."""
    data += bytes(-len(data) % 3)
    values = array("H")
    for low, middle, high in zip(data[0::3], data[1::3], data[2::3], strict=True):
        values.append(low | (middle & 0x0F) << 8)
        values.append(middle >> 4 | high << 4)
    del values[count:]
    return values
