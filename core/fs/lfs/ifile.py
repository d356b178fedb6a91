"""The ifile, which tells for each inode in which block it was written last, and the inodes themselves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Literal

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, MediumError, NotFound, RumpusError
from core.fs.driver import HOLE, Extent
from core.fs.ffs.inode import ufs1
from core.fs.ffs.structures import INODE_UFS1
from core.fs.lfs.geometry import Geometry
from core.fs.lfs.structures import IFILE
from core.fs.unix.inode import Inode

_FIRST = 2
_MOST_PIECES = 1 << 16
"""Of the ifile, which is written a few blocks at a time. Inodes behind them cannot be found."""


class Ifile:
    """Raises CorruptStructure and MediumError when made if the ifile's own inode is not there."""

    def __init__(
        self, device: BlockDevice, layout: Geometry, mapped: Callable[[Inode], Iterator[Extent]], largest: int
    ) -> None:
        self._device = device
        self._layout = layout
        self._largest = largest
        self.newer: dict[int, int] = {}
        """Where inodes stand that were written after the checkpoint, by their numbers."""
        address = layout.superblock.ifile_address
        inode = self._in_block(self._inode_block(address), [IFILE])[IFILE]
        if isinstance(inode, RumpusError):
            raise inode
        if inode.problem is not None:
            raise inode.problem
        self._pieces = list(islice(mapped(inode), _MOST_PIECES))
        self._offsets = [piece.offset for piece in self._pieces]
        blocks = inode.size // layout.block_size - layout.first_entry_block
        if blocks <= 0:
            expected = f"more than {layout.first_entry_block} blocks"
            raise CorruptStructure("ifile", inode.position, expected, f"{inode.size} bytes")
        self.count = blocks * layout.entries_per_block

    def inodes(self, numbers: Iterable[int]) -> dict[int, Inode | RumpusError]:
        """The inodes of these numbers, those of one block read together; or why not."""
        found: dict[int, Inode | RumpusError] = {}
        wanted: dict[int, list[int]] = {}
        block, at = b"", -1
        for number in sorted(set(numbers)):
            if number in self.newer:
                wanted.setdefault(self.newer[number], []).append(number)
                continue
            if not _FIRST <= number < self.count:
                found[number] = NotFound(f"inode {number}")
                continue
            index, entry = divmod(number, self._layout.entries_per_block)
            try:
                if index != at:
                    block, at = self._block(index), index
            except (CorruptStructure, MediumError) as error:
                found[number] = error
                continue
            start = entry * self._layout.entry_length + 4
            address = int.from_bytes(block[start : start + 4], self._order)
            if address == 0:
                found[number] = NotFound(f"inode {number}")
            else:
                wanted.setdefault(address, []).append(number)
        for address in sorted(wanted):
            try:
                found.update(self._in_block(self._inode_block(address), wanted[address]))
            except (CorruptStructure, MediumError) as error:
                found.update(dict.fromkeys(wanted[address], error))
        return found

    @property
    def _order(self) -> Literal["little", "big"]:
        return "little" if self._layout.byteorder == "little" else "big"

    def _block(self, index: int) -> bytes:
        """The block of the ifile in which the entries of so many blocks before it end."""
        layout = self._layout
        offset = (layout.first_entry_block + index) * layout.block_size
        piece = self._pieces[bisect_right(self._offsets, offset) - 1]
        within = offset - piece.offset
        if piece.position == HOLE or within + layout.block_size > piece.length:
            raise CorruptStructure("ifile", 0, "a block of entries", f"a hole at {offset}")
        return self._device.read(piece.position + within, layout.block_size)

    def _inode_block(self, address: int) -> tuple[int, bytes]:
        position = address * self._layout.unit
        return position, self._device.read(position, self._layout.inode_block_size)

    def _in_block(self, block: tuple[int, bytes], numbers: list[int]) -> dict[int, Inode | RumpusError]:
        """An inode may stand in its block twice: the last one counts."""
        position, data = block
        layout = self._layout
        places = {
            int.from_bytes(data[at + 4 : at + 8], self._order): at
            for at in range(0, len(data) // INODE_UFS1 * INODE_UFS1, INODE_UFS1)
        }
        found: dict[int, Inode | RumpusError] = {}
        for number in numbers:
            at = places.get(number, -1)
            if at < 0:
                expected, others = f"inode {number}", ", ".join(map(str, places))[:200]
                found[number] = CorruptStructure("block of inodes", position, expected, others)
                continue
            raw = data[at : at + INODE_UFS1]
            inode = ufs1(number, position + at, raw, layout.byteorder, old=False, unit=layout.unit)
            inode.check(self._largest)
            found[number] = inode
        return found
