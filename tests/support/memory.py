"""A block device in memory, for tests whose subject is what stands in front of it."""

from __future__ import annotations

from core.blockdev.device import BlockDevice


class MemoryDevice(BlockDevice):
    """Writable. `reads` lists (offset, length) of each read."""

    def __init__(self, content: bytes, sector_size: int = 512) -> None:
        self.content = bytearray(content)
        self.size = len(content)
        self.sector_size = sector_size
        self.reads: list[tuple[int, int]] = []

    def locate(self, offset: int) -> None:
        self.check(offset, 0)

    def read(self, offset: int, length: int) -> bytes:
        self.check(offset, length)
        self.reads.append((offset, length))
        return bytes(self.content[offset : offset + length])

    def write(self, offset: int, data: bytes) -> None:
        self.check(offset, len(data))
        self.content[offset : offset + len(data)] = data
