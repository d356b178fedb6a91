"""The FAT driver: one open volume of any of the three widths."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, islice
from typing import ClassVar, NamedTuple, Self

from core.blockdev.device import BlockDevice
from core.entry import Details, Entry, Kind, VolumeFacts, Zone
from core.errors import (
    CorruptStructure,
    Fault,
    MediumError,
    NotAFileSystem,
    NotFound,
    RumpusError,
    UnsupportedFeature,
    WrongKind,
)
from core.fs.checking import Findings
from core.fs.clusters import Owners, Runs, extents
from core.fs.deleted import Remains
from core.fs.dostimes import nanoseconds
from core.fs.driver import BATCH, DEFAULTS, Driver, Extent, Options, Probe, Warnings
from core.fs.fat import names
from core.fs.fat.checking import Checker
from core.fs.fat.deleted import FatRemains
from core.fs.fat.directory import SLOT_BITS, Parser, is_plain, node_of, own_slots, volume_label
from core.fs.fat.geometry import Geometry, free_by_information, locate_geometry, read_geometry
from core.fs.fat.scrambling import FatScrambled
from core.fs.fat.structures import DIRECTORY, MOST_PIECES, MOST_SLOTS, VOLUME_LABEL, Short
from core.fs.fat.table import AllocationTable
from core.fs.scrambling import Scrambled
from core.fs.slots import SLOT_LENGTH, Chunk, chunks

ROOT = 0
LARGEST = 2**32 - 1
"""Bytes of a file: FAT 1.03, page 23."""
_DEEPEST = 1024
_SLOT_MASK = (1 << SLOT_BITS) - 1
_CONFIDENCE, _CONFIDENCE_BY_BACKUP = 80, 30


class _Followed(NamedTuple):
    """Where the pieces of a directory lie, and what ended them before their time."""

    directory: int
    pieces: list[tuple[int, int]]
    starts: list[int]
    """The first slot of each."""
    damage: RumpusError | None


class Fat(Driver):
    """Nodes are 0 for the root directory, else made of a directory's first cluster and a slot in it."""

    name: ClassVar[str] = "fat"
    limits: ClassVar[str] = "extended attributes of OS/2 are not read"

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings, code_page: str) -> None:
        self._device = device
        self._geometry = geometry
        self._warnings = warnings
        self._code_page = code_page
        self._table = AllocationTable(device, geometry, warnings)
        self._owners = Owners(warnings, self._table.offset)
        self._met: tuple[int, tuple[Entry, Short]] | None = None
        """The entry asked for last: a copy asks for the same one several times."""
        self._followed = _Followed(-1, [], [], None)
        """The directory that was looked into last: its files are asked for one by one."""

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        warnings = Warnings()
        try:
            volume = cls(device, read_geometry(device, warnings), warnings, DEFAULTS.code_page)
            by_backup = any(fault.values.get("offset") == 0 for fault in warnings)
            label = volume._label()
        except (NotAFileSystem, CorruptStructure, UnsupportedFeature):
            return None
        return Probe(volume._geometry.system, label, _CONFIDENCE_BY_BACKUP if by_backup else _CONFIDENCE)

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        warnings = Warnings()
        return cls(device, read_geometry(device, warnings), warnings, options.code_page)

    def facts(self) -> VolumeFacts:
        geometry = self._geometry
        dirty = self._dirty()
        if self._table.flags()[1]:
            where = self._table.offset(1)
            fault = CorruptStructure("allocation table", where, "no errors met before", "errors met")
            self._warnings.note(Fault.of(fault))
        free = self._free(dirty)
        label = self._label()
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=geometry.system,
            root=ROOT,
            label=label,
            uuid=""
            if geometry.serial is None
            else f"{geometry.serial >> 16:04X}-{geometry.serial & 0xFFFF:04X}",
            size=min(geometry.size, self._device.size),
            free=None if free is None else free * geometry.cluster_size,
            block_size=geometry.cluster_size,
            largest_file=LARGEST,
            zone=Zone.LOCAL,
            dirty=dirty,
            warnings=list(self._warnings),
            facts=[
                ("Clusters", str(geometry.clusters)),
                ("Sector size", str(geometry.sector_size)),
                ("Allocation tables", str(len(geometry.tables))),
                ("Formatted by", geometry.creator),
                ("Label in the boot sector", names.label(geometry.label, self._code_page)),
            ],
        )

    def _dirty(self) -> bool:
        return self._geometry.dirty or self._table.flags()[0]

    def _free(self, dirty: bool) -> int | None:
        """Free clusters, None when they are too many to count."""
        told = None if dirty else free_by_information(self._device, self._geometry)
        return self._table.free() if told is None else told

    def entries(self, node: int) -> Iterator[list[Entry]]:
        directory = self._directory(node)
        parser = Parser(directory, self._geometry, self._code_page, self._warnings)
        damage: RumpusError | None = None
        lost: list[MediumError] = []
        try:
            for chunk in self._chunks(directory, lost, node):
                found = parser.entries(chunk)
                for start in range(0, len(found), BATCH):
                    yield found[start : start + BATCH]
                if parser.ended:
                    break
        except (CorruptStructure, MediumError) as error:
            damage = error
        parser.rest()
        if damage is not None or lost:
            raise damage or lost[0]

    def check(self) -> Findings:
        """As `core.fs.checking.Checkable`."""
        origin = locate_geometry(self._device, Warnings())[0]
        checker = Checker(self._device, self._geometry, self._table, self._code_page, self._warnings, origin)
        return checker.findings()

    def remains(self) -> Remains:
        """As `core.fs.deleted.Undeletable`."""
        return FatRemains(
            self._device, self._geometry, self._table, self._code_page, self._directory, self._extents_of
        )

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        return FatScrambled(self._device, self._geometry, self._code_page, self._extents_of, seed, nodes)

    def stat(self, node: int) -> Details:
        if node == ROOT:
            return Details(Entry("", ROOT, Kind.DIRECTORY))
        entry, short = self._entry(node)
        cluster = self._first_cluster(short)
        unit = self._geometry.cluster_size
        return Details(
            entry,
            created=nanoseconds(short.created_date, short.created_time, short.created_hundredths),
            accessed=nanoseconds(short.accessed_date),
            allocated=-(-entry.size // unit) * unit if entry.kind is Kind.FILE else None,
            facts=[
                ("Short name", names.short_name(short.name, 0, self._code_page)),
                ("First cluster", str(cluster)),
            ],
        )

    def size(self, node: int) -> int:
        if node == ROOT:
            return 0
        short = self._structure(node)
        return 0 if short.attributes & DIRECTORY else short.size

    def extents(self, node: int) -> Iterator[Extent]:
        if node == ROOT:
            raise WrongKind("/", "file")
        short = self._structure(node)
        if short.attributes & DIRECTORY:
            raise WrongKind(self._entry(node)[0].name, "file")
        return self._file(node, short.size, self._first_cluster(short))

    def lookup(self, node: int, name: str) -> Entry:
        wanted = names.folded(name)
        for batch in self.entries(node):
            for entry in batch:
                if names.folded(entry.name) == wanted:
                    return entry
        found = self._by_short_name(node, name)
        if found is None:
            raise NotFound(name)
        return found

    # files --------------------------------------------------------------------------------------------------

    def _file(self, node: int, size: int, first: int) -> Iterator[Extent]:
        if size == 0:
            return
        self._check_first(node, first)
        unit = self._geometry.cluster_size
        if size <= unit:  # as most files are, of thousands
            self._owners.own(node, first, 1)
            yield Extent(0, self._geometry.position(first), size)
            return
        runs = self._runs(node, first, -(-size // unit))
        yield from extents(runs, size, unit, self._geometry.position, self._table.offset)

    def _runs(self, node: int, first: int, most: int) -> Runs:
        """The chain of a node, whose clusters are noted as taken."""
        return self._owners.follow(node, self._table.runs(first, most))

    def _check_first(self, node: int, cluster: int) -> None:
        """Raises CorruptStructure unless the first cluster of a node is one of the volume's."""
        if not 2 <= cluster <= self._geometry.clusters + 1:
            raise CorruptStructure(
                "directory entry",
                self._position(node),
                f"a first cluster from 2 to {self._geometry.clusters + 1}",
                f"cluster {cluster}",
            )

    # directories --------------------------------------------------------------------------------------------

    def _directory(self, node: int) -> int:
        """The first cluster of a directory, 0 for the root. Raises WrongKind, NotFound, CorruptStructure."""
        if node == ROOT:
            return 0
        entry, short = self._entry(node)
        if entry.kind is not Kind.DIRECTORY:
            raise WrongKind(entry.name, "directory")
        cluster = self._first_cluster(short)
        self._check_first(node, cluster)
        self._check_above(node, cluster)
        return cluster

    def _check_above(self, node: int, cluster: int) -> None:
        """Raises CorruptStructure when a directory is one of those that it lies in."""
        above = (node - 1) >> SLOT_BITS
        seen = {self._geometry.root_cluster}
        for _ in range(_DEEPEST):
            if cluster in seen or cluster == above:
                raise CorruptStructure(
                    "directory entry",
                    self._position(node),
                    "a directory below this one",
                    f"cluster {cluster}, which lies above it",
                )
            if above == 0 or above in seen:
                return
            seen.add(above)
            parent = self._slots(above, 1, 2)
            if not parent or not parent[0].data.startswith(b"..         "):
                return
            above = self._first_cluster(Short.parse(parent[0].data))

    def _extents_of(self, directory: int, node: int | None = None) -> Iterator[tuple[int, int]]:
        """(position, length) of the pieces of a directory, as large as it is or may be at most."""
        geometry = self._geometry
        if directory == 0 and geometry.width != 32:
            yield geometry.root_offset, geometry.root_size
            return
        most = MOST_SLOTS * SLOT_LENGTH // geometry.cluster_size
        first = directory or geometry.root_cluster
        if node is None:
            runs = self._table.runs(first, max(1, most))
        else:
            runs = self._runs(node, first, max(1, most))
        for cluster, count in runs:
            yield geometry.position(cluster), count * geometry.cluster_size

    def _chunks(self, directory: int, lost: list[MediumError], node: int | None = None) -> Iterator[Chunk]:
        return chunks(self._device, self._extents_of(directory, node), lost)

    def _slots(self, directory: int, first: int, end: int) -> list[Chunk]:
        """The bytes of the slots from `first` up to `end`, as far as the directory goes."""
        found: list[Chunk] = []
        if self._followed.directory != directory:
            self._followed = self._follow(directory)
        pieces, starts = self._followed.pieces, self._followed.starts
        number = max(bisect_right(starts, first) - 1, 0)
        slot = starts[number] if starts else 0
        for start, length in islice(pieces, number, None):
            slots = length // SLOT_LENGTH
            low, high = max(first - slot, 0), min(end - slot, slots)
            if low < high:
                position = start + low * SLOT_LENGTH
                found.append(
                    Chunk(self._device.read(position, (high - low) * SLOT_LENGTH), slot + low, position)
                )
            slot += slots
            if slot >= end:
                return found
        if self._followed.damage is not None:
            raise self._followed.damage
        return found

    def _follow(self, directory: int) -> _Followed:
        pieces: list[tuple[int, int]] = []
        damage: RumpusError | None = None
        try:
            for piece in self._extents_of(directory):
                pieces.append(piece)
        except (CorruptStructure, MediumError) as error:
            damage = error
        starts = list(accumulate((length // SLOT_LENGTH for _, length in pieces), initial=0))
        return _Followed(directory, pieces, starts[:-1], damage)

    def _entry(self, node: int) -> tuple[Entry, Short]:
        """The entry of a node and its structure. Raises NotFound when the node is none."""
        if self._met is not None and self._met[0] == node:
            return self._met[1]
        directory, slot = divmod(node - 1, 1 << SLOT_BITS)
        if not (directory == 0 or 2 <= directory <= self._geometry.clusters + 1):
            raise NotFound(f"node {node}")
        try:
            chunks = self._slots(directory, max(0, slot - MOST_PIECES), slot + 1)
        except CorruptStructure:  # no directory begins there
            raise NotFound(f"node {node}") from None
        if not chunks or chunks[-1].slot + len(chunks[-1].data) // SLOT_LENGTH != slot + 1:
            raise NotFound(f"node {node}")
        # The slots before it may be anything: what is wrong with them is no news of this entry.
        parser = Parser(directory, self._geometry, self._code_page, Warnings())
        for chunk in own_slots(chunks):
            for entry in parser.entries(chunk):
                if entry.node == node:
                    self._met = node, (entry, Short.parse(chunks[-1].data[-SLOT_LENGTH:]))
                    return self._met[1]
        raise NotFound(f"node {node}")

    def _structure(self, node: int) -> Short:
        """Of an entry its structure alone: a file is found by that, and its name would take most of the time.

        Raises NotFound when the node is none.
        """
        if self._met is None or self._met[0] != node:
            with suppress(CorruptStructure):
                raw = self._slot((node - 1) >> SLOT_BITS, (node - 1) & _SLOT_MASK)
                if raw and is_plain(raw):
                    return Short.parse(raw)
        return self._entry(node)[1]

    def _slot(self, directory: int, slot: int) -> bytes:
        """The bytes of one slot, none where the directory does not go so far or cannot be followed so far."""
        if self._followed.directory != directory:
            self._followed = self._follow(directory)
        number = bisect_right(self._followed.starts, slot) - 1
        if number < 0:
            return b""
        start, length = self._followed.pieces[number]
        at = (slot - self._followed.starts[number]) * SLOT_LENGTH
        return self._device.read(start + at, SLOT_LENGTH) if at < length else b""

    def _look_anew(self) -> None:
        """Forgets what was kept from looking at single entries."""
        self._met = None
        self._followed = _Followed(-1, [], [], None)

    def _position(self, node: int) -> int:
        """Where the directory entry of a node lies."""
        directory, slot = divmod(node - 1, 1 << SLOT_BITS)
        return self._slots(directory, slot, slot + 1)[0].position

    def _first_cluster(self, short: Short) -> int:
        high = short.first_cluster_high << 16 if self._geometry.width == 32 else 0
        return short.first_cluster_low | high

    def _by_short_name(self, node: int, name: str) -> Entry | None:
        raw = names.short_bytes(name, self._code_page)
        if raw is None:
            return None
        directory = self._directory(node)
        for chunk in self._chunks(directory, []):
            at = chunk.data.find(raw)
            while at >= 0:
                if at % SLOT_LENGTH == 0 and not chunk.data[at + 11] & VOLUME_LABEL:
                    return self._entry(node_of(directory, chunk.slot + at // SLOT_LENGTH))[0]
                at = chunk.data.find(raw, at + 1)
        return None

    def _label(self) -> str:
        raw = None
        lost: list[MediumError] = []
        try:
            raw = volume_label(self._chunks(0, lost))
        except (CorruptStructure, MediumError) as error:
            self._warnings.note(Fault.of(error))
        for unread in lost:
            self._warnings.note(Fault.of(unread))
        return "" if raw is None else names.label(raw, self._code_page)
