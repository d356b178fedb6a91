"""Says of each part of a device that it is about to be read, once."""

from __future__ import annotations

from collections.abc import Callable

from core.blockdev.device import BlockDevice

_GRAIN = 512
_MOST = 1 << 18
"""Sectors that are told of (128 MiB). What is read beyond them is not."""
_WORD = 8
"""A read of at most so many bytes is told of as it is: what lies around them is nobody's business, where they
are the start of a file's block that a checksum is about."""
_MOST_WORDS = 1 << 15


class TracedDevice(BlockDevice):
    """`device`, of which `say` hears (offset, length) before it is read. What `locate` gives passes it by."""

    def __init__(self, device: BlockDevice, say: Callable[[int, int], None]) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self._device = device
        self._say = say
        self._said: set[int] = set()
        self._words: set[tuple[int, int]] = set()

    def locate(self, offset: int) -> tuple[int, int] | None:
        return self._device.locate(offset)

    def read(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        if 0 < length <= _WORD:
            self._word(offset, length)
            return self._device.read(offset, length)
        start: int | None = None
        end = -(-(offset + length) // _GRAIN)
        for sector in range(offset // _GRAIN, end + 1):
            new = sector < end and sector not in self._said and len(self._said) < _MOST
            if new:
                self._said.add(sector)
                start = sector if start is None else start
            elif start is not None:
                place = start * _GRAIN
                self._say(place, min(sector * _GRAIN, self.size) - place)
                start = None
        return self._device.read(offset, length)

    def _word(self, offset: int, length: int) -> None:
        word, sectors = (offset, length), (offset // _GRAIN, (offset + length - 1) // _GRAIN)
        known = word in self._words or self._said.issuperset(sectors)
        if not known and len(self._words) < _MOST_WORDS:
            self._words.add(word)
            self._say(offset, length)
