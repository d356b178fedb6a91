"""What was deleted and is still there: the second face of a volume, which is only read.

A system of the FAT family deletes a file by marking its entry and calling its clusters free; the bytes of
both stay until something else is written there. What can be told of such a file is told with how sure it is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple, Protocol, runtime_checkable

import msgspec

from core.entry import Deleted, Details, Entry, Sureness
from core.fs.clusters import Marks
from core.fs.driver import REUSED, Extent

DELETED = 1 << 62
"""The bit that nodes of what was deleted have, and no others."""
BATCH = 256
"""Deleted entries that a batch holds at most: each may have to be looked for in the allocation table."""

_COMPARED = 16384
"""Files of a folder that are compared with each other."""
_WINDOW = 65536
_KEPT = 64
"""Windows remembered (4 MiB)."""
_FREE, _TAKEN = b"\1", b"\0"
Run = tuple[int, int]


class Remains(ABC):
    """The deleted files and folders of one open volume. All raise MediumError and DeviceGone besides.

    As good as the volume is when it is made: of what is written afterwards it knows nothing.
    """

    @abstractmethod
    def found(self, node: int) -> Iterator[list[Deleted]]:
        """What was deleted in a folder that is there, and all that is left in a deleted one.

        Never two entries of one node. Raises WrongKind, NotFound, CorruptStructure.
        """

    @abstractmethod
    def stat(self, node: int) -> Details:
        """Raises NotFound when the node is none of a deleted file or folder."""

    def size(self, node: int) -> int:
        """Bytes that a deleted file has. Raises as `stat`."""
        return self.stat(node).entry.size

    @abstractmethod
    def extents(self, node: int) -> Iterator[Extent]:
        """Where a deleted file's bytes lie, or most probably lie, covering exactly its size.

        What belongs to other files now is REUSED. Raises WrongKind, NotFound, CorruptStructure.
        """

    def entries(self, node: int) -> Iterator[list[Entry]]:
        """What is left in a folder, as of a folder that is there."""
        for batch in self.found(node):
            yield [deleted.entry for deleted in batch]

    def data(self, node: int, start: int = 0) -> Iterator[bytes] | None:
        """None: extents serve."""
        return None


@runtime_checkable
class Undeletable(Protocol):
    """An open volume whose driver can tell what was deleted on it."""

    def remains(self) -> Remains:
        """Raises CorruptStructure, MediumError when not even what is free can be told."""


class Claim(NamedTuple):
    """A deleted file and the clusters that it lay in, if in a row; `written` is when, as far as it tells."""

    deleted: Deleted
    first: int
    clusters: int
    written: int


def batched(claims: Iterator[Claim]) -> Iterator[list[Deleted]]:
    """In their order. Of several deleted files in the same clusters, the one written last is there."""
    while group := list(islice(claims, _COMPARED)):
        marks = Marks()
        doubtful: set[int] = set()
        for number in sorted(range(len(group)), key=lambda number: -group[number].written):
            _, first, count, _ = group[number]
            if count and marks.mark(first, count) < count:
                doubtful.add(number)
        found = [_doubted(each.deleted) if at in doubtful else each.deleted for at, each in enumerate(group)]
        for start in range(0, len(found), BATCH):
            yield found[start : start + BATCH]


def _doubted(found: Deleted) -> Deleted:
    if found.sureness not in (Sureness.GOOD, Sureness.LIKELY):
        return found
    return msgspec.structs.replace(found, sureness=Sureness.DOUBTFUL)


class FreeMap:
    """Which clusters from `first` up to `end` are free, looked up in windows, of which few are remembered.

    `load` has for (first cluster, count) a byte for each cluster, 1 where it is free.
    """

    def __init__(self, first: int, end: int, load: Callable[[int, int], bytes]) -> None:
        self.first = first
        self.end = end
        self._load = load
        self._windows: OrderedDict[int, bytes] = OrderedDict()

    def is_free(self, cluster: int) -> bool:
        """False for what is no cluster."""
        if not self.first <= cluster < self.end:
            return False
        index, at = divmod(cluster - self.first, _WINDOW)
        return self._window(index)[at] == 1

    def free_from(self, cluster: int, most: int) -> int:
        """How many in a row from this one on are free."""
        return self._alike(cluster, most, _TAKEN)

    def taken_from(self, cluster: int, most: int) -> int:
        """How many in a row from this one on are not free; those behind the last are none of either."""
        return self._alike(cluster, most, _FREE)

    def _alike(self, cluster: int, most: int, unlike: bytes) -> int:
        found = 0
        most = min(most, self.end - cluster)
        while found < most:
            index, at = divmod(cluster + found - self.first, _WINDOW)
            window = self._window(index)
            stop = window.find(unlike, at)
            found += (len(window) if stop < 0 else stop) - at
            if stop >= 0:
                break
        return max(0, min(found, most))

    def _window(self, index: int) -> bytes:
        window = self._windows.get(index)
        if window is None:
            first = self.first + index * _WINDOW
            window = self._windows[index] = self._load(first, min(_WINDOW, self.end - first))
            if len(self._windows) > _KEPT:
                self._windows.popitem(last=False)
        return window


def judged(free: FreeMap, runs: list[Run]) -> Sureness:
    """How sure it is that a file lies in these clusters, which are known for certain."""
    if all(free.free_from(first, count) == count for first, count in runs):
        return Sureness.GOOD
    if all(free.taken_from(first, count) == count for first, count in runs):
        return Sureness.GONE
    return Sureness.PARTLY


def judged_by_start(free: FreeMap, first: int, count: int) -> Sureness:
    """The same when nothing is known but where it begins."""
    in_a_row = judged(free, [(first, count)])
    return Sureness.LIKELY if in_a_row is Sureness.GOOD and count > 1 else in_a_row


def guessed(free: FreeMap, first: int, count: int) -> Iterator[Run]:
    """Where so many clusters lie when nothing is known but where they begin.

    As a system writes that takes what is free in order: it goes around what other files have, if those were
    there before. Where the first one is another file's, they came later, and all is taken to lie in a row.
    """
    if not free.is_free(first):
        yield first, count
        return
    while count:
        length = free.free_from(first, count)
        if not length:  # the end of the volume
            yield first, count
            return
        yield first, length
        count -= length
        first += length
        first += free.taken_from(first, free.end)


def extents(
    free: FreeMap, runs: Iterator[Run], size: int, cluster_size: int, position: Callable[[int], int]
) -> Iterator[Extent]:
    """The pieces of a deleted file of `size` bytes, for which there are clusters enough."""
    offset = 0
    for first, count in runs:
        while count and offset < size:
            length = free.free_from(first, count)
            place = position(first)
            if not length:
                length = free.taken_from(first, count) or count
                place = REUSED
            stop = min(offset + length * cluster_size, size)
            yield Extent(offset, place, stop - offset)
            offset, first, count = stop, first + length, count - length
