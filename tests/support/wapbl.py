"""Logs of NetBSD's FFS (WAPBL), for volumes that makefs makes without one: sys/wapbl_replay.h."""

from __future__ import annotations

from collections.abc import Iterable
from struct import pack, pack_into, unpack_from

from tests.support.ffs import SUPERBLOCK

SECTOR = 512
HEADER, INODES, REVOKED, BLOCKS = 0x5741424C, 0x5741424D, 0x5741424E, 0x5741424F
RING = 2 * SECTOR
FLAGS_AT, VERSION_AT, PLACES_AT = 1312, 864, 872


def blocks(mark: str, listed: list[tuple[int, bytes]]) -> bytes:
    """A record of blocks: (sector, its bytes) of each."""
    head = pack(f"{mark}IiiI", BLOCKS, SECTOR + sum(len(data) for _, data in listed), len(listed), 0)
    for sector, data in listed:
        head += pack(f"{mark}qIi", sector, 0, len(data))
    return head.ljust(SECTOR, b"\0") + b"".join(data for _, data in listed)


def revoked(mark: str, listed: list[tuple[int, int]]) -> bytes:
    """A record of blocks that do not count any more: (sector, bytes) of each."""
    head = pack(f"{mark}IiiI", REVOKED, SECTOR, len(listed), 0)
    return (head + b"".join(pack(f"{mark}qIi", sector, 0, size) for sector, size in listed)).ljust(
        SECTOR, b"\0"
    )


def inodes(mark: str, numbers: Iterable[int], *, clear: bool = False) -> bytes:
    listed = [pack(f"{mark}II", number, 0o100644) for number in numbers]
    return (pack(f"{mark}IiiI", INODES, SECTOR, len(listed), clear) + b"".join(listed)).ljust(SECTOR, b"\0")


def log(mark: str, records: list[bytes], size: int, tail: int = RING, *, generation: int = 7) -> bytearray:
    """A log of `size` bytes whose first record is at `tail`. The other header is older and tells of none."""
    ring = bytearray(size)
    at = tail
    for piece in b"".join(records), b"":
        for low in range(0, len(piece), SECTOR):
            ring[at : at + SECTOR] = piece[low : low + SECTOR]
            at = at + SECTOR if at + SECTOR < size else RING
    for copy, (head, tail_at) in enumerate(((at, tail), (0, 0))):
        fields = (HEADER, SECTOR, 0, generation - copy, 0, 0, 0, 0, 1, 9, 9, head, tail_at, RING, size - RING)
        pack_into(f"{mark}IiIIiiQIIIIqqqq", ring, copy * SECTOR, *fields)
    return ring


def with_log(image: bytes, mark: str, ring: bytes, *, inside: bool) -> bytearray:
    """The volume, not unmounted, with a log behind it or in its last blocks, which nothing else is in."""
    made = bytearray(image)
    at = len(image) - len(ring) if inside else len(image)
    made[at : at + len(ring)] = ring
    flags = unpack_from(f"{mark}I", made, SUPERBLOCK + FLAGS_AT)[0]
    pack_into(f"{mark}I", made, SUPERBLOCK + FLAGS_AT, flags | 0x100)
    made[SUPERBLOCK + 209] = 2  # it was clean when it was mounted
    pack_into("BB", made, SUPERBLOCK + VERSION_AT, 1, 2 if inside else 1)
    pack_into(f"{mark}4Q", made, SUPERBLOCK + PLACES_AT, at // SECTOR, len(ring) // SECTOR, SECTOR, 0)
    return made
