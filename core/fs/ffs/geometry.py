"""Where everything lies on the volume, from its superblock or, when that is broken, from a backup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem, UnsupportedFeature
from core.fs.driver import Warnings
from core.fs.ffs.inode import sizes
from core.fs.ffs.structures import (
    FLAG_UPDATED,
    FORMAT_44,
    FREE_BLOCKS,
    FREE_FRAGMENTS,
    MAGIC_OFFSET,
    MAGIC_UFS1,
    MAGIC_UFS2,
    MAGIC_UFS2_EA,
    MAGIC_UNFINISHED,
    OFFSETS,
    SUPERBLOCK_LENGTH,
    superblock,
)

_MAGICS = (MAGIC_UFS1, MAGIC_UFS2, MAGIC_UFS2_EA, MAGIC_UNFINISHED)
_ORDERS = ("little", "big")
_UFS2_FIRST = 65536
_SMALLEST_BLOCK, _LARGEST_BLOCK = 4096, 65536
_FIRST_BACKUPS = tuple(size * 1024 for size in (16, 24, 32, 64, 72, 80, 96, 128))
"""Where the first cylinder group has its copy, by the sizes of blocks that there are."""
_CHUNK, _SEARCHED = 1 << 20, 64 << 20
"""How much of a device with a broken superblock is searched for copies in other cylinder groups."""


@dataclass(frozen=True)
class Geometry:
    """The volume's layout, checked against itself. Sizes in bytes, places in fragments."""

    superblock: Any
    byteorder: str
    offset: int
    """Of the superblock that this was read from."""
    by_backup: bool
    ufs2: bool
    block_size: int
    fragment_size: int
    fragments: int
    """Of the volume."""
    groups: int
    fragments_per_group: int
    inodes_per_group: int
    inode_size: int
    pointer_width: int
    flags: int
    old: bool
    """Whether inodes and directories have the format from before 4.4BSD."""
    longest_fast_link: int

    @property
    def system(self) -> str:
        return "UFS2" if self.ufs2 else "UFS1"

    @property
    def size(self) -> int:
        return self.fragments * self.fragment_size

    @property
    def free(self) -> int | None:
        """As the superblock has it: fs(5), fs_cstotal."""
        found = self.superblock
        totals = found.totals if self.ufs2 or found.old_flags & FLAG_UPDATED else found.old_totals
        blocks, fragments = totals[FREE_BLOCKS], totals[FREE_FRAGMENTS]
        free = blocks * self.block_size + fragments * self.fragment_size
        return int(free) if min(blocks, fragments) >= 0 and free <= self.size else None

    def group_start(self, group: int) -> int:
        """In UFS1, the structures of each group begin a bit later than those of the one before."""
        start = group * self.fragments_per_group
        if self.ufs2:
            return start
        found = self.superblock
        return start + int(found.old_group_offset) * (group & ~int(found.old_group_mask))

    def inode_position(self, number: int) -> int:
        group, index = divmod(number, self.inodes_per_group)
        start = self.group_start(group) + self.superblock.inodes_at
        return int(start * self.fragment_size + index * self.inode_size)

    def group_position(self, group: int) -> int:
        return int((self.group_start(group) + self.superblock.group_at) * self.fragment_size)


def byteorder_at(device: BlockDevice, offset: int) -> str:
    """In which order of bytes a superblock begins at `offset`, "" where there is none."""
    if offset + SUPERBLOCK_LENGTH > device.size:
        return ""
    magic = device.read(offset + MAGIC_OFFSET, 4)
    for order in _ORDERS:
        if int.from_bytes(magic, "little" if order == "little" else "big") in _MAGICS:
            return order
    return ""


def is_one(data: bytes) -> bool:
    """Whether this is a superblock, whatever else is wrong with it."""
    magic = data[MAGIC_OFFSET : MAGIC_OFFSET + 4]
    return any(int.from_bytes(magic, order) in _MAGICS for order in ("little", "big"))


def places() -> Iterator[int]:
    """Where superblocks and their first copies may be."""
    yield from OFFSETS
    yield from _FIRST_BACKUPS


def read_geometry(device: BlockDevice, warnings: Warnings, *, thoroughly: bool = True) -> Geometry:
    """Raises NotAFileSystem, CorruptStructure, UnsupportedFeature, MediumError.

    Without the superblock it is made from a copy; in other groups than the first only `thoroughly`.
    """
    first: CorruptStructure | MediumError | None = None
    for offset in OFFSETS:
        try:
            order = byteorder_at(device, offset)
            found = _geometry(device, offset, order) if order else None
        except (CorruptStructure, MediumError) as error:
            first = first or error
            continue
        if found is not None and _in_its_place(found, offset):
            return found
    for offset in _backups(device, thoroughly and first is not None):
        try:
            order = byteorder_at(device, offset)
            found = _geometry(device, offset, order, backup=True) if order else None
        except (CorruptStructure, MediumError, UnsupportedFeature):
            continue
        if found is not None:
            place = found.superblock.location if found.superblock.location in OFFSETS else OFFSETS[1]
            broken = first or CorruptStructure("superblock", place, "a superblock, as in its copy", "none")
            warnings.note(Fault.of(broken))
            return found
    if first is not None:
        raise first
    raise NotAFileSystem("no UFS superblock")


def _backups(device: BlockDevice, everywhere: bool) -> Iterator[int]:
    yield from _FIRST_BACKUPS
    if not everywhere:
        return
    magics = [magic.to_bytes(4, "little") for magic in _MAGICS[:3]]
    magics += [magic[::-1] for magic in magics]
    for start in range(0, min(device.size, _SEARCHED), _CHUNK):
        try:
            data = device.read(start, min(_CHUNK, device.size - start))
        except MediumError:
            continue
        for magic in magics:
            at = data.find(magic)
            while at >= 0:
                offset = start + at - MAGIC_OFFSET
                if offset >= 0 and offset % 512 == 0:
                    yield offset
                at = data.find(magic, at + 4)


def _in_its_place(found: Geometry, offset: int) -> bool:
    """A copy may lie where a superblock may be too; what knows its place tells that."""
    if found.ufs2 or found.superblock.old_flags & FLAG_UPDATED:
        return bool(found.superblock.location == offset)
    return offset != _UFS2_FIRST


def _geometry(device: BlockDevice, offset: int, byteorder: str, *, backup: bool = False) -> Geometry:
    found = superblock(byteorder).parse(device.read(offset, SUPERBLOCK_LENGTH))

    def require(condition: bool, field: int, expected: str, value: object) -> None:
        if not condition:
            raise CorruptStructure("superblock", offset + field, expected, str(value)[:200])

    if found.magic == MAGIC_UNFINISHED:
        raise UnsupportedFeature("a volume whose making was not finished")
    ufs2 = found.magic != MAGIC_UFS1
    block, fragment = found.block_size, found.fragment_size
    require(
        _SMALLEST_BLOCK <= block <= _LARGEST_BLOCK and not block & (block - 1),
        48,
        "a block of 4 to 64 KiB",
        block,
    )
    require(
        512 <= fragment <= block <= 8 * fragment and not fragment & (fragment - 1),
        52,
        "fragments of which a block has 1, 2, 4 or 8",
        fragment,
    )
    updated = ufs2 or found.old_flags & FLAG_UPDATED
    fragments = found.size if updated else found.old_size
    groups, per_group = found.groups, found.fragments_per_group
    require(per_group > 0, 188, "fragments in a group", per_group)
    require(
        groups > 0 and (groups - 1) * per_group < fragments <= groups * per_group,
        44,
        f"groups for {fragments} fragments",
        groups,
    )
    require(fragments * fragment < 2**63, 1080, "a size of 63 bits", fragments)
    inode_size, width = sizes(ufs2)
    inodes, at = found.inodes_per_group, found.inodes_at
    require(0 < at < per_group and 0 < found.group_at < per_group, 16, "structures inside their group", at)
    require(
        inodes > 0 and at * fragment + inodes * inode_size <= per_group * fragment,
        184,
        "inodes inside their group",
        inodes,
    )
    shift = found.old_group_offset
    require(ufs2 or 0 <= shift < per_group, 24, "an offset in a group", shift)
    old = not ufs2 and found.inode_format < FORMAT_44
    most = 120 if ufs2 else 60
    return Geometry(
        superblock=found,
        byteorder=byteorder,
        offset=offset,
        by_backup=backup,
        ufs2=ufs2,
        block_size=block,
        fragment_size=fragment,
        fragments=fragments,
        groups=groups,
        fragments_per_group=per_group,
        inodes_per_group=inodes,
        inode_size=inode_size,
        pointer_width=width,
        flags=found.flags if updated else found.old_flags,
        old=old,
        longest_fast_link=min(max(found.longest_fast_link, 0), most),
    )
