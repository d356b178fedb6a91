"""The block map of a file: twelve direct blocks, and trees of one, two and three levels of pointers.

ext4, "Direct/Indirect Block Addressing". The map has no checksums.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure
from core.fs.ext.extent_tree import Run
from core.fs.ext.geometry import Geometry
from core.fs.ext.inode import Inode
from core.fs.ext.structures import INODE_MAP

_DIRECT = 12


class BlockMap:
    """One walk over the map, up to the block `end` of the file."""

    def __init__(self, device: BlockDevice, geometry: Geometry, inode: Inode, end: int) -> None:
        self._device = device
        self._geometry = geometry
        self._inode = inode
        self._end = end
        self._pointers = geometry.block_size // 4
        self._met = 0
        """Blocks met, those of pointers too: each has one place, so there are no more than the volume has."""

    def runs(self) -> Iterator[Run]:
        """The blocks in file order; what lies between them reads as zeros. Raises CorruptStructure."""
        position = self._inode.position + INODE_MAP
        values = _numbers(self._inode.map)
        yield from self._run(values[:_DIRECT], 0, position)
        logical = _DIRECT
        for level in (1, 2, 3):
            at = _DIRECT - 1 + level
            yield from self._tree(values[at], logical, level, position + at * 4)
            logical += self._pointers**level

    def _tree(self, block: int, logical: int, level: int, came_from: int) -> Iterator[Run]:
        """The blocks below a block of pointers, which cover the file from block `logical` on."""
        if block == 0 or logical >= self._end:
            return
        self._check(block, 1, came_from)
        size = self._geometry.block_size
        position = block * size
        values = _numbers(self._device.read(position, size))
        if level == 1:
            yield from self._run(values, logical, position)
            return
        span = self._pointers ** (level - 1)
        for index, child in enumerate(values):
            if child:
                yield from self._tree(child, logical + index * span, level - 1, position + index * 4)

    def _run(self, values: array[int], logical: int, position: int) -> Iterator[Run]:
        """Pointers to blocks of the file, joined where they are consecutive."""
        stop = min(len(values), self._end - logical)
        if self._is_one_run(values, stop):
            self._check(values[0], stop, position)
            yield Run(logical, values[0], stop)
            return
        at = 0
        while at < stop:
            first = values[at]
            if first == 0:
                at += 1
                continue
            count = 1
            while at + count < stop and values[at + count] == first + count:
                count += 1
            self._check(first, count, position + at * 4)
            yield Run(logical + at, first, count)
            at += count

    def _is_one_run(self, values: array[int], stop: int) -> bool:
        """Most blocks of pointers are; comparing them whole spares the loop."""
        if stop <= 0 or not values[0] or values[0] + stop > self._geometry.blocks:
            return False
        return values[:stop] == array("I", range(values[0], values[0] + stop))

    def _check(self, block: int, count: int, came_from: int) -> None:
        if not self._geometry.holds(block, count):
            raise CorruptStructure("block map", came_from, "blocks of the volume", f"{count} from {block} on")
        self._met += count
        if self._met > self._geometry.blocks:
            expected = "each block of the volume in one place"
            raise CorruptStructure("block map", came_from, expected, "more than the volume has")


def _numbers(data: bytes) -> array[int]:
    values = array("I", data)
    if sys.byteorder == "big":
        values.byteswap()
    return values
