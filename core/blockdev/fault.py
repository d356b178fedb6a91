"""A device that misbehaves to order: what a stick does to us, repeatable in a test."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping

from core.blockdev.device import BlockDevice
from core.errors import DeviceGone, MediumError

Hook = Callable[[str, int, int], None]
"""Called with the operation ("read", "write" or "flush"), its offset and its length, before it is done."""


class FaultyDevice(BlockDevice):
    """`device`, with these faults:

    - `yank_after`: so many operations succeed, each later one finds the device gone. `yank()` does it now.
    - `tear`: the write that meets the yank lands in part, some sectors of it from its start on.
    - `bad`: (offset, length) ranges whose sectors can be neither read nor written.
    - `flips`: byte offset -> bits that read back inverted. See `bit_flips`.
    - `before`: called before each operation, to slow it down, to count, or to raise what it likes.

    The same `seed` tears the same way.
    """

    def __init__(
        self,
        device: BlockDevice,
        *,
        yank_after: int | None = None,
        tear: bool = False,
        bad: Iterable[tuple[int, int]] = (),
        flips: Mapping[int, int] | None = None,
        before: Hook | None = None,
        seed: int = 0,
    ) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self.operations = 0
        """How many have begun."""
        self._device = device
        self._yank_after = yank_after
        self._tear = tear
        self._bad = sorted(
            (offset - offset % self.sector_size, -(-(offset + length) // self.sector_size) * self.sector_size)
            for offset, length in bad
            if length > 0
        )
        self._flips = dict(flips or {})
        self._flipped = sorted(self._flips)
        self._before = before
        self._random = random.Random(seed)

    def yank(self) -> None:
        """From now on the device is gone."""
        self._yank_after = self.operations

    def mend(self) -> None:
        """From now on no sector is bad."""
        self._bad = []

    def locate(self, offset: int) -> None:
        """None, so that bulk copies meet the faults too."""
        self.check(offset, 0)

    def read(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        if not self._begin("read", offset, length):
            raise DeviceGone
        self._meet_bad(offset, length)
        return self._flip(offset, self._device.read(offset, length))

    def write(self, offset: int, data: bytes) -> None:
        self.check(offset, len(data))
        torn = self._tear and not self._is_gone()
        if not self._begin("write", offset, len(data)):
            if torn:
                sectors = self._random.randint(0, len(data) // self.sector_size)
                self._device.write(offset, data[: sectors * self.sector_size])
            raise DeviceGone
        self._meet_bad(offset, len(data))
        self._device.write(offset, data)

    def flush(self) -> None:
        if not self._begin("flush", 0, 0):
            raise DeviceGone
        self._device.flush()

    def _is_gone(self) -> bool:
        """Whether the yank has already been met."""
        return self._yank_after is not None and self.operations > self._yank_after

    def _begin(self, operation: str, offset: int, length: int) -> bool:
        """Counts the operation; False when the device is gone."""
        self.operations += 1
        if self._is_gone():
            return False
        if self._before is not None:
            self._before(operation, offset, length)
        return True

    def _meet_bad(self, offset: int, length: int) -> None:
        """Raises MediumError for the first bad sector that the range touches, whole."""
        for start, end in self._bad:
            if length and start < offset + length and offset < end:
                first = max(start, offset - offset % self.sector_size)
                raise MediumError(first, min(self.sector_size, self.size - first))

    def _flip(self, offset: int, data: bytes) -> bytes:
        at = bisect_left(self._flipped, offset)
        if at == len(self._flipped) or self._flipped[at] >= offset + len(data):
            return data
        changed = bytearray(data)
        for place in self._flipped[at:]:
            if place >= offset + len(data):
                break
            changed[place - offset] ^= self._flips[place]
        return bytes(changed)


def bit_flips(count: int, size: int, seed: int, start: int = 0) -> dict[int, int]:
    """`count` single bits to invert among the `size` bytes from `start`, the same ones for the same seed."""
    chosen = random.Random(seed).sample(range(size * 8), count)
    flips: dict[int, int] = {}
    for bit in chosen:
        place = start + bit // 8
        flips[place] = flips.get(place, 0) | 1 << bit % 8
    return flips
