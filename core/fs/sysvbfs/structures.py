"""The on-disk structures of the boot file system, in the byte order of their machine."""

from __future__ import annotations

from functools import cache
from struct import Struct as Packed
from typing import Any

from construct import Bytes, Int32sb, Int32sl, Int32ub, Int32ul, Struct

MAGIC = 0x1BADFACE
BLOCK = 512
INODES_AT = 512
INODE_LENGTH = 64
FIRST_INODE = 2
NAMES = (28, 6), (34, 6)
"""Place and length of the texts in the superblock."""
TYPE_FILE, TYPE_DIRECTORY = 1, 2


@cache
def superblock(byteorder: str) -> Any:
    """`data_start` and `data_end` count in bytes, the end being that of the last one; the places of a
    compaction under way are -1 when there is none."""
    unsigned, signed = (Int32ul, Int32sl) if byteorder == "little" else (Int32ub, Int32sb)
    return Struct(
        "magic" / unsigned,
        "data_start" / unsigned,
        "data_end" / unsigned,
        "compaction" / signed[4],
        "name" / Bytes(6),
        "pack" / Bytes(6),
    )


INODES = {order: Packed(mark + "H2x3I2I3I3i16x") for order, mark in (("little", "<"), ("big", ">"))}
"""number, first and last block, offset of the last byte, type, mode, uid, gid, links, times of access,
modification and change."""
