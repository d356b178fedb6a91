"""Runs of clusters as an attribute packs them, and as a map for going to any place."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from core.errors import CorruptStructure
from core.fs.driver import HOLE

_LARGEST = 2**62
_MOST = 1 << 18
"""Runs that a map holds (6 MiB)."""


class Run(NamedTuple):
    """`length` clusters of a value from its cluster `first` on: from `cluster` on, or a HOLE."""

    first: int
    cluster: int
    length: int


def unpacked(packed: bytes, first: int, clusters: int, position: int) -> Iterator[Run]:
    """The runs from cluster `first` of a value on: NTFS, "Data Runs".

    `clusters` of the volume bound where they may lie. Raises CorruptStructure.
    """
    at, end = 0, len(packed)
    cluster = 0
    while at < end and packed[at]:
        wide, far = packed[at] & 15, packed[at] >> 4
        if not 1 <= wide <= 8 or far > 8 or at + 1 + wide + far > end:
            raise _corrupt(position + at, "a run of clusters", packed[at : at + 17].hex(" "))
        count = int.from_bytes(packed[at + 1 : at + 1 + wide], "little", signed=True)
        if count <= 0 or first + count > _LARGEST:
            raise _corrupt(position + at, "a run of at least one cluster", str(count))
        if far:
            step = packed[at + 1 + wide : at + 1 + wide + far]
            cluster += int.from_bytes(step, "little", signed=True)
        if far and cluster != HOLE:  # before version 3, a hole was written as cluster -1
            if cluster < 0 or cluster + count > clusters:
                expected = f"clusters below {clusters}"
                raise _corrupt(position + at, expected, f"{count} from {cluster} on")
            yield Run(first, cluster, count)
        else:
            yield Run(first, HOLE, count)
        first += count
        at += 1 + wide + far


class RunMap:
    """Where each cluster of a value lies, as far as it has been told."""

    def __init__(self) -> None:
        self.end = 0
        """The first cluster that has not been told."""
        self._firsts, self._clusters = array("q"), array("q")

    def add(self, run: Run) -> bool:
        """False when there is no room for it, or a gap before it."""
        if run.first != self.end or len(self._firsts) >= _MOST:
            return False
        self._firsts.append(run.first)
        self._clusters.append(run.cluster)
        self.end += run.length
        return True

    def find(self, number: int) -> Run:
        """What lies from cluster `number` of the value on. It must have been told."""
        index = bisect_right(self._firsts, number) - 1
        stop = self._firsts[index + 1] if index + 1 < len(self._firsts) else self.end
        cluster = self._clusters[index]
        if cluster != HOLE:
            cluster += number - self._firsts[index]
        return Run(number, cluster, stop - number)


def _corrupt(position: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("runs", position, expected, found)
