"""The names of everything below a directory, gathered a batch at a time and kept small.

Entries are kept as the message that would bring them, which takes a quarter of the memory, and folded names
beside them, which is all that a search looks at.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from core.entry import Entry, Kind
from core.errors import CorruptStructure, DeviceGone, Fault, RumpusError
from core.fs.driver import Driver
from core.query import folded_names
from core.worker.search_messages import FolderAt, Missed

DEEPEST = 128
"""Folders within folders."""
MOST_NAMES = 2_000_000
MOST_BYTES = 192 * 2**20
"""Of memory, out of the 512 MiB that a worker has."""
_MOST_MISSED = 1000

_CIRCLE = CorruptStructure("directory", 0, "a folder in one place", "one that leads in a circle")

_encoder = msgspec.msgpack.Encoder()
_entries = msgspec.msgpack.Decoder(list[Entry])


class Batch(NamedTuple):
    """Some entries of one folder."""

    folder: int
    names: str
    """As `folded_names` makes them."""
    packed: bytes
    length: int

    def entries(self) -> list[Entry]:
        return _entries.decode(self.packed)


class Index:
    """Grows while somebody searches, each folder before those in it. Folder 0 is where it began."""

    def __init__(self, driver: Driver, node: int) -> None:
        self.node = node
        self.batches: list[Batch] = []
        self.folders: list[FolderAt] = [FolderAt(0, "", node)]
        self.missed: list[Missed] = []
        self.complete = False
        """There is no more to gather."""
        self.whole = True
        """Nothing was left out because there was too much."""
        self.broken = False
        """Something went wrong that will not go right in this index."""
        self._driver = driver
        self._seen = {node}
        self._names = 0
        self._bytes = 0
        self._steps = self._walk()

    def grow(self) -> None:
        """One batch more, perhaps an empty one. Raises DeviceGone, and what is a bug of the driver."""
        try:
            next(self._steps)
        except StopIteration:
            self.complete = True
        except BaseException:
            self.broken = True
            raise

    def _walk(self) -> Iterator[None]:
        waiting = deque([(0, 0)])
        while waiting:
            number, depth = waiting.popleft()
            try:
                for entries in self._driver.entries(self.folders[number].node):
                    self._take(number, entries)
                    for entry in entries:
                        if entry.kind is Kind.DIRECTORY and entry.problem is None:
                            self._add(number, depth + 1, entry, waiting)
                    if self._names > MOST_NAMES or self._bytes > MOST_BYTES:
                        self.whole = False
                        return
                    yield
            except DeviceGone:
                raise
            except RumpusError as error:
                self._miss(number, error)
            yield

    def _take(self, folder: int, entries: list[Entry]) -> None:
        batch = Batch(
            folder, folded_names([entry.name for entry in entries]), _encoder.encode(entries), len(entries)
        )
        self.batches.append(batch)
        self._names += batch.length
        self._bytes += sys.getsizeof(batch.names) + len(batch.packed)

    def _add(self, above: int, depth: int, entry: Entry, waiting: deque[tuple[int, int]]) -> None:
        number = len(self.folders)
        self.folders.append(FolderAt(above, entry.name, entry.node))
        self._bytes += sys.getsizeof(entry.name) + 200
        if entry.node in self._seen or depth > DEEPEST:
            self._miss(number, _CIRCLE)
            return
        self._seen.add(entry.node)
        waiting.append((number, depth))

    def _miss(self, folder: int, error: RumpusError) -> None:
        if len(self.missed) < _MOST_MISSED:
            self.missed.append(Missed(folder, Fault.of(error)))
