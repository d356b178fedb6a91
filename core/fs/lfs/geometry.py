"""Which superblock counts, and where everything lies by it.

Superblocks are written in turns, so that one of them is whole whenever writing stops. The newest whose own
checksum is right and whose ifile is there is the newest checkpoint. What was written after it is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError, NotAFileSystem, UnsupportedFeature
from core.fs.lfs.structures import (
    CHECKED,
    ENTRY_LENGTH,
    MAGIC,
    MAGIC_64,
    SECTOR,
    SUPERBLOCK_AT,
    SUPERBLOCK_LENGTH,
    superblock,
)

_ORDERS = ("little", "big")
_SMALLEST_BLOCK, _LARGEST_BLOCK = 512, 65536
_CHUNK, _SEARCHED = 1 << 20, 64 << 20
"""How much of a device with a broken superblock is searched for another."""


@dataclass(frozen=True)
class Geometry:
    """One checkpoint. Sizes in bytes, addresses in units of `unit`."""

    superblock: Any
    byteorder: str
    offset: int
    version: int
    block_size: int
    unit: int
    size: int
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


def looks_like(device: BlockDevice) -> bool:
    if device.size < SUPERBLOCK_AT + SUPERBLOCK_LENGTH:
        return False
    return bool(byteorder_of(device.read(SUPERBLOCK_AT, 4)))


def checkpoints(device: BlockDevice) -> tuple[list[Geometry], list[CorruptStructure | MediumError]]:
    """All that can be found, the newest first, and what was wrong with others.

    Raises NotAFileSystem, UnsupportedFeature.
    """
    faults: list[CorruptStructure | MediumError] = []
    try:
        if not looks_like(device):
            raise NotAFileSystem("no superblock of LFS")
        first = [read_geometry(device, SUPERBLOCK_AT)]
        others: Iterator[int] = _others(first[0])
    except (CorruptStructure, MediumError) as error:
        faults.append(error)
        first, others = [], _searched(device)
    found = first
    for offset in others:
        try:
            found.append(read_geometry(device, offset))
        except (CorruptStructure, MediumError) as error:
            if first and len(faults) < 10:
                faults.append(error)
    found.sort(key=lambda one: (-one.age, one.offset))
    return found, faults


def _others(first: Geometry) -> Iterator[int]:
    for place in first.superblock.superblocks[1:]:
        offset = place * first.unit
        # Only the first two are written with every checkpoint, but any may be the newest that is whole.
        if place and offset + SUPERBLOCK_LENGTH <= first.size and offset != first.offset:
            yield offset


def _searched(device: BlockDevice) -> Iterator[int]:
    magics = (MAGIC.to_bytes(4, "little"), MAGIC.to_bytes(4, "big"))
    for start in range(0, min(device.size, _SEARCHED), _CHUNK):
        try:
            data = device.read(start, min(_CHUNK, device.size - start))
        except MediumError:
            continue
        for magic in magics:
            at = data.find(magic)
            while at >= 0:
                if at % SECTOR == 0:
                    yield start + at
                at = data.find(magic, at + 4)


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
    require(_is_power(inode_block) and inode_block <= block, 344, "a block of inodes", inode_block)
    size = found.size * unit
    require(size >= 4 * block, 8, "a size of several blocks", found.size)
    entries = block // ENTRY_LENGTH[found.version]
    require(found.entries_per_block == entries, 104, str(entries), found.entries_per_block)
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
        inode_block_size=inode_block,
        entries_per_block=entries,
        first_entry_block=before,
    )


def _is_power(size: int) -> bool:
    return _SMALLEST_BLOCK <= size <= _LARGEST_BLOCK and not size & (size - 1)


def checksum(data: bytes, byteorder: str) -> int:
    """All numbers of 16 bits, combined by exclusive or."""
    total = 0
    for at in range(0, len(data), 2):
        total ^= int.from_bytes(data[at : at + 2], "little" if byteorder == "little" else "big")
    return total
