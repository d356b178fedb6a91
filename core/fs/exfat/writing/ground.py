"""What every change to an exFAT volume stands on: what is staged, open directories, sets of entries."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Self

from core.blockdev.device import BlockDevice
from core.errors import CorruptStructure, DirectoryFull, MediumError, NoSpace, ReadOnly, WrongKind
from core.fs import dosnames
from core.fs.allocation import Run
from core.fs.chain import Chain
from core.fs.clusters import Marks, Owners, Runs
from core.fs.driver import DEFAULTS, Options, Warnings
from core.fs.exfat.allocation import Allocation
from core.fs.exfat.directory import Parser, place_of
from core.fs.exfat.driver import ROOT, ExFat
from core.fs.exfat.geometry import Geometry, read_geometry
from core.fs.exfat.sets import Sets
from core.fs.exfat.structures import CONTIGUOUS, MOST_DIRECTORY, STREAM, STREAM_PACKED
from core.fs.exfat.writing import entries
from core.fs.exfat.writing.balance import balanced
from core.fs.exfat.writing.clusters import Clusters
from core.fs.exfat.writing.examining import examined
from core.fs.exfat.writing.folder import Folder
from core.fs.exfat.writing.member import Member, stream_of
from core.fs.exfat.writing.owned import unowned
from core.fs.exfat.writing.state import State
from core.fs.exfat.writing.table import WritableTable
from core.fs.grouped import Grouped
from core.fs.owned import examine
from core.fs.slots import SLOT_LENGTH, Chunk, chunks
from core.fs.slotted import Place
from core.fs.staging import Phase, Staging
from core.fs.writable import Times

_FOLDERS, _FOLDER_SLOTS = 256, 1 << 19
_GROWTH = 16 << 10
"""Bytes by which a directory grows at most: less would scatter it among the files it gets."""
_MOST_GROWTHS = 4
"""Times that it grows for one set, which may need two clusters beside each other."""
_MOST_SIZES = 16
_ZEROS = bytes(1 << 20)
_ALL_BUT_TYPE = b"\0" + b"\xff" * (SLOT_LENGTH - 1)
"""The bits of an entry apart from those that say whether it is in use."""


class Ground(Grouped, ExFat):
    """An open volume, the changes to it, and how they come to the medium."""

    def __init__(self, device: BlockDevice, geometry: Geometry, warnings: Warnings) -> None:
        staging = Staging(device, min(device.sector_size, geometry.sector_size))
        super().__init__(staging, geometry, warnings)
        self._table = table = WritableTable(staging, geometry)
        self._sets = Sets(staging, geometry, table)
        self._group(staging, geometry.dirty)
        self._state = State(staging)
        self._upper, bitmap, free = examined(staging, geometry, self._system(), self._metadata(), warnings)
        self._clusters = Clusters(table, bitmap, geometry, self._settle, self._examine, free)
        self._folders: OrderedDict[int, Folder] = OrderedDict()
        """By the place of their own sets."""
        self._homes: dict[int, Folder] = {}
        """The same, by the clusters they have."""
        self._turned: set[int] = set()
        """First clusters of directories that had their clusters in a row when they were opened."""
        self._unborn: set[int] = set()
        """Places of sets that are not on the medium yet."""
        self._split: set[int] = set()
        """Places of sets whose file entry is to change after the others."""
        self._bared: set[int] = set()
        """Places of sets that will not be in use while they change."""
        self._leaving: list[int] = []
        """Places of secondary entries that go after their file entries."""

    @classmethod
    def open(cls, device: BlockDevice, options: Options = DEFAULTS) -> Self:
        """Raises ReadOnly besides, for a volume too damaged to be trusted with new files."""
        warnings = Warnings()
        geometry = read_geometry(device, warnings)
        if warnings:
            raise ReadOnly("its boot sector is damaged")
        volume = cls(device, geometry, warnings)
        volume._claim(ROOT, volume._root)
        return volume

    # when things are written --------------------------------------------------------------------------------

    def _mark(self, *, dirty: bool) -> None:
        self._state.mark(dirty=dirty)

    def _inform(self) -> None:
        self._state.inform(self._free(), self._geometry.clusters)

    def _on_medium(self) -> None:
        self._clusters.settled()
        for folder in self._folders.values():
            folder.settled()
        self._unborn.clear()
        self._split.clear()
        self._bared.clear()
        self._leaving.clear()

    def _start_over(self) -> None:
        super()._start_over()
        self._table.forget()
        self._folders.clear()
        self._homes.clear()
        self._look_anew()

    # the volume as a whole ----------------------------------------------------------------------------------

    def _free(self) -> int | None:
        return self._clusters.space.known

    def _runs(self, node: int, allocation: Allocation) -> Runs:
        """Once clusters change hands, having met one before says nothing."""
        return self._walk(allocation) if self.staged else super()._runs(node, allocation)

    def _examine(self) -> None:
        """Raises ReadOnly when clusters of files are marked as free."""
        space, geometry = self._clusters.space, self._geometry
        examine(unowned(space, geometry, self._root, self._walk, self._bytes_of))

    def _bytes_of(self, allocation: Allocation) -> Iterator[Chunk]:
        size = self._geometry.cluster_size
        runs = self._walk(allocation)
        pieces = ((self._geometry.position(first), count * size) for first, count in runs)
        return chunks(self._staging, pieces, [])

    def _look_anew(self) -> None:
        """A directory is gone, or has another node: whose clusters were whose says nothing any more."""
        self._listed.clear()
        self._directories = Marks()
        self._owners = Owners(self._warnings, self._geometry.position)

    def _steps(self, allocation: Allocation) -> bool:
        """Nodes stay as they are when a directory turns into a chain."""
        return allocation.contiguous or allocation.first in self._turned

    # directories --------------------------------------------------------------------------------------------

    def _folder(self, node: int) -> Folder:
        """The directory of a node, with its names known. Raises WrongKind, NotFound, CorruptStructure."""
        home = ROOT if node == ROOT else place_of(node)[0]
        folder = self._folders.get(home)
        if folder is None:
            folder = self._load(node, home)
        self._folders.move_to_end(home)
        return folder

    def _load(self, node: int, home: int) -> Folder:
        allocation = self._directory(node)
        chain = Chain(list(self._walk(allocation)))
        steps = self._steps(allocation)
        folder = Folder(
            self._staging,
            self._geometry,
            self._upcase(),
            node,
            chain,
            contiguous=allocation.contiguous,
            steps=steps,
        )
        parser = Parser(self._geometry, Warnings(), steps, node == ROOT)
        lost: list[MediumError] = []
        for chunk in self._chunks(node, allocation, lost):
            for entry in parser.entries(chunk):
                folder.learn(entry)
            folder.load(chunk)
            self._check_taken(chunk)
            if parser.ended:
                break
        for entry in parser.rest():
            folder.learn(entry)
        if lost:
            raise lost[0]
        for position in self._leaving:
            if self._geometry.cluster_at(position) in folder.clusters:
                folder.vacate_later(folder.slot_at(position))
        self._keep(folder)
        return folder

    def _check_taken(self, chunk: Chunk) -> None:
        """Raises CorruptStructure when the bitmap has a file's clusters as free: they would be given away."""
        heads = chunk.data[::SLOT_LENGTH]
        at = heads.find(STREAM)
        while at >= 0:
            _, _, _, _, first, _ = STREAM_PACKED.unpack_from(chunk.data, at * SLOT_LENGTH)
            if 2 <= first <= self._geometry.last_cluster and self._clusters.space.has_free(first):
                where = chunk.position + at * SLOT_LENGTH
                raise CorruptStructure("allocation bitmap", where, f"cluster {first} taken", "free")
            at = heads.find(STREAM, at + 1)

    def _keep(self, folder: Folder) -> None:
        slots = sum(kept.slots for kept in self._folders.values()) if len(self._folders) % 16 == 0 else 0
        while len(self._folders) >= _FOLDERS or (slots > _FOLDER_SLOTS and len(self._folders) > 2):
            if self._staging.held:
                self._settle()
            old = next(iter(self._folders.values()))
            slots -= old.slots
            self._drop(old)
        self._folders[folder.home] = folder
        for cluster in folder.clusters:
            self._homes[cluster] = folder

    def _drop(self, folder: Folder) -> None:
        """The directory is gone, or forgotten."""
        del self._folders[folder.home]
        for cluster in folder.clusters:
            del self._homes[cluster]

    def _around(self, position: int) -> Folder | None:
        """The directory that a place on the volume lies in, where it is open."""
        return self._homes.get(self._geometry.cluster_at(position))

    def _room(self, folder: Folder, node: int, count: int) -> Place:
        """Room for a set of so many slots; the directory may grow. Raises DirectoryFull, NoSpace.

        Where that is in two sectors, no change to either is staged afterwards.
        """
        apart = count > folder.per_sector
        place = folder.room(count, apart=apart)
        for _ in range(_MOST_GROWTHS):
            if place is not None or not self._grow(folder, count):
                break
            place = folder.room(count, apart=apart)
        if place is None:
            place = folder.room(count, apart=True)
        if place is None:
            raise DirectoryFull("" if node == ROOT else self._sets.find(node).entry.name, folder.slots)
        if not folder.together(place):
            self._settle()
        return place

    def _grow(self, folder: Folder, slots: int) -> bool:
        """Gives a directory clusters of zeros, for so many slots at least, unless it has all it may have."""
        size, chain = self._geometry.cluster_size, folder.chain
        least = -(-slots * SLOT_LENGTH // size)
        count = min(max(least, min(chain.count, _GROWTH // size)), MOST_DIRECTORY // size - chain.count)
        if count < least:
            return False
        self._clusters.before_linking(chain.tail)
        try:
            runs = self._clusters.take(count, chain.tail)
        except NoSpace:
            count = least
            runs = self._clusters.take(count, chain.tail)
        self._extend(folder, runs)
        try:
            # A directory must not be absent for a moment: rather it gets a size that can be written at once.
            for _ in range(_MOST_SIZES):
                if self._resized(folder):
                    folder.lengthened(count)
                    return True
                self._extend(folder, self._clusters.take(1, chain.tail))
                count += 1
        except NoSpace:
            pass
        self._settle()
        self._drop(folder)
        return False

    def _extend(self, folder: Folder, runs: list[Run]) -> None:
        """Hangs clusters of zeros onto the chain of a directory, whose size does not tell of them yet."""
        self._clear_clusters(runs)
        if not self._clusters.join(folder.chain, folder.contiguous, runs) and folder.contiguous:
            folder.contiguous = False
            self._turned.add(folder.chain.first)
        for first, length in runs:
            self._homes.update(dict.fromkeys(range(first, first + length), folder))

    def _resized(self, folder: Folder) -> bool:
        """Stages that a directory is as long as its chain, if that can be done at once."""
        if folder.home == ROOT:
            return True
        pieces = self._sets.slots(folder.own)
        raw = b"".join([chunk.data for chunk in pieces])
        size = folder.chain.count * self._geometry.cluster_size
        raw = entries.with_content(raw, folder.contiguous, folder.chain.first, size, size)
        return self._change(pieces, raw, never_absent=True)

    def _clear_clusters(self, runs: list[Run]) -> None:
        """Writes zeros to clusters that nothing refers to."""
        for first, count in runs:
            position, left = self._geometry.position(first), count * self._geometry.cluster_size
            while left:
                length = min(left, len(_ZEROS))
                self._staging.write(position, _ZEROS[:length])
                position, left = position + length, left - length

    # sets ---------------------------------------------------------------------------------------------------

    def _member(self, node: int) -> Member:
        """Raises NotFound, WrongKind for the root, and what is wrong with the set."""
        if node == ROOT:
            raise WrongKind("/", "file")
        pieces = self._sets.slots(node)
        found = self._sets.parsed(node, pieces)
        if found.entry.problem is not None:
            raise found.entry.problem.error()
        return Member(node, found, pieces, b"".join([chunk.data for chunk in pieces]))

    def _fit(self, name: str, attributes: int, times: Times, now: int) -> bytes:
        """A set for an empty file, without its checksum. Raises NameNotAllowed."""
        dosnames.check(name)
        return entries.new_set(name, self._upcase(), attributes, times, now)

    def _change(self, pieces: tuple[Chunk, ...], raw: bytes, *, never_absent: bool = False) -> bool:
        """Stages another file entry and stream extension for a set that keeps its name.

        In one sector that is one change. Otherwise the stream extension changes first, so that it has the
        checksum of the file entry that the medium has. Where there is no such change, the set is not in use
        for a moment; unless it is `never_absent`: then nothing is staged, and the answer is False.
        """
        primary, stream = pieces[0].position, stream_of(pieces)
        unit = self._staging.unit
        if primary // unit == stream // unit:
            self._staging.stage(self._phase(primary), primary, entries.sealed(raw)[: 2 * SLOT_LENGTH])
            return True
        if raw[SLOT_LENGTH : 2 * SLOT_LENGTH] != self._staging.read(stream, SLOT_LENGTH):
            level = None
            if primary not in self._bared:
                level = balanced(self._staging.on_medium(primary, SLOT_LENGTH), raw[SLOT_LENGTH:])
            if level is not None:
                raw = raw[:SLOT_LENGTH] + level
                self._staging.stage(Phase.ENTRY, stream, level[:SLOT_LENGTH])
            elif never_absent:
                return False
            else:
                self._bared.add(primary)
                self._staging.stage(Phase.LEAVE, primary, b"\0", b"\x80")
                for phase in (Phase.TURN, Phase.ENTRY):
                    self._staging.stage(phase, stream, raw[SLOT_LENGTH : 2 * SLOT_LENGTH])
        head = entries.sealed(raw)[:SLOT_LENGTH]
        if primary in self._bared:
            self._staging.stage(Phase.ENTRY, primary, head)
        if primary not in self._bared or primary in self._split:
            self._staging.stage(Phase.ADORN, primary, head, _ALL_BUT_TYPE)
            self._split.add(primary)
        return True

    def _join_halves(self, member: Member) -> None:
        """Called before a set goes: no change to its file entry is to come after that."""
        if member.position in self._split:
            self._settle()

    def _clear(self, member: Member, phase: Phase = Phase.ENTRY) -> None:
        """Stages that a set's slots are free: those in the sector of its file entry, and then the rest."""
        folder = self._around(member.position)
        sector = member.position // self._staging.unit
        for place in member.places():
            fresh = self._phase(place) is Phase.PREPARE
            late = not fresh and place // self._staging.unit != sector
            when = Phase.PREPARE if fresh else Phase.FREE if late else phase
            self._staging.stage(when, place, b"\0", b"\x80")
            if late:
                self._leaving.append(place)
            if folder is not None:
                slot = folder.slot_at(place)
                folder.vacate_later(slot) if late else folder.vacate(slot)
        if folder is not None:
            folder.forget(member.entry.name, folder.slot_at(member.position))

    def _phase(self, position: int) -> Phase:
        """When an entry there may be written."""
        folder = self._around(position)
        return Phase.ENTRY if folder is None else folder.phase(folder.slot_at(position))

    def _clusters_of(self, member: Member) -> list[Run]:
        """All that a set has: its chain beyond its size too, and what benign entries have (section 6.4).

        Raises CorruptStructure.
        """
        stream = member.found.stream
        contiguous = bool(stream.flags & CONTIGUOUS)
        runs = self._chain_of(member.position, stream.first_cluster, stream.size, contiguous)
        return runs + self._benign_of(member)

    def _benign_of(self, member: Member) -> list[Run]:
        runs: list[Run] = []
        for flags, first, size in entries.benign_allocations(member.raw):
            runs += self._chain_of(member.position, first, size, bool(flags & CONTIGUOUS))
        return runs

    def _chain_of(self, position: int, first: int, size: int, contiguous: bool) -> list[Run]:
        """The clusters from `first` on that an entry at a place has. Raises CorruptStructure."""
        geometry = self._geometry
        if not first:
            return []
        if not contiguous:
            return list(self._table.runs(first, geometry.clusters))
        count = geometry.needed(size)
        if first < 2 or first + count - 1 > geometry.last_cluster:
            last = geometry.last_cluster
            raise CorruptStructure("directory entry", position, f"clusters from 2 to {last}", f"{first}")
        return [(first, count)] if count else []
