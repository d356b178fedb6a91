"""What making an empty volume takes whatever the system: what is asked for, and clearing what was there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.blockdev.device import BlockDevice

_PIECE = 1 << 20
_WIPED = 1 << 20
"""Bytes at both ends of a volume in which every system has its signature."""
_SMALL = 64 << 20


@dataclass(frozen=True)
class Request:
    """An empty volume to be made.

    `when`: nanoseconds since 1970, as the system keeps times (`core.entry.Zone`). `hidden_sectors`: how many
    lie before the volume on its medium.
    """

    label: str
    serial: int
    when: int
    hidden_sectors: int = 0


def aligned(size: int, sector_size: int) -> int:
    """Bytes of which the place of the first file is a multiple: a MiB, less on a volume that is small."""
    return _PIECE if size >= _SMALL else max(4096, sector_size) if size >= 1 << 20 else sector_size


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
    head = min(_WIPED, device.size)
    yield from zeroed(device, 0, head)
    tail = min(_WIPED, device.size - head)
    yield from zeroed(device, device.size - tail, tail)
    device.flush()
