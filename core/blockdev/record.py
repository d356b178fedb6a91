"""A recorder of writes, and what a stick may hold that was pulled out in between.

A pull can come between any two writes. Besides, a stick may keep what it was sent since the last flush in
any order, and lose any of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from core.blockdev.device import BlockDevice


class Write(NamedTuple):
    offset: int
    data: bytes


class Flush(NamedTuple):
    pass


class RecordingDevice(BlockDevice):
    """`device`, of which every write and flush is kept, in order. For tests: nothing bounds the memory."""

    def __init__(self, device: BlockDevice) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self.log: list[Write | Flush] = []
        self._device = device

    def locate(self, offset: int) -> None:
        """None, so that nothing is written past the recorder."""
        self.check(offset, 0)

    def read(self, offset: int, length: int) -> bytes:
        return self._device.read(offset, length)

    def write(self, offset: int, data: bytes) -> None:
        self._device.write(offset, data)
        self.log.append(Write(offset, bytes(data)))

    def flush(self) -> None:
        self._device.flush()
        self.log.append(Flush())

    def written(self, offset: int, length: int) -> None:
        self.write(offset, self._device.read(offset, length))


class Cut(NamedTuple):
    """One thing that the medium may hold: the first `writes` writes of the log, or a part of them."""

    writes: int
    flushes: int
    lost: int
    """Sectors written since the last flush and lost all the same."""
    content: bytes


def cuts(before: bytes, log: list[Write | Flush]) -> Iterator[Cut]:
    """The medium after every prefix of the log, first as it was `before`. Each write is one step."""
    content = bytearray(before)
    writes = flushes = 0
    yield Cut(0, 0, 0, bytes(content))
    for event in log:
        if isinstance(event, Flush):
            flushes += 1
            continue
        content[event.offset : event.offset + len(event.data)] = event.data
        writes += 1
        yield Cut(writes, flushes, 0, bytes(content))


def losses(before: bytes, log: list[Write | Flush], sector_size: int, each: int, seed: int) -> Iterator[Cut]:
    """The medium when, of what was written since the last flush, some sectors are there and some are not.

    For each group between two flushes `each` subsets are drawn at random: few sectors, many, or half.
    """
    chance = random.Random(seed)
    content = bytearray(before)
    writes = 0
    for flushes, group in enumerate(_groups(log)):
        sectors = [sector for write in group for sector in _sectors(write, sector_size)]
        for _ in range(each if len(sectors) > 1 else 0):
            share = chance.choice((0.1, 0.5, 0.5, 0.9))
            kept = [sector for sector in sectors if chance.random() < share]
            torn = bytearray(content)
            for offset, data in kept:
                torn[offset : offset + len(data)] = data
            yield Cut(writes + len(group), flushes, len(sectors) - len(kept), bytes(torn))
        for offset, data in group:
            content[offset : offset + len(data)] = data
        writes += len(group)


def _groups(log: list[Write | Flush]) -> Iterator[list[Write]]:
    group: list[Write] = []
    for event in log:
        if isinstance(event, Write):
            group.append(event)
        else:
            yield group
            group = []
    if group:
        yield group


def _sectors(write: Write, size: int) -> Iterator[Write]:
    """The pieces of a write that the medium takes wholly or not at all."""
    offset, data = write
    while data:
        length = size - offset % size
        yield Write(offset, data[:length])
        offset += length
        data = data[length:]
