"""The clusters that files and folders of an exFAT volume claim: whose each is, and what is wrong there."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, NamedTuple

from core.blockdev.device import BlockDevice
from core.entry import Entry, Finding, FindingKind, Kind, Remedy
from core.errors import CorruptStructure, Fault, MediumError, UnsupportedFeature
from core.fs.allocation import Run
from core.fs.checking import Problem, Stage, mended
from core.fs.clusters import Runs
from core.fs.exfat.geometry import Geometry
from core.fs.exfat.structures import ALLOCATION_POSSIBLE, CONTIGUOUS, END, FILE, MOST_DIRECTORY
from core.fs.exfat.table import AllocationTable
from core.fs.exfat.writing.entries import benign_allocations
from core.fs.ownership import Followed, Owner, Ownership
from core.fs.paths import Place
from core.fs.slots import SLOT_LENGTH

if TYPE_CHECKING:
    from core.fs.exfat.mending import ExFatMender

Problems = Iterator["Problem[ExFatMender] | None"]

_MOST_WAITING = 1 << 18
"""Folders known and not looked into yet."""
_FOLDER_HEADS = (END, FILE, FILE & 0x7F)
"""With what the first slot of a folder begins: nothing, a file, or one that was deleted."""


class Folder(NamedTuple):
    first: int
    clusters: int
    """How many of them are its own and looked into."""
    contiguous: bool
    place: Place
    is_root: bool = False


class Set(NamedTuple):
    """A set of entries where it lies."""

    folder: Folder
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


class Claims:
    """Fills `owned` with whose each cluster is."""

    def __init__(
        self, device: BlockDevice, geometry: Geometry, table: AllocationTable, owned: Ownership
    ) -> None:
        self.owned = owned
        self.hidden = False
        """Whether something could not be looked into, which may have clusters that seem to be lost."""
        self.folders: list[Folder] = []
        """Those that were met and are still to be looked into."""
        self._device = device
        self._geometry = geometry
        self._table = table

    def root(self) -> Problems:
        """The clusters of the root directory."""
        most = max(1, MOST_DIRECTORY // self._geometry.cluster_size)
        first = self._geometry.root_cluster
        found = self.owned.follow(self._table.runs(first, self._table.entries), None, Owner.FOLDER)
        if found.damage is not None:
            finding = Finding(FindingKind.CHAIN, "/", Fault.of(found.damage), found.has)
            if found.has and isinstance(found.damage, CorruptStructure):
                yield mended(finding, Remedy.CUT, lambda mender: mender.cut(found.last))
            else:
                self.hidden = True
                yield Problem(finding)
        self.folders.append(Folder(first, min(found.has, most), False, Place(), is_root=True))

    def volume(
        self, first: int, size: int, *, is_sound: bool = True
    ) -> Generator[Problem[ExFatMender] | None, None, list[Run]]:
        """Clusters that the volume keeps for itself, which are a chain (sections 7.1.3 and 7.2.3): those."""
        needed = self._geometry.needed(size)
        found = self.owned.follow(self._table.runs(first, self._table.entries), needed, Owner.VOLUME)
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

    def allocation(self, one: Set, place: Place) -> Problems:
        """The clusters of a file or folder that has some."""
        geometry, is_folder = self._geometry, one.entry.kind is Kind.DIRECTORY
        last = geometry.last_cluster
        size = min(one.size, MOST_DIRECTORY) if is_folder else one.size
        if not 2 <= one.first <= last:
            there = f"cluster {one.first}"
            fault = CorruptStructure(
                "stream extension", one.position, f"a first cluster from 2 to {last}", there
            )
            finding = Finding(FindingKind.ENTRY, str(place), Fault.of(fault))
            yield self.resized(one, finding, Remedy.EMPTY, 0)
            return
        needed, contiguous = geometry.needed(size), bool(one.flags & CONTIGUOUS)
        runs = self.runs(one.first, needed if contiguous else self._table.entries, contiguous)
        found = self.owned.follow(runs, needed, Owner.FOLDER if is_folder else Owner.FILE)
        path = str(place) if found.has != needed or found.damage or found.shared else ""
        yield from self._length(one, path, found, needed, contiguous)
        if found.shared and not (contiguous and found.has < needed):
            yield from self._shared(one, path, found, needed)
        if not is_folder:
            return
        if one.size != found.has * geometry.cluster_size and found.has == needed:
            fault = CorruptStructure("stream extension", one.position, "whole clusters", f"{one.size} bytes")
            finding = Finding(FindingKind.ENTRY, str(place), Fault.of(fault))
            yield self.resized(one, finding, Remedy.CORRECT, needed * geometry.cluster_size)
        clusters = min(found.has, needed)
        if found.shared and (found.met is not Owner.FILE or not self._looks_like_a_folder(one.first)):
            clusters = found.own
        if clusters:
            if len(self.folders) >= _MOST_WAITING:
                raise UnsupportedFeature("checking so many folders")
            if found.shared and not found.own:
                self.owned.claim(one.first, 1, Owner.FOLDER)
            self.folders.append(Folder(one.first, clusters, contiguous, place))

    def _length(self, one: Set, path: str, found: Followed, needed: int, contiguous: bool) -> Problems:
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
            yield self.resized(one, finding, Remedy.SHORTEN if has else Remedy.EMPTY, has * unit, ends)
        elif (damage is not None or found.has > needed) and not found.shared:
            kind = FindingKind.TOO_LONG if damage is None else FindingKind.CHAIN
            fault = damage or self._chain(one.first, needed, one.size, found.has)
            finding = Finding(kind, path, Fault.of(fault), found.has - needed)
            yield mended(finding, Remedy.CUT, lambda mender: mender.cut(found.tail))

    def _shared(self, one: Set, path: str, found: Followed, needed: int) -> Problems:
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
                yield self.resized(
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

    def benign(self, one: Set) -> None:
        """Clusters of entries that only other systems know, which are theirs: section 6.4."""
        declared = one.raw[: (1 + one.raw[1]) * SLOT_LENGTH]
        for flags, first, size in benign_allocations(declared):
            needed, contiguous = self._geometry.needed(size), bool(flags & CONTIGUOUS)
            if 2 <= first <= self._geometry.last_cluster and flags & ALLOCATION_POSSIBLE:
                self.owned.follow(self.runs(first, needed, contiguous), needed, Owner.FILE)

    def resized(
        self, one: Set, finding: Finding, remedy: Remedy, size: int, ends: int = 0
    ) -> Problem[ExFatMender]:
        """`ends`: the cluster that becomes the last of the chain."""
        return mended(
            finding,
            remedy,
            lambda mender: mender.resize(one.position, one.folder.contiguous, size, ends),
        )

    def runs(self, first: int, most: int, contiguous: bool) -> Runs:
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
