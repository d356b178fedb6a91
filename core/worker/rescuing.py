"""What can still be had of a stretch of bad sectors: from behind, as ddrescue does it, then piece by piece.

Whoever reads forward skips twice as far with each failure, so that a dying stick does not hold it up. The
readable bytes that were skipped are fetched afterwards, within a budget of time and of failed tries: a stick
may take half a minute for each.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from core.blockdev.device import BlockDevice
from core.errors import MediumError

PIECE = 4096
"""Bytes read at once around bad sectors: what the kernel reads and loses as a whole."""
BUDGET_SECONDS = 20.0
"""For failed tries of one file."""
BUDGET_TRIES = 512


class Rescue:
    """For one file. `put` takes (position on the device, bytes) of what was had."""

    def __init__(self, device: BlockDevice, put: Callable[[int, bytes], None]) -> None:
        self._device = device
        self._put = put
        self._seconds = BUDGET_SECONDS
        self._tries = BUDGET_TRIES

    def between(self, start: int, end: int, lost: list[tuple[int, int]], *, ends: bool) -> Iterator[None]:
        """Fetches what can be had from `start`, which is bad, to `end`, before which nothing is known.

        `ends`: whether what follows can be read; where nothing can, not every sector is tried. Yields between
        two reads. What could not be had is appended to `lost`, as (start, end) in order.
        """
        fetched = end
        for low, high in _pieces(start, end, backwards=True):
            if not self._fetch(low, high):
                break
            fetched = low
            yield
        if fetched == end and not ends:
            lost.append((start, end))
            return
        bad: list[tuple[int, int]] = []
        for low, high in _pieces(start, fetched):
            if self._fetch(low, high):
                yield
                continue
            for first, last in self._sectors(low, high):
                if not self._fetch(first, last):
                    bad.append((first, last))
                yield
        lost += _joined(bad)

    def _sectors(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        if self._is_spent():
            yield low, high
            return
        size = self._device.sector_size
        while low < high:
            end = min(low - low % size + size, high)
            yield low, end
            low = end

    def _is_spent(self) -> bool:
        return self._tries <= 0 or self._seconds <= 0

    def _fetch(self, low: int, high: int) -> bool:
        if self._is_spent():
            return False
        began = time.monotonic()
        try:
            data = self._device.read(low, high - low)
        except MediumError:
            self._tries -= 1
            self._seconds -= time.monotonic() - began
            return False
        self._put(low, data)
        return True


def _pieces(start: int, end: int, *, backwards: bool = False) -> Iterator[tuple[int, int]]:
    """Of a range, cut where pages begin."""
    while start < end:
        if backwards:
            low = max(start, (end - 1) // PIECE * PIECE)
            yield low, end
            end = low
        else:
            high = min(end, start // PIECE * PIECE + PIECE)
            yield start, high
            start = high


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for low, high in ranges:
        if found and found[-1][1] == low:
            found[-1] = found[-1][0], high
        else:
            found.append((low, high))
    return found
