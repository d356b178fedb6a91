"""Inodes as every system of the family has them, and how many of them are read at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from core.blockdev.device import BlockDevice
from core.entry import Kind
from core.errors import CorruptStructure, MediumError, NotFound, RumpusError

TYPE_MASK = 0o170000
TYPE_FIFO, TYPE_CHARACTER, TYPE_DIRECTORY, TYPE_BLOCK = 0o010000, 0o020000, 0o040000, 0o060000
TYPE_FILE, TYPE_SYMLINK, TYPE_SOCKET, TYPE_WHITEOUT = 0o100000, 0o120000, 0o140000, 0o160000
TYPES = frozenset(
    (
        *(TYPE_FIFO, TYPE_CHARACTER, TYPE_DIRECTORY, TYPE_BLOCK),
        *(TYPE_FILE, TYPE_SYMLINK, TYPE_SOCKET, TYPE_WHITEOUT),
    )
)
LARGEST = 2**63 - 1

_KINDS = {TYPE_FILE: Kind.FILE, TYPE_DIRECTORY: Kind.DIRECTORY, TYPE_SYMLINK: Kind.SYMLINK}
_GAP = 16 * 1024
_RUN = 256 * 1024
"""Inodes that lie at most this far apart are read at once, and at most so much at once."""
_SECOND = 1_000_000_000
_Decoded = TypeVar("_Decoded")


class Inode(msgspec.Struct):
    """One inode. Sizes in bytes, times in nanoseconds since 1970, `position` on the volume.

    `map` is what tells where the bytes lie. With a `problem` the content is not to be trusted.
    """

    number: int
    position: int
    mode: int
    links: int
    uid: int
    gid: int
    size: int
    map: bytes
    modified: int | None = None
    accessed: int | None = None
    changed: int | None = None
    created: int | None = None
    allocated: int | None = None
    facts: list[tuple[str, str]] = msgspec.field(default_factory=list)
    problem: CorruptStructure | None = None

    @property
    def kind(self) -> Kind:
        return _KINDS.get(self.mode & TYPE_MASK, Kind.OTHER)

    @property
    def is_device(self) -> bool:
        return self.mode & TYPE_MASK in (TYPE_BLOCK, TYPE_CHARACTER)

    @property
    def in_use(self) -> bool:
        return self.mode != 0 and self.links > 0

    def check(self, largest: int) -> None:
        """Notes what is wrong with it. `largest` is the size that its map can reach."""
        if not self.in_use:
            self._corrupt("an inode in use", f"mode {self.mode:#o}, {self.links} links")
        elif self.mode & TYPE_MASK not in TYPES:
            self._corrupt("a known kind of file", f"mode {self.mode:#o}")
        elif self.kind is not Kind.OTHER and self.size > largest:
            self._corrupt(f"a size of at most {largest}", str(self.size))
        self.size = min(self.size, LARGEST)

    def _corrupt(self, expected: str, found: str) -> None:
        self.problem = CorruptStructure("inode", self.position, expected, found)


def nanoseconds(seconds: int, fraction: int = 0) -> int | None:
    """A time, or None where 64 bits of nanoseconds cannot hold it: nobody set that."""
    time = seconds * _SECOND + (fraction if 0 <= fraction < _SECOND else 0)
    return time if -LARGEST <= time <= LARGEST else None


def read_many(
    device: BlockDevice,
    numbers: Iterable[int],
    place: Callable[[int], int],
    size: int,
    decode: Callable[[int, int, bytes], _Decoded],
) -> dict[int, _Decoded | RumpusError]:
    """The inodes of these numbers, those that lie close together read at once; or why not.

    `place` tells where an inode of `size` bytes lies, `decode` makes it of number, position and bytes.
    """
    found: dict[int, _Decoded | RumpusError] = {}
    places: list[tuple[int, int]] = []
    for number in set(numbers):
        try:
            places.append((place(number), number))
        except (NotFound, CorruptStructure, MediumError) as error:
            found[number] = error
    places.sort()
    first = 0
    while first < len(places):
        start = end = places[first][0]
        stop = first
        while stop < len(places) and places[stop][0] - end <= _GAP and places[stop][0] - start < _RUN:
            end = places[stop][0]
            stop += 1
        _read(device, places[first:stop], size, decode, found)
        first = stop
    return found


def _read(
    device: BlockDevice,
    places: list[tuple[int, int]],
    size: int,
    decode: Callable[[int, int, bytes], _Decoded],
    found: dict[int, _Decoded | RumpusError],
) -> None:
    start = places[0][0]
    try:
        data = device.read(start, places[-1][0] + size - start)
    except (CorruptStructure, MediumError) as error:
        if len(places) == 1:
            found[places[0][1]] = error
            return
        for one in places:
            _read(device, [one], size, decode, found)
        return
    for position, number in places:
        found[number] = decode(number, position, data[position - start : position - start + size])
