"""Where a file's bytes lie on the device: what the worker said of it, checked before anything is read."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple

from core.errors import ProtocolViolation
from core.host.volume import Volume
from core.worker.protocol import Piece

ZEROS = -1
"""The position of bytes that are zeros and lie nowhere."""


class Extent(NamedTuple):
    """`length` bytes at `offset` of a file lie at `position` of the device, or are ZEROS."""

    offset: int
    position: int
    length: int


class Bounds(NamedTuple):
    """The part of the device that the volume takes, in bytes, as the partition table has it."""

    offset: int
    size: int


def placed(pieces: Iterable[Piece], volume: Bounds) -> list[Extent]:
    """The pieces at their places on the device. Raises ProtocolViolation for one outside the volume."""
    extents = []
    for offset, position, length in ((piece.offset, piece.position, piece.length) for piece in pieces):
        if position is None:
            extents.append(Extent(offset, ZEROS, length))
            continue
        if position < 0 or length < 0 or position + length > volume.size:
            raise ProtocolViolation(f"{length:#x} bytes at {position:#x}, outside the volume")
        extents.append(Extent(offset, volume.offset + position, length))
    return extents


async def located(volume: Volume, node: int, offset: int, bounds: Bounds) -> list[Extent] | None:
    """Some thousand extents of a file from `offset` on; None where its bytes are computed.

    Raises as Volume.locate.
    """
    pieces = (await volume.locate(node, offset)).pieces
    return None if pieces is None else placed(pieces, bounds)


class Known:
    """The extents of one file that are known: any number of stretches, each looked up by offset.

    For any number of threads.
    """

    MOST: int = 1 << 18
    """Extents that are remembered (6 MiB); then they are forgotten and asked for anew."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._offsets, self._positions, self._lengths = array("q"), array("q"), array("q")

    def add(self, extents: list[Extent]) -> None:
        """Takes a stretch of extents that follow each other."""
        if not extents:
            return
        with self._lock:
            if len(self._offsets) + len(extents) > self.MOST:
                self._forget()
            at = bisect_right(self._offsets, extents[0].offset - 1)
            end = bisect_right(self._offsets, extents[-1].offset)
            self._offsets[at:end] = array("q", [extent.offset for extent in extents])
            self._positions[at:end] = array("q", [extent.position for extent in extents])
            self._lengths[at:end] = array("q", [extent.length for extent in extents])

    def at(self, offset: int) -> Extent | None:
        """The extent that holds this byte of the file."""
        with self._lock:
            index = bisect_right(self._offsets, offset) - 1
            if index < 0 or offset >= self._offsets[index] + self._lengths[index]:
                return None
            return Extent(self._offsets[index], self._positions[index], self._lengths[index])
