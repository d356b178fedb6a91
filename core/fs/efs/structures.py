"""The on-disk structures of EFS, all big-endian. Blocks have 512 bytes."""

from __future__ import annotations

from struct import Struct as Packed

from construct import Bytes, Int16ub, Int32ub, Padding, Struct

BLOCK = 512
SUPERBLOCK_AT = 512
MAGICS = (0x072959, 0x07295A)
"""The second is of volumes that have been grown."""

NAMES = (32, 6), (38, 6)
"""Place and length of the texts in the superblock."""
SUPERBLOCK = Struct(
    "size" / Int32ub,
    "first_group" / Int32ub,
    "group_size" / Int32ub,
    "group_inode_blocks" / Int16ub,
    Padding(4),
    "groups" / Int16ub,
    "dirty" / Int16ub,
    Padding(2),
    "time" / Int32ub,
    "magic" / Int32ub,
    "name" / Bytes(6),
    "pack" / Bytes(6),
    "bitmap_size" / Int32ub,
    "free_blocks" / Int32ub,
    "free_inodes" / Int32ub,
    "bitmap_at" / Int32ub,
    "copy_at" / Int32ub,
    Padding(24),
    "checksum" / Int32ub,
)
"""efs(4), struct efs. Sizes and places in blocks."""
CHECKED = 88
"""Bytes of the superblock that its checksum is about."""

INODE_LENGTH = 128
INODES_PER_BLOCK = BLOCK // INODE_LENGTH
INODE = Packed(">4HI3iIH2x")
"""mode, links, uid, gid, size, times of access, modification and change, generation, number of extents."""
MAP_AT = 32
DIRECT = 12
"""Extents in an inode; where there are more, these tell where the extents are."""
EXTENT = Packed(">II")
"""An unused byte and the first block in the volume; the length in blocks and the first block in the file."""
EXTENT_LENGTH = 8

DIRECTORY_MAGIC = 0xBEEF
DIRECTORY_BLOCK = Packed(">HBB")
"""What a block of a directory begins with: magic, where the first entry begins, number of slots."""
ENTRY = Packed(">IB")
"""Number of the inode and length of the name, which follows."""
