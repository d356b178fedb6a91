"""Forks: a file's bytes as runs of allocation blocks, the first few beside its name, others in a tree.

TN1150, "Fork Data Structure" and "Extents Overflow File"; Files, "Extents Overflow Files".
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError
from core.fs.driver import Extent

Piece = tuple[int, int]
"""(first allocation block, blocks in a row)."""

DATA, RESOURCE = 0, 0xFF
"""The two forks of a file, as the extents overflow file tells them apart."""


class Blocks(msgspec.Struct, frozen=True):
    """`count` allocation blocks of `size` bytes, of which the first lies at `base` on the device."""

    device: BlockDevice
    base: int
    size: int
    count: int

    def position(self, block: int) -> int:
        return self.base + block * self.size


class Fork(NamedTuple):
    """A fork as its file's record has it. `position` is where that says so, for telling of damage."""

    size: int
    pieces: tuple[Piece, ...]
    position: int
    number: int
    """Of the file that it belongs to."""
    kind: int = DATA


Overflow = Callable[[Fork, int], list[Piece]]
"""The pieces of a fork from the given block of the file on; none if there are no more. Raises
CorruptStructure, MediumError."""


def no_overflow(fork: Fork, block: int) -> list[Piece]:
    """Of the forks that have no pieces but the first ones."""
    return []


def runs(blocks: Blocks, fork: Fork, overflow: Overflow) -> Iterator[Piece]:
    """The blocks that the fork's size needs, in order. Sound ones come first.

    Raises CorruptStructure, MediumError.
    """
    needed = -(-fork.size // blocks.size)
    reached = 0
    pieces: list[Piece] | tuple[Piece, ...] = fork.pieces
    while reached < needed:
        before = reached
        for first, count in pieces:
            if count == 0:
                break
            if first + count > blocks.count:
                found = f"{count} from {first} on"
                raise CorruptStructure("fork", fork.position, f"blocks below {blocks.count}", found)
            count = min(count, needed - reached)
            reached += count
            if reached > blocks.count:
                expected = f"at most {blocks.count} blocks"
                raise CorruptStructure("fork", fork.position, expected, f"{needed} blocks")
            yield first, count
            if reached >= needed:
                return
        if reached == before and pieces is not fork.pieces:
            break
        pieces = overflow(fork, reached)
        if not pieces:
            break
    if reached < needed:
        expected = f"blocks for {fork.size} bytes"
        raise CorruptStructure("fork", fork.position, expected, f"{reached} blocks of {blocks.size}")


def extents(blocks: Blocks, fork: Fork, overflow: Overflow) -> Iterator[Extent]:
    """Where the fork's bytes lie, covering exactly its size. What is sound comes first.

    Raises CorruptStructure, MediumError.
    """
    last: Extent | None = None
    reached = 0
    try:
        for first, count in runs(blocks, fork, overflow):
            position = blocks.position(first)
            length = min(count * blocks.size, fork.size - reached)
            if last is not None and last.position + last.length == position:
                last = last._replace(length=last.length + length)
            else:
                if last is not None:
                    yield last
                last = Extent(reached, position, length)
            reached += length
    except (CorruptStructure, MediumError):
        if last is not None:
            yield last
        raise
    if last is not None:
        yield last


class Bytes:
    """A fork that is read at many places: a tree, a table, a resource fork.

    Its map is made once. Where a part of it is missing, the places before that can be read all the same, and
    `fault` says what is wrong.
    """

    MOST = 1 << 17
    """Pieces that are remembered."""

    def __init__(self, blocks: Blocks, fork: Fork, overflow: Overflow) -> None:
        self.size = 0
        self.fault: CorruptStructure | MediumError | None = None
        self._fork = fork
        self._device = blocks.device
        self._offsets, self._positions = array("q"), array("q")
        try:
            for extent in extents(blocks, fork, overflow):
                self._offsets.append(extent.offset)
                self._positions.append(extent.position)
                self.size = extent.offset + extent.length
                if len(self._offsets) >= self.MOST:
                    break
        except (CorruptStructure, MediumError) as error:
            self.fault = error

    def read(self, offset: int, length: int) -> bytes:
        """Raises CorruptStructure, MediumError."""
        if length < 0 or offset < 0 or offset + length > self.size:
            if self.fault is not None:
                raise self.fault
            found = f"{length} bytes at {offset}"[:100]
            raise CorruptStructure("fork", self._fork.position, f"a place in its {self.size} bytes", found)
        pieces: list[bytes] = []
        index = bisect_right(self._offsets, offset) - 1
        while length:
            end = self._offsets[index + 1] if index + 1 < len(self._offsets) else self.size
            within = offset - self._offsets[index]
            piece = min(length, end - offset)
            pieces.append(self._device.read(self._positions[index] + within, piece))
            offset, length, index = offset + piece, length - piece, index + 1
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def position(self, offset: int) -> int:
        """Where a byte lies on the volume, for telling of it."""
        index = bisect_right(self._offsets, offset) - 1
        if index < 0:
            return self._fork.position
        return self._positions[index] + offset - self._offsets[index]
