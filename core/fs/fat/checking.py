"""Looks for everything on a FAT volume that contradicts its specification, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.blockdev.device import BlockDevice
from core.entry import MAX_TEXT, Entry, Finding, FindingKind, Kind
from core.errors import CorruptStructure, Fault, MediumError, UnsupportedFeature
from core.fs.checking import Findings
from core.fs.clusters import WINDOW
from core.fs.driver import Warnings
from core.fs.fat import names
from core.fs.fat.directory import SLOT_BITS, Parser
from core.fs.fat.geometry import Geometry, free_by_information
from core.fs.fat.structures import BOOT_SECTOR_LENGTH, MOST_SLOTS, SHORT_PACKED
from core.fs.fat.table import AllocationTable
from core.fs.slots import SLOT_LENGTH, Chunk, chunks

_MOST_CLUSTERS = 1 << 27
"""One byte is kept for each; 4 TiB of a volume as Windows formats it."""
_PIECE = 1 << 20
_STATE = 65
"""The byte of a boot sector that changes while the volume is in use."""
_DOT_DOT = b"..         "
_MOST_PATH = MAX_TEXT // 2


class _Folder(NamedTuple):
    first: int
    """0 is the root."""
    above: int
    path: str


class Checker:
    """One check of one volume."""

    def __init__(
        self, device: BlockDevice, geometry: Geometry, table: AllocationTable, code_page: str
    ) -> None:
        self._device = device
        self._geometry = geometry
        self._table = table
        self._code_page = code_page
        self._owned = bytearray()
        """1 for each cluster that a file or folder was found to own."""
        self._free: int | None = None
        """Clusters, once they are counted."""

    def findings(self, warnings: Warnings, dirty: bool) -> Findings:
        """`warnings` are those of opening the volume. Raises UnsupportedFeature, DeviceGone."""
        if self._geometry.clusters > _MOST_CLUSTERS:
            raise UnsupportedFeature(f"checking {self._geometry.clusters} clusters")
        self._owned = bytearray(self._table.entries)
        for fault in warnings:
            yield Finding(FindingKind.BOOT_SECTOR, "", fault)
        if dirty:
            yield self._volume(FindingKind.NOT_CLEAN, 0, "a clean volume", "one that is marked as in use")
        yield from self._backup()
        yield from self._tables()
        yield from self._tree()
        yield from self._lost()
        yield from self._count()

    # the volume ---------------------------------------------------------------------------------------------

    def _backup(self) -> Findings:
        offset = self._geometry.backup_offset
        if not offset:
            return
        try:
            first, second = (bytearray(self._device.read(place, BOOT_SECTOR_LENGTH)) for place in (0, offset))
        except MediumError as error:
            yield Finding(FindingKind.UNREADABLE, "", Fault.of(error))
            return
        first[_STATE] = second[_STATE]
        if first != second:
            at = next(at for at in range(BOOT_SECTOR_LENGTH) if first[at] != second[at])
            expected = f"{first[at]:#04x} as in the first one"
            yield self._volume(FindingKind.BOOT_SECTOR, offset + at, expected, f"{second[at]:#04x}")

    def _tables(self) -> Findings:
        """Where a copy of the allocation table first differs from the one that counts."""
        first, *others = self._geometry.tables
        length = -(-self._table.entries * self._geometry.width // 8)
        for other in others:
            for start in range(0, length, _PIECE):
                size = min(_PIECE, length - start)
                try:
                    mine, copy = (self._device.read(table + start, size) for table in (first, other))
                except MediumError as error:
                    yield Finding(FindingKind.UNREADABLE, "", Fault.of(error))
                    break
                if mine != copy:
                    at = next(at for at in range(size) if mine[at] != copy[at])
                    place = other + start + at
                    expected = f"{mine[at]:#04x} as in the first"
                    yield self._volume(FindingKind.TABLES_DIFFER, place, expected, f"{copy[at]:#04x}")
                    break
                yield None

    def _lost(self) -> Findings:
        """Taken clusters that nothing owns; counts the free ones on the way."""
        free = lost = first_lost = 0
        for base in range(0, self._table.entries, WINDOW):
            try:
                values = self._table.load(base, min(WINDOW, self._table.entries - base))
            except MediumError as error:
                yield Finding(FindingKind.UNREADABLE, "", Fault.of(error))
                return
            owned = self._owned
            for number, value in enumerate(values, base):
                if number < 2:
                    continue
                value &= self._table.mask
                if not value:
                    free += 1
                elif not owned[number] and value != self._table.mask - 8:
                    lost += 1
                    first_lost = first_lost or number
            yield None
        if lost:
            where = self._table.offset(first_lost)
            fault = CorruptStructure("allocation table", where, "clusters of files", f"{lost} of none")
            yield Finding(FindingKind.LOST, "", Fault.of(fault), lost)
        self._free = free

    def _count(self) -> Findings:
        told = free_by_information(self._device, self._geometry)
        if None not in (told, self._free) and told != self._free:
            place = self._geometry.information_offset
            yield self._volume(FindingKind.FREE_COUNT, place, f"{self._free} free clusters", str(told))

    def _volume(self, kind: FindingKind, offset: int, expected: str, found: str) -> Finding:
        return Finding(kind, "", Fault.of(CorruptStructure(kind.value, offset, expected, found)))

    # files and folders --------------------------------------------------------------------------------------

    def _tree(self) -> Findings:
        waiting = [_Folder(0, 0, "")]
        if self._geometry.width == 32:
            yield from self._own(self._geometry.root_cluster, None, "/")
        while waiting:
            folder = waiting.pop()
            seen: set[str] = set()
            warnings = Warnings()
            for chunk, entries in self._read(folder, warnings):
                for entry in entries:
                    if isinstance(entry, Finding):
                        yield entry
                        continue
                    yield from self._entry(folder, chunk, entry, seen, waiting)
                yield None
            for fault in warnings:
                yield Finding(FindingKind.NAME_PIECES, folder.path or "/", fault)

    def _read(self, folder: _Folder, warnings: Warnings) -> Iterator[tuple[Chunk, list[Entry | Finding]]]:
        """The chunks of a directory, with the entries that end in each."""
        parser = Parser(folder.first, self._geometry, self._code_page, warnings)
        lost: list[MediumError] = []
        last = Chunk(b"", 0, 0)
        try:
            for chunk in chunks(self._device, self._pieces(folder.first), lost):
                if chunk.slot == 0 and folder.first:
                    yield chunk, list(self._dots(folder, chunk))
                last = chunk
                yield chunk, list(parser.entries(chunk))
                if parser.ended:
                    break
        except CorruptStructure:
            pass  # told when its clusters were followed
        parser.rest()
        path = folder.path or "/"
        yield last, [Finding(FindingKind.UNREADABLE, path, Fault.of(error)) for error in lost]

    def _pieces(self, first: int) -> Iterator[tuple[int, int]]:
        geometry = self._geometry
        if first == 0 and geometry.width != 32:
            yield geometry.root_offset, geometry.root_size
            return
        most = max(1, MOST_SLOTS * SLOT_LENGTH // geometry.cluster_size)
        for cluster, count in self._table.runs(first or geometry.root_cluster, most):
            yield geometry.position(cluster), count * geometry.cluster_size

    def _dots(self, folder: _Folder, chunk: Chunk) -> Iterator[Finding]:
        second = chunk.data[SLOT_LENGTH : 2 * SLOT_LENGTH]
        found = self._first_cluster(second) if second.startswith(_DOT_DOT) else -1
        if found not in {folder.above, folder.above or self._geometry.root_cluster}:
            there = f"cluster {found}" if found >= 0 else "none"
            fault = CorruptStructure(
                "directory", chunk.position + SLOT_LENGTH, f".. to cluster {folder.above}", there
            )
            yield Finding(FindingKind.PARENT, folder.path, Fault.of(fault))

    def _entry(
        self, folder: _Folder, chunk: Chunk, entry: Entry, seen: set[str], waiting: list[_Folder]
    ) -> Findings:
        path = f"{folder.path}/{entry.name}"[:_MOST_PATH]
        if entry.problem is not None:
            yield Finding(FindingKind.ENTRY, path, entry.problem)
        at = (((entry.node - 1) & (1 << SLOT_BITS) - 1) - chunk.slot) * SLOT_LENGTH
        where = chunk.position + at
        folded = names.folded(entry.name)
        if folded in seen:
            fault = CorruptStructure("directory entry", where, "a name of its own", "one that is there twice")
            yield Finding(FindingKind.NAME_TWICE, path, Fault.of(fault))
        seen.add(folded)
        first = self._first_cluster(chunk.data[at : at + SLOT_LENGTH])
        if not 2 <= first < self._table.entries:
            return  # a file of no bytes, or the entry's problem
        if entry.kind is Kind.FILE:
            yield from self._own(first, entry.size, path)
        elif self._owned[first]:
            found = f"cluster {first}, which has an owner"
            fault = CorruptStructure("directory entry", where, "a folder that is only here", found)
            yield Finding(FindingKind.SHARED, path, Fault.of(fault))
        else:
            yield from self._own(first, None, path)
            waiting.append(_Folder(first, folder.first, path))

    def _own(self, first: int, size: int | None, path: str) -> Findings:
        """Follows a chain to its end; `size` in bytes of what it must hold, None for a folder."""
        has = shared = shared_at = 0
        try:
            for cluster, count in self._table.runs(first, self._table.entries):
                piece = self._owned[cluster : cluster + count]
                taken = piece.count(1)
                if taken and not shared:
                    shared_at = cluster + piece.index(1)
                shared += taken
                self._owned[cluster : cluster + count] = b"\1" * count
                has += count
        except (CorruptStructure, MediumError) as error:
            yield Finding(FindingKind.CHAIN, path, Fault.of(error), has)
            return
        if shared:
            fault = self._chain(shared_at, "clusters of one file", f"{shared} of two")
            yield Finding(FindingKind.SHARED, path, fault, shared)
        if size is None:
            return
        needed = -(-size // self._geometry.cluster_size)
        if has != needed:
            kind = FindingKind.TOO_SHORT if has < needed else FindingKind.TOO_LONG
            fault = self._chain(first, f"{needed} clusters for {size} bytes", str(has))
            yield Finding(kind, path, fault, abs(has - needed))

    def _chain(self, cluster: int, expected: str, found: str) -> Fault:
        return Fault.of(CorruptStructure("cluster chain", self._table.offset(cluster), expected, found))

    def _first_cluster(self, slot: bytes) -> int:
        _, _, _, _, _, _, _, high, _, _, low, _ = SHORT_PACKED.unpack(slot)
        return int(low | (high << 16 if self._geometry.width == 32 else 0))
