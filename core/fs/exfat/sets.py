"""One set of directory entries, found by its node."""

from __future__ import annotations

from typing import Any, NamedTuple

from core.blockdev.device import BlockDevice
from core.entry import Entry
from core.errors import NotFound
from core.fs.driver import Warnings
from core.fs.exfat import names
from core.fs.exfat.directory import USUAL_MOST, Parser, is_usual, place_of
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.structures import DIRECTORY, FILE, FILE_PACKED, NAME_PIECE, STREAM, FileEntry, StreamEntry
from core.fs.exfat.table import AllocationTable
from core.fs.slots import SLOT_LENGTH, Chunk


class Found(NamedTuple):
    """A set of directory entries: as an entry, as its structures, and the UTF-16 of the name."""

    entry: Entry
    file: FileEntry
    stream: Any
    """None when the set has no stream extension."""
    name: bytes


class Sets:
    """Nodes come from outside: a place that holds no file entry is none."""

    def __init__(self, device: BlockDevice, geometry: Geometry, table: AllocationTable) -> None:
        self._device = device
        self._geometry = geometry
        self._table = table
        self._last: tuple[int, tuple[Chunk, ...], Entry] | None = None

    def find(self, node: int) -> Found:
        """Raises NotFound when the node is none, MediumError."""
        return self.parsed(node, self.slots(node))

    def size(self, node: int) -> int:
        """Bytes of a file. Raises as `find`."""
        return self._entry(node, self.slots(node)).size

    def stream(self, node: int) -> StreamEntry | None:
        """The stream extension of a file whose set is as usual, and all in one cluster; None of others.

        To read a file takes no more, and its name and checksum take most of the time of `find`. Raises as it.
        """
        geometry = self._geometry
        position, _ = place_of(node)
        cluster, within = divmod(position - geometry.heap_offset, geometry.cluster_size)
        if not 0 <= cluster < geometry.clusters:
            return None
        head = self._device.read(position, SLOT_LENGTH)
        length = (1 + head[1]) * SLOT_LENGTH
        if (
            head[0] != FILE
            or FILE_PACKED.unpack_from(head)[1] & DIRECTORY
            or within + length > geometry.cluster_size
        ):
            return None
        data = self._device.read(position, length)
        return StreamEntry.parse(data[SLOT_LENGTH:]) if is_usual(data[SLOT_LENGTH::SLOT_LENGTH]) else None

    def parsed(self, node: int, pieces: tuple[Chunk, ...]) -> Found:
        """From the slots of a node."""
        entry = self._entry(node, pieces)
        data = b"".join([chunk.data for chunk in pieces])
        file = FileEntry.parse(data)
        if data[SLOT_LENGTH : SLOT_LENGTH + 1] != bytes([STREAM]):
            return Found(entry, file, None, b"")
        stream = StreamEntry.parse(data[SLOT_LENGTH:])
        wanted, available = -(-stream.name_length // NAME_PIECE), len(data) // SLOT_LENGTH - 2
        name = names.raw_name(data, 2 * SLOT_LENGTH, min(wanted, available), stream.name_length)
        return Found(entry, file, stream, name)

    def _entry(self, node: int, pieces: tuple[Chunk, ...]) -> Entry:
        """Whoever reads a file asks for it several times, with the same bytes unless it was changed."""
        if self._last is None or self._last[:2] != (node, pieces):
            # What follows the set may be anything: what is wrong with it is no news of this entry.
            parser = Parser(self._geometry, Warnings(), place_of(node)[1], root=False)
            self._last = node, pieces, parser.first(pieces)
        return self._last[2]

    def slots(self, node: int, least: int = 0) -> tuple[Chunk, ...]:
        """The file entry and what follows it, as many slots as its set may have, or `least`.

        Raises as `find`.
        """
        geometry = self._geometry
        position, contiguous = place_of(node)
        cluster, within = divmod(position - geometry.heap_offset, geometry.cluster_size)
        cluster += 2
        if not 2 <= cluster <= geometry.last_cluster:
            raise NotFound(f"node {node}")
        head = self._device.read(position, SLOT_LENGTH)
        if head[0] != FILE:
            raise NotFound(f"node {node}")
        slot, left = 0, max(least, 1 + (head[1] if head[1] > 1 else USUAL_MOST)) * SLOT_LENGTH
        found: list[Chunk] = []
        while left and 2 <= cluster <= geometry.last_cluster:
            length = min(left, geometry.cluster_size - within)
            position = geometry.position(cluster) + within
            found.append(Chunk(self._device.read(position, length), slot, position))
            slot += length // SLOT_LENGTH
            left -= length
            within = 0
            cluster = cluster + 1 if contiguous or not left else self._table.entry(cluster)
        return tuple(found)
