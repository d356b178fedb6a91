"""The extent tree of a file, walked without trusting it: ext4, "The Contents of inode.i_block"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure
from core.fs.ext.checksum import crc32c
from core.fs.ext.geometry import Geometry
from core.fs.ext.inode import Inode
from core.fs.ext.structures import (
    DEEPEST_EXTENTS,
    EXTENT_HEADER_PACKED,
    EXTENT_INDEX_PACKED,
    EXTENT_LENGTH,
    EXTENT_MAGIC,
    EXTENT_PACKED,
    INODE_MAP,
    UNWRITTEN,
)


class Run(NamedTuple):
    """`length` blocks of a file from its block `logical` on, which lie in a row from `physical` on."""

    logical: int
    physical: int
    length: int


class ExtentTree:
    """One walk over the tree. Every node must bring it forward, so that no tree is too large to walk."""

    def __init__(self, device: BlockDevice, geometry: Geometry, inode: Inode) -> None:
        self._device = device
        self._geometry = geometry
        self._inode = inode
        self._reached = 0
        """The file's block that the walk has come to."""
        self._mapped = 0

    def runs(self) -> Iterator[Run]:
        """The written extents in file order; what lies between reads as zeros. Raises CorruptStructure."""
        return self._node(self._inode.map, self._inode.position + INODE_MAP, None)

    def _node(self, data: bytes, position: int, depth: int | None) -> Iterator[Run]:
        """The runs of a node, which is the root when its depth is not known beforehand."""
        magic, count, most, own_depth = EXTENT_HEADER_PACKED.unpack_from(data)
        if magic != EXTENT_MAGIC:
            raise _corrupt(position, f"magic number {EXTENT_MAGIC:#06x}", f"{magic:#06x}")
        room = (len(data) - EXTENT_LENGTH) // EXTENT_LENGTH
        fewest = 0 if depth is None else 1
        if not fewest <= count <= most <= room:
            expected = f"{fewest} to {room} entries"
            raise _corrupt(position + 2, expected, f"{count} of {most}")
        if depth is None and own_depth > DEEPEST_EXTENTS:
            raise _corrupt(position + 6, f"a depth of at most {DEEPEST_EXTENTS}", str(own_depth))
        if depth is not None and own_depth != depth:
            raise _corrupt(position + 6, f"depth {depth}", str(own_depth))
        if depth is not None:
            self._check_sum(data, position, EXTENT_LENGTH * (1 + most))
        entries = data[EXTENT_LENGTH : EXTENT_LENGTH * (1 + count)]
        if own_depth == 0:
            return self._leaf(entries, position + EXTENT_LENGTH)
        return self._index(entries, position + EXTENT_LENGTH, own_depth - 1)

    def _leaf(self, entries: bytes, position: int) -> Iterator[Run]:
        for number, (logical, length, high, low) in enumerate(EXTENT_PACKED.iter_unpack(entries)):
            at = position + number * EXTENT_LENGTH
            written = length <= UNWRITTEN
            count = length if written else length - UNWRITTEN
            physical = low | high << 32
            self._advance(logical, count, at)
            if not self._geometry.holds(physical, count):
                raise _corrupt(at + 6, "blocks of the volume", f"{count} from {physical} on")
            if written:
                yield Run(logical, physical, count)

    def _index(self, entries: bytes, position: int, depth: int) -> Iterator[Run]:
        size = self._geometry.block_size
        for number, (logical, low, high) in enumerate(EXTENT_INDEX_PACKED.iter_unpack(entries)):
            at = position + number * EXTENT_LENGTH
            if logical < self._reached:
                raise _corrupt(at, f"a block of the file from {self._reached} on", str(logical))
            child = low | high << 32
            if not self._geometry.holds(child):
                raise _corrupt(at + 4, "a block of the volume", str(child))
            yield from self._node(self._device.read(child * size, size), child * size, depth)

    def _advance(self, logical: int, count: int, at: int) -> None:
        self._mapped += count
        if logical < self._reached or count == 0:
            raise _corrupt(at, f"blocks of the file from {self._reached} on", f"{count} from {logical} on")
        if self._mapped > self._geometry.blocks:
            raise _corrupt(at, "each block of the volume in one place", "more than the volume has")
        self._reached = logical + count

    def _check_sum(self, data: bytes, position: int, at: int) -> None:
        if not self._geometry.checksummed or at + 4 > len(data):
            return
        wanted = crc32c(self._inode.seed(self._geometry), data[:at])
        found = int.from_bytes(data[at : at + 4], "little")
        if found != wanted:
            raise _corrupt(position + at, f"checksum {wanted:#010x}", f"{found:#010x}")


def _corrupt(offset: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("extent tree", offset, expected, found)
