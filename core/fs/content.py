"""A file's bytes from its extents: the generic code that reads and copies for every driver."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator

from core.blockdev.device import BlockDevice
from core.errors import Reused, RumpusError
from core.fs.deleted import Remains
from core.fs.driver import HOLE, REUSED, Driver, Extent

_KEPT = 1 << 18
"""Extents remembered for one file (6 MiB). Beyond them, reading backwards walks the file from its start."""


class Content:
    """Random access to one file of a volume. Raises what the driver and the device raise."""

    def __init__(self, driver: Driver | Remains, device: BlockDevice, node: int) -> None:
        self._driver = driver
        self._device = device
        self._node = node
        self.size = driver.size(node)
        self._computed = driver.data(node) is not None
        self._stream: Iterator[bytes] = iter(())
        self._ahead = b""
        """What was computed and not asked for yet."""
        self._next = -1
        """Where it begins in the file."""
        self._rewind()

    def _rewind(self) -> None:
        self._walk: Iterator[Extent] = iter(()) if self._computed else self._driver.extents(self._node)
        self._offsets, self._positions, self._lengths = array("q"), array("q"), array("q")
        self._known = 0
        """Bytes of the file that the remembered extents reach to."""

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset`; fewer only at the end of the file, or where damage begins.

        Raises CorruptStructure, MediumError when not even the first byte asked for can be had.
        """
        length = min(length, self.size - offset)
        if length <= 0:
            return b""
        if self._computed:
            return self._compute(offset, length)
        pieces: list[bytes] = []
        end = offset + length
        while offset < end:
            try:
                piece = self._piece(offset, end - offset)
            except RumpusError:
                if pieces:
                    break
                raise
            pieces.append(piece)
            offset += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def located(self, offset: int, most: int) -> list[Extent] | None:
        """At most `most` extents from the one that holds `offset` on; none at the end of the file.

        None when the bytes are not on the device as they are. Where damage begins, what is sound before it;
        raises CorruptStructure, MediumError when that is nothing.
        """
        if self._computed or self._device.locate(0) is None:
            return None
        extents: list[Extent] = []
        while offset < self.size and len(extents) < most:
            try:
                extent = self._extent_at(offset)
            except RumpusError:
                if extents:
                    break
                raise
            extents.append(extent)
            offset = extent.offset + extent.length
        return extents

    def _piece(self, offset: int, length: int) -> bytes:
        extent = self._extent_at(offset)
        within = offset - extent.offset
        length = min(length, extent.length - within)
        if extent.position == HOLE:
            return bytes(length)
        if extent.position == REUSED:
            raise Reused(offset, length)
        return self._device.read(extent.position + within, length)

    def _extent_at(self, offset: int) -> Extent:
        if self._offsets and offset < self._offsets[0]:
            self._rewind()
        while self._known <= offset:
            try:
                extent = next(self._walk)
            except StopIteration:
                raise AssertionError("extents do not cover the file") from None
            except RumpusError:
                self._rewind()
                raise
            if len(self._offsets) >= _KEPT:
                self._offsets, self._positions, self._lengths = array("q"), array("q"), array("q")
            self._offsets.append(extent.offset)
            self._positions.append(extent.position)
            self._lengths.append(extent.length)
            self._known = extent.offset + extent.length
        index = bisect_right(self._offsets, offset) - 1
        return Extent(self._offsets[index], self._positions[index], self._lengths[index])

    def _compute(self, offset: int, length: int) -> bytes:
        """Goes on from where the last one ended: to begin again may cost as much as all before it."""
        if offset != self._next:
            self._stream = self._driver.data(self._node, offset) or iter(())
            self._ahead, self._next = b"", offset
        pieces, left = [self._ahead], length - len(self._ahead)
        try:
            while left > 0:
                pieces.append(next(self._stream))
                left -= len(pieces[-1])
        except StopIteration:
            raise AssertionError("data does not cover the file") from None
        except RumpusError:
            self._next = -1
            if not any(pieces):
                raise
        whole = b"".join(pieces)
        self._ahead = whole[length:]
        if self._next >= 0:
            self._next = offset + length
        return whole[:length]
