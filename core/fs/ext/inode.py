"""Inodes: decoded, checked, and read many at a time for listings."""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct as Packed

from core.blockdev.device import BlockDevice
from core.entry import Kind
from core.errors import CorruptStructure, NotFound, RumpusError
from core.fs.ext import features
from core.fs.ext.checksum import crc32c
from core.fs.ext.geometry import Geometry
from core.fs.ext.groups import Groups
from core.fs.ext.structures import (
    FLAG_EXTENTS,
    FLAG_HUGE_FILE,
    FLAG_INLINE_DATA,
    INODE_CHECKSUM_HIGH,
    INODE_CHECKSUM_LOW,
    INODE_MAP,
    INODE_PACKED,
    MAP_LENGTH,
    ORIGINAL_INODE,
    PROJECT_AT,
    TYPE_DIRECTORY,
    TYPE_FILE,
    TYPE_MASK,
    TYPE_SYMLINK,
    TYPES,
)
from core.fs.unix.inode import read_many

_LARGEST = 2**63 - 1
_SMALL = 2**34
"""A size that every kind of map reaches."""
_KINDS = {TYPE_FILE: Kind.FILE, TYPE_DIRECTORY: Kind.DIRECTORY, TYPE_SYMLINK: Kind.SYMLINK}
_SECOND = 1_000_000_000
_UINT16, _UINT32 = Packed("<H"), Packed("<I")
_TIME_EXTRA = {"changed": 132, "modified": 136, "accessed": 140, "created": 148}
"""Where the nanoseconds and further bits of each time lie: ext4, "Inode Timestamps"."""


class Inode:
    """One inode, its times in nanoseconds since 1970."""

    __slots__ = (
        "_accessed",
        "_changed",
        "_extra_size",
        "_modified",
        "attributes_block",
        "flags",
        "generation",
        "gid",
        "kind",
        "links",
        "mode",
        "number",
        "position",
        "problem",
        "raw",
        "sectors",
        "size",
        "uid",
    )

    def __init__(self, number: int, position: int, raw: bytes, geometry: Geometry) -> None:
        fields: tuple[int, ...] = INODE_PACKED.unpack_from(raw)
        self.mode, uid, size, self._accessed, self._changed, self._modified, _, gid, self.links = fields[:9]
        sectors, self.flags, self.generation, attributes, size_high = fields[9:14]
        sectors_high, attributes_high, uid_high, gid_high, checksum = fields[14:]
        self.number = number
        self.position = position
        """Where it lies on the volume as this driver sees it, its journal replayed."""
        self.raw = raw
        self.uid = uid | uid_high << 16
        self.gid = gid | gid_high << 16
        self.attributes_block = attributes | attributes_high << 32
        self.sectors = sectors | sectors_high << 32
        self._extra_size = 0
        if len(raw) > ORIGINAL_INODE:
            extra = _UINT16.unpack_from(raw, ORIGINAL_INODE)[0]
            self._extra_size = extra if extra <= len(raw) - ORIGINAL_INODE else 0
        kind = self.mode & TYPE_MASK
        self.kind = _KINDS.get(kind, Kind.OTHER)
        self.size = size
        if kind == TYPE_FILE or geometry.incompatible & features.LARGE_DIR:
            self.size |= size_high << 32
        self.problem = self._check(geometry, checksum)
        """What is wrong with it as a whole; its content is not to be trusted then."""
        self.size = min(self.size, _LARGEST)

    @property
    def in_use(self) -> bool:
        return self.links > 0 and self.mode != 0

    @property
    def map(self) -> bytes:
        """The 60 bytes that map the file's blocks, or hold its content."""
        return self.raw[INODE_MAP : INODE_MAP + MAP_LENGTH]

    @property
    def attributes_start(self) -> int:
        """Where extended attributes begin in `raw`."""
        return ORIGINAL_INODE + self._extra_size

    def is_fast_symlink(self, geometry: Geometry) -> bool:
        """Whether the target stands in the inode, which has no blocks then: ext4, "Symbolic Links"."""
        of_attributes = geometry.cluster_size if self.attributes_block else 0
        return (
            self.kind is Kind.SYMLINK
            and self.size < MAP_LENGTH
            and not self.flags & (FLAG_EXTENTS | FLAG_INLINE_DATA)
            and self.allocated(geometry) <= of_attributes
        )

    @property
    def modified(self) -> int | None:
        return self._time(self._modified, "modified")

    @property
    def accessed(self) -> int | None:
        return self._time(self._accessed, "accessed")

    @property
    def changed(self) -> int | None:
        return self._time(self._changed, "changed")

    @property
    def created(self) -> int | None:
        if self._extra_size < 20:
            return None
        return self._time(_UINT32.unpack_from(self.raw, 144)[0], "created")

    @property
    def project(self) -> int:
        """For quotas; 0 where none is kept."""
        if self._extra_size + ORIGINAL_INODE < PROJECT_AT + 4:
            return 0
        return int(_UINT32.unpack_from(self.raw, PROJECT_AT)[0])

    def allocated(self, geometry: Geometry) -> int:
        """Bytes taken on the medium: ext4, "Index Nodes", i_blocks_lo."""
        if not geometry.read_only & features.HUGE_FILE:
            return (self.sectors & 0xFFFFFFFF) * 512
        return self.sectors * (geometry.block_size if self.flags & FLAG_HUGE_FILE else 512)

    def seed(self, geometry: Geometry) -> int:
        """What the checksums of everything that belongs to this inode begin with."""
        return crc32c(geometry.seed, self.number.to_bytes(4, "little") + self.raw[100:104])

    def _time(self, seconds: int, name: str) -> int | None:
        """The seconds have a sign; two more bits reach to the year 2446. What 64 bits of nanoseconds cannot
        hold, from 2262 on, is no time that anybody set."""
        if seconds >= 1 << 31:
            seconds -= 1 << 32
        at = _TIME_EXTRA[name]
        if self._extra_size + ORIGINAL_INODE < at + 4:
            return seconds * _SECOND
        extra: int = _UINT32.unpack_from(self.raw, at)[0]
        fraction = extra >> 2
        time = (seconds + ((extra & 3) << 32)) * _SECOND + (fraction if fraction < _SECOND else 0)
        return time if time <= _LARGEST else None

    def _check(self, geometry: Geometry, checksum: int) -> CorruptStructure | None:
        if not self.in_use:
            return self._corrupt(0, "an inode in use", f"mode {self.mode:#o}, {self.links} links")
        if geometry.checksummed:
            wanted = self.checksum(geometry)
            if self._extra_size >= 4:
                checksum |= _UINT16.unpack_from(self.raw, INODE_CHECKSUM_HIGH)[0] << 16
            else:
                wanted &= 0xFFFF
            if checksum != wanted:
                return self._corrupt(INODE_CHECKSUM_LOW, f"checksum {wanted:#x}", f"{checksum:#x}")
        if self.mode & TYPE_MASK not in TYPES:
            return self._corrupt(0, "a known kind of file", f"mode {self.mode:#o}")
        if self._size_beyond(geometry):
            return self._corrupt(4, "a size that its blocks can have", f"{self.size} bytes")
        return None

    def checksum(self, geometry: Geometry) -> int:
        raw, low, high = self.raw, INODE_CHECKSUM_LOW, INODE_CHECKSUM_HIGH
        number = self.number.to_bytes(4, "little")
        start = b"".join((number, raw[100:104], raw[:low], b"\0\0", raw[low + 2 : high]))
        if self._extra_size >= 4:
            start += b"\0\0" + raw[high + 2 :]
        else:
            start += raw[high:]
        return crc32c(geometry.seed, start)

    def _size_beyond(self, geometry: Geometry) -> bool:
        if self.size <= _SMALL or self.kind is Kind.OTHER:
            return False
        if self.flags & FLAG_EXTENTS:
            blocks = 1 << 32
        else:
            pointers = geometry.block_size // 4
            blocks = 12 + pointers + pointers**2 + pointers**3
        return self.size > min(blocks * geometry.block_size, _LARGEST)

    def _corrupt(self, field: int, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("inode", self.position + field, expected, found)


class InodeTable:
    """All inodes of a volume, numbered from 1: ext4, "Finding an Inode"."""

    def __init__(self, device: BlockDevice, geometry: Geometry, groups: Groups) -> None:
        self._device = device
        self._geometry = geometry
        self._groups = groups

    def get(self, number: int) -> Inode:
        """Raises NotFound when there is no such number, CorruptStructure and MediumError if unreadable."""
        position = self._position(number)
        return self._decoded(number, position, self._device.read(position, self._geometry.inode_size))

    def many(self, numbers: Iterable[int]) -> dict[int, Inode | RumpusError]:
        """The inodes of these numbers, those that lie close together read at once; or why not."""
        size = self._geometry.inode_size
        return read_many(self._device, numbers, self._position, size, self._decoded)

    def _decoded(self, number: int, position: int, raw: bytes) -> Inode:
        return Inode(number, position, raw, self._geometry)

    def _position(self, number: int) -> int:
        geometry = self._geometry
        if not 1 <= number <= geometry.inodes:
            raise NotFound(f"inode {number}")
        group, index = divmod(number - 1, geometry.inodes_per_group)
        return self._groups.inode_table(group) * geometry.block_size + index * geometry.inode_size
