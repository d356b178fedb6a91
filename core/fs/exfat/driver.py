"""The exFAT driver: one open volume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import ClassVar, Self

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
from core.fs.clusters import Marks, Owners, Runs, extents
from core.fs.deleted import Remains
from core.fs.driver import BATCH, DEFAULTS, HOLE, Driver, Extent, Options, Probe, Warnings
from core.fs.exfat import names
from core.fs.exfat.allocation import Allocation
from core.fs.exfat.bitmap import AllocationBitmap
from core.fs.exfat.checking import Checker
from core.fs.exfat.deleted import ExFatRemains
from core.fs.exfat.directory import Parser, node_of, place_of
from core.fs.exfat.geometry import Geometry, is_named, locate_geometry, read_geometry
from core.fs.exfat.scrambling import ExFatScrambled
from core.fs.exfat.sets import Sets
from core.fs.exfat.structures import (
    CONTIGUOUS,
    END,
    MOST_DIRECTORY,
    STREAM,
    StreamEntry,
)
from core.fs.exfat.system import Metadata, System, read_system
from core.fs.exfat.table import AllocationTable
from core.fs.exfat.times import utc
from core.fs.scrambling import Scrambled
from core.fs.slots import SLOT_LENGTH, Chunk, chunks

ROOT = 0
_SYSTEM = "exFAT"
_CONFIDENCE, _CONFIDENCE_BY_NAME, _CONFIDENCE_BY_BACKUP = 80, 60, 30
_PROBED_CHUNKS = 32
"""Of the root directory (2 MiB), when it is only looked at for a label."""
_MOST_LISTED = 2**17
"""Directories whose clusters are remembered to find those that lie in themselves."""


class ExFat(Driver):
    """Nodes are 0 for the root directory, else made of the place of the file's directory entry."""

    name: ClassVar[str] = "exfat"
    limits: ClassVar[str] = "access control lists and vendors' extensions are not read"

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings) -> None:
        self._device = device
        self._geometry = geometry
        self._warnings = warnings
        self._table = AllocationTable(device, geometry)
        self._sets = Sets(device, geometry, self._table)
        self._owners = Owners(warnings, geometry.position)
        self._listed: set[int] = set()
        self._directories = Marks()
        self._root = Allocation(
            geometry.root_cluster, max(1, MOST_DIRECTORY // geometry.cluster_size), contiguous=False
        )
        self._known: System | None = None
        self._upper: names.Upcase | None = None

    @classmethod
    def probe(cls, device: BlockDevice) -> Probe | None:
        named = is_named(device)
        warnings = Warnings()
        try:
            volume = cls(device, read_geometry(device, warnings), warnings)
        except UnsupportedFeature:
            return Probe(_SYSTEM, "", _CONFIDENCE)  # opening it says which feature
        except (NotAFileSystem, CorruptStructure):
            return Probe(_SYSTEM, "", _CONFIDENCE_BY_NAME) if named else None
        system = System()
        with suppress(CorruptStructure, MediumError):  # opening it tells them
            read_system(system, islice(volume._chunks(ROOT, volume._root, []), _PROBED_CHUNKS), warnings)
        return Probe(_SYSTEM, system.label, _CONFIDENCE if named else _CONFIDENCE_BY_BACKUP)

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        warnings = Warnings()
        volume = cls(device, read_geometry(device, warnings), warnings)
        volume._claim(ROOT, volume._root)
        return volume

    def facts(self) -> VolumeFacts:
        """Times are kept in UTC: `times.utc` says what becomes of those whose offset is not known."""
        geometry, system = self._geometry, self._system()
        if geometry.media_failure:
            fault = CorruptStructure("boot region", 106, "no failures of the medium before", "failures met")
            self._warnings.note(Fault.of(fault))
        free = self._free()
        self._upcase()
        facts = [
            ("Clusters", str(geometry.clusters)),
            ("Sector size", str(geometry.sector_size)),
            ("Revision", geometry.revision),
        ]
        if system.guid:
            facts.append(("Volume GUID", system.guid))
        return VolumeFacts(
            driver=self.name,
            limits=self.limits,
            system=_SYSTEM,
            root=ROOT,
            label=system.label,
            uuid=f"{geometry.serial >> 16:04X}-{geometry.serial & 0xFFFF:04X}",
            size=geometry.size,
            free=None if free is None else free * geometry.cluster_size,
            block_size=geometry.cluster_size,
            zone=Zone.UTC,
            dirty=geometry.dirty,
            warnings=list(self._warnings),
            facts=facts,
        )

    def entries(self, node: int) -> Iterator[list[Entry]]:
        allocation = self._directory(node)
        self._claim(node, allocation)
        parser = Parser(self._geometry, self._warnings, self._steps(allocation), node == ROOT)
        damage: RumpusError | None = None
        lost: list[MediumError] = []
        try:
            for chunk in self._chunks(node, allocation, lost):
                found = parser.entries(chunk)
                for start in range(0, len(found), BATCH):
                    yield found[start : start + BATCH]
                if parser.ended:
                    break
        except (CorruptStructure, MediumError) as error:
            damage = error
        found = parser.rest()
        if found:
            yield found
        if damage is not None or lost:
            raise damage or lost[0]

    def check(self) -> Findings:
        """As `core.fs.checking.Checkable`."""
        warnings = Warnings()
        origin, geometry = locate_geometry(self._device, warnings)
        return Checker(self._device, geometry, self._table, warnings, origin).findings()

    def remains(self) -> Remains:
        """As `core.fs.deleted.Undeletable`."""
        bitmap = AllocationBitmap(self._device, self._metadata().bitmap())
        return ExFatRemains(
            self._device, self._geometry, self._table, bitmap, self._place_of_folder, self._walk
        )

    def _place_of_folder(self, node: int) -> tuple[Allocation, bool]:
        """Where a directory lies, and what the nodes in it say of that. Raises as `_directory`."""
        allocation = self._directory(node)
        return allocation, self._steps(allocation)

    def scrambled(self, seed: bytes, nodes: Sequence[int]) -> Scrambled:
        """As `core.fs.scrambling.Scramblable`."""
        return ExFatScrambled(self._device, self._geometry, self._table, self._metadata(), seed, nodes)

    def stat(self, node: int) -> Details:
        if node == ROOT:
            return Details(Entry("", ROOT, Kind.DIRECTORY))
        entry, file, stream, name = self._sets.find(node)
        facts: list[tuple[str, str]] = []
        allocated = None
        if stream is not None:
            self._check_hash(node, stream, name)
            contiguous = bool(stream.flags & CONTIGUOUS)
            facts = [
                ("First cluster", str(stream.first_cluster)),
                ("Allocation", "contiguous" if contiguous else "cluster chain"),
            ]
            if stream.valid_size != stream.size:
                facts.append(("Bytes written", str(stream.valid_size)))
            allocated = min(self._geometry.needed(stream.size), self._geometry.clusters)
            allocated *= self._geometry.cluster_size
        return Details(
            entry,
            created=utc(file.created, file.created_hundredths, file.created_offset),
            accessed=utc(file.accessed, 0, file.accessed_offset),
            allocated=allocated,
            facts=facts,
        )

    def size(self, node: int) -> int:
        return 0 if node == ROOT else self._sets.size(node)

    def extents(self, node: int) -> Iterator[Extent]:
        if node == ROOT:
            raise WrongKind("/", "file")
        stream = self._sets.stream(node)
        if stream is not None:
            return self._file(node, stream, None)
        entry, _, stream, _ = self._sets.find(node)
        if entry.kind is not Kind.FILE:
            raise WrongKind(entry.name, "file")
        return self._file(node, stream, entry.problem)

    def lookup(self, node: int, name: str) -> Entry:
        """By the up-cased name: first among those with its hash (section 7.6.4), then among all."""
        wanted = name.translate(self._upcase())
        for at in self._with_hash(node, name):
            try:
                entry = self._sets.find(at).entry
            except NotFound:
                continue
            if entry.name.translate(self._upcase()) == wanted:
                return entry
        for batch in self.entries(node):
            for entry in batch:
                if entry.name.translate(self._upcase()) == wanted:
                    return entry
        raise NotFound(name)

    # files --------------------------------------------------------------------------------------------------

    def _file(self, node: int, stream: StreamEntry | None, problem: Fault | None) -> Iterator[Extent]:
        """Bytes behind the valid ones are zeros, whatever lies in their clusters: section 7.6.5."""
        error = problem.error() if problem is not None else None
        if stream is None or isinstance(error, UnsupportedFeature):
            assert error is not None
            raise error
        geometry = self._geometry
        valid = min(stream.valid_size, stream.size)
        if valid:
            allocation = self._allocation(node, stream, geometry.needed(valid))
            first, clusters, contiguous = allocation
            if clusters == 1 or (contiguous and first + clusters - 1 <= geometry.last_cluster):
                self._owners.own(node, first, clusters)
                yield Extent(0, geometry.position(first), valid)
            else:
                runs = self._runs(node, allocation)
                yield from extents(runs, valid, geometry.cluster_size, geometry.position, self._table.offset)
        capacity = geometry.clusters * geometry.cluster_size
        if stream.size > capacity:
            where = place_of(node)[0]
            raise CorruptStructure("directory entry", where, f"at most {capacity} bytes", str(stream.size))
        if valid < stream.size:
            yield Extent(valid, HOLE, stream.size - valid)

    def _allocation(self, node: int, stream: StreamEntry, clusters: int) -> Allocation:
        """Raises CorruptStructure unless the first cluster of a node is one of the volume's."""
        first, last = stream.first_cluster, self._geometry.last_cluster
        if not 2 <= first <= last:
            raise CorruptStructure(
                "directory entry",
                place_of(node)[0],
                f"a first cluster from 2 to {last}",
                f"cluster {first}",
            )
        return Allocation(first, clusters, bool(stream.flags & CONTIGUOUS))

    def _runs(self, node: int, allocation: Allocation) -> Runs:
        """The clusters of a node, noted as taken."""
        return self._owners.follow(node, self._walk(allocation))

    def _walk(self, allocation: Allocation) -> Runs:
        first, clusters, contiguous = allocation
        if contiguous:
            return iter([(first, min(clusters, self._geometry.last_cluster - first + 1))])
        return self._table.runs(first, clusters)

    def _steps(self, allocation: Allocation) -> bool:
        """What the nodes of entries in a directory say of it: whether a cluster follows the one before."""
        return allocation.contiguous

    # directories --------------------------------------------------------------------------------------------

    def _directory(self, node: int) -> Allocation:
        """Raises WrongKind, NotFound, CorruptStructure."""
        if node == ROOT:
            return self._root
        entry, _, stream, _ = self._sets.find(node)
        if entry.kind is not Kind.DIRECTORY:
            raise WrongKind(entry.name, "directory")
        if stream is None:
            assert entry.problem is not None
            raise entry.problem.error()
        if stream.size == 0:
            return Allocation(0, 0, contiguous=True)
        return self._allocation(node, stream, self._geometry.needed(min(stream.size, MOST_DIRECTORY)))

    def _claim(self, node: int, allocation: Allocation) -> None:
        """Notes the clusters of a directory as its own.

        Raises CorruptStructure when they are another directory's already: what lists itself has no end, and
        no entry tells which directory it lies in.
        """
        if node in self._listed or len(self._listed) >= _MOST_LISTED or not allocation.clusters:
            return
        shared = None
        try:
            for cluster, count in self._walk(allocation):
                fresh = self._directories.mark(cluster, count)
                if fresh < count:
                    shared = cluster + fresh
                    break
        except (CorruptStructure, MediumError):
            pass  # met again, and told, when the directory is read
        if shared is None:
            self._listed.add(node)
            return
        raise CorruptStructure(
            "directory entry",
            place_of(node)[0],
            "clusters of its own",
            f"cluster {shared}, which is another directory's",
        )

    def _pieces(self, node: int, allocation: Allocation) -> Iterator[tuple[int, int]]:
        """(position, length) of the pieces of a directory. Only the root ends where its chain does."""
        geometry = self._geometry
        if node == ROOT:
            for cluster, count in self._runs(node, allocation):
                yield geometry.position(cluster), count * geometry.cluster_size
        elif allocation.clusters:
            size = allocation.clusters * geometry.cluster_size
            runs = self._runs(node, allocation)
            for extent in extents(runs, size, geometry.cluster_size, geometry.position, self._table.offset):
                yield extent.position, extent.length

    def _chunks(self, node: int, allocation: Allocation, lost: list[MediumError]) -> Iterator[Chunk]:
        return chunks(self._device, self._pieces(node, allocation), lost)

    def _with_hash(self, node: int, name: str) -> Iterator[int]:
        """Nodes of the entries in a directory that have the length and the hash of a name."""
        raw = name.encode("utf-16-le", "surrogatepass")
        length = len(raw) // 2
        if not 1 <= length <= 255:
            return
        allocation = self._directory(node)
        self._claim(node, allocation)
        pattern = bytes([length]) + names.hashed(raw, self._upcase()).to_bytes(2, "little")
        before = -1
        try:
            for data, _, position in self._chunks(node, allocation, []):
                heads = data[::SLOT_LENGTH]
                end = heads.find(END)
                stop = len(data) if end < 0 else end * SLOT_LENGTH
                at = data.find(pattern, 0, stop)
                while at >= 0:
                    slot, within = divmod(at, SLOT_LENGTH)
                    if within == 3 and heads[slot] == STREAM:
                        owner = position + (slot - 1) * SLOT_LENGTH if slot else before
                        if owner >= 0:
                            yield node_of(owner, self._steps(allocation))
                    at = data.find(pattern, at + 1, stop)
                if end >= 0:
                    return
                before = position + len(data) - SLOT_LENGTH
        except (CorruptStructure, MediumError):
            return  # listing the directory tells it

    def _check_hash(self, node: int, stream: StreamEntry, name: bytes) -> None:
        expected = names.hashed(name, self._upcase())
        if stream.name_hash != expected:
            where = place_of(node)[0] + SLOT_LENGTH
            fault = CorruptStructure(
                "stream extension", where, f"name hash {expected:#06x}", f"{stream.name_hash:#06x}"
            )
            self._warnings.note(Fault.of(fault))

    # the volume ---------------------------------------------------------------------------------------------

    def _system(self) -> System:
        if self._known is None:
            self._known = System()
            lost: list[MediumError] = []
            try:
                read_system(self._known, self._chunks(ROOT, self._root, lost), self._warnings)
            except (CorruptStructure, MediumError) as error:
                self._warnings.note(Fault.of(error))
            for unread in lost:
                self._warnings.note(Fault.of(unread))
        return self._known

    def _free(self) -> int | None:
        """Free clusters."""
        return self._metadata().free()

    def _metadata(self) -> Metadata:
        return Metadata(self._device, self._geometry, self._table, self._system(), self._warnings)

    def _upcase(self) -> names.Upcase:
        if self._upper is None:
            self._upper = self._metadata().upcase()
        return self._upper
