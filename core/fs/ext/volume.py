"""An opened volume: its superblock, groups, inodes, and the journal in front of them all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Self

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, MediumError, NotFound, UnsupportedFeature
from core.fs.driver import HOLE, Extent, Warnings
from core.fs.ext import contents, features
from core.fs.ext.geometry import Geometry, read_geometry
from core.fs.ext.groups import Groups
from core.fs.ext.inode import Inode, InodeTable
from core.fs.ext.journal import Journal
from core.fs.ext.replayed import Unescaped
from core.fs.ext.structures import (
    FLAG_EXTENTS,
    INODE_MAP,
    MAP_LENGTH,
    ORIGINAL_INODE,
    ORPHAN_MAGIC,
    ORPHAN_TAIL,
    TYPE_FILE,
)
from core.fs.replayed import located

_MOST_ORPHANS = 4096


class Replaying(NamedTuple):
    """What became of the journal, in words, and the volume with it replayed, if it was."""

    words: str
    device: BlockDevice | None = None


class Volume:
    """`device` is the volume with its journal replayed; `geometry`, `groups` and `inodes` lie on it."""

    def __init__(
        self, device: BlockDevice, geometry: Geometry, warnings: Warnings, journal: str = ""
    ) -> None:
        self.device = device
        self.geometry = geometry
        self.warnings = warnings
        self.journal = journal
        """What is to be said of the journal."""
        self.groups = Groups(device, geometry, warnings)
        self.inodes = InodeTable(device, geometry, self.groups)

    @classmethod
    def open(cls, device: BlockDevice, warnings: Warnings) -> Self:
        """Raises NotAFileSystem, CorruptStructure, UnsupportedFeature, MediumError."""
        geometry = read_geometry(device, warnings)
        if not geometry.compatible & features.HAS_JOURNAL:
            return cls(device, geometry, warnings, "none")
        as_it_is = cls(device, geometry, warnings)
        try:
            words, replayed = as_it_is._replay()
        except (CorruptStructure, MediumError, NotFound, UnsupportedFeature) as error:
            warnings.note(Fault.of(error))
            return cls(device, geometry, warnings, "could not be read")
        if replayed is None:
            return cls(device, geometry, warnings, words)
        # The superblock, too, is in most transactions.
        return cls(replayed, read_geometry(replayed, warnings), warnings, words)

    def extents(self, inode: Inode) -> Iterator[Extent]:
        """Where the inode's bytes lie on the medium, whether in their own place or in the journal."""
        return located(self.device, contents.extents(self.device, self.geometry, inode))

    def content(self, inode: Inode) -> bytes:
        """All of an inode's bytes. The caller has checked its size."""
        return b"".join(
            bytes(length) if position == HOLE else self.device.read(position, length)
            for _, position, length in contents.extents(self.device, self.geometry, inode)
        )

    def orphans(self) -> int:
        """Files deleted while in use, or being cut short: ext4, "Orphan file". As far as they can be read."""
        try:
            return self._orphan_list() + self._orphan_file()
        except (CorruptStructure, MediumError, NotFound) as error:
            self.warnings.note(Fault.of(error))
            return 0

    def _orphan_list(self) -> int:
        number, count = self.geometry.superblock.last_orphan, 0
        while number and count < _MOST_ORPHANS:
            inode = self.inodes.get(number)
            number = int.from_bytes(
                inode.raw[20:24], "little"
            )  # its time of deletion stands for the next one
            count += 1
        return count

    def _orphan_file(self) -> int:
        if not self.geometry.read_only & features.ORPHAN_PRESENT:
            return 0
        size = self.geometry.block_size
        count = 0
        inode = self.inodes.get(self.geometry.superblock.orphan_file)
        for _, position, length in contents.extents(self.device, self.geometry, inode):
            for start in range(position, position + length - size + 1, size):
                data = self.device.read(start, size)
                if ORPHAN_TAIL.parse(data[-8:]).magic != ORPHAN_MAGIC:
                    expected = f"magic number {ORPHAN_MAGIC:#x}"
                    raise CorruptStructure("orphan file", start + size - 8, expected, data[-8:-4].hex(" "))
                numbers = memoryview(data)[:-8].cast("I")
                count += sum(1 for number in numbers if number)
                if count >= _MOST_ORPHANS:
                    return _MOST_ORPHANS
        return count

    # the journal --------------------------------------------------------------------------------------------

    def _replay(self) -> Replaying:
        """Raises CorruptStructure, UnsupportedFeature, MediumError, NotFound."""
        geometry = self.geometry
        needed = bool(geometry.incompatible & features.NEEDS_RECOVERY)
        if geometry.superblock.journal_inode == 0:
            if needed:
                self.warnings.note(Fault.of(UnsupportedFeature("external journal")))
            uuid = geometry.superblock.journal_uuid.hex()
            return Replaying(f"on another device, {uuid}" + (", not replayed" if needed else ""))
        if not needed and not geometry.by_backup:
            return Replaying("clean")
        journal = self._journal()
        if journal.error:
            found = f"error {journal.error}"
            fault = CorruptStructure("journal", journal.signature + 32, "no error noted", found)
            self.warnings.note(Fault.of(fault))
        replay = journal.replay()
        words = f"{replay.transactions} transactions, {len(replay.copies)} blocks, replayed in memory"
        if not replay.copies:
            return Replaying("clean" if journal.empty else words)
        size = geometry.block_size
        return Replaying(
            words, Unescaped(self.device, size, replay.copies, journal.signature, journal.seed, journal.mask)
        )

    def _journal(self) -> Journal:
        geometry = self.geometry
        try:
            inode = self.inodes.get(geometry.superblock.journal_inode)
            if inode.problem is not None:
                raise inode.problem
            return self._journal_in(inode)
        except (CorruptStructure, NotFound) as error:
            inode = self._backup_of_journal_inode()
            journal = self._journal_in(inode)
            self.warnings.note(Fault.of(error))
            return journal

    def _journal_in(self, inode: Inode) -> Journal:
        size = self.geometry.block_size
        runs = contents.runs(self.device, self.geometry, inode)
        return Journal(self.device, size, self.geometry.blocks, runs, self.warnings)

    def _backup_of_journal_inode(self) -> Inode:
        """The superblock keeps where the journal's blocks are: ext4, "Super Block", s_jnl_blocks."""
        superblock = self.geometry.superblock
        raw = bytearray(ORIGINAL_INODE)
        raw[0:2] = (TYPE_FILE | 0o600).to_bytes(2, "little")
        raw[4:8] = superblock.journal_size_low.to_bytes(4, "little")
        raw[26:28] = b"\1\0"
        if superblock.journal_blocks[:2] == b"\x0a\xf3":
            raw[32:36] = FLAG_EXTENTS.to_bytes(4, "little")
        raw[INODE_MAP : INODE_MAP + MAP_LENGTH] = superblock.journal_blocks
        raw[108:112] = superblock.journal_size_high.to_bytes(4, "little")
        return Inode(superblock.journal_inode, self.geometry.offset, bytes(raw), self.geometry)
