"""The on-disk structures of exFAT, as its specification declares them. All numbers are little-endian."""

from __future__ import annotations

from struct import Struct as Packed
from typing import NamedTuple, Self

from construct import Bytes, Int8ul, Int16ul, Int32ul, Int64ul, Padding, Struct

BOOT_SECTOR_LENGTH = 512
"""What the boot sector's fields take of it, whatever the sector size."""

BOOT_SECTOR = Struct(
    "jump" / Bytes(3),
    "name" / Bytes(8),
    "zeros" / Bytes(53),
    "partition_offset" / Int64ul,
    "sectors" / Int64ul,
    "table_sector" / Int32ul,
    "table_sectors" / Int32ul,
    "heap_sector" / Int32ul,
    "clusters" / Int32ul,
    "root_cluster" / Int32ul,
    "serial" / Int32ul,
    "minor" / Int8ul,
    "major" / Int8ul,
    "flags" / Int16ul,
    "sector_shift" / Int8ul,
    "cluster_shift" / Int8ul,
    "tables" / Int8ul,
    "drive" / Int8ul,
    "percent_in_use" / Int8ul,
    Padding(7),
    "code" / Bytes(390),
    "signature" / Bytes(2),
)
"""Section 3.1, table 4."""

NAME = b"EXFAT   "
SIGNATURE = b"\x55\xaa"
ACTIVE_TABLE, DIRTY, MEDIA_FAILURE, CLEAR_TO_ZERO = 0x01, 0x02, 0x04, 0x08
"""Section 3.1.13."""
REGION_SECTORS = 12
"""Boot sector, eight extended ones, OEM parameters, a reserved one and the checksum: section 2, table 3."""
CHECKSUM_SECTOR = 11
UNCHECKED = (106, 107, 112)
"""Bytes of a boot region that its checksum leaves out, for they change all the time: section 3.4."""
SMALLEST_SHIFT, LARGEST_SHIFT = 9, 12
LARGEST_CLUSTER_SHIFT = 25
MOST_CLUSTERS = 2**32 - 11

MOST_DIRECTORY = 256 * 2**20
"""Bytes of a directory: section 7.6.7."""

END = 0x00
IN_USE = 0x80
BENIGN = 0x20
SECONDARY = 0x40
"""Bits of the type of an entry: section 6.2.1."""

BITMAP, UPCASE, LABEL, FILE, GUID = 0x81, 0x82, 0x83, 0x85, 0xA0
STREAM, FILE_NAME = 0xC0, 0xC1

MOST_UPCASE = 2 * 65536
MOST_LABEL = 11

SYSTEM_ENTRY = Struct(
    "type" / Int8ul,
    "flags" / Int8ul,
    Padding(2),
    "checksum" / Int32ul,
    Padding(12),
    "first_cluster" / Int32ul,
    "size" / Int64ul,
)
"""The allocation bitmap, which has no checksum, and the up-case table, without flags: sections 7.1, 7.2."""

LABEL_ENTRY = Struct("type" / Int8ul, "length" / Int8ul, "text" / Bytes(2 * MOST_LABEL), Padding(8))
"""Section 7.3."""

GUID_ENTRY = Struct(
    "type" / Int8ul,
    "secondaries" / Int8ul,
    "checksum" / Int16ul,
    "flags" / Int16ul,
    "guid" / Bytes(16),
    Padding(10),
)
"""Section 7.5."""

FILE_ENTRY = Struct(
    "type" / Int8ul,
    "secondaries" / Int8ul,
    "checksum" / Int16ul,
    "attributes" / Int16ul,
    Padding(2),
    "created" / Int32ul,
    "modified" / Int32ul,
    "accessed" / Int32ul,
    "created_hundredths" / Int8ul,
    "modified_hundredths" / Int8ul,
    "created_offset" / Int8ul,
    "modified_offset" / Int8ul,
    "accessed_offset" / Int8ul,
    Padding(7),
)
"""Section 7.4, table 27."""

STREAM_ENTRY = Struct(
    "type" / Int8ul,
    "flags" / Int8ul,
    Padding(1),
    "name_length" / Int8ul,
    "name_hash" / Int16ul,
    Padding(2),
    "valid_size" / Int64ul,
    Padding(4),
    "first_cluster" / Int32ul,
    "size" / Int64ul,
)
"""Section 7.6, table 33."""

_FILE_WHOLE = Packed("<BBHHxxIIIBBBBB7x")
_STREAM_WHOLE = Packed("<BBxBHxxQ4xIQ")


class FileEntry(NamedTuple):
    """As FILE_ENTRY declares it: a file that is copied out is looked up by its set, and so are thousands."""

    type: int
    secondaries: int
    checksum: int
    attributes: int
    created: int
    modified: int
    accessed: int
    created_hundredths: int
    modified_hundredths: int
    created_offset: int
    modified_offset: int
    accessed_offset: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """From its first 32 bytes."""
        return cls._make(_FILE_WHOLE.unpack_from(raw))


class StreamEntry(NamedTuple):
    """As STREAM_ENTRY declares it."""

    type: int
    flags: int
    name_length: int
    name_hash: int
    valid_size: int
    first_cluster: int
    size: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """From its first 32 bytes."""
        return cls._make(_STREAM_WHOLE.unpack_from(raw))


FILE_PACKED = Packed("<xxHHxx4xI4xxBxBx7x")
"""Checksum, attributes, and the three parts of the time of modification, for loops over thousands."""
STREAM_PACKED = Packed("<xBxBHxxQ4xIQ")
"""Flags, length and hash of the name, valid size, first cluster, size."""
NAME_PACKED = "2x30s"
"""The 15 characters of one file name entry (section 7.7), for a struct over several of them."""

ALLOCATION_POSSIBLE, CONTIGUOUS = 0x01, 0x02
"""Section 6.4.2; the specification calls the second NoFatChain."""
NAME_PIECE = 15
MOST_NAMES = 17
MOST_SECONDARIES = 255

DIRECTORY = 0x10
KEPT_ATTRIBUTES = 0x27
"""Read-only, hidden, system and archive: section 7.4.4."""
