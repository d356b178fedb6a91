"""The on-disk structures of FAT, as its specification declares them. All numbers are little-endian."""

from __future__ import annotations

from struct import Struct as Packed
from typing import NamedTuple, Self

from construct import Bytes, Const, Int8ul, Int16ul, Int32ul, Padding, Struct

SECTOR_SIZES = (512, 1024, 2048, 4096)
BOOT_SECTOR_LENGTH = 512
"""What the boot sector's structures take of it, whatever the sector size."""

_EXTENDED = Struct(
    "drive" / Int8ul,
    "state" / Int8ul,
    "signature" / Int8ul,
    "serial" / Int32ul,
    "label" / Bytes(11),
    "system" / Bytes(8),
)
"""The end of the BIOS parameter block: FAT 1.03, page 11; `state` is Windows NT's (bit 0: dirty)."""

BOOT_SECTOR = Struct(
    "jump" / Bytes(3),
    "creator" / Bytes(8),
    "sector_size" / Int16ul,
    "sectors_per_cluster" / Int8ul,
    "reserved_sectors" / Int16ul,
    "tables" / Int8ul,
    "root_entries" / Int16ul,
    "sectors_16" / Int16ul,
    "media" / Int8ul,
    "table_sectors_16" / Int16ul,
    "sectors_per_track" / Int16ul,
    "heads" / Int16ul,
    "hidden_sectors" / Int32ul,
    "sectors_32" / Int32ul,
    "extended" / _EXTENDED,
)
"""The boot sector of FAT12 and FAT16: FAT 1.03, pages 9 to 11."""

BOOT_SECTOR_32 = Struct(
    Padding(36),
    "table_sectors_32" / Int32ul,
    "flags" / Int16ul,
    "version" / Int16ul,
    "root_cluster" / Int32ul,
    "information_sector" / Int16ul,
    "backup_sector" / Int16ul,
    Padding(12),
    "extended" / _EXTENDED,
)
"""What FAT32 has from byte 36 on: FAT 1.03, page 12."""

INFORMATION = Struct(
    "lead" / Const(0x41615252, Int32ul),
    Padding(480),
    "structure" / Const(0x61417272, Int32ul),
    "free" / Int32ul,
    "next_free" / Int32ul,
    Padding(12),
    "trail" / Const(0xAA550000, Int32ul),
)
"""The FSInfo sector of FAT32: FAT 1.03, page 21."""

MOST_SLOTS = 65536
"""Entries of 32 bytes that a directory may have: FAT 2005, section 6 (2 MiB)."""

SHORT = Struct(
    "name" / Bytes(11),
    "attributes" / Int8ul,
    "case" / Int8ul,
    "created_hundredths" / Int8ul,
    "created_time" / Int16ul,
    "created_date" / Int16ul,
    "accessed_date" / Int16ul,
    "first_cluster_high" / Int16ul,
    "modified_time" / Int16ul,
    "modified_date" / Int16ul,
    "first_cluster_low" / Int16ul,
    "size" / Int32ul,
)
"""A directory entry: FAT 1.03, page 23; `case` as Windows NT uses the reserved byte."""

SHORT_PACKED = Packed("<11sBBBHHHHHHHI")
"""The same, to be written."""


class Short(NamedTuple):
    """The same, read: a file that is copied out is looked up by its entry, and so are thousands."""

    name: bytes
    attributes: int
    case: int
    created_hundredths: int
    created_time: int
    created_date: int
    accessed_date: int
    first_cluster_high: int
    modified_time: int
    modified_date: int
    first_cluster_low: int
    size: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """From its first 32 bytes."""
        return cls._make(SHORT_PACKED.unpack_from(raw))


LISTED_PACKED = Packed("<11sBB7xHHHHI")
"""Of the same what a listing needs, for loops over thousands of entries: all without the first two times."""

LONG = Struct(
    "order" / Int8ul,
    "name_1" / Bytes(10),
    "attributes" / Int8ul,
    "type" / Int8ul,
    "checksum" / Int8ul,
    "name_2" / Bytes(12),
    "first_cluster" / Int16ul,
    "name_3" / Bytes(4),
)
"""A piece of a long name: FAT 1.03, page 28."""

LONG_PACKED = "x10s3x12s2x4s"
"""The three parts of the name in one piece, for a struct over several pieces."""

DELETED = 0xE5
END = 0x00
LONG_ATTRIBUTES = 0x0F
LONG_MASK = 0x3F
LAST_PIECE = 0x40
MOST_PIECES = 20
DOTS = (b".          ", b"..         ")
"""The first two entries of every folder but the root: FAT 1.03, page 25."""
NO_LABEL = b"NO NAME    "
"""Of a boot sector without one."""

VOLUME_LABEL = 0x08
DIRECTORY = 0x10
KEPT_ATTRIBUTES = 0x27
"""Read-only, hidden, system and archive; the others say what an entry is."""
LOWER_BASE = 0x08
LOWER_EXTENSION = 0x10
