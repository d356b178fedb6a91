"""The journal, and what replaying it would change: ext4, "Journal (jbd2)". Its numbers are big-endian."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from struct import Struct as Packed
from typing import Any

import msgspec
from construct import Bytes, Int8ub, Int32ub, Padding, Struct

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, Fault, RumpusError, UnsupportedFeature
from core.fs.driver import Warnings
from core.fs.ext.checksum import START, crc32_forward, crc32c
from core.fs.ext.extent_tree import Run
from core.fs.ext.replayed import Copy

MAGIC = 0xC03B3998

SUPERBLOCK = Struct(
    "magic" / Int32ub,
    "type" / Int32ub,
    Padding(4),
    "block_size" / Int32ub,
    "blocks" / Int32ub,
    "first" / Int32ub,
    "sequence" / Int32ub,
    "start" / Int32ub,
    "error" / Int32ub,
    "compatible" / Int32ub,
    "incompatible" / Int32ub,
    Padding(4),
    "uuid" / Bytes(16),
    Padding(16),
    "checksum_type" / Int8ub,
    Padding(3),
    "fast_blocks" / Int32ub,
    Padding(164),
    "checksum" / Int32ub,
    Padding(768),
)
"""Super Block. Of version 1, nothing from `compatible` on counts."""

_HEADER = Packed(">III")
"""(magic, type, sequence), with which every block of the log begins but those it logs."""
_DESCRIPTOR, _COMMIT, _VERSION_1, _VERSION_2, _REVOKE = 1, 2, 3, 4, 5
_TAG = Packed(">IHH")
_TAG_HIGH = Packed(">IHHI")
_TAG_3 = Packed(">IIII")
_ESCAPED, _SAME_UUID, _LAST = 1, 2, 8
_SUMS = 0x1
_WIDE, _CSUM_2, _CSUM_3, _FAST = 0x2, 0x8, 0x10, 0x20
_INCOMPATIBLE = {
    0x1: "revoke",
    0x2: "64bit",
    0x4: "async_commit",
    0x8: "csum_v2",
    0x10: "csum_v3",
    0x20: "fast_commit",
}
_CRC32 = 1
_SUMS_SIZE = 4
_FAST_HEAD = Packed("<HHII")
_FAST_HEAD_TAG = 9
_FAST_BLOCKS = 256
"""Blocks kept for fast commits when the superblock does not say."""
_MOST_RUNS = 65536
_MOST_COPIES = 1 << 18
"""Blocks replayed: as many as the largest journal has that mke2fs makes by itself."""


class Replay(msgspec.Struct):
    """What is to be read from where, once all whole transactions are taken into account."""

    copies: dict[int, Copy] = msgspec.field(default_factory=dict)
    transactions: int = 0
    sequence: int = 0
    """The number of the transaction that is not there any more."""


class Journal:
    """The log in a file of the volume. `runs` are the file's blocks."""

    def __init__(
        self,
        device: BlockDevice,
        block_size: int,
        volume_blocks: int,
        runs: Iterator[Run],
        warnings: Warnings,
    ) -> None:
        """Raises CorruptStructure, UnsupportedFeature, MediumError."""
        self._device = device
        self._block_size = block_size
        self._volume_blocks = volume_blocks
        self._warnings = warnings
        self._starts: list[int] = []
        self._runs: list[Run] = []
        for run in runs:
            self._starts.append(run.logical)
            self._runs.append(run)
            if len(self._runs) > _MOST_RUNS:
                raise UnsupportedFeature("a journal in more than 65536 pieces")
        self.signature = self._position(0)
        """Where the journal begins, with its own signature."""
        self._superblock = self._read_superblock()
        dynamic = self._superblock.type == _VERSION_2
        self._compatible = self._superblock.compatible if dynamic else 0
        self._incompatible = self._superblock.incompatible if dynamic else 0
        self._check_features()
        self._summed = bool(self._incompatible & (_CSUM_2 | _CSUM_3))
        self.seed = crc32c(START, self._superblock.uuid)
        self.mask = 0xFFFFFFFF if self._incompatible & _CSUM_3 else 0xFFFF
        """How much of a block's checksum is kept with it."""
        fast = (self._superblock.fast_blocks or _FAST_BLOCKS) if self._incompatible & _FAST else 0
        self._end = self._superblock.blocks - fast
        if not 0 < self._superblock.first < self._end:
            raise self._corrupt(self.signature + 16, "a log of some blocks", f"{self._end} blocks")

    @property
    def empty(self) -> bool:
        return bool(self._superblock.start == 0)

    @property
    def error(self) -> int:
        """What made the kernel give up the journal, 0 when nothing did."""
        return int(self._superblock.error)

    def replay(self) -> Replay:
        """Walks the log up to its last whole transaction. What ends it early is noted."""
        replay = Replay(sequence=int(self._superblock.sequence))
        if self.empty:
            return replay
        try:
            self._walk(replay)
        except UnsupportedFeature:
            raise
        except RumpusError as error:
            self._warnings.note(Fault.of(error))
        self._look_for_fast_commits(replay.sequence)
        return replay

    def _walk(self, replay: Replay) -> None:
        """Takes whole transactions into `replay`. Raises CorruptStructure, MediumError where it breaks."""
        at = int(self._superblock.start)
        if not self._superblock.first <= at < self._end:
            raise self._corrupt(self.signature + 28, "a start inside the log", f"block {at}")
        pending: dict[int, Copy] = {}
        revoked: set[int] = set()
        total = START
        left = self._end - self._superblock.first
        while left > 0:
            data = self._block(at)
            magic, kind, number = _HEADER.unpack_from(data)
            if magic != MAGIC or number != replay.sequence or kind not in (_DESCRIPTOR, _COMMIT, _REVOKE):
                break
            self._check_block(data, kind, at)
            at, left = self._next(at), left - 1
            if kind == _DESCRIPTOR:
                total = self._add_sum(total, data)
                for block, flags, checksum in self._tags(data):
                    if left <= 0:
                        raise self._corrupt(self._position(at), "a transaction that ends", "a circle")
                    if block < self._volume_blocks:
                        pending[block] = Copy(self._position(at), bool(flags & _ESCAPED), number, checksum)
                    else:
                        expected = f"a block of {self._volume_blocks}"
                        fault = self._corrupt(self._position(at), expected, f"block {block}")
                        self._warnings.note(Fault.of(fault))
                    if self._compatible & _SUMS:
                        total = self._add_sum(total, self._block(at))
                    at, left = self._next(at), left - 1
            elif kind == _REVOKE:
                revoked.update(self._revoked(data, at))
            else:
                self._check_total(data, total, at)
                replay.copies.update(pending)
                for block in revoked:
                    replay.copies.pop(block, None)
                if len(replay.copies) > _MOST_COPIES:
                    raise UnsupportedFeature(f"a journal of more than {_MOST_COPIES} changed blocks")
                replay.transactions += 1
                replay.sequence = replay.sequence + 1 & 0xFFFFFFFF
                pending, revoked, total = {}, set(), START

    def _tags(self, data: bytes) -> Iterator[tuple[int, int, int | None]]:
        """(block, flags, checksum) of what the blocks behind a descriptor are: "Descriptor Block"."""
        at, end = _HEADER.size, self._block_size - (4 if self._summed else 0)
        wide = bool(self._incompatible & _WIDE)
        length = self._tag_length()
        while at + length <= end:
            checksum: int | None = None
            high = 0
            if self._incompatible & _CSUM_3:
                block, flags, high, checksum = _TAG_3.unpack_from(data, at)
            elif wide:
                block, short, flags, high = _TAG_HIGH.unpack_from(data, at)
                checksum = short if self._summed else None
            else:
                block, short, flags = _TAG.unpack_from(data, at)
                checksum = short if self._summed else None
            yield block | (high << 32 if wide else 0), flags, checksum
            if flags & _LAST:
                return
            at += length + (0 if flags & _SAME_UUID else 16)

    def _tag_length(self) -> int:
        """With checksums of version 2, writers have always left two bytes unused."""
        if self._incompatible & _CSUM_3:
            return _TAG_3.size
        length = _TAG_HIGH.size if self._incompatible & _WIDE else _TAG.size
        return length + (2 if self._incompatible & _CSUM_2 else 0)

    def _revoked(self, data: bytes, at: int) -> Iterator[int]:
        """Blocks whose older copies do not count: "Revocation Block"."""
        used = int.from_bytes(data[12:16], "big")
        if used > self._block_size:
            raise self._corrupt(self._position(at) + 12, f"at most {self._block_size} bytes", str(used))
        width = 8 if self._incompatible & _WIDE else 4
        for start in range(16, used - width + 1, width):
            yield int.from_bytes(data[start : start + width], "big")

    # checksums ----------------------------------------------------------------------------------------------

    def _check_block(self, data: bytes, kind: int, at: int) -> None:
        if not self._summed:
            return
        where = 16 if kind == _COMMIT else self._block_size - 4
        wanted = crc32c(self.seed, data[:where] + bytes(4) + data[where + 4 :])
        found = int.from_bytes(data[where : where + 4], "big")
        if found != wanted:
            raise self._corrupt(self._position(at) + where, f"checksum {wanted:#010x}", f"{found:#010x}")

    def _add_sum(self, total: int, data: bytes) -> int:
        return crc32_forward(total, data) if self._compatible & _SUMS else total

    def _check_total(self, data: bytes, total: int, at: int) -> None:
        """Of a whole transaction, in the oldest kind of checksums: "Commit Block"."""
        if not self._compatible & _SUMS or (data[12], data[13]) != (_CRC32, _SUMS_SIZE):
            return
        found = int.from_bytes(data[16:20], "big")
        if found != total:
            raise self._corrupt(self._position(at) + 16, f"checksum {total:#010x}", f"{found:#010x}")

    # the journal's own file ---------------------------------------------------------------------------------

    def _read_superblock(self) -> Any:
        data = self._device.read(self.signature, SUPERBLOCK.sizeof())
        superblock = SUPERBLOCK.parse(data)
        if superblock.magic != MAGIC or superblock.type not in (_VERSION_1, _VERSION_2):
            found = f"{superblock.magic:#010x}, {superblock.type}"
            raise self._corrupt(self.signature, f"magic number {MAGIC:#x} and version 1 or 2", found)
        if superblock.block_size != self._block_size:
            found = str(superblock.block_size)
            raise self._corrupt(self.signature + 12, f"blocks of {self._block_size} bytes", found)
        if superblock.type == _VERSION_2 and superblock.incompatible & (_CSUM_2 | _CSUM_3):
            wanted = crc32c(START, data[:252] + bytes(4) + data[256:])
            if superblock.checksum != wanted:
                found = f"{superblock.checksum:#010x}"
                raise self._corrupt(self.signature + 252, f"checksum {wanted:#010x}", found)
        return superblock

    def _check_features(self) -> None:
        unknown = self._incompatible & ~sum(_INCOMPATIBLE)
        if unknown:
            raise UnsupportedFeature(f"a journal with {unknown:#x}")

    def _look_for_fast_commits(self, sequence: int) -> None:
        """They go on where the log ends: "Fast commits". They are not replayed, which the user must know.

        The block between the two is unused.
        """
        if not self._incompatible & _FAST:
            return
        try:
            tag, _, _, number = _FAST_HEAD.unpack_from(self._block(self._end + 1))
        except RumpusError as error:
            self._warnings.note(Fault.of(error))
            return
        if tag == _FAST_HEAD_TAG and number == sequence:
            self._warnings.note(Fault.of(UnsupportedFeature("fast_commit")))

    def _next(self, at: int) -> int:
        at += 1
        return at if at < self._end else int(self._superblock.first)

    def _block(self, at: int) -> bytes:
        return self._device.read(self._position(at), self._block_size)

    def _position(self, at: int) -> int:
        """Where a block of the journal lies on the volume. Raises CorruptStructure when it has no place."""
        index = bisect_right(self._starts, at) - 1
        if index >= 0 and at < self._runs[index].logical + self._runs[index].length:
            return (self._runs[index].physical + at - self._runs[index].logical) * self._block_size
        raise self._corrupt(0, "a journal without holes", f"no place for its block {at}")

    def _corrupt(self, offset: int, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("journal", offset, expected, found)
