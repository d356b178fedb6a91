"""The volume as it is once its journal is replayed, while the stick stays as it was.

The journal holds whole blocks. Rather than copy them over those that they replace, reads are led to where
they lie in the journal: so they take no memory, and a file's bytes can be copied from there.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure
from core.fs.ext.checksum import crc32c


class Copy(NamedTuple):
    """A block in the journal: where it lies, and what of its checksum is known."""

    position: int
    escaped: bool
    """Its first four bytes looked like the journal's own signature, and were blanked."""
    sequence: int
    checksum: int | None


class Replayed(BlockDevice):
    """`device` with `copies` of the journal in place of the blocks with these numbers.

    `signature` is where the four bytes lie that escaping took from the start of a block: the journal itself
    begins with them. `seed` begins the checksums of the copies, of which `mask` says how much is kept.
    """

    def __init__(
        self,
        device: BlockDevice,
        block_size: int,
        copies: Mapping[int, Copy],
        signature: int,
        seed: int = 0,
        mask: int = 0,
    ) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self._device = device
        self._block_size = block_size
        self._copies = copies
        self._blocks = array("Q", sorted(copies))
        self._signature = signature
        self._seed = seed
        self._mask = mask
        self._checked: set[int] = set()

    def locate(self, offset: int) -> tuple[int, int] | None:
        self.check(offset, 0)
        return None

    def read(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        pieces = [self._device.read(start, size) for start, size in self.pieces(offset, length)]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def pieces(self, offset: int, length: int) -> Iterator[tuple[int, int]]:
        """Where on the device these bytes lie, as (position, length). Raises CorruptStructure, MediumError
        when the journal's copy of a block is damaged."""
        size = self._block_size
        end = offset + length
        start = offset
        first = bisect_left(self._blocks, offset // size)
        for index in range(first, bisect_left(self._blocks, -(-end // size), first)):
            block = self._blocks[index]
            low, high = max(offset, block * size), min(end, (block + 1) * size)
            if start < low:
                yield start, low - start
            yield from self._copied(block, low - block * size, high - block * size)
            start = high
        if start < end:
            yield start, end - start

    def _copied(self, block: int, low: int, high: int) -> Iterator[tuple[int, int]]:
        copy = self._copies[block]
        self._check_sum(block, copy)
        if copy.escaped and low < 4:
            blanked = min(high, 4) - low
            yield self._signature + low, blanked
            low += blanked
        if low < high:
            yield copy.position + low, high - low

    def _check_sum(self, block: int, copy: Copy) -> None:
        if copy.checksum is None or block in self._checked:
            return
        data = self._device.read(copy.position, self._block_size)
        wanted = crc32c(self._seed, copy.sequence.to_bytes(4, "big") + data) & self._mask
        if wanted != copy.checksum:
            raise CorruptStructure(
                "journal", copy.position, f"a block with checksum {copy.checksum:#x}", f"{wanted:#x}"
            )
        self._checked.add(block)
