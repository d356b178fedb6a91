"""The on-disk structures of UFS1 and UFS2, by their offsets: they are in the byte order of their machine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from struct import Struct as Packed
from typing import Any

from construct import (
    Array,
    Bytes,
    Int8ub,
    Int32sb,
    Int32sl,
    Int32ub,
    Int32ul,
    Int64sb,
    Int64sl,
    Int64ub,
    Int64ul,
    Padding,
    Struct,
)

MAGIC_OFFSET = 1372
MAGIC_UFS1, MAGIC_UFS2, MAGIC_UFS2_EA = 0x011954, 0x19540119, 0x19012038
"""The last is NetBSD's mark for UFS2 with extended attributes."""
MAGIC_UNFINISHED = 0x19960408
SUPERBLOCK_LENGTH = 1376
MOUNTED_ON, LABEL = (212, 468), (680, 32)
"""Place and length of the texts in it."""
LOG_VERSION_AT = 864
OFFSETS = (65536, 8192, 0, 262144)
"""Where a superblock may be, in the order in which the systems look (fs(5), SBLOCKSEARCH)."""

CLEAN = 1
FLAG_UPDATED = 0x80
"""In the old flags: the fields that came with UFS2 count."""
FLAG_UNCLEAN, FLAG_SOFT_UPDATES, FLAG_NEEDS_CHECK = 0x01, 0x02, 0x04
FLAG_LOG = 0x100
"""NetBSD's. Elsewhere it stands for NFSv4 ACLs."""
FLAG_NAMES = {0x02: "soft updates", 0x08: "journaled soft updates", 0x10: "ACLs", 0x20: "MAC labels"}
FLAG_NAMES |= {0x40: "gjournal", 0x80: "old flags moved", FLAG_LOG: "WAPBL or NFSv4 ACLs"}
FORMAT_44 = 2
"""The format of inodes and directory entries from 4.4BSD on."""

INODE_UFS1, INODE_UFS2 = 128, 256
DIRECT = 12
POINTERS = DIRECT + 3
MAP_UFS1, MAP_UFS2 = 40, 112
"""Where the pointers lie in an inode."""


LOG_AT_END, LOG_INSIDE = 1, 2
"""Where the log is: behind the volume, or in a file of it."""


@cache
def log_header(byteorder: str) -> Any:
    """wapbl(4) and sys/wapbl_replay.h, struct wapbl_wc_header."""
    little = byteorder == "little"
    uint32, int64 = (Int32ul, Int64sl) if little else (Int32ub, Int64sb)
    return Struct(
        "type" / uint32,
        Padding(8),
        "generation" / uint32,
        Padding(20),
        "version" / uint32,
        "log_shift" / uint32,
        "volume_shift" / uint32,
        "head" / int64,
        "tail" / int64,
        "ring" / int64,
        "ring_size" / int64,
    )


@cache
def superblock(byteorder: str) -> Any:
    """fs(5), struct fs."""
    little = byteorder == "little"
    int32, uint32 = (Int32sl, Int32ul) if little else (Int32sb, Int32ub)
    int64, uint64 = (Int64sl, Int64ul) if little else (Int64sb, Int64ub)
    return Struct(
        Padding(8),
        "superblock_at" / int32,
        "group_at" / int32,
        "inodes_at" / int32,
        "data_at" / int32,
        "old_group_offset" / int32,
        "old_group_mask" / int32,
        "old_time" / int32,
        "old_size" / int32,
        "old_data_size" / int32,
        "groups" / uint32,
        "block_size" / int32,
        "fragment_size" / int32,
        "fragments" / int32,
        Padding(84),
        "id" / uint32[2],
        Padding(32),
        "inodes_per_group" / uint32,
        "fragments_per_group" / int32,
        "old_totals" / Array(4, int32),
        Padding(1),
        "clean" / Int8ub,
        Padding(1),
        "old_flags" / Int8ub,
        "mounted_on" / Bytes(468),
        "label" / Bytes(32),
        Padding(152),
        "log_version" / Int8ub,
        "log_location" / Int8ub,
        Padding(6),
        "log_places" / Array(4, uint64),
        Padding(96),
        "location" / int64,
        "totals" / Array(4, int64),
        Padding(32),
        "time" / int64,
        "size" / int64,
        "data_size" / int64,
        Padding(216),
        "flags" / uint32,
        Padding(4),
        "longest_fast_link" / int32,
        "inode_format" / int32,
        "largest_file" / uint64,
        Padding(36),
        "magic" / uint32,
    )


DIRECTORIES, FREE_BLOCKS, FREE_INODES, FREE_FRAGMENTS = range(4)
"""The places in `totals`."""


@dataclass(frozen=True)
class Packing:
    """The same for inodes, of which many are read: inode(5), struct ufs1_dinode and ufs2_dinode."""

    ufs1: Packed
    """mode, links, old uid, old gid, size, (seconds, nanoseconds) of access, modification and change, flags,
    sectors, generation, uid, gid."""
    ufs2: Packed
    """mode, links, uid, gid, size, sectors, seconds of access, modification, change and birth, nanoseconds of
    modification, access, change and birth, generation, flags, size of extended attributes."""


PACKINGS = {
    "little": Packing(Packed("<HhHHQ6i60x5I"), Packed("<HhII4xQQ4q4iI4xIi")),
    "big": Packing(Packed(">HhHHQ6i60x5I"), Packed(">HhII4xQQ4q4iI4xIi")),
}
