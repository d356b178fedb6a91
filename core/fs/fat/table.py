"""The allocation table: which cluster follows which, read in windows, and walked without trusting it."""

from __future__ import annotations

import sys
from array import array
from collections import OrderedDict
from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError
from core.fs.driver import Warnings
from core.fs.fat.geometry import Geometry

_WINDOW = 16384
"""Entries looked at together: 64 KiB of FAT32, the whole of FAT12."""
_WINDOWS = 32
_PAGE = 4096
_COUNTED = 8 * 2**20
"""Bytes of a table up to which free clusters are counted; beyond it that would keep a slow stick waiting."""

_MASKS = {12: 0xFFF, 16: 0xFFFF, 32: 0x0FFFFFFF}


class Marks:
    """A set of clusters, marked run by run. Takes one bit for each cluster near a marked one."""

    def __init__(self) -> None:
        self._pages: dict[int, int] = {}

    def mark(self, first: int, count: int) -> int:
        """Marks a run and returns how many of its clusters come before the first that was marked already."""
        fresh = count
        done = 0
        while done < count:
            page, start = divmod(first + done, _PAGE)
            length = min(_PAGE - start, count - done)
            mask = ((1 << length) - 1) << start
            bits = self._pages.get(page, 0)
            if fresh == count and bits & mask:
                met = bits & mask
                fresh = done + (met & -met).bit_length() - 1 - start
            self._pages[page] = bits | mask
            done += length
        return fresh


class AllocationTable:
    """Read-only. Where mirroring is on, a copy stands in for what cannot be read of the first."""

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings) -> None:
        self._device = device
        self._geometry = geometry
        self._warnings = warnings
        self._mask = _MASKS[geometry.width]
        self._windows: OrderedDict[int, array[int]] = OrderedDict()
        self._entries = geometry.clusters + 2

    def runs(self, first: int, most: int) -> Iterator[tuple[int, int]]:
        """The chain from cluster `first` on as (cluster, count) runs, up to `most` clusters.

        Ends early where the chain ends. Raises CorruptStructure where it leaves the volume, meets a free or
        bad cluster, or itself; MediumError where the table cannot be read.
        """
        marks = Marks()
        cluster, came_from, left = first, 0, most
        while left > 0:
            self._check(cluster, came_from)
            count, following = self._run(cluster, left)
            fresh = marks.mark(cluster, count)
            if fresh:
                yield cluster, fresh
            if fresh < count:
                raise self._corrupt(cluster + fresh - 1 if fresh else came_from, "an end", "a circle")
            left -= count
            came_from = cluster + count - 1
            if following >= self._mask - 7:
                return
            cluster = following

    def _run(self, cluster: int, most: int) -> tuple[int, int]:
        """(clusters in a row from this one, at most `most`; the entry of the last of them)."""
        mask = self._mask
        start = cluster
        stop = min(start + most, self._entries)
        while True:
            base, values = self._window(cluster)
            last = min(base + len(values), stop) - 1
            following = values[cluster - base] & mask
            while cluster < last and following == cluster + 1:
                cluster = following
                following = values[cluster - base] & mask
            if cluster + 1 >= stop or following != cluster + 1:
                return cluster + 1 - start, following
            cluster = following

    def entry(self, cluster: int) -> int:
        """The raw entry, including those of clusters 0 and 1, which hold flags. Raises MediumError."""
        base, values = self._window(cluster)
        return values[cluster - base] & self._mask

    def offset(self, cluster: int) -> int:
        """Where a cluster's entry lies on the volume, in the first table."""
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

    def forget(self) -> None:
        """Reads the table anew from now on."""
        self._windows.clear()

    def free(self) -> int | None:
        """Free clusters, counted; None when the table is too large for that or cannot be read."""
        if self._entries * self._geometry.width // 8 > _COUNTED:
            return None
        free = 0
        try:
            for first in range(0, self._entries, _WINDOW):
                values = self._load(first)
                if self._geometry.width == 32:  # the upper four bits are not the entry's
                    free += sum(1 for value in values if not value & self._mask)
                else:
                    free += values.count(0)
                if first == 0:
                    free -= (values[0] & self._mask == 0) + (values[1] & self._mask == 0)
        except (MediumError, CorruptStructure):
            return None
        return free

    def _check(self, cluster: int, came_from: int) -> None:
        if 2 <= cluster < self._entries:
            return
        if cluster == 0:
            found = "a free cluster"
        elif cluster == self._mask - 8:
            found = "a cluster marked bad"
        else:
            found = f"cluster {cluster}"
        raise self._corrupt(came_from, f"a cluster from 2 to {self._entries - 1}", found)

    def _corrupt(self, cluster: int, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("cluster chain", self.offset(cluster), expected, found)

    def _window(self, cluster: int) -> tuple[int, array[int]]:
        base = cluster - cluster % _WINDOW
        values = self._windows.get(base)
        if values is None:
            values = self._windows[base] = self._load(base)
            if len(self._windows) > _WINDOWS:
                self._windows.popitem(last=False)
        return base, values

    def _load(self, first: int) -> array[int]:
        """The entries from `first` on, a multiple of the window."""
        count = min(_WINDOW, self._entries - first)
        width = self._geometry.width
        data = self._read(first * width // 8, -(-count * width // 8))
        if width == 12:
            return _twelve(data, count)
        values = array("H" if width == 16 else "I", data)
        if sys.byteorder == "big":
            values.byteswap()
        return values

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
