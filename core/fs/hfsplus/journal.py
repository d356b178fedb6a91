"""The journal: blocks of the volume's structures that may not be in their own places yet.

TN1150, "Journal". It is a ring of transactions in the byte order of whoever wrote it. Each begins with a list
of where the blocks behind it belong. Whole sectors only are taken, so that reads can be led to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct as Packed
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, UnsupportedFeature
from core.fs.hfsplus.header import Geometry
from core.fs.hfsplus.structures import JOURNAL_ELSEWHERE, JOURNAL_INFO, JOURNAL_NEEDS_INIT

_MAGIC = 0x4A4E4C78
_ENDIAN = 0x12345678
_HEADER = "IIQQQIII"
"""Magic, byte order, first byte in use, the one behind the last, size, bytes of a list, checksum, bytes of
this header."""
_HEADER_SUMMED, _HEADER_SUM_AT = 44, 36
_LIST = "HHIII"
"""Room for blocks, blocks, bytes of the whole, checksum, reserved; then each block."""
_LIST_SUMMED, _LIST_SUM_AT = 32, 8
_BLOCK = "QII"
_BLOCK_LENGTH = 16
_KILLED = (1 << 64) - 1
"""The number of a block that belongs nowhere any more."""
_SMALLEST_UNIT, _LARGEST_UNIT = 512, 4096
_LARGEST_LIST = 1 << 20
_LARGEST_JOURNAL = 1 << 30
_MOST_SECTORS = 1 << 17


class Replay(NamedTuple):
    """What the journal would have done, in words, and where each sector lies in it, by its number."""

    words: str
    dirty: bool
    unit: int
    sectors: dict[int, int]


def replay(device: BlockDevice, geometry: Geometry) -> Replay:
    """Raises CorruptStructure, UnsupportedFeature, MediumError."""
    info_at = geometry.base + geometry.header.journal_info_block * geometry.header.block_size
    info = JOURNAL_INFO.parse(device.read(info_at, JOURNAL_INFO.sizeof()))
    if info.flags & JOURNAL_NEEDS_INIT:
        return Replay("never used", False, _SMALLEST_UNIT, {})
    if info.flags & JOURNAL_ELSEWHERE:
        raise UnsupportedFeature("external journal")
    if info.size > _LARGEST_JOURNAL:
        raise _corrupt(info_at + 44, f"at most {_LARGEST_JOURNAL} bytes", str(info.size))
    return _Journal(device, geometry.base + info.offset, info.size).replay()


class _Journal:
    def __init__(self, device: BlockDevice, position: int, size: int) -> None:
        self._device = device
        self._position = position
        raw = device.read(position, _HEADER_SUMMED)
        self._order = "<" if int.from_bytes(raw[:4], "little") == _MAGIC else ">"
        header = Packed(self._order + _HEADER).unpack_from(raw)
        magic, endian, self._start, self._end, self._size, self._list_size, told, self._unit = header
        if magic != _MAGIC or endian != _ENDIAN:
            raise _corrupt(position, f"magic {_MAGIC:#x}", f"{magic:#x}")
        wanted = _checksum(raw[:_HEADER_SUM_AT] + bytes(4) + raw[_HEADER_SUM_AT + 4 :])
        if told not in (wanted, 0):
            raise _corrupt(position + _HEADER_SUM_AT, f"checksum {wanted:#x}", f"{told:#x}")
        unit = self._unit
        if not _SMALLEST_UNIT <= unit <= _LARGEST_UNIT or unit & (unit - 1):
            raise _corrupt(position + 40, "sectors of 512 to 4096 bytes", str(unit))
        if not unit < self._size <= size or self._size % unit:
            raise _corrupt(position + 24, f"a journal of {size} bytes", str(self._size))
        for place in (self._start, self._end):
            if not unit <= place <= self._size or place % unit:
                raise _corrupt(position + 8, f"a place in {self._size} bytes", str(place))
        if not _BLOCK_LENGTH * 2 <= self._list_size <= _LARGEST_LIST or self._list_size % unit:
            raise _corrupt(position + 32, "lists of whole sectors", str(self._list_size))

    def replay(self) -> Replay:
        sectors: dict[int, int] = {}
        at, lists = self._wrapped(self._start), 0
        end = self._wrapped(self._end)
        left = self._size - self._unit
        while at != end:
            used, blocks = self._list(at, left)
            place = at + self._list_size
            for number, length in blocks:
                for step in range(length // self._unit):
                    if number != _KILLED:
                        sectors[number + step] = self._position + self._wrapped(place)
                    place += self._unit
            if len(sectors) > _MOST_SECTORS:
                raise UnsupportedFeature("a journal of so many blocks")
            at = self._wrapped(at + used)
            left -= used
            lists += 1
        words = f"{lists} transactions, {len(sectors)} sectors, replayed in memory" if lists else "clean"
        return Replay(words, bool(lists), self._unit, sectors)

    def _list(self, at: int, left: int) -> tuple[int, list[tuple[int, int]]]:
        """Bytes of a transaction's part, and (sector, length) of the blocks in it."""
        raw = b"".join(self._read(at, self._list_size))
        position = self._position + at
        _, count, used, told, _ = Packed(self._order + _LIST).unpack_from(raw)
        wanted = _checksum(raw[:_LIST_SUM_AT] + bytes(4) + raw[_LIST_SUM_AT + 4 : _LIST_SUMMED])
        if told != wanted:
            raise _corrupt(position + _LIST_SUM_AT, f"checksum {wanted:#x}", f"{told:#x}")
        if not self._list_size <= used <= left or used % self._unit:
            raise _corrupt(position + 4, f"at most {left} bytes", str(used))
        if not 1 <= count <= (self._list_size - _BLOCK_LENGTH) // _BLOCK_LENGTH:
            raise _corrupt(position + 2, "blocks that fit into the list", str(count))
        blocks: list[tuple[int, int]] = []
        total = self._list_size
        packed = Packed(self._order + _BLOCK)
        for index in range(1, count):  # the first one is the list's own
            number, length, _ = packed.unpack_from(raw, _BLOCK_LENGTH * (index + 1))
            total += length
            if not length or length % self._unit or total > used:
                raise _corrupt(position + _BLOCK_LENGTH * (index + 1), "blocks of whole sectors", str(length))
            if number != _KILLED and (number * self._unit + length) > self._device.size:
                raise _corrupt(position + _BLOCK_LENGTH * (index + 1), "a place in the volume", str(number))
            blocks.append((number, length))
        return used, blocks

    def _wrapped(self, place: int) -> int:
        """Behind the end it goes on behind the header."""
        while place >= self._size:
            place -= self._size - self._unit
        return place

    def _read(self, at: int, length: int) -> Iterator[bytes]:
        for step in range(0, length, self._unit):
            yield self._device.read(self._position + self._wrapped(at + step), self._unit)


def _checksum(data: bytes) -> int:
    """TN1150, "Journal Checksums"."""
    found = 0
    for byte in data:
        found = (found << 8 ^ found + byte) & 0xFFFFFFFF
    return ~found & 0xFFFFFFFF


def _corrupt(offset: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("journal", min(offset, 2**63 - 1), expected, found)
