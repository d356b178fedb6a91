"""Which clusters of a volume are free, and which of them to take: the same for every system with clusters.

Next fit, with a look for one run as long as needed: a file in one piece is read and written at the stick's
full speed. What is given up is not taken again before nothing on the medium refers to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

Run = tuple[int, int]
"""(first cluster, clusters in a row)."""

_WINDOW = 65536
_FREE, _TAKEN = b"\1", b"\0"
_ALL_FREE, _ALL_TAKEN = _FREE * _WINDOW, _TAKEN * _WINDOW

Load = Callable[[int, int], bytes]
"""For (first cluster, count): a byte for each cluster, 1 where it is free."""


class FreeSpace:
    """The clusters from `first` up to `end`, looked up window by window when they are needed.

    `start` is where to look first, `free` how many are free if somebody has kept count.
    """

    def __init__(self, first: int, end: int, load: Load, start: int, free: int | None = None) -> None:
        self._first = first
        self._end = end
        self._load = load
        self._windows: dict[int, bytes | bytearray] = {}
        self.next = start if first <= start < end else first
        """Where to look first."""
        self._free = free
        self._retired: list[Run] = []
        self._taken: list[Run] = []
        self._kept = 0
        """What was taken since the last `keep`, and how many of the retired runs are older."""
        self._longest = end - first
        """No run longer than this is free."""

    def count(self) -> int:
        """Free clusters, with those that will be free once all is settled. Looks at the whole volume once."""
        if self._free is None:
            self._free = sum(window.count(1) for _, window in self._all())
        return self._free + sum(count for _, count in self._retired)

    @property
    def known(self) -> int | None:
        """The same without looking: None unless it was told or counted before."""
        return None if self._free is None else self.count()

    @property
    def retired(self) -> bool:
        """Whether there is something that will be free once all is settled."""
        return bool(self._retired)

    def take(self, count: int, after: int | None = None) -> list[Run]:
        """`count` clusters, beginning with those right behind the cluster `after` if they are free.

        Returns nothing, and takes nothing, when there are not so many.
        """
        found: list[Run] = []
        if after is not None:
            found += self.take_at(after + 1, count)
        wanted = count - sum(length for _, length in found)
        if wanted:
            start = self._run(wanted)
            if start is not None:
                found.append((start, wanted))
                self._occupy(start, wanted)
            else:
                pieces = self._pieces(wanted)
                if not pieces:
                    self.give(found)
                    del self._taken[len(self._taken) - len(found) :]
                    return []
                found += pieces
        self.next = found[-1][0] + found[-1][1]
        return found

    def take_at(self, first: int, most: int) -> list[Run]:
        """Up to `most` clusters from this one on, as many as are free in a row."""
        length = self._length(first, most) if most > 0 else 0
        if not length:
            return []
        self._occupy(first, length)
        self.next = first + length
        return [(first, length)]

    def has_free(self, first: int, count: int = 1) -> bool:
        """Whether one of so many clusters is free, which somebody has."""
        while count > 0:
            index, at = divmod(first - self._first, _WINDOW)
            window = self._window(index)
            length = min(count, len(window) - at)
            if window.find(_FREE, at, at + length) >= 0:
                return True
            first, count = first + length, count - length
        return False

    def give(self, runs: list[Run]) -> None:
        """Gives back what nothing on the medium ever referred to."""
        for first, count in runs:
            self._mark(first, count, _FREE)

    def retire(self, runs: list[Run]) -> None:
        """Gives back what entries on the medium still refer to, for use after `settle`.

        Called while whoever loads still has them as taken.
        """
        for first, count in runs:
            begin, last = first - self._first, first + count - 1 - self._first
            for index in range(begin // _WINDOW, last // _WINDOW + 1):
                self._window(index)
        self._retired += runs

    def keep(self) -> None:
        """What was taken and retired up to here stays so."""
        self._taken.clear()
        self._kept = len(self._retired)

    def undo(self) -> None:
        """Takes back what was taken and retired since the last `keep` or `settle`."""
        self.give(self._taken)
        del self._retired[self._kept :]
        self.keep()

    def settle(self) -> None:
        """Nothing on the medium refers to what was retired."""
        runs, self._retired = self._retired, []
        self.give(runs)
        self.keep()

    def _window(self, index: int) -> bytes | bytearray:
        window = self._windows.get(index)
        if window is None:
            first = self._first + index * _WINDOW
            window = self._load(first, min(_WINDOW, self._end - first))
            window = _ALL_FREE if window == _ALL_FREE else _ALL_TAKEN if window == _ALL_TAKEN else window
            self._windows[index] = window
        return window

    def _all(self) -> Iterator[tuple[int, bytes | bytearray]]:
        for first in range(self._first, self._end, _WINDOW):
            yield first, self._window((first - self._first) // _WINDOW)

    def _mark(self, first: int, count: int, value: bytes) -> None:
        sign = 1 if value == _FREE else -1
        if self._free is not None:
            self._free += sign * count
        if sign > 0:
            self._longest = self._end - self._first
        while count > 0:
            index, at = divmod(first - self._first, _WINDOW)
            window = self._window(index)
            if not isinstance(window, bytearray):
                window = self._windows[index] = bytearray(window)
            length = min(count, len(window) - at)
            window[at : at + length] = value * length
            first += length
            count -= length

    def _occupy(self, first: int, count: int) -> None:
        self._mark(first, count, _TAKEN)
        self._taken.append((first, count))

    def _length(self, first: int, most: int) -> int:
        """How many clusters in a row are free from this one on."""
        found = 0
        while found < most and first + found < self._end:
            index, at = divmod(first + found - self._first, _WINDOW)
            window = self._window(index)
            stop = window.find(_TAKEN, at)
            found += (len(window) if stop < 0 else stop) - at
            if stop >= 0:
                break
        return min(found, most)

    def _run(self, count: int) -> int | None:
        """The first cluster of a run of that length, looked for from `next` on and then from the start."""
        if count > self._longest:
            return None
        start = self._search(self.next, count)
        if start is None:
            start = self._search(self._first, count)
        if start is None:
            self._longest = count - 1
        return start

    def _search(self, low: int, count: int) -> int | None:
        start, run = low, 0
        """A run that reaches up to the window looked at."""
        at = low
        while at < self._end:
            index, begin = divmod(at - self._first, _WINDOW)
            window = self._window(index)
            base = at - begin
            if run:
                stop = window.find(_TAKEN)
                run += len(window) if stop < 0 else stop
                if run >= count:
                    return start
                if stop >= 0:
                    begin, run = stop, 0
            if not run:
                if count <= len(window) - begin:
                    hit = window.find(_FREE * count, begin)
                    if hit >= 0:
                        return base + hit
                last = window.rfind(_TAKEN, begin)
                tail = max(begin, last + 1)
                start, run = base + tail, len(window) - tail
            at = base + len(window)
        return None

    def _pieces(self, count: int) -> list[Run]:
        """That many clusters in as many runs as it takes, or nothing."""
        found: list[Run] = []
        start = self.next
        for low, high in ((start, self._end), (self._first, start)):
            at = low
            while at < high and count:
                index, begin = divmod(at - self._first, _WINDOW)
                window = self._window(index)
                base = at - begin
                hit = window.find(_FREE, begin)
                if hit < 0:
                    at = base + len(window)
                    continue
                if base + hit >= high:
                    break
                length = self._length(base + hit, min(count, high - base - hit))
                found.append((base + hit, length))
                count -= length
                at = base + hit + length
        if count:
            return []
        for first, length in found:
            self._occupy(first, length)
        return found
