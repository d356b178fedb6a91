"""The on-disk structures of HFS, all big-endian."""

from __future__ import annotations

from struct import Struct as Packed

from construct import Array, Bytes, Int16ub, Int32ub, Struct

SECTOR = 512
BLOCK_AT, BLOCK_LENGTH = 1024, 162
"""Of the master directory block; a copy lies in the last sector but one."""
SIGNATURE = b"BD"
EMBEDDED = (b"H+", b"HX")

EXTENT = Struct("first" / Int16ub, "count" / Int16ub)
MASTER_BLOCK = Struct(
    "signature" / Bytes(2),
    "created" / Int32ub,
    "modified" / Int32ub,
    "attributes" / Int16ub,
    "root_files" / Int16ub,
    "bitmap_sector" / Int16ub,
    "next_allocation" / Int16ub,
    "blocks" / Int16ub,
    "block_size" / Int32ub,
    "clump_size" / Int32ub,
    "first_sector" / Int16ub,
    "next_number" / Int32ub,
    "free_blocks" / Int16ub,
    "name" / Bytes(28),
    "backed_up" / Int32ub,
    "sequence" / Int16ub,
    "writes" / Int32ub,
    "extents_clump" / Int32ub,
    "catalog_clump" / Int32ub,
    "root_folders" / Int16ub,
    "files" / Int32ub,
    "folders" / Int32ub,
    "finder" / Bytes(32),
    "embedded" / Bytes(2),
    "embedded_extent" / EXTENT,
    "extents_size" / Int32ub,
    "extents" / Array(3, EXTENT),
    "catalog_size" / Int32ub,
    "catalog" / Array(3, EXTENT),
)
"""Files, "Master Directory Blocks"."""

HARDWARE_LOCK, UNMOUNTED, INCONSISTENT, SOFTWARE_LOCK = 1 << 7, 1 << 8, 1 << 11, 1 << 15
EXTENTS_FILE, CATALOG_FILE = 3, 4

FOLDER, FILE, FOLDER_THREAD, FILE_THREAD = 1, 2, 3, 4
FOLDER_PACKED = Packed(">BxHHIIII 8xH6x 16x 16x")
"""Files, "Catalog File Records": type, flags, valence, number, three times, Finder flags."""
FILE_PACKED = Packed(">BxBx 4s4sH6x I HII HII III 16x H 6H 6H 4x")
"""The same of a file: type, flags, type and creator, Finder flags, number, (first block, size, bytes taken)
of both forks, three times, clump size, three extents of both forks."""
LOCKED = 0x01

OVERFLOW_KEY = Packed(">BIH")
"""Files, "Extents Overflow File Keys": fork, file, first block of the file."""
OVERFLOW_EXTENTS = Packed(">6H")
