"""The on-disk structures of HFS+, all big-endian."""

from __future__ import annotations

from struct import Struct as Packed

from construct import Array, Bytes, Int16ub, Int32ub, Int64ub, Struct

VOLUME_HEADER_AT, VOLUME_HEADER_LENGTH = 1024, 512
ALTERNATE_FROM_END = 1024
"""How far before the end of the volume the copy of its header begins."""
HFS_PLUS, HFSX = b"H+", b"HX"

EXTENT = Struct("first" / Int32ub, "count" / Int32ub)
FORK = Struct("size" / Int64ub, "clump_size" / Int32ub, "blocks" / Int32ub, "extents" / Array(8, EXTENT))
"""TN1150, "Fork Data Structure"."""
FORK_PACKED = Packed(">QII16I")
"""The same for listings."""

VOLUME_HEADER = Struct(
    "signature" / Bytes(2),
    "version" / Int16ub,
    "attributes" / Int32ub,
    "last_mounted_by" / Bytes(4),
    "journal_info_block" / Int32ub,
    "created" / Int32ub,
    "modified" / Int32ub,
    "backed_up" / Int32ub,
    "checked" / Int32ub,
    "files" / Int32ub,
    "folders" / Int32ub,
    "block_size" / Int32ub,
    "blocks" / Int32ub,
    "free_blocks" / Int32ub,
    "next_allocation" / Int32ub,
    "resource_clump_size" / Int32ub,
    "data_clump_size" / Int32ub,
    "next_number" / Int32ub,
    "writes" / Int32ub,
    "encodings" / Int64ub,
    "finder" / Bytes(32),
    "allocation" / FORK,
    "extents" / FORK,
    "catalog" / FORK,
    "attributes_file" / FORK,
    "startup" / FORK,
)
"""TN1150, "Volume Header"."""

HARDWARE_LOCK, UNMOUNTED, SPARED, INCONSISTENT = 1 << 7, 1 << 8, 1 << 9, 1 << 11
NUMBERS_REUSED, JOURNALED, SOFTWARE_LOCK = 1 << 12, 1 << 13, 1 << 15
ATTRIBUTE_NAMES = {
    HARDWARE_LOCK: "locked by hardware",
    UNMOUNTED: "unmounted",
    SPARED: "spared blocks",
    1 << 10: "no cache",
    INCONSISTENT: "inconsistent",
    NUMBERS_REUSED: "numbers reused",
    JOURNALED: "journaled",
    SOFTWARE_LOCK: "locked by software",
}

EXTENTS_FILE, CATALOG_FILE, ATTRIBUTES_FILE = 3, 4, 8
"""The numbers of the system's own files."""

FOLDER, FILE, FOLDER_THREAD, FILE_THREAD = 1, 2, 3, 4
FOLDER_PACKED = Packed(">HHI6I 2IBBHI 8xH6x 16x II")
"""TN1150, "Catalog Folder Records": type, flags, valence, number, five times, permissions, Finder flags."""
FILE_PACKED = Packed(">HHII5I 2IBBHI 4s4sH6x 16x II")
"""TN1150, "Catalog File Records": as far as the two forks, which follow."""
FILE_LENGTH = 248
THREAD_PACKED = Packed(">HHIH")
"""TN1150, "Catalog Thread Records": type, reserved, the folder it is in, length of the name."""

CASE_FOLDING, BINARY = 0xCF, 0xBC
"""How an HFSX catalog compares names."""

OVERFLOW_KEY = Packed(">BxII")
"""TN1150, "Extents Overflow File": fork, file, first block of the file."""
OVERFLOW_EXTENTS = Packed(">16I")

ATTRIBUTE_KEY = Packed(">xxIIH")
"""TN1150, "Attributes File", as Apple's systems write it: file, first block, length of the name."""
ATTRIBUTE_INLINE, ATTRIBUTE_FORK, ATTRIBUTE_EXTENTS = 0x10, 0x20, 0x30

LOCKED, COMPRESSED = 0x0001, 0x20
"""In a file's flags, and in its owner's flags."""
IMMUTABLE = 0x02
"""In the owner's and in the administrator's flags."""

TYPE_MASK, TYPE_REGULAR, TYPE_LINK = 0xF000, 0x8000, 0xA000
TYPES_OTHER = (0x1000, 0x2000, 0x6000, 0xC000)
HARD_LINK, FOLDER_LINK = (b"hlnk", b"hfs+"), (b"fdrp", b"MACS")
"""Type and creator of what stands for a file with several names, and for such a folder."""
PRIVATE_FILES = "\0\0\0\0HFS+ Private Data"
PRIVATE_FOLDERS = ".HFS+ Private Directory Data\r"
"""Where those files and folders are: TN1150, "Hard Links"; the second as Mac OS X 10.5 and later make it."""

JOURNAL_INFO = Struct(
    "flags" / Int32ub, "signature" / Bytes(32), "offset" / Int64ub, "size" / Int64ub, "reserved" / Bytes(128)
)
"""TN1150, "Journal Info Block"."""
JOURNAL_IN_VOLUME, JOURNAL_ELSEWHERE, JOURNAL_NEEDS_INIT = 1, 2, 4
