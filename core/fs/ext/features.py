"""The feature bits of a superblock by the names that mke2fs knows them by: ext4, "Super Block"."""

from __future__ import annotations

from core.errors import UnsupportedFeature

HAS_JOURNAL = 0x4
SPARSE_SUPER_2 = 0x200
ORPHAN_FILE = 0x1000

COMPATIBLE = {
    0x1: "dir_prealloc",
    0x2: "imagic_inodes",
    0x4: "has_journal",
    0x8: "ext_attr",
    0x10: "resize_inode",
    0x20: "dir_index",
    0x40: "lazy_bg",
    0x80: "exclude_inode",
    0x100: "snapshot_bitmap",
    0x200: "sparse_super2",
    0x400: "fast_commit",
    0x800: "stable_inodes",
    0x1000: "orphan_file",
}

FILETYPE = 0x2
NEEDS_RECOVERY = 0x4
JOURNAL_DEVICE = 0x8
META_BG = 0x10
EXTENTS = 0x40
WIDE = 0x80
EA_INODE = 0x400
CSUM_SEED = 0x2000
LARGE_DIR = 0x4000

INCOMPATIBLE = {
    0x1: "compression",
    0x2: "filetype",
    0x4: "needs_recovery",
    0x8: "journal_dev",
    0x10: "meta_bg",
    0x40: "extent",
    0x80: "64bit",
    0x100: "mmp",
    0x200: "flex_bg",
    0x400: "ea_inode",
    0x1000: "dirdata",
    0x2000: "metadata_csum_seed",
    0x4000: "large_dir",
    0x8000: "inline_data",
    0x10000: "encrypt",
    0x20000: "casefold",
}
_READ = 0x3E7D7
"""The incompatible features that this driver reads; compressed and encrypted files are refused one by one."""

SPARSE_SUPER = 0x1
LARGE_FILE = 0x2
HUGE_FILE = 0x8
UNINIT_BG = 0x10
BIGALLOC = 0x200
METADATA_CSUM = 0x400
ORPHAN_PRESENT = 0x10000

READ_ONLY = {
    0x1: "sparse_super",
    0x2: "large_file",
    0x4: "btree_dir",
    0x8: "huge_file",
    0x10: "uninit_bg",
    0x20: "dir_nlink",
    0x40: "extra_isize",
    0x80: "snapshot",
    0x100: "quota",
    0x200: "bigalloc",
    0x400: "metadata_csum",
    0x800: "replica",
    0x1000: "read-only",
    0x2000: "project",
    0x4000: "shared_blocks",
    0x8000: "verity",
    0x10000: "orphan_present",
}
"""Whoever does not know one of these may still read."""

_EXT3_INCOMPATIBLE = FILETYPE | NEEDS_RECOVERY | META_BG
_EXT3_READ_ONLY = 0x7
"""What ext2 and ext3 could have."""


def system(compatible: int, incompatible: int, read_only: int) -> str:
    """ext2, ext3 or ext4: the oldest driver of the kernel that could have read it."""
    if incompatible & ~_EXT3_INCOMPATIBLE or read_only & ~_EXT3_READ_ONLY:
        return "ext4"
    return "ext3" if compatible & HAS_JOURNAL else "ext2"


def names(bits: int, known: dict[int, str]) -> list[str]:
    """The names of the bits that are set, the lowest first; of unknown ones their value."""
    return [known.get(bit, f"{bit:#x}") for bit in (1 << at for at in range(32)) if bits & bit]


def refuse_unreadable(incompatible: int) -> None:
    """Raises UnsupportedFeature with the names of the features that keep this driver from reading."""
    missing = incompatible & ~_READ
    if missing:
        raise UnsupportedFeature(", ".join(names(missing, INCOMPATIBLE)))
