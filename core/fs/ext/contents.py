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
from core.fs.unix.block_map import joined


def extents(device: BlockDevice, geometry: Geometry, inode: Inode) -> Iterator[Extent]:
    """The inode's bytes in order, covering exactly its size. Raises CorruptStructure, MediumError."""
    if inode.flags & FLAG_INLINE_DATA:
        return _inline(inode)
    unit = geometry.block_size
    mapped = runs(device, geometry, inode)
    return joined(
        (Extent(start * unit, first * unit, count * unit) for start, first, count in mapped), inode.size
    )


def runs(device: BlockDevice, geometry: Geometry, inode: Inode) -> Iterator[Run]:
    """The inode's blocks in file order, holes left out."""
    if inode.flags & FLAG_EXTENTS:
        return ExtentTree(device, geometry, inode).runs()
    return BlockMap(device, geometry, inode, -(-inode.size // geometry.block_size)).runs()


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
