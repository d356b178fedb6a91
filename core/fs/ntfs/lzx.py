"""LZX as system compression has it: [MS-PATCH] section 2, with blocks and addresses as in WIM archives.

Every chunk of 32 KiB stands for itself. Its blocks have code lengths that are written as differences from the
block before; the addresses behind each byte e8 (calls in programs) were made absolute before packing.
"""

from __future__ import annotations

from core.errors import CorruptStructure
from core.fs.ntfs import huffman

CHUNK = 32768
_VERBATIM, _ALIGNED, _STORED = 1, 2, 3
_SLOTS = 30
"""Of distances, for a window of 32 KiB."""
_MAIN, _LENGTHS, _PRE, _FEW = 256 + 8 * _SLOTS, 249, 20, 8
_EXTRA = [max(0, slot // 2 - 1) for slot in range(_SLOTS)]
_BASE = [0] * _SLOTS
for _slot in range(1, _SLOTS):
    _BASE[_slot] = _BASE[_slot - 1] + (1 << _EXTRA[_slot - 1])
_MOST_BLOCKS = 128
"""In one chunk: each has codes, which take time to make."""
_CALL, _CALL_SPACE, _CALL_TAIL = 0xE8, 12_000_000, 10


class _Reader:
    """Bits from words of 16, the highest first. Behind the end there are zeros, for a while."""

    def __init__(self, packed: bytes, position: int) -> None:
        self.packed = packed + bytes(8)
        self.start = position
        self.at = 0
        self.bits = 0
        self.count = 0

    def take(self, wide: int) -> int:
        while self.count < wide:
            self.word()
        self.count -= wide
        found = self.bits >> self.count
        self.bits &= (1 << self.count) - 1
        return found

    def word(self) -> None:
        at = self.at
        if at + 2 > len(self.packed):
            raise self.corrupt("more bits", "the end")
        self.bits = self.bits << 16 | self.packed[at] | self.packed[at + 1] << 8
        self.count += 16
        self.at = at + 2

    def symbol(self, codes: huffman.Table) -> int:
        entries, longest = codes
        while self.count < longest:
            self.word()
        entry = entries[self.bits >> self.count - longest]
        if entry < 0:
            raise self.corrupt("a symbol", "none")
        self.count -= entry & 31
        self.bits &= (1 << self.count) - 1
        return entry >> 5

    def align(self) -> None:
        """To the next word, of which one may have been read already."""
        self.at -= self.count // 16 * 2
        if self.count % 16 == 0:
            self.at += 2
        self.bits = self.count = 0

    def bytes(self, length: int) -> bytes:
        at = self.at
        if at + length > len(self.packed):
            raise self.corrupt(f"{length} bytes as they are", "the end")
        self.at = at + length
        return self.packed[at : at + length]

    def corrupt(self, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("compressed data", self.start + self.at, expected, found)


def unpacked(packed: bytes, size: int, position: int) -> bytes:
    """Exactly `size` bytes of one chunk. Raises CorruptStructure."""
    reader = _Reader(packed, position)
    out = bytearray()
    recent = [1, 1, 1]
    main, lengths = [0] * _MAIN, [0] * _LENGTHS
    blocks = 0
    while len(out) < size:
        blocks += 1
        if blocks > _MOST_BLOCKS:
            raise reader.corrupt(f"at most {_MOST_BLOCKS} blocks in a chunk", "more")
        kind = reader.take(3)
        length = CHUNK if reader.take(1) else reader.take(16)
        if kind not in (_VERBATIM, _ALIGNED, _STORED) or not 0 < length <= size - len(out):
            raise reader.corrupt("a block inside its chunk", f"kind {kind}, {length} bytes")
        if kind == _STORED:
            _store(reader, out, recent, length)
            continue
        few = _codes(reader, [reader.take(3) for _ in range(_FEW)]) if kind == _ALIGNED else None
        _differences(reader, main, 0, 256)
        _differences(reader, main, 256, _MAIN)
        _differences(reader, lengths, 0, _LENGTHS)
        end = len(out) + length
        _block(reader, out, recent, end, _codes(reader, main), _codes(reader, lengths), few)
    _call(out)
    return bytes(out)


def _store(reader: _Reader, out: bytearray, recent: list[int], length: int) -> None:
    reader.align()
    places = reader.bytes(12)
    recent[:] = [int.from_bytes(places[at : at + 4], "little") for at in (0, 4, 8)]
    out += reader.bytes(length)
    reader.at += length & 1


def _codes(reader: _Reader, lengths: list[int]) -> huffman.Table:
    codes = huffman.table(lengths)
    if codes is None:
        raise reader.corrupt("codes of symbols", "too many")
    return codes


def _differences(reader: _Reader, lengths: list[int], at: int, end: int) -> None:
    """Code lengths from `at` up to `end`, given by how they differ from those before."""
    codes = _codes(reader, [reader.take(4) for _ in range(_PRE)])
    while at < end:
        symbol = reader.symbol(codes)
        if symbol < 17:
            lengths[at] = (lengths[at] - symbol) % 17
            at += 1
            continue
        if symbol == 17:
            times, value = 4 + reader.take(4), 0
        elif symbol == 18:
            times, value = 20 + reader.take(5), 0
        else:
            times = 4 + reader.take(1)
            value = (lengths[at] - reader.symbol(codes)) % 17
        times = min(times, end - at)
        lengths[at : at + times] = [value] * times
        at += times


def _block(
    reader: _Reader,
    out: bytearray,
    recent: list[int],
    end: int,
    main: huffman.Table,
    lengths: huffman.Table,
    few: huffman.Table | None,
) -> None:
    first, second, third = recent
    symbol_of, take = reader.symbol, reader.take
    while len(out) < end:
        symbol = symbol_of(main)
        if symbol < 256:
            out.append(symbol)
            continue
        length, slot = (symbol & 7) + 2, symbol - 256 >> 3
        if length == 9:
            length += symbol_of(lengths)
        if slot == 0:
            distance = first
        elif slot == 1:
            distance, second = second, first
        elif slot == 2:
            distance, third = third, first
        else:
            extra = _EXTRA[slot]
            if few is not None and extra >= 3:
                distance = _BASE[slot] - 2 + (take(extra - 3) << 3)
                distance += symbol_of(few)
            else:
                distance = _BASE[slot] - 2 + take(extra)
            second, third = first, second
        first = distance
        start = len(out) - distance
        if start < 0 or distance < 1 or len(out) + length > end:
            raise reader.corrupt(f"a distance up to {len(out)}", f"{length} bytes from {distance} back")
        if length <= distance:
            out += out[start : start + length]
        else:
            piece = out[start:]
            out += (piece * (length // distance + 1))[:length]
    recent[:] = first, second, third


def _call(out: bytearray) -> None:
    """Makes the addresses of calls relative again."""
    end = len(out) - _CALL_TAIL
    at = out.find(_CALL, 0, max(end, 0))
    while at >= 0:
        target = int.from_bytes(out[at + 1 : at + 5], "little", signed=True)
        if -at <= target < _CALL_SPACE:
            target += -at if target >= 0 else _CALL_SPACE
            out[at + 1 : at + 5] = target.to_bytes(4, "little", signed=True)
        at = out.find(_CALL, at + 5, end)
