"""Overwrites what was on a device with zeros."""

from __future__ import annotations

from collections.abc import Iterator

from core.blockdev.device import BlockDevice

_PIECE = 1 << 20
_ENDS = 1 << 20
"""Bytes at both ends of a volume in which every system and table has its signature."""


def zeroed(device: BlockDevice, start: int, length: int) -> Iterator[int]:
    """Zeros a range piece by piece and yields each piece's length."""
    zeros = bytes(min(_PIECE, length))
    while length > 0:
        piece = min(len(zeros), length)
        device.write(start, zeros[:piece])
        start += piece
        length -= piece
        yield piece


def wiped(device: BlockDevice) -> Iterator[int]:
    """Zeros both ends, so that nothing of what was there is taken for a volume again."""
    head = min(_ENDS, device.size)
    yield from zeroed(device, 0, head)
    tail = min(_ENDS, device.size - head)
    yield from zeroed(device, device.size - tail, tail)
    device.flush()
