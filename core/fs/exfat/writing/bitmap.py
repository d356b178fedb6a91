"""The allocation bitmap, changed."""

from __future__ import annotations

from core.fs.exfat.bitmap import FIRST, AllocationBitmap
from core.fs.staging import Phase, Staging


class Bitmap(AllocationBitmap):
    """What is staged is seen at once by those who ask."""

    def __init__(self, staging: Staging, pieces: list[tuple[int, int]]) -> None:
        """`pieces`: (position, length) on the volume."""
        super().__init__(staging, pieces)
        self._staging = staging

    def mark(self, phase: Phase, first: int, count: int, *, taken: bool) -> None:
        """Stages that `count` clusters from `first` on are taken, or free."""
        byte, bit = divmod(first - FIRST, 8)
        length = -(-(bit + count) // 8)
        mask = (((1 << count) - 1) << bit).to_bytes(length, "little")
        done = 0
        for position, size in self._pieces(byte, length):
            piece = mask[done : done + size]
            self._staging.stage(phase, position, piece if taken else bytes(size), piece)
            done += size

    def was_free(self, cluster: int) -> bool:
        """Whether the medium still has that cluster as free."""
        byte, bit = divmod(cluster - FIRST, 8)
        position, _ = next(self._pieces(byte, 1))
        return not self._staging.on_medium(position, 1)[0] >> bit & 1
