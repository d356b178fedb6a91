"""Extended attributes, in the inode and in a block of their own: ext4, "Extended Attributes"."""

from __future__ import annotations

from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure
from core.fs.ext.checksum import crc32c
from core.fs.ext.geometry import Geometry
from core.fs.ext.inode import Inode
from core.fs.ext.structures import (
    ATTRIBUTE_MAGIC,
    ATTRIBUTE_PACKED,
    ATTRIBUTE_PREFIXES,
    ATTRIBUTES,
    ATTRIBUTES_LENGTH,
)

_MAGIC = ATTRIBUTE_MAGIC.to_bytes(4, "little")
_CHECKSUM = 16
INLINE_DATA = "system.data"
"""Where content goes on that does not fit into the inode's 60 bytes."""


class Attribute(NamedTuple):
    """One attribute. Its value lies at `position` on the volume, or is the content of `inode` if not 0."""

    name: str
    position: int
    value: bytes
    size: int
    inode: int


def in_inode(inode: Inode) -> list[Attribute]:
    """Raises CorruptStructure."""
    start = inode.attributes_start
    if inode.raw[start : start + 4] != _MAGIC:
        return []
    # Offsets of values count from the first entry.
    return _parse(inode.raw, start + 4, start + 4, inode.position)


def in_block(device: BlockDevice, geometry: Geometry, inode: Inode) -> list[Attribute]:
    """Raises CorruptStructure, MediumError."""
    block = inode.attributes_block
    if block == 0:
        return []
    if not geometry.holds(block):
        raise CorruptStructure("inode", inode.position + 104, "a block of the volume", str(block))
    position = block * geometry.block_size
    data = device.read(position, geometry.block_size)
    header = ATTRIBUTES.parse(data)
    if header.magic != ATTRIBUTE_MAGIC:
        raise _corrupt(position, f"magic number {ATTRIBUTE_MAGIC:#x}", f"{header.magic:#x}")
    if geometry.checksummed:
        blanked = data[:_CHECKSUM] + bytes(4) + data[_CHECKSUM + 4 :]
        wanted = crc32c(geometry.seed, block.to_bytes(8, "little") + blanked)
        if header.checksum != wanted:
            raise _corrupt(position + _CHECKSUM, f"checksum {wanted:#010x}", f"{header.checksum:#010x}")
    return _parse(data, ATTRIBUTES_LENGTH, 0, position)


def _parse(data: bytes, at: int, base: int, position: int) -> list[Attribute]:
    """The attributes from `at` on, whose values lie at offsets from `base`; `data` lies at `position`."""
    found: list[Attribute] = []
    while at + 4 <= len(data) and data[at : at + 4] != b"\0\0\0\0":
        if at + ATTRIBUTE_PACKED.size > len(data):
            raise _corrupt(position + at, "an attribute", "the end")
        length, index, offset, keeper, size, _ = ATTRIBUTE_PACKED.unpack_from(data, at)
        start = at + ATTRIBUTE_PACKED.size
        if start + length > len(data):
            raise _corrupt(position + at, "a name inside its block", f"{length} bytes")
        low = base + offset
        if not keeper and low + size > len(data):
            raise _corrupt(position + at + 2, "a value inside its block", f"{size} bytes at {low}")
        name = data[start : start + length].decode("utf-8", "backslashreplace")
        value = b"" if keeper else data[low : low + size]
        prefix = ATTRIBUTE_PREFIXES.get(index, "" if index == 0 else f"{index}.")
        found.append(Attribute(prefix + name, position + low, value, size, keeper))
        at = start + length + -length % 4
    return found


def _corrupt(offset: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("extended attributes", offset, expected, found)
