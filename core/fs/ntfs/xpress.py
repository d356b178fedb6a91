"""LZ77 with Huffman codes, as system compression has it ("XPRESS"): [MS-XCA] section 2.1 and 2.2."""

from __future__ import annotations

from core.errors import CorruptStructure
from core.fs.ntfs import huffman

_CODES = 256
"""Bytes of code lengths, two in each."""
_ALL = 0xFFFFFFFF


def unpacked(packed: bytes, size: int, position: int) -> bytes:
    """Exactly `size` bytes of one chunk. Raises CorruptStructure."""
    lengths: list[int] = []
    for pair in packed[:_CODES]:
        lengths += (pair & 15, pair >> 4)
    codes = huffman.table(lengths)
    if len(packed) < _CODES + 4 or codes is None or not codes[1]:
        raise _corrupt(position, "codes of symbols", f"{len(packed)} bytes")
    entries, longest = codes
    shift = 32 - longest
    packed += bytes(8)
    at, end = _CODES + 4, len(packed) - 4
    bits = int.from_bytes(packed[_CODES : _CODES + 2], "little") << 16
    bits |= int.from_bytes(packed[_CODES + 2 : _CODES + 4], "little")
    extra = 16
    out = bytearray()
    while len(out) < size:
        entry = entries[bits >> shift]
        if entry < 0 or at > end:
            raise _corrupt(position + at, f"a symbol for byte {len(out)}", "none")
        used = entry & 31
        bits = bits << used & _ALL
        extra -= used
        if extra < 0:
            bits |= (packed[at] | packed[at + 1] << 8) << -extra
            extra += 16
            at += 2
        symbol = entry >> 5
        if symbol < 256:
            out.append(symbol)
            continue
        length, wide = symbol & 15, symbol - 256 >> 4
        if length == 15:
            length = packed[at] + 15
            at += 1
            if length == 255 + 15:
                length = packed[at] | packed[at + 1] << 8
                at += 2
        length += 3
        distance = (1 << wide) + (bits >> 32 - wide if wide else 0)
        bits = bits << wide & _ALL
        extra -= wide
        if extra < 0:
            bits |= (packed[at] | packed[at + 1] << 8) << -extra
            extra += 16
            at += 2
        start = len(out) - distance
        if start < 0:
            raise _corrupt(position + at, f"a distance up to {len(out)}", str(distance))
        if length <= distance:
            out += out[start : start + length]
        else:
            piece = out[start:]
            out += (piece * (length // distance + 1))[:length]
    return bytes(out[:size])


def _corrupt(position: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("compressed data", position, expected, found)
