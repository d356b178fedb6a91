"""What was written after a checkpoint, which is applied in memory as far as it is whole.

Seltzer and others (1993), sections 3 and 4: the log goes on where a checkpoint says, in partial segments.
Each begins with a summary of the files and inodes whose blocks follow it, tells where the next segment is,
and has checksums of itself and of its blocks. Inodes are written behind the blocks of their files, so that
those that are found say all: until its inode is written anew, a file stays as it was. Of operations on
directories that take several partial segments, none counts before the last.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from core.blockdev.device import BlockDevice
from core.errors import MediumError, UnsupportedFeature
from core.fs.ffs.structures import INODE_UFS1
from core.fs.lfs.geometry import Geometry, checksum
from core.fs.lfs.structures import (
    CONTINUED,
    DIRECTORY_OPERATION,
    FILE_LENGTH,
    IFILE,
    PACKINGS,
    PAD,
    SERIAL_AT,
    SUMMARY_LENGTH,
    SUMMARY_MAGIC,
)

_MOST_PARTIALS, _MOST_BYTES = 1 << 14, 32 << 20
"""After a checkpoint. The system makes the next one within a few segments."""
_LONGEST = 16 << 20
"""Bytes of a partial segment, which lies in one segment."""
_NUMBER_AT = 4
"""Where the number of an inode stands in it."""
_WORDS = {1: (8, 4), 2: (4,)}
"""How many bytes of each block the checksum of the blocks is about: a long of the machine in version 1."""


@dataclass
class RolledForward:
    """What came of it."""

    addresses: dict[int, int] = field(default_factory=dict)
    """In which block each inode stands that was written, by its number."""
    applied: int = 0
    """Partial segments."""
    unfinished: int = 0
    """Such as are there but are not whole, or belong to operations that are not."""
    size: int = 0
    """Bytes of those that were applied."""
    error: MediumError | UnsupportedFeature | None = None
    """Why no more of the log was looked at."""

    @property
    def words(self) -> str:
        if not self.applied and not self.unfinished:
            return "clean"
        left_out = f", unfinished: {self.unfinished}" if self.unfinished else ""
        return f"partial segments applied in memory: {self.applied}{left_out}"


@dataclass
class _Partial:
    """One whose summary is whole. Addresses in units."""

    address: int
    end: int
    next_segment: int
    stamp: int
    """What grows along the log: a serial number, in version 1 the time."""
    flags: int
    files: list[int]
    blocks: list[int]
    inode_blocks: list[int]
    inodes: int
    data_sum: int


def roll_forward(device: BlockDevice, layout: Geometry) -> RolledForward:
    """Raises DeviceGone only."""
    return _Log(device, layout).rolled()


class _Log:
    def __init__(self, device: BlockDevice, layout: Geometry) -> None:
        self._device = device
        self._layout = layout
        self._packing = PACKINGS[layout.byteorder]
        self._end = min(layout.size, device.size) // layout.unit
        self._longest = min(layout.segment_size, _LONGEST) // layout.unit
        self._result = RolledForward()
        self._held: dict[int, int] = {}
        """As `addresses`, of operations on directories whose end was not met yet."""
        self._touched: set[int] = set()
        """Files that those change. What is written of them meanwhile cannot be told apart."""
        self._held_partials = self._held_size = 0

    def rolled(self) -> RolledForward:
        result = self._result
        try:
            self._roll()
        except (MediumError, UnsupportedFeature) as error:
            result.error = error
        result.unfinished += self._held_partials
        return result

    def _roll(self) -> None:
        """Raises MediumError, UnsupportedFeature."""
        layout, read = self._layout, 0
        superblock = layout.superblock
        stamp = layout.age
        here, next_segment = superblock.log_end, superblock.next_segment
        seen: set[int] = set()
        while True:
            partial = self._partial(here, stamp)
            if partial is None and self._may_leave(here):
                partial = self._partial(self._start_of(next_segment), stamp)
            if partial is None or partial.address in seen:
                return
            read += (partial.end - partial.address) * layout.unit
            if len(seen) >= _MOST_PARTIALS or read > _MOST_BYTES:
                raise UnsupportedFeature("so long a log after the checkpoint")
            inodes = self._inodes(partial)
            if inodes is None:
                self._result.unfinished += 1
                return
            seen.add(partial.address)
            self._take(partial, inodes)
            stamp, here, next_segment = partial.stamp, partial.end, partial.next_segment

    def _may_leave(self, here: int) -> bool:
        """Whether the log may go on in the next segment.

        Where only times tell what follows, it does so once this one is full, lest a partial segment that is
        not whole is passed over.
        """
        layout = self._layout
        if layout.version > 1:
            return True
        left = int(layout.superblock.segment - here) * layout.unit % layout.segment_size
        return left <= layout.block_size

    def _start_of(self, segment: int) -> int:
        """Where the log begins in a segment."""
        unit = self._layout.unit
        for place in self._layout.superblock.superblocks:
            if segment <= place < segment + self._layout.segment_size // unit:
                return int(place + PAD // unit)
        return segment

    def _take(self, partial: _Partial, inodes: dict[int, int]) -> None:
        result, size = self._result, (partial.end - partial.address) * self._layout.unit
        if partial.flags & CONTINUED:
            self._held |= inodes
            self._touched.update(partial.files, inodes)
            self._held_partials += 1
            self._held_size += size
            return
        result.applied += 1
        result.size += size
        if partial.flags & DIRECTORY_OPERATION:
            result.applied += self._held_partials
            result.size += self._held_size
            result.addresses |= self._held | inodes
            self._held, self._touched, self._held_partials, self._held_size = {}, set(), 0, 0
            return
        for number, address in inodes.items():
            (self._held if number in self._touched else result.addresses)[number] = address

    # one partial segment ------------------------------------------------------------------------------------

    def _partial(self, address: int, stamp: int) -> _Partial | None:
        """The one that begins there if it continues the log after `stamp`. Raises MediumError."""
        layout, packing = self._layout, self._packing
        version = layout.version
        start = address + layout.summary_size // layout.unit
        if address <= 0 or start >= self._end:
            return None
        data = self._device.read(address * layout.unit, layout.summary_size)
        fields = packing.summary.unpack_from(data)
        summed, data_sum, magic, next_segment, ident, files, inodes, flags = fields
        if magic != SUMMARY_MAGIC or summed != checksum(data[4:], layout.byteorder):
            return None
        if version == 1:
            found, follows = ident, ident >= stamp
        else:
            found = packing.serial.unpack_from(data, SERIAL_AT)[0]
            follows = ident == layout.superblock.ident and found == stamp + 1
        if not follows:
            return None
        partial = _Partial(address, start, next_segment, found, flags, [], [], [], inodes, data_sum)
        return partial if self._blocks(partial, data, files) else None

    def _blocks(self, partial: _Partial, data: bytes, files: int) -> bool:
        """Finds where each block lies. Blocks of inodes lie among the others; the summary ends with their
        addresses, the first one last."""
        layout, packing = self._layout, self._packing
        unit = layout.unit
        per = layout.inode_block_size // INODE_UFS1
        count = -(-partial.inodes // per)
        at, limit = SUMMARY_LENGTH[layout.version], len(data) - 4 * count
        if at > limit:
            return False
        waiting = [packing.word.unpack_from(data, place)[0] for place in range(limit, len(data), 4)]
        for _ in range(files):
            if at + FILE_LENGTH > limit:
                return False
            blocks, _, number, last = packing.file.unpack_from(data, at)
            at += FILE_LENGTH + 4 * blocks
            if at > limit or not (0 < last <= layout.block_size or blocks == 0):
                return False
            partial.files.append(number)
            for index in range(blocks):
                self._inode_blocks(partial, waiting)
                length = layout.block_size if index < blocks - 1 else last
                partial.blocks.append(partial.end)
                partial.end += -(-length // self._fragment) * self._fragment // unit
        self._inode_blocks(partial, waiting)
        return not waiting and partial.end <= min(self._end, partial.address + self._longest)

    @property
    def _fragment(self) -> int:
        return int(self._layout.superblock.fragment_size)

    def _inode_blocks(self, partial: _Partial, waiting: list[int]) -> None:
        while waiting and waiting[-1] == partial.end:
            partial.inode_blocks.append(waiting.pop())
            partial.blocks.append(partial.end)
            partial.end += self._layout.inode_block_size // self._layout.unit

    def _inodes(self, partial: _Partial) -> dict[int, int] | None:
        """In which block each of its inodes stands; None when it is not whole. Raises MediumError."""
        layout = self._layout
        sizes = _WORDS[layout.version]
        # No more than these is read of what are bytes of files.
        words = [self._device.read(block * layout.unit, sizes[0]) for block in partial.blocks]
        sums = (checksum(b"".join(word[:size] for word in words), layout.byteorder) for size in sizes)
        if partial.data_sum not in sums:
            return None
        found: dict[int, int] = {}
        left = partial.inodes
        for address in partial.inode_blocks:
            data = self._device.read(address * layout.unit, layout.inode_block_size)
            for at in range(0, min(left * INODE_UFS1, len(data)), INODE_UFS1):
                number = self._packing.word.unpack_from(data, at + _NUMBER_AT)[0]
                if number > IFILE:  # the ifile only says what is known from the log
                    found[number] = address
            left -= layout.inode_block_size // INODE_UFS1
        return found
