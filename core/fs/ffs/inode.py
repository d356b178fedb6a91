"""Inodes of UFS1, which are those of LFS too, and of UFS2."""

from __future__ import annotations

from core.fs.ffs.structures import INODE_UFS1, INODE_UFS2, MAP_UFS1, MAP_UFS2, PACKINGS, POINTERS
from core.fs.unix.inode import Inode, nanoseconds

_SECTOR = 512
_FLAGS = {
    0x1: "no dump",
    0x2: "immutable",
    0x4: "append only",
    0x8: "opaque",
    0x10: "no unlink",
    0x10000: "archived",
    0x20000: "immutable for the system",
    0x40000: "append only for the system",
    0x100000: "no unlink for the system",
    0x200000: "snapshot",
}
"""chflags(2)."""
FLAG_SNAPSHOT = 0x200000


def ufs1(number: int, position: int, raw: bytes, byteorder: str, *, old: bool, unit: int = _SECTOR) -> Inode:
    """`unit` is what allocated space is counted in; of `old` inodes, users have 16 bits."""
    fields = PACKINGS[byteorder].ufs1.unpack_from(raw)
    mode, links, old_uid, old_gid, size = fields[:5]
    accessed, accessed_part, modified, modified_part, changed, changed_part = fields[5:11]
    flags, sectors, generation, uid, gid = fields[11:]
    return Inode(
        number,
        position,
        mode,
        max(links, 0),
        old_uid if old else uid,
        old_gid if old else gid,
        size,
        raw[MAP_UFS1 : MAP_UFS1 + POINTERS * 4],
        nanoseconds(modified, modified_part),
        nanoseconds(accessed, accessed_part),
        nanoseconds(changed, changed_part),
        None,
        sectors * unit,
        _facts(flags, generation),
    )


def ufs2(number: int, position: int, raw: bytes, byteorder: str) -> Inode:
    fields = PACKINGS[byteorder].ufs2.unpack_from(raw)
    mode, links, uid, gid, size, sectors = fields[:6]
    accessed, modified, changed, created = fields[6:10]
    modified_part, accessed_part, changed_part, created_part = fields[10:14]
    generation, flags, extended = fields[14:]
    facts = _facts(flags, generation)
    if extended:
        facts.append(("Extended attributes", f"{extended} bytes"))
    return Inode(
        number,
        position,
        mode,
        max(links, 0),
        uid,
        gid,
        size,
        raw[MAP_UFS2 : MAP_UFS2 + POINTERS * 8],
        nanoseconds(modified, modified_part),
        nanoseconds(accessed, accessed_part),
        nanoseconds(changed, changed_part),
        nanoseconds(created, created_part) if created else None,
        min(sectors, 2**50) * _SECTOR,
        facts,
    )


def sizes(magic_is_ufs2: bool) -> tuple[int, int]:
    """(size of an inode, width of a pointer)."""
    return (INODE_UFS2, 8) if magic_is_ufs2 else (INODE_UFS1, 4)


def _facts(flags: int, generation: int) -> list[tuple[str, str]]:
    words = ", ".join(name for bit, name in _FLAGS.items() if flags & bit)
    return [("Flags", words), ("Generation", str(generation & 0xFFFFFFFF))]
