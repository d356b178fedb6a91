"""A recorder of writes, and what a stick may hold that was pulled out in between.

A pull can come between any two writes. Besides, a stick may keep what it was sent since the last flush in
any order, and lose any of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
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
    content: bytearray
    """Valid, and not to be changed, until the next cut is asked for."""


class Replay:
    """What the medium may hold that was as it was `before`, and then saw the writes and flushes of a log."""

    def __init__(self, before: bytes, log: list[Write | Flush], sector_size: int = 512) -> None:
        self._before = before
        self._groups = _groups(log)
        self._sector_size = sector_size

    @property
    def writes(self) -> int:
        return sum(map(len, self._groups))

    @property
    def groups(self) -> int:
        """Groups of writes between two flushes."""
        return len(self._groups)

    def cuts(self, every: int = 1) -> Iterator[Cut]:
        """The medium after each prefix of the log, the empty one first; or after every so many writes."""
        content = bytearray(self._before)
        writes = 0
        yield Cut(0, 0, 0, content)
        for flushes, group in enumerate(self._groups):
            for offset, data in group:
                content[offset : offset + len(data)] = data
                writes += 1
                if writes % every == 0:
                    yield Cut(writes, flushes, 0, content)

    def losses(self, each: int, seed: int, every: int = 1) -> Iterator[Cut]:
        """The medium when of a group between two flushes some sectors are there and some are not.

        For every group, or every so many, `each` subsets are drawn at random: few sectors, many, or half.
        """
        chance = random.Random(seed)
        content = bytearray(self._before)
        writes = 0
        for flushes, group in enumerate(self._groups):
            sectors = [sector for write in group for sector in _sectors(write, self._sector_size)]
            writes += len(group)
            if len(sectors) > 1 and flushes % every == 0:
                old = [(offset, bytes(content[offset : offset + len(data)])) for offset, data in group]
                for _ in range(each):
                    share = chance.choice((0.1, 0.5, 0.5, 0.9))
                    kept = [sector for sector in sectors if chance.random() < share]
                    _lay(content, kept)
                    yield Cut(writes, flushes, len(sectors) - len(kept), content)
                    _lay(content, reversed(old))
            _lay(content, group)


def _lay(content: bytearray, writes: Iterable[tuple[int, bytes]]) -> None:
    for offset, data in writes:
        content[offset : offset + len(data)] = data


def _groups(log: list[Write | Flush]) -> list[list[Write]]:
    groups: list[list[Write]] = [[]]
    for event in log:
        if isinstance(event, Write):
            groups[-1].append(event)
        else:
            groups.append([])
    return [group for group in groups if group]


def _sectors(write: Write, size: int) -> Iterator[Write]:
    """The pieces of a write that the medium takes wholly or not at all."""
    done = 0
    while done < len(write.data):
        length = size - (write.offset + done) % size
        yield Write(write.offset + done, write.data[done : done + length])
        done += length
