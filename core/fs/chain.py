"""The clusters of one open file, in order, as a few numbers for each run of them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator

from core.fs.allocation import Run


class Chain:
    def __init__(self, runs: list[Run]) -> None:
        self.count = 0
        """Clusters in it."""
        self._starts, self._firsts = array("Q"), array("Q")
        """For each run, how many clusters of the file come before it, and its first cluster."""
        self.extend(runs)

    @property
    def first(self) -> int:
        """0 where there is none."""
        return self._firsts[0] if self.count else 0

    @property
    def in_a_row(self) -> bool:
        return len(self._starts) <= 1

    @property
    def tail(self) -> int | None:
        return self._firsts[-1] + self.count - self._starts[-1] - 1 if self.count else None

    def extend(self, runs: list[Run]) -> None:
        for first, count in runs:
            if self.tail != first - 1:
                self._starts.append(self.count)
                self._firsts.append(first)
            self.count += count

    def cut(self, count: int) -> list[Run]:
        """Keeps that many clusters and returns the others."""
        rest = list(self.runs(count, self.count))
        kept = bisect_right(self._starts, count - 1) if count else 0
        del self._starts[kept:], self._firsts[kept:]
        self.count = min(self.count, count)
        return rest

    def runs(self, begin: int, end: int) -> Iterator[Run]:
        """The runs of the file's clusters from number `begin` up to number `end`."""
        index = bisect_right(self._starts, begin) - 1
        while begin < end:
            stop = self._starts[index + 1] if index + 1 < len(self._starts) else self.count
            length = min(stop, end) - begin
            yield self._firsts[index] + begin - self._starts[index], length
            begin += length
            index += 1
