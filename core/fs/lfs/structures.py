"""The on-disk structures of LFS, in the byte order of their machine. Inodes and entries are those of UFS1."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from struct import Struct as Packed
from typing import Any

from construct import (
    Bytes,
    Int16ub,
    Int16ul,
    Int32sb,
    Int32sl,
    Int32ub,
    Int32ul,
    Int64ub,
    Int64ul,
    Padding,
    Struct,
)

MAGIC, MAGIC_64 = 0x070162, 0x19620701
"""The second is that of volumes with numbers of 64 bits."""
SUPERBLOCK_AT = 8192
SUPERBLOCK_LENGTH = 512
CHECKED = 508
"""Bytes of the superblock that its checksum is about."""
MOUNTED_ON = 232, 90
"""Place and length of that text in it."""
IFILE = 1
FLAG_CLEAN = 0x1
SECTOR = 512
ENTRY_LENGTH = {1: 12, 2: 20}
"""Of what the ifile has for an inode, by version. The place of its block is the second number in it."""
PAD = 8192
"""What a superblock takes of its segment: the log goes on behind it."""

SUMMARY_MAGIC = 0x061561
DIRECTORY_OPERATION, CONTINUED = 0x1, 0x2
"""SS_DIROP and SS_CONT: what belongs to operations on directories, and that more of these follows."""
SUMMARY_LENGTH = {1: 28, 2: 48}
FILE_LENGTH = 16


@cache
def superblock(byteorder: str) -> Any:
    """struct lfs of version 2. In version 1, what is `inodes_per_fragment` here is the time of writing."""
    little = byteorder == "little"
    uint16, uint32, int32 = (Int16ul, Int32ul, Int32sl) if little else (Int16ub, Int32ub, Int32sb)
    uint64 = Int64ul if little else Int64ub
    return Struct(
        "magic" / uint32,
        "version" / uint32,
        "size" / uint32,
        "segment_size" / uint32,
        "data_size" / uint32,
        "block_size" / uint32,
        "fragment_size" / uint32,
        "fragments" / uint32,
        Padding(4),
        "free" / uint32,
        "files" / uint32,
        Padding(8),
        "ifile_address" / uint32,
        Padding(8),
        "next_segment" / uint32,
        "segment" / uint32,
        "log_end" / uint32,
        Padding(4),
        "inodes_per_fragment" / uint32,
        Padding(12),
        "segment_units" / uint32,
        Padding(4),
        "entries_per_block" / uint32,
        Padding(8),
        "segments" / uint32,
        Padding(4),
        "cleaner_blocks" / uint32,
        "usage_blocks" / uint32,
        Padding(52),
        "longest_fast_link" / int32,
        "superblocks" / uint32[10],
        "clean_segments" / uint32,
        "mounted_on" / Bytes(90),
        "flags" / uint16,
        Padding(8),
        "summary_size" / uint32,
        "serial" / uint64,
        "inode_block_size" / uint32,
        Padding(4),
        "time" / uint64,
        Padding(8),
        "ident" / uint32,
        Padding(136),
        "checksum" / uint32,
    )


@dataclass(frozen=True)
class Packing:
    """What begins a partial segment, of which a log has many: struct segsum, and struct finfo after it."""

    summary: Packed
    """sum of the summary, sum of the data, magic, next segment, `ident` in version 2 or time of writing in
    version 1, files, inodes, flags."""
    serial: Packed
    """Of version 2, at its place behind the summary."""
    file: Packed
    """blocks, generation, inode, bytes of the last block."""
    word: Packed


SERIAL_AT = 32
PACKINGS = {
    "little": Packing(Packed("<5I3H"), Packed("<Q"), Packed("<4I"), Packed("<I")),
    "big": Packing(Packed(">5I3H"), Packed(">Q"), Packed(">4I"), Packed(">I")),
}
