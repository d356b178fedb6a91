"""One search: looks through what is indexed, lets the index grow, and says what it finds as it goes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec

from core.entry import Entry
from core.query import Query
from core.worker.index import Index
from core.worker.search_messages import MATCHES, FolderAt, Matches, Missed, Search, Searched

_SLICE_SECONDS = 0.008
"""How long other requests wait behind a search."""
_AHEAD_SECONDS = 0.001
"""The same behind one that only gathers names: somebody waits for the others, and nobody for it."""
_RHYTHM_SECONDS = 0.05
"""Between two replies that are not full. The first comes at once."""
_ROOM = 120 * 1024
"""Bytes of names that go into one reply."""


class Searching:
    """`run` yields a reply, or None where it only gives others their turn."""

    def __init__(self, request: Search, index: Index) -> None:
        self._id = request.id
        self._query = Query(request.text)
        self._index = index
        self._slice = _SLICE_SECONDS if self._query else _AHEAD_SECONDS
        self._told = {0: 0}
        """The number that a folder of the index has for the host."""
        self._looked = 0
        self._parcel = Matches(id=self._id, looked=0)
        self._room = _ROOM

    def run(self) -> Iterator[Matches | Searched | None]:
        index, at, missed = self._index, 0, 0
        said = 0.0
        while at < len(index.batches) or not index.complete:
            due = time.monotonic() + self._slice
            while time.monotonic() < due:
                if at < len(index.batches):
                    yield from self._look(at)
                    at += 1
                elif not index.complete:
                    index.grow()
                else:
                    break
                for trouble in index.missed[missed:]:
                    missed += 1
                    yield from self._miss(trouble)
            if (self._filled and said == 0) or time.monotonic() - said > _RHYTHM_SECONDS:
                said = time.monotonic()
                yield self._sent()
            else:
                yield None
        yield self._sent()
        yield Searched(id=self._id, looked=self._looked, whole=index.whole)

    @property
    def _filled(self) -> bool:
        return bool(self._parcel.matches or self._parcel.missed)

    def _look(self, at: int) -> Iterator[Matches]:
        batch = self._index.batches[at]
        self._looked += batch.length
        places = self._query.among(batch.names)
        if not places:
            return
        entries = batch.entries()
        yield from self._introduce(batch.folder)
        for place in places:
            yield from self._match(self._told[batch.folder], entries[place])

    def _match(self, folder: int, entry: Entry) -> Iterator[Matches]:
        size = 4 * len(entry.name) + 100
        if entry.problem is not None:
            size += len(msgspec.msgpack.encode(entry.problem))
        yield from self._make_room(size)
        self._parcel.matches.append((folder, entry))

    def _miss(self, trouble: Missed) -> Iterator[Matches]:
        yield from self._introduce(trouble.folder)
        yield from self._make_room(len(msgspec.msgpack.encode(trouble.fault)) + 20)
        self._parcel.missed.append(Missed(self._told[trouble.folder], trouble.fault))

    def _introduce(self, folder: int) -> Iterator[Matches]:
        """Tells of a folder and of those it lies in, from above, unless they are known."""
        way = []
        while folder not in self._told:
            way.append(folder)
            folder = self._index.folders[folder].above
        for number in reversed(way):
            known = self._index.folders[number]
            yield from self._make_room(4 * len(known.name) + 40)
            self._parcel.folders.append(FolderAt(self._told[known.above], known.name, known.node))
            self._told[number] = len(self._told)

    def _make_room(self, size: int) -> Iterator[Matches]:
        parcel = self._parcel
        most = max(len(parcel.folders), len(parcel.matches), len(parcel.missed))
        if size > self._room or most == MATCHES:
            yield self._sent()
        self._room -= size

    def _sent(self) -> Matches:
        parcel = msgspec.structs.replace(self._parcel, looked=self._looked)
        self._parcel = Matches(id=self._id, looked=0, folders=[], matches=[], missed=[])
        self._room = _ROOM
        return parcel
