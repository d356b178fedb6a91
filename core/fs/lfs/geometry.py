"""Where everything lies by a superblock, and the checksums of the system."""

from __future__ import annotations

import sys
from array import array
from functools import reduce
from operator import xor
from typing import Any

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, UnsupportedFeature
from core.fs.lfs.structures import (
    CHECKED,
    ENTRY_LENGTH,
    MAGIC,
    MAGIC_64,
    SECTOR,
    SUPERBLOCK_LENGTH,
    superblock,
)

_SMALLEST_BLOCK, _LARGEST_BLOCK = 512, 65536


class Geometry(msgspec.Struct, frozen=True):
    """One checkpoint. Sizes in bytes, addresses in units of `unit`."""

    superblock: Any
    byteorder: str
    offset: int
    version: int
    block_size: int
    unit: int
    size: int
    segment_size: int
    summary_size: int
    inode_block_size: int
    entries_per_block: int
    first_entry_block: int
    """The blocks of the ifile before it tell of segments."""

    @property
    def age(self) -> int:
        """What grows from each checkpoint to the next."""
        return int(self.superblock.serial if self.version > 1 else self.superblock.inodes_per_fragment)

    @property
    def entry_length(self) -> int:
        return ENTRY_LENGTH[self.version]


def byteorder_of(data: bytes) -> str:
    """Of the superblock that begins here, "" when none does."""
    magics = (MAGIC, MAGIC_64)
    little, big = (int.from_bytes(data[:4], "little"), int.from_bytes(data[:4], "big"))
    return "little" if little in magics else "big" if big in magics else ""


def read_geometry(device: BlockDevice, offset: int) -> Geometry:
    """Raises CorruptStructure, UnsupportedFeature, MediumError."""
    data = device.read(offset, SUPERBLOCK_LENGTH)

    def require(condition: bool, field: int, expected: str, value: object) -> None:
        if not condition:
            raise CorruptStructure("superblock", offset + field, expected, str(value)[:200])

    byteorder = byteorder_of(data)
    require(bool(byteorder), 0, "a superblock of LFS", data[:4].hex(" "))
    found = superblock(byteorder).parse(data)
    if found.magic == MAGIC_64:
        raise UnsupportedFeature("LFS with numbers of 64 bits")
    wanted = checksum(data[:CHECKED], byteorder)
    require(found.checksum == wanted, CHECKED, f"checksum {wanted:#x}", f"{found.checksum:#x}")
    if found.version not in ENTRY_LENGTH:
        raise UnsupportedFeature(f"LFS version {found.version}")
    block, fragment = found.block_size, found.fragment_size
    require(_is_power(block), 20, "a block of 512 bytes to 64 KiB", block)
    require(_is_power(fragment) and fragment <= block, 24, "fragments of a block", fragment)
    unit = SECTOR if found.version == 1 else fragment
    require(unit <= block, 24, "fragments of a block", fragment)
    inode_block = block if found.version == 1 else found.inode_block_size
    require(_is_power(inode_block) and unit <= inode_block <= block, 344, "a block of inodes", inode_block)
    summary = SECTOR if found.version == 1 else found.summary_size
    # Whatever takes no whole unit would have a log that stands still.
    require(_is_power(summary) and summary >= unit, 332, "a summary of a fragment to 64 KiB", summary)
    size = found.size * unit
    require(size >= 4 * block, 8, "a size of several blocks", found.size)
    entries = block // ENTRY_LENGTH[found.version]
    require(found.entries_per_block == entries, 104, str(entries), found.entries_per_block)
    require(found.segment_units * unit >= 2 * block, 96, "a segment of two blocks", found.segment_units)
    before = found.cleaner_blocks + found.usage_blocks
    require(0 < before * block < size, 124, "an ifile smaller than the volume", before)
    return Geometry(
        superblock=found,
        byteorder=byteorder,
        offset=offset,
        version=found.version,
        block_size=block,
        unit=unit,
        size=size,
        segment_size=found.segment_units * unit,
        summary_size=summary,
        inode_block_size=inode_block,
        entries_per_block=entries,
        first_entry_block=before,
    )


def _is_power(size: int) -> bool:
    return _SMALLEST_BLOCK <= size <= _LARGEST_BLOCK and not size & (size - 1)


def checksum(data: bytes, byteorder: str) -> int:
    """All numbers of 16 bits, combined by exclusive or."""
    total = reduce(xor, array("H", data), 0)
    return total if byteorder == sys.byteorder else (total & 0xFF) << 8 | total >> 8
