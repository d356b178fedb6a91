"""What ext's journal does to the blocks that it holds: some begin otherwise, and each has a checksum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure
from core.fs.ext.checksum import crc32c
from core.fs.replayed import Replayed


class Copy(NamedTuple):
    """A block in the journal: where it lies, and what of its checksum is known."""

    position: int
    escaped: bool
    """Its first four bytes looked like the journal's own signature, and were blanked."""
    sequence: int
    checksum: int | None


class Unescaped(Replayed):
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
        super().__init__(device, block_size, copies)
        self._copies = copies
        self._signature = signature
        self._seed = seed
        self._mask = mask
        self._checked: set[int] = set()

    def _copied(self, block: int, low: int, high: int) -> Iterator[tuple[int, int]]:
        """Raises CorruptStructure, MediumError when the journal's copy of the block is damaged."""
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
        data = self._device.read(copy.position, self._unit)
        wanted = crc32c(self._seed, copy.sequence.to_bytes(4, "big") + data) & self._mask
        if wanted != copy.checksum:
            raise CorruptStructure(
                "journal", copy.position, f"a block with checksum {copy.checksum:#x}", f"{wanted:#x}"
            )
        self._checked.add(block)
