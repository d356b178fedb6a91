"""Where the bytes of a file lie: some direct pointers, and trees of one, two and three levels of pointers.

McKusick and others, "A Fast File System for UNIX" (1984), section 2, and the systems before and after it.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterator

import msgspec

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, RumpusError
from core.fs.driver import HOLE, Extent
from core.fs.unix.inode import LARGEST

_LEVELS = 3
Numbers = Callable[[bytes], "array[int]"]


class Shape(msgspec.Struct, frozen=True):
    """How the maps of a volume are made. Sizes in bytes."""

    block_size: int
    unit: int
    """What pointers count in: a block has one or several units, the last one of a file perhaps fewer."""
    direct: int
    width: int
    """Of a pointer in a block of pointers."""
    numbers: Numbers
    """The pointers of such a block."""
    first: int
    """The least unit that may belong to a file."""
    end: int
    """The unit behind the last one of the volume, or of the device when that is smaller."""

    @property
    def pointers(self) -> int:
        return self.block_size // self.width

    @property
    def step(self) -> int:
        return self.block_size // self.unit

    @property
    def largest(self) -> int:
        """The size that a map can reach."""
        per = self.pointers
        return min((self.direct + per + per**2 + per**3) * self.block_size, LARGEST)


def numbers(width: int, byteorder: str) -> Numbers:
    """Reads unsigned numbers of 4 or 8 bytes, "little" or "big" end first."""
    code = "I" if width == 4 else "Q"
    swapped = byteorder != sys.byteorder

    def read(data: bytes) -> array[int]:
        values = array(code, data)
        if swapped:
            values.byteswap()
        return values

    return read


def extents(
    device: BlockDevice, shape: Shape, values: array[int], size: int, position: int
) -> Iterator[Extent]:
    """The file's bytes in order, covering exactly its size. Raises CorruptStructure, MediumError.

    `values` are the pointers of its inode, direct ones first; they lie at `position`.
    """
    return joined(_Walk(device, shape, size).pieces(values, position), size)


def joined(pieces: Iterator[Extent], size: int) -> Iterator[Extent]:
    """Pieces in file order with the holes between them, cut to `size`, and adjacent ones merged."""
    last: Extent | None = None
    reached = 0
    try:
        for start, position, length in pieces:
            if start >= size:
                break
            length = min(length, size - start)
            if last is not None and (start > reached or position != last.position + last.length):
                yield last
                last = None
            if start > reached:
                yield Extent(reached, HOLE, start - reached)
            joint = 0 if last is None else last.length
            last = Extent(start - joint, position - joint, joint + length)
            reached = start + length
    except RumpusError:
        if last is not None:  # what is sound before the damage can be read
            yield last
        raise
    if last is not None:
        yield last
    if reached < size:
        yield Extent(reached, HOLE, size - reached)


class _Walk:
    """One walk over a map."""

    def __init__(self, device: BlockDevice, shape: Shape, size: int) -> None:
        self._device = device
        self._shape = shape
        self._size = size
        self._end = -(-size // shape.block_size)
        self._step = shape.step
        self._met = 0
        """Units met, those of pointers too: each has one place, so there are no more than the volume has."""

    def pieces(self, values: array[int], position: int) -> Iterator[Extent]:
        shape = self._shape
        yield from self._run(values[: shape.direct], 0, position)
        logical = shape.direct
        for level in range(1, min(_LEVELS, len(values) - shape.direct) + 1):
            yield from self._tree(values[shape.direct + level - 1], logical, level, position)
            logical += shape.pointers**level

    def _tree(self, pointer: int, logical: int, level: int, came_from: int) -> Iterator[Extent]:
        """What is below a block of pointers, which covers the file from block `logical` on."""
        if pointer == 0 or logical >= self._end:
            return
        shape = self._shape
        self._check(pointer, self._step, came_from)
        position = pointer * shape.unit
        values = shape.numbers(self._device.read(position, shape.block_size))
        if level == 1:
            yield from self._run(values, logical, position)
            return
        span = shape.pointers ** (level - 1)
        for index, child in enumerate(values):
            if child:
                start = logical + index * span
                yield from self._tree(child, start, level - 1, position + index * shape.width)

    def _run(self, values: array[int], logical: int, position: int) -> Iterator[Extent]:
        """Pointers to blocks of the file, joined where they are consecutive."""
        stop = min(len(values), self._end - logical)
        if stop <= 0:
            return
        step, first = self._step, values[0]
        inside = first > 0 and first + stop * step <= self._shape.end
        # Most are one run; comparing them whole spares the loop.
        if inside and values[:stop] == array(values.typecode, range(first, first + stop * step, step)):
            yield self._piece(logical, first, stop, position)
            return
        at = 0
        while at < stop:
            first = values[at]
            if first == 0:
                at += 1
                continue
            count = 1
            while at + count < stop and values[at + count] == first + count * step:
                count += 1
            yield self._piece(logical + at, first, count, position + at * self._shape.width)
            at += count

    def _piece(self, logical: int, first: int, count: int, came_from: int) -> Extent:
        shape = self._shape
        offset = logical * shape.block_size
        length = min(count * shape.block_size, self._size - offset)
        self._check(first, -(-length // shape.unit), came_from)
        return Extent(offset, first * shape.unit, length)

    def _check(self, first: int, count: int, came_from: int) -> None:
        shape = self._shape
        if first < shape.first or first + count > shape.end:
            expected = f"blocks from {shape.first} to {shape.end}"
            raise CorruptStructure("block map", came_from, expected, f"{count} from {first:#x} on")
        self._met += count
        if self._met > shape.end:
            expected = "each block of the volume in one place"
            raise CorruptStructure("block map", came_from, expected, "more than the volume has")
