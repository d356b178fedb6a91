"""The on-disk structures of the seventh edition, as bytes: three byte orders are more than `construct` has.

Of the PDP-11, a number of 32 bits is two of 16 bits, the upper one first, each little-endian.
"""

from __future__ import annotations

from array import array
from struct import Struct as Packed

BLOCK = 512
SUPERBLOCK_AT = 512
SUPERBLOCK_LENGTH = 440
INODES_AT = 1024
INODE_LENGTH = 64
INODES_PER_BLOCK = BLOCK // INODE_LENGTH
MOST_FREE_BLOCKS, MOST_FREE_INODES = 50, 100
DIRECT, POINTERS = 10, 13
MAP_AT = 12

ORDERS = ("little", "pdp", "big")
"""The PDP's numbers of 16 bits are those of "little"."""


class Reader:
    """Numbers of one byte order."""

    def __init__(self, order: str) -> None:
        self.order = order
        self.mark = ">" if order == "big" else "<"
        self.byteorder = "big" if order == "big" else "little"
        self._long = Packed(self.mark + ("HH" if order == "pdp" else "I"))
        self._fields = Packed(self.mark + "4H")

    def short(self, data: bytes, at: int) -> int:
        return data[at] << 8 | data[at + 1] if self.order == "big" else data[at] | data[at + 1] << 8

    def long(self, data: bytes, at: int) -> int:
        parts: tuple[int, ...] = self._long.unpack_from(data, at)
        return parts[0] << 16 | parts[1] if len(parts) == 2 else parts[0]

    def longs(self, data: bytes) -> array[int]:
        """A block of pointers."""
        return array("I", [self.long(data, at) for at in range(0, len(data), 4)])

    def addresses(self, data: bytes) -> array[int]:
        """The 13 pointers of an inode, of three bytes each: filsys(5), l3tol(3)."""
        places = {"little": (0, 1, 2), "pdp": (1, 2, 0), "big": (2, 1, 0)}[self.order]
        low, middle, high = places
        return array(
            "I",
            [
                data[at + low] | data[at + middle] << 8 | data[at + high] << 16
                for at in range(0, POINTERS * 3, 3)
            ],
        )

    def shorts(self, data: bytes) -> tuple[int, ...]:
        """Mode, links, uid and gid of an inode."""
        return self._fields.unpack_from(data)


DATA_START, VOLUME_SIZE, FREE_BLOCKS, FREE_INODES = 0, 2, 6, 208
UPDATED, TOTAL_FREE, TOTAL_FREE_INODES, NAME, PACK = 414, 418, 422, 428, 434
"""Where the fields of the superblock lie: filsys(5), struct filsys, without room between them."""
SIZE, ACCESSED, MODIFIED, CHANGED = 8, 52, 56, 60
"""And those of an inode, behind its first four."""
