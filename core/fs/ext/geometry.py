"""Where everything lies on the volume, from its superblock or, when that is broken, from a backup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotAFileSystem, RumpusError, UnsupportedFeature
from core.fs.driver import Warnings
from core.fs.ext import features
from core.fs.ext.checksum import START, crc32c
from core.fs.ext.structures import (
    CRC32C,
    CREATOR_LINUX,
    LARGEST_BLOCK,
    MAGIC,
    ORIGINAL_INODE,
    SMALLEST_BLOCK,
    SUPERBLOCK,
    SUPERBLOCK_OFFSET,
)

_LENGTH = SUPERBLOCK.sizeof()
_BACKUP_GROUPS = (1, 3, 5, 7)
"""The first of the groups with a backup of the superblock, whichever way they are spread."""
_CLUSTERS = (1, 16)
"""Blocks of a cluster that mke2fs chooses by itself, without and with bigalloc."""
_MOST_PER_GROUP = 65528
"""Clusters of a group: their count has 16 bits and is a multiple of 8."""


class Geometry(msgspec.Struct, frozen=True):
    """The volume's layout, checked against itself and the device. Sizes in bytes, places in blocks."""

    superblock: Any
    offset: int
    """Of the superblock that this was read from; not 1024 when it is a backup."""
    block_size: int
    cluster_size: int
    blocks: int
    first_block: int
    blocks_per_group: int
    groups: int
    inodes: int
    inodes_per_group: int
    inode_size: int
    descriptor_size: int
    compatible: int
    incompatible: int
    read_only: int
    seed: int
    """What every checksum of the volume's metadata begins with."""
    checksummed: bool
    """Whether metadata has CRC-32C checksums."""

    @property
    def system(self) -> str:
        return features.system(self.compatible, self.incompatible, self.read_only)

    @property
    def size(self) -> int:
        return self.blocks * self.block_size

    @property
    def by_backup(self) -> bool:
        return self.offset != SUPERBLOCK_OFFSET

    def group_start(self, group: int) -> int:
        """The first block of a group."""
        return self.first_block + group * self.blocks_per_group

    def has_superblock(self, group: int) -> bool:
        """Whether a group begins with a copy of the superblock: ext4, "Super Block" and "Layout"."""
        if group == 0:
            return True
        if self.compatible & features.SPARSE_SUPER_2:
            return group in self.superblock.backup_groups
        if group == 1 or not self.read_only & features.SPARSE_SUPER:
            return True
        return any(_is_power(group, base) for base in (3, 5, 7))

    def backup_groups(self) -> Iterator[int]:
        """The groups besides the first with a copy of superblock and group descriptors."""
        if self.compatible & features.SPARSE_SUPER_2:
            return (group for group in self.superblock.backup_groups if 0 < group < self.groups)
        return (group for group in range(1, self.groups) if self.has_superblock(group))

    def holds(self, block: int, count: int = 1) -> bool:
        """Whether `count` blocks from `block` on are the volume's and may hold something of it."""
        return block >= max(1, self.first_block) and count >= 1 and block + count <= self.blocks


def _is_power(number: int, base: int) -> bool:
    while number % base == 0:
        number //= base
    return number == 1


def looks_like(device: BlockDevice) -> bool:
    """Whether the signature is there, and nothing more."""
    if device.size < SUPERBLOCK_OFFSET + _LENGTH:
        return False
    return device.read(SUPERBLOCK_OFFSET + 56, 2) == MAGIC.to_bytes(2, "little")


def read_geometry(device: BlockDevice, warnings: Warnings) -> Geometry:
    """Raises NotAFileSystem, CorruptStructure, UnsupportedFeature, MediumError."""
    try:
        return _geometry(device, SUPERBLOCK_OFFSET, warnings)
    except (NotAFileSystem, CorruptStructure, MediumError) as error:
        first = error
    for offset, group in _backups():
        found = backup(device, offset, group, warnings)
        if found is not None:
            warnings.note(Fault.of(_broken_first(first)))
            return found
    if isinstance(first, CorruptStructure):
        # A small volume has no backup. If its checksum is all that is wrong, it is still the best there is.
        geometry = _geometry(device, SUPERBLOCK_OFFSET, warnings, believe=True)
        warnings.note(Fault.of(first))
        return geometry
    raise first


def backup(device: BlockDevice, offset: int, group: int, warnings: Warnings) -> Geometry | None:
    """What the copy of the superblock at `offset` says, if it is one and the copy of that group."""
    if offset + _LENGTH > device.size:
        return None
    found = Warnings()
    try:
        geometry = _geometry(device, offset, found)
    except RumpusError:
        return None
    if geometry.superblock.group != group or geometry.group_start(group) * geometry.block_size != offset:
        return None
    for fault in found:
        warnings.note(fault)
    return geometry


def likely_backups() -> Iterator[tuple[int, int]]:
    """(offset, group) of the first backup at the block sizes that sticks have."""
    for block_size in (1024, 2048, 4096):
        yield _group_offset(block_size, 1, 1), 1


def _backups() -> Iterator[tuple[int, int]]:
    block_size = SMALLEST_BLOCK
    while block_size <= LARGEST_BLOCK:
        for cluster in _CLUSTERS:
            for group in _BACKUP_GROUPS:
                yield _group_offset(block_size, cluster, group), group
        block_size *= 2


def _group_offset(block_size: int, cluster: int, group: int) -> int:
    first = 1 if block_size == 1024 and cluster == 1 else 0
    return (first + group * min(8 * block_size, _MOST_PER_GROUP) * cluster) * block_size


def _broken_first(error: RumpusError) -> RumpusError:
    if isinstance(error, NotAFileSystem):
        return CorruptStructure(
            "superblock", SUPERBLOCK_OFFSET, "a superblock, as in its backup", error.found
        )
    return error


def _geometry(device: BlockDevice, offset: int, warnings: Warnings, believe: bool = False) -> Geometry:
    """The layout that the superblock at `offset` tells of; `believe` it whatever its checksum says."""
    if device.size < offset + _LENGTH:
        raise NotAFileSystem(f"only {device.size} bytes")
    data = device.read(offset, _LENGTH)
    superblock = SUPERBLOCK.parse(data)
    if superblock.magic != MAGIC:
        raise NotAFileSystem(f"a magic number of {superblock.magic:#06x} at byte {offset + 56}")
    if superblock.revision > 1:
        raise UnsupportedFeature(f"revision {superblock.revision}")
    reader = _Reader(device, offset, superblock, warnings)
    if not believe:
        reader.check_sum(data)
    return reader.geometry()


class _Reader:
    """Turns one superblock into a layout; every field is looked at with suspicion."""

    def __init__(self, device: BlockDevice, offset: int, superblock: Any, warnings: Warnings) -> None:
        self._device = device
        self._offset = offset
        self._superblock = superblock
        self._warnings = warnings
        dynamic = superblock.revision > 0
        self._compatible = superblock.compatible if dynamic else 0
        self._incompatible = superblock.incompatible if dynamic else 0
        self._read_only = superblock.read_only if dynamic else 0

    def check_sum(self, data: bytes) -> None:
        if not self._read_only & features.METADATA_CSUM:
            return
        if self._superblock.checksum_type != CRC32C:
            raise self._corrupt(
                0x175, "CRC-32C as the kind of checksums", str(self._superblock.checksum_type)
            )
        found, wanted = self._superblock.checksum, crc32c(START, data[:-4])
        if found != wanted:
            raise self._corrupt(0x3FC, f"checksum {wanted:#010x}", f"{found:#010x}")

    def geometry(self) -> Geometry:
        superblock = self._superblock
        features.refuse_unreadable(self._incompatible)
        block_size = SMALLEST_BLOCK << superblock.log_block_size if superblock.log_block_size < 32 else 0
        if not SMALLEST_BLOCK <= block_size <= LARGEST_BLOCK:
            raise self._corrupt(
                0x18, "blocks of 1 KiB to 64 KiB", f"2 to the {10 + superblock.log_block_size}"
            )
        cluster = self._cluster(block_size)
        wide = self._incompatible & features.WIDE
        blocks = superblock.blocks_low | (superblock.blocks_high << 32 if wide else 0)
        first = superblock.first_data_block
        per_group = superblock.blocks_per_group
        most = min(8 * block_size, _MOST_PER_GROUP) if block_size > 4096 else 8 * block_size
        if not 0 < per_group <= most * cluster:
            raise self._corrupt(0x20, f"1 to {most * cluster} blocks in a group", str(per_group))
        if first > 1 or blocks <= first + 1:
            raise self._corrupt(0x4, "a volume of some blocks", f"{blocks}, the first of them {first}")
        groups = -(-(blocks - first) // per_group)
        geometry = Geometry(
            superblock=superblock,
            offset=self._offset,
            block_size=block_size,
            cluster_size=block_size * cluster,
            blocks=self._bounded(blocks, block_size),
            first_block=first,
            blocks_per_group=per_group,
            groups=groups,
            inodes=superblock.inodes,
            inodes_per_group=superblock.inodes_per_group,
            inode_size=self._inode_size(block_size),
            descriptor_size=self._descriptor_size(block_size) if wide else 32,
            compatible=self._compatible,
            incompatible=self._incompatible,
            read_only=self._read_only,
            seed=self._seed(),
            checksummed=bool(self._read_only & features.METADATA_CSUM)
            and superblock.creator == CREATOR_LINUX,
        )
        return msgspec.structs.replace(geometry, inodes=self._inodes(groups, block_size))

    def _cluster(self, block_size: int) -> int:
        """Blocks in a cluster."""
        if not self._read_only & features.BIGALLOC:
            return 1
        more = self._superblock.log_cluster_size - self._superblock.log_block_size
        if not 0 <= more <= 20:
            raise self._corrupt(0x1C, f"clusters of {block_size} bytes or more", f"2 to the {more} blocks")
        return int(1 << more)

    def _bounded(self, blocks: int, block_size: int) -> int:
        size = blocks * block_size
        if size > self._device.size:
            expected = f"a volume inside the device of {self._device.size} bytes"
            self._warnings.note(Fault.of(self._corrupt(0x4, expected, f"{size} bytes")))
        return blocks

    def _inode_size(self, block_size: int) -> int:
        size = int(self._superblock.inode_size) if self._superblock.revision > 0 else ORIGINAL_INODE
        if size & (size - 1) or not ORIGINAL_INODE <= size <= block_size:
            raise self._corrupt(0x58, f"inodes of 128 to {block_size} bytes", str(size))
        return size

    def _descriptor_size(self, block_size: int) -> int:
        size = int(self._superblock.descriptor_size)
        if size & (size - 1) or not 64 <= size <= block_size:
            raise self._corrupt(0xFE, f"group descriptors of 64 to {block_size} bytes", str(size))
        return size

    def _inodes(self, groups: int, block_size: int) -> int:
        per_group, inodes = self._superblock.inodes_per_group, int(self._superblock.inodes)
        if not 0 < per_group <= 8 * block_size:
            raise self._corrupt(0x28, f"1 to {8 * block_size} inodes in a group", str(per_group))
        if inodes > groups * per_group:
            fault = self._corrupt(0x0, f"at most {groups * per_group} inodes in {groups} groups", str(inodes))
            self._warnings.note(Fault.of(fault))
        return int(min(inodes, groups * per_group))

    def _seed(self) -> int:
        if self._incompatible & features.CSUM_SEED:
            return int(self._superblock.checksum_seed)
        return crc32c(START, self._superblock.uuid)

    def _corrupt(self, field: int, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("superblock", self._offset + field, expected, found)
