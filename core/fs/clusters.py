"""Volumes made of clusters that a table links: chains walked without trusting them, and who owns what."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence

from core.errors import CorruptStructure, Fault
from core.fs.driver import Extent, Warnings

WINDOW = 16384
"""Entries of a table looked at together: 64 KiB of 32-bit ones."""
_WINDOWS = 32
_STRIDE = 256
"""Entries compared at once where a file lies in one piece: a loop over each takes many times as long."""
_PAGE = 4096
_ALL = (1 << _PAGE) - 1
_MOST_WALKED = 65536
"""Files whose clusters are remembered to find cross-links."""

Runs = Iterator[tuple[int, int]]
"""The pieces of a chain in order: (first cluster, clusters in a row)."""


class Marks:
    """A set of numbers, marked run by run. Takes one bit for each number near a marked one.

    Pages of bits that are full become one bit each of a set above, so that a run of any length is cheap.
    """

    def __init__(self) -> None:
        self._pages: dict[int, int] = {}
        self._full: Marks | None = None

    def mark(self, first: int, count: int) -> int:
        """Marks a run and returns how many of its numbers come before the first that was marked already."""
        fresh = count
        done = 0
        while done < count:
            page, start = divmod(first + done, _PAGE)
            left = count - done
            if start == 0 and left >= _PAGE:
                length = left - left % _PAGE
                met = self._mark_pages(page, length // _PAGE)
            else:
                length = min(_PAGE - start, left)
                met = self._mark_bits(page, start, length)
            if fresh == count and met < length:
                fresh = done + met
            done += length
        return fresh

    def _mark_bits(self, page: int, start: int, length: int) -> int:
        if self._is_full(page):
            return 0
        bits = self._pages.get(page, 0)
        mask = ((1 << length) - 1) << start
        if bits | mask == _ALL:
            self._fill(page, 1)
        else:
            self._pages[page] = bits | mask
        return _lowest(bits & mask) - start if bits & mask else length

    def _mark_pages(self, page: int, count: int) -> int:
        begun = self._begun(page, count)
        fresh = count * _PAGE
        if begun:
            fresh = (begun[0] - page) * _PAGE + _lowest(self._pages[begun[0]])
        return min(fresh, self._fill(page, count) * _PAGE)

    def _fill(self, page: int, count: int) -> int:
        """Makes pages full and returns how many of them come before the first that was full already."""
        for begun in self._begun(page, count):
            del self._pages[begun]
        if self._full is None:
            self._full = Marks()
        return self._full.mark(page, count)

    def _begun(self, page: int, count: int) -> list[int]:
        """Which of `count` pages have some of their bits, in order."""
        if count < len(self._pages):
            return [number for number in range(page, page + count) if number in self._pages]
        return sorted(number for number in self._pages if page <= number < page + count)

    def _is_full(self, page: int) -> bool:
        above = self._full
        if above is None:
            return False
        number, bit = divmod(page, _PAGE)
        return bool(above._pages.get(number, 0) >> bit & 1) or above._is_full(number)


def _lowest(bits: int) -> int:
    """The number of the lowest bit that is set."""
    return (bits & -bits).bit_length() - 1


class ChainTable(ABC):
    """Which cluster follows which, read in windows.

    Entries under `mask` are cluster numbers from 2 up to the last one, or one of the values at the top:
    the mask less 8 is a bad cluster, more than that the end of a chain.
    """

    def __init__(self, clusters: int, mask: int) -> None:
        self.entries = clusters + 2
        self.mask = mask
        self._windows: OrderedDict[int, array[int]] = OrderedDict()

    @abstractmethod
    def offset(self, cluster: int) -> int:
        """Where a cluster's entry lies on the volume."""

    @abstractmethod
    def load(self, first: int, count: int) -> array[int]:
        """`count` raw entries from `first` on, a multiple of WINDOW. Raises MediumError."""

    def runs(self, first: int, most: int) -> Runs:
        """The chain from cluster `first` on, up to `most` clusters.

        Ends early where the chain ends. Raises CorruptStructure where it leaves the volume, meets a free or
        bad cluster, or itself; MediumError where the table cannot be read.
        """
        if most == 1:
            self._check(first, 0)
            yield first, 1
            return
        marks = Marks()
        cluster, came_from, left = first, 0, most
        while left > 0:
            self._check(cluster, came_from)
            count, following = self._run(cluster, left)
            fresh = marks.mark(cluster, count)
            if fresh:
                yield cluster, fresh
            if fresh < count:
                raise self._corrupt(cluster + fresh - 1 if fresh else came_from, "an end", "a circle")
            left -= count
            came_from = cluster + count - 1
            if following >= self.mask - 7:
                return
            cluster = following

    def forget(self) -> None:
        """Reads the table anew from now on."""
        self._windows.clear()

    def entry(self, cluster: int) -> int:
        """The entry, including those before the first cluster, which are none. Raises MediumError."""
        base, values = self._window(cluster)
        return values[cluster - base] & self.mask

    def _remember(self, first: int, values: Sequence[int]) -> None:
        """Takes note of entries that were changed, from `first` on."""
        done = 0
        while done < len(values):
            base, window = self._window(first + done)
            at = first + done - base
            count = min(len(values) - done, len(window) - at)
            window[at : at + count] = array(window.typecode, values[done : done + count])
            done += count

    def _run(self, cluster: int, most: int) -> tuple[int, int]:
        """(clusters in a row from this one, at most `most`; the entry of the last of them)."""
        mask = self.mask
        start = cluster
        stop = min(start + most, self.entries)
        while True:
            base, values = self._window(cluster)
            last = min(base + len(values), stop) - 1
            following = values[cluster - base] & mask
            while cluster < last and following == cluster + 1:
                cluster = following
                if not cluster % _STRIDE:
                    cluster = base + _in_a_row(values, base, cluster - base, last - base)
                following = values[cluster - base] & mask
            if cluster + 1 >= stop or following != cluster + 1:
                return cluster + 1 - start, following
            cluster = following

    def _check(self, cluster: int, came_from: int) -> None:
        if 2 <= cluster < self.entries:
            return
        if cluster == 0:
            found = "a free cluster"
        elif cluster == self.mask - 8:
            found = "a cluster marked bad"
        else:
            found = f"cluster {cluster}"
        raise self._corrupt(came_from, f"a cluster from 2 to {self.entries - 1}", found)

    def _corrupt(self, cluster: int, expected: str, found: str) -> CorruptStructure:
        return CorruptStructure("cluster chain", self.offset(cluster), expected, found)

    def _window(self, cluster: int) -> tuple[int, array[int]]:
        base = cluster - cluster % WINDOW
        values = self._windows.get(base)
        if values is None:
            values = self._windows[base] = self.load(base, min(WINDOW, self.entries - base))
            if len(self._windows) > _WINDOWS:
                self._windows.popitem(last=False)
        return base, values


def _in_a_row(values: array[int], base: int, at: int, last: int) -> int:
    """The place up to which whole strides of entries from `at` each name the next cluster, at most `last`."""
    while at < last:
        end = min(at + _STRIDE, last)
        if values[at:end] != array(values.typecode, range(base + at + 1, base + end + 1)):
            break
        at = end
    return at


class Owners:
    """The clusters of every node that was walked, so that one in two chains is noticed."""

    def __init__(self, warnings: Warnings, where: Callable[[int], int]) -> None:
        """`where` tells the place on the volume that a warning about a cluster names."""
        self._warnings = warnings
        self._where = where
        self._walked: set[int] = set()
        self._owned = Marks()

    def follow(self, node: int, runs: Runs) -> Runs:
        """The runs as they come; noted as the node's own the first time that it is walked."""
        new = self._is_new(node)
        for cluster, count in runs:
            if new:
                self._note(cluster, count)
            yield cluster, count

    def own(self, node: int, cluster: int, count: int) -> None:
        """As `follow`, for a node that has one run."""
        if self._is_new(node):
            self._note(cluster, count)

    def _is_new(self, node: int) -> bool:
        if node in self._walked or len(self._walked) >= _MOST_WALKED:
            return False
        self._walked.add(node)
        return True

    def _note(self, cluster: int, count: int) -> None:
        fresh = self._owned.mark(cluster, count)
        if fresh < count:
            shared = cluster + fresh
            self._warnings.note(
                Fault.of(
                    CorruptStructure(
                        "cluster chain",
                        self._where(shared),
                        "a cluster in one chain only",
                        f"cluster {shared} in two",
                    )
                )
            )


def extents(
    runs: Runs,
    size: int,
    cluster_size: int,
    position: Callable[[int], int],
    entry: Callable[[int], int],
) -> Iterator[Extent]:
    """The pieces of a file of `size` bytes whose chain has at least one cluster.

    `position` tells where a cluster lies, `entry` where the table names the next one. Raises CorruptStructure
    where the chain is too short.
    """
    offset, last = 0, 0
    for cluster, count in runs:
        length = min(count * cluster_size, size - offset)
        yield Extent(offset, position(cluster), length)
        offset += length
        last = cluster + count - 1
    if offset < size:
        needed, has = -(-size // cluster_size), offset // cluster_size
        raise CorruptStructure(
            "cluster chain", entry(last), f"{needed} clusters for {size} bytes", f"{has} clusters"
        )
