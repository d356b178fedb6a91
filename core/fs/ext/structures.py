"""The on-disk structures of ext2, ext3 and ext4, all little-endian. Those of the journal are with it."""

from __future__ import annotations

from struct import Struct as Packed

from construct import Bytes, Int8ul, Int16ul, Int32ul, Padding, Struct

SUPERBLOCK_OFFSET = 1024
MAGIC = 0xEF53
SMALLEST_BLOCK, LARGEST_BLOCK = 1024, 65536

SUPERBLOCK = Struct(
    "inodes" / Int32ul,
    "blocks_low" / Int32ul,
    "reserved_low" / Int32ul,
    "free_low" / Int32ul,
    "free_inodes" / Int32ul,
    "first_data_block" / Int32ul,
    "log_block_size" / Int32ul,
    "log_cluster_size" / Int32ul,
    "blocks_per_group" / Int32ul,
    "clusters_per_group" / Int32ul,
    "inodes_per_group" / Int32ul,
    Padding(12),
    "magic" / Int16ul,
    "state" / Int16ul,
    Padding(12),
    "creator" / Int32ul,
    "revision" / Int32ul,
    Padding(8),
    "inode_size" / Int16ul,
    "group" / Int16ul,
    "compatible" / Int32ul,
    "incompatible" / Int32ul,
    "read_only" / Int32ul,
    "uuid" / Bytes(16),
    "label" / Bytes(16),
    "last_mounted" / Bytes(64),
    Padding(8),
    "journal_uuid" / Bytes(16),
    "journal_inode" / Int32ul,
    Padding(4),
    "last_orphan" / Int32ul,
    Padding(17),
    "journal_backup" / Int8ul,
    "descriptor_size" / Int16ul,
    Padding(4),
    "first_meta_group" / Int32ul,
    "created" / Int32ul,
    "journal_blocks" / Bytes(60),
    "journal_size_high" / Int32ul,
    "journal_size_low" / Int32ul,
    "blocks_high" / Int32ul,
    "reserved_high" / Int32ul,
    "free_high" / Int32ul,
    Padding(25),
    "checksum_type" / Int8ul,
    Padding(30),
    "errors" / Int32ul,
    Padding(180),
    "backup_groups" / Int32ul[2],
    Padding(28),
    "checksum_seed" / Int32ul,
    Padding(2),
    "created_high" / Int8ul,
    Padding(9),
    "orphan_file" / Int32ul,
    Padding(376),
    "checksum" / Int32ul,
)
"""ext4, "Super Block". Of revision 0, nothing from `inode_size` on counts."""

STATE_CLEAN, STATE_ERRORS = 0x1, 0x2
CREATOR_LINUX = 0
CRC32C = 1

DESCRIPTOR = Struct(
    "block_bitmap" / Int32ul,
    "inode_bitmap" / Int32ul,
    "inode_table" / Int32ul,
    "free_blocks" / Int16ul,
    "free_inodes" / Int16ul,
    "directories" / Int16ul,
    "flags" / Int16ul,
    Padding(10),
    "checksum" / Int16ul,
)
"""ext4, "Block Group Descriptors"."""

DESCRIPTOR_64 = Struct(
    Padding(40),
    "inode_table_high" / Int32ul,
    "free_blocks_high" / Int16ul,
    Padding(18),
)
"""What a descriptor of 64 bytes has from byte 32 on."""

DESCRIPTOR_CHECKSUM = 30
"""Where the two bytes of a descriptor's checksum lie."""

ROOT = 2
ORIGINAL_INODE = 128
"""Bytes of an inode of revision 0, and of what every inode has."""

INODE = Struct(
    "mode" / Int16ul,
    "uid_low" / Int16ul,
    "size_low" / Int32ul,
    "accessed" / Int32ul,
    "changed" / Int32ul,
    "modified" / Int32ul,
    "deleted" / Int32ul,
    "gid_low" / Int16ul,
    "links" / Int16ul,
    "sectors_low" / Int32ul,
    "flags" / Int32ul,
    Padding(4),
    "map" / Bytes(60),
    "generation" / Int32ul,
    "attributes_low" / Int32ul,
    "size_high" / Int32ul,
    Padding(4),
    "sectors_high" / Int16ul,
    "attributes_high" / Int16ul,
    "uid_high" / Int16ul,
    "gid_high" / Int16ul,
    "checksum_low" / Int16ul,
    Padding(2),
)
"""ext4, "Index Nodes": the 128 bytes that every inode has."""

INODE_PACKED = Packed("<HHIIIIIHHII4x60xIII4xHHHHH2x")
"""The same for listings, whose every entry needs its inode."""

INODE_EXTRA = Struct(
    "extra_size" / Int16ul,
    "checksum_high" / Int16ul,
    "changed_extra" / Int32ul,
    "modified_extra" / Int32ul,
    "accessed_extra" / Int32ul,
    "created" / Int32ul,
    "created_extra" / Int32ul,
    Padding(4),
    "project" / Int32ul,
)
"""What larger inodes have from byte 128 on; each field counts only as far as `extra_size` reaches."""
PROJECT_AT = ORIGINAL_INODE + 28

INODE_CHECKSUM_LOW, INODE_CHECKSUM_HIGH = 124, 130
INODE_MAP = 40
"""Where the map of a file's blocks lies in its inode."""
MAP_LENGTH = 60

TYPE_MASK = 0xF000
TYPE_DIRECTORY, TYPE_FILE, TYPE_SYMLINK = 0x4000, 0x8000, 0xA000
TYPE_CHARACTER, TYPE_BLOCK = 0x2000, 0x6000
TYPES = (0x1000, TYPE_CHARACTER, TYPE_DIRECTORY, TYPE_BLOCK, TYPE_FILE, TYPE_SYMLINK, 0xC000)

FLAG_COMPRESSED = 0x4
FLAG_ENCRYPTED = 0x800
FLAG_HUGE_FILE = 0x40000
FLAG_EXTENTS = 0x80000
FLAG_INLINE_DATA = 0x10000000
FLAG_CASEFOLD = 0x40000000

FLAG_NAMES = {
    0x1: "secure deletion",
    0x2: "undeletable",
    0x4: "compressed",
    0x8: "synchronous",
    0x10: "immutable",
    0x20: "append only",
    0x40: "no dump",
    0x80: "no access times",
    0x800: "encrypted",
    0x1000: "hashed directory",
    0x4000: "journalled data",
    0x10000: "synchronous directory",
    0x20000: "top of a hierarchy",
    0x40000: "huge file",
    0x80000: "extents",
    0x100000: "verity",
    0x200000: "attribute value",
    0x2000000: "direct access",
    0x10000000: "inline data",
    0x20000000: "project inherited",
    0x40000000: "casefold",
}
"""ext4, "Index Nodes", i_flags."""

EXTENT_HEADER = Struct(
    "magic" / Int16ul,
    "entries" / Int16ul,
    "most" / Int16ul,
    "depth" / Int16ul,
    Padding(4),
)
EXTENT_INDEX = Struct("block" / Int32ul, "leaf_low" / Int32ul, "leaf_high" / Int16ul, Padding(2))
EXTENT = Struct("block" / Int32ul, "length" / Int16ul, "start_high" / Int16ul, "start_low" / Int32ul)
"""ext4, "The Contents of inode.i_block": the header of a node and the entries of its two kinds."""
EXTENT_HEADER_PACKED, EXTENT_INDEX_PACKED = Packed("<HHHHxxxx"), Packed("<IIHxx")
EXTENT_PACKED = Packed("<IHHI")
"""The same for nodes of thousands of entries, and for thousands of files."""
EXTENT_MAGIC = 0xF30A
EXTENT_LENGTH = 12
DEEPEST_EXTENTS = 5
UNWRITTEN = 32768
"""An extent's length beyond it means an unwritten one, of so much less."""

DIRECTORY_ENTRY = Struct("inode" / Int32ul, "length" / Int16ul, "name_length" / Int8ul, "type" / Int8ul)
"""ext4, "Directory Entries": what stands before each name."""
DIRECTORY_ENTRY_PACKED = Packed("<IHBB")
"""The same for directories of thousands of entries."""
DIRECTORY_TAIL = b"\x00\x00\x00\x00\x0c\x00\x00\xde"
"""The entry that hides a directory block's checksum, before the checksum itself."""
LONGEST_NAME = 255

ATTRIBUTE_MAGIC = 0xEA020000
ATTRIBUTES = Struct(
    "magic" / Int32ul, "references" / Int32ul, "blocks" / Int32ul, Padding(4), "checksum" / Int32ul
)
"""ext4, "Extended Attributes": the header of a block of them. The one in an inode is the magic alone."""
ATTRIBUTES_LENGTH = 32
ATTRIBUTE_PACKED = Packed("<BBHIII")
"""(name length, name index, offset of the value, inode with the value, its size, hash), then the name."""
ATTRIBUTE_PREFIXES = {
    1: "user.",
    2: "system.posix_acl_access",
    3: "system.posix_acl_default",
    4: "trusted.",
    6: "security.",
    7: "system.",
    8: "system.richacl",
    9: "encryption.",
    10: "gnu.",
}

ORPHAN_MAGIC = 0x0B10CA04
ORPHAN_TAIL = Struct("magic" / Int32ul, "checksum" / Int32ul)
"""ext4, "Orphan file": the end of each of its blocks."""
