"""Files that were packed before they were put on the disc: zisofs, one block after the other."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

from core.errors import CorruptStructure, UnsupportedFeature
from core.fs.iso9660.structures import ZISOFS, ZISOFS_2, ZISOFS_2_DEFLATE, ZISOFS_2_MAGIC, ZISOFS_MAGIC

_SHIFTS = range(15, 21)
"""Blocks of 32 KiB to 1 MiB."""
_NARROW, _WIDE = 4, 8
_POINTERS = 4096
"""Places of blocks that are read at once."""

Read = Callable[[int, int], bytes]
"""Bytes of the packed file: offset, length. Raises CorruptStructure, MediumError."""


def unpacked(read: Read, stored: int, size: int, position: int, start: int) -> Iterator[bytes]:
    """The `size` bytes from `start` on of a packed file of `stored` bytes that lies at `position`.

    Raises CorruptStructure, MediumError at the block where it is broken, UnsupportedFeature.
    """
    if not size:
        return
    header, width = _header(read, stored, position)
    if header.size != size:
        raise _corrupt(position + 8, f"{size} bytes", str(header.size))
    if header.block_shift not in _SHIFTS:
        raise UnsupportedFeature(f"zisofs blocks of 2 to the power of {header.block_shift} bytes")
    table, block = 4 * header.header_words, 1 << header.block_shift
    blocks = -(-size // block)
    if table < (ZISOFS if width == _NARROW else ZISOFS_2).sizeof() or table + width * (blocks + 1) > stored:
        raise _corrupt(position + 8, f"places of {blocks} blocks", f"{stored} bytes in all")
    first = start // block
    for number in range(first, blocks, _POINTERS):
        count = min(_POINTERS, blocks - number)
        raw = read(table + width * number, width * (count + 1))
        places = [int.from_bytes(raw[at : at + width], "little") for at in range(0, len(raw), width)]
        for index in range(count):
            begin = (number + index) * block
            length = min(block, size - begin)
            skipped = max(0, start - begin)
            piece = _block(read, places[index], places[index + 1], stored, length, position)
            yield piece[skipped:] if skipped else piece


def _header(read: Read, stored: int, position: int) -> tuple[Any, int]:
    """The header of either version, and how many bytes a place has."""
    if stored < ZISOFS_2.sizeof():
        raise _corrupt(position, "a header", f"{stored} bytes")
    raw = read(0, ZISOFS_2.sizeof())
    if raw[:8] == ZISOFS_MAGIC:
        return ZISOFS.parse(raw), _NARROW
    if raw[:8] != ZISOFS_2_MAGIC:
        raise _corrupt(position, "a header", raw[:8].hex())
    header = ZISOFS_2.parse(raw)
    if header.version or header.method != ZISOFS_2_DEFLATE:
        raise UnsupportedFeature(f"zisofs2 method {header.method} of version {header.version}")
    return header, _WIDE


def _block(read: Read, begin: int, end: int, stored: int, length: int, position: int) -> bytes:
    if begin == end:
        return bytes(length)
    if not 0 < begin < end <= stored or end - begin > 2 * length + 1024:
        raise _corrupt(position + begin, "a packed block inside the file", f"one from {begin} to {end}")
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(read(begin, end - begin), length + 1)
    except zlib.error as error:
        raise _corrupt(position + begin, "a packed block", str(error)[:200]) from error
    if len(content) != length:
        raise _corrupt(position + begin, f"{length} bytes in a packed block", str(len(content)))
    return content


def _corrupt(at: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("packed file", at, expected, found)
