"""The on-disk structures of UDF, all little-endian."""

from __future__ import annotations

from struct import Struct as Packed

from construct import Bytes, Int8ul, Int16ul, Int32ul, Padding, Struct

TAG_LENGTH = 16
TAG_PACKED = Packed("<HHBxHHHI")
"""ECMA-167, 3/7.2: identifier, version, checksum, serial number, CRC, length of what it covers, block."""
(
    VOLUME,
    ANCHOR,
    POINTER,
    PARTITION,
    LOGICAL_VOLUME,
    TERMINATING,
    INTEGRITY,
) = (1, 2, 3, 5, 6, 8, 9)
FILE_SET, NAMED, CONTINUED, INDIRECT, FILE, EXTENDED_FILE = 256, 257, 258, 259, 261, 266
"""Identifiers: ECMA-167, 3/7.2.1 and 4/7.2.1."""
SPARING_TABLE = 0

EXTENT = Struct("length" / Int32ul, "sector" / Int32ul)
"""ECMA-167, 3/7.1."""
LONG = Struct("length" / Int32ul, "block" / Int32ul, "partition" / Int16ul, "use" / Bytes(6))
"""ECMA-167, 4/14.14.2: a piece of a file in any partition."""
ENTITY = Struct("flags" / Int8ul, "name" / Bytes(23), "suffix" / Bytes(8))
"""ECMA-167, 1/7.4."""

ANCHOR_DESCRIPTOR = Struct(Padding(16), "main" / EXTENT, "reserve" / EXTENT)
"""ECMA-167, 3/10.2."""
VOLUME_DESCRIPTOR = Struct(
    Padding(16),
    "sequence" / Int32ul,
    "number" / Int32ul,
    "identifier" / Bytes(32),
    Padding(16),
    "volume_set" / Bytes(128),
    Padding(128 + 16),
    "application" / ENTITY,
    "recorded" / Bytes(12),
    "implementation" / ENTITY,
)
"""ECMA-167, 3/10.1."""
POINTER_DESCRIPTOR = Struct(Padding(16), "sequence" / Int32ul, "next" / EXTENT)
"""ECMA-167, 3/10.3."""
PARTITION_DESCRIPTOR = Struct(
    Padding(16),
    "sequence" / Int32ul,
    "flags" / Int16ul,
    "number" / Int16ul,
    "contents" / ENTITY,
    Padding(128),
    "access" / Int32ul,
    "start" / Int32ul,
    "blocks" / Int32ul,
)
"""ECMA-167, 3/10.5."""
LOGICAL_VOLUME_DESCRIPTOR = Struct(
    Padding(16),
    "sequence" / Int32ul,
    Padding(64),
    "label" / Bytes(128),
    "block_size" / Int32ul,
    "domain" / ENTITY,
    "file_set" / LONG,
    "maps_length" / Int32ul,
    "maps" / Int32ul,
    "implementation" / ENTITY,
    Padding(128),
    "integrity" / EXTENT,
)
"""ECMA-167, 3/10.6. The partition maps come behind it."""
INTEGRITY_DESCRIPTOR = Struct(
    Padding(16),
    "recorded" / Bytes(12),
    "type" / Int32ul,
    "next" / EXTENT,
    Padding(32),
    "partitions" / Int32ul,
    "use_length" / Int32ul,
)
"""ECMA-167, 3/10.10. Free blocks of each partition come behind it, then their sizes."""
INTEGRITY_USE = Struct(
    "implementation" / ENTITY,
    "files" / Int32ul,
    "folders" / Int32ul,
    "least_read" / Int16ul,
    "least_write" / Int16ul,
    "most_write" / Int16ul,
)
"""UDF, 2.2.6.4."""
OPEN = 0

SPARABLE_MAP = Struct("packet" / Int16ul, "tables" / Int8ul, Padding(1), "table_size" / Int32ul)
"""UDF, 2.2.9, from byte 40 of the map; the places of the tables come behind it."""
SPARING = Struct(Padding(16), "name" / ENTITY, "entries" / Int16ul, Padding(2), "sequence" / Int32ul)
"""UDF, 2.2.12. Pairs come behind it: a packet's block in the partition, and its sector now."""
METADATA_MAP = Struct(
    "file" / Int32ul,
    "mirror" / Int32ul,
    "bitmap" / Int32ul,
    "unit" / Int32ul,
    "alignment" / Int16ul,
    "flags" / Int8ul,
)
"""UDF, 2.2.10, from byte 40 of the map."""
DUPLICATED = 0x1
VAT_HEADER = Struct("header" / Int16ul, "use" / Int16ul, "label" / Bytes(128), "previous" / Int32ul)
"""UDF, 2.2.11: the virtual allocation table from revision 2.00 on."""
VAT_TRAILER, VAT_NAME = 36, b"*UDF Virtual Alloc Tbl"
"""UDF 1.50, 2.2.10: that of before ends in a name and the block of the one before."""

FILE_SET_DESCRIPTOR = Struct(
    Padding(16),
    "recorded" / Bytes(12),
    Padding(12),
    "number" / Int32ul,
    Padding(4 + 64 + 128 + 64),
    "identifier" / Bytes(32),
    Padding(64),
    "root" / LONG,
    "domain" / ENTITY,
    "next" / LONG,
    "streams" / LONG,
)
"""ECMA-167, 4/14.1."""

FILE_ENTRY_PACKED = Packed("<IHHHxB6xHIIIHBBIQQ12s12s12sIIIH6x32sQII")
"""ECMA-167, 4/14.9, behind the tag, with the ICB tag (4/14.6) in front."""
EXTENDED_ENTRY_PACKED = Packed("<IHHHxB6xHIIIHBBIQQQ12s12s12s12sI4xIIH6xIIH6x32sQII")
"""ECMA-167, 4/14.17, in the same way."""
FILE_ENTRY_LENGTH, EXTENDED_ENTRY_LENGTH = 176, 216
NAMED_PACKED = Packed("<HBBIIHHIH")
"""ECMA-167, 4/14.4, behind the tag: version, characteristics, length of the name, ICB, of others' use."""
NAMED_LENGTH = 38
IS_HIDDEN, IS_DIRECTORY, IS_DELETED, IS_PARENT = 0x01, 0x02, 0x04, 0x08
SHORT_ADS, LONG_ADS, EXTENDED_ADS, INLINE = range(4)
TYPE_UNSPECIFIED, TYPE_DIRECTORY, TYPE_FILE, TYPE_REAL_TIME, TYPE_LINK = 0, 4, 5, 249, 12
TYPE_STREAMS, TYPE_VAT = 13, 248
FLAG_ARCHIVE, FLAG_SET_UID, FLAG_SET_GID, FLAG_STICKY = 0x20, 0x40, 0x80, 0x100
FLAG_SYSTEM, FLAG_TRANSFORMED = 0x400, 0x800
DEVICE_ATTRIBUTE = 12
"""ECMA-167, 4/14.10.7."""
ATTRIBUTES_LENGTH = 24
"""Of the descriptor in front of them: ECMA-167, 4/14.10.1."""
