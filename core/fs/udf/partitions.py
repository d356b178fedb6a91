"""Where the blocks of a partition lie on the volume: ECMA-167, 3/10.7 and UDF, 2.2.8 to 2.2.12."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import Protocol

from core.errors import CorruptStructure

Run = tuple[int, int]
"""(byte on the volume, blocks that follow each other from there)."""


class Partition(Protocol):
    def runs(self, block: int, count: int) -> Iterator[Run]:
        """Where so many blocks lie. Raises CorruptStructure at the first that is not in the partition."""


class Plain:
    """Blocks in a row: `start` in blocks from the start of the volume."""

    def __init__(self, start: int, blocks: int, block_size: int) -> None:
        self.start = start
        self.blocks = blocks
        self._block_size = block_size

    def runs(self, block: int, count: int) -> Iterator[Run]:
        inside = max(0, min(count, self.blocks - block))
        if inside:
            yield (self.start + block) * self._block_size, inside
        if inside < count:
            raise outside(block + inside, self.blocks)


class Sparable:
    """A partition on a disc that wears out: some packets have a substitute elsewhere."""

    def __init__(self, below: Plain, packet: int, spared: dict[int, int], block_size: int) -> None:
        self._below = below
        self._packet = packet
        self._spared = spared
        self._block_size = block_size

    def runs(self, block: int, count: int) -> Iterator[Run]:
        while count:
            within = block % self._packet
            length = min(self._packet - within, count)
            substitute = self._spared.get(block - within)
            if substitute is None:
                yield from self._below.runs(block, length)
            else:
                yield (substitute + within) * self._block_size, length
            block += length
            count -= length


class Virtual:
    """A partition on a disc that is written once: a table says where each block is now."""

    def __init__(self, below: Plain, table: array[int]) -> None:
        self._below = below
        self._table = table

    def runs(self, block: int, count: int) -> Iterator[Run]:
        for number in range(block, block + count):
            if number >= len(self._table):
                raise outside(number, len(self._table))
            yield from self._below.runs(self._table[number], 1)


class Metadata:
    """A partition that is a file: `pieces` are (first block, first block below, blocks) in order."""

    def __init__(self, below: Partition, pieces: list[tuple[int, int, int]]) -> None:
        self._below = below
        self._pieces = pieces
        self._starts = [first for first, _, _ in pieces]

    def runs(self, block: int, count: int) -> Iterator[Run]:
        while count:
            index = bisect_right(self._starts, block) - 1
            first, below, blocks = self._pieces[index] if index >= 0 else (0, 0, 0)
            within = block - first
            length = min(blocks - within, count)
            if length <= 0:
                raise outside(block, self._starts[-1] + self._pieces[-1][2] if self._pieces else 0)
            yield from self._below.runs(below + within, length)
            block += length
            count -= length


def outside(block: int, blocks: int) -> CorruptStructure:
    return CorruptStructure("allocation", 0, f"a block among {blocks}", str(block))
