"""The on-disk structures of ISO 9660. Most numbers are there twice; first comes the little-endian one."""

from __future__ import annotations

from struct import Struct as Packed

from construct import Bytes, Int8ul, Int16ub, Int16ul, Int32ub, Int32ul, Int64ul, Padding, Struct

SECTOR = 2048
"""ECMA-119, 6.1.2: volume descriptors count in these, whatever a logical block has."""
FIRST_DESCRIPTOR = 16
STANDARD = b"CD001"
BOOT_RECORD, PRIMARY, SUPPLEMENTARY, TERMINATOR = 0, 1, 2, 255

DESCRIPTOR = Struct(
    "type" / Int8ul,
    "standard" / Bytes(5),
    "version" / Int8ul,
    "flags" / Int8ul,
    "system" / Bytes(32),
    "label" / Bytes(32),
    Padding(8),
    "blocks" / Int32ul,
    "blocks_big" / Int32ub,
    "escapes" / Bytes(32),
    "volumes" / Int16ul,
    "volumes_big" / Int16ub,
    "volume" / Int16ul,
    "volume_big" / Int16ub,
    "block_size" / Int16ul,
    "block_size_big" / Int16ub,
    Padding(24),
    "root" / Bytes(34),
    "volume_set" / Bytes(128),
    "publisher" / Bytes(128),
    "preparer" / Bytes(128),
    "application" / Bytes(128),
    Padding(111),
    "created" / Bytes(17),
    "modified" / Bytes(17),
    "expires" / Bytes(17),
    "effective" / Bytes(17),
    "file_structure" / Int8ul,
)
"""ECMA-119, 8.4 and 8.5: a primary volume descriptor, and those that are made like it."""
ROOT_AT = 156
"""Where a volume descriptor has the directory record of its root."""

RECORD = Struct(
    "length" / Int8ul,
    "attribute_blocks" / Int8ul,
    "block" / Int32ul,
    "block_big" / Int32ub,
    "size" / Int32ul,
    "size_big" / Int32ub,
    "recorded" / Bytes(7),
    "flags" / Int8ul,
    "unit" / Int8ul,
    "gap" / Int8ul,
    "volume" / Int16ul,
    "volume_big" / Int16ub,
    "name_length" / Int8ul,
)
"""ECMA-119, 9.1: a directory record up to its name."""
RECORD_PACKED = Packed("<BBI4sI4s7sBBBH2sB")
"""The same for listings."""
RECORD_LENGTH = RECORD_PACKED.size
HIDDEN, DIRECTORY, ASSOCIATED, PROTECTED, MULTI_EXTENT = 0x01, 0x02, 0x04, 0x10, 0x80

JOLIET_ESCAPES = (b"%/@", b"%/C", b"%/E")
"""Joliet, "Escape Sequences": UCS-2 of levels 1 to 3."""

BOOT_SYSTEM = b"EL TORITO SPECIFICATION"
BOOT_CATALOG_AT = 0x47
BOOT_ENTRY = 32
"""El Torito, 2: each entry of a boot catalog has so many bytes."""

ZISOFS_MAGIC = bytes.fromhex("37e45396c9dbd607")
ZISOFS = Struct(
    "magic" / Bytes(8),
    "size" / Int32ul,
    "header_words" / Int8ul,
    "block_shift" / Int8ul,
    Padding(2),
)
"""zisofs, "Zisofs Format": the header of a compressed file; behind it are the places of its blocks."""
ZISOFS_2_MAGIC = bytes.fromhex("ef2255a1bc1b95a0")
ZISOFS_2 = Struct(
    "magic" / Bytes(8),
    "version" / Int8ul,
    "header_words" / Int8ul,
    "method" / Int8ul,
    "block_shift" / Int8ul,
    "size" / Int64ul,
    Padding(4),
)
"""zisofs2, "Zisofs2 Format": for files of any size; places have 8 bytes."""
ZISOFS_2_DEFLATE = 1
