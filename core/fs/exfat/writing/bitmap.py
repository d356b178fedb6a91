"""The allocation bitmap, changed: which clusters are taken (section 7.1.5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from core.fs.staging import Phase, Staging

_FIRST = 2
_FREE_WHERE_ZERO = [bytes(not value >> bit & 1 for bit in range(8)) for value in range(256)]


class Bitmap:
    """What is staged is seen at once by those who ask."""

    def __init__(self, staging: Staging, pieces: list[tuple[int, int]]) -> None:
        """`pieces`: (position, length) on the volume."""
        self._staging = staging
        self._positions = [position for position, _ in pieces]
        self._lengths = [length for _, length in pieces]
        self._starts = [sum(self._lengths[:number]) for number in range(len(pieces))]

    def mark(self, phase: Phase, first: int, count: int, *, taken: bool) -> None:
        """Stages that `count` clusters from `first` on are taken, or free."""
        byte, bit = divmod(first - _FIRST, 8)
        length = -(-(bit + count) // 8)
        mask = (((1 << count) - 1) << bit).to_bytes(length, "little")
        done = 0
        for position, size in self._pieces(byte, length):
            piece = mask[done : done + size]
            self._staging.stage(phase, position, piece if taken else bytes(size), piece)
            done += size

    def free_map(self, first: int, count: int) -> bytes:
        """A byte for each of `count` clusters from `first` on: 1 where it is free."""
        byte, bit = divmod(first - _FIRST, 8)
        bits = b"".join([self._staging.read(*piece) for piece in self._pieces(byte, -(-(bit + count) // 8))])
        return b"".join([_FREE_WHERE_ZERO[value] for value in bits])[bit : bit + count]

    def was_free(self, cluster: int) -> bool:
        """Whether the medium still has that cluster as free."""
        byte, bit = divmod(cluster - _FIRST, 8)
        position, _ = next(self._pieces(byte, 1))
        return not self._staging.on_medium(position, 1)[0] >> bit & 1

    def _pieces(self, start: int, length: int) -> Iterator[tuple[int, int]]:
        """(position, length) of some of its bytes."""
        number = bisect_right(self._starts, start) - 1
        while length > 0:
            within = start - self._starts[number]
            size = min(self._lengths[number] - within, length)
            yield self._positions[number] + within, size
            start, length, number = start + size, length - size, number + 1
