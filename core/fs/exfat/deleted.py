"""What was deleted on an exFAT volume: sets of entries that are not in use any more.

Deleting takes one bit from each entry and frees the clusters in the bitmap. Where a file lay in a row its set
still says so; where it was a chain, the chain is often still in the allocation table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

from core.blockdev.device import BlockDevice
from core.entry import Deleted, Details, Entry, Kind, Sureness
from core.errors import CorruptStructure, MediumError, NotFound, WrongKind
from core.fs import deleted
from core.fs.clusters import Runs
from core.fs.deleted import DELETED, FreeMap, Remains, Run
from core.fs.driver import HOLE, Extent
from core.fs.exfat import names
from core.fs.exfat.allocation import Allocation
from core.fs.exfat.bitmap import AllocationBitmap
from core.fs.exfat.checksums import rolling_16
from core.fs.exfat.directory import node_of, place_of
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.structures import (
    CONTIGUOUS,
    DIRECTORY,
    END,
    FILE,
    FILE_ENTRY,
    FILE_NAME,
    IN_USE,
    KEPT_ATTRIBUTES,
    MOST_DIRECTORY,
    MOST_SECONDARIES,
    NAME_PIECE,
    STREAM,
    STREAM_ENTRY,
)
from core.fs.exfat.table import AllocationTable
from core.fs.exfat.times import utc
from core.fs.slots import SLOT_LENGTH, chunks

_MOST_RUNS = 1024
"""Pieces of a chain that are looked up for one file before its clusters are guessed."""
_MOST_SIZE = 2**63 - 1


class _Set(NamedTuple):
    """A set of entries that was deleted; its structures as they were when it was in use."""

    deleted: Deleted
    file: Any
    stream: Any
    sealed: bool
    """Whether its checksum is right: nothing has changed it since."""


class ExFatRemains(Remains):
    def __init__(
        self,
        device: BlockDevice,
        geometry: Geometry,
        table: AllocationTable,
        bitmap: AllocationBitmap,
        directory: Callable[[int], tuple[Allocation, bool]],
        walk: Callable[[Allocation], Runs],
    ) -> None:
        """`directory` tells where a folder that is there lies, and what the nodes in it say of that; `walk`
        the clusters of an allocation. Both raise as the driver does."""
        self._device = device
        self._geometry = geometry
        self._table = table
        self._directory = directory
        self._walk = walk
        self._free = FreeMap(2, geometry.last_cluster + 1, bitmap.free_map)

    def found(self, node: int) -> Iterator[list[Deleted]]:
        if not node & DELETED:
            allocation, steps = self._directory(node)
            runs: Runs = self._walk(allocation) if allocation.clusters else iter(())
        else:
            found = self._set(node)
            if found.deleted.entry.kind is not Kind.DIRECTORY:
                raise WrongKind(found.deleted.entry.name, "directory")
            if found.deleted.sureness not in (Sureness.GOOD, Sureness.LIKELY):
                raise self._nowhere(node, found)
            runs = self._runs(found)
            steps = len(self._told(found)) <= 1
        yield from deleted.batched(self._in(runs, steps, whole=bool(node & DELETED)))

    def stat(self, node: int) -> Details:
        found = self._set(node)
        file, stream = found.file, found.stream
        return Details(
            found.deleted.entry,
            created=utc(file.created, file.created_hundredths, file.created_offset),
            accessed=utc(file.accessed, 0, file.accessed_offset),
            facts=[
                ("First cluster", str(stream.first_cluster)),
                ("Allocation", "contiguous" if stream.flags & CONTIGUOUS else "cluster chain"),
                ("Deleted", found.deleted.sureness.value),
            ],
        )

    def extents(self, node: int) -> Iterator[Extent]:
        found = self._set(node)
        entry, geometry = found.deleted.entry, self._geometry
        if entry.kind is not Kind.FILE:
            raise WrongKind(entry.name, "file")
        valid = min(found.stream.valid_size, entry.size)
        if valid and not self._count(found):
            raise self._nowhere(node, found)
        return self._pieces(self._runs(found), valid, entry.size, geometry.cluster_size)

    def _pieces(self, runs: Runs, valid: int, size: int, unit: int) -> Iterator[Extent]:
        """Bytes behind the valid ones are zeros: section 7.6.5."""
        yield from deleted.extents(self._free, runs, valid, unit, self._geometry.position)
        if valid < size:
            yield Extent(valid, HOLE, size - valid)

    # folders ------------------------------------------------------------------------------------------------

    def _in(self, runs: Runs, steps: bool, *, whole: bool) -> Iterator[Deleted]:
        """The sets in a directory; of a deleted one, also those that were never marked."""
        geometry = self._geometry
        pieces = ((geometry.position(first), count * geometry.cluster_size) for first, count in runs)
        lost: list[MediumError] = []
        kinds = {FILE & ~IN_USE, FILE} if whole else {FILE & ~IN_USE}
        for chunk in chunks(self._device, pieces, lost):
            heads = chunk.data[::SLOT_LENGTH]
            for at, head in enumerate(heads):
                if head == END:
                    return
                if head in kinds:
                    position = chunk.position + at * SLOT_LENGTH
                    with suppress(NotFound):
                        yield self._set(DELETED | node_of(position, steps)).deleted
        if lost:
            raise lost[0]

    # sets ---------------------------------------------------------------------------------------------------

    def _set(self, node: int) -> _Set:
        """Raises NotFound when there is none, or none that makes sense."""
        position, steps = place_of(node & ~DELETED)
        raw = self._slots(node, position, steps)
        file = FILE_ENTRY.parse(raw)
        stream = STREAM_ENTRY.parse(raw[SLOT_LENGTH:])
        pieces = -(-stream.name_length // NAME_PIECE)
        heads = bytes(head | IN_USE for head in raw[::SLOT_LENGTH])
        there = 0
        while there < pieces and heads[2 + there : 3 + there] == bytes([FILE_NAME]):
            there += 1
        name = names.decoded(names.raw_name(raw, 2 * SLOT_LENGTH, there, stream.name_length))
        if not there or not names.well_formed(name):
            raise NotFound(f"node {node}")
        used = bytearray(raw)
        used[::SLOT_LENGTH] = heads
        sealed = len(heads) == file.secondaries + 1 and (
            rolling_16(bytes(used[:2] + used[4:])) == file.checksum
        )
        kind = Kind.DIRECTORY if file.attributes & DIRECTORY else Kind.FILE
        entry = Entry(
            name,
            node,
            kind,
            0 if kind is Kind.DIRECTORY else min(stream.size, _MOST_SIZE),
            utc(file.modified, file.modified_hundredths, file.modified_offset),
            file.attributes & KEPT_ATTRIBUTES,
        )
        found = _Set(Deleted(entry, Sureness.GONE, there == pieces), file, stream, sealed)
        sureness = self._sureness(found)
        return found._replace(deleted=Deleted(entry, sureness, there == pieces))

    def _slots(self, node: int, position: int, steps: bool) -> bytes:
        """A file entry and the secondary ones behind it that are as much in use. Raises NotFound."""
        geometry = self._geometry
        cluster, within = divmod(position - geometry.heap_offset, geometry.cluster_size)
        cluster += 2
        if not node & DELETED or not 2 <= cluster <= geometry.last_cluster:
            raise NotFound(f"node {node}")
        head = self._device.read(position, SLOT_LENGTH)
        if head[0] | IN_USE != FILE or not 2 <= head[1] <= MOST_SECONDARIES:
            raise NotFound(f"node {node}")
        bit = head[0] & IN_USE
        left, data = (1 + head[1]) * SLOT_LENGTH, b""
        while left and 2 <= cluster <= geometry.last_cluster:
            length = min(left, geometry.cluster_size - within)
            data += self._device.read(geometry.position(cluster) + within, length)
            left, within = left - length, 0
            if left:
                cluster = cluster + 1 if steps else self._table.entry(cluster)
        heads = data[::SLOT_LENGTH]
        count = 1
        while count < len(heads) and heads[count] & (IN_USE | 0x40) == bit | 0x40:
            count += 1
        if heads[1:2] != bytes([STREAM & ~IN_USE | bit]):
            raise NotFound(f"node {node}")
        return data[: count * SLOT_LENGTH]

    # clusters -----------------------------------------------------------------------------------------------

    def _sureness(self, found: _Set) -> Sureness:
        if not found.stream.size:
            return Sureness.GOOD
        count, told = self._count(found), self._told(found)
        if not count:
            return Sureness.GONE
        if told:
            sureness = deleted.judged(self._free, told)
        else:
            sureness = deleted.judged_by_start(self._free, found.stream.first_cluster, count)
        if not found.sealed and sureness in (Sureness.GOOD, Sureness.LIKELY):
            return Sureness.DOUBTFUL
        return sureness

    def _count(self, found: _Set) -> int:
        """How many clusters it had, 0 when it can have had none on this volume."""
        stream, geometry = found.stream, self._geometry
        most = MOST_DIRECTORY if found.deleted.entry.kind is Kind.DIRECTORY else _MOST_SIZE
        count = geometry.needed(min(stream.size, most))
        first, last = stream.first_cluster, geometry.last_cluster
        if not 2 <= first <= last or count > geometry.clusters:
            return 0
        return 0 if stream.flags & CONTIGUOUS and first + count - 1 > last else count

    def _told(self, found: _Set) -> list[Run]:
        """The clusters that the set itself tells, or a chain that is whole; nothing without either."""
        first, count = found.stream.first_cluster, self._count(found)
        if not count or found.stream.flags & CONTIGUOUS:
            return [(first, count)] if count else []
        with suppress(CorruptStructure):
            runs = list(islice(self._table.runs(first, count), _MOST_RUNS))
            last, length = runs[-1]
            whole = sum(length for _, length in runs) == count
            if whole and self._table.entry(last + length - 1) >= self._table.mask - 7:
                return runs
        return []

    def _runs(self, found: _Set) -> Iterator[Run]:
        """Where it lies, or most probably lies."""
        told = self._told(found)
        if told:
            return iter(told)
        return deleted.guessed(self._free, found.stream.first_cluster, self._count(found))

    def _nowhere(self, node: int, found: _Set) -> CorruptStructure:
        position = place_of(node & ~DELETED)[0]
        start = found.stream.first_cluster
        return CorruptStructure("deleted entry", position, "a place where it still lies", f"cluster {start}")
