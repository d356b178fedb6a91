"""Block groups: where the inodes of each lie, from the first copy of its descriptor that is sound."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from itertools import islice

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, RumpusError
from core.fs.driver import Warnings
from core.fs.ext import features
from core.fs.ext.checksum import crc16, crc32c
from core.fs.ext.geometry import Geometry
from core.fs.ext.structures import DESCRIPTOR, DESCRIPTOR_64, DESCRIPTOR_CHECKSUM

_KEPT = 4096
_MOST_COPIES = 4
_COUNTED = 1 << 16
"""Groups up to which free blocks are added up (8 TiB of the usual ones)."""


class Groups:
    """The group descriptors: ext4, "Block Group Descriptors". Read as they are needed."""

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings) -> None:
        self._device = device
        self._geometry = geometry
        self._warnings = warnings
        self._tables: OrderedDict[int, int] = OrderedDict()
        self._table_blocks = -(-geometry.inodes_per_group * geometry.inode_size // geometry.block_size)

    def inode_table(self, group: int) -> int:
        """The first block of a group's inodes. Raises CorruptStructure, MediumError when no copy tells."""
        table = self._tables.get(group)
        if table is None:
            table = self._tables[group] = self._find(group)
            if len(self._tables) > _KEPT:
                self._tables.popitem(last=False)
        return table

    def free_blocks(self) -> int | None:
        """Free blocks, added up over all groups; None when a descriptor cannot be read, or they are many."""
        geometry = self._geometry
        if geometry.groups > _COUNTED:
            return None
        clusters = 0
        try:
            for group in range(geometry.groups):
                descriptor = self._device.read(next(self._offsets(group)), geometry.descriptor_size)
                clusters += int.from_bytes(descriptor[12:14], "little")
                if geometry.descriptor_size > 32:
                    clusters += int.from_bytes(descriptor[44:46], "little") << 16
        except (MediumError, CorruptStructure):
            return None
        free = clusters * (geometry.cluster_size // geometry.block_size)
        return free if free <= geometry.blocks else None

    def _find(self, group: int) -> int:
        """From the first copy in order. If none is, the first whose checksum is all that is wrong will do."""
        first: RumpusError | None = None
        doubtful: int | None = None
        for offset in islice(self._offsets(group), _MOST_COPIES):
            try:
                descriptor = self._device.read(offset, self._geometry.descriptor_size)
                table = self._table(descriptor, offset)
                doubtful = table if doubtful is None else doubtful
                self._check_sum(descriptor, group, offset)
            except (CorruptStructure, MediumError) as error:
                first = first or error
                continue
            if first is not None:
                self._warnings.note(Fault.of(first))
            return table
        assert first is not None
        if doubtful is None:
            raise first
        self._warnings.note(Fault.of(first))
        return doubtful

    def _table(self, descriptor: bytes, offset: int) -> int:
        table = int(DESCRIPTOR.parse(descriptor).inode_table)
        if self._geometry.descriptor_size > 32:
            table |= DESCRIPTOR_64.parse(descriptor).inode_table_high << 32
        if not self._geometry.holds(table, self._table_blocks):
            expected = f"{self._table_blocks} blocks of inodes inside the volume"
            raise CorruptStructure("group descriptor", offset + 8, expected, f"block {table}")
        return table

    def _check_sum(self, descriptor: bytes, group: int, offset: int) -> None:
        geometry = self._geometry
        number = group.to_bytes(4, "little")
        at = DESCRIPTOR_CHECKSUM
        if geometry.read_only & features.METADATA_CSUM:
            wanted = crc32c(geometry.seed, number + descriptor[:at] + b"\0\0" + descriptor[at + 2 :]) & 0xFFFF
        elif geometry.read_only & features.UNINIT_BG:
            wanted = crc16(geometry.superblock.uuid + number + descriptor[:at] + descriptor[at + 2 :])
        else:
            return
        found = int.from_bytes(descriptor[at : at + 2], "little")
        if found != wanted:
            raise CorruptStructure(
                "group descriptor", offset + at, f"checksum {wanted:#06x}", f"{found:#06x}"
            )

    def _offsets(self, group: int) -> Iterator[int]:
        """Where the copies of a group's descriptor lie, the one to read first."""
        geometry = self._geometry
        size = geometry.descriptor_size
        index, within = divmod(group, geometry.block_size // size)
        within *= size
        meta = geometry.incompatible & features.META_BG and index >= geometry.superblock.first_meta_group
        if meta:
            each = geometry.block_size // size
            metas = (index * each, index * each + 1, index * each + each - 1)
            blocks = (self._behind_superblock(home) for home in metas if home < geometry.groups)
        else:
            # The first superblock lies at byte 1024, in whichever block that is.
            yield (1024 // geometry.block_size + 1 + index) * geometry.block_size + within
            homes = geometry.backup_groups()
            blocks = (geometry.group_start(home) + 1 + index for home in homes)
        for block in blocks:
            yield block * geometry.block_size + within

    def _behind_superblock(self, group: int) -> int:
        """The block of descriptors in a group of a meta block group: ext4, "Meta Block Groups"."""
        geometry = self._geometry
        block = geometry.group_start(group) + geometry.has_superblock(group)
        if group == 0 and geometry.block_size == 1024 and geometry.first_block == 0:
            block += 1
        return block
