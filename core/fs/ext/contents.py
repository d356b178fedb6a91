"""Where the bytes of a file, directory or link lie: by extents, by a block map, or in the inode itself."""

from __future__ import annotations

from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure
from core.fs.driver import HOLE, Extent
from core.fs.ext import attributes
from core.fs.ext.block_map import BlockMap
from core.fs.ext.extent_tree import ExtentTree, Run
from core.fs.ext.geometry import Geometry
from core.fs.ext.inode import Inode
from core.fs.ext.structures import FLAG_EXTENTS, FLAG_INLINE_DATA, INODE_MAP


def extents(device: BlockDevice, geometry: Geometry, inode: Inode) -> Iterator[Extent]:
    """The inode's bytes in order, covering exactly its size. Raises CorruptStructure, MediumError."""
    if inode.flags & FLAG_INLINE_DATA:
        return _inline(inode)
    return _joined(runs(device, geometry, inode), inode.size, geometry.block_size)


def runs(device: BlockDevice, geometry: Geometry, inode: Inode) -> Iterator[Run]:
    """The inode's blocks in file order, holes left out."""
    if inode.flags & FLAG_EXTENTS:
        return ExtentTree(device, geometry, inode).runs()
    return BlockMap(device, geometry, inode, -(-inode.size // geometry.block_size)).runs()


def _joined(mapped: Iterator[Run], size: int, unit: int) -> Iterator[Extent]:
    """Runs as extents with the holes between them, cut to `size`, and adjacent ones merged."""
    last: Extent | None = None
    reached = 0
    for logical, physical, count in mapped:
        start = logical * unit
        if start >= size:
            break
        if last is not None and (start > reached or physical * unit != last.position + last.length):
            yield last
            last = None
        if start > reached:
            yield Extent(reached, HOLE, start - reached)
        length = min(count * unit, size - start)
        if last is None:
            last = Extent(start, physical * unit, length)
        else:
            last = last._replace(length=last.length + length)
        reached = start + length
    if last is not None:
        yield last
    if reached < size:
        yield Extent(reached, HOLE, size - reached)


def inline_pieces(inode: Inode) -> list[tuple[int, bytes]]:
    """(position, bytes) of what an inode holds itself: ext4, "Inline Data". Raises CorruptStructure."""
    pieces = [(inode.position + INODE_MAP, inode.map)]
    for attribute in attributes.in_inode(inode):
        if attribute.name == attributes.INLINE_DATA:
            pieces.append((attribute.position, attribute.value))
            break
    return pieces


def _inline(inode: Inode) -> Iterator[Extent]:
    offset = 0
    pieces = inline_pieces(inode)
    for position, data in pieces:
        length = min(len(data), inode.size - offset)
        if length > 0:
            yield Extent(offset, position, length)
            offset += length
    if offset == inode.size:
        return
    if len(pieces) == 1:  # even an empty second piece would be there
        found = f"{inode.size} bytes"
        raise CorruptStructure("inode", inode.position + 4, f"at most {offset} bytes inside the inode", found)
    # mke2fs makes files of zeros so, and the kernel reads them as such.
    yield Extent(offset, HOLE, inode.size - offset)
