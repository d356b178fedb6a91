"""The on-disk structures of NTFS, all little-endian."""

from __future__ import annotations

from struct import Struct as Packed

from construct import Bytes, Int8sl, Int8ul, Int16ul, Int32ul, Int64ul, Padding, Struct

BOOT_SECTOR = Struct(
    "jump" / Bytes(3),
    "system" / Bytes(8),
    "sector_size" / Int16ul,
    "sectors_per_cluster" / Int8ul,
    "reserved" / Bytes(7),
    "media" / Int8ul,
    "fat_sectors" / Int16ul,
    Padding(8),
    "sectors_32" / Int32ul,
    Padding(4),
    "sectors" / Int64ul,
    "mft_cluster" / Int64ul,
    "mirror_cluster" / Int64ul,
    "record_clusters" / Int8sl,
    Padding(3),
    "index_clusters" / Int8sl,
    Padding(3),
    "serial" / Int64ul,
    Padding(430),
    "signature" / Bytes(2),
)
"""NTFS, "$Boot". A size that is negative is a power of two of bytes, else it counts clusters."""
SYSTEM = b"NTFS    "
SIGNATURE = b"\x55\xaa"
BOOT_LENGTH = 512

STRIDE = 512
"""Bytes that one update sequence number protects, however long sectors are."""

RECORD = Struct(
    "magic" / Bytes(4),
    "fixups" / Int16ul,
    "fixup_count" / Int16ul,
    "log_number" / Int64ul,
    "sequence" / Int16ul,
    "links" / Int16ul,
    "attributes" / Int16ul,
    "flags" / Int16ul,
    "used" / Int32ul,
    "allocated" / Int32ul,
    "base" / Int64ul,
    "next_identifier" / Int16ul,
)
"""NTFS, "File Record"."""
RECORD_PACKED = Packed("<4sHHQHHHHIIQH")
"""The same for listings, whose every entry needs its record."""
RECORD_NUMBER = 44
"""Where a record has its own number (from version 3.1 on, whose update sequence begins behind it)."""
RECORD_MAGIC, INDEX_MAGIC = b"FILE", b"INDX"
IN_USE, IS_DIRECTORY = 0x1, 0x2

MFT, MIRROR, LOG_FILE, VOLUME, ROOT, BITMAP, UPCASE = 0, 1, 2, 3, 5, 6, 10
FIRST_USER = 16
"""Records below it are the system's own."""
MIRRORED = 4

ATTRIBUTE = Struct(
    "type" / Int32ul,
    "length" / Int32ul,
    "non_resident" / Int8ul,
    "name_length" / Int8ul,
    "name" / Int16ul,
    "flags" / Int16ul,
    "identifier" / Int16ul,
)
"""NTFS, "Standard Attribute Header"."""
RESIDENT = Struct("size" / Int32ul, "value" / Int16ul, "indexed" / Int8ul, Padding(1))
"""From byte 16 of an attribute whose value stands in the record."""
ATTRIBUTE_PACKED = Packed("<IIBBHHHIH")
"""An attribute's header and what follows in one whose value stands in the record, for listings."""
NON_RESIDENT = Struct(
    "first" / Int64ul,
    "last" / Int64ul,
    "runs" / Int16ul,
    "unit" / Int16ul,
    Padding(4),
    "allocated" / Int64ul,
    "size" / Int64ul,
    "valid" / Int64ul,
)
"""From byte 16 of one whose value lies in clusters. The sizes count in the first piece of a value only."""
NON_RESIDENT_PACKED = Packed("<QQHH4xQQQ")
COMPRESSED_SIZE = 64
"""Where a compressed or sparse attribute says how many bytes it takes on the medium."""

STANDARD_INFORMATION, ATTRIBUTE_LIST, FILE_NAME, OBJECT_ID = 0x10, 0x20, 0x30, 0x40
VOLUME_NAME, VOLUME_INFORMATION, DATA = 0x60, 0x70, 0x80
INDEX_ROOT, INDEX_ALLOCATION, INDEX_BITMAP, REPARSE_POINT = 0x90, 0xA0, 0xB0, 0xC0
EXTENDED_ATTRIBUTES = 0xE0
END = 0xFFFFFFFF
"""NTFS, "Attributes": the types that are read here."""

COMPRESSED, ENCRYPTED, SPARSE = 0x0001, 0x4000, 0x8000
COMPRESSION_MASK = 0x00FF
LZNT1 = 1

STANDARD_PACKED = Packed("<QQQQI")
"""$STANDARD_INFORMATION: created, modified, record changed, accessed, DOS attributes."""
FILE_NAME_LENGTH = 66
FILE_NAME_PACKED = Packed("<Q48xIIBB")
"""$FILE_NAME: reference of the directory, DOS attributes, reparse tag, length of the name, its namespace.
Sizes and times in it are of the day when the name was given, and are left out."""
NAMESPACE_DOS = 2
"""A short name that stands for another, long one."""
NAME_IS_DIRECTORY = 0x10000000

LIST_ENTRY_PACKED = Packed("<IHBBQQH")
"""$ATTRIBUTE_LIST: type, length of the entry, length and place of the name, first cluster, reference of the
record with the attribute, its identifier."""
LIST_ENTRY_LENGTH = 26

VOLUME_INFORMATION_PACKED = Packed("<8xBBH")
"""$VOLUME_INFORMATION: major and minor version, flags."""
VOLUME_DIRTY = 0x0001

INDEX_HEADER = Struct(
    "entries" / Int32ul, "used" / Int32ul, "allocated" / Int32ul, "flags" / Int8ul, Padding(3)
)
"""NTFS, "Index Record": what stands before the entries of a node; places count from its own start."""
INDEX_HEADER_PACKED = Packed("<IIIB")
INDEX_ROOT_START, INDEX_BLOCK_START = 16, 24
"""Where that is in $INDEX_ROOT and in a block of $INDEX_ALLOCATION."""
INDEX_ENTRY_PACKED = Packed("<QHHH")
"""Reference of the file, length of the entry, of its key, flags."""
INDEX_ENTRY_LENGTH = 16
HAS_SUBNODE, LAST = 0x1, 0x2
DIRECTORY_INDEX = "$I30"

REFERENCE = (1 << 48) - 1
"""The number of a record in a reference to it; above are the 16 bits of its sequence number."""

LOG_PAGE = Struct("magic" / Bytes(4), Padding(20), "area" / Int16ul)
LOG_AREA = Struct(Padding(12), "in_use" / Int16ul, "flags" / Int16ul)
"""NTFS, "$LogFile": the head of a restart page, and of the area in it."""
LOG_MAGIC = b"RSTR"
LOG_NO_CLIENT = 0xFFFF
LOG_CLEAN = 0x2
