"""The walk of a check through every folder and file of an exFAT volume, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, NamedTuple

from core.blockdev.device import BlockDevice
from core.entry import Entry, Finding, FindingKind, Kind, Remedy
from core.errors import CorruptStructure, Fault, MediumError, NotFound, UnsupportedFeature
from core.fs.allocation import Run
from core.fs.checking import Problem, Stage, mended
from core.fs.clusters import Runs
from core.fs.driver import Warnings
from core.fs.exfat import names
from core.fs.exfat.directory import Parser, place_of
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.hidden import HiddenFiles
from core.fs.exfat.sets import Sets
from core.fs.exfat.structures import (
    ALLOCATION_POSSIBLE,
    CONTIGUOUS,
    END,
    FILE,
    FILE_NAME,
    MOST_DIRECTORY,
    NAME_PIECE,
    STREAM,
    STREAM_PACKED,
)
from core.fs.exfat.table import AllocationTable
from core.fs.exfat.writing.entries import benign_allocations
from core.fs.ownership import Followed, Owner, Ownership
from core.fs.paths import Place
from core.fs.slots import SLOT_LENGTH, Chunk, chunks

if TYPE_CHECKING:
    from core.fs.exfat.mending import ExFatMender

Problems = Iterator["Problem[ExFatMender] | None"]

_MOST_WAITING = 1 << 18
"""Folders known and not looked into yet."""
_MOST_NAMES = 1 << 17
"""Of one folder, that are compared with each other."""
_MOST_DOUBTFUL = 1 << 14
"""Files kept for the end of the walk."""
_FOLDER_HEADS = (END, FILE, FILE & 0x7F)
"""With what the first slot of a folder begins: nothing, a file, or one that was deleted."""


class _Folder(NamedTuple):
    first: int
    clusters: int
    """How many of them are its own and looked into."""
    contiguous: bool
    place: Place
    is_root: bool = False


class _Set(NamedTuple):
    """A set of entries where it lies."""

    folder: _Folder
    entry: Entry
    position: int
    raw: bytes
    """Its file entry, stream extension, and what follows."""
    flags: int
    length: int
    hash: int
    valid: int
    first: int
    size: int


class Walk:
    """Fills `owned` with whose each cluster is."""

    def __init__(
        self, device: BlockDevice, geometry: Geometry, table: AllocationTable, owned: Ownership
    ) -> None:
        self.hidden = False
        """Whether something could not be looked into, which may have clusters that seem to be lost."""
        self._device = device
        self._geometry = geometry
        self._table = table
        self._owned = owned
        self._sets = Sets(device, geometry, table)
        self._waiting: list[_Folder] = []
        self._hidden_files = HiddenFiles()
        self._doubtful: list[tuple[_Set, Place]] = []
        self.seen = 0
        """Files and folders with clusters."""
        self._upcase: names.Upcase = {}
        self._hashed = False
        """Whether it is the volume's own, by which hashes of names were made."""

    def root(self) -> Problems:
        """The clusters of the root directory."""
        most = max(1, MOST_DIRECTORY // self._geometry.cluster_size)
        first = self._geometry.root_cluster
        found = self._owned.follow(self._table.runs(first, self._table.entries), None, Owner.FOLDER)
        if found.damage is not None:
            finding = Finding(FindingKind.CHAIN, "/", Fault.of(found.damage), found.has)
            if found.has and isinstance(found.damage, CorruptStructure):
                yield mended(finding, Remedy.CUT, lambda mender: mender.cut(found.last))
            else:
                self.hidden = True
                yield Problem(finding)
        self._waiting.append(_Folder(first, min(found.has, most), False, Place(), is_root=True))

    def volume(
        self, first: int, size: int, *, is_sound: bool = True
    ) -> Generator[Problem[ExFatMender] | None, None, list[Run]]:
        """Clusters that the volume keeps for itself, which are a chain (sections 7.1.3 and 7.2.3): those."""
        needed = self._geometry.needed(size)
        found = self._owned.follow(self._table.runs(first, self._table.entries), needed, Owner.VOLUME)
        if found.shared:
            fault = CorruptStructure(
                "cluster chain", self._table.offset(found.shared_at), "clusters of the volume alone", "of two"
            )
            yield Problem(Finding(FindingKind.SHARED, "", Fault.of(fault), found.shared))
        elif found.has > needed and is_sound:
            fault = CorruptStructure(
                "cluster chain", self._table.offset(found.tail), f"{needed} clusters", str(found.has)
            )
            finding = Finding(FindingKind.TOO_LONG, "", Fault.of(fault), found.has - needed)
            yield mended(finding, Remedy.CUT, lambda mender: mender.cut(found.tail))
        if not found.has:
            return []
        try:
            return list(self._table.runs(first, min(found.has, needed)))
        except (CorruptStructure, MediumError):  # it was sound a moment ago: a stick that fails now and then
            return []

    def problems(self, upcase: names.Upcase | None) -> Problems:
        """Everything below the root directory, names compared by that table, as far as it is known."""
        self._upcase, self._hashed = upcase or names.MANDATORY, upcase is not None
        while self._waiting:
            folder = self._waiting.pop()
            seen: set[str] = set()
            warnings = Warnings()
            for entries in self._read(folder, warnings):
                for chunk, entry in entries:
                    if isinstance(entry, Finding):
                        self.hidden = True
                        yield Problem(entry)
                    else:
                        yield from self._entry(folder, chunk, entry, seen)
                yield None
            pieces = self._pieces(folder)
            yield from self._hidden_files.look(self._device, pieces, str(folder.place), folder.contiguous)
            for fault in warnings:
                yield self._warned(folder, fault)
        while self._doubtful:
            yield from self._allocation(*self._doubtful.pop())
            yield None
        yield from self._hidden_files.problems(self._sets, self._owned)

    # folders ------------------------------------------------------------------------------------------------

    def _read(self, folder: _Folder, warnings: Warnings) -> Iterator[list[tuple[Chunk, Entry | Finding]]]:
        """The entries that end in each chunk of a directory."""
        parser = Parser(self._geometry, warnings, folder.contiguous, folder.is_root)
        lost: list[MediumError] = []
        last = Chunk(b"", 0, 0)
        try:
            for chunk in chunks(self._device, self._pieces(folder), lost):
                last = chunk
                yield [(chunk, entry) for entry in parser.entries(chunk)]
                if parser.ended:
                    break
        except CorruptStructure:
            pass  # told when its clusters were followed
        except MediumError as error:
            if error not in lost:
                lost.append(error)
        yield [(last, entry) for entry in parser.rest()]
        path = str(folder.place)
        yield [(last, Finding(FindingKind.UNREADABLE, path, Fault.of(error))) for error in lost]

    def _pieces(self, folder: _Folder) -> Iterator[tuple[int, int]]:
        for cluster, count in self._runs(folder.first, folder.clusters, folder.contiguous):
            yield self._geometry.position(cluster), count * self._geometry.cluster_size

    def _warned(self, folder: _Folder, fault: Fault) -> Problem[ExFatMender]:
        position = int(fault.values.get("offset", 0))
        path = str(folder.place)
        if fault.values.get("expected") == "a primary entry before":
            finding = Finding(FindingKind.NAME_PIECES, path, fault)
            return mended(finding, Remedy.REMOVE_PIECES, lambda mender: mender.remove_pieces(position))
        self.hidden = True
        return Problem(Finding(FindingKind.ENTRY, path, fault))

    # entries ------------------------------------------------------------------------------------------------

    def _entry(self, folder: _Folder, chunk: Chunk, entry: Entry, seen: set[str]) -> Problems:
        position, place = place_of(entry.node)[0], Place(entry.name, folder.place)
        raw = self._slots(chunk, entry.node, position)
        if not raw:
            self.hidden = True
            fault = CorruptStructure("directory entry", position, "a whole set", "one that cannot be read")
            yield Problem(Finding(FindingKind.UNREADABLE, str(place), Fault.of(fault)))
            return
        if raw[SLOT_LENGTH : SLOT_LENGTH + 1] != bytes([STREAM]):
            fault = CorruptStructure("directory entry", position, "a stream extension next", "another")
            finding = Finding(FindingKind.ENTRY, str(place), Fault.of(fault))
            yield mended(
                finding,
                Remedy.REMOVE_ENTRY,
                lambda mender: mender.remove(position, folder.contiguous),
            )
            return
        one = _Set(folder, entry, position, raw, *STREAM_PACKED.unpack_from(raw, SLOT_LENGTH))
        self.seen += one.size > 0
        yield from self._name(one, place, seen)
        if one.size == 0 and one.first:
            found = f"cluster {one.first} and no bytes"
            fault = CorruptStructure("stream extension", position, "no cluster for no bytes", found)
            finding = Finding(FindingKind.TOO_LONG, str(place), Fault.of(fault))
            yield self._resized(one, finding, Remedy.CUT, 0)
        elif one.size and self._is_doubtful(one) and len(self._doubtful) < _MOST_DOUBTFUL:
            self._doubtful.append((one, place))
        elif one.size:
            yield from self._allocation(one, place)
        self._benign(one)

    def _is_doubtful(self, one: _Set) -> bool:
        """Whether a file may claim clusters of others: it comes after those that surely have theirs."""
        if one.entry.kind is Kind.DIRECTORY:
            return False
        available = self._geometry.last_cluster - one.first + 1
        beyond = bool(one.flags & CONTIGUOUS) and self._geometry.needed(one.size) > available
        return beyond or one.entry.problem is not None

    def _slots(self, chunk: Chunk, node: int, position: int) -> bytes:
        """A set as far as it may go."""
        at = position - chunk.position
        if 0 <= at < len(chunk.data):
            end = at + (2 + chunk.data[at + 1]) * SLOT_LENGTH
            if end <= len(chunk.data) and chunk.data[at + 1] > 1:
                return chunk.data[at:end]
        try:
            return b"".join([piece.data for piece in self._sets.slots(node)])
        except (NotFound, MediumError):
            return b""

    def _name(self, one: _Set, place: Place, seen: set[str]) -> Problems:
        entry, position = one.entry, one.position
        folded = entry.name.translate(self._upcase)
        problem = entry.problem
        if problem is not None and isinstance(problem.error(), UnsupportedFeature):
            self.hidden = True
            yield Problem(Finding(FindingKind.ENTRY, str(place), problem))
        elif problem is None or _is_about_allocation(problem):
            fault = self._subtle(one)
            if fault is not None:
                yield self._corrected(one, Finding(FindingKind.ENTRY, str(place), Fault.of(fault)))
            elif folded in seen:
                twice = CorruptStructure(
                    "directory entry", position, "a name of its own", "one that is there twice"
                )
                finding = Finding(FindingKind.NAME_TWICE, str(place), Fault.of(twice))
                yield mended(
                    finding,
                    Remedy.RENAME,
                    lambda mender: mender.rename(position, one.folder.contiguous, seen),
                )
        else:
            yield self._corrected(one, Finding(FindingKind.ENTRY, str(place), problem))
        if len(seen) < _MOST_NAMES:
            seen.add(folded)

    def _subtle(self, one: _Set) -> CorruptStructure | None:
        """What does no harm to readers."""
        pieces = -(-one.length // NAME_PIECE)
        name = names.raw_name(one.raw, 2 * SLOT_LENGTH, pieces, one.length)
        expected = names.hashed(name, self._upcase)
        where = one.position + SLOT_LENGTH
        if self._hashed and one.hash != expected:
            found = f"{one.hash:#06x}"
            return CorruptStructure("stream extension", where, f"name hash {expected:#06x}", found)
        heads = one.raw[2 * SLOT_LENGTH :: SLOT_LENGTH]
        if heads[pieces : pieces + 1] == bytes([FILE_NAME]) and one.raw[1] > pieces + 1:
            return CorruptStructure("directory entry", one.position, f"{pieces} file names", "more")
        is_folder = one.entry.kind is Kind.DIRECTORY
        if one.valid > one.size or (is_folder and one.valid != one.size):
            wanted = f"{one.size} valid bytes"
            return CorruptStructure("stream extension", where, wanted, str(min(one.valid, 2**63 - 1)))
        return None

    def _allocation(self, one: _Set, place: Place) -> Problems:
        geometry, is_folder = self._geometry, one.entry.kind is Kind.DIRECTORY
        last = geometry.last_cluster
        size = min(one.size, MOST_DIRECTORY) if is_folder else one.size
        if not 2 <= one.first <= last:
            there = f"cluster {one.first}"
            fault = CorruptStructure(
                "stream extension", one.position, f"a first cluster from 2 to {last}", there
            )
            finding = Finding(FindingKind.ENTRY, str(place), Fault.of(fault))
            yield self._resized(one, finding, Remedy.EMPTY, 0)
            return
        needed, contiguous = geometry.needed(size), bool(one.flags & CONTIGUOUS)
        runs = self._runs(one.first, needed if contiguous else self._table.entries, contiguous)
        found = self._owned.follow(runs, needed, Owner.FOLDER if is_folder else Owner.FILE)
        path = str(place) if found.has != needed or found.damage or found.shared else ""
        yield from self._length(one, path, found, needed, contiguous)
        if found.shared and not (contiguous and found.has < needed):
            yield from self._shared(one, path, found, needed)
        if not is_folder:
            return
        if one.size != found.has * geometry.cluster_size and found.has == needed:
            fault = CorruptStructure("stream extension", one.position, "whole clusters", f"{one.size} bytes")
            finding = Finding(FindingKind.ENTRY, str(place), Fault.of(fault))
            yield self._resized(one, finding, Remedy.CORRECT, needed * geometry.cluster_size)
        clusters = min(found.has, needed)
        if found.shared and (found.met is not Owner.FILE or not self._looks_like_a_folder(one.first)):
            clusters = found.own
        if clusters:
            if len(self._waiting) >= _MOST_WAITING:
                raise UnsupportedFeature("checking so many folders")
            if found.shared and not found.own:
                self._owned.claim(one.first, 1, Owner.FOLDER)
            self._waiting.append(_Folder(one.first, clusters, contiguous, place))

    def _length(self, one: _Set, path: str, found: Followed, needed: int, contiguous: bool) -> Problems:
        unit, damage = self._geometry.cluster_size, found.damage
        if isinstance(damage, MediumError):
            self.hidden = True
            yield Problem(Finding(FindingKind.CHAIN, path, Fault.of(damage), found.has))
        elif found.has < needed:
            kind = FindingKind.TOO_SHORT if damage is None else FindingKind.CHAIN
            fault = damage or self._chain(one.first, needed, one.size, found.has)
            # What claims clusters in a row beyond the end of the volume claims those of others wrongly too.
            has = found.own if contiguous and found.shared else found.has
            finding = Finding(kind, path, Fault.of(fault), needed - has)
            ends = 0 if contiguous or found.shared or damage is None else found.last
            yield self._resized(one, finding, Remedy.SHORTEN if has else Remedy.EMPTY, has * unit, ends)
        elif (damage is not None or found.has > needed) and not found.shared:
            kind = FindingKind.TOO_LONG if damage is None else FindingKind.CHAIN
            fault = damage or self._chain(one.first, needed, one.size, found.has)
            finding = Finding(kind, path, Fault.of(fault), found.has - needed)
            yield mended(finding, Remedy.CUT, lambda mender: mender.cut(found.tail))

    def _shared(self, one: _Set, path: str, found: Followed, needed: int) -> Problems:
        position, contiguous = one.position, one.folder.contiguous
        fault = CorruptStructure(
            "cluster chain",
            self._table.offset(found.shared_at),
            "clusters of one file",
            f"{found.shared} of two",
        )
        finding = Finding(FindingKind.SHARED, path, Fault.of(fault), found.shared)
        if one.entry.kind is Kind.DIRECTORY:
            if found.met is Owner.FILE and self._looks_like_a_folder(one.first):
                yield mended(
                    finding,
                    Remedy.COPY,
                    lambda mender: mender.copy_folder(position, contiguous),
                    Stage.SHARING,
                )
            elif found.own:  # what is in the rest is found where it was met first
                yield self._resized(
                    one, finding, Remedy.SHORTEN, found.own * self._geometry.cluster_size, found.last_own
                )
            else:
                yield mended(finding, Remedy.REMOVE_ENTRY, lambda mender: mender.remove(position, contiguous))
            return
        count = min(found.has, needed)
        yield mended(
            finding,
            Remedy.COPY,
            lambda mender: mender.copy_file(position, contiguous, count, found.own, found.last_own),
            Stage.SHARING,
        )

    def _benign(self, one: _Set) -> None:
        """Clusters of entries that only other systems know, which are theirs: section 6.4."""
        declared = one.raw[: (1 + one.raw[1]) * SLOT_LENGTH]
        for flags, first, size in benign_allocations(declared):
            needed, contiguous = self._geometry.needed(size), bool(flags & CONTIGUOUS)
            if 2 <= first <= self._geometry.last_cluster and flags & ALLOCATION_POSSIBLE:
                self._owned.follow(self._runs(first, needed, contiguous), needed, Owner.FILE)

    # the ways to mend them ----------------------------------------------------------------------------------

    def _corrected(self, one: _Set, finding: Finding) -> Problem[ExFatMender]:
        return mended(
            finding, Remedy.CORRECT, lambda mender: mender.correct(one.position, one.folder.contiguous)
        )

    def _resized(
        self, one: _Set, finding: Finding, remedy: Remedy, size: int, ends: int = 0
    ) -> Problem[ExFatMender]:
        """`ends`: the cluster that becomes the last of the chain."""
        return mended(
            finding,
            remedy,
            lambda mender: mender.resize(one.position, one.folder.contiguous, size, ends),
        )

    def _runs(self, first: int, most: int, contiguous: bool) -> Runs:
        if contiguous:
            return iter([(first, min(most, self._geometry.last_cluster - first + 1))])
        return self._table.runs(first, most)

    def _looks_like_a_folder(self, cluster: int) -> bool:
        try:
            return self._device.read(self._geometry.position(cluster), 1)[0] in _FOLDER_HEADS
        except MediumError:
            return False

    def _chain(self, cluster: int, needed: int, size: int, has: int) -> CorruptStructure:
        where, wanted = self._table.offset(cluster), min(size, 2**63 - 1)
        return CorruptStructure("cluster chain", where, f"{needed} clusters for {wanted} bytes", str(has))


def _is_about_allocation(problem: Fault) -> bool:
    """Whether what is wrong with an entry is found again when its clusters are followed."""
    expected = str(problem.values.get("expected"))
    return expected.startswith(("at most", "a first cluster", "whole clusters")) or "in a row" in expected
